#!/usr/bin/env bats
# crm __complete, which the scripts of all shells ask, and the script of bash driving it.

load helper

# The values offered, one a line, without their descriptions.
offered() {
	"$CRM" __complete "$@" | cut -f 1
}

@test "commands and verbs by their beginning" {
	[ "$(offered cust)" = customer ]
	[ "$(offered customer ta)" = tag ]
	[ -z "$(offered nosuchcommand x)" ]
}

@test "the words of an option, of a field and of a filter" {
	[ "$(offered customer list --format js)" = "$(printf 'json\njsonl')" ]
	[ "$(offered customer add --gender fe)" = female ]
	offered log list channel: | grep -qx 'channel:wechat'
}

@test "records of the store by name" {
	"$CRM" init -q
	"$CRM" customer add --name Alice -q >/dev/null
	"$CRM" customer add --name Bob -q >/dev/null
	[ "$(offered customer show Al)" = Alice ]
}

@test "bash completes through its script" {
	run bash -c 'source <("$CRM" completion bash) && complete -p crm'
	[ "$status" -eq 0 ]
	[[ $output == *crm* ]]
}

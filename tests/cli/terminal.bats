#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# What is shown on a terminal, and what is asked there.

bats_require_minimum_version 1.5.0
load helper

# The greatest width of a line of $out, in columns.
width() {
	LC_ALL=C.UTF-8 wc -L <"$out"
}

assert_out_lacks() { # BYTES
	if grep -qF -- "$1" "$out"; then
		printf 'shows: %q\n' "$1"
		cat -v "$out"
		return 1
	fi
}

people() {
	new_store
	run_ok customer add --name Ada --city Rome
	run_ok customer add --name 张三 --city 北京
	run_ok customer add --name 'A rather long name that no narrow terminal can show in full' --city 'Llanfairpwllgwyngyll on the hill'
}

# 60 customers: more than the 24 lines of the terminal.
many() {
	new_store
	local i
	for i in {1..60}; do
		echo "{\"name\":\"customer $i\"}"
	done >many.jsonl
	run_ok import customer many.jsonl
}

@test "a table is the default, fitted to the width; long cells are cut" {
	people
	terminal 0 200 -- customer list --fields id,name,city
	assert_out_has 'A rather long name that no narrow terminal can show in full  Llanfairpwllgwyngyll on the hill'
	terminal 0 40 -- customer list --fields id,name,city
	[ "$(width)" = 40 ]
	[ "$(wc -l <"$out")" = 4 ]
	assert_out_has …
	assert_out_has ' 1  Ada '
	assert_out_has ' 2  张三 '
	terminal 0 40 -- customer list --fields name,city --format tsv
	assert_out_has $'A rather long name that no narrow terminal can show in full\tLlanfairpwllgwyngyll on the hill'
}

@test "wide characters take two columns" {
	new_store
	run_ok customer add --name Ada --city Rome
	run_ok customer add --name 张三 --city 北京
	run_ok customer add --name 👩‍💻 --city Oslo
	terminal 0 80 -- customer list --fields name,city --no-header
	assert_out 'Ada   Rome' '张三  北京' '👩‍💻    Oslo'
}

@test "cutting never splits a character" {
	new_store
	run_ok customer add --name 张三张三张三张三张三张三张三张三张三张三 --city x
	# two columns between them, four for City: these are left for the name, one of them for the sign of the cut
	terminal 0 20 -- customer list --fields name,city
	assert_out 'Name            City' '张三张三张三…   x'
	terminal 0 21 -- customer list --fields name,city
	assert_out 'Name             City' '张三张三张三张…  x'
	terminal 0 22 -- customer list --fields name,city
	assert_out 'Name              City' '张三张三张三张…   x'
}

@test "control characters are never raw: table, record, messages" {
	new_store
	local rlo=$'\xe2\x80\xae' csi=$'\xc2\x9b' format bytes
	run_ok customer add --name $'\e[31mred\a' --note "a${rlo}b" --city "${csi}31m"
	for format in table record; do
		terminal 0 80 -- customer list --fields name,note,city --format "$format"
		for bytes in $'\e' $'\a' "$rlo" "$csi"; do
			assert_out_lacks "$bytes"
		done
		assert_out_has '\x1b[31mred\x07'
		assert_out_has 'a\u202eb'
	done
	terminal 3 80 -- customer show $'no\e[2Jbody'
	assert_out_lacks $'\e'
	assert_out_has '\x1b[2J'
	terminal 2 80 -- $'no\e[2Jcommand'
	assert_out_lacks $'\e'
	assert_out_has '\x1b[2J'
}

@test "machine formats on a terminal are escaped too, with one warning; into a pipe they are exact" {
	new_store
	run_ok customer add --name $'\e[31mred' --city $'\e[2J'
	run_ok customer add --name $'\e[32mgreen'
	local format
	for format in tsv csv json jsonl; do
		terminal 0 120 -- customer list --fields name,city --format "$format"
		assert_out_lacks $'\e'
		assert_out_has '[31mred'
	done
	for format in tsv csv; do
		terminal 0 120 -- customer list --fields name,city --format "$format"
		assert_out_has '\x1b[31mred'
		[ "$(grep -c '^crm: warning: control characters' "$out")" = 1 ]
	done
	run_ok customer list --fields name --format csv --no-header --limit 1
	assert_out $'\e[31mred'
	assert_err
}

@test "what was found stands out in colour, within the room that there is; no control character of the data does" {
	local red=$'\e[1;31m' plain=$'\e[0m'
	new_store
	run_ok customer add --name 'Li Si' --note $'he said:\e[2J pay the \e[31m Refund, then\na refund of 退款'
	export TERM=xterm-256color
	terminal 0 120 -- search refund --no-pager --in customer
	assert_out_has "said:\\x1b[2J pay the \\x1b[31m ${red}Refund${plain}, then a ${red}refund${plain} of 退款"
	assert_out_lacks $'\e[2J'
	terminal 0 120 -- search refund 退款 --no-pager --in customer
	assert_out_has "a ${red}refund${plain} of ${red}退款${plain}"
	NO_COLOR=1 terminal 0 120 -- search refund --no-pager
	assert_out_lacks $'\e'
	assert_out_has 'Refund, then a refund'
	terminal 0 80 -- search refund --no-pager --fields id,field
	assert_out_lacks "$red"
	assert_out_has note
	# 80 columns: no name, the hit is not cut off
	terminal 0 80 -- search 退款 --no-pager
	assert_out_lacks 'Li Si'
	assert_out_has "${red}退款${plain}"
	run_ok search refund --color always --format table --fields snippet --no-header
	assert_out_has "${red}Refund${plain}"
	run_ok search refund --color always
	assert_out_lacks "$red"
}

@test "colour only where it is wanted" {
	people
	export TERM=xterm-256color
	terminal 0 80 -- customer list --no-pager
	assert_out_has $'\e['
	NO_COLOR='' terminal 0 80 -- customer list --no-pager
	assert_out_has $'\e['
	NO_COLOR=1 terminal 0 80 -- customer list --no-pager
	assert_out_lacks $'\e'
	TERM=dumb terminal 0 80 -- customer list --no-pager
	assert_out_lacks $'\e'
	TERM='' terminal 0 80 -- customer list --no-pager
	assert_out_lacks $'\e'
	terminal 0 80 -- customer list --no-pager --color never
	assert_out_lacks $'\e'
	run_ok customer list --format table
	assert_out_lacks $'\e'
	run_ok customer list --format table --color always
	assert_out_has $'\e['
}

@test "the pager: on a terminal only, the one that is named, or none" {
	many
	export CRM_PAGER='sed s/^/paged:/'
	run_ok customer list --fields name
	assert_out_lacks paged
	terminal 0 80 -- customer list --fields name
	[ "$(grep -c '^paged:customer ' "$out")" = 60 ]
	terminal 0 80 -- customer list --fields name --no-pager
	assert_out_lacks paged
	[ "$(grep -c '^customer ' "$out")" = 60 ]
	CRM_PAGER='cat' terminal 0 80 -- customer list --fields name
	[ "$(grep -c '^customer ' "$out")" = 60 ]
	CRM_PAGER=no-such-pager terminal 0 80 -- customer list --fields name
	[ "$(grep -c '^customer ' "$out")" = 60 ]
	assert_out_has 'crm: warning: the pager no-such-pager: No such file or directory'
}

@test "less shows the first page and waits; a short list it shows and leaves" {
	command -v less >/dev/null || skip "less is not here"
	export TERM=xterm
	many
	terminal 0 80 'customer 22' q -- customer list --fields name
	assert_out_lacks 'customer 30'
	terminal 0 80 'customer 22' G 'customer 60' q -- customer list --fields name
	assert_out_has 'customer 60'
	terminal 0 80 -- customer list --fields name --limit 3
	assert_out_has 'customer 3'
}

@test "no pager on a terminal that less would complain about" {
	people
	local terminal
	for terminal in dumb ''; do
		TERM=$terminal terminal 0 80 -- customer list --fields id
		assert_out 'Id' ' 1' ' 2' ' 3'
		SUDO_UID=1000 TERM=$terminal terminal 0 80 -- customer list --fields id
		assert_out 'Id' ' 1' ' 2' ' 3'
	done
}

@test "rm counts what goes along, and asks; only yes removes" {
	people
	run_ok log phone 1 -m one
	run_ok log phone 1 -m two
	local answer
	for answer in n '' yno; do
		terminal 1 80 '? [y/N] ' "$answer"$'\n' -- customer rm 1
		assert_out "remove 1 customer, 2 communications? [y/N] $answer" 'crm: nothing was removed'
	done
	run_ok customer list --fields id
	assert_out 1 2 3
	for answer in y Y yes 是; do
		terminal 0 80 '? [y/N] ' "$answer"$'\n' -- customer rm 1
		assert_out_has 'removed 1 customer, 2 communications'
		run_ok customer list --fields id
		assert_out 2 3
		run_ok undo
	done
}

@test "no answer is no: the end of input, an interrupt" {
	people
	terminal 1 80 '? [y/N] ' $'\x04' -- customer rm 1
	assert_out 'remove 1 customer? [y/N] ' 'crm: nothing was removed'
	terminal 130 80 '? [y/N] ' $'\x03' -- customer rm 1
	assert_out 'remove 1 customer? [y/N] ^C' 'crm: nothing was removed'
	run_ok customer list --fields id
	assert_out 1 2 3
}

@test "--yes does not ask; -q asks all the same" {
	people
	terminal 0 80 -- customer rm 1 --yes
	assert_out_lacks '?'
	terminal 0 80 '? [y/N] ' $'y\n' -- -q customer rm 2
	assert_out 'remove 1 customer? [y/N] y'
	run_ok customer list --fields id
	assert_out 3
}

@test "--where counts and asks: edit, tag, rm" {
	people
	terminal 1 80 '? [y/N] ' $'n\n' -- customer edit --where city:Rome,北京 --stage lead
	assert_out 'change 2 records? [y/N] n' 'crm: nothing was changed'
	run_ok customer list stage:lead
	assert_out
	terminal 0 80 '? [y/N] ' $'y\n' -- customer edit --where city:Rome,北京 --stage lead
	run_ok customer list stage:lead --fields id
	assert_out 1 2
	terminal 1 80 '? [y/N] ' $'n\n' -- customer tag --where stage:lead --add vip
	assert_out 'tag 2 records? [y/N] n' 'crm: nothing was changed'
	terminal 0 80 '? [y/N] ' $'y\n' -- customer tag --where stage:lead --add vip
	run_ok customer list tag:vip --fields id
	assert_out 1 2
	terminal 0 80 '? [y/N] ' $'y\n' -- customer rm --where stage:lead
	[ "$(grep -c 'y/N' "$out")" = 1 ]
	run_ok customer list --fields id
	assert_out 3
}

@test "add prints the number, on a terminal too; -q nothing beside it" {
	new_store
	terminal 0 80 -- -q customer add --name Ada
	assert_out 1
	terminal 0 80 -- customer add --name Bob
	[ "$(sort "$out")" = $'2\ncreated customer 2' ]
}

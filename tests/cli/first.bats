#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# What somebody who is new here meets: crm alone, empty lists, words that are nearly right.

bats_require_minimum_version 1.5.0
load helper

# Runs crm on a terminal; what it shows is in $out.
on_terminal() { # ARGUMENT…
	python3 -IS "$BATS_TEST_DIRNAME/on_terminal.py" 200 -- "$CRM" --no-pager "$@" >"$out"
}

# On a terminal the line, and nothing else; elsewhere nothing, nor with -q.
says_none() { # LINE ARGUMENT…
	local line=$1
	shift
	on_terminal "$@"
	assert_out "$line" || return
	on_terminal -q "$@"
	assert_out || return
	run_ok "$@"
	assert_out && assert_err
}

@test "crm alone says what it is and what to type next: without a store, which it does not make" {
	run_ok
	assert_err
	assert_out_has 'crm keeps customers'
	assert_out_has 'crm init '
	assert_out_has 'crm import customer FILE '
	assert_out_has 'crm help tutorial '
	assert_out_has 'crm -h'
	[ "$(wc -L <"$out")" -le 80 ]
	[ ! -e "$XDG_DATA_HOME/crm" ]
	CRM_STORE=$PWD/none.db run_ok
	assert_out_has 'crm init '
	[ ! -e none.db ]
}

@test "crm alone: in an empty store, in one with customers" {
	run_ok init
	run_ok
	assert_out_has 'There is no customer in yours yet'
	assert_out_has 'crm customer add --name NAME '
	assert_out_has 'crm import customer FILE '
	lacks -q 'crm init' "$out"
	run_ok customer add --name Ada
	remember_store
	run_ok
	assert_out_has 'crm followup due '
	assert_out_has 'crm search WORDS '
	assert_out_has 'crm customer show NAME '
	lacks -q 'no customer' "$out"
	store_unchanged
}

@test "crm alone: a store that cannot be used is said to be that" {
	echo text >broken.db
	CRM_STORE=$PWD/broken.db run_fail 6
	assert_err "crm: $PWD/broken.db: not a crm store"
	CRM_NOW=soon run_fail 2
	assert_err_has CRM_NOW
}

@test "init asks nothing and says what is next" {
	run_ok init
	assert_out
	assert_err "made the store $XDG_DATA_HOME/crm/crm.db" \
		'next: crm customer add --name NAME, crm import customer FILE, or crm help tutorial'
	run_ok init --store "$PWD/my.db"
	assert_err "made the store $PWD/my.db" \
		"--store or \$CRM_STORE names it; for always: crm config set store.path $PWD/my.db" \
		'next: crm customer add --name NAME, crm import customer FILE, or crm help tutorial'
	run_ok -q init --store "$PWD/quiet.db"
	assert_err
}

@test "an empty list on a terminal says how to fill it" {
	run_ok init
	says_none 'there is no customer yet: crm customer add --name NAME, or crm import customer FILE' customer list
	says_none 'there is no customer yet: crm customer add --name NAME, or crm import customer FILE' customer list city:Rome
	says_none 'no conversation is written down yet: crm log phone CUSTOMER -m TEXT, or crm import log FILE' log list
	says_none 'there is no ticket yet: crm ticket add CUSTOMER --subject TEXT, or crm import ticket FILE' ticket list
	says_none 'nothing is agreed upon yet: crm followup add CUSTOMER --due TIME -m TEXT' followup list
	says_none 'there is no order yet: crm order add CUSTOMER --product NAME, or crm import order FILE' order list
	says_none 'there is no survey yet: crm survey add CUSTOMER --service quality=5 --nps 9, or crm import survey FILE' \
		survey list
	says_none 'there is no organisation yet: crm org add --name NAME, or crm import org FILE' org list
	says_none 'there is no agent yet: crm agent add --name NAME' agent list
	says_none 'nothing was imported yet: crm import customer FILE' import list
	says_none 'there is no team yet (`crm team -h` says how to make one)' team list
	says_none 'nobody is owed a contact now (crm followup policy list says after how long somebody is)' followup due
	says_none 'nobody is owed a contact now (crm followup policy list says after how long somebody is)' \
		followup due --group-by owner
	says_none 'nothing is found' search word
	says_none 'nothing to show' report tickets
}

@test "what these lines say to type can be typed" {
	run_ok init
	run_ok customer add --name NAME
	run_ok log phone NAME -m TEXT
	run_ok ticket add NAME --type question --subject TEXT
	run_ok followup add NAME --due tomorrow -m TEXT
	run_ok order add NAME --product NAME
	run_ok survey add NAME --service quality=5 --nps 9
	run_ok org add --name NAME
	run_ok agent add --name NAME
	run_ok followup policy list
}

@test "a filter that chooses nobody is another matter than an empty list" {
	new_store
	run_ok customer add --name Ada
	says_none 'no customer matches' customer list name:Bob
	says_none 'no customer matches' customer list --offset 1
	says_none 'no agent matches' agent list name:carl
}

@test "a verb without its noun, a word of other programs, Chinese: the command is named" {
	local typed meant
	while IFS='|' read -r typed meant; do
		# shellcheck disable=SC2086 # words
		run_fail 2 $typed
		assert_err "crm: there is no command '${typed%% *}', did you mean '$meant'?"
	done <<-'END'
		add|customer add
		list|customer list
		new|customer add
		create ticket|ticket add
		add log|log add
		show|customer show
		solve 7|ticket solve
		due|followup due
		customers|customer
		contacts|customer
		tickets|ticket
		客户|customer
		添加 客户|customer add
		工单|ticket
		settings|config
		tutorial|help tutorial
	END
	[ ! -e "$XDG_DATA_HOME/crm" ]
	run_fail 2 customer create
	assert_err "crm: customer: there is no 'create', did you mean 'add'?"
	run_fail 2 ticket 删除 1
	assert_err "crm: ticket: there is no '删除', did you mean 'rm'?"
	run_fail 2 customer import new.csv
	assert_err "crm: customer: there is no 'import', did you mean 'crm import customer'?"
	run_fail 2 customer search Ada
	assert_err "crm: customer: there is no 'search', did you mean 'crm search'?"
}

@test "a customer or an agent who is not there: the nearest name, or where to look" {
	new_store
	run_ok customer add --name 'Ada Winter'
	run_ok customer add --name 张三
	remember_store
	assert_refusal 3 "there is no customer 'Ada Wintre', did you mean 'Ada Winter'?" customer show 'Ada Wintre'
	assert_refusal 3 "there is no customer 'Ada', did you mean 'Ada Winter'?" log phone Ada -m hello
	assert_refusal 3 "there is no customer '张山', did you mean '张三'?" customer show 张山
	assert_refusal 3 \
		"there is no customer 'Zoe' (crm search looks everywhere, crm customer add writes down a new one)" customer show Zoe
	assert_refusal 3 "there is no agent 'bbo', did you mean 'bob'?" customer edit 1 --owner bbo
	assert_refusal 3 "there is no agent 'carl' (crm agent add)" customer edit 1 --owner carl
	assert_refusal 3 "there is no customer '7'" customer show 7
}

@test "arguments too few or too many: how it is called" {
	run_fail 2 customer add Ada
	assert_err "crm: customer add: 'Ada' is one argument too many (crm customer add [--FIELD VALUE]…)"
	run_fail 2 import new.csv
	assert_err 'crm: import: which FILE? (crm import [options] TYPE FILE)'
}

@test "help of a page that is about no command" {
	mkdir bin
	printf '#!/bin/sh\nexit 1\n' >bin/man
	chmod +x bin/man
	PATH=$PWD/bin:$PATH run_fail 1 help tutorial
	assert_err 'crm: the manual page crm-tutorial, or man itself, is not installed'
	run_ok --help
	assert_out_has '  tutorial '
}

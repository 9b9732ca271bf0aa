#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2016 # out and err are of helper.bash
# crm alias, and programs named crm-NAME.

load helper

@test "an alias stands for words; what follows it follows them" {
	new_store
	run_ok customer add --name Ada --city Rome --owner ann
	run_ok customer add --name 'Li Si' --city Rome --owner bob
	run_ok alias add mine 'customer list owner:me'
	run_ok mine --fields name
	assert_out Ada
	run_ok --format csv mine --fields name --no-header
	assert_out Ada
	run_ok alias add li "customer list name:'Li Si'"
	run_ok li --fields id
	assert_out 2
	run_ok mine city:Oslo
	assert_out
}

@test "an alias of an alias; one that leads back is refused" {
	new_store
	run_ok customer add --name Ada
	run_ok alias add all 'customer list'
	run_ok alias add names 'all --fields name'
	run_ok names
	assert_out Ada
	run_ok alias add a b
	run_ok alias add b a
	run_fail 2 a
	run_ok alias add self 'self x'
	run_fail 2 self
}

@test "an alias that was written into the file by hand and says nothing, or has an open quote" {
	mkdir -p "$XDG_CONFIG_HOME/crm"
	printf '[alias]\nnil =\nopen = customer "list\n' >"$XDG_CONFIG_HOME/crm/config"
	run_fail 2 nil
	assert_err 'crm: alias.nil: is empty'
	run_fail 2 open
	assert_err 'crm: alias.open: a quote is not closed'
}

@test "! runs the shell, with the further words as arguments" {
	run_ok alias add show '!printf "%s|"'
	run_ok show one 'two words' '$HOME'
	[ "$(cat "$out")" = 'one|two words|$HOME|' ]
	run_ok alias add fail '!exit 9; :'
	run_status 9 fail
}

@test "list, rm, and what cannot be" {
	run_ok alias add mine 'customer list owner:me'
	run_ok alias list
	assert_out 'mine = customer list owner:me'
	run_fail 4 alias add mine 'customer list'
	run_fail 2 alias add customer 'log list'
	run_fail 2 alias add 'two words' 'log list'
	run_fail 2 alias add -- -x 'log list'
	run_fail 2 alias add open "customer list 'name"
	run_fail 2 alias add empty ''
	run_fail 2 alias add mine
	run_ok alias rm mine
	run_fail 3 alias rm mine
	run_fail 2 mine
	run_ok alias list
	assert_out
}

@test "an unknown command may be a mistyped alias" {
	run_ok alias add mine 'customer list owner:me'
	run_fail 2 mien
	assert_err_has mine
}

@test "crm foo runs crm-foo of PATH, with its arguments and status" {
	mkdir bin
	printf '#!/bin/sh\nprintf "%%s\\n" "foo:" "$@"\nexit 7\n' >bin/crm-foo
	chmod +x bin/crm-foo
	PATH=$PWD/bin:$PATH run_status 7 foo --bar 'a b' --help
	assert_out foo: --bar 'a b' --help
	printf '#!/bin/sh\necho never\n' >bin/crm-version
	chmod +x bin/crm-version
	PATH=$PWD/bin:$PATH run_ok version
	run grep -c never "$out"
	[ "$output" = 0 ]
	run_fail 2 foo
	run_fail 2 ../bin/foo
}

@test "a signal that crm ignores or handles is not inherited changed" {
	mkdir bin
	printf '#!/bin/sh\nyes | head -n 1\n' >bin/crm-pipe
	chmod +x bin/crm-pipe
	PATH=$PWD/bin:$PATH run_ok pipe
	assert_out y
	assert_err
}

#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# crm agent: the people who use a store; who acts.

load helper

@test "add, show, list, edit, rm, and undone" {
	new_store
	run_ok agent add --name carl --full-name 'Carl Ott' --email carl@example.org
	assert_out 3
	run_ok agent list --format csv
	assert_out id,name,full_name,email,active 1,ann,,,yes 2,bob,,,yes '3,carl,Carl Ott,carl@example.org,yes'
	run_ok agent edit carl --active no
	run_ok agent list active:yes --fields name
	assert_out ann bob
	run_ok undo
	run_ok agent show CARL --format tsv --fields active
	assert_out yes
	run_fail 2 agent rm 3
	run_ok agent rm 3 --yes
	run_fail 3 agent show carl
	run_ok undo
	run_ok agent show carl --format tsv --fields full_name
	assert_out 'Carl Ott'
}

@test "a name is needed and taken once, whatever its case" {
	new_store
	run_fail 2 agent add --full-name X
	run_fail 4 agent add --name ann
	run_fail 4 agent add --name ANN
	run_ok agent list --fields name
	assert_out ann bob
}

@test "who is referred to keeps the name and stays" {
	new_store
	run_ok customer add --name Ada --owner bob
	run_fail 4 agent rm 2 --yes
	run_fail 4 agent edit bob --name rob
	run_ok customer edit 1 --owner ''
	run_ok agent edit bob --name rob
	run_ok agent rm 2 --yes
	run_ok agent list --fields name
	assert_out ann
}

@test "who acts: --as before CRM_AGENT before the configuration" {
	new_store
	run_ok config set user.agent bob
	acts() { # NAME: the agent of the last operation
		run_ok history --limit 1 --fields agent
		assert_out "$1"
	}
	run_ok customer add --name A
	acts ann
	run_ok --as bob customer add --name B
	acts bob
	unset CRM_AGENT
	run_ok customer add --name C
	acts bob
	run_ok customer list owner:me
	assert_out
}

@test "whoami tells agent, store and zone, also without a store" {
	run_ok whoami
	assert_out_has ann
	run_ok init
	run_ok whoami --tz Asia/Shanghai
	assert_out_has ann
	assert_out_has "$XDG_DATA_HOME/crm/crm.db"
	assert_out_has Asia/Shanghai
}

@test "undo takes back one's own; another's only by its number" {
	new_store
	run_ok customer add --name A
	run_ok --as bob customer add --name B
	run_ok undo
	run_ok customer list --fields name
	assert_out B
	run_ok history --limit 2 --fields id,command
	run_ok undo "$(awk -F '\t' '$2 == "customer add" { print $1; exit }' "$out")"
	run_ok customer list
	assert_out
}

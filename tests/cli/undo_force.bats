#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# Taking back what can be taken back, where later work is in the way.

bats_require_minimum_version 1.5.0
load helper

# Five customers imported, with an agent and a custom field that the import makes.
imported() {
	new_store
	run_ok customer add --name Old --key K9 --city Rome
	printf 'key,name,owner,Shoe,city\nK1,Ada,zoe,40,\nK2,Bob,,,\nK3,Cyd,max,42,\nK4,Dan,,,\nK5,Eve,,,\nK9,Old,,,Bari\n' >in.csv
	run_ok import customer in.csv --keep-unknown -q
}

@test "refused with the records in the way; --force keeps them, and what they refer to" {
	imported
	run_ok customer edit 3 --note changed # Bob
	run_ok log phone 4 -m called          # Cyd, of max, with a shoe size
	run_fail 4 import revert 1
	assert_err_has 'changed since: customer 3 by operation'
	run_ok import revert 1 --force
	assert_err_has 'customer 3 is kept'
	assert_err_has 'customer 4 is kept'
	assert_err_has 'agent '
	assert_err_has 'field 1 is kept'
	run_ok customer list --fields id,name,city,owner,note,contacts
	assert_out $'1\tOld\tRome\t\t\t0' $'3\tBob\t\t\tchanged\t0' $'4\tCyd\t\tmax\t\t1'
	run_ok agent list --fields name
	assert_out ann bob max
	run_ok customer show 4 --format json
	grep -q '"Shoe": *"42"' "$out"
	run_ok check
}

@test "taken back itself, all is there again; and once more" {
	imported
	run_ok customer edit 3 --note changed
	run_ok log phone 4 -m called
	run_ok export customer --format jsonl
	cp "$out" full
	run_ok import revert 1 --force
	run_ok export customer --format jsonl
	cp "$out" less
	run_ok redo
	run_ok export customer --format jsonl
	cmp full "$out"
	run_ok import revert 1 --force
	run_ok export customer --format jsonl
	cmp less "$out"
	run_ok check
}

@test "an update in the way is kept, others get their old values" {
	new_store
	local i
	for i in 1 2 3; do
		run_ok customer add --name "n$i" --city Rome --tag old
	done
	run_ok customer edit --where city:Rome --yes --city Bari --tag new
	run_ok customer edit 2 --note mine
	run_ok history --fields id,command --format csv --no-header
	local op
	op=$(sed -n 2p "$out" | cut -d, -f1)
	run_fail 4 undo "$op"
	assert_err_has 'customer 2 by operation'
	run_ok undo "$op" --force
	assert_err_has 'customer 2 is kept'
	run_ok customer list --fields id,city,note
	assert_out $'1\tRome\t' $'2\tBari\tmine' $'3\tRome\t'
	run_ok check
}

@test "nothing in the way: --force is as without; many are counted" {
	imported
	run_ok import revert 1 --force
	assert_err_has 'took import 1 back'
	run_ok customer list --fields name,city
	assert_out $'Old\tRome'
	python3 -c 'print("key,name"); [print(f"X{i},n{i}") for i in range(40)]' >many.csv
	run_ok import customer many.csv
	run_ok customer edit --where name:n* --yes --city Oslo
	run_fail 4 import revert 2
	assert_err_has 'and 20 more'
	run_ok import revert 2 --force
	assert_err_has '20 more records are kept'
	run_ok customer list key:X* --fields id
	[ "$(wc -l <"$out")" = 40 ]
}

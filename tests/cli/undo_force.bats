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
	python3 -c 'print("key,name\nX,other"); [print(f"X{i},n{i}") for i in range(40)]' >many.csv
	run_ok import customer many.csv
	run_ok customer edit --where name:n* --yes --city Oslo
	run_fail 4 import revert 2
	assert_err_has 'and 20 more'
	run_ok customer edit key:X --note mine # the last of the 41
	run_fail 4 import revert 2 --force
	assert_err_has 'each of its records is in the way: '
	assert_err_has ' and 21 more'
	run_ok undo
	run_ok import revert 2 --force
	assert_err_has '20 more records are kept'
	run_ok customer list key:X* --fields id
	[ "$(wc -l <"$out")" = 40 ]
}

@test "every record in the way: a conflict, and nothing changes" {
	new_store
	run_ok customer add --name Old --key K1 --city Rome
	printf 'key,name,city\nK1,Old,Bari\nK2,Ada,\nK3,Bob,\n' >in.csv
	run_ok import customer in.csv
	local op
	op=$(last_operation)
	run_ok customer edit key:K1 --note n
	run_ok customer edit key:K2 --note n
	run_ok log phone 3 -m called
	remember_store
	run_fail 4 import revert 1 --force
	assert_err_has "operation $op cannot be undone, not even in part: each of its records is in the way: customer 1 (changed by operation $((op + 1))), customer 2 (changed by operation $((op + 2))), customer 3 (log 1 refers to it)"
	run_fail 4 undo "$op" --force
	assert_err_has 'customer 1 (changed by operation'
	store_unchanged
	run_ok sql 'SELECT count(*) FROM v_operation WHERE undone_by IS NOT NULL'
	assert_out 0
	run_ok undo # the log
	run_ok import revert 1 --force
	run_ok customer list --fields key,city
	assert_out $'K1\tBari' $'K2\t'
	store_is_sound
}

last_operation() {
	sqlite3 "$(store_file)" 'SELECT max(id) FROM operation'
}

@test "each is named with its reason; a refusal too says who refers" {
	imported
	run_ok log phone 4 -m one
	run_ok log phone 6 -m two
	run_fail 4 import revert 1
	assert_err_has 'customer 4 (log 1 refers to it), customer 6 (log 2 refers to it)'
	run_ok customer edit 3 --note x
	local op
	op=$(last_operation)
	run_ok import revert 1 --force
	assert_err_has "customer 3 is kept: changed by operation $op"
	assert_err_has 'customer 4 is kept: log 1 refers to it'
	assert_err_has 'field 1 is kept: customer 4 has a value of it'
}

@test "what was kept is still the import's: an older operation is not undone over it" {
	new_store
	run_ok customer add --name A --key K1 --city old
	local added edited
	added=$(last_operation)
	printf 'key,name,city\nK1,A,new\nK2,B,x\n' >in.csv
	run_ok import customer in.csv
	run_ok customer edit key:K1 --note n
	edited=$(last_operation)
	run_ok import revert 1 --force
	run_ok undo "$edited"
	run_fail 4 undo "$added"
	run_ok customer list --fields key,city
	assert_out $'K1\tnew'
	run_ok undo "$((edited + 1))" # the forced one: then all of the import can go, then the customer
	run_ok import revert 1
	run_ok customer list --fields key,city
	assert_out $'K1\told'
	run_ok undo "$added"
	store_is_sound
}

@test "old values that have no place any more: owner, organisation, custom field gone" {
	new_store
	run_ok field add customer shoe
	run_ok org add --name one
	run_ok org add --name two
	run_ok customer add --name A --key K1 --owner bob
	run_ok customer add --name B --key K2 --org 1
	run_ok customer add --name C --key K3 --set shoe=42
	run_ok customer add --name D --key K4 --city Rome
	printf 'key,name,owner,org,shoe,city\nK1,A,ann,,,\nK2,B,,2,,\nK3,C,,,43,\nK4,D,,,,Bari\nK5,E,,,,\n' >in.csv
	run_ok import customer in.csv
	run_ok customer edit 3 --set shoe=
	local edited
	edited=$(last_operation)
	run_ok agent rm 2 --yes
	run_ok org rm 1 --yes
	run_ok field rm customer shoe --yes
	run_ok import revert 1 --force
	assert_err_has 'customer 1 is kept: the owner that it had is gone'
	assert_err_has 'customer 2 is kept: the org that it had is gone'
	assert_err_has "customer 3 is kept: changed by operation $edited"
	run_ok customer list --fields key,owner,org,city
	assert_out $'K1\tann\t\t' $'K2\t\t2\t' $'K3\t\t\t' $'K4\t\t\tRome'
	store_is_sound
	run_ok redo
	run_ok customer list --fields key,owner,org,city
	assert_out $'K1\tann\t\t' $'K2\t\t2\t' $'K3\t\t\t' $'K4\t\t\tBari' $'K5\t\t\t'
	store_is_sound
}

@test "a custom field that is gone keeps what the import cleared of it" {
	new_store
	run_ok field add customer shoe
	run_ok customer add --name A --key K1 --set shoe=42
	printf 'key,name,shoe,city\nK1,A,,Bari\nK2,B,,\n' >in.csv
	run_ok import customer in.csv --blank clear
	run_ok field rm customer shoe --yes
	run_ok import revert 1 --force
	assert_err_has 'customer 1 is kept: a custom field that it had is gone'
	run_ok customer list --fields key,city
	assert_out $'K1\tBari'
	store_is_sound
}

@test "a Message-ID that another has by now" {
	new_store
	run_ok customer add --name A --key K1
	printf 'key,customer,at,channel,message_id\nL1,K1,2026-03-01,email,m1@x\n' >first.csv
	printf 'key,customer,at,channel,message_id\nL1,K1,2026-03-01,email,m2@x\nL2,K1,2026-03-02,email,m3@x\n' >second.csv
	run_ok import log first.csv
	run_ok import log second.csv
	run_ok log list --sort id --fields key,message_id
	assert_out $'L1\tm2@x' $'L2\tm3@x'
	printf 'key,customer,at,channel,message_id\nL3,K1,2026-03-03,email,m1@x\n' >third.csv
	run_ok import log third.csv
	run_ok import revert 2 --force
	assert_err_has 'log 1 is kept: the message_id that it had is of log 3 now'
	run_ok log list --sort id --fields key,message_id
	assert_out $'L1\tm2@x' $'L3\tm1@x'
	store_is_sound
}

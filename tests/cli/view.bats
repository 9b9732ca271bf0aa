#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# crm view: filters with a name.

load helper

people() {
	new_store
	run_ok customer add --name Ada --city Rome --stage lead --owner ann
	run_ok customer add --name Bob --city 'New York' --stage lead --owner bob
	run_ok customer add --name Cyd --city Oslo --stage customer
}

@test "@NAME stands for the filter, beside other terms" {
	people
	run_ok view add customer leads stage:lead
	run_ok customer list @leads --fields name
	assert_out Ada Bob
	run_ok customer list @leads not:city:Rome --fields name
	assert_out Bob
	run_ok customer list not:@leads --fields name
	assert_out Cyd
	run_ok customer list @leads or city:Oslo --fields name
	assert_out Ada Bob Cyd
	run_ok customer list '(' @leads ')' owner:me --fields name
	assert_out Ada
	run_ok export customer @leads --fields name --no-header
	assert_out Ada Bob
	run_ok customer tag --where @leads --add x --yes
	run_ok customer list tag:x --fields name
	assert_out Ada Bob
}

@test "values with blanks, or, brackets are kept" {
	people
	run_ok view add customer far city:'New York' or '(' city:Oslo stage:customer ')'
	run_ok customer list @far --fields name
	assert_out Bob Cyd
	run_ok view add customer none 'city:New York' city:Oslo
	run_ok customer list @none
	assert_out
}

@test "columns and order hold unless the command says others" {
	people
	run_ok view add customer v stage:lead --fields city,name --sort -name
	run_ok customer list @v
	assert_out $'New York\tBob' $'Rome\tAda'
	run_ok customer list @v --fields id
	assert_out 2 1
	run_ok customer list @v --sort name --fields id
	assert_out 1 2
}

@test "me is who uses it, times count from then" {
	people
	run_ok view add customer mine owner:me
	run_ok --as bob customer list @mine --fields name
	assert_out Bob
	run_ok customer list @mine --fields name
	assert_out Ada
	run_ok view add customer fresh created_at:-1d..
	run_ok customer list @fresh --fields name
	assert_out Ada Bob Cyd
	run_ok --now 2026-03-12T12:00:00Z customer list @fresh
	assert_out
}

@test "list, edit, rm, and undone" {
	people
	run_ok view add customer v stage:lead --sort name
	run_ok view list --fields entity,name,filter
	assert_out $'customer\tv\tstage:lead'
	run_ok view edit customer v stage:customer
	run_ok customer list @v --fields name
	assert_out Cyd
	run_ok undo
	run_ok customer list @v --fields name
	assert_out Ada Bob
	run_fail 2 view rm customer v
	run_ok view rm customer v --yes
	run_fail 2 customer list @v
	run_ok undo
	run_ok customer list @v --fields name
	assert_out Ada Bob
}

@test "what cannot be is refused when it is added" {
	people
	run_fail 2 view add customer v stage:custmer
	run_fail 2 view add customer v ctiy:Rome
	run_fail 2 view add customer v '(' city:Rome
	run_fail 2 view add customer v city:Rome --fields nmae
	run_fail 2 view add customer v city:Rome --sort nmae
	run_fail 2 view add custmer v city:Rome
	assert_err_has customer
	run_fail 2 view add customer 'two words' city:Rome
	run_ok view add customer v city:Rome
	run_fail 4 view add customer v city:Oslo
	assert_err "crm: view 1 has the name 'v' already"
	run_ok view add log v channel:phone
	run_fail 3 view rm customer other --yes
	run_fail 2 org list @v
	run_fail 2 view add customer loop @loop
}

#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# crm field: custom fields.

load helper

@test "add, list, edit, rm, and undone with all values" {
	new_store
	run_ok field add customer tier --words 'gold, silver' --help-text contract
	assert_out 1
	run_ok field add org size --type integer
	run_ok field list --fields entity,name,type
	assert_out $'customer\ttier\tenum' $'org\tsize\tinteger'
	run_ok field list org --fields name
	assert_out size
	run_ok customer add --name A --set tier=gold
	run_ok field edit customer tier --label Level
	run_ok field list customer --fields label
	assert_out Level
	run_fail 2 field rm customer tier
	run_ok field rm customer tier --yes
	run_fail 2 customer list tier:gold
	run_ok undo
	run_ok customer list tier:gold --fields name,tier
	assert_out $'A\tgold'
}

@test "names that cannot be" {
	new_store
	local name
	for name in name 'two words' 1st '' a:b a.b -x tag; do
		run_fail 2 field add customer -- "$name" || {
			echo "name: $name"
			return 1
		}
	done
	run_fail 2 field add custmer tier
	assert_err_has customer
	run_fail 2 field add agent tier
	run_ok field add customer tier
	run_fail 4 field add customer tier
	assert_err "crm: field 1 has the name 'tier' already"
	run_ok field add org tier
	run_ok field add customer 等级
	run_ok customer add --name A --set 等级=甲
	run_ok customer list 等级:甲 --fields name,等级
	assert_out $'A\t甲'
}

@test "unknown ones are status 3, or 2 in a filter" {
	new_store
	run_fail 3 field rm customer tier --yes
	run_fail 3 field edit customer tier --label x
	run_fail 2 customer list tier:x
	run_fail 2 customer add --name A --set tier=x
	run_fail 2 customer add --name A --set tier
}

@test "every type checks its values and is compared by them" {
	new_store
	run_ok field add customer n --type integer
	run_ok field add customer b --type bool
	run_ok field add customer d --type date
	run_ok field add customer t --type time
	run_ok field add customer e --type email
	run_ok field add customer p --type phone
	run_ok customer add --name A --set n=-7 --set b=yes --set d=2026-01-02 --set t='2026-01-02 03:04' --set e=a@b.cn \
		--set p='+86 10 8888 1234'
	run_ok customer add --name B --set n=100 --set b=no --set d=2026-03-01 --set t=2026-03-01
	run_ok customer show 1 --format jsonl --fields n,b,d,t,e,p
	assert_out '{"n":-7,"b":true,"d":"2026-01-02","t":"2026-01-02T03:04:00+00:00","e":"a@b.cn","p":"+86 10 8888 1234"}'
	local pair
	for pair in n=x b=perhaps d=2026-02-30 t=25:99 e=nobody p=abc; do
		run_fail 2 customer edit 1 --set "$pair" || {
			echo "$pair"
			return 1
		}
	done
	local term
	for term in n:..0 b:yes d:2026-01 t:..2026-02-01 n:-7 t:2026-01-02; do
		run_ok customer list "$term" --fields name
		assert_out A || {
			echo "$term"
			return 1
		}
	done
	run_ok customer list --sort -n --fields name
	assert_out B A
}

@test "custom fields of communications and organisations" {
	new_store
	run_ok field add log mood --words 'good, bad'
	run_ok field add org size --type integer
	run_ok org add --name Acme --set size=12
	run_ok customer add --name A --org Acme
	run_ok log phone 1 -m x --set mood=good
	run_ok log list mood:good --fields id,mood
	assert_out $'1\tgood'
	run_fail 2 log phone 1 -m x --set mood=god
	run_ok customer list org.size:10.. --fields name,org.size
	assert_out $'A\t12'
}

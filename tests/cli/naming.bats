#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# Naming a record: number, key, address, number of a phone, name; what may read, write, destroy.

load helper

# 1 Li Si, 2 Li Sisi, 3 张三, 4 张三丰, 5 and 6 two Ann Lee, 7 Bob
people() {
	new_store
	run_ok customer add --name 'Li Si' --key ERP-17 --email li@example.org --phone '+86 10 8888 1234'
	run_ok customer add --name 'Li Sisi' --email sisi@example.org --email work:office@example.org
	run_ok customer add --name 张三 --phone +8613800138000
	run_ok customer add --name 张三丰 --phone home:+8613900139000
	run_ok customer add --name 'Ann Lee' --email family@example.org
	run_ok customer add --name 'Ann Lee' --email family@example.org
	run_ok customer add --name Bob --key 12
}

means() { # ID NAME
	run_ok customer show --format tsv --fields id -- "$2" || return
	assert_out "$1" || {
		echo "named: $2"
		return 1
	}
}

means_none() { # NAME
	run_fail 3 customer show -- "$1"
}

@test "by number" {
	people
	means 1 1
	means 7 7
	means 3 id:3
	means 3 003
	means_none 8
	means_none 12
	means_none id:8
	means_none 99999999999999999999
}

@test "by key" {
	people
	means 1 key:ERP-17
	means 7 key:12
	means_none key:ERP-1
	means_none key:
	means_none ERP-17
}

@test "by e-mail address, primary or further, case of the domain aside" {
	people
	means 1 li@example.org
	means 1 li@EXAMPLE.org
	means 2 office@example.org
	means 2 email:sisi@example.org
	means_none nobody@example.org
	means_none email:example.org
	means_none li@example
}

@test "by phone number in any spelling" {
	people
	local spelling
	for spelling in +861088881234 '+86 10 8888 1234' '+86-10-8888-1234' '+86 (10) 8888.1234' 'phone:+86 10 88881234'; do
		means 1 "$spelling"
	done
	means 3 '+86 138 0013 8000'
	means 4 '+86 139 0013 9000'
	means_none +861088881235
}

@test "local numbers where the country is set; digits are a number of a record first" {
	people
	run_ok config set phone.country CN
	means 1 '010 8888 1234'
	means 3 13800138000
	means 3 '138 0013 8000'
	means 3 phone:13800138000
	run_ok customer add --name Service --phone 8881234
	means 8 8881234
	means 8 phone:8881234
	means_none phone:8
}

@test "by name, without regard to case and width" {
	people
	means 1 'Li Si'
	means 1 'li si'
	means 1 'ＬＩ ＳＩ'
	means 3 张三
	means 7 bob
	means 7 name:BOB
}

@test "by the beginning of a name, the exact one first" {
	people
	means 2 'li sis'
	means 4 张三丰
	means 7 Bo
	means 7 name:Bo
	means_none ob
	means_none 三
}

@test "several: status 4, with the candidates" {
	people
	run_fail 4 customer show 'Ann Lee'
	assert_err "crm: customer 'Ann Lee' is ambiguous: 5 Ann Lee, 6 Ann Lee"
	run_fail 4 customer show L
	assert_err "crm: customer 'L' is ambiguous: 1 Li Si, 2 Li Sisi"
	run_fail 4 customer show 张
	assert_err "crm: customer '张' is ambiguous: 3 张三, 4 张三丰"
	run_fail 4 customer show family@example.org
	assert_err "crm: customer 'family@example.org' is ambiguous: 5 Ann Lee, 6 Ann Lee"
	run_fail 4 customer edit 'Ann Lee' --city Rome
	run_ok customer edit 5 --city Rome
}

@test "none: status 3, with the name" {
	people
	run_fail 3 customer show nobody
	assert_err_has "'nobody'"
	run_fail 3 customer edit nobody --city Rome
	run_fail 3 customer show ''
	run_fail 3 log phone nobody -m hello
	run_fail 3 history customer:99
}

@test "what writes takes a whole name, never a beginning" {
	people
	run_ok customer edit 'li si' --city Rome
	run_ok customer edit key:ERP-17 --region R
	run_ok customer edit li@example.org --country C
	run_ok customer edit '+86 10 8888 1234' --postcode P
	run_ok customer show 1 --format tsv --fields city,region,country,postcode
	assert_out $'Rome\tR\tC\tP'
	run_fail 3 customer edit 'li s' --city Oslo
	run_fail 3 customer edit 'li sis' --city Oslo
	run_fail 3 customer tag Bo --add x
	run_fail 3 log phone Bo -m hello
	run_ok log phone Bob -m hello
}

@test "what destroys takes a number or key alone" {
	people
	run_fail 2 customer rm Bob --yes
	run_fail 2 customer rm 'li@example.org' --yes
	run_fail 2 customer rm +8613800138000 --yes
	run_fail 2 customer rm name:Bob --yes
	run_ok customer rm key:12 --yes
	run_ok customer rm id:1 3 --yes
	run_ok customer list --fields id
	assert_out 2 4 5 6
	run_fail 3 customer rm 99 --yes
	run_fail 3 customer rm key:none --yes
}

@test "TYPE:NAME where any kind of record can stand" {
	people
	run_ok org add --name Acme
	run_ok history customer:key:ERP-17 --fields command
	assert_out 'customer add'
	run_ok history customer:Bob --fields command
	assert_out 'customer add'
	run_ok history org:Acme --fields command
	assert_out 'org add'
	run_ok history agent:ann --fields command
	assert_out 'agent add'
	run_fail 2 history 1
	run_fail 2 history custmer:1
	assert_err_has customer
	run_fail 4 history 'customer:Ann Lee'
}

@test "organisations and agents by name" {
	people
	run_ok org add --name Acme --phone +861066660000
	run_ok org show --format tsv --fields id acme
	assert_out 1
	run_ok org show --format tsv --fields id +861066660000
	assert_out 1
	run_ok agent show --format tsv --fields id BOB
	assert_out 2
	run_fail 3 org show Other
	run_fail 3 agent show eve
}

#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# Several customers who are one, taken together and apart; and those who look alike and are two.

bats_require_minimum_version 1.5.0
load helper

# 1 Li Wei and 2 李伟 are one, 3 another; 2 has most that hangs on them.
people() {
	new_store
	run_ok field add customer size --type text
	run_ok customer add --name 'Li Wei' --key K1 --source erp --email li@a.example --note one --tag a \
		--customer-since 2024-05-01
	run_ok customer add --name 李伟 --key K2 --source erp --email li@b.example --email home:li@c.example \
		--phone +8613900139000 --phone work:+8613800138000 --city 北京 --note two --tag b --set size=L \
		--do-not-call yes --customer-since 2023-01-01 --stage lead
	run_ok customer add --name 'Wang Fang' --phone +8613700137000 --stage customer
	run_ok log phone 2 -m hello --at 2026-03-01T10:00:00Z
	run_ok log email 2 -m more --at 2026-03-02T10:00:00Z
	run_ok ticket add 2 --type question --subject Where
	run_ok followup add 2 --due 2026-03-20 --action call
	run_ok order add 2 --number SO-1 --amount '12.50 USD'
	run_ok survey add 2 --nps 9
}

fields() { # CUSTOMER FIELDS
	"$CRM" customer show "$1" --fields "$2" --format tsv
}

operation() {
	"$CRM" history --limit 1 --fields id
}

@test "merge: all that refers to the other refers to the one that is kept, which has what both had" {
	people
	run_ok customer merge 1 2
	assert_out
	assert_err 'merged 2 into 1: 2 communications, 1 followup, 1 survey, 1 order, 1 ticket; 1 value that differs is only in the journal now (`crm customer unmerge 13` takes it back)'
	run_ok customer list --fields id,name
	assert_out $'1\tLi Wei' $'3\tWang Fang'
	[ "$(fields 1 key,email,emails,phone,phones)" = \
		"$(printf 'K1\tli@a.example\tli@b.example, home:li@c.example\t+8613900139000\twork:+8613800138000')" ]
	[ "$(fields 1 city,note,tags,size,stage)" = "$(printf '北京\tone\\n\\ntwo\ta, b\tL\tlead')" ]
	[ "$(fields 1 do_not_call,no_email,customer_since)" = "$(printf 'yes\tno\t2023-01-01')" ]
	[ "$(fields 1 contacts,open_tickets,orders,orders_total)" = "$(printf '2\t1\t1\t12.50')" ]
	for what in log ticket followup order survey; do
		run_ok $what list customer:1 --fields customer
		[ "$(sort -u "$out")" = 1 ]
	done
	run_ok check
}

@test "its number and key lead to the survivor, to read and to write; what destroys is refused" {
	people
	run_ok customer merge 1 2
	run_ok customer show 2 --fields id
	assert_out 'id: 1'
	assert_err 'customer 2 was merged into 1'
	run_ok customer show key:K2 --fields id
	assert_out 'id: 1'
	run_ok customer show 2 --fields id -q
	assert_err
	run_ok customer edit 2 --city Rome
	[ "$(fields 1 city)" = Rome ]
	run_ok log phone key:K2 -m again
	run_ok ticket list customer:2 --fields id
	assert_out 1
	run_fail 3 customer rm 2 --yes
	assert_err_has 'customer 2 was merged into 1'
	run_fail 3 customer merge 3 2
	run_fail 3 customer merge key:K2 3
	run_fail 4 customer add --name New --key K2 --source erp
	assert_err_has 'was merged into 1'
	run_ok customer add --name New --key K2 --source shop
	run_fail 4 customer show key:K2
}

@test "chains: merged on, the first one leads to the last" {
	people
	run_ok customer merge 1 2
	run_ok customer merge 3 1
	run_ok customer show 2 --fields id
	assert_out 'id: 3'
	run_ok customer show key:K2 --fields id
	assert_out 'id: 3'
	run_fail 4 customer unmerge 13
	assert_err_has 'is gone since operation 14'
	run_ok customer unmerge 14
	run_ok customer show 2 --fields id
	assert_out 'id: 1'
	run_ok customer unmerge 13
	run_ok customer show 2 --fields id
	assert_out 'id: 2'
	run_ok check
}

@test "--take takes the value of another over that of the one kept; what makes no sense is refused" {
	people
	run_ok customer merge 1 2 --take name=2 --take email=key:K2 --take note=2 --take do_not_call=1 --take key=2
	[ "$(fields 1 name,key,email,emails,note)" = \
		"$(printf '李伟\tK2\tli@b.example\tli@a.example, home:li@c.example\ttwo')" ]
	run_ok customer list do_not_call:no --fields id
	assert_out 1 3
	run_ok customer show key:K1 --fields id # its own earlier key
	assert_out 'id: 1'
	assert_err
	run_ok undo
	for take in colour=2 contacts=2 city=3 city=1 phones=2 source=2 pinyin=2 id=2 city city= =2; do
		run_fail 2 customer merge 1 2 --take "$take"
	done
	run_fail 2 customer merge 1 2 --take city=2 --take city=2
	run_fail 3 customer merge 1 2 --take city=77
	run_fail 2 customer merge 1 2 --take 'city=Li Wei'
	run_fail 2 customer merge 1 1
	run_fail 2 customer merge 1 2 2
	run_fail 3 customer merge 1 9
	run_fail 2 customer merge 1 'Wang Fang'
	run_ok customer list --fields id
	assert_out 1 2 3
}

@test "the earliest of several goes first where the one kept has none" {
	new_store
	run_ok customer add --name A
	run_ok customer add --name B --city Bonn
	run_ok customer add --name C --city Rome --key KC --source shop --phone +491111111
	run_ok customer merge 1 3 2
	[ "$(fields 1 city,key,source)" = "$(printf 'Rome\tKC\tshop')" ]
	run_ok undo # the key goes back, whatever the order of the numbers
	run_ok customer merge 3 1 2 --take name=1
	run_ok undo
	[ "$(fields 3 name,key)" = "$(printf 'C\tKC')" ]
	run_ok check
}

@test "--dry-run says what would be, and changes nothing" {
	people
	run_ok dump -o before
	run_ok customer merge 1 2 --dry-run
	assert_err 'would merge 2 into 1: 2 communications, 1 followup, 1 survey, 1 order, 1 ticket; 1 value that differs is only in the journal now; dry run: nothing was changed'
	run_ok dump
	cmp before "$out"
}

tables() { # all records, without what operations leave on them
	"$CRM" dump | grep -v -E '^(operation|change|sequence|end|store|mark) ' | sed -E 's/"(op|updated_at|row_sum)":[0-9]+,?//g'
}

@test "undo takes it back, and unmerge; either way all is as it was, and merged again by undo of that" {
	people
	tables >before
	run_ok customer merge 1 2
	tables >merged
	run_ok undo
	tables | diff before -
	run_ok redo
	tables | diff merged -
	run_ok customer unmerge 13
	assert_err 'took merge 13 back (`crm undo` merges again)'
	tables | diff before -
	run_fail 4 customer unmerge 13
	assert_err_has 'undone already'
	run_fail 4 undo 13
	run_ok undo
	tables | diff merged -
	run_ok redo
	tables | diff before -
	run_ok check
}

@test "unmerge after edits: what was edited stays and is told, all else goes back" {
	people
	run_ok customer merge 1 2
	run_ok customer edit 1 --city Rome --title Boss
	run_ok customer tag 1 --add new --remove b
	run_ok customer edit 1 --email new:li@d.example
	run_ok log edit 1 --subject Greeting # one of those that were moved
	run_ok log edit 2 --customer 3
	run_ok log phone 1 -m since
	run_fail 4 undo 13
	run_ok customer unmerge 13
	assert_err 'crm: warning: customer 1: changed since, and stays: city' \
		'crm: warning: log 2: changed since, and stays: customer' \
		'took merge 13 back (`crm undo` merges again)'
	[ "$(fields 1 name,email,emails,phone,phones,city,title,tags,note,size)" = \
		"$(printf 'Li Wei\tli@a.example\tnew:li@d.example\t\t\tRome\tBoss\ta, new\tone\t')" ]
	[ "$(fields 2 name,email,emails,phone,phones,city,tags,note,size)" = \
		"$(printf '李伟\tli@b.example\thome:li@c.example\t+8613900139000\twork:+8613800138000\t北京\tb\ttwo\tL')" ]
	run_ok log list --sort id --fields id,customer,subject
	assert_out $'1\t2\tGreeting' $'2\t3\t' $'3\t1\t'
	run_ok check
	run_ok undo
	run_ok customer list --fields id
	assert_out 1 3
	run_ok check
}

@test "unmerge in any order after two merges into one" {
	people
	run_ok log phone 3 -m three
	tables >before
	run_ok customer merge 1 2
	run_ok customer merge 1 3
	run_ok customer unmerge 14
	run_ok check
	run_ok customer unmerge 15
	tables | diff before -
	run_ok check
}

@test "unmerge: what was removed since stays removed; what cannot be is refused" {
	people
	run_ok customer merge 1 2
	run_ok log rm 1 --yes
	run_ok customer unmerge 13
	assert_err_has 'log 1: removed by operation 14'
	run_ok log list --fields id
	assert_out 2
	run_fail 4 customer unmerge 12
	assert_err_has 'is no merge of customers'
	run_fail 3 customer unmerge 99
	run_fail 2 customer unmerge x
	run_ok org add --name Acme
	run_ok customer edit 3 --org 1
	run_ok customer merge 1 3 --take name=3
	run_ok customer edit 1 --org ''
	run_ok org rm 1 --yes
	run_fail 4 customer unmerge "$(("$(operation)" - 2))"
	assert_err_has 'customer 3 cannot be as it was: the org that it had is gone'
	run_ok customer rm 1 --yes
	run_fail 4 customer unmerge "$(("$(operation)" - 3))"
	assert_err_has 'customer 1, which was kept, is gone since operation'
	run_ok check
}

@test "distinct: pairs, remembered once, in either order; forgotten; gone with one of them" {
	people
	run_ok customer distinct 3 1 2
	assert_err 'marked as not the same: 3 pairs'
	run_ok customer distinct 1 3
	assert_err 'nothing to change'
	run_ok customer links --fields customer,kind,other
	assert_out $'1\tdistinct\t3' $'2\tdistinct\t3' $'1\tdistinct\t2'
	run_ok customer distinct 2 1 --remove
	run_ok customer links --fields customer,other
	assert_out $'1\t3' $'2\t3'
	run_fail 2 customer distinct 1 1
	run_fail 3 customer distinct 1 9
	run_ok customer rm 3 --yes
	run_ok customer links
	assert_out
	run_ok undo
	run_ok customer links --fields customer,other
	assert_out $'1\t3' $'2\t3'
	run_ok check
}

@test "distinct: a merge of two marked so is refused, or forced; the marks of the other move along" {
	people
	run_ok customer add --name D
	run_ok customer distinct 1 3
	run_ok customer distinct 2 3
	run_ok customer distinct 2 4
	run_fail 4 customer merge 1 3
	assert_err_has 'crm customer distinct 1 3 --remove'
	tables >before
	run_ok customer merge 1 2
	run_ok customer links kind:distinct --fields customer,other
	assert_out $'1\t3' $'1\t4'
	op=$(operation)
	run_ok customer merge 1 3 --force
	run_ok customer links kind:distinct --fields customer,other
	assert_out $'1\t4'
	run_ok customer unmerge "$(operation)"
	run_ok customer unmerge "$op"
	tables | diff before -
}

# --- imports ---

erp() {
	new_store
	printf 'key,name,email,phone,city,tags\nK1,Li Wei,a@x.example,,,a\nK2,李伟,b@x.example,+8613900139000,北京,b\nK3,C,c@x.example,,,\n' >erp.csv
	run_ok import customer erp.csv --source erp
	run_ok customer merge 1 2
}

unchanged() { # imports the file again: nothing changes
	run_ok import "$@" --format json
	grep -q '"created": *0' "$out" && grep -q '"updated": *0' "$out" && grep -q '"rejected": *0' "$out"
}

@test "import: the row of one who was merged reaches the survivor, fills what is empty, and never takes turns with its own" {
	erp
	unchanged customer erp.csv --source erp
	printf 'key,name,email,phone,city,tags,title\nK1,Li Wei,a@x.example,+8613900139001,Roma,a,\nK2,李伟2,b2@x.example,+8613900139000,Paris,"b,c",Boss\n' >more.csv
	run_ok import customer more.csv --source erp
	[ "$(fields 1 key,name,email,emails,phone,phones,city,tags,title)" = \
		"$(printf 'K1\tLi Wei\ta@x.example\tb@x.example, b2@x.example\t+8613900139001\t+8613900139000\tRoma\ta, b, c\tBoss')" ]
	unchanged customer more.csv --source erp
	unchanged customer erp.csv --source erp
	# in the other order of rows, blank cells that clear, and without keys
	printf 'key,name,city\nK2,李伟,Paris\nK1,Li Wei,\n' >turned.csv
	run_ok import customer turned.csv --source erp --blank clear
	unchanged customer turned.csv --source erp --blank clear
	printf 'name,email\n李伟,b@x.example\nLi Wei,a@x.example\n' >addresses.csv
	unchanged customer addresses.csv
	run_ok customer list --fields id
	assert_out 1 3
}

@test "import: the same in a large file" {
	erp
	{
		echo key,name,email,phone,city,tags
		echo K2,李伟,b3@x.example,+8613900139000,Bonn,d
		for i in $(seq 1 3000); do echo "M$i,Name $i,m$i@x.example,,,"; done
		echo K1,Li Wei,a@x.example,,,a
		echo K2,李伟,b4@x.example,,,
	} >large.csv
	run_ok import customer large.csv --source erp
	[ "$(fields 1 key,name,email,emails,phone,city,tags)" = \
		"$(printf 'K1\tLi Wei\ta@x.example\tb@x.example, b3@x.example, b4@x.example\t+8613900139000\t北京\ta, b, d')" ]
	run_ok customer list key:K2
	assert_out
	unchanged customer large.csv --source erp
}

@test "import: what refers to one who was merged reaches the survivor, a few rows or many" {
	erp
	printf 'Customer ID,at,channel,content\nK2,2026-01-01,phone,hi\n' >logs.csv
	run_ok import log logs.csv --source erp
	unchanged log logs.csv --source erp
	printf 'customer,at,channel,content\n2,2026-01-02,phone,hi\n' >own.csv
	run_ok import log own.csv
	printf 'who,at,channel,content\nK2,2026-01-03,phone,hi\n' >by.csv
	run_ok import log by.csv --source erp --map who=customer.key
	printf 'customer,subject,type\nkey:K2,Q,question\n' >tickets.csv
	run_ok import ticket tickets.csv
	{
		echo 'Customer ID,at,channel,content'
		for i in $(seq 1 3000); do echo "K$((1 + i % 3)),@$((1735689600 + i)),phone,c$i"; done
	} >many.csv
	run_ok import log many.csv --source erp
	run_ok customer list --fields id,contacts,open_tickets
	assert_out $'1\t2003\t1' $'3\t1000\t0'
	run_ok check
}

@test "import: a card that crm wrote of one who was merged, who has nothing but a number and a name" {
	new_store
	run_ok customer add --name Ada --phone +8613900139000
	run_ok customer add --name Ada --title Boss
	run_ok export customer name:Ada --format vcard -o ada.vcf
	run_ok customer merge 1 2
	run_ok import customer ada.vcf
	run_ok customer list --fields id,title
	assert_out $'1\tBoss'
}

@test "unmerge after an import touched the survivor" {
	erp
	op=$(operation)
	printf 'key,name,title,tags\nK1,Li Wei,Boss,a\nK2,李伟,Chief,e\n' >more.csv
	run_ok import customer more.csv --source erp
	run_ok customer unmerge "$op"
	[ "$(fields 1 key,name,title,tags,email,phone,city)" = "$(printf 'K1\tLi Wei\tBoss\ta, e\ta@x.example\t\t')" ]
	[ "$(fields 2 key,name,title,tags,email,phone,city)" = \
		"$(printf 'K2\t李伟\t\tb\tb@x.example\t+8613900139000\t北京')" ]
	run_ok check
	run_ok import customer more.csv --source erp
	[ "$(fields 2 title,tags)" = "$(printf 'Chief\te')" ]
}

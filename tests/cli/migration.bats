# Stores of schema 1 and 2 are brought up to date by the first command that writes.
load helper

# The store of that schema that is kept in tests/data.
old_store() {
	CRM_AGENT=mei
	sqlite3 old.db <"$BATS_TEST_DIRNAME/../data/stores/schema-1.sql"
	chmod 600 old.db
	export CRM_STORE=$PWD/old.db CRM_NOW=2026-11-02T12:00:00Z
	cp old.db before.db
}

@test "reads are refused with the hint, and change nothing" {
	old_store
	for command in 'customer list' 'followup due' 'report activity' check dump; do
		# shellcheck disable=SC2086 # words
		run_fail 6 $command
		assert_err_has 'written by an older crm (schema 1): run any command that writes, it keeps a copy'
	done
	cmp old.db before.db
	[ ! -e old.db.schema-1 ]
}

@test "the first write brings it up to date and keeps a copy" {
	old_store
	run_ok customer edit 2 --city Bath
	[ "$(sqlite3 old.db 'PRAGMA user_version')" = 4 ]
	[ "$(sqlite3 old.db.schema-1 'PRAGMA user_version')" = 1 ]
	[ "$(stat -c %a old.db.schema-1)" = 600 ]
	diff <(sqlite3 before.db .dump) <(sqlite3 old.db.schema-1 .dump)
	run_ok check
	run_ok customer show 2 --fields city
	assert_out_has Bath
	run_ok undo
	run_ok check
}

# Lines were: 5 tag:vip 1d call/email; 10 never call/email; 20 7d visit; 30 4d call/email (edited from 3d).
@test "policies: those with the same filter are one, and the vip keep the step for the never contacted" {
	old_store
	run_ok followup policy add --after 1d --action call --filter name:nobody
	run_ok followup policy list --fields id,position,filter,steps
	assert_out "$(printf '4\t10\ttag:vip\tnever call or email, 1d call or email')" "$(printf '5\t20\tname:nobody\t1d call')" \
		"$(printf '1\t1000\t\tnever call or email, 7d visit, 4d call or email')"
	# Customer 1, a vip, was last called on 20 October; 3, mei's, wrote on 30 October: three days before.
	run_ok followup due id:1,3 --fields customer,action,days
	assert_out "$(printf '1\tcall\t13')"
	run_ok followup due id:1,3 --now 2026-11-04 --fields customer,action,days
	assert_out "$(printf '1\tcall\t15')" "$(printf '3\tcall\t5')"
	run_ok followup due tag:vip --fields customer,action # never contacted: as before
	assert_out "$(printf '6\tcall')" "$(printf '11\tcall')" "$(printf '16\tcall')" "$(printf '21\tcall')" \
		"$(printf '26\tcall')" "$(printf '31\tcall')" "$(printf '36\tcall')" "$(printf '1\tcall')"
}

# 79.80 and 120.00 EUR of customer 1; customer 3 has 12.00 EUR and 99.00 CNY, which no sum has.
# The first line that fitted decided: a second one after the same time, 1w beside 7d, was never asked.
@test "policies: of two lines after the same time the first holds, as it did" {
	old_store
	sqlite3 old.db "INSERT INTO followup_policy (position, due_after, due_action, created_at, op)
		VALUES (40, '1w', 'letter', 0, 0)"
	run_ok customer edit 1 --city Bath
	run_ok --now 2026-11-12T12:00:00Z followup due id:3 --fields customer,action
	assert_out $'3\tvisit'
	run_ok followup due
}

@test "what customers ordered in all is added up" {
	old_store
	run_ok customer tag 9 --add x
	run_ok customer list orders:1.. --sort id --fields id,orders,orders_total,orders_currency --format csv --no-header
	assert_out '1,2,199.80,EUR' '3,2,,'
	run_ok customer list orders.total:'>199 EUR' --fields id
	assert_out 1
}

@test "what was done to a line of a policy is not taken back: it is part of a whole now" {
	old_store
	run_ok customer tag 9 --add x
	run_fail 4 undo 5
	assert_err_has 'changed since: followup_policy 3'
	run_fail 4 undo 4
	run_status 4 undo 5 --force
	run_fail 4 undo 16
	assert_err_has 'operation 16 cannot be undone: it brought the store up to date'
	run_ok followup policy list --fields id
	assert_out 4 1
	run_ok undo 15 # what has nothing to do with it
	run_ok check
}

@test "its dump loads, and gives the same dump" {
	old_store
	run_ok customer tag 9 --add x
	run_ok dump -o a.dump
	run_ok init --store b.db
	run_ok load a.dump --store b.db
	run_ok dump --store b.db
	cmp a.dump "$out"
	run_ok check --store b.db
}

@test "a store of schema 2: nothing is lost, a dump gives the same" {
	sqlite3 two.db <"$BATS_TEST_DIRNAME/../data/stores/schema-2.sql"
	chmod 600 two.db
	export CRM_STORE=$PWD/two.db CRM_NOW=2026-11-02T12:00:00Z CRM_AGENT=mei
	for table in customer log ticket ticket_event sales_order survey followup operation change; do
		sqlite3 two.db "SELECT '$table', count(*) FROM $table"
	done >counts
	run_fail 6 customer list
	assert_err_has 'written by an older crm (schema 2)'
	run_ok customer edit 1 --note '要求退款'
	[ "$(sqlite3 two.db 'PRAGMA user_version')" = 4 ]
	for table in customer log ticket ticket_event sales_order survey followup operation change; do
		sqlite3 two.db "SELECT '$table', count(*) FROM $table"
	done | diff counts -
	run_ok check
	run_ok customer list --fields name,pinyin
	assert_out_has $'张三\tzhang san'
	assert_out_has $'单雄信\tshan xiong xin'
	assert_out_has $'尉迟恭\tyu chi gong'
	run_ok redo # the edit that was undone before the migration
	run_ok customer show 3 --fields city
	assert_out_has Bath
	run_ok dump -o a.dump
	run_ok init --store b.db
	run_ok load a.dump --store b.db
	run_ok dump --store b.db
	cmp a.dump "$out"
}

@test "pinyin of what comes back from an older journal or an older dump" {
	sqlite3 two.db <"$BATS_TEST_DIRNAME/../data/stores/schema-2.sql"
	chmod 600 two.db
	export CRM_STORE=$PWD/two.db CRM_NOW=2026-11-02T12:00:00Z CRM_AGENT=mei
	sqlite3 two.db "UPDATE change SET image = replace(replace(image, 'Gone', '区志航'), 'gone', '区志航') WHERE op = 9"
	run_ok undo 9 # customer rm 4
	run_ok customer show 4 --fields name,pinyin --format tsv
	assert_out $'区志航\tou zhi hang'
	run_ok check
	run_ok dump -o new.dump
	sed -E '1 s/"schema":4/"schema":2/; s/,"pinyin":"[^"]*"//; s/,"restricted":[01]//' new.dump >old.dump
	if cmp -s new.dump old.dump; then return 1; fi
	run_ok init --store b.db
	run_ok load old.dump --edited --store b.db
	run_ok customer list --fields name,pinyin --store b.db
	assert_out_has $'张三\tzhang san'
	assert_out_has $'区志航\tou zhi hang'
	run_ok check --store b.db
}

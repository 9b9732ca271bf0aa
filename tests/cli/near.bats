#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# import --near, and add: new customers who resemble one who is there.

bats_require_minimum_version 1.5.0
load helper

people() {
	new_store
	run_ok customer add --name 张伟 --phone +8613800138000 --birthday 1990-05-12
	run_ok customer add --name 'Ada Winter' --email ada@example.org --email work:a.winter@example.net --city Leeds
	run_ok customer add --name 'Bea Sommer' --phone +441134960199 --gender female
	cat >new.csv <<'CSV'
key,name,phone,email,gender
n1,章伟,+86 138 0013 8000,,
n2,Carl Herbst,,carl@example.org,
n3,ada winter,,a.winter@example.net,
n4,Carl HERBST,,carl@example.org,
n5,Dan Sommer,+441134960199,,male
CSV
}

@test "an import tells of new rows that resemble somebody" {
	people
	run_ok import customer new.csv --match key
	[ "$(grep -c resembles "$err")" -eq 3 ]
	assert_err_has "new.csv: line 2: resembles customer 1: same phone; names sound alike"
	assert_err_has "line 4: resembles customer 2: same e-mail; same name"
	assert_err_has "line 5: resembles line 3: same e-mail; same name"
	assert_err_has '5 created, 0 updated, 0 unchanged, 0 rejected, 3 resemble another'
	[ "$(crm customer list --format tsv | wc -l)" -eq 8 ]
	# who is there already is not new
	run_ok import customer new.csv --match key
	run ! grep resembles "$err"
}

@test "on a terminal they are told with their names" {
	people
	python3 -IS "$BATS_TEST_DIRNAME/on_terminal.py" 200 -- "$CRM" import customer new.csv --match key >"$out"
	assert_out_has "line 4: 'ada winter' resembles customer 2: same e-mail; same name"
}

@test "a dry run and a plan tell the same" {
	people
	run_ok import customer new.csv --match key --dry-run
	grep resembles "$err" >dry
	run_ok import customer new.csv --match key --plan plan.json
	grep resembles "$err" | diff dry -
	run_ok import customer new.csv --match key --format json
	grep resembles "$err" | diff dry -
	python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); assert r["near"] == 3 and r["created"] == 5, r' "$out"
}

@test "off tells nothing, reject rejects" {
	people
	run_ok import customer new.csv --match key --near off --dry-run
	run ! grep resembles "$err"
	run_fail 1 import customer new.csv --match key --near reject
	[ "$(crm customer list --format tsv | wc -l)" -eq 3 ]
	run_status 5 import customer new.csv --match key --near reject --partial --rejects rejected.csv
	[ "$(crm customer list --format tsv | wc -l)" -eq 5 ]
	[ "$(wc -l <rejected.csv)" -eq 4 ]
	grep -q '^n1,章伟,+86 138 0013 8000,,,2,,resembles customer 1: same phone' rejected.csv
	# looked at, and imported all the same
	run_ok import customer rejected.csv --match key --near off
	[ "$(crm customer list --format tsv | wc -l)" -eq 8 ]
}

# Fifteen hundred who are there already, under other keys.
crowd() {
	new_store
	python3 - >crowd.csv <<'PY'
print("key,name,email")
for i in range(1500):
    print(f"{i},Name{i * 7919 % 1500:04} Family{i:04},u{i:04}x@example.org")
PY
	sed 's/^\([0-9]\)/N\1/' crowd.csv >again.csv
	run_ok import customer crowd.csv --match key --near off
}

@test "unasked the first thousand are compared, asked all" {
	crowd
	run_ok import customer again.csv --match key --dry-run
	[ "$(grep -c 'line [0-9]*: resembles customer' "$err")" -eq 50 ]
	assert_err_has '1000 resemble another'
	assert_err_has '951 more notes'
	run_ok import customer again.csv --match key --near warn --dry-run
	assert_err_has '1500 resemble another'
	run_fail 1 import customer again.csv --match key --near reject
	assert_err_has '1500 of 1500 rows rejected'
}

@test "a large import into an empty store says where to look" {
	new_store
	python3 - >big.csv <<'PY'
print("key,name,email")
for i in range(5000):
    print(f"{i},Name{i * 7919 % 5000:04} Family{i:04},u{i:04}x@example.org")
PY
	run_ok import customer big.csv --match key
	assert_err_has 'crm customer duplicates'
	run ! grep resembles "$err"
}

@test "only customers are compared" {
	people
	printf 'name\nAtlas Freight\n' >org.csv
	run_fail 2 import org org.csv --near warn
	assert_err_has '--near'
	run_fail 2 import customer new.csv --near maybe
	run_fail 2 import customer new.csv --check --near warn
	run_ok import org org.csv
}

@test "add warns, and adds" {
	people
	run_ok customer add --name 'Zhang Wei' --phone '+86 138 0013 8000'
	assert_out 4
	assert_err_has 'resembles customer 1: same phone; given and family name swapped (zhang wei/张伟)'
	run_ok customer add --name 'Ada Winter'
	run ! grep resembles "$err"
	run_ok customer add --name 'Dan Sommer' --phone +441134960199 --gender male
	run ! grep resembles "$err"
	run_ok org add --name 'Ada Winter'
	run ! grep resembles "$err"
}

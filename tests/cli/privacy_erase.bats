#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# Erasing people for good: what goes, what stays, and what nobody can take back.

bats_require_minimum_version 1.5.0
load helper

# Ada (1) with a bit of everything, Bob (2) with a communication.
two_customers() {
	new_store
	run_ok customer add --name 'Ada Quillfeather' --key K1 --email ada@quill.example --phone +8613812340001 \
		--phone work:+8613812340002 --tag vip --note marmalade
	run_ok customer add --name 'Bob Stay' --key K2
	run_ok log phone 1 -m 'kumquats for breakfast'
	run_ok log phone 2 -m 'nothing special'
	run_ok ticket add 1 --type question --subject 'gizmotron broken' -m sassafras
	run_ok ticket note 1 -m pomegranate
	run_ok followup add 1 --due +2d -m elderberry
	run_ok order add 1 --number N77 --product rutabaga --at today
	run_ok survey add 1 --nps 9 -m tamarillo
}

ada='quillfeather|ada@quill|1381234000|marmalade|kumquat|gizmotron|sassafras|pomegranate|elderberry|rutabaga|tamarillo'

# How many lines of text in the store's files have something of her.
traces() {
	cat "$(store_file)"* | strings -n 4 | grep -ciE "$ada"
}

last_operation() {
	"$CRM" history --limit 1 --fields id
}

@test "with all that hangs on it; the others stay; the ledger says when and by whom, and nothing else" {
	two_customers
	[ "$(traces)" -gt 10 ]
	run_ok privacy erase 1 --yes
	assert_err_has 'erased 1 customer, '
	[ "$(traces)" -eq 0 ]
	run_ok customer list --fields id,name
	assert_out $'2\tBob Stay'
	run_ok log list --fields id,customer
	assert_out $'2\t2'
	for kind in ticket followup order survey; do
		run_ok $kind list
		assert_out
	done
	run_ok search pomegranate
	assert_out
	run_ok sql 'SELECT at, agent, entity, record, traces FROM v_erasure'
	assert_out $'1773144000\tann\tcustomer\t1\t0'
	store_is_sound
}

@test "the ledger stands beside the store too, for its owner only; a link in its place is not followed" {
	two_customers
	run_ok privacy erase 1 --yes
	[ "$(stat -c %a "$(store_file)-erased")" = 600 ]
	run bash -c "grep -v '^#' '$(store_file)-erased' | cut -f 1-6"
	[ "$output" = $'1773144000\tcustomer\t1\t3\t1773144000\tann' ]
	rm "$(store_file)-erased"
	echo precious >victim
	ln -s "$PWD/victim" "$(store_file)-erased"
	run_fail 1 privacy erase 2 --yes
	[ "$(cat victim)" = precious ]
	run_ok customer list --fields id
	assert_out 2
}

@test "asks first: without a terminal --yes is needed, and --dry-run says what would go" {
	two_customers
	remember_store
	run_fail 2 privacy erase 1
	assert_err_has 'cannot be undone'
	run_ok privacy erase 1 --dry-run
	assert_err_has 'would erase 1 customer, '
	assert_err_has '2 communications'
	assert_err_has '1 ticket, '
	store_unchanged
	[ ! -e "$(store_file)-erased" ]
}

@test "only numbers and keys; several at once, from stdin too, in one operation" {
	two_customers
	run_fail 2 privacy erase ada@quill.example --yes
	run_fail 2 privacy erase 'Ada Quillfeather' --yes
	run_fail 3 privacy erase 99 --yes
	printf 'key:K1\tAda\n2\tBob\n' >names
	"$CRM" privacy erase - --yes <names
	run_ok customer list
	assert_out
	run_ok history --limit 1 --fields command
	assert_out 'privacy erase (2 records)'
	run_fail 3 privacy erase 1 --yes
	assert_err_has 'customer 1 was erased already'
}

@test "nothing is done when one of several is not there" {
	two_customers
	remember_store
	run_fail 3 privacy erase 1 99 --yes
	store_unchanged
}

@test "who was removed before is erased from the journal" {
	two_customers
	run_ok customer rm 1 --yes
	removed=$(last_operation)
	[ "$(traces)" -gt 10 ]
	run_ok privacy erase 1 --yes
	[ "$(traces)" -eq 0 ]
	run_fail 4 undo "$removed"
	store_is_sound
}

@test "what was removed from a customer before goes with it, and what it was" {
	two_customers
	run_ok log edit 1 -m 'figs, not kumquats'
	run_ok log rm 1 --yes
	run_ok ticket rm 1 --yes
	run_ok customer edit 1 --name 'Ada Smith' --note '' --email '' --phone ''
	run_ok privacy erase 1 --yes
	[ "$(traces)" -eq 0 ]
	store_is_sound
}

@test "those who were merged into a customer go with it; one of them alone does not" {
	two_customers
	run_ok customer merge 2 1
	merged=$(last_operation)
	run_fail 4 privacy erase 1 --yes
	assert_err_has 'customer 1 is part of customer 2 now'
	run_ok privacy erase 2 --yes
	[ "$(traces)" -eq 0 ]
	run_ok sql 'SELECT record FROM v_erasure ORDER BY record'
	assert_out 1 2
	run_fail 4 customer unmerge "$merged"
	store_is_sound
}

@test "of a merger that was taken back nothing stays either, and the other keeps what is its own" {
	two_customers
	run_ok customer merge 2 1
	merged=$(last_operation)
	run_ok customer edit 2 --city Rome
	run_ok customer unmerge "$merged"
	unmerged=$(last_operation)
	run_ok privacy erase 1 --yes
	[ "$(traces)" -eq 0 ]
	run_ok customer list --fields name,key,city
	assert_out $'Bob Stay\tK2\tRome'
	run_ok history customer:2 --fields command,field
	assert_out_has 'contents erased'
	run_fail 4 undo "$unmerged"
	run_fail 4 undo "$unmerged" --force
	assert_err_has 'customer 2 (its old values were erased)'
	store_is_sound
}

@test "tickets of others that were linked with one of theirs let it go" {
	two_customers
	run_ok ticket add 2 --type question --subject other
	run_ok ticket link 2 relates 1
	run_ok privacy erase 1 --yes
	run_ok ticket list --fields id,subject
	assert_out $'2\tother'
	store_is_sound
}

@test "undo refuses it, and what was done to them before; --force takes back the rest of that" {
	two_customers
	printf 'key,city\nK1,Rome\nK2,Rome\n' >cities.csv
	run_ok import customer cities.csv -q
	imported=$(last_operation)
	run_ok privacy erase 1 --yes
	run_fail 4 undo
	assert_err_has 'what it erased is gone'
	run_fail 4 undo --force
	run_fail 4 undo "$imported"
	assert_err_has 'customer 1'
	run_ok undo "$imported" --force
	assert_err_has "customer 1 is kept: removed by operation $((imported + 1))"
	run_ok customer list --fields id,city
	assert_out $'2\t'
	store_is_sound
}

@test "the history of an erased record says that it was erased, and nothing of what it was" {
	two_customers
	run_ok customer edit 1 --city Paris
	run_ok privacy erase 1 --yes
	run_ok history customer:1 --fields command,field,old,new
	assert_out $'privacy erase 1\terased\t\t' $'customer edit 1\tcontents erased\t\t' $'customer add\tcreated\t\t'
	run_ok history customer:1 --format json
	run_fail 3 history customer:77
}

@test "it is proved by looking through the files: what others have of the same is named, and no trace" {
	two_customers
	run_ok customer add --name 'Ada Quillfeather' --city Oslo
	run_ok log edit 2 -m 'will write to ada@quill.example'
	run_ok view add customer adas phone:+8613812340001
	run_ok privacy erase 1 --yes
	assert_err_has 'none is left'
	assert_err_has 'customer 3 has a text of theirs still: Name'
	assert_err_has 'log 2 has a text of theirs still: E-mail'
	assert_err_has 'view 1 has a text of theirs still: Phone'
	assert_err_has 'not reached: backups, exports'
	run_ok log list id:2 --fields content
	assert_out 'will write to ada@quill.example'
}

@test "the proof fails when a text of theirs is in the file and in no record" {
	two_customers
	sqlite3 "$(store_file)" "CREATE TABLE mine (t); INSERT INTO mine VALUES ('write to ada@quill.example')"
	run_status 1 privacy erase 1 --yes
	assert_err_has 'are in the file still'
	run_status 5 check
	assert_out_has 'traces of 1 erased record'
}

@test "what is too short to tell is said; copies of the store that lie beside it, and classifiers, are named" {
	new_store
	run_ok customer add --name Al --note 'only this'
	touch "$(store_file).schema-3" "$(store_file).before-restore-20260101T000000Z" "$(store_file).csv"
	run_ok privacy erase 1 --yes
	assert_err_has '2 too short to tell'
	assert_err_has 'crm.db.schema-3 is a copy'
	assert_err_has 'crm.db.before-restore-20260101T000000Z is a copy'
	run grep csv "$err"
	[ -z "$output" ]
	run grep classifiers "$err"
	[ -z "$output" ]
	sqlite3 "$(store_file)" "INSERT INTO classifier (name, version, method, learnt_from, text_fields, label_field, labels,
		documents, threshold, format, weights, created_at, op) VALUES ('m', 1, 'svm', 'ticket', 'subject', 'category', 2, 9,
		50, 1, 'AA==', 0, 0)"
	run_ok customer add --name Bo
	run_ok privacy erase 2 --yes
	assert_err_has 'train again'
}

@test "E2: while somebody reads the store as it was, traces remain: status 6, check says so, vacuum completes it" {
	two_customers
	sqlite3 "$(store_file)" <<-END >reader &
		.timeout 1000
		BEGIN;
		SELECT count(*) FROM customer;
		.shell touch reading; while [ ! -e finished ]; do sleep 0.05; done
	END
	while [ ! -e reading ]; do sleep 0.05; done
	run_status 6 privacy erase 1 --yes --wait 0
	assert_err_has 'erased, but traces remain'
	assert_err_has 'crm vacuum'
	run_status 5 check
	assert_out_has 'traces of 1 erased record: crm vacuum'
	run_fail 6 vacuum --wait 0
	touch finished
	wait
	run_ok customer list --fields id
	assert_out 2
	run_ok vacuum
	[ "$(traces)" -eq 0 ]
	store_is_sound
}

@test "E1: of a tenth of all people nothing is left in any file, whatever was edited; each control leaves much" {
	new_store
	python3 "$BATS_TEST_DIRNAME/erasure.py" proof "$CRM" "$(store_file)" "${CRM_LONG:-0}"
}

@test "E1: nothing is left whatever was merged, taken apart, undone and imported before" {
	python3 "$BATS_TEST_DIRNAME/erasure.py" sequences "$CRM" "$PWD" "${CRM_LONG:-0}"
}

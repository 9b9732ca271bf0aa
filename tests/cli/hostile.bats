# H1: stores that mean harm, made by tests/data/hostile/make.py: refused at once and left as they are, whatever is asked.
load helper

make_corpus() {
	new_store
	run_ok team add --name desk
	for name in Li Wu Zhang; do
		run_ok customer add --name "$name" --city Hefei --note "some words about $name"
	done
	python3 "$BATS_TEST_DIRNAME/../../tests/data/hostile/make.py" "$(store_file)" \
		"$BATS_TEST_DIRNAME/../../tests/data/stores/schema-1.sql" "$PWD/corpus"
}

try_corpus() { # KIND
	python3 "$BATS_TEST_DIRNAME/../../tests/cli/hostile.py" "$CRM" "$PWD/corpus" "$1"
}

@test "H1: hostile stores are refused, in no time and little memory, and not a byte of them changes" {
	make_corpus
	[ "$(wc -l <corpus/refused)" -ge 55 ]
	try_corpus refused
}

@test "H1: the harness accepts the sound store, and strange ones that do no harm, and complains when they are not" {
	make_corpus
	try_corpus accepted
	echo trigger >corpus/accepted
	if try_corpus accepted; then return 1; fi
	echo nothing >corpus/refused
	if try_corpus refused; then return 1; fi
}

@test "H1: what is wrong in rows and pages crashes nothing, and reading changes nothing" {
	make_corpus
	try_corpus damaged
}

@test "H1: tables, views and indexes of others are named by check" {
	make_corpus
	run_ok --store corpus/tables_of_others/crm.db check
	for name in "table 'mine'" "index 'mine_b'" "index 'mine_customer'"; do
		assert_out_has "$name is not ours: accepted"
	done
	run_ok --store corpus/view_of_another_that_never_ends/crm.db check
	assert_out_has "view 'mine' is not ours: accepted"
}

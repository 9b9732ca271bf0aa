#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# The file written anew.

bats_require_minimum_version 1.5.0
load helper

teardown() {
	! mountpoint -q small || umount small
}

# A store most of whose pages are free, with an erasure that owes traces.
mostly_gone() {
	new_store
	run_ok customer add --name 'Ada Winter'
	sqlite3 "$(store_file)" "CREATE TABLE junk (t); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
		WHERE i < 3000) INSERT INTO junk SELECT hex(randomblob(250)) FROM n; DROP TABLE junk;
		INSERT INTO erasure (at, agent, login, entity, record, traces) VALUES (1, 'ann', 'ann', 'customer', 9, 1)"
}

@test "the file is smaller, holds the same, and owes no traces" {
	mostly_gone
	run_status 5 check
	assert_out_has 'crm vacuum'
	run_ok dump -o before.txt
	before=$(stat -c %s "$(store_file)")
	run_ok vacuum
	assert_err_has ' MB before'
	[ "$(stat -c %s "$(store_file)")" -lt "$before" ]
	[ ! -s "$(store_file)-wal" ]
	run_ok dump -o after.txt
	for dump in before after; do # all but what was owed, and the sum of all
		sed -E '/^end /d; /^erasure/s/1}$/0}/' $dump.txt >$dump
	done
	diff before after
	store_is_sound
	run_ok -q vacuum
	assert_err
}

@test "it is no operation: the journal does not have it, and undo takes back what was before it" {
	mostly_gone
	run_ok history --fields id
	cp "$out" before
	run_ok vacuum
	run_ok history --fields id
	diff before "$out"
	run_ok undo
	run_ok customer list
	assert_out
}

@test "temporary files are in the folder of the store, never in /tmp or /var/tmp" {
	command -v strace >"$out" || skip 'no strace'
	[ "${WATCHED:-no}" = no ] || skip 'what watches this build opens files of its own'
	new_store
	for i in {1..20000}; do
		echo "Person $i,$i some words that take more room than SQLite keeps in memory or as many as a usual note has"
	done | sed '1i name,note' >in.csv
	run_ok import customer in.csv -q
	strace -f -e trace=openat,open,creat -o trace "$CRM" vacuum
	grep -q etilqs trace # SQLite's: it was looked for rightly
	# all that is opened to be written is beside the store, or the terminal
	outside=$(grep -E 'O_CREAT|O_RDWR|O_WRONLY' trace | grep -vF "$XDG_DATA_HOME/crm/" | grep -vE '/dev/(null|tty)' || true)
	echo "$outside"
	[ -z "$outside" ]
}

@test "somebody else who writes is waited for; one who reads the store as it was is status 6" {
	mostly_gone
	sqlite3 "$(store_file)" <<-END >locked &
		.timeout 1000
		BEGIN IMMEDIATE;
		.shell touch writing; while [ ! -e finished ]; do sleep 0.05; done
	END
	while [ ! -e writing ]; do sleep 0.05; done
	run_fail 6 vacuum --wait 0
	touch finished
	wait
	run_ok vacuum
	store_is_sound
}

@test "too little room is said before anything is done" {
	[ "$(id -u)" = 0 ] || skip 'only root can make a small file system'
	mkdir small
	mount -t tmpfs -o size=4m tmpfs small 2>"$err" || skip 'no mount here'
	mostly_gone
	cp "$(store_file)" small/crm.db
	chmod 700 small
	head -c 1900k </dev/zero >small/filler
	run_fail 1 --store small/crm.db vacuum
	assert_err_has 'MB free in'
	assert_err_has 'make room'
	rm small/filler
	run_ok --store small/crm.db vacuum
}

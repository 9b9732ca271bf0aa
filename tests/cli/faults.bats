# What may befall a process: killed, interrupted, no room. The store is then as it was before, or as after: never between.
# tests/fault does it to the release program at every point; here is what the other builds should see too.
load helper

faults_setup() {
	new_store
	run_ok customer add --name Li --key K00001
	run_ok log phone 1 -m x --at 2026-03-01
	{ echo 'key,name,email,city'; seq -f %06.0f 60000 | sed 's/.*/N&,Name &,u&@example.com,City/'; } >big.csv
	remember_store
}

@test "killed before its end an import leaves the dump as it was" {
	faults_setup
	mkfifo rows
	"$CRM" -q import customer - <rows 2>/dev/null 3>&- &
	importer=$!
	exec 7>rows
	cat big.csv >&7
	sleep 0.2
	kill -9 "$importer"
	exec 7>&-
	wait "$importer" 2>/dev/null || true
	store_unchanged
	store_is_sound
}

@test "SIGINT and SIGTERM during an import leave nothing, and say so" {
	for signal in INT TERM; do
		rm -rf "$XDG_DATA_HOME" rows
		faults_setup
		mkfifo rows
		# bash lets background jobs ignore SIGINT
		python3 -c 'import os,signal,sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$CRM" import customer - <rows >"$out" 2>"$err" 3>&- &
		importer=$!
		exec 7>rows
		cat big.csv >&7
		sleep 0.5
		kill -s "$signal" "$importer"
		sleep 0.2
		exec 7>&-
		got=0
		wait "$importer" || got=$?
		echo "$signal: $got"
		cat "$err"
		[ "$got" -ne 0 ]
		store_unchanged
		store_is_sound
		[ ! -e "$(store_file)-holder" ]
	done
}

needs_strace() {
	[ "${SANITIZED:-no}" = no ] || skip "not under a sanitizer"
	command -v strace >/dev/null || skip "no strace"
	strace -o /dev/null true 2>/dev/null || skip "tracing is not allowed here"
}

# The rules are applied and stored; then the disk fails while the index of words is brought up to date.
@test "what fails after something was stored says so" {
	needs_strace
	export CRM_STORE=$PWD/store.db
	new_store
	{ echo name; seq -f 'N%g' 8000; } >many.csv # more than the index takes up on the way
	run_ok import customer many.csv --near off
	run_ok ticket add 1 --type question --subject s
	run_ok rule add --name late --event tick --condition subject:s --actions 'note waiting'
	cp store.db keep.db
	for n in $(seq 1 5 200); do
		cp keep.db store.db
		rm -f store.db-*
		got=0
		strace -f -o /dev/null -e trace=pwrite64 -e inject=pwrite64:error=EIO:when="$n+" "$CRM" tick >"$out" 2>"$err" || got=$?
		! grep -q 'is stored)$' "$err" || break
	done
	[ "$got" -eq 1 ]
	assert_err_has 'disk I/O error'
	run_ok log list --fields content
	assert_out_has waiting
	store_is_sound
}

@test "no room: a small disk" {
	[ "$(id -u)" -eq 0 ] || skip "needs the right to mount"
	mkdir small
	mount -t tmpfs -o size=2m,mode=700 tmpfs small 2>/dev/null || skip "mounting is not allowed here"
	got=0
	small_disk || got=$?
	umount small
	[ "$got" -eq 0 ]
}

small_disk() {
	{ echo 'key,name,note'; seq -f %06.0f 30000 | sed 's/.*/N&,Name &,a note of some length &/'; } >big.csv
	run_ok --store small/crm.db init || return
	run_ok --store small/crm.db customer add --name Li || return
	run_fail 1 --store small/crm.db import customer big.csv || return
	run_ok --store small/crm.db customer list --fields name || return
	assert_out Li || return
	run_ok --store small/crm.db check || return
	# Nothing that was confirmed is lost while adding until it is full.
	local added=0 got=0
	while [ "$added" -lt 3000 ]; do
		"$CRM" -q --store small/crm.db customer add --name "N$added" --note "$(printf '%09000d' 1)" >/dev/null 2>"$err" || {
			got=$?
			break
		}
		added=$((added + 1))
	done
	echo "added $added, then status $got: $(cat "$err")"
	[ "$got" -eq 1 ] || return
	grep -q 'full' "$err" || return
	run_ok --store small/crm.db sql 'SELECT count(*) - 1 FROM v_customer' || return
	assert_out "$added"
}

@test "no room: a limit on the size of files is an error, not a signal" {
	faults_setup
	got=0
	(
		ulimit -f 600
		exec "$CRM" import customer big.csv
	) >"$out" 2>"$err" || got=$?
	cat "$err"
	[ "$got" -eq 1 ]
	grep -q '^crm: ' "$err"
	store_unchanged
	store_is_sound
	run_ok import customer big.csv
}

@test "no memory to speak of: refused, never half" {
	[ "${SANITIZED:-no}" = no ] || skip "address sanitizer needs room of its own"
	faults_setup
	for kib in $(seq 12000 1500 33000) 60000; do
		got=0
		(
			ulimit -v "$kib"
			exec "$CRM" import customer big.csv
		) >"$out" 2>"$err" || got=$?
		echo "$kib: $got"
		[ "$got" -lt 128 ]
		[ "$got" -eq 0 ] || store_unchanged
		[ "$got" -ne 0 ] || run_ok undo
	done
	run_ok sql 'SELECT count(*) FROM v_customer'
	assert_out 1
}

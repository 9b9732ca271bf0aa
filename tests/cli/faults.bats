# What may befall a process: killed, interrupted, no room. The store is then as it was before, or as after: never between.
load helper

faults_setup() {
	new_store
	run_ok customer add --name Li --key K00001
	run_ok log phone 1 -m x --at 2026-03-01
	{ echo 'key,name,email,city'; seq -f %06.0f 60000 | sed 's/.*/N&,Name &,u&@example.com,City/'; } >big.csv
	remember_store
}

@test "kill -9 at many moments of an import: as before, or all of it" {
	faults_setup
	killed=0
	for ms in 1 3 6 10 15 20 30 45 60 80 110 150 200 260 330 420; do
		"$CRM" -q import customer big.csv 2>/dev/null 3>&- &
		importer=$!
		sleep "$(printf '0.%03d' "$ms")"
		kill -9 "$importer" 2>/dev/null || true
		got=0
		wait "$importer" 2>/dev/null || got=$?
		[ "$got" -ne 137 ] || killed=$((killed + 1))
		run_ok sql 'SELECT count(*) FROM v_customer'
		if [ "$(cat "$out")" = 60001 ]; then
			run_ok undo
			run_ok sql 'SELECT count(*) FROM v_customer'
			assert_out 1
		else
			assert_out 1
		fi
		[ "$got" -eq 0 ] || [ "$got" -eq 137 ]
	done
	echo "killed $killed"
	[ "$killed" -ge 3 ]
	store_is_sound
	run_ok import customer big.csv
	run_ok sql 'SELECT count(*) FROM v_customer'
	assert_out 60001
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

# Kills crm at its first use of a system call, then at the STEPth after it, and so on until it lives to its end; each time
# with the store of keep.db, and followed by CHECK.
kill_at_each() { # CALL STEP CHECK ARGUMENT…
	local call=$1 step=$2 check=$3 n got
	shift 3
	for ((n = 1; n < 400; n += step)); do
		cp keep.db "$(store_file)"
		rm -f "$(store_file)"-*
		got=0
		strace -f -o /dev/null -e trace="$call" -e inject="$call:signal=SIGKILL:when=$n" \
			"$CRM" "$@" >"$out" 2>"$err" || got=$?
		echo "$call $n: $got"
		[ "$got" -ne 0 ] || return 0
		[ "$got" -eq 137 ] || return
		store_is_sound || return
		"$check" || return
	done
	return 1
}

added_once_or_not() {
	run_ok sql 'SELECT count(*) FROM v_customer' || return
	grep -qx '[12]' "$out"
}

@test "kill -9 at every write of an add: once or not at all" {
	needs_strace
	new_store
	run_ok customer add --name Li
	cp "$(store_file)" keep.db
	for call in pwrite64 fdatasync fsync ftruncate; do
		kill_at_each $call 1 added_once_or_not customer add --name New
	done
}

imported_or_not() {
	dump_store >now
	if cmp -s now before; then
		before=$((before + 1))
	elif cmp -s now after; then
		after=$((after + 1))
	else
		diff -u after now | head -n 40
		return 1
	fi
}

@test "kill -9 at the system calls of an import: as before, or all of it" {
	needs_strace
	new_store
	run_ok customer add --name Li --key K1
	{ echo 'key,name,email,city'; seq 300 | sed 's/.*/K&,Name &,u&@example.com,City/'; } >small.csv
	cp "$(store_file)" keep.db
	dump_store >before
	run_ok import customer small.csv
	dump_store >after
	before=0 after=0
	# of the frequent ones, most of which come before the store is opened or do the same again, some only
	while read -r call step; do
		kill_at_each "$call" "$step" imported_or_not import customer small.csv
	done <<-END
		pwrite64 3
		write 1
		fsync 1
		fdatasync 1
		ftruncate 1
		unlink 1
		openat 3
		fcntl 2
		mmap 3
		close 2
		pread64 3
		rename 1
	END
	echo "$before times as before, $after times as after"
	[ "$before" -ge 50 ]
	[ "$after" -ge 5 ]
}

@test "EIO and ENOSPC at every write of an add: refused and not there, or there" {
	needs_strace
	new_store
	cp "$(store_file)" keep.db
	for error in EIO ENOSPC; do
		for call in pwrite64 fdatasync; do
			for n in $(seq 60); do
				cp keep.db "$(store_file)"
				rm -f "$(store_file)"-*
				got=0
				strace -f -o trace -e trace=$call -e inject=$call:error=$error:when="$n" \
					"$CRM" customer add --name New >"$out.add" 2>"$err.add" || got=$?
				grep -q INJECTED trace || break
				echo "$error $call $n: $got"
				[ "$got" -lt 128 ]
				run_ok sql 'SELECT count(*) FROM v_customer'
				if [ "$got" -eq 0 ]; then
					assert_out 1
				else
					grep -q '^crm: ' "$err.add"
				fi
				store_is_sound
			done
			[ "$n" -lt 60 ]
		done
	done
}

@test "no room: a small disk" {
	[ "$(id -u)" -eq 0 ] || skip "needs the right to mount"
	mkdir small
	mount -t tmpfs -o size=1m tmpfs small 2>/dev/null || skip "mounting is not allowed here"
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

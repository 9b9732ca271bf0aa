# SIGINT and SIGTERM in the middle of long work: it ends soon, says so, and nothing is half there. Imports: faults.bats.
load helper
# shellcheck disable=SC2154 # out and err are of helper.bash

# Starts crm, its stdin the file $input, with a signal mask as a shell has it in the foreground: bash lets background jobs ignore
# SIGINT. It has come as far as to catch signals then: one that comes before would be lost.
start() { # ARGUMENT…
	python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$CRM" "$@" <"${input:-/dev/null}" >"$out" 2>"$err" 3>&- 7>&- &
	work=$!
	local caught=0
	until ((16#$caught & 2)); do # SIGINT
		sleep 0.02
		caught=$(sed -n 's/^SigCgt:\t//p' "/proc/$work/status")
	done
}

# It is told to end, and has; what it says is on stderr.
interrupt() { # SIGNAL
	kill -s "$1" "$work"
	sleep 0.2
	exec 7>&-
	got=0
	wait "$work" || got=$?
	cat "$err"
	[ "$got" -ne 0 ]
}

@test "a query that would never end" {
	new_store
	for signal in INT TERM; do
		start sql 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'
		sleep 0.4
		interrupt $signal
		[ ! -s "$out" ]
	done
}

@test "a load: nothing is loaded" {
	new_store
	{ echo name; seq -f 'Name %05.0f' 5000; } >a.csv
	run_ok import customer a.csv
	run_ok dump -o a.dump
	run_ok init --store b.db
	sqlite3 b.db .dump >before
	mkfifo lines
	exec 7<>lines
	input=lines start load --store b.db -
	head -n 3000 a.dump >&7
	sleep 0.4
	interrupt INT
	[ "$got" -eq 130 ]
	sqlite3 b.db .dump | cmp before -
}

@test "a plan that is applied: nothing is changed" {
	new_store
	{ echo name; seq -f 'Name %05.0f' 5000; } >a.csv
	run_ok import customer a.csv --plan a.plan
	remember_store
	mkfifo lines
	exec 7<>lines
	input=lines start apply -
	head -n 3000 a.plan >&7
	sleep 0.4
	interrupt INT
	[ "$got" -eq 130 ]
	store_unchanged
}

@test "a file that is only looked at" {
	new_store
	mkfifo lines
	exec 7<>lines
	input=lines start import customer - --check
	{ echo name,city; seq -f 'Name %05.0f,Rome' 50000; } >&7
	sleep 0.4
	interrupt INT
	grep -q interrupted "$err"
}

@test "looking for duplicates: at any moment" {
	new_store
	{
		echo name,email,city
		seq -f %06.0f 60000 | sed 's/.*/Name & Some,u&@example.com,City/'
	} >a.csv
	run_ok import customer a.csv --near off
	dump_store >before
	local ms said=0
	for ms in 60 150 250 400; do
		start customer duplicates
		sleep "$(printf '0.%03d' "$ms")"
		kill -INT "$work" 2>/dev/null || true
		got=0
		wait "$work" || got=$?
		[ "$got" -eq 0 ] || grep -q interrupted "$err" || [ "$got" -ge 128 ]
		! grep -q interrupted "$err" || said=$((said + 1))
	done
	[ "$said" -gt 0 ]
	dump_store | cmp before -
}

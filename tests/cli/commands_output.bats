# D1, D2: output that cannot be written, and descriptors that are closed, of every verb. commands_output.py says what holds.
load helper

every() { # PART
	python3 -B "$BATS_TEST_DIRNAME/commands_output.py" "$BATS_TEST_TMPDIR/$1" "$1" >"$out"
}

# Not seen to fail, these tests would show nothing: a program of the shape that most have must not pass.
must_fail() { # PART SCRIPT [STEP]
	printf '#!/usr/bin/env bash\n%s\n' "$2" >wrong
	chmod +x wrong
	if CRM_STEP=${3:-10} PROGRAM=$PWD/wrong every "$1"; then
		echo 'the test passes a wrong program:'
		cat "$out"
		return 1
	fi
	grep -q ' [1-9][0-9]* problems' "$out"
}

# shellcheck disable=SC2016 # of the script
careless='text=$("$CRM" "$@"); got=$?; printf "%s" "$text" 2>/dev/null; [ -z "$text" ] || exit $got'

@test "D1: /dev/full: status 1 and a message, whatever the command; what it writes is made once" {
	every full
}

@test "D1: closed stdout: status 1 and a message, whatever the command; what it writes is made once" {
	every closed
}

@test "D1: a pipe that nobody reads: ended by SIGPIPE, silently, after COMMIT" {
	every pipe
}

@test "D1: the same where the parent ignores SIGPIPE" {
	every ignored
}

@test "D1: a careless program fails these tests" {
	must_fail full "$careless"
	must_fail pipe "trap '' PIPE; $careless"
	# a command that is tried again, since its output failed
	# shellcheck disable=SC2016
	must_fail full '"$CRM" "$@" || "$CRM" "$@"'
}

@test "D2: without descriptors 0, 1, 2, in every combination: the store is not written over" {
	every descriptors
}

@test "D2: a program that opens the store as its descriptor 2 fails this test" {
	# shellcheck disable=SC2016
	must_fail descriptors '[ -e /proc/self/fd/2 ] || exec 2<>"$XDG_DATA_HOME/crm/crm.db"; echo "a message for people" >&2'
}

# shellcheck shell=bash
# What every file of this folder shares: a home of its own for each test, a fixed clock, and helpers that tell a refusal
# from a crash. CRM is the built program.

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	CRM=$(realpath "${CRM:?the built program}")
	export CRM
	export HOME=$BATS_TEST_TMPDIR/home
	export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share
	export XDG_STATE_HOME=$HOME/.local/state XDG_CACHE_HOME=$HOME/.cache
	mkdir -p "$HOME"
	unset CRM_STORE NO_COLOR RUNEWIDTH_EASTASIAN PAGER CRM_PAGER VISUAL EDITOR COLUMNS LINES LESS
	# a Tuesday
	export CRM_NOW=2026-03-10T12:00:00Z TZ=UTC LC_ALL=C TERM=dumb CRM_AGENT=ann
	out=$BATS_TEST_TMPDIR/.out err=$BATS_TEST_TMPDIR/.err
	exec </dev/null
}

# A store in the default place, with the agents ann (who acts) and bob.
new_store() {
	run_ok init
	run_ok agent add --name ann
	run_ok agent add --name bob
}

crm() {
	"$CRM" "$@"
}

# Runs crm; what it says is in the files $out and $err.
run_status() { # STATUS ARGUMENT…
	local wanted=$1 got=0
	shift
	"$CRM" "$@" >"$out" 2>"$err" || got=$?
	[ "$got" -ge 128 ] && echo "crashed:"
	if [ "$got" -ne "$wanted" ] || [ "$got" -ge 128 ]; then
		printf 'crm %s\n' "${*@Q}"
		echo "status $got, not $wanted"
		tail -n 40 "$out" "$err"
		return 1
	fi
}

run_ok() { # ARGUMENT…
	run_status 0 "$@"
}

# Runs crm on a terminal; what it shows, on stdout and stderr, is in $out.
terminal() { # STATUS COLUMNS [WAIT TYPE]… -- ARGUMENT…
	local wanted=$1 got=0 before=()
	shift
	while [ "$1" != -- ]; do
		before+=("$1")
		shift
	done
	shift
	python3 -IS "$BATS_TEST_DIRNAME/on_terminal.py" "${before[@]}" -- "$CRM" "$@" >"$out" 2>"$err" || got=$?
	[ "$got" -eq "$wanted" ] || {
		echo "crm $*: status $got, not $wanted, shown:"
		cat -v "$out" "$err"
		return 1
	}
}

# A refusal: that status, nothing on stdout, a message on stderr.
run_fail() { # STATUS ARGUMENT…
	run_status "$@" || return
	if [ -s "$out" ]; then
		echo "a refusal that prints on stdout:"
		cat "$out"
		return 1
	fi
	grep -q '^crm: ' "$err" || {
		echo "a refusal without a message:"
		cat "$err"
		return 1
	}
}

same_lines() { # FILE LINE…
	local file=$1
	shift
	if [ $# -eq 0 ]; then
		diff -u --label wanted --label got /dev/null "$file"
	else
		diff -u --label wanted --label got <(printf '%s\n' "$@") "$file"
	fi
}

# The last run printed exactly these lines; none given: nothing.
assert_out() { # LINE…
	same_lines "$out" "$@"
}

assert_err() { # LINE…
	same_lines "$err" "$@"
}

# Somewhere on stderr, on stdout, stands this text.
assert_err_has() { # TEXT
	grep -qF -- "$1" "$err" || {
		printf 'stderr lacks: %s\n' "$1"
		cat "$err"
		return 1
	}
}

assert_out_has() { # TEXT
	grep -qF -- "$1" "$out" || {
		printf 'stdout lacks: %s\n' "$1"
		cat "$out"
		return 1
	}
}

# No line fits. (A command behind `!` fails no test.)
lacks() { # ARGUMENTS OF GREP
	! grep "$@"
}

# --- the store as a file ---

store_file() {
	echo "$XDG_DATA_HOME/crm/crm.db"
}

# All that the store holds, as text: equal texts, equal stores.
dump_store() {
	sqlite3 "$(store_file)" .dump
}

# Keeps what the store holds; store_unchanged fails when it holds something else.
remember_store() {
	dump_store >"$BATS_TEST_TMPDIR/.dump"
}

store_unchanged() {
	diff -u --label before --label after "$BATS_TEST_TMPDIR/.dump" <(dump_store)
}

store_is_sound() {
	run_ok check
	local wrong
	wrong=$(awk -F '\t' '$2 != "ok"' "$out")
	if [ -n "$wrong" ]; then
		printf 'check found:\n%s\n' "$wrong"
		return 1
	fi
}

# A refusal with this message alone, after which the store holds what remember_store saw.
assert_refusal() { # STATUS MESSAGE ARGUMENT…
	local status=$1 message=$2
	shift 2
	run_fail "$status" "$@" || return
	assert_err "crm: $message" || return
	store_unchanged
}

# Another process that has the store FILE open, so that its log stays, until let_go.
hold_open() { # FILE
	mkfifo hold
	sqlite3 "$1" <hold >/dev/null 3>&- &
	holder=$!
	exec 7>hold
	printf 'SELECT count(*) FROM customer;\n.shell touch held\n' >&7
	until [ -e held ]; do
		kill -0 "$holder" || return
		sleep 0.02
	done
}

let_go() {
	exec 7>&-
	wait "$holder"
	rm hold held
}

# Output that cannot be written is an error; a write was made exactly once all the same.
load helper

output_setup() {
	new_store
	run_ok customer add --name Li
	run_ok log phone 1 -m x --at 2026-03-01
	run_ok field add customer shoe
	run_ok config set user.agent ann
}

readers=('customer list' 'customer show 1' 'log list' 'followup due' 'report activity' 'report frequency' 'report followups'
	'export customer' 'export log' 'history' 'history customer:1' 'sql SELECT+1' 'check' 'whoami' '--version' '--help'
	'config list' 'field list' 'help' 'completion bash' 'customer list --format json'
	'customer list --format jsonl' 'customer list --format csv' 'customer list --format record'
	'customer list --format table' 'customer list --fields help')

words() { # LINE: its words in the array `line`
	read -ra line <<<"$1"
	line=("${line[@]//+/ }")
}

@test "/dev/full: status 1 and a message, whatever is read" {
	output_setup
	for command in "${readers[@]}"; do
		words "$command"
		got=0
		"$CRM" "${line[@]}" >/dev/full 2>"$err" || got=$?
		echo "$command: $got"
		[ "$got" -eq 1 ]
		grep -q '^crm: ' "$err"
	done
}

@test "closed stdout: status 1 and a message" {
	output_setup
	for command in "${readers[@]}"; do
		words "$command"
		got=0
		"$CRM" "${line[@]}" >&- 2>"$err" || got=$?
		echo "$command: $got"
		[ "$got" -eq 1 ]
		grep -q '^crm: ' "$err"
	done
}

@test "closed pipe: ends by SIGPIPE, silently" {
	output_setup
	for command in "${readers[@]}"; do
		words "$command"
		mkfifo pipe
		(exec "$CRM" "${line[@]}" >pipe 2>"$err") &
		reader=$!
		# open and close: what is written now goes nowhere
		exec 9<pipe
		exec 9<&-
		got=0
		wait "$reader" || got=$?
		rm pipe
		echo "$command: $got"
		[ "$got" -eq 141 ] || [ "$got" -eq 0 ]
		[ ! -s "$err" ]
	done
}

@test "a long list into head" {
	output_setup
	{ echo name; seq -f 'A customer of some length and number %06.0f' 20000; } >file
	run_ok import customer file
	set +o pipefail
	[ "$("$CRM" customer list --fields name 2>"$err" | head -n 1)" = Li ]
	"$CRM" customer list --fields name 2>"$err" | true
	[ "${PIPESTATUS[0]}" -eq 141 ]
	[ ! -s "$err" ]
}

@test "with SIGPIPE ignored by the parent it is an error like any other, or the default again" {
	output_setup
	{ echo name; seq -f 'A customer of some length and number %06.0f' 20000; } >file
	run_ok import customer file
	(
		trap '' PIPE
		"$CRM" customer list --fields name 2>"$err" | true
		echo "${PIPESTATUS[0]}" >got
	)
	[ "$(cat got)" -eq 141 ] || [ "$(cat got)" -eq 1 ]
}

# A command that adds one record, with a bad stdout of each kind.
@test "a write is made exactly once, whatever becomes of its output" {
	output_setup
	for kind in full closed pipe; do
		for command in 'customer add --name New' 'log phone 1 -m y' 'org add --name New' 'customer add --name New --format json'; do
			words "$command"
			table=${line[0]}
			before=$(sqlite3 "$(store_file)" "SELECT count(*) FROM $table")
			operations=$(sqlite3 "$(store_file)" 'SELECT count(*) FROM operation')
			got=0
			case $kind in
			full) "$CRM" "${line[@]}" >/dev/full 2>"$err" || got=$? ;;
			closed) "$CRM" "${line[@]}" >&- 2>"$err" || got=$? ;;
			pipe)
				set +o pipefail
				"$CRM" "${line[@]}" 2>"$err" | true
				;;
			esac
			echo "$kind: $command: $got"
			[ "$(sqlite3 "$(store_file)" "SELECT count(*) FROM $table")" -eq $((before + 1)) ]
			[ "$(sqlite3 "$(store_file)" 'SELECT count(*) FROM operation')" -eq $((operations + 1)) ]
			[ "$kind" = pipe ] || [ "$got" -eq 1 ]
		done
	done
	store_is_sound
}

@test "closed stdin, stdout and stderr: the store is not written over" {
	output_setup
	"$CRM" customer add --name New <&- >&- 2>&- || true
	"$CRM" customer list <&- >&- 2>&- || true
	"$CRM" nonsense <&- >&- 2>&- || true
	"$CRM" --as stranger log phone 1 -m y <&- >&- 2>&- || true
	store_is_sound
	run_ok customer list --fields name
	assert_out Li New
}

@test "stderr that is full changes nothing about the work" {
	output_setup
	"$CRM" customer add --name New 2>/dev/full >"$out"
	assert_out 2
	"$CRM" --as stranger customer add --name New2 2>/dev/full >"$out"
	assert_out 3
}

@test "export -o onto a full disk leaves no half file" {
	output_setup
	run_fail 1 export customer -o /dev/full/x
	[ -c /dev/full ]
}

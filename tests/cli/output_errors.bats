# Output that cannot be written, beyond what commands_output.bats tries with every command.
load helper

output_setup() {
	new_store
	run_ok customer add --name Li
	run_ok log phone 1 -m x --at 2026-03-01
	run_ok field add customer shoe
	run_ok config set user.agent ann
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

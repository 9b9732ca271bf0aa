# U2: random sequences of commands can be undone, are told by the history as they were, and leave a chain that verifies.
load helper

@test "U2: random sequences, then all undone: the store is as it was" {
	python3 "$BATS_TEST_DIRNAME/random_ops.py" "$([ -n "${CRM_LONG:-}" ] && echo 1000 || echo 15)" >found 2>&1 || {
		cat found
		false
	}
	cat found >&3
}

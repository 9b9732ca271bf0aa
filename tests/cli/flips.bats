# H2: a store whose bytes were changed: nothing crashes, and check never calls it sound when its content is another.
load helper

@test "H2: flipped bits and overwritten bytes: no crash, no silent change" {
	python3 "$BATS_TEST_DIRNAME/flips.py" "$([ -n "${CRM_LONG:-}" ] && echo 500 || echo 60)" >found 2>&1 || {
		cat found
		false
	}
	cat found >&3
}

# shellcheck shell=bash
# run_checks NAME…: runs each function check_NAME and reports in TAP. What a check prints is what it found wrong.
run_checks() {
	local check found number=0
	echo "1..$#"
	for check in "$@"; do
		number=$((number + 1))
		found=$("check_$check")
		if [ -z "$found" ]; then
			echo "ok $number - $check"
		else
			echo "not ok $number - $check"
			printf '%s\n' "$found" | sed 's/^/# /'
		fi
	done
}

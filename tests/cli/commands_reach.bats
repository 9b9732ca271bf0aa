# M3: no socket, and no file but the store's, the configuration, those named, and what the system has for all programs.
load helper

can_trace() {
	[ "${SANITIZED:-no}" = no ] || skip "not under a sanitizer"
	command -v strace >/dev/null || skip "no strace"
	strace -o /dev/null true 2>/dev/null || skip "tracing is not allowed here"
}

every() {
	python3 -B "$BATS_TEST_DIRNAME/commands_reach.py" "$BATS_TEST_TMPDIR/town" >"$out"
}

@test "M3: every verb by itself, with its helpers" {
	can_trace
	every
}

@test "M3: a program that asks around, or leaves something in /tmp, fails this test" {
	can_trace
	local script
	for script in 'exec 3<>/dev/tcp/127.0.0.1/1' ': >"${TMPDIR:-/tmp}/crm-stray.$$"; rm "${TMPDIR:-/tmp}/crm-stray.$$"' \
		'read -r line </etc/hostname' 'exec "$(type -P true)"'; do
		printf '#!%s\n%s\n' "$(type -P bash)" "$script" >wrong
		chmod +x wrong
		rm -rf town*
		if CRM_STEP=40 PROGRAM=$PWD/wrong every; then
			echo "passes: $script"
			return 1
		fi
		cat "$out"
		grep -qE 'network|writes|opens /etc/hostname|runs' "$out"
		rm -rf "$BATS_TEST_TMPDIR"/town*
	done
}

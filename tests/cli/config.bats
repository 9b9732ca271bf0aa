#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# crm config: one's own settings.

bats_require_minimum_version 1.5.0
load helper

file() {
	echo "$XDG_CONFIG_HOME/crm/config"
}

@test "set, get, list, unset" {
	run_fail 3 config get phone.country
	run_ok config set phone.country CN
	assert_out
	run_ok config get phone.country
	assert_out CN
	run_ok config set time.zone Asia/Shanghai
	run_ok config list
	assert_out phone.country=CN time.zone=Asia/Shanghai
	run_ok config unset phone.country
	run_fail 3 config get phone.country
	run_fail 3 config unset phone.country
	run_ok config list
	assert_out time.zone=Asia/Shanghai
}

@test "a default is what get prints" {
	run_ok config get store.wait
	assert_out 30
}

@test "unknown keys and refused values name the nearest, and write nothing" {
	run_fail 2 config get phone.contry
	assert_err_has phone.country
	run_fail 2 config set tiem.zone UTC
	assert_err_has time.zone
	run_fail 2 config set time.zone Mars/Base
	run_fail 2 config set phone.country XX1
	run_fail 2 config set store.wait soon
	run_fail 2 config set ui.color blue
	run_fail 2 config set user.agent $'two\nlines'
	[ ! -s "$(file)" ]
}

@test "comments, blanks and foreign lines stay" {
	mkdir -p "$(dirname "$(file)")"
	printf '%s\n' '# mine' '' '[phone]' '; the office' 'country = GB' '' '[alias]' 'mine = customer list owner:me' '# end' \
		>"$(file)"
	run_ok config set phone.country CN
	run_ok config set time.zone UTC
	run_ok config get phone.country
	assert_out CN
	run_ok alias list
	assert_out 'mine = customer list owner:me'
	run_ok config unset time.zone
	sed 's/country = GB/country = CN/' >wanted <<'TEXT'
# mine

[phone]
; the office
country = GB

[alias]
mine = customer list owner:me
# end
TEXT
	diff <(grep -v '^$\|^\[time\]$' wanted) <(grep -v '^$\|^\[time\]$' "$(file)")
}

@test "lines that mean nothing are a warning with their number" {
	mkdir -p "$(dirname "$(file)")"
	printf '%s\n' '[phone]' 'country = CN' 'colour = red' >"$(file)"
	run_ok config get phone.country
	assert_out CN
	assert_err_has 3
	assert_err_has colour
}

@test "exact values, long ones too" {
	local long
	long=/tmp/$(printf 'x%.0s' {1..3000})/crm.db
	run_ok config set store.path "$long"
	run_ok config get store.path
	assert_out "$long"
	run_ok config set user.agent 'a # b; c'
	run_ok config get user.agent
	assert_out 'a # b; c'
}

@test "edit needs a terminal; the file is the user's alone to read where crm makes it" {
	run_fail 2 config edit
	run_ok config set phone.country CN
	run ! test -e "$XDG_DATA_HOME/crm"
}

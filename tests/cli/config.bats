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

@test "all keys: with value, default, where that is from, meaning" {
	mkdir -p "$(dirname "$(file)")"
	printf '%s\n' '[store]' 'wait = 5' '' '[alias]' 'mine = customer list owner:me' '[ui]' 'color = never' >"$(file)"
	run_ok config list --all --fields key,value,default,origin
	assert_err
	local line
	for line in $'store.path\t\t\t' $'store.wait\t5\t30\tfile:2' $'ui.pager\tyes\tyes\tdefault' \
		$'ui.color\tnever\tauto\tfile:7' $'alias.NAME\t\t\t' $'alias.mine\tcustomer list owner:me\t\tfile:5'; do
		grep -qxF "$line" "$out" || { echo "lacks: $line"; cat "$out"; return 1; }
	done
	run_ok config list --all --format json
	python3 - "$out" <<-'END'
		import json, sys
		keys = {row["key"]: row for row in json.load(open(sys.argv[1]))}
		assert list(keys["ui.color"]) == ["key", "value", "default", "origin", "meaning"]
		assert keys["ui.color"]["meaning"].endswith(": auto, always, never"), keys["ui.color"]
		assert keys["ui.pager"]["meaning"].endswith(": yes, no"), keys["ui.pager"]
		assert keys["user.agent"]["value"] is None and keys["user.agent"]["origin"] is None
		assert all(row["meaning"] for row in keys.values())
	END
	# only what is set
	run_ok config list --fields key
	assert_out store.wait ui.color alias.mine
	run_ok config list
	assert_out store.wait=5 'alias.mine=customer list owner:me' ui.color=never
	run_ok config list --fields help
	assert_out_has origin
	run_fail 2 config list --fields colour
}

@test "one list of keys: help, list --all and completion name the same" {
	run_ok config list --all --fields key
	sort "$out" >keys
	[ "$(wc -l <keys)" -ge 20 ]
	run_ok config -h
	sed -n '/^keys:/,/^$/p' "$out" | grep -oE '^  [a-z]+\.[a-zA-Z0-9_]+' | tr -d ' ' | sort | diff keys -
	run_ok __complete config set ''
	cut -f 1 "$out" | sort | diff <(grep -v '^alias' keys) -
}

@test "a key that is not set says what it is for" {
	run_fail 3 config get phone.country
	assert_err 'crm: phone.country is not set (country of phone numbers without one, as CN)'
	run_fail 2 config get nonsense
	assert_err "crm: there is no key 'nonsense' (\`crm config list --all\` lists them)"
	python3 -IS "$BATS_TEST_DIRNAME/on_terminal.py" 80 -- "$CRM" config list >"$out"
	assert_out 'nothing is set: crm config list --all says what can be'
	run_ok config list
	assert_out
	assert_err
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

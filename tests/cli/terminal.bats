#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# What is shown on a terminal, and what is asked there.

bats_require_minimum_version 1.5.0
load helper

# Runs crm on a terminal; what it shows is in $out.
terminal() { # STATUS COLUMNS [WAIT TYPE]… -- ARGUMENT…
	local wanted=$1 got=0 before=()
	shift
	while [ "$1" != -- ]; do
		before+=("$1")
		shift
	done
	shift
	python3 "$BATS_TEST_DIRNAME/on_terminal.py" "${before[@]}" -- "$CRM" "$@" >"$out" 2>"$err" || got=$?
	[ "$got" -eq "$wanted" ] || {
		echo "crm $*: status $got, not $wanted"
		cat "$out" "$err"
		return 1
	}
}

# The greatest width of a line of $out, in columns.
width() {
	LC_ALL=C.UTF-8 wc -L <"$out"
}

people() {
	new_store
	run_ok customer add --name Ada --city Rome
	run_ok customer add --name 张三 --city 北京
	run_ok customer add --name 'A rather long name that no narrow terminal can show in full' --city 'Llanfair­pwllgwyn on the hill'
}

@test "a table is the default, fitted to the width; long cells are cut" {
	people
	terminal 0 200 -- customer list --fields id,name,city
	assert_out_has 'A rather long name that no narrow terminal can show in full'
	terminal 0 40 -- customer list --fields id,name,city
	[ "$(width)" -le 40 ]
	[ "$(wc -l <"$out")" = 4 ]
	assert_out_has …
	assert_out_has Ada
	assert_out_has 张三
	terminal 0 40 -- customer list --fields name,city --format tsv
	assert_out_has 'A rather long name that no narrow terminal can show in full'
}

@test "wide characters take two columns" {
	new_store
	run_ok customer add --name Ada --city Rome
	run_ok customer add --name 张三 --city 北京
	run_ok customer add --name 👩‍💻 --city Oslo
	terminal 0 80 -- customer list --fields name,city --no-header
	assert_out 'Ada   Rome' '张三  北京' '👩‍💻    Oslo'
}

@test "cutting never splits a character" {
	new_store
	run_ok customer add --name 张三张三张三张三张三张三张三张三张三张三 --city x
	local columns
	for columns in 20 21 22 23; do
		terminal 0 "$columns" -- customer list --fields name,city
		[ "$(width)" -le "$columns" ]
		iconv -f UTF-8 -t UTF-8 "$out" >/dev/null
		assert_out_has …
	done
}

@test "control characters are never raw: table, record, messages" {
	new_store
	run_ok customer add --name $'\e[31mred\a' --note $'a\u202eb' --city $'\u009b31m'
	terminal 0 80 -- customer list --fields name,note,city
	run ! grep -q $'\e\|\a\|\u202e\|\u009b' "$out"
	assert_out_has '\x1b[31mred\x07'
	terminal 0 80 -- customer show 1
	run ! grep -q $'\e\|\a\|\u202e\|\u009b' "$out"
	assert_out_has '\x1b[31mred\x07'
	terminal 3 80 -- customer show $'no\e[2Jbody'
	run ! grep -q $'\e' "$out"
	assert_out_has '\x1b[2J'
}

@test "machine formats on a terminal are escaped too, with one warning; into a pipe they are exact" {
	new_store
	run_ok customer add --name $'\e[31mred' --city $'\e[2J'
	run_ok customer add --name $'\e[32mgreen'
	local format
	for format in tsv csv json jsonl; do
		terminal 0 120 -- customer list --fields name,city --format "$format"
		run ! grep -q $'\e' "$out"
	done
	for format in tsv csv; do
		terminal 0 120 -- customer list --fields name,city --format "$format"
		[ "$(grep -c '^crm: warning: control characters' "$out")" = 1 ]
	done
	run_ok customer list --fields name --format csv --no-header --limit 1
	assert_out $'\e[31mred'
	assert_err
}

@test "colour only where it is wanted" {
	people
	export TERM=xterm-256color
	terminal 0 80 -- customer list --no-pager
	grep -q $'\e\[' "$out"
	NO_COLOR=1 terminal 0 80 -- customer list --no-pager
	run ! grep -q $'\e' "$out"
	terminal 0 80 -- customer list --no-pager --color never
	run ! grep -q $'\e' "$out"
	run_ok customer list --format table
	run ! grep -q $'\e' "$out"
	run_ok customer list --format table --color always
	grep -q $'\e\[' "$out"
}

@test "the pager: for long lists on a terminal only" {
	new_store
	local i
	for i in {1..60}; do
		echo "{\"name\":\"customer $i\"}"
	done >many.jsonl
	run_ok import customer many.jsonl
	export CRM_PAGER='sed s/^/paged:/'
	run_ok customer list --fields name
	run ! grep -q paged "$out"
	terminal 0 80 -- customer list --fields name
	[ "$(grep -c '^paged:' "$out")" -ge 60 ]
	terminal 0 80 -- customer list --fields name --no-pager
	run ! grep -q paged "$out"
	[ "$(grep -c '^customer ' "$out")" = 60 ]
	CRM_PAGER=cat terminal 0 80 -- customer list --fields name
	[ "$(grep -c '^customer ' "$out")" = 60 ]
}

@test "no pager on a terminal that less would complain about" {
	people
	TERM=dumb terminal 0 80 -- customer list --fields id
	assert_out 'Id' ' 1' ' 2' ' 3'
}

@test "rm asks; no keeps, yes removes" {
	people
	terminal 1 80 '?' $'n\n' -- customer rm 1
	run_ok customer list --fields id
	assert_out 1 2 3
	terminal 1 80 '?' $'\n' -- customer rm 1
	run_ok customer list --fields id
	assert_out 1 2 3
	terminal 0 80 '?' $'y\n' -- customer rm 1
	run_ok customer list --fields id
	assert_out 2 3
}

@test "rm says what goes along" {
	people
	run_ok log phone 1 -m one
	run_ok log phone 1 -m two
	terminal 1 80 '?' $'n\n' -- customer rm 1
	grep -q '2 ' "$out"
	terminal 1 80 '?' $'\x04' -- customer rm 1
	run_ok customer list --fields id
	assert_out 1 2 3
}

@test "edit --where counts and asks" {
	people
	terminal 1 80 '?' $'n\n' -- customer edit --where city:Rome,北京 --stage lead
	grep -q '2 ' "$out"
	run_ok customer list stage:lead
	assert_out
	terminal 0 80 '?' $'y\n' -- customer edit --where city:Rome,北京 --stage lead
	run_ok customer list stage:lead --fields id
	assert_out 1 2
}

@test "add prints the number alone also on a terminal" {
	new_store
	terminal 0 80 -- -q customer add --name Ada
	assert_out 1
}

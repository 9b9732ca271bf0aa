#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# Every form of output, byte by byte, on text that is hard to write.

bats_require_minimum_version 1.5.0
load helper

# 1: nothing special. 2: CJK, an emoji of several code points, quotes, a comma. 3: newline, tab, CR, backslash, escape, bell.
records() {
	new_store
	run_ok customer add --name Ada --city Rome --do-not-call yes
	run_ok customer add --name '张三 "小张", 👩‍💻' --city 北京 --tag 'a\,b' --tag c
	run_ok customer add --name Eve --city $'line one\nline\ttwo\r\\ \e[31mred\a'
}

fields=id,name,city,tags,do_not_call

@test "tsv: no header, tab, newline, CR and backslash written out, the rest exact" {
	records
	run_ok customer list --format tsv --fields $fields
	assert_out $'1\tAda\tRome\t\tyes' $'2\t张三 "小张", 👩‍💻\t北京\ta\\\\,b, c\tno' \
		$'3\tEve\tline one\\nline\\ttwo\\r\\\\ \e[31mred\a\t\tno'
	cp "$out" named
	run_ok customer list --fields $fields
	cmp named "$out"
	run_ok customer list --format tsv --header --fields $fields --limit 1
	assert_out $'id\tname\tcity\ttags\tdo_not_call' $'1\tAda\tRome\t\tyes'
}

@test "csv: RFC 4180, header, exact values" {
	records
	run_ok customer list --format csv --fields $fields
	printf '%s' 'id,name,city,tags,do_not_call
1,Ada,Rome,,yes
2,"张三 ""小张"", 👩‍💻",北京,"a\,b, c",no
3,Eve,"line one
line	two'$'\r''\ '$'\e''[31mred'$'\a''",,no
' >wanted
	cmp wanted "$out"
	run_ok customer list --format csv --no-header --fields id
	assert_out 1 2 3
	run_ok customer list --format csv nobody
	assert_out id,name,phone,email,owner,stage,last_contact_at
}

@test "csv is read by another reader as it was written" {
	records
	run_ok customer list --format csv --fields name,city
	python3 - "$out" <<'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8", newline="")))
assert rows == [["name", "city"], ["Ada", "Rome"], ['张三 "小张", 👩‍💻', "北京"],
                ["Eve", "line one\nline\ttwo\r\\ \x1b[31mred\x07"]], rows
PY
}

@test "json: one array, valid, with null, numbers, booleans, lists" {
	records
	run_ok customer list --format json --fields $fields,stage,contacts
	python3 -m json.tool "$out" >/dev/null
	python3 - "$out" <<'PY'
import json, sys
rows = json.load(open(sys.argv[1], encoding="utf-8"))
assert rows == [
    {"id": 1, "name": "Ada", "city": "Rome", "tags": None, "do_not_call": True, "stage": None, "contacts": 0},
    {"id": 2, "name": '张三 "小张", 👩‍💻', "city": "北京", "tags": ["a,b", "c"], "do_not_call": False, "stage": None,
     "contacts": 0},
    {"id": 3, "name": "Eve", "city": "line one\nline\ttwo\r\\ \x1b[31mred\x07", "tags": None, "do_not_call": False,
     "stage": None, "contacts": 0}], rows
assert list(rows[0]) == ["id", "name", "city", "tags", "do_not_call", "stage", "contacts"]
PY
	run_ok customer list --format json nobody
	[ "$(python3 -c 'import json, sys; print(json.load(sys.stdin))' <"$out")" = '[]' ]
}

@test "jsonl: an object a line" {
	records
	run_ok customer list --format jsonl --fields id,name,tags,stage,do_not_call
	assert_out '{"id":1,"name":"Ada","tags":null,"stage":null,"do_not_call":true}' \
		'{"id":2,"name":"张三 \"小张\", 👩‍💻","tags":["a,b","c"],"stage":null,"do_not_call":false}' \
		'{"id":3,"name":"Eve","tags":null,"stage":null,"do_not_call":false}'
	run_ok customer list --format jsonl --fields city --offset 2
	[ "$(wc -l <"$out")" = 1 ]
	python3 -m json.tool "$out" >/dev/null
	run_ok customer list --format jsonl nobody
	assert_out
}

@test "json is valid for every character below a blank" {
	new_store
	local i text=
	for i in {1..31} 127; do
		printf -v i '\\x%02x' "$i"
		printf -v i %b "$i"
		text+=x$i.
	done
	run_ok customer add --name "$text"
	run_ok customer list --format jsonl --fields name
	python3 - "$out" "$text" <<'PY'
import json, sys
assert json.load(open(sys.argv[1], encoding="utf-8"))["name"] == sys.argv[2]
PY
}

@test "table: columns under their heads, wide characters two columns, escapes shown" {
	records
	# 张三 "小张", 👩‍💻 takes 4 + 1 + 6 + 1 + 1 + 2 = 15 columns, the gap two
	run_ok customer list --format table --fields id,name,city --limit 2
	assert_out 'id  name             city' ' 1  Ada              Rome' ' 2  张三 "小张", 👩‍💻  北京'
	run_ok customer list --format table --fields city --offset 2 --no-header
	assert_out 'line one\nline\ttwo\x0d\ \x1b[31mred\x07'
}

@test "record: a field a line, empty ones left out, control characters shown" {
	records
	run_ok customer show 3 --fields id,name,city,stage
	sed -E 's/^([a-z_]+): +/\1: /' "$out" >plain
	run ! grep -q $'\e' "$out"
	run ! grep -q stage "$out"
	grep -qx 'id: 3' plain
	grep -qx 'name: Eve' plain
	grep -qF '\x1b[31mred\x07' plain
	run_ok customer list --format record --fields id,name --limit 2
	sed -E 's/^([a-z_]+): +/\1: /' "$out" >plain
	same_lines plain 'id: 1' 'name: Ada' '' 'id: 2' 'name: 张三 "小张", 👩‍💻'
}

@test "bidirectional overrides and other invisible characters are shown to people, exact to programs" {
	new_store
	run_ok customer add --name $'safe\u202egnp.exe' --city $'a\u200bb'
	run_ok customer list --fields name,city
	assert_out $'safe\u202egnp.exe\ta\u200bb'
	run_ok customer list --format table --no-header --fields name
	assert_out 'safe\u202egnp.exe'
	run_ok customer show 1 --fields name
	run ! grep -q $'\u202e' "$out"
	run_ok customer add --name x --key $'\e[2Jk'
	run_fail 4 customer add --name y --key $'\e[2Jk'
	assert_err_has '\x1b[2Jk'
	run ! grep -q $'\e' "$err"
}

@test "--fields chooses and orders; +FIELD adds to the usual ones" {
	records
	run_ok customer list --fields city,id --limit 1
	assert_out $'Rome\t1'
	run_ok customer list --fields id,id --limit 1
	assert_out $'1\t1'
	run_ok customer list --header --fields +city,do_not_call --limit 1
	assert_out $'id\tname\tphone\temail\towner\tstage\tlast_contact_at\tcity\tdo_not_call' \
		$'1\tAda\t\t\t\t\t\tRome\tyes'
	run_fail 2 customer list --fields ''
	run_fail 2 customer list --fields id,,name
}

@test "--fields help lists all with type and meaning" {
	records
	run_ok field add customer tier --help-text 'level of contract'
	run_ok customer list --fields help
	assert_err
	local line
	for line in 'id +integer +.+' 'name +text +.+' 'birthday +date +.+' 'last_contact_at +time +.+' 'owner +ref +.+' \
		'tier +text +level of contract'; do
		tr '\t' ' ' <"$out" | grep -qE "^$line$" || {
			echo "lacks: $line"
			cat "$out"
			return 1
		}
	done
	run_ok log list --fields help
	assert_out_has duration
}

@test "times: RFC 3339 with the offset of the zone, in machine formats" {
	new_store
	run_ok customer add --name Ada
	run_ok log phone 1 --at 2026-01-02T15:04:05Z -m hello --duration 1h30min
	run_ok log list --fields at,duration
	assert_out $'2026-01-02T15:04:05+00:00\t5400'
	run_ok log list --fields at,duration --tz Asia/Shanghai --format jsonl
	assert_out '{"at":"2026-01-02T23:04:05+08:00","duration":5400}'
	run_ok log list --fields at --tz America/New_York --format csv --no-header
	assert_out 2026-01-02T10:04:05-05:00
	TZ=Asia/Kolkata run_ok log list --fields at
	assert_out 2026-01-02T20:34:05+05:30
	run_ok config set time.zone Europe/Paris
	run_ok log list --fields at
	assert_out 2026-01-02T16:04:05+01:00
	run_fail 2 log list --tz Mars/Base
}

@test "nothing depends on the locale" {
	records
	run_ok customer list --format table --fields $fields
	cp "$out" c
	LC_ALL=C.UTF-8 LANG=zh_CN.UTF-8 run_ok customer list --format table --fields $fields
	cmp c "$out"
}

@test "the same store, clock and arguments give the same bytes" {
	records
	local format
	for format in table tsv csv json jsonl record; do
		run_ok customer list --format $format
		cp "$out" first
		run_ok customer list --format $format
		cmp first "$out"
	done
}

@test "export writes csv with header and every field that import takes" {
	records
	run_ok export customer
	head -n 1 "$out" | tr ',' '\n' >header
	grep -qx name header
	grep -qx city header
	run ! grep -qx id header
	run ! grep -qx created_at header
	run_ok export customer --fields name --no-header --format csv
	assert_out Ada '"张三 ""小张"", 👩‍💻"' Eve
	run_ok export customer -o list.jsonl --fields name
	assert_out
	[ "$(head -n 1 list.jsonl)" = '{"name":"Ada"}' ]
}

@test "export --excel: byte order mark, CR LF, formulas made harmless, numbers left alone" {
	new_store
	run_ok customer add --name '=1+1' --phone +8613800138000 --note -5
	run_ok customer add --name '@cmd' --note '-cmd|x'
	run_ok customer add --name "+49 x" --note $'\tx'
	run_ok export customer --excel --fields name,phone,note
	printf '\xef\xbb\xbfname,phone,note\r\n%s\r\n%s\r\n%s\r\n' \
		"'=1+1,+8613800138000,-5" "'@cmd,,'-cmd|x" $'\'+49 x,,\'\tx' >wanted
	cmp wanted "$out"
}

@test "a write error is an error, a closed pipe is silent" {
	records
	local status=0
	crm customer list >/dev/full 2>"$err" || status=$?
	[ "$status" = 1 ]
	assert_err_has stdout
	crm export customer >/dev/full 2>"$err" || status=$?
	[ "$status" = 1 ]
	set +o pipefail
	local i
	for i in {1..300}; do
		echo "{\"name\":\"customer number $i with a rather long name to fill the pipe beyond all its buffers\"}"
	done >many.jsonl
	run_ok import customer many.jsonl
	crm customer list --format json 2>"$err" | head -n 1 >/dev/null
	assert_err
}

#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# The whole store as text and back.

bats_require_minimum_version 1.5.0
load helper

# A store with something of everything in it.
full_store() {
	new_store
	run_ok agent add --name wang
	run_ok org add --name 云科 --domain b.cn
	run_ok field add customer size --type integer
	run_ok customer add --name $'Tab\tand "quotes" \\ and \e[31m' --email a@b.cn --email work:c@d.cn --phone +8613800138000 \
		--tag vip --tag 老客户 --note $'two\nlines \u2028 \u202e 👩‍💻' --set size=7 --org 1 --owner bob --city ''
	run_ok customer add --name 张三 --birthday --05-12
	run_ok customer add --name Gone
	run_ok customer rm 3 --yes
	run_ok log phone 1 -m "$(printf 'x%.0s' {1..2000})" --at 2026-03-01T10:00:00Z
	run_ok log email 2 -m '' --subject 主题 --in
	run_ok team add --name service --members wang
	run_ok rule add --name queue --event created --condition type:question --actions 'tag queued'
	run_ok ticket add 1 --type question --subject 'Where?' --team service
	run_ok ticket add 2 --type inquiry --subject 询问
	run_ok ticket link 1 relates 2
	run_ok sla add --name all --resolution 1d
	run_ok ticket solve 1 -m here
	run_ok order add 1 --number SO-1 --amount '-12.50 USD'
	run_ok view add customer vips tag:vip --fields id,name
	run_ok followup policy add --filter tag:vip --after 30d --action call --quiet-hours 21:00-09:00
	printf 'key,name\nK1,Imported\nK2,Another\n' >in.csv
	run_ok import customer in.csv --source erp
	run_ok ticket category add --name 电器
	printf 'customer,due,purpose\n1,2026-03-12 10:00,报价\n' >tasks.csv
	run_ok import followup tasks.csv
	printf 'customer,answered_at,nps,comment\n1,2026-03-09 10:00,9,很好\n' >answers.csv
	run_ok import survey answers.csv
	printf 'customer,kind,other\n1,distinct,2\n' >links.csv
	run_ok import customer_link links.csv
	sqlite3 "$XDG_DATA_HOME/crm/crm.db" "INSERT INTO classifier (name, version, method, learnt_from, text_fields, label_field,
		labels, documents, threshold, format, weights, created_at, op) VALUES ('a', 1, 'svm', 'ticket', 'subject', 'category',
		2, 9, 35, 1, 'AAAA', 1, 0)"
	run_ok customer edit 2 --city Rome
	run_ok undo
}

@test "load: who acts may be an agent of the dump; a stranger is warned of" {
	full_store
	run_ok dump -o a.dump
	run_ok init --store b.db
	run_ok load a.dump --store b.db
	[ "$(grep -c warning "$err")" -eq 0 ]
	run_ok init --store c.db
	CRM_AGENT=zoe run_ok load a.dump --store c.db
	assert_err_has "there is no agent 'zoe' in the store"
}

@test "load of a dump makes the same store: equal dump, nothing to mend, history goes on" {
	full_store
	run_ok dump -o a.dump
	run_ok init --store b.db
	run_ok load a.dump --store b.db
	assert_err_has 'cannot take that back'
	run_ok dump --store b.db
	cmp a.dump "$out"
	run_ok check --store b.db
	run_ok redo --store b.db
	run_ok customer show 2 --store b.db --format json
	grep -q '"city": *"Rome"' "$out"
	run_ok import revert 1 --store b.db
	run_ok customer list --fields id --store b.db
	assert_out 1 2
	run_ok customer add --name New --store b.db # numbers are never used twice
	assert_out 6
}

@test "exports of both stores are equal" {
	full_store
	run_ok dump -o a.dump
	run_ok init --store b.db
	run_ok load a.dump --store b.db
	local type
	for type in customer log org agent; do
		run_ok export "$type" --format jsonl
		cp "$out" wanted
		run_ok export "$type" --format jsonl --store b.db
		cmp wanted "$out"
	done
}

@test "without history: no journal, and again the same" {
	full_store
	run_ok dump --no-history -o a.dump
	run ! grep -qE '^(operation|change|import) |"op":' a.dump
	run_ok init --store b.db
	run_ok load - --store b.db <a.dump
	run_ok dump --no-history --store b.db
	cmp a.dump "$out"
	run_ok check --store b.db
	run_ok history --store b.db --fields command --format csv --no-header
	assert_out load
	run_fail 4 undo --store b.db
	assert_err_has 'it loaded the whole store'
}

@test "every table of the schema is in it" {
	full_store
	sqlite3 "$(store_file)" "INSERT INTO erasure (at, agent, login, entity, record) VALUES (1, 'ann', 'ann', 'customer', 900);
		INSERT INTO retention (position, name, name_fold, entity, keep_for, created_at, op) VALUES (10, 'a', 'a', 'log', '3y', 1, 1)"
	run_ok dump -o a.dump
	local table
	for table in $(sqlite3 "$XDG_DATA_HOME/crm/crm.db" "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search\_%' ESCAPE '\\'
		AND name NOT LIKE 'sqlite\_%' ESCAPE '\\' AND name NOT LIKE 'search\_%' ESCAPE '\\'"); do
		local stored dumped
		stored=$(sqlite3 "$XDG_DATA_HOME/crm/crm.db" "SELECT count(*) FROM $table")
		dumped=$(grep -c "^$table {" a.dump || true)
		[ "$stored" -gt 0 ] || { echo "none of $table"; return 1; }
		[ "$stored" = "$dumped" ]
	done
}

@test "a line a record, valid JSON, no control character" {
	full_store
	run_ok dump -o a.dump
	python3 - a.dump <<'EOF'
import hashlib, json, sys, unicodedata
lines = open(sys.argv[1], newline="\n", encoding="utf-8").read().split("\n")
assert lines.pop() == ""
for line in lines:
    word, text = line.split(" ", 1)
    json.loads(text)
    assert not any(unicodedata.category(c) in ("Cc", "Zl", "Zp") or c == "\u202e" for c in line), line
end = json.loads(lines[-1].split(" ", 1)[1])
assert end["rows"] == len(lines) - 2
assert end["sha256"] == hashlib.sha256(("\n".join(lines[:-1]) + "\n").encode()).hexdigest()
EOF
}

@test "text that is no UTF-8, made by another program, survives" {
	new_store
	run_ok customer add --name X
	sqlite3 "$XDG_DATA_HOME/crm/crm.db" "UPDATE customer SET note = CAST(x'ff41' AS TEXT), city = CAST(x'610062' AS TEXT)"
	run_ok dump -o a.dump
	grep -q '"note":{"hex":"ff41"}' a.dump
	run_ok init --store b.db
	run_ok load a.dump --store b.db
	[ "$(sqlite3 b.db 'SELECT hex(note), hex(city) FROM customer')" = 'FF41|610062' ]
}

# Refused with this status and these words, and the new store stays empty.
refused() { # STATUS WORDS [OPTION…]
	local status=$1 words=$2
	shift 2
	rm -f b.db*
	run_ok init --store b.db
	run_fail "$status" load bad.dump --store b.db "$@"
	assert_err_has "$words"
	run_ok customer list --store b.db
	assert_out
	run_ok followup policy list --fields id --store b.db
	assert_out 1
}

@test "a dump that is cut off, changed, newer, or none" {
	full_store
	run_ok dump -o a.dump
	head -n -1 a.dump >bad.dump
	refused 1 'bad.dump: the dump is cut off: its last line is missing'
	head -c -20 a.dump >bad.dump
	refused 1 'the dump is cut off'
	sed 's/张三/李四/' a.dump >bad.dump
	refused 1 'its digest is another one'
	sed '/张三/d' a.dump >bad.dump
	refused 1 'not as many lines'
	sed '1s/"schema":4/"schema":99/' a.dump >bad.dump
	refused 6 'newer version'
	sed '1s/"format":1/"format":2/' a.dump >bad.dump
	refused 6 'newer version'
	sed '1s/"format":1,//' a.dump >bad.dump
	refused 1 'bad.dump:1: the header has no version of the format'
	sed '1s/"schema":4/"schema":"1"/' a.dump >bad.dump
	refused 1 'bad.dump:1: the header has no version of the schema'
	echo 'name,city' >bad.dump
	refused 1 'bad.dump:1: is no dump of crm'
	echo 'crm-dump {' >bad.dump
	refused 1 'bad.dump:1: is no dump of crm'
	: >bad.dump
	refused 1 'bad.dump: is empty'
	(cat a.dump && echo x) >bad.dump
	refused 1 'behind the end'
}

@test "an edited dump: faults are told with their line" {
	full_store
	run_ok dump --no-history -o a.dump
	sed '/^customer {"id":2,/s/张三/李四/' a.dump >bad.dump
	run_ok init --store b.db
	run_ok load bad.dump --edited --store b.db
	run_ok customer show 2 --store b.db --fields name
	assert_out_has 李四
	local n
	n=$(grep -n '^customer {"id":2,' a.dump | cut -d: -f1)
	sed "${n}s/\"name\"/\"nosuch\"/" a.dump >bad.dump
	refused 1 "bad.dump:$n: customer has no column 'nosuch'" --edited
	sed "${n}s/\"id\":2/\"id\":\"x\"/" a.dump >bad.dump
	refused 1 "bad.dump:$n: " --edited
	sed "${n}s/.*/customer {/" a.dump >bad.dump
	refused 1 "bad.dump:$n: " --edited
	sed "${n}s/.*/customer []/" a.dump >bad.dump
	refused 1 "bad.dump:$n: is no object" --edited
	sed "${n}s/^customer/nosuch/" a.dump >bad.dump
	refused 1 "bad.dump:$n: no such table" --edited
	sed "${n}d" a.dump >bad.dump
	refused 1 ' 2 refers to a record of customer that the dump has not' --edited
	sed "${n}p" a.dump >bad.dump
	refused 1 "bad.dump:$((n + 1)): " --edited
}

@test "a row added by hand without a number, or with one that is a text, is in the journal under the number it got" {
	new_store
	run_ok customer add --name A
	run_ok customer add --name B
	run_ok dump --no-history -o a.dump
	sed 's/^customer {"id":2,/customer {/' a.dump >b.dump
	sed 's/^customer {"id":2,/customer {"id":"2",/' a.dump >c.dump
	local file
	for file in b c; do
		run_ok init --store $file.db
		run_ok load $file.dump --edited --store $file.db
		run_ok check --store $file.db
		[ "$(sqlite3 $file.db "SELECT first_id, last_id FROM change WHERE entity = 'customer'")" = '1|2' ]
	done
}

# Escaped it takes six times its length: more than the store takes of one text.
@test "a text of many megabytes of control characters comes back" {
	new_store
	run_ok customer add --name X
	sqlite3 "$XDG_DATA_HOME/crm/crm.db" "UPDATE customer SET note = replace(hex(zeroblob(6000000)), '0', char(1))"
	run_ok dump -o a.dump
	[ "$(stat -c %s a.dump)" -gt $((64 << 20)) ]
	run_ok init --store b.db
	run_ok load a.dump --store b.db
	[ "$(sqlite3 b.db "SELECT length(note), replace(note, char(1), '') = '' FROM customer")" = '12000000|1' ]
	run_ok dump --store b.db
	cmp a.dump "$out"
}

@test "what is no dump is refused after its first kilobytes, however long" {
	new_store
	run_ok init --store b.db
	run_fail 1 load /dev/zero --store b.db
	assert_err_has '/dev/zero:1: is no dump of crm'
}

@test "a megabyte of text, and load makes the default store" {
	new_store
	python3 -c 'print("".join(f"zeile {i} \t\"张三\" \\ 👩\n" for i in range(25000)))' >note
	run_ok customer add --name X
	run_ok log phone 1 -F note --at 2026-03-01T10:00:00Z
	run_ok dump -o a.dump
	export XDG_DATA_HOME=$HOME/other
	run_ok load a.dump
	assert_err_has "made the store $HOME/other/crm/crm.db"
	run_ok dump
	cmp a.dump "$out"
	run_ok log show 1 --format json
	python3 - "$out" note <<'EOF'
import json, sys
shown = json.load(open(sys.argv[1], encoding="utf-8"))
shown = shown[0] if isinstance(shown, list) else shown
assert shown["content"].rstrip("\n") == open(sys.argv[2], encoding="utf-8").read().rstrip("\n")
EOF
}

@test "only into an empty store" {
	full_store
	run_ok dump -o a.dump
	run_fail 4 load a.dump
	assert_err_has 'is not empty'
	run_fail 1 load missing.dump
	run_fail 2 load
}

@test "killed while loading: the store is empty" {
	new_store
	python3 -c 'for i in range(20000): print(f"K{i},n{i}")' | sed '1i key,name' >in.csv
	run_ok import customer in.csv -q
	run_ok dump -o a.dump
	run_ok init --store b.db
	mkfifo pipe
	"$CRM" load - --store b.db <pipe &
	local pid=$!
	exec 7>pipe
	head -n 15000 a.dump >&7
	kill -KILL "$pid"
	exec 7>&-
	wait "$pid" || true
	run_ok customer list --store b.db
	assert_out
	run_ok load a.dump --store b.db
	run_ok check --store b.db
}

@test "a dump to a full disk, a file that appears whole" {
	full_store
	"$CRM" dump >/dev/full 2>"$err" && return 1
	assert_err_has 'could not be written'
	run_ok dump -o a.dump
	[ "$(stat -c %a a.dump)" = 600 ]
}

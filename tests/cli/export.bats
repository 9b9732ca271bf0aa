# export: exact, filtered, whole files; what goes out comes in again.
load helper

hostile() { # every text that ever broke a CSV file, a terminal or a spreadsheet
	cat <<-'END'
		"plain"
		" leading"
		"trailing "
		"  both  "
		"a,b"
		"a;b"
		"a\tb"
		"a|b"
		"\"quoted\""
		"\"\"\""
		"\""
		"a\"b"
		"it's"
		"back\\slash"
		"\\n"
		"\\t\\\\"
		"line\nend"
		"line\r\nend"
		"cr\ronly"
		"\nfirst"
		"last\n"
		"=1+1"
		"=cmd|' /C calc'!A0"
		"+1"
		"+1+cmd"
		"-1"
		"-2+3"
		"@SUM(A1)"
		"\u0009=1"
		"'=1"
		"'"
		"''"
		"\uff1d1+1"
		"0"
		"00123"
		"1e5"
		"123456789012345678901234567890"
		"0x1F"
		"NULL"
		"null"
		"None"
		"true"
		"NaN"
		"#REF!"
		"# comment"
		"// comment"
		"2026-01-02"
		"1/2"
		"Robert'); DROP TABLE customer;--"
		"$(touch ran)"
		"`touch ran`"
		"%s%n%d"
		"<script>alert(1)</script>"
		"&amp;"
		"\u001b[2J\u001b]0;title\u0007"
		"\u0001\u0002\u001f"
		"\u007f"
		"\u0085\u009b"
		"\u00a0nbsp\u00a0"
		"\ufeffbom"
		"zero\u200bwidth\u200d"
		"\u202eevil\u202c"
		"\u2066iso\u2069"
		"e\u0301 \u00e9"
		"\u5f20\u4e09"
		"\ud840\udc00"
		"\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67"
		"\ufdd0\uffff"
		"\udbff\udfff"
		"\u2028\u2029"
		"-"
		"--help"
		"-rf"
		"*"
		"~"
		"../../etc/passwd"
		"{\"a\":1}"
		"[1,2]"
		":"
		"key:1"
		"@view"
	END
}

# A store with a customer for each, who has it as note; and a file of what they are.
hostile_store() {
	new_store
	hostile | python3 -c '
import json, sys
texts = [json.loads(l) for l in sys.stdin]
for i, t in enumerate(texts, 1):
    print(json.dumps({"key": f"H{i:03}", "name": f"n{i:03} " + t, "note": t}))
json.dump(texts, open("texts.json", "w"))' >hostile.jsonl
	run_ok import customer hostile.jsonl --read jsonl
}

# Every note in the store is what it was made to be.
notes_are_exact() {
	python3 - "$(store_file)" <<-'END'
		import json, sqlite3, sys
		texts = json.load(open("texts.json"))
		rows = sqlite3.connect(sys.argv[1]).execute("SELECT external_key, name, note FROM customer ORDER BY external_key").fetchall()
		want = [(f"H{i:03}", f"n{i:03} " + t, t) for i, t in enumerate(texts, 1)]
		bad = [(w, r) for w, r in zip(want, rows) if w != r]
		sys.exit(None if len(rows) == len(want) and not bad else f"{len(rows)} rows; wanted, got: {bad}")
	END
}

@test "hostile text is stored exactly" {
	hostile_store
	notes_are_exact
	[ ! -e ran ]
}

@test "export and import into a new store is the identity: CSV" {
	hostile_store
	run_ok export customer
	cp "$out" first.csv
	python3 - first.csv <<-'END'
		import csv, json, sys
		texts = json.load(open("texts.json"))
		rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")))
		assert [r["note"] for r in rows] == texts
	END
	rm -rf "$XDG_DATA_HOME"
	run_ok init
	run_ok import customer first.csv
	notes_are_exact
	run_ok export customer
	cmp first.csv "$out"
}

@test "export and import into a new store is the identity: JSON lines" {
	hostile_store
	run_ok export customer --format jsonl
	cp "$out" first.jsonl
	python3 - <<-'END'
		import json
		texts = json.load(open("texts.json"))
		assert [json.loads(l)["note"] for l in open("first.jsonl", encoding="utf-8", newline="\n")] == texts
	END
	rm -rf "$XDG_DATA_HOME"
	run_ok init
	run_ok import customer first.jsonl
	notes_are_exact
}

@test "all that a customer is goes out and in: tags, further addresses, custom fields, dates" {
	new_store
	run_ok field add customer shoe
	run_ok customer add --name Li --key K1 --email a@example.com --email work:b@example.com --phone +8613800138000 \
		--phone home:+8655112345678 --tag a,b --tag 'c;d' --tag 中文 --birthday --05-12 --set 'shoe=4,2' --do-not-call yes \
		--customer-since 2020-02-29 --owner bob --stage lead --country CN --timezone Asia/Shanghai
	run_ok customer add --name Wu --birthday 1990
	run_ok export customer
	cp "$out" first.csv
	rm -rf "$XDG_DATA_HOME"
	new_store
	run_ok field add customer shoe
	run_ok import customer first.csv
	run_ok export customer
	cmp first.csv "$out"
	run_ok customer list shoe:4\\,2 tag:a tag:b 'tag:c;d' email:b@example.com phone:+8655112345678 --fields name,do_not_call,customer_since
	assert_out $'Li\tyes\t2020-02-29'
}

@test "tags and labels with blanks, commas and backslashes at their ends go out and in" {
	new_store
	run_ok customer add --name Li --key K1 --tag x --tag ' a' --tag 'b ' --tag $'\tc\n' --tag ' ' --tag ',d,' --tag '\e\' \
		--phone +8613800138000 --phone ' home:+8655112345678' --phone ' a b :+8655112345679'
	run_ok sql "SELECT count(*) FROM record_tag WHERE tag IN ('x', ' a', 'b ', char(9) || 'c' || char(10), ' ', ',d,', '\e\')"
	assert_out 7
	sqlite3 "$(store_file)" "SELECT tag FROM record_tag; SELECT label, value FROM contact_point" >stored
	run_ok export customer
	cp "$out" first.csv
	run_ok export customer --format jsonl
	cp "$out" first.jsonl
	local file
	for file in first.csv first.jsonl; do
		rm -rf "$XDG_DATA_HOME"
		new_store
		run_ok import customer "$file"
		sqlite3 "$(store_file)" "SELECT tag FROM record_tag; SELECT label, value FROM contact_point" | cmp stored
	done
	run_ok customer list 'tag:\ a' --fields name
	assert_out Li
}

@test "logs go out and in" {
	new_store
	run_ok customer add --name Li --key K1
	run_ok log phone 1 -m $'line\n"quoted", end' --in --at 2026-03-01T10:00:07Z --duration 1h30min --subject '=1'
	run_ok log email 1 -m x --internal yes --at 0001-01-01T00:00:00Z
	run_ok export log
	cp "$out" logs.csv
	run_ok export customer
	cp "$out" customers.csv
	rm -rf "$XDG_DATA_HOME"
	new_store
	run_ok import customer customers.csv
	run_ok import log logs.csv
	run_ok export log
	cmp logs.csv "$out"
}

@test "a header always, RFC 4180, no BOM, line feed" {
	new_store
	run_ok export customer
	[ "$(wc -l <"$out")" -eq 1 ]
	[ "$(head -c 4 "$out")" = key, ]
	run_ok customer add --name 'a"b,c' --note $'x\ny'
	run_ok export customer --fields name,note
	assert_out name,note '"a""b,c","x' 'y"'
	[ "$(grep -c $'\r' "$out")" -eq 0 ]
}

@test "filters, sort, limit, fields" {
	new_store
	run_ok customer add --name A --city x
	run_ok customer add --name B --city y
	run_ok customer add --name C --city x
	run_ok export customer city:x --fields name --sort -name
	assert_out name C A
	run_ok export customer --fields id,name --limit 1 --offset 1
	assert_out id,name 2,B
	run_ok export customer city:none --fields name
	assert_out name
	run_fail 2 export customer colour:red
	run_fail 2 export customer --fields colour
	run_fail 2 export custmer
	assert_err_has customer
}

@test "-o writes a file whole or leaves the old one; for its owner alone" {
	new_store
	run_ok customer add --name A
	umask 077
	run_ok export customer --fields name -o out.csv
	assert_out
	same_lines out.csv name A
	[ "$(stat -c %a out.csv)" = 600 ]
	run_ok customer add --name B
	run_fail 2 export customer colour:red -o out.csv
	same_lines out.csv name A
	run_fail 1 export customer -o none/out.csv
	assert_err_has none/out.csv
	run_ok export customer --fields name -o out.csv
	same_lines out.csv name A B
	[ -z "$(find . -maxdepth 1 -name 'out.csv?*')" ]
}

@test "-o killed in the middle leaves the old file" {
	new_store
	{ echo name,note; seq -f %06.0f 50000 | sed 's/.*/Name &,a note of some length to write &/'; } >big.csv
	run_ok import customer big.csv
	echo old >out.csv
	for ms in 005 015 030 060; do
		"$CRM" export customer -o out.csv 2>/dev/null 3>&- &
		exporter=$!
		sleep 0.$ms
		kill -9 "$exporter" 2>/dev/null || true
		wait "$exporter" 2>/dev/null || true
		[ "$(cat out.csv)" = old ] || [ "$(wc -l <out.csv)" -eq 50001 ]
	done
}

@test "--excel: no cell that runs, numbers and phone numbers as they are" {
	new_store
	for text in '=1+1' '+1+1' '-2+3' '@SUM(A1)' '-5.00' '+4915112345678' plain; do
		run_ok customer add --name "n" --note "$text"
	done
	run_ok export customer --fields note --excel
	[ "$(head -c 3 "$out" | od -An -tx1 | tr -d ' ')" = efbbbf ]
	tail -c +4 "$out" >body
	printf '%s\r\n' note "'=1+1" "'+1+1" "'-2+3" "'@SUM(A1)" -5.00 +4915112345678 plain | diff - body
}

@test "export only reads" {
	hostile_store
	remember_store
	run_ok export customer
	run_ok export log
	store_unchanged
}

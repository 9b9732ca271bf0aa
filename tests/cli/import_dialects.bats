# import: dialects of delimited text. Quotes, comments, titles above the header, footers, tsv, files for spreadsheets.
load helper

@test "--quote: single quotes, none, and what they cannot be" {
	new_store
	printf "name,note\n'Li, Wu','it''s \"so\"'\n" >file
	run_ok import customer file --quote "'"
	run_ok customer list --fields name,note
	assert_out $'Li, Wu\tit\'s "so"'
	printf 'name;note\nScreens;27" or 24"\n' >file
	run_fail 1 import customer file
	assert_err_has 'file: line 2: a quote inside an unquoted field'
	run_ok import customer file --quote none
	run_ok customer list name:Screens --fields note
	assert_out '27" or 24"'
	for bad in '' ab 中 $'\n'; do
		run_fail 2 import customer file --quote "$bad"
		assert_err_has '--quote'
	done
	run_fail 2 import customer file --quote ';' --delimiter ';'
	assert_err_has "--delimiter ';'"
	printf '{"name":"A"}\n' >json
	run_fail 1 import customer json --quote "'"
	assert_err_has JSON
}

@test "--delimiter: any character" {
	new_store
	for d in '^' '~' ' ' ':' '#' x; do
		printf 'name%scity\nA%sHefei\n' "$d" "$d" >file
		run_ok import customer file --delimiter "$d"
		run_ok customer list --fields name,city
		assert_out $'A\tHefei'
		run_ok undo
	done
	printf 'name"city\nA"Hefei\n' >file
	run_fail 2 import customer file --delimiter '"'
	run_ok import customer file --delimiter '"' --quote none
	run_ok customer list --fields name,city
	assert_out $'A\tHefei'
}

@test "titles above the header are skipped and told" {
	new_store
	cat >file <<-'END'
		Notes:
		"When exporting your data, you may notice that some addresses are missing."

		First Name,Last Name,Email Address,City
		Ada,Winter,ada@example.org,Ulm
		Wei,Zhang,wei@example.org,Hefei
	END
	run_ok import customer file
	assert_err_has 'file: lines 1-3 before the header skipped'
	run_ok customer list --fields email,city
	assert_out $'ada@example.org\tUlm' $'wei@example.org\tHefei'
	printf '名单\n姓名,城市\n张三,合肥\n' >file
	run_ok import customer file
	assert_err_has 'file: line 1 before the header skipped'
	printf '\n\nname,city\nB,x\n' >file
	run_ok import customer file
	[ "$(grep -c skipped "$err")" -eq 0 ]
}

@test "a row that is rejected keeps its line below titles, and its cells" {
	new_store
	printf 'Title\n\nname,email\nA,a@example.com\nB,bad\n' >file
	run_fail 1 import customer file --rejects rejects.csv
	assert_err_has 'file:5: email'
	[ "$(tail -n +2 rejects.csv | cut -d , -f 1-4)" = 'B,bad,5,email' ]
}

@test "--header-row says which line it is" {
	new_store
	printf 'name,city\nold,names\nname,phone,city\nA,+8613800138000,x\n' >file
	run_ok import customer file --header-row 3
	assert_err_has 'lines 1-2 before the header skipped'
	run_ok customer list --fields name,phone,city
	assert_out $'A\t+8613800138000\tx'
	run_fail 1 import customer file --header-row 9
	assert_err_has 'file: the file ends before line 9'
	run_fail 2 import customer file --header-row two
	# the line that would be found otherwise
	printf 'name\nA,x\nB,y\n' >file
	run_fail 1 import customer file --header-row 1
	assert_err_has 'file:2: the row has 2 cells, the header has 1'
}

@test "--comment skips lines and counts them" {
	new_store
	printf '# by hand\nname,city\nA,x\n#B,y\nC,# z\n"# D",w\n' >file
	run_ok import customer file --comment '#'
	assert_err_has 'file: 2 comment lines skipped'
	run_ok customer list --fields name,city
	assert_out $'A\tx' $'C\t# z' $'# D\tw'
	printf 'name\n#1\n' >file
	run_ok import customer file
	run_ok customer list 'name:#1' --fields name
	assert_out '#1'
	run_fail 2 import customer file --comment ,, 
	run_fail 2 import customer file --comment , --delimiter ,
	run_fail 2 import customer file --comment '"'
	assert_err_has "--comment '\"': is the quote too"
}

@test "--footer leaves totals out; without it they are rejected and it is named" {
	new_store
	printf 'name,city\nA,x\nB,y\n\n"Grand Totals (2 records)"\n\n"Confidential, all of it"\nCopyright 2026\n' >file
	run_fail 1 import customer file
	assert_err_has 'file:5: the row has 1 cell, the header has 2'
	assert_err_has '--footer 3 leaves the last 3 rows out'
	run_ok customer list --fields name
	assert_out
	run_ok import customer file --footer 3
	assert_err_has 'file: the last 3 rows left out as footer'
	run_ok customer list --fields name,city
	assert_out $'A\tx' $'B\ty'
	run_ok undo
	run_ok import customer file --footer 4
	run_ok customer list --fields name
	assert_out A
	head -n 4 file >one
	run_ok import customer one --footer 1
	assert_err_has 'one: the last row left out as footer'
	run_fail 2 import customer file --footer 101
	run_fail 2 import customer file --footer -1
}

@test "line ends of all three kinds in one file" {
	new_store
	printf 'name,city\r\nA,x\nB,y\rC,"z\r\nw"\r\nD,v' >file
	run_ok import customer file --format json
	run_ok customer list --fields name,city
	assert_out $'A\tx' $'B\ty' $'C\tz\\r\\nw' $'D\tv'
}

@test "tsv as it is written comes back with --read tsv; other tab-delimited text is as it stands" {
	new_store
	printf 'name,note\nA,"tab\there, line\nthere, \\n, C:\\temp\\ and ""x"" \\\\"\n"""B""",\\\n' >file
	run_ok import customer file
	run_ok customer list --fields name,note --format json
	cp "$out" before.json
	run_ok customer list --fields name,note --format tsv --header
	cp "$out" file.tsv
	run_ok undo
	run_ok import customer file.tsv --read tsv
	run_ok customer list --fields name,note --format json
	diff before.json "$out"
	run_ok undo
	printf 'name\tnote\nA\tC:\\temp\n' >other
	run_ok import customer other
	run_ok customer list --fields note --format json
	python3 -c 'import json,sys; assert json.load(open(sys.argv[1]))[0]["note"] == "C:\\temp"' "$out"
	printf 'name\tnote\nA\tC:\\Users\n' >other
	run_fail 1 import customer other --read tsv
	assert_err_has "other:2: a backslash that is none of"
	run_fail 2 import customer other --read tsv --quote none
	run_fail 2 import customer other --read tsv --delimiter ,
	run_fail 2 import customer other --read tsv --comment $'\t'
	printf 'name\tcity\n"A\tB"\n' >other
	run_ok import customer other --read tsv --delimiter tab
	run_ok customer list 'name:"A' --fields name,city
	assert_out $'"A\tB"'
}

@test "UTF-16 without a mark, Chinese only; UTF-32 with one; windows-1252; one bad byte" {
	new_store
	printf '姓名\n张三\n李四\n上海市浦东新区世纪大道某某有限公司\n' >utf8
	iconv -f UTF-8 -t UTF-16LE utf8 >le
	iconv -f UTF-8 -t UTF-16BE utf8 >be
	{ printf '\377\376\0\0'; iconv -f UTF-8 -t UTF-32LE utf8; } >le32
	{ printf '\0\0\376\377'; iconv -f UTF-8 -t UTF-32BE utf8; } >be32
	for file in le be le32 be32; do
		run_ok import customer "$file"
		run_ok customer list --fields name
		assert_out 张三 李四 上海市浦东新区世纪大道某某有限公司
		run_ok undo
	done
	printf 'name,note\nJos\351,5 \200\n' >file
	run_ok import customer file --encoding windows-1252
	run_ok customer list --fields name,note
	assert_out $'José\t5 €'
	run_ok undo
	printf 'name,city\n张三,x\nJos\351,y\nB,z\n' >file
	run_status 5 import customer file --partial
	assert_err_has 'file:3: bytes that are not UTF-8'
	run_ok customer list --fields name
	assert_out 张三 B
}

@test "--excel takes back exactly what export --excel does" {
	new_store
	python3 - <<-'END'
		import csv, json
		cells = ["=1+1", "'=1+1", "''=x", "'''@a", "=x", "+86 138 0013 8000", "+8613800138000", "-5", "-5+1", "'-5", "@a",
			"\t=x", "\tx", "\rx", "\n=x", " =x", "＝x", "'", "''", "'x", "x", "a,\"b\"\r\n=c", "=cmd|' /C calc'!A0",
			"0", "-0.5", "'+8613800138000"]
		f = open("file", "w", newline="")
		csv.writer(f).writerows([["key", "name", "note"]] + [[f"K{i}", f"N{i}", c] for i, c in enumerate(cells)])
		f.close()
		json.dump(cells, open("cells.json", "w"))
	END
	run_ok import customer file
	run_ok export customer --excel --fields key,name,note -o excel.csv
	grep -q "'=1+1" excel.csv
	run_ok customer list --fields note --format json
	python3 -c 'import json; a = json.load(open("cells.json")); b = [r["note"] for r in json.load(open("'"$out"'"))]; assert a == b, (a, b)'
	run_ok import customer excel.csv --excel --format json
	python3 -c 'import json,sys; d = json.load(open(sys.argv[1])); assert d["unchanged"] == d["read"] == 26, d' "$out"
	run_ok import customer excel.csv --format json
	python3 -c 'import json,sys; d = json.load(open(sys.argv[1])); assert d["updated"] > 10, d' "$out"
	run_fail 2 import customer excel.csv --excel --read tsv
	printf '{"name":"A"}\n' >json
	run_fail 1 import customer json --excel
}

@test "--excel: rejected rows keep the ', so that they are safe to open and import again" {
	new_store
	printf "name,email,note\nA,bad,''=x\n" >file
	run_fail 1 import customer file --excel --rejects rejects.csv
	[ "$(tail -n 1 rejects.csv | cut -d , -f 1-3)" = "A,bad,''=x" ]
	sed -i 's/,bad,/,a@example.com,/' rejects.csv
	run_ok import customer rejects.csv --excel
	run_ok customer list --fields note
	assert_out "'=x"
}

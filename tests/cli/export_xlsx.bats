# export: xlsx files, read back by crm and by a reader of the test's own.
load helper

setup_file() {
	export PYTHONPATH=$BATS_TEST_DIRNAME PYTHONDONTWRITEBYTECODE=1
}

need_writer() {
	[ -x "$(dirname "$CRM")/helpers/crm-export-xlsx" ] || skip "built without libxlsxwriter"
}

# The raw cells of a sheet: reference, type, value, a line each.
raw_cells() { # FILE
	python3 - "$1" <<-'END'
		import sys, zipfile, re, xml.etree.ElementTree as ET
		ns = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
		with zipfile.ZipFile(sys.argv[1]) as z:
		    assert z.testzip() is None
		    root = ET.fromstring(z.read("xl/worksheets/sheet1.xml"))
		for c in root.iter(ns + "c"):
		    assert c.find(ns + "f") is None, "a formula"
		    v = c.find(ns + "v")
		    text = v.text if v is not None else "".join(t.text or "" for t in c.iter(ns + "t"))
		    print(c.get("r"), c.get("t", "n"), repr(text))
	END
}

people() {
	run_ok customer add --name '=HYPERLINK("http://x")' --key 007 --birthday 1990-05-12 --note $' a\tb\n"c",\r_x0041_ '
	run_ok customer add --name '张伟 😀' --key 6222021234567890123 --birthday 1899-12-31 --phone +8613800138000
	run_ok customer add --name '+1' --birthday --05-12 --tag 'a,b' --tag c --email one@example.org
	run_ok log phone key:007 --out --at 2026-01-02T15:04:05Z --duration 90s --subject 00 -m 'x'
	run_ok log email key:007 --in --at 2026-01-02T00:00:00Z -m 'midnight'
}

@test "amounts are numbers, beside their currency" {
	need_writer
	new_store
	run_ok customer add --name Ada
	run_ok order add 1 --amount '1234.50 EUR'
	run_ok order add 1 --amount '-5000 JPY'
	run_ok order add 1 --amount '90000000000000000.01 USD' # more digits than a spreadsheet keeps
	run_ok export order --fields amount,currency -o o.xlsx
	raw_cells o.xlsx >cells
	grep -qxF "A2 n '1234.5'" cells
	grep -qxF "A3 n '-5000'" cells
	grep -q '^A4 [^n]' cells
}

@test "exported and imported again nothing changes" {
	need_writer
	[ -x "$(dirname "$CRM")/helpers/crm-import-xlsx" ] || skip "built without expat and minizip"
	new_store
	people
	run_ok field add customer size --type integer
	run_ok customer edit 1 --set size=12345
	for type in customer log; do
		run_ok export $type -o $type.xlsx
		run_ok import $type $type.xlsx --country CN
		assert_err_has ' 0 created, 0 updated, '
		assert_err_has ' 0 rejected'
	done
	# into another store: the same as csv says
	run_ok export customer
	cp "$out" want.csv
	run_ok init --store other.db
	run_ok --store other.db field add customer size --type integer
	run_ok --store other.db import customer customer.xlsx --country CN
	run_ok --store other.db export customer
	diff want.csv "$out"
}

@test "cells: text as text, numbers, days" {
	need_writer
	new_store
	people
	run_ok export customer -o out.xlsx --fields id,key,name,birthday,phone
	raw_cells out.xlsx >cells
	same_lines cells "A1 inlineStr 'id'" "B1 inlineStr 'key'" "C1 inlineStr 'name'" "D1 inlineStr 'birthday'" \
		"E1 inlineStr 'phone'" \
		"A2 n '1'" "B2 inlineStr '007'" "C2 inlineStr '=HYPERLINK(\"http://x\")'" "D2 n '33005'" \
		"A3 n '2'" "B3 inlineStr '6222021234567890123'" "C3 inlineStr '张伟 😀'" "D3 inlineStr '1899-12-31'" \
		"E3 inlineStr '+8613800138000'" \
		"A4 n '3'" "C4 inlineStr '+1'" "D4 inlineStr '--05-12'"
	run_ok export log -o log.xlsx --fields at,duration,subject --tz Asia/Shanghai --sort at
	raw_cells log.xlsx >cells
	# 2026-01-02 08:00 is day 46024 and a third, 23:04:05 so many seconds of a day
	python3 - cells <<-'END'
		import sys
		cells = dict((l.split()[0], l.split(" ", 2)[1:]) for l in open(sys.argv[1]))
		assert abs(float(eval(cells["A2"][1])) - (46024 + 8 / 24)) < 1e-9, cells
		assert abs(float(eval(cells["A3"][1])) - (46024 + (23 * 3600 + 245) / 86400)) < 1e-9, cells
		assert cells["B3"] == ["n", "'90'\n"], cells
		assert cells["C3"] == ["inlineStr", "'00'\n"], cells
	END
}

@test "the hour that the clock shows twice comes back as it was" {
	need_writer
	[ -x "$(dirname "$CRM")/helpers/crm-import-xlsx" ] || skip "built without expat and minizip"
	new_store
	export TZ=Europe/Berlin
	run_ok customer add --name Ann --key A
	# 2025-10-26: 02:30 is shown at 00:30 and at 01:30 UTC
	run_ok log phone key:A --out --at 2025-10-26T00:30:00Z -m first
	run_ok log phone key:A --out --at 2025-10-26T01:30:00Z -m second
	run_ok export log -o log.xlsx
	run_ok import log log.xlsx
	assert_err_has '0 created, 0 updated, 2 unchanged'
}

@test "the same bytes for the same store; only to a named, plain file, whole or not at all" {
	need_writer
	new_store
	people
	run_ok export customer -o a.xlsx
	sleep 1
	run_ok export customer -o b.xlsx
	cmp a.xlsx b.xlsx
	[ "$(stat -c %a a.xlsx)" = 600 ]
	run_fail 2 export customer --format xlsx
	assert_err 'crm: --format xlsx: is written to a file only: -o FILE.xlsx'
	run_fail 2 export customer --format xlsx -o -
	run_fail 2 export customer --no-header -o c.xlsx
	run_fail 2 export customer --excel -o c.xlsx
	run_fail 2 customer list --format xlsx
	run_fail 1 export customer --format xlsx -o /dev/null
	assert_err_has 'an xlsx file can only be a plain file'
	run_fail 1 export customer -o nowhere/x.xlsx
	run_ok customer add --name Long --note "$(head -c 32768 /dev/zero | tr '\0' x)"
	run_fail 1 export customer -o a.xlsx
	assert_err_has "crm: a.xlsx: row 5, column 'note': the text is longer than the 32767 characters that a cell of xlsx holds"
	cmp a.xlsx b.xlsx
	[ "$(ls)" = $'a.xlsx\nb.xlsx\nhome' ]
	run_ok report activity -o r.xlsx
	raw_cells r.xlsx | grep -q "A1 inlineStr 'bucket'"
	run_ok report activity --format xlsx -o r2
	cmp r.xlsx r2
	run_fail 2 report activity --format xlsx
}

@test "a writer that is missing, or dies, leaves nothing behind" {
	new_store
	awk 'BEGIN { print "name"; for (i = 0; i < 20000; i++) print "Somebody " i }' | run_ok import customer -
	export CRM_LIBEXEC=$PWD/fake
	run_fail 1 export customer -o a.xlsx
	assert_err 'crm: a.xlsx: there is no program crm-export-xlsx to write an xlsx file: install libxlsxwriter-dev and build crm with -Dxlsx=enabled'
	mkdir fake
	for script in 'exit 1' 'kill -9 $$' 'head -c 100000 >/dev/null; exit 1' 'cat >/dev/null; exit 1' 'exec <&-; sleep 1; exit 1'; do
		printf '#!/bin/sh\n%s\n' "$script" >fake/crm-export-xlsx
		chmod +x fake/crm-export-xlsx
		run_fail 1 export customer -o a.xlsx
		assert_err_has 'crm: a.xlsx: crm-export-xlsx '
		[ "$(ls)" = $'fake\nhome' ]
	done
}

@test "more rows than a sheet holds are refused" {
	need_writer
	awk 'BEGIN { print "name"; for (i = 0; i < 1048576; i++) print "x" }' >rows
	writer=$(dirname "$CRM")/helpers/crm-export-xlsx
	if "$writer" full.xlsx <rows 2>"$err"; then return 1; fi
	assert_err 'crm-export-xlsx: more than 1048575 rows: an xlsx file holds no more (--limit, a filter, or csv)'
	head -n 1048576 rows | "$writer" full.xlsx
}

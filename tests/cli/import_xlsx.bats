# import: xlsx files made by hand. What a number and a day look like is what ECMA-376 and spreadsheet programs say.
load helper

setup_file() {
	export PYTHONPATH=$BATS_TEST_DIRNAME PYTHONDONTWRITEBYTECODE=1
	IMPORT_XLSX=$(dirname "$(realpath "$CRM")")/helpers/crm-import-xlsx
	export IMPORT_XLSX
}

need_reader() {
	[ -x "$IMPORT_XLSX" ] || skip "built without expat and minizip"
}

# What the helper writes is exactly these lines.
assert_csv() { # FILE LINE…
	local file=$1
	shift
	"$IMPORT_XLSX" "$file" >"$out" 2>"$err" || {
		cat "$err"
		return 1
	}
	same_lines "$out" "$@"
}

# The helper refuses the file: status 1, this reason.
assert_damaged() { # FILE TEXT
	local got=0
	"$IMPORT_XLSX" "$1" >"$out" 2>"$err" || got=$?
	[ $got -eq 1 ] || {
		echo "status $got"
		return 1
	}
	assert_err_has "$2"
}

@test "shared strings, inline ones, runs, leading zeros, days, ragged rows: into the store" {
	need_reader
	new_store
	python3 - <<-'END'
		import xlsx
		strings = ["<si><t>key</t></si>", "<si><t>name</t></si>", "<si><t>birthday</t></si>", "<si><t>note</t></si>",
		    "<si><t>007</t></si>", "<si><r><t xml:space='preserve'>Ann </t></r><r><rPr><b/></rPr><t>Winter</t></r></si>",
		    "<si><t>张伟</t><rPh sb='0' eb='2'><t>ZHANG WEI</t></rPh></si>"]
		rows = """<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" t="s"><v>2</v></c>
		    <c r="D3" t="s"><v>3</v></c><c r="E3"/></row>
		  <row r="4"><c r="A4" t="s"><v>4</v></c><c r="B4" t="s"><v>5</v></c><c r="C4" s="1"><v>33005</v></c>
		    <c r="D4" t="inlineStr"><is><t>a, "b"&#10;c</t></is></c></row>
		  <row r="6"><c r="A6"><v>12</v></c><c r="B6" t="s"><v>6</v></c></row>"""
		xlsx.book("people.xlsx", [("People", rows)], strings, styles=[14])
	END
	assert_csv people.xlsx '' '' key,name,birthday,note '007,Ann Winter,1990-05-12,"a, ""b""' 'c"' 12,张伟,,
	run_ok import customer people.xlsx --format json
	assert_err_has '2 rows read: 2 created'
	assert_err_has '; xlsx, UTF-8'
	run_ok customer list --fields key,name,birthday,note --format json
	python3 - "$out" <<-'END'
		import json, sys
		assert json.load(open(sys.argv[1])) == [
		    {"key": "007", "name": "Ann Winter", "birthday": "1990-05-12", "note": 'a, "b"\nc'},
		    {"key": "12", "name": "张伟", "birthday": None, "note": None}]
	END
	run_ok import customer people.xlsx
	assert_err_has '2 unchanged'
	run_ok import list --fields file
	assert_out people.xlsx
}

@test "titles above the header; a row that is wider than the header" {
	need_reader
	new_store
	python3 - <<-'END'
		import xlsx
		def row(k, *cells):
		    return f'<row r="{k}">' + "".join(f'<c r="{"ABCDE"[i]}{k}" t="str"><v>{c}</v></c>' for i, c in enumerate(cells) if c) + "</row>"
		rows = row(1, "Our customers, as of January") + row(3, "name", "city", "note") + row(4, "Ann") + row(5, "Bob", "Bonn", "x")
		xlsx.book("title.xlsx", [("S", rows)])
		xlsx.book("wide.xlsx", [("S", rows + row(6, "Eve", "", "", "", "lost") + row(7, "Max", "Rom"))])
	END
	run_ok import customer title.xlsx
	assert_err_has '2 created'
	run_ok customer list --fields name,city,note
	assert_out $'Ann\t\t' $'Bob\tBonn\tx'
	run_ok undo
	run_ok import customer title.xlsx --header-row 3
	assert_err_has '2 created'
	run_ok undo
	assert_csv wide.xlsx '"Our customers, as of January"' '' name,city,note Ann,, Bob,Bonn,x Eve,,,,lost Max,Rom,
	run_status 5 import customer wide.xlsx --partial
	assert_err_has 'wide.xlsx:6: '
	assert_err_has '3 created, 0 updated, 0 unchanged, 1 rejected'
}

@test "numbers as a spreadsheet shows them" {
	need_reader
	python3 - <<-'END'
		import xlsx
		xlsx.book("n.xlsx", [("S", xlsx.numbers(["13800138000", "1.3800138E10", "999999999999999", "0.1",
		    "0.30000000000000004", "-5", "-0.0", "1E+20", "6222021234567890123", "12.50"], 0))])
		xlsx.book("z.xlsx", [("S", xlsx.numbers(["7", "1234567", "-7", "7.5"], 1))], formats=[(164, "00000")], styles=[164])
		xlsx.book("f.xlsx", [("S", xlsx.numbers(["0.5", "1234.5"], 1))], formats=[(164, "[Red]0.0\\%&quot;days&quot;_d*y")],
		    styles=[164])
	END
	assert_csv n.xlsx v 13800138000 13800138000 999999999999999 0.1 0.3 -5 0 1E+20 6222021234567890123 12.5
	assert_csv z.xlsx v 00007 1234567 -7 7.5
	assert_csv f.xlsx v 0.5 1234.5
}

@test "days and times, counted from 1900 with its 29th of February, and from 1904" {
	need_reader
	python3 - <<-'END'
		import xlsx
		# 36526 is 2000-01-01, 44197.5 is noon of 2021-01-01, 44197.999999 rounds to the next day
		days = ["1", "59", "60", "61", "36526", "44197.5", "44197.628530092594", "44197.999999", "2958465", "0.75", "0", "-1", "2958466"]
		xlsx.book("d.xlsx", [("S", xlsx.numbers(days, 1))], styles=[14])
		# 0 is 1904-01-01, 1462 days later is 1908-01-02
		xlsx.book("m.xlsx", [("S", xlsx.numbers(["0", "1462", "35064.25"], 1))], styles=[14], date1904=True)
		xlsx.book("t.xlsx", [("S", xlsx.numbers(["0.25", "0", "1.5", "44197"], 1))], styles=[20])
		xlsx.book("e.xlsx", [("S", xlsx.numbers(["0.25", "1.5", "100"], 1))], formats=[(170, "[h]:mm:ss")], styles=[170])
		for k, code in enumerate(["yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@", "[$-409]d\\-mmm\\-yy",
		    "mmmm", "YYYY/MM/DD HH:MM", "m/d/yy h:mm AM/PM"]):
		    xlsx.book(f"c{k}.xlsx", [("S", xlsx.numbers(["36526"], 1))], formats=[(180, code)], styles=[180])
		for i in (15, 16, 17, 22, 31, 57):
		    xlsx.book(f"b{i}.xlsx", [("S", xlsx.numbers(["36526"], 1))], styles=[i])
		for k, code in enumerate(["&quot;day&quot;0", "[Red]0", "\\d0", "0;yyyy", "@", "General"]):
		    xlsx.book(f"p{k}.xlsx", [("S", xlsx.numbers(["36526"], 1))], formats=[(180, code)], styles=[180])
	END
	assert_csv d.xlsx v 1900-01-01 1900-02-28 1900-02-29 1900-03-01 2000-01-01 '2021-01-01 12:00:00' '2021-01-01 15:05:05' \
		2021-01-02 9999-12-31 18:00:00 0 -1 2958466
	assert_csv m.xlsx v 1904-01-01 1908-01-02 '2000-01-01 06:00:00'
	assert_csv t.xlsx v 06:00:00 00:00:00 '1900-01-01 12:00:00' 2021-01-01
	assert_csv e.xlsx v 06:00:00 36:00:00 2400:00:00
	for k in c0 c1 c2 c3 c4 b15 b16 b17 b22 b31 b57; do
		assert_csv $k.xlsx v 2000-01-01
	done
	for k in p0 p1 p2 p3 p4 p5; do
		assert_csv $k.xlsx v 36526
	done
}

@test "booleans, errors, formulas with a result and without, escaped characters, ISO days" {
	need_reader
	python3 - <<-'END'
		import xlsx
		rows = """<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c><c t="str"><v>c</v></c></row>
		  <row><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c></row>
		  <row><c t="str"><f>A1</f><v>x_x000D_y</v></c><c><f>1+1</f><v>2</v></c><c><f>1+1</f></c></row>
		  <row><c t="inlineStr"><is><t>_x005F_x0041_ _x41_ _xD83D__xDE00_</t></is></c><c t="d"><v>2026-01-02T15:04:05</v></c>
		    <c t="d"><v>2026-01-02</v></c></row>"""
		xlsx.book("x.xlsx", [("S", rows)])
	END
	assert_csv x.xlsx a,b,c 'TRUE,FALSE,#N/A' $'"x\ry",2,' '_x0041_ _x41_ 😀,2026-01-02 15:04:05,2026-01-02'
	assert_err "crm-import-xlsx: x.xlsx: 1 formulas have no result in the file and are read as empty: open it in a spreadsheet program and save it"
}

@test "several sheets: the first that is not hidden, the others named; --sheet" {
	need_reader
	new_store
	python3 - <<-'END'
		import xlsx
		def one(name):
		    return f'<row><c t="str"><v>name</v></c></row><row><c t="str"><v>{name}</v></c></row>'
		xlsx.book("s.xlsx", [("Old", one("Hid"), "hidden"), ("New &amp; 新", one("Ann")), ("Third", one("Bob"))])
		xlsx.book("h.xlsx", [("A", one("x"), "hidden"), ("B", one("y"), "veryHidden")])
	END
	run_ok import customer s.xlsx
	assert_err_has "crm: warning: s.xlsx: only the sheet 'New & 新' is read (--sheet NAME: another; there are: 'Third')"
	run_ok customer list --fields name
	assert_out Ann
	run_ok import customer s.xlsx --sheet Third
	lacks -q warning "$err"
	run_ok import customer s.xlsx --sheet Old
	run_ok customer list --fields name
	assert_out Ann Bob Hid
	run_fail 1 import customer s.xlsx --sheet third
	assert_err "crm: s.xlsx: there is no sheet 'third' (there are: 'Old', 'New & 新', 'Third'): nothing was imported"
	run_fail 1 import customer h.xlsx
	assert_err_has "all sheets are hidden: choose one by --sheet (there are: 'A', 'B')"
}

@test "names with a prefix, parts in other places, UTF-16" {
	need_reader
	python3 - <<-'END'
		import xlsx
		sheet = f"""<x:worksheet xmlns:x="{xlsx.MAIN}"><x:sheetData><x:row r="1"><x:c r="B1" t="inlineStr"><x:is><x:t>ä</x:t></x:is></x:c>
		  </x:row></x:sheetData></x:worksheet>"""
		xlsx.book("p.xlsx", [("S", "")], replace={"xl/worksheets/sheet1.xml": None,
		  "xl/_rels/workbook.xml.rels": xlsx.relations([("rId1", "worksheet", "../other/./a.xml".replace("./a", "a"))]),
		  "other/a.xml": sheet})
		xlsx.book("q.xlsx", [("S", "")], replace={"xl/worksheets/sheet1.xml": None,
		  "xl/_rels/workbook.xml.rels": xlsx.relations([("rId1", "worksheet", "/A.XML")]),
		  "a.xml": ('<?xml version="1.0" encoding="UTF-16"?>' + sheet).encode("utf-16")})
	END
	assert_csv p.xlsx ,ä
	assert_csv q.xlsx ,ä
}

@test "damaged and hostile files end with a reason, and keep nothing" {
	need_reader
	new_store
	remember_store
	python3 - <<-'END'
		import os, xlsx
		good = '<row r="1"><c r="A1" t="str"><v>name</v></c></row><row r="2"><c r="A2" t="str"><v>Ann</v></c></row>'
		head = '<?xml version="1.0"?>'
		def sheet(name, rows): xlsx.book(name, [("S", rows)])
		sheet("good.xlsx", good)
		data = open("good.xlsx", "rb").read()
		open("cut.xlsx", "wb").write(data[:len(data) // 2])
		open("flip.xlsx", "wb").write(data.replace(data[data.index(b"sheet1.xml") + 12:][:8], b"\xff" * 8, 1))
		xlsx.book("nobook.xlsx", [], replace={"_rels/.rels": None})
		xlsx.book("nosheet.xlsx", [("S", good)], replace={"xl/worksheets/sheet1.xml": None})
		sheet("xml.xlsx", good + "<row")
		sheet("order.xlsx", good + '<row r="1"/>')
		sheet("cells.xlsx", '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>')
		sheet("far.xlsx", '<row r="1"><c r="XFE1"><v>1</v></c></row>')
		sheet("deep.xlsx", '<row r="1048577"><c><v>1</v></c></row>')
		sheet("shared.xlsx", '<row r="1"><c r="AB1" t="s"><v>9</v></c></row>')
		sheet("long.xlsx", '<row r="7"><c r="C7" t="str"><v>' + "x" * 1100000 + "</v></c></row>")
		sheet("tag.xlsx", '<row r="1" spans="' + "x" * 20000000 + '"/>')
		xlsx.book("laugh.xlsx", [("S", "")], replace={"xl/worksheets/sheet1.xml":
		    head + '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + f'<w xmlns="{xlsx.MAIN}">&b;</w>'})
		xlsx.book("bomb.xlsx", [("S", good)], replace={"xl/styles.xml": head + f'<s xmlns="{xlsx.MAIN}">' + "<a/>" * (17 << 20) + "</s>"})
		os.mkdir("d"); sheet("d/-.xlsx", good)
	END
	assert_csv good.xlsx name Ann
	assert_damaged cut.xlsx 'the list of its parts cannot be read'
	assert_damaged flip.xlsx 'the file is damaged: '
	assert_damaged nobook.xlsx 'it has no _rels/.rels'
	assert_damaged nosheet.xlsx 'it has no xl/worksheets/sheet1.xml'
	assert_damaged xml.xlsx 'xl/worksheets/sheet1.xml: line 2: '
	assert_damaged order.xlsx "row '1' after row 2"
	assert_damaged cells.xlsx 'row 1 has its cells out of order'
	assert_damaged far.xlsx 'beyond the last column'
	assert_damaged deep.xlsx "row '1048577'"
	assert_damaged shared.xlsx 'cell AB1: there is no shared string 9'
	assert_damaged long.xlsx 'cell C7: its text is longer than 1 MiB'
	assert_damaged tag.xlsx 'a tag is longer than 16 MiB'
	assert_damaged laugh.xlsx 'it declares a document type'
	assert_damaged bomb.xlsx 'it unpacks to more than 64 MiB'
	run_fail 1 import customer xml.xlsx --partial
	assert_err_has 'crm: xml.xlsx: the file is damaged: xl/worksheets/sheet1.xml: line 2: '
	assert_err_has ': nothing was imported'
	store_unchanged
	run_ok import customer d/-.xlsx
}

@test "a large sheet takes little memory" {
	need_reader
	[ "$SANITIZED" != yes ] || skip "the sanitizers need memory of their own"
	python3 - <<-'END'
		import xlsx
		rows = "".join(f'<row r="{k}"><c r="A{k}" t="inlineStr"><is><t>Somebody {k}</t></is></c><c r="C{k}"><v>{k}</v></c></row>'
		    for k in range(1, 200001))
		xlsx.book("big.xlsx", [("S", rows)])
	END
	(ulimit -v 60000; "$IMPORT_XLSX" big.xlsx >"$out")
	[ "$(wc -l <"$out")" -eq 200000 ]
	[ "$(tail -n 1 "$out")" = 'Somebody 200000,,200000' ]
}

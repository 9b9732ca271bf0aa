# T2: no cell that we write for spreadsheets is run by one, and every text comes back as it was.
load helper

@test "T2: cells that a spreadsheet would run, one by one" {
	new_store
	python3 - "$CRM" <<-'END'
		import csv, io, json, subprocess, sys
		crm = sys.argv[1]
		def run(*words, **how):
		    return subprocess.run([crm, *words], check=True, capture_output=True, **how).stdout
		bodies = ["=1+1", "=cmd|' /C calc'!A0", "+1+1", "+cmd", "-2+3", "-cmd", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x",
		          "+1-1", "+49 151", "--1", "-", "=", "-5.00.1", "+0123456789", "+1234567890123456", "-１"]
		before = ["", " ", "   ", "\u00a0", "\ufeff", "\u3000", "\u2003", "\u200b", "\x01", "\x1f", "\x7f", "\u0085", "\u202e",
		          "\t", "\n", "\r", "\r\n", " \t", "'", "''"]
		danger = [b + t for b in before for t in bodies] + ["\ttext", "\rtext", "\ntext", " \ttext"]
		plain = ["+4915112345678", "+8613800138000", "-5.00", "5", "-5", "0.5", "text=1", "a-b", "(=1)", "'quoted'", "'", "''"]
		texts = danger + plain
		rows = "".join(json.dumps({"key": f"K{i:05}", "name": f"n{i}", "note": t}) + "\n" for i, t in enumerate(texts))
		run("import", "customer", "-", input=rows.encode())
		out = run("export", "customer", "--excel", "--fields", "key,note", "--sort", "id")
		assert out.startswith(b"\xef\xbb\xbf") and b"\r\n" in out
		cells = [row[1] for row in csv.reader(io.StringIO(out[3:].decode(), newline=""))][1:]
		assert cells == ["'" + t for t in danger] + plain, [(c, t) for c, t in zip(cells, ["'" + t for t in danger] + plain) if c != t]
	END
}

@test "T2: what goes out comes in, with --excel and without: thousands of texts of any Unicode" {
	new_store
	python3 - "$CRM" "${CRM_LONG:+50000}" <<-'END'
		import json, os, random, subprocess, sys
		crm, n = sys.argv[1], int(sys.argv[2] or 4000)
		chance = random.Random(14)
		def run(*words, **how):
		    return subprocess.run([crm, *words], check=True, capture_output=True, **how).stdout
		marks = ["\r", "\n", "\r\n", '"', "'", ",", ";", "\t", "=", "+", "-", "@", "\\", " ", "\u00a0", "\ufeff", "＝", "\x1b", "\u2028",
		         "0", "1", ".", "a", "张", "😀", "\u200d", "\x7f", "\x85", "|", "#", "\x1a"]
		def character():
		    while True:
		        c = chance.randrange(1, 0x110000) if chance.random() < .5 else chance.randrange(1, 0x3000)
		        if not 0xd800 <= c <= 0xdfff:
		            return chr(c)
		def text():
		    return "".join(chance.choice(marks) if chance.random() < .7 else character() for _ in range(chance.randrange(1, 12)))
		texts = [text() for _ in range(n)] + [m for m in marks] + [a + b for a in marks for b in marks] + ["a\r", "\r", "'=", "''+1", "x\r\n"]
		rows = "".join(json.dumps({"key": f"K{i:06}", "name": f"n{i}", "note": t}) + "\n" for i, t in enumerate(texts))
		def notes(store):
		    out = run("customer", "list", "--fields", "note", "--sort", "id", "--format", "jsonl", "--store", store)
		    return [json.loads(line)["note"] for line in out.split(b"\n")[:-1]]
		run("init", "--store", "first.db")
		run("import", "customer", "-", "--store", "first.db", input=rows.encode())
		assert notes("first.db") == texts
		for number, ways in enumerate((([], []), (["--excel"], ["--excel"]), (["--format", "tsv", "--header"], ["--read", "tsv"]),
		                               (["--format", "jsonl"], []))):
		    store = f"s{number}.db"
		    run("init", "--store", store)
		    out = run("export", "customer", "--store", "first.db", *ways[0])
		    run("import", "customer", "-", "--encoding", "UTF-8", "--store", store, *ways[1], input=out)
		    assert notes(store) == texts, (ways, [p for p in zip(notes(store), texts) if p[0] != p[1]][:5])
		# without taking the ' away again it is not the identity: the test can fail
		run("init", "--store", "wrong.db")
		run("import", "customer", "-", "--encoding", "UTF-8", "--store", "wrong.db", input=run("export", "customer", "--store", "first.db", "--excel"))
		assert notes("wrong.db") != texts
	END
}

@test "T2: an xlsx file has texts as texts, never formulas" {
	[ -x "$(dirname "$CRM")/helpers/crm-export-xlsx" ] || skip "built without libxlsxwriter"
	new_store
	local text
	for text in '=1+1' '+cmd' '@SUM(A1)' '=HYPERLINK("http://x.example")' '{=1}'; do
		run_ok customer add --name "$text"
	done
	run_ok export customer -o out.xlsx --fields name
	python3 - <<-'END'
		import re, zipfile
		with zipfile.ZipFile("out.xlsx") as z:
		    sheet = "".join(z.read(n).decode() for n in z.namelist() if n.startswith("xl/worksheets/"))
		    assert "<f>" not in sheet and "<f " not in sheet, sheet
		    cells = re.findall(r'<c [^>]*t="(\w+)"[^>]*>', sheet)
		    assert len(cells) == 6 and set(cells) <= {"inlineStr", "s"}, cells
		    assert not any("hyperlink" in n for n in z.namelist()) and "<hyperlink" not in sheet
	END
}

# T1: text that acts on a terminal never does, by whatever way it gets there; it stays exact for programs. The texts are
# those of tests/data/payloads; commands_terminal.py tries every verb.
load helper

every() { # PART
	python3 -B "$BATS_TEST_DIRNAME/commands_terminal.py" "$BATS_TEST_TMPDIR/$1" "$1" >"$out"
}

must_fail() { # PART SCRIPT
	printf '#!/usr/bin/env bash\n%s\n' "$2" >wrong
	chmod +x wrong
	if CRM_STEP=5 PROGRAM=$PWD/wrong every "$1"; then
		echo 'the test passes a wrong program:'
		cat "$out"
		return 1
	fi
	grep -q ' [1-9][0-9]* problems' "$out"
}

# A piece of Python, which finds the texts in payloads.py.
with_payloads() {
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$BATS_TEST_DIRNAME python3 - "$@"
}

@test "T1: at least 40 texts, no two alike, some of them no text at all" {
	with_payloads <<-'END'
		from payloads import *
		assert len(VALID) >= 40 and len(INVALID) >= 10, (len(VALID), len(INVALID))
		assert len({exact for _, exact in VALID + INVALID}) == len(VALID + INVALID)
		harmless = {"newline", "tab"}  # a line may be a line where lines are
		for name, exact in VALID + INVALID:
		    assert name in harmless or acting(exact) is not None, name
	END
}

@test "T1: what was let in, in every text field of every record: by each verb, in each format" {
	every stored
}

@test "T1: what was planted in every column of every table: by each verb that reads" {
	every planted
}

@test "T1: words of the command line, file names, settings, surroundings" {
	every given
}

@test "T1: completion, hooks, questions, the pager" {
	every around
}

@test "T1: a program that shows what is stored as it is fails these tests" {
	# shellcheck disable=SC2016
	must_fail planted 'exec sqlite3 "$XDG_DATA_HOME/crm/crm.db" "SELECT * FROM customer"'
	# shellcheck disable=SC2016
	must_fail given 'echo "crm: $*: there is no such thing" >&2; exit 2'
	# shellcheck disable=SC2016
	must_fail around '[ "$1" = __complete ] || exec "$CRM" "$@"; "$CRM" sql "SELECT name FROM v_customer"'
}

@test "T1: what is no text does not come in: options, filters' values, files, stdin, each form" {
	new_store
	run_ok customer add --name Li --key K1
	remember_store
	with_payloads "$CRM" <<-'END'
		import os, subprocess, sys
		from payloads import INVALID
		crm = sys.argv[1]
		wrong = []
		def refused(name, words, **how):
		    got = subprocess.run([os.fsencode(crm), *words], capture_output=True, **how)
		    if got.returncode not in (1, 2, 5) or not got.stderr.startswith(b"crm: "):
		        wrong.append((name, words, got.returncode, got.stderr))
		for name, exact in INVALID:
		    text = b"a" + exact + b"b"
		    refused(name, [b"customer", b"add", b"--name", text])
		    refused(name, [b"customer", b"edit", b"1", b"--note", text])
		    refused(name, [b"customer", b"tag", b"1", b"--add", text])
		    refused(name, [b"log", b"phone", b"1", b"-m", text])
		    refused(name, [b"log", b"phone", b"1", b"-F", b"-"], input=text)
		    refused(name, [b"view", b"add", b"customer", text, b"city:x"])
		    for form, file in (("csv", b"name,note\nB," + text + b"\n"), ("tsv", b"name\tnote\nB\t" + text + b"\n"),
		                       ("jsonl", b'{"name":"B","note":"' + text + b'"}\n'),
		                       ("vcard", b"BEGIN:VCARD\nVERSION:4.0\nFN:B\nNOTE:" + text + b"\nEND:VCARD\n")):
		        refused(name + " " + form, [b"import", b"customer", b"-", b"--read", form.encode(), b"--encoding", b"UTF-8"], input=file)
		assert not wrong, wrong[:5]
	END
	store_unchanged
}

@test "T1: for programs it stays as it was: csv, tsv, json, jsonl, dump" {
	new_store
	with_payloads "$CRM" <<-'END'
		import csv, io, json, subprocess, sys
		from payloads import VALID
		crm = sys.argv[1]
		def run(*words, **how):
		    return subprocess.run([crm, *words], check=True, capture_output=True, **how).stdout
		texts = [exact.decode() for _, exact in VALID]
		run("init", "--store", "other.db")
		rows = "".join(json.dumps({"key": f"K{i}", "name": f"n{i}", "note": t}) + "\n" for i, t in enumerate(texts))
		run("import", "customer", "-", input=rows.encode())
		ask = ["customer", "list", "--fields", "note", "--sort", "id", "--format"]
		assert [r["note"] for r in json.loads(run(*ask, "json"))] == texts
		assert [json.loads(r)["note"] for r in run(*ask, "jsonl").split(b"\n")[:-1]] == texts
		assert [r[0] for r in csv.reader(io.StringIO(run(*ask, "csv", "--no-header").decode(), newline=""))] == texts
		tsv = [r.replace("\\\\", "\0").replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r").replace("\0", "\\")
		       for r in run(*ask, "tsv").decode().split("\n")[:-1]]
		assert tsv == texts, [p for p in zip(tsv, texts) if p[0] != p[1]]
		run("load", "-", "--store", "other.db", input=run("dump"))
		assert [r["note"] for r in json.loads(run(*ask, "json", "--store", "other.db"))] == texts
	END
}

@test "T1: joiners between letters and emoji stay; alone they do not" {
	new_store
	run_ok customer add --name 'क्‍ष 👩‍💻 می‌خواهم' --note $'a \u200d b'
	run_ok customer list --fields name,note --format record
	assert_out_has 'क्‍ष 👩‍💻 می‌خواهم'
	assert_out_has 'a \u200d b'
}

# The helpers that read what others wrote: they do their work, and while they do it reach no other file and no program.
# probe.c, preloaded, tries to.
load helper

setup_file() {
	HELPERS=$(dirname "$(realpath "$CRM")")/helpers
	export HELPERS PYTHONPATH=$BATS_TEST_DIRNAME PYTHONDONTWRITEBYTECODE=1
}

need_sandbox() {
	[ "${WATCHED:-no}" = no ] || skip "what watches this build opens files of its own"
	python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).syscall(444, None, 0, 1) < 1)' || skip "no Landlock here"
}

need_helper() { # NAME
	[ -x "$HELPERS/$1" ] || skip "built without $1"
}

# Runs a helper with the probe; its rows are in $out.
probed() { # HELPER ARGUMENT…
	local helper=$1
	shift
	need_helper "$helper"
	LD_PRELOAD=$PROBE "$HELPERS/$helper" "$@" >"$out" 2>"$err" || {
		cat "$err"
		return 1
	}
	assert_err_has 'probe: passwd EACCES, exec EACCES'
}

@test "the probe gets out of a program that is in no sandbox" {
	need_sandbox
	run_ok version
	LD_PRELOAD=$PROBE "$CRM" version >"$out" 2>"$err"
	assert_err 'probe: passwd done, exec done'
}

@test "mail: an mbox, a Maildir, stdin; encodings from their modules" {
	need_sandbox
	printf 'From a@example.com Thu Jan  1 00:00:00 2026\nFrom: a@example.com\nTo: b@example.com\nSubject: one\nDate: Thu, 1 Jan 2026 00:00:00 +0000\nContent-Type: text/plain; charset=gb18030\nContent-Transfer-Encoding: base64\n\n1cXI/Q==\n' >box
	probed crm-import-mail box
	assert_out_has 张三
	mkdir -p dir/cur dir/new
	tail -n +2 box >dir/new/1
	probed crm-import-mail dir
	assert_out_has 张三
	probed crm-import-mail - <box
	assert_out_has 张三
}

@test "mail: what a link in a Maildir points to is not read" {
	need_sandbox
	need_helper crm-import-mail
	mkdir -p dir/cur dir/new
	printf 'Subject: secret\n\ntext\n' >secret
	ln -s "$PWD/secret" dir/new/1
	if "$HELPERS/crm-import-mail" dir >"$out" 2>"$err"; then return 1; fi
	assert_out
	assert_err_has 'Permission denied'
}

@test "xlsx: a sheet" {
	need_sandbox
	need_helper crm-export-xlsx
	new_store
	run_ok customer add --name Li
	run_ok export customer -o file.xlsx --fields name
	probed crm-import-xlsx file.xlsx
	assert_out name Li
}

@test "sqlite: a table, with and without a log; nothing is left beside a file that nobody uses" {
	need_sandbox
	python3 - <<-'END'
		import shutil, sqlite3
		for name, mode in (("old.db", "delete"), ("log ?%#.db", "wal")):
		    db = sqlite3.connect(name)
		    db.execute(f"PRAGMA journal_mode = {mode}")
		    db.execute("CREATE TABLE customer (name TEXT)")
		    db.execute("INSERT INTO customer VALUES ('Li')")
		    db.commit()
		    if mode == "wal":
		        shutil.copy(name, "used.db")
		        shutil.copy(name + "-wal", "used.db-wal")
		    db.close()
	END
	local file
	for file in old.db 'log ?%#.db' used.db; do
		probed crm-import-sqlite -- "$file"
		assert_out '{"name":"Li"}'
	done
	[ "$(find . -maxdepth 1 -name '*.db*' | sort | tr '\n' ' ')" = './log ?%#.db ./old.db ./used.db ./used.db-shm ./used.db-wal ' ]
}

@test "classify-train: what it learns from comes by a pipe" {
	need_sandbox
	need_helper crm-classify-train
	new_store
	for i in {1..12}; do
		printf '%s,%s\n' "refund money $i" refund "parcel late $i" delivery
	done | sed '1i text,label' >rows.csv
	LD_PRELOAD=$PROBE run_ok classify train --from rows.csv --text text --label label --method forest
	assert_err_has 'warning: training: probe: passwd EACCES, exec EACCES'
}

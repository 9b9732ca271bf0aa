# U1: what an import promises of any file: all or nothing, twice is once, a dry run counts as the real one; and files made to
# use up memory are refused by the line, in little of it. CRM_LONG=1 has the full sizes.
load helper

# Runs crm on what a Python expression writes to its stdin, within 400 MB of address space; its greatest size is in $peak (KiB).
fed() { # STATUS PYTHON ARGUMENT…
	local wanted=$1 code=$2 got=0
	shift 2
	python3 - "$out" "$err" "$code" "$CRM" "$@" >peak <<-'END' || got=$?
		import os, resource, signal, subprocess, sys
		out, err, code, *command = sys.argv[1:]
		limit = 400 << 20 if os.environ.get("SANITIZED", "no") == "no" else resource.RLIM_INFINITY
		child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=open(out, "wb"), stderr=open(err, "wb"),
		                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
		signal.signal(signal.SIGPIPE, signal.SIG_IGN)
		write = child.stdin.write
		try:
		    exec(code)
		    child.stdin.close()
		except BrokenPipeError:
		    pass
		status = child.wait()
		print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
		sys.exit(status if status >= 0 else 128 - status)
	END
	peak=$(cat peak)
	[ "$got" -eq "$wanted" ] || {
		echo "status $got, not $wanted; $peak KiB"
		head -c 2000 "$err"
		return 1
	}
}

limits_setup() {
	new_store
	run_ok customer add --name Li --key K1
	remember_store
}

@test "U1: a file twice: the second time nothing changes" {
	new_store
	{ echo 'key,name,email,city,tags'; seq 3000 | sed 's/.*/K&,Name &,u&@example.com,City,"a, b"/'; } >file
	run_ok import customer file
	assert_err_has '3000 created'
	remember_store
	run_ok import customer file
	assert_err_has '3000 rows read: 0 created, 0 updated, 3000 unchanged, 0 rejected'
	store_unchanged
}

@test "U1: a bad row before the last: nothing is kept, its line is named; all bad rows are, up to 50" {
	limits_setup
	local n=${CRM_LONG:+1000000}
	n=${n:-30000}
	{ echo 'key,name,email'; seq $((n - 2)) | sed 's/.*/N&,Name &,u&@example.com/'; printf 'Nx,Bad,no address\nNy,Good,y@example.com\n'; } >file
	run_fail 1 import customer file --near off
	assert_err_has "crm: file:$n: email: "
	assert_err_has "1 of $n rows rejected: nothing was imported"
	lacks -q 'no address' "$err"
	store_unchanged
	{ echo 'key,name,email'; seq 80 | sed 's/.*/N&,Name &,bad &/'; } >file
	run_fail 1 import customer file --near off
	[ "$(grep -c '^crm: file:[0-9]*: email: ' "$err")" -eq 50 ]
	assert_err_has '30 more rejected rows'
	store_unchanged
}

@test "U1: a dry run, and a real one: the same counts" {
	limits_setup
	printf 'key,name,city\nK1,Li,Rome\nK2,Wu,\nK2,Wu,\nK3,,x\nK1,Li,Oslo\n' >file
	"$CRM" import customer file --near off --dry-run --partial --format json >dry 2>/dev/null || true
	"$CRM" import customer file --near off --partial --format json >real 2>/dev/null || true
	python3 - <<-'END'
		import json
		dry, real = ([json.load(open(f))] for f in ("dry", "real"))
		for name in ("read", "created", "updated", "unchanged", "conflicts", "rejected"):
		    assert dry[0][name] == real[0][name], (name, dry, real)
		assert real[0]["read"] == 5 and real[0]["created"] >= 1, real
	END
}

@test "U1: one file in many spellings: CRLF, CR, BOM, UTF-16, GB18030, no newline at the end" {
	python3 - <<-'END'
		text = "key,name,city\nK1,张三,北京\nK2,\"a,\"\"b\"\"\",上海\n"
		for name, data in {"lf": text.encode(), "crlf": text.replace("\n", "\r\n").encode(), "cr": text.replace("\n", "\r").encode(),
		                   "bom": b"\xef\xbb\xbf" + text.encode(), "utf16le": b"\xff\xfe" + text.encode("utf-16-le"),
		                   "utf16be": b"\xfe\xff" + text.encode("utf-16-be"), "gb": text.encode("gb18030"),
		                   "cut": text.encode()[:-1]}.items():
		    open(name, "wb").write(data)
	END
	local file
	for file in lf crlf cr bom utf16le utf16be gb cut; do
		rm -rf "$XDG_DATA_HOME"
		new_store
		run_ok import customer $file
		run_ok customer list --fields key,name,city --sort key
		assert_out $'K1\t张三\t北京' $'K2\ta,"b"\t上海'
	done
}

@test "U1: a field of more than 1 MiB, in each form: refused by its line" {
	limits_setup
	local field='"x" * ((1 << 20) + 1)'
	fed 1 "write(b'name,note\nA,b\nB,' + ($field).encode() + b'\n')" import customer -
	assert_err_has 'line 3: a field is longer than 1 MiB'
	fed 1 "write(b'name\tnote\nA\tb\nB\t' + ($field).encode() + b'\n')" import customer - --read tsv
	assert_err_has 'line 3'
	fed 1 "write(b'{\"name\":\"A\"}\n{\"name\":\"B\",\"note\":\"' + ($field).encode() + b'\"}\n')" import customer - --map note=note
	assert_err_has 'stdin:2'
	fed 1 "write(b'BEGIN:VCARD\nVERSION:4.0\nFN:B\nNOTE:' + ($field).encode() + b'\nEND:VCARD\n')" import customer -
	assert_err_has stdin
	store_unchanged
	# one of exactly that much comes in
	fed 0 'write(b"name,note\nA," + b"x" * (1 << 20) + b"\n")' import customer -
	run_ok sql "SELECT length(note) FROM v_customer WHERE name = 'A'"
	assert_out 1048576
}

@test "U1: a row of more than 8 MiB, more than 1,000 columns: refused by their line" {
	limits_setup
	fed 1 'write(b"name," + ",".join(f"c{i}" for i in range(11)).encode() + b"\nA" + b"," * 11 + b"\nB" + (b"," + b"x" * 900000) * 11 + b"\n")' \
		import customer -
	assert_err_has 'stdin:3'
	fed 1 'write(",".join(f"c{i}" for i in range(1001)).encode() + b"\nA\n")' import customer -
	assert_err_has 'line 1: the header has 1001 columns, more than 1000'
	fed 1 'write(b"name,city\nA,b\n" + b",x" * 5000 + b"\n")' import customer -
	assert_err_has 'stdin:3'
	fed 1 'write(b"{" + b",".join(b"\"k%d\":1" % i for i in range(1001)) + b"}\n")' import customer -
	assert_err_has 'line 1: more than 1000 different keys'
	store_unchanged
}

@test "U1: a line without an end, an unclosed quote, brackets without end: refused, in little memory" {
	limits_setup
	local mb=${CRM_LONG:+1024} code command
	mb=${mb:-64}
	local small=80000
	[ "${SANITIZED:-no}" = no ] || small=1000000
	while IFS='|' read -r code command; do
		# shellcheck disable=SC2086
		fed 1 "$code
for _ in range($mb): write(b'x' * (1 << 20))" import customer - $command
		echo "$code: $peak KiB"
		[ "$peak" -le "$small" ]
		grep -qE 'stdin:? ?(line )?[:0-9]' "$err"
		[ "$(wc -c <"$err")" -lt 4000 ]
	done <<-'END'
		write(b"name,note\nA,b\n")|
		write(b"name,note\nA,b\nB,\"")|
		write(b"name\tnote\nA\tb\nB\t")|--read tsv
		write(b"{\"name\":\"A\"}\n{\"name\":\"")|--read jsonl
		write(b"[{\"name\":\"A\"},{\"name\":\"")|--read jsonl
		write(b"BEGIN:VCARD\nVERSION:4.0\nFN:A\nNOTE:")|--read vcard
		pass|
	END
	fed 1 "
for _ in range($mb): write(b'[' * (1 << 20))" import customer - --read jsonl
	[ "$peak" -le "$small" ]
	store_unchanged
	store_is_sound
}

@test "U1: a program that keeps what it reads fails the test of memory" {
	[ "${SANITIZED:-no}" = no ] || skip "has room of its own"
	printf '#!/usr/bin/env python3\nimport sys\nsys.stdin.buffer.read()\nsys.exit(1)\n' >greedy
	chmod +x greedy
	CRM=$PWD/greedy fed 1 'for _ in range(200): write(b"x" * (1 << 20))' import customer -
	echo "$peak KiB"
	[ "$peak" -gt 80000 ]
}

# import: the catalogue of bad files. Each gives its status, a message with the line, and a store that is as before.
load helper

bad_setup() {
	new_store
	run_ok customer add --name Li --email li@example.com --key K1
	remember_store
}

# The import of `file` is refused with STATUS and says TEXT; nothing is changed, by rows nor by --dry-run.
bad() { # STATUS TEXT [OPTION…]
	local status=$1 text=$2
	shift 2
	run_fail "$status" import customer file "$@"
	assert_err_has "$text"
	store_unchanged
	run_fail "$status" import customer file --dry-run "$@"
	store_unchanged
}

@test "an unclosed quote: the line on which the field began" {
	bad_setup
	printf 'name,city\nA,x\n"B,y\nC,z\nD,w\n' >file
	bad 1 'line 3'
}

@test "text after a closing quote, a quote inside a field" {
	bad_setup
	printf 'name,city\nA,x\n"B"b,y\n' >file
	run_fail 1 import customer file
	assert_err_has 3
	store_unchanged
	printf 'name,city\nA,x\nB"b,y\n' >file
	run_fail 1 import customer file
	assert_err_has 3
	store_unchanged
}

@test "ragged rows: each with its line" {
	bad_setup
	printf 'name,city\nA,x\nB\nC,z,q\nD,w\n' >file
	bad 1 'file:3'
	assert_err_has 'file:4'
	run_status 5 import customer file --partial
	run_ok customer list --fields name
	assert_out Li A D
}

@test "a NUL byte rejects its row" {
	bad_setup
	printf 'name,city\nA,x\nB\0b,y\nC,z\n' >file
	bad 1 'file:3' --encoding UTF-8
	assert_err_has NUL
	run_status 5 import customer file --partial --encoding UTF-8
	run_ok customer list --fields name
	assert_out Li A C
}

@test "bytes that do not decode reject their row" {
	bad_setup
	printf 'name,city\nA,x\nB\377\376b,y\nC,z\n' >file
	bad 1 'file:3' --encoding UTF-8
	printf 'name,city\nA,x\nB\300\257,y\nC,z\n' >file
	bad 1 'file:3' --encoding UTF-8
	printf 'name,city\nA,x\nB\355\240\200,y\nC,z\n' >file
	bad 1 'file:3' --encoding UTF-8
	run_status 5 import customer file --partial --encoding UTF-8
	run_ok customer list --fields name
	assert_out Li A C
}

@test "a cell of 10 MB" {
	bad_setup
	{
		printf 'name,note\nA,x\nB,'
		head -c 10485760 /dev/zero | tr '\0' x
		printf '\nC,z\n'
	} >file
	run_fail 1 import customer file
	assert_err_has 3
	[ "$(wc -c <"$err")" -lt 4000 ]
	store_unchanged
}

@test "a cell of 1 MB comes back as it was" {
	bad_setup
	head -c 1000000 /dev/zero | tr '\0' x >cell
	{
		printf 'name,note\nA,'
		cat cell
		echo
	} >file
	run_ok import customer file
	run_ok export customer name:A --fields note --no-header
	[ "$(cat "$out")" = "$(cat cell)" ]
}

@test "an empty file, blank lines, no file, a directory" {
	bad_setup
	: >file
	bad 1 'empty'
	printf '\n\n\n' >file
	bad 1 'empty'
	rm file
	bad 1 'file: No such file'
	mkdir file
	bad 1 'file'
}

@test "a header and nothing else: no row, no import, no error" {
	bad_setup
	printf 'name,city\n' >file
	run_ok import customer file
	assert_err_has '0 rows read'
	run_ok customer list --fields name
	assert_out Li
}

@test "duplicate headers, a column without a name" {
	bad_setup
	printf 'name,city,city\nA,x,y\n' >file
	bad 1 city
	printf 'name,,city\nA,x,y\n' >file
	bad 1 'column 2'
}

@test "two columns for one field" {
	bad_setup
	printf 'name,姓名\nA,B\n' >file
	run_status 0 import customer file --map 姓名= --dry-run
	printf 'name,n2\nA,B\n' >file
	bad 2 n2 --map n2=name
}

@test "no column that is a field, no name" {
	bad_setup
	printf 'foo,bar\n1,2\n' >file
	bad 2 '--map'
	printf 'city,stage\nx,lead\ny,lead\n' >file
	bad 1 'file:2: name'
	assert_err_has 'file:3: name'
}

@test "two rows for one customer: the second with other values is a conflict, an equal one is not" {
	bad_setup
	printf 'key,name,city\nK2,A,x\nK3,B,y\nK2,A,z\n' >file
	bad 1 'file:4'
	assert_err_has 'line 2'
	printf 'key,name,city\nK2,A,x\nK3,B,y\nK2,A,x\n' >file
	run_ok import customer file --format json
	python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); assert (d["created"],d["unchanged"],d["rejected"])==(2,1,0), d' "$out"
}

@test "two rows of one stored customer, by key and by e-mail" {
	bad_setup
	printf 'key,email,city\nK1,,x\n,li@example.com,y\n' >file
	bad 1 'file:3'
	assert_err_has 'line 2'
}

@test "impossible dates, times, ages" {
	bad_setup
	for date in 2026-02-30 2025-02-29 1900-02-29 2026-13-01 2026-00-10 2026-01-32 2026-1-1x yesterday? 30/02/2026; do
		printf 'name,birthday\nA,1990-01-01\nB,%s\n' "$date" >file
		bad 1 'file:3: birthday'
	done
	run_ok customer add --name Wu
	remember_store
	for time in 2026-02-30T10:00:00Z '2026-03-01 24:30' '2026-03-01 10:61' 2026-03-01T10:00:00+25:00 soon; do
		printf 'customer,at,channel,content\nLi,2026-03-01,phone,x\nWu,%s,phone,y\n' "$time" >file
		run_fail 1 import log file
		assert_err_has 'file:3: at'
		store_unchanged
	done
}

@test "years 1 and 9999 are kept, beyond is refused" {
	bad_setup
	printf 'customer,at,channel,content\nLi,0001-01-01T00:00:00Z,phone,x\nLi,9999-12-31T23:59:59Z,phone,y\n' >file
	run_ok import log file
	run_ok log list --fields at --sort at
	assert_out 0001-01-01T00:00:00+00:00 9999-12-31T23:59:59+00:00
	remember_store
	printf 'customer,at,channel,content\nLi,0000-01-01T00:00:00Z,phone,x\n' >file
	run_fail 1 import log file
	store_unchanged
	printf 'customer,at,channel,content\nLi,10000-01-01T00:00:00Z,phone,x\n' >file
	run_fail 1 import log file
	store_unchanged
}

@test "values that their field refuses: all of them are reported" {
	bad_setup
	{
		echo 'name,email,phone,do_not_call,stage,timezone'
		echo 'A,no-at-sign,,,,'
		echo 'B,,phone?,,,'
		echo 'C,,,perhaps,,'
		echo 'D,,,,nonsense,'
		echo 'E,,,,,Mars/Phobos'
		echo 'F,f@example.com,,,,'
	} >file
	bad 1 'file:2: email'
	for line in 'file:3: phone' 'file:4: do_not_call' 'file:5: stage' 'file:6: timezone'; do
		assert_err_has "$line"
	done
	assert_err_has '5 of 6'
	run_status 5 import customer file --partial
	run_ok customer list --fields name
	assert_out Li F
}

@test "a phone number without a country is refused, nothing is guessed" {
	bad_setup
	printf 'name,phone\nA,13800138000\n' >file
	bad 1 'file:2: phone'
	run_ok import customer file --country CN
	run_ok sql "SELECT phone_e164 FROM v_customer WHERE name = 'A'"
	assert_out +8613800138000
}

@test "a log for a customer who is not there" {
	bad_setup
	printf 'customer,at,channel,content\nK1,2026-03-01,phone,x\nK99,2026-03-01,phone,y\n' >file
	run_fail 1 import log file
	assert_err_has 'file:3: customer'
	store_unchanged
}

@test "bad JSON lines" {
	bad_setup
	printf '{"name":"A"}\n{"name":"B"\n{"name":"C"}\n' >file
	run_fail 1 import customer file --read jsonl
	assert_err_has 2
	store_unchanged
	printf '{"name":"A"}\n[1,2]\n' >file
	run_fail 1 import customer file --read jsonl
	assert_err_has 2
	store_unchanged
	printf '{"name":"A","name":"B"}\n' >file
	run_fail 1 import customer file --read jsonl
	store_unchanged
	# deeper than any record: refused, whatever the reason
	head -c 100000 /dev/zero | tr '\0' '[' >file
	got=0
	"$CRM" import customer file --read jsonl >"$out" 2>"$err" || got=$?
	[ "$got" -eq 1 ]
	store_unchanged
}

@test "wrong options: 2, before anything is read" {
	bad_setup
	printf 'name\nA\n' >file
	bad 2 mode --mode replace
	bad 2 match --match name,colour
	bad 2 blank --blank drop
	bad 2 no-such-encoding --encoding no-such-encoding
	bad 2 delimiter --delimiter ab
	bad 2 --map --map name
	bad 2 nosuch --map name=nosuch
	bad 2 Absent --map Absent=name
	bad 2 --default --default name
	bad 2 --default --default nosuch=1
	bad 2 country --country XYZ
	run_fail 2 import custmer file
	assert_err_has customer
	run_fail 2 import history file
	store_unchanged
}

@test "messages about hostile data show no control characters" {
	bad_setup
	printf 'name,birthday\nA,\033[2Jx\342\200\256y\n' >file
	bad 1 'file:2: birthday'
	run_status 1 import customer file
	[ "$(grep -cP '\x1b|\xe2\x80\xae' "$err")" -eq 0 ]
}

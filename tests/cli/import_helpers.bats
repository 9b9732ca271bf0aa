# import and export through other programs: compressed files, spreadsheets, SQLite files; programs that are missing or die.
load helper

# A folder of helpers of the test's own: NAME, and what it does as a shell script.
fake_helper() { # NAME SCRIPT
	mkdir -p fake
	printf '#!/bin/sh\n%s\n' "$2" >"fake/$1"
	chmod +x "fake/$1"
	export CRM_LIBEXEC=$PWD/fake
}

# Rows enough to need several writes into a pipe of 64 KiB.
many_customers() { # N
	awk -v n="$1" 'BEGIN { print "key,name"; for (i = 1; i <= n; i++) printf "K%06d,Somebody %d\n", i, i }'
}

@test "a compressed file, by its content, from a file, a redirection and a pipe" {
	new_store
	many_customers 9000 | gzip >plain-name
	run_ok import customer plain-name
	assert_err_has '9000 rows read: 9000 created'
	run_ok customer list key:K009000 --fields name
	assert_out 'Somebody 9000'
	run_ok import customer - <plain-name
	assert_err_has '9000 unchanged'
	cat plain-name | run_ok import customer -
	assert_err_has '9000 unchanged'
	# the first byte alone, long before the others
	{ head -c 1 plain-name; sleep 0.3; tail -c +2 plain-name; } | run_ok import customer - --read csv
	assert_err_has '9000 unchanged'
}

@test "looking at stdin loses nothing of what is not compressed" {
	new_store
	many_customers 9000 | run_ok import customer -
	assert_err_has '9000 created'
	many_customers 9000 >file
	run_ok import customer - <file
	assert_err_has '9000 unchanged'
	# from where the one before us stopped reading
	{ read -r _ && run_ok import customer - --map K000001=key --map 'Somebody 1=name'; } <file
	assert_err_has '8999 unchanged'
	{ cat >/dev/null; run_fail 1 import customer -; } <file
	assert_err 'crm: stdin: the file is empty'
}

@test "a compressed file that is cut off, or damaged, keeps nothing and says the file's name" {
	new_store
	many_customers 9000 | gzip >whole.gz
	remember_store
	for size in 20000 100 3 2; do
		head -c $size whole.gz >cut.gz
		run_fail 1 import customer cut.gz --partial
		grep -q '^crm: cut.gz: gzip: .*: nothing was imported$' "$err"
		store_unchanged
	done
	cat cut.gz | run_fail 1 import customer -
	grep -q '^crm: stdin: gzip: .*: nothing was imported$' "$err"
	# whole rows, and then a checksum that is wrong
	{ head -c -8 whole.gz; printf '12345678'; } >wrong.gz
	run_fail 1 import customer wrong.gz
	assert_err_has 'nothing was imported'
	store_unchanged
}

@test "a bad file in a compressed one is refused without reading on" {
	new_store
	remember_store
	{ printf 'key,name\nK1,a"b"\n'; yes 'K2,c' | head -n 5000000; } | gzip -1 >bad.gz
	run_fail 1 import customer bad.gz
	assert_err 'crm: bad.gz: line 2: a quote inside an unquoted field (put the field in quotes and double those inside)'
	gzip </dev/null >empty.gz
	run_fail 1 import customer empty.gz
	assert_err 'crm: empty.gz: the file is empty'
	store_unchanged
}

@test "a program that is missing is named, with what to install" {
	new_store
	printf 'PK\3\4' >book.xlsx
	sqlite3 some.db 'CREATE TABLE t (a)'
	mkdir -p mail/cur mail/new
	printf 'From ann@example.org Thu Jan  1 00:00:00 1970\nSubject: x\n\n' >box
	printf 'Subject: x\n\n' >one.eml
	export CRM_LIBEXEC=$PWD/nowhere
	run_fail 1 import customer book.xlsx
	assert_err 'crm: book.xlsx: there is no program crm-import-xlsx to read an xlsx file: install libexpat1-dev and libminizip-dev and build crm with -Dxlsx=enabled'
	run_fail 1 import customer some.db
	assert_err_has 'there is no program crm-import-sqlite'
	for mail in mail box one.eml; do
		run_fail 1 import log $mail
		assert_err_has "$mail: there is no program crm-import-mail to read mail: install libgmime-3.0-dev"
	done
	many_customers 1 | gzip >a.gz
	PATH=$PWD/nowhere run_fail_without_path import customer a.gz
}

# grep and printf are gone too
run_fail_without_path() {
	local got=0
	"$CRM" "$@" 2>"$err" || got=$?
	PATH=/usr/bin:/bin
	[ $got -eq 1 ] || return 1
	assert_err 'crm: a.gz: there is no program gzip to read a gzip file: install the package gzip'
}

@test "mail, by its own program; --own tells what went out" {
	[ -x "$(dirname "$CRM")/helpers/crm-import-mail" ] || skip "built without gmime"
	new_store
	run_ok customer add --name Li --email li@example.com
	printf '%s\n' 'From us@shop.example Fri Jan  2 15:04:05 2026' 'From: us@shop.example' 'To: li@example.com' \
		'Date: Fri, 02 Jan 2026 15:04:05 +0000' 'Message-ID: <a@shop.example>' 'Subject: Offer' '' 'Here it is' >box
	mkdir -p dir/cur dir/new
	tail -n +2 box >dir/new/1
	cp dir/new/1 one.eml
	run_ok import log box --own @shop.example
	assert_err_has '1 created'
	assert_err_has '; mail, UTF-8'
	run_ok log list --fields name,direction,subject
	assert_out $'Li\tout\tOffer'
	run_ok import log dir --own us@shop.example
	assert_err_has '1 unchanged'
	run_ok import log one.eml --own @shop.example
	assert_err_has '1 unchanged'
	cp one.eml other
	run_ok import log other --own @shop.example --read mail
	assert_err_has '1 unchanged'
}

@test "a header that begins with From is no mail" {
	new_store
	printf 'From ,name\nx,Ann\n' >file
	run_ok import customer file --map From=
	assert_err_has '1 created'
}

@test "a program that dies half-way keeps nothing" {
	new_store
	remember_store
	printf 'PK\3\4' >book.xlsx
	fake_helper crm-import-xlsx 'printf "name\nAnn\nBob\n"; kill -9 $$'
	run_fail 1 import customer book.xlsx --partial
	assert_err_has 'crm: book.xlsx: crm-import-xlsx was ended by signal 9 (Killed): nothing was imported'
	store_unchanged
	fake_helper crm-import-xlsx 'printf "name\nAnn\nBob\n"; exit 3'
	run_fail 1 import customer book.xlsx
	assert_err_has 'crm: book.xlsx: crm-import-xlsx ended with status 3: nothing was imported'
	store_unchanged
	fake_helper crm-import-xlsx 'printf "name\nAnn\n"; echo "crm-import-xlsx: book.xlsx: it burns" >&2; exit 1'
	run_fail 1 import customer book.xlsx
	assert_err_has 'crm: book.xlsx: it burns: nothing was imported'
	store_unchanged
	fake_helper crm-import-xlsx 'exit 1'
	run_fail 1 import customer book.xlsx
	assert_err 'crm: book.xlsx: crm-import-xlsx ended with status 1: nothing was imported'
	fake_helper crm-import-xlsx 'printf "name\nAnn\nBob\n"; exit 3'
	run_fail 1 import customer book.xlsx --dry-run
	run_fail 1 import customer book.xlsx --plan plan
	[ ! -e plan ]
	store_unchanged
	# with the status of a parent that does not care about its children
	fake_helper crm-import-xlsx 'printf "name\nAnn\n"; exit 1'
	(trap '' CHLD; run_fail 1 import customer book.xlsx)
	store_unchanged
}

@test "a program that is content, what it warns of, and one that would never end" {
	new_store
	printf 'PK\3\4' >book.xlsx
	fake_helper crm-import-xlsx 'printf "name;x,city\nAnn,\"a;b\"\n"; printf "crm-import-xlsx: book.xlsx: hm\nodd\n" >&2'
	run_ok import customer book.xlsx --map 'name;x=name'
	assert_err_has 'crm: warning: book.xlsx: hm'
	assert_err_has 'crm: warning: book.xlsx: odd'
	assert_err_has '1 created'
	run_ok customer list --fields name,city
	assert_out $'Ann\ta;b'
	# more on stderr than a pipe holds
	fake_helper crm-import-xlsx 'printf "name\nBob\n"; yes oh | head -n 100000 >&2'
	run_ok import customer book.xlsx
	assert_err_has 'crm: warning: book.xlsx: 99950 more notes'
	# reading stopped, it does not
	fake_helper crm-import-xlsx 'printf "name\na\"b\"\n"; exec >/dev/null; exec sleep 600'
	run_fail 1 import customer book.xlsx
	assert_err_has 'line 2: a quote inside'
	fake_helper crm-import-xlsx 'printf "name\na\"b\"\n"; exec yes'
	run_fail 1 import customer book.xlsx
	assert_err_has 'line 2: a quote inside'
}

@test "the words that a program gets: nothing of them is an option by accident" {
	new_store
	printf 'PK\3\4' >-x.xlsx
	sqlite3 ./-y.db 'CREATE TABLE t (a)'
	fake_helper crm-import-xlsx 'echo name; echo "$*"'
	run_ok import customer --sheet '--a b' -- -x.xlsx
	run_ok customer list --fields name
	assert_out '--sheet --a b -- -x.xlsx'
	fake_helper crm-import-sqlite 'printf "{\"name\":\"%s\"}\n" "$*"'
	run_ok import org --table T -- -y.db
	run_ok org list --fields name
	assert_out '--table T --type org -- -y.db'
}

@test "options of one form are refused for the others; such a file must have a name" {
	new_store
	printf 'name\nAnn\n' >a.csv
	printf 'PK\3\4' >book.xlsx
	run_fail 2 import customer a.csv --sheet A
	run_fail 2 import customer a.csv --table A
	run_fail 2 import customer a.csv --own ann@example.org
	run_fail 2 import customer book.xlsx --table A
	run_fail 2 import customer book.xlsx --encoding UTF-8
	run_fail 2 import customer book.xlsx --delimiter ,
	run_fail 2 import customer book.xlsx --quote none
	run_fail 2 import customer book.xlsx --comment '#'
	run_fail 2 import customer - <book.xlsx
	assert_err 'crm: stdin: is an xlsx file: it can only be read from a file that is named'
	cat book.xlsx | run_fail 2 import customer -
	run_fail 2 import customer - --read sqlite <a.csv
	printf '\320\317\021\340\241\261\032\341' >old.xls
	run_fail 1 import customer old.xls
	assert_err 'crm: old.xls: is an old or encrypted Excel file: save it as .xlsx without a password'
}

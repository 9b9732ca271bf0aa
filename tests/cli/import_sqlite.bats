# import: tables of SQLite files, those of the predecessor first of all.
load helper

# What the predecessor kept: communications by the number of the customer.
predecessor() { # FILE
	sqlite3 "$1" <<-'END'
		CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
		INSERT INTO customer VALUES (1, '张三', '013800138000'), (2, 'Bob', NULL);
		CREATE TABLE customer_communication (id INTEGER PRIMARY KEY, customer_id INTEGER, communication_content TEXT,
		    communication_time TEXT, communication_channel TEXT);
		INSERT INTO customer_communication VALUES
		    (11, 1, '询价 "急", with a \ and
		a second line', '2026-01-02 15:04:05', 'phone'),
		    (12, 2, 'hello', '2026-01-03 09:00:00', 'email');
	END
}

@test "the predecessor's customers, then its communications, whose id becomes the key" {
	new_store
	predecessor old.db
	run_ok import customer old.db --table customer --country CN
	assert_err_has '2 created'
	assert_err_has '; sqlite, UTF-8'
	run_ok customer list --fields key,name,phone
	assert_out $'1\t张三\t013800138000' $'2\tBob\t'
	run_ok import log old.db
	assert_err_has '2 created'
	run_ok log list --sort id --fields key,name,channel,at,content --format json
	python3 - "$out" <<-'END'
		import json, sys
		assert json.load(open(sys.argv[1])) == [
		    {"key": "11", "name": "张三", "channel": "phone", "at": "2026-01-02T15:04:05+00:00",
		     "content": '询价 "急", with a \\ and\na second line'},
		    {"key": "12", "name": "Bob", "channel": "email", "at": "2026-01-03T09:00:00+00:00", "content": "hello"}]
	END
	run_ok import log old.db --table customer_communication
	assert_err_has '2 unchanged'
	run_fail 1 import customer old.db
	assert_err 'crm: old.db: which table? --table NAME (tables: customer, customer_communication): nothing was imported'
	store_is_sound
}

@test "one table needs no name; numbers, absent values, binary ones" {
	new_store
	run_ok customer add --name Ann --key 1
	sqlite3 one.db <<-'END'
		CREATE TABLE "odd ""name" (id INTEGER PRIMARY KEY, customer_id, communication_time, communication_channel, subject, content, photo BLOB);
		INSERT INTO "odd ""name" VALUES (9007199254740993, 1, '2026-01-02 15:04:05', 'call', 0.1, NULL, x'00ff'), (2, 1, '2026-01-02 15:04:06', 'call', 'x', '', NULL);
	END
	run_ok import log one.db --map photo=
	assert_err_has "crm: warning: one.db: column 'photo': 1 values are binary data, which no field holds: left out"
	run_ok log list --sort id --fields key,at,subject
	assert_out $'2\t2026-01-02T15:04:06+00:00\tx' $'9007199254740993\t2026-01-02T15:04:05+00:00\t0.1'
	run_ok import log one.db --table 'ODD "NAME' --map photo=
	assert_err_has '2 unchanged'
	run_fail 1 import log one.db --table 'odd'
	assert_err_has "there is no table 'odd'; views are not read (tables: odd \"name)"
}

@test "views, triggers and virtual tables of a foreign file are not run; nothing is written to it" {
	new_store
	predecessor old.db
	sqlite3 old.db <<-'END'
		CREATE VIEW v AS SELECT writefile('pwned', 'x') AS name;
		CREATE VIRTUAL TABLE ft USING fts5(name);
	END
	sum=$(sha256sum <old.db)
	run_fail 1 import customer old.db --table v
	assert_err_has "there is no table 'v'"
	run_fail 1 import customer old.db --table ft
	assert_err_has "there is no table 'ft'"
	run_ok import customer old.db --table customer --country CN
	[ "$sum" = "$(sha256sum <old.db)" ]
	[ ! -e pwned ]
}

@test "a store that is written meanwhile, an empty file, a damaged one" {
	new_store
	predecessor old.db
	sqlite3 old.db 'PRAGMA journal_mode = WAL' "INSERT INTO customer VALUES (3, 'Eve', NULL)" >/dev/null
	run_ok import customer old.db --table customer --country CN
	assert_err_has '3 created'
	remember_store
	sqlite3 empty.db 'VACUUM'
	run_fail 1 import log empty.db --read sqlite
	assert_err_has 'there is no table in the file'
	sqlite3 bad.db 'CREATE TABLE t (name); WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
		INSERT INTO t SELECT i || hex(zeroblob(40)) FROM n'
	dd if=/dev/urandom of=bad.db bs=4096 seek=40 count=1 conv=notrunc status=none
	run_fail 1 import customer bad.db --partial
	assert_err_has 'malformed: nothing was imported'
	store_unchanged
	head -c 5000 old.db >cut.db
	run_fail 1 import customer cut.db
	assert_err_has ': nothing was imported'
	printf 'SQLite format 3\0rubbish' >junk.db
	run_fail 1 import customer junk.db
	assert_err_has 'file is not a database: nothing was imported'
}

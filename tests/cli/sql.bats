# sql: read-only, over the documented views.
load helper

@test "a SELECT in every format" {
	new_store
	run_ok customer add --name 张三 --city Hefei
	run_ok sql 'SELECT id, name, note FROM v_customer'
	assert_out $'1\t张三\t'
	run_ok sql 'SELECT id, name, note FROM v_customer' --format csv
	assert_out id,name,note 1,张三,
	run_ok sql 'SELECT id, name, note FROM v_customer' --format jsonl
	python3 -c 'import json,sys; assert json.load(open(sys.argv[1]))=={"id":1,"name":"张三","note":None}' "$out"
	run_ok sql 'WITH t(a) AS (SELECT 1 UNION ALL SELECT 2) SELECT a * 1.25 AS b FROM t' --header
	assert_out b 1.25 2.5
}

@test "the documented views answer" {
	new_store
	run_ok customer add --name Li --tag vip --email a@example.com --email b@example.com
	run_ok log phone 1 -m x
	for view in v_customer v_org v_log v_order v_tag v_contact_point v_custom v_operation; do
		run_ok sql "SELECT count(*) >= 0 FROM $view"
		assert_out 1
	done
	run_ok sql 'SELECT customer_name, channel, agent FROM v_log'
	assert_out $'Li\tphone\tann'
}

@test "whatever is no SELECT is refused, and changes nothing" {
	new_store
	run_ok customer add --name Li
	remember_store
	for sql in 'DELETE FROM customer' "UPDATE customer SET name = 'x'" 'DROP TABLE customer' \
		"INSERT INTO customer (name) VALUES ('x')" 'CREATE TABLE t (a)' 'PRAGMA user_version = 7' \
		"ATTACH 'other.db' AS o" 'VACUUM' "VACUUM INTO 'copy.db'" 'BEGIN' 'REINDEX' \
		'SELECT 1; DELETE FROM customer' 'WITH t AS (SELECT 1) DELETE FROM customer' \
		'DELETE FROM customer RETURNING id' "SELECT writefile('f', 'x')" \
		"EXPLAIN DELETE FROM customer; DELETE FROM customer" 'SELEC 1' 'SELECT' '' ' ' '-- nothing' \
		'SELECT * FROM nosuch' 'SELECT ?1'; do
		run_fail 2 sql "$sql"
		store_unchanged
	done
	run_fail 1 sql "SELECT load_extension('x')"
	[ ! -e other.db ]
	[ ! -e copy.db ]
	[ ! -e f ]
}

@test "the message is SQLite's" {
	new_store
	run_fail 2 sql 'SELECT nosuch FROM v_customer'
	assert_err_has nosuch
}

@test "large results stream" {
	new_store
	run_ok sql 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT i FROM n'
	[ "$(wc -l <"$out")" -eq 200000 ]
	[ "$(tail -n 1 "$out")" = 200000 ]
}

@test "text with line ends, numbers of 64 bits" {
	new_store
	run_ok sql "SELECT char(9, 10, 13, 92) AS a"
	assert_out '\t\n\r\\'
	run_ok sql "SELECT 9223372036854775807 AS b" --format json
	python3 -c 'import json,sys; assert json.load(open(sys.argv[1]))[0]["b"]==9223372036854775807' "$out"
}

@test "bytes that are no text come as hexadecimal digits in every format" {
	new_store
	run_ok sql "SELECT x'ff00' AS b, 'a' AS t" --format json
	python3 -c 'import json,sys; assert json.load(open(sys.argv[1])) == [{"b": "ff00", "t": "a"}]' "$out"
	run_ok sql "SELECT x'ff00', x''" --format csv --no-header
	assert_out 'ff00,""'
}

@test "the index of words, as crm-schema(5) has it" {
	new_store
	run_ok customer add --name Li
	run_ok log phone 1 -m '我要退款 Refund'
	run_ok log phone 1 -m '款退'
	local select="SELECT log.id FROM search_mark m JOIN search_index ON search_index.rowid BETWEEN m.base + 1 AND
		m.base + m.upto JOIN log ON log.id = search_index.rowid - m.base WHERE m.entity = 'log' AND search_index MATCH"
	run_ok sql "$select '\"退 款\"'"
	assert_out 1
	[ "$(sqlite3 "$(store_file)" "$select '\"退 款\"'")" = 1 ]
	[ "$(sqlite3 "$(store_file)" "$select 'ref*'")" = 1 ]
	run_ok sql "SELECT words('Café，退款'), has_words(' 退 款 ', '退款'), has_words(' 款 退 ', '退款')"
	assert_out 'cafe 退 款	1	0'
	run_fail 2 sql 'PRAGMA data_version'
}

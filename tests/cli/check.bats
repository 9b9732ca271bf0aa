# check: each corruption that SQLite accepts is found.
load helper

make_data() {
	new_store
	run_ok customer add --name Li
	run_ok customer add --name Wu
	run_ok log phone 1 -m 'first' --at 2026-03-01T10:00:00Z
	run_ok log email 1 -m 'second' --at 2026-03-05T10:00:00Z
}

damage() { # SQL
	sqlite3 "$(store_file)" "$1"
}

found() { # CHECK
	run_status 5 check
	awk -F '\t' -v check="$1" '$1 == check && $2 == "problem" { n++ } END { exit n == 0 }' "$out" || {
		echo "no problem of '$1':"
		cat "$out"
		return 1
	}
}

@test "a sound store has no problem, and every check is named" {
	make_data
	store_is_sound
	run_ok check --fields check
	for name in integrity 'foreign keys' facts journal; do
		assert_out_has "$name"
	done
	run_ok check --format json
	python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); assert all(r["status"]=="ok" for r in d)' "$out"
}

@test "what a new store begins with may be edited" {
	new_store
	run_ok followup policy edit 1 --steps '7d call'
	run_ok calendar edit 1 --hours 'mon-fri 08:00-17:00'
	store_is_sound
	damage "UPDATE agent SET op = 2 WHERE id = 1; DELETE FROM change WHERE entity = 'agent' AND first_id = 1"
	found journal
	assert_out_has 'agent 1 is not in the journal as created'
}

@test "a wrong time of the last contact is found" {
	make_data
	damage 'UPDATE customer SET last_contact_at = last_contact_at + 1 WHERE id = 1'
	found facts
	assert_out_has 'customer 1'
}

@test "a wrong channel, number of contacts, a contact that never was are found" {
	make_data
	remember=$(dump_store)
	for sql in "UPDATE customer SET last_contact_channel = 'fax' WHERE id = 1" \
		'UPDATE customer SET contacts = 7 WHERE id = 1' \
		'UPDATE customer SET contacts = 1, last_contact_at = 5 WHERE id = 2'; do
		damage "$sql"
		found facts
		run_ok check --fix
		[ "$(dump_store | grep 'INSERT INTO customer ')" = "$(grep 'INSERT INTO customer ' <<<"$remember")" ]
	done
}

@test "--fix mends facts, says so, and is then content" {
	make_data
	damage 'UPDATE customer SET last_contact_at = NULL, contacts = 0 WHERE id = 1'
	run_ok check --fix
	awk -F '\t' '$1 == "facts" && $2 == "fixed" { n++ } END { exit n != 1 }' "$out"
	store_is_sound
	run_ok customer show 1 --fields contacts,last_contact_at,last_contact_channel --format tsv
	assert_out "$(printf '2\t2026-03-05T10:00:00+00:00\temail')"
}

@test "without --fix nothing is mended" {
	make_data
	damage 'UPDATE customer SET contacts = 9 WHERE id = 1'
	remember_store
	found facts
	store_unchanged
}

@test "a record written by an operation that never was is found" {
	make_data
	damage 'UPDATE customer SET op = 4711 WHERE id = 2'
	found journal
	assert_out_has 'customer 2'
}

@test "a record that the journal does not know is found" {
	make_data
	damage "INSERT INTO customer (name, name_fold, created_at, updated_at, op) VALUES ('X', 'x', 1, 1, 1)"
	found journal
	assert_out_has 'customer 3'
}

@test "an image in the journal that cannot be read is found" {
	make_data
	run_ok customer edit 1 --city Hefei
	damage "UPDATE change SET image = '{broken' WHERE image IS NOT NULL"
	found journal
}

@test "a reference to nothing is found, and --fix does not hide it" {
	make_data
	damage 'PRAGMA foreign_keys = OFF; UPDATE log SET customer = 999 WHERE id = 1'
	found 'foreign keys'
	assert_out_has log
	run_status 5 check --fix
}

@test "a damaged index is found" {
	make_data
	damage "PRAGMA writable_schema = ON;
		UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'customer_phone')
		WHERE name = 'customer_name';"
	run_status 5 check || run_status 6 check
}

@test "a file that everybody may read is found" {
	make_data
	chmod 644 "$(store_file)"
	found modes
	chmod 600 "$(store_file)"
	store_is_sound
}

@test "a file cut short is no store any more: refused or found, never a crash" {
	make_data
	size=$(stat -c %s "$(store_file)")
	for part in 3 2; do
		cp "$(store_file)" keep.db
		truncate -s $((size / 4 * part)) "$(store_file)"
		got=0
		"$CRM" check >"$out" 2>"$err" || got=$?
		[ "$got" -eq 5 ] || [ "$got" -eq 6 ]
		cp keep.db "$(store_file)"
	done
	store_is_sound
}

@test "what is checked cannot reach beyond its directory" {
	command -v strace >/dev/null || skip 'strace is not there'
	[ "$(id -u)" -eq 0 ] || skip 'crm lets nobody but root look into it'
	[ "${WATCHED:-no}" = no ] || skip 'what watches this build opens files of its own'
	make_data
	got=0
	strace -f -o trace -e trace=landlock_create_ruleset,landlock_restrict_self,openat "$CRM" check >"$out" 2>"$err" || got=$?
	[ "$got" -eq 0 ]
	! grep -q 'landlock_create_ruleset.* = -1' trace || skip 'this kernel has no Landlock'
	grep -q 'landlock_restrict_self.* = 0' trace
	# from there on nothing but the store's directory and the kernel's random numbers
	awk -v dir="$(dirname "$(store_file)")" '
		/landlock_restrict_self/ { inside = 1 }
		inside && /openat\(/ && index($0, "\"" dir "/") == 0 && index($0, "\"" dir "\"") == 0 && !/urandom/ {
			print; wrong = 1
		}
		inside && index($0, "crm.db\"") { opened = 1 }
		END { exit wrong || !opened }' trace
}

@test "a record that is not what was written last is found, told how to mend, and accepted once it is saved" {
	make_data
	run_ok customer edit 1 --tag vip --phones 'w:+8613800138000' --note good
	run_ok field add customer size
	run_ok customer edit 1 --set size=7
	cp "$(store_file)" sound.db
	for sql in "UPDATE customer SET note = 'gOod' WHERE id = 1" "UPDATE customer SET do_not_call = 1 WHERE id = 1" \
		"UPDATE customer SET op = 3, created_at = created_at + 1 WHERE id = 1" \
		"UPDATE customer SET title = 'x' WHERE id = 1" "UPDATE customer SET row_sum = row_sum - 1 WHERE id = 1" \
		"UPDATE record_tag SET tag = 'VIP' WHERE record = 1" "UPDATE contact_point SET label = 'h' WHERE record = 1" \
		"UPDATE contact_point SET label = NULL WHERE record = 1" "UPDATE field_value SET value = '8' WHERE record = 1" \
		"DELETE FROM record_tag WHERE record = 1"; do
		damage "$sql"
		found rows
		assert_out_has 'customer 1 is not what was written last: compare it with a backup'
		run_status 5 check --fix # it cannot know what was right
		found rows
		run_ok customer edit 1 --city Rom
		awk -F '\t' '$1 == "rows" && $2 == "ok" { n++ } END { exit n != 1 }' < <(crm check || true)
		cp sound.db "$(store_file)"
	done
	store_is_sound
}

@test "records written before there were sums are counted, and --fix gives them one" {
	make_data
	damage 'UPDATE customer SET row_sum = NULL; UPDATE agent SET row_sum = NULL'
	run_ok check
	assert_out_has '4 records were written before schema 4 and have no sum yet'
	run_ok check --fix
	assert_out_has '4 records have a sum now'
	[ "$(sqlite3 "$(store_file)" 'SELECT count(*) FROM customer WHERE row_sum IS NULL')" = 0 ]
	store_is_sound
	damage "UPDATE customer SET name = 'Lo' WHERE id = 1"
	found rows
}

@test "--quiet prints nothing when all is well, and problems only when not" {
	make_data
	run_ok check --quiet
	[ ! -s "$out" ] && [ ! -s "$err" ]
	damage 'UPDATE customer SET contacts = 9 WHERE id = 1'
	run_status 5 check --quiet
	[ "$(wc -l <"$out")" -eq 1 ]
}

@test "an index that does not fit its table is made again by --fix" {
	make_data
	# One without its entry for a row: the table says name_fold 'li', the index something else.
	damage "PRAGMA writable_schema = ON;
		UPDATE sqlite_schema SET sql = 'CREATE INDEX customer_name ON customer (name)' WHERE name = 'customer_name'"
	damage "REINDEX customer_name; PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql =
		'CREATE INDEX customer_name ON customer (name_fold)' WHERE name = 'customer_name'"
	found integrity
	assert_out_has '--fix makes the index again'
	run_ok check --fix
	assert_out_has 'index customer_name made again'
	store_is_sound
}

@test "of one check a hundred problems are told, and how many more" {
	new_store
	seq 150 | sed 's/.*/n&/; 1i name' >in.csv
	run_ok import customer in.csv
	damage 'UPDATE customer SET contacts = 9'
	run_status 5 check --quiet
	[ "$(wc -l <"$out")" -eq 101 ]
	assert_out_has 'and 50 more'
	assert_err_has '150 problems'
}

@test "the digest of an operation and what is said to be undone are compared" {
	make_data
	run_ok customer edit 1 --city Hefei
	run_ok undo
	cp "$(store_file)" sound.db
	damage "UPDATE operation SET command = 'x' WHERE id = 3"
	found digests
	assert_out_has 'operation 3'
	cp sound.db "$(store_file)"
	damage "UPDATE operation SET undone_by = NULL WHERE undone_by IS NOT NULL"
	found undone
	cp sound.db "$(store_file)"
	damage "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'customer'"
	found numbers
}

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

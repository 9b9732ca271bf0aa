# history --digest and --verify: what the journal says of the past cannot be changed unnoticed.
load helper

make_data() {
	new_store
	run_ok customer add --name '李 雷' --tag a --phones 'w:+8613800138000'
	run_ok customer add --name Wu --note $'two\nlines: 7:x'
	run_ok customer edit 1 --city Hefei
	run_ok log phone 1 -m 'first' --at 2026-03-01T10:00:00Z
	run_ok undo
	run_ok redo
	run_ok customer rm 2 --yes
}

damage() { # SQL
	sqlite3 "$(store_file)" "$1"
}

# Every digest computed anew, as crm-schema(5) says, by plain SQLite and hashlib: how many, the last, those that differ.
recompute() {
	python3 - "${CRM_STORE:-$(store_file)}" <<-'PY'
		import hashlib, re, sqlite3, sys
		db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
		hexed = lambda text: hashlib.sha256(text.encode()).hexdigest()
		def hash_of(image):
		    if image is None:
		        return "-"
		    erased = re.fullmatch(r'\{"erased":"([0-9a-f]{64})"\}', image)
		    return erased.group(1) if erased else hexed(image)
		text = lambda s: f"{len(s.encode())}:{s}"
		previous, n, wrong = "-", 0, []
		for op, at, undoes, agent, login, command, digest in db.execute(
		        "SELECT id, at, undoes, agent, login, command, digest FROM operation ORDER BY id"):
		    if digest is None and previous == "-":
		        continue
		    lines = ["crm 1", previous, f"{op} {at} {'-' if undoes is None else undoes} "
		             + " ".join(map(text, (agent, login, command)))]
		    for entity, first, last, image in sorted(
		            db.execute("SELECT entity, first_id, last_id, image FROM change WHERE op = ?", (op,)),
		            key=lambda c: (c[0].encode(), c[1])):
		        lines.append(f"{entity} {first} {last} {hash_of(image)}")
		    n += 1
		    if hexed("".join(line + "\n" for line in lines)) != digest:
		        wrong.append(op)
		    previous = digest
		print(n, previous, *wrong)
	PY
}

@test "every digest can be computed by anybody" {
	make_data
	[ "$(recompute)" = "9 $(sqlite3 "$(store_file)" 'SELECT digest FROM operation ORDER BY id DESC LIMIT 1')" ]
	run_ok history --digest
	[ "$(cat "$out")" = "crm-digest v1 9 2026-03-10T12:00:00Z $(recompute | cut -d ' ' -f 2)" ]
	# a positive control: another byte anywhere
	damage "UPDATE change SET image = replace(image, 'Wu', 'Wo') WHERE op = 9"
	[ "$(recompute | cut -d ' ' -f 3-)" = 9 ]
}

@test "a line kept elsewhere fits as long as nothing before it was changed" {
	make_data
	line=$(crm history --digest)
	run_ok history --verify "$line"
	assert_err_has '0 operations since'
	run_ok customer edit 1 --city Suzhou
	run_ok undo
	run_ok history --verify "  $line"
	assert_err_has '2 operations since'
	cp "$(store_file)" sound.db
	for sql in "UPDATE operation SET command = 'x' WHERE id = 3" "UPDATE operation SET at = at + 1 WHERE id = 9" \
		"UPDATE change SET last_id = 7 WHERE op = 4 AND entity = 'customer'" "DELETE FROM change WHERE op = 5" \
		"PRAGMA foreign_keys = OFF; DELETE FROM change WHERE op = 5; DELETE FROM operation WHERE id = 5" \
		"INSERT INTO change (op, entity, first_id, last_id) VALUES (4, 'org', 1, 1)" \
		"UPDATE operation SET digest = NULL WHERE id = 8" "UPDATE operation SET digest = NULL" \
		"UPDATE operation SET digest = NULL WHERE id <= 9" "DELETE FROM change; DELETE FROM operation"; do
		damage "$sql"
		run_fail 5 history --verify "$line"
		cp sound.db "$(store_file)"
	done
	damage "UPDATE operation SET login = 'x' WHERE id = 11"
	run_fail 5 history --verify "$line"
	assert_err_has 'unchanged up to operation 9; operation 11, after it,'
}

@test "a past that was made up with fitting digests is told by the line, and by it alone" {
	make_data
	line=$(crm history --digest)
	dump=$(crm dump)
	mkdir other && printf '%s\n' "${dump//Hefei/Wuhan}" >made-up
	run_ok --store other/crm.db init
	run_ok --store other/crm.db load made-up --edited
	run_ok --store other/crm.db check
	run_ok --store other/crm.db history --verify "$line" # nothing of the past was changed, the record only
	printf '%s\n' "${dump//Wu/Wo}" >made-up
	rm other/crm.db*
	run_ok --store other/crm.db init
	run_ok --store other/crm.db load made-up --edited
	run_ok --store other/crm.db check
	run_fail 5 --store other/crm.db history --verify "$line"
	assert_err_has 'the journal is another one'
}

@test "a dump has the digests, a load keeps them; without history the chain begins with the load" {
	make_data
	line=$(crm history --digest)
	run_ok dump -o whole
	mkdir a b
	run_ok --store a/crm.db init
	run_ok --store a/crm.db load whole
	run_ok --store a/crm.db history --verify "$line"
	run_ok --store a/crm.db customer edit 1 --city Suzhou
	run_ok --store a/crm.db history --verify "$line"
	run_ok dump --no-history -o short
	run_ok --store b/crm.db init
	run_ok --store b/crm.db load short
	run_ok --store b/crm.db history --digest
	grep -q '^crm-digest v1 1 ' "$out"
	run_fail 5 --store b/crm.db history --verify "$line"
}

@test "a store of an older schema: its chain begins with the next operation" {
	sqlite3 old.db <"$BATS_TEST_DIRNAME/../data/stores/schema-3.sql"
	chmod 600 old.db
	export CRM_STORE=$PWD/old.db CRM_NOW=2026-12-02T12:00:00Z
	run_ok customer edit 2 --city Bath
	run_ok history --digest
	run_ok history --verify "$(cat "$out")"
	run_ok customer edit 2 --city Wells
	[ "$(sqlite3 old.db 'SELECT count(digest), count(*) > 2 FROM operation')" = '2|1' ]
	[ "$(recompute | cut -d ' ' -f 1,3)" = 2 ]
}

@test "lines that are none, and options that do not go together" {
	new_store
	for line in '' x 'crm-digest v1 2' 'crm-digest v2 1 2026-03-10T12:00:00Z 00' \
		"crm-digest v1 0 x $(printf '0%.0s' {1..64})" "crm-digest v1 1 x $(printf '0%.0s' {1..65})"; do
		run_fail 2 history --verify "$line"
	done
	run_fail 2 history --digest --limit 3
	run_fail 2 history --digest agent:1
	run_fail 2 history --digest --verify x
	mkdir empty
	run_ok --store empty/crm.db init
	run_fail 3 --store empty/crm.db history --digest
}

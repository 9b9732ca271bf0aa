# history, undo, redo: who changed what, and taking it back.
load helper

customers() {
	sqlite3 "$(store_file)" 'SELECT * FROM customer ORDER BY id; SELECT * FROM record_tag; SELECT * FROM contact_point;
		SELECT * FROM field_value; SELECT * FROM log ORDER BY id'
}

@test "history lists operations, newest first, with who and how many" {
	new_store
	run_ok customer add --name Li
	run_ok --as bob customer edit 1 --city x
	run_ok customer rm 1 --yes
	run_ok history --fields agent,command,created,changed --limit 3 --format json
	python3 - "$out" <<-'END'
		import json, sys
		got = [(r["agent"], " ".join(r["command"].split()[:2]), r["created"], r["changed"]) for r in json.load(open(sys.argv[1]))]
		assert got == [("ann", "customer rm", 0, 1), ("bob", "customer edit", 0, 1), ("ann", "customer add", 1, 0)], got
	END
}

@test "history of a record: each field from what to what, by whom" {
	new_store
	run_ok customer add --name Li --city Hefei
	run_ok --as bob customer edit 1 --city Wuhu --note hello
	run_ok customer edit 1 --note ''
	run_ok history customer:1 --fields agent,field,old,new --format json
	python3 - "$out" <<-'END'
		import json, sys
		got = [tuple(r.values()) for r in json.load(open(sys.argv[1]))]
		assert got[0] == ("ann", "note", "hello", None), got
		assert set(got[1:3]) == {("bob", "city", "Hefei", "Wuhu"), ("bob", "note", None, "hello")}, got
		assert got[3][:2] == ("ann", "created"), got
	END
	run_fail 3 history customer:9
	run_fail 2 history custmer:1
	assert_err_has customer
}

@test "a command that changes nothing leaves no operation" {
	new_store
	run_ok customer add --name Li --city x
	run_ok history --fields id
	cp "$out" before
	run_ok customer edit 1 --city x
	run_ok customer tag 1 --remove none
	run_fail 2 customer edit 1 --stage nonsense
	run_fail 3 customer edit 9 --city y
	run_ok customer list
	run_ok history --fields id
	diff before "$out"
}

@test "undo takes back add, edit, tag, rm, exactly" {
	new_store
	run_ok field add customer shoe
	run_ok customer add --name Li --email a@example.com --email b@example.com --phone +8613800138000 --tag vip --set shoe=42
	run_ok log phone 1 -m x
	customers >before
	for command in 'customer edit 1 --name Wu --city x --set shoe= --email c@example.com' 'customer tag 1 --add x --remove vip' \
		'customer rm 1 --yes' 'log edit 1 -m y --at 2020-01-01' 'log rm 1 --yes' 'customer add --name New --tag t'; do
		# shellcheck disable=SC2086 # a command is several words
		run_ok $command
		customers >after
		if cmp -s before after; then return 1; fi
		run_ok undo
		customers | diff before -
		run_ok redo
		customers | diff after -
		run_ok undo
		customers | diff before -
	done
	store_is_sound
}

@test "undo goes back step by step, redo forward" {
	new_store
	run_ok customer add --name Li --city one
	run_ok customer edit 1 --city two
	run_ok customer edit 1 --city three
	city() { "$CRM" customer show 1 --fields city --format tsv --no-header; }
	run_ok undo
	[ "$(city)" = two ]
	run_ok undo
	[ "$(city)" = one ]
	run_ok redo
	[ "$(city)" = two ]
	run_ok redo
	[ "$(city)" = three ]
	run_fail 3 redo
	run_ok undo
	run_ok customer edit 1 --note x
	run_fail 4 redo
	[ "$(city)" = two ]
}

@test "undo takes the acting agent's last operation, another's only by its number" {
	new_store
	run_ok --as ann customer add --name A
	run_ok --as bob customer add --name B
	run_ok --as ann undo
	run_ok customer list --fields name
	assert_out B
	run_fail 3 --as carl undo
	operation=$(sqlite3 "$(store_file)" "SELECT id FROM operation WHERE agent = 'bob'")
	run_ok --as ann undo "$operation"
	run_ok customer list
	assert_out
	run_fail 3 undo 4711
	run_fail 2 undo x
}

@test "undo of an older operation leaves the later ones alone" {
	new_store
	run_ok customer add --name A
	run_ok customer add --name B
	run_ok customer edit 1 --city x
	run_ok customer edit 2 --city y
	operation=$(sqlite3 "$(store_file)" "SELECT max(id) - 1 FROM operation")
	run_ok undo "$operation"
	run_ok customer list --fields name,city
	assert_out $'A\t' $'B\ty'
	run_fail 4 undo "$operation"
}

@test "undo is refused, and changes nothing, when a later change is in the way" {
	new_store
	run_ok customer add --name A
	added=$(sqlite3 "$(store_file)" 'SELECT max(id) FROM operation')
	run_ok customer edit 1 --city x
	edited=$(sqlite3 "$(store_file)" 'SELECT max(id) FROM operation')
	run_ok customer edit 1 --note y
	remember_store
	run_fail 4 undo "$edited"
	assert_err_has 'customer 1'
	run_fail 4 undo "$added"
	store_unchanged
}

@test "undo of an add is refused while others refer to what it made" {
	new_store
	run_ok customer add --name A
	added=$(sqlite3 "$(store_file)" 'SELECT max(id) FROM operation')
	run_ok log phone 1 -m x
	remember_store
	run_fail 4 undo "$added"
	store_unchanged
	run_ok agent add --name carl
	carl=$(sqlite3 "$(store_file)" 'SELECT max(id) FROM operation')
	run_ok customer edit 1 --owner carl
	remember_store
	run_fail 4 undo "$carl"
	store_unchanged
}

@test "undo with nothing to undo" {
	run_ok init
	run_fail 3 undo
	run_fail 3 redo
}

@test "ids are never used twice" {
	new_store
	run_ok customer add --name A
	run_ok undo
	run_ok customer add --name B
	assert_out 2
}

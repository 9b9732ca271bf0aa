#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# All that is stored about a person, written out.

bats_require_minimum_version 1.5.0
load helper

# Ada (1) with one of everything, Bob (2), and Cem (3) who was merged into her.
with_everything() {
	new_store
	run_ok field add customer Shoe
	run_ok customer add --name 'Ada Winter' --key K1 --email ada@w.example --phone +8613812340001 \
		--phone work:+8613812340002 --email home:ada@h.example --tag vip --tag new --set Shoe=40 --note 'likes figs'
	run_ok customer add --name 'Bob Stay' --key K2 --email bob@w.example
	run_ok customer add --name 'Cem Ay' --key K3 --email cem@w.example
	run_ok customer edit 1 --city Leeds
	run_ok log phone 1 -m 'first call'
	run_ok log edit 1 -m 'first call, with details'
	run_ok log phone 3 -m 'call of Cem'
	run_ok log phone 2 -m 'call of Bob'
	run_ok order add 1 --number N1 --product lamp --amount 12.50 --currency EUR --at 2026-03-01
	run_ok ticket add 1 --type question --subject 'dim light' -m 'it is dim'
	run_ok ticket add 2 --type question --subject other
	run_ok ticket add 3 --type question --subject third
	run_ok ticket note 1 -m 'among ourselves'
	run_ok ticket link 1 relates 2
	run_ok followup add 1 --due +2d -m 'call again'
	run_ok survey add 1 --nps 9 -m fine --ticket 1
	run_ok rule add --name urgent --event updated --condition 'subject:dim*' --actions 'set priority=urgent'
	run_ok ticket edit 1 --category light
	run_ok customer distinct 1 2
	run_ok customer merge 1 3
	run_ok log rm 2 --yes # of Cem
}

@test "E3: every row of every table about the customer, by all foreign keys; nothing of others" {
	with_everything
	run_ok privacy export 1 -o ada.json
	run python3 "$BATS_TEST_DIRNAME/subject.py" "$(store_file)" 1 ada.json
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *tables* ]]
	run_ok privacy export key:K1
	diff "$out" ada.json
	run grep -c 'call of Bob' ada.json
	[ "$output" = 0 ]
}

@test "E3: the check fails when a record, a tag, an old state or a table is left out" {
	with_everything
	run_ok privacy export 1 -o ada.json
	for cut in 'd["log"].pop()' 'd["rule_run"].pop()' 'd["customer"][0]["tags"].pop()' 'd["journal"].pop(3)' \
		'd["customer"][0]["phones"].pop()' 'd["customer_link"].pop()' 'd["ticket_event"].pop(0)'; do
		python3 -c "import json; d = json.load(open('ada.json')); $cut; json.dump(d, open('cut.json', 'w'))"
		run python3 "$BATS_TEST_DIRNAME/subject.py" "$(store_file)" 1 cut.json
		echo "$cut: $output"
		[ "$status" -eq 1 ]
	done
	sqlite3 "$(store_file)" 'CREATE TABLE visit (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer (id));
		INSERT INTO visit VALUES (1, 1)'
	run python3 "$BATS_TEST_DIRNAME/subject.py" "$(store_file)" 1 ada.json
	[ "$status" -eq 1 ]
	[[ $output == *visit* ]]
}

@test "what was removed, and what those merged into the customer were, as the journal has it" {
	with_everything
	run_ok privacy export 1
	python3 - "$out" <<-'END'
		import json, sys
		d = json.load(open(sys.argv[1]))
		before = [(j["entity"], j["record"], json.loads(j["before"])) for j in d["journal"] if j["before"]]
		assert any(e == "log" and n == 2 and i["content"] == "call of Cem" for e, n, i in before), "a removed record"
		assert any(e == "customer" and n == 3 and i["name"] == "Cem Ay" for e, n, i in before), "a merged customer"
		assert any(e == "log" and n == 1 and i["content"] == "first call" for e, n, i in before), "an old text"
		assert not any(e == "customer" and n == 2 for e, n, i in before), "somebody else"
		assert d["log"][0]["agent"] == "ann" and any(l["internal"] for l in d["log"]), "notes and agents"
	END
}

@test "restricted customers and those who were removed too; erased ones have nothing" {
	with_everything
	run_ok privacy restrict 1
	run_ok privacy export 1 -o ada.json
	python3 "$BATS_TEST_DIRNAME/subject.py" "$(store_file)" 1 ada.json
	grep -q '"restricted":true' ada.json
	run_ok customer rm 2 --yes
	run_ok privacy export 2
	grep -q 'call of Bob' "$out"
	run_ok privacy erase 2 --yes
	run_fail 3 privacy export 2
}

@test "E3: its parts import again" {
	with_everything
	run_ok privacy export 1 -o ada.json
	python3 - <<-'END'
		import json
		d = json.load(open("ada.json"))
		for part in ("customer", "order", "ticket", "log", "survey"):
		    with open(part + ".jsonl", "w") as f:
		        f.writelines(json.dumps(r) + "\n" for r in d[part])
	END
	export CRM_STORE=$PWD/fresh.db
	run_ok init
	run_ok agent add --name ann
	run_ok field add customer Shoe
	run_ok import customer customer.jsonl --map id=
	run_ok import order order.jsonl --map id=
	run_ok import ticket ticket.jsonl --map id=
	run_ok import log log.jsonl --map id=
	run_ok import survey survey.jsonl --map id=
	run_ok privacy export 1 -o again.json
	python3 - <<-'END'
		import json
		old, new = (json.load(open(f)) for f in ("ada.json", "again.json"))
		same = {"customer": ("key", "name", "email", "emails", "phone", "phones", "tags", "note", "city", "Shoe", "contacts"),
		        "order": ("number", "product", "amount", "currency", "at"),
		        "ticket": ("subject", "body", "type", "category", "priority", "status"),
		        "log": ("at", "channel", "direction", "agent", "content", "internal"),
		        "survey": ("nps", "comment", "answered_at")}
		for part, fields in same.items():
		    a, b = ([[r[f] for f in fields] for r in x[part]] for x in (old, new))
		    assert a and a == b, (part, a, b)
	END
}

@test "a file only its owner may read, whole or not at all; other formats are refused" {
	with_everything
	umask 022
	run_ok privacy export 1 -o ada.json
	[ "$(stat -c %a ada.json)" = 600 ]
	run_fail 1 privacy export 1 -o nowhere/ada.json
	run_fail 2 privacy export 1 --format csv
	run_fail 3 privacy export 77
	run_fail 3 privacy export Cem
}

#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# What an import would do, written down, read by people, and done.

bats_require_minimum_version 1.5.0
load helper

# A store, and a file that creates, updates, leaves alone, and cannot do one row.
town() {
	new_store
	run_ok field add customer size
	run_ok customer add --name Ada --key K1 --city Rome --tag a
	run_ok customer add --name Bob --key K2 --city Oslo
	printf 'key,name,city,tags,size,owner,phone,phones,note\nK1,Ada,Bari,"a, b",7,bob,,,\nK2,Bob,Oslo,,,,,,\nK3,"Li ""x""\n二",,c,9,zoe,+8613800138000,home:+8613800138001,"a\tb"\nK4,Bad,,,,,12,,\n' >in.csv
}

exports() { # of the store in $1
	run_ok export customer --format jsonl --store "$1" --now 2026-03-10T12:00:00Z
	cat "$out"
	run_ok export agent --format jsonl --store "$1"
	cat "$out"
}

@test "a plan changes nothing, and says what would be" {
	town
	run_fail 5 import customer in.csv --plan in.plan
	assert_err_has '4 rows read: 1 created, 1 updated, 1 unchanged, 1 rejected'
	run_ok customer list --fields key
	assert_out K1 K2
	run_ok agent list --fields name
	assert_out ann bob
	python3 - in.plan <<'EOF'
import json, sys
plan = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
head, end = plan[0], plan[-1]
assert (head["plan"], head["type"], head["file"]) == (1, "customer", "in.csv"), head
assert (end["end"], end["read"], end["created"], end["updated"], end["unchanged"], end["rejected"]) == (True, 4, 1, 1, 1, 1), end
update, agent, create, reject = plan[1:-1]
assert update["line"] == 2 and update["do"] == "update" and update["id"] == 1, update
assert update["set"] == {"city": {"old": "Rome", "new": "Bari"}, "owner": {"old": "", "new": "bob"},
    "tags": {"old": "a", "new": "a, b"}, "size": {"old": "", "new": "7"}}, update
assert agent["do"] == "create" and agent["type"] == "agent" and agent["values"]["name"] == "zoe", agent
assert create["line"] == 4 and create["values"]["name"] == 'Li "x"\n二' and create["values"]["size"] == "9", create
assert create["values"]["phones"] == "home:+8613800138001", create
assert reject["do"] == "reject" and reject["line"] == 6 and reject["field"] == "phone", reject
EOF
}

@test "applied, it is as if the file had been imported; undone as one" {
	town
	cp "$XDG_DATA_HOME/crm/crm.db" other.db
	run_fail 5 import customer in.csv --plan in.plan
	run_ok apply in.plan
	assert_err_has '1 created, 1 updated; 1 rejected lines'
	run_fail 5 import customer in.csv --partial --store other.db
	exports "$XDG_DATA_HOME/crm/crm.db" >applied
	exports other.db >imported
	cmp applied imported
	run_ok check
	run_ok import list --fields file,created,updated --format csv --no-header
	assert_out in.csv,1,1
	run_ok import revert 1
	run_ok customer list --fields key,city
	assert_out $'K1\tRome' $'K2\tOslo'
	run_ok apply in.plan # all is as it was when the plan was made
}

@test "communications: customers by number, times, lengths, what is filled in" {
	town
	cp "$XDG_DATA_HOME/crm/crm.db" other.db
	printf 'customer,at,channel,direction,duration,content\nAda,2026-03-01 10:00,phone,in,5min,"a\nb"\nkey:K2,2026-03-02,chat,,,\nNobody,2026-03-02,chat,,,\n' >log.csv
	run_fail 5 import log log.csv --plan log.plan
	run_ok apply - <log.plan
	run_fail 5 import log log.csv --partial --store other.db
	run_ok export log --format jsonl
	cp "$out" applied
	run_ok export log --format jsonl --store other.db
	cmp applied "$out"
	run_ok customer list last_contact_at:2026-03-01 --fields name
	assert_out Ada
}

@test "a large plan, with custom fields it makes itself" {
	new_store
	cp "$XDG_DATA_HOME/crm/crm.db" other.db
	python3 -c 'print("key,name,email,Shoe"); [print(f"K{i},n{i},e{i}@b.cn,{i % 50}") for i in range(6000)]' >in.csv
	run_ok import customer in.csv --keep-unknown --plan in.plan
	run_ok field list --fields name
	assert_out
	run_ok apply in.plan
	run_ok import customer in.csv --keep-unknown --store other.db
	exports "$XDG_DATA_HOME/crm/crm.db" >applied
	exports other.db >imported
	cmp applied imported
	[ "$(wc -l <applied)" -ge 6000 ]
}

@test "a record changed since, or gone: nothing is done, and the lines are told" {
	town
	run_fail 5 import customer in.csv --plan in.plan
	run_ok customer edit 1 --note new
	run_fail 4 apply in.plan
	assert_err_has 'in.plan:2: customer 1 was changed by operation'
	run_ok customer list --fields key
	assert_out K1 K2
	run_ok agent list --fields name
	assert_out ann bob
	run_ok customer rm 1 --yes
	run_fail 4 apply in.plan
	assert_err_has 'in.plan:2: customer 1 is gone'
}

@test "a record to be made is there by now: by key, by number" {
	town
	run_fail 5 import customer in.csv --plan in.plan
	run_ok customer add --name Other --phone +8613800138000
	run_fail 4 apply in.plan
	assert_err_has 'customer 3 has this phone by now'
	run_ok customer edit 3 --phone '' --key K3
	run_fail 4 apply in.plan
	assert_err_has "K3"
	run_ok customer list --fields key,city
	assert_out $'K1\tRome' $'K2\tOslo' $'K3\t'
}

@test "an edited plan; --dry-run" {
	town
	run_fail 5 import customer in.csv --plan in.plan
	sed '/"do":"update"/d; s/"K3"/"K33"/' in.plan >less.plan
	run_ok apply less.plan --dry-run
	assert_err_has 'nothing was kept'
	run_ok apply less.plan
	run_ok customer list --fields key,city
	assert_out $'K1\tRome' $'K2\tOslo' $'K33\t'
}

@test "faulty plans: the lines are told, and nothing is done" {
	town
	run_fail 5 import customer in.csv --plan in.plan
	head -n -1 in.plan >bad.plan
	run_fail 1 apply bad.plan
	assert_err_has 'cut off'
	sed '3s/.*/{"do":/' in.plan >bad.plan
	run_fail 1 apply bad.plan
	assert_err_has 'bad.plan:3: '
	sed '2s/"city"/"nosuch"/' in.plan >bad.plan
	run_fail 1 apply bad.plan
	assert_err_has "bad.plan:2: "
	assert_err_has nosuch
	sed '2s/"update"/"destroy"/' in.plan >bad.plan
	run_fail 1 apply bad.plan
	assert_err_has 'bad.plan:2: is neither'
	echo 'key,name' >bad.plan
	run_fail 1 apply bad.plan
	: >bad.plan
	run_fail 1 apply bad.plan
	run_fail 1 apply missing.plan
	run_ok customer list --fields key
	assert_out K1 K2
}

@test "a plan on stdout; a plan that cannot be written" {
	town
	sed -i '$d' in.csv
	run_ok import customer in.csv --plan - -q
	head -n 1 "$out" | grep -q '^{"plan":1,'
	tail -n 1 "$out" | grep -q '^{"end":true,'
	run_fail 1 import customer in.csv --plan nodir/in.plan
	[ ! -e in.plan ]
	"$CRM" import customer in.csv --plan - >/dev/full 2>"$err" && return 1
	assert_err_has 'could not be written'
}

@test "applied twice: refused, also where rows have no key" {
	new_store
	run_ok customer add --name Eva
	printf 'name,city,tags\nAda,Rome,"a, b"\nAda,Oslo,\n"Li ""x""\n二😀",,\n' >in.csv
	printf 'customer,at,channel,content\nEva,2026-03-01,chat,"a\nb"\nEva,2026-03-01,chat,other\n' >log.csv
	printf 'key,name\nK1,Bob\n' >key.csv
	run_ok import customer in.csv --plan in.plan
	run_ok apply in.plan # two of one name are no repeat of each other
	run_ok import log log.csv --plan log.plan
	run_ok apply log.plan
	run_ok import customer key.csv --plan key.plan
	run_ok apply key.plan
	remember_store
	run_fail 4 apply in.plan
	assert_err_has 'in.plan:2: customer 2 is this one already'
	assert_err_has 'in.plan:3: customer 3 is this one already'
	assert_err_has 'in.plan:4: customer 4 is this one already'
	run_fail 4 apply log.plan
	assert_err_has 'log.plan:2: log 1 is this one already'
	run_fail 4 apply key.plan
	assert_err_has 'key.plan:2: customer 5 is this one already'
	store_unchanged
	run_ok customer edit 3 --city Bergen # then there is no such one: nothing else tells them apart
	run_fail 4 apply in.plan
	grep -q 'in.plan:3:' "$err" && return 1
	sed '/"Rome"/d; /二/d' in.plan >less.plan
	run_ok apply less.plan
	run_ok customer list name:Ada --fields city
	assert_out Rome Bergen Oslo
}

@test "what is no plan is refused after its first megabyte, however long" {
	town
	run_fail 1 apply /dev/zero
	assert_err_has '/dev/zero:1: is no plan'
	run_ok customer list --fields key
	assert_out K1 K2
}

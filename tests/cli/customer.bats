#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# crm customer: from the first record to its removal and back.

bats_require_minimum_version 1.5.0
load helper

card() { # ID FIELDS: the values, tabs between them
	run_ok customer show "$1" --format tsv --fields "$2"
}

@test "add prints the number alone, and counts on" {
	new_store
	run_ok customer add --name 'Li Si'
	assert_out 1
	assert_err 'created customer 1'
	run_ok customer add --name 张三
	assert_out 2
	local id
	id=$(crm customer add --name Ada 2>&-)
	[ "$id" = 3 ]
}

@test "add with a format prints the whole record" {
	new_store
	run_ok customer add --name 张三 --city 北京 --format json
	python3 - "$out" <<'PY'
import json, sys
r = json.load(open(sys.argv[1], encoding="utf-8"))
r = r[0] if isinstance(r, list) else r
assert r["id"] == 1 and r["name"] == "张三" and r["city"] == "北京" and r["email"] is None, r
PY
}

@test "a name is needed, or what makes one" {
	new_store
	run_fail 2 customer add --city Rome
	assert_err_has name
	run_ok customer add --given-name Ada --family-name Winter
	run_ok customer add --given-name 三 --family-name 张
	run_ok customer add --company 'Harbour Books'
	run_ok customer list --fields name
	assert_out 'Ada Winter' 张三 'Harbour Books'
}

@test "every field that can be written comes back" {
	new_store
	run_ok org add --name Acme
	run_ok customer add --key K1 --source erp --name N --given-name G --family-name F --company C --org Acme --title T \
		--phone '+86 10 8888 1234' --email A@Example.org --gender female --birthday 1990-05-12 --address 'Road 1' \
		--city Ci --region R --postcode 00123 --country Co --language zh --timezone Asia/Shanghai --owner bob \
		--stage lead --tag vip --note 'one
two' --do-not-call yes --no-email no --customer-since 2020-02-29
	card 1 key,source,name,given_name,family_name,company,org,title,phone,email,gender,birthday,age
	assert_out $'K1\terp\tN\tG\tF\tC\t1\tT\t+86 10 8888 1234\tA@Example.org\tfemale\t1990-05-12\t35'
	card 1 address,city,region,postcode,country,language,timezone,owner,stage,tags,note,do_not_call,no_email,customer_since
	assert_out $'Road 1\tCi\tR\t00123\tCo\tzh\tAsia/Shanghai\tbob\tlead\tvip\tone\\ntwo\tyes\tno\t2020-02-29'
	card 1 created_at,updated_at,last_contact_at,contacts
	assert_out $'2026-03-10T12:00:00+00:00\t2026-03-10T12:00:00+00:00\t\t0'
}

@test "text is exact: blanks inside, zeros, quotes, emoji" {
	new_store
	run_ok customer add --name "O'Neil  \"Jr\" 👩‍👩‍👧" --postcode 007 --note 'a\b	c'
	card 1 name,postcode,note
	assert_out "O'Neil  \"Jr\" 👩‍👩‍👧"$'\t007\ta\\\\b\\tc'
}

@test "age sets the year of birth alone, and counts from the birthday" {
	new_store
	run_ok customer add --name A --age 30
	card 1 birthday,age
	assert_out $'1996\t30'
	run_ok customer add --name B --birthday 1990-03-10
	run_ok customer add --name C --birthday 1990-03-11
	run_ok customer add --name D --birthday=--05-12
	run_ok customer list name:B,C,D --fields age
	assert_out 36 35 ''
}

@test "repeated addresses and labels" {
	new_store
	run_ok customer add --name Ada --email ada@a.cn --email work:ada@b.cn --phone +8613800138000 --phone home:+861088881234
	card 1 email,emails,phone,phones
	assert_out $'ada@a.cn\twork:ada@b.cn\t+8613800138000\thome:+861088881234'
	run_ok customer show 1 --format jsonl --fields emails,phones
	assert_out '{"emails":[{"label":"work","value":"ada@b.cn"}],"phones":[{"label":"home","value":"+861088881234"}]}'
	run_ok customer edit 1 --email new@a.cn
	card 1 email,emails
	assert_out $'new@a.cn\twork:ada@b.cn'
	run_ok customer edit 1 --emails ''
	card 1 email,emails
	assert_out $'new@a.cn\t'
	run_ok undo
	card 1 email,emails
	assert_out $'new@a.cn\twork:ada@b.cn'
}

@test "addresses and numbers that are none are refused" {
	new_store
	run_fail 2 customer add --name A --email not-an-address
	assert_err_has email
	run_fail 2 customer add --name A --phone '010 8888 1234'
	assert_err_has phone.country
	run_fail 2 customer add --name A --phone abc
	run_fail 2 customer add --name A --birthday 2026-02-30
	assert_err_has 2026-02-30
	run_fail 2 customer add --name A --timezone Mars/Base
	run_fail 2 customer add --name A --do-not-call perhaps
	run_fail 2 customer add --name A --age -1
	run_ok customer list
	assert_out
	run_ok history --fields command
	assert_out 'agent add' 'agent add'
}

@test "a local number where the country is set" {
	new_store
	run_ok config set phone.country CN
	run_ok customer add --name A --phone '010 8888 1234'
	card 1 phone
	assert_out '010 8888 1234'
	run_ok customer list phone:+861088881234 --fields name
	assert_out A
}

@test "an owner must be an agent" {
	new_store
	run_fail 3 customer add --name A --owner eve
	assert_err_has eve
	run_ok customer add --name A --owner bob
	run_fail 3 customer edit 1 --owner eve
	card 1 owner
	assert_out bob
}

@test "a key is taken once within its source" {
	new_store
	run_ok customer add --name A --key ERP-17
	run_fail 4 customer add --name B --key ERP-17
	assert_err_has ERP-17
	run_ok customer add --name B --key ERP-18
	run_fail 4 customer edit key:ERP-18 --key ERP-17
	run_ok customer add --name C --key ERP-17 --source shop
	run_ok customer list --fields name,key,source
	assert_out $'A\tERP-17\t' $'B\tERP-18\t' $'C\tERP-17\tshop'
}

@test "show leaves out what is empty, list has the columns that scripts rely on" {
	new_store
	run_ok customer add --name Ada --city Rome
	run_ok customer show 1
	grep -qE '^name: +Ada$' "$out"
	grep -qE '^city: +Rome$' "$out"
	run ! grep -q '^region' "$out"
	run_ok customer list --header
	assert_out $'id\tname\tphone\temail\towner\tstage\tlast_contact_at' $'1\tAda\t\t\t\t\t'
}

@test "show --history adds the communications, newest first" {
	new_store
	run_ok customer add --name Ada
	run_ok log phone 1 --at 2026-03-01T10:00:00Z -m 'first call'
	run_ok log email 1 --at 2026-03-05T10:00:00Z -m 'then a mail'
	run_ok customer show 1 --history
	assert_out_has Ada
	[ "$(grep -nF 'then a mail' "$out" | cut -d: -f1)" -lt "$(grep -nF 'first call' "$out" | cut -d: -f1)" ]
}

@test "show --history has all that happened, of every sort" {
	new_store
	run_ok agent add --name mei
	run_ok customer add --name Ada
	run_ok customer add --name Other
	export CRM_AGENT=mei
	run_ok log phone 1 --out --at 2026-03-01T10:00:00Z -m 'first call'
	run_ok log phone 2 --out --at 2026-03-01T11:00:00Z -m 'to somebody else'
	run_ok ticket add 1 --type question --subject 'Torn pages' --at 2026-03-02T10:00:00Z
	run_ok ticket take 1 --at 2026-03-03T10:00:00Z
	run_ok order add 1 --number SO-1 --product Lamp --quantity 2 --amount '79.80 EUR' --at 2026-03-04T10:00:00Z
	run_ok customer show 1 --history --format json
	python3 - "$out" <<-'PYTHON'
		import json, sys
		got = [(h["type"], h["id"], h["at"][:10], h["agent"], h["subject"], h["content"])
		       for h in json.load(open(sys.argv[1]))["history"]]
		assert got == [
		    ("order", 1, "2026-03-04", None, "SO-1", "2 x Lamp, 79.80 EUR, open"),
		    ("ticket", 1, "2026-03-03", "mei", "Torn pages", "assignee: - -> mei"),
		    ("ticket", 1, "2026-03-03", "mei", "Torn pages", "status: new -> open"),
		    ("ticket", 1, "2026-03-02", "mei", "Torn pages", "created"),
		    ("log", 1, "2026-03-01", "mei", None, "first call"),
		], got
	PYTHON
}

@test "edit changes, an empty value clears, nothing is nothing" {
	new_store
	run_ok customer add --name Ada --city Rome --stage lead
	run_ok customer edit 1 --city Oslo --stage ''
	assert_out
	assert_err 'changed customer 1'
	card 1 name,city,stage
	assert_out $'Ada\tOslo\t'
	run_ok history --fields id
	cp "$out" before
	run_ok customer edit 1 --city Oslo
	run_ok history --fields id
	cmp before "$out"
	run_fail 2 customer edit 1
	run_fail 2 customer edit 1 --name ''
	run_ok undo
	card 1 name,city,stage
	assert_out $'Ada\tRome\tlead'
}

@test "edit of several is one operation, all or none" {
	new_store
	run_ok customer add --name A
	run_ok customer add --name B
	run_ok customer edit 1 2 --city Oslo
	run_ok customer list --fields city
	assert_out Oslo Oslo
	run_ok undo
	run_ok customer list --fields city
	assert_out '' ''
	run_fail 3 customer edit 1 99 --city Rome
	run_ok customer list --fields city
	assert_out '' ''
}

@test "edit --where needs --yes without a terminal, and says how many" {
	new_store
	run_ok customer add --name A --city Rome
	run_ok customer add --name B --city Rome
	run_ok customer add --name C --city Oslo
	run_fail 2 customer edit --where city:Rome --stage lead
	assert_err_has 2
	assert_err_has --yes
	run_ok customer list --fields stage
	assert_out '' '' ''
	run_ok customer edit --where city:Rome --stage lead --yes
	run_ok customer list --fields name,stage
	assert_out $'A\tlead' $'B\tlead' $'C\t'
	run_ok undo
	run_ok customer list --fields stage
	assert_out '' '' ''
	run_fail 2 customer edit --where ctiy:Rome --stage lead --yes
	run_ok customer edit --where city:Paris --stage lead --yes
}

@test "- reads names from stdin, each line up to its first tab" {
	new_store
	run_ok customer add --name A --tag old
	run_ok customer add --name B
	run_ok customer add --name C --tag old
	crm customer list tag:old | crm customer tag - --add archive 2>/dev/null
	run_ok customer list --fields name,tags
	assert_out $'A\tarchive, old' $'B\t' $'C\tarchive, old'
	printf 'B\tanything\n' | crm customer edit - --city Rome 2>/dev/null
	run_ok customer list city:Rome --fields name
	assert_out B
	run_fail 3 customer edit - --city Rome <<<nobody
	: >empty
	run_ok customer edit - --city Rome <empty
	run_ok customer list city:Rome --fields name
	assert_out B
	printf '1\n3\n' | crm customer rm - --yes 2>/dev/null
	run_ok customer list --fields name
	assert_out B
}

@test "tags are put on and taken off, each once" {
	new_store
	run_ok customer add --name A --tag vip
	run_ok customer tag 1 --add fair --add vip
	card 1 tags
	assert_out 'fair, vip'
	run_ok customer tag 1 --remove vip --remove never --add new
	card 1 tags
	assert_out 'fair, new'
	run_ok undo
	card 1 tags
	assert_out 'fair, vip'
	run_fail 2 customer tag 1
	run_fail 3 customer tag 99 --add x
	run_fail 2 customer tag --where tag:fair --add x
	run_ok customer tag --where tag:fair --add x --yes
	card 1 tags
	assert_out 'fair, vip, x'
}

@test "rm asks, takes all that hangs on it, and can be undone" {
	new_store
	run_ok customer add --name A --email a@b.cn --email work:c@d.cn --tag vip
	run_ok log phone 1 --at 2026-03-01T10:00:00Z -m hello
	run_ok customer add --name B
	run_fail 2 customer rm 1
	assert_err_has --yes
	run_ok customer list --fields id
	assert_out 1 2
	run_ok customer rm 1 --yes
	assert_out
	run_ok customer list --fields id
	assert_out 2
	run_ok log list
	assert_out
	run_fail 3 customer show 1
	run_ok undo
	card 1 name,email,emails,tags,contacts,last_contact_at
	assert_out $'A\ta@b.cn\twork:c@d.cn\tvip\t1\t2026-03-01T10:00:00+00:00'
	run_ok log list --fields content
	assert_out hello
}

@test "rm by a filter" {
	new_store
	run_ok customer add --name A --city Rome
	run_ok customer add --name B
	run_fail 2 customer rm --where city:Rome
	run_ok customer rm --where city:Rome --yes
	run_ok customer list --fields name
	assert_out B
}

@test "numbers are never used twice" {
	new_store
	run_ok customer add --name A
	run_ok customer rm 1 --yes
	run_ok customer add --name B
	assert_out 2
}

@test "undo, redo and history of one customer" {
	new_store
	run_ok customer add --name A --city Rome
	run_ok customer edit 1 --city Oslo
	run_ok history customer:1 --format csv --no-header --fields agent,command,field,old,new
	assert_out_has 'ann,customer edit 1,city,Rome,Oslo'
	run_ok undo
	card 1 city
	assert_out Rome
	run_ok redo
	card 1 city
	assert_out Oslo
	run_ok undo
	run_ok undo
	run_fail 3 customer show 1
}

@test "undo refuses when a later change is in the way" {
	new_store
	run_ok customer add --name A
	run_ok history --fields id --limit 1
	local added
	added=$(cat "$out")
	run_ok --as bob customer edit 1 --city Rome
	run_fail 4 undo "$added"
	card 1 name,city
	assert_out $'A\tRome'
}

@test "custom fields: set, filter, sort, clear" {
	new_store
	run_ok field add customer tier --words 'gold, silver'
	run_ok field add customer visits --type integer
	run_ok customer add --name A --set tier=gold --set visits=10
	run_ok customer add --name B --set visits=9 --set tier=silver
	run_ok customer list tier:gold --fields name,tier,visits
	assert_out $'A\tgold\t10'
	run_ok customer list --sort visits --fields name
	assert_out B A
	run_ok customer list visits:10.. --fields name
	assert_out A
	run_fail 2 customer edit 1 --set tier=glod
	assert_err_has gold
	run_fail 2 customer edit 1 --set teir=gold
	assert_err_has tier
	run_fail 2 customer edit 1 --set visits=many
	run_fail 2 customer edit 1 --tier gold
	run_ok customer edit 1 --set tier=
	card 1 tier,visits
	assert_out $'\t10'
	run_ok undo
	card 1 tier
	assert_out gold
}

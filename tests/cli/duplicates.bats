#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# crm customer duplicates: who is there twice, why, and who is not.

bats_require_minimum_version 1.5.0
load helper

# Ten customers as a small office has them.
office() {
	new_store
	cat >c.csv <<'CSV'
key,name,phone,email,birthday,address,city,gender
1,张伟,+8613800138000,,1990-05-12,中山路88号,上海,
2,Ada Winter,+441134960199,ada@example.org,1980-02-03,12 High Street,Leeds,female
3,章伟,+8613800138000,,1990-05-13,,上海,
4,Winter Ada,,ada@example.org,1980-03-02,12 High St.,Leeds,
5,张伟,+8613900139000,zw@example.com,1971-01-30,,北京,
6,Otto Winter,+441134960199,,1979-11-23,12 High Street,Leeds,male
7,李雷,,,,,,
8,李雷,,,,,,
9,Bea Sommer,,bea@example.net,,,,
10,Carl Herbst,,,,,,
CSV
	run_ok import customer c.csv --mode insert --match key
}

pairs() { # ARGUMENT…: `a b` of each pair
	run_ok customer duplicates "$@" --fields a,b --format tsv
	tr '\t' ' ' <"$out" | sort
}

@test "who is there twice is found, with the reasons" {
	office
	[ "$(pairs)" = $'1 3\n2 4' ]
	run_ok customer duplicates --format json
	python3 - "$out" <<'PY'
import json, sys
pairs = json.load(open(sys.argv[1], encoding="utf-8"))
assert list(pairs[0]) == ["a", "b", "score", "reasons", "name_a", "name_b", "compared"], pairs[0]
by = {(p["a"], p["b"]): p for p in pairs}
zhang, ada = by[1, 3], by[2, 4]
assert zhang["reasons"] == ("same phone; names sound alike (张伟/章伟); "
                            "birthday differs in one digit (1990-05-12/1990-05-13); same city"), zhang
assert (zhang["name_a"], zhang["name_b"], zhang["compared"]) == ("张伟", "章伟", 5), zhang
assert "same e-mail; given and family name swapped (ada winter/winter ada)" in ada["reasons"], ada
assert "birthday with day and month swapped" in ada["reasons"] and "same address" in ada["reasons"], ada
assert all(0.8 <= p["score"] <= 0.9999 and round(p["score"], 4) == p["score"] for p in pairs), pairs
assert [p["score"] for p in pairs] == sorted((p["score"] for p in pairs), reverse=True), pairs
PY
}

@test "two of a household, and namesakes, are two" {
	office
	pairs --threshold 0.5 >found
	grep -qx '2 6' found && return 1 # one phone, one address, one family name
	grep -qx '1 5' found && return 1 # one name
	run_ok customer duplicates --threshold 0 --format tsv --fields reasons key:6
	grep -q 'but other given name' "$out"
	# of whom nothing is known but the name
	run_ok customer duplicates --threshold 0 --format json key:7
	python3 -c 'import json, sys; p = json.load(open(sys.argv[1])); assert p[0]["b"] == 8 and p[0]["score"] <= 0.5, p' "$out"
}

@test "a filter asks for pairs of which one fits" {
	office
	[ "$(pairs city:Leeds)" = '2 4' ]
	[ "$(pairs key:3)" = '1 3' ]
	[ "$(pairs key:9)" = '' ]
	run_fail 2 customer duplicates colour:red
	assert_err_has colour
}

@test "the threshold is a probability" {
	office
	[ "$(pairs --threshold 1)" = "$(pairs --threshold 0.9999)" ]
	[ "$(pairs --threshold 0 | wc -l)" -gt 3 ]
	local p
	for p in 1.5 -0.1 high '' nan; do
		run_fail 2 customer duplicates --threshold "$p"
		assert_err_has '--threshold'
	done
}

@test "who is said to be two is not told again" {
	office
	run_ok customer distinct 3 1
	[ "$(pairs)" = '2 4' ]
	run_ok customer distinct 1 3 --remove
	[ "$(pairs)" = $'1 3\n2 4' ]
}

@test "further numbers and addresses count too" {
	new_store
	run_ok customer add --name 'Ada Winter' --phone +441134960199 --phone home:+441134960100
	run_ok customer add --name 'A. Winter' --phone +441134960111 --phone work:+441134960100
	run_ok customer add --name 'Bea Sommer' --email bea@example.org --email old:b.sommer@example.net
	run_ok customer add --name 'Beatrice Sommer' --email b.sommer@example.net
	[ "$(pairs)" = $'1 2\n3 4' ]
}

@test "none, one, and customers without a name" {
	new_store
	[ "$(pairs)" = '' ]
	run_ok customer add --name Ada
	[ "$(pairs --threshold 0)" = '' ]
	run_ok customer duplicates --explain
	run_ok customer add --email info@example.org
	run_ok customer add --phone +441134960199
	run_ok customer add --phone +441134960199 --name Ada
	[ "$(pairs)" = '' ]
	run_fail 6 --store none.db customer duplicates
}

@test "the weights can be seen, and set" {
	office
	run_ok customer duplicates --explain --format json
	python3 - "$out" <<'PY'
import json, math, sys
rows = json.load(open(sys.argv[1]))
assert rows[0]["field"] == "prior" and rows[0]["weight"] < -4, rows[0]
for r in rows[1:]:
    assert 0 < r["m"] <= 1 and 0 < r["u"] <= 1 and not r["configured"], r
    assert abs(r["weight"] - math.log2(r["m"] / r["u"])) < 0.02, r
by = {}
for r in rows[1:]:
    by.setdefault(r["field"], {})[r["level"]] = r["weight"]
for field, weights in by.items():
    assert weights["exact"] > 0 > weights["different"], (field, weights)
    assert abs(sum(r["m"] for r in rows if r["field"] == field) - 1) < 0.01, field
PY
	run_ok config set duplicates.weights 'phone.exact=-8, birthday.very_close=-6'
	[ "$(pairs)" = '2 4' ]
	run_ok customer duplicates --explain --format tsv --fields field,level,weight,configured
	grep -q $'^phone\texact\t-8\tyes$' "$out"
	run_fail 2 config set duplicates.weights 'phne.exact=3'
	assert_err_has "did you mean 'phone'"
	local bad
	for bad in phone=3 phone.exakt=3 phone.exact phone.exact=x gender.close=1 phone.exact=100 prior=3; do
		run_fail 2 config set duplicates.weights "$bad"
		assert_err_has duplicates.weights
	done
	run_ok config set duplicates.weights prior=-40
	[ "$(pairs)" = '' ]
	run_fail 2 customer duplicates --explain --threshold 0.5
}

@test "columns, order and limit are those of every list" {
	office
	run_ok customer duplicates --sort -a --fields a,score --format csv
	[ "$(sed -n 1p "$out")" = a,score ]
	[ "$(sed -n 2p "$out" | cut -d, -f1)" = 2 ]
	run_ok customer duplicates --limit 1 --format tsv
	[ "$(wc -l <"$out")" -eq 1 ]
	run_ok customer duplicates --fields help
	grep -q reasons "$out"
	run_fail 2 customer duplicates --fields colour
}

# Twice as many as two threads take at a time, half of them there again: the same answer every time.
@test "the same store gives the same bytes" {
	new_store
	python3 - >c.csv <<'PY'
print("key,name,email,city,birthday")
for i in range(3000):
    k, again = i % 1500, i >= 1500
    name = f"Name{k * 7919 % 1500:04} Family{k:04}"
    print(f"{i},{name if not again or k % 3 else name[:-1]},{f'u{k}@example.org' if k % 2 else ''},"
          f"{'Leeds' if k % 5 else 'York'},{1950 + k % 50}-{1 + k % 12:02}-{1 + k % 28:02}")
PY
	run_ok import customer c.csv --mode insert --match key
	run_ok customer duplicates --format csv
	mv "$out" first
	[ "$(wc -l <first)" -gt 1000 ]
	local i
	for i in 1 2 3; do
		run_ok customer duplicates --format csv
		cmp first "$out"
	done
}

# A hundred share one number: each is compared with those who have more in common, not all with all.
@test "a switchboard does not make colleagues one" {
	new_store
	python3 - >c.csv <<'PY'
import random
rng = random.Random(4)
name = lambda: rng.choice("BDFGHKLMNPRSTVW") + "".join(rng.choice(("a", "e", "i", "o", "u")) + rng.choice("bdfgklmnprstvz")
                                                       for _ in range(rng.randint(2, 4)))
people = [f"{name()} {name()}" for _ in range(300)]
print("key,name,phone,company")
for i, who in enumerate([*people, people[1]]):
    print(f"{i},{who},+441134960100,Atlas Freight")
PY
	run_ok import customer c.csv --mode insert --match key
	# a number that all have tells nothing: there is little more than the name
	[ "$(pairs --threshold 0.5)" = '2 301' ]
	[ "$(pairs)" = '' ]
}

@test "later customers are not seen at an earlier time" {
	office
	run_ok --now 2026-03-09 customer duplicates --format tsv
	[ ! -s "$out" ]
}

@test "on a terminal people see what to do next" {
	office
	python3 -IS "$BATS_TEST_DIRNAME/on_terminal.py" 140 -- "$CRM" --no-pager customer duplicates >"$out"
	grep -q 'Reasons' "$out"
	grep -q '章伟 .*same phone; names sound alike' "$out"
	assert_out_has 'crm customer merge A B'
	python3 -IS "$BATS_TEST_DIRNAME/on_terminal.py" 140 -- "$CRM" --no-pager customer duplicates key:9 >"$out"
	assert_out_has 'no two customers'
	python3 -IS "$BATS_TEST_DIRNAME/on_terminal.py" 140 -- "$CRM" --no-pager -q customer duplicates --format csv >"$out"
	grep -q '^a,b,score,reasons,name_a,name_b,compared' "$out"
}

@test "those whom nothing tells apart are compared in groups, which is said" {
	new_store
	python3 - >c.csv <<'PY'
print("key,name,phone")
for i in range(120):
    print(f"{i},Ada Winter,+441134960100")
PY
	run_ok import customer c.csv --mode insert --match key --near off
	run_ok customer duplicates --threshold 0 --format tsv
	assert_err_has 'compared in groups of 50'
	[ "$(wc -l <"$out")" -ge $((2 * 50 * 49 / 2 + 20 * 19 / 2)) ]
}

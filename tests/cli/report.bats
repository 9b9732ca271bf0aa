# report: activity, frequency, followups; periods, buckets and what is not available.
load helper

# Seven communications; an eighth is an internal note.
report_setup() {
	new_store
	run_ok customer add --name Li
	run_ok customer add --name Wu
	run_ok customer add --name Ma --owner bob
	run_ok log phone 1 -m x --at 2026-03-01T09:15:00Z
	run_ok log email 1 -m x --at 2026-03-01T23:59:59Z
	run_ok log phone 2 -m x --at 2026-03-02T09:00:00Z --agent bob
	run_ok log phone 1 -m x --at 2026-03-04T10:00:00Z
	run_ok log chat 1 -m x --at 2026-03-05T00:00:00Z
	run_ok log phone 1 -m x --at 2026-02-10T10:00:00Z
	run_ok log visit 2 -m x --at 2026-03-04T18:00:00Z
	run_ok log other 1 -m x --at 2026-03-04T11:00:00Z --internal yes
}

# Rows as JSON are what a Python expression, a list of lists, says; floats to nine digits.
rows_are() { # EXPRESSION
	python3 - "$out" "$1" <<-'END'
		import json, sys
		close = lambda a, b: abs(a - b) < 1e-9 if isinstance(a, float) or isinstance(b, float) else a == b
		same = lambda a, b: close(a, b) if isinstance(a, (int, float)) and isinstance(b, (int, float)) else a == b
		got = [list(r.values()) for r in json.load(open(sys.argv[1]))]
		want = eval(sys.argv[2])
		ok = len(got) == len(want) and all(len(g) == len(w) and all(map(same, g, w)) for g, w in zip(got, want))
		sys.exit(None if ok else f"wanted {want}\ngot    {got}")
	END
}

activity() { # ARGUMENT…
	run_ok report activity --format json "$@"
}

@test "without a name the reports are listed, one a line" {
	new_store
	run_ok report
	for name in activity frequency followups; do
		grep -q "^$name" "$out"
	done
}

@test "an unknown report, --by, field, filter name the nearest" {
	new_store
	run_fail 2 report activty
	assert_err_has activity
	run_fail 2 report activity --by dya
	assert_err_has day
	run_fail 2 report activity --fields bucket,cont
	assert_err_has count
	run_fail 2 report activity chanel:phone
	assert_err_has channel
	run_fail 2 report followups --by day
	run_fail 2 report activity --since 2026-02-30
}

@test "activity by day: zero buckets are there, both ends of the period included" {
	report_setup
	# averages over up to seven days, this and those before it in the period; change against the day before
	activity --since 2026-03-01 --until 2026-03-06 --fields bucket,count
	rows_are '[["2026-03-01",2],["2026-03-02",1],["2026-03-03",0],["2026-03-04",2],["2026-03-05",1],["2026-03-06",0]]'
	activity --since 2026-03-01 --until 2026-03-06 --fields bucket,change_percent
	rows_are '[["2026-03-01",None],["2026-03-02",-50],["2026-03-03",-100],["2026-03-04",None],["2026-03-05",-50],["2026-03-06",-100]]'
	activity --since 2026-03-01 --until 2026-03-05 --fields average
	rows_are '[[2],[3/2],[1],[5/4],[6/5]]'
	run_ok report activity --header --since 2026-03-01 --until 2026-03-01
	[ "$(head -n 1 "$out")" = "$(printf 'bucket\tcount\taverage\tchange_percent')" ]
}

@test "activity: the average is over seven days at the most" {
	report_setup
	activity --since 2026-03-01 --until 2026-03-10 --fields bucket,average
	rows_are '[["2026-03-01",2],["2026-03-02",3/2],["2026-03-03",1],["2026-03-04",5/4],["2026-03-05",6/5],["2026-03-06",1],["2026-03-07",6/7],["2026-03-08",4/7],["2026-03-09",3/7],["2026-03-10",3/7]]'
}

@test "activity by week, month" {
	report_setup
	# 2026-02-10 is a Tuesday of week 7; 1 March the Sunday of week 9; 2 to 5 March week 10
	activity --by week --since 2026-02-10 --until 2026-03-08 --fields count
	rows_are '[[1],[0],[2],[4]]'
	activity --by month --since 2026-01-01 --until 2026-03-31 --fields bucket,count
	rows_are '[["2026-01",0],["2026-02",1],["2026-03",6]]'
	activity --by month --since 2026-01-01 --until 2026-03-31 --fields change_percent
	rows_are '[[None],[None],[500]]'
}

@test "activity by hour and weekday: all of them, also the empty ones" {
	report_setup
	activity --by hour --since 2026-03-01 --until 2026-03-05 --fields count
	rows_are '[[1 if h in (0, 10, 18, 23) else 2 if h == 9 else 0] for h in range(24)]'
	# Sunday 2, Monday 1, Wednesday 2, Thursday 1
	activity --by weekday --since 2026-03-01 --until 2026-03-07 --fields count
	rows_are '[[1],[0],[2],[1],[0],[0],[2]]'
}

@test "activity by channel and agent" {
	report_setup
	activity --by channel --since 2026-03-01 --until 2026-03-05 --fields bucket,count
	python3 - "$out" <<-'END'
		import json, sys
		got = {r["bucket"]: r["count"] for r in json.load(open(sys.argv[1])) if r["count"]}
		assert got == {"phone": 3, "email": 1, "chat": 1, "visit": 1}, got
	END
	activity --by agent --since 2026-03-01 --until 2026-03-05 --fields bucket,count
	python3 - "$out" <<-'END'
		import json, sys
		got = {r["bucket"]: r["count"] for r in json.load(open(sys.argv[1])) if r["count"]}
		assert got == {"ann": 5, "bob": 1}, got
	END
}

@test "activity: filter, and the zone that tells days apart" {
	report_setup
	activity channel:phone --since 2026-03-01 --until 2026-03-04 --fields count
	rows_are '[[1],[1],[0],[1]]'
	activity customer.name:Wu --since 2026-03-01 --until 2026-03-04 --fields count
	rows_are '[[0],[1],[0],[1]]'
	# In Shanghai, eight hours ahead: 23:59:59 on the 1st is the 2nd, 18:00 on the 4th the 5th.
	activity --tz Asia/Shanghai --since 2026-03-01 --until 2026-03-05 --fields count
	rows_are '[[1],[2],[0],[1],[2]]'
}

@test "an empty period is wrong usage, a period without communications is zeros" {
	report_setup
	run_fail 2 report activity --since 2026-03-05 --until 2026-03-01
	activity --since 2025-01-01 --until 2025-01-03 --fields bucket,count
	rows_are '[["2025-01-01",0],["2025-01-02",0],["2025-01-03",0]]'
}

@test "an empty store: no row, no error" {
	new_store
	for name in activity frequency followups; do
		run_ok report "$name"
		assert_out
	done
}

@test "frequency: contacts over days between first and last; not available below two" {
	report_setup
	run_ok log phone 3 -m x --at 2026-03-04T10:00:00Z
	run_ok report frequency --format json --fields customer,contacts,per_day,mean_gap_days customer:2,3
	# Wu: 2026-03-02 09:00 to 2026-03-04 18:00 is 57 hours.
	python3 - "$out" <<-'END'
		import json, sys
		d = {r["customer"]: r for r in json.load(open(sys.argv[1]))}
		assert d[2]["contacts"] == 2 and abs(d[2]["mean_gap_days"] - 57 / 24) < 1e-9, d
		assert d[3]["contacts"] == 1 and d[3]["per_day"] is None and d[3]["mean_gap_days"] is None, d
	END
	run_ok report frequency --header customer:3
	assert_out "$(printf 'customer\tname\tcontacts\tfirst_at\tlast_at\tper_day\tmean_gap_days')" \
		"$(printf '3\tMa\t1\t2026-03-04T10:00:00+00:00\t2026-03-04T10:00:00+00:00\t\t')"
}

@test "frequency: a customer with five contacts in 22 days and 14 hours" {
	report_setup
	# 2026-02-10 10:00, 03-01 09:15, 03-01 23:59:59, 03-04 10:00, 03-05 00:00
	run_ok report frequency customer:1 --format json --fields contacts,first_at,last_at,mean_gap_days
	rows_are '[[5,"2026-02-10T10:00:00+00:00","2026-03-05T00:00:00+00:00",(22+14/24)/4]]'
}

@test "frequency: contacts in the same second do not divide by zero" {
	new_store
	run_ok customer add --name Li
	run_ok log phone 1 -m x --at 2026-03-04T10:00:00Z
	run_ok log email 1 -m x --at 2026-03-04T10:00:00Z
	run_ok report frequency --format json --fields contacts,mean_gap_days
	rows_are '[[2,0]]'
	[ "$(grep -ciE 'inf|nan' "$out")" -eq 0 ]
}

@test "followups: by owner and action" {
	new_store
	for owner in ann ann bob ''; do
		run_ok customer add --name "of $owner" --owner "$owner" --now 2026-01-01
	done
	run_ok log phone 1 -m x --at 2026-03-01T10:00:00Z
	run_ok log phone 2 -m x --at 2026-02-01T10:00:00Z
	run_ok log phone 3 -m x --at 2026-03-06T10:00:00Z
	run_ok report followups --header
	[ "$(head -n 1 "$out")" = "$(printf 'owner\taction\tdue\toverdue\tnever_contacted\toldest_days')" ]
	run_ok report followups --format json --fields owner,action,due,never_contacted,oldest_days
	python3 - "$out" <<-'END'
		import json, sys
		got = sorted((r["owner"] or "", r["action"], r["due"], r["never_contacted"], r["oldest_days"])
			for r in json.load(open(sys.argv[1])))
		# 2026-02-01 to 2026-03-10: 27 days to 1 March (28 in February), 9 more, and one
		assert got == [("", "call", 1, 1, None), ("ann", "visit", 2, 0, 37), ("bob", "call", 1, 0, 4)], got
	END
}

@test "-o writes the file, whole or not at all" {
	report_setup
	run_ok report activity --since 2026-03-01 --until 2026-03-02 --fields bucket,count --format csv -o out.csv
	assert_out
	same_lines out.csv bucket,count 2026-03-01,2 2026-03-02,1
	run_fail 2 report activity --by nonsense -o out.csv
	same_lines out.csv bucket,count 2026-03-01,2 2026-03-02,1
	run_fail 1 report activity -o none/out.csv
	assert_err_has none/out.csv
	run_fail 2 report activity --by nonsense -o new.csv
	[ ! -e new.csv ]
}

@test "the same store, clock and arguments: the same bytes" {
	report_setup
	for name in activity frequency followups; do
		for format in tsv csv json jsonl record table; do
			run_ok report "$name" --format "$format"
			cp "$out" first
			LC_ALL=C.UTF-8 LANG=de_DE.UTF-8 run_ok report "$name" --format "$format"
			cmp first "$out"
		done
	done
}

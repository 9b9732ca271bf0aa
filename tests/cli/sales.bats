# What orders say of customers: the facts kept of them, and the reports sales, rfm, cohort, stale, churn, channels.
load helper

facts() { # FILTER…: orders, total, currency and time of the last of each customer
	run_ok customer list --fields orders,orders_total,orders_currency,last_order_at "$@"
}

shop() {
	new_store
	run_ok customer add --name Ada --city London
	run_ok customer add --name 张三 --city 北京
	run_ok customer add --name Eve
}

order() { # CUSTOMER AMOUNT AT [ARGUMENT…]
	run_ok order add "$1" --amount "$2" --at "$3" "${@:4}"
}

# Rows as JSON are what a Python expression, a list of lists, says; floats to nine digits.
rows_are() { # EXPRESSION
	python3 -IS - "$out" "$1" <<-'END'
		import json, sys
		close = lambda a, b: abs(a - b) < 1e-9 if isinstance(a, (int, float)) and isinstance(b, (int, float)) else a == b
		none = None
		got = [list(r.values()) for r in json.load(open(sys.argv[1]))]
		want = eval(sys.argv[2])
		ok = len(got) == len(want) and all(len(g) == len(w) and all(map(close, g, w)) for g, w in zip(got, want))
		sys.exit(None if ok else f"wanted {want}\ngot    {got}")
	END
}

report() { # ARGUMENT…
	run_ok report "$@" --format json
}

# --- facts ---

@test "facts follow adding, editing, cancelling, removing, undo and redo" {
	shop
	facts id:1
	assert_out $'0\t\t\t'
	order 1 '12.50 EUR' 2026-02-01T10:00:00Z --number A-1
	order 1 '7.50 EUR' 2026-02-03T10:00:00Z --number A-1 --product lamp
	order 1 '100 EUR' 2026-02-02T10:00:00Z
	facts
	assert_out $'2\t120.00\tEUR\t2026-02-03T10:00:00+00:00' $'0\t\t\t' $'0\t\t\t'
	run_ok order edit 3 --status cancelled
	facts id:1
	assert_out $'1\t20.00\tEUR\t2026-02-03T10:00:00+00:00'
	run_ok undo
	run_ok order edit 2 --amount -7.50
	facts id:1
	assert_out $'2\t105.00\tEUR\t2026-02-03T10:00:00+00:00'
	run_ok order rm 2 --yes
	facts id:1
	assert_out $'2\t112.50\tEUR\t2026-02-02T10:00:00+00:00'
	run_ok undo
	facts id:1
	assert_out $'2\t105.00\tEUR\t2026-02-03T10:00:00+00:00'
	run_ok redo
	facts id:1
	assert_out $'2\t112.50\tEUR\t2026-02-02T10:00:00+00:00'
	run_ok order edit 3 --customer 2
	facts
	assert_out $'1\t12.50\tEUR\t2026-02-01T10:00:00+00:00' $'1\t100.00\tEUR\t2026-02-02T10:00:00+00:00' $'0\t\t\t'
	for status in returned refunded; do
		run_ok order edit 3 --status "$status"
		facts id:2
		assert_out $'0\t\t\t'
	done
	store_is_sound
}

@test "an order is a number of a source, or a line without one" {
	shop
	order 1 '1 EUR' 2026-02-01 --number 7 --source a --product x
	order 1 '1 EUR' 2026-02-01 --number 7 --source b --product x
	order 1 '1 EUR' 2026-02-01 --number 7 --source b --product y
	order 1 '1 EUR' 2026-02-01 --number '#5'
	order 1 '1 EUR' 2026-02-01
	order 1 '1 EUR' 2026-02-01
	facts id:1
	assert_out $'5\t6.00\tEUR\t2026-02-01T00:00:00+00:00' # the number of the fourth is not the fifth's record
	report sales --by customer
	rows_are '[["1 Ada", "EUR", 5, 6, 6, "6.00", "1.20", 100, None]]'
}

@test "amounts of several currencies, and those that are not known" {
	shop
	order 1 '10 EUR' 2026-02-01
	order 1 '2000 JPY' 2026-02-02
	run_ok order add 2 --at 2026-02-01
	run_ok order add 2 --at 2026-02-01 --currency USD
	order 2 '3 EUR' 2026-02-01
	run_ok order add 3 --at 2026-02-01
	facts
	assert_out $'2\t\t\t2026-02-02T00:00:00+00:00' $'3\t3.00\tEUR\t2026-02-01T00:00:00+00:00' \
		$'1\t\t\t2026-02-01T00:00:00+00:00'
	run_ok customer list --fields orders.totals
	assert_out '10.00 EUR, 2000 JPY' '3.00 EUR' ''
	run_ok customer list orders:3 --format jsonl --fields orders,orders_total,orders_currency
	assert_out '{"orders":3,"orders_total":"3.00","orders_currency":"EUR"}'
	store_is_sound
}

@test "a sum beyond 64 bits is not available, and stops nothing" {
	shop
	order 1 '80000000000000000 EUR' 2026-02-01
	order 1 '80000000000000000 EUR' 2026-02-01
	facts id:1
	assert_out $'2\t\tEUR\t2026-02-01T00:00:00+00:00'
	for by in month customer; do
		report sales --by "$by" --fields currency,orders,amount,average,share_percent
		rows_are '[["EUR", 2, None, None, None]]'
	done
	report rfm --fields monetary,m,segment
	rows_are '[[None, None, "lost"]]'
	report rfm --by segment --fields segment,monetary
	rows_are '[["lost", None]]'
	order 1 '-80000000000000000 EUR' 2026-02-01
	facts id:1
	assert_out $'3\t80000000000000000.00\tEUR\t2026-02-01T00:00:00+00:00'
	store_is_sound
}

# Three lines for each of 1,000 customers, and a file of a single line.
@test "facts follow imports, small and large, and their end" {
	new_store
	awk 'BEGIN { print "name,key"; for (i = 1; i <= 1000; i++) print "C" i ",K" i }' >c.csv
	awk 'BEGIN { print "number,customer,product,amount,currency,at,status"
		for (i = 1; i <= 1000; i++) {
			print "N" i ",key:K" i ",a," i ".00,EUR,2026-01-01,paid"
			print "N" i ",key:K" i ",b,0.50,EUR,2026-01-02,paid"
			print "N" i ",key:K" i ",c,1000.00,EUR,2026-01-03,cancelled"
		} }' >o.csv
	run_ok import customer c.csv
	run_ok import order o.csv
	run_ok sql "SELECT count(*), sum(orders), sum(orders_total), count(DISTINCT orders_currency), min(last_order_at) FROM customer"
	assert_out $'1000\t1000\t50100000\t1\t1767312000' # 100 * (1 + … + 1000) + 1000 * 50; 2026-01-02
	store_is_sound
	printf 'number,customer,product,amount,currency,at\nX,key:K7,z,1.00,USD,2026-03-01\n' >small.csv
	run_ok import order small.csv
	facts key:K7
	assert_out $'2\t\t\t2026-03-01T00:00:00+00:00'
	store_is_sound
	run_ok import revert 3
	facts key:K7
	assert_out $'1\t7.50\tEUR\t2026-01-02T00:00:00+00:00'
	run_ok import revert 2
	run_ok sql "SELECT count(*) FROM customer WHERE orders <> 0 OR orders_total IS NOT NULL OR last_order_at IS NOT NULL"
	assert_out 0
	store_is_sound
}

@test "the past has the facts of the past, and planned orders are not there yet" {
	shop
	order 1 '10 EUR' 2026-01-10T10:00:00Z
	order 1 '5 USD' 2026-02-10T10:00:00Z
	order 1 '7 EUR' 2026-05-01T10:00:00Z
	sqlite3 "$(store_file)" 'UPDATE customer SET created_at = 0'
	at() { # TIME
		run_ok customer list id:1 --now "$1" --fields orders,orders_total,orders_currency,orders_totals,last_order_at
	}
	at 2026-01-01
	assert_out $'0\t\t\t\t'
	at 2026-02-01
	assert_out $'1\t10.00\tEUR\t10.00 EUR\t2026-01-10T10:00:00+00:00'
	at 2026-03-10
	assert_out $'2\t\t\t10.00 EUR, 5.00 USD\t2026-02-10T10:00:00+00:00'
	at 2026-06-01
	assert_out $'3\t\t\t17.00 EUR, 5.00 USD\t2026-05-01T10:00:00+00:00'
	for pair in 2026-02-01=9 2026-03-10=9 2026-06-01=16; do
		run_ok customer list "orders.total:>${pair#*=}EUR" --now "${pair%=*}" --fields id
		assert_out 1
		run_ok customer list "orders.total:>$((${pair#*=} + 1))EUR" --now "${pair%=*}"
		assert_out
	done
	run_ok customer list 'orders.total:>1 USD' --now 2026-02-01
	assert_out
}

# --- filters ---

sums() {
	shop
	order 1 '1500 EUR' 2026-02-01
	order 2 '1200 EUR' 2026-02-01
	order 2 '999 USD' 2026-02-01
	order 2 '-100 EUR' 2026-02-02
	order 3 '150000 JPY' 2026-02-01
	run_ok customer add --name Zoe
}

@test "a sum is compared in the currency that is named, also of who ordered in several" {
	sums
	ids() { # FILTER…
		run_ok customer list --fields id "$@"
	}
	ids 'orders.total:>1000 EUR'
	assert_out 1 2
	ids 'orders_total:>1100EUR'
	assert_out 1
	ids 'orders.total:>=1100EUR'
	assert_out 1 2
	ids 'orders.total:1100 EUR,150000 JPY'
	assert_out 2 3
	ids 'orders.total:1000..1200 EUR'
	assert_out 2
	ids 'orders.total:900EUR..1200'
	assert_out 2
	ids 'orders.total:..1000USD'
	assert_out 2
	ids 'not:orders.total:>1200 EUR'
	assert_out 2 3 4
	ids 'orders.total:<1 GBP'
	assert_out
	ids orders.totals:~USD
	assert_out 2
	run_ok order list 'customer.orders.total:>1200EUR' --fields id
	assert_out 1
}

@test "a sum without a currency is refused, not guessed, unless one is configured" {
	sums
	for term in 'orders.total:>1000' orders.total:1000 orders.total:1000..2000 orders.total:..1000 'not:orders.total:>1000'; do
		run_fail 2 customer list "$term"
		assert_err_has 'an amount without a currency'
		assert_err_has 'money.currency'
	done
	run_fail 2 customer list 'orders.total:1EUR..2USD'
	run_fail 2 customer list 'orders.total:>1000 EURO'
	run_fail 2 view add customer dear 'orders.total:>1000' --fields id
	run_ok config set money.currency EUR
	run_ok customer list 'orders.total:>1000' --fields id
	assert_out 1 2
	run_ok config set money.currency USD
	run_ok customer list 'orders.total:>900' --fields id
	assert_out 2
	# a line has one amount, so there its number may be all that is known
	run_ok config unset money.currency
	run_ok order list 'amount:>1400' --fields id --sort id
	assert_out 1 5
}

@test "sorting by the sum" {
	sums
	run_ok customer list --sort -orders.total --fields id
	assert_out 3 1 4 2 # by the number; those without a single sum last, in the order of their numbers, which falls too
	run_ok customer list --sort -orders,-last-order --fields id
	assert_out 2 3 1 4
}

# --- reports ---

# Customers without pattern, their orders and contacts, and what they are as rows.
many() {
	new_store
	figures make
	for entity in customer order log survey ticket; do
		run_ok import "$entity" "$(ls "$entity"s.csv "$entity".csv 2>/dev/null)"
	done
	crm customer list --fields id,name,city,owner,customer_since --format json >customers.json
	crm order list --sort id --format json \
		--fields id,number,source,customer,product,quantity,amount,currency,at,status >orders.json
	crm log list --fields customer,at,channel,direction,internal,duration --format json >log.json
	crm ticket list --fields customer,type,state --format json >tickets.json
	crm sql "SELECT id, customer, answered_at, service_quality, service_speed, score FROM survey
		WHERE answered_at IS NOT NULL" --format json >surveys.json
}

figures() {
	python3 -IS "$BATS_TEST_DIRNAME/sales_figures.py" "$@"
}

agrees() { # REPORT [BY]
	report "$1" ${2:+--by "$2"}
	figures check "$@" <"$out" || {
		echo "report $*"
		return 1
	}
	if grep -Eqi 'nan|inf' "$out"; then
		return 1
	fi
}

@test "sales agree with an independent calculation" {
	many
	for by in month week day product city agent status customer source; do
		agrees sales "$by"
	done
}

@test "rfm agrees with an independent calculation, and its segments" {
	many
	agrees rfm
	report rfm --by segment
	figures check segments <"$out"
}

@test "cohort, stale, churn and channels agree with an independent calculation" {
	many
	for by in first_order first_contact customer_since; do
		agrees cohort "$by"
	done
	assert_err_has 'left out: customer_since says no month'
	agrees stale
	agrees churn
	assert_err_has 'with a single contact left out'
	agrees channels
	agrees channels customer.city
	store_is_sound
}

@test "an empty store has no rows, and no complaint" {
	new_store
	for name in sales rfm cohort stale churn channels; do
		run_ok report "$name"
		assert_out
		assert_err
		report "$name"
		rows_are '[]'
	done
	for name in sales rfm cohort stale channels; do
		report "$name" --since 2020-01-01
		rows_are '[]'
	done
}

@test "sales by hand" {
	shop
	order 1 '100 EUR' 2026-01-31T23:59:59Z --number A --product lamp --quantity 2
	order 1 '50 EUR' 2026-01-31T23:59:59Z --number A --product desk
	order 2 '25 EUR' 2026-01-05 --product lamp --quantity 3
	order 2 '-10 EUR' 2026-03-01 --product lamp --quantity -1
	order 2 '1000 JPY' 2026-03-01 --product lamp
	order 3 '999 EUR' 2026-03-02 --status cancelled
	order 3 '999 EUR' 2026-03-11
	report sales
	rows_are '[["2026-01", "EUR", 2, 3, 6, "175.00", "87.50", 17500 / 165, None],
		["2026-02", "EUR", 0, 0, None, "0.00", None, 0, -100],
		["2026-03", "EUR", 1, 1, -1, "-10.00", "-10.00", -1000 / 165, None],
		["2026-03", "JPY", 1, 1, 1, "1000", "1000", 100, None]]'
	report sales --by product
	rows_are '[["lamp", "EUR", 3, 3, 4, "115.00", "38.33", 11500 / 165, None],
		["desk", "EUR", 1, 1, 1, "50.00", "50.00", 5000 / 165, None],
		["lamp", "JPY", 1, 1, 1, "1000", "1000", 100, None]]'
	report sales --by city --since 2026-01-06 --until 2026-01-31
	rows_are '[["London", "EUR", 1, 2, 3, "150.00", "150.00", 100, None]]'
	report sales product:lamp customer.city:北京 --fields bucket,amount,change_percent
	rows_are '[["2026-01", "25.00", None], ["2026-02", "0.00", -100], ["2026-03", "-10.00", None], ["2026-03", "1000", None]]'
	# what comes to nothing or less in all has no shares
	report sales at:2026-03-01 --fields bucket,currency,share_percent
	rows_are '[["2026-03", "EUR", None], ["2026-03", "JPY", 100]]'
	# the period is shown whole
	report sales --since 2025-12-01 --until 2026-01-15 --fields bucket,amount,change_percent
	rows_are '[["2025-12", "0.00", None], ["2026-01", "25.00", None]]'
	# the records behind the figures are the lines that count
	run_ok report sales --rows --fields id
	assert_out 5 4 2 1 3
	run_fail 2 report sales --by customer.nothing
	report sales --now 2026-01-10 --by customer --fields bucket,amount
	rows_are '[["2 张三", "25.00"]]'
}

@test "rfm by hand: fifths, ties, few, two currencies" {
	new_store
	# seven: 2 2 1 1 1 from the lowest; customer N ordered N days ago for 10 * N, the sixth and seventh for the same
	for n in 1 2 3 4 5 6 7; do
		run_ok customer add --name "C$n"
		order "$n" "$((n < 7 ? n * 10 : 60)) EUR" "2026-03-0$((8 - n))T12:00:00Z"
	done
	report rfm --fields customer,recency_days,frequency,monetary,r,f,m,segment
	rows_are '[[1, 3, 1, "10.00", 5, 1, 1, "new"], [2, 4, 1, "20.00", 4, 1, 1, "promising"],
		[3, 5, 1, "30.00", 3, 1, 2, "about_to_sleep"], [4, 6, 1, "40.00", 2, 1, 2, "hibernating"],
		[5, 7, 1, "50.00", 2, 1, 3, "hibernating"], [6, 8, 1, "60.00", 1, 1, 4, "lost"],
		[7, 9, 1, "60.00", 1, 1, 4, "lost"]]'
	assert_err
	report rfm --by segment --fields segment,currency,customers,monetary,mean_recency_days
	rows_are '[["new", "EUR", 1, "10.00", 3], ["promising", "EUR", 1, "20.00", 4],
		["about_to_sleep", "EUR", 1, "30.00", 5], ["hibernating", "EUR", 2, "90.00", 6.5],
		["lost", "EUR", 2, "120.00", 8.5]]'
	# a single customer in another currency is in the first fifth, and that says little
	order 3 '7 USD' 2026-03-09T12:00:00Z
	report rfm customer:3
	rows_are '[[3, "C3", 5, 1, "30.00", "EUR", 1, 1, 1, "lost"], [3, "C3", 1, 1, "7.00", "USD", 1, 1, 1, "lost"]]'
	assert_err_has 'only 1 customer ordered in USD'
	report rfm --until 2026-03-03 --fields customer,r
	rows_are '[[5, 3], [6, 2], [7, 1]]'
	run_ok customer add --name C8
	run_ok order add 8 --number W1 --product x --at 2026-03-09T12:00:00Z
	report rfm customer:8 --fields customer,frequency,monetary,segment
	assert_err_has 'only 1 customer ordered without an amount'
}

@test "cohort by hand" {
	shop
	order 1 '1 EUR' 2025-12-31T23:59:59Z
	order 1 '1 EUR' 2026-02-01
	order 1 '1 EUR' 2026-02-20
	order 2 '1 EUR' 2025-12-01
	order 3 '1 EUR' 2026-03-01
	order 3 '1 EUR' 2026-02-01 --status returned
	report cohort
	rows_are '[["2025-12", 0, 2, 2, 100], ["2025-12", 1, 2, 0, 0], ["2025-12", 2, 2, 1, 50], ["2025-12", 3, 2, 0, 0],
		["2026-03", 0, 1, 1, 100]]'
	report cohort city:London --since 2025-12-01 --until 2025-12-31 --fields cohort,month,size
	rows_are '[["2025-12", 0, 1], ["2025-12", 1, 1], ["2025-12", 2, 1], ["2025-12", 3, 1]]'
	run_ok report cohort --tz Asia/Shanghai --fields cohort,size
	assert_out_has $'2026-01\t1'
	run_ok log phone 2 -m x --at 2026-01-05
	report cohort --by first_contact
	rows_are '[["2026-01", 0, 1, 1, 100], ["2026-01", 1, 1, 0, 0], ["2026-01", 2, 1, 0, 0]]'
	run_ok customer edit 1 --customer-since 2026-02-10
	run_ok customer edit 2 --customer-since 2027-01-01
	run_ok customer edit 3 --customer-since 2026
	report cohort --by customer_since
	rows_are '[["2026-02", 0, 1, 1, 100], ["2026-02", 1, 1, 0, 0]]'
	assert_err 'crm: warning: 1 customer left out: customer_since says no month'
}

@test "stale and churn by hand" {
	shop
	run_ok customer add --name Twice # at once: a gap that counts as a day, then silence for two
	for _ in 1 2; do
		run_ok log phone 4 -m x --at 2026-03-08T12:00:00Z
	done
	for day in 2026-02-08 2026-02-18 2026-02-28; do # a gap of ten days, then silence for ten: as ever
		run_ok log phone 1 -m x --at "${day}T12:00:00Z"
	done
	run_ok log phone 2 -m x --at 2025-11-30T12:00:00Z # two days, then silence for 98: 49 gaps
	run_ok log phone 2 -m x --at 2025-12-02T12:00:00Z
	run_ok log phone 3 -m x --at 2025-10-01T12:00:00Z
	order 3 '5 EUR' 2025-10-01
	run_ok ticket add 1 --type complaint --subject loud
	for _ in 1 2 3; do
		run_ok ticket add 2 --type complaint --subject loud
	done
	run_ok ticket solve 4 -m done
	sqlite3 "$(store_file)" "INSERT INTO survey (customer, kind, answered_at, service_quality, service_speed, score, created_at, op)
		VALUES (1, 'csat', 1772000000, 3, 4, 1, 0, 1), (1, 'csat', 1771000000, 1, 1, 1, 0, 1), (1, 'nps', 1772500000, NULL, NULL, NULL, 0, 1)"
	report churn --fields customer,risk,silence_ratio,silence_points,satisfaction,satisfaction_points,complaints,complaint_points,mean_gap_days
	rows_are '[[2, 100, 49, 50, None, None, 2, 20, 2], [4, 2500 / 70, 2, 25, None, None, 0, 0, 0],
		[1, 21.25, 1, 0, 3.5, 11.25, 1, 10, 10]]'
	assert_err 'crm: warning: 1 customer with a single contact left out: that is no rhythm'
	report churn city:London --fields name
	rows_are '[["Ada"]]'
	report stale --fields customer,days,contacts,mean_gap_days,open_tickets,orders_totals
	rows_are '[[3, 160, 1, None, 0, "5.00 EUR"], [2, 98, 2, 2, 2, None]]'
	report stale --since 2025-12-02T12:00:00Z --fields customer
	rows_are '[[3]]'
	report stale --since -9d --fields name
	rows_are '[["Eve"], ["张三"], ["Ada"]]' # of equal worth the longest silent first
	report stale --now 2025-12-20 --fields customer
	rows_are '[]'
	run_fail 2 report stale --until 2026-01-01
	run_fail 2 report churn --since 2026-01-01
}

@test "channels by hand" {
	shop
	run_ok log phone 1 -m x --at 2026-01-10 --in --duration 1min
	run_ok log phone 1 -m x --at 2026-01-11 --out --duration 3min
	run_ok log phone 2 -m x --at 2026-01-12 --in
	run_ok log email 2 -m x --at 2026-01-12 --in
	run_ok log email 2 -m x --at 2026-03-01 --out
	run_ok log visit 2 -m x --at 2026-01-12 --internal yes
	report channels
	rows_are '[["2026-01", "phone", 3, 2, 1, 2, 75, 120], ["2026-01", "email", 1, 1, 0, 1, 25, None],
		["2026-03", "email", 1, 0, 1, 1, 100, None]]'
	report channels --by week --since 2026-01-12 customer:2 --fields bucket,channel,count
	rows_are '[["2026-W03", "email", 1], ["2026-W03", "phone", 1], ["2026-W09", "email", 1]]'
}

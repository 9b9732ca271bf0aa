# report summary: every figure is the one of the report or list that it names.
load helper

oracle() {
	python3 -IS "$BATS_TEST_DIRNAME/ticket_metrics.py" "$@"
}

# Tickets, conversations and orders of two months, without pattern.
busy_store() {
	new_store
	run_ok team add --name one
	run_ok team add --name two
	run_ok ticket status add --name testing --category open
	run_ok ticket status add --name supplier --category paused
	run_ok sla add --name usual --first-reply 1d --resolution 3d
	run_ok customer add --name Old --now 2026-02-20
	for name in Li Wu Ma An; do
		run_ok customer add --name "$name" --now 2026-03-05
	done
	run_ok customer add --name Silent --now 2026-02-21
	run_ok log chat Silent --in --at 2026-01-05 -m Hello
	oracle make
	run_ok import ticket tickets.csv
	run_ok import ticket_event events.csv
	run_ok import log log.csv
	# orders of two lines each
	awk 'BEGIN { print "number,customer,product,amount,at,status"
		for (i = 0; i < 90; i++) { o = int(i / 2); printf "N%d,%d,%s,%s,2026-%02d-%02d,%s\n", o, o % 5 + 1,
			i % 2 ? "lamp" : "shelf", o % 2 ? (i * 37 % 400) " JPY" : (i * 37 % 400) "." (10 + i * 7 % 90) " EUR",
			o % 3 + 1, o % 7 * 4 + 1 - (o % 3 == 2) * o % 7 * 3, i % 10 ? "paid" : "cancelled" } }' >orders.csv
	run_ok import order orders.csv
}

# Answers to surveys in the same months, of every kind.
surveys() {
	awk 'BEGIN { print "customer,answered_at,service_quality,service_efficiency,service_speed,service_professionalism,service_value,score,nps,ces"
		for (i = 0; i < 120; i++) { printf "%d,2026-%02d-%02d,", i % 5 + 1, i % 3 + 1, i % 9 + 1
			if (i % 4 == 0) printf "%d,%d,%d,%d,%d,,,\n", i % 3 + 3, i / 4 % 2 + 4, i / 4 % 3 + 3, 4, i / 4 % 5 + 1
			else printf ",,,,,%s,%s,%s\n", i % 4 == 1 ? i * 7 % 5 + 1 : "", i % 4 == 2 ? i * 13 % 11 : "", i % 4 == 3 ? i * 5 % 7 + 1 : "" } }' >surveys.csv
	run_ok import survey surveys.csv
}

# The columns of a figure, of the last run in the file `page`.
figure() { # METRIC COLUMN [UNIT]
	awk -F '\t' -v m="$1" -v c="$2" -v u="${3-}" '$1 == m && (u == "" || $4 == u) { print $c }' page
}

sum() { # COLUMN REPORT…: a column added up
	local column=$1
	shift
	run_ok report "$@" --fields "$column"
	awk '{ n += $1 } END { print n + 0 }' "$out"
}

is() { # METRIC COLUMN VALUE [UNIT]
	[ "$(figure "$1" "$2" "${4-}")" = "$3" ] || {
		echo "$1 is '$(figure "$1" "$2" "${4-}")', not '$3'"
		cat page
		return 1
	}
}

compare_period() { # COLUMN SINCE UNTIL: 3 is the period, 5 the one before
	local column=$1 period=(--since "$2" --until "$3") met key metric
	is customers_new "$column" "$(crm customer list "created_at:$2..$3" --fields id | wc -l)"
	is communications_in "$column" "$(sum in channels "${period[@]}")"
	is communications_out "$column" "$(sum out channels "${period[@]}")"
	is tickets_created "$column" "$(sum created tickets "${period[@]}")"
	is tickets_solved "$column" "$(sum solved tickets "${period[@]}")"
	is tickets_reopened "$column" "$(sum reopened tickets "${period[@]}")"
	is tickets_open "$column" "$(sum tickets backlog --as-of "$3")"
	met=$(crm report sla "${period[@]}" --fields met,breached | awk '{ m += $1; b += $2 } END { printf "%.6f", 100 * m / (m + b) }')
	[ "$(figure sla_met "$column" | awk '{ printf "%.6f", $1 }')" = "$met" ]
	run_ok report times "${period[@]}" --fields metric,median_s
	is first_reply "$column" "$(awk '$1 == "first_reply" { print $2 }' "$out")"
	is full_resolution "$column" "$(awk '$1 == "full_resolution" { print $2 }' "$out")"
	for key in overall score; do
		metric=csat${key#overall} metric=${metric/csatscore/csat_score}
		crm report csat "${period[@]}" --fields dimension,mean,top2_percent 2>/dev/null | grep "^$key" >csat || true
		is $metric "$column" "$(cut -f2 csat)"
		is ${metric}_percent "$column" "$(cut -f3 csat)"
	done
	is nps "$column" "$(crm report nps "${period[@]}" --fields nps 2>/dev/null)"
	is ces "$column" "$(crm report ces "${period[@]}" --fields mean 2>/dev/null)"
	crm report sales "${period[@]}" --by month --fields currency,orders,amount >sales
	is orders "$column" "$(awk '{ n += $2 } END { print n + 0 }' sales)"
	is sales "$column" "$(awk '$1 == "EUR" { n += $3 } END { printf "%.2f", n }' sales)" EUR
	is sales "$column" "$(awk '$1 == "JPY" { n += $3 } END { print n + 0 }' sales)" JPY
}

@test "every figure is that of the report it names, for the period and the one before" {
	busy_store
	surveys
	crm report summary --since 2026-03-01 >page
	compare_period 3 2026-03-01T00:00:00Z 2026-03-10T12:00:00Z
	# 9 days and a half: ten days earlier
	compare_period 5 2026-02-19T00:00:00Z 2026-02-28T12:00:00Z
	# without a period the last seven days
	crm report summary >page
	compare_period 3 2026-03-03T12:00:00Z 2026-03-10T12:00:00Z
	compare_period 5 2026-02-24T12:00:00Z 2026-03-03T11:59:59Z
	# a month that is over, and the one before
	crm report summary --since 2026-02-01 --until 2026-02-28 >page
	compare_period 3 2026-02-01T00:00:00Z 2026-02-28T23:59:59Z
	compare_period 5 2026-01-01T00:00:00Z 2026-01-31T23:59:59Z
	# none of it is proved by absence
	awk -F '\t' '$1 != "sales" && $1 != "customers_new" && $3 == 0 && $1 !~ /^(sla_breached|tickets_waiting|followups)/ { bad = 1; print } END { exit bad }' page
}

@test "what is so now is what the lists say" {
	busy_store
	crm report summary >page
	is tickets_waiting 3 "$(crm ticket list 'waiting_since:*' not:state:resolved --fields id | wc -l)"
	is sla_breached 3 "$(crm ticket list sla:breached not:state:resolved --fields id | wc -l)"
	is followups_due 3 "$(sum due followups)"
	is followups_overdue 3 "$(sum overdue followups)"
	for metric in tickets_waiting sla_breached followups_due followups_overdue; do
		[ "$(figure $metric 3)" -gt 0 ]
		is $metric 5 ""
		is $metric 6 ""
	done
}

@test "changes of counts, times and amounts in percent; not of shares" {
	busy_store
	crm report summary --since 2026-02-01 --until 2026-02-28 >page
	awk -F '\t' '$4 != "percent" && $5 > 0 { wanted = ($3 - $5) * 100 / $5
		if (wanted - $6 > 1e-9 || $6 - wanted > 1e-9) { print; bad = 1 } n++ }
		$4 == "percent" && $6 != "" { bad = 1 }
		END { exit bad || n < 8 }' page
}

@test "an empty store has no means, and counts of nothing" {
	new_store
	run_ok report summary --fields metric,value,unit,previous,change_percent
	[ "$(awk -F '\t' '$3 == "count" && $2 != 0' "$out" | wc -l)" -eq 0 ]
	[ "$(awk -F '\t' '$3 != "count" && $2 $4 $5 != ""' "$out" | wc -l)" -eq 0 ]
	assert_out_has "orders	0	count	0"
	[ ! -s "$err" ]
}

@test "warnings of the reports behind are not repeated; what it does not take is refused" {
	busy_store
	run_ok report times
	assert_err_has "before they were created"
	run_ok report summary
	[ ! -s "$err" ]
	run_fail 2 report summary city:London
	assert_err "crm: report summary: is of the whole store and takes no filter: the reports that it names do"
	run_fail 2 report summary --since 2026-03-02 --until 2026-03-01
	run_fail 2 report summary --since 2027-01-01
	run_fail 2 report summary --by day
}

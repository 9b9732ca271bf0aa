# report times, tickets, agents, aging, backlog, aftersales: against an independent calculation from exported rows.
load helper

# 160 tickets without pattern, with their events and what was said; as rows in tickets.json, events.json, log.json.
many_tickets() {
	new_store
	run_ok team add --name one
	run_ok team add --name two
	run_ok ticket status add --name testing --category open
	run_ok ticket status add --name supplier --category paused
	for name in Li Wu Ma An Hu; do
		run_ok customer add --name "$name"
	done
	oracle make
	run_ok import ticket tickets.csv
	run_ok import ticket_event events.csv
	run_ok import log log.csv
	mapfile -t pair < <(crm ticket list customer:3 not:state:resolved --sort id --limit 2 --fields id)
	run_ok ticket merge "${pair[@]}"
	crm ticket list --sort id --fields id,customer,status,priority,team,created_at --format json >tickets.json
	crm ticket events --format json --fields ticket,at,kind,old_value,new_value >events.json
	crm log list --format json --fields ticket,at,direction,internal >log.json
}

oracle() {
	python3 -IS "$BATS_TEST_DIRNAME/ticket_metrics.py" "$@"
}

# Numbers with three decimals: what two programs say about the same mean.
rounded() {
	awk -F '\t' -v OFS='\t' '{ for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]+(\.[0-9]+)?$/ && i > NF - 8 && i > first + 1 && i < NF)
		$i = sprintf("%.3f", $i); print }' first="$1"
}

@test "times agree with an independent calculation, in calendar and business time" {
	many_tickets
	run_ok report times
	oracle times >wanted
	rounded 1 <"$out" | diff -u wanted -
	# of everything there is some, so that nothing is proved by absence
	awk -F '\t' '$2 < 5 { print; bad = 1 } END { exit bad }' wanted
	awk -F '\t' '{ n += $NF } END { exit n == 0 }' wanted
	assert_err_has 'warning'
	assert_err_has 'before they were created'
	for by in month priority; do
		run_ok report times --by "$by"
		oracle times "$by" | sort >wanted
		rounded 2 <"$out" | sort | diff -u wanted -
	done
}

@test "tickets by day agree with an independent calculation" {
	many_tickets
	run_ok report tickets
	oracle tickets >wanted
	diff -u wanted "$out"
	# weeks and months add up to the same
	for by in week month; do
		run_ok report tickets --by "$by"
		[ "$(awk '{ c += $2; s += $3; r += $4; b = $5 } END { print c, s, r, b }' "$out")" = \
			"$(awk '{ c += $2; s += $3; r += $4; b = $5 } END { print c, s, r, b }' wanted)" ]
	done
}

@test "the backlog at a time is the list at that time" {
	many_tickets
	for at in 2026-01-01T00:00:00Z 2026-01-20T10:00:00Z 2026-02-14T23:59:59Z 2026-03-01T12:00:00Z 2026-03-10T12:00:00Z; do
		listed=$(crm ticket list --as-of "$at" not:state:resolved "created_at:..$at" --fields id | wc -l)
		[ "$listed" -eq "$(oracle backlog "$at")" ]
		for by in status priority assignee team; do
			run_ok report backlog --as-of "$at" --by "$by" --fields tickets,open,paused
			[ "$(awk '{ n += $1; m += $2 + $3 } END { print n + 0, m + 0 }' "$out")" = "$listed $listed" ]
		done
		for status in new open pending supplier; do
			listed=$(crm ticket list --as-of "$at" "status:$status" "created_at:..$at" --fields id | wc -l)
			run_ok report backlog --as-of "$at" --fields bucket,tickets
			[ "$(awk -v s="$status" '$1 == s { print $2 }' "$out")" = "${listed#0}" ]
		done
	done
	run_ok report backlog --fields tickets
	now=$(awk '{ n += $1 } END { print n }' "$out")
	[ "$now" = "$(crm ticket list not:state:resolved --fields id | wc -l)" ]
	run_ok report aging --fields tickets
	[ "$now" = "$(awk '{ n += $1 } END { print n }' "$out")" ]
	run_ok report tickets --by month
	[ "$now" = "$(awk 'END { print $5 }' "$out")" ]
}

@test "columns as scripts rely on them" {
	new_store
	run_ok report times --header
	[ "$(head -n 1 "$out")" = "$(printf 'metric\tn\tmean_s\tmedian_s\tp90_s\tbusiness_mean_s\tbusiness_median_s\tbusiness_p90_s\timpossible')" ]
	[ "$(cut -f 1 "$out" | tail -n 7 | tr '\n' ' ')" = "first_reply next_reply first_resolution full_resolution requester_wait agent_wait on_hold " ]
	run_ok report times --by week --header
	[ "$(cut -f 1-3 "$out")" = "$(printf 'bucket\tmetric\tn')" ]
	run_ok report tickets --header
	[ "$(cut -f 1-5 "$out")" = "$(printf 'bucket\tcreated\tsolved\treopened\tbacklog')" ]
	run_ok report agents --header
	[ "$(cut -f 1-7 "$out")" = "$(printf 'agent\tassigned\tsolved\treplies\treopened\tmedian_first_reply_s\tmedian_full_resolution_s')" ]
	# without a ticket nothing is zero that is only missing
	run_ok report times --format json --fields n,mean_s,business_p90_s
	[ "$(tr -d ' \n' <"$out")" = "[$(printf '{"n":0,"mean_s":null,"business_p90_s":null},%.0s' 1 2 3 4 5 6)"'{"n":0,"mean_s":null,"business_p90_s":null}]' ]
}

@test "a day at the desk: agents, after-sales, one touch" {
	new_store
	run_ok customer add --name 王秀兰
	run_ok ticket add 1 --type after_sales --kind return --product-no X-100 --subject 退货 -m 屏幕有裂纹 --at 2026-03-02T09:00:00Z
	run_ok ticket assign 1 ann --at 2026-03-02T09:05:00Z
	run_ok ticket reply 1 -m 您好 --at 2026-03-02T09:30:00Z
	run_ok ticket solve 1 -m 已退款 --at 2026-03-02T17:00:00Z
	run_ok ticket add 1 --type after_sales --kind repair --product-no X-200 --subject 维修 --at 2026-03-03T09:00:00Z
	run_ok ticket assign 2 bob --at 2026-03-03T09:00:10Z
	run_ok report agents
	assert_out "$(printf 'ann\t1\t1\t1\t0\t1800\t28800\t100')" "$(printf 'bob\t1\t0\t0\t0\t\t\t')"
	run_ok report aftersales
	assert_out "$(printf 'return\t1\t1\t0\t28800\t\t')" "$(printf 'repair\t1\t0\t1\t\t\t')"
	for _ in 1 2 3 4; do
		run_ok order add 1 --model X-200 --at 2026-03-03T08:00:00Z
	done
	run_ok report aftersales --by product_no --since 2026-03-03
	assert_out "$(printf 'X-200\t1\t0\t1\t\t4\t25')"
	run_ok report backlog --by assignee --fields bucket,tickets
	assert_out "$(printf 'bob\t1')"
	run_ok report aging --fields age,tickets
	assert_out_has "$(printf '7-14d\t1')"
}

@test "what a report does not take is wrong usage, and says so" {
	new_store
	run_fail 2 report times --as-of 2026-01-01
	assert_err_has 'takes no --as-of'
	run_fail 2 report --as-of 2026-01-01
	run_fail 2 report backlog --since 2026-01-01
	assert_err_has '--as-of'
	run_fail 2 report backlog --as-of 2026-04-01
	assert_err_has 'lies ahead'
	run_fail 2 report backlog --as-of never
	run_fail 2 report backlog --as-of 2026-01-01 subject:x
	assert_err_has 'its past is not kept'
	run_fail 2 report tickets --by hour
	run_fail 2 report times --fields bucket
}

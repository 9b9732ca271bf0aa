# What all reports share: the list of them, their options, --by any field, --vs, --rows, every format; against an independent
# calculation from the rows of lists.
load helper

oracle() {
	python3 -IS "$BATS_TEST_DIRNAME/report_counts.py" "$@"
}

# 2,000 communications over a hundred days with six customers of three cities, a tenth internal; as rows in log.json.
many_communications() {
	new_store
	for city in 北京 Rome '' 北京 'Bad|Ems' Rome; do
		run_ok customer add --name "Li $city" --city "$city" --stage customer
	done
	oracle make 2000
	run_ok import log log.csv
	crm log list --sort id --format json --fields at,channel,direction,agent,internal,customer.city >log.json
}

# A store in which every report has something to say.
busy_store() {
	many_communications
	run_ok ticket add 1 --type after_sales --kind return --product-no X1 --subject a --at 2026-02-10T09:00:00Z
	run_ok ticket add 2 --type complaint --priority high --subject b --at 2026-02-20T09:00:00Z
	run_ok ticket add 3 --type question --subject c --at 2026-03-01T09:00:00Z
	run_ok ticket add 3 --type question --subject d --at 2026-03-02T09:00:00Z
	run_ok ticket solve 1 -m done --at 2026-02-11T09:00:00Z
	run_ok ticket merge 3 4
	run_ok order add 1 --number A1 --product pen --amount '10 CNY' --at 2026-02-01
	run_ok order add 2 --number A2 --product pen --amount '20 CNY' --at 2026-03-01
	run_ok order add 2 --number A3 --product ink --amount '5 CNY' --at 2026-03-02 --status cancelled
	run_ok survey add 1 --service quality=5,efficiency=4,speed=5,professionalism=4,value=5 --nps 9
}

reports() {
	crm report --fields name
}

# The names of the report's options, as its usage has them.
takes() { # REPORT OPTION
	crm report "$1" -h | grep -q -- "--$2"
}

sum() { # COLUMN
	awk -F '\t' -v c="$1" '{ n += $c } END { print n + 0 }' "$out"
}

@test "the list of reports, in every format" {
	new_store
	run_ok report
	grep -q "^activity	Activity	how many communications" "$out"
	[ "$(awk -F '\t' 'NF != 3 || $1 == "" || $2 == "" || $3 == ""' "$out")" = "" ]
	run_ok report --format json
	python3 -IS -c 'import json; rows = json.load(open(".out"))
assert all(set(r) == {"name", "title", "question"} and all(r.values()) for r in rows) and len(rows) > 10'
	run_ok report --format csv --fields question,name
	assert_out_has 'question,name'
	run_fail 2 report --fields nam
	assert_err_has "'name'"
	run_fail 2 report --by day
	assert_err_has 'which NAME'
	run_fail 2 report activty
	assert_err_has "'activity'"
}

@test "each report explains itself: its question, its columns, its options alone" {
	new_store
	for name in $(reports); do
		run_ok report "$name" -h
		assert_out_has "$(crm report --format json | python3 -IS -c 'import json, sys
print(next(r["question"] for r in json.load(sys.stdin) if r["name"] == sys.argv[1])[:40])' "$name")"
		grep -q '^columns:' "$out"
		cp "$out" usage
		run_ok help report "$name"
		cmp usage "$out"
		crm __complete report "$name" --fields '' | cut -f 1 >columns
		grep -qx help columns
	done
	run_ok report backlog -h
	assert_out_has '--as-of'
	run_fail 2 report backlog --since today
	assert_err 'crm: report backlog: takes no --since; it takes --by, --as-of, --rows'
	run_ok report times -h
	[ "$(grep -c -- '--as-of' "$out")" -eq 0 ]
	crm __complete report times -- | cut -f 1 >options
	lacks -qx -- --as-of options
	grep -qx -- --vs options
	crm __complete report times sub | cut -f 1 | grep -qx 'subject:'
}

@test "an option that a report does not take is refused by name" {
	new_store
	for name in $(reports); do
		for option in since until by as-of vs; do
			takes "$name" "$option" && continue
			value=today
			[ "$option" = vs ] && value=year
			run_fail 2 report "$name" --"$option" "$value"
			grep -q "^crm: report $name: takes no --$option" "$err"
		done
	done
}

@test "--by any field, also of what it refers to" {
	many_communications
	for field in direction customer.city agent; do
		run_ok report activity --by "$field" --since 2026-01-10 --until 2026-02-20 --fields bucket,count
		oracle by "$field" 2026-01-10 2026-02-20 | diff -u - "$out"
	done
	run_ok report activity --by customer.city 'not:customer.city:' --fields count
	[ "$(sum 1)" -eq "$(crm log list internal:no not:customer.city: --fields id | wc -l)" ]
	run_fail 2 report activity --by content
	assert_err_has 'long text'
	run_fail 2 report activity --by customer.cityy
	assert_err_has "'city'"
	run_ok field add customer segment
	run_ok customer edit 1 --set segment=gold
	run_ok report activity --by customer.segment --fields bucket
	assert_out '' gold
}

@test "--by any field of tickets" {
	busy_store
	run_ok report tickets --by customer.city --fields bucket,created,solved,backlog
	assert_out $'\t1\t0\t1' $'Rome\t1\t0\t1' $'北京\t1\t1\t0'
	run_ok report backlog --by type --fields bucket,tickets
	assert_out $'complaint\t1' $'question\t1'
	run_ok report backlog --by customer.city --fields bucket,tickets
	assert_out $'\t1' $'Rome\t1'
	run_ok report backlog --as-of 2026-02-10T12:00:00Z --by type --fields bucket,tickets
	assert_out $'after_sales\t1'
	run_fail 2 report backlog --as-of 2026-02-10T12:00:00Z --by customer.city
	assert_err_has 'its past is not kept'
	run_ok report times --by customer.city --fields bucket,metric,n
	[ "$(awk -F '\t' '$2 == "full_resolution" { n += $3 } END { print n }' "$out")" -eq 1 ]
	run_ok report aftersales --by customer.city --fields bucket,tickets,orders
	assert_out $'北京\t1\t'
}

@test "days counted by SQL are those that stepping finds" {
	many_communications
	for by in day week month weekday; do
		for period in '' '--since 2026-01-10' '--until 2026-02-20T13:14:15Z' '--since -30d --until yesterday'; do
			for zone in UTC America/St_Johns Asia/Shanghai; do
				# shellcheck disable=SC2086
				run_ok report activity --by $by $period --tz $zone
				cp "$out" counted
				# shellcheck disable=SC2086
				run_ok report activity --by $by $period --tz $zone 'channel:*'
				cmp counted "$out"
			done
		done
	done
	run_ok report activity --since 2026-01-10 --until 2026-02-20 --fields bucket,count
	awk -F '\t' '$2 > 0' "$out" | diff -u <(oracle by day 2026-01-10 2026-02-20) -
}

@test "--vs: a period beside the one before it" {
	many_communications
	local fields=bucket,count,count_previous,count_change,count_change_percent
	shown() { awk -F '\t' -v OFS='\t' '$5 != "" { $5 = sprintf("%.3f", $5); sub(/\.?0+$/, "", $5) } { print }' "$out"; }
	for field in direction channel; do
		run_ok report activity --by $field --vs previous --since 2026-03-01 --until 2026-03-07 --fields $fields
		shown | diff -u <(oracle versus $field 2026-03-01 2026-03-07 2026-02-22 2026-02-28) -
	done
	# whole months of unlike length; what only the month before has comes last
	run_ok report activity --by channel --vs previous --since 2026-02-01 --until 2026-02-28 --fields $fields
	shown | diff -u <(oracle versus channel 2026-02-01 2026-02-28 2026-01-01 2026-01-31) -
	run_ok report activity --vs previous --since 2026-02-01 --until 2026-02-28 --fields $fields
	shown | diff -u <(oracle versus day 2026-02-01 2026-02-28 2026-01-01 2026-01-31) -
	run_ok report activity --vs previous --since 2026-02-01 --until 2026-02-28 --fields bucket,bucket_previous
	[ "$(head -n 1 "$out")" = $'2026-02-01\t2026-01-01' ]
	[ "$(tail -n 1 "$out")" = $'\t2026-01-31' ]
	run_ok report activity --by week --vs year --since 2026-02-01 --until 2026-02-28 --fields bucket,bucket_previous,count_previous
	[ "$(head -n 1 "$out")" = $'2026-W05\t2025-W05\t0' ]
	# without --vs nothing is added, with it what there was stays first
	run_ok report times --vs previous --since 2026-03-01 --format csv --header
	head -n 1 "$out" | grep -q '^metric,n,.*,impossible,n_previous,n_change,n_change_percent,mean_s_previous,'
	run_ok report times --vs previous --since 2026-03-01 --fields help
	grep -q '^mean_s_change_percent  *real' "$out"
	run_fail 2 report activity --vs previous
	assert_err_has '--since'
	run_fail 2 report activity --vs lastt --since today
	run_fail 2 report activity --vs year --rows --since today
}

@test "--rows are as many as the figures say" {
	busy_store
	local period=(--since 2026-01-20 --until 2026-03-02)
	for entry in activity:count frequency:contacts tickets:created aftersales:tickets sales:lines; do
		name=${entry%:*}
		for filter in '' customer.city:北京 'customer.city:Rome'; do
			# shellcheck disable=SC2086
			run_ok report "$name" "${period[@]}" --fields "${entry#*:}" $filter
			wanted=$(sum 1)
			# shellcheck disable=SC2086
			run_ok report "$name" "${period[@]}" --rows --fields id $filter
			[ "$(wc -l <"$out")" -eq "$wanted" ]
		done
		[ "$name" = aftersales ] || [ "$wanted" -gt 0 ]
	done
	for name in backlog aging; do
		run_ok report $name --fields tickets
		wanted=$(sum 1)
		[ "$wanted" -eq 2 ]
		run_ok report $name --rows --fields id
		assert_out 2 3
	done
	run_ok report backlog --as-of 2026-02-10T12:00:00Z --rows --fields id,status
	assert_out $'1\tnew'
	# at an earlier clock, as the report is
	for now in 2026-02-10T12:00:00Z 2026-02-25T00:00:00Z; do
		run_ok --now $now report backlog --fields tickets
		wanted=$(sum 1)
		run_ok --now $now report backlog --rows --fields id
		[ "$(wc -l <"$out")" -eq "$wanted" ]
		run_ok --now $now report activity --fields count
		wanted=$(sum 1)
		run_ok --now $now report activity --rows --fields id
		[ "$(wc -l <"$out")" -eq "$wanted" ]
	done
	# times: each ticket that can be measured; first replies are at most as many
	run_ok report times --rows --fields id,subject
	assert_out $'1\ta' $'2\tb' $'3\tc'
	run_ok report activity --rows --fields help
	grep -q '^content' "$out"
	for name in $(reports); do
		takes "$name" rows || {
			run_fail 2 report "$name" --rows
			grep -Eq "takes no --rows: .+" "$err"
		}
	done
}

@test "every report in every format, with records and without, and never NaN" {
	for coefficient in b0 b1 b2; do # of loyalty, which nobody guesses
		run_ok config set loyalty.$coefficient 1
	done
	local classify_train
	classify_train=$(dirname "$CRM")/helpers/crm-classify-train
	printf '%s\n' text,mood bad,negative good,positive >moods.csv
	for store in new_store busy_store; do
		rm -rf "$HOME/.local"
		$store
		[ ! -x "$classify_train" ] || CLASSIFY_TRAIN=$classify_train run_ok classify train --from moods.csv --text text \
			--label mood --name sentiment --test 0
		for name in $(reports); do
			[ "$name" != sentiment ] || [ -x "$classify_train" ] || continue # it asks a classifier
			for format in table tsv csv json jsonl record markdown; do
				run_ok report "$name" --format "$format"
				! grep -Eiq '(^|[^a-z])(nan|inf)([^a-z]|$)' "$out"
				[ "$format" != json ] || python3 -IS -m json.tool <"$out" >/dev/null
			done
			if takes "$name" vs; then
				run_ok report "$name" --vs previous --since 2026-02-01 --until 2026-02-28 --format json
				! grep -Eiq '(^|[^a-z])(nan|inf)([^a-z]|$)' "$out"
				python3 -IS -m json.tool <"$out" >/dev/null
			fi
		done
	done
}

@test "markdown: a table for a wiki, in which no cell is mark-up" {
	new_store
	run_ok customer add --name 'x|y *b* <i> first_reply _z_ a&amp;b R&D C:\d [u](v)' --city $'l1\nl2\tt\r\nl3' --tag a --tag b
	run_ok customer add --name $'王\e[31m' --city 北京
	run_ok customer list --format markdown --fields id,name,city,tags,open_tickets
	assert_out '| id | name | city | tags | open_tickets |' '| ---: | --- | --- | --- | ---: |' \
		'| 1 | x\|y \*b\* \<i> first_reply \_z\_ a\&amp;b R&D C:\\d \[u](v) | l1<br>l2 t<br>l3 | a, b | 0 |' \
		'| 2 | 王\\x1b\[31m | 北京 |  | 0 |'
	run_ok customer list --format markdown --no-header --fields id
	assert_out '| 1 |' '| 2 |'
	run_ok customer list --format markdown city:none --fields id
	assert_out '| id |' '| ---: |'
	run_ok customer show 2 --format markdown --fields id,city,email
	assert_out '| field | value |' '| --- | --- |' '| id | 2 |' '| city | 北京 |'
	run_ok report activity --since 2026-03-10 -o page.md
	[ "$(cat page.md)" = $'| bucket | count | average | change_percent |\n| --- | ---: | ---: | ---: |\n| 2026-03-10 | 0 | 0 |  |' ] ||
		{ cat page.md; false; }
}

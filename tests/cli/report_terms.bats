# report terms: against an independent calculation from exported texts, and by hand.
load helper

oracle() {
	python3 -IS "$BATS_TEST_DIRNAME/terms_oracle.py" "$@"
}

# 900 conversations of 70 days, as rows in log.json.
conversations() {
	new_store
	run_ok customer add --name Li
	oracle make
	run_ok import log log.csv
	crm log list --format json --fields id,at,subject,content,internal >log.json
}

# What the program says, in the order and precision of the oracle. COLUMNS is where the numbers with decimals begin.
comparable() { # COLUMN
	awk -F '\t' -v OFS='\t' -v c="$1" '{ for (i = c; i < c + 3; i++) if ($i != "") $i = sprintf("%.6f", $i)
		print }' "$out" | sed 's/-0\.000000/0.000000/' | sort
}

compare() { # BY SINCE UNTIL
	run_ok report terms --by "$1" ${2:+--since "$2"} --until "$3" --top 1000
	[ -s "$out" ]
	comparable "$([ "$1" = all ] && echo 4 || echo 5)" >got
	oracle terms "$@" | sed 's/-0\.000000/0.000000/' | sort >wanted
	diff -u wanted got
}

@test "terms agree with an independent calculation, by period and against the one before" {
	conversations
	compare all "" 2026-03-10T12:00:00Z
	compare all 2026-02-18T00:00:00Z 2026-03-10T12:00:00Z
	# Chinese was found, with what rose, and nothing that was quoted or said among ourselves alone
	grep -q '^退款' got
	grep -q '^颜色偏差' got
	awk -F '\t' '$6 > 10 { n++ } END { exit n < 3 }' got
	for by in month week day; do
		compare "$by" 2026-01-01T00:00:00Z 2026-02-28T23:59:59Z
	done
}

@test "terms that rose come first, the most frequent where nothing is known before" {
	conversations
	run_ok report terms --since -20d --top 1000 --fields rise
	sort -c -g -r "$out"
	run_ok report terms --top 1000 --fields count
	sort -c -n -r "$out"
	# each period has as many as are asked for, 20 otherwise
	run_ok report terms --by month --top 3
	[ "$(cut -f1 "$out" | uniq -c | awk '{ print $1, $2 }' | paste -sd ' ')" = "3 2026-01 3 2026-02 3 2026-03" ]
	run_ok report terms
	[ "$(wc -l <"$out")" -eq 20 ]
}

@test "a count is what a plain search finds" {
	conversations
	run_ok report terms --since 2026-02-01 --until 2026-02-28 --top 1000 --fields term,count
	while IFS=$'\t' read -r term count; do
		[ "$count" -eq "$(oracle grep "$term" 2026-02-01T00:00:00Z 2026-02-28T23:59:59Z)" ]
	done < <(shuf -n 12 --random-source="$BATS_TEST_DIRNAME/terms_oracle.py" "$out")
}

@test "terms by hand: case, quotations, function words, internal notes, the period before" {
	new_store
	run_ok customer add --name Li
	log() { # AT TEXT [OPTION…]
		run_ok log chat 1 --at "$1" -m "$2" "${@:3}"
	}
	log 2026-03-01 "The Refund"
	log 2026-03-02 "order and ORDER"
	log 2026-03-02 "order"
	log 2026-03-03 "refund"$'\n'"> order order"
	log 2026-03-04 "refund REFUND" --subject "Ｏｒｄｅｒ"
	log 2026-03-04 "refund refund" --internal yes
	# from the 3rd to the 4th: 2 texts; from the 1st to the 2nd: 3
	run_ok report terms --since 2026-03-03 --until 2026-03-04 --fields term,count,previous,share_percent,change_percent
	assert_out "refund	2	1	100	200" "order	1	2	50	-25"
	run_ok report terms --by day --until 2026-03-04 --fields bucket,term,count,previous
	assert_out "2026-03-01	refund	1	" "2026-03-02	order	2	0" "2026-03-02	refund	0	1" \
		"2026-03-03	refund	1	0" "2026-03-03	order	0	2" "2026-03-04	order	1	0" "2026-03-04	refund	1	1"
	run_ok report terms --since 2026-03-03 --fields term,example,first_at,last_at
	assert_out "refund	5	2026-03-03T00:00:00+00:00	2026-03-04T00:00:00+00:00" \
		"order	5	2026-03-04T00:00:00+00:00	2026-03-04T00:00:00+00:00"
	# a filter, and a time at which nothing had been said
	run_ok report terms subject:order --fields term,count
	assert_out
	run_ok report terms --until 2020-01-01
	assert_out
}

@test "terms of tickets and of comments in surveys" {
	new_store
	run_ok customer add --name Li
	for i in 1 2 3; do
		run_ok ticket add 1 --type question --subject "Cable $i" -m "broken cable"
	done
	printf 'customer,nps,comment,answered_at\n' >survey.csv
	printf '1,%s,friendly staff,2026-03-0%s\n' 4 4 7 7 9 9 >>survey.csv
	run_ok import survey survey.csv
	run_ok report terms --from ticket --fields term,count,example
	assert_out "broken	3	3" "cable	3	3"
	run_ok report terms --from ticket type:complaint
	assert_out
	run_ok report terms --from survey nps:..7 --fields term
	assert_out
	run_ok report terms --from survey --fields term,count,last_at
	assert_out "friendly	3	2026-03-09T00:00:00+00:00" "staff	3	2026-03-09T00:00:00+00:00"
	run_ok report terms
	assert_out
}

@test "hostile texts: controls, a line of a million characters, bytes that look like text" {
	new_store
	run_ok customer add --name Li
	head -c 1000000 /dev/zero | tr '\0' 'x' >long
	python3 -c 'print("a.@b." * 200000)' >dots
	python3 -c 'print("退" * 300000)' >han
	printf 'esc \033[31mesc\033[0m \302\233 esc \342\200\256 esc' >controls
	for file in long dots han controls; do
		for _ in 1 2 3; do
			run_ok log chat 1 -F "$file"
		done
	done
	run_ok report terms --fields term,count --format json
	assert_out_has '{"term":"esc","count":3}'
	run_ok report terms --fields term --format table
	[ "$(grep -c 'x' "$out")" -eq 0 ]
}

@test "what report terms does not take is refused" {
	new_store
	run_fail 2 report terms --top 0
	assert_err "crm: report terms: --top '0' is no number from 1"
	run_fail 2 report terms --top many
	run_fail 2 report terms --from order
	run_fail 2 report terms --by weekday
	run_fail 2 report terms --since 2026-03-02 --until 2026-03-01
	run_fail 2 report activity --top 3
	assert_err_has "report activity: takes no --top"
	run_fail 2 report terms --rows
}

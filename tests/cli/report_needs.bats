#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# report needs and report sentiment: what texts say is told by small classifiers that always know, unless a text has no
# word that they learnt.

load helper

setup_file() {
	CLASSIFY_TRAIN=$(dirname "$(realpath "$CRM")")/helpers/crm-classify-train
	export CLASSIFY_TRAIN
}

train() { # FILE TEXT LABEL NAME [OPTION…]
	[ -x "$CLASSIFY_TRAIN" ] || skip "built without liblinear"
	run_ok classify train --from "$1" --text "$2" --label "$3" --name "$4" --threshold 0 --test 0 "${@:5}"
}

ticket() { # TIME TIMES [OPTION…]
	local i
	for ((i = 0; i < $2; i++)); do
		run_ok -q ticket add 1 --type question --now "$1" "${@:3}"
	done
}

with_categories() {
	new_store
	run_ok customer add --name Li
	local name
	for name in 退款 维修 物流; do
		run_ok ticket category add --name "$name"
	done
}

# A week, and the one before: 退款 6 and 2, 维修 1 and 0, 物流 3 and 5.
two_weeks() {
	with_categories
	ticket 2026-02-22T00:00:00Z 2 --subject a --category 退款
	ticket 2026-02-28T23:59:59Z 5 --subject b --category 物流
	ticket 2026-03-01T00:00:00Z 6 --subject c --category 退款
	ticket 2026-03-05T10:00:00Z 1 --subject d --category 维修
	ticket 2026-03-07T23:59:59Z 3 --subject e --category 物流
	ticket 2026-03-08T00:00:00Z 9 --subject later --category 维修
	ticket 2026-02-21T23:59:59Z 9 --subject before --category 维修
}

# Figures that are no whole numbers, to six digits.
figures() { # ARGUMENT…
	run_ok report needs --format csv --no-header "$@" || return
	python3 - "$out" >"$out.6" <<-'END'
		import csv, sys
		for row in csv.reader(open(sys.argv[1], encoding="utf-8")):
		    print("\t".join(f"{float(c):.6g}" if "." in c else c for c in row))
	END
	mv "$out.6" "$out"
}

@test "needs: counts, shares, the period before; what rises first, however few there were" {
	two_weeks
	# rise: √2 (√(count + 3/8) − √(previous + 3/8)) for periods of one length
	# √2 (2.5248762 − 1.5411035), √2 (1.1726039 − 0.6123724), √2 (1.8371173 − 2.3184046)
	figures --since 2026-03-01 --until 2026-03-07
	assert_out $'退款\t6\t60\t2\t200\t1.39126\t0' $'维修\t1\t10\t0\t\t0.792287\t0' $'物流\t3\t30\t5\t-40\t-0.680643\t0'
	run_ok report needs --since 2026-03-01 --until 2026-03-07 --format json
	python3 - "$out" <<-'END'
		import json, sys
		row = json.load(open(sys.argv[1]))[0]
		assert list(row) == ["category", "count", "share_percent", "previous", "change_percent", "rise", "suggested"], row
	END
	figures --since 2026-03-01 --until 2026-03-07 --top 1
	assert_out $'退款\t6\t60\t2\t200\t1.39126\t0'
	figures category:物流 --since 2026-03-01 --until 2026-03-07
	assert_out $'物流\t3\t100\t5\t-40\t-0.680643\t0'
	run_ok report needs --since 2026-03-01 --until 2026-03-07 --rows --fields id
	[ "$(wc -l <"$out")" -eq 10 ]
}

@test "needs: without a period the most frequent first, of all that is there" {
	two_weeks
	run_ok ticket edit 1 --status spam
	figures
	assert_out $'维修\t19\t55.8824\t\t\t\t0' $'物流\t8\t23.5294\t\t\t\t0' $'退款\t7\t20.5882\t\t\t\t0'
}

@test "needs: --by, each period beside the one before; one that is not over by its days so far" {
	two_weeks
	# 12:00 on 10 March: 9.5 days of March and this second, 28 days of February. 维修 10 and 9, 退款 6 and 2, 物流 3 and 5.
	# d, of their lengths: rise = 2 (√(count + 3/8) − √(d (previous + 3/8))) / √(1 + d), change = count / (d previous) − 1
	figures --by month
	python3 - "$out" <<-'END'
		import math, sys
		rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8")]
		counts = {"维修": (10, 9), "退款": (6, 2), "物流": (3, 5)}
		d = (9.5 * 86400 + 1) / (28 * 86400)
		wanted = [["2026-02", c, str(p), f"{p * 100 / 16:.6g}", "", "", "", "0"]
		          for c, (_, p) in sorted(counts.items(), key=lambda item: -item[1][1])]
		rise = lambda n, p: 2 * (math.sqrt(n + .375) - math.sqrt(d * (p + .375))) / math.sqrt(1 + d)
		wanted += [["2026-03", c, str(n), f"{n * 100 / 19:.6g}", str(p), f"{(n / (d * p) - 1) * 100:.6g}",
		            f"{rise(n, p):.6g}", "0"] for c, (n, p) in sorted(counts.items(), key=lambda i: -rise(*i[1]))]
		assert rows == wanted, (rows, wanted)
	END
	figures --by week --since 2026-02-25 --until 2026-03-04 # two weeks, of five and of three days
	assert_out $'2026-W09\t退款\t6\t54.5455\t\t\t\t0' $'2026-W09\t物流\t5\t45.4545\t\t\t\t0'
	figures --by day --since 2026-03-07
	assert_out $'2026-03-07\t物流\t3\t100\t\t\t\t0' $'2026-03-08\t维修\t9\t100\t0\t\t3.4641\t0' \
		$'2026-03-08\t物流\t0\t0\t3\t-100\t-1.73205\t0'
}

@test "needs: a classifier says what a ticket without a category is about, or it is unknown" {
	with_categories
	printf '%s\n' subject,category refund,退款 'refund please',退款 'my refund',退款 broken,维修 'broken screen',维修 \
		'screen broken',维修 >learn.csv
	ticket 2026-03-01T00:00:00Z 2 --subject 'refund now'
	ticket 2026-03-02T00:00:00Z 1 --subject 'it is broken'
	ticket 2026-03-02T00:00:00Z 1 --subject '?!'
	ticket 2026-03-03T00:00:00Z 1 --subject 'broken refund' --category 退款
	figures # nobody was trained
	assert_out $'unknown\t4\t80\t\t\t\t0' $'退款\t1\t20\t\t\t\t0'
	train learn.csv subject category category
	figures
	assert_out $'退款\t3\t60\t\t\t\t2' $'unknown\t1\t20\t\t\t\t0' $'维修\t1\t20\t\t\t\t1'
	train learn.csv subject category other
	figures --model other@1
	assert_out $'退款\t3\t60\t\t\t\t2' $'unknown\t1\t20\t\t\t\t0' $'维修\t1\t20\t\t\t\t1'
	run_fail 3 report needs --model nobody
	assert_err_has "there is no classifier 'nobody'"
	run_ok config set classify.auto category
	ticket 2026-03-04T00:00:00Z 1 --subject 'the refund'
	figures
	assert_out $'退款\t4\t66.6667\t\t\t\t3' $'unknown\t1\t16.6667\t\t\t\t0' $'维修\t1\t16.6667\t\t\t\t1'
}

@test "needs: nothing is there, and what it does not take" {
	new_store
	run_ok report needs
	assert_out
	run_ok report needs --since 2026-03-01 --by day
	assert_out
	run_fail 2 report needs --since 2026-04-01
	assert_err_has 'the period is empty: --since 2026-04-01 lies ahead'
	run_fail 2 report needs --top 0
	assert_err_has "report needs: --top '0' is no number from 1"
	run_fail 2 report needs --by city
	run_fail 2 report tickets --model x
	assert_err_has 'report tickets: takes no --model'
}

@test "survey: mood, what the scores say" {
	new_store
	run_ok customer add --name Li
	run_ok survey add 1 --service quality=1,speed=3
	run_ok survey add 1 --service quality=2,speed=3
	run_ok survey add 1 --product price=4,brand=4 --service speed=4
	run_ok survey add 1 --service quality=5,speed=4 --product price=2 --nps 10 # a mean of 3.67 decides
	run_ok survey add 1 --nps 6 --ces 7
	run_ok survey add 1 --nps 7
	run_ok survey add 1 --nps 9
	run_ok survey add 1 --ces 3
	run_ok survey add 1 --ces 4
	run_ok survey add 1 --ces 5
	run_ok survey add 1 --score 2
	run_ok survey add 1 -m 'words alone'
	run_ok survey list --sort id --fields id,mood
	assert_out $'1\tnegative' $'2\tneutral' $'3\tpositive' $'4\tneutral' $'5\tnegative' $'6\tneutral' $'7\tpositive' \
		$'8\tnegative' $'9\tneutral' $'10\tpositive' $'11\tnegative' $'12\t'
	run_ok survey list mood:负面 --sort id --fields id
	assert_out 1 5 8 11
	run_fail 2 survey edit 1 --mood positive
}

# Answers whose words and scores agree.
answers() {
	new_store
	run_ok customer add --name Li
	local i
	for i in 1 2 3; do
		run_ok survey add 1 --score 5 -m 'good service' --at "2026-01-0$i"
		run_ok survey add 1 --score 3 -m 'okay service' --at "2026-02-0$i"
		run_ok survey add 1 --score 1 -m 'bad service' --at "2026-02-0$i"
	done
}

@test "sentiment: learnt from the store's own scores and comments" {
	answers
	run_fail 2 report sentiment
	assert_err "crm: report sentiment: there is no classifier 'sentiment' yet: crm classify train --from survey --text comment --label mood --name sentiment"
	train survey comment mood sentiment
	run_ok log phone 1 --in -m 'good' --at 2026-02-01
	run_ok log email 1 --in --subject 'bad' -m . --at 2026-02-02
	run_ok log email 1 --in -m 'so bad' --at 2026-03-01
	run_ok log email 1 --out -m 'bad' --at 2026-03-01
	run_ok log email 1 --in -m '?!' --at 2026-03-02
	run_ok report sentiment
	assert_out $'4\t2\t0\t1\t1\t66.6666666666667\t33.3333333333333'
	run_ok report sentiment --by month --fields bucket,n,negative,unknown
	assert_out $'2026-02\t2\t1\t0' $'2026-03\t2\t1\t1'
	run_ok report sentiment --by channel --fields bucket,n,negative_percent
	assert_out $'phone\t1\t0' $'email\t3\t100'
	run_ok report sentiment channel:email --since 2026-03-01 --fields n,negative
	assert_out $'2\t1'
	run_ok report sentiment --from survey --by month
	assert_out $'2026-01\t3\t0\t0\t3\t0\t0\t100' $'2026-02\t6\t3\t3\t0\t0\t50\t0'
	run_ok report sentiment --from survey --by mood --fields bucket,n,negative,neutral,positive
	assert_out $'negative\t3\t3\t0\t0' $'neutral\t3\t0\t3\t0' $'positive\t3\t0\t0\t3'
	run_ok report sentiment mood:negative --from survey --fields n
	assert_out 3
	run_ok -q ticket add 1 --type complaint --subject 'all of it is bad'
	run_ok report sentiment --from ticket --by type --fields bucket,n,negative
	assert_out $'complaint\t1\t1'
	run_ok ticket note 1 -m 'bad'
	run_ok report sentiment --fields n
	assert_out 4
	run_ok report sentiment --since 2026-03-01 --vs previous --fields n,n_previous,negative_change
	assert_out $'2\t0\t1'
	run_fail 2 report sentiment --from order
	run_fail 2 report sentiment --from survey --by channel
	assert_err_has "cannot group by 'channel'"
}

@test "sentiment: moods in other words; a classifier of something else is refused" {
	new_store
	run_ok customer add --name Li
	run_ok log wechat 1 --in -m '质量很差'
	run_ok log wechat 1 --in -m '很好'
	printf '%s\n' text,label 差,差评 质量差,差评 很差,差评 好,好评 很好,好评 质量好,好评 >reviews.csv
	train reviews.csv text label sentiment
	run_ok report sentiment --fields n,negative,positive
	assert_out $'2\t1\t1'
	printf '%s\n' text,label a,x aa,x b,y bb,y >other.csv
	train other.csv text label other
	run_fail 2 report sentiment --model other
	assert_err "crm: report sentiment: classifier 'other' has the label 'x', which is none of negative, neutral and positive"
	run_fail 3 report sentiment --model nobody
}

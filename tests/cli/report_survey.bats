#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# report csat, value, nps, ces, satisfaction, loyalty: worked examples, and an independent calculation from listed rows.

load helper

oracle() {
	python3 -IS "$BATS_TEST_DIRNAME/survey_metrics.py" "$@"
}

# N answers without pattern, and 30 surveys that nobody answered, as rows in surveys.json, customers.json, tickets.json.
many_surveys() { # N
	new_store
	oracle make "$1"
	run_ok import customer customers.csv
	run_ok import ticket tickets.csv
	run_ok import survey surveys.csv
	list_surveys
}

list_surveys() {
	crm survey list --sort id --format json --fields id,customer,kind,ticket,sent_at,answered_at,service_quality,service_efficiency,service_speed,service_professionalism,service_value,product_quality,product_function,product_price,product_service,product_brand,score,nps,ces >surveys.json
	crm customer list --sort id --format json --fields id,name,customer_since,orders >customers.json
	crm ticket list --sort id --format json --fields id,assignee >tickets.json
}

# Reals with six decimals, as the oracle writes them; whole numbers in the columns given stay.
rounded() { # COLUMN… that hold whole numbers or text
	awk -F '\t' -v OFS='\t' -v whole=" $* " '{ for (i = 1; i <= NF; i++) if ($i ~ /^-?[0-9.]+(e-?[0-9]+)?$/ && index(whole, " " i " ") == 0)
		$i = sprintf("%.6f", $i); print }' "$out" | sed 's/-0\.000000/0.000000/g'
}

same_as_oracle() { # "COLUMNS" ARGUMENT…
	local whole=$1
	shift
	oracle "$@" | sed 's/-0\.000000/0.000000/g' >wanted
	# shellcheck disable=SC2086
	rounded $whole | diff -u wanted -
}

@test "csat by hand: dimensions, the mean of five, the single score, intervals, who answered" {
	new_store
	run_ok customer add --name Li
	run_ok survey sent Li --kind csat --at 2026-03-01
	run_ok survey sent Li --kind csat --at 2026-03-01
	run_ok survey sent Li --kind nps --at 2026-03-01
	run_ok survey add Li --service quality=5,efficiency=4,speed=5,professionalism=4,value=5
	run_ok survey add Li --service quality=3,efficiency=3,speed=4,professionalism=4,value=3
	run_ok survey add Li --service quality=5
	run_ok survey add Li --score 4
	run_ok report csat --header
	[ "$(head -n 1 "$out")" = "$(printf 'dimension\tn\tmean\ttop2_percent\tlow\thigh\ttop2_low\ttop2_high\tsent\tanswered\tresponse_percent')" ]
	run_ok report csat
	# 5, 3, 5: variance 4/3, error 2/3, t(2) = 4.302653; Wilson's interval of 2 in 3
	[ "$(rounded 2 | sed -n 1p)" = "$(printf 'quality\t3\t4.333333\t66.666667\t1.464898\t5.000000\t20.765960\t93.850806\t\t\t')" ]
	# 4.6 and 3.4: mean 4, half of them from 4 on; t(1) = 12.7 goes beyond the scale; both sent surveys were answered
	[ "$(rounded 2 9 10 | sed -n 6p)" = "$(printf 'overall\t2\t4.000000\t50.000000\t1.000000\t5.000000\t9.453121\t90.546879\t2\t2\t100.000000')" ]
	[ "$(rounded 2 | sed -n 7p | cut -f 1-6)" = "$(printf 'score\t1\t4.000000\t100.000000\t\t')" ]
	assert_err 'crm: warning: n is 1: figures of fewer than 30 answers say little'
	run_ok report csat --fields dimension,mean
	[ "$(cut -f 1 "$out" | tr '\n' ' ')" = 'quality efficiency speed professionalism value overall score ' ]
}

@test "value by hand" {
	new_store
	run_ok customer add --name Li
	run_ok survey add Li --product quality=5,function=4,price=2,service=3,brand=1
	run_ok survey add Li --product quality=4,function=4,price=4,service=4,brand=4
	run_ok survey add Li --product price=5
	run_ok report value --fields dimension,n,mean,top2_percent
	[ "$(rounded 2)" = "$(printf '%s\n' $'quality\t2\t4.500000\t100.000000' $'function\t2\t4.000000\t100.000000' \
		$'price\t3\t3.666667\t66.666667' $'service\t2\t3.500000\t50.000000' $'brand\t2\t2.500000\t50.000000' \
		$'overall\t2\t3.500000\t50.000000')" ]
}

@test "nps and ces by hand" {
	new_store
	run_ok customer add --name Li
	for score in 10 9 9 7 3 0 8; do
		run_ok survey add Li --nps "$score"
	done
	for score in 7 5 4 2; do
		run_ok survey add Li --ces "$score"
	done
	run_ok report nps --header
	[ "$(head -n 1 "$out" | cut -f 1-5)" = "$(printf 'n\tpromoters\tpassives\tdetractors\tnps')" ]
	run_ok report nps --fields n,promoters,passives,detractors,nps,sent,response_percent
	[ "$(rounded 1 2 3 4 6)" = "$(printf '7\t3\t2\t2\t14.285714\t0\t')" ]
	run_ok report ces --header
	[ "$(head -n 1 "$out" | cut -f 1-3)" = "$(printf 'n\tmean\teasy_percent')" ]
	run_ok report ces --fields n,mean,easy_percent
	assert_out $'4\t4.5\t50'
}

@test "who answers unasked is no answer to what was sent; only what was sent in the period counts" {
	new_store
	run_ok customer add --name Li
	run_ok customer add --name Wu
	run_ok survey add Wu --nps 9 # unasked
	run_ok survey sent Li Wu --kind nps --at 2026-02-01
	run_ok survey sent Li --at 2026-03-01 # in general
	run_ok survey add Li --nps 8 --at 2026-02-03
	run_ok report nps --fields n,sent,answered,response_percent
	[ "$(rounded 1 2 3)" = "$(printf '2\t3\t1\t33.333333')" ]
	run_ok report nps --fields n,sent,answered,response_percent --since 2026-03-01
	assert_out $'1\t1\t0\t0'
	run_ok report nps --fields bucket,n,sent,answered --by month
	assert_out $'2026-02\t1\t2\t1' $'2026-03\t1\t1\t0'
	# seen from the past
	run_ok --now 2026-02-02T00:00:00Z report nps --fields n,sent,answered
	assert_out $'0\t2\t0'
	run_ok report csat --fields dimension,sent,answered customer:1
	[ "$(grep overall "$out")" = "$(printf 'overall\t1\t0')" ]
}

@test "satisfaction by hand: weights of the configuration, their sum, --normalise, --total" {
	new_store
	run_ok customer add --name Li
	run_ok customer add --name Wu
	run_ok survey add Li --service quality=5,efficiency=4,speed=5,professionalism=4,value=5
	run_ok survey add Li --service quality=3,efficiency=3,speed=4,professionalism=4,value=3
	run_ok survey add Wu --service quality=1,efficiency=2,speed=1,professionalism=2,value=1
	run_ok survey add Wu --service quality=5 --product quality=4
	run_ok report satisfaction --header
	[ "$(head -n 1 "$out")" = "$(printf 'customer\tname\tn\tsatisfaction')" ]
	run_ok report satisfaction --total
	# (4.6 + 3.4) / 2; 1.4; (4.6 + 3.4 + 1.4) / 3
	[ "$(rounded 1 3)" = "$(printf '%s\n' $'1\tLi\t2\t4.000000' $'2\tWu\t1\t1.400000' $'\ttotal\t3\t3.133333')" ]
	run_ok config set satisfaction.weights 'quality=0.25, speed=0.75'
	run_ok report satisfaction --total
	# Li: 5 and 3.75; Wu: 1, and no speed
	[ "$(rounded 1 3)" = "$(printf '%s\n' $'1\tLi\t2\t4.375000' $'2\tWu\t1\t1.000000' $'\ttotal\t3\t3.250000')" ]
	run_ok config set satisfaction.weights 'quality=0.5,product.quality=0.5'
	run_ok report satisfaction
	assert_out $'2\tWu\t1\t4.5'
	run_ok config set satisfaction.weights quality=0.6,speed=0.5
	run_fail 2 report satisfaction
	assert_err 'crm: satisfaction.weights: their sum is 1.1, not 1 (--normalise divides them by it)'
	run_ok report satisfaction --normalise customer:1
	# (6/11) 5 + (5/11) 5; (6/11) 3 + (5/11) 4
	[ "$(rounded 1 3)" = "$(printf '1\tLi\t2\t4.227273')" ]
	# ten of a tenth are 1
	run_ok config set satisfaction.weights quality=0.1,efficiency=0.1,speed=0.1,professionalism=0.1,value=0.1,product.quality=0.1,product.function=0.1,product.price=0.1,product.service=0.1,product.brand=0.1
	run_ok report satisfaction
	assert_out
}

@test "weights that are none are refused when they are configured" {
	new_store
	run_fail 2 config set satisfaction.weights qualty=1
	assert_err "crm: satisfaction.weights: 'qualty' is no dimension, did you mean 'quality'?; known: quality, efficiency, speed, professionalism, value, product.quality, product.function, product.price, product.service, product.brand"
	run_fail 2 config set satisfaction.weights quality
	run_fail 2 config set satisfaction.weights quality=much
	run_fail 2 config set satisfaction.weights quality=-1
	run_fail 2 config set satisfaction.weights quality=0.5,quality=0.5
	run_fail 2 config set satisfaction.weights quality=nan
	run_fail 2 config set loyalty.b1 inf
	run_fail 2 config set loyalty.b1 1e999
	run_ok config set satisfaction.weights quality=0
	run_fail 2 report satisfaction --normalise
	run_fail 2 report satisfaction
}

@test "loyalty by hand, and what to do when it is not configured" {
	new_store
	run_ok customer add --name Li --customer-since 2025-03-10
	run_ok customer add --name Wu --customer-since 2025
	run_ok customer add --name An --customer-since 2026-03-11
	for name in Li Wu An; do
		run_ok survey add "$name" --service quality=5,efficiency=4,speed=5,professionalism=4,value=5
	done
	run_fail 2 report loyalty
	assert_err_has 'loyalty.b0 is not configured: crm config set loyalty.b0 NUMBER'
	run_ok config set loyalty.b0 1
	run_ok config set loyalty.b1 2
	run_fail 2 report loyalty
	assert_err_has 'loyalty.b2'
	run_ok config set loyalty.b2 1e-2
	run_ok report loyalty --header
	[ "$(head -n 1 "$out")" = "$(printf 'customer\tname\tsatisfaction\tdays\tloyalty')" ]
	run_ok report loyalty
	# 1 + 2 * 4.6 + 0.01 * 365; a year alone, or a day to come, is no length of time
	[ "$(rounded 1 4)" = "$(printf '%s\n' $'1\tLi\t4.600000\t365\t13.850000' $'2\tWu\t4.600000\t\t' $'3\tAn\t4.600000\t\t')" ]
	assert_err 'crm: warning: n is 3: figures of fewer than 30 customers say little'
}

@test "a fit finds the coefficients that made the data, and they can be configured" {
	new_store
	run_ok field add customer points --type integer
	# points = 300 + 200 * satisfaction - days
	i=0
	while read -r s since points; do
		i=$((i + 1))
		run_ok customer add --name "P$i" --customer-since "$since" --set points="$points"
		run_ok survey add "id:$i" --service "quality=$s,efficiency=$s,speed=$s,professionalism=$s,value=$s"
		case $i in
		2)
			run_ok report loyalty --fit points
			assert_out $'b0\t\t\t\t2\t' $'b1\t\t\t\t2\t' $'b2\t\t\t\t2\t'
			assert_err_has 'not available: three customers are needed of whom satisfaction, days and what is observed are known; there are 2'
			;;
		3)
			run_ok report loyalty --fit points # as many as unknowns: exact, without intervals
			[ "$(rounded 5)" = "$(printf '%s\n' $'b0\t300.000000\t\t\t3\t1.000000' $'b1\t200.000000\t\t\t3\t1.000000' $'b2\t-1.000000\t\t\t3\t1.000000')" ]
			;;
		esac
	done <<'DATA'
5 2026-03-10 1300
3 2025-11-30 800
4 2025-08-22 900
1 2026-03-09 499
2 2025-03-10 335
DATA
	run_ok report loyalty --fit points --header
	[ "$(head -n 1 "$out")" = "$(printf 'term\testimate\tlow\thigh\tn\tr2')" ]
	run_ok report loyalty --fit points
	[ "$(rounded 5)" = "$(printf '%s\n' $'b0\t300.000000\t300.000000\t300.000000\t5\t1.000000' $'b1\t200.000000\t200.000000\t200.000000\t5\t1.000000' $'b2\t-1.000000\t-1.000000\t-1.000000\t5\t1.000000')" ]
	while read -r term estimate; do
		run_ok config set -- "loyalty.$term" "$estimate"
	done < <(crm report loyalty --fit points --fields term,estimate)
	run_ok report loyalty --fields loyalty
	[ "$(rounded)" = "$(printf '%s\n' 1300.000000 800.000000 900.000000 499.000000 335.000000)" ]
}

@test "a fit without an answer says why" {
	new_store
	for i in 1 2 3 4; do
		run_ok customer add --name "P$i" --customer-since "2025-01-0$i"
		run_ok survey add "id:$i" --service quality=4,efficiency=4,speed=4,professionalism=4,value=4 --nps "$i"
	done
	run_ok report loyalty --fit nps
	assert_out $'b0\t\t\t\t4\t' $'b1\t\t\t\t4\t' $'b2\t\t\t\t4\t'
	assert_err_has 'not available: satisfaction or days are the same for all 4 customers, or follow from each other'
	run_fail 2 report loyalty --fit stage
	run_fail 2 report loyalty --fit orders.total
	run_fail 2 report loyalty --fit ordres
	assert_err_has "did you mean 'orders'?"
	# what is observed is the same for all: nothing explains it
	for i in 1 2 3 4; do
		run_ok survey edit "$i" --nps 7 --service "quality=$i"
	done
	run_ok report loyalty --fit nps --fields term,estimate,r2
	[ "$(rounded | cut -f 1,3 | tr '\n\t' ' :')" = 'b0: b1: b2: ' ]
}

@test "all of them agree with an independent calculation" {
	many_surveys 400
	for report in csat value; do
		run_ok report "$report"
		same_as_oracle '2 9 10' "$report"
		for by in month kind assignee week; do
			run_ok report "$report" --by "$by"
			same_as_oracle '3 10 11' "$report" "$by"
		done
	done
	assert_err_has 'warning: n is'
	for by in all month kind; do
		first=$([ "$by" = all ] && echo 0 || echo 1)
		run_ok report nps --by "$by"
		same_as_oracle "$((first + 1)) $((first + 2)) $((first + 3)) $((first + 4)) $((first + 8)) $((first + 9))" nps "$by"
		run_ok report ces --by "$by"
		same_as_oracle "$((first + 1)) $((first + 8)) $((first + 9))" ces "$by"
	done
	run_ok report satisfaction --total
	same_as_oracle '1 3' satisfaction
	[ ! -s "$err" ]
	run_ok config set satisfaction.weights quality=0.3,speed=0.25,product.price=0.45
	run_ok report satisfaction --total
	same_as_oracle '1 3' satisfaction quality=0.3,speed=0.25,product.price=0.45
	run_ok config unset satisfaction.weights
	for i in 0 1 2; do
		run_ok config set "loyalty.b$i" "$((i + 1)).5e-$i"
	done
	run_ok report loyalty
	same_as_oracle '1 4' loyalty 1.5e-0 2.5e-1 3.5e-2
	run_ok report loyalty --fit nps
	same_as_oracle 5 fit nps
	printf 'number,customer,date\n' >orders.csv
	for i in $(seq 0 90); do
		echo "N$i,C$((i * i % 37)),2026-01-01" >>orders.csv
	done
	run_ok import order orders.csv
	list_surveys
	run_ok report loyalty --fit orders
	same_as_oracle 5 fit orders
	[ "$(cut -f 5 wanted | head -n 1)" -ge 30 ]
}

@test "an empty store, one answer, 29 and 30 answers" {
	new_store
	for report in csat value nps ces satisfaction; do
		run_ok report "$report"
		assert_err 'crm: warning: there are no answers to count'
	done
	run_ok report nps
	assert_out $'0\t0\t0\t0\t\t\t\t0\t0\t'
	run_ok report csat --format jsonl --fields dimension,n,mean,low
	[ "$(sed -n 1p "$out")" = '{"dimension":"quality","n":0,"mean":null,"low":null}' ]
	run_ok report satisfaction --total
	assert_out $'\ttotal\t0\t'
	run_ok report csat --by month
	assert_out
	run_ok report loyalty --fit nps
	assert_out $'b0\t\t\t\t0\t' $'b1\t\t\t\t0\t' $'b2\t\t\t\t0\t'
	for i in 0 1 2; do
		run_ok config set "loyalty.b$i" 1
	done
	run_ok report loyalty
	assert_out
	run_ok customer add --name Li --customer-since 2026-03-01
	for n in $(seq 30); do
		run_ok survey add Li --service quality=5,efficiency=4,speed=5,professionalism=4,value=5 \
			--product quality=4,function=4,price=4,service=4,brand=4 --score 4 --nps $((n % 11)) --ces $((n % 7 + 1))
		case $n in
		1 | 29 | 30)
			list_surveys
			for report in csat value nps ces satisfaction; do
				run_ok report "$report"
				if [ "$n" = 30 ]; then
					assert_err
				else
					assert_err "crm: warning: n is $n: figures of fewer than 30 answers say little"
				fi
				! grep -qi 'nan\|inf' "$out" || return 1
			done
			run_ok report nps
			same_as_oracle '1 2 3 4 8 9' nps
			run_ok report ces
			same_as_oracle '1 8 9' ces
			run_ok report csat
			same_as_oracle '2 9 10' csat
			run_ok report satisfaction --total
			same_as_oracle '1 3' satisfaction
			;;
		esac
	done
}

@test "the records behind the figures, groups by any field, one period beside another" {
	new_store
	run_ok customer add --name Li --city Leeds
	run_ok customer add --name Wu --city York
	run_ok survey add Li --nps 9 --at 2026-02-03
	run_ok survey add Li --nps 3 --at 2026-03-03
	run_ok survey add Wu --nps 10 --at 2026-03-04
	run_ok survey add Wu --ces 5
	run_ok report nps --rows --fields id,nps
	assert_out $'3\t10' $'2\t3' $'1\t9'
	run_ok report nps --by customer.city --fields bucket,n,nps
	assert_out $'Leeds\t2\t0' $'York\t1\t100'
	run_ok report nps --since 2026-03-01 --until 2026-03-31 --vs previous --fields n,nps,n_previous,nps_previous
	assert_out $'2\t0\t1\t100'
	run_fail 2 report loyalty --fit nps --vs previous --since 2026-03-01
}

@test "options that a report does not take, and empty periods" {
	new_store
	run_fail 2 report csat --total
	run_fail 2 report nps --normalise
	run_fail 2 report satisfaction --fit nps
	run_fail 2 report loyalty --total
	run_fail 2 report satisfaction --by month
	run_fail 2 report tickets --total
	run_fail 2 report csat --by city
	run_ok report csat --by customer.city
	run_fail 2 report csat --since 2026-03-02 --until 2026-03-01
	run_fail 2 report csat nosuch:1
	run_ok report csat --since 2030-01-01
	[ "$(cut -f 2 "$out" | sort -u)" = 0 ]
}

#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# Reports drawn: charts in the terminal, pictures, pages. pages.py looks at what was made; a browser too, where there is
# one.

bats_require_minimum_version 1.5.0
load helper

# Communications, tickets, orders and follow-ups owed, by the demonstration's files and by what is added here.
setup_file() {
	CRM=$(realpath "${CRM:?the built program}")
	export CRM
	cd "$BATS_FILE_TMPDIR" || return
	local data=$BATS_TEST_DIRNAME/../data/demo i
	export HOME=$BATS_FILE_TMPDIR/home CRM_STORE=$BATS_FILE_TMPDIR/crm.db
	export CRM_NOW=2026-03-10T12:00:00+08:00 TZ=Asia/Shanghai LC_ALL=C CRM_AGENT=mei
	quietly init
	for i in mei tom lin; do
		quietly agent add --name $i
	done
	quietly import customer "$data/customers.csv" --country CN
	quietly import customer "$data/customers-gbk.csv" --country CN
	quietly import log "$data/conversations.csv"
	quietly import ticket "$data/tickets.csv" --create
	quietly customer add --name '<script>alert("x")</script>&amp;' --owner tom
	quietly customer add --name $'\033[31mred\xe2\x80\xaegnirts' --owner tom
	{
		echo number,customer,product,amount,currency,at
		for i in {1..40}; do
			echo "$i,C00$((i % 9 + 1)),P$((i % 3)),$((i * 37 % 211 + 9)).50,$((i % 4 ? 1 : 0)),2026-0$((i % 3 + 1))-0$((i % 8 + 1)) 10:00"
		done | sed 's/,0,2026/,GBP,2026/; s/,1,2026/,CNY,2026/'
	} >orders.csv
	quietly import order orders.csv
	{
		echo customer,answered_at,service_quality,service_efficiency,service_speed,service_professionalism,service_value,product_quality,product_function,product_price,product_service,product_brand,nps,ces
		for i in {1..40}; do
			echo "C00$((i % 9 + 1)),2026-0$((i % 3 + 1))-0$((i % 8 + 1)) 11:00,$((i % 3 + 3)),4,$((i % 2 + 4)),5,4,5,$((i % 4 + 2)),4,4,3,$((i % 5 + 6)),$((i % 4 + 4))"
		done
	} >surveys.csv
	quietly import survey surveys.csv
	quietly sla add --name standard --first-reply 'urgent 30min, 4h' --resolution 2d
	printf '%s\n' text,mood 坏了,negative 很好,positive >moods.csv
	CLASSIFY_TRAIN=$(dirname "$CRM")/helpers/crm-classify-train
	export CLASSIFY_TRAIN
	[ ! -x "$CLASSIFY_TRAIN" ] ||
		quietly classify train --from moods.csv --text text --label mood --name sentiment --test 0
}

quietly() {
	"$CRM" "$@" >setup.log 2>&1 || {
		cat setup.log
		return 1
	}
}

# What setup() of the helper unset.
demo() {
	export CRM_STORE=$BATS_FILE_TMPDIR/crm.db CRM_NOW=2026-03-10T12:00:00+08:00 TZ=Asia/Shanghai CRM_AGENT=mei
	mkdir -p "$XDG_CONFIG_HOME/crm"
	printf '[loyalty]\nb0 = 1\nb1 = 0.5\nb2 = 0.001\n' >"$XDG_CONFIG_HOME/crm/config"
}

look() {
	python3 -IS "$BATS_TEST_DIRNAME/pages.py" "$@"
}

# One asks a classifier, which there is where its helper is.
reports() {
	crm report | cut -f 1 | if [ -x "$CLASSIFY_TRAIN" ]; then cat; else grep -vx sentiment; fi
}

# The first customer's hostile name, and one that would turn a terminal around.
hostile() {
	new_store
	run_ok customer add --name '<script>alert("x")</script>&amp;' --owner ann
	run_ok customer add --name $'\033[31mred\xe2\x80\xaegnirts\t!' --owner ann
	run_ok log phone 1 -m x --at 2026-03-01
	run_ok log phone 2 -m x --at 2026-03-02
	run_ok log phone 2 -m x --at 2026-03-03
}

assert_out_lacks() { # TEXT
	if grep -qF -- "$1" "$out"; then
		printf 'stdout has: %q\n' "$1"
		cat -v "$out"
		return 1
	fi
}

# --- pages ---

@test "each report is a page of its own, in both languages, whose figures are those of json" {
	demo
	local name lang
	for name in $(reports); do
		for lang in en zh; do
			run_ok report "$name" --format html --lang $lang -o "$name.$lang.html"
			assert_out
		done
		grep -q '<html lang="en">' "$name.en.html"
		grep -q '<html lang="zh-CN">' "$name.zh.html"
		# the same bytes again
		crm report "$name" --format html --lang zh | cmp - "$name.zh.html"
		# what names a figure is Chinese there
		if grep -o '<dt>[^<]*' "$name.zh.html" | LC_ALL=C grep -x '[ -~]*'; then
			return 1
		fi
		run_ok report "$name" --format json
		look figures "$out" "$name.en.html" "$name.zh.html"
	done
	look page ./*.html
}

@test "nothing on a page is wider than a phone or a desktop" {
	demo
	local name browser
	browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || skip "no browser"
	for name in $(reports); do
		run_ok report "$name" --format html --lang zh -o "$name.zh.html"
		run_ok report "$name" --format html -o "$name.en.html"
	done
	look overflow "$browser" ./*.html
}

@test "a page says what it is about" {
	demo
	run_ok report activity --format html --by week --since 2026-02-02 --until 2026-03-01 channel:phone
	assert_out_has '<h1>Activity</h1>'
	assert_out_has '<dt>Period</dt><dd>2026-02-02 to 2026-03-01</dd>'
	assert_out_has '<dt>Grouped by</dt><dd>Week</dd>'
	assert_out_has '<dt>Filter</dt><dd>channel:phone</dd>'
	assert_out_has '<dt>As of</dt><dd>2026-03-10 12:00 Asia/Shanghai</dd>'
	assert_out_has '<th scope="col">Week</th>'
	run_ok report activity --format html --by channel --since 2026-02-02 --lang zh
	assert_out_has '<h1>沟通量</h1>'
	assert_out_has '<dt>时间范围</dt><dd>2026-02-02 起</dd>'
	assert_out_has '<th scope="col">渠道</th>'
	assert_out_has '<th scope="row" data-value="phone">电话</th>'
	run_ok report activity --format html --until 2026-02-02T09:30
	assert_out_has '<dt>Period</dt><dd>until 2026-02-02 09:30</dd>'
}

@test "figures are written for people, exact ones beside them" {
	demo
	run_ok report times --format html --since 2026-02-11 --until 2026-02-11
	# a ticket of 14:05 was answered at 15:20 and solved two days later at 10:00: 158100 seconds
	assert_out_has '<td class="n" data-value="4500">1 h 15 min</td>'
	assert_out_has '<td class="n" data-value="158100">1 d 20 h</td>'
	assert_out_has '<td class="n">—</td>'
	run_ok report times --format html --since 2026-02-11 --until 2026-02-11 --lang zh
	assert_out_has '<td class="n" data-value="158100">1 天 20 小时</td>'
	assert_out_has 'data-value="first_reply">首次回复</'
}

@test "a page has the columns that --fields chooses, and a chart where they name rows and figures" {
	demo
	run_ok report agents --format html --fields agent,median_first_reply_s,solved -o page.html
	look page page.html
	run_ok report agents --format json --fields agent,median_first_reply_s,solved
	look figures "$out" page.html
	grep -q '<svg' page.html
	run_ok report agents --format html --fields solved,replies
	assert_out_lacks '<svg'
	run_ok report agents --format html --fields agent,replies
	assert_out_lacks '<svg'
	run_fail 2 report agents --format html --fields solvd
	assert_err_has solved
}

@test "compared periods stand beside each other, on pages and in charts" {
	demo
	run_ok report activity --by week --since 2026-02-09 --until 2026-02-22 --vs previous --chart
	assert_out_has '█ Count'
	assert_out_has '▒ Count before'
	run_ok report activity --by week --since 2026-02-09 --until 2026-02-22 --vs previous --format html --lang zh
	assert_out_has '<th scope="col" class="n">次数（此前）</th>'
	cp "$out" page.html
	look page page.html
	run_ok report activity --by week --since 2026-02-09 --until 2026-02-22 --vs previous --format json
	look figures "$out" page.html
	run_fail 2 report activity --rows --chart
	assert_err_has 'no figures to draw'
	run_ok report activity --rows --format html -o page.html
	look page page.html
}

@test "the language is --lang, else report.language, else that of messages" {
	demo
	run_ok report agents --format html
	assert_out_has '<html lang="en">'
	cp "$out" en.html
	LC_ALL= LANGUAGE=zh run_ok report agents --format html
	assert_out_has '<html lang="zh-CN">'
	assert_out_has '<h1>坐席工作量</h1>'
	cp "$out" zh.html
	LC_ALL= LANGUAGE=zh run_ok report agents --format html --lang en
	cmp "$out" en.html
	run_ok config set report.language zh
	run_ok report agents --format html
	cmp "$out" zh.html
	run_ok report agents --format html --lang en
	cmp "$out" en.html
	run_ok config set report.language en
	LC_ALL= LANGUAGE=zh run_ok report agents --format html
	cmp "$out" en.html
	run_fail 2 report agents --format html --lang fr
	assert_err_has zh
	run_fail 2 config set report.language fr
}

@test "hostile names are text on pages, in pictures and charts" {
	hostile
	run_ok report frequency --format html -o page.html
	look page page.html
	grep -qF '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;amp;' page.html
	grep -qF '\x1b[31mred\u202egnirts\t!' page.html
	run_ok report frequency --format svg -o picture.svg
	look picture picture.svg
	grep -qF '&lt;script&gt;' picture.svg
	grep -qF '\x1b[31mred\u202egnirts\t!' picture.svg
	run_ok report frequency --chart
	assert_out_has '\x1b[31mred\u202egnirts\t! '
	assert_out_has '<script>alert("x")</script>&amp;'
	assert_out_lacks $'\033'
	run_ok report frequency --format html 'customer.name:<b>*'
	assert_out_has '<dd>customer.name:&lt;b&gt;*</dd>'
}

@test "long tables are cut, and say so" {
	new_store
	local i
	for i in {1..1200}; do
		echo "{\"name\":\"customer $i\",\"key\":\"k$i\"}"
	done >many.jsonl
	run_ok import customer many.jsonl
	for i in {1..1200}; do
		echo "k$i,2026-03-0$((i % 9 + 1)) 10:00,phone,x"
	done | sed '1i customer,at,channel,content' >logs.csv
	run_ok import log logs.csv
	run_ok report frequency --format html -o page.html
	look page page.html
	[ "$(grep -c '^<tr><th scope="row"' page.html)" = 1000 ]
	grep -qF 'The first 1,000 of 1,200 rows' page.html
	grep -qF 'the 40 largest of 1,200' page.html
	# of times the last are shown: 2023-03-10 and 1095 days after it, a leap day among them
	run_ok log phone 1 -m x --at 2023-03-10T10:00:00Z
	run_ok report activity --since 2023-03-10 --format html -o page.html
	[ "$(grep -c '^<tr><th scope="row"' page.html)" = 1000 ]
	grep -qF 'The last 1,000 of 1,097 rows' page.html
	grep -qF '<th scope="row">2026-03-10</th>' page.html
}

@test "an empty report is a page, a picture and a chart that say so" {
	new_store
	run_ok report frequency --format html -o page.html
	look page page.html
	grep -qF 'Nothing to show' page.html
	run_ok report frequency --format svg -o picture.svg
	look picture picture.svg
	run_ok report frequency --chart
	assert_out 'Contact frequency' '' '(nothing to show)'
}

# --- pictures ---

@test "each report with a chart is a picture" {
	demo
	local name n=0
	for name in $(reports); do
		crm report "$name" --format svg --lang zh -o "$name.svg" 2>/dev/null || continue
		n=$((n + 1))
	done
	[ $n -ge 9 ]
	look picture ./*.svg
	# by the ending
	run_ok report agents -o a.svg
	run_ok report agents --format svg
	cmp a.svg "$out"
}

# --- the terminal ---

@test "a chart in the terminal" {
	new_store
	run_ok customer add --name Li
	run_ok customer add --name 张三
	local i
	for i in 1 2 3 4; do
		run_ok log phone 1 -m x --at 2026-03-0$i
	done
	run_ok log phone 2 -m x --at 2026-03-01
	# 80 columns, of which labels take 4 and figures 1, with a blank each: 73 for four
	run_ok report frequency --chart
	assert_out 'Contact frequency' '' '█ Contacts' \
		"Li   $(printf '█%.0s' {1..73}) 4" \
		"张三 $(printf '█%.0s' {1..18})▎ 1"
	run_ok report frequency --chart --ascii --lang zh
	assert_out '联系频率' '' '# 联系次数' \
		"Li   $(printf '#%.0s' {1..73}) 4" \
		"张三 $(printf '#%.0s' {1..18}) 1"
	run_ok report frequency --chart --color always
	assert_out_has $'\033[1mContact frequency\033[0m'
	assert_out_has $'\033[36m█'
	run_ok report activity --chart --since 2026-03-01 --until 2026-03-04
	assert_out 'Activity' '' '█ Count' \
		'2 ┤█████' '  │█████' '  │█████' '  │█████' \
		'1 ┤█████ █████ █████ █████' '  │█████ █████ █████ █████' '  │█████ █████ █████ █████' \
		'  │█████ █████ █████ █████' '0 └────────────────────────' '     2026-03-02  2026-03-04'
	run_ok report frequency --chart -o chart.txt
	assert_out
	head -n 1 chart.txt | grep -qx 'Contact frequency'
}

@test "a chart of the figures that --fields names" {
	demo
	run_ok report agents --chart --fields replies
	assert_out_has '█ Replies'
	run_ok report agents --chart --fields agent,assigned,solved
	assert_out_has '█ Assigned   ▒ Solved'
	run_fail 2 report agents --chart --fields solved,median_first_reply_s
	assert_err_has 'solved and median_first_reply_s have no scale in common'
	run_fail 2 report agents --chart --fields agent
	assert_err_has 'no figures to draw among these --fields'
	run_fail 2 report agents --chart --fields solvd
	assert_err_has solved
}

# --- what does not go together ---

@test "drawings are refused where there is nothing to draw" {
	new_store
	run_fail 2 customer list --format html
	assert_err_has 'only `crm report NAME`'
	run_fail 2 export customer -o list.svg
	assert_err_has list.svg
	[ ! -e list.svg ]
	run_fail 2 report --format html
	run_fail 2 report --chart
	run_fail 2 report agents --chart --format json
	assert_err_has '--chart'
	run_fail 2 report agents --chart -o a.csv
	run_fail 2 report agents --ascii
	run_fail 2 report agents --lang zh
	run_fail 2 report agents --chart --header
	run_fail 2 report agents --format html --no-header
	run_fail 2 report agents --format html --by day
	run_fail 2 report agents --format html --since 2026-02-30
	run_fail 1 report agents --format html -o missing/page.html
	run_fail 1 report agents --format svg -o /dev/full
}

#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# Finding words in all that is written down. The answers are worked by hand from the few texts of stocked(), or told by
# search_oracle.py from many.

bats_require_minimum_version 1.5.0
load helper

# Something of every kind.
stocked() {
	new_store
	run_ok customer add --name 张三 --company 东方书店 --phone +8613900138000 --email zs@example.com --tag 大客户 \
		--note '喜欢大屏幕。退款很快'
	run_ok customer add --name 'Alice Moreau' --company 'Fund Ltd' --note $'likes tea\n\n  and   coffee'
	run_ok org add --name 'Refund Trading'
	run_ok log chat 1 --in --at 2026-03-01 -m '客户要求退款，屏幕闪烁。'
	run_ok log email 2 --out --at 2026-03-05 --subject 'Refund request' -m 'We send it within three days.'
	run_ok ticket add 2 --type complaint --subject 'Torn pages' -m 'I want my REFUND now'
	run_ok ticket note 1 -m 'refunding is slow'
	run_ok followup add 1 --due 2026-03-20 -m 'ask about the refund'
	run_ok order add 2 --product 'Refund kit' --quantity 1 --at 2026-02-01
	run_ok survey add 1 --service quality=2 -m 'refund took ages'
}

# The records are these, in this order.
finds() { # 'TYPE:ID …' ARGUMENT…
	local wanted=$1
	shift
	run_ok search "$@" --fields type,id || return
	[ "$(tr '\t\n' ': ' <"$out")" = "${wanted:+$wanted }" ] || {
		printf 'search %s: not %s but:\n' "${*@Q}" "$wanted"
		cat "$out"
		return 1
	}
}

# The same whatever their order.
finds_all() { # 'TYPE:ID …' ARGUMENT…
	local wanted=$1
	shift
	run_ok search "$@" --fields type,id || return
	diff -u --label wanted --label got <(tr ' ' '\n' <<<"$wanted" | sort) <(tr '\t' ':' <"$out" | sort) || {
		printf 'search %s\n' "${*@Q}"
		return 1
	}
}

@test "every kind of record, by the fields that filters search" {
	stocked
	finds_all 'org:1 log:2 ticket:1 followup:1 order:1 survey:1' refund
	finds_all 'customer:1 log:1' 退款
	finds customer:1 大客户
	finds customer:1 zs@example.com
	finds customer:1 13900138000
	finds customer:1 '139-0013-8000'
	finds customer:2 fund
	finds order:1 kit
	finds ticket:1 torn
}

@test "the words of one argument or of several must all be there, in any field, in any order" {
	stocked
	finds log:2 request three
	finds log:2 three request
	finds log:2 'three　days  request'
	finds customer:2 ltd alice
	finds '' alice tea cocoa
	finds '' alice three
}

@test "Chinese of one character and of several, full width, case, accents" {
	stocked
	finds log:1 闪
	finds_all 'customer:1 log:1' 屏幕
	finds log:1 要求退款
	finds '' 款退
	finds ticket:1 ＴＯＲＮ
	finds customer:2 alicé
}

@test "a word is whole; a star goes on; quotes make a phrase" {
	stocked
	finds '' fun
	finds customer:2 'fun*'
	finds_all 'org:1 log:2 log:3 ticket:1 followup:1 order:1 survey:1' 'refund*'
	finds log:2 '"refund request"'
	finds '' '"request refund"'
	finds log:2 '"refund req"*'
	finds customer:1 大屏
	# a phrase stays within a field
	finds '' '"moreau fund"'
	finds customer:2 moreau fund
}

@test "what has no letter or digit is refused, and so is an open quote" {
	stocked
	run_fail 2 search '???'
	assert_err "crm: search '???': there is no letter or digit in it"
	run_fail 2 search refund '!'
	run_fail 2 search 'refund -'
	run_fail 2 search ''
	run_fail 2 search '*'
	run_fail 2 search '"torn pages'
	assert_err_has 'the closing quote is missing'
	run_fail 2 search $'\xff'
	run_fail 2 search
}

# crm finds the same in both ways.
same_as_filter() { # TYPE TERM
	run_ok "$1" list "$2" --fields id --sort id
	cp "$out" filtered
	run_ok search "$2" --in "$1" --fields id --sort id
	diff -u --label filter --label search filtered "$out"
}

@test "finds what the words of filters find" {
	stocked
	local type term tick
	for tick in no yes; do
		[ "$tick" = no ] || run_ok tick
		for type in customer org log ticket followup order survey; do
			for term in refund 'refund*' 退款 屏 'fun*' '"torn pages"' 1390013 8000 zs@example.com three x; do
				same_as_filter "$type" "$term"
			done
		done
	done
}

@test "columns, and what is in them" {
	stocked
	run_ok search torn --format csv
	assert_out type,id,customer,at,field,snippet,name,score \
		'ticket,1,2,2026-03-10T12:00:00+00:00,subject,Torn pages,Alice Moreau,0.8278'
	run_ok search trading --format jsonl
	assert_out '{"type":"org","id":1,"customer":null,"at":"2026-03-10T12:00:00+00:00","field":"name","snippet":"Refund Trading","name":"Refund Trading","score":0.8278}'
	run_ok search alice fund --fields id,field,also,marks
	assert_out $'2\tname\tcompany\t0-5'
	run_ok search torn --fields +also --format json
	assert_out_has '"score":0.8278,"also":null}'
	run_ok search --fields help x
	[ "$(head -n 1 "$out" | cut -d ' ' -f 1)" = type ]
	run_fail 2 search torn --fields id,snipet
	assert_err_has "did you mean 'snippet'?"
	run_fail 2 search torn --sort scor
	assert_err_has "did you mean 'score'?"
	# the number of a telephone is shown, though it is written otherwise; else the name
	run_ok search 8000 --fields field,snippet
	assert_out $'phone\t+8613900138000'
}

# x = weight * count / (0.5 + 0.5 * words / 50); score = x / (x + 1.2):
# a name, subject or product of two words: 3 / 0.52 = 5.769, 0.8278; the purpose of four: 3 / 0.54 = 5.556, 0.8224;
# a comment of three: 1 / 0.53 = 1.887, 0.6112; a text of five: 1 / 0.55 = 1.818, 0.6024
@test "few are ranked: by field, length and number of hits; the newest of equals" {
	stocked
	run_ok search refund --fields type,id,score
	assert_out $'org\t1\t0.8278' $'log\t2\t0.8278' $'order\t1\t0.8278' $'followup\t1\t0.8224' \
		$'survey\t1\t0.6112' $'ticket\t1\t0.6024'
	finds 'log:2 order:1' refund --limit 2 --offset 1
	finds 'followup:1 org:1 ticket:1 survey:1 log:2 order:1' refund --sort -at
	run_ok search refund --sort type,-id --fields type
	assert_out followup log order org survey ticket
	# a name that says nothing else counts twice: 6 / 0.52 = 11.54, 0.9058
	run_ok search 张三 --fields type,score
	assert_out $'customer\t0.9058'
	# three times in ten words: 3 / 0.6 = 5, 0.8065
	run_ok log chat 2 --in --at 2026-03-02 -m 'pen and pen and pen and ink and it now'
	run_ok search pen --fields score
	assert_out 0.8065
}

# 2,500 communications, which the import leaves out of the index, and 20 tickets with the same word; times in no order,
# some the same.
many() {
	new_store
	run_ok customer add --name Ada --key A
	awk 'BEGIN {
		print "customer,at,channel,content"
		for (i = 1; i <= 2500; i++)
			printf "key:A,@%d,chat,第%d次 屏幕%s\n", 1700000000 + (i * 7919 % 1200) * 60, i, i % 100 ? "" : " rare"
	}' >log.csv
	awk 'BEGIN {
		print "customer,created_at,type,subject"
		for (i = 1; i <= 20; i++)
			printf "key:A,@%d,question,屏幕 %d\n", 1700000000 + (i * 31 % 20) * 3600, i
	}' >ticket.csv
	run_ok -q import ticket ticket.csv
	run_ok -q import log log.csv
	sqlite3 -separator $'\t' "$(store_file)" "SELECT type, id FROM (SELECT 'log' AS type, id, at FROM log UNION ALL
		SELECT 'ticket', id, created_at FROM ticket) ORDER BY at DESC, type, id DESC" >newest
}

# How many communications are in the index.
indexed() {
	sqlite3 "$(store_file)" "SELECT coalesce(sum(upto), 0) FROM search_mark WHERE entity = 'log'"
}

@test "of many the newest come first, whatever they are, with and without the index" {
	many
	local tick arguments
	for tick in no yes; do
		[ "$tick" = no ] || run_ok tick
		[ "$(indexed)" = $([ "$tick" = no ] && echo 0 || echo 2500) ]
		for arguments in '' '--limit 20' '--limit 1' '--limit 0' '--limit 30 --offset 2490' '--offset 2500' \
			'--limit 40 --since @1700030000' '--until @1700010000'; do
			# shellcheck disable=SC2086 # words are wanted
			run_ok search 屏幕 --fields type,id,score $arguments
			cut -f 1,2 "$out" >got
			case $arguments in
			*--since* | *--until*)
				[ -z "$(sort got | comm -23 - <(sort newest))" ]
				;;
			*)
				local limit=${arguments#*--limit } offset=${arguments#*--offset }
				[ "$limit" = "$arguments" ] && limit=9999
				[ "$offset" = "$arguments" ] && offset=0
				diff <(tail -n +$((offset + 1)) newest | head -n "${limit%% *}") got
				[ -z "$(cut -f 3 "$out" | tr -d '\n')" ]
				;;
			esac
		done
		run_ok search 屏幕 --in ticket --fields type,id --sort -at
		diff <(grep ticket newest) "$out"
		# few again: ranked
		run_ok search 屏幕 rare --fields type,score
		[ "$(wc -l <"$out")" = 25 ]
		[ "$(cut -f 2 "$out" | sort -u | wc -l)" = 1 ]
		run_ok search 屏幕 --sort -score --limit 3 --fields type
		assert_out ticket ticket ticket
	done
}

@test "a period, as it is for reports; a customer" {
	many
	local n
	for n in 1 2; do
		run_ok search 屏幕 --since @1700030000 --until @1700040000 --fields id,type
		cp "$out" got
		run_ok sql "SELECT count(*) FROM (SELECT at FROM v_log UNION ALL SELECT created_at FROM v_ticket)
			WHERE at BETWEEN 1700030000 AND 1700040000"
		[ "$(wc -l <got)" = "$(cat "$out")" ]
		run_ok tick
	done
	run_fail 2 search 屏幕 --since 2026-02-01 --until 2026-01-01
	assert_err_has 'the period is empty'
	run_fail 2 search 屏幕 --since sometime
	run_ok customer add --name Bob --note 屏幕
	run_ok log chat Bob --in -m '屏幕'
	run_ok org add --name 屏幕
	finds_all 'customer:2 log:2501' 屏幕 --customer Bob
	finds log:2501 屏幕 --customer Bob --in log,order
	run_fail 3 search 屏幕 --customer nobody
}

@test "--in takes the names of what is searched" {
	stocked
	finds 'log:2 order:1' refund --in order,log
	finds 'log:2' refund --in log,log
	run_fail 2 search refund --in log,tickets
	assert_err "crm: --in: nothing is searched in 'tickets', did you mean 'ticket'?"
	run_fail 2 search refund --in agent
	run_fail 2 search refund --in ''
	run_ok __complete search --in order,
	[ "$(cut -f 1 "$out" | tr '\n' ' ')" = 'order,customer order,org order,log order,ticket order,followup order,order order,survey ' ]
	run_ok __complete search --fields type,sn
	[ "$(cut -f 1 "$out")" = type,snippet ]
}

@test "the snippet: the part around the hit, in one line, cut between words" {
	stocked
	run_ok search coffee --fields snippet
	assert_out 'likes tea and coffee'
	run_ok log chat 2 --in --at 2026-03-02 -m "$(printf 'lorem %.0s' {1..40})needle $(printf 'ipsum %.0s' {1..40})"
	# 80 columns: before the hit a third, one of these 26 for the sign; 4 words with their blanks are
	# 24 columns; behind the hit, whose end is in column 31, there is room for 8 more before another sign
	run_ok search needle --fields snippet,marks
	assert_out "…$(printf 'lorem %.0s' {1..4})needle$(printf ' ipsum%.0s' {1..8})…"$'\t27-33'
	run_ok log chat 2 --in --at 2026-03-02 -m "$(printf '前%.0s' {1..60})针$(printf '后%.0s' {1..60})"
	run_ok search 针 --fields snippet
	assert_out "…$(printf '前%.0s' {1..12})针$(printf '后%.0s' {1..26})…"
}

@test "control characters are exact in machine formats" {
	new_store
	run_ok customer add --name $'\e[31mred needle'
	run_ok search needle --fields snippet --format csv --no-header
	assert_out $'\e[31mred needle'
}

@test "regular expressions: in any field, all of them, newest first" {
	stocked
	finds 'followup:1 org:1 log:3 ticket:1 survey:1 log:2 order:1' --regex 'refund(ing)?\b'
	finds log:3 --regex 'refund' 'slow$'
	finds 'customer:1 log:1' --regex '退.'
	finds customer:1 --regex '^大客户$'
	run_ok search --regex 'p[a-z]+s\b' --fields type,snippet,marks,score
	assert_out $'ticket\tTorn pages\t5-10\t'
	# one that matches the empty text: every record with a text
	run_ok search --regex 'x*' --in org,order --fields type,marks
	assert_out $'org\t' $'order\t'
	finds_all 'org:1 log:2 ticket:1 log:3' --regex 'refund' --limit 4 --sort -at --in org,log,ticket
	finds 'log:3 log:2' --regex 're' --in log --limit 2
}

@test "an expression that is wrong, empty or explodes is refused" {
	stocked
	run_fail 2 search --regex 'ref(und'
	assert_err "crm: search 'ref(und': bad regular expression at character 8: missing closing parenthesis"
	run_fail 2 search --regex '退款('
	assert_err_has 'at character 4'
	run_fail 2 search --regex ''
	assert_err_has 'a regular expression is missing'
	run_ok customer add --name Eve --note "$(printf 'a%.0s' {1..60})b"
	run_status 2 search --regex '^(a+)+$'
	assert_err_has 'takes too many steps on this text: simplify it'
	run_ok log chat Eve --in -m "$(printf 'a%.0s' {1..60})b"
	run_status 2 search --regex '^(a+)+$' --in log
	assert_err_has 'takes too many steps on this text: simplify it'
}

@test "what was changed or removed is found as it is; nothing found is no row" {
	stocked
	run_ok tick
	run_ok log edit 2 --subject 'Money back'
	run_ok order rm 1 --yes
	finds_all 'org:1 ticket:1 followup:1 survey:1' refund
	finds log:2 money
	run_ok undo
	finds_all 'org:1 order:1 ticket:1 followup:1 survey:1' refund
	run_ok search nothingofthekind
	assert_out
	assert_err
	CRM_NOW=2026-03-09T00:00:00Z run_ok search refund
	assert_out
}

@test "fields of your own" {
	stocked
	run_ok field add customer hobby
	run_ok customer edit 2 --set hobby=kayaking
	run_ok search kayaking --fields type,id,field,snippet
	assert_out $'customer\t2\thobby\tkayaking'
	finds customer:2 --regex '^kaya'
}

@test "every piece of a Chinese text, every word and beginning of an English one, nothing else" {
	new_store
	python3 -IS "$BATS_TEST_DIRNAME/search_oracle.py" make >log.csv
	run_ok customer add --name Ada --key A
	run_ok -q import log log.csv
	[ "$(indexed)" = 0 ]
	python3 -IS "$BATS_TEST_DIRNAME/search_oracle.py" check "$CRM" log.csv
	run_ok tick
	python3 -IS "$BATS_TEST_DIRNAME/search_oracle.py" check "$CRM" log.csv
}

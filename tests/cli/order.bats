#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# crm order: what customers bought, amounts of money, and their import.

load helper

shop() {
	new_store
	run_ok customer add --name Ada --key C1 --email ada@example.org
	run_ok customer add --name 张三 --phone +8613800138000
}

orders() { # FIELDS FILTER…
	local fields=$1
	shift
	run_ok order list --sort id --fields "$fields" "$@"
}

@test "add, show, edit, tag, rm, and each of them undone" {
	shop
	run_ok order add Ada --number SO-17 --product 'Desk lamp' --model DL2 --quantity 2 --amount '79.80 EUR' \
		--status paid --at 2026-03-01 --note gift --tag web
	assert_out 1
	assert_err 'created order 1'
	run_ok order list --format csv
	assert_out id,number,customer,name,product,quantity,amount,currency,at,status \
		'1,SO-17,1,Ada,Desk lamp,2,79.80,EUR,2026-03-01T00:00:00+00:00,paid'
	run_ok order edit SO-17 --status shipped --quantity 1
	run_ok order tag SO-17 --add late
	orders number,model,quantity,status,note,tags
	assert_out $'SO-17\tDL2\t1\tshipped\tgift\tlate, web'
	run_ok undo
	run_ok undo
	orders quantity,status,tags
	assert_out $'2\tpaid\tweb'
	run_fail 2 order rm 1
	run_fail 2 order rm SO-17 --yes
	run_ok order rm key:SO-17 --yes
	run_fail 3 order show SO-17
	run_ok undo
	orders number,amount,currency
	assert_out $'SO-17\t79.80\tEUR'
	store_is_sound
}

@test "by hand it is ordered now, one piece, open" {
	shop
	run_fail 3 order add Nobody
	run_fail 2 order add
	run_ok order add key:C1
	orders customer,at,quantity,amount,currency,status
	assert_out $'1\t2026-03-10T12:00:00+00:00\t1\t\t\topen'
	run_fail 2 order add Ada --status lost
	assert_err_has 'known: open, paid, shipped, delivered, cancelled, returned, refunded'
	run_fail 2 order add Ada --quantity 1.5
	run_ok order add Ada --quantity -3 --amount '-5 GBP'
	orders quantity,amount id:2
	assert_out $'-3\t-5.00'
}

@test "an amount needs a currency, said or configured" {
	shop
	run_fail 2 order add Ada --amount 12.50
	assert_err_has 'money.currency'
	run_fail 2 order add Ada --amount ¥99
	assert_err_has 'CNY|JPY'
	run_ok order add Ada --amount 12.50 --currency usd
	run_ok order add Ada --amount '¥99' --currency JPY
	run_fail 2 config set money.currency EURO
	assert_err_has "money.currency: 'EURO' is not a currency, did you mean 'EUR'?"
	run_ok config set money.currency CNY
	run_ok order add 张三 --amount ￥99.00
	run_ok order add 张三 --amount 1,234.5
	run_ok order add 张三 --amount '7 EUR'
	orders amount,currency
	assert_out $'12.50\tUSD' $'99\tJPY' $'99.00\tCNY' $'1234.50\tCNY' $'7.00\tEUR'
	run_fail 2 order add Ada --amount '5 EUR' --currency USD
	run_fail 2 order add Ada --amount 5 --currency GBB
	assert_err_has "did you mean 'GBP'?"
	run_fail 2 order add Ada --amount 1.5 --currency JPY
	run_fail 2 order add Ada --amount '1.234 USD'
	run_fail 2 order add Ada --amount '1,234 KWD'
	run_fail 2 order add Ada --amount '92233720368547758.08 USD'
	assert_err_has 'too large'
	run_ok config unset money.currency
	run_fail 2 order add Ada --amount 5
}

@test "a wrong currency in the configuration is told before anything is done" {
	shop
	mkdir -p "$XDG_CONFIG_HOME/crm"
	printf '[money]\ncurrency = EUROS\n' >"$XDG_CONFIG_HOME/crm/config"
	run_fail 2 order list
	assert_err_has money.currency
}

@test "the currency changes with the amount only" {
	shop
	run_ok order add Ada --amount '12.50 USD'
	run_fail 2 order edit 1 --currency EUR
	assert_err 'crm: currency: cannot be changed without the amount: give both'
	run_fail 2 order edit 1 --currency ''
	run_ok order edit 1 --currency USD
	run_ok order edit 1 --amount 13
	run_ok order edit 1 --amount '1500 JPY'
	run_ok history order:1 --fields field,old,new
	assert_out $'amount\t13.00 USD\t1500 JPY' $'currency\tUSD\tJPY' $'amount\t12.50 USD\t13.00 USD' $'created\t\t'
	run_ok undo
	orders amount,currency
	assert_out $'13.00\tUSD'
	run_ok order edit 1 --amount ''
	run_ok order edit 1 --currency EUR
	orders amount,currency amount:
	assert_out $'\tEUR'
}

@test "filters compare amounts of all currencies, or of the one they name" {
	shop
	run_ok order add Ada --amount '1500 JPY'
	run_ok order add Ada --amount '1200.50 USD'
	run_ok order add Ada --amount '999.99 USD'
	run_ok order add Ada --amount '1200.500 KWD'
	run_ok order add Ada --amount '-20 EUR'
	run_ok order add Ada
	orders id 'amount:>1000'
	assert_out 1 2 4
	orders id 'amount:>1000USD'
	assert_out 2
	orders id amount:1200.5
	assert_out 2 4
	orders id 'amount:999.99 USD,1500JPY'
	assert_out 1 3
	orders id amount:999.99..1200.50
	assert_out 2 3 4
	orders id amount:..0
	assert_out 5
	orders id 'amount:999.99..1500 USD'
	assert_out 2 3
	orders id amount:
	assert_out 6
	orders id 'not:amount:*'
	assert_out 6
	orders id amount:~^12
	assert_out 2 4
	orders id currency:usd
	assert_out 2 3
	run_ok order list --sort -amount --fields id
	assert_out 1 4 2 3 5 6
	run_ok order list --sort amount --fields id --limit 1
	assert_out 5
	run_ok customer list 'order.amount:>1400' --fields name
	assert_out Ada
	run_ok customer list not:order.currency:KWD --fields name
	assert_out 张三
	run_fail 2 order list 'amount:>1,000'
	run_fail 2 order list 'amount:>'
	run_fail 2 order list amount:ten
	run_fail 2 order list amount:1USD..2EUR
	run_fail 2 order list 'amount:>¥5'
	run_fail 2 order list 'amount:>1.00005'
}

@test "json has decimal strings beside the currency" {
	shop
	run_ok order add Ada --amount '12.50 USD' --at 2026-03-01
	run_ok order add Ada --amount '5000 JPY' --at 2026-03-01
	run_ok order list --sort id --fields amount,currency --format jsonl
	assert_out '{"amount":"12.50","currency":"USD"}' '{"amount":"5000","currency":"JPY"}'
	run_ok sql "SELECT amount_minor, money(amount_minor, currency) FROM v_order ORDER BY id"
	assert_out $'1250\t12.50' $'5000\t5000'
	run_ok order list --sort id --fields id,amount --format table
	assert_out_has '  12.50' # numbers stand to the right
	assert_out_has '   5000'
}

@test "an export imported again changes nothing; the dump too" {
	shop
	run_ok order add Ada --number A1 --product Lamp --amount '1234.5 USD' --tag x
	run_ok order add Ada --number A1 --product Desk --amount '0.005 KWD'
	run_ok order add 张三 --amount '5000 JPY' --key K9 --source shop
	run_ok order add 张三 --quantity 0
	run_ok order add 张三 --quantity 0
	remember_store
	run_ok export order -o o.csv
	run_ok import order o.csv
	assert_err_has '5 unchanged'
	run_ok export order --format jsonl -o o.jsonl
	run_ok import order o.jsonl
	assert_err_has '5 unchanged'
	store_unchanged
	run_ok dump -o one.dump
	run_ok --store two.db init
	run_ok --store two.db load one.dump
	run_ok --store two.db dump -o two.dump
	cmp one.dump two.dump
}

@test "a Chinese file: headers, words, signs; twice changes nothing" {
	shop
	cat >o.csv <<'CSV'
订单号,客户姓名,商品名称,数量,金额,币种,下单时间,订单状态,备注
A001,张三,笔记本,2,"¥1,299.00",人民币,2026-01-05 10:00,已签收,
A002,张三,鼠标,1,59元,CNY,2026-01-06,待付款,急
A001,张三,键盘,1,199,cny,2026-01-05 10:00,已签收,
A003,张三,贺卡,-1,-5.5,CNY,2026-01-07,已退款,
CSV
	run_ok import order o.csv
	assert_err_has '4 created'
	orders number,product,quantity,amount,currency,status
	assert_out $'A001\t笔记本\t2\t1299.00\tCNY\tdelivered' $'A002\t鼠标\t1\t59.00\tCNY\topen' \
		$'A001\t键盘\t1\t199.00\tCNY\tdelivered' $'A003\t贺卡\t-1\t-5.50\tCNY\trefunded'
	remember_store
	run_ok import order o.csv
	assert_err_has '4 unchanged'
	store_unchanged
	orders id status:待付款
	assert_out 2
}

@test "words of status in both languages" {
	shop
	local n=0 word status
	while read -r word status; do
		n=$((n + 1))
		run_ok order add Ada --status "$word"
		orders status "id:$n"
		assert_out "$status"
	done <<'WORDS'
待付款 open
已付款 paid
processing paid
已发货 shipped
已签收 delivered
已完成 delivered
completed delivered
canceled cancelled
已取消 cancelled
已退货 returned
已退款 refunded
WORDS
	[ "$n" = 11 ]
}

@test "lines of an order: by number, source and product" {
	shop
	run_ok order add Ada --number A1 --product Lamp --amount '5 USD'
	run_fail 4 order add Ada --number A1 --product Lamp
	assert_err "crm: order 1 has the number 'A1' already, with the product 'Lamp'"
	run_ok order add Ada --number A1 --product Desk --amount '50 USD'
	run_ok order add Ada --number A1 --product Lamp --source shop
	run_fail 4 order show A1
	assert_err "crm: order 'A1' is ambiguous: 1 Lamp, 2 Desk, 3 Lamp"
	run_fail 4 order edit 2 --product Lamp
	run_ok order add Ada --number 1
	run_ok order show 1 --fields product --format tsv
	assert_out Lamp
	run_ok order show number:1 --fields id --format tsv
	assert_out 4

	# a row without a product means the only line, and not one of several
	printf 'number,customer,status,date\nB1,Ada,open,2026-01-01\n' >b.csv
	run_ok import order b.csv
	printf 'number,status\nB1,shipped\n' >b.csv
	run_ok import order b.csv
	assert_err_has '1 updated'
	printf 'number,product,status\nB1,Lamp,shipped\n' >b.csv
	run_ok import order b.csv # the line gets its product
	assert_err_has '1 updated'
	orders product,status number:B1
	assert_out $'Lamp\tshipped'
	printf 'number,status\nA1,shipped\n' >b.csv
	run_status 1 import order b.csv
	assert_err_has 'several lines have this number: say which by the product'
	# the same line twice with other values is refused, not taken twice
	printf 'number,product,customer,total,currency,date\nD1,Lamp,Ada,5,USD,2026-01-01\nD1,Lamp,Ada,6,USD,2026-01-01\n' >d.csv
	run_status 1 import order d.csv
	assert_err_has 'the same order as line 2, with other values'
	# unless both have keys
	printf 'key,number,product,customer,date\nL1,D1,Lamp,Ada,2026-01-01\nL2,D1,Lamp,Ada,2026-01-01\n' >d.csv
	run_ok import order d.csv
	assert_err_has '2 created'
	run_ok import order d.csv
	assert_err_has '2 unchanged'
}

@test "a line with a product and one without, in either order, twice" {
	shop
	printf 'number,product,customer,date\nE1,Lamp,Ada,2026-01-01\nE1,,Ada,2026-01-01\nE2,,Ada,2026-01-01\nE2,Desk,Ada,2026-01-01\n' >e.csv
	run_ok import order e.csv
	assert_err_has '4 created'
	run_ok import order e.csv
	assert_err_has '4 unchanged'
}

@test "without a number: equal rows are orders each, and the file again changes nothing" {
	shop
	printf 'customer,total,currency,date\nAda,5,USD,2026-01-01\nAda,5,USD,2026-01-01\nAda,6,USD,2026-01-01\n' >n.csv
	run_ok import order n.csv
	assert_err_has '3 created'
	orders quantity,status,at # nothing is assumed
	assert_out $'\t\t2026-01-01T00:00:00+00:00' $'\t\t2026-01-01T00:00:00+00:00' $'\t\t2026-01-01T00:00:00+00:00'
	run_ok import order n.csv
	assert_err_has '3 unchanged'
	printf 'Ada,5,USD,2026-01-01\n' >>n.csv
	run_ok import order n.csv
	assert_err_has '1 created'
	assert_err_has '3 unchanged'
}

@test "rows with bad amounts are rejected, each with its reason" {
	shop
	cat >r.csv <<'CSV'
number,currency,amount,customer,date
R1,USD,12.50,Ada,2026-01-01
R2,,12.50,Ada,2026-01-01
R3,USD,12 EUR,Ada,2026-01-01
R4,GBB,12,Ada,2026-01-01
R5,JPY,1.5,Ada,2026-01-01
R6,USD,twelve,Ada,2026-01-01
CSV
	run_status 5 import order r.csv --partial
	assert_err_has "r.csv:3: amount: '…' has no currency"
	assert_err_has "r.csv:4: amount: '…' is not in USD"
	assert_err_has "r.csv:5: currency: '…' is not a currency, did you mean 'GBP'?"
	assert_err_has "r.csv:6: amount: '…' has more decimals than JPY, which has 0"
	assert_err_has "r.csv:7: amount: '…' is not an amount"
	assert_err_has '1 created, 0 updated, 0 unchanged, 5 rejected'
	run_status 5 import order r.csv --check --format tsv
	[ "$(cut -f 1 "$out" | sort -u | tr '\n' ' ')" = '3 4 5 6 7 ' ]
	# the currency of rows without one; a price of one piece is no amount
	printf 'number,quantity,price,total,customer,date\nP1,3,5,15,Ada,2026-01-01\n' >p.csv
	run_ok import order p.csv --default currency=EUR
	assert_err_has 'not imported: price'
	orders amount,currency number:P1
	assert_out $'15.00\tEUR'
	run_ok import order p.csv --default currency=EUR
	assert_err_has '1 unchanged'
	printf 'number,currency\nP1,USD\n' >p.csv
	run_status 1 import order p.csv
	assert_err_has 'currency: cannot be changed without the amount'
}

@test "a plan tells amounts with their currency, and is applied" {
	shop
	run_ok order add Ada --number P1 --amount '5 USD' --at 2026-01-01
	printf 'number,customer,amount,currency,date\nP1,Ada,5,EUR,2026-01-01\nP2,Ada,7.5,CHF,2026-01-01\n' >p.csv
	run_ok import order p.csv --plan p.plan
	grep -qF '"amount":{"old":"5.00 USD","new":"5.00 EUR"}' p.plan
	run_ok apply p.plan
	orders number,amount,currency
	assert_out $'P1\t5.00\tEUR' $'P2\t7.50\tCHF'
	run_fail 4 apply p.plan
}

@test "removing a customer takes the orders along, and undo brings them back" {
	shop
	run_ok order add Ada --number A1 --amount '5 USD' --tag x
	run_ok order add Ada --number A2
	run_ok order add 张三
	remember_store
	run_fail 2 customer rm 1
	assert_err_has '1 customer, 2 orders'
	store_unchanged
	run_ok customer rm 1 --yes
	orders id
	assert_out 3
	run_ok undo
	orders number,amount,tags
	assert_out $'A1\t5.00\tx' $'A2\t\t' $'\t\t'
	store_is_sound
}

@test "an undo may bring a number back that was given again since" {
	shop
	run_ok order add Ada --number A1
	run_ok order edit 1 --number A2
	run_ok order add Ada --number A1
	run_ok history --format csv --fields id,command
	run_ok undo "$(awk -F, '/order edit 1/ { print $1 }' "$out")"
	orders number
	assert_out A1 A1
}

@test "custom fields and views of orders" {
	shop
	run_ok field add order colour
	run_ok order add Ada --set colour=red --amount '5 EUR'
	run_ok order add Ada --amount '50 EUR'
	run_ok view add order dear 'amount:>10EUR' --fields id,amount
	run_ok order list @dear
	assert_out $'2\t50.00'
	orders id colour:red
	assert_out 1
}

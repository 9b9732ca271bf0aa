#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# How tables and cards look: what a terminal is shown, byte for byte as in tests/data/terminal. Whoever changes the looks
# writes these files anew and looks at them:
#     CRM_GOLDEN=write CRM=build/cmd/crm bats tests/cli/terminal_golden.bats

bats_require_minimum_version 1.5.0
load helper

# The terminal shows what the file NAME has, and it fits; NAME ends in -wide where ambiguous characters are.
shows() { # NAME COLUMNS ARGUMENT…
	local file=$BATS_TEST_DIRNAME/../data/terminal/$1 how=narrow
	[[ $1 = *-wide ]] && how=wide
	terminal 0 "$2" -- --no-pager "${@:3}"
	[ "${CRM_GOLDEN:-}" != write ] || cp "$out" "$file"
	diff -u --label "wanted $1" "$file" "$out"
	python3 -IS "$BATS_TEST_DIRNAME/terminal_widths.py" "$2" "$how" <"$out"
}

say() { # ARGUMENT…: nothing but a failure
	run_ok "$@"
}

some() {
	new_store
	say customer add --name 张伟 --company 北京示例科技有限公司 --title 采购经理 --phone +8613800138000 \
		--phone work:+861062345678 --email zhang.wei@example.com.cn --email private:zw@example.net --stage customer \
		--owner ann --tag vip --tag 出口 --city 北京 --birthday 1985-05-12 --customer-since 2021-03-01 \
		--note $'发票抬头要写全称，寄到朝阳区办公室，不要寄到注册地址；每年三月续签合同，请提前两周联系。\nSpeaks English too.'
	say customer add --name 'Chloé Δημητρίου' --company 'Überlandbau GmbH' --phone +442079460123 \
		--email chloe.dimitriou@example.org --stage opportunity --owner bob --tag fair-2025 --do-not-call yes --city Łódź
	say customer add --name 'A rather long name of a firm that buys everything, Limited' --stage lead \
		--email purchasing.department.of.the.north@example.com
	say customer add --name Bo
	say sla add --name quick --first-reply 1h --resolution 8h
	say ticket add 1 --type incident --priority urgent --now 2026-03-10T08:00:00Z \
		--subject '传感器 screen flickers when it is cold (below 5 °C), and again after a restart'
	say ticket add 1 --type question --subject 'Invoice copy' --now 2026-03-10T11:40:00Z
	say ticket add 2 --type question --subject 'Κόστος μεταφοράς — έως 40 ευρώ;' --now 2026-03-10T11:45:00Z
	say ticket assign 1 ann --now 2026-03-10T08:05:00Z
}

history_of_them() {
	local day
	for day in 1 2 3 4 5 6 7; do
		say log phone 1 --at "2026-03-0$day 10:0$day" --in --agent ann -m 'said a lot' \
			--subject "Call number $day about the delivery of 传感器"
	done
	say log email 1 --at '2026-03-08 15:30' --out --agent bob \
		-m $'Dear Mr Zhang, the parts leave on Thursday — 4 × 20 °C, as agreed.\nRegards'
	say log email 2 --at '2026-02-01 15:30' --out --agent bob --subject Προσφορά -m x
	say followup add 1 --due 2026-03-08 --action call --owner ann --now 2026-03-01 \
		-m 'renewal of the yearly contract 续签合同, with the new price list'
	say followup add 1 --due '2026-03-11 10:00' --action visit -m 'sample of the new sensor'
	say followup add 1 --due 2026-03-20 --action email -m 'invoice copy'
	say followup add 1 --due 2026-04-20 --action email -m another
	say followup add 2 --due '2026-03-10 09:00' --action email --owner bob -m quotation --now 2026-03-09
	say order add 1 --number A-1 --product Sensor --amount 1234.00 --currency CNY --at 2026-01-05
	say order add 1 --number A-2 --product Cable --amount 99 --currency EUR --at 2026-02-05
	say survey add 1 --service quality=5,efficiency=4,speed=5,professionalism=4,value=5 --nps 9 --now 2026-02-20
	say survey add 1 --service quality=3,efficiency=4,speed=3,professionalism=4,value=4 --now 2026-02-27
}

@test "tables at 60, 80, 120 and 200 columns" {
	some
	local columns
	for columns in 60 80 120 200; do
		shows "customer-list-$columns" "$columns" customer list
		shows "ticket-list-$columns" "$columns" ticket list
	done
}

@test "the card of a customer at 60, 80 and 120 columns" {
	some
	history_of_them
	local columns
	for columns in 60 80 120; do
		shows "customer-show-$columns" "$columns" customer show 1
	done
	shows customer-show-greek-60 60 customer show 2
	shows customer-show-bare-60 60 customer show 4
	shows customer-history-80 80 customer show 2 --history
}

@test "columns that were asked for are all shown: as cards where they have no room" {
	some
	shows fields-60 60 customer list --fields id,name,phone,email,owner,stage,last_contact_at,city,company
	shows fields-200 200 customer list --fields id,name,phone,email,owner,stage,last_contact_at,city,company
}

@test "a record goes on under its text" {
	some
	shows ticket-show-60 60 ticket show 1
	shows customer-record-60 60 customer show 1 --format record
}

@test "colour: bold, and red for what must not be overlooked" {
	some
	history_of_them
	export TERM=xterm-256color
	shows customer-show-80-colour 80 customer show 1
	shows ticket-list-80-colour 80 ticket list
	shows fields-60-colour 60 ticket list --fields id,priority,subject,name,status,sla,assignee,updated_at
	NO_COLOR=1 shows customer-show-80 80 customer show 1
	shows customer-show-80 80 customer show 1 --color never
}

@test "a terminal that shows ambiguous characters two columns wide" {
	some
	history_of_them
	run_ok config set ui.ambiguous wide
	local columns
	for columns in 60 80; do
		shows "customer-list-$columns-wide" "$columns" customer list
		shows "ticket-list-$columns-wide" "$columns" ticket list
		shows "customer-show-greek-$columns-wide" "$columns" customer show 2
	done
	shows fields-60-wide 60 customer list --fields id,name,phone,email,owner,stage,last_contact_at,city,company
	shows chart-80-wide 80 report activity --by week --chart
}

# The program in another environment, as ./with: neither bash nor Python need know such a locale.
with() { # VARIABLE=VALUE…
	printf '#!/bin/sh\nexec env %s %q "$@"\n' "$*" "$CRM" >with
	chmod +x with
}

@test "auto goes by the environment; the configuration and narrow go before it" {
	some
	RUNEWIDTH_EASTASIAN=1 shows ticket-list-60-wide 60 ticket list
	with LC_ALL=zh_CN.UTF-8@cjkwide LANGUAGE=en
	CRM=$PWD/with shows ticket-list-60-wide 60 ticket list
	with LC_ALL='' LC_CTYPE='' LANG=ja_JP.UTF-8@cjkwide
	CRM=$PWD/with shows ticket-list-60-wide 60 ticket list
	with LC_ALL=C LANG=ja_JP.UTF-8@cjkwide
	CRM=$PWD/with shows ticket-list-60 60 ticket list
	with LC_ALL=zh_CN.UTF-8@cjkwide LANGUAGE=en RUNEWIDTH_EASTASIAN=0
	CRM=$PWD/with shows ticket-list-60 60 ticket list
	run_ok config set ui.ambiguous narrow
	RUNEWIDTH_EASTASIAN=1 shows ticket-list-60 60 ticket list
	run_ok config set ui.ambiguous wide
	shows ticket-list-60-wide 60 ticket list
	# what programs read has no width
	run_ok customer list --format record
	cp "$out" wide
	run_ok config unset ui.ambiguous
	run_ok customer list --format record
	cmp wide "$out"
}

@test "the card is for the terminal alone; who is restricted has none" {
	some
	run_ok customer show 2
	assert_out_has 'do_not_call:'
	run_ok customer show 2 --color always
	lacks -qF $'\e' "$out"
	terminal 0 80 -- customer show 2 --fields id,name --color never
	assert_out 'Id:   2' 'Name: Chloé Δημητρίου'
	terminal 0 80 -- customer show 2 --format json
	assert_out_has '"do_not_call": true'
	run_ok privacy restrict 2
	terminal 0 80 -- customer show 2
	assert_out_has 'is restricted: kept, to be used for nothing'
	assert_out_has 'Restricted:'
	lacks -q 'Last contact:' "$out"
}

#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# The filter language, by lists.

load helper

# id name          city      stage        born        tags       owner contacts
# 1  Ada Winter    London    lead         1990-05-12  vip, fair  ann   2 (phone in, email out)
# 2  Li Si         北京      customer     1985        vip        bob   1 (visit out)
# 3  张三          北京      -            1990-05     -          -     -
# 4  张伟          上海      opportunity  2000-01-01  cold       ann   -
# 5  Li, Wu        New York  lead         -           -          bob   -
people() {
	new_store
	run_ok org add --name Acme --industry books
	run_ok customer add --name 'Ada Winter' --city London --stage lead --birthday 1990-05-12 --tag vip --tag fair \
		--owner ann --note 'likes harbour books, and tea' --email ada@example.org --org Acme
	run_ok customer add --name 'Li Si' --city 北京 --stage customer --birthday 1985 --tag vip --owner bob \
		--phone '+86 10 8888 1234' --do-not-call yes
	run_ok customer add --name 张三 --city 北京 --birthday 1990-05 --note '喜欢红茶' --email zhang:z@example.com
	run_ok customer add --name 张伟 --city 上海 --stage opportunity --birthday 2000-01-01 --tag cold --owner ann
	run_ok customer add --name 'Li, Wu' --city 'New York' --stage lead --owner bob
	run_ok log phone 1 --in --at 2026-02-01T10:00:00Z --duration 10min -m 'asked for a quote'
	run_ok log email 1 --out --at 2026-03-01T10:00:00Z -m 'sent the quote'
	run_ok log visit 2 --out --at 2026-01-15T10:00:00Z --duration 2h -m 'harbour'
}

finds() { # 'ID…' TERM…: the customers that fit, in their order
	local wanted=$1
	shift
	run_ok customer list --fields id -- "$@" || return
	# shellcheck disable=SC2086 # numbers
	assert_out $wanted || {
		printf 'filter: %s\n' "${*@Q}"
		return 1
	}
}

finds_logs() { # 'ID…' TERM…
	local wanted=$1
	shift
	run_ok log list --sort id --fields id -- "$@" || return
	# shellcheck disable=SC2086 # numbers
	assert_out $wanted || {
		printf 'filter: %s\n' "${*@Q}"
		return 1
	}
}

refuses() { # WHAT-IT-POINTS-AT TERM…
	local mark=$1
	shift
	run_fail 2 customer list -- "$@" || return
	assert_err_has "$mark"
}

@test "WORD: in the text fields, Chinese and English" {
	people
	finds '1' winter
	finds '1' tea
	finds '2 5' li
	finds '1 2 5' 'li*'
	finds '3' 红茶
	finds '3' 茶
	finds '2 3' 北京
	finds '' nowhere
	finds '1' harbour winter
	finds '' winter wu
}

@test "a phrase: as one argument, quoted or not" {
	people
	finds '1' 'harbour books'
	finds '1' '"harbour books"'
	finds '1' '"harbour bo"*'
	finds '' '"harbour bo"'
	finds '' 'books harbour'
}

@test "words are letters and digits, what stands between them only parts them" {
	people
	run_ok customer add --name '100% Wool_Co' --note 'back\slash, Café Zürich' --tag foo-bar
	finds '6' 100%
	finds '6' wool_co
	finds '6' 'wool co'
	finds '' w_ol
	finds '1' %winter
	finds '6' 'back\slash'
	finds '6' cafe
	finds '6' ZÜRICH
	finds '6' foo-bar
	finds '' bar-foo
	finds '3' 红茶，
	refuses 'no letter or digit' '——'
	refuses 'no letter or digit' winter '?!'
	refuses 'no letter or digit' '*'
}

@test "words of addresses, and beginnings of numbers" {
	people
	finds '1' ada@example.org
	finds '1' @example.org
	finds '1 3' example
	finds '2' 8888-1234
	finds '2' 8610
	finds '2' 01088881234
	finds '2' 1234
	finds '' 0888
	refuses "there is no view '@none'" @none
}

@test "a word is found as soon as it is written, and no longer" {
	people
	run_ok log phone 3 -m '客户要求退款，iPhone15手机'
	finds_logs '4' 退款
	finds_logs '4' iphone15手机
	finds_logs '' 款要
	finds '3' 'log.(退款)'
	finds '1 2 4 5' 'not:log.(退款)'
	run_ok log edit 4 -m 改成换货
	finds_logs '' 退款
	finds_logs '4' 换货
	run_ok undo
	finds_logs '4' 退款
	run_ok customer tag 3 --add 急件
	finds '3' 急件
	run_ok log rm 4 --yes
	finds_logs '' 退款
	run_ok undo
	finds_logs '4' 退款 not:换货
	run_ok check
	assert_out_has 'search	ok'
}

@test "words before --now" {
	people
	run_ok --now 2020-01-01 customer list winter
	assert_out
}

@test "FIELD:VALUE: equal, without regard to case and width" {
	people
	finds '1' city:London
	finds '1' city:LONDON
	finds '1' 'city:Ｌｏｎｄｏｎ'
	finds '2 3' city:北京
	finds '2 3' city：北京
	finds '' city:Lond
	finds '2' name:'li si'
	finds '1 5' stage:lead
	finds '2' stage:客户
	finds '4' id:4
}

@test "FIELD:A,B: any of them; a comma inside is escaped" {
	people
	finds '1 4' city:London,上海
	finds '1 2 5' stage:lead,customer
	finds '1 3' id:1,3,99
	finds '5' 'name:Li\, Wu'
	finds '2 5' 'name:Li\, Wu,Li Si'
	finds '1 2 4' tag:vip,cold
}

@test "FIELD:TEXT*: begins with" {
	people
	finds '3 4' 'name:张*'
	finds '2 5' 'name:LI*'
	finds '5' 'city:new *'
	finds '' 'name:伟*'
}

@test "FIELD: empty, FIELD:* set" {
	people
	finds '3' stage:
	finds '1 2 4 5' 'stage:*'
	finds '3 5' tag:
	finds '1 2 4' 'tag:*'
	finds '5' birthday:
	finds '3 4 5' last_contact_at:
	finds '1 2' 'last_contact_at:*'
	finds '1' 'email:*'
	finds '3' 'emails:*'
	finds '3' owner:
}

@test "yes and no" {
	people
	finds '2' do_not_call:yes
	finds '1 3 4 5' do_not_call:no
	finds '2' do-not-call:true
	refuses perhaps do_not_call:perhaps
}

@test "me is the acting agent" {
	people
	finds '1 4' owner:me
	run_ok --as bob customer list owner:me --fields id
	assert_out 2 5
	finds '2 5' owner:bob
	finds '1 2 4 5' owner:me,bob
}

@test "addresses and numbers in any spelling, further ones too" {
	people
	finds '2' phone:+861088881234
	finds '2' 'phone:+86 (10) 8888-1234'
	finds '1' email:ada@EXAMPLE.org
	finds '3' email:z@example.com
}

@test "ranges include both ends: numbers" {
	people
	finds '2 3' id:2..3
	finds '4 5' id:4..
	finds '1 2' id:..2
	finds '1 2' contacts:1..
	finds '1' contacts:2..9
	finds '' id:3..2
	finds '4 5' 'id:>3'
	finds '3 4 5' 'id:>=3'
	finds '1 2' 'id:<3'
	finds '1 2 3' 'id:<=3'
}

@test "ranges include both ends: dates, partial ones as all their days" {
	people
	finds '1 3' birthday:1990
	finds '1 3' birthday:1990-05
	finds '1' birthday:1990-05-12
	finds '1 3 4' birthday:1990..
	finds '1 2 3' birthday:..1990
	finds '4' 'birthday:>1990-05-31'
	finds '4' birthday:1990-05-13..2000-01-01
	finds '2' 'birthday:<1990'
}

@test "ranges of times: a day is the whole of it" {
	people
	finds_logs '1' at:2026-02-01
	finds_logs '1 3' at:2026-01-15..2026-02-01
	finds_logs '3' at:..2026-01-31
	finds_logs '2' 'at:>2026-02-01'
	finds_logs '1 2' 'at:>=2026-02-01'
	finds_logs '3' 'at:<2026-02-01'
	finds_logs '1 3' 'at:<=2026-02-01'
	finds_logs '2' at:2026-02-01T10:00:01Z..
	finds_logs '1 2' at:2026-02-01T10:00:00Z..
	finds_logs '2' at:-10d..
	finds '2' last_contact_at:..2026-02-28
}

@test "lengths of time" {
	people
	finds_logs '1' duration:10min
	finds_logs '1' duration:600s
	finds_logs '1 3' duration:1min..
	finds_logs '3' 'duration:>10min'
	finds_logs '1' duration:..1h59min
	run_fail 2 log list duration:10m
	assert_err_has 10m
}

@test "FIELD:~REGEX" {
	people
	finds '2 5' 'name:~^li'
	finds '4' 'name:~^张.$' not:id:3
	finds '1 2' 'tags:~vip'
	finds '1' 'email:~^a.*@example\.org$'
	refuses 'name:~(' 'name:~('
	refuses 'name:~(' city:nowhere 'name:~('
}

@test "not: negates, empty fields included" {
	people
	finds '2 3 4 5' not:city:London
	finds '3 4 5' not:tag:vip
	finds '2 3 4' not:stage:lead
	finds '1 2 4 5' not:stage:
	finds '1' not:not:city:London
	finds '2 3 4 5' not:winter
	finds '2' tag:vip not:owner:me
}

@test "or is weaker than standing side by side; brackets group" {
	people
	finds '1 4' city:London or city:上海
	finds '1 2 3' city:London or city:北京
	finds '1 3' city:London or city:北京 stage:
	finds '3' '(' city:London or city:北京 ')' stage:
	finds '2 4' '(' tag:vip owner:bob ')' or tag:cold
	finds '5' stage:lead '(' owner:bob or '(' tag:cold tag:vip ')' ')'
}

@test "related records: to the one, from the many" {
	people
	finds '1' org.name:Acme
	finds '1' org.industry:books
	finds '1 4' owner.name:ann
	finds_logs '1 2' customer.city:London
	finds_logs '3' customer.city:北京
	finds '1' log.channel:phone
	finds '1 2' log.direction:out
	finds '1 2' log.at:2026-01-01..
	finds '1' log.content:'sent the quote'
}

@test "related records: each term by itself, in brackets the same one, not: none" {
	people
	finds '1' log.channel:phone log.direction:out
	finds '' 'log.(channel:phone direction:out)'
	finds '1' 'log.(channel:phone direction:in)'
	finds '2 3 4 5' not:log.channel:email
	finds '3 4 5' not:log.direction:out
	finds '2 3 4 5' 'not:log.(channel:email direction:out)'
}

@test "what names no field is an error with the nearest; what looks like a time or an address is a word" {
	people
	refuses "'ctiy'" ctiy:London
	assert_err_has city
	refuses "'colour'" colour:red
	run_fail 2 log list customer.ctiy:London
	assert_err_has city
	run_ok customer add --name Url --note 'see http://x.org at 15:04'
	finds '6' 15:04
	finds '6' http://x.org
	run_ok customer add --name Note --note 'note: urgent'
	finds '7' '"note: urgent"'
}

@test "errors point at the term" {
	people
	refuses "'custmer'" city:London stage:custmer
	assert_err_has customer
	refuses birthday birthday:2026-02-30
	assert_err_has 2026-02-30
	refuses "id: 'x'" id:x
	refuses '(' city:Rome '(' city:London
	refuses ')' city:London ')'
	refuses or city:London or
	refuses or or city:London
	refuses not: not:
	refuses name.x org.name.x:1
	refuses @none @none
}

@test "--sort, falling and by several; empty ones last; the number decides" {
	people
	run_ok customer list --sort city,-name --fields id
	run_ok customer list --sort birthday --fields id
	assert_out 2 3 1 4 5
	run_ok customer list --sort -birthday --fields id
	assert_out 4 1 3 2 5
	run_ok customer list --sort stage,-id --fields id
	assert_out 2 5 1 4 3
	run_ok customer list --sort contacts,id --fields id
	assert_out 3 4 5 2 1
	run_ok customer list --sort -last_contact_at --fields id --limit 2
	assert_out 1 2
	run_ok log list --fields id
	assert_out 2 1 3
}

@test "--limit and --offset" {
	people
	run_ok customer list --fields id --limit 2
	assert_out 1 2
	run_ok customer list --fields id --limit 2 --offset 4
	assert_out 5
	run_ok customer list --fields id --offset 3
	assert_out 4 5
	run_ok customer list --fields id --limit 0
	assert_out
	run_ok customer list --fields id --offset 9
	assert_out
	run_fail 2 customer list --limit x
}

@test "records made after --now are not shown" {
	people
	run_ok --now 2026-03-09 customer list
	assert_out
	run_ok --now 2026-02-15 log list --fields id
	assert_out
}

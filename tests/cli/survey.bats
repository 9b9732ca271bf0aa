#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# crm survey: what customers were asked and answered, and its import.

load helper

people() {
	new_store
	run_ok customer add --name Ada --key C1 --email ada@example.org
	run_ok customer add --name 张三 --phone +8613800138000
	run_ok ticket add Ada --type question --subject lamp --key T-7
	run_ok ticket add 张三 --type question --subject 灯
}

surveys() { # FIELDS FILTER…
	local fields=$1
	shift
	run_ok survey list --sort id --fields "$fields" "$@"
}

@test "add, show, edit, tag, rm, and each of them undone" {
	people
	run_ok survey add Ada --service quality=5,efficiency=4,speed=3,professionalism=2,value=1 -m 'well done' --tag web
	assert_out 1
	assert_err 'created survey 1'
	run_ok survey list --format csv
	assert_out id,customer,name,kind,answered_at,ticket,score,nps,ces,comment \
		'1,1,Ada,csat,2026-03-10T12:00:00+00:00,,,,,well done'
	surveys service_quality,service_efficiency,service_speed,service_professionalism,service_value,tags
	assert_out $'5\t4\t3\t2\t1\tweb'
	run_ok survey edit 1 --service quality=1,speed=1 --comment bad
	run_ok survey tag 1 --add late
	surveys service_quality,service_efficiency,service_speed,comment,tags
	assert_out $'1\t4\t1\tbad\tlate, web'
	run_ok undo
	run_ok undo
	surveys service_quality,service_speed,comment,tags
	assert_out $'5\t3\twell done\tweb'
	run_ok survey edit 1 --service quality=5 --nps 9
	run_ok survey edit 1 --nps ''
	run_ok survey add Ada --nps 5
	run_fail 2 survey edit 2 --nps ''
	assert_err 'crm: survey: an answer without a score or a comment'
	run_ok undo
	surveys kind,nps
	assert_out $'csat\t'
	run_fail 2 survey rm 1
	run_ok survey rm 1 --yes
	run_fail 3 survey show 1
	run_ok undo
	surveys id,service_quality
	assert_out $'1\t5'
	run_ok survey show 1 --fields name,service_value --format tsv
	assert_out $'Ada\t1'
	store_is_sound
}

@test "what was asked follows from the scores" {
	people
	run_ok survey add Ada --service quality=5
	run_ok survey add Ada --product brand=5
	run_ok survey add Ada --nps 0
	run_ok survey add Ada --ces 7
	run_ok survey add Ada --score 5
	run_ok survey add Ada --score 5 --nps 10
	run_ok survey add Ada -m 'only words'
	run_ok survey add Ada --nps 5 --kind general
	surveys kind
	assert_out csat value nps ces csat general general general
	run_fail 2 survey add Ada
	assert_err 'crm: survey: neither sent nor answered: there is no score, no comment'
	run_ok survey add Ada --nps 10 --at 'yesterday 15:00'
	surveys answered_at id:9
	assert_out 2026-03-09T15:00:00+00:00
}

@test "scores that are none are refused, each by its name" {
	people
	remember_store
	run_fail 2 survey add Ada --service quality=6
	assert_err 'crm: service_quality: 6 is no score from 1 to 5'
	run_fail 2 survey add Ada --product price=0
	assert_err 'crm: product_price: 0 is no score from 1 to 5'
	run_fail 2 survey add Ada --score 6
	run_fail 2 survey add Ada --nps 11
	assert_err 'crm: nps: 11 is no score from 0 to 10'
	run_fail 2 survey add Ada --nps -1
	run_fail 2 survey add Ada --ces 0
	run_fail 2 survey add Ada --ces 8
	run_fail 2 survey add Ada --service quality=good
	run_fail 2 survey add Ada --service quality=4.5
	run_fail 2 survey add Ada --service qualty=5
	assert_err "crm: --service: 'qualty' is no dimension of it; known: quality, efficiency, speed, professionalism, value"
	run_fail 2 survey add Ada --product efficiency=5
	assert_err "crm: --product: 'efficiency' is no dimension of it; known: quality, function, price, service, brand"
	run_fail 2 survey add Ada --service quality
	assert_err "crm: --service 'quality': is not DIMENSION=SCORE"
	run_fail 2 survey add Ada --service quality=
	run_fail 2 survey add Ada --service quality=5,
	run_fail 2 survey add Ada --service quality=5,quality=4
	run_fail 2 survey add Ada --service ''
	run_fail 3 survey add Nobody --nps 9
	run_fail 3 survey add Ada --nps 9 --ticket 99
	run_fail 2 survey add Ada --nps 9 --ticket 2
	assert_err 'crm: ticket: 2 is of customer 2, not of 1'
	store_unchanged
}

@test "an answer fills the survey that was sent, and no other" {
	people
	run_ok survey sent Ada 张三 --kind nps --at 2026-03-01 --tag spring
	assert_out 1 2
	assert_err 'created 2 records'
	run_ok survey sent Ada --at 2026-03-02 --ticket 1
	assert_err 'created survey 3'
	run_ok survey add Ada --nps 9 -m thanks --tag web
	assert_out 1
	assert_err 'answered survey 1'
	surveys id,kind,sent_at,answered_at,nps,tags id:1
	assert_out $'1\tnps\t2026-03-01T00:00:00+00:00\t2026-03-10T12:00:00+00:00\t9\tspring, web'
	run_ok survey add Ada --nps 8 # nobody asked again
	assert_out 4
	run_ok survey add Ada --ces 5 --ticket key:T-7 # the one in general takes any
	assert_out 3
	surveys id,kind,ces,sent_at id:3
	assert_out $'3\tgeneral\t5\t2026-03-02T00:00:00+00:00'
	run_ok survey add 张三 --ces 5 # of another kind
	assert_out 5
	run_ok survey add 张三 --nps 5 --at 2026-02-01 # before anybody asked
	assert_out 6
	run_ok survey add 张三 --nps 5 --ces 5 --format jsonl --fields id,kind # in general: fits any
	assert_out '{"id":2,"kind":"nps"}'
	surveys id not:answered_at:*
	assert_out
	# the last that was sent first
	run_ok survey sent Ada --kind ces --at 2026-03-03
	run_ok survey sent Ada --kind ces --at 2026-03-05
	run_ok survey add Ada --ces 1
	assert_out 8
	run_ok undo
	surveys id,sent_at,ces not:answered_at:*
	assert_out $'7\t2026-03-03T00:00:00+00:00\t' $'8\t2026-03-05T00:00:00+00:00\t'
	store_is_sound
}

@test "sent: names on stdin, all or none, once for each ticket and kind" {
	people
	crm customer list --fields id | "$CRM" survey sent - --kind csat >ids
	[ "$(wc -l <ids)" = 2 ]
	remember_store
	run_fail 3 survey sent Ada Nobody
	run_fail 2 survey sent Ada --kind csta
	assert_err_has "did you mean 'csat'?"
	run_fail 2 survey sent Ada 张三 --ticket 1
	run_fail 2 survey sent Ada --nps 5
	store_unchanged
	run_ok survey sent Ada --ticket 1 --kind csat
	run_fail 4 survey sent Ada --ticket 1 --kind csat
	assert_err 'crm: survey 3 of kind csat was sent for ticket 1 already'
	run_ok survey sent Ada --ticket 1 --kind nps
	# an answer given by hand
	run_ok survey edit 4 --nps 3
	surveys answered_at id:4
	assert_out 2026-03-10T12:00:00+00:00
	run_fail 2 survey edit 4 --answered-at ''
}

@test "one answer for each ticket and kind, unless it is replaced" {
	people
	run_ok survey sent Ada --ticket 1 --kind nps --at 2026-03-01
	run_ok survey add Ada --ticket 1 --nps 9 --at 2026-03-02 -m good
	assert_out 1
	remember_store
	run_fail 4 survey add Ada --ticket 1 --nps 2
	assert_err 'crm: survey 1 is the answer of kind nps for ticket 1 already (--replace puts this in its place)'
	run_fail 4 survey add Ada --ticket 1 --nps 2 --ces 2
	store_unchanged
	run_ok survey add Ada --ticket 1 --ces 2
	run_ok survey add 张三 --ticket 2 --nps 2
	run_ok survey add Ada --ticket 1 --nps 2 --replace
	assert_out 1
	assert_err 'answered survey 1'
	surveys id,sent_at,answered_at,nps,comment id:1
	assert_out $'1\t2026-03-01T00:00:00+00:00\t2026-03-10T12:00:00+00:00\t2\t'
	run_ok history survey:1 --fields field,old,new
	assert_out_has $'nps\t9\t2'
	run_ok undo
	surveys nps,comment,answered_at id:1
	assert_out $'9\tgood\t2026-03-02T00:00:00+00:00'
	run_ok redo
	surveys nps id:1
	assert_out 2
	# without a ticket: the last of the kind; where there is none it is a new one
	run_ok survey add Ada --ces 3 --replace
	assert_out 4
	run_ok survey add Ada --ces 4 --replace
	assert_out 4
	surveys id,ces ces:*
	assert_out $'2\t2' $'4\t4'
	store_is_sound
}

@test "in filters, of customers and tickets" {
	people
	run_ok survey add Ada --ticket 1 --service quality=2 --product brand=5
	run_ok survey add 张三 --nps 9 -m '很好'
	surveys id 'service.quality:<3'
	assert_out 1
	surveys id product.brand:5
	assert_out 1
	surveys id 很好
	assert_out 2
	surveys id kind:推荐
	assert_out 2
	run_ok customer list survey.nps:9.. --fields name
	assert_out 张三
	run_ok ticket list 'survey.service.quality:<3' --fields id || run_ok ticket list 'survey.(service.quality:<3)' --fields id
	assert_out 1
	surveys id ticket.subject:lamp
	assert_out 1
	run_ok sql 'SELECT customer_name, ticket, kind, product_brand FROM v_survey ORDER BY id'
	assert_out $'Ada\t1\tgeneral\t5' $'张三\t\tnps\t'
}

@test "who removes a customer removes the surveys too; those of a ticket or order stay" {
	people
	run_ok order add Ada --number A1
	run_ok survey add Ada --ticket 1 --order A1 --score 5
	run_ok survey add 张三 --score 4
	remember_store
	run_ok ticket rm 1 --yes
	run_ok order rm number:A1 --yes
	surveys id,ticket,order
	assert_out $'1\t\t' $'2\t\t'
	run_ok undo
	run_ok undo
	surveys id,ticket,order
	assert_out $'1\t1\t1' $'2\t\t'
	run_ok customer rm 2 --yes
	surveys id
	assert_out 1
	run_ok undo
	surveys id
	assert_out 1 2
	store_is_sound
}

@test "an export imported again changes nothing; the dump too" {
	people
	run_ok order add Ada --number A1
	run_ok survey sent Ada --kind nps --at 2026-03-01
	run_ok survey sent 张三 --kind nps --ticket 2
	run_ok survey add Ada --order A1 --score 5 --key K1 --source shop -m 'a, "b"'
	run_ok survey add 张三 --product quality=1,price=2 --tag x
	run_ok survey add 张三 --product quality=1,price=2 --tag x
	remember_store
	run_ok export survey -o s.csv
	run_ok import survey s.csv
	assert_err_has '5 unchanged'
	run_ok export survey --format jsonl -o s.jsonl
	run_ok import survey s.jsonl
	assert_err_has '5 unchanged'
	store_unchanged
	run_ok dump -o one.dump
	run_ok --store two.db init
	run_ok --store two.db load one.dump
	run_ok --store two.db dump -o two.dump
	cmp one.dump two.dump
}

@test "a Chinese file: headers, kinds, tickets by their foreign number; twice changes nothing" {
	people
	cat >s.csv <<'CSV'
客户姓名,工单号,服务质量,服务效率,响应速度,专业度,服务价值,产品质量,产品功能,产品价格,产品服务,产品品牌,推荐度,费力度,评价,评价时间
Ada,T-7,5,4,3,2,1,1,2,3,4,5,10,7,很满意,2026-03-01 10:00
张三,,5.0,5,5,5,5,,,,,,,,,2026-03-02
CSV
	run_ok import survey s.csv
	assert_err_has '2 created'
	surveys customer,ticket,kind,service_quality,service_value,product_brand,nps,ces,comment
	assert_out $'1\t1\tgeneral\t5\t1\t5\t10\t7\t很满意' $'2\t\tcsat\t5\t5\t\t\t\t'
	remember_store
	run_ok import survey s.csv
	assert_err_has '2 unchanged'
	store_unchanged
	printf '客户邮箱,满意度,问卷,日期\nada@example.org,4,满意度,2026-03-03\n' >t.csv
	run_ok import survey t.csv
	surveys score,kind id:3
	assert_out $'4\tcsat'
}

@test "rows with scores out of range are rejected, by field and line" {
	people
	cat >s.csv <<'CSV'
customer,service quality,price,nps,effort,date
Ada,5,,,,2026-03-01
Ada,6,,,,2026-03-01
Ada,,0,,,2026-03-01
Ada,,,11,,2026-03-01
Ada,,,,8,2026-03-01
Ada,,,,,2026-03-01
Ada,,,good,,2026-03-01
Ada,5,,,,
Nobody,5,,,,2026-03-01
CSV
	remember_store
	run_status 1 import survey s.csv
	store_unchanged
	run_status 5 import survey s.csv --partial --rejects r.csv
	assert_err_has 's.csv:3: service_quality: 6 is no score from 1 to 5'
	assert_err_has 's.csv:4: product_price: 0 is no score from 1 to 5'
	assert_err_has 's.csv:5: nps: 11 is no score from 0 to 10'
	assert_err_has 's.csv:6: ces: 8 is no score from 1 to 7'
	assert_err_has "s.csv:8: nps: '…' is not a whole number"
	assert_err_has 's.csv:7: survey: an answer without a score or a comment'
	assert_err_has 's.csv:9: answered_at: scores without a time of answer (--default answered_at=TIME)'
	assert_err_has 's.csv:10: customer: there is no such customer'
	assert_err_has '1 created'
	surveys service_quality
	assert_out 5
	[ "$(wc -l <r.csv)" -ge 8 ]
}

@test "an import answers what was sent, and corrects what a ticket has" {
	people
	run_ok survey sent 张三 --kind nps --at 2026-03-01
	run_ok survey sent Ada --ticket 1 --at 2026-03-01
	printf 'customer,nps,date\n张三,9,2026-03-04\n张三,3,2026-03-05\n' >s.csv
	run_ok import survey s.csv
	assert_err_has '1 created, 1 updated'
	surveys id,sent_at,nps customer:2
	assert_out $'1\t2026-03-01T00:00:00+00:00\t9' $'3\t\t3'
	run_ok import survey s.csv
	assert_err_has '2 unchanged'
	# one row a ticket: its customer is the customer
	printf 'ticket id,customer satisfaction rating,date\nT-7,4.0,2026-03-04\n' >t.csv
	run_ok import survey t.csv
	assert_err_has '0 created, 1 updated'
	surveys id,customer,kind,score ticket:1
	assert_out $'2\t1\tgeneral\t4'
	run_ok import survey t.csv
	assert_err_has '1 unchanged'
	sed -i 's/4\.0/2/' t.csv
	run_ok import survey t.csv
	assert_err_has '1 updated'
	printf 'ticket id,customer satisfaction rating,date\nT-7,4,2026-03-04\nT-7,5,2026-03-04\n' >t.csv
	run_status 1 import survey t.csv
	assert_err_has 't.csv:3: the same survey as line 2, with other values'
	surveys id,score ticket:1
	assert_out $'2\t2'
}

@test "the same scores at another time are another answer" {
	people
	printf 'customer,nps\nAda,9\nAda,9\n' >s.csv
	run_ok import survey s.csv --default answered_at=2026-01-01
	assert_err_has '2 created'
	run_ok import survey s.csv --default answered_at=2026-01-01
	assert_err_has '2 unchanged'
	run_ok import survey s.csv --default answered_at=2026-03-01
	assert_err_has '2 created'
	run_ok report nps --by month --fields bucket,n
	assert_out $'2026-01\t2' $'2026-03\t2'
}

@test "reviews of a shop: the customer is reached through the order" {
	new_store
	cat >orders.csv <<'CSV'
order_id,customer_id,order_status,order_purchase_timestamp
o-aa01,c-17,delivered,2026-01-05 11:30:33
o-aa02,c-18,shipped,2026-01-06 12:22:11
o-aa03,c-17,delivered,2026-02-07 09:00:00
CSV
	cat >reviews.csv <<'CSV'
review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,review_answer_timestamp
r-1,o-aa01,5,,"fast,
and well packed",2026-01-10 00:00:00,2026-01-11 08:15:00
r-2,o-aa02,1,no,never came,2026-01-20 00:00:00,2026-01-20 10:00:00
r-3,o-aa03,4,,,2026-02-12 00:00:00,2026-02-14 21:37:22
CSV
	run_ok import order orders.csv --create --source shop
	run_ok import survey reviews.csv --source shop
	assert_err_has 'not imported: review_comment_title'
	assert_err_has '3 created'
	surveys key,name,order.number,score,sent_at,answered_at
	assert_out $'r-1\tc-17\to-aa01\t5\t2026-01-10T00:00:00+00:00\t2026-01-11T08:15:00+00:00' \
		$'r-2\tc-18\to-aa02\t1\t2026-01-20T00:00:00+00:00\t2026-01-20T10:00:00+00:00' \
		$'r-3\tc-17\to-aa03\t4\t2026-02-12T00:00:00+00:00\t2026-02-14T21:37:22+00:00'
	run_ok report csat order.status:delivered --fields dimension,n,mean,sent,response_percent
	[ "$(tail -n 2 "$out")" = "$(printf 'overall\t0\t\t2\t100\nscore\t2\t4.5\t\t')" ]
	remember_store
	run_ok import survey reviews.csv --source shop
	assert_err_has '3 unchanged'
	store_unchanged
	# a review key that stands for two orders is told
	run_ok undo
	echo 'r-3,o-aa01,2,,,2026-02-12 00:00:00,2026-02-14 21:37:22' >>reviews.csv
	run_status 1 import survey reviews.csv --source shop
	assert_err_has 'reviews.csv:6: '
	run_status 5 import survey reviews.csv --source shop --partial
	assert_err_has '3 created'
}

@test "an order of several lines is named by its number: its first line is meant" {
	people
	run_ok order add Ada --number A1 --product Lamp
	run_ok order add Ada --number A1 --product Desk
	run_ok survey add Ada --order A1 --score 5
	printf 'order no,rating,date\nA1,4,2026-03-01\n' >s.csv
	run_ok import survey s.csv
	surveys customer,order,score
	assert_out $'1\t1\t5' $'1\t1\t4'
	run_fail 4 order show A1
	# two orders that happen to have the same number
	run_ok order add 张三 --number A1 --product Lamp --source other
	run_fail 4 survey add Ada --order A1 --score 5
	assert_err_has 'ambiguous'
	run_status 1 import survey s.csv
	assert_err_has 'ambiguous'
}

@test "ratings in a file of tickets: those without one are told, the others imported" {
	new_store
	cat >tickets.csv <<'CSV'
Ticket ID,Customer Name,Customer Email,Ticket Subject,Ticket Status,First Response Time,Time to Resolution,Customer Satisfaction Rating
1,Mara Ek,mara@example.org,Setup,Pending Customer Response,2026-02-01 12:15:36,,
2,Jo Li,jo@example.org,Refund,Closed,2026-02-01 16:45:38,2026-02-01 18:05:38,3.0
3,Mara Ek,mara@example.org,Battery,Closed,2026-02-01 11:14:38,2026-02-02 01:57:40,5.0
CSV
	run_ok import ticket tickets.csv --create --source desk
	run_status 5 import survey tickets.csv --source desk --map 'Time to Resolution=answered_at' --partial
	assert_err_has 'tickets.csv:2: survey: neither sent nor answered'
	assert_err_has '2 created'
	surveys ticket.key,name,score,answered_at
	assert_out $'2\tJo Li\t3\t2026-02-01T18:05:38+00:00' $'3\tMara Ek\t5\t2026-02-02T01:57:40+00:00'
	run_status 5 import survey tickets.csv --source desk --map 'Time to Resolution=answered_at' --partial
	assert_err_has '2 unchanged'
}

@test "custom fields and views of surveys" {
	people
	run_ok field add survey wave
	run_ok survey sent Ada --kind nps --set wave=2026Q1 --at 2026-03-01
	run_ok survey add Ada --nps 9
	surveys id,wave,nps
	assert_out $'1\t2026Q1\t9'
	run_ok view add survey promoters nps:9.. --fields id,name
	run_ok survey list @promoters
	assert_out $'1\tAda'
	run_ok report nps wave:2026Q1 --fields n,sent,answered
	assert_out $'1\t1\t1'
}

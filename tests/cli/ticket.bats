# ticket: the workflow of requests, who has them, what is said, what is kept of it.
load helper

ticket_setup() {
	export CRM_NOW=2026-03-09T07:00:00Z
	new_store
	run_ok agent add --name cho
	run_ok customer add --name Li --email li@example.com --tag vip
	run_ok customer add --name 吴敏
	export CRM_NOW=2026-03-10T09:00:00Z
}

at() { # HH:MM [DAY]: the clock on 10 March 2026, or another day
	export CRM_NOW=2026-03-${2:-10}T$1:00Z
}

fields() { # TICKET FIELDS
	run_ok ticket show "$1" --fields "$2" --format tsv --no-header
	cat "$out"
}

events() { # TICKET: kind, before, after, actor, oldest first
	run_ok ticket events ticket:"$1" --sort at,id --fields kind,old_value,new_value,actor --format csv --no-header
	cat "$out"
}

@test "add prints the id alone; list has the columns that scripts rely on" {
	ticket_setup
	run_ok ticket add Li --type question --subject 'Where is it?' -m 'ordered on Monday'
	assert_out 1
	run_ok ticket list --header
	assert_out "$(printf 'id\tstatus\tpriority\tcustomer\tname\tsubject\tassignee\tupdated_at')" \
		"$(printf '1\tnew\tnormal\t1\tLi\tWhere is it?\t\t2026-03-10T09:00:00+00:00')"
	[ "$(fields 1 body,type,state,created_at)" = "$(printf 'ordered on Monday\tquestion\topen\t2026-03-10T09:00:00+00:00')" ]
	[ "$(events 1)" = 'created,,,ann' ]
	store_is_sound
}

@test "what is missing is named: type, subject, customer, and what each after-sales kind needs" {
	ticket_setup
	run_fail 2 ticket add Li --subject x
	assert_err_has 'type is required'
	run_fail 2 ticket add Li --type question
	assert_err_has 'subject is required'
	run_fail 3 ticket add Nobody --type question --subject x
	run_fail 2 ticket add Li --type nonsense --subject x
	assert_err_has 'after_sales'
	run_fail 2 ticket add Li --type after_sales --subject x
	assert_err_has 'return, exchange, repair, replacement or refund'
	for kind in return exchange repair replacement refund; do
		run_fail 2 ticket add Li --type after_sales --kind $kind --subject x
		assert_err_has "product_no: a case of $kind needs it"
	done
	run_fail 2 ticket add Li --type after_sales --kind exchange --product-no P --subject x
	assert_err_has 'model: a case of exchange needs it'
	run_fail 2 ticket add Li --type question --kind return --product-no P --subject x
	assert_err_has 'after_sales'
	printf 'key,customer,subject,kind\nT1,Li,x,return\n' >untyped.csv
	run_fail 1 import ticket untyped.csv
	assert_err_has "belongs to a ticket of type after_sales, not to one without type"
	run_ok ticket list
	assert_out
	run_ok order add Li --number SO-17 --product Lamp
	run_ok ticket add Li --type after_sales --kind refund --order SO-17 --subject x
	run_ok ticket list order.product:Lamp --fields id,order
	assert_out "$(printf '1\t1')"
	run_ok order rm 1 --yes
	run_ok ticket list --fields id,order
	assert_out "$(printf '1\t')"
	run_ok undo
	run_ok ticket list order.number:SO-17 --fields id
	assert_out 1
}

@test "in Chinese: types, kinds, statuses and priorities by their words" {
	ticket_setup
	run_ok ticket add 吴敏 --type 售后 --kind 退货 --product-no X1 --priority 紧急 --subject 退货
	[ "$(fields 1 type,kind,priority)" = "$(printf 'after_sales\treturn\turgent')" ]
	run_ok ticket take 1
	run_ok ticket list status:处理中 --fields id
	assert_out 1
	run_ok ticket list priority:紧急 type:售后 --fields id
	assert_out 1
}

@test "the usual course: take, reply, pend, the customer answers, solve, close" {
	ticket_setup
	run_ok ticket add Li --type question --subject Q
	at 09:10
	run_ok ticket take 1
	assert_err 'took ticket 1'
	at 09:20
	run_ok ticket reply 1 -m 'Which colour?'
	at 09:30
	run_ok ticket pend 1 --until tomorrow
	[ "$(fields 1 status,state,pending_until,waiting_since)" = "$(printf 'pending\tpaused\t2026-03-11T00:00:00+00:00\t')" ]
	at 10:00
	run_ok log email Li --in --ticket 1 -m blue
	[ "$(fields 1 status,state,waiting_since)" = "$(printf 'open\topen\t2026-03-10T10:00:00+00:00')" ]
	at 10:30
	run_ok ticket reply 1 -m 'It is on its way'
	at 11:00
	run_ok ticket solve 1 -m 'sent in blue'
	run_ok ticket close 1
	[ "$(fields 1 status,resolution,replies,reopens,stations)" = "$(printf 'closed\tsent in blue\t2\t0\t1')" ]
	[ "$(fields 1 first_reply_at,solved_at,closed_at,waiting_since)" = \
		"$(printf '2026-03-10T09:20:00+00:00\t2026-03-10T11:00:00+00:00\t2026-03-10T11:00:00+00:00\t')" ]
	[ "$(events 1)" = "$(printf '%s\n' created,,,ann status,new,open,ann assignee,,ann,ann status,open,pending,ann \
		status,pending,open,ann status,open,solved,ann status,solved,closed,ann)" ]
	run_ok log list ticket:1 --sort id --fields channel,direction,content
	assert_out "$(printf 'email\tout\tWhich colour?')" "$(printf 'email\tin\tblue')" "$(printf 'email\tout\tIt is on its way')"
	store_is_sound
}

@test "an impossible step is status 4, names what is possible, and changes nothing" {
	ticket_setup
	run_ok ticket add Li --type question --subject Q
	run_ok ticket solve 1
	remember_store
	run_fail 4 ticket hold 1
	assert_err_has 'solved cannot become hold; it can become open, closed'
	run_fail 4 ticket edit 1 --status new
	run_fail 4 ticket solve 1
	assert_err_has 'solved already'
	run_fail 3 ticket close 9
	store_unchanged
	run_ok ticket edit 1 --status closed
	run_fail 4 ticket pend 1
	run_ok ticket reopen 1
	[ "$(fields 1 status,reopens)" = "$(printf 'open\t1')" ]
}

@test "--at: earlier steps are written down as earlier, but in their order and not ahead of time" {
	ticket_setup
	run_ok ticket add Li --type question --subject Q --at '2026-03-09 08:00'
	run_ok ticket reply 1 -m hello --at '2026-03-09 08:30'
	run_ok ticket solve 1 --at '2026-03-09 09:00'
	[ "$(fields 1 created_at,first_reply_at,solved_at)" = \
		"$(printf '2026-03-09T08:00:00+00:00\t2026-03-09T08:30:00+00:00\t2026-03-09T09:00:00+00:00')" ]
	run_fail 4 ticket reopen 1 --at '2026-03-09 08:45'
	assert_err_has 'last changed at 2026-03-09 09:00'
	run_fail 2 ticket reopen 1 --at tomorrow
	assert_err_has 'lies ahead'
}

@test "a solved ticket is reopened within the window, later and when closed it has a follow-up" {
	ticket_setup
	run_ok ticket add Li --type complaint --priority high --subject Noise
	run_ok ticket solve 1
	at 09:00 17 # exactly seven days
	run_ok log phone Li --in --ticket 1 -m again
	[ "$(fields 1 status,reopens)" = "$(printf 'open\t1')" ]
	run_ok ticket solve 1
	at 09:01 24
	run_ok log phone Li --in --ticket 1 -m 'and again'
	[ "$(fields 1 status)" = solved ]
	[ "$(fields 2 status,type,priority,subject,body,created_at)" = \
		"$(printf 'new\tcomplaint\thigh\tNoise\tand again\t2026-03-24T09:01:00+00:00')" ]
	run_ok ticket links --fields ticket,kind,other
	assert_out "$(printf '1\tparent\t2')"
	run_ok log list ticket:2 --fields content
	assert_out 'and again'
	run_ok undo
	run_fail 3 ticket show 2
	run_ok ticket close 1
	run_ok log phone Li --in --ticket 1 -m 'after closing'
	run_ok ticket list subject:Noise --fields id,status
	assert_out "$(printf '1\tclosed')" "$(printf '3\tnew')"
	run_ok config set ticket.reopen 30d
	run_ok ticket solve 3
	at 09:00 31
	run_ok log phone Li --in --ticket 3 -m late
	[ "$(fields 3 status)" = open ]
	store_is_sound
}

@test "our own words and notes reopen nothing, nor does what was said before the solution" {
	ticket_setup
	run_ok ticket add Li --type question --subject Q
	run_ok ticket solve 1
	run_ok ticket note 1 -m 'looks fine'
	run_ok log phone Li --out --ticket 1 -m called
	run_ok log phone Li --in --ticket 1 --at 2026-03-10T08:00:00Z -m earlier
	[ "$(fields 1 status)" = solved ]
}

@test "assign: known and active agents only, by hand and from a list" {
	ticket_setup
	for i in 1 2 3; do run_ok ticket add Li --type question --subject "Q$i"; done
	run_fail 3 ticket assign 1 nobody
	run_ok agent edit cho --active no
	run_fail 4 ticket assign 1 cho
	assert_err_has 'cho is not active'
	run_ok ticket assign 1 3 bob
	run_ok ticket list assignee:bob --fields id,status
	assert_out "$(printf '1\topen')" "$(printf '3\topen')"
	crm ticket list not:assignee:bob | crm ticket assign - me 2>/dev/null
	[ "$(fields 2 assignee)" = ann ]
	run_ok ticket unassign 1
	[ "$(fields 1 assignee,status)" = "$(printf '\topen')" ]
	run_ok undo
	[ "$(fields 1 assignee)" = bob ]
	run_fail 4 agent rm 2 --yes
	assert_err_has 'tickets refer to it'
	store_is_sound
}

@test "a team: round robin, and the least loaded" {
	ticket_setup
	run_fail 3 team add --name T --members 'bob, nobody'
	run_ok team add --name desk --members 'bob, cho'
	for i in 1 2 3 4 5 6; do run_ok ticket add Li --type question --subject "Q$i"; done
	for i in 1 2 3 4; do run_ok ticket assign $i --team desk; done
	run_ok ticket list team:desk --fields id,assignee
	assert_out "$(printf '1\tbob')" "$(printf '2\tcho')" "$(printf '3\tbob')" "$(printf '4\tcho')"
	run_ok ticket solve 2 4
	run_ok ticket assign 5 6 --team desk --by least-loaded
	run_ok ticket list id:5..6 --fields assignee
	assert_out cho cho
	run_ok agent edit bob --active no
	run_ok agent edit cho --active no
	run_ok ticket add Li --type question --subject Q7
	run_fail 4 ticket assign 7 --team desk
	assert_err_has 'no active member'
	run_fail 4 team rm 1 --yes
	run_fail 2 ticket assign 7 --by least-loaded bob
}

@test "merge: communications and tags go to the one that is kept; undo brings all back" {
	ticket_setup
	run_ok ticket add Li --type question --subject A --tag x
	run_ok ticket add Li --type question --subject B --tag y
	run_ok ticket add 吴敏 --type question --subject C
	run_ok log phone Li --in --ticket 2 -m hello
	remember_store
	run_fail 2 ticket merge 1 1
	run_fail 4 ticket merge 1 2 3
	assert_err_has 'different customers'
	store_unchanged
	run_ok ticket merge 1 2
	[ "$(fields 2 status,merged_into)" = "$(printf 'merged\t1')" ]
	[ "$(fields 1 tags)" = 'x, y' ]
	run_ok log list ticket:1 --fields content
	assert_out hello
	run_fail 4 ticket reopen 2
	assert_err_has 'crm undo'
	run_fail 4 ticket merge 2 1
	at 09:30
	run_ok log phone Li --in --ticket 2 -m 'to the old number'
	run_ok log list ticket:1 --sort id --fields content
	assert_out hello 'to the old number'
	run_ok undo
	run_ok undo
	[ "$(fields 2 status,merged_into)" = "$(printf 'new\t')" ]
	run_ok log list ticket:2 --fields content
	assert_out hello
	[ "$(fields 1 tags)" = x ]
	store_is_sound
}

@test "links: kinds, no circles, taken away again" {
	ticket_setup
	for i in 1 2 3; do run_ok ticket add Li --type task --subject "T$i"; done
	run_ok ticket link 1 blocks 2
	run_ok ticket link 2 blocks 3
	run_fail 4 ticket link 3 blocks 1
	assert_err_has circle
	run_fail 2 ticket link 1 likes 2
	run_fail 2 ticket link 1 relates 1
	run_fail 4 ticket link 1 blocks 2
	run_ok ticket link 3 relates 1
	run_ok ticket links --sort id --fields ticket,kind,other
	assert_out "$(printf '1\tblocks\t2')" "$(printf '2\tblocks\t3')" "$(printf '3\trelates\t1')"
	run_ok ticket link 1 blocks 2 --remove
	run_fail 3 ticket link 1 blocks 2 --remove
	run_ok ticket rm 3 --yes
	run_ok ticket links
	assert_out
	run_ok undo
	run_ok ticket links --fields ticket
	assert_out 2 3
	store_is_sound
}

@test "a status of your own follows its category" {
	ticket_setup
	run_ok ticket status add --name parts --category paused --description 'waiting for parts'
	run_ok ticket add Li --type task --subject T
	run_ok ticket edit 1 --status parts
	[ "$(fields 1 status,state)" = "$(printf 'parts\tpaused')" ]
	run_ok ticket pend 1
	run_ok ticket edit 1 --status parts
	run_ok ticket solve 1
	run_fail 4 ticket edit 1 --status parts
	run_ok undo
	run_fail 4 ticket status rm 9 --yes
	assert_err_has '1 ticket refers to it'
	run_fail 4 ticket status edit parts --category open
	run_fail 4 ticket status edit solved --category open
	assert_err_has 'part of the workflow'
	run_fail 2 ticket edit 1 --status nowhere
	assert_err_has 'known: new, open, pending, hold, solved, closed, merged, spam, parts'
}

@test "--as-of: tracked fields as they were; what is not tracked is refused" {
	ticket_setup
	run_ok ticket add Li --type question --subject A
	run_ok ticket add Li --type question --subject B --priority low
	at 10:00
	run_ok ticket assign 1 bob
	at 11:00
	run_ok ticket edit 2 --priority urgent
	run_ok ticket solve 1
	at 12:00
	run_ok ticket list --as-of '2026-03-10 09:30' --fields id,status,priority,assignee
	assert_out "$(printf '1\tnew\tnormal\t')" "$(printf '2\tnew\tlow\t')"
	run_ok ticket list --as-of '2026-03-10 10:30' --fields id,status,state,assignee
	assert_out "$(printf '1\topen\topen\tbob')" "$(printf '2\tnew\topen\t')"
	run_ok ticket list --as-of '2026-03-10 11:00' --fields id,status,priority
	assert_out "$(printf '1\tsolved\tnormal')" "$(printf '2\tnew\turgent')"
	run_ok ticket list --as-of '2026-03-10 10:30' status:open --fields id
	assert_out 1
	run_ok ticket list --as-of '2026-03-10 10:30' state:open --sort -priority --fields id,priority
	run_ok ticket list --as-of 2026-03-09
	assert_out
	run_fail 2 ticket list --as-of 2026-03-10 --fields subject
	assert_err_has 'its past is not kept; --as-of knows id, status, priority'
	run_fail 2 ticket list --as-of 2026-03-10 customer.name:Li
	run_fail 2 ticket list --as-of 2026-03-10 word
	run_fail 2 ticket list --as-of 2026-03-10 --sort subject
}

@test "the clock set back: tickets, replies and solutions of later do not exist yet" {
	ticket_setup
	run_ok ticket add Li --type question --subject A
	at 10:00
	run_ok ticket reply 1 -m hi
	at 11:00
	run_ok ticket solve 1
	run_ok ticket add Li --type question --subject B
	run_ok ticket list --now '2026-03-10 10:30' --fields id,first_reply_at,solved_at,replies
	assert_out "$(printf '1\t2026-03-10T10:00:00+00:00\t\t1')"
	run_ok customer show 1 --fields open_tickets --format tsv --no-header
	assert_out 1
	run_ok customer list --now '2026-03-10 10:30' id:1 --fields open_tickets
	assert_out 1
	run_ok customer list --now '2026-03-10 11:30' id:1 --fields open_tickets
	assert_out 1
	run_ok customer list open-tickets:1.. --fields id
	assert_out 1
}

@test "warranty: in and out by the day, unknown without a purchase date or length" {
	ticket_setup
	run_ok ticket add Li --type after_sales --kind repair --product-no P --purchase-date 2024-03-11 --subject A
	run_ok ticket add Li --type after_sales --kind repair --product-no P --purchase-date 2024-03-10 --subject B
	run_ok ticket add Li --type after_sales --kind repair --product-no P --purchase-date 2024 --subject C
	run_ok ticket list --fields id,warranty
	assert_out "$(printf '1\t')" "$(printf '2\t')" "$(printf '3\t')"
	run_ok config set product.warranty 2y
	run_ok ticket list --fields id,warranty
	assert_out "$(printf '1\tin')" "$(printf '2\tout')" "$(printf '3\t')"
	run_ok ticket list warranty:out --fields id
	assert_out 2
	run_ok ticket list warranty:过保 --fields id
	assert_out 2
}

@test "next: own and free tickets of the own teams, the most urgent first, and why" {
	ticket_setup
	run_ok team add --name desk --members ann
	run_ok team add --name shop --members bob
	run_ok ticket add 吴敏 --type question --subject normal
	run_ok ticket add 吴敏 --type question --subject vip --priority high
	run_ok ticket add Li --type question --subject best --priority high
	run_ok ticket add Li --type question --subject other --priority urgent --team shop
	run_ok ticket add Li --type question --subject bobs --priority urgent --assignee bob
	run_ok ticket next --fields id
	assert_out_has 3
	run_ok ticket next --explain --format csv
	assert_out term,points,why priority,4,high age,0,0s waiting,0,0s\ without\ an\ answer customer,3,vip urgency,7,
	run_ok ticket next --agent bob --fields subject --format tsv --no-header
	assert_out other
	run_ok ticket solve 1 2 3
	run_fail 3 ticket next
	assert_err_has 'no open ticket for ann'
	run_ok ticket list state:open --sort -urgency --fields id
	assert_out 5 4
}

@test "rm takes events along and leaves communications; the customer takes all" {
	ticket_setup
	run_ok ticket add Li --type question --subject A
	run_ok ticket reply 1 -m hi
	run_ok ticket rm 1 --yes
	run_ok ticket events
	assert_out
	run_ok log list --fields id,ticket
	assert_out "$(printf '1\t')"
	run_ok undo
	run_ok log list --fields id,ticket
	assert_out "$(printf '1\t1')"
	run_ok customer rm 1 --yes
	run_ok ticket list
	assert_out
	run_ok undo
	run_ok ticket events --fields kind --sort id
	assert_out created status
	store_is_sound
}

@test "import and export: what was exported changes nothing, elsewhere it makes the same tickets" {
	ticket_setup
	run_ok ticket add Li --type question --subject A --tag x,y
	at 10:00
	run_ok ticket take 1
	run_ok ticket reply 1 -m hi
	at 11:00
	run_ok ticket solve 1 -m done
	run_ok ticket edit 1 --key T-1
	run_ok export ticket -o t.csv
	remember_store
	run_ok import ticket t.csv
	assert_err_has '1 unchanged'
	store_unchanged
	run_ok init --store other.db
	run_ok customer add --store other.db --name Li
	run_ok import ticket t.csv --store other.db
	run_ok ticket list --store other.db --fields key,status,created_at,first_reply_at,solved_at,tags,assignee --format csv
	assert_out key,status,created_at,first_reply_at,solved_at,tags,assignee \
		'T-1,solved,2026-03-10T09:00:00+00:00,2026-03-10T10:00:00+00:00,2026-03-10T11:00:00+00:00,"x, y",ann'
	run_ok import ticket t.csv --store other.db
	assert_err_has '1 unchanged'
	run_ok check --store other.db
}

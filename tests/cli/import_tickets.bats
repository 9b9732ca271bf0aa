#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# Tickets of other systems, and their audit trails. The columns are those that the systems document.

bats_require_minimum_version 1.5.0
load helper
load exports

# What happened to a ticket, oldest first: TIME KIND OLD NEW, `-` for nothing.
events() { # TICKET LINE…
	local ticket=$1
	shift
	run_ok ticket events "ticket:$ticket" --fields at,kind,old_value,new_value --sort at,id --format csv --no-header
	sed -i -e 's/+00:00//; s/,,/,-,/g; s/,,/,-,/g; s/,$/,-/' "$out"
	assert_out "$@"
}

# A file once, and again: nothing changes.
import_twice() { # FILE OPTION…
	local file=$1
	shift
	run_ok import ticket "$file" "$@"
	cp "$err" first
	remember_store
	run_ok import ticket "$file" "$@"
	assert_err_has ' 0 created, 0 updated'
	store_unchanged
	store_is_sound
	cp first "$err"
}

zendesk='Summation column,Id,Requester,Requester id,Requester external id,Requester email,Requester domain,Submitter,Assignee,Group,Subject,Tags,Status,Priority,Via,Ticket type,Created at,Updated at,Assigned at,Organization,Due date,Initially assigned at,Solved at,Resolution time,Satisfaction Score,Group stations,Assignee stations,Reopens,Replies,First reply time in minutes,First reply time in minutes within business hours,First resolution time in minutes,First resolution time in minutes within business hours,Full resolution time in minutes,Full resolution time in minutes within business hours,Agent wait time in minutes,Agent wait time in minutes within business hours,Requester wait time in minutes,Requester wait time in minutes within business hours,On hold time in minutes,On hold time in minutes within business hours,Region [list]'

@test "Zendesk: lengths become times in the account's zone, names lead to customers, nothing is dropped silently" {
	new_store
	run_ok customer add --name 'A. Smith' --email ann@x.org
	export_of z.csv "$zendesk" \
		'Summation column=1;;Id=1001;;Requester=Ann Smith;;Requester id=361;;Requester email=ann@x.org;;Submitter=Ann;;Assignee=bob;;Group=Support;;Subject=Printer;;Tags=printer red;;Status=Solved;;Priority=Urgent;;Via=Web form;;Ticket type=Incident;;Created at=2026-01-05 10:00:00;;Solved at=2026-01-05 14:05:37;;Reopens=0;;First reply time in minutes=15;;First resolution time in minutes=245;;Full resolution time in minutes=245' \
		'Id=1002;;Requester=Bo Ek;;Requester external id=E9;;Requester email=bo@y.org;;Assignee=-;;Group=-;;Subject=Bill;;Status=Open;;Priority=-;;Via=Mail;;Ticket type=-;;Created at=2026-01-06 09:30:00;;Solved at=-;;First reply time in minutes=-' \
		'Id=1003;;Requester=Bo Ek;;Requester email=bo@y.org;;Assignee=Kim;;Subject=Again;;Status=Solved;;Priority=Low;;Via=Chat;;Ticket type=Question;;Created at=2026-01-07 09:00:00;;Solved at=2026-01-09 09:00:00;;First reply time in minutes=0;;First resolution time in minutes=60'
	import_twice z.csv --create --tz Asia/Shanghai
	assert_err_has 'preset: zendesk-tickets: 18 of 42 columns'
	assert_err_has 'left out by the preset: Summation column, Requester id, Requester domain, Updated at,'
	assert_err_has 'not imported: Submitter, Organization, Satisfaction Score, Region [list] (--map, --keep-unknown)'
	assert_err_has "agent: number 3 is not an agent of this store: made inactive"
	assert_err_has "team: number 1 is new: made"
	assert_err_has '1 records made'
	fields ticket 1 key=1001 source=zendesk customer=1 status=solved priority=urgent channel=web type=incident \
		assignee=bob team=Support 'tags=printer, red' created_at=2026-01-05T02:00:00+00:00 \
		first_reply_at=2026-01-05T02:15:00+00:00 solved_at=2026-01-05T06:05:37+00:00 \
		last_solved_at=2026-01-05T06:05:37+00:00 replies=1
	events 1 2026-01-05T02:00:00,created,-,- 2026-01-05T02:00:00,assignee,-,bob 2026-01-05T02:00:00,team,-,Support \
		2026-01-05T02:15:00,reply,-,- 2026-01-05T06:05:37,status,open,solved
	fields ticket 2 customer=2 status=open priority=normal channel=email type= assignee= team= \
		created_at=2026-01-06T01:30:00+00:00 first_reply_at= solved_at= first_reply_time= # missing is never zero
	fields ticket 3 customer=2 first_reply_at=2026-01-07T01:00:00+00:00 solved_at=2026-01-07T02:00:00+00:00 \
		last_solved_at=2026-01-09T01:00:00+00:00
	fields customer 2 'name=Bo Ek' email=bo@y.org key=E9 source=zendesk
	fields agent Kim active=False
}

@test "a later export tells what happened since; undo takes it back" {
	new_store
	run_ok customer add --name Ann --email ann@x.org
	local row='Id=7;;Requester email=ann@x.org;;Subject=S;;Via=Mail;;Created at=2026-01-05 10:00:00'
	export_of a.csv "$zendesk" "$row;;Status=Open;;Priority=Low"
	export_of b.csv "$zendesk" "$row;;Status=Solved;;Priority=High;;Solved at=2026-01-06 08:30:00;;First reply time in minutes=90;;First resolution time in minutes=1350"
	export_of c.csv "$zendesk" "$row;;Status=Solved;;Priority=High;;Solved at=2026-01-08 08:00:00;;First reply time in minutes=90;;First resolution time in minutes=1350"
	import_twice a.csv
	fields ticket 1 solved_at= first_reply_at= state=open
	import_twice b.csv
	fields ticket 1 status=solved first_reply_at=2026-01-05T11:30:00+00:00 solved_at=2026-01-06T08:30:00+00:00
	events 1 2026-01-05T10:00:00,created,-,- 2026-01-05T11:30:00,reply,-,- 2026-01-06T08:30:00,status,open,solved \
		2026-03-10T12:00:00,priority,low,high
	import_twice c.csv # solved once more: the first time stays
	fields ticket 1 solved_at=2026-01-06T08:30:00+00:00 last_solved_at=2026-01-08T08:00:00+00:00
	run_ok undo
	fields ticket 1 solved_at=2026-01-06T08:30:00+00:00 last_solved_at=2026-01-06T08:30:00+00:00
	run_ok undo
	fields ticket 1 status=open priority=low solved_at= first_reply_at=
	events 1 2026-01-05T10:00:00,created,-,-
	run_ok undo
	run_ok ticket list
	assert_out
	store_is_sound
}

freshdesk='Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Resolved time,Closed time,Last update time,Initial response time,Time tracked,First response time (in hrs),Resolution time (in hrs),Agent interactions,Customer interactions,Resolution status,First response status,Tags,Survey results,Product,Every response status,Reference Number,Summary,Source Info,Full name,Contact ID,Email'

@test "Freshdesk: words and numbers, a time before a length, lengths as hours, minutes and seconds" {
	new_store
	export_of f.csv "$freshdesk" \
		'Ticket ID=11;;Subject=A;;Status=Resolved;;Priority=Medium;;Source=Portal;;Type=Refund;;Agent=bob;;Group=Billing;;Created time=2026-02-01 10:00:00;;Due by Time=2026-02-04 10:00:00;;Resolved time=2026-02-02 10:00:00;;Initial response time=2026-02-01 10:30:00;;First response time (in hrs)=00:20:00;;Resolution time (in hrs)=08:00:00;;Tags=a,b;;Product=X1;;Full name=Ann;;Email=ann@x.org;;Contact ID=5001' \
		'Ticket ID=12;;Subject=B;;Status=3;;Priority=4;;Source=3;;Agent=No Agent;;Created time=2026-02-01 11:00:00;;First response time (in hrs)=01:30:05;;Full name=Ann;;Email=ann@x.org' \
		'Ticket ID=13;;Subject=C;;Status=5;;Priority=1;;Source=Feedback Widget;;Created time=2026-02-01 12:00:00;;Resolved time=2026-02-01 13:00:00;;Closed time=2026-02-03 13:00:00;;Full name=Ann;;Contact ID=5002' \
		'Ticket ID=14;;Subject=D;;Status=Waiting on Third Party;;Priority=High;;Source=Email;;Created time=2026-02-01 12:00:00;;Resolution time (in hrs)=30:00:00;;Contact ID=5001'
	import_twice f.csv --create
	assert_err_has 'preset: freshdesk-tickets: 20 of 31 columns'
	fields ticket 1 source=freshdesk status=solved priority=normal channel=web type=after_sales assignee=bob team=Billing \
		first_reply_at=2026-02-01T10:30:00+00:00 solved_at=2026-02-02T10:00:00+00:00 due_at=2026-02-04T10:00:00+00:00 \
		'tags=a, b' model=X1
	fields ticket 2 customer=1 status=pending priority=urgent channel=phone assignee= first_reply_at=2026-02-01T12:30:05+00:00
	fields ticket 3 customer=2 status=closed priority=low channel=web solved_at=2026-02-01T13:00:00+00:00 \
		closed_at=2026-02-03T13:00:00+00:00 # another Ann, by her key
	events 3 2026-02-01T12:00:00,created,-,- 2026-02-01T13:00:00,status,open,solved 2026-02-03T13:00:00,status,solved,closed
	fields ticket 4 customer=1 status=hold solved_at=2026-02-02T18:00:00+00:00
}

@test "HubSpot, Salesforce as a report and by the API, osTicket" {
	new_store
	run_ok customer add --name Ann --key 301 --email ann@x.org
	run_ok customer edit 1 --source hubspot
	export_of h.csv 'Ticket ID,Record ID,Ticket name,Ticket description,Pipeline,Ticket status,Priority,Category,Source,Ticket owner,Create date,Close date,Last activity date,Last contacted date,Last customer reply date,First agent email response date,Time to close,Time to first agent email reply,Resolution,Tags,Number of times contacted,Associated Contact IDs' \
		'Ticket ID=21;;Record ID=21;;Ticket name=T;;Ticket description=text;;Pipeline=Support;;Ticket status=Waiting on us;;Priority=Medium;;Category=Billing;;Source=Form;;Ticket owner=bob;;Create date=2026-02-01 10:00;;First agent email response date=2026-02-01 10:05;;Tags=a;b;;Associated Contact IDs=301' \
		'Record ID=22;;Ticket name=U;;Ticket status=Closed;;Source=Chat;;Create date=2026-02-01 10:00;;Close date=2026-02-02 10:00;;Associated Contact IDs=301'
	import_twice h.csv
	assert_err_has 'preset: hubspot-tickets: 15 of 22 columns'
	fields ticket 1 key=21 source=hubspot customer=1 subject=T body=text status=open priority=normal category=Billing channel=web \
		assignee=bob 'tags=a, b' first_reply_time=300
	fields ticket 2 key=22 status=closed channel=chat closed_at=2026-02-02T10:00:00+00:00 solved_at=2026-02-02T10:00:00+00:00

	export_of s.csv 'Case Number,Account Name,Contact Name,Subject,Status,Priority,Case Origin,Type,Date/Time Opened,Date/Time Closed,Age,Closed,Case Owner' \
		'Case Number=00001001;;Account Name=X;;Contact Name=Ann;;Subject=S;;Status=Escalated;;Priority=Medium;;Case Origin=Phone;;Type=Problem;;Date/Time Opened=2/1/2026, 10:00 AM;;Age=4;;Closed=0;;Case Owner=bob'
	import_twice s.csv --date-format '%m/%d/%Y, %H:%M %p'
	assert_err_has 'preset: salesforce-cases: 10 of 13 columns'
	fields ticket 3 key=00001001 source=salesforce customer=1 status=open priority=normal channel=phone type=problem \
		created_at=2026-02-01T10:00:00+00:00

	export_of a.csv 'Id,IsDeleted,MasterRecordId,CaseNumber,ContactId,AccountId,AssetId,ParentId,SuppliedName,SuppliedEmail,SuppliedPhone,SuppliedCompany,Type,RecordTypeId,Status,Reason,Origin,Subject,Priority,Description,IsClosed,ClosedDate,IsEscalated,OwnerId,CreatedDate' \
		'Id=500A;;CaseNumber=00001001;;SuppliedName=Ann;;SuppliedEmail=ann@x.org;;Status=Closed;;Subject=S;;Priority=Medium;;Origin=Phone;;IsClosed=true;;ClosedDate=2026-02-03T10:00:00.000Z;;CreatedDate=2026-02-01T10:00:00.000Z;;OwnerId=bob'
	import_twice a.csv
	assert_err_has 'preset: salesforce-cases-api: 15 of 25 columns'
	fields ticket 3 status=closed closed_at=2026-02-03T10:00:00+00:00
	events 3 2026-02-01T10:00:00,created,-,- 2026-02-01T10:00:00,assignee,-,bob 2026-02-03T10:00:00,status,open,closed

	export_of o.csv 'Ticket Number,Date Created,Subject,From,From Email,Priority,Department,Help Topic,Source,Current Status,Last Updated,Due Date,Overdue,Answered,Agent Assigned,Team Assigned,Thread Count,Attachment Count' \
		'Ticket Number=600123;;Date Created=2026-02-01 10:00;;Subject=O;;From=Ann;;From Email=ann@x.org;;Priority=Emergency;;Department=Support;;Help Topic=General;;Source=Web;;Current Status=Archived;;Agent Assigned=bob;;Team Assigned=Level 2' \
		'Ticket Number=600124;;Date Created=2026-02-01 10:00;;Subject=P;;From Email=ann@x.org;;Priority=3;;Source=API;;Current Status=Deleted'
	import_twice o.csv
	assert_err_has 'preset: osticket-tickets: 12 of 18 columns'
	assert_err_has 'not imported: Team Assigned'
	fields ticket 4 source=osticket customer=1 status=closed priority=urgent channel=web team=Support category=General closed_at=
	fields ticket 5 status=spam priority=normal channel=api
}

@test "a status, a priority that nobody knows rejects the row and names those known; a status of one's own is one" {
	new_store
	run_ok customer add --name Ann --email ann@x.org
	export_of z.csv "$zendesk" \
		'Id=1;;Requester email=ann@x.org;;Subject=S;;Status=Parked;;Created at=2026-01-05 10:00' \
		'Id=2;;Requester email=ann@x.org;;Subject=S;;Status=Open;;Priority=Blue;;Created at=2026-01-05 10:00' \
		'Id=3;;Requester email=ann@x.org;;Subject=S;;First reply time in minutes=5'
	run_fail 1 import ticket z.csv
	assert_err_has "z.csv:2: status: '…' is not known; known: new, open, pending, hold, solved, closed, merged, spam"
	assert_err_has "z.csv:3: priority: '…' is not known"
	assert_err_has 'known: low, normal, high, urgent'
	assert_err_has 'z.csv:4: first_reply_time: counts from created_at, which the row does not have'
	run_ok ticket list
	assert_out
	run_ok ticket status add --name Parked --category paused
	sed -i -e '3,$d' z.csv
	run_ok import ticket z.csv
	fields ticket 1 status=Parked state=paused
}

@test "a length counts from a time of creation that is a default; a bad one is refused" {
	new_store
	run_ok customer add --name Ann --email ann@x.org
	printf 'key,customer,subject,first_reply_time\n1,ann@x.org,S,90s\n2,ann@x.org,S,2h\n3,ann@x.org,S,1:00:00\n' >t.csv
	run_ok import ticket t.csv --default created_at=2026-01-05
	run_ok ticket list --fields first_reply_at --format csv --no-header --sort key
	assert_out 2026-01-05T00:01:30+00:00 2026-01-05T02:00:00+00:00 2026-01-05T01:00:00+00:00
	printf 'key,customer,subject,first_reply_time\n4,ann@x.org,S,soon\n' >t.csv
	run_fail 1 import ticket t.csv --default created_at=2026-01-05
	assert_err_has "t.csv:2: first_reply_time: '…' is not a length of time"
}

@test "an address goes before a name: people of one name are several, and one may be written in two ways" {
	new_store
	printf 'key,Mail,Who,subject\n1,a@x.org,Jo Li,S\n2,b@x.org,Jo Li,S\n3,a@x.org,J. Li,S\n4,b@x.org,Jo Li,S\n5,,Kim,S\n6,,Kim,S\n' >t.csv
	run_ok import ticket t.csv --create --map Mail=customer.email --map Who=customer.name
	run_ok ticket list --fields customer --format csv --no-header --sort key
	assert_out 1 2 1 2 3 3
	printf 'key,Mail,Who,subject\n7,,Jo Li,S\n' >t.csv
	run_fail 1 import ticket t.csv --create --map Mail=customer.email --map Who=customer.name
	assert_err_has "t.csv:2: customer: customer 'name:Jo Li' is ambiguous: 1 Jo Li, 2 Jo Li"
	run_fail 2 import ticket t.csv --map Mail=customer.city
	assert_err_has "ticket has no field 'customer.city' to import"
}

# Tickets of 300 people, with all that may happen to them; 3000 rows.
many_tickets() { # FILE
	python3 - "$1" <<'EOF2'
import csv, datetime, random, sys
random.seed(7)
out = csv.writer(open(sys.argv[1], "w", newline=""))
out.writerow("Id,Requester,Requester email,Assignee,Group,Subject,Tags,Status,Priority,Via,Created at,Solved at,First reply time in minutes,First resolution time in minutes,Summation column".split(","))
begin = datetime.datetime(2026, 1, 1)
for i in range(3000):
    p = random.randrange(300)
    status = random.choice(["New", "Open", "Pending", "On-hold", "Solved", "Closed"])
    created = begin + datetime.timedelta(seconds=random.randrange(60 * 86400))
    reply = random.randrange(5000) if random.random() < .6 else ""
    first = random.randrange(9000) if status in ("Solved", "Closed") else ""
    solved = created + datetime.timedelta(minutes=first + random.choice([0, 0, 3000]), seconds=59) if first != "" else ""
    out.writerow([i + 1, f"Person {p}", f"p{p}@x.org", f"agent{p % 7}", f"team{p % 3}", f"Subject {i}",
        random.choice(["", "a", "a b"]), status, random.choice(["Low", "Normal", "High", "Urgent", "-"]),
        random.choice(["Mail", "Web form", "Chat", "Phone"]), created, solved, reply, first, 1])
EOF2
}

everything() { # DIRECTORY
	mkdir -p "$1"
	"$CRM" export ticket >"$1/ticket.csv" && "$CRM" export customer >"$1/customer.csv" &&
		"$CRM" ticket events --sort ticket,at,kind,old_value,new_value \
			--fields ticket,at,kind,old_value,new_value,actor,imported >"$1/events"
}

@test "3000 tickets at once make the same store as piece by piece" {
	new_store
	many_tickets all.csv
	run_ok import ticket all.csv --create
	assert_err_has '3000 created'
	everything whole
	[ "$(wc -l <whole/events)" -gt 9000 ]
	store_is_sound
	run_ok import ticket all.csv --create
	assert_err_has '3000 unchanged'
	run_ok undo
	run_ok ticket list
	assert_out
	run_ok ticket events
	assert_out
	store_is_sound

	rm "$(store_file)"
	new_store
	for i in 0 1 2 3 4 5; do
		{ head -n 1 all.csv && sed -n "$((i * 500 + 2)),$((i * 500 + 501))p" all.csv; } >part.csv
		run_ok import ticket part.csv --create
		assert_err_has ' 500 created'
	done
	everything pieces
	diff -r whole pieces
	store_is_sound
}

@test "an audit trail: by key or number, in the ticket's words, twice is once; what it lacked is filled in" {
	new_store
	run_ok customer add --name Ann
	printf 'key,customer,subject,status,created_at\nT-1,1,S,solved,2026-01-05 10:00\n' >t.csv
	run_ok import ticket t.csv
	printf 'ticket number,time,event,old value,new value\nT-1,2026-01-05 10:00,created,,\nT-1,2026-01-05 11:00,status,New,Working\nT-1,2026-01-05 11:30,reply,,\nT-1,2026-01-05 12:00,status,In Progress,Resolved\nT-1,2026-01-05 12:30,priority,Medium,Critical\nT-1,2026-01-05 12:30,assignee,gone,BOB\n' >e.csv
	run_ok import ticket_event e.csv
	assert_err_has ' 5 created, 0 updated, 1 unchanged'
	events 1 2026-01-05T10:00:00,created,-,- 2026-01-05T11:00:00,status,new,open 2026-01-05T11:30:00,reply,-,- \
		2026-01-05T12:00:00,status,open,solved 2026-01-05T12:30:00,priority,normal,urgent \
		2026-01-05T12:30:00,assignee,gone,bob
	fields ticket 1 first_reply_at=2026-01-05T11:30:00+00:00 solved_at=2026-01-05T12:00:00+00:00 stations=1
	remember_store
	run_ok import ticket_event e.csv
	assert_err_has ' 0 created, 0 updated, 6 unchanged'
	store_unchanged
	printf 'ticket,at,kind,actor\n1,2026-01-05 11:30,reply,bob\n' >e2.csv
	run_ok import ticket_event e2.csv
	assert_err_has ' 0 created, 1 updated'
	run_ok ticket events kind:reply --fields actor
	assert_out bob
	store_is_sound
	run_ok undo
	run_ok undo
	fields ticket 1 first_reply_at= solved_at=
	store_is_sound
}

@test "an audit trail with a kind, a status, a ticket that nobody knows" {
	new_store
	run_ok customer add --name Ann
	run_ok ticket add 1 --type question --subject S
	printf 'ticket,at,kind,new_value\n1,2026-01-05,stolen,\n1,2026-01-05,status,Parked\n9,2026-01-05,reply,\n1,2026-01-05,priority,blue\n' >e.csv
	run_fail 1 import ticket_event e.csv
	assert_err_has "e.csv:2: kind: '…' is not known"
	assert_err_has 'known: created, status, assignee, team, priority, type, reply'
	assert_err_has "e.csv:3: new_value: status: '…' is not known; known: new, open,"
	assert_err_has 'e.csv:4: ticket: there is no such ticket'
	assert_err_has "e.csv:5: new_value: priority: '…' is not known"
}

@test "a large audit trail twice is once, in one go as in pieces" {
	new_store
	run_ok customer add --name Ann
	python3 - <<'EOF2'
import random
random.seed(3)
with open("t.csv", "w") as t, open("e.csv", "w") as e:
    t.write("key,customer,subject,created_at\n")
    e.write("ticket id,time,event,from,to,user\n")
    for i in range(1, 501):
        t.write(f"{i},1,S{i},2026-01-01 00:00\n")
        now = "new"
        for k in range(8):
            to = random.choice([s for s in ["open", "pending", "hold", "solved"] if s != now])
            e.write(f"{i},2026-01-0{k + 1} 0{random.randrange(10)}:00,status,{now},{to},{random.choice(['', 'bob'])}\n")
            now = to
EOF2
	run_ok import ticket t.csv --source z
	run_ok import ticket_event e.csv
	assert_err_has '4000 created'
	store_is_sound
	run_ok ticket events --sort ticket,at,kind,old_value,new_value,actor --fields ticket,at,kind,old_value,new_value,actor
	mv "$out" whole
	remember_store
	run_ok import ticket_event e.csv
	assert_err_has ' 0 created, 0 updated, 4000 unchanged'
	store_unchanged
	run_ok undo
	for i in 0 1 2 3; do
		{ head -n 1 e.csv && sed -n "$((i * 1000 + 2)),$((i * 1000 + 1001))p" e.csv; } >part.csv
		run_ok import ticket_event part.csv
	done
	run_ok ticket events --sort ticket,at,kind,old_value,new_value,actor --fields ticket,at,kind,old_value,new_value,actor
	cmp whole "$out"
	store_is_sound
}

@test "a plan keeps the times of imported tickets" {
	new_store
	run_ok customer add --name Ann --email ann@x.org
	export_of z.csv "$zendesk" \
		'Id=1;;Requester email=ann@x.org;;Subject=S;;Status=Solved;;Created at=2026-01-05 10:00;;Solved at=2026-01-05 12:00;;First reply time in minutes=5'
	run_ok import ticket z.csv --plan plan
	run_ok ticket list
	assert_out
	run_ok apply plan
	fields ticket 1 created_at=2026-01-05T10:00:00+00:00 first_reply_at=2026-01-05T10:05:00+00:00 \
		solved_at=2026-01-05T12:00:00+00:00
	store_is_sound
}

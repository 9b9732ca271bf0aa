# Follow-ups that were agreed upon: add, done, snooze, skip, series. The clock stands at Tuesday 2026-03-10, 12:00 UTC.
load helper

setup_customers() {
	new_store
	run_ok customer add --name Li --phone +8613800138000 --owner bob
	run_ok customer add --name 张三
}

# The fields of follow-ups, as csv, those too that were written down later than the clock of these tests.
fields() { # FOLLOWUP NAMES
	"$CRM" --now 2099-01-01 followup list "id:$1" --fields "$2" --format csv --no-header
}

add() { # ARGUMENT…
	"$CRM" -q followup add "$@"
}

@test "what was agreed upon: whole days, times, coming weekdays, whose it is" {
	setup_customers
	run_ok followup add Li --due 2026-03-20 -m 'send the quote'
	assert_out 1
	assert_err 'created followup 1'
	# Tuesday noon: a bare Monday is the coming one, today 11:00 has passed and is allowed (a promise of the past)
	[ "$(add 张三 --due 'monday 10:00' --action 拜访 --ticket '' --tag vip)" = 2 ]
	[ "$(add 2 --due '今天' --action wechat --owner bob)" = 3 ]
	[ "$(fields 1 customer,due,due_day,action,purpose,owner,status,created_by)" = \
		'1,2026-03-20T00:00:00+00:00,2026-03-20,call,send the quote,bob,open,ann' ]
	[ "$(fields 2 customer,due,due_day,action,owner,tags)" = '2,2026-03-16T10:00:00+00:00,,visit,ann,vip' ]
	[ "$(fields 3 due_day,action,owner)" = '2026-03-10,wechat,bob' ]
	# the noun alone lists, the earliest due first
	run_ok followup --fields id,due
	assert_out "$(printf '3\t2026-03-10T00:00:00+00:00')" "$(printf '2\t2026-03-16T10:00:00+00:00')" \
		"$(printf '1\t2026-03-20T00:00:00+00:00')"
	run_ok followup show 2 --fields name,action
	assert_out 'name:   张三' 'action: visit'
	run_ok followup edit 1 --due 'tomorrow 9:00' --purpose 'send it'
	[ "$(fields 1 due,due_day,purpose)" = '2026-03-11T09:00:00+00:00,,send it' ]
	run_ok followup tag 1 3 --add later
	run_ok followup list tag:later --fields id
	assert_out 3 1
	run_ok followup rm 3 --yes
	run_ok undo
	[ "$(fields 3 action,tags)" = 'wechat,later' ]
	store_is_sound
}

@test "what cannot be written down" {
	setup_customers
	run_fail 2 followup add Li
	assert_err 'crm: followup add: when? (--due TIME)'
	run_fail 2 followup add Li --due soon
	assert_err_has "due: 'soon' is not a time"
	run_fail 2 followup add Li --due today --action dance
	assert_err_has 'known: call, visit, email, chat, sms, wechat, letter, other'
	run_fail 2 followup add Li --due today -m a --purpose b
	assert_err 'crm: followup add: either -m or --purpose'
	run_fail 3 followup add Zoe --due today
	run_fail 3 followup add Li --due today --owner zoe
	run_fail 3 followup add Li --due today --ticket 9
	# how far it is is said by the steps alone
	run_fail 2 followup add Li --due today --status done
	add Li --due today >id
	run_fail 2 followup edit 1 --status done
	run_fail 2 followup edit 1 --snoozed-until tomorrow
}

@test "done: an outcome, or a contact that is written down with it" {
	setup_customers
	ticket=$("$CRM" -q ticket add Li --type question --subject lamp)
	add Li --due 2026-03-09 -m 'ask about the lamp' --ticket "$ticket" >id
	add Li --due 2026-03-09 -m second >id
	run_ok followup done 2 -m 'no answer'
	assert_out
	assert_err 'done with followup 2'
	[ "$(fields 2 status,outcome,done_at,log)" = 'done,no answer,2026-03-10T12:00:00+00:00,' ]
	run_ok followup done 1 --channel phone --in --at 'yesterday 17:30' -m 'it works'
	[ "$(fields 1 status,outcome,done_at,log)" = 'done,,2026-03-09T17:30:00+00:00,1' ]
	run_ok log list --fields customer,ticket,channel,direction,at,subject,content,agent --format csv --no-header
	assert_out '1,1,phone,in,2026-03-09T17:30:00+00:00,ask about the lamp,it works,ann'
	# the contact counts as one
	run_ok customer list Li --fields last_contact_at,next_followup
	assert_out "$(printf '2026-03-09T17:30:00+00:00\t')"
	# one operation: undo takes back both
	run_ok undo
	[ "$(fields 1 status,log)" = 'open,' ]
	run_ok log list
	assert_out
	run_ok redo
	[ "$(fields 1 status,log)" = 'done,1' ]
	# the communication may go; what was done stays done
	run_ok log rm 1 --yes
	[ "$(fields 1 status,log)" = 'done,' ]
	store_is_sound
}

@test "done: what cannot be" {
	setup_customers
	add Li --due today >id
	remember_store
	run_fail 2 followup done 1 --channel pigeon
	run_fail 2 followup done 1 --in
	assert_err_has 'by which --channel?'
	run_fail 2 followup done 1 --channel phone --in --out
	run_fail 2 followup done 1 --at tomorrow
	assert_err_has 'lies ahead'
	run_fail 2 followup done 1 --next call
	assert_err "crm: next: 'call' is not ACTION:TIME, as in call:+7d or visit:next monday 10:00"
	run_fail 2 followup done 1 --next dance:+7d
	run_fail 2 followup done 1 --next 'call:-3d'
	assert_err "crm: next: 'call:-3d' has passed already"
	run_fail 3 followup done 9
	store_unchanged
	run_ok followup done 1
	run_fail 4 followup done 1
	assert_err 'crm: followup 1 is done already'
	run_fail 4 followup snooze 1 --until tomorrow
	run_fail 4 followup skip 1
}

@test "done with what was agreed upon next" {
	setup_customers
	add Li --due today -m quote --owner bob --tag hot >id
	run_ok followup done 1 --next 'visit：next monday 10:00'
	assert_err 'done with followup 1' 'followup 2: visit, due 2026-03-16 10:00'
	[ "$(fields 2 customer,due,action,purpose,owner,status,series)" = \
		'1,2026-03-16T10:00:00+00:00,visit,quote,bob,open,' ]
	run_ok followup done 2 -m ok --next call:2026-04-01
	assert_err_has 'followup 3: call, due 2026-04-01'
	[ "$(fields 3 due_day)" = 2026-04-01 ]
	run_ok undo
	run_fail 3 followup show 3
	[ "$(fields 2 status)" = open ]
	store_is_sound
}

@test "snoozed and skipped" {
	setup_customers
	add Li --due 2026-03-09 >id
	run_ok followup snooze 1 --until friday
	assert_err 'snoozed followup 1'
	[ "$(fields 1 status,due_day,snoozed_until)" = 'snoozed,2026-03-09,2026-03-13T00:00:00+00:00' ]
	run_ok customer list Li --fields next_followup
	assert_out 2026-03-13T00:00:00+00:00
	run_ok followup snooze 1 --until '+2h'
	[ "$(fields 1 snoozed_until)" = 2026-03-10T14:00:00+00:00 ]
	run_fail 2 followup snooze 1
	assert_err_has 'until when?'
	run_fail 2 followup snooze 1 --until yesterday
	assert_err "crm: --until 'yesterday': has passed already"
	run_fail 2 followup snooze 1 --until soon
	run_ok followup skip 1 -m 'moved away'
	assert_err 'skipped followup 1'
	[ "$(fields 1 status,outcome,done_at)" = 'skipped,moved away,2026-03-10T12:00:00+00:00' ]
	run_ok undo
	run_ok undo
	[ "$(fields 1 status,snoozed_until)" = 'snoozed,2026-03-13T00:00:00+00:00' ]
	store_is_sound
}

@test "many at once, from a list, all or none" {
	setup_customers
	for due in 2026-03-01 2026-03-02 2026-03-03; do add Li --due $due --tag x >id; done
	add Li --due 2026-03-04 --every day >id
	"$CRM" followup list tag:x | run_ok followup snooze - --until tomorrow
	assert_err 'snoozed 3 records'
	run_ok followup done 1 1
	assert_err 'done with followup 1'
	remember_store
	run_fail 4 followup done 2 1 3
	assert_err 'crm: followup 1 is done already'
	store_unchanged
	run_ok followup done 2 3 4 -m ok
	# daily since the 4th: the 5th to the 9th passed, today has not
	assert_err 'done with 3 records' '1 of them come again; 5 passed meanwhile'
	run_ok undo
	run_ok followup list status:done --fields id
	assert_out 1
	printf '' | run_ok followup done -
	assert_err 'no record is meant: nothing to do'
}

# The due times of a series as one after the other is done when it is due; ends it.
course() { # FOLLOWUP TIMES [ZONE]
	local id=$1 n=$2 zone=${3:-UTC} due
	for ((i = 0; i < n; i++)); do
		due=$("$CRM" --now 2099-01-01 --tz "$zone" followup list "id:$id" --fields due --format csv --no-header)
		printf '%s ' "${due%:00[+-]*}"
		"$CRM" -q --tz "$zone" --now "$due" followup done "$id"
		id=$("$CRM" --now 2099-01-01 followup list status:open --fields id --format csv --no-header)
	done
	"$CRM" -q followup rm "$id" --yes
}

@test "by the calendar: never drifting, month ends, leap years, weeks with days" {
	setup_customers
	id=$(add Li --due 2027-01-31 --every month)
	[ "$(course "$id" 5)" = '2027-01-31T00:00 2027-02-28T00:00 2027-03-31T00:00 2027-04-30T00:00 2027-05-31T00:00 ' ]
	id=$(add Li --due '2027-01-15 9:00' --every month --on last)
	[ "$(course "$id" 4)" = '2027-01-15T09:00 2027-01-31T09:00 2027-02-28T09:00 2027-03-31T09:00 ' ]
	id=$(add Li --due 2028-02-29 --every 1y)
	[ "$(course "$id" 5)" = '2028-02-29T00:00 2029-02-28T00:00 2030-02-28T00:00 2031-02-28T00:00 2032-02-29T00:00 ' ]
	# 2027-01-04 is a Monday
	id=$(add Li --due 2027-01-04 --every 每两周 --on 周一、周四)
	[ "$(course "$id" 5)" = '2027-01-04T00:00 2027-01-07T00:00 2027-01-18T00:00 2027-01-21T00:00 2027-02-01T00:00 ' ]
	id=$(add Li --due 2027-01-08 --every week --on mon-fri)
	[ "$(course "$id" 3)" = '2027-01-08T00:00 2027-01-11T00:00 2027-01-12T00:00 ' ]
	id=$(add Li --due 2027-12-30 --every day)
	[ "$(course "$id" 3)" = '2027-12-30T00:00 2027-12-31T00:00 2028-01-01T00:00 ' ]
	id=$(add Li --due 2027-01-10 --every quarter --on 15,1)
	[ "$(course "$id" 4)" = '2027-01-10T00:00 2027-01-15T00:00 2027-04-01T00:00 2027-04-15T00:00 ' ]
	store_is_sound
}

@test "the clock on the wall stays, also when it is changed" {
	setup_customers
	# New York goes from -05:00 to -04:00 on 14 March 2027; 02:30 of that day does not exist
	id=$("$CRM" -q --tz America/New_York followup add Li --due '2027-03-07 10:00' --every week)
	[ "$(course "$id" 3 America/New_York)" = '2027-03-07T10:00 2027-03-14T10:00 2027-03-21T10:00 ' ]
	id=$("$CRM" -q --tz America/New_York followup add Li --due '2027-03-13 02:30' --every day)
	[ "$(course "$id" 3 America/New_York)" = '2027-03-13T02:30 2027-03-14T03:00 2027-03-15T02:30 ' ]
	# a whole day is that day in every zone
	id=$("$CRM" -q --tz Asia/Shanghai followup add Li --due 2027-05-05 --every month)
	run_ok --tz America/New_York --now 2027-05-05T12:00:00Z followup done "$id"
	[ "$(fields $((id + 1)) due_day)" = 2027-06-05 ]
}

@test "chained: so long after it is done" {
	setup_customers
	id=$(add Li --due '2026-03-01 10:00' --after 30d -m 'still fine?')
	[ "$(fields "$id" after,series,occurrence)" = "30d,$id,1" ]
	run_ok followup snooze "$id" --until tomorrow
	# done on the 10th at noon: 30 days later, at the hour agreed upon
	run_ok followup done "$id"
	assert_err 'done with followup 1' 'followup 2: call, due 2026-04-09 10:00'
	[ "$(fields 2 status,snoozed_until,purpose,after,series,occurrence)" = 'open,,still fine?,30d,1,2' ]
	run_ok --now '2026-05-31 08:00' followup skip 2
	[ "$(fields 3 due)" = 2026-06-30T10:00:00+00:00 ]
	# months from the day on which it was done; hours are elapsed time
	id=$(add Li --due 2026-03-09 --after 1mo)
	run_ok --now '2027-01-31 08:00' followup done "$id"
	[ "$(fields $((id + 1)) due_day)" = 2027-02-28 ]
	id=$(add Li --due 2026-03-09 --after 36h)
	run_ok followup done "$id" --at 'today 11:15'
	[ "$(fields $((id + 1)) due,due_day)" = 2026-03-11T23:15:00+00:00, ]
	id=$(add Li --due 2026-03-09 --after 两周后)
	[ "$(fields "$id" after)" = 2w ]
	store_is_sound
}

@test "a series goes on once, with all that was agreed upon" {
	setup_customers
	run_ok field add followup room --type text
	id=$(add Li --due 2026-03-02 --every week --action visit -m 'weekly look' --owner bob --tag vip --set room=12 --key K1 --source erp)
	run_ok followup done "$id" -m 'all well'
	# the 9th passed too, the 16th is next
	assert_err 'done with followup 1' 'followup 2: visit, due 2026-03-16 (1 passed meanwhile)'
	[ "$(fields 2 action,purpose,owner,tags,room,every,series,occurrence,status,outcome,key,source)" = \
		'visit,weekly look,bob,vip,12,week,1,2,open,,,' ]
	# undo takes the next away, redo brings it back, and it is never there twice
	run_ok undo
	run_fail 3 followup show 2
	run_ok redo
	run_ok undo
	run_ok followup skip 1
	run_ok followup list series:1 --fields id,occurrence,status
	assert_out "$(printf '1\t1\tskipped')" "$(printf '3\t2\topen')"
	# what has been changed since cannot be taken back silently
	run_ok followup snooze 3 --until '+1mo'
	run_ok followup list --fields id,status series:1 occurrence:2
	assert_out "$(printf '3\tsnoozed')"
	# a late one is followed by the next on its own day, not counted from now
	run_ok --now '2026-03-18 12:00' followup done 3
	[ "$(fields 4 due_day,occurrence)" = 2026-03-23,3 ]
	# one that is early is followed by the next after it
	run_ok --now '2026-03-18 12:00' followup done 4
	[ "$(fields 5 due_day,occurrence)" = 2026-03-30,4 ]
	store_is_sound
}

@test "a series is changed and ended" {
	setup_customers
	id=$(add Li --due 2026-01-31 --every month)
	[ "$(fields "$id" every,on)" = month,31 ]
	run_ok followup done "$id"
	# a new day of the month: this one and those after it
	run_ok followup edit 2 --due 2026-03-20
	[ "$(fields 2 due_day,on,series,occurrence)" = 2026-03-20,20,2,1 ]
	run_ok --now 2026-03-20T12:00:00Z followup done 2
	[ "$(fields 3 due_day,series,occurrence)" = 2026-04-20,2,2 ]
	run_ok followup edit 3 --every 2w
	[ "$(fields 3 every,on,series,occurrence)" = 2w,,3,1 ]
	run_ok followup edit 3 --after 10d
	[ "$(fields 3 every,after)" = ,10d ]
	run_ok followup edit 3 --every week --on thu
	[ "$(fields 3 every,on,after)" = week,thu, ]
	run_ok followup edit 3 --every ''
	[ "$(fields 3 every,on)" = , ]
	run_ok followup done 3
	assert_err 'done with followup 3'
	run_ok followup list status:open
	assert_out
	# removing the first of a series leaves the others as they are, and the day of the month too
	id=$(add Li --due 2027-01-31 --every month)
	run_ok --now 2027-01-31T08:00:00Z followup done "$id"
	run_ok followup rm "$id" --yes
	run_ok --now 2027-02-28T08:00:00Z followup done $((id + 1))
	[ "$(fields $((id + 2)) due_day,occurrence)" = 2027-03-31,3 ]
	store_is_sound
}

@test "recurrences that mean nothing" {
	setup_customers
	bad() { # MESSAGE ARGUMENT…
		local message=$1
		shift
		run_fail 2 followup add Li --due 2026-03-12 "$@" || return
		assert_err_has "$message"
	}
	bad "every: '2h' is not a period: write it like day, 2w, month, 3mo or 1y" --every 2h
	bad "every: '2m' is not a period" --every 2m
	bad "every: '0w' is not a period: the number goes from 1 to 9999" --every 0w
	bad "every: '99999999999d' is not a period" --every 99999999999d
	bad 'on: says which days of --every are meant' --on last
	bad 'on: says which days of --every are meant' --on 15 --after 3d
	bad 'every and after contradict each other' --every week --after 3d
	bad "on: '15' is not a day of the period: days of a week are written like mon,thu or mon-fri" --every week --on 15
	bad "on: 'mon' is not a day of the period: days of a month are 1 to 31 and last" --every month --on mon
	bad "on: '32' is not a day of the period" --every month --on 32
	bad "on: 'mon' is not a day of the period: days are said of weeks, months and years" --every day --on mon
	bad "after: '0d' is not a length of time: it would be due again at once" --after 0d
	bad "after: '-3d' is not a length of time: it has no sign" --after -3d
	bad "after: '3x' is not a length of time" --after 3x
	run_ok followup list
	assert_out
}

@test "customers with no next step, and the next one on the card" {
	setup_customers
	run_ok customer add --name Wu
	add Li --due '2026-04-01 9:00' >id
	add Li --due 2026-03-20 >id
	add 张三 --due 2026-03-21 >id
	none() {
		"$CRM" customer list not:next_followup:'*' --fields name | tr '\n' ' '
	}
	[ "$(none)" = 'Wu ' ]
	run_ok customer show Li
	assert_out_has 'next_followup: 2026-03-20 00:00'
	run_ok customer list next_followup:..2026-03-31 --fields name --sort next_followup
	assert_out Li 张三
	run_ok followup done 3
	[ "$(none)" = '张三 Wu ' ]
	run_ok undo
	[ "$(none)" = 'Wu ' ]
	run_ok followup snooze 2 --until 2026-05-01
	run_ok customer list Li --fields next_followup
	assert_out 2026-04-01T09:00:00+00:00
	run_ok followup rm 1 --yes
	run_ok customer list Li --fields next_followup
	assert_out 2026-05-01T00:00:00+00:00
	run_ok followup edit 2 --customer Wu
	[ "$(none)" = 'Li ' ]
	run_ok followup skip 2
	[ "$(none)" = 'Li Wu ' ]
	store_is_sound
	# the customer takes them along, and undo brings them back
	run_ok customer rm 2 --yes
	run_ok followup list status:open
	assert_out
	run_ok undo
	run_ok followup list status:open --fields id
	assert_out 3
	store_is_sound
}

@test "they go along with a merged ticket, and let a removed one go" {
	setup_customers
	run_ok ticket add Li --type question --subject a
	run_ok ticket add Li --type question --subject b
	add Li --due today --ticket 2 >id
	run_ok ticket merge 1 2
	[ "$(fields 1 ticket)" = 1 ]
	run_ok undo
	[ "$(fields 1 ticket)" = 2 ]
	run_ok ticket rm 2 --yes
	[ "$(fields 1 ticket,status)" = ,open ]
	run_fail 4 agent rm 2 --yes
	store_is_sound
}

@test "completion" {
	setup_customers
	offers() { # WORDS… -- PREFIX: what is offered, in a line
		"$CRM" __complete "$@" | cut -f1 | tr '\n' ' '
	}
	[ "$(offers followup s)" = 'show snooze skip ' ]
	[ "$(offers followup done 1 --ne)" = '--next ' ]
	[ "$(offers followup add Li --action v)" = 'visit ' ]
	[ "$(offers export followup --format ic)" = 'ics ' ]
	[[ "$(offers followup list status:s)" = 'status:snoozed status:skipped ' ]]
}

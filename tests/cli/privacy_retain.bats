# Rules of retention: what is over and what is not, kind by kind; erasing it, by hand and by tick.
load helper

# Everything happens in January 2020; the clock then goes on to March 2026.
long_ago() {
	export CRM_NOW=2020-01-10T12:00:00Z
	new_store
}

now() {
	export CRM_NOW=${1:-2026-03-10T12:00:00Z}
}

customer() { # NAME OPTION…
	run_ok customer add --name "$@"
}

rule() { # NAME ENTITY KEEP FILTER…
	run_ok privacy retain add "$1" --entity "$2" --keep "$3" "${@:4}"
}

over() { # ID…: what is over by the rules, as their numbers
	run_ok privacy retain run --dry-run --fields id
	assert_out "$@"
}

@test "a customer is over when nothing happened to them since, whatever it is" {
	long_ago
	for name in none edited told noted ordered asked answered called open_ticket open_followup planned new; do
		customer "$name"
	done
	run_ok ticket add 6 --type question --subject s
	run_ok ticket solve 1
	run_ok ticket add 9 --type question --subject s
	run_ok followup add 8 --due 2020-02-01
	run_ok followup add 10 --due 2020-02-01
	now 2025-06-01T00:00:00Z
	run_ok customer edit edited --city Rome
	run_ok log phone told -m hello
	run_ok log add noted --channel other --internal yes -m 'a note among us'
	run_ok order add ordered --product pen
	run_ok ticket tag 1 --add seen
	run_ok survey add answered --score 5
	run_ok followup done 1
	run_ok log phone planned -m 'will visit' --at 2027-01-01
	now
	rule old customer 3y
	over 1 12
	rule older customer 9mo name:edited,told,noted,ordered,asked,answered,called
	over 1 12 2 3 4 5 6 7 8
	now 2025-12-01T00:00:00Z # of the ninth month the last day is not over
	run_ok privacy retain run older --dry-run
	assert_out
}

@test "the last thing is told, and the rule; json and the choice of columns" {
	long_ago
	customer Li
	run_ok log phone Li -m x --at 2020-01-09T08:30:00Z
	customer Wu
	now
	rule 'old ones' customer 3y
	run_ok privacy retain run --dry-run
	assert_out $'customer\t1\t2020-01-10T12:00:00+00:00\told ones' $'customer\t2\t2020-01-10T12:00:00+00:00\told ones'
	assert_err 'retention: would erase 2 records for good, with what hangs on them'
	run_ok privacy retain run --dry-run --format json --fields rule,id
	python3 -IS -c 'import json; assert json.load(open(".out")) == [{"rule": "old ones", "id": 1}, {"rule": "old ones", "id": 2}]'
	run_ok privacy retain run --fields help
	assert_out_has 'when the last thing happened to it'
	run_fail 2 privacy retain run --dry-run --fields nonsense
	run_ok customer list --fields id
	assert_out 1 2
}

@test "the boundary is that of the calendar, to the second" {
	long_ago
	customer Li
	rule month customer 1mo
	now 2020-02-10T12:00:00Z
	over
	now 2020-02-10T12:00:01Z
	over 1
	run_ok privacy retain edit month --keep 1d
	now 2020-01-11T12:00:00Z
	over
	now 2020-01-11T12:00:01Z
	over 1
}

@test "communications: those of open tickets stay; of the last contact with a customer who stays day and channel do" {
	long_ago
	customer Li
	customer Wu
	customer Ha
	run_ok log phone 1 -m 'first secret' --subject s1 --at 2020-01-02T10:00:00Z
	run_ok log email 1 --in -m 'last secret' --subject s2 --at 2020-01-03T10:00:00Z
	run_ok log add 1 --channel other --internal yes -m 'inner secret' --at 2020-01-04T10:00:00Z
	run_ok ticket add 2 --type question --subject open
	run_ok log email 2 --in --ticket 1 -m 'of an open one' --at 2020-01-05T10:00:00Z
	run_ok log chat 3 -m 'older secret' --at 2020-01-05T10:00:00Z
	now 2025-06-01T00:00:00Z
	run_ok log phone 3 -m 'young'
	now
	rule talk log 3y
	over 1 2 3 5
	run_ok privacy retain run --yes
	run_ok log list --fields id,at,customer,channel,direction,subject,content,agent --sort id --format csv --no-header
	assert_out '4,2020-01-05T10:00:00+00:00,2,email,in,,of an open one,ann' \
		'6,2025-06-01T00:00:00+00:00,3,phone,,,young,ann' \
		'7,2020-01-03T10:00:00+00:00,1,email,in,,,'
	run_ok customer list --fields id,last_contact_at,contacts
	assert_out $'1\t2020-01-03T10:00:00+00:00\t1' $'2\t2020-01-05T10:00:00+00:00\t1' $'3\t2025-06-01T00:00:00+00:00\t1'
	run_ok followup due --fields customer,reason
	lacks never "$out"
	over # what was left says nothing
	run_ok ticket solve 1
	over 4
	run_ok log phone 1 -m 'a new one'
	over 4 7 # it is the last contact no longer
	store_is_sound
	run_ok privacy retain run --yes
	run_ok customer show 1 --fields contacts,last_contact_at
	assert_out 'contacts:        1' 'last_contact_at: 2026-03-10 12:00'
	store_is_sound
	lacks -a secret "$(store_file)"
}

@test "tickets, orders, surveys and follow-ups: what is finished, since it was" {
	long_ago
	customer Li
	for n in 1 2 3 4; do
		run_ok ticket add 1 --type question --subject "t$n"
	done
	run_ok ticket solve 1 2
	run_ok ticket spam 4
	run_ok order add 1 --number A --product pen --at 2020-01-05
	run_ok order add 1 --number B --product pen --at 2020-01-05
	run_ok ticket edit 3 --order B
	run_ok survey sent 1 --at 2020-01-05
	run_ok survey add 1 --score 3 --at 2020-01-06
	run_ok survey sent 1 --at 2020-01-07
	run_ok followup add 1 --due 2020-02-01 -m done
	run_ok followup add 1 --due 2020-02-01 -m open
	run_ok followup add 1 --due 2020-02-01 --every month -m series
	run_ok followup done 1
	now 2020-02-01T12:00:00Z
	run_ok followup done 3
	now 2025-06-01T00:00:00Z
	run_ok ticket close 2
	now
	rule tickets ticket 3y
	over 1 4
	run_ok privacy retain rm 1 --yes
	rule orders order 3y
	over 1 # an open ticket is about the other
	run_ok privacy retain rm 2 --yes
	rule surveys survey 3y
	run_ok survey list --fields id --sort id
	cp "$out" all
	run_ok privacy retain run --dry-run --fields id
	diff all "$out"
	run_ok privacy retain rm 3 --yes
	rule followups followup 3y
	over 1
	run_ok followup list status:open,snoozed series:3 --fields id
	run_ok followup edit "$(cat "$out")" --every ''
	run_ok privacy retain run --yes
	store_is_sound
}

@test "what is over is erased for good, with all that hangs on it; others stay; undo refuses" {
	long_ago
	customer Zarquon --email zarquon@example.org
	run_ok log phone 1 -m 'asked about qwertzuiop'
	run_ok ticket add 1 --type question --subject asdfghjkl
	run_ok ticket solve 1
	run_ok customer edit 1 --note yxcvbnmlk
	run_ok customer edit 1 --note ''
	customer Li --tag keep
	now
	rule old customer 3y not:tag:keep
	run_fail 2 privacy retain run
	assert_err 'crm: privacy retain run: would erase 1 records for good: --yes says so'
	run_ok privacy retain run --yes
	assert_out $'customer\t1\t2020-01-10T12:00:00+00:00\told'
	assert_err 'retention: erased 1 record for good, with what hangs on it'
	run_ok customer list --fields id
	assert_out 2
	run_ok log list
	assert_out
	run_ok sql 'SELECT entity, record FROM v_erasure'
	assert_out $'customer\t1'
	for word in zarquon Zarquon qwertzuiop asdfghjkl yxcvbnmlk; do
		! grep -qa "$word" "$(store_file)"* || false
	done
	run_fail 4 undo
	run_ok privacy retain run --yes
	assert_out
	assert_err
	store_is_sound
}

@test "people who are restricted are left alone, unless the rule asks" {
	long_ago
	customer Li
	run_ok log phone 1 -m x
	customer Wu
	run_ok privacy restrict 1
	now
	rule old customer 3y
	rule talk log 3y
	over 2
	rule theirs customer 3y restricted:yes
	over 2 1
}

@test "the rules: named, listed in their order, changed, taken back; what is wrong is refused when it is written" {
	new_store
	rule b log 90d channel:phone 'subject:two words'
	rule a customer 3y stage:lead
	assert_out 2
	run_ok privacy retain
	assert_out $'1\t10\tb\tyes\tlog\t90d\tchannel:phone subject:"two words"' $'2\t20\ta\tyes\tcustomer\t3y\tstage:lead'
	run_ok privacy retain edit a --position 5 --keep 18mo --active no
	run_ok privacy retain list --fields name,keep,active
	assert_out $'a\t18mo\tno' $'b\t90d\tyes'
	run_ok undo
	run_ok privacy retain list --fields name,keep,active
	assert_out $'b\t90d\tyes' $'a\t3y\tyes'
	run_ok history retention:2 --fields field,old,new
	assert_out_has $'keep\t3y\t18mo'
	run_ok privacy retain rm 1 --yes
	run_ok undo
	remember_store
	run_fail 4 privacy retain add a --entity log --keep 3y
	run_fail 2 privacy retain add c --entity log
	run_fail 2 privacy retain add c --keep 3y
	run_fail 2 privacy retain add c --entity agent --keep 3y
	assert_err_has "'agent' is not known; known: customer, log, ticket, order, survey, followup"
	for keep in 3m 3 -3y +3y '3y 9:00' soon 5h 0d '' 3years 99999y; do
		run_fail 2 privacy retain add c --entity log --keep "$keep"
	done
	run_fail 2 privacy retain add c --entity log --keep 3y nofield:x
	assert_err_has "log has no field 'nofield'"
	run_fail 2 privacy retain add c --entity log --keep 3y '('
	run_fail 2 privacy retain edit a --filter 'nofield:x'
	run_fail 2 privacy retain edit a --entity log
	assert_err_has "log has no field 'stage'"
	run_fail 2 privacy retain edit a --keep 3h
	run_fail 3 privacy retain run nobody --dry-run
	store_unchanged
	run_ok privacy retain edit a --entity log --filter ''
	store_is_sound
}

@test "tick erases what is over, once a day, and when a rule was changed; a dry run does nothing" {
	long_ago
	customer Li
	now
	rule old customer 3y
	rule off log 1d --active no
	run_ok tick --dry-run
	assert_out
	assert_err 'retention: would erase 1 record for good, with what hangs on it'
	run_ok tick
	assert_err 'retention: erased 1 record for good, with what hangs on it'
	run_ok customer list
	assert_out
	run_ok tick
	assert_err
	now 2020-01-11T12:00:00Z
	customer Wu
	now 2026-03-10T18:00:00Z
	run_ok tick # looked at today
	assert_err
	run_ok privacy retain edit old --position 1
	run_ok tick
	assert_err 'retention: erased 1 record for good, with what hangs on it'
	now 2020-01-11T12:00:00Z
	customer Ha
	now 2026-03-10T18:00:00Z
	run_ok tick
	assert_err
	now 2026-03-11T00:00:01Z
	run_ok tick
	assert_err 'retention: erased 1 record for good, with what hangs on it'
	now 2026-03-12T00:00:01Z
	operations=$(crm history --fields id | wc -l)
	run_ok tick
	[ "$(crm history --fields id | wc -l)" -eq "$operations" ]
	store_is_sound
}

@test "a rule that fails is told; the others are applied, and so is all else of tick" {
	long_ago
	customer Li
	customer Wu
	run_ok field add customer colour --type text
	now
	rule first customer 3y colour:red
	rule second customer 3y name:Wu
	run_ok field rm customer colour --yes
	run_ok ticket add 1 --type question --subject s
	run_ok rule add --name late --event tick --condition 'subject:s' --actions 'tag late'
	run_status 1 tick
	assert_out $'late\t1\ttag late'
	assert_err_has "crm: warning: retention rule 'first': customer has no field 'colour'"
	assert_err_has 'retention: erased 1 record for good'
	assert_err_has 'crm: retention: 1 of 2 rules could not be applied'
	run_ok customer list --fields name
	assert_out Li
	run_status 1 privacy retain run --yes first
	run_ok privacy retain run second --yes
}

@test "more than one batch; several processes at once erase each once" {
	long_ago
	{ echo name; seq -f 'N%04.0f' 1300; } >file.csv
	run_ok import customer file.csv
	now
	rule old customer 3y 'not:name:N1300'
	"$CRM" privacy retain run --yes >first.out 2>first.err 3>&- &
	first=$!
	"$CRM" privacy retain run --yes >second.out 2>second.err 3>&- &
	run_ok customer add --name New
	wait "$first"
	wait $!
	[ "$(sort -u first.out second.out | wc -l)" -eq 1299 ]
	[ "$(cat first.out second.out | wc -l)" -eq 1299 ]
	run_ok customer list --fields name
	assert_out N1300 New
	run_ok sql 'SELECT count(*) FROM v_erasure'
	assert_out 1299
	store_is_sound
}

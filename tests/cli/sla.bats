# sla: what was promised for tickets, judged when asked; every number here was worked out by hand.
load helper

sla_setup() {
	export CRM_NOW=2026-03-01T00:00:00Z
	new_store
	run_ok customer add --name Li --tag vip
	run_ok customer add --name Wu
	export CRM_NOW=2026-03-10T09:00:00Z # a Tuesday
}

at() { # HH:MM [DAY]
	export CRM_NOW=2026-03-${2:-10}T$1:00Z
}

state() { # TICKET
	run_ok ticket show "$1" --fields sla,sla_due --format tsv --no-header
	cat "$out"
}

explain() { # TICKET
	run_ok sla explain "$1" --fields target,from,to,counted_s,why --format csv --no-header
	sed 's/2026-03-//g; s/:00+00:00//g' "$out"
}

@test "bad policies are refused, naming what is wrong" {
	sla_setup
	run_fail 2 sla add --name x
	assert_err_has 'nothing is promised'
	run_fail 2 sla add --name x --first-reply 'urgent soon'
	assert_err_has "first_reply: 'urgent soon'"
	run_fail 2 sla add --name x --first-reply 4
	run_fail 2 sla add --name x --first-reply 'high 1h, high 2h'
	assert_err_has 'two lengths of time for high'
	run_fail 2 sla add --name x --first-reply '1h, 2h'
	assert_err_has 'two lengths of time for all other priorities'
	run_fail 2 sla add --name x --first-reply 5h --resolution 'urgent 4h, 8h'
	assert_err_has 'first_reply: for priority urgent it is longer than the resolution'
	run_fail 2 sla add --name x --resolution 4h --filter nosuch:1
	run_fail 2 sla add --name x --resolution 4h --filter sla:met
	assert_err_has 'cannot depend on it'
	run_fail 2 sla add --name x --resolution 4h --filter 'urgency:>3'
	run_fail 3 sla add --name x --resolution 4h --calendar nosuch
	run_fail 2 sla add --name x --resolution 4h --pauses nosuch
	run_ok sla list
	assert_out
	run_ok sla add --name x --resolution 4h
	run_fail 4 sla add --name X --resolution 4h
}

@test "first reply: running, met at the last second, breached after it; nothing is stored" {
	sla_setup
	run_ok ticket add Li --type question --subject Q
	[ "$(state 1)" = "$(printf '\t')" ]
	run_ok sla add --name all --first-reply 2h
	[ "$(state 1)" = "$(printf 'running\t2026-03-10T11:00:00+00:00')" ]
	at 11:00
	[ "$(state 1)" = "$(printf 'running\t2026-03-10T11:00:00+00:00')" ]
	run_ok ticket reply 1 -m hi
	[ "$(state 1)" = "$(printf 'met\t')" ]
	run_ok undo
	at 11:01
	[ "$(state 1)" = "$(printf 'breached\t2026-03-10T11:00:00+00:00')" ]
	run_ok ticket reply 1 -m hi
	[ "$(state 1)" = "$(printf 'breached\t')" ]
	run_ok sla edit all --first-reply 3h # and history is judged anew
	[ "$(state 1)" = "$(printf 'met\t')" ]
	run_ok ticket list sla:met --fields id
	assert_out 1
	run_ok ticket list sla:breached
	assert_out
}

@test "resolution: pauses stand still, what remains counts from when it goes on; reopening goes on too" {
	sla_setup
	run_ok sla add --name all --resolution 3h
	run_ok ticket add Li --type question --subject Q # 09:00
	at 10:00
	run_ok ticket pend 1
	at 12:00
	[ "$(state 1)" = "$(printf 'paused\t')" ]
	run_ok log phone Li --in --ticket 1 -m yes
	at 12:30
	[ "$(state 1)" = "$(printf 'running\t2026-03-10T14:00:00+00:00')" ]
	at 13:30
	run_ok ticket solve 1
	[ "$(state 1)" = "$(printf 'met\t')" ]
	at 15:00
	run_ok ticket reopen 1
	at 15:10
	[ "$(state 1)" = "$(printf 'running\t2026-03-10T15:30:00+00:00')" ]
	at 15:31
	[ "$(state 1)" = "$(printf 'breached\t2026-03-10T15:30:00+00:00')" ]
	[ "$(explain 1)" = "$(printf '%s\n' \
		resolution,10T09:00,10T10:00,3600,new resolution,10T10:00,10T12:00,0,pending \
		resolution,10T12:00,10T13:30,5400,open resolution,10T13:30,10T15:00,0,solved \
		resolution,10T15:00,10T15:31,1860,open 'resolution,,10T15:30,10860,"breached: 3h1min of 3h, policy all"')" ]
	run_ok sla edit all --pauses none
	[ "$(state 1)" = "$(printf 'breached\t2026-03-10T15:00:00+00:00')" ]
}

@test "next reply: from the oldest unanswered word, each by itself" {
	sla_setup
	run_ok sla add --name all --next-reply 1h
	run_ok ticket add Li --type question --subject Q
	at 09:30
	[ "$(state 1)" = "$(printf '\t')" ]
	run_ok ticket reply 1 -m hi
	at 10:00
	run_ok log phone Li --in --ticket 1 -m one
	at 10:20
	run_ok log phone Li --in --ticket 1 -m two
	[ "$(state 1)" = "$(printf 'running\t2026-03-10T11:00:00+00:00')" ]
	at 10:50
	run_ok ticket reply 1 -m answer
	[ "$(state 1)" = "$(printf 'met\t')" ]
	at 11:00
	run_ok log phone Li --in --ticket 1 -m three
	at 12:30
	run_ok ticket reply 1 -m late
	[ "$(state 1)" = "$(printf 'breached\t')" ]
	run_ok report sla --format csv
	assert_out policy,target,met,breached,running,met_percent all,next_reply,1,1,0,50
}

@test "the first policy that fits: by filter, from its day on, by priority" {
	sla_setup
	run_ok sla add --name vip --filter customer.tag:vip --resolution 'urgent 1h, 4h' --since 2026-03-10
	run_ok sla add --name rest --resolution 8h
	run_ok ticket add Li --type question --subject old --at '2026-03-09 09:00'
	run_ok ticket add Li --type question --subject new
	run_ok ticket add Li --type question --subject now --priority urgent
	run_ok ticket add Wu --type question --subject other
	run_ok ticket list --fields id,sla_policy,sla_due --sort id
	assert_out "$(printf '1\trest\t2026-03-09T17:00:00+00:00')" "$(printf '2\tvip\t2026-03-10T13:00:00+00:00')" \
		"$(printf '3\tvip\t2026-03-10T10:00:00+00:00')" "$(printf '4\trest\t2026-03-10T17:00:00+00:00')"
	run_ok ticket list 'sla_due:..+2h' --fields id
	assert_out 1 3
	run_ok ticket list sla:breached --fields id
	assert_out 1
	run_ok sla edit rest --position 5
	run_ok ticket list sla_policy:vip
	assert_out
}

@test "working time: the night and the weekend do not count, and the explanation says so" {
	sla_setup
	run_ok calendar add --name shop --zone UTC --hours 'mon-fri 09:00-17:00' --holidays '2026-03-11 Inventory'
	run_ok sla add --name work --resolution 4h --calendar shop
	at 15:00
	run_ok ticket add Li --type question --subject Q # two hours today, tomorrow is a holiday, two on Thursday
	[ "$(state 1)" = "$(printf 'running\t2026-03-12T11:00:00+00:00')" ]
	at 10:00 12
	[ "$(explain 1)" = "$(printf '%s\n' resolution,10T15:00,10T17:00,7200,new \
		'resolution,10T17:00,12T09:00,0,holiday Inventory' resolution,12T09:00,12T10:00,3600,new \
		'resolution,,12T11:00,10800,"running: 3h of 4h, policy work"')" ]
	run_ok calendar edit shop --holidays ''
	[ "$(state 1)" = "$(printf 'breached\t2026-03-11T11:00:00+00:00')" ]
}

@test "report and simulate: met, breached and running, as things are and under other terms" {
	sla_setup
	run_ok sla add --name all --first-reply 1h --resolution 4h
	for i in 1 2 3 4; do run_ok ticket add Li --type question --subject "Q$i"; done
	at 09:30
	run_ok ticket reply 1 -m hi
	at 11:00
	run_ok ticket reply 2 -m hi
	run_ok ticket solve 1
	at 14:00
	run_ok ticket solve 2
	run_ok ticket spam 4
	run_ok report sla --format csv
	assert_out policy,target,met,breached,running,met_percent all,first_reply,1,2,0,33.3333333333333 \
		all,resolution,1,2,0,33.3333333333333
	run_ok sla simulate --first-reply 3h --resolution 1d --format csv --no-header
	assert_out all,first_reply,1,2,0,33.3333333333333,2,1,0,66.6666666666667 \
		all,resolution,1,2,0,33.3333333333333,2,0,1,100
	run_fail 2 sla simulate
	run_fail 3 sla simulate --policy nosuch --first-reply 1h
	run_fail 2 sla simulate --first-reply x
	run_ok report sla state:resolved --since 2026-03-10 --format csv --no-header --fields target,met,breached
	assert_out first_reply,1,1 resolution,1,1
	run_fail 4 sla explain 4
	run_fail 3 sla explain 9
}

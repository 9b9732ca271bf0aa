# tick: the rules of the clock, each once; tickets that wait until a time; several at once.
load helper

tick_setup() {
	export CRM_NOW=2026-03-09T07:00:00Z
	new_store
	run_ok customer add --name Li
	export CRM_NOW=2026-03-10T09:00:00Z
}

at() { # HH:MM [DAY]: the clock on 10 March 2026, or another day
	export CRM_NOW=2026-03-${2:-10}T$1:00Z
}

ask() { # SUBJECT OPTION…: a question of Li
	run_ok ticket add Li --type question --subject "$@"
}

fields() { # TICKET FIELDS
	run_ok ticket show "$1" --fields "$2" --format csv --no-header
	cat "$out"
}

ticks() { # LINE…: what tick does now
	run_ok tick
	assert_out "$@"
}

operations() {
	run_ok history --fields command
	wc -l <"$out"
}

row() { # RULE TICKET ACTION
	printf '%s\t%s\t%s' "$@"
}

@test "what is solved is closed after three days, once, to the second" {
	tick_setup
	run_ok rule add --name close --event tick --condition 'status:solved last_event:..-72h' --actions 'set status=closed'
	ask x
	ask y
	run_ok ticket solve 1 -m done
	at 08:59 13
	ticks
	at 09:00 13
	before=$(operations)
	ticks "$(row close 1 'set status=closed')"
	ticks
	at 09:00 14
	ticks
	[ "$(operations)" = $((before + 1)) ]
	run_ok history --limit 1
	assert_out_has 'tick; rules: close'
	run_ok ticket events kind:status --limit 1 --fields ticket,at,actor,old_value,new_value --format csv --no-header
	assert_out '1,2026-03-13T09:00:00+00:00,rule:close,solved,closed'
	run_ok ticket list --fields id,status
	assert_out "$(printf '1\tclosed')" "$(printf '2\tnew')"
	store_is_sound
}

@test "--dry-run shows the same and changes nothing; columns can be chosen, a wrong one does nothing" {
	tick_setup
	run_ok rule add --name a --event tick --condition status:new --actions 'tag a; note waiting; hook none'
	run_ok rule add --name b --event updated --condition tag:a --actions 'set priority=high'
	ask x
	remember_store
	run_ok tick --dry-run
	assert_out "$(row a 1 'tag a')" "$(row a 1 'note waiting')" "$(row a 1 'hook none')" \
		"$(row b 1 'set priority=high')"
	run_ok tick --fields help
	assert_out_has action
	run_fail 2 tick --fields rule,nosuch
	run_fail 2 tick nothing
	store_unchanged
	run_fail 4 tick
	assert_err_has "rule 'a', ticket 1: hook 'none'"
	store_unchanged
	run_ok rule edit a --actions 'tag a; note waiting'
	run_ok tick --fields ticket,rule --header
	assert_out "$(printf 'ticket\trule')" "$(printf '1\ta')" "$(printf '1\ta')" "$(printf '1\tb')"
}

@test "nothing to do leaves no entry" {
	tick_setup
	ask x
	before=$(operations)
	ticks
	run_ok rule add --name a --event tick --condition status:solved --actions 'tag a'
	ticks
	[ "$(operations)" = $((before + 1)) ]
}

@test "what stays as it is is not done again; something new to the ticket is a new occasion" {
	tick_setup
	run_ok rule add --name ping --event tick --condition status:new --actions 'note ping'
	run_ok rule add --name pong --event tick --condition status:new --actions 'note pong'
	ask x
	ticks "$(row ping 1 'note ping')" "$(row pong 1 'note pong')"
	# the rules' own notes are nothing new
	at 10:00
	ticks
	# neither is an edit of what is no event
	run_ok ticket edit 1 --category y
	ticks
	run_ok ticket edit 1 --priority high
	ticks "$(row ping 1 'note ping')" "$(row pong 1 'note pong')"
	run_ok log email 1 --in --ticket 1 -m hello
	ticks "$(row ping 1 'note ping')" "$(row pong 1 'note pong')"
	at 11:00
	ticks
	run_ok rule runs rule:1
	[ "$(wc -l <"$out")" = 3 ]
	store_is_sound
}

@test "a tick that finds that it does not fit any more makes room for the next time" {
	tick_setup
	run_ok rule add --name hot --event tick --condition category:hot --actions 'note hot'
	ask x --category hot
	ticks "$(row hot 1 'note hot')"
	run_ok ticket edit 1 --category cold
	run_ok ticket edit 1 --category hot
	ticks
	run_ok ticket edit 1 --category cold
	before=$(operations)
	ticks
	[ "$(operations)" = "$before" ]
	run_ok ticket edit 1 --category hot
	ticks "$(row hot 1 'note hot')"
	store_is_sound
}

@test "two rules against each other come to rest" {
	tick_setup
	run_ok rule add --name a --event tick --condition status:open --actions 'set status=pending'
	run_ok rule add --name b --event tick --condition status:pending --actions 'set status=open'
	ask x
	run_ok ticket take 1
	ticks "$(row a 1 'set status=pending')" "$(row b 1 'set status=open')"
	ticks
	ticks
}

@test "undo takes a tick back with its runs, redo does it again" {
	tick_setup
	run_ok rule add --name a --event tick --condition status:new --actions 'tag a; note once'
	ask x
	remember_store
	ticks "$(row a 1 'tag a')" "$(row a 1 'note once')"
	run_ok undo
	[ "$(fields 1 tags)" = '""' ]
	run_ok log list
	assert_out
	run_ok rule runs
	assert_out
	run_ok redo
	[ "$(fields 1 tags)" = a ]
	ticks
	run_ok undo
	ticks "$(row a 1 'tag a')" "$(row a 1 'note once')"
	store_is_sound
}

@test "tickets that wait until a time are open again from that time on, by tick" {
	tick_setup
	ask x
	ask y
	ask z
	run_ok ticket pend 1 --until '2026-03-11 08:00'
	run_ok ticket hold 2 --until '2026-03-11 08:00'
	run_ok ticket pend 3
	at 07:59 11
	ticks
	# changed meanwhile: nothing is written down as earlier than that
	at 08:30 11
	run_ok ticket edit 2 --priority high
	at 09:00 11
	run_ok tick --dry-run
	assert_out "$(row '' 1 'set status=open')" "$(row '' 2 'set status=open')"
	ticks "$(row '' 1 'set status=open')" "$(row '' 2 'set status=open')"
	ticks
	run_ok ticket events new_value:open --sort ticket --fields ticket,at,actor,old_value --format csv --no-header
	assert_out 1,2026-03-11T08:00:00+00:00,tick,pending 2,2026-03-11T08:30:00+00:00,tick,hold
	run_ok ticket list --fields status,pending_until
	assert_out "$(printf 'open\t')" "$(printf 'open\t')" "$(printf 'pending\t')"
	run_ok undo
	[ "$(fields 1 status,pending_until)" = pending,2026-03-11T08:00:00+00:00 ]
	store_is_sound
}

@test "what tick opens or changes sets off the rules of events in the same operation" {
	tick_setup
	run_ok rule add --name back --event updated --condition status:open --actions 'set priority=high'
	ask x
	run_ok ticket pend 1 --until '2026-03-11 08:00'
	at 09:00 11
	ticks "$(row '' 1 'set status=open')" "$(row back 1 'set priority=high')"
	run_ok undo
	[ "$(fields 1 status,priority)" = pending,normal ]
}

@test "conditions on what is promised: an hour before the deadline the ticket goes up" {
	tick_setup
	run_ok sla add --name all --first-reply 4h
	run_ok rule add --name soon --event tick --condition 'sla_due:..+1h sla:running' --actions 'set priority=urgent'
	ask x
	at 11:59
	ticks
	at 12:00
	ticks "$(row soon 1 'set priority=urgent')"
}

@test "one ticket that cannot be changed stops the tick, which names it" {
	tick_setup
	run_ok rule add --name t --event tick --condition 'subject:x' --actions 'set status=solved'
	ask x
	ask x
	run_ok ticket spam 2
	remember_store
	run_fail 4 tick
	assert_err_has "rule 't', ticket 2: status: a ticket that is spam cannot become solved; it can become open"
	store_unchanged
}

@test "several at once: every rule is applied exactly once to each ticket" {
	tick_setup
	run_ok rule add --name a --event tick --condition status:new --actions 'note ping'
	run_ok rule add --name b --event tick --condition status:new --actions 'set status=open'
	for i in $(seq 20); do
		ask "$i"
	done
	before=$(operations)
	for p in 1 2 3 4; do
		"$CRM" tick >"out.$p" 2>"err.$p" 3>&- &
	done
	wait
	cat err.*
	[ "$(cat out.* | wc -l)" = 40 ]
	[ "$(cat out.* | sort -u | wc -l)" = 40 ]
	run_ok log list
	[ "$(wc -l <"$out")" = 20 ]
	[ "$(operations)" = $((before + 1)) ]
	store_is_sound
}

@test "several at once while people work: each change is kept, and seen" {
	tick_setup
	run_ok rule add --name a --event tick --condition tag:go --actions 'tag gone'
	for i in $(seq 10); do
		ask "$i"
	done
	(for i in $(seq 10); do "$CRM" -q ticket tag "$i" --add go || touch failed; done) 3>&- &
	(for i in $(seq 10); do "$CRM" tick >>out.1 || touch failed; done) 3>&- &
	(for i in $(seq 10); do "$CRM" tick >>out.2 || touch failed; done) 3>&- &
	wait
	[ ! -e failed ]
	run_ok tick
	cat "$out" out.1 out.2 | sort -k2n >all
	[ "$(cut -f2 all | tr '\n' ' ')" = '1 2 3 4 5 6 7 8 9 10 ' ]
	run_ok rule runs
	[ "$(wc -l <"$out")" = 10 ]
	store_is_sound
}

# followup due: who is owed a contact. The clock stands at Tuesday 2026-03-10, 12:00 UTC.
load helper

# A customer of that name whose latest contact was then; none without a time.
contacted() { # NAME [TIME]
	local id
	id=$("$CRM" -q customer add --name "$1" --now 2025-01-01)
	[ $# -lt 2 ] || run_ok log chat "$id" -m x --at "$2"
}

due() { # ARGUMENT…
	run_ok followup due --fields name,action "$@"
}

@test "more than 7 days: visit; more than 3: call; else nothing" {
	new_store
	contacted d0 2026-03-10T08:00:00Z
	contacted d2 2026-03-08T12:00:00Z
	contacted d3 2026-03-07T12:00:00Z
	contacted d4 2026-03-06T12:00:00Z
	contacted d7 2026-03-03T12:00:00Z
	contacted d8 2026-03-02T12:00:00Z
	contacted d400 2025-02-03T12:00:00Z
	due
	assert_out "$(printf 'd400\tvisit')" "$(printf 'd8\tvisit')" "$(printf 'd7\tcall')" "$(printf 'd4\tcall')"
}

@test "days are counted between local dates, not in hours" {
	new_store
	# Three dates ago, whatever the hour, is not more than 3; four dates ago is, though only 84 hours and a second.
	contacted early3 2026-03-07T00:00:00Z
	contacted late4 2026-03-06T23:59:59Z
	contacted early7 2026-03-03T00:00:00Z
	contacted late8 2026-03-02T23:59:59Z
	run_ok followup due --fields name,action,days
	assert_out "$(printf 'late8\tvisit\t8')" "$(printf 'early7\tcall\t7')" "$(printf 'late4\tcall\t4')"
}

@test "the zone decides which date it is" {
	new_store
	# 17:00 UTC on the 6th is the 7th in Shanghai: three dates ago there, four in UTC.
	contacted a 2026-03-06T17:00:00Z
	due
	assert_out "$(printf 'a\tcall')"
	due --tz Asia/Shanghai
	assert_out
	# 02:00 UTC on the 7th is still the 6th in New York.
	contacted b 2026-03-07T02:00:00Z
	due --tz America/New_York
	assert_out "$(printf 'a\tcall')" "$(printf 'b\tcall')"
}

@test "never contacted come first, then the longest overdue, then by number" {
	new_store
	contacted d4a 2026-03-06
	contacted never1
	contacted d9 2026-03-01
	contacted never2
	contacted d4b 2026-03-06
	due
	assert_out "$(printf 'never1\tcall')" "$(printf 'never2\tcall')" "$(printf 'd9\tvisit')" "$(printf 'd4a\tcall')" \
		"$(printf 'd4b\tcall')"
}

@test "an internal note is no contact; a contact in is one" {
	new_store
	contacted a 2026-03-01
	run_ok log other 1 -m 'for us' --internal yes --at 2026-03-10T09:00:00Z
	due
	assert_out "$(printf 'a\tvisit')"
	run_ok log email 1 --in -m x --at 2026-03-10T09:00:00Z
	due
	assert_out
}

@test "do_not_call turns a call into the alternative and says so, a visit stays" {
	new_store
	contacted caller 2026-03-06
	contacted silent 2026-03-06
	contacted visited 2026-03-01
	contacted unknown
	run_ok customer edit 2 3 4 --do-not-call yes
	due
	assert_out "$(printf 'unknown\temail')" "$(printf 'visited\tvisit')" "$(printf 'caller\tcall')" \
		"$(printf 'silent\temail')"
	run_ok followup due name:silent --fields reason
	grep -qi 'call' "$out"
}

@test "columns: those that scripts rely on, any field of the customer beside them" {
	new_store
	run_ok customer add --name Li --phone +8613800138000 --email li@example.com --owner bob --city Hefei --tag vip \
		--now 2025-01-01
	run_ok log visit 1 -m x --at 2026-03-01T10:00:00Z
	run_ok followup due --header
	[ "$(head -n 1 "$out")" = "$(printf 'customer\tname\tphone\temail\towner\taction\tlast_contact_at\tdays\treason\tfollowup\tdue\tnot_before')" ]
	[ "$(tail -n 1 "$out" | cut -f 1-8)" = \
		"$(printf '1\tLi\t+8613800138000\tli@example.com\tbob\tvisit\t2026-03-01T10:00:00+00:00\t9')" ]
	[ -n "$(tail -n 1 "$out" | cut -f 9)" ]
	run_ok followup due --fields city,days,tags,last_contact_channel,name,contacts
	assert_out "$(printf 'Hefei\t9\tvip\tvisit\tLi\t1')"
	run_fail 2 followup due --fields name,colour
	run_ok followup due --format json --fields customer,days,last_contact_at,phone
	python3 - "$out" <<-'END'
		import json, sys
		d = json.load(open(sys.argv[1]))
		assert d == [{"customer": 1, "days": 9, "last_contact_at": "2026-03-01T10:00:00+00:00",
			"phone": "+8613800138000"}], d
	END
}

@test "filter, sort, limit, offset" {
	new_store
	contacted a 2026-03-01
	contacted b 2026-03-05
	contacted c
	run_ok customer edit 1 --city Hefei
	run_ok customer edit 2 --city Wuhu
	due city:Hefei,Wuhu
	assert_out "$(printf 'a\tvisit')" "$(printf 'b\tcall')"
	due not:city:Hefei
	assert_out "$(printf 'c\tcall')" "$(printf 'b\tcall')"
	due --sort -name
	assert_out "$(printf 'c\tcall')" "$(printf 'b\tcall')" "$(printf 'a\tvisit')"
	due --sort name --limit 1 --offset 1
	assert_out "$(printf 'b\tcall')"
	due --limit 2
	assert_out "$(printf 'c\tcall')" "$(printf 'a\tvisit')"
	due --limit 0
	assert_out
	due --sort city,-name city:*
	assert_out "$(printf 'a\tvisit')" "$(printf 'b\tcall')"
	run_fail 2 followup due --sort colour
	run_fail 2 followup due colour:red
}

@test "it only reads: twice the same, and the store is as before" {
	new_store
	contacted a 2026-03-01
	contacted b
	remember_store
	run_ok followup due
	cp "$out" first
	run_ok followup due
	diff first "$out"
	store_unchanged
}

@test "policies: own order, own filter, the first that fits decides, of its steps the longest that is owed" {
	new_store
	contacted vip 2026-03-07
	contacted plain 2026-03-07
	contacted old 2026-03-01
	run_ok customer tag 1 --add vip
	due
	assert_out "$(printf 'old\tvisit')"
	run_ok followup policy add --filter tag:vip --after 2d --action letter
	due
	assert_out "$(printf 'old\tvisit')" "$(printf 'vip\tletter')"
	# Behind the one for all, another for all reaches nobody.
	run_ok followup policy add --after 1d --action sms
	due
	assert_out "$(printf 'old\tvisit')" "$(printf 'vip\tletter')"
	run_ok followup policy add --filter name:plain --steps 'never call,1d sms or letter, 1w visit'
	due
	assert_out "$(printf 'old\tvisit')" "$(printf 'vip\tletter')" "$(printf 'plain\tsms')"
	run_ok followup policy list --fields position,filter,steps
	assert_out "$(printf '10\ttag:vip\t2d letter')" "$(printf '20\tname:plain\tnever call, 1d sms or letter, 1w visit')" \
		"$(printf '1000\t\tnever call or email, 7d visit, 3d call or email')" "$(printf '1010\t\t1d sms')"
	# One for some may be more patient than the one for all.
	run_ok followup policy add --position 5 --filter name:old --steps '30d call'
	due
	assert_out "$(printf 'vip\tletter')" "$(printf 'plain\tsms')"
}

@test "policies: edit and rm, undo" {
	new_store
	contacted a 2026-03-05
	due
	assert_out "$(printf 'a\tcall')"
	run_ok followup policy edit 1 --steps '5d call'
	due
	assert_out
	run_ok followup policy edit 1 --steps '4d wechat, 9d visit'
	due
	assert_out "$(printf 'a\twechat')"
	run_ok followup policy rm 1 --yes
	due
	assert_out
	run_ok undo
	due
	assert_out "$(printf 'a\twechat')"
	run_ok followup policy rm 1 --yes
	contacted never
	due
	assert_out
}

@test "policies: one step by --after, --action and --alternative" {
	new_store
	run_ok followup policy rm 1 --yes
	run_ok followup policy add --after 2d --action call --alternative wechat
	run_ok followup policy list --fields steps
	assert_out '2d call or wechat'
	contacted a 2026-03-05
	run_ok customer edit 1 --do-not-call yes
	due
	assert_out "$(printf 'a\twechat')"
	run_fail 2 followup policy add --after 2d --action call --steps '3d call'
	assert_err 'crm: followup policy add: either --steps or --after and --action'
	run_fail 2 followup policy add --alternative email
}

@test "policies: what cannot be understood is refused" {
	new_store
	remember_store
	for after in 7 d -3d 3m soon 99999999d ''; do
		run_fail 2 followup policy add --after "$after" --action call
	done
	run_fail 2 followup policy add --after 3d --action shout
	run_fail 2 followup policy add --after 3d
	run_fail 2 followup policy add
	run_fail 2 followup policy add --steps '3d call, 3d visit'
	run_fail 2 followup policy edit 1 --steps ''
	run_fail 2 followup policy add --after 3d --action call --filter colour:red
	run_fail 2 followup policy add --after 3d --action call --quiet-hours 21-9
	assert_err "crm: quiet_hours: '21-9': hours are written 09:00-18:00, from 00:00 to 24:00"
	run_fail 2 followup policy add --after 3d --action call --quiet-hours 00:00-24:00
	run_fail 3 followup policy add --after 3d --action call --calendar nosuch
	run_fail 3 followup policy edit 77 --steps '3d call'
	store_unchanged
}

@test "hours are elapsed time, strictly more" {
	new_store
	run_ok followup policy edit 1 --steps '72h call'
	contacted exact 2026-03-07T12:00:00Z
	contacted over 2026-03-07T11:59:59Z
	due
	assert_out "$(printf 'over\tcall')"
}

@test "working days: Monday to Friday" {
	new_store
	run_ok followup policy edit 1 --steps '2wd call'
	# From Friday 6th to Tuesday 10th: Monday, Tuesday are 2; from Thursday 5th: 3; from Saturday 7th: 2.
	contacted friday 2026-03-06T09:00:00Z
	contacted thursday 2026-03-05T09:00:00Z
	contacted saturday 2026-03-07T09:00:00Z
	run_ok followup due --fields name,action
	assert_out "$(printf 'thursday\tcall')"
}

@test "a planned contact in the future is none yet" {
	new_store
	contacted a 2026-03-01
	run_ok log visit 1 -m planned --at 2026-03-20T10:00:00Z
	run_ok followup due --fields name,action,days,last_contact_at
	assert_out "$(printf 'a\tvisit\t9\t2026-03-01T00:00:00+00:00')"
	contacted b 2026-04-01
	run_ok followup due name:b --fields name,action,days
	assert_out "$(printf 'b\tcall\t')"
	# once the visit has been, and eight days later
	due name:a --now 2026-03-21
	assert_out
	due name:a --now 2026-03-28
	assert_out "$(printf 'a\tvisit')"
}

@test "any past moment can be asked: as a store that ended then" {
	new_store
	contacted a 2026-02-01T10:00:00Z
	run_ok log phone 1 -m x --at 2026-02-20T10:00:00Z --now 2026-02-20T11:00:00Z
	run_ok log phone 1 -m x --at 2026-03-09T10:00:00Z
	run_ok customer add --name later --now 2026-03-05T00:00:00Z
	run_ok followup due --now 2026-02-10T12:00:00Z --fields name,action,days
	assert_out "$(printf 'a\tvisit\t9')"
	run_ok followup due --now 2026-02-21T12:00:00Z --fields name,action,days
	assert_out
	run_ok followup due --now 2026-03-04T12:00:00Z --fields name,action,days
	assert_out "$(printf 'a\tvisit\t12')"
	run_ok followup due --now 2026-03-06T12:00:00Z --fields name,action,days
	assert_out "$(printf 'later\tcall\t')" "$(printf 'a\tvisit\t14')"
	run_ok followup due --fields name,action,days
	assert_out "$(printf 'later\tcall\t')"
}

# log: writing communications down, and the facts that are kept from them.
load helper

log_setup() {
	new_store
	run_ok customer add --name Li --email li@example.com --phone +8613800138000 --key E7
	run_ok customer add --name Wu
}

# Last contact, its channel, number of contacts of customer 1.
facts() {
	run_ok customer show "${1:-1}" --fields last_contact_at,last_contact_channel,contacts --format tsv --no-header
	cat "$out"
}

content() { # LOG
	run_ok log show "$1" --fields content --format json
	python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); d=d[0] if isinstance(d,list) else d; print(d["content"], end="")' "$out"
}

@test "add prints the id alone, list the columns that scripts rely on" {
	log_setup
	run_ok log add 1 --channel phone --in --at 2026-03-09T08:30:00Z --subject Price --agent bob -m 'asked for a price'
	assert_out 1
	run_ok log add 1 --channel email --out -m reply
	assert_out 2
	run_ok log list --header
	assert_out "$(printf 'id\tat\tcustomer\tname\tchannel\tdirection\tagent\tsubject')" \
		"$(printf '2\t2026-03-10T12:00:00+00:00\t1\tLi\temail\tout\tann\t')" \
		"$(printf '1\t2026-03-09T08:30:00+00:00\t1\tLi\tphone\tin\tbob\tPrice')"
}

@test "log CHANNEL is log add with that channel" {
	log_setup
	for channel in phone email chat visit sms wechat whatsapp telegram social web api fax letter other; do
		run_ok log "$channel" 2 -m x
		run_ok log list customer:2 --limit 1 --sort -id --fields channel
		assert_out "$channel"
	done
	run_ok log list customer:2 --fields id
	[ "$(wc -l <"$out")" -eq 14 ]
}

@test "a customer is named by id, key, address, number or full name" {
	log_setup
	for name in 1 id:1 key:E7 li@example.com LI@example.COM '+86 138 0013 8000' phone:+8613800138000 Li name:Li; do
		run_ok log phone "$name" -m x
	done
	facts | grep -q $'\t9$'
	run_fail 3 log phone 77 -m x
	run_fail 3 log phone nobody@example.com -m x
	run_fail 3 log phone key:E8 -m x
	run_ok log list --fields id
	[ "$(wc -l <"$out")" -eq 9 ]
}

@test "in and out contradict each other" {
	log_setup
	run_fail 2 log phone 1 --in --out -m x
	run_ok log list
	assert_out
}

@test "a channel is required, and an unknown one names the nearest" {
	log_setup
	run_fail 2 log add 1 -m x
	assert_err_has channel
	run_fail 2 log add 1 --channel emial -m x
	assert_err_has email
	run_fail 2 log fone 1 -m x
	assert_err_has phone
	run_fail 2 log phone 1 --at 2026-02-30 -m x
	run_fail 2 log phone 1 --duration 5m -m x
	run_fail 2 log phone 1 --agent nobody-of-us --subject
	run_ok log list
	assert_out
}

@test "the text comes from -m, a file or stdin, exactly" {
	log_setup
	printf 'first line\n\n  indented\t\ttab \r\n中文 🎉 "quoted"\n' >text
	run_ok log phone 1 -F text
	content 1 >got
	# The line end that every editor leaves may go, nothing else.
	[ "$(cat got)" = "$(cat text)" ]
	"$CRM" log phone 1 -F - <text >"$out" 2>"$err"
	[ "$(content 2)" = "$(cat text)" ]
	run_ok log phone 1 -m '-starts with a dash'
	[ "$(content 3)" = '-starts with a dash' ]
	run_fail 1 log phone 1 -F no-such-file
	assert_err_has no-such-file
	run_fail 2 log phone 1 -m a -F text
}

@test "bytes that are no UTF-8 are refused, not mended" {
	log_setup
	printf 'a\377b' >bad
	run_fail 2 log phone 1 -F bad
	run_fail 2 log phone 1 -m $'a\xffb'
	run_ok log list
	assert_out
}

@test "without a text and without a terminal: wrong usage, nothing is written" {
	log_setup
	EDITOR='touch ran' run_fail 2 log phone 1
	assert_err_has '-m'
	[ ! -e ran ]
	run_ok log list
	assert_out
}

# Runs crm on a terminal of its own.
on_terminal() { # ARGUMENT…
	local line
	printf -v line '%q ' "$CRM" "$@"
	script -qec "$line" /dev/null </dev/null
}

@test "on a terminal the editor is asked for the text" {
	log_setup
	cat >editor <<-'END'
		#!/bin/sh
		printf 'written in an editor\n' >"$1"
	END
	chmod +x editor
	EDITOR=$PWD/editor on_terminal log phone 1
	[ "$(content 1)" = 'written in an editor' ]
}

@test "an editor that fails, or leaves nothing, writes nothing down" {
	log_setup
	EDITOR=false on_terminal log phone 1 || got=$?
	[ "${got:-0}" -eq 1 ]
	got=0
	EDITOR=true on_terminal log phone 1 || got=$?
	[ "${got:-0}" -eq 1 ]
	run_ok log list
	assert_out
}

@test "edit in the editor begins with the old text" {
	log_setup
	run_ok log phone 1 -m 'old text'
	cat >editor <<-'END'
		#!/bin/sh
		sed -i 's/old/new/' "$1"
	END
	chmod +x editor
	EDITOR=$PWD/editor on_terminal log edit 1
	[ "$(content 1)" = 'new text' ]
}

@test "edit --last is the one that I wrote down last, not the latest in time" {
	log_setup
	run_ok log phone 1 -m one --at 2026-03-09
	run_ok log phone 2 -m two --at 2026-03-01
	run_ok --as bob log phone 1 -m of-bob
	run_ok log edit --last -m changed
	[ "$(content 1)" = one ]
	[ "$(content 2)" = changed ]
	[ "$(content 3)" = of-bob ]
	run_ok --as bob log edit --last --subject S
	run_ok log show 3 --fields subject --format tsv --no-header
	assert_out S
	run_fail 3 --as carl log edit --last -m x
	run_fail 2 log edit --last 1 -m x
}

@test "edit changes fields, an empty value clears, what is not said stays" {
	log_setup
	run_ok log phone 1 -m text --subject S --in --duration 5min --at 2026-03-09T08:00:00Z
	run_ok log edit 1 --subject '' --duration 1h30min
	run_ok log show 1 --fields subject,direction,duration,content,at --format json
	python3 - "$out" <<-'END'
		import json, sys
		d = json.load(open(sys.argv[1]))
		d = d[0] if isinstance(d, list) else d
		assert d == {"subject": None, "direction": "in", "duration": 5400, "content": "text",
			"at": "2026-03-09T08:00:00+00:00"}, d
	END
	run_fail 2 log edit 1 --channel ''
	run_fail 2 log edit 1 --at ''
	run_fail 3 log edit 99 -m x
}

@test "facts follow add: the latest in time, whatever the order of writing" {
	log_setup
	[ "$(facts)" = $'\t\t0' ]
	run_ok log phone 1 -m x --at 2026-03-05T10:00:00Z
	[ "$(facts)" = $'2026-03-05T10:00:00+00:00\tphone\t1' ]
	run_ok log email 1 -m x --at 2026-03-01T10:00:00Z
	[ "$(facts)" = $'2026-03-05T10:00:00+00:00\tphone\t2' ]
	run_ok log visit 1 -m x --at 2026-03-07T10:00:00Z
	[ "$(facts)" = $'2026-03-07T10:00:00+00:00\tvisit\t3' ]
	[ "$(facts 2)" = $'\t\t0' ]
}

@test "facts: an internal note is no contact" {
	log_setup
	run_ok log phone 1 -m x --at 2026-03-05T10:00:00Z
	run_ok log other 1 -m note --internal yes
	[ "$(facts)" = $'2026-03-05T10:00:00+00:00\tphone\t1' ]
	run_ok log edit 2 --internal no
	[ "$(facts)" = $'2026-03-10T12:00:00+00:00\tother\t2' ]
	run_ok log edit 2 --internal yes
	[ "$(facts)" = $'2026-03-05T10:00:00+00:00\tphone\t1' ]
}

@test "facts follow edit, of the time and of the customer" {
	log_setup
	run_ok log phone 1 -m x --at 2026-03-05T10:00:00Z
	run_ok log email 1 -m x --at 2026-03-06T10:00:00Z
	run_ok log edit 2 --at 2026-03-04T10:00:00Z
	[ "$(facts)" = $'2026-03-05T10:00:00+00:00\tphone\t2' ]
	run_ok log edit 1 --channel wechat
	[ "$(facts)" = $'2026-03-05T10:00:00+00:00\twechat\t2' ]
	run_ok log edit 1 --customer 2
	[ "$(facts)" = $'2026-03-04T10:00:00+00:00\temail\t1' ]
	[ "$(facts 2)" = $'2026-03-05T10:00:00+00:00\twechat\t1' ]
	store_is_sound
}

@test "facts follow rm, undo and redo" {
	log_setup
	run_ok log phone 1 -m x --at 2026-03-05T10:00:00Z
	run_ok log email 1 -m x --at 2026-03-06T10:00:00Z
	run_fail 2 log rm 2
	run_ok log rm 2 --yes
	[ "$(facts)" = $'2026-03-05T10:00:00+00:00\tphone\t1' ]
	run_ok undo
	[ "$(facts)" = $'2026-03-06T10:00:00+00:00\temail\t2' ]
	run_ok redo
	[ "$(facts)" = $'2026-03-05T10:00:00+00:00\tphone\t1' ]
	run_ok log rm 1 --yes
	[ "$(facts)" = $'\t\t0' ]
	store_is_sound
	run_fail 3 log rm 1 --yes
}

@test "removing a customer removes its communications, undo brings all back" {
	log_setup
	run_ok log phone 1 -m x --at 2026-03-05T10:00:00Z
	run_ok log phone 2 -m y --at 2026-03-06T10:00:00Z
	run_ok log list --format json
	cp "$out" before
	run_ok customer rm 1 --yes
	run_ok log list --fields id
	assert_out 2
	run_ok undo
	run_ok log list --format json
	diff before "$out"
	[ "$(facts)" = $'2026-03-05T10:00:00+00:00\tphone\t1' ]
	store_is_sound
}

@test "an acting agent who is not in the store acts with a warning" {
	log_setup
	run_ok --as stranger log phone 1 -m x
	assert_err_has stranger
	run_ok log list --fields agent
	assert_out stranger
}

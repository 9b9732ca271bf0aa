#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# crm calendar: hours, holidays, adjusted working days; what they make of a period. 2026-03-10 is a Tuesday.

load helper

OFFICE='mon-fri 09:00-12:00 13:00-18:00'

# The working hours of a period: TO is exclusive when it names a time of day.
hours() { # CALENDAR SINCE UNTIL HOURS
	run_ok calendar hours "$1" --since "$2" --until "$3" --fields working_s
	assert_out $(($4 * 3600))
}

# One field of a calendar.
field() { # CALENDAR FIELD TEXT
	run_ok calendar show "$1" --format tsv --fields "$2"
	assert_out "$3"
}

@test "a new store has office hours, and they are the main ones" {
	new_store
	run_ok calendar list --format csv
	assert_out 'id,name,zone,hours,main,description' '1,office,,mon-fri 09:00-18:00,yes,'
	hours office 2026-03-09 2026-03-15 45
}

@test "add, show, list, edit, rm, and undone" {
	new_store
	run_ok calendar add --name Shop --zone Europe/Berlin --hours 'Mon-Fri: 9:00-12:00, 13:00-18:00; saturday 10:00-14:00' \
		--holidays '--12-25 Christmas; 2026/5/1' --workdays '2026-12-24 9:00-12:00 Christmas Eve' --description 'in Mitte'
	assert_out 2
	run_ok calendar show shop
	assert_out 'id:          2' 'name:        Shop' 'zone:        Europe/Berlin' \
		"hours:       $OFFICE; sat 10:00-14:00" 'holidays:    2026-05-01; --12-25 Christmas' \
		'workdays:    2026-12-24 09:00-12:00 Christmas Eve' 'main:        no' 'description: in Mitte' \
		'created_at:  2026-03-10 12:00' 'version:     3'
	run_ok calendar edit shop --hours 'sun-thu 22:00-06:00'
	field shop hours 'mon-thu,sun 22:00-06:00'
	run_ok undo
	field shop hours "$OFFICE; sat 10:00-14:00"
	run_ok calendar list zone:Europe/Berlin --fields name
	assert_out Shop
	run_fail 2 calendar rm 2
	run_ok calendar rm 2 --yes
	run_fail 3 calendar show shop
	run_ok undo
	field shop description 'in Mitte'
	run_ok calendar edit shop --holidays '' --workdays '' --zone ''
	field shop 'holidays,workdays,zone' "$(printf '\t\t')"
}

@test "Chinese hours and days" {
	new_store
	run_ok calendar add --name 北京 --zone Asia/Shanghai --hours '周一至周五：９：００－１２：００、13:00-18:00；星期六 10:00-14:00' \
		--holidays '2026年10月1日至2026年10月7日 国庆节；2026-05-01劳动节' --workdays '2026-09-27 补班'
	field 北京 hours "$OFFICE; sat 10:00-14:00"
	field 北京 holidays '2026-05-01 劳动节; 2026-10-01..2026-10-07 国庆节'
	# Sunday the 27th has Monday's hours; 1 and 2 October are a Thursday and a Friday, 3 a Saturday.
	run_ok --tz Asia/Shanghai calendar hours 北京 --since 2026-09-27 --until 2026-10-10 --fields working_s
	assert_out $(((8 + 3 * 8 + 2 * 8 + 4) * 3600))
}

@test "what is refused says the item and what would be right, and changes nothing" {
	new_store
	dump_store >before
	run_fail 2 calendar add --name x
	assert_err 'crm: calendar: hours is required'
	run_fail 2 calendar add --name x --hours ';'
	assert_err 'crm: hours: there is no working time; write weekly hours, such as mon-fri 09:00-18:00'
	run_fail 2 calendar add --name x --hours 'mon-fri 9-17'
	assert_err "crm: hours: 'mon-fri 9-17': hours are written 09:00-18:00, from 00:00 to 24:00"
	run_fail 2 calendar add --name x --hours 'mon 09:00-12:00 11:00-13:00'
	assert_err "crm: hours: 'mon 09:00-12:00 11:00-13:00': 11:00-13:00 overlaps 09:00-12:00; write each hour once"
	run_fail 2 calendar add --name x --hours 'mon 09:00-12:00' --zone Mars/Base
	assert_err "crm: zone: 'Mars/Base' is no time zone: write a name such as Asia/Shanghai, UTC or CST-8"
	run_fail 2 calendar add --name x --hours 'mon 09:00-12:00' --holidays '2026-02-29'
	assert_err "crm: holidays: '2026-02-29' is not a date: February 2026 has 28 days"
	run_fail 2 calendar add --name x --hours 'mon 09:00-12:00' --holidays '--01-01..--12-31'
	assert_err 'crm: holidays: every day of the year is one, so there is no working time; leave some out'
	run_fail 2 calendar edit office --workdays '2026-02-14; 2026-02-14 09:00-12:00'
	assert_err 'crm: workdays: 2026-02-14 09:00-12:00 is there already, as 2026-02-14; write each day once'
	run_fail 4 calendar add --name OFFICE --hours 'mon 09:00-12:00'
	dump_store | diff before -
}

@test "one is the main calendar" {
	new_store
	run_fail 4 calendar add --name shop --hours 'sat 10:00-14:00' --main yes
	assert_err 'crm: calendar 1, office, is the main one already: `crm calendar edit 1 --main no` first'
	run_ok calendar edit office --main no
	run_ok calendar add --name shop --hours 'sat 10:00-14:00' --main yes
	run_fail 4 calendar edit office --main yes
	assert_err_has 'calendar 2, shop, is the main one already'
	# Both change in one operation, in an order that never has two; undone, the same.
	printf 'name,hours,main\nshop,sat 10:00-14:00,no\noffice,mon-fri 09:00-18:00,yes\n' >swap.csv
	run_ok import calendar swap.csv
	run_ok calendar list main:yes --fields name
	assert_out office
	run_ok undo
	run_ok calendar list main:yes --fields name
	assert_out shop
}

@test "a calendar that a policy names keeps its name and stays" {
	new_store
	run_ok calendar add --name shop --hours 'sat 10:00-14:00'
	run_ok sla add --name s --resolution 4h --calendar shop
	run_fail 4 calendar edit shop --name store
	assert_err_has 'cannot be renamed'
	run_fail 4 calendar rm 2 --yes
	run_ok calendar edit shop --hours 'sun 10:00-14:00'
	run_ok sla rm 1 --yes
	run_ok calendar edit shop --name store
	field store hours 'sun 10:00-14:00'
}

@test "hours: elapsed time between the boundaries, also when clocks change" {
	new_store
	run_ok calendar add --name nights --zone America/New_York --hours 'mon-sun 22:00-06:00'
	# 8 March and 1 November 2026, at 02:00.
	run_ok --tz America/New_York calendar hours nights --since 2026-03-06T12:00 --until 2026-03-07T12:00 --fields working_s
	assert_out 28800
	run_ok --tz America/New_York calendar hours nights --since 2026-03-07T12:00 --until 2026-03-08T12:00 --fields working_s
	assert_out 25200
	run_ok --tz America/New_York calendar hours nights --since 2026-10-31T12:00 --until 2026-11-01T12:00 --fields working_s
	assert_out 32400
}

@test "hours: the columns, the zone in force, and periods" {
	new_store
	run_ok calendar hours office --since 2026-03-10T08:00 --until 2026-03-10T10:30 --format csv
	assert_out from,to,working_s 2026-03-10T08:00:00+00:00,2026-03-10T10:30:00+00:00,5400
	# office has no zone of its own: 10:30 there is 02:30 here.
	run_ok --tz Asia/Shanghai calendar hours office --since 2026-03-10T02:00Z --until 2026-03-10T02:30Z --fields working_s
	assert_out 1800
	# up to now, 12:00
	run_ok calendar hours office --since today --fields working_s
	assert_out 10800
	run_fail 2 calendar hours office
	assert_err 'crm: calendar hours: --since TIME is missing: where the period begins'
	run_fail 2 calendar hours office --since 2026-03-12 --until 2026-03-10
	run_fail 3 calendar hours nosuch --since today
}

@test "days of a text file" {
	new_store
	cat >2026.txt <<-'END'
		# as the State Council announced it

		2026-02-15..2026-02-23 春节
		2026年10月1日至2026年10月7日 国庆节
		work 2026-02-14 spring festival
		班 2026-02-28
		上班：2026-09-20
		2026-10-10 国庆节（补班）
		--12-25 Christmas; --12-26
		Work: 2026-12-24 9:00-12:00 Christmas Eve
	END
	run_ok calendar holidays office 2026.txt
	assert_out
	assert_err '18 holidays, 5 working days added'
	field office holidays \
		'2026-02-15..2026-02-23 春节; 2026-10-01..2026-10-07 国庆节; --12-25 Christmas; --12-26'
	field office workdays \
		'2026-02-14 spring festival; 2026-02-28; 2026-09-20; 2026-10-10 国庆节（补班）; 2026-12-24 09:00-12:00 Christmas Eve'
	# 9 to 13 February, Saturday the 14th, 24 to 27, Saturday the 28th: eleven days of nine hours.
	hours office 2026-02-09 2026-02-28 99
	# Once more: nothing is new, and no operation is written.
	run_ok history --format csv
	cp "$out" before
	run_ok calendar holidays office - <2026.txt
	assert_err '0 holidays, 0 working days added'
	run_ok history --format csv
	diff before "$out"
	run_ok undo
	field office 'holidays,workdays' "$(printf '\t')"
}

@test "days that are there do not change; --replace puts the file's in place of all" {
	new_store
	run_ok calendar edit office --holidays '2026-02-16..2026-02-22 春节; --05-01' --workdays '2026-12-24 09:00-12:00'
	printf '2026-02-17 again\n2026-02-20..2026-02-24\n2027-05-01 Labour Day\nwork 2026-12-24\n' >days
	run_ok calendar holidays office days
	assert_err '2 holidays, 0 working days added'
	field office holidays '2026-02-16..2026-02-22 春节; 2026-02-20..2026-02-24; --05-01'
	field office workdays '2026-12-24 09:00-12:00'
	run_ok calendar holidays office days --replace
	assert_err '7 holidays, 1 working day added'
	field office holidays '2026-02-17 again; 2026-02-20..2026-02-24; 2027-05-01 Labour Day'
	field office workdays '2026-12-24'
}

@test "a text file that does not read is refused with its line, whole" {
	new_store
	dump_store >before
	refused() { # TEXT MESSAGE
		printf '2026-01-01\n%b' "$1" >days
		run_fail 1 calendar holidays office days
		assert_err "crm: $2"
		dump_store | diff before -
	}
	refused '\n2026-02-30 x\n' "days:3: holidays: '2026-02-30 x' is not a date: February 2026 has 28 days"
	refused 'Christmas\n' "days:2: holidays: 'Christmas': an item begins with a day, 2026-12-25, or --12-25 for every year"
	refused '2026-12-24 09:00-12:00' \
		"days:2: holidays: '2026-12-24 09:00-12:00': a holiday has no hours; a day with its own hours is one of the workdays"
	refused 'work\n' 'days:2: the day is missing, as in `work 2026-02-14`'
	refused 'work 2026-02-14\nwork 2026-02-14 09:00-12:00\n' \
		'days:3: workdays: 2026-02-14 09:00-12:00 is there already, as 2026-02-14; write each day once'
	refused '2026-02-15 \0264\0272\n' 'days:2: not UTF-8; `iconv -t UTF-8 -f ENCODING` converts the file'
	run_fail 1 calendar holidays office /dev/null
	assert_err 'crm: /dev/null: has no day'
	run_fail 1 calendar holidays office nosuch
	assert_err 'crm: nosuch: No such file or directory'
	run_fail 3 calendar holidays nosuch days
	dump_store | diff before -
}

# An iCalendar file around the lines of standard input, with CR LF.
ics() { # FILE
	{
		printf 'BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n'
		cat
		printf 'END:VCALENDAR\n'
	} | sed 's/$/\r/' >"$1"
}

@test "days of an iCalendar file" {
	new_store
	ics china.ics <<-'END'
		BEGIN:VTIMEZONE
		TZID:Asia/Shanghai
		BEGIN:STANDARD
		DTSTART:19700101T000000
		TZOFFSETFROM:+0800
		TZOFFSETTO:+0800
		END:STANDARD
		END:VTIMEZONE
		BEGIN:VEVENT
		UID:1@test
		DTSTART;VALUE=DATE:20260215
		DTEND;VALUE=DATE:20260224
		SUMMARY;LANGUAGE=zh-CN:春节
		X-APPLE-SPECIAL-DAY:WORK-HOLIDAY
		BEGIN:VALARM
		TRIGGER:-PT9H
		SUMMARY:not this one
		END:VALARM
		END:VEVENT
		BEGIN:VEVENT
		DTSTART;VALUE=DATE:20260214
		X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY
		SUMMARY:春节
		END:VEVENT
		BEGIN:VEVENT
		DTSTART;VALUE=DATE:20260228
		SUMMARY:春节 调休上班
		END:VEVENT
		BEGIN:VEVENT
		DTSTART;VALUE=DATE:20260301
		DURATION:P2D
		SUMMARY:Stock-taking\, at home\; no (Work)
		END:VEVENT
		BEGIN:VEVENT
		DTSTART;VALUE=DATE:20191225
		DTEND;VALUE=DATE:20191227
		RRULE:FREQ=YEARLY;INTERVAL=1
		SUMMARY:Christmas\nand a very long name that is folded in the
		  middle
		END:VEVENT
		BEGIN:VEVENT
		DTSTART;VALUE=DATE:20260601
		STATUS:CANCELLED
		SUMMARY:not held
		END:VEVENT
	END
	run_ok calendar holidays office china.ics
	assert_err '11 holidays, 4 working days added'
	field office holidays \
		'2026-02-15..2026-02-23 春节; --12-25..--12-26 Christmas and a very long name that is folded in the middle'
	field office workdays \
		'2026-02-14 春节; 2026-02-28 春节 调休上班; 2026-03-01..2026-03-02 Stock-taking, at home, no (Work)'
	# With a byte order mark and bare line feeds, from a pipe: the same days.
	{
		printf '\xef\xbb\xbf'
		tr -d '\r' <china.ics
	} >bom.ics
	run_ok calendar holidays office - <bom.ics
	assert_err '0 holidays, 0 working days added'
	run_ok undo
	field office 'holidays,workdays' "$(printf '\t')"
}

@test "an iCalendar file that does not read, or says more than days, is refused with its line" {
	new_store
	dump_store >before
	refused() { # LINE MESSAGE: the property of an event, in line 6 of the file
		printf 'BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\n%s\nEND:VEVENT\n' "$1" | ics x.ics
		run_fail 1 calendar holidays office x.ics
		assert_err "crm: x.ics:$2"
		dump_store | diff before -
	}
	refused 'RRULE:FREQ=WEEKLY' \
		"6: 'RRULE:FREQ=WEEKLY': of recurrences only FREQ=YEARLY is taken; write such days one by one"
	refused 'RRULE:FREQ=YEARLY;UNTIL=20300101' \
		"6: 'RRULE:FREQ=YEARLY;UNTIL=20300101': of recurrences only FREQ=YEARLY is taken; write such days one by one"
	refused 'RRULE:FREQ=YEARLY;INTERVAL=2' \
		"6: 'RRULE:FREQ=YEARLY;INTERVAL=2': of recurrences only FREQ=YEARLY is taken; write such days one by one"
	refused 'EXDATE;VALUE=DATE:20270101' \
		"6: 'EXDATE;VALUE=DATE:20270101': exceptions of recurrences are not taken; write such days one by one"
	refused 'DTEND:20260101T120000Z' \
		"6: 'DTEND:20260101T120000Z': the event has a time of day; only whole days are taken"
	refused 'DTEND;VALUE=DATE:20261301' "6: 'DTEND;VALUE=DATE:20261301': there is no such day"
	refused 'DURATION:PT2H' "6: 'DURATION:PT2H': only whole days are taken, as P1D"
	refused 'DTEND;VALUE=DATE:20251231' '4: the event ends before it begins'
	refused 'DTSTART;VALUE=DATE:20260102' "6: 'DTSTART;VALUE=DATE:20260102': the event has that twice"
	refused 'nonsense' '6: the line is not like NAME:VALUE'
	refused 'END:VCALENDAR' '6: what begins in line 4 must end first'
	printf 'BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n' | ics x.ics
	run_fail 1 calendar holidays office x.ics
	assert_err 'crm: x.ics:4: the event has no DTSTART'
	printf 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\n' >x.ics
	run_fail 1 calendar holidays office x.ics
	assert_err 'crm: x.ics:4: the file is cut off: what begins in line 2 has no end'
	dump_store | diff before -
}

@test "exported calendars import as the same" {
	new_store
	run_ok calendar edit office --holidays '2026-02-16..2026-02-22 春节; --12-25' --workdays '2026-12-24 09:00-12:00'
	run_ok calendar add --name shop --zone Asia/Tokyo --hours 'sat,sun 10:00-19:00'
	run_ok export calendar -o all.csv
	run_ok import calendar all.csv
	assert_err_has '0 created, 0 updated, 2 unchanged'
	printf 'name,工作时间,时区,节假日,调休\n深圳,周一至周五 9:00-18:00,Asia/Shanghai,2026-01-01 元旦,2026-01-04\n' >cn.csv
	run_ok import calendar cn.csv
	field 深圳 'hours,zone,holidays,workdays' \
		"$(printf 'mon-fri 09:00-18:00\tAsia/Shanghai\t2026-01-01 元旦\t2026-01-04')"
	printf 'name,hours\nbad,never\n' >bad.csv
	run_status 1 import calendar bad.csv
	assert_err_has 'bad.csv:2: '
}

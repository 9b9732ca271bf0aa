# Follow-ups in the calendar of a telephone: crm export followup --format ics. What is written is read by ics.py.
load helper

read_ics() { # FILE PROPERTY…: an event a line
	python3 "$BATS_TEST_DIRNAME/ics.py" "$@" >"$out"
}

setup_tasks() {
	new_store
	run_ok customer add --name 张三 --phone +8613800138000 --email z@example.cn --company '北京, 贸易; 公司' --owner bob
	run_ok customer add --name Li
	run_ok followup add 1 --due '2026-03-16 10:00' -m 'the quote'
	run_ok followup add 2 --due 2026-03-20 --action visit
}

@test "events: times in UTC, whole days, whom to call" {
	setup_tasks
	run_ok --tz Asia/Shanghai followup add 1 --due '2026-03-17 9:30' --ticket ''
	run_ok export followup --format ics
	cp "$out" a.ics
	read_ics a.ics SUMMARY DESCRIPTION STATUS ALARM
	assert_out \
		"$(printf '20260316T100000Z\t"call 张三: the quote"\t"Phone: +8613800138000\\nE-mail: z@example.cn\\nCompany: 北京, 贸易; 公司\\nOwner: bob"\t"CONFIRMED"\t"-PT15M"')" \
		"$(printf '20260320\t"visit Li"\t"Owner: ann"\t"CONFIRMED"\t"PT9H"')" \
		"$(printf '20260317T013000Z\t"call 张三"\t"Phone: +8613800138000\\nE-mail: z@example.cn\\nCompany: 北京, 贸易; 公司\\nOwner: bob"\t"CONFIRMED"\t"-PT15M"')"
	# the ending says the form; the same store, the same bytes
	run_ok export followup -o b.ics
	cmp a.ics b.ics
	run_ok --now 2027-01-01 --tz America/New_York export followup -o c.ics
	cmp a.ics c.ics
}

@test "an event keeps its UID, and its stamp tells when it changed" {
	setup_tasks
	run_ok export followup 'id:1' -o a.ics
	read_ics a.ics UID DTSTAMP
	uid=$(cut -f2 "$out")
	[ "$(cut -f3 "$out")" = '"20260310T120000Z"' ]
	run_ok --now 2026-03-11T08:00:00Z followup snooze 1 --until 2026-03-18T15:00:00Z
	run_ok --now 2026-03-11T08:00:00Z customer edit 1 --name 张三丰
	run_ok --now 2026-03-12 export followup 'id:1' -o b.ics
	read_ics b.ics UID DTSTAMP SUMMARY
	assert_out "$(printf '20260318T150000Z\t%s\t"20260311T080000Z"\t"call 张三丰: the quote"' "$uid")"
	# another store has others, and a copy of this one the same
	run_ok dump
	cp "$out" dump.txt
	run_ok --store copy.db init
	run_ok --store copy.db load dump.txt
	run_ok --store copy.db --now 2026-03-12 export followup 'id:1' -o c.ics
	cmp b.ics c.ics
}

@test "done, skipped, snoozed until a day" {
	setup_tasks
	run_ok followup snooze 1 --until 2026-03-19
	run_ok followup skip 2 -m gone
	run_ok followup add 2 --due today
	run_ok followup done 3 -m 'all well'
	run_ok export followup -o a.ics
	read_ics a.ics STATUS ALARM DESCRIPTION
	assert_out \
		"$(printf '20260319\t"CONFIRMED"\t"PT9H"\t"Phone: +8613800138000\\nE-mail: z@example.cn\\nCompany: 北京, 贸易; 公司\\nOwner: bob"')" \
		"$(printf '20260320\t"CANCELLED"\t""\t"Owner: ann\\nOutcome: gone"')" \
		"$(printf '20260310\t"CONFIRMED"\t""\t"Owner: ann\\nOutcome: all well"')"
	# a filter chooses, and nothing is an empty calendar
	run_ok export followup status:open,snoozed owner:bob -o a.ics
	read_ics a.ics
	assert_out 20260319
	run_ok export followup owner:bob status:done -o a.ics
	printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//crm//follow-ups//EN\r\nCALSCALE:GREGORIAN\r\nEND:VCALENDAR\r\n' | cmp - a.ics
}

@test "long texts are folded between characters, signs escaped" {
	new_store
	run_ok customer add --name 欧阳娜娜
	purpose=$(python3 -c 'print("长途😀e\u0301" * 120 + "; a, b\\c: \"d\"")')
	run_ok followup add 1 --due today -m "$purpose"
	run_ok followup add 1 --due today -m $'line one\nline two\tand a tab'
	# lengths around the fold, with characters of one to four bytes
	for n in $(seq 40 80); do
		printf '1,2026-03-10,%s\n' "$(python3 -c "print('x' * $n + '钱😀ß' * 10)")"
	done | { echo customer,due,purpose && cat; } >many.csv
	run_ok import followup many.csv
	run_ok export followup -o a.ics
	read_ics a.ics SUMMARY
	PURPOSE=$purpose python3 - "$out" <<-'END'
		import json, os, sys
		lines = [json.loads(x.split("\t")[1]) for x in open(sys.argv[1], encoding="utf-8").read().splitlines()]
		assert lines[0] == "call 欧阳娜娜: " + os.environ["PURPOSE"], lines[0]
		assert lines[1] == "call 欧阳娜娜: line one\nline two\tand a tab", lines[1]
		assert lines[2:] == ["call 欧阳娜娜: " + "x" * n + "钱😀ß" * 10 for n in range(40, 81)]
	END
	# other control characters cannot be in a calendar: they are shown
	run_ok followup add 1 --due today -m $'bell \a'
	run_ok export followup id:44 -o a.ics
	read_ics a.ics SUMMARY
	assert_out "$(printf '20260310\t"call 欧阳娜娜: bell \\\\x07"')"
}

@test "calendars are of follow-ups" {
	setup_tasks
	run_fail 2 export customer --format ics
	assert_err 'crm: a calendar is about follow-ups: customer cannot be written so'
	run_fail 2 export customer -o x.ics
	[ ! -e x.ics ]
	run_fail 2 followup list --format ics
	assert_err 'crm: --format ics: only `crm export followup` writes calendars'
	run_fail 2 export followup --format ics --fields id
	assert_err_has 'a calendar has fields of its own'
	run_fail 2 export followup --format vcard
}

# Files that are refused for a reason that needs no story of its own.
# shellcheck disable=SC2016 # messages have commands in backquotes
load helper

files_setup() {
	new_store
	run_ok customer add --name Li
	remember_store
}

event() { # LINE…
	printf '%s\n' BEGIN:VCALENDAR BEGIN:VEVENT "$@" END:VEVENT END:VCALENDAR
}

@test "calendars whose events make no sense" {
	files_setup
	event 'DTSTART;VALUE=DATE:20260101' 'DTEND;VALUE=DATE:20260103' DURATION:P2D >both.ics
	assert_refusal 1 'both.ics:2: the event has both DTEND and DURATION' calendar holidays office both.ics
	event 'DTSTART;VALUE=DATE:20260101' 'DTEND;VALUE=DATE:20270102' RRULE:FREQ=YEARLY >year.ics
	assert_refusal 1 'year.ics:2: the event of every year takes the whole year' calendar holidays office year.ics
	event 'DTSTART;VALUE=DATE:20260101' "SUMMARY:$(printf 'x\377')" >latin.ics
	assert_refusal 1 'latin.ics:4: not UTF-8; `iconv -t UTF-8 -f ENCODING` converts the file' calendar holidays office latin.ics
	event 'DTSTART;VALUE=DATE:20260101' "SUMMARY:$(head -c 70000 /dev/zero | tr '\0' x)" >long.ics
	assert_refusal 1 'long.ics:4: the line is longer than 65536 bytes' calendar holidays office long.ics
	{
		echo BEGIN:VCALENDAR
		for _ in $(seq 20); do echo BEGIN:VEVENT; done
	} >deep.ics
	assert_refusal 1 'deep.ics:17: components inside each other more than 16 deep' calendar holidays office deep.ics
}

@test "lists of holidays that are none" {
	files_setup
	{ printf '2026-01-01 '; head -c 70000 /dev/zero | tr '\0' x; } >long.txt
	assert_refusal 1 'long.txt:1: the line is longer than any list of days' calendar holidays office long.txt
	head -c 4200000 /dev/zero | tr '\0' '\n' >huge.txt
	assert_refusal 1 'huge.txt: larger than any file of holidays (4 MiB)' calendar holidays office huge.txt
	assert_refusal 1 '.: Is a directory' calendar holidays office .
}

@test "imports whose options do not go together" {
	files_setup
	printf 'customer,at,channel\nLi,2026-03-01,phone\n' >log.csv
	assert_refusal 2 '--create: --mode update makes no records' import log log.csv --create --mode update
	assert_refusal 2 '--create: a plan cannot name records that are not there yet: import them first' \
		import log log.csv --create --plan -
}

@test "headers without end, presets without end" {
	files_setup
	{ for i in $(seq 900); do printf 'c%s%0.10000d,' "$i" 0; done; printf 'name\nLi\n'; } >wide.csv
	run_fail 1 import customer wide.csv
	assert_err_has 'line 1: the header is '
	head -c 1100000 /dev/zero | tr '\0' x >big.json
	printf 'name\nLi\n' >a.csv
	assert_refusal 2 "--preset './big.json': is larger than 1 MiB" import customer a.csv --preset ./big.json
	assert_refusal 1 "--preset './': Is a directory" import customer a.csv --preset ./
}

@test "a plan whose values are none" {
	files_setup
	printf 'name,city\nBo,Rome\n' >a.csv
	run_ok import customer a.csv --plan a.plan
	sed 's/"city":"Rome"/"city":7/' a.plan >bad.plan
	if cmp -s a.plan bad.plan; then return 1; fi
	run_fail 1 apply bad.plan
	assert_err_has 'city: has no text as its value'
	store_unchanged
}

@test "rules in a file without what they do" {
	files_setup
	printf 'rule a\n  when created\n' >a.rules
	run_fail 1 rule import a.rules
	assert_err_has 'the rule has no line `then ACTION`'
	store_unchanged
}

@test "what --check says of columns that may be two things, and of cards" {
	files_setup
	printf 'BEGIN:VCARD\nFN:Li\nEND:VCARD\n' >a.vcf
	for i in $(seq 6000); do printf 'BEGIN:VCARD\nFN:N%s\nEND:VCARD\n' "$i"; done >>a.vcf
	printf 'BEGIN:VCARD\nFN:Wu\nX-SHOE:7\nEND:VCARD\n' >>a.vcf
	run_status 5 import customer a.vcf --check || run_ok import customer a.vcf --check
	assert_out_has 'not imported: the columns come from the first cards, which do not have it'
}

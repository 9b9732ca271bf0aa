# followup due with what was agreed upon beside the policies, in groups, and the digest. Tuesday 2026-03-10, 12:00 UTC.
load helper

# Li (bob's) silent for nine days; Wu, spoken to yesterday, with three follow-ups; Zoe never contacted.
people() {
	new_store
	local id
	for id in Li Wu Zoe; do
		run_ok customer add --name "$id" --phone "+8613800138$((${#id}))00" --now 2025-01-01
	done
	run_ok customer edit 1 --owner bob
	run_ok customer edit 2 --email wu@example.com --city Rome
	run_ok log chat 1 -m x --at 2026-03-01T10:00:00Z
	run_ok log chat 2 -m x --at 2026-03-09T10:00:00Z
	export CRM_NOW=2026-03-07T12:00:00Z
	run_ok followup add 2 --due '2026-03-08 09:00' -m 'the <b>quote</b> & more' --owner ann
	run_ok followup add 2 --due 2026-03-10 --action email --owner ann
	run_ok followup add 2 --due 2026-03-17 --action visit -m '年度合同续签' --owner ann
	run_ok followup add 1 --due 2026-03-18 --owner ann
	export CRM_NOW=2026-03-10T12:00:00Z
}

@test "one list: what was agreed upon, then what policies ask for" {
	people
	run_ok followup due --fields customer,owner,action,followup,due,reason --format csv --no-header
	assert_out '2,ann,call,1,2026-03-08T09:00:00+00:00,"due 2026-03-08 09:00, 2 days late: the <b>quote</b> & more"' \
		'2,ann,email,2,2026-03-10T00:00:00+00:00,due 2026-03-10' '3,,call,,,never contacted' \
		'1,bob,visit,,,"9 days since the last contact, more than 7d"'
	run_ok followup due --for me --fields followup
	assert_out 1 2
	run_ok followup due --for '' --fields customer
	assert_out 3
	run_fail 3 followup due --for zoe
	run_ok followup done 1
	run_ok followup snooze 2 --until 2026-03-11
	run_ok followup due --fields customer
	assert_out 3 1
	# On the day before both were as they had been.
	run_ok followup due --now 2026-03-10T11:00:00Z --fields customer,followup
	assert_out "$(printf '2\t1')" "$(printf '3\t')" "$(printf '1\t')"
}

@test "groups: headings with counts for people, a column for programs" {
	people
	run_ok followup due --group-by owner --fields customer,action --format table
	assert_out 'ann (2)' 'customer  action' '       2  call' '       2  email' '' 'bob (1)' 'customer  action' '       1  visit' '' \
		'no owner (1)' 'customer  action' '       3  call'
	run_ok followup due --group-by owner --fields customer,action
	assert_out "$(printf '2\tcall\tann')" "$(printf '2\temail\tann')" "$(printf '1\tvisit\tbob')" "$(printf '3\tcall\t')"
	run_ok followup due --group-by city --fields customer,city --format csv
	assert_out customer,city 2,Rome 2,Rome 3, 1,
	run_ok followup due --group-by action --sort -customer --fields customer,action
	assert_out "$(printf '3\tcall')" "$(printf '2\tcall')" "$(printf '2\temail')" "$(printf '1\tvisit')"
	run_fail 2 followup due --group-by colour
	assert_err_has "no field 'colour'"
}

@test "quiet hours: not before, and --reachable" {
	new_store
	run_ok customer add --name Tokyo --timezone Asia/Tokyo
	run_ok customer add --name Rome --timezone Europe/Rome
	run_ok followup policy edit 1 --quiet-hours '20:30 - 8:00'
	run_ok followup policy list --fields quiet_hours
	assert_out 20:30-08:00
	# Noon UTC is 21:00 in Tokyo, where it is 8:00 eleven hours later.
	run_ok followup due --fields name,not_before,reason
	assert_out "$(printf 'Tokyo\t2026-03-10T23:00:00+00:00\tnever contacted; quiet hours until 08:00 Asia/Tokyo')" \
		"$(printf 'Rome\t\tnever contacted')"
	run_ok followup due --reachable --fields name
	assert_out Rome
}

@test "report followups counts the same list" {
	people
	run_ok report followups --format csv
	assert_out owner,action,due,overdue,never_contacted,oldest_days ,call,1,0,1, ann,call,1,1,0,1 ann,email,1,0,0,1 \
		bob,visit,1,1,0,9
}

@test "two at once, at any past moment, give the same answer and write nothing" {
	people
	run_ok followup done 1
	local file before now
	file=$(store_file)
	before=$(sha256sum "$file")
	for now in 2026-03-07T13:00:00Z 2026-03-08T10:00:00Z 2026-03-10T12:00:00Z 2026-04-01; do
		"$CRM" followup due --now $now >a &
		"$CRM" followup due --now $now >b &
		"$CRM" followup digest --for ann --now $now >c &
		"$CRM" followup digest --for ann --now $now >d &
		wait
		cmp a b
		cmp c d
		[ -s a ]
	done
	[ "$before" = "$(sha256sum "$file")" ]
	store_is_sound
}

@test "digest: overdue, today, ahead" {
	people
	run_ok followup digest --for me
	assert_out 'Follow-ups for ann, Tuesday 2026-03-10' '2 due today, 1 of them overdue; in the next 7 days: 1.' '' 'Overdue (1)' \
		' 1. Wu, call +8613800138200' '    due 2026-03-08 09:00, 2 days late: the <b>quote</b> & more [customer' \
		'    2, follow-up 1]' '' 'Today (1)' ' 2. Wu, email wu@example.com' '    due 2026-03-10 [customer 2, follow-up 2]' '' \
		'In the next 7 days (1)' ' 3. Wu, visit +8613800138200' '    due 2026-03-17: 年度合同续签 [customer 2, follow-up 3]' '' \
		"Due to customers whom nobody looks after: 1 (crm followup due --for '')"
	run_ok followup digest --for ann --lang zh
	assert_out_has 'ann 的待跟进事项，2026-03-10 星期二'
	assert_out_has '今天待跟进 2 项，其中逾期 1 项；未来 7 天 1 项。'
	assert_out_has ' 1. Wu，致电 +8613800138200'
	assert_out_has '约定 2026-03-08 09:00，已过 2 天：'
	run_ok followup digest --for bob
	assert_out_has '9 days since the last contact, more than 7d [customer 1]'
	run_ok followup digest --for ann --limit 0
	assert_out_has '1 more: crm followup due --for ann'
	run_ok followup digest --for ann --now 2026-01-01
	assert_out_has 'Nothing is due today; in the next 7 days: 0.'
	run_fail 2 followup digest
	run_fail 2 followup digest --for ann --format csv
	run_fail 2 followup digest --for ann --lang fr
	run_fail 2 followup due --format text
	run_fail 3 followup digest --for zoe
}

@test "digest: lines are no wider than 72 columns, Chinese counting two" {
	people
	run_ok followup add 1 --due 2026-03-10 --owner ann -m "$(printf '合%.0s' {1..200})$(printf ' word%.0s' {1..60}) $(printf 'x%.0s' {1..150})"
	run_ok followup digest --for ann
	python3 - "$out" <<-'END'
		import sys, unicodedata
		lines = open(sys.argv[1], encoding="utf-8").read().split("\n")
		width = lambda s: sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in s)
		assert max(map(width, lines)) <= 72, max(map(width, lines))
		assert max(map(width, lines)) >= 70
		text = "".join(lines).replace(" ", "")
		assert "合" * 200 in text and "word" * 60 in text and "x" * 150 in text
	END
}

@test "digest: HTML is whole, has nothing from elsewhere, and data in it is text" {
	people
	run_ok customer edit 2 --name '<script>alert(1)</script>"&'
	run_ok followup digest --for ann --format html
	python3 - "$out" <<-'END'
		import sys
		from html.parser import HTMLParser
		page = open(sys.argv[1], encoding="utf-8").read()
		assert page.startswith("<!DOCTYPE html>")
		open_tags, seen, text = [], set(), []
		class P(HTMLParser):
		    def handle_starttag(self, tag, attrs):
		        seen.add(tag)
		        for name, value in attrs:
		            assert name in ("lang", "charset", "name", "content", "style", "start", "href"), name
		            assert name != "href" or value.startswith("tel:+86"), value
		            assert "url(" not in (value or "")
		        if tag not in ("meta", "br"):
		            open_tags.append(tag)
		    def handle_endtag(self, tag):
		        assert open_tags.pop() == tag
		    def handle_data(self, data):
		        text.append(data)
		P().feed(page)
		assert not open_tags and not seen & {"script", "img", "link", "iframe"}, seen
		text = "".join(text)
		assert '<script>alert(1)</script>"&, call +8613800138200' in text
		assert "the <b>quote</b> & more" in text
	END
}

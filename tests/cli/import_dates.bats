# import: dates and times as files have them; --date-format, --tz, day numbers of spreadsheets, no date at all.
load helper

birthdays() {
	run_ok customer list --fields name,birthday
}

@test "dates that mean one day, whatever their form" {
	new_store
	cat >file <<-'END'
		name;birthday
		a;1990/1/2
		b;1990.1.2
		c;1990年1月2日
		d;19900102
		e;02 Jan 1990
		f;Jan 2, 1990
		g;1990-01-02T00:00:00Z
		h;1990
		i;--01-02
	END
	run_ok import customer file
	birthdays
	assert_out a$'\t'1990-01-02 b$'\t'1990-01-02 c$'\t'1990-01-02 d$'\t'1990-01-02 e$'\t'1990-01-02 \
		f$'\t'1990-01-02 g$'\t'1990-01-02 h$'\t'1990 i$'\t'--01-02
}

@test "day and month are not guessed: the row is rejected and says what to do" {
	new_store
	printf 'name,birthday\na,1/2/1990\nb,13/2/1990\nc,2/13/1990\nd,45000\n' >file
	run_fail 1 import customer file
	for line in 2 3 4; do
		assert_err_has "file:$line: birthday: "
	done
	assert_err_has "say their order by --date-format %d/%m/%Y or %m/%d/%Y"
	assert_err_has "file:5: birthday: '…' is not a date: if it is a day number of a spreadsheet, say --date-format excel"
	# what the command line takes is another matter
	run_fail 2 customer add --name x --birthday 19900102
	run_fail 2 customer add --name x --birthday 'Jan 2, 1990'
}

@test "--date-format: all dates keep to it, custom ones and times too" {
	new_store
	run_ok field add customer renewal --type date
	printf 'name,birthday,renewal\na,1/2/1990,28/2/2026\nb,12/5/1990,\n' >file
	run_ok import customer file --date-format %d/%m/%Y
	run_ok customer list --fields name,birthday,renewal
	assert_out $'a\t1990-02-01\t2026-02-28' $'b\t1990-05-12\t'
	run_ok undo
	run_fail 1 import customer file --date-format %m/%d/%Y
	assert_err_has "file:2: renewal: "
	assert_err_has "28 is no month"
	printf 'name,birthday\na,1990-01-02\n' >file
	run_fail 1 import customer file --date-format %d/%m/%Y
	assert_err_has "file:2: birthday: '…' is not a date: it does not fit --date-format"
	run_ok customer add --name A --key K
	printf 'customer,at,channel,content\nK,3/1/2026 3:04 PM,phone,x\n' >logs
	run_ok import log logs --date-format '%m/%d/%Y %H:%M %p'
	run_ok import log logs --date-format '%m/%d/%Y'
	run_ok log list --fields at,content
	assert_out $'2026-03-01T15:04:00+00:00\tx'
}

@test "--date-format is checked before the file" {
	new_store
	printf 'name,birthday\na,x\n' >file
	for format in %Q %d '' iso %H:%M '%d/%m/%Y %y'; do
		run_fail 2 import customer file --date-format "$format"
		assert_err_has "--date-format '$format': "
	done
	printf 'BEGIN:VCARD\nVERSION:4.0\nFN:A\nBDAY:19900102\nEND:VCARD\n' >card
	run_fail 2 import customer card --date-format %d/%m/%Y
	run_ok import customer card
	birthdays
	assert_out $'A\t1990-01-02'
	run_ok undo
	# a default is what the command line says
	printf 'name\na\n' >file
	run_ok import customer file --date-format %d/%m/%Y --default birthday=1990-01-02
	birthdays
	assert_out $'a\t1990-01-02'
}

@test "day numbers of spreadsheets" {
	new_store
	printf 'name,birthday\na,1\nb,61\nc,32874\nd,1990-05\n' >file
	run_ok import customer file --date-format excel
	birthdays
	assert_out $'a\t1900-01-01' $'b\t1900-03-01' $'c\t1990-01-01' $'d\t1990-05'
	run_ok undo
	printf 'name,birthday\na,60\n' >file
	run_fail 1 import customer file --date-format excel
	assert_err_has '29 February 1900, which never was'
	printf 'name,birthday\na,31412\n' >file
	run_ok import customer file --date-format excel1904
	birthdays
	assert_out $'a\t1990-01-01'
	run_ok customer add --name A --key K
	printf 'customer,at,channel,content\nK,45000.5,phone,x\n' >logs
	run_ok import log logs --date-format excel --tz Asia/Shanghai
	run_ok log list --fields at --tz Asia/Shanghai
	assert_out 2023-03-15T12:00:00+08:00
}

@test "0/0/00 is no date: nothing is put in, nothing is cleared unless asked" {
	new_store
	run_ok customer add --name A --key K1 --birthday 1990-01-02
	run_ok field add customer renewal --type date
	printf 'key,name,birthday,renewal\nK1,A,0/0/00,0000-00-00\nK2,B,0/0/00,0000-00-00 00:00:00\n' >file
	run_ok import customer file
	run_ok customer list --fields name,birthday,renewal
	assert_out $'A\t1990-01-02\t' $'B\t\t'
	run_ok import customer file --blank clear --date-format %d/%m/%Y
	birthdays
	assert_out $'A\t' $'B\t'
	# as it came in the file of rejects, and as text where it is text
	printf 'name,birthday,email,note\nC,0/0/00,bad,0/0/00\n' >file
	run_fail 1 import customer file --rejects rejects.csv
	[ "$(tail -n 1 rejects.csv | cut -d , -f 1-4)" = 'C,0/0/00,bad,0/0/00' ]
	sed -i 's/,bad,/,c@example.com,/' rejects.csv
	run_ok import customer rejects.csv
	run_ok customer list name:C --fields birthday,note
	assert_out $'\t0/0/00'
}

@test "times: T, fractions, Z, offsets, AM and PM; without a zone in --tz" {
	new_store
	run_ok customer add --name A --key K
	cat >logs <<-'END'
		customer;at;channel;content
		K;2026-03-01T07:04:05Z;phone;a
		K;2026-03-01T07:04:05.678Z;phone;b
		K;2026-03-01T15:04:05+0800;phone;c
		K;2026-03-01 15:04:05;phone;d
		K;2026/3/1 3:04:05 PM;phone;e
		K;2026/3/1 下午3:04:05;phone;f
		K;20260301T150405;phone;g
		K;Sun, 1 Mar 2026 07:04:05 GMT;phone;h
		K;Mar 1, 2026, 3:04:05 PM;phone;i
	END
	run_ok import log logs --tz Asia/Shanghai
	run_ok log list --fields at,content --sort content
	for c in a b c d e f g h i; do
		printf '2026-03-01T07:04:05+00:00\t%s\n' "$c"
	done | diff - "$out"
}

@test "--country reaches lists of numbers too" {
	new_store
	printf 'name,phone,phones\nA,13800138000,"work:13900139000, 010-12345678"\n' >file
	run_ok import customer file --country CN
	run_ok customer list phones:+8613900139000 --fields name
	assert_out A
}

# import --check: what is wrong with a file, without a store.
load helper

# Nothing may have been made on the way.
no_store() {
	[ ! -e "$(store_file)" ] && [ ! -e "$XDG_DATA_HOME" ]
}

# Findings as `line column kind severity`, without what is said of them.
brief() { # STATUS TYPE FILE [OPTION…]
	local wanted=$1
	shift
	run_status "$wanted" import "$@" --check --fields line,column,kind,severity
}

@test "a clean file: nothing, status 0, and no store is made" {
	printf 'key,name,email,phone,birthday\n1,Ann Bell,ann@example.org,+442079460018,1990-05-12\n2,李四,,+8613800138000,\n' >file
	run_ok import customer file --check
	assert_out
	assert_err '2 rows read; csv, UTF-8' 'nothing found'
	no_store
	run_ok import customer - --check <file
	assert_out
	run_ok --quiet import customer file --check
	assert_err
	no_store
}

@test "it is never asked for the store: a place that is none, a store that is damaged" {
	printf 'name\nAnn\n' >file
	run_ok --store /nonexistent/place/crm.db import customer file --check
	assert_out
	mkdir -p "$XDG_DATA_HOME/crm"
	echo 'no store' >"$(store_file)"
	run_ok import customer file --check
	assert_out
	[ "$(cat "$(store_file)")" = 'no store' ]
}

@test "duplicates: rows, keys, addresses, numbers in their normal form; both lines are named" {
	cat >file <<-'END'
		key,name,email,phone
		1,Ann,ann@example.org,+44 20 7946 0018
		2,Bob,ANN@Example.ORG,
		1,Ann,ann@example.org,+44 20 7946 0018
		1,Anne,,
		,Carl,,+442079460018
	END
	run_status 5 import customer file --check
	assert_out \
		$'3\temail\tduplicate\twarning\tANN@Example.ORG\tthe same email as line 2, under another key' \
		$'4\t\tduplicate\twarning\t\tthe same row as line 2' \
		$'5\tkey\tduplicate\terror\t1\tthe same key as line 2, with other values: an import takes both for one record' \
		$'6\tphone\tduplicate\terror\t+442079460018\tthe same phone as line 2, with other values: an import takes both for one record'
	no_store
	# a row that clashes with an earlier one does so each time
	printf 'name,phone\nAnn,+442079460018\nBob,+442079460018\nBob,+442079460018\nAnn,+442079460018\n' >file
	brief 5 customer file
	assert_out $'3\tphone\tduplicate\terror' $'4\tphone\tduplicate\terror' $'5\t\tduplicate\twarning'
}

@test "keys of two sources are two keys; a Message-ID is one" {
	printf 'key,source,name\n1,a,Ann\n1,b,Bob\n1,a,Carl\n' >file
	brief 5 customer file
	assert_out $'4\tkey\tduplicate\terror'
	# and keys of two sources do not tell who shares an address from who is the same
	printf 'key,source,name,email\n1,a,Ann,x@example.org\n2,b,Bob,x@example.org\n3,a,Carl,x@example.org\n' >file
	brief 5 customer file
	assert_out $'3\temail\tduplicate\terror' $'4\temail\tduplicate\twarning'
	printf 'at,customer,channel,message_id,content\n' >log
	printf '2026-01-02 10:00,Ann,email,<1@x.org>,a\n2026-01-02 11:00,Ann,email,<1@x.org>,b\n' >>log
	brief 5 log log
	assert_out $'3\tmessage_id\tduplicate\terror'
}

@test "values that an import refuses: an error each, with the reason it gives" {
	cat >file <<-'END'
		name,email,phone,phones,birthday,stage,age,do_not_call,timezone,emails
		A,a@,,,,,,,,
		B,,12,,,,,,,
		C,,,"work:+861012345678, home:77",,,,,,
		D,,,,1990-02-30,,,,,
		E,,,,,nobody,,,,
		F,,,,,,old,,,
		G,,,,,,,perhaps,,
		H,,,,,,,,Mars/Base,
		I,,,,,,,,,a@b
	END
	brief 5 customer file
	assert_out $'2\temail\temail\terror' $'3\tphone\tphone\terror' $'4\tphones\tphone\terror' \
		$'5\tbirthday\tdate\terror' $'6\tstage\tword\terror' $'7\tage\tnumber\terror' \
		$'8\tdo_not_call\tword\terror' $'9\ttimezone\tvalue\terror' $'10\temails\temail\terror'
	# the same rows are those that an import rejects
	new_store
	run_status 1 import customer file
	for line in 2 3 4 5 6 7 8 9 10; do
		assert_err_has "file:$line: "
	done
	assert_err_has '9 of 9 rows rejected'
}

@test "times, lengths of time and words of communications" {
	cat >log <<-'END'
		at,customer,channel,direction,duration,internal
		2026-01-02 10:00,Ann,phone,in,5min,no
		2026-13-02 10:00,Ann,phone,in,5min,no
		2026-01-02 10:00,Ann,pigeon,in,5min,no
		2026-01-02 10:00,Ann,phone,in,5m,no
		2026-01-02 10:00,Ann,phone,sideways,5min,no
	END
	brief 5 log log
	assert_out $'3\tat\tdate\terror' $'4\tchannel\tword\terror' $'5\tduration\tnumber\terror' \
		$'6\tdirection\tword\terror'
}

@test "--country and --tz hold as for an import" {
	printf 'name,phone\nA,13800138000\n' >file
	brief 5 customer file
	assert_out $'2\tphone\tphone\terror'
	brief 0 customer file --country CN
	assert_out
	run_ok config set phone.country CN
	brief 0 customer file
	assert_out
	# 2:30 on this day does not exist in Berlin
	printf 'at,customer,channel\n2026-03-29 02:30,A,phone\n' >log
	brief 0 log log
	assert_out
	brief 5 log log --tz Europe/Berlin
	assert_out $'2\tat\tdate\terror'
}

@test "what a new record must have: an error, unless the row may be about a stored one" {
	printf 'name,company,key\n,,\n,Acme,\n,,7\nAnn,,\n' >file
	run_status 5 import customer file --check
	assert_out \
		$'2\tname\tmissing\terror\t\tname is missing' \
		$'4\tname\tmissing\twarning\t\tname is missing: good for a stored record only'
	printf 'at,customer\n2026-01-02,Ann\n' >log
	run_status 5 import log log --check
	assert_out $'2\t\tmissing\terror\t\tchannel is missing'
	run_ok import log log --check --default channel=phone
	assert_out
	run_fail 2 import log log --check --default channel=pigeon
	assert_err_has '--default channel'
}

@test "role addresses, in further addresses too" {
	cat >file <<-'END'
		name,email,emails
		A,info@example.org,
		B,Support@Example.org,
		C,noreply+x@example.org,
		D,information@example.org,"work:sales@example.org, e@example.org"
		E,admin.bell@example.org,
	END
	brief 0 customer file
	assert_out $'2\temail\trole\twarning' $'3\temail\trole\twarning' $'4\temail\trole\twarning' \
		$'5\temails\trole\twarning'
}

@test "rows that do not fit, bytes that do not decode" {
	printf 'name,city\nAnn,London\nBob\nCarl,a,b\nJos\351,x\n' >file
	run_status 5 import customer file --check --encoding UTF-8
	assert_out \
		$'3\t\tragged\terror\t\tthe row has 1 cell, the header has 2' \
		$'4\t\tragged\terror\t\tthe row has 3 cells, the header has 2' \
		$'5\t\tbytes\terror\t\tbytes that are not UTF-8 in column \'name\''
	assert_err_has '4 rows read; csv, UTF-8'
	printf '{"name":"Ann"}\n[1]\n{"name":"Bob"}\n' >rows.jsonl
	brief 5 customer rows.jsonl
	assert_out $'2\t\trow\terror'
}

@test "what ends a file is an error with its line, after what was found before" {
	printf 'name,city\n Ann,London\nBob,"open\n' >file
	brief 5 customer file
	assert_out $'2\tname\tspaces\twarning' $'3\t\tfile\terror'
	printf 'name,name\nAnn,x\n' >file
	brief 5 customer file
	assert_out $'1\t\tfile\terror'
	: >file
	run_status 5 import customer file --check
	assert_out $'\t\tfile\terror\t\tthe file is empty'
}

@test "dates in several forms: the column, each form, how often, where first" {
	cat >file <<-'END'
		name,birthday
		A,1990-05-12
		B,1990-5-13
		C,1990/5/14
		D,1990年5月15日
		E,1990-05
		F,
	END
	run_ok import customer file --check
	assert_out $'4\tbirthday\tmixed-dates\twarning\t\tYYYY-MM-DD 2 times (first on line 2), YYYY/MM/DD 1 time (first on line 4), YYYY年MM月DD日 1 time (first on line 5)'
	printf 'name,birthday\nA,1990-05-12\nB,1990-12-31\n' >file
	run_ok import customer file --check
	assert_out
}

@test "dates of text columns too, when all of the column are dates" {
	printf 'name,title\nA,2026-01-02\nB,2026/1/3\n' >file
	brief 0 customer file
	assert_out $'3\ttitle\tmixed-dates\twarning'
	printf 'name,title\nA,2026-01-02\nB,2026/1/3\nC,Head of sales\n' >file
	brief 0 customer file
	assert_out
}

@test "ambiguous dates; those beside them settle the form, not the date" {
	cat >file <<-'END'
		name,birthday
		A,1/2/1990
		B,25/12/1990
		C,3/3/1990
	END
	run_status 5 import customer file --check --fields line,column,kind,severity,value
	assert_out $'2\tbirthday\tambiguous-date\terror\t1/2/1990' $'3\tbirthday\tdate\terror\t25/12/1990' \
		$'4\tbirthday\tdate\terror\t3/3/1990'
}

@test "garbled text" {
	cat >file <<-'END'
		name,city
		JosÃ© García,São Paulo
		Zoë,Łódź
		ä½ å¥½,北京
		ÕÅÈý,Åre
		锟斤拷,烫烫烫
		Tom &amp; Co,R&D
		A�B,x
		寮犱笁,王五
	END
	brief 0 customer file
	assert_out $'2\tname\tgarbled\twarning' $'4\tname\tgarbled\twarning' $'5\tname\tgarbled\twarning' \
		$'6\tname\tgarbled\twarning' $'6\tcity\tgarbled\twarning' $'7\tname\tgarbled\twarning' \
		$'8\tname\tgarbled\twarning' $'9\tname\tgarbled\twarning'
}

@test "stray spaces and what nobody sees" {
	printf 'name,city,note\n' >file
	printf ' Ann,London ,two  blanks  are  fine\n' >>file
	printf 'Bob  Bell,New\302\240York,x\n' >>file
	printf 'Ca\342\200\213rl,\343\200\200Bath,x\n' >>file
	printf 'Da\001ve,\342\200\256Rome,x\n' >>file
	printf '\360\237\221\251\342\200\215\360\237\222\273,ok,x\n' >>file
	run_ok import customer file --check --fields line,column,kind,message
	assert_out \
		$'2\tname\tspaces\thas blanks at the start' \
		$'2\tcity\tspaces\thas blanks at the end' \
		$'3\tname\tspaces\thas several blanks in a row' \
		$'3\tcity\tspaces\thas a no-break space' \
		$'4\tname\tspaces\thas a character without width' \
		$'4\tcity\tspaces\thas blanks at the start' \
		$'5\tname\tcontrol\thas a control character, or one that turns the direction' \
		$'5\tcity\tcontrol\thas a control character, or one that turns the direction'
}

@test "formulas; not numbers, phone numbers, dates" {
	cat >file <<-'END'
		name,note,phone,birthday,title
		=1+1,-12.5,+44 20 7946 0018,--05-12,+442079460018
		@sum,-,,,-- 
		A,-1+1,,,+1e5
	END
	run_ok import customer file --check --fields line,column,kind
	assert_out $'2\tname\tformula' $'3\tname\tformula' $'3\ttitle\tspaces' $'3\ttitle\tformula' $'4\tnote\tformula'
}

@test "headers: unknown, twice the same field, none that is known; empty columns" {
	cat >file <<-'END'
		name,电话,手机,shoe size,region
		A,+442079460018,+442079460019,38,
	END
	run_ok import customer file --check
	assert_out \
		$'\t手机\theader\twarning\t\tmeans phone, as \'电话\' does, which comes first: not imported (--map \'手机=FIELD\')' \
		$'\tshoe size\tunknown-column\twarning\t\tunknown, not imported (--map \'shoe size=FIELD\', --keep-unknown)' \
		$'\tregion\tempty-column\twarning\t\tno row has a value here'
	brief 0 customer file --map 手机=phones --keep-unknown --map region=
	assert_out
	printf 'Full Name,NAME\nA,B\n' >file
	run_status 5 import customer file --check
	assert_out $'\tNAME\theader\terror\t\tis name, as \'Full Name\' is: an import refuses the file (--map \'NAME=\' leaves it out)'
	printf 'foo,bar\n1,2\n' >file
	brief 5 customer file
	assert_out $'\tfoo\tunknown-column\twarning' $'\tbar\tunknown-column\twarning' $'\t\theader\terror'
	run_fail 2 import customer file --check --map foo=nothing
	run_fail 2 import customer file --check --map other=name
}

@test "very long cells; the value is shown as far as a reader needs it" {
	{ printf 'name,note\n'; printf 'x%.0s' $(seq 1001); printf ','; printf 'y%.0s' $(seq 1001); printf '\n'; } >file
	run_ok import customer file --check
	assert_out $'2\tname\tlong\twarning\t'"$(printf 'x%.0s' $(seq 60))"$'…\tis 1001 characters long'
}

@test "20 of a kind are shown, the rest is counted; --all" {
	{ printf 'name,email\n'; for i in $(seq 25); do printf ' N%d,info@x%d.org\n' "$i" "$i"; done; } >file
	brief 0 customer file
	[ "$(grep -c spaces "$out")" -eq 20 ]
	[ "$(grep -c role "$out")" -eq 20 ]
	assert_err '25 rows read; csv, UTF-8' 'role 25 (20 shown), spaces 25 (20 shown); --all shows all' \
		'no errors, 50 warnings'
	brief 0 customer file --all
	[ "$(wc -l <"$out")" -eq 50 ]
	assert_err '25 rows read; csv, UTF-8' 'role 25, spaces 25' 'no errors, 50 warnings'
}

@test "GB18030, UTF-16, a tab between" {
	printf '姓名,邮箱\n张三,bad\n 李四,b@example.org\n' >utf8
	iconv -f UTF-8 -t GB18030 utf8 >gb
	{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE utf8; } >utf16
	tr , '\t' <utf8 >tabs
	for file in utf8 gb utf16 tabs; do
		run_status 5 import customer "$file" --check --fields line,column,kind,value
		assert_out $'2\t邮箱\temail\tbad' $'3\t姓名\tspaces\t 李四'
	done
	run_status 5 import customer gb --check
	assert_err_has '2 rows read; csv, GB18030'
}

@test "json, jsonl, csv, table" {
	printf 'name,email\n Ann,a@\n' >file
	run_status 5 import customer file --check --format json
	python3 - "$out" <<-'END'
		import json, sys
		rows = json.load(open(sys.argv[1]))
		assert [list(r) for r in rows] == [["line", "column", "kind", "severity", "value", "message"]] * 2, rows
		assert [(r["line"], r["column"], r["kind"], r["severity"], r["value"]) for r in rows] == [
		    (2, "name", "spaces", "warning", " Ann"), (2, "email", "email", "error", "a@")], rows
	END
	run_status 5 import customer file --check --format jsonl
	[ "$(wc -l <"$out")" -eq 2 ]
	run_status 5 import customer file --check --format csv
	head -1 "$out" | grep -qx 'line,column,kind,severity,value,message'
	run_status 5 import customer file --check --format table
	assert_out_has 'ambiguous' && return 1
	assert_out_has 'spaces'
	run_ok import customer file --check --fields help
	assert_out_has severity
	printf '{"name":"Ann","email":"a@"}\n' >rows
	run_status 5 import customer rows --check --fields line,column,kind
	assert_out $'1\temail\temail'
}

@test "options that only an import has are refused, and those of --check without it" {
	printf 'name\nAnn\n' >file
	for option in --mode=insert --match=key --blank=keep --source=x --dry-run --partial --rejects=r --plan=p --create; do
		run_fail 2 import customer file --check "$option"
		assert_err_has "takes no ${option%%=*}"
	done
	run_fail 2 import customer file --all
	run_fail 2 import customer file --fields line
	run_fail 2 import nothing file --check
	run_fail 1 import customer missing --check
	run_fail 2 import customer file --check --country XX
	no_store
}

@test "files that a preset knows: its fields, under the names of their columns where they have one" {
	cat >file <<-'END'
		First Name,Last Name,E-mail Address,E-mail 3 Address,Job Title,Home Address,Internet Free Busy,Home City
		Ann,Bell,ann@example.org,info@example.org, Head,,,
		Bob,Bell,bob@,,,,,
		Carl,,ANN@example.org,,,,,
	END
	run_status 5 import customer file --check --fields line,column,kind,severity,value
	assert_out $'\tHome Address\tunknown-column\twarning\t' $'\tInternet Free Busy\tunknown-column\twarning\t' \
		$'2\temails\trole\twarning\tother:info@example.org' $'2\tJob Title\tspaces\twarning\t Head' \
		$'3\temail\temail\terror\tbob@' $'4\temail\tduplicate\terror\tANN@example.org'
	assert_err_has 'csv, UTF-8, preset outlook-com'
	brief 5 customer file --preset none
	assert_out_has $'\tE-mail 3 Address\tunknown-column\twarning'
}

@test "vCards" {
	printf 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann  Bell\r\nEMAIL:ann@\r\nEND:VCARD\r\n' >cards.vcf
	brief 5 customer cards.vcf
	assert_out $'1\tname\tspaces\twarning' $'1\temail\temail\terror'
	run_fail 2 import org cards.vcf --check
	assert_err_has 'vCards are customers'
}

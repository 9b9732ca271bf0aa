# vCards: what other programs write is read, what is written is what RFC 6350 says, and it comes in again unchanged.
load helper

counts() { # CREATED UPDATED UNCHANGED REJECTED
	python3 - "$out" "$@" <<-'END'
		import json, sys
		d = json.load(open(sys.argv[1]))
		got = [d[k] for k in ("created", "updated", "unchanged", "rejected")]
		assert got == [int(a) for a in sys.argv[2:]], d
	END
}

card() { # VERSION LINE…
	printf 'BEGIN:VCARD\r\nVERSION:%s\r\n' "$1"
	shift
	printf '%s\r\n' "$@" END:VCARD
}

# All that a card can hold of the customers, and the number of each.
fields=key,source,name,given_name,family_name,company,title,phone,phones,email,emails,gender,birthday,address,city,region,postcode,country,language,timezone,tags,note

@test "2.1 as old telephones write it: quoted-printable in GB2312, soft line breaks, bare types, no photo" {
	new_store
	{
		card 2.1 'N;CHARSET=GB2312;ENCODING=QUOTED-PRINTABLE:=D5=C5;=C8=FD;;;' \
			'FN;CHARSET=GB2312;ENCODING=QUOTED-PRINTABLE:=D5=C5=C8=FD' \
			'TEL;CELL:13800138000' 'TEL;WORK;FAX:010-65529988' 'TEL;HOME;PREF:010-65529977' \
			'EMAIL;PREF;INTERNET:zs@example.com' \
			'ADR;WORK;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;=E9=95=BF=E5=AE=89=E8=A1=97=' '=31=E5=8F=B7;=E5=8C=97=E4=BA=AC;;100000;' \
			'NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo' 'BDAY:19900512' \
			'PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD' ' 2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0=' ''
		card 2.1 'FN:Wu' 'TEL;HOME:010-65529966'
	} >phone.vcf
	run_ok import customer phone.vcf --country CN --format json
	counts 2 0 0 0
	assert_err_has 'phone.vcf: unknown columns: not imported: PHOTO ('
	run_ok customer list --fields name,given_name,family_name,phone,phones,email,address,city,postcode,birthday,note --format jsonl
	python3 - "$out" <<-'END'
		import json, sys
		li, wu = [json.loads(l) for l in open(sys.argv[1])]
		assert li == {"name": "张三", "given_name": "三", "family_name": "张", "phone": "010-65529977",
			"phones": [{"label": "mobile", "value": "13800138000"}, {"label": "work fax", "value": "010-65529988"}],
			"email": "zs@example.com", "address": "长安街1号", "city": "北京", "postcode": "100000",
			"birthday": "1990-05-12", "note": "one\ntwo"}, li
		assert (wu["name"], wu["phone"], wu["phones"]) == ("Wu", "010-65529966", []) or wu["phones"] is None, wu
	END
}

@test "3.0 as Apple and Google write it: groups, labels of one's own, a birthday without its year" {
	new_store
	card 3.0 'N:Winter;Ada;Maria;Dr.;' 'FN:Dr. Ada Maria Winter' 'ORG:Winter & Söhne\, GmbH;Sales;' \
		'item1.TEL:+49 30 12345678' 'item1.X-ABLabel:Zentrale' 'TEL;type=CELL;type=VOICE;type=pref:+4915112345678' \
		'item2.EMAIL;type=INTERNET:ada@example.org' 'item2.X-ABLabel:_$!<Other>!$_' 'EMAIL;type=HOME:winter@example.org' \
		'item3.ADR;type=WORK:;;Lindenstr. 1\n2. Hof;Berlin;;10969;Deutschland' 'item3.X-ABADR:de' \
		'BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29' 'CATEGORIES:vip,a\,b' 'URL:https://example.org' 'UID:A-17' \
		'NOTE:a long note that was folded in the middle of a w' ' ord, and goes on' >ada.vcf
	run_ok import customer ada.vcf --format json
	counts 1 0 0 0
	assert_err_has 'ada.vcf: unknown columns: not imported: N prefix, ORG unit, X-ABADR, URL ('
	lacks -q 'VERSION\|ABLABEL\|UID' "$err"
	run_ok customer show key:A-17 --format record \
		--fields name,given_name,family_name,company,phone,phones,email,emails,birthday,address,city,postcode,country,tags,note
	assert_out 'name:        Dr. Ada Maria Winter' 'given_name:  Ada Maria' 'family_name: Winter' \
		'company:     Winter & Söhne, GmbH' 'phone:       +4915112345678' 'phones:      Zentrale:+49 30 12345678' \
		'email:       ada@example.org' 'emails:      home:winter@example.org' 'birthday:    --02-29' \
		'address:     Lindenstr. 1' '             2. Hof' 'city:        Berlin' 'postcode:    10969' \
		'country:     Deutschland' 'tags:        a,b, vip' \
		'note:        a long note that was folded in the middle of a word, and goes on'
}

@test "4.0: URIs, preferences, gender, language, zone; --keep-unknown and --map" {
	new_store
	card 4.0 'FN:Simon' 'TEL;VALUE=uri;PREF=2:tel:+33-01-23-45-67' 'TEL;VALUE=uri;PREF=1;TYPE="voice,home":tel:+1-418-656-9254;ext=102' \
		'GENDER:O' 'LANG;PREF=1:fr' 'LANG;PREF=2:en' 'TZ:America/Toronto' 'KEY:not an external key' 'SOURCE:ldap://x' \
		'X-QQ:10001' 'NICKNAME:Sim' >simon.vcf
	run_ok import customer simon.vcf --keep-unknown --map given_name= --map NICKNAME=given_name --country FR
	run_ok customer list --fields name,given_name,key,source,phone,phones,gender,language,timezone,X_QQ,KEY --format record
	assert_out 'name:       Simon' 'given_name: Sim' 'phone:      +1-418-656-9254;ext=102' 'phones:     +33-01-23-45-67' \
		'gender:     other' 'language:   fr' 'timezone:   America/Toronto' 'X_QQ:       10001' \
		'KEY:        not an external key'
}

@test "found by content in any encoding, or by --read vcard; only customers" {
	new_store
	card 3.0 'FN:张三' >utf8
	iconv -f UTF-8 -t GB18030 utf8 >gb
	{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE utf8; } >utf16
	{ printf '\357\273\277\r\n\r\n'; cat utf8; } >bom
	for file in utf8 gb utf16 bom; do
		run_ok import customer "$file" --format json
		counts 1 0 0 0
		assert_err_has '; vcard, '
		run_ok customer list --fields name
		assert_out 张三
		run_ok undo
	done
	run_ok import customer - --read vcard <utf8
	run_fail 1 import customer /dev/null --read vcard
	assert_err 'crm: /dev/null: the file is empty'
	run_fail 2 import org utf8
	assert_err 'crm: utf8: vCards are customers: crm import customer'
	run_fail 2 import customer utf8 --read vcf
}

@test "cards that cannot be taken are told with line and reason, the others kept by --partial" {
	new_store
	{
		card 3.0 'FN:Good'
		printf 'BEGIN:VCARD\nFN:Open\n'
		card 3.0 'FN:Bytes' 'NOTE;CHARSET=GB2312;ENCODING=QUOTED-PRINTABLE:=D5'
		card 3.0 'FN:Phone' 'TEL:abc'
		card 2.1 'FN:Outer' 'AGENT:' 'BEGIN:VCARD' 'FN:Inner' 'END:VCARD'
		card 3.0 'FN:No colon' 'NOTE'
		card 3.0 'NOTE:nobody'
		card 3.0 'FN:Born' 'BDAY:soon'
		printf 'stray\n'
		card 3.0 'FN:Good too'
	} >bad.vcf
	remember_store
	run_fail 1 import customer bad.vcf
	store_unchanged
	run_status 5 import customer bad.vcf --partial --rejects rejects.csv
	assert_err_has 'crm: bad.vcf:5: the card is not closed: END:VCARD is missing before line 7'
	assert_err_has 'crm: bad.vcf:7: line 10: NOTE: bytes that are not GB18030'
	assert_err_has 'crm: bad.vcf:12: phone: '
	assert_err_has 'crm: bad.vcf:17: line 21: a card inside the card, which cannot be taken'
	assert_err_has 'crm: bad.vcf:25: line 28: not a property: it should begin as NAME: or NAME;'
	assert_err_has 'crm: bad.vcf:30: name is missing'
	assert_err_has 'crm: bad.vcf:34: birthday: '
	assert_err_has 'crm: bad.vcf:39: text outside a card: BEGIN:VCARD is missing'
	[ "$(wc -l <rejects.csv)" -eq 9 ]
	run_ok customer list --fields name
	assert_out Good 'Good too'
}

@test "a property that only late cards have is told once" {
	new_store
	python3 - >late.vcf <<-'END'
		for i in range(1500):
		    print(f"BEGIN:VCARD\nVERSION:3.0\nFN:n{i}\n" + ("X-LATE:1\n" if i > 1200 else "") + "END:VCARD")
	END
	run_ok import customer late.vcf --format json
	counts 1500 0 0 0
	[ "$(grep -c X-LATE "$err")" -eq 1 ]
	assert_err_has 'late.vcf: X-LATE: not imported: the columns come from the first cards, which do not have it'
}

@test "export: exactly the card of RFC 6350" {
	new_store
	run_ok customer add --name 'Li, Ming; "x" \ y' --given-name Ming --family-name Li --company 'A;B' --title T \
		--phone +8613800138000 --phone work:+861065529988 --phone 'home mobile:+8613800138001' --phone 前台:+8613800138002 \
		--phone +8613800138003 --email a@example.com --email home:b@example.com --gender female --birthday --05-12 \
		--address $'1 Street\nBack' --city Beijing --postcode 100000 --country China --tag vip --tag 'a,b' \
		--note "$(printf '张%.0s' {1..40})" --language zh --timezone Asia/Shanghai
	run_ok customer add --name Acme --key ERP-1 --source erp --birthday 1990
	run_ok export customer --format vcard
	printf '%s\r\n' BEGIN:VCARD VERSION:4.0 'UID;VALUE=text:crm-customer-1' 'FN:Li\, Ming\; "x" \\ y' 'N:Li;Ming;;;' \
		'ORG:A\;B' 'TITLE:T' 'TEL;VALUE=text;PREF=1:+8613800138000' 'TEL;VALUE=text;TYPE=work:+861065529988' \
		'TEL;VALUE=text;TYPE=home,cell:+8613800138001' 'item1.TEL;VALUE=text:+8613800138002' 'item1.X-ABLabel:前台' \
		'TEL;VALUE=text:+8613800138003' 'EMAIL;PREF=1:a@example.com' 'EMAIL;TYPE=home:b@example.com' \
		'ADR:;;1 Street\nBack;Beijing;;100000;China' 'BDAY:--0512' 'GENDER:F' 'CATEGORIES:a\,b,vip' \
		"NOTE:$(printf '张%.0s' {1..23})" " $(printf '张%.0s' {1..17})" 'LANG:zh' 'TZ:Asia/Shanghai' 'REV:20260310T120000Z' END:VCARD \
		BEGIN:VCARD VERSION:4.0 'UID;VALUE=text:ERP-1' FN:Acme BDAY:1990 'X-CRM-SOURCE:erp' 'REV:20260310T120000Z' END:VCARD >wanted
	diff -u wanted "$out"
}

@test "export: only customers, no --fields; -o names the format; other commands refuse it" {
	new_store
	run_ok customer add --name A --tag t
	run_ok customer add --name B
	run_fail 2 export log --format vcard
	assert_err 'crm: a vCard is about a customer: log cannot be written so'
	run_fail 2 export org -o orgs.vcf
	run_fail 2 export customer --format vcard --fields name
	assert_err 'crm: --fields: a vCard has fields of its own (crm help formats)'
	run_fail 2 export customer --format vcard --excel
	run_fail 2 customer list --format vcard
	assert_err 'crm: --format vcard: only `crm export customer` writes vCards'
	run_fail 2 report customers --format vcard
	run_ok config set ui.format table
	run_fail 2 config set ui.format vcard
	run_ok export customer tag:t -o a.vcf
	[ "$(grep -c '^BEGIN:VCARD' a.vcf)" -eq 1 ]
	grep -q $'^FN:A\r$' a.vcf
	run_ok export customer --sort -name --format vcard
	[ "$(sed -n 's/^FN:\(.*\)\r$/\1/p' "$out" | tr '\n' ' ')" = 'B A ' ]
	run_ok export customer name:nobody --format vcard
	assert_out
	run_fail 1 export customer --format vcard -o /dev/full
}

# Customers of every awkward kind; the texts in all fields that take any.
hostile_customers() {
	new_store
	python3 - >hostile.jsonl <<-'END'
		import json
		texts = ["plain", " leading", "trailing ", "  both  ", "a,b;c:d", "back\\slash", "\\n", "\\,", "\\", "a\nb", "\nfirst",
		    "last\n", "line\r\nend", "cr\ronly", "\r", "\r\r\n", "tab\tbed", "END:VCARD\nBEGIN:VCARD", "x\nEND:VCARD",
		    '"quoted"', "^n^'^^", "=0D=0A=", "item1.TEL:1", "\u5f20\u4e09;\uff0c", "\U0001f469\u200d\U0001f467", "\u2028\u0085",
		    "\ufeffbom", "\x01\x1b[2J\x7f", "e\u0301", "\u5f20" * 300, "a" * 74, "a" * 75, "a" * 76, "\u5f20" * 24 + "\r\n" * 90,
		    ("long, " * 40 + "\\;\r\n") * 50, "crm-customer-7x", "data:text/plain,x", "_$!<Mobile>!$_"]
		for i, t in enumerate(texts, 1):
		    r = {f: t for f in ("given_name", "family_name", "company", "title", "address", "city", "region", "postcode", "country",
		        "language", "note")}
		    r["name"] = f"n{i} " + t
		    r["key"] = f"k{i}" + t
		    if i % 3 == 0:
		        r["source"] = t
		    if t.strip():
		        r["tags"] = [t.strip(), "b"]
		    print(json.dumps(r))
		few = [{"name": "only"}, {"name": "only", "note": "another"}, {"name": "same mail 1", "email": "f@example.com"},
		    {"name": "same mail 2", "email": "g@example.com", "emails": [{"label": "Büro 1", "value": "f@example.com"}]},
		    {"name": "further only", "phones": [{"label": "home", "value": "+8613800138000"}, {"label": None, "value": "+8613800138001"}],
		        "emails": [{"label": "x", "value": "h@example.com"}]},
		    {"name": "labels", "phone": "+86 138 0013 8005", "phones": [{"label": l, "value": f"+86138001381{i:02}"} for i, l in enumerate(
		        ["work", "Work", "cell", "mobile", "work mobile", "mobile work", "work fax", "fax work", "home home", "other", "a b", "-",
		         "前台", "pref", "x_y", "voice"])]},
		    {"name": "mail", "email": '"a,b;c"@example.com', "emails": [{"label": "work", "value": '"d\\\\e"@example.com'}]},
		    {"name": "day", "birthday": "1990-05-12", "gender": "male"}, {"name": "year", "birthday": "1990", "gender": "female"},
		    {"name": "month", "birthday": "1990-05", "gender": "other"}, {"name": "yearless", "birthday": "--02-29"},
		    {"name": "zone", "timezone": "CST-8"}, {"name": "two sources", "key": "X", "source": "a"},
		    {"name": "two sources", "key": "X", "source": "b"}, {"name": "two sources", "key": "X"},
		    {"name": "family", "family_name": "f"}, {"name": "given", "given_name": "g"}, {"name": "city", "city": "c"}]
		for r in few:
		    print(json.dumps(r))
	END
	run_ok import customer hostile.jsonl --read jsonl --match key --format json
	counts 56 0 0 0
}

# Every line fits, and no character is cut.
lines_are_good() { # FILE
	python3 - "$1" <<-'END'
		import sys
		data = open(sys.argv[1], "rb").read()
		assert data.endswith(b"\r\n")
		for line in data[:-2].split(b"\r\n"):
		    assert len(line) <= 75 and b"\n" not in line and b"\r" not in line, line
		    line.decode("utf-8")
	END
}

@test "an export imported into the same store changes nothing, whatever is in it" {
	hostile_customers
	run_ok export customer --format vcard -o all.vcf
	lines_are_good all.vcf
	remember_store
	run_ok import customer all.vcf --format json
	counts 0 0 56 0
	assert_err_has 'rows read'
	lacks -q warning "$err"
	store_unchanged
}

@test "an export imported into an empty store gives the same customers" {
	hostile_customers
	run_ok export customer --format vcard -o all.vcf
	run_ok export customer --fields "$fields" -o first.jsonl
	rm -rf "$XDG_DATA_HOME"
	new_store
	run_ok import customer all.vcf --match key --format json
	counts 56 0 0 0
	run_ok export customer --fields "$fields" -o second.jsonl
	cmp first.jsonl second.jsonl
	run_ok export customer --format vcard
	cmp all.vcf "$out"
	store_is_sound
}

@test "a card of another store with the number of a customer here is not that customer" {
	new_store
	run_ok customer add --name Here
	card 4.0 'UID;VALUE=text:crm-customer-1' 'FN:Elsewhere' >other.vcf
	run_ok import customer other.vcf --format json
	counts 1 0 0 0
	run_ok customer list --fields name,key
	assert_out $'Here\t' $'Elsewhere\t'
	run_ok customer edit 1 --key K
	card 4.0 'UID;VALUE=text:crm-customer-1' 'FN:Here' 'NOTE:x' >keyed.vcf
	run_ok import customer keyed.vcf --format json
	counts 1 0 0 0
}

@test "many cards: the same again changes nothing" {
	new_store
	python3 - >many.vcf <<-'END'
		for i in range(20000):
		    print(f"BEGIN:VCARD\nVERSION:3.0\nUID:u{i}\nFN:Person {i}\nTEL;TYPE=cell:+86138{i:08}\nTEL;TYPE=work:+86139{i:08}\nNOTE:{'x' * 300}\nEND:VCARD")
	END
	run_ok import customer many.vcf --format json
	counts 20000 0 0 0
	run_ok import customer many.vcf --format json
	counts 0 0 20000 0
}

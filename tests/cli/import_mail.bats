# crm-import-mail: what becomes of a message, in which form it may come, and that importing it again changes nothing.
load helper

mail() { # STATUS ARGUMENT…: what it says is in $out and $err
	local wanted=$1 got=0
	[ -n "${CRM_IMPORT_MAIL-}" ] || skip "built without mail"
	shift
	"$CRM_IMPORT_MAIL" "$@" >"$out" 2>"$err" || got=$?
	if [ "$got" -ne "$wanted" ]; then
		printf 'crm-import-mail %s\nstatus %s, not %s\n' "${*@Q}" "$got" "$wanted"
		tail -n 20 "$out" "$err"
		return 1
	fi
}

# The values of a key, one a row, as JSON has them.
values() { # KEY
	python3 - "$out" "$1" <<-'END'
		import json, sys
		with open(sys.argv[1], encoding="utf-8", newline="\n") as f:
		    for line in f:
		        row = json.loads(line)
		        assert list(row) == ["customer", "at", "channel", "direction", "contact_point", "subject",
		                             "content", "message_id"], row
		        assert row["channel"] == "email", row
		        print(json.dumps(row[sys.argv[2]], ensure_ascii=False))
	END
}

assert_values() { # KEY JSON…
	local key=$1
	shift
	diff -u --label wanted --label got <(printf '%s\n' "$@") <(values "$key")
}

# A message with these lines more in its header, and this text (escapes of printf) as the rest.
message() { # TEXT HEADER…
	local text=$1
	shift
	printf '%s\n' 'From: Li Lei <li@example.com>' 'To: shop@our.example' \
		'Date: Tue, 10 Mar 2026 20:00:00 +0800' 'Message-ID: <m1@example.com>' "$@"
	# shellcheck disable=SC2059 # its escapes are wanted
	printf "$text"
}

@test "a plain message: every key" {
	message '\nGood day.\n\nLi\n' 'Subject: A question' >one.eml
	mail 0 one.eml
	assert_out '{"customer":"li@example.com","at":"2026-03-10T12:00:00Z","channel":"email","direction":"in","contact_point":"li@example.com","subject":"A question","content":"Good day.\n\nLi","message_id":"m1@example.com"}'
	assert_err
	mail 0 - <one.eml
	assert_values content '"Good day.\n\nLi"'
	mail 0 --form=eml -- one.eml
	assert_values customer '"li@example.com"'
}

@test "line ends of Windows, a byte order mark" {
	{ printf '\357\273\277'; message '\nGood\n\nday\n' 'Subject: folded' ' twice' "$(printf '\tover')" | sed 's/$/\r/'; } >crlf.eml
	mail 0 crlf.eml
	assert_values content '"Good\n\nday"'
	assert_values subject '"folded twice over"'
}

@test "subjects: encoded words in UTF-8 and GB2312, split characters, folds, broken ones, raw bytes" {
	message '\n' 'Subject: =?UTF-8?B?6K6i5Y2V6Zeu6aKY?=' >a
	message '\n' 'Subject: =?gb2312?Q?=C4=E3=BA=C3_A?= x' >b
	message '\n' 'Subject: =?utf-8?B?5L2g5Q==?=' ' =?utf-8?B?pb0=?=' >c
	message '\n' 'Subject: =?UTF-8?Q?a?= =?gbk?q?=D6=D0?=' ' tail' >d
	message '\n' 'Subject: Re: =?UTF-8*zh?q?=E4=BD=A0?= =?x' >e
	message '\n' "Subject: $(printf '\304\343\272\303')" >f
	message '\n' "Subject: $(printf '你好')" >g
	message '\n' 'Subject: =?UTF-8?Q?one=0Aline=09=00?=' >h
	for want in a:'"订单问题"' b:'"你好 A x"' c:'"你好"' d:'"a中 tail"' e:'"Re: 你 =?x"' f:'"你好"' g:'"你好"' h:'"one line �"'; do
		mail 0 "${want%%:*}"
		assert_values subject "${want#*:}"
	done
	assert_err "crm-import-mail: h: message 1: 1 bytes do not decode: each is U+FFFD now"
}

@test "bodies: GB18030 in quoted-printable, base64, no character set, one that is unknown" {
	message '\n=C4=E3=BA=C3=81=30=84=36=\n!\n' 'Content-Type: text/plain; charset=GB18030' \
		'Content-Transfer-Encoding: quoted-printable' >a
	message '\n5L2g5aW9\nCg==\n' 'Content-Type: text/plain; charset="utf-8"' 'Content-Transfer-Encoding: BASE64' >b
	message '\n\304\343\272\303\n' >c
	message '\n\223caf\351\224\n' 'Content-Type: text/plain; charset=iso-8859-1' >d
	message '\nplain\n' 'Content-Type: text/plain; charset=x-none/../such' >e
	message '\n\033$B$3$s\033(B\n' 'Content-Type: text/plain; charset=iso-2022-jp' >f
	# 0x81308436 is U+00A5 in GB18030, which GBK does not have
	for want in a:'"你好¥!"' b:'"你好"' c:'"你好"' d:'"“café”"' e:'"plain"' f:'"こん"'; do
		mail 0 "${want%%:*}"
		assert_values content "${want#*:}"
		[ "${want%%:*}" = e ] || assert_err
	done
	mail 0 e
	assert_err "crm-import-mail: e: message 1: the character set 'x-none/../such' is not known: its text is read as UTF-8 or GB18030"
}

@test "what does not decode is U+FFFD, counted, with the number of the message" {
	printf 'From x Tue Mar 10 12:00:00 2026\n' >box
	message '\nok\n' >>box
	printf '\nFrom x Tue Mar 10 12:00:00 2026\n' >>box
	message '\na\377b\000c\303\n' 'Content-Type: text/plain; charset=utf-8' >>box
	mail 0 box
	assert_values content '"ok"' '"a�b�c�"'
	assert_err "crm-import-mail: box: message 2: 3 bytes do not decode: each is U+FFFD now"
}

@test "of alternatives the plain text is read; HTML when there is none or it is empty" {
	local parts='\n--b\nContent-Type: text/plain\n\n%s\n--b\nContent-Type: text/html; charset=utf-8\n\n<p>rich<br>text</p>\n--b--\nepilogue\n'
	# shellcheck disable=SC2059 # a template
	message "$(printf "$parts" 'plain, with <angles>')" 'Content-Type: multipart/alternative; boundary="b"' >a
	# shellcheck disable=SC2059
	message "$(printf "$parts" ' ')" 'Content-Type: multipart/alternative; boundary=b' >b
	mail 0 a
	assert_values content '"plain, with <angles>"'
	mail 0 b
	assert_values content '"rich\ntext"'
	message '\n<html><head><title>T</title><style>p { color: red }</style></head><body><p>Hello&nbsp;&amp; &lt;you&gt;,</p>
<script>alert("<p>no</p>")</script><!-- not this --><p>a   b\n c</p><ul><li>one<li>two</ul><table><tr><td>x</td><td>1</td></tr><tr><td>y</td><td>2</td></tr></table>&#20320;&#x597d;&hellip;</body></html>\n' \
		'Content-Type: text/html' >c
	mail 0 c
	assert_values content '"Hello & <you>,\n\na b c\n\n- one\n- two\n\nx 1\ny 2\n\n你好…"'
}

@test "attachments are listed, not read; several texts stand one below the other" {
	message '\npreamble\n--b\nContent-Type: text/plain\n\nfirst\n--b\nContent-Type: image/png; name="a.png"\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment;\n filename*=UTF-8'"''"'%%E5%%8F%%91%%E7%%A5%%A8.pdf\n\n12345678\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="=?UTF-8?B?5rOo?=.txt"\n\nnot read\n--b\nContent-Type: text/html\n\n<p>second</p>\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\ny\n--b--\n' \
		'Content-Type: multipart/mixed; boundary=b' >a
	mail 0 a
	assert_values content '"first\n\nsecond\n\n[attachment: a.png, 5 bytes]\n[attachment: 发票.pdf, 8 bytes]\n[attachment: 注.txt, 8 bytes]\n[attachment: message/rfc822, 13 bytes]"'
}

@test "pictures of the HTML are listed once, beside the plain text" {
	message '\n--o\nContent-Type: text/plain\n\nplain\n--o\nContent-Type: multipart/related; boundary=i\n\n--i\nContent-Type: text/html\n\n<img src=cid:1>rich\n--i\nContent-Type: image/gif; name=logo.gif\n\nGIF\n--i--\n--o--\n' \
		'Content-Type: multipart/alternative; boundary=o' >a
	mail 0 a
	assert_values content '"plain\n\n[attachment: logo.gif, 3 bytes]"'
}

@test "format=flowed stays as it is" {
	message '\n> quoted \n> further\nlong \nline\n-- \nLi\n' 'Content-Type: text/plain; format=flowed' >a
	mail 0 a
	assert_values content '"> quoted \n> further\nlong \nline\n-- \nLi"'
}

@test "the time: Date, else Received, else none" {
	printf 'From: a@b.example\nDate: Sat, 28 Feb 2026 23:30:00 -0500\n\n' >a
	printf 'From: a@b.example\nReceived: by x; Mon, 2 Mar 2026 08:00:00 +0100\nReceived: by y; Sun, 1 Mar 2026 08:00:00 +0100\n\n' >b
	printf 'From: a@b.example\nDate: yesterday\nReceived: from q\n by x; Mon, 2 Mar 2026 08:00:00 +0000 (UTC)\n\n' >c
	printf 'From: a@b.example\nDate: Sat, 30 Feb 2026 23:30:00 +0000\n\n' >d
	mail 0 a
	assert_values at '"2026-03-01T04:30:00Z"'
	mail 0 b
	assert_values at '"2026-03-02T07:00:00Z"'
	assert_err "crm-import-mail: b: message 1: no Date: the time is that of Received"
	mail 0 c
	assert_values at '"2026-03-02T08:00:00Z"'
	assert_err "crm-import-mail: c: message 1: Date cannot be read: the time is that of Received"
	mail 0 d
	assert_values at null
	assert_err "crm-import-mail: d: message 1: Date cannot be read, nor a time in Received: the time is not known"
}

@test "--own: what we sent is out, and its customer the first recipient that is not ours" {
	local head='Date: Tue, 10 Mar 2026 12:00:00 +0000\nMessage-ID: <x>'
	printf "From: Ann <Ann@Our.example>\nTo: bob@our.example, Team: c@our.example, Wu <wu@x.example>;, z@x.example\n$head\n\n" >a
	printf "From: ann@our.example\nTo: bob@our.example\nCc: zoe@x.example\n$head\n\n" >b
	printf "From: ann@our.example\nTo: undisclosed-recipients:;\n$head\n\n" >c
	printf "From: ann@sub.our.example\nTo: bob@our.example\n$head\n\n" >d
	mail 0 --own @our.example a
	assert_values customer '"wu@x.example"'
	assert_values contact_point '"wu@x.example"'
	assert_values direction '"out"'
	mail 0 --own=ANN@our.example a
	assert_values customer '"bob@our.example"'
	mail 0 a
	assert_values customer '"Ann@Our.example"'
	assert_values direction '"in"'
	mail 0 --own ann@our.example --own bob@our.example b
	assert_values customer '"zoe@x.example"'
	mail 0 --own @our.example c
	assert_values customer null
	assert_values direction '"out"'
	assert_err "crm-import-mail: c: message 1: sent by us, to nobody else: the customer is not known"
	mail 0 --own @our.example d
	assert_values customer '"ann@sub.our.example"'
	assert_values direction '"in"'
}

@test "From: Sender stands in for it; a name that is no address is nobody" {
	printf 'Sender: s@x.example\nDate: 10 Mar 2026 12:00:00 +0000\n\n' >a
	printf 'From: 7\nDate: 10 Mar 2026 12:00:00 +0000\n\n' >b
	mail 0 a
	assert_values customer '"s@x.example"'
	mail 0 b
	assert_values customer null
	assert_err "crm-import-mail: b: message 1: no address in From: the customer is not known"
}

@test "without Message-ID: a digest that a moved, marked or converted mailbox keeps" {
	printf 'From: a@b.example\nDate: Tue, 10 Mar 2026 12:00:00 +0000\nSubject: s\n\nFrom here\nline\n' >a.eml
	mail 0 a.eml
	# of the headers named there, each with a line end, then of the lines of the body
	assert_values message_id "\"sha256:$(printf 'Date:Tue, 10 Mar 2026 12:00:00 +0000\nReceived:\nFrom:a@b.example\nSender:\nTo:\nCc:\nSubject:s\nFrom here\nline\n' | sha256sum | cut -d ' ' -f 1)\""
	values message_id >first
	printf 'From x Tue Mar 10 12:00:00 2026\r\nStatus: RO\r\nfrom:  a@b.example\r\nDate: Tue, 10 Mar 2026\r\n 12:00:00 +0000\r\nSubject: s\r\n\r\n>From here\r\nline\r\n\r\n' >box
	mail 0 box
	diff first <(values message_id)
	sed 's/line/other/' a.eml >b.eml
	mail 0 b.eml
	if diff -q first <(values message_id); then
		echo 'another body, the same digest'
		return 1
	fi
}

@test "an mbox: separators, escaped ones, lengths that lie" {
	cat >box <<-'END'

		From MAILER-DAEMON Tue Mar 10 12:00:00 2026
		From: a@b.example
		Message-ID: <1>
		Content-Length: 999999

		From me to you
		>From here
		>>From there

		From now on
		> From a quote

		From 1234@xxx Tue Mar 10 12:00:00 +0000 2026
		From: a@b.example
		Message-ID: <2>

		no empty line before the next
		From x Tue Mar 10 12:00:00 2026
		Message-ID: <3>
		From: a@b.example

		From - 
		Message-ID: <4>
		From: a@b.example

		last
	END
	mail 0 box
	assert_values content '"From me to you\nFrom here\n>From there\n\nFrom now on\n> From a quote"' \
		'"no empty line before the next"' null '"last"'
	assert_values message_id '"1"' '"2"' '"3"' '"4"'
}

@test "a Maildir: new and cur, in the order of the names without flags" {
	mkdir -p box/cur box/new box/tmp
	message '\ntwo\n' >box/cur/200.b.host:2,S
	message '\none\n' >box/new/100.a.host
	message '\nthree\n' >box/cur/200.ba.host:2,
	message '\nnot delivered\n' >box/tmp/050.x
	message '\nhidden\n' >box/cur/.hidden
	mkfifo box/new/300.pipe
	: >box/cur/400.empty
	mail 0 box
	assert_values content '"one"' '"two"' '"three"'
	assert_err "crm-import-mail: box/new/300.pipe: message 4: left out: not a plain file" \
		"crm-import-mail: box/cur/400.empty: message 4: left out: the file is empty"
	mv box/new/100.a.host box/cur/100.a.host:2,RS
	mail 0 --form maildir box
	assert_values content '"one"' '"two"' '"three"'
}

@test "no headers: all is text, with --form eml" {
	printf 'just a note\nof mine\n' >note
	mail 1 note
	assert_out
	assert_err 'crm-import-mail: note: no mail: neither an mbox (`From …`) nor headers at its beginning (--form eml or mbox, if it is)'
	mail 0 --form eml note
	assert_values content '"just a note\nof mine"'
	assert_values at null
}

@test "what cannot be read is status 1, a wrong word status 2" {
	: >empty
	mkdir -p folder maildir/cur maildir/new
	for args in "$PWD/absent" empty folder maildir "--form mbox empty" "--form eml empty" "--form eml folder" "--form maildir empty"; do
		# shellcheck disable=SC2086 # words
		mail 1 $args
		assert_out
		grep -q '^crm-import-mail: .' "$err"
	done
	printf 'From you to me\n' >box
	mail 1 box
	assert_err 'crm-import-mail: box: no mbox: it does not begin with a line `From ADDRESS DATE` (see --form)'
	for args in "" "--own" "--own x" "--own" "--form x box" "--frm box" "a b"; do
		# shellcheck disable=SC2086
		mail 2 $args
		assert_out
		grep -q '(see --help)$' "$err"
	done
	mail 0 --help
	assert_out_has 'usage: '
	message '\nx\n' >a
	"$CRM_IMPORT_MAIL" a >/dev/full 2>"$err" && return 1
	assert_err "crm-import-mail: stdout: No space left on device"
}

@test "names in messages cannot reach the terminal" {
	message '\n' "Content-Type: text/plain; charset=\"$(printf 'a\033[31m')\"" >"$(printf 'bad\033name')"
	mail 0 "$(printf 'bad\033name')"
	grep -q "$(printf '\033')" "$err" && return 1
	assert_err_has 'bad\x1bname: message 1: the character set '
}

@test "a text of more than 1 MiB is cut and says so" {
	[ -n "${CRM_IMPORT_MAIL-}" ] || skip "built without mail"
	{ message '\n'; python3 -c 'print("你" * 400000)'; } >a
	mail 0 a
	python3 - "$out" <<-'END'
		import json, re, sys
		content = json.loads(open(sys.argv[1], encoding="utf-8").read())["content"]
		kept, cut = re.fullmatch(r"(你+)\n\[cut: (\d+) bytes\]", content).groups()
		assert len(content.encode()) <= 1 << 20, len(content.encode())
		assert len(kept.encode()) > (1 << 20) - 100
		assert len(kept.encode()) + int(cut) == 1200000, cut
	END
	grep -q '^crm-import-mail: a: message 1: the text is longer than 1 MiB: [0-9]* bytes were cut$' "$err"
	new_store
	run_ok customer add --name Li --email li@example.com
	"$CRM_IMPORT_MAIL" a >row 2>"$err"
	run_ok import log row
	assert_err_has '1 created'
}

@test "bombs: headers, recipients, parts, nesting, attachments" {
	[ -n "${CRM_IMPORT_MAIL-}" ] || skip "built without mail"
	{ message ''; yes 'a: b' | head -n 300000; printf '\nbody\n'; } >a
	mail 0 a
	assert_values content '"body"'
	assert_err "crm-import-mail: a: message 1: headers longer than 1 MiB: the rest of them was not read"
	python3 - >b <<-'END'
		print("From: us@our.example\nDate: 10 Mar 2026 12:00:00 +0000\nMessage-ID: <x>\nTo: q@x.example, " + "a@b.c, " * 10000 + "\n\n")
	END
	mail 0 --own us@our.example b
	assert_values customer '"q@x.example"'
	assert_err "crm-import-mail: b: message 1: To is longer than 16 KiB: the rest of it was not read"
	{ message '\n' 'Content-Type: multipart/mixed; boundary=b'; yes -- "$(printf -- '--b\n\nx')" | head -n 60000; } >c
	mail 0 c
	assert_err "crm-import-mail: c: message 1: more than 10000 parts: the rest was not read"
	python3 - >d <<-'END'
		print("From: a@b.c\nDate: 10 Mar 2026 12:00:00 +0000")
		for i in range(5000):
		    print(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n\n--b{i}")
		print("\ninner")
	END
	mail 0 d
	assert_err "crm-import-mail: d: message 1: parts nested more than 100 deep: the inner ones are listed, not read"
	values content | grep -q '^"\[attachment: multipart/mixed, [0-9]* bytes\]"$'
}

@test "memory does not grow with the number of messages" {
	[ -n "${CRM_IMPORT_MAIL-}" ] || skip "built without mail"
	[ "$SANITIZED" = no ] || skip "a sanitizer keeps what is freed"
	printf 'From x Tue Mar 10 12:00:00 2026\n' >one
	message '\nHello.\n\n' 'Subject: =?gb2312?Q?=C4=E3=BA=C3?=' >>one
	for _ in $(seq 200); do cat one; done >few
	for _ in $(seq 100); do cat few; done >many
	python3 - "$CRM_IMPORT_MAIL" <<-'END'
		import os, subprocess, sys
		def peak(name):
		    p = subprocess.Popen([sys.argv[1], name], stdout=subprocess.DEVNULL)
		    _, status, usage = os.wait4(p.pid, 0)
		    assert status == 0
		    return usage.ru_maxrss
		few, many = peak("few"), peak("many")
		assert many < few + 1024, (few, many)
	END
}

@test "into the store, twice: the second time nothing changes" {
	new_store
	run_ok customer add --name Li --email li@example.com
	run_ok customer add --name Wu --email wu@x.example
	printf 'From x Tue Mar 10 12:00:00 2026\n' >box
	message '\nA question\n' 'Subject: =?UTF-8?B?6K6i5Y2V?=' >>box
	printf '\nFrom x Tue Mar 10 12:00:00 2026\nFrom: shop@our.example\nTo: Wu <WU@x.example>\nDate: Tue, 10 Mar 2026 11:00:00 +0000\n\nThe answer\n' >>box
	mail 0 --own @our.example box
	cp "$out" rows
	run_ok import log - <rows
	assert_err_has '2 rows read: 2 created'
	run_ok log list --fields at,customer,name,channel,direction,subject,contact_point
	assert_out $'2026-03-10T12:00:00+00:00\t1\tLi\temail\tin\t订单\tli@example.com' \
		$'2026-03-10T11:00:00+00:00\t2\tWu\temail\tout\t\tWU@x.example'
	remember_store
	mail 0 --own @our.example box
	cp "$out" rows
	run_ok import log - <rows
	assert_err_has '2 rows read: 0 created, 0 updated, 2 unchanged, 0 rejected'
	run_ok log list --fields id
	assert_out 1 2
}

@test "unknown customers and messages without a time are rejected with the reason" {
	new_store
	run_ok customer add --name Li --email li@example.com
	printf 'From x Tue Mar 10 12:00:00 2026\n' >box
	message '\nknown\n' >>box
	printf '\nFrom x Tue Mar 10 12:00:00 2026\nFrom: stranger@x.example\nDate: Tue, 10 Mar 2026 11:00:00 +0000\n\nx\n' >>box
	printf '\nFrom x Tue Mar 10 12:00:00 2026\nFrom: li@example.com\n\nx\n' >>box
	mail 0 box
	cp "$out" rows
	run_status 1 import log rows
	assert_err_has 'rows:2: customer: there is no such customer'
	assert_err_has 'rows:3: at is missing'
	run_status 5 import log rows --partial
	assert_err_has '3 rows read: 1 created, 0 updated, 0 unchanged, 2 rejected'
}

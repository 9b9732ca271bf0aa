# import: what files may look like, how rows find their records, what is kept and what is said.
load helper

# The summary, by --format json, has these counts.
counts() { # CREATED UPDATED UNCHANGED REJECTED
	python3 - "$out" "$@" <<-'END'
		import json, sys
		d = json.load(open(sys.argv[1]))
		got = [d[k] for k in ("created", "updated", "unchanged", "rejected")]
		assert got == [int(a) for a in sys.argv[2:]], d
		assert d["read"] == sum(got), d
	END
}

names() {
	run_ok customer list --fields name
	cat "$out"
}

@test "UTF-8, UTF-8 with BOM, UTF-16 with BOM of either order, GB18030, GBK" {
	new_store
	printf '姓名,城市\n张三,北京\n李四,上海\n欧阳建国,广州\n' >utf8
	{ printf '\357\273\277'; cat utf8; } >bom
	{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE utf8; } >le
	{ printf '\376\377'; iconv -f UTF-8 -t UTF-16BE utf8; } >be
	iconv -f UTF-8 -t GB18030 utf8 >gb
	iconv -f UTF-8 -t GBK utf8 >gbk
	for file in utf8 bom le be gb gbk; do
		run_ok import customer "$file" --format json
		counts 3 0 0 0
		run_ok customer list --fields name,city
		assert_out $'张三\t北京' $'李四\t上海' $'欧阳建国\t广州'
		run_ok undo
	done
}

@test "the encoding that was found is said; --encoding overrides" {
	new_store
	printf 'name,city\nJos\351,M\374nchen\n' >latin
	run_ok import customer latin --encoding ISO-8859-1 --format json
	python3 -c 'import json,sys; assert json.load(open(sys.argv[1]))["encoding"]=="ISO-8859-1"' "$out"
	run_ok customer list --fields name,city
	assert_out $'José\tMünchen'
	printf '姓名\n張偉\n' | iconv -f UTF-8 -t BIG5 >big5
	run_ok import customer big5 --encoding BIG5
	run_ok customer list 'name:張偉' --fields id
	assert_out 2
	printf '姓名\n张三丰的名字\n' | iconv -f UTF-8 -t GB18030 >gb
	run_ok import customer gb --format json
	python3 -c 'import json,sys; assert json.load(open(sys.argv[1]))["encoding"]=="GB18030"' "$out"
}

@test "comma, semicolon, tab, bar; a delimiter that is named" {
	new_store
	for d in ',' ';' $'\t' '|'; do
		printf 'name%scity\nA%sx y\nB%sz\n' "$d" "$d" "$d" >file
		run_ok import customer file --format json
		counts 2 0 0 0
		run_ok customer list --fields name,city
		assert_out $'A\tx y' $'B\tz'
		run_ok undo
	done
	printf 'name:city\nA:x\n' >file
	run_ok import customer file --delimiter :
	run_ok customer list --fields name,city
	assert_out $'A\tx'
	printf 'name\tcity\nB\tx,y;z\n' >file
	run_ok import customer file --delimiter tab
	run_ok customer list name:B --fields city
	assert_out 'x,y;z'
}

@test "quotes, doubled quotes, line ends and delimiters in cells; CRLF" {
	new_store
	printf 'name,note\r\n"Li, Wu","said ""yes""\nand went"\r\n" sp ",x\r\n' >file
	run_ok import customer file
	run_ok customer list --fields name,note --format json
	python3 - "$out" <<-'END'
		import json, sys
		assert json.load(open(sys.argv[1])) == [{"name": "Li, Wu", "note": 'said "yes"\nand went'},
			{"name": " sp ", "note": "x"}]
	END
}

@test "JSON lines: null is blank, lists, numbers, escapes" {
	new_store
	cat >file <<-'END'
		{"name":"A","city":"\u5317\u4eac","tags":["x","y"],"do_not_call":true}
		{"city":"Hefei","name":"B","note":null}
		{"name":"C \ud83c\udf89","note":"a\nb"}
	END
	run_ok import customer file --format json
	counts 3 0 0 0
	run_ok customer list --fields name,city,tags,do_not_call,note --format json
	python3 - "$out" <<-'END'
		import json, sys
		d = json.load(open(sys.argv[1]))
		assert [r["name"] for r in d] == ["A", "B", "C \U0001f389"], d
		assert (d[0]["city"], d[0]["tags"], d[0]["do_not_call"]) == ("北京", ["x", "y"], True), d
		assert (d[1]["note"], d[2]["note"]) == (None, "a\nb"), d
	END
}

@test "headers in English and in Chinese, whatever their case and width" {
	new_store
	printf 'Customer ID,NAME,E-Mail,City\nK1,A,a@example.com,x\n' >en
	run_ok import customer en
	printf '客户编号,姓名,邮箱,城市\nK2,B,b@example.com,y\n' >zh
	run_ok import customer zh
	run_ok customer list --fields key,name,email,city
	assert_out $'K1\tA\ta@example.com\tx' $'K2\tB\tb@example.com\ty'
}

@test "--map says what a column means, and ignores one" {
	new_store
	printf 'Who,Where,Junk\nA,x,1\n' >file
	run_ok import customer file --map Who=name --map Where=city --map Junk=
	run_ok customer list --fields name,city
	assert_out $'A\tx'
	[ "$(grep -c unknown "${err:?}")" -eq 0 ]
}

@test "unknown columns are listed, or kept" {
	new_store
	printf 'name,Zodiac,Shoe size\nA,ox,42\n' >file
	run_ok import customer file
	assert_err_has Zodiac
	assert_err_has 'Shoe size'
	run_ok field list
	assert_out
	run_ok import customer file --keep-unknown
	run_ok field list --fields entity,name,label --sort id
	assert_out $'customer\tZodiac\tZodiac' $'customer\tShoe_size\tShoe size'
	run_ok customer list Zodiac:ox --fields name,Zodiac,Shoe_size
	assert_out $'A\tox\t42'
}

@test "--default fills where a row has none" {
	new_store
	printf 'name,city\nA,x\nB,\n' >file
	run_ok import customer file --default city=Hefei --default owner=bob
	run_ok customer list --fields name,city,owner
	assert_out $'A\tx\tbob' $'B\tHefei\tbob'
}

@test "the same file twice changes nothing the second time" {
	new_store
	printf 'key,name,email,phone,tags,birthday,do_not_call\nK1,A,a@example.com,+8613800138000,"x,y",1990-05,yes\n,B,b@example.com,,,,\n' >file
	run_ok import customer file --format json
	counts 2 0 0 0
	dump_store | grep -v 'INTO import \|sqlite_sequence' >before
	run_ok import customer file --format json
	counts 0 0 2 0
	dump_store | grep -v 'INTO import \|sqlite_sequence\|INTO operation' >after
	diff <(grep -v 'INTO operation' before) after
	printf 'customer,at,channel,content\nK1,2026-03-01 10:00,phone,x\nK1,2026-03-01 10:00,email,x\n' >logs
	run_ok import log logs --format json
	counts 2 0 0 0
	run_ok import log logs --format json
	counts 0 0 2 0
}

@test "match: by key, else e-mail, else phone, whatever their spelling" {
	new_store
	run_ok customer add --name K --key K1
	run_ok customer add --name E --email e@example.com
	run_ok customer add --name P --phone +8613800138000
	printf 'key,name,email,phone,city\nK1,K,,,a\n,E,E@EXAMPLE.com,,b\n,P,,138-0013-8000,c\n,N,n@example.com,,d\n' >file
	run_ok import customer file --country CN --format json
	counts 1 3 0 0
	run_ok customer list --fields name,city
	assert_out $'K\ta' $'E\tb' $'P\tc' $'N\td'
}

@test "match: several matches are a conflict, --match chooses what counts" {
	new_store
	run_ok customer add --name A --phone +8613800138000
	run_ok customer add --name B --phone +8613800138000
	printf 'name,phone,email\nC,+8613800138000,c@example.com\n' >file
	run_fail 1 import customer file
	assert_err_has 'file:2: phone'
	assert_err_has '1, 2'
	run_ok import customer file --match email --format json
	counts 1 0 0 0
}

@test "match: a key is unique within its source" {
	new_store
	printf 'key,name\n1,A\n' >file
	run_ok import customer file --source erp
	run_ok import customer file --source shop --format json
	counts 1 0 0 0
	run_ok import customer file --source erp --format json
	counts 0 0 1 0
	run_ok customer list --fields name,key,source
	assert_out $'A\t1\terp' $'A\t1\tshop'
}

@test "modes: insert refuses what is there, update what is not" {
	new_store
	run_ok customer add --name A --key K1
	printf 'key,name,city\nK1,A,x\nK2,B,y\n' >file
	run_fail 1 import customer file --mode insert
	assert_err_has 'file:2'
	run_fail 1 import customer file --mode update
	assert_err_has 'file:3'
	run_status 5 import customer file --mode insert --partial --format json
	counts 1 0 0 1
	run_ok import customer file --mode update --format json
	counts 0 1 1 0
	run_ok customer list --fields name,city
	assert_out $'A\tx' $'B\ty'
}

@test "a blank cell keeps the stored value, or clears it" {
	new_store
	run_ok customer add --name A --key K1 --city Hefei --note n
	printf 'key,name,city\nK1,A,\n' >file
	run_ok import customer file --format json
	counts 0 0 1 0
	run_ok import customer file --blank clear --format json
	counts 0 1 0 0
	run_ok customer list --fields city,note
	assert_out $'\tn'
}

@test "by default one bad row fails all; --partial keeps the good, --rejects lists the bad" {
	new_store
	printf 'name,email,city\nA,a@example.com,x\nB,bad,"y, ""z"""\nC,c@example.com,w\n' >file
	remember_store
	run_fail 1 import customer file --rejects rejects.csv
	store_unchanged
	[ "$(head -n 1 rejects.csv)" = 'name,email,city,reject_line,reject_field,reject_reason' ]
	[ "$(tail -n +2 rejects.csv | cut -d , -f 1-6)" = 'B,bad,"y, ""z""",3,email' ]
	[ "$(tail -n +2 rejects.csv | wc -l)" -eq 1 ]
	run_status 5 import customer file --partial --rejects rejects2.csv --format json
	counts 2 0 0 1
	diff rejects.csv rejects2.csv
	# corrected, it imports again
	sed -i 's/bad/b@example.com/' rejects.csv
	run_ok import customer rejects.csv --format json
	counts 1 0 0 0
	[ "$(grep -c unknown "${err:?}")" -eq 0 ]
	run_ok customer list --fields name,email,city
	assert_out $'A\ta@example.com\tx' $'C\tc@example.com\tw' $'B\tb@example.com\ty, "z"'
}

@test "no rejected row: no file of rejects" {
	new_store
	printf 'name\nA\n' >file
	run_ok import customer file --rejects rejects.csv
	[ ! -e rejects.csv ]
}

@test "--dry-run: the same summary, nothing kept" {
	new_store
	run_ok customer add --name A --key K1
	printf 'key,name,city\nK1,A,x\nK2,B,y\n' >file
	remember_store
	run_ok import customer file --dry-run --format json
	counts 1 1 0 0
	store_unchanged
	run_ok import list
	assert_out
	run_ok import customer file --format json
	counts 1 1 0 0
}

@test "the summary is data: its columns, and null where nothing was kept" {
	new_store
	printf 'name\nA\n' >file
	run_ok import customer file --format json
	python3 - "$out" <<-'END'
		import json, sys
		d = json.load(open(sys.argv[1]))
		wanted = {"read", "created", "updated", "unchanged", "conflicts", "rejected", "seconds", "rows_per_second", "preset", "encoding", "delimiter", "operation"}
		assert wanted <= set(d), d
		assert (d["read"], d["encoding"], d["delimiter"]) == (1, "UTF-8", ","), d
		assert isinstance(d["operation"], int), d
	END
	run_ok import customer file --dry-run --format json
	python3 -c 'import json,sys; assert json.load(open(sys.argv[1]))["operation"] is None' "$out"
	run_ok import customer file
	assert_out
	run_ok -q import customer file
	assert_out
	assert_err
}

@test "stdin" {
	new_store
	printf 'name\nA\nB\n' | "$CRM" import customer - >"$out" 2>"$err"
	assert_out
	names >got
	[ "$(cat got)" = $'A\nB' ]
	printf '{"name":"C"}\n' | "$CRM" -q import customer - --read jsonl
	[ "$(names)" = $'A\nB\nC' ]
}

@test "list, show, revert" {
	new_store
	run_ok customer add --name A --key K1 --city old
	printf 'key,name,city\nK1,A,new\nK2,B,y\n' >file
	remember=$(dump_store | grep 'INTO customer ')
	run_ok import customer file
	run_ok import list --fields id,entity,file,read,created,updated,unchanged,rejected
	assert_out $'1\tcustomer\tfile\t2\t1\t1\t0\t0'
	run_ok import show 1 --fields digest --format tsv
	assert_out "$(sha256sum <file | cut -d ' ' -f 1)"
	run_ok import revert 1
	[ "$(dump_store | grep 'INTO customer ')" = "$remember" ]
	run_fail 4 import revert 1
	run_fail 3 import revert 7
	run_ok redo
	run_ok customer list --fields name,city
	assert_out $'A\tnew' $'B\ty'
	store_is_sound
}

@test "revert is refused when a later change is in the way" {
	new_store
	printf 'key,name\nK1,A\nK2,B\n' >file
	run_ok import customer file
	run_ok customer edit key:K2 --city x
	remember_store
	run_fail 4 import revert 1
	store_unchanged
	run_ok undo
	run_ok import revert 1
	run_ok customer list
	assert_out
}

@test "logs find their customer by key, e-mail, phone, name; facts follow" {
	new_store
	run_ok customer add --name Li --key K1
	run_ok customer add --name Wu --email wu@example.com
	run_ok customer add --name Ma --phone +8613800138000
	run_ok customer add --name 王小明
	printf '客户,时间,渠道,方向,内容\nK1,2026-03-01 10:00,电话,呼入,a\nWu@example.com,2026-03-02 10:00,邮件,发出,b\n+86 138 0013 8000,2026-03-03 10:00,微信,,c\n王小明,2026-03-04 10:00,拜访,,d\n' >file
	run_ok import log file --format json
	counts 4 0 0 0
	run_ok log list --sort id --fields at,customer,channel,direction,content
	assert_out $'2026-03-01T10:00:00+00:00\t1\tphone\tin\ta' $'2026-03-02T10:00:00+00:00\t2\temail\tout\tb' \
		$'2026-03-03T10:00:00+00:00\t3\twechat\t\tc' $'2026-03-04T10:00:00+00:00\t4\tvisit\t\td'
	run_ok customer list --sort id --fields last_contact_channel,contacts
	assert_out $'phone\t1' $'email\t1' $'wechat\t1' $'visit\t1'
	store_is_sound
	run_ok undo
	run_ok customer list --sort id --fields last_contact_at,contacts
	assert_out $'\t0' $'\t0' $'\t0' $'\t0'
}

@test "times without a zone are in --tz" {
	new_store
	run_ok customer add --name Li --key K1
	printf 'customer,at,channel,content\nK1,2026-03-01 10:00,phone,a\nK1,2026-03-01T10:00:00Z,phone,b\n' >file
	run_ok import log file --tz Asia/Shanghai
	run_ok log list --sort id --fields at
	assert_out 2026-03-01T02:00:00+00:00 2026-03-01T10:00:00+00:00
}

@test "an agent who is not in the store is made, inactive, and counted" {
	new_store
	printf 'name,owner\nA,carl\nB,bob\nC,carl\n' >file
	run_ok import customer file
	assert_err_has 'agent: number 3 is not an agent of this store: made inactive'
	run_ok agent list --fields name,active
	assert_out $'ann\tyes' $'bob\tyes' $'carl\tno'
	run_ok customer list --fields owner
	assert_out carl bob carl
}

@test "a large import takes the other road to the same result" {
	new_store
	{
		echo 'key,name,email,city'
		seq -f %06.0f 30000 | sed 's/.*/K&,Name &,u&@example.com,City/'
	} >big
	run_ok import customer big --format json
	counts 30000 0 0 0
	run_ok import customer big --format json
	counts 0 0 30000 0
	sed 's/City$/Town/' big >big2
	run_ok import customer big2 --format json
	counts 0 30000 0 0
	run_ok sql "SELECT count(*), count(DISTINCT email), min(city), max(city) FROM v_customer"
	assert_out $'30000\t30000\tTown\tTown'
	store_is_sound
	run_ok import revert 2
	run_ok import revert 1
	run_ok customer list
	assert_out
	store_is_sound
}

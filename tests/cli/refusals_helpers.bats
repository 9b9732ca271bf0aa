# What the programs beside crm refuse: wrong usage, and files that no other test has.
# shellcheck disable=SC2154 # out and err are of helper.bash
load helper

setup_file() {
	export PYTHONPATH=$BATS_TEST_DIRNAME PYTHONDONTWRITEBYTECODE=1
	HELPERS=$(dirname "$(realpath "$CRM")")/helpers
	export HELPERS
}

helper_needed() { # NAME
	[ -x "$HELPERS/$1" ] || skip "built without $1"
}

helper_refuses() { # STATUS TEXT NAME ARGUMENT…
	local wanted=$1 text=$2 name=$3 got=0
	shift 3
	"$HELPERS/$name" "$@" >"$out" 2>"$err" </dev/null || got=$?
	[ "$got" -eq "$wanted" ] || {
		echo "$name: status $got"
		cat "$err"
		return 1
	}
	assert_err_has "$name: $text"
}

@test "wrong usage of a helper" {
	helper_needed crm-import-xlsx
	helper_needed crm-export-xlsx
	helper_needed crm-classify-train
	: >a
	helper_refuses 2 "unexpected 'b'" crm-import-xlsx a b
	helper_refuses 2 'no file is named' crm-import-xlsx
	helper_refuses 2 "unexpected 'b'" crm-import-sqlite a b
	helper_refuses 2 'no file is named' crm-import-sqlite
	helper_refuses 2 "unexpected 'b'" crm-classify-train b
	helper_refuses 2 '' crm-export-xlsx
	helper_refuses 2 '' crm-export-xlsx --types nonsense a
}

@test "wrong usage of what encrypts" {
	helper_needed crm-crypt
	helper_refuses 2 'is called so: ' crm-crypt
	helper_refuses 1 '--passphrase-fd 99: ' crm-crypt --encrypt --passphrase-fd 99
}

@test "what was encrypted, cut off between two chunks, and with something behind its end" {
	helper_needed crm-crypt
	echo secret >secret
	head -c 100000 /dev/zero >plain
	"$HELPERS/crm-crypt" --encrypt --passphrase-fd 3 3<secret <plain >whole
	head -c $((64 + 65536 + 17)) whole >short
	cat whole whole >longer
	local file
	for file in short longer; do
		got=0
		"$HELPERS/crm-crypt" --decrypt --passphrase-fd 3 3<secret <"$file" >"$out" 2>"$err" || got=$?
		cat "$err"
		[ "$got" -eq 1 ]
	done
}

@test "spreadsheets without what makes one" {
	helper_needed crm-import-xlsx
	python3 - <<-'END'
		import xlsx
		xlsx.book("none.xlsx", [("A", xlsx.numbers([1], 0))], replace={"_rels/.rels": xlsx.relations([])})
		xlsx.book("sheetless.xlsx", [("A", xlsx.numbers([1], 0))], replace={"xl/workbook.xml":
		    f'{xlsx.HEAD}<workbook xmlns="{xlsx.MAIN}"><sheets/></workbook>'})
		xlsx.book("stringless.xlsx", [("A", xlsx.numbers([1], 0))], strings=[], replace={"xl/sharedStrings.xml": None})
		xlsx.book("formats.xlsx", [("A", xlsx.numbers([1], 0))], formats=[(200 + i, "0") for i in range(5000)])
		xlsx.book("styles.xlsx", [("A", xlsx.numbers([1], 0))], styles=[0] * 70000)
		xlsx.book("locked.xlsx", [("A", xlsx.numbers([1], 0))])
		xlsx.book("packed.xlsx", [("A", xlsx.numbers([1], 0))])
		def patch(path, flag, method):
		    data = bytearray(open(path, "rb").read())
		    for sign, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
		        i = data.find(sign)
		        while i >= 0:
		            data[i + at] |= flag
		            if method:
		                data[i + at + 2] = method
		            i = data.find(sign, i + 4)
		    open(path, "wb").write(data)
		patch("locked.xlsx", 1, 0)
		patch("packed.xlsx", 0, 99)
	END
	helper_refuses 1 'none.xlsx: the file is no xlsx file: it names no workbook' crm-import-xlsx none.xlsx
	helper_refuses 1 'sheetless.xlsx: the file has no sheet with cells' crm-import-xlsx sheetless.xlsx
	helper_refuses 1 'stringless.xlsx: the file is damaged: it has no xl/sharedStrings.xml' crm-import-xlsx stringless.xlsx
	helper_refuses 1 'formats.xlsx: ' crm-import-xlsx formats.xlsx
	assert_err_has 'it has too many number formats'
	helper_refuses 1 'styles.xlsx: ' crm-import-xlsx styles.xlsx
	assert_err_has 'it has too many cell styles'
	helper_refuses 1 'locked.xlsx: ' crm-import-xlsx locked.xlsx
	assert_err_has 'is encrypted: save the file without a password'
	helper_refuses 1 'packed.xlsx: the file is damaged: ' crm-import-xlsx packed.xlsx
	assert_err_has 'cannot be unpacked'
}

@test "a subject longer than any is cut, and that is said" {
	helper_needed crm-import-mail
	new_store
	run_ok customer add --name Ann --email ann@example.com
	{
		printf 'From: ann@example.com\nTo: us@example.com\nDate: Tue, 10 Mar 2026 10:00:00 +0000\nMessage-ID: <a@example.com>\nSubject:'
		for i in $(seq 1000); do printf ' %0100d\n' "$i"; done
		printf '\nHello\n'
	} >long.eml
	run_ok import log long.eml
	assert_err_has 'the subject is longer than 64 KiB: '
}

@test "more lines of a hook than anybody reads are counted" {
	new_store
	run_ok customer add --name Li
	mkdir -p "$XDG_CONFIG_HOME/crm/hooks"
	chmod 755 "$XDG_CONFIG_HOME" "$XDG_CONFIG_HOME/crm" "$XDG_CONFIG_HOME/crm/hooks"
	printf '#!/bin/sh\nseq 100 >&2\n' >"$XDG_CONFIG_HOME/crm/hooks/chatty"
	chmod 755 "$XDG_CONFIG_HOME/crm/hooks/chatty"
	run_ok rule add --name r --event created --actions 'hook chatty'
	run_ok ticket add 1 --type question --subject x
	assert_err_has "hook 'chatty': "
	assert_err_has ' more lines'
}

@test "a hook of another user is not run, nor one in their directory" {
	[ "$(id -u)" -eq 0 ] || skip "needs another user"
	new_store
	run_ok customer add --name Li
	mkdir -p "$XDG_CONFIG_HOME/crm/hooks"
	chmod 755 "$XDG_CONFIG_HOME" "$XDG_CONFIG_HOME/crm" "$XDG_CONFIG_HOME/crm/hooks"
	printf '#!/bin/sh\ntouch ran\n' >"$XDG_CONFIG_HOME/crm/hooks/theirs"
	chmod 755 "$XDG_CONFIG_HOME/crm/hooks/theirs"
	chown 12345 "$XDG_CONFIG_HOME/crm/hooks/theirs"
	run_ok rule add --name r --event created --actions 'hook theirs'
	run_fail 4 ticket add 1 --type question --subject x
	assert_err_has 'a hook of another user is not run'
	chown 0 "$XDG_CONFIG_HOME/crm/hooks/theirs"
	chown 12345 "$XDG_CONFIG_HOME/crm/hooks"
	run_fail 4 ticket add 1 --type question --subject x
	assert_err_has 'a directory of another user is not run'
	[ ! -e ran ]
}

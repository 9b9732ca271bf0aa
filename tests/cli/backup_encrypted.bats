# Encrypted copies, by the helper crm-crypt; its form and every change of a file are in tests/unit/test_crypt.c.
load helper

needs_crypt() {
	[ -x "$(dirname "$CRM")/helpers/crm-crypt" ] || skip "crm-crypt is not built"
}

encrypted_setup() {
	needs_crypt
	new_store
	run_ok customer add --name 'Quillfeather' --note 'likes marmalade'
	(umask 077 && printf 'correct horse\n' >secret && printf 'wrong\n' >wrong)
}

@test "there and back; nothing of the store stands in the file" {
	encrypted_setup
	run_ok backup plain.db
	run_ok backup --encrypt --passphrase-file secret copy.enc
	grep -qE '^backed up 1 customer, up to operation 3, to copy.enc: [0-9.]+ kB, encrypted, [0-9.]+ s$' "$err"
	[ "$(stat -c %a copy.enc)" = 600 ]
	[ "$(head -c 7 copy.enc)" = crm-enc ]
	lacks -qaiE 'quillfeather|marmalade|sqlite|correct horse' copy.enc
	[ "$(ls -A "$XDG_DATA_HOME/crm")" = crm.db ]
	rm -r "$XDG_DATA_HOME"
	run_ok restore --passphrase-file secret copy.enc
	run_ok customer list --fields name
	assert_out Quillfeather
	# the digest is that of what was in it
	run_ok history --limit 1 --fields command
	assert_out "restore copy.enc sha256:$(sha256sum plain.db | cut -d' ' -f1)"
	store_is_sound
	# two of them have nothing in common
	run_ok backup --encrypt --passphrase-file secret copy2.enc
	run_ok backup --encrypt --passphrase-file secret copy3.enc
	[ "$(cmp -l copy2.enc copy3.enc | wc -l)" -gt 100000 ]
}

@test "through pipes, with the passphrase from a descriptor; --keep too" {
	encrypted_setup
	run_ok backup - --encrypt --passphrase-fd 9 9<secret
	cp "$out" copy.enc
	cat copy.enc | "$CRM" restore --yes - --passphrase-fd 8 8<<<'correct horse' 2>"$err"
	assert_err_has 'from stdin: 1 customer'
	mkdir dir
	run_ok backup --keep 1d --encrypt --passphrase-file <(printf 'correct horse\r\n') dir
	run_ok --now 2026-03-11 backup --keep 1d dir
	assert_err_has 'removed crm-20260310T120000Z.db.enc'
	run_ok --now 2026-03-12 backup --keep 1d --encrypt --passphrase-file secret dir
	run_ok restore --yes --passphrase-file secret dir/crm-20260312T000000Z.db.enc
	# the helper alone
	(umask 077 && "$(dirname "$CRM")/helpers/crm-crypt" --decrypt --passphrase-fd 3 3<secret <copy.enc >alone.db)
	run_ok --store alone.db check
}

@test "a wrong passphrase, a changed byte, a cut, an addition: refused, and nothing is changed" {
	encrypted_setup
	run_ok backup --encrypt --passphrase-file secret copy.enc
	remember_store
	run_fail 1 restore --yes --passphrase-file wrong copy.enc
	assert_err 'crm: copy.enc: the passphrase is wrong, or the file was changed or cut off'
	cp copy.enc bit.enc
	printf '\x00\x00' | dd of=bit.enc bs=1 seek=200000 conv=notrunc 2>/dev/null
	run_fail 1 restore --yes --passphrase-file secret bit.enc
	assert_err 'crm: bit.enc: was changed: what begins at byte 196723 is not what was written'
	head -c 100000 copy.enc >cut.enc
	run_fail 1 restore --yes --passphrase-file secret cut.enc
	assert_err 'crm: cut.enc: was changed or cut off: what begins at byte 65617 is not what was written'
	head -c $((64 + 3 * 65553)) copy.enc >chunks.enc # at the end of a chunk
	run_fail 1 restore --yes --passphrase-file secret chunks.enc
	assert_err 'crm: chunks.enc: was cut off: it ends after 196723 bytes'
	head -c 30 copy.enc >header.enc
	run_fail 1 restore --yes --passphrase-file secret header.enc
	assert_err 'crm: header.enc: was cut off: it ends after 30 bytes'
	(cat copy.enc && echo more) >more.enc
	run_fail 1 restore --yes --passphrase-file secret more.enc
	cp copy.enc greedy.enc
	printf '\xff\xff\xff\xff' | dd of=greedy.enc bs=1 seek=16 conv=notrunc 2>/dev/null
	run_fail 1 restore --yes --passphrase-file secret greedy.enc
	assert_err_has 'its header asks for more than crm gives'
	store_unchanged
	[ "$(ls -A "$XDG_DATA_HOME/crm")" = crm.db ]
	echo 'not a store' >text
	"$(dirname "$CRM")/helpers/crm-crypt" --encrypt --passphrase-fd 3 3<secret <text >text.enc
	run_fail 6 restore --yes --passphrase-file secret text.enc
	store_unchanged
}

@test "a failure to encrypt leaves no file, and what was there" {
	encrypted_setup
	echo mine >copy.enc
	run_fail 4 backup --encrypt --passphrase-file secret copy.enc
	[ "$(cat copy.enc)" = mine ]
	mkdir libexec
	printf '#!/bin/sh\ncat >/dev/null\necho half\necho "crm-crypt: no luck" >&2\nexit 1\n' >libexec/crm-crypt
	chmod +x libexec/crm-crypt
	CRM_LIBEXEC=$PWD/libexec run_fail 1 backup --force --encrypt --passphrase-file secret copy.enc
	assert_err 'crm: copy.enc: no luck'
	[ "$(cat copy.enc)" = mine ]
	CRM_LIBEXEC=/nowhere run_fail 1 backup --encrypt --passphrase-file secret new.enc
	assert_err_has 'there is no program crm-crypt, which encrypts: install libsodium-dev'
	got=0
	"$CRM" backup --encrypt --passphrase-file secret - >/dev/full 2>"$err" || got=$?
	[ "$got" -eq 1 ]
	assert_err_has 'No space left on device'
	[ ! -e new.enc ]
	[ "$(find . -name '.crm-new-*' | wc -l)" -eq 0 ]
}

@test "passphrases that others can read, empty, too long or missing are refused, before anything is copied" {
	encrypted_setup
	chmod 640 secret
	run_fail 1 backup --encrypt --passphrase-file secret copy.enc
	assert_err 'crm: --passphrase-file: secret: others may read or write it: chmod 600'
	chmod 600 secret
	(umask 077 && : >empty && echo >blank && printf '%01100d\n' 1 >long)
	run_fail 1 backup --encrypt --passphrase-file empty copy.enc
	assert_err 'crm: --passphrase-file: empty: the passphrase is empty'
	run_fail 1 backup --encrypt --passphrase-file blank copy.enc
	run_fail 1 backup --encrypt --passphrase-file long copy.enc
	assert_err_has 'the passphrase is too long'
	run_fail 1 backup --encrypt --passphrase-file nowhere copy.enc
	run_fail 1 backup --encrypt --passphrase-fd 77 copy.enc
	assert_err_has '--passphrase-fd 77: Bad file descriptor'
	run_fail 2 backup --encrypt --passphrase-fd 9 --passphrase-file secret copy.enc 9<secret
	setsid -w "$CRM" backup --encrypt copy.enc 2>"$err" && false
	assert_err_has 'there is no terminal to ask on'
	[ ! -e copy.enc ]
}

# Types LINES at the questions of crm ARGUMENT…; what the terminal showed is in shown.
type_at() { # LINES ARGUMENT…
	local lines=$1 got=0
	shift
	python3 - "$lines" "$CRM" "$@" >shown <<'END' || got=$?
import os, pty, sys, time
lines, argv = sys.argv[1].split("|"), sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    os.execv(argv[0], argv)
shown = b""
while True:
    try:
        got = os.read(fd, 1000)
    except OSError:
        break
    if not got:
        break
    shown += got
    if shown.rstrip(b" ").endswith(b":") and lines:
        line = lines.pop(0)
        time.sleep(0.05)  # after the question, as a person would
        os.write(fd, b"\x03" if line == "^C" else line.encode() + b"\n")
sys.stdout.buffer.write(shown)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(status if status >= 0 else 128 - status)
END
	return "$got"
}

@test "asked on the terminal, twice and unseen" {
	encrypted_setup
	type_at 'correct horse|correct horse' -q backup --encrypt copy.enc
	[ "$(grep -c 'passphrase for the backup: ' shown)" -eq 1 ]
	grep -q 'the same again: ' shown
	lacks -q horse shown
	type_at 'correct horse' restore --yes copy.enc
	grep -q 'restored' shown
	lacks -q horse shown
	got=0
	type_at 'one|other' backup --encrypt copy2.enc || got=$?
	[ "$got" -eq 1 ]
	grep -q 'the two are not the same' shown
	[ ! -e copy2.enc ]
}

@test "ctrl-c at the question gives the terminal back as it was" {
	encrypted_setup
	[ "${SANITIZED:-no}" = no ] || skip "not under a sanitizer"
	cat >session <<-END
		before=\$(stty -g)
		trap : INT
		"$CRM" backup --encrypt copy.enc
		echo "status \$?"
		[ "\$(stty -g)" = "\$before" ] && echo 'as before'
	END
	CRM=/bin/bash type_at '^C' session
	cat shown
	grep -q 'status 130' shown
	grep -q 'as before' shown
	[ ! -e copy.enc ]
}

@test "the passphrase is in no command line and no environment" {
	encrypted_setup
	command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null || skip "tracing is not allowed here"
	[ "${SANITIZED:-no}" = no ] || skip "not under a sanitizer"
	strace -f -v -s 1000 -o trace -e trace=execve "$CRM" -q backup --encrypt --passphrase-file secret copy.enc
	grep -q 'crm-crypt.*--encrypt.*--passphrase-fd' trace
	lacks -q horse trace
}

# What surrounds the program changes nothing that is stored or read by programs: locale, zone, mask, signals. And what it holds
# of customers goes nowhere else: no core dump, no draft left behind, no contents in messages that cron mails.
load helper

# --- locale and zone ---

write_some() {
	run_ok customer add --name 'TITLE İstanbul ıI' --city 北京 --key K1 --tag 'İ,ı' --phone +8613800138000 --birthday 1990-02-28
	run_ok log phone 1 -m 'Straße ǅ ﬁ' --at 2026-03-01T10:00:00+08:00 --duration 1h30min
	run_ok order add 1 --number N1 --product x --amount '1,234.50 EUR' --at 2026-02-01T23:30:00-05:00
	printf 'name,city,note\nAda,ISTANBUL,"1.5"\n' >in.csv
	run_ok import customer in.csv
}

read_some() {
	local command
	for command in 'customer list --format json' 'customer list title' 'customer list city:istanbul' 'log list --format csv' \
		'order list --format jsonl' 'report activity --format csv' 'report sales --format json' 'export customer' 'export log --excel' \
		'search straße --format json' 'dump --no-history' 'report activity --format svg --lang en' 'report csat'; do
		# shellcheck disable=SC2086
		run_ok $command --tz Asia/Shanghai
		cat "$out"
	done
}

# Messages have a language (language.bats); nothing else of a locale is asked for.
@test "locale and zone change neither what is stored nor what programs read, and are not asked for" {
	new_store
	cp "$(store_file)" empty.db
	write_some
	read_some >first
	dump_store | grep -v 'INSERT INTO \(operation\|change\)' >first.sql
	local locale zone
	for locale in C.UTF-8 zh_CN.UTF-8 zh_CN.GB18030 tr_TR.UTF-8 tr_TR.ISO-8859-9 de_DE.UTF-8 ar_EG.UTF-8 nonsense ''; do
		for zone in UTC Asia/Shanghai America/St_Johns; do
			[ "$zone" = UTC ] || [ "$locale" = tr_TR.UTF-8 ] || [ "$locale" = zh_CN.GB18030 ] || continue
			export LC_ALL=$locale LANG=$locale LC_NUMERIC=$locale LANGUAGE=$locale TZ=$zone
			rm -f "$(store_file)"*
			cp empty.db "$(store_file)"
			write_some
			read_some >now
			LC_ALL=C cmp first now
			dump_store | grep -v 'INSERT INTO \(operation\|change\)' | LC_ALL=C diff first.sql -
		done
	done
	nm -D --undefined-only "$CRM" "$LIBCRM" | lacks -E ' (newlocale|uselocale|localtime|localtime_r|mktime|strftime|tzset)@'
	nm -D --undefined-only "$LIBCRM" | lacks ' setlocale@'
	grep -rh 'setlocale(' "$BATS_TEST_DIRNAME"/../../{cmd,lib} | lacks -v 'setlocale(LC_MESSAGES,'
}

@test "the mask of the caller changes no mode" {
	local mask
	for mask in 000 022 077 277; do
		rm -rf "$XDG_DATA_HOME" out.csv
		(
			umask $mask
			"$CRM" init && "$CRM" customer add --name Li && "$CRM" export customer -o out.csv
		) >"$out" 2>"$err"
		[ "$(stat -c %a "$(store_file)" out.csv "$(dirname "$(store_file)")" | tr '\n' ' ')" = '600 600 700 ' ]
	done
}

# --- signals ---

# The signals that a running import ignores, or catches, as the kernel says.
running() { # NAME: the line of /proc/PID/status; GETS: a command line before crm
	mkfifo rows 2>/dev/null || true
	"${@:2}" "$CRM" import customer - <rows >"$out" 2>"$err" 3>&- &
	importer=$!
	exec 7>rows
	printf 'name\nLi\n' >&7
	for _ in {1..100}; do
		[ "$(readlink "/proc/$importer/exe")" = "$CRM" ] && grep -q '^SigCgt:.*[1-9a-f]' "/proc/$importer/status" && break
		sleep 0.05
	done
}

has_signal() { # LINE NUMBER
	local mask
	mask=$(sed -n "s/^$1:[[:space:]]*//p" "/proc/$importer/status")
	[ $(((16#$mask >> ($2 - 1)) & 1)) -eq 1 ]
}

@test "SIGPIPE is restored, SIGXFSZ ignored, SIGINT, SIGTERM and SIGHUP caught; nohup stays" {
	[ "${SANITIZED:-no}" = no ] || skip "the sanitizers catch signals of their own"
	new_store
	running x bash -c 'trap "" PIPE; exec "$@"' bash
	has_signal SigIgn 25 # XFSZ
	if has_signal SigIgn 13; then return 1; fi # PIPE
	has_signal SigCgt 15
	has_signal SigCgt 1
	exec 7>&-
	wait "$importer"
	running x nohup
	has_signal SigIgn 1
	exec 7>&-
	wait "$importer"
}

@test "the handler of signals does nothing but note and interrupt" {
	# what a handler may do is little: this one is read here, so that nobody adds to it unseen
	sed -n '/^static void interrupt(int signal)/,/^}/p' "$BATS_TEST_DIRNAME/../../cmd/cli/start.c" | tr -d '\t' >handler
	same_lines handler 'static void interrupt(int signal)' '{' 'caught = signal;' 'if (running)' 'crm_store_interrupt(running);' '}'
	[ "$(grep -c 'sa_handler = ' "$BATS_TEST_DIRNAME/../.."/cmd/cli/start.c)" -eq 1 ]
}

# --- core dumps ---

@test "no core dump of us or of the helpers; what we become has its limit back" {
	[ "${WATCHED:-no}" = no ] || skip "what watches this build must trace us"
	new_store
	ulimit -S -c unlimited 2>/dev/null || skip "no core dumps allowed here"
	running x env
	grep -qE '^Max core file size +0 ' "/proc/$importer/limits"
	exec 7>&-
	wait "$importer"
	mkdir bin
	printf '#!/bin/sh\nulimit -S -c\n' >bin/crm-limit
	chmod +x bin/crm-limit
	PATH=$PWD/bin:$PATH run_ok limit
	assert_out unlimited
	command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null || skip "no strace"
	strace -f -e trace=prctl -o trace "$CRM" version >"$out"
	grep -q 'prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE)' trace
	local helper
	for helper in "$(dirname "$CRM")"/helpers/crm-*; do
		[ -f "$helper" ] && [ -x "$helper" ] || continue
		strace -f -e trace=prctl,prlimit64 -o trace "$helper" no-such-file >"$out" 2>"$err" </dev/null || true
		grep -q 'prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE)' trace
		grep -q 'RLIMIT_CORE, {rlim_cur=0' trace
	done
}

# --- drafts ---

no_draft() {
	local left
	left=$(find "$(dirname "$(store_file)")" -name '.crm-draft*')
	[ -z "$left" ] || {
		echo "left: $left"
		return 1
	}
}

@test "a draft is its owner's alone, beside the store, and gone however it ends" {
	new_store
	run_ok customer add --name Li
	cat >editor <<-'END'
		#!/bin/sh
		stat -c '%a %a' "$(dirname "$1")" "$1" >modes
		echo "$1" >path
		echo text >"$1"
		touch "$(dirname "$1")/.draft.txt.swp" "$1~"
		[ ! -s how ] || sh how
	END
	chmod +x editor
	umask 000
	EDITOR=$PWD/editor terminal 0 80 -- log phone 1
	assert_out_has 1
	[ "$(tr '\n' ' ' <modes)" = '700 700 600 600 ' ]
	[ "$(dirname "$(dirname "$(cat path)")")" = "$(dirname "$(store_file)")" ]
	no_draft
	echo 'exit 1' >how
	EDITOR=$PWD/editor terminal 1 80 -- log phone 1
	no_draft
	local signal
	for signal in TERM HUP QUIT INT; do
		# its parent is the editor, whose parent is crm
		echo "kill -$signal \$(awk '/^PPid:/ { print \$2 }' /proc/\$PPID/status); sleep 1" >how
		got=0
		EDITOR=$PWD/editor python3 -IS "$BATS_TEST_DIRNAME/on_terminal.py" 80 -- "$CRM" log phone 1 >"$out" 2>"$err" || got=$?
		echo "$signal: $got"
		no_draft
		case $signal in TERM | HUP) [ "$got" -ge 128 ] ;; esac
	done
	run_ok log list --fields id
	store_is_sound
}

# --- messages ---

@test "what import says of a bad file has no word of it, unless somebody sits before it" {
	new_store
	run_ok customer add --name Li --key K1
	run_ok field add customer size --type integer
	run_ok field add customer kind --type enum --words a,b
	local type field
	while read -r type; do
		while read -r field _; do
			printf '%s,name,customer\nSECRET17,SECRET18,SECRET19\n' "$field" >file
			[ "$field" != name ] || printf 'name,note\nSECRET17,SECRET18\n' >file
			[ "$field" != customer ] || printf 'customer,content\nSECRET17,SECRET18\n' >file
			for more in '' --create; do
				# shellcheck disable=SC2086
				"$CRM" import "$type" file --dry-run $more >"$out" 2>"$err" || true
				if grep -q 'SECRET1' "$err"; then
					echo "$type: $field"
					cat "$err"
					return 1
				fi
			done
			grep -q . "$err"
		done < <("$CRM" export "$type" --fields help 2>/dev/null)
	done < <("$CRM" __complete import '' | cut -f 1 | grep -v '^\(list\|show\|presets\|revert\)$')
	for text in 'name,note\nLi,"SECRET17\n' 'name,note\nLi,SECRET"17\n' 'name\nLi,SECRET17,SECRET18\n' '{"name":"SECRET17' \
		'{"name":"x","birthday":"SECRET17"}\n' 'BEGIN:VCARD\nVERSION:SECRET17\nFN:SECRET18\nEND:VCARD\n' \
		'BEGIN:VCARD\nVERSION:4.0\nFN:x\nBDAY:SECRET17\nTEL:SECRET18\nEND:VCARD\n'; do
		# shellcheck disable=SC2059
		printf "$text" >file
		"$CRM" import customer file >"$out" 2>"$err" || true
		! grep SECRET1 "$err"
	done
	printf 'name,stage\nA,SECRET17\n' >file
	terminal 1 80 -- import customer file
	assert_out_has "'SECRET17' is not known"
	run_fail 1 import customer file --rejects bad.csv
	grep -q "SECRET17" bad.csv
	assert_err_has "crm: file:2: stage: '…' is not known"
}

@test "what tick says of a rule that fails has no word of the ticket" {
	new_store
	run_ok customer add --name SECRET17
	run_ok ticket add 1 --type question --subject SECRET18 -m SECRET19
	run_ok ticket solve 1 -m SECRET20
	mkdir -p "$XDG_CONFIG_HOME/crm/hooks"
	chmod 755 "$XDG_CONFIG_HOME" "$XDG_CONFIG_HOME/crm" "$XDG_CONFIG_HOME/crm/hooks"
	printf '#!/bin/sh\necho no >&2; exit 1\n' >"$XDG_CONFIG_HOME/crm/hooks/no"
	chmod 755 "$XDG_CONFIG_HOME/crm/hooks/no"
	run_ok rule add --name one --event tick --condition status:solved --actions 'assign bob'
	run_ok agent edit bob --active no
	"$CRM" tick >"$out" 2>"$err" || true
	lacks SECRET "$err"
	run_ok rule add --name two --event tick --condition status:solved --actions 'hook no'
	"$CRM" tick >"$out" 2>"$err" || true
	lacks SECRET "$err" "$out"
}

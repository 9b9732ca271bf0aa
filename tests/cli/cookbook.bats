# What crm-cookbook(7), crm-followup(1) and the README tell to put into crontabs, scripts and configurations, as it stands
# there, at a desk with stand-ins for what would leave the machine. Tuesday 2026-03-10, 12:00 UTC.
load helper

page() { # NAME
	echo "$BATS_TEST_DIRNAME/../../man/$1".*.scd
}

# The literal block of a page after the first line that has TEXT, as its reader sees it.
block() { # PAGE TEXT
	awk -v text="$2" '!found { found = index($0, text); next } /^```/ { inside++; next } inside == 1
		END { exit !inside }' "$(page "$1")" | sed 's/\\\(.\)/\1/g'
	return "${PIPESTATUS[0]}"
}

recipe() { # NAME: the script of that name, in the PATH of the desk
	block crm-cookbook "_$1_:" >"bin/$1"
	[ "$(head -c 3 "bin/$1")" = '#!/' ]
	chmod +x "bin/$1"
}

program() { # NAME LINE…: a program in the PATH of the desk
	printf '%s\n' '#!/bin/sh' "${@:2}" >"bin/$1"
	chmod +x "bin/$1"
}

# A home with a store, agents mei and lin, a customer to whom mei owes a call, and a mail program that keeps what it gets.
desk() {
	new_store
	run_ok agent add --name mei --email mei@example.com
	run_ok agent add --name lin --email lin@example.com
	run_ok agent add --name robot
	run_ok customer add --name 王芳 --owner mei --email wang.fang@example.com --tag vip
	mkdir bin
	ln -s "$CRM" bin/crm
	program mail 'printf "%s\n" "$*" >>"$HOME/mail.args"' 'cat >>"$HOME/mail.text"'
}

# As cron does, in the environment that it gives and the one of the crontab, with the desk's programs first.
as_cron() { # COMMAND [VARIABLE=VALUE…]
	env -i -C "$HOME" HOME="$HOME" SHELL=/bin/sh LANG=C LOGNAME=mei "${@:2}" CRM_NOW="$CRM_NOW" \
		PATH="$PWD/bin:/usr/bin:/bin" /bin/sh -c "$1" >cron.out 2>&1
}

silent() { # what as_cron ran: cron would mail the rest
	if [ -s cron.out ]; then
		cat cron.out
		return 1
	fi
}

needs() { # PROGRAM…
	local program
	for program; do
		command -v "$program" >/dev/null || skip "there is no $program"
	done
}

at_desk() { # COMMAND…
	PATH=$PWD/bin:$PATH "$@"
}

# --- the morning letter ---

@test "the lines of crontab in the manual and the README send the letter" {
	desk
	local line n=0
	while IFS= read -r line; do
		as_cron "${line#0 7 \* \* 1-5  }"
		silent
		n=$((n + 1))
	done < <(sed -n 's/^ *\(0 7 \* \* 1-5  crm \)/\1/p' "$(page crm-followup)" "$BATS_TEST_DIRNAME/../../README.md")
	[ $n -eq 3 ]
	grep -qxF -- '-s Follow-ups mei@example.com' "$HOME/mail.args"
	grep -qxF -- '-a Content-Type: text/html; charset=utf-8 -s Follow-ups lin@example.com' "$HOME/mail.args"
	grep -qF ' 1. 王芳, call' "$HOME/mail.text"
	grep -qF '<p>今天没有待跟进事项；未来 7 天 0 项。</p>' "$HOME/mail.text"
}

@test "the letter says that it is UTF-8, by the mail program of Debian and the language of the crontab" {
	needs bsd-mailx
	desk
	program mail "exec $(command -v bsd-mailx) \"\$@\""
	program sendmail 'cat >"$HOME/letter.part"' 'mv "$HOME/letter.part" "$HOME/letter"'
	echo "set sendmail=$PWD/bin/sendmail" >"$HOME/.mailrc"
	local text line language try
	for text in "$(page crm-followup)" "$BATS_TEST_DIRNAME/../../README.md"; do
		language=$(sed -n 's/^ *\(LANG=\)/\1/p' "$text" | head -n 1)
		line=$(sed -n 's/^ *0 7 \* \* 1-5  \(crm .*--for mei\)/\1/p' "$text")
		rm -f "$HOME/letter"
		as_cron "$line" "$language"
		silent
		for try in {1..100}; do # it does not wait for what it hands the letter to
			[ -e "$HOME/letter" ] && break
			sleep 0.1
		done
		grep -qi '^Content-Type: text/plain; charset="\?utf-8"\?$' "$HOME/letter"
		grep -qF ' 1. 王芳, call' "$HOME/letter"
	done
}

@test "the service of systemd in the manual sends the letter, its timer is on working days" {
	desk
	local line
	line=$(sed -n 's/^ExecStart=//p' "$(page crm-followup)")
	[[ $line == "/bin/sh -c '"*"'" ]]
	line=${line#/bin/sh -c \'}
	as_cron "${line%\'}"
	silent
	grep -qF ' 1. 王芳, call' "$HOME/mail.text"
	grep -qx 'OnCalendar=Mon..Fri 07:00' "$(page crm-followup)"
	grep -qx 'Environment=LANG=C.UTF-8' "$(page crm-followup)"
}

@test "crm-morning writes to those who owe something, and to nobody else" {
	desk
	recipe crm-morning
	as_cron crm-morning
	silent
	same_lines "$HOME/mail.args" '-s Follow-ups mei@example.com'
	grep -qF 'Follow-ups for mei, Tuesday 2026-03-10' "$HOME/mail.text"
	run_ok log phone wang.fang@example.com --out -m 'spoken to'
	rm "$HOME"/mail.*
	as_cron crm-morning
	silent
	[ ! -e "$HOME/mail.args" ]
}

@test "crm-letter is one HTML letter in Chinese; none when there is no such agent" {
	desk
	recipe crm-letter
	program sendmail 'printf "%s\n" "$*" >"$HOME/letter.args"' 'cat >"$HOME/letter"'
	sed -i 's,/usr/sbin/sendmail,sendmail,' bin/crm-letter
	as_cron 'crm-letter mei mei@example.com'
	silent
	same_lines "$HOME/letter.args" '-i -t'
	python3 - "$HOME/letter" <<-'END'
		import email, email.header, email.policy, sys
		letter = email.message_from_file(open(sys.argv[1]), policy=email.policy.default)
		assert letter["To"] == "mei@example.com", letter["To"]
		assert letter["Subject"] == "今日跟进", letter["Subject"]
		assert letter.get_content_type() == "text/html"
		assert "王芳" in letter.get_content() and not letter.defects
	END
	rm "$HOME"/letter*
	if as_cron 'crm-letter nobody mei@example.com'; then return 1; fi
	[ ! -e "$HOME/letter" ]
}

@test "msmtp takes the configurations of the cookbook and the README" {
	needs msmtp
	local readme=$BATS_TEST_DIRNAME/../../README.md line
	echo secret >"$HOME/.smtp-password"
	block crm-cookbook _~/.msmtprc_ >rc1
	sed -n '/^    account default$/,/^$/s/^    //p' "$readme" >rc2
	for rc in rc1 rc2; do
		chmod 600 $rc
		msmtp --file $rc --pretend wang.fang@example.com </dev/null >said
		for line in 'host = smtp.example.com' 'port = 587' 'from = mei@example.com' 'tls = on' 'password = \*'; do
			grep -qx "$line" said
		done
	done
}

# --- by the clock ---

@test "every line of the crontab runs, with its variables, and is silent when all is well" {
	desk
	recipe crm-morning
	mkdir -m 700 "$HOME/backups"
	local line variables=() n=0
	while IFS= read -r line; do
		case $line in
		PATH=*) ;;
		[A-Z]*=*) variables+=("$line") ;;
		*)
			as_cron "$(sed -E 's/^([^ ]+ +){5}//' <<<"$line")" "${variables[@]}"
			case $line in *' report '*) grep -q '^bucket ' cron.out ;; *) silent ;; esac
			n=$((n + 1))
			;;
		esac
	done < <(block crm-cookbook '_crontab -e_')
	[ $n -eq 4 ]
	line=$(block crm-cookbook '_crontab -e_' | grep '^0 5')
	grep -qxF "    $line" "$BATS_TEST_DIRNAME/../../README.md"
	ls "$HOME"/backups/crm-20260310T120000Z.db
	grep -qF ' 1. 王芳, call' "$HOME/mail.text"
}

@test "a damaged store is told, and no backup is made of it" {
	desk
	mkdir -m 700 "$HOME/backups"
	sqlite3 "$(store_file)" "UPDATE customer SET contacts = 7"
	as_cron "$(block crm-cookbook '_crontab -e_' | sed -n 's/^0 5 \* \* \*  *//p')" || [ $? -eq 5 ]
	[ -s cron.out ]
	[ -z "$(ls "$HOME/backups")" ]
}

@test "the template of systemd runs what its instances are called, and systemd reads it" {
	desk
	local line
	line=$(block crm-cookbook _crm@.service_ | sed -n 's/^ExecStart=//p')
	for instance in tick check; do
		as_cron "${line//%i/$instance}" "$(block crm-cookbook _crm@.service_ | sed -n 's/^Environment=//p')"
		silent
	done
	needs systemd-analyze
	for unit in crm@.service crm@tick.timer crm@check.timer; do
		block crm-cookbook "_${unit}_" >"$unit"
	done
	sed -i "s,=crm -q,=$CRM -q," crm@.service
	XDG_RUNTIME_DIR=$PWD systemd-analyze --user verify ./crm@tick.timer ./crm@check.timer
}

@test "crm-inbox reads a Maildir every night: customers once, strangers into a table, and silent" {
	[ -n "${CRM_IMPORT_MAIL-}" ] || skip "crm-import-mail is not built"
	desk
	recipe crm-inbox
	mkdir -p "$HOME"/Maildir/{new,cur,tmp}
	printf '%s\n' 'From: wang.fang@example.com' 'To: desk@shop.example' 'Date: Mon, 9 Mar 2026 10:00:00 +0000' \
		'Message-ID: <1@example.com>' 'Subject: hello' '' 'a catalogue, please' >"$HOME/Maildir/new/1"
	printf '%s\n' 'From: who@example.org' 'To: desk@shop.example' 'Date: Mon, 9 Mar 2026 11:00:00 +0000' \
		'Message-ID: <2@example.org>' 'Subject: offer' '' 'cheap' >"$HOME/Maildir/new/2"
	for night in 1 2; do
		as_cron crm-inbox CRM_LIBEXEC="$(dirname "$CRM_IMPORT_MAIL")"
		silent
	done
	run_ok log list --fields name,channel,direction,subject
	assert_out $'王芳\temail\tin\thello'
	[ "$(grep -c who@example.org "$HOME/strangers.csv")" -eq 1 ]
	rm -r "$HOME/Maildir"
	as_cron crm-inbox CRM_LIBEXEC="$(dirname "$CRM_IMPORT_MAIL")"
	grep -q 'Maildir: No such file' cron.out
}

# --- by hand ---

@test "crm pick is the customer who was picked" {
	needs fzf
	desk
	recipe crm-pick
	run_ok customer add --name 'Alice Moreau' --city Bristol
	FZF_DEFAULT_OPTS='--filter bristol' at_desk crm pick >picked
	same_lines picked 2
	FZF_DEFAULT_OPTS='--filter wangfang' at_desk crm pick tag:vip >picked
	same_lines picked 1
	FZF_DEFAULT_OPTS='--filter alice' at_desk crm pick tag:vip >picked || :
	[ ! -s picked ]
}

@test "gnuplot draws the figures of a report" {
	needs gnuplot
	desk
	run_ok log phone wang.fang@example.com --at 2026-02-03 -m once
	run_ok log phone wang.fang@example.com --at 2026-02-10 -m twice
	crm report activity --by week --since 2026-01-01 --fields bucket,count >activity.tsv
	[ "$(wc -l <activity.tsv)" -gt 5 ]
	block crm-cookbook _activity.gp_ >activity.gp
	gnuplot activity.gp 2>said
	[ ! -s said ]
	[ "$(head -c 8 activity.png | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ]
}

@test "Python reads the views" {
	desk
	run_ok log phone wang.fang@example.com -m once
	run_ok log phone wang.fang@example.com -m twice
	run_ok log email wang.fang@example.com -m thrice
	block crm-cookbook _channels.py_ >channels.py
	CRM_STORE=$(store_file) python3 channels.py >printed
	same_lines printed 'phone 2' 'email 1'
}

@test "Datasette takes the copy, which has no log" {
	desk
	crm backup copy.db
	[ "$(sqlite3 copy.db 'PRAGMA journal_mode')" = delete ]
	needs datasette
	bash -c "$(block crm-cookbook 'Datasette shows it') --get /copy/v_customer.json" | jq -e '.rows | length == 1'
}

@test "DuckDB reads the copy, and a pipe" {
	needs duckdb
	desk
	run_ok customer edit 1 --city Bristol
	run_ok order add 1 --number 1 --product desk --amount '12.50 EUR'
	crm backup copy.db
	block crm-cookbook 'DuckDB reads it' >commands
	at_desk bash -e commands >printed
	grep -q Bristol printed
	grep -q '12.5' printed
}

@test "crm-snapshot commits what changed, once, and an earlier day comes back" {
	desk
	recipe crm-snapshot
	git config --global user.name mei
	git config --global user.email mei@example.com
	GIT_COMMITTER_DATE=$(date -R -d '3 days ago') at_desk crm-snapshot
	at_desk crm-snapshot
	[ "$(git -C ~/books rev-list --count HEAD)" -eq 1 ]
	run_ok customer edit 1 --city Bristol
	at_desk crm-snapshot
	[ "$(git -C ~/books rev-list --count HEAD)" -eq 2 ]
	git -C ~/books log -1 --format=%s | grep -q 'ann.*customer edit 1'
	git -C ~/books log -p -1 --word-diff-regex='[^,]+' store.dump >diff
	grep -q '{+"city":"Bristol",\?+}' diff
	grep -qF -- "*git log -p --word-diff-regex='[^,]+' store.dump*" "$(page crm-cookbook)"
	[ "$(stat -c %a ~/books)" = 700 ]
	block crm-cookbook 'the day before yesterday' >commands
	at_desk bash -e commands
	[ "$(crm --store old.db customer list --fields name,city)" = $'王芳\t' ]
	block crm-cookbook 'the day before yesterday' | grep -qF 'main@{2 days ago}'
}

@test "the calendar is written by cron, and vdirsyncer takes the configuration" {
	desk
	run_ok followup add 1 --due 2026-03-20 --owner mei -m 'the quote'
	as_cron "$(block crm-cookbook 'in a line of a crontab' | sed -E 's/^([^ ]+ +){5}//')"
	silent
	grep -q '^SUMMARY:call 王芳: the quote' "$HOME/tasks.ics"
	needs vdirsyncer
	block crm-cookbook _~/.config/vdirsyncer/config_ | sed 's,^type = "caldav",type = "singlefile",
		s,^url = .*,path = "~/there.ics",; /^username/d; /^password/d' >config
	echo y | vdirsyncer -c config discover tasks
	vdirsyncer -c config sync tasks
	grep -q '^SUMMARY:call 王芳: the quote' "$HOME/there.ics"
}

@test "crm by ssh keeps words as they are, and takes files from the pipe" {
	desk
	program ssh 'echo "$2" >>"$HOME/asked"' 'shift 2' 'exec env -i HOME="$HOME" CRM_NOW="$CRM_NOW" TZ=UTC PATH="$PATH" sh -c "$1"'
	{
		block crm-cookbook _~/.bashrc_
		printf '%s\n' "crm customer add --name \"O'Brien \\\$HOME; ls\" --note 'two  blanks' >/dev/null" \
			"crm customer list \"name:O'Brien*\" --fields name,note" \
			"printf 'name\nAda Winter\n' | crm -q import customer -" 'crm customer list name:Ada* --fields name'
	} >commands
	at_desk bash -e commands >printed
	same_lines printed $'O\'Brien $HOME; ls\ttwo  blanks' 'Ada Winter'
	same_lines "$HOME/asked" desk desk desk desk
}

@test "the hook tells of a complaint once it is stored, and of nothing else" {
	desk
	mkdir -p -m 700 "$XDG_CONFIG_HOME/crm/hooks"
	block crm-cookbook 'a rule names the hook' >"$XDG_CONFIG_HOME/crm/hooks/desk"
	chmod 700 "$XDG_CONFIG_HOME/crm/hooks/desk"
	program curl 'printf "%s\n" "$*" >>"$HOME/told"'
	run_ok rule add --name tell --event created --condition type:complaint --actions 'hook desk'
	at_desk "$CRM" ticket add 1 --type question --subject 'opening hours' >number
	[ ! -e "$HOME/told" ]
	at_desk "$CRM" ticket add 1 --type complaint --subject 'late again' >number
	same_lines "$HOME/told" '-fsS --data-binary complaint 2: late again https://chat.example.com/hooks/desk'
}

@test "crm-wall shows what is due beside what is open" {
	needs tmux watch
	desk
	recipe crm-wall
	sed -i 's/^exec tmux/& -L wall-of-test -f /; s/-f /-f \/dev\/null /; s/new-session/& -d -x 160 -y 24/' bin/crm-wall
	run_ok ticket add 1 --type question --subject 'opening hours'
	LC_ALL=C.UTF-8 TERM=xterm at_desk crm-wall
	local try seen=no
	for try in {1..100}; do
		tmux -L wall-of-test capture-pane -p -t wall:0.0 >left
		tmux -L wall-of-test capture-pane -p -t wall:0.1 >right
		if grep -q '王芳' left && grep -q 'opening hours' right; then
			seen=yes
			break
		fi
		sleep 0.1
	done
	tmux -L wall-of-test kill-server
	[ $seen = yes ]
}

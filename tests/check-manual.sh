#!/usr/bin/env bash
# The manual and the README against the program: every command has its page, every page has all verbs and options, every
# example runs. Speaks TAP. `meson test` gives it SOURCE_ROOT, BUILD_ROOT and CRM.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
program=${CRM##*/}
# shellcheck source=tests/tap.sh
. "$SOURCE_ROOT/tests/tap.sh"

commands() {
	"$CRM" -h | sed -n '/^commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p'
}

verbs() { # COMMAND: its verbs, a line each; an empty line for the command itself
	{
		"$CRM" "$1" -h | sed -n "s/^  $program $1 \([a-z].*\)/\1/p"
		"$CRM" "$1" -h | grep -q '^usage: ' && echo
	} | sed 's/ *[^a-z ].*//'
}

options() { # COMMAND [VERB…]: the options that are not those of every command, without dashes
	"$CRM" "$@" -h | sed '/^options of every command:/,$d' | spelled
}

spelled() { # names and letters of the options of a usage text
	sed -n 's/^  \(-[-A-Za-z].*\)/\1/p' | grep -oE '^-[A-Za-z](, --[a-z0-9-]+)?|^--[a-z0-9-]+' | sed 's/, /\n/'
}

# A built page as plain text; its lines may be broken anywhere at a blank.
text() { # PAGE
	sed -e '/^\.\\"/d' -e 's/\\-/-/g' -e 's/\\f[BIRP]//g' -e 's/\\&//g' "$BUILD_ROOT/man/$program$1"
}

page_of() { # COMMAND
	printf -- '-%s.1' "$1"
}

have_word() { # TEXT WORD: the word stands there, not only as part of a longer one
	grep -qE -- "(^|[^a-z0-9-])$2([^a-z0-9-]|\$)" <<<"$1"
}

check_read() {
	local n
	n=$(commands | wc -l)
	[ "$n" -ge 20 ] || echo "only $n commands are read from $program -h"
	[ "$(verbs followup | grep -cx 'policy edit')" = 1 ] || echo "the verbs of followup are not read"
	[ "$(verbs export | grep -cx '')" = 1 ] || echo "a command without verbs is not read"
	options log add | grep -qx -- --message || echo "the options of log add are not read"
	options log add | grep -qx -- -m || echo "letters are not read"
}

check_pages() {
	local command
	for command in $(commands); do
		[ -s "$BUILD_ROOT/man/$program$(page_of "$command")" ] || echo "$command has no page"
	done
}

check_verbs() {
	local command verb synopsis
	for command in $(commands); do
		synopsis=$(text "$(page_of "$command")" 2>/dev/null | sed -n '/^\.SH SYNOPSIS/,/^\.SH DESCRIPTION/p')
		while IFS= read -r verb; do
			have_word "$synopsis" "$program $command${verb:+ $verb}" ||
				echo "synopsis of $command: $program $command $verb is missing"
		done < <(verbs "$command")
	done
}

check_options() {
	local command verb option words page
	for command in $(commands); do
		page=$(text "$(page_of "$command")" 2>/dev/null)
		while IFS= read -r verb; do
			read -ra words <<<"$verb"
			while IFS= read -r option; do
				have_word "$page" "$option" || echo "page of $command: $option of ${verb:-$command} is missing"
			done < <(options "$command" "${words[@]}")
		done < <(verbs "$command")
	done
	page=$(text .1)
	for option in $("$CRM" -h | sed -n '/^options of every command:/,/^$/p' | spelled); do
		have_word "$page" "$option" || echo "page of $program: $option is missing"
	done
}

# The first page names every command, in one group, and every page that is of no command.
check_map() {
	local page=$SOURCE_ROOT/man/crm.1.scd name
	diff -U0 --label "crm -h" --label "${page##*/}" <(commands | sort) \
		<(sed -n 's/^@commands \(.*\)@$/\1/p' "$page" | tr ' ' '\n' | sort)
	for name in "$SOURCE_ROOT"/man/*.[3-7].scd; do
		name=${name##*/} name=${name%.scd}
		grep -qxF "*${name%.*}*(${name##*.})" "$page" || echo "${page##*/} does not name $name"
	done
}

# What pages refer to is there; pages of other programs are not ours to check.
check_references() {
	local page name
	for page in "$SOURCE_ROOT"/man/*.scd; do
		while read -r name; do
			[ -e "$SOURCE_ROOT/man/$name.scd" ] || echo "${page##*/}: there is no page $name"
		done < <(grep -oE '\*(lib)?crm(-[a-z]+)?\*\([1-8]\)' "$page" | sed 's/\*\(.*\)\*(\(.\))/\1.\2/' | sort -u)
	done
}

# libcrm(3) names every header, and no function that none of them declares.
check_library() {
	local page=$SOURCE_ROOT/man/libcrm.3.scd name
	for name in "$SOURCE_ROOT"/include/crm/*.h; do
		grep -qF "_<crm/${name##*/}>_" "$page" || echo "<crm/${name##*/}> is missing"
	done
	while read -r name; do
		grep -qE "CRM_API .*\b$name\(" "$SOURCE_ROOT"/include/crm/*.h || echo "no header declares $name()"
	done < <(sed 's/\\//g' "$page" | grep -oE '\bcrm_[a-z_]+\(' | tr -d '(' | sort -u)
}

# --- examples: lines `$ …` of literal blocks, and what follows them indented by a tab ---

# A comment `; run: COMMAND` outside of them is done too: where a page or section needs other surroundings than the next.

examples() { # FILE
	awk '/^```/ { inside = !inside; taken = 0; next }
		!inside && /^; run: / { print substr($0, 8); next }
		inside && /^\$ / { taken = 1; print substr($0, 3); next }
		inside && taken && /^\t/ { print; next }
		{ taken = 0 }' "$1" | sed 's/\\\(.\)/\1/g'
}

surroundings() { # FOLDER: where the examples run
	export CRM_STORE=$1/demo.db XDG_CONFIG_HOME=$1/config XDG_DATA_HOME=$1/data PATH=$1/bin:$PATH
	export CRM_NOW=2026-03-02T07:00:00+08:00 CRM_AGENT=mei TZ=Asia/Shanghai
	cd "$1" || exit
}

# What the examples call: says on descriptor 3 when what should print something does not.
wrapper() {
	cat <<'END'
#!/usr/bin/env bash
out=$(mktemp -p "$WORK")
"$CRM" "$@" >"$out"
status=$?
cat "$out"
case " $* " in
*' -o '* | ' alias '* | *' --verify '*) ;;
*' list '* | *' show '* | *' due '* | *' report '* | *' sql '* | *' history '* | *' export '*)
	[ $status -ne 0 ] || [ -s "$out" ] || echo "prints nothing: crm $*" >&3
	;;
esac
exit $status
END
}

new_place() { # FOLDER: the program, and the files of the demo
	mkdir -p "$1/bin" && cp "$SOURCE_ROOT"/tests/data/demo/*.csv "$1" || return
	wrapper >"$1/bin/crm" && chmod +x "$1/bin/crm"
}

sample_data() { # FOLDER
	local agent
	new_place "$1" || return
	printf 'Who,Where\nAda Winter,Leeds\nCem Aydin,Boston\n' >"$1/leads.csv"
	printf 'Name,Phone\nAda Winter,+44 113 496 0198\nCem Aydin,+1 617 555 0198\n' >"$1/mixed.csv"
	printf 'BEGIN:VCARD\nVERSION:3.0\nFN:Ada Winter\nTEL;TYPE=CELL:13800138000\nEND:VCARD\n' >"$1/contacts.vcf"
	printf '2027-01-01 New Year\nwork 2027-01-02\n' >"$1/2027.txt"
	printf 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270501\nEND:VEVENT\nEND:VCALENDAR\n' >"$1/holidays-2027.ics"
	gzip -k "$1/customers.csv"
	sqlite3 "$1/old.db" "CREATE TABLE customer (id, name); INSERT INTO customer VALUES (1, 'Ada Winter');
		CREATE TABLE customer_communication (id, customer_id, communication_content, communication_time, communication_channel);
		INSERT INTO customer_communication VALUES (1, 1, 'a catalogue, please', '2026-02-01 10:00:00', 'phone')"
	PYTHONPATH=$SOURCE_ROOT/tests/cli PYTHONDONTWRITEBYTECODE=1 python3 - "$1/customers.xlsx" <<-'END'
		import sys, xlsx
		rows = "".join(f'<row><c t="str"><v>{v}</v></c></row>' for v in ("name", "Ada Winter"))
		xlsx.book(sys.argv[1], [("2025", ""), ("2026", rows)])
	END
	surroundings "$1"
	crm init -q
	for agent in mei tom lin; do
		crm agent add -q --name "$agent" >"$work/log"
	done
	crm import customer customers.csv --country CN -q
	crm import customer customers-gbk.csv --country CN -q
	crm import log conversations.csv -q
	for team in service repairs; do
		crm team add -q --name "$team" --members 'mei, tom' >"$work/log"
	done
	crm import ticket tickets.csv -q
	crm import order orders.csv --default currency=CNY --source shop -q
	crm import survey surveys.csv -q
	for since in C001=2024-05-06 C002=2021-11-30 C003=2025-08-01; do
		crm customer edit -q "key:${since%=*}" --customer-since "${since#*=}"
	done
	printf 'order_id,review_score,review_answer_timestamp\nD-1001,5,2026-02-09 20:11\nD-1002,3,2026-02-28 08:30\n' >reviews.csv
	crm sla add -q --name usual --first-reply 'urgent 1h, 1d' --resolution 3d >"$work/log"
}

built() { # HELPER…
	local helper
	for helper; do
		[ -x "$BUILD_ROOT/cmd/helpers/$program-$helper" ] || return
	done
}

# Those of spreadsheets where they can be read and written only, those of classifiers where they can be trained, those of
# encrypted backups where these can be made.
possible_examples() { # FILE
	examples "$1" | if built import-xlsx export-xlsx; then cat; else grep -v xlsx; fi |
		if built classify-train; then cat; else grep -v classif; fi |
		if built crypt; then cat; else grep -vE 'secret|drill|restored'; fi
}

run_examples() { # FOLDER NAME: those on stdin
	{
		printf '%s\n' 'set -o pipefail' "trap 'echo \"status \$?: \$BASH_COMMAND\" >&3' ERR"
		cat
	} >"$1/examples"
	[ "$(wc -l <"$1/examples")" -gt 2 ] || echo "$2: no example"
	bash -n "$1/examples" 2>&1
	(surroundings "$1" && exec bash examples 3>&1 >output 2>&1 </dev/null) | sed "s/^/$2: /"
}

check_examples() {
	local page at
	export WORK=$work CRM
	(sample_data "$work/data" 3>&1) 2>&1
	for page in "$SOURCE_ROOT"/man/crm*.scd; do
		at=$work/${page##*/}
		cp -a "$work/data" "$at"
		run_examples "$at" "${page##*/}" < <(possible_examples "$page")
	done
}

# Those of the README, in their order, beginning with nothing but the files that it speaks of.
check_readme() {
	local name
	export WORK=$work CRM
	for name in README.md README.zh-CN.md; do
		new_place "$work/$name" || return
		run_examples "$work/$name" "$name" < <(sed -n 's/^    \$ //p' "$SOURCE_ROOT/$name")
	done
}

same_demo() { # README LANGUAGE
	diff -U1 --label "$1" --label "./bootstrap demo (tests/demo.sh --record)" \
		<(sed -n '/^<!-- demo -->$/,/^<!-- \/demo -->$/{/^<!--/d; /^$/d; /^```$/d; p}' "$SOURCE_ROOT/$1") \
		<(bash "$SOURCE_ROOT/tests/demo.sh" --transcript "$2" | grep .)
}

# The transcript in it is what the demo prints; in Chinese where that was built.
check_demo() {
	same_demo README.md en
	[ ! -e "$BUILD_ROOT/po/zh_CN/LC_MESSAGES/crm.mo" ] || same_demo README.zh-CN.md zh_CN
}

run_checks read pages map verbs options references library examples readme demo

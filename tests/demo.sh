#!/usr/bin/env bash
# The demo, with CRM, the program: in a store of its own that is gone afterwards.
#
#   demo.sh                        here
#   demo.sh --transcript LANGUAGE  as a terminal of 80 columns shows it, without colours and how fast it was: the same each time
#   demo.sh --record               that, into README.md and README.zh-CN.md, where a test compares it
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

show() { # ARGUMENT…: the line as one would type it
	local word line='$'

	for word in "$@"; do
		case $word in
		*[[:space:]\'\"\\\$\`\;\&\|\<\>\(\)\!\#*?]*)
			word="'${word//\'/\'\\\'\'}'"
			;;
		esac
		line+=" $word"
	done
	if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
		printf '\n\033[1;36m%s\033[0m\n' "$line"
	else
		printf '\n%s\n' "$line"
	fi
}

crm() {
	show crm "$@"
	"$CRM" "$@"
}

demo() {
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	cp "$here"/data/demo/*.csv "$folder"
	cd "$folder"
	export CRM_STORE=$folder/crm.db XDG_CONFIG_HOME=$folder/config XDG_DATA_HOME=$folder/data
	export CRM_NOW=2026-03-02T07:00:00+08:00 CRM_AGENT=mei TZ=Asia/Shanghai CRM_PAGER=cat
	"$CRM" -q init
	for agent in mei tom lin; do
		"$CRM" -q agent add --name "$agent" >agents
	done

	for team in service repairs; do
		"$CRM" -q team add --name "$team" >teams
	done

	crm import customer customers.csv --country CN
	crm import customer customers-gbk.csv --country CN
	crm -q import log conversations.csv
	"$CRM" -q import ticket tickets.csv
	crm followup due --limit 5 --fields name,phone,owner,action,days
	crm customer show key:C001
	crm log phone key:C102 --out --duration 6min -m '第一次联系，想要样品目录'
	crm followup digest --for mei --limit 2
	crm report activity --by channel --since 2026-02-01 --chart
}

transcript() { # LANGUAGE
	unset CRM_CONFIG
	LANGUAGE=$1 ON_TERMINAL_SECONDS=60 NO_COLOR=1 TERM=xterm LC_ALL=C.UTF-8 python3 "$here/cli/on_terminal.py" 80 -- "$0" |
		sed -E 's/; [0-9.]+ s, [0-9]+ rows\/s//; s/；[0-9.]+ 秒，每秒 [0-9]+ 行//; s/ +$//'
}

record() { # README LANGUAGE
	local readme=$here/../$1 fence="\`\`\`" text
	text=$(transcript "$2")
	{
		sed '/^<!-- demo -->$/q' "$readme"
		printf '%s\n' '' "$fence" "${text#$'\n'}" "$fence" ''
		sed -n '/^<!-- \/demo -->$/,$p' "$readme"
	} >"$readme.new"
	mv "$readme.new" "$readme"
}

: "${CRM:?the built program}"
CRM=$(realpath "$CRM")
export CRM
case ${1-} in
'') demo ;;
--transcript) transcript "${2-en}" ;;
--record)
	record README.md en
	record README.zh-CN.md zh_CN
	;;
*)
	sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac

# The language of messages, help and tables: what chooses it, and what it never changes. language.py tries every verb.
# shellcheck disable=SC2154 # out and err are of helper.bash
load helper

setup_file() {
	HELPERS=$(dirname "$(realpath "$CRM")")/helpers
	export HELPERS PYTHONPATH=$BATS_TEST_DIRNAME PYTHONDONTWRITEBYTECODE=1
}

every() { # PART
	CRM_LOCALEDIR=$(catalogues) python3 -B "$BATS_TEST_DIRNAME/language.py" "$BATS_TEST_TMPDIR/$1" "$1" >"$out" || {
		cat "$out"
		return 1
	}
}

# Where the translations of this build are.
catalogues() {
	echo "${CRM_LOCALEDIR:-$(dirname "$CRM")/../po}"
}

need_chinese() {
	[ -e "$(catalogues)/zh_CN/LC_MESSAGES/crm.mo" ] || skip 'built without translations'
}

# As cron starts it: with nothing but what is said here.
bare() { # NAME=VALUE… ARGUMENT OF CRM…
	local given=(HOME="$HOME" CRM_NOW="$CRM_NOW" CRM_LOCALEDIR="$(catalogues)")
	while [[ $1 = *=* ]]; do
		given+=("$1")
		shift
	done
	env -i "${given[@]}" "$CRM" "$@"
}

speaks() { # zh|en NAME=VALUE…
	local wanted=$1 got=en
	shift
	if bare "$@" nonsense 2>"$err"; then return 1; fi
	grep -q '没有命令' "$err" && got=zh
	[ "$got" = "$wanted" ] || {
		echo "$* speaks $got"
		cat "$err"
		return 1
	}
	[ "$(wc -l <"$err")" -eq 1 ]
}

@test "the language of the environment: LC_ALL=C ends all talk, then \$LANGUAGE, LC_ALL, LC_MESSAGES, LANG" {
	need_chinese
	speaks en
	speaks zh LANG=zh_CN.UTF-8
	speaks zh LANG=en_US.UTF-8 LC_MESSAGES=zh_CN.UTF-8
	speaks en LANG=zh_CN.UTF-8 LC_MESSAGES=en_US.UTF-8
	speaks zh LANG=en_US.UTF-8 LC_MESSAGES=en_US.UTF-8 LC_ALL=zh_CN.UTF-8
	speaks en LANG=zh_CN.UTF-8 LC_MESSAGES=zh_CN.UTF-8 LC_ALL=en_US.UTF-8
	speaks zh LC_ALL=en_US.UTF-8 LANGUAGE=zh_CN
	speaks en LC_ALL=zh_CN.UTF-8 LANGUAGE=en
	speaks en LC_ALL=C LANGUAGE=zh_CN LANG=zh_CN.UTF-8
	speaks en LC_ALL=POSIX LANGUAGE=zh_CN
	speaks zh LC_ALL= LC_MESSAGES= LANG=zh_CN.UTF-8
}

@test "the first of the list that there is; what only looks like Chinese is not" {
	need_chinese
	speaks zh LANGUAGE=zh_CN:en
	speaks en LANGUAGE=en:zh_CN
	speaks zh LANGUAGE=fr:de:zh
	speaks en LANGUAGE=fr:de LANG=zh_CN.UTF-8
	speaks en LANG=zhuang
	speaks zh LANG=zh
}

@test "no locale need be installed, whatever its encoding and country" {
	need_chinese
	speaks zh LANG=zh_CN.GB18030
	speaks zh LANG=zh_TW.UTF-8
	speaks zh LANG=zh_SG@pinyin
	speaks zh LC_ALL=zh_XX.nonsense
}

@test "ui.language wins over the environment, either way; auto leaves it to that" {
	need_chinese
	run_ok config set ui.language zh
	speaks zh
	speaks zh LC_ALL=C
	run_ok config set ui.language en
	speaks en LANG=zh_CN.UTF-8 LANGUAGE=zh_CN
	run_ok config set ui.language auto
	speaks zh LANG=zh_CN.UTF-8
	speaks en LANG=en_US.UTF-8
	run_fail 2 config set ui.language fr
	assert_err "crm: ui.language 'fr': must be one of auto, en, zh"
}

@test "what is wrong with the configuration is said in the language of the environment" {
	need_chinese
	mkdir -p "$XDG_CONFIG_HOME/crm"
	printf '[ui]\ncolour = red\n' >"$XDG_CONFIG_HOME/crm/config"
	bare LANG=zh_CN.UTF-8 version 2>"$err"
	assert_err_has ':2: 没有配置项 ui.colour'
}

@test "without a catalogue, and with one that is none, English, without a word" {
	mkdir -p nothing broken/zh_CN/LC_MESSAGES
	echo 'no catalogue' >broken/zh_CN/LC_MESSAGES/crm.mo
	for place in nothing broken; do
		if bare LANG=zh_CN.UTF-8 CRM_LOCALEDIR=$place nonsense 2>"$err"; then return 1; fi
		assert_err "crm: there is no command 'nonsense' (\`crm -h\` lists them)"
	done
}

@test "tables: heads and words for people are Chinese, names and values for programs are not" {
	need_chinese
	new_store
	run_ok customer add --name Ada --stage lead
	bare LANGUAGE=zh customer list --format table >"$out"
	grep -q '^ID  *名称  *电话' "$out"
	lacks -q lead "$out"
	bare LANGUAGE=zh customer list --header >"$out"
	assert_out $'id\tname\tphone\temail\towner\tstage\tlast_contact_at' $'1\tAda\t\t\t\tlead\t'
	bare LANGUAGE=en customer list --format table >"$out"
	grep -q '^id  *name  *phone' "$out"
}

@test "what crm starts speaks its language: the shell of an alias, helpers, programs" {
	need_chinese
	run_ok alias add hear '!echo "$LANGUAGE"'
	bare LANG=zh_CN.UTF-8 hear >"$out"
	assert_out zh_CN
	run_ok config set ui.language en
	bare LANG=zh_CN.UTF-8 LANGUAGE=zh_CN hear >"$out"
	assert_out en
}

@test "a helper speaks it by itself, and crm passes on what it says as it is" {
	need_chinese
	[ -x "$HELPERS/crm-import-xlsx" ] || skip 'built without crm-import-xlsx'
	new_store
	printf 'PK\3\4nonsense' >bad.xlsx
	if LC_ALL=C.UTF-8 LANGUAGE=zh_CN CRM_LOCALEDIR=$(catalogues) "$HELPERS/crm-import-xlsx" bad.xlsx 2>"$err"; then return 1; fi
	assert_err 'crm-import-xlsx: bad.xlsx: 文件已损坏，或不是 xlsx 文件：无法读取其内容清单'
	if bare LANGUAGE=zh import customer bad.xlsx 2>"$err"; then return 1; fi
	assert_err_has 'crm: bad.xlsx: 文件已损坏，或不是 xlsx 文件：无法读取其内容清单'
	lacks -q 'crm-import-xlsx' "$err"
}

@test "in the sandbox, where no file can be opened any more, the language is known already" {
	need_chinese
	new_store
	run_ok customer add --name Ada
	sqlite3 "$(store_file)" 'UPDATE customer SET contacts = 5'
	if bare LANGUAGE=zh check >"$out" 2>"$err"; then return 1; fi
	assert_err_has '--fix 修正可以重新算出的'
	[ -x "$HELPERS/crm-import-mail" ] || skip 'built without crm-import-mail'
	: >empty.eml
	if bare LANGUAGE=zh import log empty.eml 2>"$err"; then return 1; fi
	assert_err_has '文件是空的'
}

@test "what programs read is the same in both languages, of every verb; so is what is stored" {
	need_chinese
	every machine
}

@test "every text of every verb is marked for translation" {
	command -v xgettext >/dev/null || skip 'no xgettext here'
	every marked
}

@test "help in Chinese fits 79 columns, and no line begins with a sign" {
	need_chinese
	every narrow
}

# Refusals that need no story of their own: what is wrong, said in full, and nothing done.
# shellcheck disable=SC2154 # out and err are of helper.bash
load helper

refusals_setup() {
	new_store
	run_ok customer add --name Li
	run_ok customer add --name Wu
	run_ok ticket add 1 --type question --subject x
	run_ok log phone 1 -m hello
	run_ok field add customer shoe
	run_ok view add customer first city:Rome
	remember_store
}

@test "arguments that are missing, or one too many" {
	refusals_setup
	assert_refusal 2 'log edit: which LOG? (--last: the one that you wrote down last)' log edit
	assert_refusal 2 'ticket assign: which AGENT? (or --team TEAM)' ticket assign 1
	assert_refusal 2 'stdin (-) is named twice' customer tag - - --add x
	assert_refusal 2 'field edit: nothing to change: --label, --words or --help-text says what' field edit customer shoe
	assert_refusal 2 'view edit: nothing to change: FILTER…, --fields or --sort says what' view edit customer first
	assert_refusal 2 'customer list: --header takes no value' customer list --header=1
	assert_refusal 2 '--sort: an empty name' customer list --sort ,
}

@test "arguments that do not go together" {
	refusals_setup
	assert_refusal 2 'log edit: a text belongs to one record' log edit --where channel:phone --yes -m x
	assert_refusal 2 'history: --limit is for operations, not for the changes of a record' history customer:1 --limit 3
	assert_refusal 2 'import: the summary is written as json only' import customer x.csv --format csv
	assert_refusal 2 'customer merge: a customer is named twice' customer merge 1 2 2
	assert_refusal 2 'customer distinct: a customer is named twice' customer distinct 1 1
	assert_refusal 2 "completion: 'tcsh' is none of bash, zsh, fish" completion tcsh
}

@test "times that are none, or that have passed" {
	refusals_setup
	local how='write it like 2026-01-02, yesterday, monday or -3d'
	run_ok followup add 1 --due tomorrow
	remember_store
	assert_refusal 2 "--as-of: 'nonsense' is not a time: $how" ticket list --as-of nonsense
	assert_refusal 2 "--until: 'nonsense' is not a time: $how" ticket pend 1 --until nonsense
	assert_refusal 2 "--at: 'nonsense' is not a time: $how" followup "done" 1 --at nonsense
	assert_refusal 2 "--until '2020-01-01': has passed already" ticket pend 1 --until 2020-01-01
	assert_refusal 2 "at: '2026-01-002' is not a date: a day has one or two digits, as in 2026-01-02" log phone 1 -m x --at 2026-01-002
	assert_refusal 2 "at: '2026-01-02 15:04:05.' is not a time: digits are missing after the point" \
		log phone 1 -m x --at '2026-01-02 15:04:05.'
	assert_refusal 2 "birthday: '--05' is not a date: a day without its year is written --05-12" customer edit 1 --birthday --05
}

@test "help and configuration of what is not there" {
	refusals_setup
	assert_refusal 2 "there is no command 'nonsense' (\`crm -h\` lists them)" help nonsense
	assert_refusal 2 "customer: there is no 'nonsense'" help customer nonsense
	assert_refusal 2 'alias.x: a line of a configuration file cannot hold this' alias add x $'a\nb'
	mkdir -p "$XDG_CONFIG_HOME/crm"
	printf '[alias]\nx = "\ny =\n' >"$XDG_CONFIG_HOME/crm/config"
	assert_refusal 2 'alias.x: a quote is not closed' x
	assert_refusal 2 "alias 'z': says nothing" alias add z ''
}

@test "texts that are none" {
	refusals_setup
	printf 'a\0b' >nul
	assert_refusal 2 'nul: byte 2 is NUL: not text' log phone 1 -F nul
	assert_refusal 1 'the text is empty: nothing was written down' ticket reply 1 -m ''
	head -c 1100000 /dev/zero | tr '\0' a >long
	assert_refusal 2 'content: longer than 1 MiB' log phone 1 -F long
}

@test "what a ticket always has, and what it has kept" {
	refusals_setup
	assert_refusal 2 'status: a ticket always has one' ticket edit 1 --status ''
}

# shellcheck disable=SC2016 # the names of variables are what is said
@test "no place to look: neither option nor variable" {
	unset HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
	run_fail 6 customer list
	assert_err 'crm: no store: neither --store nor $CRM_STORE nor $HOME is given'
	run_fail 6 init
	assert_err 'crm: no place for the store: neither --store nor $CRM_STORE nor $HOME is given'
	run_fail 1 config edit
	assert_err 'crm: no place for the configuration: $HOME is not set'
}

@test "a filter that fits nobody is nothing to do" {
	refusals_setup
	run_ok customer rm --where city:nowhere --yes
	assert_err 'no record is meant: nothing to do'
	store_unchanged
}

@test "dumps with values that no table has" {
	refusals_setup
	run_ok dump -o a.dump
	run_ok init --store b.db
	sed 's/"name":"Wu"/"name":{"hex":1}/' a.dump >bad.dump
	run_fail 1 load bad.dump --edited --store b.db
	assert_err_has 'an object that is no {"hex":…} or {"bytes":…}'
	sed 's/"name":"Wu"/"name":[1]/' a.dump >bad.dump
	run_fail 1 load bad.dump --edited --store b.db
	assert_err_has 'a value that is no number, text or {"hex":…}'
	sed 's/^sequence {"table":"customer"/sequence {"table":1/' a.dump >bad.dump
	run_fail 1 load bad.dump --edited --store b.db
	assert_err_has 'a sequence has a table and its last number'
}

@test "plans of other makers" {
	refusals_setup
	echo '{"plan":99,"type":"customer"}' >a.plan
	run_fail 1 apply a.plan
	assert_err_has 'a.plan: is no plan of this version of crm'
	echo '{"plan":1,"type":"nonsense"}' >a.plan
	run_fail 1 apply a.plan
	assert_err_has 'a.plan:1: has no type that can be imported'
	store_unchanged
}

@test "nobody is meant, nowhere, nothing" {
	refusals_setup
	run_ok privacy erase - --yes </dev/null
	assert_err 'no customer is meant: nothing to do'
	assert_refusal 1 '.: Is a directory' restore . --yes
	assert_refusal 2 "store.trust: 'here' does not begin with /" config set store.trust here
	store_unchanged
}

@test "years that there are not, days without their month" {
	refusals_setup
	printf 'name,customer_since\nBo,0000-01-02\n' >a.csv
	run_fail 1 import customer a.csv
	assert_err_has 'years go from 0001 to 9999'
	printf 'name,customer_since\nBo,00000102\n' >a.csv
	run_fail 1 import customer a.csv
	assert_err_has 'years go from 0001 to 9999'
	printf 'name,customer_since\nBo,2026 03\n' >a.csv
	run_fail 2 import customer a.csv --date-format '%Y %d'
	assert_err_has 'a day needs its month'
	store_unchanged
}

# shellcheck disable=SC2016 # the names of variables are what is said
@test "a restore without a place" {
	refusals_setup
	run_ok backup a.db
	unset HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
	run_fail 6 restore a.db --yes
	assert_err 'crm: no place for the store: neither --store nor $CRM_STORE nor $HOME is given'
}

@test "more words than a search takes" {
	refusals_setup
	# shellcheck disable=SC2046 # words
	run_fail 2 search $(seq -f 'w%g' 61)
	assert_err_has 'search: more than 60 terms'
}

@test "an operation whose digest was taken away" {
	refusals_setup
	sqlite3 "$(store_file)" 'UPDATE operation SET digest = NULL WHERE id = (SELECT max(id) FROM operation)'
	run_status 5 check
	assert_out_has 'has no digest, though one before it has'
}

@test "asked on a terminal, and no" {
	refusals_setup
	run_ok privacy retain add old --entity log --keep 1d
	remember_store
	python3 "$BATS_TEST_DIRNAME/on_terminal.py" 80 '[y/N]' $'n\n' -- "$CRM" privacy erase 1 >"$out" 2>"$err" || true
	assert_out_has 'nothing was erased'
	python3 "$BATS_TEST_DIRNAME/on_terminal.py" 80 '[y/N]' $'n\n' -- "$CRM" --now 2026-06-01 privacy retain run >"$out" 2>"$err" || true
	assert_out_has 'nothing was erased'
	EDITOR='vi "' python3 "$BATS_TEST_DIRNAME/on_terminal.py" 80 -- "$CRM" log phone 1 >"$out" 2>"$err" || true
	assert_out_has 'a quote is not closed'
	store_unchanged
}

#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2086 # out is of helper.bash; words are meant to be split
# How commands are named and called: help, options, arguments, and what is refused.

load helper

commands=(init whoami customer org log order agent field followup report import export history undo redo sql config alias view
	check completion help version)

# Help: on stdout alone, fit for any terminal, with no store there or made.
assert_help() { # ARGUMENT…
	run_ok "$@"
	assert_err
	assert_out_has 'crm '
	[ "$(LC_ALL=C.UTF-8 wc -L <"$out")" -le 80 ] || {
		echo "crm $*: wider than 80 columns"
		return 1
	}
}

@test "every command explains itself by -h and --help, alike" {
	local command
	for command in "${commands[@]}"; do
		assert_help "$command" --help
		mv "$out" long
		assert_help "$command" -h
		cmp long "$out"
	done
	[ ! -e "$XDG_DATA_HOME/crm" ]
}

@test "the program lists all commands" {
	assert_help --help
	local command
	for command in "${commands[@]}"; do
		grep -qE "^  $command( |$)" "$out" || {
			echo "not listed: $command"
			return 1
		}
	done
}

@test "every verb explains itself" {
	local command verb
	while read -r command verb; do
		assert_help "$command" $verb --help
	done <<'VERBS'
customer add
customer show
customer list
customer edit
customer rm
customer tag
order add
order show
order list
order edit
order rm
order tag
org add
org show
org list
org edit
org rm
agent add
agent show
agent list
agent edit
agent rm
log add
log phone
log email
log chat
log visit
log sms
log wechat
log list
log show
log edit
log rm
followup due
followup policy add
followup policy list
followup policy edit
followup policy rm
import list
import show
import revert
field add
field list
field rm
config get
config set
config list
config edit
VERBS
	[ ! -e "$XDG_DATA_HOME/crm" ]
}

@test "help wins over arguments that are missing" {
	assert_help customer edit --help
	assert_help help --help
}

@test "the version is that of the build" {
	local version
	version=$(sed -n "s/^  version: '\(.*\)',/\1/p" "$BATS_TEST_DIRNAME/../../meson.build" | head -n 1)
	[ -n "$version" ]
	run_ok --version
	assert_out "crm $version"
	assert_err
	run_ok version
	assert_out_has "$version"
}

@test "an unknown command names the nearest" {
	run_fail 2 custmer
	assert_err_has "'custmer'"
	assert_err_has customer
	run_fail 2 histroy
	assert_err_has history
}

@test "an unknown verb names the nearest" {
	run_fail 2 customer lst
	assert_err_has "list"
	run_fail 2 followup policy ad
	assert_err_has "add"
}

@test "an unknown option names the nearest" {
	run_fail 2 customer list --srot name
	assert_err_has --sort
	run_fail 2 customer add --nmae X
	assert_err_has --name
	run_fail 2 --stor x customer list
	assert_err_has --store
	run_fail 2 customer list -x
	assert_err_has "option -x"
}

@test "an unknown column, sort key or filter field names the nearest" {
	new_store
	run_fail 2 customer list --fields id,nmae
	assert_err_has nmae
	assert_err_has name
	run_fail 2 customer list --sort -cty
	assert_err_has city
	run_fail 2 customer list ctiy:Rome
	assert_err_has ctiy
	assert_err_has city
}

@test "a value that its option or field refuses names the nearest" {
	new_store
	run_fail 2 customer list --format jsno
	assert_err_has json
	run_fail 2 --color alway customer list
	assert_err_has always
	run_fail 2 customer add --name X --stage custmer
	assert_err_has custmer
	assert_err_has "'customer'"
	run_fail 2 customer list stage:custmer
	assert_err_has "'customer'"
	run_fail 2 customer list --limit many
	assert_err_has many
	run_fail 2 customer list --limit -1
}

@test "commands and verbs are not abbreviated" {
	new_store
	run_fail 2 cust list
	run_fail 2 customer li
	run_fail 2 cust
}

@test "a noun without a verb is its list" {
	new_store
	run_ok customer add --name Ada
	run_ok customer
	assert_out $'1\tAda\t\t\t\t\t'
	run_ok customer --fields name
	assert_out Ada
	run_ok agent --fields name
	assert_out ann bob
}

@test "options stand before or after arguments, global ones before the command too" {
	new_store
	run_ok customer add --name Ada
	run_ok customer edit --city Rome 1
	run_ok customer edit 1 --region Lazio
	for arguments in '--fields city,region customer show 1' 'customer --fields city,region show 1' \
		'customer show --fields city,region 1' 'customer show 1 --fields city,region'; do
		run_ok $arguments --format csv --no-header
		assert_out Rome,Lazio
	done
}

@test "--opt=value and --opt value are the same" {
	new_store
	run_ok customer add --name=Ada --city=Rome --note=a=b
	run_ok customer list --fields=name,city,note
	assert_out $'Ada\tRome\ta=b'
	run_ok customer edit 1 --city=
	run_ok customer list --fields name,city
	assert_out $'Ada\t'
}

@test "a value may begin with a dash" {
	new_store
	run_ok customer add --name --help --note -5 --city --
	run_ok customer list --fields name,note,city
	assert_out $'--help\t-5\t--'
	run_ok customer list --sort -name --fields name
	assert_out --help
}

@test "-- ends the options" {
	new_store
	run_ok customer add --name -5°
	run_fail 2 customer show -5°
	run_ok customer show --fields id --format tsv -- -5°
	assert_out 1
	run_fail 3 customer show -- --format
	run_ok customer list --fields id -- -5
	assert_out 1
}

@test "missing values, missing and surplus arguments" {
	new_store
	run_fail 2 customer add --name
	run_fail 2 customer add --name Ada surplus
	run_fail 2 customer show
	run_fail 2 customer show 1 2
	run_fail 2 undo 1 2
	run_fail 2 --quiet
	run_fail 2 customer add --quiet=yes --name X
	run_ok customer list
	assert_out
}

@test "--quiet keeps data and errors" {
	new_store
	run_ok -q customer add --name Ada
	assert_out 1
	assert_err
	run_ok customer edit 1 --city Rome --quiet
	assert_out
	assert_err
	run_fail 3 -q customer show 99
}

@test "without a store a read is status 6, with the way out" {
	run_fail 6 customer list
	assert_err_has "crm init"
	run_fail 6 --store "$PWD/none.db" customer add --name X
	[ ! -e none.db ]
	[ ! -e "$XDG_DATA_HOME/crm" ]
	CRM_STORE=$PWD/none.db run_fail 6 customer add --name X
	[ ! -e none.db ]
}

@test "the first write makes the usual store, for its owner alone" {
	run_ok customer add --name Ada
	assert_out 1
	[ "$(stat -c %a "$XDG_DATA_HOME/crm")" = 700 ]
	[ "$(stat -c %a "$XDG_DATA_HOME/crm/crm.db")" = 600 ]
}

@test "--store before CRM_STORE before the configuration before the usual place" {
	local i
	for i in flag environment configured; do
		run_ok --store "$PWD/$i.db" init
		run_ok --store "$PWD/$i.db" agent add --name ann
		run_ok --store "$PWD/$i.db" customer add --name "$i"
	done
	run_ok customer add --name usual
	run_ok customer list --fields name
	assert_out usual
	run_ok config set store.path "$PWD/configured.db"
	run_ok customer list --fields name
	assert_out configured
	export CRM_STORE=$PWD/environment.db
	run_ok customer list --fields name
	assert_out environment
	run_ok customer list --fields name --store flag.db
	assert_out flag
}

@test "an agent who is not in the store acts with a warning" {
	new_store
	run_ok --as eve customer add --name Ada
	assert_out 1
	assert_err_has eve
	run_ok history --fields agent --limit 1
	assert_out eve
}

@test "init does not overwrite" {
	run_ok init
	run_ok customer add --name Ada
	run_fail 4 init
	run_ok customer list --fields name
	assert_out Ada
}

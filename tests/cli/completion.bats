#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# What can be typed next, asked of the program and through the three shells.

bats_require_minimum_version 1.5.0
load helper

people() {
	new_store
	run_ok customer add --name Ada --stage lead
	run_ok customer add --name 'Li Si'
	run_ok customer add --name 李四
	run_ok view add customer leads stage:lead
	run_ok field add customer tier --words 'gold, silver'
}

# The candidates are these, whatever their order.
offers() { # CANDIDATE… -- WORD…
	local wanted=()
	while [ "$1" != -- ]; do
		wanted+=("$1")
		shift
	done
	shift
	run_ok __complete "$@" || return
	assert_err || return
	diff -u --label wanted --label got <(printf '%s' "${wanted[@]/%/$'\n'}" | sort) <(cut -f 1 "$out" | sort) || {
		printf 'completing: %s\n' "${*@Q}"
		return 1
	}
}

# These are among the candidates.
offers_some() { # CANDIDATE… -- WORD…
	local wanted=() word
	while [ "$1" != -- ]; do
		wanted+=("$1")
		shift
	done
	shift
	run_ok __complete "$@" || return
	for word in "${wanted[@]}"; do
		cut -f 1 "$out" | grep -qxF -- "$word" || {
			printf 'completing: %s\nlacks: %s\n' "${*@Q}" "$word"
			cat "$out"
			return 1
		}
	done
}

@test "commands and verbs" {
	offers customer -- cus
	offers_some customer log followup report org agent import export view field history undo redo sql check init whoami \
		config alias completion help version -- ''
	offers add show list edit rm tag -- customer ''
	offers list -- customer l
	offers_some add list edit rm -- followup policy ''
	offers_some due policy -- followup ''
	offers_some phone email visit add list -- log ''
	run_ok alias add mine 'customer list owner:me'
	offers mine -- mi
	offers -- nosuch ''
}

@test "candidates have a description" {
	run_ok __complete cus
	grep -qP '^customer\t.+$' "$out"
	run_ok __complete customer add --birth
	grep -qP '^--birthday\t.+$' "$out"
}

@test "options: of the command, of its fields, global" {
	offers --stage --store -- customer add --st
	offers_some --name --email --help --format -- customer add -
	offers --sort -- customer list --so
	offers_some --store --as --now -- --
	offers -- customer list --birthday
	offers -- customer add -- --na
}

@test "values of options" {
	offers subscriber lead mql sql opportunity customer evangelist other -- customer add --stage ''
	offers --stage=customer -- customer add --stage=cu
	offers yes no -- customer add --do-not-call ''
	offers_some table tsv csv json jsonl record -- customer list --format ''
	offers auto always never -- --color ''
	offers day week month hour weekday channel agent -- report activity --by ''
	offers_some activity frequency followups -- report ''
	offers bash zsh fish -- completion ''
	offers auto always never -- config set ui.color ''
	offers_some time.zone -- config get ti
	offers_some customer log org -- import ''
}

@test "columns and sort keys, the last of a list" {
	offers name,city -- customer list --fields name,ci
	offers +city -- customer list --fields +ci
	offers -city -- customer list --sort -ci
	offers id,-city -- customer list --sort id,-ci
	offers --fields=city -- customer list --fields=ci
}

@test "records" {
	people
	offers Ada -- customer show A
	offers 'Li Si' -- customer show Li
	offers 李四 -- customer show 李
	offers 1 -- customer edit 1
	offers Ada -- log phone A
	offers customer:Ada -- history customer:A
	offers ann bob -- customer add --owner ''
	offers bob -- --as b
	offers -- customer show X
	offers -- customer show 1 ''
}

@test "terms of a filter, views, custom fields" {
	people
	offers city: -- customer list ci
	offers stage:customer -- customer list stage:cu
	offers stage:lead,customer -- customer list stage:lead,cu
	offers not:stage:customer -- customer list not:stage:cu
	offers owner:me owner:ann owner:bob -- customer list owner:
	offers @leads -- customer list @
	offers leads -- view rm customer ''
	offers tier: -- customer list tie
	offers_some tier -- customer list --fields ti
	offers tier= -- customer edit 1 --set ''
	offers tier -- field rm customer ''
	offers stage:lead -- export customer stage:le
	offers stage:lead -- view add customer v stage:le
	offers stage:lead -- customer tag --add x --where stage:le
	offers stage:lead -- customer edit --where stage:le
}

@test "a file name is announced by an empty candidate" {
	run_ok __complete import customer ''
	grep -qP '^\t' "$out"
	run_ok __complete --store ''
	grep -qP '^\t' "$out"
	run_ok __complete customer show ''
	run ! grep -qP '^\t' "$out"
}

@test "without a store, or with a broken one, it is silent" {
	offers -- customer show A
	[ ! -e "$XDG_DATA_HOME/crm" ]
	echo text >broken.db
	CRM_STORE=$PWD/broken.db offers -- customer show A
	CRM_NOW=junk offers customer -- cus
}

@test "names that would act on a terminal are not offered" {
	new_store
	run_ok customer add --name $'Evil\e[2J'
	run_ok customer add --name 'Even'
	offers Even -- customer show Ev
}

# The program under its own name, for the shells.
in_path() {
	mkdir -p bin
	ln -sf "$CRM" bin/crm
	export PATH=$PWD/bin:$PATH
}

@test "bash, at its prompt" {
	people
	in_path
	# shellcheck disable=SC2016 # for the shell that is started
	printf '%s\n' "PS1='> '" 'eval "$(crm completion bash)"' >rc
	python3 "$BATS_TEST_DIRNAME/on_terminal.py" 200 \
		'> ' $'crm -q customer sh\t' 'ow ' $'Li\t' 'Si ' $'--fields id; echo o""ne\n' \
		$'\none' '' '> ' $'crm -q customer list stag\t' e: $'le\t' 'ad ' $'--fields name; echo t""wo\n' \
		$'\ntwo' '' '> ' $'crm -q customer add --stage=cu\t' 'stomer ' $'--na\t' 'me ' $'New; echo th""ree\n' \
		$'\nthree' $'exit\n' -- bash --noprofile --rcfile rc -i >"$out" 2>"$err"
	grep -qE '^Id: +2$' "$out"
	grep -qE '^Ada *$' "$out"
	run_ok customer list stage:customer --fields name
	assert_out New
}

@test "zsh, at its prompt" {
	command -v zsh >/dev/null || skip "zsh is not here"
	people
	in_path
	# shellcheck disable=SC2016
	printf '%s\n' "PS1='> '" 'autoload -Uz compinit; compinit -u -D' 'eval "$(crm completion zsh)"' >.zshrc
	ZDOTDIR=$PWD python3 "$BATS_TEST_DIRNAME/on_terminal.py" 200 \
		'> ' $'crm -q customer ed\t' 'it ' $'Ad\t' 'a ' $'--stage cus\t' 'tomer ' $'; echo o""ne\n' \
		$'\none' '' '> ' $'crm -q customer tag --where stage:cu\t' 'stomer ' $'--add x --yes; echo t""wo\n' \
		$'\ntwo' '' '> ' $'exit\n' -- zsh -d -i >"$out" 2>"$err"
	run_ok customer list stage:customer tag:x --fields name
	assert_out Ada
}

@test "fish, by its own question" {
	command -v fish >/dev/null || skip "fish is not here"
	people
	in_path
	ask() { # LINE: the candidates
		fish --no-config -c 'crm completion fish | source; complete -C "$argv[1]"' "$1" | cut -f 1 >"$out"
	}
	ask 'crm customer sh'
	assert_out show
	ask 'crm customer list stage:cu'
	assert_out stage:customer
	ask 'crm customer show A'
	assert_out Ada
	ask 'crm customer list --fields name,ci'
	assert_out name,city
}

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
	offers_some customer log order followup report org agent import export view field history undo redo sql check init whoami \
		config alias completion help version -- ''
	offers add show list edit rm tag duplicates merge unmerge distinct links -- customer ''
	offers links list -- customer l
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
	offers female -- customer add --gender fe
	offers json jsonl -- customer list --format js
	offers_some table tsv csv json jsonl record -- customer list --format ''
	offers auto always never -- --color ''
	offers day week month hour weekday channel agent -- report activity --by ''
	offers_some activity frequency followups -- report ''
	offers bash zsh fish -- completion ''
	offers auto always never -- config set ui.color ''
	offers_some time.zone -- config get ti
	run_ok customer add --name Ada
	run_ok order add 1 --number SO-17 --product Lamp
	run_ok order add 1 --number SO-18
	offers SO-17 SO-18 -- order show SO
	offers_some customer log order org -- import ''
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
	run_ok init --store other.db
	run_ok --store other.db customer add --name Zoe
	offers Zoe -- --store other.db customer show Z
	offers Zoe -- customer show --store=other.db Z
	offers -- --store none.db customer show A
	offers -- customer show 1 ''
}

@test "keys, numbers with their subject, the newest first" {
	people
	run_ok customer add --name Eve --key ERP-1
	offers key: -- customer show ke
	offers key:ERP-1 -- customer show key:
	offers key:ERP-1 -- log phone key:E
	offers --customer=key:ERP-1 -- search lamp --customer=key:
	run_ok ticket add 1 --type question --subject 'lost parcel'
	run_ok ticket add 1 --type question --subject 'broken lamp'
	run_ok __complete ticket show ''
	assert_out $'2\tbroken lamp' $'1\tlost parcel'
	run_ok __complete ticket solve 1
	assert_out $'1\tlost parcel'
}

@test "times, tags, topics" {
	people
	run_ok customer tag 1 2 --add vip
	run_ok customer tag 3 --add 'very new' --add old
	offers today tomorrow tuesday thursday -- followup add 1 --due t
	offers -1d -1w -1mo -1y -- report activity --since -
	offers yesterday -- --now y
	offers yesterday -- log phone 1 --at y
	offers last_contact_at:today..tomorrow -- customer list last_contact_at:today..tom
	offers 'last_contact_at:>=yesterday' -- customer list 'last_contact_at:>=y'
	offers tag:old 'tag:very new' tag:vip -- customer list tag:
	offers tag:vip,old -- customer list tag:vip,o
	offers vip -- customer tag 1 --remove vi
	offers 'very new' -- customer add --tag ve
	offers -- ticket list tag:
	offers tutorial -- help tu
	offers_some customer filter -- help ''
}

@test "behind an alias as behind its words" {
	people
	run_ok alias add mine 'customer list owner:me'
	run_ok alias add who 'customer show'
	run_ok alias add shell '!echo'
	offers city: -- mine ci
	offers Ada -- --wait 3 who A
	offers --fields -- mine --fie
	offers -- shell A
}

@test "terms of a filter, views, custom fields" {
	people
	offers city: -- customer list ci
	offers stage:customer -- customer list stage:cu
	offers stage:lead,customer -- customer list stage:lead,cu
	offers not:stage:customer -- customer list not:stage:cu
	offers owner:me owner:ann owner:bob -- customer list owner:
	offers channel:wechat -- log list channel:wec
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
	CRM_NOW=junk offers -- customer show A
}

@test "names that would act on a terminal are not offered" {
	new_store
	run_ok customer add --name $'Evil\e[2J'
	run_ok customer add --name 'Even'
	offers Even -- customer show Ev
}

# Types lines at the prompt of a shell; ⇥ is the key that completes. Each must come to call crm with exactly the words of
# WORDS, each in < >. Only the calls are not made; what completion asks, the program answers.
at_prompt() { # SHELL ARGUMENT… -- [LINE WORDS]…
	local shell=() steps=() words=() got=0
	while [ "$1" != -- ]; do
		shell+=("$1")
		shift
	done
	shift
	while [ $# -gt 0 ]; do
		steps+=('> ' "${1//⇥/$'\t'}"$'\n' $'\ncalled' '')
		words+=("$2")
		shift 2
	done
	mkdir -p bin
	cat >bin/crm <<-'END'
		#!/bin/sh
		[ "$1" = __complete ] || [ "$1" = completion ] && exec "$CRM" "$@"
		{ printf '<%s>' "$@"; echo; } >>calls
		echo called
	END
	chmod +x bin/crm
	: >calls
	PATH=$PWD/bin:$PATH TERM=xterm LC_ALL=C.UTF-8 python3 -IS "$BATS_TEST_DIRNAME/on_terminal.py" 200 \
		"${steps[@]}" '> ' $'exit\n' -- "${shell[@]}" >"$out" 2>"$err" || got=$?
	if [ "$got" -ne 0 ] || ! same_lines calls "${words[@]}"; then
		echo "status $got, shown:"
		cat -v "$out" "$err"
		return 1
	fi
}

# What every shell must make of a key, however it splits and quotes words by itself.
in_shell() { # SHELL ARGUMENT…
	people
	run_ok customer add --name "O'Brien" --key ERP-1 --tag 'very new'
	run_ok alias add mine 'customer list owner:me'
	run_ok customer add --name 'Bert One'
	run_ok customer add --name 'Bert Two'
	run_ok init --store 'other store.db'
	run_ok --store 'other store.db' customer add --name Zoe
	: >'some file.csv'
	# shellcheck disable=SC2016 # must not be run
	at_prompt "$@" -- \
		'crm cus⇥sh⇥Ad⇥' '<customer><show><Ada>' \
		'crm customer add --st⇥ag⇥opp⇥--em⇥ x@y.z' '<customer><add><--stage><opportunity><--email><x@y.z>' \
		'crm customer add --stage=opp⇥--na⇥New' '<customer><add><--stage=opportunity><--name><New>' \
		'crm customer show Li⇥' '<customer><show><Li Si>' \
		'crm customer show Li\ S⇥' '<customer><show><Li Si>' \
		"crm customer show 'Li⇥" '<customer><show><Li Si>' \
		'crm customer show "Li⇥' '<customer><show><Li Si>' \
		'crm customer show O⇥' "<customer><show><O'Brien>" \
		'crm customer show "O⇥' "<customer><show><O'Brien>" \
		"crm customer show 'O⇥" "<customer><show><O'Brien>" \
		'crm customer show 李⇥' '<customer><show><李四>' \
		'crm customer show Ber⇥T⇥' '<customer><show><Bert Two>' \
		'crm customer list stag⇥le⇥' '<customer><list><stage:lead>' \
		'crm customer list not:stage:lead,cus⇥' '<customer><list><not:stage:lead,customer>' \
		'crm customer list --fields name,ci⇥' '<customer><list><--fields><name,city>' \
		'crm customer list --fields=name,ci⇥' '<customer><list><--fields=name,city>' \
		'crm customer list --sort -ci⇥' '<customer><list><--sort><-city>' \
		'crm customer list @le⇥' '<customer><list><@leads>' \
		'crm history customer:L⇥' '<history><customer:Li Si>' \
		"crm history 'customer:L⇥" '<history><customer:Li Si>' \
		"crm --store='other store.db' customer show Z⇥" '<--store=other store.db><customer><show><Zoe>' \
		"crm --store 'other store.db' customer show Z⇥" '<--store><other store.db><customer><show><Zoe>' \
		'crm customer show key:E⇥' '<customer><show><key:ERP-1>' \
		'crm customer list tag:v⇥' '<customer><list><tag:very new>' \
		'crm report act⇥--by chan⇥--since yes⇥' '<report><activity><--by><channel><--since><yesterday>' \
		'crm config set ui.col⇥nev⇥' '<config><set><ui.color><never>' \
		'crm -q --as bo⇥mine ci⇥' '<-q><--as><bob><mine><city:>' \
		'crm help tut⇥' '<help><tutorial>' \
		'crm import customer so⇥' '<import><customer><some file.csv>' \
		"crm import customer 'so⇥" '<import><customer><some file.csv>' \
		'crm customer list "$(touch ran)" owner:an⇥'$'\x15''crm customer show X⇥' '<customer><show><X>'
	[ ! -e ran ]
}

@test "bash, at its prompt" {
	# shellcheck disable=SC2016 # for the shell that is started
	printf '%s\n' "PS1='> '" 'eval "$(crm completion bash)"' >rc
	in_shell bash --noprofile --rcfile rc -i
}

@test "zsh, at its prompt" {
	command -v zsh >/dev/null || skip "zsh is not here"
	# shellcheck disable=SC2016
	printf '%s\n' "PS1='> '" 'autoload -Uz compinit; compinit -u -D' 'eval "$(crm completion zsh)"' >.zshrc
	ZDOTDIR=$PWD in_shell zsh -d -i
}

@test "fish, at its prompt" {
	command -v fish >/dev/null || skip "fish is not here"
	cat >rc <<-'END'
		function fish_prompt; printf '> '; end
		function fish_greeting; end
		set -g fish_autosuggestion_enabled 0
		crm completion fish | source
	END
	in_shell fish --no-config -i -C 'source rc'
}

@test "fish and zsh show what a candidate is" {
	people
	run_ok ticket add 1 --type question --subject 'lost parcel'
	mkdir -p bin
	ln -s "$CRM" bin/crm
	if command -v fish >/dev/null; then
		PATH=$PWD/bin:$PATH TERM=xterm LC_ALL=C.UTF-8 fish --no-config -c 'crm completion fish | source
			complete -C "crm ticket show "; complete -C "crm customer duplicates --thr"' >"$out"
		grep -qxF $'1\tlost parcel' "$out"
		grep -qP '^--threshold\t.' "$out"
	fi
	command -v zsh >/dev/null || skip "zsh is not here"
	# shellcheck disable=SC2016
	printf '%s\n' "PS1='> '" 'autoload -Uz compinit; compinit -u -D' 'eval "$(crm completion zsh)"' >.zshrc
	run_ok ticket add 1 --type question --subject 'broken lamp'
	ZDOTDIR=$PWD PATH=$PWD/bin:$PATH TERM=xterm LC_ALL=C.UTF-8 python3 -IS "$BATS_TEST_DIRNAME/on_terminal.py" 100 \
		'> ' $'crm ticket show \t' 'lost parcel' $'\x15exit\n' -- zsh -d -i >"$out"
	grep -q 'broken lamp' "$out"
}

# T3: what is data is never an option, a file's name or a command; children get fixed words. And who runs with another
# user's rights (sudo) gets no program of that user's choice.
load helper

words=(-x --store=/nonexistent/evil.db --yes @file '$(touch ran)' '`touch ran`' ';touch ran' $'\n' '-' '--' '*' '~' '%s%n' -rf '!touch ran')

@test "T3: names that look like options, behind -- and as values" {
	new_store
	local word
	run_fail 2 customer add --name $'\n' # blank
	for word in "${words[@]}"; do
		[ "$word" != $'\n' ] || continue
		run_ok customer add --name "$word" --note "$word" --city="$word" --tag "a$word"
		run_ok customer list --fields name,note,city --format json -- "id:$(cat "$out")"
		WORD=$word python3 -c 'import json, os, sys
row, word = json.load(open(sys.argv[1]))[0], os.environ["WORD"]
assert row["name"].strip() == word.strip() and row["note"] == word and row["city"] == word, row' "$out"
		run_status 3 customer show -- "name:no$word"
		[ "$word" = - ] || [ "$word" = -- ] || [ "${word#-}" = "$word" ] || run_fail 2 customer show "$word"
	done
	run_ok customer list -- --limit
	run_fail 3 org show -- --help
	[ ! -e ran ]
}

@test "T3: from stdin and from files names and cells are never options" {
	new_store
	python3 - "${words[@]}" >in.csv <<-'END'
		import csv, sys
		out = csv.writer(sys.stdout)
		out.writerow(["key", "name", "note"])
		for i, word in enumerate(sys.argv[1:]):
		    out.writerow([f"K{i}", f"n{word}", word])
	END
	run_ok import customer - <in.csv
	run_ok sql 'SELECT count(*) FROM v_customer'
	assert_out ${#words[@]}
	printf 'id:1\n--store=/nonexistent/evil.db\n' >names
	run_fail 3 customer tag - --add x <names
	assert_err_has "'--store=/nonexistent/evil.db'"
	printf -- '-1\n' >names
	run_fail 2 customer rm - --yes <names
	assert_err "crm: customer '-1': here only an id or key: names a record"
	[ ! -e ran ]
}

@test "T3: files with such names" {
	new_store
	run_ok customer add --name Li
	local word
	for word in -x --force @file '$(touch ran)' ';touch ran' $'a\nb' '*'; do
		run_ok export customer --fields key,name -o "$word.csv"
		[ -f "$word.csv" ]
		run_ok import customer --dry-run -- "$word.csv"
		run_ok import customer --dry-run -- "./$word.csv"
	done
	gzip -c -- ./-x.csv >./-x.gz
	run_ok import customer --dry-run -- -x.gz
	if [ -x "$(dirname "$CRM")/helpers/crm-export-xlsx" ]; then
		run_ok export customer --fields key,name -o ./-x.xlsx
		run_ok import customer --dry-run -- -x.xlsx
	fi
	sqlite3 ./-x.db "CREATE TABLE customer (name TEXT); INSERT INTO customer VALUES ('--x')"
	run_ok import customer --dry-run -- -x.db
	[ ! -e ran ]
}

@test "T3: no option is abbreviated, by any verb" {
	new_store
	while IFS=$'\t' read -r verb _; do
		read -ra line <<<"$verb"
		while read -r option; do
			[ "${#option}" -gt 4 ] || continue
			short=${option%?}
			grep -qxF -- "$short" options 2>/dev/null && continue
			got=0
			"$CRM" "${line[@]}" "$short" >"$out" 2>"$err" || got=$?
			[ "$got" -eq 2 ] && grep -qF -- "there is no option $short" "$err" || {
				echo "crm $verb $short: $got"
				cat "$err"
				return 1
			}
			break # one a verb is enough
		done < <("$CRM" __complete "${line[@]}" -- 2>/dev/null | cut -f 1 | tee options)
	done < <("$CRM" __tables)
}

# A program that writes down with what words and surroundings it is called.
spy() { # NAME
	printf '#!/bin/sh\nfor a; do printf "<%%s>" "$a"; done >"%s.args"\nenv >"%s.env"\ncat >/dev/null\n' "$PWD/$1" "$PWD/$1" >"$1"
	chmod +x "$1"
}

on_terminal() { # ARGUMENT…: what it shows is in $out
	python3 -IS "$BATS_TEST_DIRNAME/on_terminal.py" 80 -- "$CRM" "$@" >"$out" 2>"$err"
}

@test "T3: pager, editor and hooks get fixed words, no data among them, no shell" {
	new_store
	run_ok customer add --name '$(touch ran)' --note ';touch ran'
	spy pager
	spy editor
	CRM_PAGER="$PWD/pager -a \$(touch ran) ;b" on_terminal customer list name:'$(touch'*
	[ "$(cat pager.args)" = '<-a><$(touch><ran)><;b>' ]
	EDITOR="$PWD/editor -n" on_terminal log phone 1 || true
	grep -qE '^<-n><.*/\.crm-draft-[A-Za-z0-9]{6}/draft\.txt>$' editor.args
	mkdir -p "$XDG_CONFIG_HOME/crm/hooks"
	chmod 755 "$XDG_CONFIG_HOME" "$XDG_CONFIG_HOME/crm" "$XDG_CONFIG_HOME/crm/hooks"
	spy hook
	mv hook "$XDG_CONFIG_HOME/crm/hooks/hook"
	run_ok rule add --name h --event created --actions 'hook hook'
	run_ok ticket add 1 --type question --subject '$(touch ran)'
	[ ! -s hook.args ]
	lacks -q 'touch ran' hook.env
	[ ! -e ran ]
}

@test "the pager: CRM_PAGER before PAGER before less, which gets LESS=FRX where nobody set it" {
	new_store
	run_ok customer add --name Li
	mkdir bin
	(cd bin && spy less && spy own && spy other)
	export PATH=$PWD/bin:$PATH TERM=xterm
	CRM_PAGER=own PAGER=other on_terminal customer list
	[ -e bin/own.env ] && [ ! -e bin/other.env ]
	PAGER=other on_terminal customer list
	[ -e bin/other.env ] && [ ! -e bin/less.env ]
	on_terminal customer list
	grep -qx LESS=FRX bin/less.env
	lacks -q LESSSECURE bin/less.env
	LESS=-i on_terminal customer list
	grep -qx LESS=-i bin/less.env
	rm bin/less.env
	run_ok customer list
	[ ! -e bin/less.env ]
}

@test "under sudo: less in its secure mode from the system's place, no pager or editor of the user's, no manual" {
	new_store
	run_ok customer add --name Li
	mkdir bin
	(cd bin && spy less && spy own && spy man)
	export PATH=$PWD/bin:$PATH TERM=xterm SUDO_UID=1000
	CRM_PAGER=$PWD/bin/own PAGER=$PWD/bin/own LESSOPEN="|$PWD/bin/own %s" LESS=-i on_terminal customer list || true
	[ ! -e bin/own.env ] && [ ! -e bin/less.env ]
	EDITOR=$PWD/bin/own VISUAL=$PWD/bin/own on_terminal log phone 1 || got=$?
	[ "$got" -eq 2 ]
	assert_out_has '-m or -F'
	[ ! -e bin/own.env ]
	run_ok help customer
	[ ! -e bin/man.env ]
	command -v strace >/dev/null && [ "${SANITIZED:-no}" = no ] && [ -x /usr/bin/less ] || skip "no strace, or no less"
	CRM_PAGER=own LESS=-i python3 -IS "$BATS_TEST_DIRNAME/on_terminal.py" 80 -- strace -f -v -s 4096 -e trace=execve -o trace \
		"$CRM" customer list >"$out" 2>"$err" || skip "tracing is not allowed here"
	grep 'execve("/usr/bin/less"' trace | grep '"LESSSECURE=1"' | grep -q '"LESS=FRX"'
	grep 'execve("/usr/bin/less"' trace | lacks -q 'LESSOPEN\|"LESS=-i"'
}

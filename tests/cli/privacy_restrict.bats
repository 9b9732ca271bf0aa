# People who are restricted: in no list, report, search or export, found where it is said who is meant. What is shown is
# compared with a store in which they never were: all lists and all reports there are, so new ones too.
load helper

# Three customers with something of everything; each text of the second has the word Zarquon in it.
make_busy() {
	new_store
	run_ok agent add --name team-lead
	run_ok team add --name desk --members ann
	run_ok org add --name Works
	local n word city
	for n in 1 2 3 4; do
		word=Plain$n city=Rome
		[ $n = 2 ] && word=Zarquon city=Zarquonia
		run_ok customer add --name "Name$word" --email "mail$word@example.org" --phone "+4420794601$n$n" --city "$city" \
			--note "note $word" --tag "tag$word" --stage customer --org Works --owner ann --customer-since 2024-01-0$n \
			--key "key$word"
		run_ok log phone $n --in -m "asked about $word and the catalogue" --subject "call $word" --at 2026-02-0${n}T10:00:00Z
		run_ok log email $n --out -m "sent $word the catalogue" --at 2026-02-1${n}T10:00:00Z
		run_ok log chat $n --in -m "thanks, says $word" --at 2026-03-0${n}T10:00:00Z
		run_ok order add $n --number "SO-$word" --product "pen$word" --model "model$word" --amount "1$n EUR" --at 2026-02-2$n
		run_ok ticket add $n --type complaint --subject "broken $word" -m "it is broken, $word" --at 2026-02-1${n}T09:00:00Z
		run_ok ticket add $n --type after_sales --kind return --product-no "no$word" --model "model$word" --subject "back $word" \
			--at 2026-02-1${n}T09:30:00Z
	done
	for n in 1 2 3 4; do
		run_ok ticket reply $((2 * n - 1)) -m "we are on it" --at 2026-02-1${n}T11:00:00Z
		run_ok ticket solve $((2 * n)) -m "sent a new one" --at 2026-02-2${n}T11:00:00Z
		word=Plain$n
		[ $n = 2 ] && word=Zarquon
		run_ok survey add $n --ticket $((2 * n)) --service quality=$n,efficiency=4,speed=5,professionalism=4,value=5 \
			--product quality=4,function=$n --nps $((2 * n)) --ces $n -m "opinion of $word" --at 2026-02-2${n}T12:00:00Z
		run_ok followup add $n --due 2026-03-0$n -m "ask $word again"
		run_ok followup add $n --due 2026-03-2$n -m "visit $word"
	done
	[ ! -x "${CLASSIFY_TRAIN:-}" ] || run_ok classify train --from survey --text comment --label mood --name sentiment --test 0
	run_ok ticket link 1 relates 7
	run_ok ticket link 3 relates 4
	run_ok ticket edit 3 --priority urgent
	run_ok sla add --name gold --first-reply 4h --resolution 2d
	run_ok rule add --name late --event tick --condition 'status:open' --actions 'tag late'
}

busy() { # made once for all tests
	local kept=$BATS_FILE_TMPDIR/busy.db
	if [ ! -f "$kept" ]; then
		make_busy
		sqlite3 "$(store_file)" ".backup $kept"
	else
		run_ok init
		cp "$kept" "$(store_file)"
	fi
}

# A store without the second customer, who is restricted in the other one.
two_stores() {
	busy
	sqlite3 "$(store_file)" ".backup other.db"
	chmod 600 other.db
	run_ok privacy restrict 2
	run_ok --store other.db customer rm 2 --yes
}

lists() { # command lines of all lists: those of every noun, and what else lists
	local command verb
	for command in $(crm -h | sed -n '/^commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p'); do
		crm "$command" -h | sed -n "s/^  ${CRM##*/} $command \([a-z][a-z ]*\)/\1/p" | sed 's/ *[^a-z ].*//; s/ *$//' |
			while read -r verb; do
				case $verb in
				list | *' list' | events | links | due | duplicates) echo "$command $verb" ;;
				esac
			done
	done
}

# What a command says, to a human eye: both streams and the status.
said() { # ARGUMENT…
	local got=0
	crm "$@" >said 2>&1 || got=$?
	[ "$got" -lt 128 ] || echo "crashed"
	echo "status $got" >>said
	cat said
}

# The same in both stores, and not a word of Zarquon.
hides() { # ARGUMENT…
	said "$@" >here
	said --store other.db "$@" >there
	! grep -q '^status 2' here || grep -q 'there is no classifier' here || {
		echo "crm $*: is refused"
		cat here
		return 1
	}
	diff -u there here >difference || {
		echo "crm $*: differs from a store without them"
		cat difference
		return 1
	}
	! grep -iE 'zarquon|447?9460122' here || {
		echo "crm $*: shows somebody restricted"
		return 1
	}
}

fields_of() { # COMMAND VERB…: all fields of a list, with commas, but the version: removing changes what it hung on
	crm "$@" --fields help 2>/dev/null | sed -n 's/^\([a-z][a-z_]*\)  *[a-z]*  .*/\1/p' | grep -vx version | paste -sd,
}

@test "no list has them, with any field, and none is otherwise changed" {
	two_stores
	local line words n=0
	lists >all
	while read -r line; do
		read -ra words <<<"$line"
		case $line in
		'import list' | 'view list' | 'field list' | 'alias list' | 'config list') continue ;;
		'org list' | 'team list' | 'ticket category list' | 'agent list') # their counts belong to no person
			said "${words[@]}" >here
			! grep -i zarquon here ;;
		'customer duplicates') hides "${words[@]}" ;;
		*) hides "${words[@]}" --fields "$(fields_of "${words[@]}")" ;;
		esac
		n=$((n + 1))
	done <all
	[ "$n" -ge 14 ]
	for line in customer log ticket followup order survey; do
		grep -qx "$line list" all
		hides "$line" list --format json
		hides export "$line"
	done
	hides export customer --format vcard
	hides export followup --format ics
	hides followup digest --for ann
	hides ticket next
	hides tick --dry-run
	hides ticket list --as-of 2026-02-20
	hides customer list --sort -last_contact_at --limit 2
	hides customer list city:Zarquonia
	hides customer list name:NameZarquon
	hides log list Zarquon
	hides log list customer.city:Zarquonia
	hides log list customer.name:NamePlain1 or customer.city:Zarquonia
	hides ticket list 'not:customer.city:Rome'
	hides customer list 'ticket.type:complaint'
	hides org list customer.city:Zarquonia --fields id
	hides org list customer.city:Rome --fields id
}

@test "no report has them, in any grouping, nor the records behind it" {
	two_stores
	local report by n=0
	for by in b0=1 b1=0.5 b2=0.1; do
		run_ok config set "loyalty.${by%=*}" "${by#*=}"
	done
	for report in $(crm report --fields name); do
		hides report "$report" --format json
		crm report "$report" -h | grep -q -- --since && hides report "$report" --since 2026-02-01 --format json
		crm report "$report" -h | grep -q -- --rows && hides report "$report" --rows --format json
		crm report "$report" -h | grep -q -- --vs && hides report "$report" --since 2026-02-12 --until 2026-02-20 --vs previous
		for by in $(crm report "$report" -h | tr -s '\n ' ' ' | grep -o 'what a row stands for[^:]*: [a-z_, ]*' |
			sed 's/.*: //; s/or a field.*//; s/ -.*//' | tr -c 'a-z_' ' '); do
			[ "$by" = or ] || hides report "$report" --by "$by" --format json
			n=$((n + 1))
		done
		crm report "$report" -h | grep -q 'or a field of' && hides report "$report" --by customer.city --format json
	done
	[ "$n" -ge 20 ]
	hides report activity --since 2026-02-01 --by day
}

@test "what is compared would differ, were nobody hidden" {
	busy
	for entity in customer log ticket followup order survey; do
		run_ok "$entity" list --fields "$(fields_of "$entity" list)"
		grep -qi zarquon "$out"
	done
	run_ok report activity --format json
	cp "$out" before
	run_ok report frequency --format json
	grep -q Zarquon "$out"
	run_ok privacy restrict 2
	run_ok report activity --format json
	if cmp -s "$out" before; then return 1; fi
	run_ok privacy unrestrict 2
	run_ok report activity --format json
	cmp "$out" before
	run_ok report frequency --format json
	grep -q Zarquon "$out"
}

@test "no search finds them, by words, beginnings or expressions, indexed or not" {
	two_stores
	local index
	for index in before after; do
		hides search Zarquon
		hides search catalogue --fields type,id,snippet
		hides search catalogue --sort -at
		hides search 'Zarq*'
		(
			unset CRM_NOW # then the index alone is asked, not the records
			hides search Zarquon
			hides search catalogue --fields type,id,snippet
		)
		hides search --regex 'Zar.*n'
		hides search catalogue --since 2026-02-01 --until 2026-02-28
		hides search broken --in ticket --limit 2
		hides search 'asked about' --customer 3
		said search Zarquon --customer 2 >here
		! grep -q sent here
		[ $index = after ] || { run_ok tick && CRM_STORE=other.db run_ok tick; }
	done
}

@test "they are found by number, key, address and telephone, and said to be restricted; by name only others are" {
	busy
	run_ok customer add --name 张伟 --phone +447700900001
	run_ok customer add --name 'Twin Peak' --phone +447700900002 --email one@example.org
	run_ok customer add --name 'Twin Peak' --phone +447700900002
	run_ok privacy restrict 2 5 6
	for name in 2 key:keyZarquon mailZarquon@example.org '+44 2079 460122' id:2; do
		run_ok customer show "$name" --fields id
		assert_out 'id: 2'
		assert_err 'crm: warning: customer 2 is restricted: kept, to be used for nothing (crm-privacy(1))'
	done
	for name in NameZarquon namez name:NameZarquon 张伟 zhangwei zw; do
		run_fail 3 customer show "$name"
	done
	run_fail 3 customer edit NameZarquon --city x
	run_ok customer show 'Twin Peak' --fields id # one of two
	assert_out 'id: 7'
	run_ok customer show +447700900002 --fields id
	assert_out 'id: 7'
	run_ok customer show one@example.org --fields id
	assert_out 'id: 6'
	run_ok ticket show 3 --fields subject
	assert_out 'subject: broken Zarquon'
	assert_err 'crm: warning: ticket 3 is of a customer who is restricted: kept, to be used for nothing (crm-privacy(1))'
	run_ok customer show 2 --history
	assert_out_has 'asked about Zarquon'
	run_ok customer show 1
	assert_err
}

@test "completion does not offer them" {
	busy
	run_ok privacy restrict 2
	for words in 'customer show Name' 'customer show name' 'ticket show ' 'ticket show 3' 'log show ' 'order show SO' \
		'log list customer:' 'search --customer Name'; do
		eval "run_ok __complete $words ''" 2>/dev/null || true
		IFS=' ' read -ra typed <<<"$words"
		run_ok __complete "${typed[@]}"
		! grep -i zarquon "$out"
	done
	run_ok __complete customer show Name
	grep -q NamePlain1 "$out"
}

@test "who asks by the field has them" {
	busy
	run_ok customer list restricted:yes
	assert_out
	run_ok privacy restrict 2
	run_ok customer list restricted:yes --fields name
	assert_out NameZarquon
	run_ok customer list restricted:yes,no --fields id
	assert_out 1 2 3 4
	run_ok customer list restricted:no --fields id
	assert_out 1 3 4
	run_ok log list customer.restricted:yes --fields id --sort id
	assert_out 4 5 6 14
	run_ok export customer restricted:yes --fields name --no-header
	assert_out NameZarquon
	run_ok report frequency customer.restricted:yes --fields name
	assert_out NameZarquon
	run_ok followup due restricted:yes --fields customer
	assert_out 2
	run_ok view add customer hidden restricted:yes
	run_ok customer list @hidden --fields id
	assert_out 2
	# a policy that asks does not ask for whoever reads the list
	run_ok followup policy add --filter 'not:restricted:yes tag:tagPlain1' --steps '1d call'
	run_ok followup due --fields customer
	lacks -qx 2 "$out"
}

@test "what is written about them is kept, and said to be" {
	busy
	run_ok privacy restrict 2
	run_ok log phone 2 -m 'wants a copy of the contract'
	assert_err 'crm: warning: customer 2 is restricted: kept, to be used for nothing (crm-privacy(1))' 'created log 17'
	run_ok log edit --last -m 'wants two copies'
	assert_err_has 'log 17 is of a customer who is restricted'
	run_ok log show 17 --fields content
	assert_out 'content: wants two copies'
	run_ok log list --fields id
	lacks -qx 17 "$out"
	run_ok customer edit 2 --city Bath
	assert_err_has 'customer 2 is restricted'
	run_ok customer tag 1 2 --add x
	assert_err_has '1 of 2 records are restricted'
	printf 'key,name,city\nkeyZarquon,NameZarquon,York\nnew,New,York\n' >file.csv
	run_ok import customer file.csv
	assert_err_has '1 created'
	run_ok customer show 2 --fields city,restricted
	assert_out 'city:       York' 'restricted: yes'
	run_ok customer list city:York --fields name
	assert_out New
	store_is_sound
}

@test "no import sets or lifts it, no edit does; an export that is brought back leaves it" {
	new_store
	run_ok customer add --name Li --key K
	run_ok export customer
	cp "$out" all.csv
	run_ok privacy restrict 1
	run_ok import customer all.csv
	run_ok customer show 1 --fields restricted
	assert_out 'restricted: yes'
	printf 'key,name,restricted\nK,Li,no\nL,Wu,yes\n' >file.csv
	run_ok import customer file.csv
	assert_err_has restricted
	run_ok customer list restricted:yes --fields id
	assert_out 1
	run_fail 2 customer edit 1 --restricted no
}

@test "restricting is one operation, which undo takes back; names on stdin; twice changes nothing" {
	busy
	run_ok privacy restrict 2 3
	assert_err 'restricted 2 customers'
	run_ok privacy restrict 2
	assert_err 'nothing to change'
	run_ok history customer:2 --fields field,old,new
	assert_out_has $'restricted\tno\tyes'
	run_ok undo
	run_ok customer list --fields id
	assert_out 1 2 3 4
	crm customer list city:Zarquonia | crm privacy restrict - 2>"$err"
	assert_err 'restricted customer 2'
	run_ok privacy unrestrict key:keyZarquon
	assert_err 'customer 2 is restricted no longer'
	run_fail 3 privacy restrict 2 99
	run_ok customer list restricted:yes
	assert_out
	store_is_sound
}

@test "whoever is merged with somebody restricted is" {
	busy
	run_ok privacy restrict 2
	run_ok customer merge 1 2
	run_ok customer list --fields id
	assert_out 3 4
	run_ok customer unmerge "$(crm history --fields id --limit 1)"
	run_ok customer list --fields id
	assert_out 1 3 4
}

@test "what must have all has them: dump, check, history, sql; a load brings them back restricted" {
	busy
	run_ok privacy restrict 2
	run_ok dump
	grep -q NameZarquon "$out"
	cp "$out" dump
	run_ok sql 'SELECT name, restricted FROM v_customer WHERE id = 2'
	assert_out $'NameZarquon\t1'
	store_is_sound
	export CRM_STORE=$PWD/new.db
	run_ok init
	run_ok load dump
	run_ok customer list --fields id
	assert_out 1 3 4
}

@test "nobody restricted is one of a pair of duplicates" {
	new_store
	for n in 1 2; do
		run_ok customer add --name 'Ada Winter' --phone +447700900001 --birthday 1990-05-12
	done
	run_ok customer duplicates --fields a,b
	assert_out $'1\t2'
	run_ok privacy restrict 2
	run_ok customer duplicates
	assert_out
}

@test "a customer who resembles somebody restricted is told, by the number alone" {
	busy
	run_ok privacy restrict 2
	run_ok customer add --name NameZarquon --email mailzarquon@example.org
	assert_err_has 'resembles customer 2'
}

# crm init --example: stores with the sample data of five trades, alive on whatever day they are made.
load helper

trades='shop travel finance telecom clinic'

example() { # TRADE
	rm -rf "$XDG_DATA_HOME"
	run_ok init --example "$1"
}

# The store has rows for this.
has_rows() { # ARGUMENT…
	run_ok "$@" || return
	[ -s "$out" ] || {
		echo "$trade has nothing for: crm $*"
		return 1
	}
}

rows_of_file() { # TRADE TYPE: how many records its file has
	python3 -c 'import csv, sys; print(len(list(csv.reader(open(sys.argv[1], encoding="utf-8")))) - 1)' \
		"$BATS_TEST_DIRNAME/../../data/examples/$1/$2.csv"
}

@test "each trade is made, is sound, and says what it has and what to try" {
	local trade
	for trade in $trades; do
		example "$trade"
		assert_err "made the store $(store_file)" \
			"it has $(rows_of_file "$trade" customer) customers, $(rows_of_file "$trade" log) communications, $(rows_of_file "$trade" ticket) tickets, $(rows_of_file "$trade" order) orders, $(rows_of_file "$trade" survey) surveys, $(rows_of_file "$trade" followup) follow-ups" \
			'try `crm followup due`: who is owed a word' \
			'try `crm ticket next --explain`: what to work on now, and why' \
			'try `crm report summary`: how things stand this morning'
		[ ! -s "$out" ]
		[ "$(ls -A "$XDG_DATA_HOME/crm")" = crm.db ]
		store_is_sound
		run_ok history
		[ "$(wc -l <"$out")" = 17 ]
	done
}

@test "--quiet says nothing" {
	run_ok init --example clinic -q
	assert_err
}

@test "every list and every view has something to show" {
	local trade entity name
	for trade in $trades; do
		example "$trade"
		for entity in customer org log ticket followup order survey agent team sla calendar rule field view import; do
			has_rows "$entity" list
		done
		has_rows ticket events
		has_rows ticket category list
		has_rows followup policy list
		run_ok view list --fields entity,name
		cp "$out" views
		while IFS=$'\t' read -r entity name; do
			has_rows "$entity" list "@$name"
		done <views
	done
}

@test "every report has something to show, but those that need more than sample data" {
	local trade report
	for trade in $trades; do
		example "$trade"
		run_ok report --fields name
		cp "$out" reports
		[ "$(wc -l <reports)" -gt 20 ]
		while read -r report; do
			case $trade/$report in
			*/loyalty | */sentiment) continue ;; # coefficients, a classifier
			shop/*) ;;
			*/aftersales) continue ;; # nothing is sent back there
			esac
			has_rows report "$report"
		done <reports
	done
}

@test "tickets are in every state; something is due today, something is late, something comes" {
	local trade state
	for trade in $trades; do
		example "$trade"
		for state in new open pending hold solved closed; do
			has_rows ticket list "status:$state"
		done
		has_rows ticket list 'reopens:>0'
		has_rows ticket list 'resolution:*'
		has_rows ticket list waiting_since:\*
		has_rows followup due
		has_rows followup list status:open due:today
		has_rows followup list status:open due:..yesterday
		has_rows followup list status:open due:tomorrow..
		has_rows followup list status:done
		has_rows followup list status:skipped
		has_rows followup list status:snoozed
		has_rows log list at:today
		has_rows log list at:..-90d
		has_rows survey list 'answered_at:'
		has_rows ticket next --explain
		has_rows tick --dry-run
	done
}

@test "customers are found by name, pinyin and words, in both languages" {
	example shop
	run_ok customer show wangruoxi --fields name
	assert_out_has 王若溪
	run_ok search 保温壶 --in log
	[ "$(wc -l <"$out")" -ge 3 ]
	run_ok search courier
	[ "$(wc -l <"$out")" -ge 2 ]
}

# What may be said of a store whatever the day: states, lengths of time, counts; no point in time.
relative() {
	"$CRM" ticket list --fields id,status,priority,assignee,sla_policy,reopens,replies --sort id
	"$CRM" ticket list not:state:resolved --fields id,sla,urgency --sort id
	"$CRM" followup due --fields customer,owner,action,days
	"$CRM" followup list --fields id,customer,status,action --sort id
	"$CRM" customer list --fields id,contacts,open_tickets,orders,orders_total --sort id
	"$CRM" report backlog --fields bucket,tickets
	"$CRM" report rfm --fields customer,recency_days,frequency,monetary,segment 2>/dev/null
	"$CRM" report aging --fields age,tickets
	"$CRM" report csat --fields dimension,n,mean 2>/dev/null
}

@test "on another day the store is the same, as seen from that day" {
	local trade
	for trade in $trades; do
		CRM_NOW=2026-03-10T12:00:00Z example "$trade"
		CRM_NOW=2026-03-10T12:00:00Z relative >spring
		CRM_NOW=2027-09-14T12:00:00Z example "$trade"
		CRM_NOW=2027-09-14T12:00:00Z relative >autumn
		[ "$(wc -l <spring)" -gt 100 ]
		diff spring autumn
	done
}

@test "a Sunday night is as good as any time" {
	local trade
	export CRM_NOW=2026-11-01T00:05:00Z
	for trade in $trades; do
		example "$trade"
		has_rows followup due
		has_rows followup list status:open due:today
		has_rows ticket next
		run_ok log list at:+1min..
		assert_out
	done
}

# What the journal keeps of a record has something random in it, so two journals are never the same.
@test "made twice at one time it is the same, to the last byte of its dump without the journal" {
	local trade
	for trade in $trades; do
		example "$trade"
		run_ok dump --no-history
		cp "$out" first
		example "$trade"
		run_ok dump --no-history
		cmp "$out" first
	done
}

@test "a store that is there already is left as it is" {
	new_store
	remember_store
	run_fail 4 init --example shop
	assert_err "crm: $(store_file): there is a file already"
	store_unchanged
}

@test "a trade that does not exist is refused with the names of those that do" {
	run_fail 2 init --example bakery
	assert_err "crm: init: --example 'bakery': is not shop, travel, finance, telecom or clinic"
	[ ! -e "$(store_file)" ]
	run_ok __complete init --example ''
	assert_out shop travel finance telecom clinic
}

# The program in a folder of its own, beside which it finds what is put there.
program_apart() {
	mkdir -p apart/examples
	cp "$CRM" apart/crm
	cp -r "$BATS_TEST_DIRNAME/../../data/examples/shop" apart/examples
	LD_LIBRARY_PATH=$(dirname "$(ldd "$CRM" | sed -n 's/.*libcrm[^ ]* => \([^ ]*\) .*/\1/p')")
	export LD_LIBRARY_PATH CRM=$PWD/apart/crm
}

# Nothing of a store, nor of what it was made from, is left.
no_store() {
	[ -z "$(ls -A "$XDG_DATA_HOME/crm" 2>/dev/null)" ] || ls -A "$XDG_DATA_HOME/crm"
}

@test "when a file cannot be read or a row is wrong there is no store" {
	program_apart
	run_ok init --example shop --store good.db
	rm apart/examples/shop/followup.csv
	run_fail 1 init --example shop
	assert_err "crm: $PWD/apart/examples/shop/followup.csv: No such file or directory"
	[ -z "$(no_store)" ]
	printf 'customer,due\nS01,someday\n' >apart/examples/shop/followup.csv
	run_fail 1 init --example shop
	assert_err_has "crm: shop/followup.csv:2: due:"
	assert_err_has "crm: shop/followup.csv: 1 of 1 rows rejected"
	[ -z "$(no_store)" ]
	run_ok init
}

# The store is there with all that it is to have, or not at all.
whole_or_absent() {
	[ ! -e "$(store_file)" ] || [ "$("$CRM" customer list | wc -l)" = "$(rows_of_file shop customer)" ]
}

@test "interrupted or killed at any moment, the store is whole or absent" {
	local signal delay pid
	for signal in INT KILL; do
		for delay in 0.01 0.03 0.06 0.1 0.2 0.4; do
			rm -rf "$XDG_DATA_HOME"
			env --default-signal=INT "$CRM" init -q --example shop 2>/dev/null 3>&- &
			pid=$!
			sleep $delay
			kill -s $signal $pid 2>/dev/null || true
			wait $pid || true
			whole_or_absent
			# what was begun goes too, unless nobody was left to take it away
			[ $signal = KILL ] || [ -e "$(store_file)" ] || [ -z "$(no_store)" ]
		done
	done
}

@test "a trade whose files are not installed is said to be that" {
	program_apart
	run_status 1 init --example travel
	case $(cat "$err") in
	"crm: example travel: its files are not installed") ;;
	*) skip "they are installed on this machine" ;;
	esac
}

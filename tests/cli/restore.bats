# A backup in the place of the store: all of it or nothing, the previous one kept, what was erased stays erased.
load helper

kept_store() {
	echo "$XDG_DATA_HOME/crm/crm.db.before-restore-20260310T120000Z"
}

# Everything that a user can see of the store, in the file NAME.
see_all() { # NAME
	local entity
	for entity in customer log ticket followup order survey org agent team; do
		run_ok export $entity || return
		cat "$out" >>"$1"
	done
}

some_data() {
	new_store
	run_ok customer add --name 张三 --email zhang@example.com --phone +8613800138000 --tag vip --note 'likes tea'
	run_ok customer add --name 'Li Si' --city London
	run_ok log phone 1 --out -m 'sent the catalogue'
	run_ok ticket add 1 --type complaint --subject 'does not turn on'
	run_ok followup add 2 --due 2026-03-20 -m 'call again'
	run_ok survey add 1 --nps 9
	run_ok customer edit 2 --city Leeds
}

@test "B3: a backup, a wiped disk, a restore: everything is there, and the journal says where from" {
	some_data
	see_all before
	run_ok dump
	cp "$out" dump
	run_ok backup copy.db
	rm -r "$XDG_DATA_HOME"
	run_ok restore copy.db
	assert_out
	assert_err "restored $(store_file) from copy.db: 2 customers, up to operation 9"
	see_all after
	cmp before after
	store_is_sound
	[ "$(ls -A "$XDG_DATA_HOME/crm")" = crm.db ]
	[ "$(stat -c %a "$XDG_DATA_HOME/crm" "$(store_file)" | tr '\n' ' ')" = '700 600 ' ]
	run_ok history --limit 1 --fields id,agent,command
	assert_out "10	ann	restore copy.db sha256:$(sha256sum copy.db | cut -d' ' -f1)"
	# that is all that differs
	run_ok dump
	diff dump "$out" | grep '^[<>]' >changed || true
	grep -v '"operation"\|restore copy.db\|^[<>] {"end"\|sequence\|^[<>].*sha256' changed >rest || true
	same_lines rest
	# and work goes on where it was
	run_ok customer add --name Wang
	assert_out 3
}

@test "the previous store is kept whole, what was not yet in its file too" {
	some_data
	run_ok backup copy.db
	hold_open "$(store_file)"
	run_ok customer add --name Later
	[ -s "$(store_file)-wal" ]
	let_go
	run_ok restore --yes copy.db
	assert_err "restored $(store_file) from copy.db: 2 customers, up to operation 9" \
		"the previous store is $(kept_store)"
	[ "$(cd "$XDG_DATA_HOME/crm" && ls -A)" = "$(printf 'crm.db\ncrm.db.before-restore-20260310T120000Z')" ]
	run_ok customer list --fields name --sort id
	assert_out 张三 'Li Si'
	run_ok --store "$(kept_store)" customer list --fields name --sort id
	assert_out 张三 'Li Si' Later
	run_ok --store "$(kept_store)" check
	# a second one in the same second
	run_ok -q restore --yes "$(kept_store)"
	assert_err
	[ -e "$(kept_store)-2" ]
	run_ok customer list --fields name --sort id
	assert_out 张三 'Li Si' Later
	store_is_sound
}

@test "a store with data is only replaced when that was said; undo does not take it back" {
	some_data
	run_ok backup copy.db
	run_ok customer add --name Later
	remember_store
	run_fail 2 restore copy.db
	assert_err "crm: restore: would replace $(store_file) (3 customers, up to operation 10) by copy.db (2 customers, up to\
 operation 9); it is kept as $(kept_store), and \`crm undo\` cannot take that back: --yes says so"
	store_unchanged
	printf 'n\n' | script -qec "'$CRM' restore copy.db" /dev/null >answer || true
	grep -q 'nothing was changed' answer
	store_unchanged
	[ ! -e "$(kept_store)" ]
	printf 'y\n' | script -qec "'$CRM' restore copy.db" /dev/null >answer
	[ -e "$(kept_store)" ]
	run_fail 4 undo
	assert_err_has "operation 10 cannot be undone: it put a backup in the place of the store"
	# nothing to lose: no question
	rm -r "$XDG_DATA_HOME"
	run_ok init
	run_ok restore copy.db
}

@test "what is no backup is refused, and nothing is changed" {
	some_data
	run_ok backup copy.db
	remember_store
	: >empty
	echo 'not a store' >text
	head -c 100000 copy.db >cut
	sqlite3 other.db 'CREATE TABLE t (x)'
	cp copy.db newer.db && sqlite3 newer.db 'PRAGMA user_version = 99'
	cp copy.db trigger.db && sqlite3 trigger.db 'CREATE TRIGGER t AFTER INSERT ON customer BEGIN DELETE FROM log; END'
	cp copy.db altered.db && sqlite3 altered.db 'ALTER TABLE customer ADD COLUMN x TEXT'
	cp copy.db dangling.db && sqlite3 dangling.db 'PRAGMA foreign_keys = OFF; DELETE FROM customer WHERE id = 1'
	page=$(sqlite3 copy.db "SELECT rootpage FROM sqlite_schema WHERE name = 'customer_city'" | head -n 1)
	[ -n "$page" ] || page=$(sqlite3 copy.db "SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'customer'" | head -n 1)
	cp copy.db index.db
	printf 'rotten' | dd of=index.db bs=1 seek=$((4096 * (page - 1))) conv=notrunc 2>/dev/null
	for file in empty text cut other.db newer.db trigger.db altered.db dangling.db index.db; do
		run_fail 6 restore --yes $file
		grep -q "$file" "$err" || {
			cat "$err"
			false
		}
		store_unchanged
		[ "$(ls -A "$XDG_DATA_HOME/crm")" = crm.db ]
	done
	run_fail 1 restore --yes nowhere
	run_fail 1 restore --yes .
	run_fail 2 restore --yes "$(store_file)"
	assert_err_has 'is the store itself'
	run_fail 2 restore --yes --passphrase-file x copy.db
	assert_err 'crm: copy.db: is not encrypted: it needs no passphrase'
	run_fail 2 restore
	ln -s other.db link.db
	run_fail 6 --store link.db restore --yes copy.db
	[ -L link.db ]
	store_unchanged
}

@test "a store in use is no backup: what was committed last is not in its file" {
	some_data
	cp "$(store_file)" live.db
	hold_open live.db
	run_ok --store live.db customer add --name Later
	run_fail 2 restore --yes live.db
	assert_err_has 'live.db: is a store in use, not a backup'
	let_go
	run_ok restore --yes live.db
	run_ok customer list name:Later --fields id
	assert_out 3
}

@test "stdin, a link to the latest one, and a copy of a copy" {
	some_data
	run_ok backup -
	cp "$out" copy.db
	rm -r "$XDG_DATA_HOME"
	cat copy.db | "$CRM" -q restore -
	run_ok history --limit 1 --fields command
	grep -q '^restore stdin sha256:' "$out"
	run_ok customer list --fields name --sort id
	assert_out 张三 'Li Si'
	ln -s copy.db latest
	run_ok restore --yes latest
	run_ok history --limit 1 --fields command
	grep -q '^restore latest sha256:' "$out"
	head -c 5000 copy.db | run_fail 6 restore --yes -
	run_fail 6 restore --yes - </dev/null
	store_is_sound
}

@test "a damaged store is replaced, and all of its files are kept" {
	some_data
	run_ok backup copy.db
	printf 'rotten' | dd of="$(store_file)" bs=1 conv=notrunc 2>/dev/null
	cp "$(store_file)" damaged
	echo log >"$(store_file)-wal"
	run_fail 2 restore copy.db
	assert_err_has 'which cannot be read'
	run_ok restore --yes copy.db
	cmp damaged "$(kept_store)"
	[ "$(cat "$(kept_store)-wal")" = log ]
	store_is_sound
	: >"$(store_file)"
	run_ok restore --yes copy.db
	store_is_sound
}

@test "what was left beside a store that is gone does not get into the new one" {
	some_data
	run_ok backup copy.db
	hold_open "$(store_file)"
	run_ok customer add --name Later
	cp "$(store_file)-wal" wal
	let_go
	rm -r "$XDG_DATA_HOME"
	mkdir -p -m 700 "$XDG_DATA_HOME/crm"
	cp wal "$(store_file)-wal"
	run_ok restore copy.db
	cmp wal "$(kept_store)-wal"
	run_ok customer list --fields name --sort id
	assert_out 张三 'Li Si'
	store_is_sound
}

@test "an older backup is brought to the present schema" {
	for version in 1 2 3; do
		sqlite3 "old$version.db" <"$BATS_TEST_DIRNAME/../../tests/data/stores/schema-$version.sql"
		[ "$(sqlite3 "old$version.db" 'PRAGMA user_version')" = "$version" ]
		rm -rf "$XDG_DATA_HOME"
		run_ok restore "old$version.db"
		assert_err_has "brought from schema $version to "
		store_is_sound
		[ "$(ls -A "$XDG_DATA_HOME/crm")" = crm.db ]
		[ "$(sqlite3 "old$version.db" 'PRAGMA user_version')" = "$version" ]
	done
}

@test "a shared store stays one" {
	group=$(id -gn)
	run_ok --store team/crm.db init --shared "$group"
	run_ok --store team/crm.db customer add --name Li
	run_ok --store team/crm.db backup copy.db
	[ "$(stat -c %a copy.db)" = 600 ]
	run_ok --store team/crm.db restore --yes copy.db
	[ "$(stat -c '%a %G' team/crm.db)" = "660 $group" ]
	rm team/crm.db*
	run_ok --store team/crm.db restore copy.db
	[ "$(stat -c '%a %G' team/crm.db)" = "660 $group" ]
}

@test "owner and group stay" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	some_data
	run_ok backup copy.db
	chown 12345:23456 "$(store_file)"
	SUDO_UID=12345 run_ok restore --yes copy.db
	[ "$(stat -c '%u %g %a' "$(store_file)")" = '12345 23456 600' ]
	[ "$(stat -c '%u %g' "$(kept_store)")" = '12345 23456' ]
}

# --- others at the same time ---

@test "a writer in flight is waited for; what it commits is in the store that is kept" {
	some_data
	run_ok backup copy.db
	mkfifo rows
	"$CRM" -q import customer - <rows >import.out 2>&1 3>&- &
	importer=$!
	exec 7>rows
	{ echo 'key,name'; seq -f %05.0f 5000 | sed 's/.*/N&,Name &/'; } >&7
	sleep 0.3
	remember_store
	run_fail 6 --wait 0 restore --yes copy.db
	assert_err_has "another process has it open: ann (import customer) since 2026-03-10 12:00, process $importer: waited 0 s (--wait), nothing was changed"
	store_unchanged
	[ ! -e "$(kept_store)" ]
	"$CRM" --wait 60 restore --yes copy.db >restore.out 2>&1 3>&- 7>&- &
	restorer=$!
	sleep 0.3
	exec 7>&-
	wait "$importer"
	wait "$restorer" || {
		cat restore.out
		false
	}
	run_ok --store "$(kept_store)" sql 'SELECT count(*) FROM v_customer'
	assert_out 5002
	run_ok sql 'SELECT count(*) FROM v_customer'
	assert_out 2
	store_is_sound
	# of the refused one as of the other nothing is left
	[ "$(cd "$XDG_DATA_HOME/crm" && ls -A)" = "$(printf 'crm.db\ncrm.db.before-restore-20260310T120000Z')" ]
}

@test "who has the store open to read is waited for too" {
	some_data
	run_ok backup copy.db
	hold_open "$(store_file)"
	run_fail 6 --wait 1 restore --yes copy.db
	assert_err_has 'another process has it open'
	run_ok customer add --name Later
	let_go
	[ "$(sqlite3 "$(store_file)" 'PRAGMA journal_mode')" = wal ]
	run_ok restore --yes copy.db
	run_ok --store "$(kept_store)" customer list name:Later --fields id
	assert_out 3
}

needs_strace() {
	[ "${SANITIZED:-no}" = no ] || skip "not under a sanitizer"
	command -v strace >/dev/null || skip "no strace"
	strace -o /dev/null true 2>/dev/null || skip "tracing is not allowed here"
}

@test "who comes during the swap waits, and finds the new store" {
	needs_strace
	some_data
	run_ok backup copy.db
	run_ok customer add --name Later
	# held back right before the new file gets the name
	strace -f -o /dev/null -e trace=rename -e inject=rename:delay_enter=1500000 \
		"$CRM" -q restore --yes copy.db 2>restore.err 3>&- &
	restorer=$!
	for ((i = 0; i < 200; i++)); do
		[ ! -e "$(kept_store)" ] || break
		sleep 0.02
	done
	[ -e "$(kept_store)" ]
	run_ok customer add --name During
	wait "$restorer"
	[ ! -s restore.err ]
	assert_out 3
	run_ok customer list --fields name --sort id
	assert_out 张三 'Li Si' During
	run_ok --store "$(kept_store)" customer list --fields name --sort id
	assert_out 张三 'Li Si' Later
	store_is_sound
}

@test "adders all the while: what was acknowledged is in the one store or in the other" {
	some_data
	run_ok backup copy.db
	for k in 1 2 3; do
		(
			while [ ! -e stop ]; do
				"$CRM" -q customer add --name "Name $k $RANDOM" --key "$k-$((i = ${i:-0} + 1))" >/dev/null 2>>adder.err &&
					echo "$k-$i" >>"acked$k"
			done
		) 3>&- &
	done
	for n in 1 2 3; do
		sleep 0.3
		run_ok -q --now "2026-03-10T12:00:0${n}Z" restore --yes copy.db
	done
	sleep 0.2
	touch stop
	wait
	[ ! -s adder.err ]
	for file in "$(store_file)" "$(store_file)".before-restore-*Z; do
		"$CRM" --store "$file" check >/dev/null
		"$CRM" --store "$file" sql 'SELECT external_key FROM v_customer WHERE external_key IS NOT NULL' >>have
	done
	[ "$(sort -u acked1 acked2 acked3 | comm -23 - <(sort -u have) | wc -l)" -eq 0 ]
	[ "$(cat acked* | wc -l)" -ge 6 ]
}

@test "killed anywhere, the store is the old one or the new one, complete" {
	needs_strace
	some_data
	run_ok backup copy.db
	run_ok customer add --name Later
	cp "$(store_file)" keep.db
	points=0 old=0 new=0
	for call in openat pwrite64 fdatasync fsync link rename unlink ftruncate close; do
		step=11
		[[ $call =~ sync|rename|link ]] && step=1
		[ "$call" = pwrite64 ] && step=29
		[ "${CRM_LONG:-}" = 1 ] && step=1
		for ((n = 1; n < 3000; n += step)); do
			rm -rf "$XDG_DATA_HOME/crm"
			mkdir -m 700 "$XDG_DATA_HOME/crm"
			cp keep.db "$(store_file)"
			got=0
			strace -f -o /dev/null -e trace=$call -e inject="$call:signal=SIGKILL:when=$n" \
				"$CRM" -q restore --yes copy.db 2>/dev/null || got=$?
			[ "$got" -ne 0 ] || break
			[ "$got" -eq 137 ]
			points=$((points + 1))
			run_ok sql 'SELECT count(*) FROM v_customer'
			case $(cat "$out") in
			3) old=$((old + 1)) ;;
			2)
				new=$((new + 1))
				run_ok --store "$(kept_store)" sql 'SELECT count(*) FROM v_customer'
				assert_out 3
				;;
			*) false ;;
			esac
			store_is_sound
		done
	done
	echo "$points points: $old old, $new new"
	[ "$old" -ge 20 ] && [ "$new" -ge 1 ]
	run_ok -q restore --yes copy.db
	[ "$(find "$XDG_DATA_HOME/crm" -name '.crm-new-*' | wc -l)" -eq 0 ]
}

# --- what was erased ---

@test "B3: people who were erased since the backup stay erased" {
	some_data
	run_ok backup copy.db
	run_ok privacy erase 1 --yes
	run_ok restore --yes copy.db
	assert_err_has 'erased again, as the ledger says: 1 record'
	run_ok customer list --fields name
	assert_out 'Li Si'
	for word in 张三 13800138000 zhang@example.com 'likes tea' catalogue; do
		lacks -qa "$word" "$(store_file)"*
	done
	store_is_sound
	run_fail 4 undo
	# the store is lost, the file beside it is not
	run_ok customer list
	rm -f "$(store_file)" "$(store_file)-wal" "$(store_file)-shm" "$(store_file)".before-*
	[ -s "$(store_file)-erased" ]
	run_ok restore copy.db
	assert_err_has 'erased again, as the ledger says: 1 record'
	run_ok customer list --fields name
	assert_out 'Li Si'
	lacks -qa 'likes tea' "$(store_file)"
	store_is_sound
}

@test "B3: in another place the ledger is named, and stands there then" {
	some_data
	run_ok backup copy.db
	run_ok privacy erase 1 --yes
	cp "$(store_file)-erased" ledger
	run_ok --store there/crm.db restore copy.db
	run_ok --store there/crm.db customer list --fields name --sort id
	assert_out 张三 'Li Si'
	run_fail 1 --store there/crm.db restore --yes --ledger nowhere copy.db
	run_fail 2 --store there/crm.db restore --yes --ledger "$BATS_TEST_DIRNAME/../../meson.build" copy.db
	run_ok --store there/crm.db restore --yes --ledger ledger copy.db
	run_ok --store there/crm.db customer list --fields name
	assert_out 'Li Si'
	grep -v '^#' ledger >entries
	grep -v '^#' there/crm.db-erased | cmp - entries
	run_ok --store there/crm.db restore --yes copy.db
	assert_err_has 'erased again'
	run_ok --store there/crm.db customer list --fields name
	assert_out 'Li Si'
}

@test "B3: a number that was given to somebody else since is left alone" {
	some_data
	run_ok backup copy.db
	run_ok --now 2026-03-11T08:00:00Z customer add --name Gone
	assert_out 3
	run_ok privacy erase 3 --yes
	run_ok restore --yes copy.db
	run_ok --now 2026-03-12T08:00:00Z customer add --name Here
	id=$(cat "$out")
	run_ok backup copy2.db
	run_ok --now 2026-03-12T09:00:00Z restore --yes copy2.db
	run_ok --now 2026-03-12T09:00:00Z customer show "$id" --fields name
	assert_out_has Here
	store_is_sound
}

# Copies of the store: complete while others write, whole or not at all, old ones thinned out.
load helper

# In the catalogue of faults: fifty backups, and each of many places where it can be killed.
long() {
	[ "${CRM_LONG:-}" = 1 ]
}

copy_is_bad() {
	! copy_is_good "$@"
}

# Adds customers, one a process, until the file stop is there; the numbers that were printed stand in acked.
add_until_stopped() {
	: >acked
	(
		while [ ! -e stop ]; do
			"$CRM" -q customer add --name "Name $RANDOM" --note "$(printf '%0200d' 0)" >>acked 2>>adder.err || exit
		done
	) 3>&- &
	adder=$!
}

stop_adding() {
	touch stop
	wait "$adder"
	rm stop
	[ ! -s adder.err ]
}

# Overwrites bytes of the page where the customers begin.
damage() { # STORE
	local page
	page=$(sqlite3 "$1" "SELECT rootpage FROM sqlite_schema WHERE name = 'customer'")
	printf 'rotten' | dd of="$1" bs=1 seek=$((4096 * (page - 1))) conv=notrunc 2>/dev/null
}

# A copy is sound and has all the customers whose numbers stand in the file.
copy_is_good() { # COPY NUMBERS
	"$CRM" --store "$1" check >check.out 2>&1 || return
	lacks -v '	ok	' check.out || return
	"$CRM" --store "$1" sql 'SELECT id FROM v_customer ORDER BY id' >have
	[ -z "$(sort "$2" | comm -23 - <(sort have))" ]
}

@test "B1: backups while customers are added: each is sound and has what was acknowledged before it" {
	new_store
	add_until_stopped
	n=10
	long && n=50
	for ((i = 0; i < n; i++)); do
		cp acked before
		run_ok backup "copy$i.db"
		copy_is_good "copy$i.db" before || {
			cat check.out before have
			false
		}
	done
	stop_adding
	[ "$(wc -l <acked)" -ge 3 ]
	[ "$(find . -name '.crm-new-*' | wc -l)" -eq 0 ]
}

@test "B1: a backup during an import has all of it or nothing, and neither waits for the other" {
	new_store
	run_ok customer add --name Li
	mkfifo rows
	"$CRM" -q import customer - <rows >import.out 2>&1 3>&- &
	importer=$!
	exec 7>rows
	{ echo 'key,name'; seq -f %05.0f 20000 | sed 's/.*/N&,Name &/'; } >&7
	for i in 1 2 3; do
		run_ok --wait 0 backup "copy$i.db"
		run_ok --store "copy$i.db" sql 'SELECT count(*) FROM v_customer'
		assert_out 1
	done
	exec 7>&-
	wait "$importer"
	run_ok backup copy.db
	run_ok --store copy.db sql 'SELECT count(*) FROM v_customer'
	assert_out 20001
}

@test "B1: the test notices a copy made by cp" {
	new_store
	# another process has the store open: what is added stays in the file beside it
	hold_open "$(store_file)"
	for i in 1 2 3; do
		"$CRM" -q customer add --name "Name $i" >>acked
		cp "$(store_file)" "cp$i.db"
		run_ok backup "copy$i.db"
	done
	copy_is_good copy3.db acked
	if copy_is_good cp3.db acked; then
		echo "cp copied what was in the other file"
		false
	fi
	let_go
	# and one that is whole but for some bytes of a page
	cp copy3.db bad.db
	damage bad.db
	cp copy3.db cut.db
	truncate -s -8192 cut.db
	copy_is_bad cut.db acked
	copy_is_bad bad.db acked
}

needs_strace() {
	[ "${SANITIZED:-no}" = no ] || skip "not under a sanitizer"
	command -v strace >/dev/null || skip "no strace"
	strace -o /dev/null true 2>/dev/null || skip "tracing is not allowed here"
}

@test "B2: written beside its place, synced, renamed, and the folder synced; 0600 whatever the mask" {
	needs_strace
	new_store
	mkdir there
	for mask in 000 022 077; do
		(
			umask $mask
			strace -f -y -o trace -e trace=fsync,fdatasync,rename,renameat2,link,openat \
				"$CRM" -q backup "there/$mask.db"
		)
		[ "$(stat -c %a "there/$mask.db")" = 600 ]
		# what happens in the folder from the last sync of the new file on
		tac trace | sed "/fsync([0-9]*<[^>]*\/there\/.crm-new-/q" | tac |
			grep -oE '^[0-9]+ +(fsync|rename[a-z0-9]*)\(.*there' | sed -E 's/^[0-9]+ +([a-z]+).*/\1/; s/renameat/rename/' >order
		same_lines order fsync rename fsync
	done
	[ "$(ls -A there | wc -l)" -eq 3 ]
}

@test "B2: a file that is there stays, unless --force says otherwise; a failure leaves it" {
	new_store
	echo mine >copy.db
	run_fail 4 backup copy.db
	assert_err "crm: $PWD/copy.db: there is a file already (--force replaces it)"
	[ "$(cat copy.db)" = mine ]
	run_ok backup --force copy.db
	run_ok --store copy.db check
	[ "$(stat -c %a copy.db)" = 600 ]
	# a damaged store is not copied over a good copy
	run_ok customer add --name Li
	cp copy.db good.db
	damage "$(store_file)"
	run_fail 6 backup --force copy.db
	cmp copy.db good.db
	[ "$(find . -name '.crm-new-*' | wc -l)" -eq 0 ]
}

@test "B2: killed anywhere, the target is the old one or a complete new one, and the next one tidies up" {
	needs_strace
	new_store
	run_ok customer add --name Li
	echo old >keep
	points=0
	for call in openat pwrite64 fdatasync fsync rename unlink ftruncate close; do
		step=7
		[[ $call =~ sync|rename ]] && step=1
		[ "$call" = pwrite64 ] && step=29
		long && step=1
		for ((n = 1; n < 2000; n += step)); do
			cp keep copy.db
			got=0
			strace -f -o /dev/null -e trace=$call -e inject="$call:signal=SIGKILL:when=$n" \
				"$CRM" -q backup --force copy.db 2>/dev/null || got=$?
			[ "$got" -ne 0 ] || break
			[ "$got" -eq 137 ]
			points=$((points + 1))
			if [ "$(head -c 3 copy.db)" != old ]; then
				run_ok --store copy.db sql 'SELECT count(*) FROM v_customer'
				assert_out 1
			fi
			store_is_sound
		done
	done
	echo "$points points"
	[ "$points" -ge 20 ]
	run_ok backup --force copy.db
	[ "$(find . -name '.crm-new-*' | wc -l)" -eq 0 ]
}

@test "the store itself, what belongs to it, folders and links are refused, with --force too" {
	new_store
	for name in crm.db crm.db-wal crm.db-shm crm.db-erased; do
		run_fail 2 backup --force "$XDG_DATA_HOME/crm/$name"
		assert_err_has "belongs to the store itself"
	done
	ln "$(store_file)" hard
	run_fail 2 backup --force hard
	assert_err_has "is the store itself"
	rm hard
	run_fail 2 backup --force .
	assert_err_has "is a directory: name a file in it, or say which copies to keep (--keep)"
	echo victim >victim
	ln -s victim link
	ln -s nowhere dangling
	for name in link dangling /dev/null; do
		run_fail 2 backup --force $name
		assert_err_has "is not a plain file (a symbolic link is not followed)"
	done
	[ "$(cat victim)" = victim ] && [ ! -e nowhere ]
	run_fail 1 backup nodir/copy.db
	assert_err "crm: nodir/copy.db: there is no such directory"
	run_fail 2 backup ''
	store_is_sound
}

@test "stdout gets the same copy, but no terminal does" {
	new_store
	run_ok customer add --name Li
	run_ok backup copy.db
	run_ok backup -
	cmp "$out" copy.db
	assert_err_has "backed up 1 customer, up to operation 3, to stdout: "
	run_fail 2 backup - --force
	run_fail 2 backup - --keep 7d
	got=0
	script -qec "'$CRM' backup -" /dev/null </dev/null >terminal || got=$?
	[ "$got" -eq 2 ]
	grep -q 'would write a file to the terminal' terminal
	got=0
	"$CRM" backup - >/dev/full 2>"$err" || got=$?
	[ "$got" -eq 1 ]
	assert_err_has "No space left on device"
	[ "$(ls -A "$XDG_DATA_HOME/crm")" = crm.db ]
}

@test "what is said, and what --quiet leaves out" {
	new_store
	run_ok customer add --name Li
	run_ok customer add --name Wang
	run_ok backup copy.db
	grep -qE '^backed up 2 customers, up to operation 4, to copy.db: [0-9.]+ kB, [0-9.]+ s$' "$err"
	assert_out
	run_ok -q backup copy2.db
	assert_out
	assert_err
	run_fail 2 backup --format json copy3.db
	run_fail 2 backup --passphrase-file x copy3.db
	assert_err "crm: backup: a passphrase is for --encrypt"
	run_fail 2 backup
	run_fail 2 backup a b
	rm -r "$XDG_DATA_HOME"
	run_fail 6 backup copy3.db
	[ ! -e copy3.db ]
}

@test "what was removed leaves no traces in the copy" {
	new_store
	marker=qzjxkvwpbm
	sqlite3 "$(store_file)" "PRAGMA secure_delete = OFF; CREATE TABLE more (t); INSERT INTO more VALUES ('$marker');
		DROP TABLE more" >/dev/null
	grep -qa "$marker" "$(store_file)"
	run_ok backup copy.db
	lacks -qa "$marker" copy.db
}

@test "a copy is a store: read, checked, backed up" {
	new_store
	run_ok customer add --name Li
	run_ok backup copy.db
	run_ok --store copy.db customer list --fields name
	assert_out Li
	run_ok --store copy.db backup copy2.db
	cmp <(sqlite3 copy.db .dump) <(sqlite3 copy2.db .dump)
	run_ok export customer
	cp "$out" one
	run_ok --store copy2.db export customer
	cmp "$out" one
}

@test "--keep makes one more and removes those that no rule keeps" {
	new_store
	mkdir dir
	for day in 01 02 03 04 05 06 07 08 09 10; do
		run_ok --now "2026-03-${day}T07:00:00Z" backup --keep 3d,2w dir
		assert_out
	done
	# Tuesday 10th, Monday 9th, Sunday 8th: days; 10th and 8th are of different weeks
	(cd dir && ls) >names
	same_lines names crm-20260308T070000Z.db crm-20260309T070000Z.db crm-20260310T070000Z.db
	sed 1d "$err" >removed
	same_lines removed 'removed crm-20260307T070000Z.db'
	run_ok --store dir/crm-20260309T070000Z.db check
	run_ok -q --now 2026-03-10T08:00:00Z backup --keep 1d dir/
	assert_err
	(cd dir && ls) >names
	same_lines names crm-20260310T080000Z.db
	run_fail 4 --now 2026-03-10T08:00:00Z backup --keep 1d dir
}

@test "--keep touches nothing that is not named as its own" {
	new_store
	mkdir dir
	(
		cd dir
		touch crm-20200101T000000Z.db crm-20200102T000000Z.db.enc
		touch crm.db 2020.db crm-20200101T000000Z.db.old crm-20200230T000000Z.db xcrm-20200101T000000Z.db \
			crm-20200101.db crm-29990101T000000Z.db
		mkdir crm-20200103T000000Z.db
		ln -s crm.db crm-20200104T000000Z.db
		rm -f ../expected
		ls >../before
	)
	run_ok backup --keep 1d dir
	(cd dir && ls) >after
	comm -23 before after >gone
	same_lines gone crm-20200101T000000Z.db crm-20200102T000000Z.db.enc
	comm -13 before after >new
	same_lines new crm-20260310T120000Z.db
}

@test "--keep: days are those of the zone, rules that are none are refused, a failed copy removes nothing" {
	new_store
	mkdir dir
	for at in 2026-03-09T15:30:00Z 2026-03-09T16:30:00Z 2026-03-10T03:00:00Z; do
		run_ok --now $at --tz Asia/Shanghai backup --keep 9d dir
	done
	(cd dir && ls) >names
	same_lines names crm-20260309T153000Z.db crm-20260310T030000Z.db
	for rules in '' 7 d 0d 7d,7d 7d4w 7x -7d '7d, 4w'; do
		run_fail 2 backup "--keep=$rules" dir
		assert_err_has "crm: --keep: "
	done
	run_fail 2 backup --keep 7d "$(store_file)"
	run_fail 1 backup --keep 7d nowhere
	damage "$(store_file)"
	run_fail 6 backup --keep 1d dir
	(cd dir && ls -A) >names
	same_lines names crm-20260309T153000Z.db crm-20260310T030000Z.db
}

@test "ctrl-c leaves nothing" {
	[ "${SANITIZED:-no}" = no ] || skip "not under a sanitizer"
	needs_strace
	new_store
	# held back where the copy has been made, so that the signal comes in the midst
	strace -f -o /dev/null -e trace=fsync -e inject=fsync:delay_enter=600000:when=1 \
		python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$CRM" backup copy.db >"$out" 2>"$err" 3>&- &
	tracer=$!
	sleep 0.3
	kill -INT "$(pgrep -P "$tracer")"
	wait "$tracer" || true
	[ "$(find . -name '.crm-new-*' | wc -l)" -eq 0 ]
}

# The store as a file: where it is, what is refused, who waits for whom.
load helper

@test "a read without a store is refused with the hint, and makes nothing" {
	run_fail 6 customer list
	assert_err_has 'crm init'
	[ ! -e "$(store_file)" ]
	run_fail 6 followup due
	run_fail 6 report activity
	run_fail 6 export customer
	[ ! -e "$XDG_DATA_HOME" ]
}

@test "a first write makes the default store, for its owner alone" {
	umask 000
	run_ok customer add --name Li
	[ "$(stat -c %a "$(store_file)")" = 600 ]
	[ "$(stat -c %a "$XDG_DATA_HOME/crm")" = 700 ]
	assert_out 1
}

@test "a named store must exist, for reading and for writing" {
	run_fail 6 --store other.db customer list
	run_fail 6 --store other.db customer add --name Li
	[ ! -e other.db ]
	CRM_STORE=$PWD/third.db run_fail 6 customer add --name Li
	[ ! -e third.db ]
	run_fail 6 --store none/such/other.db customer add --name Li
	[ ! -e none ]
}

@test "init makes a named store, and never over a file" {
	run_ok --store mine.db init
	[ "$(stat -c %a mine.db)" = 600 ]
	run_ok --store mine.db customer add --name Li
	assert_out 1
	run_fail 4 --store mine.db init
	run_ok --store mine.db customer list --fields name
	assert_out Li
	echo text >file.txt
	run_fail 4 --store file.txt init
	[ "$(cat file.txt)" = text ]
}

@test "the environment names the store, the option wins" {
	run_ok --store a.db init
	run_ok --store b.db init
	export CRM_STORE=$PWD/a.db
	run_ok customer add --name InA
	run_ok --store b.db customer add --name InB
	run_ok customer list --fields name
	assert_out InA
	run_ok --store b.db customer list --fields name
	assert_out InB
}

@test "init --shared: a store for a group" {
	group=$(id -gn)
	run_ok --store team/crm.db init --shared "$group"
	[ "$(stat -c %a:%G team/crm.db)" = "660:$group" ]
	[ "$(stat -c %a:%G team)" = "2770:$group" ]
	run_ok --store team/crm.db customer add --name Li
	[ "$(stat -c %a team/crm.db)" = 660 ]
	run_fail 2 --store other/crm.db init --shared no-such-group-here
}

refused() { # FILE
	local before
	before=$(find "$1" -type f -exec sha256sum {} +)
	run_fail 6 --store "$1" customer list
	assert_err_has "$1"
	run_fail 6 --store "$1" customer add --name Li
	[ "$before" = "$(find "$1" -type f -exec sha256sum {} +)" ]
}

@test "a directory is no store" {
	mkdir dir.db
	refused dir.db
	[ -z "$(ls -A dir.db)" ]
}

@test "an empty file, a text file, noise are no stores" {
	: >empty.db
	refused empty.db
	echo 'just some text' >text.db
	refused text.db
	for i in $(seq 200); do echo "line $i of a text"; done >long.db
	refused long.db
	printf 'SQLite format 3\0%4000s' x >half.db
	refused half.db
}

@test "the SQLite file of another program is no store" {
	sqlite3 other.db 'CREATE TABLE t (a); INSERT INTO t VALUES (1)'
	refused other.db
	[ "$(sqlite3 other.db 'SELECT * FROM t')" = 1 ]
}

@test "a store of a newer version is refused, and left as it is" {
	new_store
	sqlite3 "$(store_file)" 'PRAGMA user_version = 9999' >/dev/null
	run_fail 6 customer list
	assert_err_has newer
	run_fail 6 customer add --name Li
	[ "$(sqlite3 "$(store_file)" 'PRAGMA user_version; SELECT count(*) FROM customer')" = $'9999\n0' ]
}

@test "a store with a trigger is refused: it would run for whoever opens it" {
	new_store
	sqlite3 "$(store_file)" 'CREATE TRIGGER evil AFTER INSERT ON customer BEGIN DELETE FROM agent; END'
	run_fail 6 customer add --name Li
	assert_err_has evil
	run_fail 6 customer list
	[ "$(sqlite3 "$(store_file)" 'SELECT count(*) FROM agent')" = 2 ]
}

@test "a store whose tables were changed is refused" {
	new_store
	sqlite3 "$(store_file)" 'ALTER TABLE customer ADD COLUMN extra TEXT'
	run_fail 6 customer list
	assert_err_has customer
}

@test "a table and an index of others are accepted, and named by check" {
	new_store
	sqlite3 "$(store_file)" 'CREATE TABLE mine (a); CREATE INDEX mine_a ON mine (a)'
	run_ok customer add --name Li
	run_ok check
	assert_out_has mine
}

@test "a symbolic link is not followed" {
	run_ok --store real.db init
	ln -s real.db link.db
	run_fail 6 --store link.db customer list
	run_fail 6 --store link.db customer add --name Li
	ln -s nowhere.db dangling.db
	run_status 6 --store dangling.db customer add --name Li
	[ ! -e nowhere.db ]
	run_ok --store real.db customer list
	assert_out
}

@test "a planted journal, log or lock link hurts nobody" {
	new_store
	echo precious >victim
	for suffix in -wal -shm -journal -holder; do
		ln -sf "$PWD/victim" "$(store_file)$suffix"
		"$CRM" customer add --name Li >/dev/null 2>&1 || true
		[ "$(cat victim)" = precious ]
		rm -f "$(store_file)$suffix"
	done
	store_is_sound
}

# As somebody whom file modes bind, in a place that they may enter.
as_nobody() {
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
	else
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	fi
}

@test "a store that this user may not write is refused for writing, and left as it is" {
	place=$(mktemp -d)
	cp "$CRM" "$place/program"
	cp -L "$LIBCRM" "$place/libcrm.so.0"
	run_ok --store "$place/crm.db" init
	run_ok --store "$place/crm.db" customer add --name Li
	chmod 444 "$place/crm.db"
	[ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$place"
	for command in 'customer list --fields name' 'customer add --name Wu'; do
		got=0
		# shellcheck disable=SC2086 # a command is several words
		(cd "$place" && export HOME=$place XDG_CONFIG_HOME=$place LD_LIBRARY_PATH=$place &&
			as_nobody ./program --store crm.db $command) >"$out.${command##* }" 2>"$err.${command##* }" || got=$?
		echo "$got" >>statuses
	done
	[ "$(sqlite3 "$place/crm.db" 'SELECT name FROM customer')" = Li ]
	rm -rf "$place"
	cat "$err".*
	[ "$(tail -n 1 statuses)" -eq 6 ]
	[ "$(cat "$out.Wu")" = '' ]
	# A reader needs no more than the right to read, where the side files can be made.
	[ "$(head -n 1 statuses)" -eq 0 ]
	[ "$(cat "$out.name")" = Li ]
}

# Holds the store's write lock until it is killed.
hold_store() {
	mkfifo hold
	sqlite3 "$(store_file)" <hold >held 2>&1 &
	holder=$!
	exec 7>hold
	echo 'BEGIN IMMEDIATE; SELECT 1;' >&7
	for _ in $(seq 100); do
		[ ! -s held ] || return 0
		sleep 0.05
	done
	return 1
}

release_store() {
	exec 7>&-
	wait "$holder"
}

@test "a store that another process writes: --wait 0 does not wait" {
	new_store
	hold_store
	start=$(date +%s)
	run_fail 6 --wait 0 customer add --name Li
	[ $(($(date +%s) - start)) -lt 5 ]
	assert_err_has locked
	run_ok customer list
	assert_out
	release_store
	run_ok --wait 0 customer add --name Li
}

@test "a store that another process writes: waits as long as asked, then 6" {
	new_store
	hold_store
	start=$(date +%s%N)
	run_fail 6 --wait 2 customer add --name Li
	took=$((($(date +%s%N) - start) / 1000000))
	[ "$took" -ge 1900 ]
	[ "$took" -lt 20000 ]
	release_store
	run_ok customer list
	assert_out
}

@test "a store that is free again in time is written" {
	new_store
	hold_store
	"$CRM" --wait 30 customer add --name Li >waited 2>&1 3>&- 7>&- &
	waiter=$!
	sleep 0.5
	kill -0 "$waiter"
	release_store
	wait "$waiter"
	run_ok customer list --fields name
	assert_out Li
}

@test "who waits is told who holds the store" {
	new_store
	# an import that cannot end: its input stays open after it has begun to write
	mkfifo rows
	"$CRM" --as bob import customer - <rows >/dev/null 2>&1 7>&- &
	importer=$!
	exec 7>rows
	{ echo name; seq -f "Name number %07.0f" 100000; } >&7
	for _ in $(seq 100); do
		[ ! -e "$(store_file)-holder" ] || break
		sleep 0.05
	done
	[ -e "$(store_file)-holder" ]
	run_fail 6 --wait 2 customer add --name Li
	exec 7>&-
	wait "$importer"
	assert_err_has bob
	assert_err_has "$importer"
	assert_err_has import
	run_ok sql 'SELECT count(*) FROM customer'
	assert_out 100000
}

# M1: what crm makes is for its user alone (or the group of a shared store), whatever the umask; what is a link, or was
# planted, is refused, and what it leads to stays as it was.
load helper

modes() { # FILE…
	stat -c '%a %n' "$@"
}

# Every file and directory below, but those of the tests, has one of these modes.
only_modes() { # DIRECTORY FILE_MODE DIRECTORY_MODE
	local wrong
	wrong=$(find "$1" \( -type f ! -perm "$2" -o -type d ! -perm "$3" \) -printf '%m %p\n')
	[ -z "$wrong" ] || {
		echo "not $2, $3: $wrong"
		return 1
	}
}

# An import that has begun to write and cannot end, so that the store's log, memory and holder lie beside it.
begin_import() { # STORE
	mkfifo rows
	"$CRM" --store "$1" import customer - <rows >/dev/null 2>import.err 7>&- 3>&- &
	importer=$!
	exec 7>rows
	{ echo name; seq -f "Name number %07.0f" 40000; } >&7
	for _ in $(seq 200); do
		[ ! -e "$1-holder" ] || return 0
		sleep 0.05
	done
	cat import.err
	return 1
}

end_import() {
	exec 7>&-
	wait "$importer"
	rm rows
}

older_store() { # FILE
	sqlite3 "$1" <"$BATS_TEST_DIRNAME/../../tests/data/stores/schema-3.sql" >/dev/null
	chmod "${2:-600}" "$1"
}

@test "M1: the store, what lies beside it and the configuration are 0600 in 0700, whatever the umask" {
	for mask in 000 022 077; do
		rm -rf "$HOME"
		mkdir -m 700 "$HOME"
		umask "$mask"
		run_ok customer add --name Li
		begin_import "$(store_file)"
		for suffix in '' -wal -shm -holder; do
			[ "$(stat -c %a "$(store_file)$suffix")" = 600 ]
		done
		end_import
		run_ok config set user.agent ann
		umask 077
		only_modes "$HOME" 600 700
	done
}

@test "M1: exports, rejected rows, backups and the copy before a migration are 0600, whatever the umask" {
	new_store
	run_ok customer add --name Li
	printf 'name,email\nWu,wu@b.example\nBad,no address\n' >in.csv
	mkdir made
	umask 000
	run_ok export customer -o made/a.csv
	run_ok export customer -o made/a.jsonl
	run_ok report activity -o made/a.html
	run_ok report activity -o made/a.svg
	run_status 5 import customer in.csv --partial --rejects made/rejects.csv
	run_ok backup made/copy.db
	: >made/again.csv
	run_ok export customer -o made/again.csv
	umask 077
	only_modes made 600 755
	mkdir old
	older_store old/crm.db
	umask 000
	run_ok --store old/crm.db customer add --name Wu
	umask 077
	[ -e old/crm.db.schema-3 ]
	only_modes old 600 700
}

@test "M1: a shared store and what lies beside it are 0660 in 2770, whatever the umask" {
	group=$(id -gn)
	for mask in 000 022 077; do
		rm -rf team
		umask "$mask"
		run_ok --store team/crm.db init --shared "$group"
		begin_import "$PWD/team/crm.db"
		for suffix in '' -wal -shm -holder; do
			[ "$(stat -c %a:%G "team/crm.db$suffix")" = "660:$group" ]
		done
		end_import
		umask 077
		only_modes team 660 2770
		run_ok --store team/crm.db check
	done
	older_store team/old.db 660
	run_ok --store team/old.db customer add --name Wu
	[ "$(stat -c %a:%G team/old.db.schema-3)" = "660:$group" ]
}

@test "M1: init does not give a place for everybody's files to a group" {
	mkdir -m 1777 open
	run_fail 2 --store open/crm.db init --shared "$(id -gn)"
	assert_err_has 'a shared store needs a directory of its own'
	[ "$(stat -c %a open)" = 1777 ]
	[ -z "$(ls -A open)" ]
}

@test "M1: a store that is named by a link is refused" {
	run_ok --store real.db init
	before=$(sha256sum real.db)
	ln -s real.db link.db
	ln -s nowhere.db dangling.db
	for name in link.db dangling.db; do
		for command in 'customer list' 'customer add --name Li' check export\ customer; do
			# shellcheck disable=SC2086 # a command is several words
			run_fail 6 --store $name $command
		done
	done
	run_fail 4 --store dangling.db init
	[ ! -e nowhere.db ]
	[ "$before" = "$(sha256sum real.db)" ]
}

@test "M1: planted beside a store, links are an error, and what they lead to stays as it was" {
	new_store
	echo precious >victim
	for suffix in -wal -shm -journal -holder; do
		for target in "$PWD/victim" "$PWD/nowhere"; do
			ln -s "$target" "$(store_file)$suffix"
			for command in 'customer list' 'customer add --name Li' check 'check --fix' export\ customer; do
				# shellcheck disable=SC2086 # a command is several words
				run_fail 6 $command
				assert_err_has "crm.db$suffix: is not a plain file"
			done
			[ -L "$(store_file)$suffix" ]
			rm "$(store_file)$suffix"
			[ "$(cat victim)" = precious ]
			[ ! -e nowhere ]
		done
	done
	mkfifo "$(store_file)-journal"
	run_fail 6 customer list
	rm "$(store_file)-journal"
	mkdir "$(store_file)-wal"
	run_fail 6 customer add --name Li
	rmdir "$(store_file)-wal"
	store_is_sound
}

@test "M1: a link of our own that an export is to be written through stays one" {
	new_store
	run_ok customer add --name Li
	echo old >real.csv
	ln -s real.csv link.csv
	run_ok export customer -o link.csv
	[ -L link.csv ]
	grep -q Li real.csv
	[ "$(stat -c %a real.csv)" = 600 ]
}

@test "M1: a link of somebody else's that an export is to be written through is refused" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can make a link of somebody else'
	new_store
	echo precious >victim
	ln -s victim link.csv
	chown -h 65534 link.csv
	run_fail 1 export customer -o link.csv
	[ "$(cat victim)" = precious ]
}

@test "M1: check finds what others could read or write" {
	new_store
	run_ok customer add --name Li
	dir=$(dirname "$(store_file)")
	echo x >"$(store_file)-erased"
	chmod 600 "$(store_file)-erased"
	store_is_sound
	for loose in "0604 crm.db" "0640 crm.db" "0644 crm.db-erased" "0777 ."; do
		read -r mode name <<<"$loose"
		file=$dir/$name
		[ "$name" != . ] || file=$dir
		before=$(stat -c %a "$file")
		chmod "$mode" "$file"
		run_status 5 check
		awk -F '\t' '$1 == "modes" && $2 == "problem" { n++ } END { exit n == 0 }' "$out"
		assert_out_has "chmod"
		chmod "$before" "$file"
		store_is_sound
	done
	# what lies beside a store in use
	begin_import "$(store_file)"
	chmod 666 "$(store_file)-holder"
	run_status 5 check
	assert_out_has crm.db-holder
	end_import
	store_is_sound
}

# M2: whose store is used: one's own, root's, a group's; not what others could have written, unless the user says so.
load helper

ANN=65531 BEA=65532 TEAM=65533 OUTSIDE=65530

# A place that all may enter, with the program, and homes for Ann and Bea; as root, who can be all of them.
place_setup() {
	[ "$(id -u)" -eq 0 ] || skip 'only root can be several users'
	command -v setpriv >/dev/null || skip 'setpriv is not there'
	place=$(mktemp -d)
	chmod 755 "$place"
	cp "$CRM" "$place/program"
	cp -L "$LIBCRM" "$place/libcrm.so.0"
	export LD_LIBRARY_PATH=$place
	for user in $ANN $BEA; do
		mkdir -m 700 "$place/home$user"
		chown $user:$user "$place/home$user"
	done
	mkdir -m 755 "$place/work"
	chown $ANN:$ANN "$place/work"
}

teardown() {
	[ -z "${place-}" ] || rm -rf "$place"
}

# Runs crm as that user, with further groups; the status is expected.
as() { # UID[,GROUP] STATUS ARGUMENT…
	local user=${1%%,*} groups=--clear-groups wanted=$2 got=0
	[ "$user" = "$1" ] || groups=--groups=${1#*,}
	shift 2
	(cd "$place" && export HOME=$place/home$user XDG_CONFIG_HOME=$place/home$user/.config \
		XDG_DATA_HOME=$place/home$user/.local/share && umask "${MASK:-077}" &&
		setpriv --reuid="$user" --regid="$user" "$groups" ./program "$@") >"$out" 2>"$err" || got=$?
	[ "$got" -eq "$wanted" ] || {
		echo "as $user: crm ${*@Q}: status $got, not $wanted"
		cat "$out" "$err"
		return 1
	}
}

# Neither read nor written, with a reason, and nothing is changed.
refused_to() { # UID[,GROUP] STORE REASON
	local before
	before=$(find "$(dirname "$2")" -type f -exec sha256sum {} + | sort)
	as "$1" 6 --store "$2" customer list
	assert_err_has "$3"
	as "$1" 6 --store "$2" customer add --name New
	assert_err_has "$3"
	as "$1" 6 --store "$2" check
	[ "$before" = "$(find "$(dirname "$2")" -type f -exec sha256sum {} + | sort)" ]
}

@test "M2: the store of another user is not used, and the message says what to do" {
	place_setup
	MASK=022 as $ANN 0 --store work/crm.db init
	as $ANN 0 --store work/crm.db customer add --name Li
	chmod 666 "$place/work/crm.db"
	chmod 777 "$place/work"
	refused_to $BEA "$place/work/crm.db" "everybody may write it"
	assert_err_has 'store.trust'
	chmod 644 "$place/work/crm.db"
	chmod 755 "$place/work"
	refused_to $BEA "$place/work/crm.db" "belongs to user $ANN, who could make this store do harm"
	# its owner goes on with it, whatever its modes are
	chmod 777 "$place/work"
	as $ANN 0 --store work/crm.db customer list
	as $ANN 5 --store work/crm.db check
	assert_out_has "$place/work can be read or written by more than should (mode 777): chmod 775"
}

@test "M2: what the user trusts is used: a file, or all below a directory, and nothing else" {
	place_setup
	as $ANN 0 --store work/crm.db init
	as $ANN 0 --store work/crm.db customer add --name Li
	chmod 666 "$place/work/crm.db"
	chmod 777 "$place/work"
	as $BEA 0 config set store.trust "$place/work/crm.db"
	as $BEA 0 --store work/crm.db customer list --fields name
	assert_out Li
	as $BEA 0 --store work/crm.db customer add --name Wu
	for other in "$place/wor" "$place/work/crm.d" "$place/work/crm.db/x" "$place/home$BEA" /nowhere; do
		as $BEA 0 config set store.trust "$other"
		as $BEA 6 --store work/crm.db customer list
	done
	for entry in "$place/work" "$place" /nowhere:"$place/work/" "~/../work"; do
		as $BEA 0 config set store.trust "$entry"
		as $BEA 0 --store work/crm.db customer list
	done
	as $BEA 2 config set store.trust work/crm.db
	assert_err_has "'work/crm.db' does not begin with /"
	# trust is of the user: neither the directory of the store nor a link on the way can give it
	as $BEA 0 config unset store.trust
	mkdir "$place/work/crm"
	printf '[store]\ntrust = %s\n' "$place" >"$place/work/crm/config"
	as $BEA 6 --store work/crm.db customer list
}

@test "M2: a store in a place where everybody may write is not used, nor made" {
	place_setup
	mkdir -m 1777 "$place/open"
	as $ANN 6 --store open/crm.db init
	assert_err_has 'everybody may write in its directory'
	[ -z "$(ls -A "$place/open")" ]
	as $ANN 0 --store work/crm.db init
	mv "$place/work/crm.db" "$place/open/crm.db"
	refused_to $ANN "$place/open/crm.db" 'everybody may write in its directory'
	as $ANN 0 config set store.trust "$place/open"
	as $ANN 0 --store open/crm.db customer add --name Li
	# the own directory is the owner's business, and check tells
	chown $ANN "$place/open"
	as $ANN 0 config unset store.trust
	as $ANN 0 --store open/crm.db customer list
	as $ANN 5 --store open/crm.db check
}

@test "M2: a store in a directory of somebody else is not used" {
	place_setup
	as $ANN 0 --store work/crm.db init
	chown $BEA "$place/work"
	refused_to $ANN "$place/work/crm.db" "its directory belongs to user $BEA"
}

@test "M2: what lies beside a store and is somebody else's is not used" {
	place_setup
	as $ANN 0 --store work/crm.db init
	for suffix in -wal -shm -journal -holder; do
		: >"$place/work/crm.db$suffix"
		chown $BEA:$BEA "$place/work/crm.db$suffix"
		refused_to $ANN "$place/work/crm.db" "crm.db$suffix: belongs to user $BEA"
		rm "$place/work/crm.db$suffix"
	done
	as $ANN 0 --store work/crm.db customer list
}

@test "M2: root uses its own stores, and those of the user whom sudo says" {
	place_setup
	as $ANN 0 --store work/crm.db init
	as $ANN 0 --store work/crm.db customer add --name Li
	refused_to 0 "$place/work/crm.db" "belongs to user $ANN"
	for other in $BEA "$ANN x" '' -1 root; do
		SUDO_UID=$other as 0 6 --store work/crm.db customer list
	done
	SUDO_UID=$ANN as 0 0 --store work/crm.db customer list --fields name
	assert_out Li
	# whoever is not root does not become another by saying so
	chmod 644 "$place/work/crm.db"
	SUDO_UID=$ANN as $BEA 6 --store work/crm.db customer list
}

@test "M2: what root makes beside a user's store is the user's" {
	place_setup
	as $ANN 0 --store work/crm.db init
	sqlite3 "$place/work/old.db" <"$BATS_TEST_DIRNAME/../../tests/data/stores/schema-3.sql" >/dev/null
	chmod 600 "$place/work/old.db"
	chown $ANN:$ANN "$place/work/old.db"
	SUDO_UID=$ANN as 0 0 --store work/old.db customer add --name Wu
	SUDO_UID=$ANN as 0 0 --store work/crm.db customer add --name Li
	SUDO_UID=$ANN as 0 0 --store work/crm.db privacy erase id:1 --yes
	[ -e "$place/work/old.db.schema-3" ]
	[ -e "$place/work/crm.db-erased" ]
	[ -z "$(find "$place/work" ! -user $ANN)" ]
	as $ANN 0 --store work/crm.db customer add --name Wu
	as $ANN 0 --store work/crm.db privacy erase id:2 --yes
}

@test "M2: root's stores are read by all whom their modes let" {
	place_setup
	as 0 0 --store rootwork/crm.db init
	as 0 0 --store rootwork/crm.db customer add --name Li
	sqlite3 "$place/rootwork/crm.db" 'PRAGMA journal_mode = DELETE' >/dev/null
	chmod 755 "$place/rootwork"
	chmod 644 "$place/rootwork/crm.db"
	as $ANN 0 --store rootwork/crm.db customer list --fields name
	assert_out Li
	as $ANN 6 --store rootwork/crm.db customer add --name Wu
	chmod 664 "$place/rootwork/crm.db"
	chgrp $TEAM "$place/rootwork/crm.db"
	refused_to $ANN "$place/rootwork/crm.db" "group $TEAM may write it"
}

@test "M2: a shared store is used by the members of its group, unless others could write it" {
	place_setup
	mkdir "$place/team"
	chgrp $TEAM "$place/team"
	chmod 2770 "$place/team"
	# as init --shared makes it, for a group that has a number only
	as $ANN 0 --store work/crm.db init
	mv "$place/work/crm.db" "$place/team/crm.db"
	chgrp $TEAM "$place/team/crm.db"
	chmod 660 "$place/team/crm.db"
	for mask in 000 077; do
		for user in $ANN $BEA; do
			MASK=$mask as $user,$TEAM 0 --store team/crm.db customer add --name "Li $user"
		done
	done
	as $BEA,$TEAM 0 --store team/crm.db check
	as $OUTSIDE 6 --store team/crm.db customer list
	chmod 2777 "$place/team"
	refused_to $BEA,$TEAM "$place/team/crm.db" 'everybody may write in its directory'
	chmod 2775 "$place/team"
	as $BEA,$TEAM 0 --store team/crm.db customer list
	chmod 666 "$place/team/crm.db"
	refused_to $BEA,$TEAM "$place/team/crm.db" 'everybody may write it'
	chmod 660 "$place/team/crm.db"
	: >"$place/team/crm.db-wal"
	chown $OUTSIDE:$OUTSIDE "$place/team/crm.db-wal"
	chmod 644 "$place/team/crm.db-wal"
	refused_to $BEA,$TEAM "$place/team/crm.db" "crm.db-wal: belongs to user $OUTSIDE"
}

@test "M2: as an ordinary user: a place for everybody's files is none for a store" {
	[ "$(id -u)" -ne 0 ] || skip 'root owns that place'
	[ "$(stat -c %a /tmp)" = 1777 ] || skip '/tmp is not for everybody'
	run_fail 6 --store "/tmp/crm-test-$$.db" init
	assert_err_has 'everybody may write in its directory'
	[ ! -e "/tmp/crm-test-$$.db" ]
}

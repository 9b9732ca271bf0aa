# File systems that other machines may share (NFS, SMB, 9p, FUSE): there a store has no log in shared memory (WAL) but a
# journal, whose removal is on disk before a command says that it is done.
load helper

WARNING='that other machines may share'

remote_setup() {
	[ "${SANITIZED:-no}" = no ] || skip 'the sanitizers must be loaded first'
	[ -n "${SHIM_STATFS-}" ] || skip 'the shim is not built'
}

on() { # KIND COMMAND…
	FAKE_STATFS=$1 LD_PRELOAD=$SHIM_STATFS "${@:2}"
}

on_nfs() { # STATUS ARGUMENT…
	on 0x6969 run_status "$@"
}

journal_mode() { # as the file says
	case $(od -An -tx1 -j18 -N2 "$(store_file)" | tr -d ' ') in
	0101) echo delete ;;
	0202) echo wal ;;
	esac
}

@test "a store on NFS is made with a journal, with one warning; the same here with a log, and none" {
	remote_setup
	on_nfs 0 init
	[ "$(grep -c "$WARNING" "$err")" -eq 1 ]
	assert_err_has NFS
	[ "$(journal_mode)" = delete ]
	on_nfs 0 agent add --name ann
	on_nfs 0 customer add --name Li
	assert_err 'created customer 1'
	[ "$(journal_mode)" = delete ]
	on_nfs 0 check
	rm -rf "$XDG_DATA_HOME"
	run_ok init
	[ "$(grep -c "$WARNING" "$err")" -eq 0 ]
	[ "$(journal_mode)" = wal ]
}

@test "each kind of file system that other machines share is known, and none of this machine is" {
	remote_setup
	for kind in 0x6969 0x517b 0xfe534d42 0xff534d42 0x01021997 0x65735546 0x5346414f 0x00c36400; do
		rm -rf "$XDG_DATA_HOME"
		on $kind run_ok init
		[ "$(journal_mode)" = delete ]
	done
	for kind in 0xef53 0x58465342 0x9123683e 0x01021994 0x794c7630 0x2fc12fc1 0xf2f52010; do
		rm -rf "$XDG_DATA_HOME"
		on $kind run_ok init
		[ "$(journal_mode)" = wal ]
	done
}

@test "a store that was moved to NFS is read as it is, and gets a journal by the first command that writes; and back" {
	remote_setup
	new_store
	run_ok customer add --name Li
	on_nfs 0 customer list --fields name
	assert_out Li
	assert_err
	[ "$(journal_mode)" = wal ]
	on_nfs 0 customer add --name Wu
	assert_err_has "$WARNING"
	[ "$(journal_mode)" = delete ]
	on_nfs 0 customer add --name Zhao
	assert_err 'created customer 3'
	on_nfs 0 customer list --fields name
	assert_out Li Wu Zhao
	run_ok customer list --fields name
	[ "$(journal_mode)" = delete ]
	run_ok customer add --name Qian
	assert_err 'created customer 4'
	[ "$(journal_mode)" = wal ]
	store_is_sound
}

@test "what a killed process left in the log is there after the move" {
	remote_setup
	command -v strace >/dev/null || skip 'strace is not there'
	new_store
	# killed when all is written and the log would be brought into the file
	strace -f -o /dev/null -e trace=unlink -e inject=unlink:signal=SIGKILL:when=1 "$CRM" customer add --name Li || true
	on_nfs 0 customer list --fields name
	assert_out Li
	on_nfs 0 customer add --name Wu
	on_nfs 0 check
	[ "$(journal_mode)" = delete ]
}

@test "on NFS no memory is shared, and the removal of the journal is on disk before the answer" {
	remote_setup
	[ "$(id -u)" -eq 0 ] || skip 'crm lets nobody but root look into it'
	command -v strace >/dev/null || skip 'strace is not there'
	on_nfs 0 init
	on_nfs 0 agent add --name ann
	strace -f -o trace -e trace=openat,unlink,fsync,fdatasync,write \
		env FAKE_STATFS=0x6969 LD_PRELOAD="$SHIM_STATFS" "$CRM" customer add --name Li >"$out" 2>"$err"
	lacks -q -e '-shm' trace
	# the journal's end, then its folder, then the id on stdout
	awk -v dir="\"$(dirname "$(store_file)")\"" '
		/unlink\(".*-journal"\)/ { gone = 1; opened = synced = 0 }
		/openat\(/ && index($0, dir) { opened = gone }
		/f(data)?sync\(/ && opened { synced = 1 }
		/write\(1, / { written = 1; good = synced }
		END { exit !(written && good) }' trace
}

@test "on NFS two processes that write at once lose nothing" {
	remote_setup
	on_nfs 0 init
	for process in a b c; do
		(for i in $(seq 8); do
			on 0x6969 "$CRM" -q customer add --name "$process $i" >/dev/null || echo "$process $i" >>failed
		done) 3>&- &
	done
	wait
	[ ! -e failed ]
	on_nfs 0 sql 'SELECT count(*) FROM v_customer'
	assert_out 24
	on_nfs 0 check
}

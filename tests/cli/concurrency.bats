# Many processes on one store. CRM_LONG=1: as many steps as would take minutes elsewhere.
load helper

many_processes() {
	python3 -IS "$BATS_TEST_DIRNAME/concurrency.py" "$@"
}

@test "C1: what eight processes read, count and write is whole with --if-unchanged, and is not without" {
	local steps=25
	[ -z "${CRM_LONG:-}" ] || steps=200
	new_store
	run_ok customer add --name Counter --city 0
	many_processes counter 8 $steps guarded >"$out"
	read -r came conflicts <"$out"
	echo "came to $came, $conflicts conflicts"
	[ "$came" -eq $((8 * steps)) ]
	[ "$conflicts" -gt 0 ]
	run_ok sql "SELECT count(*) FROM v_operation WHERE command = 'customer edit 1'"
	assert_out $((8 * steps))
	run_ok customer edit 1 --city 0
	many_processes counter 8 $steps blind >"$out"
	read -r came conflicts <"$out"
	[ "$came" -lt $((8 * steps)) ]
	store_is_sound
}

@test "thirty processes that write and read: all that was acknowledged is there, and nothing else" {
	local seconds=5
	[ -z "${CRM_LONG:-}" ] || seconds=60
	new_store
	run_ok privacy retain add old --entity customer --keep 10y
	run_ok rule add --name late --event tick --condition 'status:solved' --actions 'tag seen'
	many_processes crowd $seconds >"$out" 2>"$err" || {
		cat "$out" "$err"
		return 1
	}
	run_ok vacuum
	store_is_sound
	if many_processes crowd 0 lose >"$out" 2>"$err"; then
		echo "what was lost is not found out"
		return 1
	fi
	[ "$(grep -c 'is there 0 times' "$out")" -eq 1 ]
	[ "$(wc -l <"$out")" -eq 1 ]
}

@test "C2: eight processes add customers: all are there, none failed" {
	local steps=20
	[ -z "${CRM_LONG:-}" ] || steps=100
	new_store
	for p in $(seq 8); do
		(
			for i in $(seq $steps); do
				"$CRM" -q customer add --name "P$p-$i" >>"ids.$p" 2>>"errors.$p" || echo "status $?" >>"failed.$p"
			done
		) 3>&- &
	done
	wait
	[ -z "$(cat failed.* 2>/dev/null)" ]
	[ -z "$(cat errors.*)" ]
	local all=$((8 * steps))
	[ "$(cat ids.* | sort -n | uniq | wc -l)" -eq $all ]
	run_ok sql 'SELECT count(*), count(DISTINCT name), count(DISTINCT id) FROM v_customer'
	assert_out "$(printf '%s\t%s\t%s' $all $all $all)"
	store_is_sound
}

@test "eight processes make the default store at once: one store, all in it" {
	for p in $(seq 8); do
		"$CRM" -q customer add --name "P$p" >/dev/null 2>"errors.$p" 3>&- &
	done
	wait
	[ -z "$(cat errors.* | grep -v 'not an agent\|no agent\|ann')" ]
	run_ok sql 'SELECT count(*) FROM v_customer'
	assert_out 8
	[ "$(find "$XDG_DATA_HOME/crm" -name '*.new-*' | wc -l)" -eq 0 ]
	store_is_sound
}

@test "the facts of one customer, written by eight processes" {
	new_store
	run_ok customer add --name Li
	for p in $(seq 8); do
		(
			for i in $(seq 10); do
				"$CRM" -q log phone 1 -m x --at "2026-03-0${p}T10:00:${i}0Z" || true
			done
		) >/dev/null 2>&1 3>&- &
	done
	wait
	# Seconds 60 and beyond, of four calls in ten or so, are refused; 10 to 50 are times.
	run_ok customer show 1 --fields contacts,last_contact_at --format tsv --no-header
	assert_out $'40\t2026-03-08T10:00:50+00:00'
	store_is_sound
}

@test "two imports and an edit at once: each whole" {
	new_store
	{ echo key,name; seq -f %05.0f 3000 | sed 's/.*/A&,Name &/'; } >a.csv
	{ echo key,name; seq -f %05.0f 3000 | sed 's/.*/B&,Name &/'; } >b.csv
	"$CRM" -q import customer a.csv 2>a.err 3>&- &
	first=$!
	"$CRM" -q import customer b.csv 2>b.err 3>&- &
	second=$!
	run_ok customer add --name Li
	wait "$first"
	wait "$second"
	run_ok sql 'SELECT count(*) FROM v_customer'
	assert_out 6001
	run_ok sql 'SELECT count(*) FROM v_operation'
	assert_out 5
	store_is_sound
}

@test "C3: a reader that is held open neither hinders a writer nor sees it" {
	new_store
	{ echo name; seq -f 'A customer of some length and number %06.0f' 20000; } >file
	run_ok import customer file
	mkfifo pipe
	"$CRM" customer list --fields name >pipe 2>reader.err 3>&- &
	reader=$!
	exec 8<pipe
	read -r line <&8
	[ "$line" = 'A customer of some length and number 000001' ]
	local best=9999 took start
	for _ in 1 2 3; do # the machine may be busy
		start=$(date +%s%N)
		run_ok --wait 0 customer add --name Late
		took=$((($(date +%s%N) - start) / 1000000))
		[ $took -ge $best ] || best=$took
	done
	[ $best -lt 1000 ]
	kill -0 "$reader"
	count=$(wc -l <&8)
	exec 8<&-
	wait "$reader"
	[ "$count" -eq 19999 ]
	run_ok customer list name:Late --fields id
	assert_out 20001 20002 20003
}

@test "C4: a lock that is held longer than --wait is status 6, who holds it is named, and nothing is half written" {
	new_store
	run_ok customer add --name Li --city Rome
	run_ok ticket add 1 --type question --subject x
	mkdir -p "$XDG_CONFIG_HOME/crm/hooks"
	chmod 755 "$XDG_CONFIG_HOME" "$XDG_CONFIG_HOME/crm" "$XDG_CONFIG_HOME/crm/hooks"
	cat >"$XDG_CONFIG_HOME/crm/hooks/slow" <<'EOF'
#!/bin/sh
: >"$HOME/holds"
while [ ! -e "$HOME/go" ]; do sleep 0.05; done
EOF
	chmod 755 "$XDG_CONFIG_HOME/crm/hooks/slow"
	run_ok rule add --name r --event updated --actions 'hook slow'
	"$CRM" -q --as bob ticket edit 1 --priority high >bob.out 2>bob.err 3>&- &
	local bob=$! took
	for _ in $(seq 200); do
		[ ! -e "$HOME/holds" ] || break
		sleep 0.05
	done
	[ -e "$HOME/holds" ]
	remember_store
	local start
	start=$(date +%s%N)
	{ echo name,city; seq -f 'Name %g,York' 2000; } >file.csv
	run_fail 6 --wait 1 import customer file.csv
	took=$((($(date +%s%N) - start) / 1000000))
	[ $took -ge 900 ]
	[ $took -lt 8000 ]
	assert_err_has 'waited 1 s (--wait)'
	assert_err_has "bob"
	assert_err_has "process $bob"
	run_fail 6 --wait 0 customer edit 1 --city York --if-unchanged 3
	run_fail 6 --wait 0 privacy erase 1 --yes
	run_ok customer list --fields name,city # readers do not wait
	assert_out $'Li\tRome'
	store_unchanged
	: >"$HOME/go"
	wait "$bob"
	run_ok ticket show 1 --fields priority
	assert_out 'priority: high'
	store_is_sound
}

@test "--if-unchanged: by whom and when it was changed is told, for every verb that changes a record" {
	new_store
	run_ok customer add --name Li
	run_ok customer show 1 --fields version
	seen=$(sed 's/version: *//' "$out")
	run_ok customer edit 1 --city Rome --if-unchanged "$seen"
	export CRM_NOW=2026-03-10T13:30:00Z
	run_ok --as bob customer tag 1 --add vip
	remember_store
	run_fail 4 customer edit 1 --city York --if-unchanged "$seen"
	assert_err "crm: customer 1: was changed since version $seen, by bob at 2026-03-10 13:30 (customer tag 1): it is version $((seen + 2)) now (crm history customer:1)"
	run_fail 4 customer tag 1 --remove vip --if-unchanged $((seen + 1))
	run_fail 4 customer rm 1 --yes --if-unchanged "$seen"
	run_fail 4 customer edit 1 --city York --if-unchanged 999
	assert_err_has 'customer 1: has version'
	run_fail 2 customer edit 1 --city York --if-unchanged -1
	run_fail 2 customer edit 1 --city York --if-unchanged x
	run_fail 2 customer edit --where city:Rome --city York --if-unchanged "$seen" --yes
	assert_err_has '--where means many'
	run_fail 3 customer edit 9 --city York --if-unchanged 1
	store_unchanged
	run_ok customer add --name Wu
	run_fail 2 customer edit 1 2 --city York --if-unchanged "$seen"
	assert_err_has '2 are named'
	run_ok ticket add 1 --type question --subject x
	run_ok ticket show 1 --fields version --format json
	version=$(grep -o '[0-9]*' "$out")
	run_ok ticket take 1 --if-unchanged "$version"
	for verb in 'ticket assign 1 bob' 'ticket unassign 1' 'ticket solve 1' 'ticket close 1' 'ticket note 1 -m x' 'ticket reply 1 -m x'; do
		# shellcheck disable=SC2086
		run_fail 4 $verb --if-unchanged "$version"
	done
	run_ok followup add 1 --due 2026-04-01
	run_fail 4 followup done 1 --if-unchanged 1
	run_fail 4 followup snooze 1 --until 2026-05-01 --if-unchanged 1
	run_ok customer list --fields id,version --sort version
	[ "$(wc -l <"$out")" -eq 2 ]
	run_ok customer list "version:>$((seen + 1))" --fields id
	store_is_sound
}

@test "what was edited in the editor while another wrote is not written over it" {
	new_store
	run_ok customer add --name Li
	run_ok log phone 1 -m 'as it was'
	local status=0
	cat >editor <<EOF
#!/bin/sh
"$CRM" -q --as bob log edit 1 --subject 'written meanwhile' || exit 1
echo 'as it was thought' >"\$1"
EOF
	chmod 755 editor
	EDITOR=$PWD/editor python3 -IS "$BATS_TEST_DIRNAME/on_terminal.py" 200 -- "$CRM" log edit 1 >terminal || status=$?
	[ "$status" -eq 4 ]
	run_ok log show 1 --fields subject,content
	assert_out 'subject: written meanwhile' 'content: as it was'
	grep -q 'was changed since version' terminal
	grep -q 'as it was thought' terminal # what was typed is not lost
}

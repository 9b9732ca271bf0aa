# Many processes on one store.
load helper

@test "eight processes add twenty customers each: all are there, none failed" {
	new_store
	for p in $(seq 8); do
		(
			for i in $(seq 20); do
				"$CRM" -q customer add --name "P$p-$i" >>"ids.$p" 2>>"errors.$p" || echo "status $?" >>"failed.$p"
			done
		) 3>&- &
	done
	wait
	[ -z "$(cat failed.* 2>/dev/null)" ]
	[ -z "$(cat errors.*)" ]
	[ "$(cat ids.* | sort -n | uniq | wc -l)" -eq 160 ]
	run_ok sql 'SELECT count(*), count(DISTINCT name), count(DISTINCT id) FROM v_customer'
	assert_out $'160\t160\t160'
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

@test "a reader that is held open neither hinders a writer nor sees it" {
	new_store
	{ echo name; seq -f 'A customer of some length and number %06.0f' 20000; } >file
	run_ok import customer file
	mkfifo pipe
	"$CRM" customer list --fields name >pipe 2>reader.err 3>&- &
	reader=$!
	exec 8<pipe
	read -r line <&8
	[ "$line" = 'A customer of some length and number 000001' ]
	start=$(date +%s)
	run_ok --wait 5 customer add --name Late
	[ $(($(date +%s) - start)) -lt 5 ]
	kill -0 "$reader"
	count=$(wc -l <&8)
	exec 8<&-
	wait "$reader"
	[ "$count" -eq 19999 ]
	run_ok customer list name:Late --fields id
	assert_out 20001
}

# Files of follow-ups: Chinese and English headers, whole days, what is done, the same file again.
load helper

setup_customers() {
	new_store
	run_ok customer add --name 张三 --phone +8613800138000 --owner bob
	run_ok customer add --name Li --email li@example.org
}

tasks() { # NAMES
	"$CRM" followup list --fields "$1" --sort id --format csv --no-header
}

@test "English headers: customers by name or address, times, days, what is done" {
	setup_customers
	cat >a.csv <<-'END'
		Contact,Due Date,Type,Title,Assigned To,Status,Completed Date,Result
		li@example.org,2026-03-20,Visit,quote,ann,Not Started,,
		Li,2026-03-21 09:30,Phone,again,,To Do,,
		张三,2026-02-01,E-Mail,old,,Completed,2026-02-02 10:00,sent
	END
	run_ok import followup a.csv --dry-run
	run_ok followup list
	assert_out
	run_ok import followup a.csv
	[ "$(tasks customer,due,due_day,action,purpose,owner,status,done_at,outcome)" = "$(
		cat <<-'END'
			2,2026-03-20T00:00:00+00:00,2026-03-20,visit,quote,ann,open,,
			2,2026-03-21T09:30:00+00:00,,call,again,,open,,
			1,2026-02-01T00:00:00+00:00,2026-02-01,email,old,bob,done,2026-02-02T10:00:00+00:00,sent
		END
	)" ]
	run_ok customer list Li --fields next_followup
	assert_out 2026-03-20T00:00:00+00:00
	# the same file again changes nothing
	remember_store
	run_ok import followup a.csv
	assert_err_has '3 rows read: 0 created, 0 updated, 3 unchanged'
	store_unchanged
	# as imports of everything else: taken back as one
	run_ok import revert 1
	run_ok followup list
	assert_out
	store_is_sound
}

@test "Chinese headers, words and recurrences" {
	setup_customers
	cat >a.csv <<-'END'
		客户,跟进时间,跟进方式,事由,负责人,状态,结果,完成时间,重复,重复日
		张三,2026年3月20日,拜访,报价,ann,待办,,,,
		张三,2026-02-01 9:00,微信,月结,,已完成,好,2026-02-02 10:00,每月,月底
		13800138000,2026/3/22,电话,周会,,待跟进,,,每两周,周一、周四
	END
	run_ok import followup a.csv --country CN
	[ "$(tasks due_day,action,purpose,owner,status,outcome,every,on,series,occurrence)" = "$(
		cat <<-'END'
			2026-03-20,visit,报价,ann,open,,,,,
			,wechat,月结,bob,done,好,month,last,2,1
			2026-03-22,call,周会,bob,open,,2w,"mon,thu",3,1
		END
	)" ]
	run_ok import followup a.csv --country CN
	assert_err_has '0 created, 0 updated, 3 unchanged'
	# one that is done is history: it goes on with nothing; one that becomes so goes on
	sed -i 's/周会,,待跟进,,/周会,,已完成,,2026-03-22/' a.csv
	run_ok --now 2026-03-22T12:00:00Z import followup a.csv --country CN
	assert_err_has '0 created, 1 updated, 2 unchanged'
	run_ok --now 2026-03-22T12:00:00Z followup list series:3 --fields occurrence,status,due_day
	assert_out "$(printf '1\tdone\t2026-03-22')" "$(printf '2\topen\t2026-03-30')"
	run_ok undo
	run_ok --now 2026-03-22T12:00:00Z followup list series:3 --fields occurrence,status
	assert_out "$(printf '1\topen')"
	store_is_sound
}

@test "what does not fit is named with its line" {
	setup_customers
	cat >a.csv <<-'END'
		customer,due,action,every,on,after,owner
		Li,2026-03-20,call,week,40,,
		Li,soon,call,,,,
		Li,2026-03-20,dance,,,,
		Zoe,2026-03-20,call,,,,
		Li,,call,,,,
		Li,2026-03-20,call,week,,3d,
		Li,2026-03-21,call,,,,
	END
	run_status 5 import followup a.csv --partial
	for line in 'a.csv:2: on: ' 'a.csv:3: ' 'a.csv:4: ' 'a.csv:5: ' 'a.csv:6: ' 'a.csv:7: every and after'; do
		assert_err_has "$line"
	done
	[ "$(tasks due_day)" = 2026-03-21 ]
	store_is_sound
}

@test "exported and imported again, by key and without" {
	setup_customers
	run_ok followup add Li --due 2026-03-20 -m one --key T1 --source erp --tag vip
	run_ok followup add Li --due '2026-03-20 8:15' -m two --every 2w --on mon
	run_ok followup add 张三 --due 2026-03-01 -m three
	run_ok followup done 3 -m well
	run_ok followup snooze 2 --until '2026-04-01 7:00'
	run_ok export followup
	cp "$out" all.csv
	remember_store
	run_ok import followup all.csv
	assert_err_has '3 rows read: 0 created, 0 updated, 3 unchanged'
	store_unchanged
	# into an empty store with the same customers
	run_ok export customer
	cp "$out" customers.csv
	run_ok --store other.db init
	run_ok --store other.db agent add --name ann
	run_ok --store other.db agent add --name bob
	run_ok --store other.db import customer customers.csv
	run_ok --store other.db import followup all.csv
	run_ok --store other.db export followup
	cmp "$out" all.csv
	# by its key it is found whatever else says of it
	printf 'key,source,due,customer,purpose,status\nT1,erp,2026-03-25,Li,moved,open\n' >b.csv
	run_ok import followup b.csv
	assert_err_has '0 created, 1 updated'
	[ "$(tasks due_day,purpose | head -n 1)" = 2026-03-25,moved ]
}

@test "opened again by a file, and done again: a series goes on once" {
	setup_customers
	run_ok followup add Li --due 2026-03-09 --every week --key T1
	run_ok followup done 1
	printf 'key,customer,due,status\nT1,Li,2026-03-09,open\n' >a.csv
	run_ok import followup a.csv
	run_ok followup list --fields id,status,done_at
	assert_out "$(printf '1\topen\t')" "$(printf '2\topen\t')"
	run_ok followup done 1
	assert_err 'done with followup 1'
	run_ok followup list --fields id,status,occurrence
	assert_out "$(printf '1\tdone\t1')" "$(printf '2\topen\t2')"
	# snoozed by a file, and what that means for the one who looks after it
	printf 'key,customer,due,snoozed_until\nT1,Li,2026-03-09,2026-05-01\nT2,Li,2026-03-09,2026-05-01\n' >b.csv
	run_ok import followup b.csv
	[ "$(tasks id,status,snoozed_until)" = "$(printf '1,done,2026-05-01T00:00:00+00:00\n2,open,\n3,snoozed,2026-05-01T00:00:00+00:00')" ]
	store_is_sound
}

@test "many: the same ones are found again by the thousand" {
	setup_customers
	python3 - >many.csv <<-'END'
		print("customer,due,purpose")
		for i in range(6000):
		    print(f"Li,2026-{i % 12 + 1:02d}-{i % 28 + 1:02d},task {i // 3}")
	END
	run_ok import followup many.csv
	made=$(sed -n 's/.*read: \([0-9]*\) created.*/\1/p' "$err")
	[ "$made" -gt 5000 ]
	run_ok import followup many.csv
	assert_err_has '6000 rows read: 0 created, 0 updated, 6000 unchanged'
	store_is_sound
}

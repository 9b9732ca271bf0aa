# Settings are imported like any record: custom fields, views and follow-up policies, which have no name of their own.
load helper

@test "a custom field is known by its entity and name: the file again changes nothing, another label changes it" {
	new_store
	printf 'entity,name,type,label,words\ncustomer,size,enum,Size,"S,M"\norder,size,text,Box,\n' >fields.csv
	run_ok import field fields.csv --format json
	[ "$(jq -c '[.created, .updated, .unchanged]' "$out")" = '[2,0,0]' ]
	run_ok customer add --name Ada --set size=M
	run_ok import field fields.csv --format json
	[ "$(jq -c '[.created, .updated, .unchanged]' "$out")" = '[0,0,2]' ]
	printf 'entity,name,label\norder,size,Crate\n' >fields.csv
	run_ok import field fields.csv --format json
	[ "$(jq -c '[.created, .updated, .unchanged]' "$out")" = '[0,1,0]' ]
	run_ok field list --fields entity,name,label
	assert_out $'customer\tsize\tSize' $'order\tsize\tCrate'
	store_is_sound
}

@test "a view is known by its entity and name, and is tried before it is stored" {
	new_store
	printf 'entity,name,filter,fields,sort\ncustomer,vips,tag:vip,"id,name",name\nlog,vips,customer.tag:vip,,\n' >views.csv
	run_ok import view views.csv
	run_ok import view views.csv --format json
	[ "$(jq -c '[.created, .updated, .unchanged]' "$out")" = '[0,0,2]' ]
	run_ok customer add --name Ada --tag vip
	run_ok customer list @vips
	assert_out $'1\tAda'
	printf 'entity,name,filter\ncustomer,bad,citty:Leeds\n' >views.csv
	run_fail 1 import view views.csv
	assert_err_has "views.csv:2: customer has no field '…', did you mean 'city'?"
	run_ok view list
	[ "$(wc -l <"$out")" = 2 ]
}

@test "a follow-up policy is known by its filter; without one it is the policy for everybody" {
	new_store
	printf 'filter,steps\ntag:vip,14d call\n,"never email, 90d email"\n' >policies.csv
	run_ok import followup_policy policies.csv --format json
	[ "$(jq -c '[.created, .updated, .unchanged]' "$out")" = '[1,1,0]' ]
	run_ok import followup_policy policies.csv --format json
	[ "$(jq -c '[.created, .updated, .unchanged]' "$out")" = '[0,0,2]' ]
	run_ok followup policy list --fields filter,steps
	assert_out $'tag:vip\t14d call' $'\tnever email, 90d email'
	run_ok import revert 1
	run_ok followup policy list --fields filter,steps
	assert_out $'\tnever call or email, 7d visit, 3d call or email'
	store_is_sound
}

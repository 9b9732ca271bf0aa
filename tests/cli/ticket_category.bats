# Categories of tickets: anything as long as there is no list, then the names of the list only.
load helper

setup_list() {
	new_store
	run_ok customer add --name Li
	run_ok ticket add Li --type question --subject before --category 'Any Thing'
	run_ok ticket category add --name Billing --description 'what was paid'
	run_ok ticket category add --name 物流
}

category_of() { # TICKET
	"$CRM" ticket list "id:$1" --fields category
}

add() { # CATEGORY
	"$CRM" -q ticket add Li --type question --subject x --category "$1"
}

@test "no list: any category goes, as it is written" {
	new_store
	run_ok customer add --name Li
	[ "$(category_of "$(add 'whatever You like')")" = 'whatever You like' ]
	run_ok ticket category list
	assert_out
}

@test "with a list: its names in any case and width, kept as the list has them" {
	setup_list
	[ "$(category_of "$(add BILLING)")" = Billing ]
	[ "$(category_of "$(add 'ｂｉｌｌｉｎｇ')")" = Billing ]
	[ "$(category_of "$(add 物流)")" = 物流 ]
	remember_store
	run_fail 2 ticket add Li --type question --subject x --category Shipping
	assert_err "crm: category: 'Shipping' is not known; known: Billing, 物流"
	run_fail 2 ticket edit 2 --category Shipping
	run_fail 2 rule add --name r --event created --actions 'set category=Shipping'
	assert_err_has "known: Billing, 物流"
	store_unchanged
	# what a ticket had before stays, and does not stand in the way of anything else
	run_ok ticket edit 1 --priority high
	[ "$(category_of 1)" = 'Any Thing' ]
	run_ok ticket edit 1 --category billing
	run_ok ticket edit 1 --category ''
	[ "$(category_of 1)" = '' ]
	run_ok ticket list category:billing --fields id
	assert_out 2 3
	store_is_sound
}

@test "the list: unique, counted, renamed while nobody has it, taken off" {
	setup_list
	add billing >id
	run_fail 4 ticket category add --name billing
	assert_err "crm: ticket_category 1 has the name 'billing' already"
	run_ok ticket category list
	assert_out "$(printf '1\tBilling\twhat was paid\t1')" "$(printf '2\t物流\t\t0')"
	run_fail 4 ticket category edit Billing --name Invoices
	assert_err "crm: ticket_category 1 cannot be renamed: 1 ticket has it (crm ticket list 'category:Billing')"
	run_ok ticket category edit 物流 --name Delivery
	run_ok undo
	run_ok ticket category list --fields name
	assert_out Billing 物流
	run_ok ticket edit 2 --category 物流
	run_ok ticket category edit Billing --name Invoices
	run_fail 2 ticket edit 2 --category Billing
	# tickets keep what is taken off the list; without a list anything goes again
	run_ok ticket category rm 1 2 --yes
	[ "$(category_of 2)" = 物流 ]
	[ "$(category_of "$(add free)")" = free ]
	run_ok undo
	run_ok undo
	run_ok ticket category list --fields name
	assert_out Invoices 物流
	store_is_sound
}

@test "import: tickets of other categories are rejected with the list, and the list itself is a file" {
	setup_list
	cat >t.csv <<-'END'
		subject,customer,type,category
		a,Li,question,billing
		b,Li,question,Shipping
	END
	run_fail 1 import ticket t.csv
	assert_err_has "t.csv:3: category: '…' is not known; known: Billing, 物流"
	run_status 5 import ticket t.csv --partial --rejects bad.csv
	[ "$(category_of 2)" = Billing ]
	grep -q 'Shipping' bad.csv
	run_ok export ticket_category
	assert_out name,description 'Billing,what was paid' 物流,
	cp "$out" list.csv
	run_ok --store other.db init
	printf '分类,说明\n退换,\n' >more.csv
	run_ok --store other.db import ticket_category list.csv
	run_ok --store other.db import ticket_category more.csv
	run_ok --store other.db import ticket_category list.csv
	assert_err_has '0 created, 0 updated, 2 unchanged'
	run_ok --store other.db ticket category list --fields name
	assert_out Billing 物流 退换
}

@test "completion offers the list" {
	setup_list
	[ "$("$CRM" __complete ticket add Li --category '' | cut -f1 | tr '\n' ' ')" = 'Billing 物流 ' ]
	[ "$("$CRM" __complete ticket edit 1 --category=B | cut -f1)" = '--category=Billing' ]
	[ "$("$CRM" __complete ticket list category:Bil | cut -f1)" = 'category:Billing' ]
	[ "$("$CRM" __complete ticket category rm B | cut -f1)" = Billing ]
}

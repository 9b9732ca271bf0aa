#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# crm org: organisations and who belongs to them.

load helper

@test "add, show, list, edit, rm, and each of them undone" {
	new_store
	run_ok org add --name Acme --domain acme.example --industry books --phone +861066660000 --owner bob --tag big
	assert_out 1
	assert_err 'created org 1'
	run_ok org list --format csv
	assert_out id,name,domain,phone,industry,owner 1,Acme,acme.example,+861066660000,books,bob
	run_ok org edit Acme --industry '' --address 'Road 1'
	run_ok org show 1 --format tsv --fields industry,address,tags
	assert_out $'\tRoad 1\tbig'
	run_ok undo
	run_ok org show acme --format tsv --fields industry,address,tags
	assert_out $'books\t\tbig'
	run_fail 2 org rm 1
	run_ok org rm 1 --yes
	run_fail 3 org show 1
	run_ok undo
	run_ok org show 1 --format tsv --fields name,tags
	assert_out $'Acme\tbig'
	run_ok undo
	run_ok org list
	assert_out
}

@test "a name is needed, a key is taken once" {
	new_store
	run_fail 2 org add --domain x.example
	run_ok org add --name A --key K1
	run_fail 4 org add --name B --key K1
	run_ok org list --fields name
	assert_out A
}

@test "customers belong to one; it cannot be removed while they do" {
	new_store
	run_ok org add --name Acme
	run_ok customer add --name Ada --org Acme
	run_ok customer add --name Bob --org 1
	run_fail 3 customer add --name Eve --org Other
	run_ok org show 1 --format tsv --fields customers
	assert_out 2
	run_ok customer list org:Acme --fields name
	assert_out Ada Bob
	run_ok customer list --fields name,org.name --limit 1
	assert_out $'Ada\tAcme'
	run_fail 4 org rm 1 --yes
	assert_err_has 2
	run_ok customer edit 1 2 --org ''
	run_ok org rm 1 --yes
	run_ok org list
	assert_out
}

@test "edit of several by a filter" {
	new_store
	run_ok org add --name A --industry books
	run_ok org add --name B --industry books
	run_fail 2 org edit --where industry:books --industry tea
	run_ok org edit --where industry:books --industry tea --yes
	run_ok org list --fields industry
	assert_out tea tea
	run_ok undo
	run_ok org list --fields industry
	assert_out books books
}

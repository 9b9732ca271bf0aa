#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# Chinese names in pinyin: kept with the name whatever writes it, naming for reading, order, filters, check.

load helper

# 1 张三, 2 张三丰, 3 单雄信, 4 Zhang San, 5 吕布, 6 周树, 7 Anna, 8 西安饭店
people() {
	new_store
	local name
	for name in 张三 张三丰 单雄信 'Zhang San' 吕布 周树 Anna 西安饭店; do
		run_ok customer add --name "$name"
	done
}

means() { # ID NAME
	run_ok customer show --format tsv --fields id -- "$2" || return
	assert_out "$1" || {
		echo "named: $2"
		return 1
	}
}

pinyin_are() { # LINE…
	run_ok customer list --fields id,pinyin
	assert_out "$@"
}

@test "it names customers for reading: all letters, initials, beginnings" {
	people
	means 2 zhangsanfeng
	means 2 'zhang san feng'
	means 2 ZhangSanFeng
	means 2 'zhang sanf' # a beginning, with no other
	means 2 zsf
	means 3 shanxiongxin
	means 3 sxx
	means 3 shan
	means 5 lvbu
	means 5 lubu
	means 5 'Lü Bu'
	means 5 lb
	run_fail 4 customer show zs
	assert_err "crm: customer 'zs' is ambiguous: 1 张三, 6 周树" # all initials, before those that begin so
	means 8 "xi'an"
	means 8 name:xianfandian
	run_fail 3 customer show danxiongxin
	run_fail 3 customer show hangsan
}

@test "what is written comes first, beginnings of both together" {
	people
	means 4 'zhang san'
	means 1 zhangsan
	run_fail 4 customer show zhang
	assert_err "crm: customer 'zhang' is ambiguous: 1 张三, 2 张三丰, 4 Zhang San"
	run_fail 4 customer show z
	means 7 a
}

@test "who writes must say the name, or a number" {
	people
	run_fail 3 log phone zhangsanfeng -m x
	run_fail 3 customer edit sxx --city x
	run_fail 3 customer edit name:sxx --city x
	run_fail 2 customer rm sxx --yes
	run_ok log phone 单雄信 -m x
	run_ok log list customer:sxx --fields customer
	assert_out 3
}

@test "it follows the name: edited, taken back, done again" {
	new_store
	run_ok customer add --name 张三
	run_ok customer edit 1 --name 单田芳
	pinyin_are $'1\tshan tian fang'
	run_ok history customer:1 --format tsv
	run grep -c pinyin "$out"
	[ "$output" = 0 ]
	run_ok customer edit 1 --name 'Shan Tianfang'
	pinyin_are $'1\t'
	run_ok undo
	pinyin_are $'1\tshan tian fang'
	run_ok undo
	pinyin_are $'1\tzhang san'
	run_ok redo
	pinyin_are $'1\tshan tian fang'
	run_ok customer rm 1 --yes
	run_ok undo
	pinyin_are $'1\tshan tian fang'
	run_ok check
	run_fail 2 customer edit 1 --pinyin x
}

@test "families and given names, stand-ins for a name" {
	new_store
	run_ok customer add --family-name 曾 --given-name 志伟
	run_ok customer add --company 重庆长安汽车有限公司
	pinyin_are $'1\tzeng zhi wei' $'2\tchong qing chang an qi che you xian gong si'
}

@test "import writes it, for new and for stored customers" {
	new_store
	printf '%s\n' key,name K1,张三 K2,Anna K3,查理·布朗 K4,查良镛 >a.csv
	run_ok import customer a.csv
	pinyin_are $'1\tzhang san' $'2\t' $'3\tcha li bu lang' $'4\tzha liang yong'
	printf '%s\n' key,name K1,Zhang K2,安娜 K4,查良镛 K5,吴 >b.csv
	run_ok import customer b.csv
	pinyin_are $'1\t' $'2\tan na' $'3\tcha li bu lang' $'4\tzha liang yong' $'5\twu'
	run_ok undo
	pinyin_are $'1\tzhang san' $'2\t' $'3\tcha li bu lang' $'4\tzha liang yong'
	printf '%s\n' 姓名,pinyin 李四,nonsense >c.csv
	run_ok import customer c.csv
	assert_err_has pinyin # a column that means nothing
	run_ok customer list name:李四 --fields pinyin
	assert_out 'li si'
	run_ok check
}

@test "--sort name puts Chinese names where their pinyin stands, Latin ones among them" {
	new_store
	local name
	for name in 张三丰 章三 'Zhang Wei' 张三 安 Bob 白 吕布 卢 lucy; do
		run_ok customer add --name "$name"
	done
	# an, bai, bob, lu, lucy, lv bu, zhang san (张 before 章, as they are written), zhang san feng, zhang wei
	run_ok customer list --sort name --fields name
	assert_out 安 白 Bob 卢 lucy 吕布 张三 章三 张三丰 'Zhang Wei'
	run_ok customer list --sort -name --fields name
	assert_out 'Zhang Wei' 张三丰 章三 张三 吕布 lucy 卢 Bob 白 安
	run_ok customer list --sort name --limit 2 --offset 1 --fields name
	assert_out 白 Bob
	for name in 1 3 5 6 9; do
		run_ok log phone "$name" -m x
	done
	run_ok log list --sort customer.name --fields customer
	assert_out 5 6 9 1 3
	run_ok log list --sort -customer.name --fields customer
	assert_out 3 1 9 6 5
}

@test "filters: pinyin:VALUE as it is typed" {
	people
	run_ok customer list pinyin:zhangsan --fields id
	assert_out 1
	run_ok customer list pinyin:zs --fields id
	assert_out 1 6
	run_ok customer list 'pinyin:zhang*' --fields id
	assert_out 1 2
	run_ok customer list 'pinyin:zhang san' --fields id
	assert_out 1
	run_ok customer list 'pinyin:lu*,sxx' --fields id
	assert_out 3 5
	run_ok customer list pinyin: --fields id
	assert_out 4 7
	run_ok customer list 'pinyin:~^xi an' --fields id
	assert_out 8
	run_ok customer list pinyin:张三
	assert_out
}

@test "search and words of a filter find it" {
	people
	local word
	for word in lvbu lubu lb 'lv bu'; do
		run_ok customer list "$word" --fields id
		assert_out 5
	done
	run_ok search zhangsan --in customer --fields id,field
	assert_out_has $'1\t'
	run_ok customer list zs --fields id
	assert_out 1 6
}

@test "check finds what is not that of the name, and mends it" {
	people
	sqlite3 "$(store_file)" "UPDATE customer SET pinyin = 'dan xiong xin' WHERE id = 3;
		UPDATE customer SET pinyin = 'an na' WHERE id = 7; UPDATE customer SET pinyin = NULL WHERE id = 1"
	run_status 5 check
	assert_out_has $'pinyin\tproblem\tcustomer 1: pinyin is not that of its name'
	assert_out_has $'pinyin\tproblem\tcustomer 3: pinyin is not that of its name'
	assert_out_has $'pinyin\tproblem\tcustomer 7: pinyin is not that of its name'
	run_ok check --fix
	assert_out_has $'pinyin\tfixed\tpinyin of 3 customers made anew'
	run_ok check
	means 3 sxx
	means 1 zhangsan
}

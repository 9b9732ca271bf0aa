# Chinese typed at the command line: names of fields, words of vocabularies, times. It is understood in every language.
load helper

values_setup() {
	new_store
	run_ok customer add --name 张三 --city 北京 --phone +8613800138000 --tag vip --stage 线索
	run_ok customer add --name 李四 --city 上海
	run_ok log add 1 --channel 电话 --in --at '昨天 15:00' -m 询价
	run_ok log add 2 --channel 邮件 --out --at 2026-03-01 -m 报价
	run_ok ticket add 1 --type 售后 --kind 退货 --product-no X1 --priority 紧急 --subject 屏幕
	run_ok ticket add 2 --type 咨询 --subject 价格
}

ids() { # ENTITY FILTER…
	local entity=$1
	shift
	run_ok "$entity" list "$@" --fields id --format tsv --no-header
	tr '\n' ' ' <"$out"
}

@test "filters take Chinese names of fields, words and times" {
	values_setup
	[ "$(ids customer 城市:北京)" = '1 ' ]
	[ "$(ids customer 城市：上海)" = '2 ' ]
	[ "$(ids customer 标签:vip)" = '1 ' ]
	[ "$(ids customer not:标签:vip)" = '2 ' ]
	[ "$(ids customer 阶段:线索 or 城市:上海)" = '1 2 ' ]
	[ "$(ids log 渠道:电话)" = '1 ' ]
	[ "$(ids log 渠道:电话,邮件 方向:呼出)" = '2 ' ]
	[ "$(ids log 时间:昨天)" = '1 ' ]
	[ "$(ids ticket 状态:新 优先级:紧急)" = '1 ' ]
	[ "$(ids ticket 类型:咨询)" = '2 ' ]
	[ "$(ids ticket 客户.城市:上海)" = '2 ' ]
	[ "$(ids customer 'ticket.(优先级:紧急 状态:新)')" = '1 ' ]
	[ "$(ids customer '请勿致电:否')" = '1 2 ' ]
}

@test "columns and orders take them too, and columns keep their names" {
	values_setup
	run_ok customer list --fields 名称,城市 --sort -城市 --format csv
	assert_out name,city 张三,北京 李四,上海
	run_ok ticket list --fields id,客户.城市 --sort id --format csv
	assert_out id,customer.city 1,北京 2,上海
	run_ok report tickets --by 渠道 --format json
}

@test "values of options are understood, and stored by their names" {
	values_setup
	run_ok ticket show 1 --fields type,kind,priority --format csv --no-header
	assert_out after_sales,return,urgent
	run_ok customer edit 2 --do-not-call 是 --gender 女
	run_ok customer show 2 --fields do_not_call,gender --format csv --no-header
	assert_out yes,female
	run_ok ticket edit 2 --status 处理中
	[ "$(ids ticket status:open)" = '2 ' ]
}

@test "a custom field is named by its label" {
	values_setup
	run_ok field add customer grade --label 客户等级
	run_ok customer edit 1 --set grade=A
	[ "$(ids customer 客户等级:A)" = '1 ' ]
}

@test "a Chinese name that no field has is an error; English headers of files are no names" {
	values_setup
	run_fail 2 customer list 天气:晴
	assert_err_has "has no field '天气'"
	run_fail 2 log list type:phone
	assert_err_has "has no field 'type'"
}

@test "why somebody is owed a contact is said in Chinese to people, in English to programs" {
	new_store
	run_ok customer add --name 张三
	run_ok customer add --name 李四
	run_ok customer add --name 王五 --timezone Asia/Shanghai
	run_ok log add 2 --channel phone --out --at 2026-03-01T12:00:00Z -m x
	run_ok followup add 1 --due 2026-03-08 -m 报价
	run_ok followup policy edit 1 --quiet-hours 19:00-09:00
	LANGUAGE=zh_CN LC_ALL='' run_ok followup due --fields customer,reason --format tsv
	assert_out $'1\tdue 2026-03-08, 2 days late: 报价' $'3\tnever contacted; quiet hours until 09:00 Asia/Shanghai' \
		$'2\t9 days since the last contact, more than 7d'
	LANGUAGE=zh_CN LC_ALL='' run_ok followup due --fields customer,reason --format table
	assert_out_has '约定 2026-03-08，已过 2 天：报价'
	assert_out_has '从未联系；09:00 Asia/Shanghai 前请勿打扰'
	assert_out_has '已 9 天未联系，超过 7 天'
}

@test "the same is stored and told to programs in Chinese and in English" {
	values_setup
	run_ok ticket list --format json
	cp "$out" english
	LANGUAGE=zh_CN LC_ALL='' run_ok ticket list --format json
	cmp english "$out"
}

@test "groups of reports are said in Chinese to people" {
	values_setup
	run_ok ticket edit 1 --channel phone
	LANGUAGE=zh_CN LC_ALL='' run_ok report tickets --by channel --format table
	assert_out_has 电话
	LANGUAGE=zh_CN LC_ALL='' run_ok report tickets --by channel --format csv
	assert_out_has phone
	lacks 电话 "$out"
}

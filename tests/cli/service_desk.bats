# A day at a service desk, from the first call to the solved after-sales return: told once in English, once in Chinese.
# Every time, count and verdict here was worked out by hand from the steps.
load helper

desk_setup() { # ZONE
	export TZ=$1 CRM_NOW='2026-02-12 08:00' CRM_AGENT=mei
	run_ok init
	for agent in mei tom; do run_ok agent add --name $agent; done
	run_ok config set product.warranty 2y
}

at() { # DAY HH:MM, in February or (from 32 on) March
	export CRM_NOW="2026-02-$1 $2"
}

field() { # TICKET FIELDS
	run_ok ticket show "$1" --fields "$2" --format tsv --no-header
	cat "$out"
}

@test "in English: a return from the first call to the refund, a question between, what is promised and kept" {
	desk_setup Europe/London
	run_ok team add --name phones --members mei,tom
	run_ok calendar add --name shop --zone Europe/London --hours 'mon-fri 09:00-17:00'
	run_ok sla add --name usual --first-reply 'urgent 30min, 2h' --resolution 8h --calendar shop
	run_ok customer add --name 'Alice Moreau' --phone +442079460100 --email alice@example.org --tag vip
	run_ok customer add --name 'Cem Aydin' --email cem@example.org

	at 12 16:00 # Thursday
	run_fail 2 ticket add 'Alice Moreau' --type after_sales --kind return --subject 'Torn pages'
	assert_err_has product_no
	run_ok ticket add 'Alice Moreau' --type after_sales --kind return --product-no BK-7 --purchase-date 2025-12-20 \
		--channel phone --priority high --subject 'Torn pages' -m 'three pages are torn'
	assert_out 1
	[ "$(field 1 status,warranty,sla,sla_due)" = "$(printf 'new\tin\trunning\t2026-02-13T10:00:00+00:00')" ]
	at 12 16:30
	run_ok ticket assign 1 --team phones
	[ "$(field 1 assignee,team,status)" = "$(printf 'mei\tphones\topen')" ]

	at 13 09:30 # Friday: an hour and a half of working time later
	run_ok ticket reply 1 -m 'Please send it back to us'
	run_ok ticket pend 1 --until 2026-02-20
	run_ok ticket add cem@example.org --type question --priority urgent --subject 'Opening hours?' --channel email
	[ "$(field 1 sla,first_reply_at)" = "$(printf 'paused\t2026-02-13T09:30:00+00:00')" ]
	at 13 10:15
	run_ok ticket take 2 --as tom
	run_ok ticket reply 2 -m 'From nine to five' --as tom
	run_ok ticket solve 2 --as tom
	[ "$(field 2 sla,assignee,channel)" = "$(printf 'breached\ttom\temail')" ] # 45 minutes instead of 30

	at 16 11:00 # Monday
	run_ok log email 'Alice Moreau' --in --ticket 1 -m 'It is on its way'
	[ "$(field 1 status,waiting_since)" = "$(printf 'open\t2026-02-16T11:00:00+00:00')" ]
	# 1h + 0.5h before the pause, so 6.5 of 8 hours are left: six until five o'clock, half an hour tomorrow
	[ "$(field 1 sla,sla_due)" = "$(printf 'running\t2026-02-17T09:30:00+00:00')" ]
	run_ok ticket next --fields id --format tsv --no-header
	assert_out 1
	at 16 15:00
	run_ok ticket note 1 -m 'It came; the pages are torn indeed'
	run_ok ticket reply 1 -m 'We have refunded you'
	run_ok ticket solve 1 -m 'refunded 19.90'
	[ "$(field 1 status,sla,replies,reopens,stations,waiting_since)" = "$(printf 'solved\tmet\t2\t0\t1\t')" ]

	run_ok report sla --format csv --no-header
	assert_out usual,first_reply,1,1,0,50 usual,resolution,2,0,0,100
	at 18 09:00
	run_ok log phone 'Alice Moreau' --in --ticket 1 -m 'thank you, but the receipt is missing'
	[ "$(field 1 status,reopens)" = "$(printf 'open\t1')" ]
	run_ok ticket reply 1 -m 'Here it is'
	run_ok ticket solve 1
	run_ok ticket close 1 2
	run_ok customer list open_tickets:1..
	assert_out
	run_ok ticket list --as-of '2026-02-13 12:00' --fields id,status,assignee
	assert_out "$(printf '1\tpending\tmei')" "$(printf '2\tsolved\ttom')"
	store_is_sound
}

@test "用中文：退货从第一通电话到退款，节假日不计时" {
	desk_setup Asia/Shanghai
	run_ok team add --name 售后组 --members mei,tom
	run_ok calendar add --name 门店 --zone Asia/Shanghai --hours '周一至周五 09:00-12:00 13:00-18:00' \
		--holidays '2026-02-16..2026-02-22 春节' --workdays '2026-02-14 补班; 2026-02-28 补班'
	run_ok sla add --name 标准 --first-reply '紧急 30min, 4h' --resolution 16h --calendar 门店
	run_ok customer add --name 王秀兰 --phone +8613800138000

	at 14 17:00 # 星期六，补班
	run_ok ticket add 王秀兰 --type 售后 --kind 退货 --product-no X-100 --purchase-date 2024-02-14 --priority 高 \
		--channel 电话 --subject 屏幕有裂纹 -m '收到时屏幕已裂'
	assert_out 1
	[ "$(field 1 type,kind,priority,channel,warranty)" = "$(printf 'after_sales\treturn\thigh\tphone\tout')" ]
	# 星期六一小时，春节七天休息，23 日上午三小时
	[ "$(field 1 sla,sla_due)" = "$(printf 'running\t2026-02-23T12:00:00+08:00')" ]
	run_ok ticket assign 1 --team 售后组 --by least-loaded
	at 23 11:59
	run_ok ticket reply 1 --channel 微信 -m '您好，请把商品寄回'
	[ "$(field 1 sla,assignee)" = "$(printf 'running\tmei')" ]
	run_ok ticket pend 1
	at 26 10:00
	run_ok log wechat 王秀兰 --in --ticket 1 -m 已寄出
	[ "$(field 1 status)" = open ]
	at 26 15:00
	run_ok ticket solve 1 -m 已退款
	run_ok ticket list status:已解决 sla:达成 --fields id,resolution
	assert_out "$(printf '1\t已退款')"
	run_ok sla explain 1 --fields target,counted_s,why --format csv --no-header
	assert_out 'first_reply,3600,until the first reply' 'first_reply,0,holiday 春节' \
		'first_reply,10740,until the first reply' \
		resolution,3600,open 'resolution,0,holiday 春节' resolution,10740,open resolution,0,pending \
		resolution,7200,open 'resolution,0,outside hours' resolution,7200,open \
		'first_reply,14340,"met: 3h59min of 4h, policy 标准"' 'resolution,28740,"met: 7h59min of 16h, policy 标准"'
	store_is_sound
}

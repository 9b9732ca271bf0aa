# classify: what is said of texts and records by what was learnt before, why, and what becomes of new tickets. What
# probabilities are is checked by tests/unit/test_classifier.c.
load helper

setup_file() {
	CLASSIFY_TRAIN=$(dirname "$(realpath "$CRM")")/helpers/crm-classify-train
	export CLASSIFY_TRAIN
}

# Requests of our own, in two languages.
learn() { # NAME LABEL [OPTION…]
	[ -x "$CLASSIFY_TRAIN" ] || skip "built without liblinear"
	cat >requests.csv <<-'END'
		subject,body,category,priority
		refund,please give my money back,退款,normal
		my refund,i want the money back,退款,normal
		退款,请把钱退给我,退款,normal
		退款申请,多付的钱请退给我,退款,normal
		the screen is broken,it fell down and has a crack,维修,high
		broken again,the repaired screen has a crack,维修,high
		屏幕碎了,手机掉在地上屏幕碎了,维修,high
		屏幕坏了,修好的屏幕又碎了,维修,high
		where is my parcel,it should have come on monday,物流,low
		parcel is late,the parcel was sent a week ago,物流,low
		快递没到,包裹一个星期还没到,物流,low
		快递在哪里,包裹到哪里了,物流,low
	END
	run_ok classify train --from requests.csv --text subject,body --label "$2" --name "$1" --test 0 "${@:3}"
}

# What is told of new tickets, probabilities (from 0.50 up) apart.
assert_told() { # LINE…
	sed -E 's/\((0\.[5-9][0-9]|1\.00)\)/(P)/' "$err" >told
	same_lines told "$@"
}

suggest_for() { # TEXT [OPTION…]
	run_ok classify suggest -m "$1" --fields label,known "${@:2}"
}

@test "a text: its label in either language, in any case and width" {
	new_store
	learn category category
	suggest_for 'Give me my MONEY back' --threshold 0
	assert_out "$(printf '退款\tyes')"
	suggest_for '我的屏幕碎了' --threshold 0
	assert_out "$(printf '维修\tyes')"
	suggest_for 'Ｐａｒｃｅｌ' --threshold 0
	assert_out "$(printf '物流\tyes')"
	run_ok classify suggest -m '包裹' --fields help
	[ "$(awk '{ print $1 }' "$out" | head -6 | paste -sd,)" = id,label,probability,known,second,second_probability ]
}

@test "a text that has nothing to go by has no label, and is not known" {
	new_store
	learn category category
	for text in '' '   ' '@@ ＃'; do
		run_ok classify suggest -m "$text" --format jsonl --threshold 0
		assert_out '{"id":1,"label":null,"probability":null,"known":false,"second":null,"second_probability":null}'
	done
	run_ok classify explain -m ''
	assert_out
	assert_err 'the text has nothing to go by'
}

@test "rows on stdin: JSON lines and csv, by text or by what was learnt from, in their order" {
	new_store
	learn category category
	printf '%s\n' '{"id":"x-1","text":"refund the money"}' '{"id":7,"text":"the screen"}' '{"text":"包裹"}' '{"id":9,"text":null}' >texts
	run_ok classify suggest --fields id,label,known <texts
	assert_out "$(printf 'x-1\t退款\tyes')" "$(printf '7\t维修\tyes')" "$(printf '3\t物流\tyes')" "$(printf '9\t\tno')"
	printf 'id,subject,body\n1,,包裹\n2,parcel,\n' >texts
	run_ok classify suggest --fields id,label <texts
	assert_out "$(printf '1\t物流')" "$(printf '2\t物流')"
	printf '{"id":1,"words":"refund"}\n' >texts
	run_fail 2 classify suggest <texts
	assert_err "crm: the rows have neither a column 'text' nor what 'category' reads: subject,body"
	printf '{"text":"refund"}\n{"text":\n' >texts
	run_status 1 classify suggest --fields label <texts
	assert_err_has 'crm: stdin: line 2: '
	run_fail 1 classify suggest
	assert_err 'crm: stdin: the file is empty'
}

@test "rows stream: the first answer is there before the last question" {
	new_store
	learn category category
	mkfifo questions
	"$CRM" classify suggest --fields id,label <questions >answers &
	{
		for i in $(seq 20000); do
			printf '{"id":%s,"text":"refund"}\n' "$i"
		done
		for _ in $(seq 100); do
			[ -s answers ] && break
			sleep 0.1
		done
		[ -s answers ] && touch early
		printf '{"id":"last","text":"refund"}\n'
	} >questions
	wait $!
	[ -e early ]
	[ "$(wc -l <answers)" -eq 20001 ]
	[ "$(tail -n 1 answers)" = "$(printf 'last\t退款')" ]
}

@test "records: by their names, of one kind, each with the fields that were learnt from" {
	new_store
	run_ok customer add --name Li
	learn other category
	while IFS=, read -r subject body category _; do
		[ "$subject" = subject ] || "$CRM" -q ticket add Li --type question --subject "$subject" -m "$body" --category "$category"
	done <requests.csv
	run_ok classify train --from ticket --text subject,body --label category --test 0
	run_ok ticket add Li --type question --subject 'the screen' -m 'it is broken'
	run_ok classify suggest 13 ticket:1 --model category --fields id,label
	assert_out "$(printf '13\t维修')" "$(printf '1\t退款')"
	run_ok ticket list 'category:' --fields id,subject
	"$CRM" classify suggest - --model category --fields id,label <"$out" >answers
	same_lines answers "$(printf '13\t维修')"
	"$CRM" classify suggest - --model category </dev/null >answers
	same_lines answers
	run_ok classify train --from ticket --text subject,customer.name,body --label category --name wide --test 0
	run_ok classify suggest 13 --model wide --fields id,label
	assert_out "$(printf '13\t维修')"
	run_fail 3 classify suggest --model category 77
	run_fail 2 classify suggest --model category ticket:1 customer:1
	assert_err "crm: 'customer:1' is a customer, others are a ticket: one kind of records at a time"
	run_fail 2 classify suggest --model category customer:1
	assert_err "crm: classifier 'category' reads 'subject', which a customer does not have"
	run_fail 2 classify suggest 1 -m text
	run_fail 2 classify suggest --model other 1
	assert_err "crm: '1': say what it is, as ticket:1: the classifier learnt from a file"
	run_ok classify suggest --model other ticket:1 --threshold 0 --fields id,label
	assert_out "$(printf '1\t退款')"
}

@test "which classifier: the only one, by name, an older version, the one there was then" {
	new_store
	run_fail 3 classify suggest -m x
	assert_err 'crm: there is no classifier yet (crm classify train)'
	run_fail 3 classify suggest --model urgency -m x
	assert_err "crm: classifier 'urgency': there is none yet (crm classify train)"
	learn urgency priority
	learn urgency category --now 2026-03-10T13:00:00Z
	export CRM_NOW=2026-03-10T14:00:00Z
	suggest_for refund
	assert_out "$(printf '退款\tyes')"
	suggest_for refund --model urgency@1
	assert_out "$(printf 'normal\tyes')"
	suggest_for refund --now 2026-03-10T12:30:00Z
	assert_out "$(printf 'normal\tyes')"
	run_fail 3 classify suggest -m refund --now 2026-03-10T11:00:00Z
	run_fail 3 classify suggest --model urgancy -m x
	assert_err "crm: there is no classifier 'urgancy', did you mean 'urgency'?"
	learn category category
	run_fail 4 classify suggest -m x
	assert_err 'crm: which classifier? category, urgency (--model)'
}

@test "a threshold: what is less probable is not known, and shown all the same" {
	new_store
	learn category category
	run_ok classify suggest -m refund --fields label,probability --threshold 1
	p=$(cut -f 2 "$out")
	suggest_for refund --threshold 1
	assert_out "$(printf '退款\tno')"
	suggest_for refund --threshold "$p"
	assert_out "$(printf '退款\tyes')"
	for wrong in 1.01 -0.1 50% x ''; do
		run_fail 2 classify suggest -m refund --threshold "$wrong"
	done
	assert_err "crm: threshold '': is no probability from 0 to 1"
}

@test "explain: the terms of the text, the greatest contributions first" {
	new_store
	learn category category
	run_ok classify explain -m 'a refund, please' --top 0
	assert_err_has '退款 ('
	assert_err_has ' rather than '
	# contribution is value times weight, and falls
	awk -F '\t' '{ d = $2 * $3 - $4; if (d < -0.001 || d > 0.001) exit 1; if (NR > 1 && $4 > last) exit 1; last = $4 }' "$out"
	assert_out_has "$(printf 'refund\t')"
	assert_out_has "$(printf '␣re\t')"
	run_ok classify explain -m 'a refund, please' --top 3
	[ "$(wc -l <"$out")" -eq 3 ]
	run_ok classify explain -m 'a refund, please'
	[ "$(wc -l <"$out")" -eq 20 ]
	learn tree category --method tree
	run_ok classify explain --model tree -m '包裹' --fields weight
	[ -z "$(tr -d '\n' <"$out")" ]
	run_ok classify explain --fields help
}

@test "list and rm: all versions or one, after asking, and undo brings them back" {
	new_store
	learn urgency priority
	learn urgency category
	learn category category
	run_ok classify list --fields name,version,method,learnt_from,label_field,labels,documents
	assert_out "$(printf 'category\t1\tsvm\trequests.csv\tcategory\t3\t12')" \
		"$(printf 'urgency\t1\tsvm\trequests.csv\tpriority\t3\t12')" \
		"$(printf 'urgency\t2\tsvm\trequests.csv\tcategory\t3\t12')"
	remember_store
	run_fail 2 classify rm urgency
	assert_err_has 'would remove 2 classifiers'
	run_fail 3 classify rm urgency@3 --yes
	run_fail 3 classify rm urgncy --yes
	assert_err_has "did you mean 'urgency'?"
	store_unchanged
	run_ok classify rm urgency@2 --yes
	suggest_for refund --model urgency
	assert_out "$(printf 'normal\tyes')"
	run_ok undo
	suggest_for refund --model urgency
	assert_out "$(printf '退款\tyes')"
	run_ok classify rm urgency --yes
	suggest_for refund
	assert_out "$(printf '退款\tyes')"
	run_ok undo
	run_ok classify rm --where name:urgency --yes
	run_ok classify list --fields name
	assert_out category
	store_is_sound
}

@test "what was trained by another version, or is damaged, says to train again" {
	new_store
	learn category category
	sqlite3 "$(store_file)" 'UPDATE classifier SET format = 2'
	run_fail 1 classify suggest -m refund
	assert_err "crm: classifier 'category' was trained by another version of crm: train it again"
	sqlite3 "$(store_file)" "UPDATE classifier SET format = 1, weights = substr(weights, 1, 400)"
	run_fail 1 classify suggest -m refund
	assert_err "crm: classifier 'category' is damaged: it is cut off: train it again"
}

# --- new tickets ---

new_desk() {
	new_store
	run_ok customer add --name Li
	learn category category
	learn urgency priority
	run_ok config set classify.auto category,priority=urgency
}

@test "classify.auto: fills in what was not given, says so, and marks it" {
	new_desk
	run_ok ticket add Li --type question --subject parcel -m 'where is it'
	assert_out 1
	assert_told 'category: suggested 物流 (P)' 'priority: suggested low (P)' 'created ticket 1'
	run_ok ticket list --fields category,priority,suggested
	assert_out "$(printf '物流\tlow\tcategory, priority')"
	run_ok ticket show 1
	assert_out_has 'category, priority'
	run_ok ticket add Li --type question --subject parcel --priority urgent
	assert_told 'category: suggested 物流 (P)' 'created ticket 2'
	run_ok -q ticket add Li --type question --subject '屏幕' --category x
	assert_err
	run_ok ticket list --fields id,category,priority,suggested --sort id
	assert_out "$(printf '1\t物流\tlow\tcategory, priority')" "$(printf '2\t物流\turgent\tcategory')" \
		"$(printf '3\tx\thigh\tpriority')"
	store_is_sound
	run_ok undo
	run_ok undo
	run_ok undo
	run_ok ticket list
	assert_out
}

@test "classify.auto: what somebody edits is no suggestion any more" {
	new_desk
	run_ok -q ticket add Li --type question --subject parcel
	run_ok ticket edit 1 --subject 'my parcel'
	run_ok ticket list --fields suggested
	assert_out 'category, priority'
	run_ok ticket edit 1 --category 退款
	run_ok ticket list --fields category,suggested
	assert_out "$(printf '退款\tpriority')"
	run_ok ticket edit 1 --priority urgent
	run_ok ticket list --fields suggested
	assert_out ''
	run_ok undo
	run_ok undo
	run_ok ticket list --fields category,priority,suggested
	assert_out "$(printf '物流\tlow\tcategory, priority')"
	run_fail 2 ticket edit 1 --suggested category
}

@test "classify.auto: never stands in the way" {
	new_store
	run_ok customer add --name Li
	run_ok config set classify.auto category
	run_ok -q ticket add Li --type question --subject parcel
	assert_err "crm: warning: classify.auto: classifier 'category': there is none yet (crm classify train)"
	learn category category
	# not probable enough: nothing is said
	run_ok ticket add Li --type question --subject zzz
	assert_err 'created ticket 2'
	run_ok ticket list id:2 --fields category,suggested
	assert_out "$(printf '\t')"
	# the list of categories has another opinion
	learn category category
	run_ok ticket category add --name 运输
	run_ok -q ticket add Li --type question --subject parcel
	assert_told "crm: warning: category: not filled in with 物流 (P): category: '物流' is not known; known: 运输"
	sqlite3 "$(store_file)" 'UPDATE classifier SET format = 2'
	run_ok -q ticket add Li --type question --subject parcel
	assert_err "crm: warning: classify.auto: classifier 'category' was trained by another version of crm: train it again"
	run_ok ticket list --fields id,category,suggested --sort id
	assert_out "$(printf '1\t\t')" "$(printf '2\t\t')" "$(printf '3\t\t')" "$(printf '4\t\t')"
}

@test "classify.auto: a type, unless the ticket would lack what goes with it" {
	new_store
	run_ok customer add --name Li
	[ -x "$CLASSIFY_TRAIN" ] || skip "built without liblinear"
	printf 'subject,type\nhow do i open it,question\nhow to clean it,question\n怎么打开,question\n怎么清洗,question\nit is broken,after_sales\nbroken in two,after_sales\n坏了,after_sales\n又坏了,after_sales\n' >types.csv
	run_ok classify train --from types.csv --text subject --label type --test 0
	run_fail 2 ticket add Li --subject 'how do i clean it'
	run_ok config set classify.auto type
	run_ok ticket add Li --subject '怎么清洗'
	assert_told 'type: suggested question (P)' 'created ticket 1'
	run_fail 2 ticket add Li --subject broken
	assert_told "crm: warning: type: not filled in with after_sales (P): kind: a ticket of type after_sales needs one: return, exchange, repair, replacement or refund (--kind)" \
		"crm: ticket: type is required (--type inquiry, complaint, after_sales, feedback, question, incident, problem or task)"
	run_ok ticket add Li --subject broken --kind repair --product-no 12
	assert_told 'type: suggested after_sales (P)' 'created ticket 2'
	run_ok ticket list type:after_sales --fields kind,suggested
	assert_out "$(printf 'repair\ttype')"
}

@test "classify.auto: fields of a ticket that can be filled in, and nothing else" {
	new_store
	run_fail 2 config set classify.auto categry
	assert_err_has "did you mean 'category'?"
	run_fail 2 config set classify.auto category,id
	assert_err_has "'id' is no field that can be filled in"
	run_fail 2 config set classify.auto tags
	run_ok config set classify.auto 'category, type=kinds'
}

# classify train, classify eval: what is learnt, what is held out, what is measured, what is refused. The figures are
# computed a second time by classify_corpus.py, from their definitions.
load helper

setup_file() {
	CLASSIFY_TRAIN=$(dirname "$(realpath "$CRM")")/helpers/crm-classify-train
	export CLASSIFY_TRAIN PYTHONDONTWRITEBYTECODE=1
}

need_helper() {
	[ -x "$CLASSIFY_TRAIN" ] || skip "built without liblinear"
	new_store
}

corpus() { # FILE ROWS [OPTION=VALUE…]
	python3 "$BATS_TEST_DIRNAME/classify_corpus.py" write "$@"
}

train() { # STATUS FILE [OPTION…]
	run_status "$1" classify train --from "$2" --text subject,body --label category "${@:3}"
}

# A member of the JSON object in $out.
member() { # NAME
	python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$out" "$1"
}

# The object without what differs from run to run.
without_seconds() {
	sed 's/"seconds":[0-9.e-]*,//' "$out"
}

weights() { # VERSION
	crm sql "SELECT weights FROM classifier WHERE version = $1" --no-header
}

@test "one object: the figures that are promised, each label, what was taken for what" {
	need_helper
	corpus noisy.csv 200 noise=0.2
	for method in svm logistic tree forest; do
		train 0 noisy.csv --method $method --format json
		python3 - "$out" <<-'END'
			import json, sys
			o = json.load(open(sys.argv[1]))
			first = [k for k in o if k in ("n", "train_n", "test_n", "labels", "accuracy", "macro_f1", "majority",
			                               "seconds", "per_label", "confusion")]
			assert first == ["n", "train_n", "test_n", "labels", "accuracy", "macro_f1", "majority", "seconds",
			                 "per_label", "confusion"], first
			assert (o["n"], o["train_n"], o["test_n"], o["labels"]) == (200, 160, 40, 4), o
			assert list(o["per_label"][0]) == ["label", "n", "precision", "recall", "f1"]
			assert 0 < o["seconds"] < 600
			# the labels can be told, but for the fifth that is chance; a tree learns it by heart
			assert 0.5 < o["accuracy"] < 1, o["accuracy"]
			assert o["log_loss"] > 0 and 0 <= o["calibration_error"] < 0.5
		END
		python3 "$BATS_TEST_DIRNAME/classify_corpus.py" inner "$out"
	done
	assert_err 'trained classifier 4'
}

@test "what can be told is told, in both languages and by every method" {
	need_helper
	corpus clean.csv 240
	for method in svm logistic forest; do
		train 0 clean.csv --method $method --format json --name $method
		[ "$(member accuracy)" = 1 ]
		[ "$(member macro_f1)" = 1 ]
	done
	train 0 clean.csv --method tree --format json --name tree
	python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["accuracy"] > 0.8' "$out"
	run_ok classify suggest --model forest -m '快递一直没到，单号查不到' --fields label
	assert_out delivery
}

@test "the same seed gives the same, whatever the order of rows; another seed another split" {
	need_helper
	corpus a.csv 200 noise=0.2
	corpus b.csv 200 noise=0.2 shuffled=3
	for method in svm logistic forest; do
		train 0 a.csv --method $method --format json --seed 5 --name $method
		without_seconds >first
		train 0 b.csv --method $method --format json --seed 5 --name $method
		without_seconds >second
		diff -u first second
		train 0 a.csv --method $method --format json --seed 6 --name $method
		! diff -q first <(without_seconds) >diff || return 1
		crm sql "SELECT version, weights FROM classifier WHERE name = '$method' ORDER BY version" >versions
		[ "$(sed -n 1p versions | cut -f2)" = "$(sed -n 2p versions | cut -f2)" ]
		[ "$(sed -n 1p versions | cut -f2)" != "$(sed -n 3p versions | cut -f2)" ] || [ $method = logistic ]
	done
}

@test "a share of each label is held out, nearest to what was asked, and never all of one" {
	need_helper
	{
		echo category,subject,body
		for i in 1 2 3 4 5 6 7; do echo "seven,green apple number$i,"; done
		for i in 1 2; do echo "two,yellow lemon number$i,"; done
		echo one,red cherry,
	} >few.csv
	train 0 few.csv --test 0.3 --format json
	[ "$(member n) $(member train_n) $(member test_n)" = "10 7 3" ] # 2.1 of 7, 0.6 of 2
	assert_err_has "'one' has a single text, which is learnt from: it cannot be tested"
	train 0 few.csv --test 0.9 --format json
	[ "$(member train_n) $(member test_n)" = "3 7" ] # 6 of 7, 1 of 2
	python3 - "$out" <<-'END'
		import json, sys
		one = json.load(open(sys.argv[1]))["per_label"][0]
		assert (one["label"], one["n"], one["recall"]) == ("one", 0, None), one
	END
}

@test "--test 0 learns from everything and measures nothing" {
	need_helper
	corpus clean.csv 40
	train 0 clean.csv --test 0 --format json
	[ "$(member train_n) $(member test_n) $(member accuracy) $(member majority)" = "40 0 None None" ]
	run_ok classify list --fields documents,labels,method,accuracy,evaluation
	assert_out "$(printf '40\t4\tsvm\t\t')"
}

@test "from records: filters, related and computed fields; each training is a version, an operation, and undone as one" {
	need_helper
	run_ok customer add --name Li --city 北京
	run_ok customer add --name Wu --city 上海
	for i in 1 2 3 4 5; do
		run_ok ticket add 1 --type question --subject "red roses $i" -m 'from the garden' --category flowers
		run_ok ticket add 2 --type question --subject "blue whales $i" -m 'in the sea' --category animals
		run_ok ticket add 2 --type question --subject "nothing $i"
	done
	run_ok classify train --from ticket --text subject,body --label category --format json
	[ "$(member n) $(member accuracy)" = "10 1" ]
	assert_err_has 'warning: 5 without category: these rows are left out'
	run_ok classify train --from ticket --text subject --label customer.city --name city --format json
	[ "$(member n) $(member labels)" = "15 2" ]
	run_ok classify train --from ticket --text subject --label category 'subject:~[123]$' --format json
	[ "$(member n)" = 6 ]
	run_ok classify list --fields name,version,learnt_from,text_fields,label_field,filter_terms,documents
	assert_out "$(printf 'category\t1\tticket\tsubject,body\tcategory\t\t10')" \
		"$(printf 'category\t2\tticket\tsubject\tcategory\tsubject:~[123]$\t6')" \
		"$(printf 'city\t1\tticket\tsubject\tcustomer.city\t\t15')"
	run_ok undo
	run_ok classify list --fields name,version
	assert_out "$(printf 'category\t1')" "$(printf 'city\t1')"
	run_ok redo
	run_ok check
	run_ok classify suggest -m 'roses' --model category --fields label
	assert_out flowers
	crm dump >dump
	run_ok --store other.db init
	run_ok --store other.db load dump
	run_ok --store other.db classify suggest -m 'whales' --model category@1 --fields label
	assert_out animals
}

@test "from a store and from a file the same texts are the same" {
	need_helper
	corpus noisy.csv 120 noise=0.2
	run_ok customer add --name Li
	sed '1s/$/,customer/; 2,$s/$/,1/' noisy.csv >tickets.csv
	run_ok import ticket tickets.csv --default type=question
	train 0 noisy.csv --format json
	without_seconds >from_file
	run_ok classify train --from ticket --text subject,body --label category --format json
	diff -u from_file <(without_seconds)
	[ "$(weights 1)" = "$(weights 2)" ]
}

@test "files: standard input, encodings, delimiters, JSON lines" {
	need_helper
	corpus plain.csv 80
	train 0 plain.csv --format json
	without_seconds >plain
	corpus gbk.csv 80 encoding=gb18030 'delimiter=;'
	train 0 gbk.csv --format json
	diff -u plain <(without_seconds)
	run_ok classify train --from - --text subject,body --label category --format json <plain.csv
	diff -u plain <(without_seconds)
	python3 -c 'import csv, json, sys; [print(json.dumps(r)) for r in csv.DictReader(open("plain.csv"))]' >plain.jsonl
	train 0 plain.jsonl --format json
	diff -u plain <(without_seconds)
}

@test "eval: as computed from what is suggested; labels that it does not know are mistakes" {
	need_helper
	corpus known.csv 160 noise=0.1
	corpus asked.csv 120 noise=0.3 seed=8
	printf 'R9999,a question about,something else,strange\n' >>asked.csv
	train 0 known.csv --test 0 -q
	for more in '' 'category@1'; do
		run_ok classify eval asked.csv --format json ${more:+--model $more}
		cp "$out" object
		assert_err_has "1 texts have a label that it does not know, and count as mistakes: 'strange'"
	done
	{ cat known.csv; printf 'S%d,a question about,something else,odd %d\n' 1 1 2 2 3 3 4 4; } >odd.csv
	run_ok classify eval odd.csv --format json
	assert_err_has "4 texts have a label that it does not know, and count as mistakes: 'odd 1', 'odd 2', 'odd 3' and others"
	run_ok classify suggest --format jsonl --threshold 0 <asked.csv
	python3 "$BATS_TEST_DIRNAME/classify_corpus.py" compare object asked.csv "$out"
	sed '1s/.*/nr,a,b,right/' asked.csv >renamed.csv
	run_fail 2 classify eval renamed.csv
	run_ok classify eval renamed.csv --text a,b --label right --format json
	python3 - object "$out" <<-'END'
		import json, sys
		a, b = (json.load(open(f)) for f in sys.argv[1:])
		del a["seconds"], b["seconds"]
		assert a == b and a["labels"] == 5 and a["train_n"] == 0, (a, b)
	END
	run_ok classify eval - --format json <asked.csv
}

@test "for people: a summary, the labels, a matrix, or the most frequent mistakes of many labels" {
	need_helper
	corpus noisy.csv 200 noise=0.2
	train 0 noisy.csv --format table
	grep -q '^label  *n  *precision  *recall  *f1$' "$out"
	grep -q '^label  *delivery  *invoice  *refund  *repair$' "$out"
	train 0 noisy.csv
	grep -q '^accuracy: ' "$out"
	{
		echo text,number
		for i in $(seq 1 26); do
			for word in some other further more; do
				echo "$word word$((i / 2)),$i"
			done
		done
	} >many.csv
	run_ok classify train --from many.csv --text text --label number --format table
	grep -q '^label  *predicted  *n$' "$out"
	run_fail 2 classify train --from many.csv --text text --label number --format tsv
}

@test "refused: nothing to learn from, nothing to tell apart, wrong options" {
	need_helper
	printf 'text,label\nsome words,\nother words,\n' >unlabelled.csv
	printf 'text,label\nsome words,x\nother words,x\n' >single.csv
	printf 'text,label\n,x\n  ,y\n' >empty.csv
	run_fail 2 classify train --from unlabelled.csv --text text --label label
	assert_err 'crm: label: no text has one: there is nothing to learn from'
	run_fail 2 classify train --from single.csv --text text --label label
	assert_err "crm: label: all 2 texts have 'x': there is nothing to tell apart"
	run_fail 2 classify train --from empty.csv --text text --label label
	assert_err 'crm: text: no row with a label has a text there'
	run_fail 2 classify train --from single.csv --text text --label lable
	assert_err_has "'lable'"
	assert_err_has "'label'"
	run_fail 2 classify train --from ticket --text subjekt --label category
	assert_err_has subject
	run_fail 2 classify train --text text --label label
	assert_err_has '--from WHAT is missing'
	run_fail 2 classify train --from single.csv --label label
	run_fail 2 classify train --from single.csv --text text
	run_fail 2 classify train --from single.csv --text text --label a,b
	run_fail 2 classify train --from single.csv --text text,label --label label
	assert_err_has 'would tell itself'
	run_fail 2 classify train --from single.csv --text text --label label --method bayes
	run_fail 2 classify train --from single.csv --text text --label label status:new
	assert_err_has 'is a file'
	run_fail 2 classify train --from ticket --text subject --label category --encoding gbk
	for share in 1 -0.1 0.95 x '' 20%; do
		run_fail 2 classify train --from single.csv --text text --label label --test "$share"
	done
	for share in 1.1 -1 x; do
		run_fail 2 classify train --from single.csv --text text --label label --threshold "$share"
	done
	run_fail 1 classify train --from nowhere.csv --text text --label label
	run_ok classify list
	assert_out
}

@test "eval refuses: no classifier, another's name, no labelled text" {
	need_helper
	corpus some.csv 40
	run_fail 3 classify eval some.csv
	train 0 some.csv -q
	run_fail 3 classify eval some.csv --model kategory
	assert_err_has category
	train 0 some.csv --name other -q
	run_fail 4 classify eval some.csv
	printf 'subject,body,category\n,,\n' >none.csv
	run_fail 2 classify eval none.csv --model other
}

# 64 MiB are kept: of rows of 65000 bytes, and the end of their line, 1032. Characters of four bytes are read the fastest.
@test "eval of more text than is kept says how much was left out" {
	need_helper
	corpus some.csv 40
	train 0 some.csv --name other -q
	python3 - >large.csv <<-'END'
		print("subject,body,category")
		for i in range(1040):
		    print(",%04d%s,x" % (i, "\U0001f600" * 16249))
	END
	run_ok classify eval large.csv --model other
	assert_err_has '8 drawn at random from all 1040, which are too many: these rows are left out'
}

@test "the helper: missing, failing, or talking nonsense" {
	need_helper
	corpus some.csv 40
	mkdir libexec
	export CRM_LIBEXEC=$PWD/libexec
	train 1 some.csv
	assert_err_has 'there is no program crm-classify-train'
	assert_err_has liblinear-dev
	printf '#!/bin/sh\necho "crm-classify-train: cannot" >&2\nexit 1\n' >libexec/crm-classify-train
	chmod +x libexec/crm-classify-train
	train 1 some.csv
	assert_err 'crm: training: cannot'
	printf '#!/bin/sh\ncat\n' >libexec/crm-classify-train
	train 1 some.csv
	assert_err 'crm: what came back is no solution of the problem'
	printf '#!/bin/sh\nkill -SEGV $$\n' >libexec/crm-classify-train
	train 1 some.csv
	assert_err_has 'ended by signal 11'
	unset CRM_LIBEXEC
	run_ok classify list
	assert_out
	! echo nonsense | "$CLASSIFY_TRAIN" 2>"$err" || return 1
	assert_err_has 'the problem is damaged'
}

@test "completion: where it learns from, and how" {
	need_helper
	crm __complete classify train --from t | cut -f1 >got
	grep -qx ticket got
	crm __complete classify train --method '' | cut -f1 >got
	same_lines got svm logistic tree forest
}

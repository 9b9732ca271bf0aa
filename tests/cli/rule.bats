# rule: what happens to tickets by itself when something happened to them; hooks; rules as text.
load helper

rule_setup() {
	export CRM_NOW=2026-03-09T07:00:00Z
	new_store
	run_ok customer add --name Li --tag vip
	run_ok customer add --name Wu
	run_ok team add --name desk --members 'ann, bob'
	export CRM_NOW=2026-03-10T09:00:00Z
}

at() { # HH:MM [DAY]: the clock on 10 March 2026, or another day
	export CRM_NOW=2026-03-${2:-10}T$1:00Z
}

fields() { # TICKET FIELDS
	run_ok ticket show "$1" --fields "$2" --format csv --no-header
	cat "$out"
}

events() { # TICKET: kind, before, after, actor, oldest first
	run_ok ticket events ticket:"$1" --sort at,id --fields kind,old_value,new_value,actor --format csv --no-header
	cat "$out"
}

ask() { # SUBJECT OPTION…: a question of Li
	run_ok ticket add Li --type question --subject "$@"
}

hook() { # NAME: the program on stdin becomes a hook of ours
	mkdir -p "$XDG_CONFIG_HOME/crm/hooks"
	chmod 755 "$XDG_CONFIG_HOME" "$XDG_CONFIG_HOME/crm" "$XDG_CONFIG_HOME/crm/hooks"
	cat >"$XDG_CONFIG_HOME/crm/hooks/$1"
	chmod 755 "$XDG_CONFIG_HOME/crm/hooks/$1"
}

# --- what is stored ---

@test "rules are records: add, show, list, edit, rm, in the order of their position" {
	rule_setup
	run_ok rule add --name second --event created --actions 'tag b'
	assert_out 1
	run_ok rule add --name third --event updated --condition 'status:open priority:high' --actions 'tag c;untag b'
	run_ok rule add --name first --position 5 --event tick --condition status:solved --actions 'set status = closed'
	run_ok rule list --header
	assert_out "$(printf 'id\tposition\tname\tactive\tevent\tcondition\tactions')" \
		"$(printf '3\t5\tfirst\tyes\ttick\tstatus:solved\tset status=closed')" \
		"$(printf '1\t10\tsecond\tyes\tcreated\t\ttag b')" \
		"$(printf '2\t20\tthird\tyes\tupdated\tstatus:open priority:high\ttag c\\nuntag b')"
	run_ok rule edit SECOND --active no --actions $'tag x\nnote done'
	run_ok rule show second --fields active,actions --format csv --no-header
	assert_out "no,\"tag x" 'note done"'
	run_fail 4 rule add --name Second --event created --actions 'tag b'
	run_fail 3 rule rm 9 --yes
	run_ok rule rm 2 --yes
	run_ok rule list --fields name
	assert_out first second
	run_ok undo
	run_ok rule list --fields name
	assert_out first second third
	store_is_sound
}

@test "a rule that could not work is refused, naming the action and what there is" {
	rule_setup
	run_fail 2 rule add --name x --event often --actions 'tag a'
	assert_err_has 'known: created, updated, replied, heard, tick'
	run_fail 2 rule add --name x --event updated --actions 'frob a'
	assert_err_has "'frob a': is no action; there are: set FIELD=VALUE, assign AGENT, team TEAM"
	run_fail 2 rule add --name x --event updated --actions 'followup 3d'
	run_fail 2 rule add --name x --event updated --actions 'tag'
	assert_err_has "'tag': tag TAG"
	run_fail 2 rule add --name x --event updated --actions 'set status'
	assert_err_has 'set FIELD=VALUE'
	run_fail 2 rule add --name x --event updated --actions 'set nosuch=1'
	assert_err_has "no field 'nosuch'"
	run_fail 2 rule add --name x --event updated --actions 'set status=finished'
	assert_err_has 'known: new, open, pending, hold, solved, closed, merged, spam'
	run_fail 2 rule add --name x --event updated --actions 'set reopens=1'
	run_fail 2 rule add --name x --event updated --actions 'set assignee=bob'
	assert_err_has 'assign AGENT'
	run_fail 2 rule add --name x --event updated --actions 'set tags=a'
	assert_err_has 'tag TAG and untag TAG'
	run_fail 3 rule add --name x --event updated --actions 'assign nobody'
	assert_err_has "there is no agent 'nobody'"
	run_fail 3 rule add --name x --event updated --actions 'team nobody round-robin'
	assert_err_has "there is no team 'nobody'"
	run_fail 2 rule add --name x --event updated --actions 'team "desk" often'
	run_fail 2 rule add --name x --event updated --actions 'note "open'
	assert_err_has 'the closing quote is missing'
	run_fail 2 rule add --name x --event updated --actions 'note "a" b'
	for name in ../x a/b .x 'a b' 'x;y'; do
		run_fail 2 rule add --name x --event updated --actions "hook \"$name\""
	done
	run_fail 2 rule add --name x --event updated --actions ' ; '
	assert_err_has 'there is none'
	run_fail 2 rule add --name x --event updated
	assert_err_has 'actions is required'
	run_fail 2 rule add --name x --event updated --condition nosuch:1 --actions 'tag a'
	assert_err_has "condition: ticket has no field 'nosuch'"
	run_fail 2 rule add --name x --event tick --actions 'tag a'
	assert_err_has 'condition: a rule of the clock needs one'
	run_fail 2 rule add --name $'x\ny' --event updated --actions 'tag a'
	run_ok rule list
	assert_out
}

@test "a rule that would loop is refused with the circle" {
	rule_setup
	run_fail 2 rule add --name x --event updated --actions 'set status=open; set status=hold'
	assert_err_has "'set status=open' and 'set status=hold' both decide status"
	run_fail 2 rule add --name x --event updated --actions 'tag A; untag a'
	run_fail 2 rule add --name x --event updated --actions 'assign ann; team desk round-robin'
	assert_err_has 'both decide the assignee'

	run_ok rule add --name a --event updated --condition 'status:open type:question' --actions 'set status=pending'
	run_fail 2 rule add --name b --event updated --condition 'status:pending type:question' --actions 'set status=open'
	assert_err_has "'a', then 'b', then 'a' again"
	run_ok rule add --name b --event updated --condition 'status:pending type:question' --actions 'set status=hold'
	run_fail 2 rule add --name c --event updated --condition status:hold --actions 'set status=open'
	assert_err_has "'a', then 'b', then 'c', then 'a' again"
	run_ok rule add --name c --event updated --condition status:hold --actions 'set status=open' --active no
	run_fail 2 rule edit c --active yes
	# of another type: they never meet
	run_ok rule edit c --condition 'status:hold type:complaint' --active yes
	run_ok rule add --name d --event updated --condition 'tag:left' --actions 'tag right; untag left'
	run_fail 2 rule add --name e --event updated --condition 'tag:Right' --actions 'tag left; untag right'
	# which changes nothing the second time is no circle
	run_ok rule add --name f --event updated --condition type:incident --actions 'set priority=high; tag f'
	# by the clock it begins once, but what it begins could go round
	run_fail 2 rule add --name g --event updated --condition 'tag:right type:task' --actions 'tag left; untag right'
}

@test "a circle that nobody could see before fails at work, and changes nothing" {
	rule_setup
	run_ok rule add --name a --event updated --condition 'status:open subject:x' --actions 'set status=pending'
	run_ok rule add --name b --event updated --condition 'status:pending subject:x' --actions 'set status=open'
	ask x
	remember_store
	run_fail 4 ticket take 1
	assert_err_has "rules go round in a circle on ticket 1: 'a', then 'b', then 'a' again"
	store_unchanged
	run_ok rule edit b --active no
	run_ok ticket take 1
	[ "$(fields 1 status)" = pending ]
	store_is_sound
}

# --- what happens ---

@test "created: by type, priority and the customer's tags; events are the rule's, the journal names it" {
	rule_setup
	run_ok rule add --name vip --event created --condition 'type:complaint customer.tag:vip' \
		--actions 'set priority=urgent; team desk round-robin; tag hot; note "call back; today"'
	run_ok ticket add Wu --type complaint --subject W
	run_ok ticket add Li --type complaint --subject L
	run_ok ticket add Li --type question --subject Q
	run_ok ticket list --fields id,priority,status,assignee,team,tags
	assert_out "$(printf '1\tnormal\tnew\t\t\t')" "$(printf '2\turgent\topen\tann\tdesk\thot')" \
		"$(printf '3\tnormal\tnew\t\t\t')"
	run_ok ticket events ticket:2 actor:rule:vip --sort kind --fields kind,old_value,new_value --format csv --no-header
	assert_out assignee,,ann priority,normal,urgent status,new,open team,,desk
	run_ok log list ticket:2 --fields agent,internal,content
	assert_out "$(printf 'rule:vip\tyes\tcall back; today')"
	run_ok history --limit 2
	assert_out_has 'ticket add; rules: vip'
	run_ok rule runs --fields name,ticket,at
	assert_out "$(printf 'vip\t2\t2026-03-10T09:00:00+00:00')"
	run_ok rule show vip --fields runs,last_run
	assert_out_has 1

	# one operation: one undo
	run_ok undo
	run_ok undo
	run_fail 3 ticket show 2
	run_ok rule runs
	assert_out
	run_ok log list
	assert_out
	store_is_sound
}

@test "the turn goes round the team; who has the ticket already keeps it" {
	rule_setup
	run_ok rule add --name desk --event created --actions 'team desk round-robin'
	for i in 1 2 3; do
		ask "$i"
	done
	ask 4 --assignee bob
	run_ok ticket list --fields assignee
	assert_out ann bob ann bob
	run_ok rule add --name 'to the team' --event updated --condition tag:lost --actions 'team desk'
	ask 5 --assignee ann
	run_ok ticket edit 5 --team ''
	[ "$(fields 5 team,assignee)" = ',ann' ]
	run_ok ticket tag 5 --add lost
	[ "$(fields 5 team,assignee)" = 'desk,ann' ]
}

@test "replied and heard: of what is said on the ticket, not of notes" {
	rule_setup
	run_ok rule add --name said --event replied --actions 'tag said'
	run_ok rule add --name wrote --event heard --actions 'tag wrote; untag said'
	ask x
	run_ok ticket note 1 -m 'among us'
	[ "$(fields 1 tags)" = '""' ]
	run_ok ticket reply 1 -m hello
	[ "$(fields 1 tags)" = said ]
	run_ok log email 1 --in --ticket 1 -m 'thank you'
	[ "$(fields 1 tags)" = wrote ]
	run_ok log email 1 --out --ticket 1 -m welcome
	run_ok log email 1 --out -m 'about something else'
	run_ok rule runs --fields name --sort id
	assert_out said wrote said
}

@test "the customer's word on a closed ticket begins a new one, which rules see as created and heard" {
	rule_setup
	run_ok rule add --name new --event created --condition subject:x --actions 'tag created'
	run_ok rule add --name wrote --event heard --actions 'tag heard'
	ask x
	run_ok ticket close 1
	run_ok log email 1 --in --ticket 1 -m 'again!'
	[ "$(fields 1 tags)" = created ]
	run_ok ticket show 2 --fields tags --format csv --no-header
	assert_out '"created, heard"'
}

@test "updated: edits, tags and steps alike; rules in their order, and what follows from them" {
	rule_setup
	run_ok rule add --name last --position 90 --event updated --condition tag:b --actions 'tag c'
	run_ok rule add --name one --position 10 --event updated --condition tag:a --actions 'tag b; set category=seen'
	ask x
	run_ok ticket edit 1 --priority high
	[ "$(fields 1 tags)" = '""' ]
	run_ok ticket tag 1 --add a
	[ "$(fields 1 tags,category)" = '"a, b, c",seen' ]
	run_ok rule runs --sort id --fields name
	assert_out one last

	# from the last to the first: in a second round
	run_ok rule add --name back --position 99 --event updated --condition tag:z --actions 'tag a'
	ask y
	run_ok ticket tag 2 --add z
	[ "$(fields 2 tags)" = '"a, b, c, z"' ]
	run_ok rule runs ticket:2 --sort id --fields name
	assert_out back one last
}

@test "each of many tickets of one operation has its own turn" {
	rule_setup
	run_ok rule add --name x --event updated --condition priority:high --actions 'tag x'
	for i in 1 2 3; do
		ask "$i"
	done
	run_ok ticket edit --where type:question --yes --priority high
	run_ok ticket list tag:x --fields id
	assert_out 1 2 3
	run_ok history --limit 1
	assert_out_has 'rules: x'
	run_ok undo
	run_ok ticket list tag:x
	assert_out
}

@test "imports, undo and redo set off no rule; what is off does nothing" {
	rule_setup
	run_ok rule add --name x --event created --actions 'tag x'
	run_ok rule add --name y --event updated --actions 'tag y'
	printf 'customer,subject,type\n1,imported,question\n' >t.csv
	run_ok import ticket t.csv
	[ "$(fields 1 tags)" = '""' ]
	run_ok rule edit x y --active no
	ask x
	[ "$(fields 2 tags)" = '""' ]
	run_ok rule edit y --active yes
	run_ok ticket edit 2 --priority high
	[ "$(fields 2 tags)" = y ]
	run_ok undo
	[ "$(fields 2 tags)" = '""' ]
	run_ok redo
	[ "$(fields 2 tags)" = y ]
	run_ok rule runs --fields name
	assert_out y
}

@test "a rule that cannot be applied stops the operation, naming rule and ticket" {
	rule_setup
	run_ok rule add --name busy --event updated --condition tag:go --actions 'assign bob'
	ask x
	run_ok agent edit bob --active no
	remember_store
	run_fail 4 ticket tag 1 --add go
	assert_err_has "rule 'busy', ticket 1: bob is not active"
	store_unchanged
	run_ok rule edit busy --condition status:new --actions 'set status=merged'
	run_ok ticket close 1
	run_ok rule edit busy --condition status:closed --actions 'set status=hold'
	run_fail 4 ticket tag 1 --add go
	assert_err_has "rule 'busy', ticket 1: status: a ticket that is closed cannot become hold"
	store_is_sound
}

@test "values of the rule are read when it is applied: times, custom fields, an empty value clears" {
	rule_setup
	run_ok field add ticket shelf --type integer
	run_ok rule add --name x --event updated --condition tag:go \
		--actions 'set due_at=+2d; set shelf=7; set category=; untag go'
	run_ok ticket add Li --type question --subject x --category old
	at 10:30 12
	run_ok ticket tag 1 --add go
	[ "$(fields 1 due_at,shelf,category,tags)" = '2026-03-14T10:30:00+00:00,7,,' ]
	run_fail 2 rule edit x --actions 'set shelf=seven'
}

@test "removing an operation's own ticket leaves nothing to do; removing a rule takes its runs along" {
	rule_setup
	run_ok rule add --name x --event created --actions 'tag x'
	ask x
	run_ok ticket rm 1 --yes
	run_ok rule runs
	assert_out
	ask y
	run_ok rule rm 1 --yes
	run_ok rule runs
	assert_out
	run_ok undo
	run_ok rule runs --fields name,ticket
	assert_out "$(printf 'x\t2')"
	store_is_sound
}

# --- hooks ---

@test "a hook is told before and after, as JSON with the whole ticket" {
	rule_setup
	hook tell <<'EOF'
#!/bin/sh
cat >>"$HOME/told"
EOF
	run_ok rule add --name 'ring "bell"' --event updated --condition tag:go --actions 'tag seen; hook tell'
	ask 'a "quoted" \ subject'
	run_ok ticket tag 1 --add go
	assert_err 'changed ticket 1'
	[ "$(wc -l <"$HOME/told")" = 2 ]
	run jq -c '[.rule, .event, .phase, .agent, .at, .ticket.id, .ticket.subject, .ticket.tags, .ticket.customer, .ticket.team]' "$HOME/told"
	[ "${lines[0]}" = '["ring \"bell\"","updated","before","ann","2026-03-10T09:00:00+00:00",1,"a \"quoted\" \\ subject","go, seen",1,null]' ]
	[ "${lines[1]}" = '["ring \"bell\"","updated","after","ann","2026-03-10T09:00:00+00:00",1,"a \"quoted\" \\ subject","go, seen",1,null]' ]
}

@test "before the commit a hook may forbid it all; its first line says why, further ones are warnings" {
	rule_setup
	hook guard <<'EOF'
#!/bin/sh
echo 'not on a Tuesday' >&2
printf 'second \033[31m line\n' >&2
exit 7
EOF
	run_ok rule add --name g --event updated --actions 'tag seen; hook guard'
	ask x
	remember_store
	run_fail 4 ticket edit 1 --priority high
	assert_err "crm: warning: hook 'guard': second \\x1b[31m line" \
		"crm: rule 'g', ticket 1: hook 'guard': not on a Tuesday"
	store_unchanged
	hook guard <<<$'#!/bin/sh\nexit 3'
	run_fail 4 ticket edit 1 --priority high
	assert_err_has "hook 'guard': refused with status 3"
	hook guard <<<$'#!/bin/sh\nkill -9 $$'
	run_fail 4 ticket edit 1 --priority high
	assert_err_has "ended by signal 9"
	store_unchanged
}

@test "after the commit its failure is a warning" {
	rule_setup
	hook late <<'EOF'
#!/bin/sh
if grep -q '"phase":"after"'; then
	echo 'mail is down' >&2
	exit 1
fi
EOF
	run_ok rule add --name l --event updated --actions 'hook late'
	ask x
	run_ok ticket edit 1 --priority high
	assert_err_has "hook 'late', after all was stored: mail is down"
	[ "$(fields 1 priority)" = high ]
}

@test "a hook runs with clean descriptors and signals, what it prints we say, and it need not read" {
	rule_setup
	hook look <<'EOF'
#!/bin/sh
ls -m /proc/$$/fd
grep -E '^Sig(Blk|Ign)' /proc/self/status
EOF
	run_ok rule add --name l --event created --actions 'hook look'
	run_ok ticket add Li --type question --subject "$(printf 'x%.0s' {1..5000})" -m "$(printf 'y%.0s' {1..100000})"
	assert_out 1
	assert_err_has '0, 1, 10, 2'
	lacks -E '^Sig(Blk|Ign):.*[1-9a-f]' "$err"
}

@test "a hook that takes too long is ended with its children" {
	rule_setup
	hook slow <<'EOF'
#!/bin/sh
sleep 61 &
echo $! >"$HOME/child"
sleep 61
EOF
	run_ok rule add --name s --event created --actions 'hook slow'
	remember_store
	run_fail 4 ticket add Li --type question --subject x
	assert_err_has 'took more than 10 seconds'
	store_unchanged
	# killed; perhaps nobody has waited for it yet
	local child state
	child=$(cat "$HOME/child")
	state=$(awk '{ print $3 }' "/proc/$child/stat" 2>/dev/null || echo gone)
	[ "$state" = gone ] || [ "$state" = Z ]
}

@test "hooks are found in two places only, and only what nobody else could have put there" {
	rule_setup
	run_ok rule add --name h --event created --actions 'hook check'
	local dir=$XDG_CONFIG_HOME/crm/hooks
	mkdir -p "$(dirname "$(store_file)")/hooks"
	cp /bin/true "$(dirname "$(store_file)")/hooks/check"
	cp /bin/true check
	PATH=.:$PATH run_fail 4 ticket add Li --type question --subject x
	assert_err_has "there is no such program in $dir or /etc/crm/hooks"
	hook check <<<'#!/bin/sh'
	run_ok ticket add Li --type question --subject x
	chmod 644 "$dir/check"
	run_fail 4 ticket add Li --type question --subject x
	assert_err_has 'cannot be executed'
	chmod 757 "$dir/check"
	run_fail 4 ticket add Li --type question --subject x
	assert_err_has 'others may write to it'
	chmod 755 "$dir/check"
	chmod 777 "$dir"
	run_fail 4 ticket add Li --type question --subject x
	assert_err_has "$dir: others may write to it"
	chmod 755 "$dir"
	rm "$dir/check"
	ln -s /bin/true "$dir/check"
	run_fail 4 ticket add Li --type question --subject x
	assert_err_has 'is not a plain file'
	rm "$dir/check"
	mkdir "$dir/check"
	run_fail 4 ticket add Li --type question --subject x
	rmdir "$dir/check"
	printf 'no program' >"$dir/check"
	chmod 755 "$dir/check"
	run_fail 4 ticket add Li --type question --subject x
	assert_err_has 'Exec format error'
	run_ok ticket list --fields id
	assert_out 1
}

# --- rules as text ---

@test "text: what is exported imports to the same, here and in another store" {
	rule_setup
	cat >rules.txt <<'EOF'
# The desk, as agreed in March.
rule urgent first
when created type:complaint customer.tag:vip
then set priority=urgent
then team desk least-loaded
then note "Please \"call\"; then\nwrite \\ mail"

rule   off for now
  active no
  position 7
  when tick subject:"late delivery" last_event:..-72h
  then tag 晚; untag new
EOF
	run_ok rule import rules.txt
	assert_err '2 rules read: 2 created, 0 updated, 0 unchanged'
	run_ok rule export
	assert_out 'rule off for now' 'position 7' 'active no' 'when tick subject:"late delivery" last_event:..-72h' \
		'then tag 晚' 'then untag new' '' 'rule urgent first' 'position 10' \
		'when created type:complaint customer.tag:vip' 'then set priority=urgent' 'then team desk least-loaded' \
		'then note "Please \"call\"; then\nwrite \\ mail"'
	cp "$out" exported.txt
	run_ok rule import exported.txt
	assert_err '2 rules read: 0 created, 0 updated, 2 unchanged'
	run_ok rule export 'off for now' --store "$(store_file)"
	[ "$(wc -l <"$out")" = 6 ]
	run_ok init --store other.db
	run_ok team add --name desk --store other.db
	run_ok rule import - --store other.db <exported.txt
	run_ok rule export --store other.db
	cmp exported.txt "$out"
	run_ok ticket add Li --type complaint --subject x
	run_ok log list --format json --fields content
	run jq -r '.[0].content' "$out"
	[ "$output" = $'Please "call"; then\nwrite \\ mail' ]
}

@test "text: a rule that is there becomes what the text says" {
	rule_setup
	printf 'rule a\nwhen created\nthen tag a\nrule b\nactive no\nwhen created\nthen tag b\n' >r.txt
	run_ok rule import r.txt
	sed -i 's/tag a/tag z/; /active/d' r.txt
	run_ok rule import r.txt
	assert_err '2 rules read: 0 created, 2 updated, 0 unchanged'
	run_ok rule list --fields id,name,active,actions
	assert_out "$(printf '1\ta\tyes\ttag z')" "$(printf '2\tb\tyes\ttag b')"
	run_ok undo
	run_ok rule list --fields actions
	assert_out 'tag a' 'tag b'
}

@test "text: every fault is named with its line, and nothing is imported" {
	rule_setup
	printf 'when x\n\nrule a\nwhen updated nosuch:x\nthen tag x\n\nrule b\nwen x\nthen frob\nthen assign nobody\nrule c\nrule\nrule d\nwhen tick\nthen tag y\nrule e\nposition x\nwhen created\nthen tag z\nthen untag z\nrule f\nwhen created\nwhen updated\nthen\nrule ok\nwhen created\nthen tag ok\nrule OK\nwhen created\nthen tag ok\n' >r.txt
	remember_store
	run_fail 1 rule import r.txt
	grep -o '^crm: warning: r.txt: line [0-9]*' "$err" | grep -o '[0-9]*$' >got
	printf '%s\n' 1 4 8 9 10 11 12 14 16 23 24 28 | diff - got
	assert_err_has 'line 8: a line begins with rule, position, active, when, then or # (a comment)'
	assert_err_has 'line 28: name: a rule of this name stands above already'
	assert_err_has 'r.txt: 12 faults in the rules: nothing was imported'
	store_unchanged
	printf 'rule a\0b\nwhen created\nthen tag x\n' >r.txt
	run_fail 1 rule import r.txt
	assert_err_has 'line 1: is no UTF-8 text'
	run_fail 1 rule import nosuch.txt
	store_unchanged
}

@test "rules are imported and exported as csv and jsonl too" {
	rule_setup
	printf 'name,event,condition,actions,position\nx,created,type:question,"tag a;tag b",3\n' >r.csv
	run_ok import rule r.csv
	ask x
	[ "$(fields 1 tags)" = '"a, b"' ]
	run_ok export rule --fields name,event,condition,actions,position,active -o r.jsonl
	run_ok rule rm 1 --yes
	run_ok import rule r.jsonl
	run_ok rule export
	assert_out 'rule x' 'position 3' 'when created type:question' 'then tag a' 'then tag b'
	printf 'name,event,actions\nbad,created,frob\n' >bad.csv
	run_fail 1 import rule bad.csv
	assert_err_has 'is no action'
}

# --- follow-ups ---

follow() { # FIELDS
	"$CRM" followup list --fields "$1" --sort id --format csv --no-header
}

@test "a rule makes follow-ups: for the customer and the ticket, of who has it, by the rule" {
	new_store
	run_ok customer add --name Li --owner bob
	run_ok customer add --name Wu
	run_ok rule add --name ask --event updated --condition status:solved \
		--actions 'set priority=low; followup call +3d "ask; whether it works"; followup visit "next monday 10:00"; followup 邮件 2026-04-01'
	run_ok rule show ask --fields actions
	assert_out "actions: set priority=low
         followup call +3d \"ask; whether it works\"
         followup visit \"next monday 10:00\"
         followup 邮件 2026-04-01"
	run_ok ticket add Li --type question --subject lamp
	run_ok ticket solve 1 -m done
	[ "$(follow customer,ticket,due,due_day,action,purpose,owner,status,created_by)" = "$(
		cat <<-'END'
			1,1,2026-03-13T12:00:00+00:00,,call,ask; whether it works,bob,open,rule:ask
			1,1,2026-03-16T10:00:00+00:00,,visit,,bob,open,rule:ask
			1,1,2026-04-01T00:00:00+00:00,2026-04-01,email,,bob,open,rule:ask
		END
	)" ]
	# who has the ticket comes before who looks after the customer; nobody is nobody
	run_ok ticket add Li --type question --subject x
	run_ok ticket assign 2 ann
	run_ok ticket solve 2
	run_ok ticket add Wu --type question --subject y
	run_ok ticket solve 3
	[ "$(follow id,owner | sed -n '4p;7p' | paste -sd ' ')" = '4,ann 7,' ]
	# with the step it is undone
	run_ok undo
	run_ok undo
	run_ok followup list --fields id
	[ "$(follow id | paste -sd " ")" = "1 2 3 4 5 6" ]
	store_is_sound
}

@test "a rule of the clock makes its follow-up once" {
	new_store
	run_ok customer add --name Li
	run_ok ticket add Li --type question --subject lamp
	run_ok rule add --name ask --event tick --condition status:new --actions 'followup call +3d still there?'
	run_ok tick --dry-run
	assert_out "$(printf 'ask\t1\tfollowup call +3d still there?')"
	run_ok followup list
	assert_out
	run_ok tick
	assert_out "$(printf 'ask\t1\tfollowup call +3d still there?')"
	run_ok tick
	assert_out
	run_ok followup list --fields ticket,purpose
	assert_out "$(printf '1\tstill there?')"
	run_ok customer list --fields next_followup
	assert_out 2026-03-13T12:00:00+00:00
	run_ok undo
	run_ok followup list
	assert_out
	run_ok tick
	run_ok followup list --fields id,occurrence
	[ "$(wc -l <"$out")" = 1 ]
	# it is no word of anybody: nothing follows from it
	run_ok tick
	assert_out
	store_is_sound
}

@test "follow-ups that no rule can make" {
	new_store
	bad() { # MESSAGE ACTION
		run_fail 2 rule add --name r --event created --actions "$2" || return
		assert_err_has "$1"
	}
	bad 'is followup ACTION DUE [PURPOSE], as in followup call +3d' 'followup call'
	bad 'is followup ACTION DUE [PURPOSE], as in followup call +3d' 'followup "" +3d'
	bad "action: 'dance' is not known; known: call, visit" 'followup dance +3d'
	bad "due: 'soon' is not a time" 'followup call soon'
	bad 'due: has passed already' 'followup call -3d'
	bad 'due: has passed already' 'followup call 2026-03-09'
	bad 'a blank is missing after the closing quote' 'followup call "+3d"x'
	bad 'the closing quote is missing' 'followup call "+3d'
	# as text they come back as they went
	run_ok rule add --name r --event created --actions 'followup call +3d; followup visit "+1wd 9:00" "a;b"'
	run_ok rule export
	cp "$out" rules
	run_ok rule import rules
	assert_err_has '1 unchanged'
	grep -qFx 'then followup call +3d' rules
	grep -qFx 'then followup visit "+1wd 9:00" "a;b"' rules
}

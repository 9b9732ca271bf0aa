/* Rules: the language of actions, rules as text, and operations within operations. What they do is tests/cli/rule.bats. */
#include "store_helper.h"

#include "service/rule.h"

/* What the actions of a text are, one a line, or the message. */
static char *actions_of(const char *text)
{
	struct actions list;
	struct arena mem = { 0 };
	struct err err = { 0 };
	struct buf out = BUF_INIT;

	if (actions_parse(&list, &mem, text, strlen(text), &err) == CRM_OK) {
		actions_write(&out, &list, "\n");
		buf_puts(&out, "");
	} else {
		assert_int_equal(list.n, 0);
		buf_puts(&out, buf_str(&err.msg));
	}
	actions_free(&list);
	arena_free(&mem);
	err_free(&err);
	return out.s ? buf_take(&out) : strdup("");
}

static void check_actions(const char *text, const char *expected)
{
	scoped_text got = actions_of(text);

	if (strcmp(got, expected) != 0)
		fail_msg("'%s' is read as '%s' instead of '%s'", text, got, expected);
}

/* Canonical texts stay what they are. */
static void check_same(const char *text)
{
	check_actions(text, text);
}

static void actions_stand_on_lines_or_between_semicolons(void **state)
{
	(void)state;
	check_actions("", "");
	check_actions(" ; ;\n\n", "");
	check_actions("tag a;untag b", "tag a\nuntag b");
	check_actions("  tag   a b  ;\n\tnote  hello, you  \r\n", "tag a b\nnote hello, you");
	check_actions("set status = solved", "set status=solved");
	check_actions("set category=", "set category=");
	check_actions("set subject=a=b", "set subject=a=b");
}

static void quotes_keep_what_would_end_an_action(void **state)
{
	(void)state;
	check_same("note \"a; b\"");
	check_same("note \"two\\nlines\"");
	check_same("note \" blanks around \"");
	check_same("note \"\\\"quoted\\\" and \\\\\\\\ ;\"");
	check_actions("note \"plain\"", "note plain");
	check_actions("note \"a\nb\"", "note \"a\\nb\"");
	check_actions("set subject=\"x\"; tag y", "set subject=x\ntag y");
	/* a quote within is one like any other character */
	check_same("note say \"hi\" to \\n him");
	check_actions("note \"a", "actions: 'note \"a': the closing quote is missing");
	check_actions("note \"a\" b", "actions: 'note \"a\" b': nothing can follow the closing quote");
	check_actions("note \"a\\\"", "actions: 'note \"a\\\"': the closing quote is missing");
}

static void a_team_may_choose_one_of_its_members(void **state)
{
	struct actions list;
	struct arena mem = { 0 };
	static const char text[] = "team second line least-loaded;team a;team round-robin;team \"x round-robin\"";

	(void)state;
	assert_int_equal(actions_parse(&list, &mem, text, strlen(text), NULL), CRM_OK);
	assert_int_equal(list.n, 4);
	assert_string_equal(list.v[0].value, "second line");
	assert_true(list.v[0].chooses);
	assert_int_equal(list.v[0].how, CRM_ASSIGN_LEAST_LOADED);
	assert_string_equal(list.v[1].value, "a");
	assert_false(list.v[1].chooses);
	assert_string_equal(list.v[2].value, "round-robin");
	assert_false(list.v[2].chooses);
	assert_string_equal(list.v[3].value, "x round-robin");
	assert_false(list.v[3].chooses);
	actions_free(&list);
	arena_free(&mem);
	check_same("team \"x round-robin\"");
	check_actions("team \"x round-robin\" round-robin", "team x round-robin round-robin");
	check_same("team x round-robin round-robin");
	check_same("team x round-robin");
	check_actions("team \"x\" soon",
		"actions: 'team \"x\" soon': after the team there is round-robin, least-loaded or nothing");
}

static void a_follow_up_has_an_action_a_due_and_perhaps_a_purpose(void **state)
{
	struct actions list;
	struct arena mem = { 0 };
	static const char text[] =
		"followup call +3d;followup  visit  \"next monday 10:00\"  ask, please ; followup x y \"a;b\"";

	(void)state;
	assert_int_equal(actions_parse(&list, &mem, text, strlen(text), NULL), CRM_OK);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.v[0].field, "call");
	assert_string_equal(list.v[0].due, "+3d");
	assert_string_equal(list.v[0].value, "");
	assert_string_equal(list.v[1].due, "next monday 10:00");
	assert_string_equal(list.v[1].value, "ask, please");
	assert_string_equal(list.v[2].value, "a;b");
	actions_free(&list);
	arena_free(&mem);
	check_same("followup call +3d");
	check_same("followup call +3d ask whether it works");
	check_same("followup visit \"next monday 10:00\" \"a;b\"");
	check_actions("followup \"call\" \"+3d\" \"\"", "followup call +3d");
	check_actions(
		"followup call", "actions: 'followup call': is followup ACTION DUE [PURPOSE], as in followup call +3d");
	check_actions("followup call \"+3d\"x",
		"actions: 'followup call \"+3d\"x': a blank is missing after the closing quote");
	check_actions("followup call +3d \"x\" y",
		"actions: 'followup call +3d \"x\" y': nothing can follow the closing quote");
}

static void what_is_no_action_is_named_with_what_there_is(void **state)
{
	(void)state;
	check_actions("tag a\nfrob b", "actions: 'frob b': is no action; there are: set FIELD=VALUE, assign AGENT, "
				       "team TEAM [round-robin|least-loaded], tag TAG, untag TAG, note TEXT, "
				       "followup ACTION DUE [PURPOSE], hook NAME");
	check_actions("set x", "actions: 'set x': is set FIELD=VALUE");
	check_actions("set =x", "actions: 'set =x': is set FIELD=VALUE");
	check_actions("assign", "actions: 'assign': assign AGENT");
	check_actions("note \"\"", "actions: 'note \"\"': note TEXT");
	check_same("hook a.b-c_9");
	check_actions("hook .a", "actions: 'hook .a': a hook is named by letters, digits, `.`, `_` and `-`, and begins "
				 "with no dot");
}

/* --- rules as text --- */

struct noted {
	struct buf lines;
};

static void note(uint64_t line, const char *field, const char *reason, void *payload)
{
	struct noted *n = payload;

	buf_printf(&n->lines, "%llu|%s|%s\n", (unsigned long long)line, field ? field : "-", reason);
}

static void a_text_comes_back_as_it_went_in(void **state)
{
	static const char text[] =
		"rule 一\nposition 3\nactive no\nwhen tick subject:\"a b\" status:solved\nthen tag x\n\n"
		"rule b: c\nposition 10\nwhen created\nthen note \"#1; \\\\n\"\nthen set category=\n";
	crm_store *s = store_of(state);
	crm_rules_result r;
	scoped_text out = NULL;

	assert_ok(s, crm_rules_import(&r, s, text, strlen(text), NULL, NULL));
	assert_int_equal(r.created, 2);
	assert_ok(s, crm_rules_export(&out, s, NULL, 0));
	assert_string_equal(out, text);
	assert_ok(s, crm_rules_import(&r, s, text, strlen(text), NULL, NULL));
	assert_int_equal(r.unchanged, 2);
	assert_int_equal(crm_last_operation(s), 0);
	assert_refused(
		s, CRM_NOTFOUND, "1 of 1 rules are not in the store", crm_rules_export(&out, s, &(int64_t){ 99 }, 1));
}

static void faults_of_a_text_have_their_lines(void **state)
{
	static const char text[] =
		"\xEF\xBB\xBFtag x\r\nrule a\r\nwhen created\r\nthen tag x\r\nrule b\nwhen never\nthen\n";
	struct noted n = { .lines = BUF_INIT };
	crm_store *s = store_of(state);
	crm_rules_result r;

	assert_refused(s, CRM_FAILED, "2 faults in the rules: nothing was imported",
		crm_rules_import(&r, s, text, strlen(text), note, &n));
	assert_string_equal(
		n.lines.s, "1|-|a rule begins with the line `rule NAME`\n7|-|nothing stands after `then`\n");
	buf_free(&n.lines);
	assert_int_equal(r.created, 0);
	assert_refused(s, CRM_NOTFOUND, "there is no rule 'a'",
		crm_resolve(&(int64_t){ 0 }, s, entity("rule"), "a", CRM_NAME_WRITE));
}

/* --- one step of the library is one operation, however many records it writes --- */

static void a_step_with_rules_is_one_operation(void **state)
{
	crm_store *s = store_of(state);
	int64_t customer = add_customer(s, "Li"), first, log, op;
	char number[24];

	add(s, "agent", "name", "chen");
	add(s, "rule", "name", "r", "event", "replied", "actions", "tag answered; note seen");
	snprintf(number, sizeof(number), "%lld", (long long)customer);
	first = add(s, "ticket", "customer", number, "subject", "x", "type", "question");
	op = crm_last_operation(s);
	assert_ok(s, crm_ticket_reply(&log, s, first, "email", "hello", NULL));
	assert_int_equal(crm_last_operation(s), op + 1);
	check_field(s, "ticket", first, "status", "open");
	check_field(s, "ticket", first, "tags", "answered");
	check_field(s, "log", log + 1, "agent", "rule:r");
	assert_ok(s, crm_undo(&op, s, 0));
	check_field(s, "ticket", first, "status", "new");
	check_field(s, "ticket", first, "tags", "-");
	assert_status(s, CRM_NOTFOUND, try_edit(s, "log", log, "subject", "x", NULL));
}

/* --- hooks --- */

struct heard {
	int before, after;
	const char *answer;
};

static const char *hear(const crm_hook *hook, void *payload)
{
	struct heard *h = payload;

	assert_string_equal(hook->name, "bell");
	assert_int_equal(strlen(hook->json), hook->length);
	assert_int_equal(hook->json[hook->length - 1], '\n');
	assert_non_null(strstr(hook->json, hook->after ? "\"phase\":\"after\"" : "\"phase\":\"before\""));
	*(hook->after ? &h->after : &h->before) += 1;
	return h->answer;
}

static void hooks_are_asked_before_and_told_after(void **state)
{
	struct heard h = { 0 };
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	add(s, "rule", "name", "r", "event", "created", "actions", "hook bell");
	assert_refused(s, CRM_CONFLICT, "rule 'r', ticket 1: hook 'bell': nothing here runs hooks",
		try_add(NULL, s, "ticket", "customer", "1", "subject", "x", "type", "question", NULL));
	crm_store_on_hook(s, hear, &h);
	add(s, "ticket", "customer", "1", "subject", "x", "type", "question");
	assert_int_equal(h.before, 1);
	assert_int_equal(h.after, 1);
	h.answer = "no";
	assert_refused(s, CRM_CONFLICT, "rule 'r', ticket 2: hook 'bell': no",
		try_add(NULL, s, "ticket", "customer", "1", "subject", "y", "type", "question", NULL));
	assert_int_equal(h.before, 2);
	assert_int_equal(h.after, 1);
	assert_status(s, CRM_NOTFOUND, try_edit(s, "ticket", 2, "subject", "z", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(actions_stand_on_lines_or_between_semicolons),
		cmocka_unit_test(quotes_keep_what_would_end_an_action),
		cmocka_unit_test(a_team_may_choose_one_of_its_members),
		cmocka_unit_test(a_follow_up_has_an_action_a_due_and_perhaps_a_purpose),
		cmocka_unit_test(what_is_no_action_is_named_with_what_there_is),
		sandbox_test(a_text_comes_back_as_it_went_in),
		sandbox_test(faults_of_a_text_have_their_lines),
		sandbox_test(a_step_with_rules_is_one_operation),
		sandbox_test(hooks_are_asked_before_and_told_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

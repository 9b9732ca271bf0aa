/* The journal: what it tells, undo, redo, and what stands in their way. */
#include "store_helper.h"

static void act_as(crm_store *s, const char *agent)
{
	assert_ok(s, crm_store_set_agent(s, agent, "login"));
}

static void check_history(crm_store *s, int64_t limit, const char *expected)
{
	scoped_text rows = NULL;
	crm_cursor *c;

	assert_ok(s, crm_history(&c, s, limit));
	rows = rows_text(s, c);
	assert_string_equal(rows, expected);
}

static void check_record_history(crm_store *s, const char *type, int64_t id, const char *expected)
{
	scoped_text rows = NULL;
	crm_cursor *c;

	assert_ok(s, crm_history_record(&c, s, entity(type), id));
	rows = rows_text(s, c);
	assert_string_equal(rows, expected);
}

/* Undoes an operation (0: the last) and says which it was. */
static void undo(crm_store *s, int64_t operation, int64_t expected)
{
	int64_t undone = 0;

	assert_ok(s, crm_undo(&undone, s, operation));
	assert_int_equal(undone, expected);
}

static void redo(crm_store *s, int64_t expected)
{
	int64_t redone = 0;

	assert_ok(s, crm_redo(&redone, s));
	assert_int_equal(redone, expected);
}

static void refuse_undo(crm_store *s, int64_t operation, int status, const char *message)
{
	int64_t undone = -1;

	assert_refused(s, status, message, crm_undo(&undone, s, operation));
	assert_int_equal(undone, -1);
}

/* --- operations --- */

static void one_operation_is_one_entry(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	assert_ok(s, crm_begin(s, "customer add"));
	for (int i = 0; i < 3; i++)
		add_customer(s, "Li");
	add_log(s, 1, NOW, "chat");
	edit(s, "customer", 2, "city", "x"); /* made here: nothing to save of it */
	assert_ok(s, crm_commit(s));
	assert_int_equal(crm_last_operation(s), 1);
	act_as(s, "wang");
	crm_store_set_clock(s, NOW + 60, false);
	edit(s, "customer", 3, "city", "y");
	check_history(s, -1,
		"2|1773115260|wang|login|customer edit|0|1|-\n"
		"1|1773115200|chen|chen|customer add|4|0|-\n");
	check_history(s, 1, "2|1773115260|wang|login|customer edit|0|1|-\n");
	check_raw(sb->path, "SELECT op, entity, first_id, last_id, image IS NULL FROM change ORDER BY 1, 2",
		"1|customer|1|3|1\n1|log|1|1|1\n2|customer|3|3|0\n");
	check_sound(s);
}

static void an_operation_that_changes_nothing_leaves_no_entry(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	assert_ok(s, crm_begin(s, "nothing"));
	assert_ok(s, crm_commit(s));
	assert_int_equal(crm_last_operation(s), 0);
	assert_ok(s, crm_begin(s, "thrown away"));
	add_customer(s, "Li");
	crm_rollback(s);
	check_history(s, -1, "");
	assert_int_equal(raw_int(sb->path, "SELECT count(*) FROM customer"), 0);
	assert_refused(s, CRM_CONFLICT, "no operation is open", crm_commit(s));
	assert_ok(s, crm_begin(s, "first"));
	assert_refused(s, CRM_CONFLICT, "an operation is open already: first", crm_begin(s, "second"));
	crm_rollback(s);
	crm_rollback(s);
}

/* A record that is refused does not take the rest of an open operation with it, and is not half there. */
static void a_refused_record_leaves_the_operation_open(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	assert_ok(s, crm_begin(s, "two"));
	add_customer(s, "Li");
	assert_status(s, CRM_INVALID, try_add(NULL, s, "customer", "city", "x", NULL));
	add_customer(s, "Wang");
	assert_ok(s, crm_commit(s));
	check_raw(sb->path, "SELECT id, name FROM customer", "1|Li\n2|Wang\n");
	check_sound(s);
}

static void a_record_tells_its_changes(void **state)
{
	crm_store *s = store_of(state);

	add(s, "field", "entity", "customer", "name", "size");
	add(s, "agent", "name", "wang");
	add(s, "customer", "name", "Li", "tags", "a", "phones", "w:13800138000");
	crm_store_set_clock(s, NOW + 60, false);
	edit(s, "customer", 1, "city", "上海", "do_not_call", "yes", "owner", "wang");
	edit(s, "customer", 1, "tags", "a, b", "phones", "", "size", "9");
	add_log(s, 1, NOW, "chat");
	edit(s, "log", 1, "at", "2026-03-10 11:00");
	assert_ok(s, try_remove(s, "log", 1));
	check_record_history(s, "customer", 1,
		"5|1773115260|chen|customer edit|tags|a|a, b\n"
		"5|1773115260|chen|customer edit|further contacts|w:13800138000|-\n"
		"5|1773115260|chen|customer edit|custom fields|-|size=9\n"
		"4|1773115260|chen|customer edit|city|-|上海\n"
		"4|1773115260|chen|customer edit|owner|-|wang\n"
		"4|1773115260|chen|customer edit|do_not_call|no|yes\n"
		"3|1773115200|chen|customer add|created|-|-\n");
	check_record_history(s, "log", 1,
		"8|1773115260|chen|log rm|deleted|-|-\n"
		"7|1773115260|chen|log edit|at|2026-03-10T12:00:00+08:00|2026-03-10T11:00:00+08:00\n"
		"6|1773115260|chen|log add|created|-|-\n");
	check_record_history(s, "customer", 9, "");
}

/* --- undo --- */

static void undo_takes_the_last_own_operation_back(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	refuse_undo(s, 0, CRM_NOTFOUND, "chen has nothing to undo");
	add_customer(s, "Li");
	edit(s, "customer", 1, "city", "北京", "tags", "a, b", "phones", "w:13800138000");
	act_as(s, "wang");
	add_customer(s, "Wang");
	act_as(s, "chen");
	undo(s, 0, 2); /* not wang's */
	check_field(s, "customer", 1, "city", "-");
	check_field(s, "customer", 1, "tags", "-");
	undo(s, 0, 1);
	refuse_undo(s, 0, CRM_NOTFOUND, "chen has nothing to undo");
	refuse_undo(s, 1, CRM_CONFLICT, "operation 1 was undone already, by operation 5");
	refuse_undo(s, 99, CRM_NOTFOUND, "there is no operation 99");
	check_raw(sb->path, "SELECT id, name FROM customer", "2|Wang\n");
	undo(s, 3, 3); /* by its number also another's */
	check_history(s, -1,
		"6|1773115200|chen|login|undo 3 (customer add)|0|1|-\n"
		"5|1773115200|chen|login|undo 1 (customer add)|0|1|-\n"
		"4|1773115200|chen|login|undo 2 (customer edit)|0|1|-\n"
		"3|1773115200|wang|login|customer add|1|0|6\n"
		"2|1773115200|chen|chen|customer edit|0|1|4\n"
		"1|1773115200|chen|chen|customer add|1|0|5\n");
	check_sound(s);
}

static void redo_takes_the_last_undo_back(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_text before = NULL, after = NULL;
	int64_t redone;

	assert_refused(s, CRM_NOTFOUND, "chen has nothing to redo", crm_redo(&redone, s));
	add(s, "customer", "name", "Li", "tags", "a", "phones", "w:13800138000");
	add_log(s, 1, NOW - DAY, "chat");
	edit(s, "customer", 1, "tags", "b", "phones", "");
	before = dump(sb->path, false);
	undo(s, 0, 3);
	undo(s, 0, 2);
	undo(s, 0, 1);
	redo(s, 1);
	redo(s, 2);
	redo(s, 3);
	after = dump(sb->path, false);
	assert_string_equal(after, before);
	assert_refused(s, CRM_NOTFOUND, "chen has nothing to redo", crm_redo(&redone, s));
	undo(s, 0, 3); /* and once more */
	act_as(s, "wang");
	add_customer(s, "Wang");
	act_as(s, "chen");
	redo(s, 3);
	undo(s, 0, 3);
	add_customer(s, "Zhao");
	assert_status(s, CRM_CONFLICT, crm_redo(&redone, s));
	assert_non_null(strstr(crm_errmsg(s), "chen has written since the last undo (operation "));
	check_sound(s);
}

/* An undo, a redo, the undo of the redo …: what is in force follows, and so does what the next undo takes. */
static void undoing_a_redo_undoes_again(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	const char *in_force = "SELECT id FROM operation WHERE undone_by IS NULL AND undoes IS NULL ORDER BY id";

	add_customer(s, "Li");
	edit(s, "customer", 1, "city", "x"); /* 2 */
	undo(s, 0, 2);                       /* 3 */
	redo(s, 2);                          /* 4 */
	check_raw(sb->path, in_force, "1\n2\n");
	undo(s, 4, 4); /* 5 */
	check_field(s, "customer", 1, "city", "-");
	check_raw(sb->path, in_force, "1\n");
	refuse_undo(s, 2, CRM_CONFLICT, "operation 2 was undone already, by operation 3");
	undo(s, 5, 5); /* 6 */
	check_field(s, "customer", 1, "city", "x");
	check_raw(sb->path, in_force, "1\n2\n");
	undo(s, 0, 2);
	undo(s, 0, 1);
	assert_int_equal(raw_int(sb->path, "SELECT count(*) FROM customer"), 0);
	check_sound(s);
}

/* --- what stands in the way --- */

static void later_changes_stand_in_the_way(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_text before = NULL, after = NULL;

	add_customer(s, "Li");
	edit(s, "customer", 1, "city", "x"); /* 2 */
	edit(s, "customer", 1, "city", "y"); /* 3 */
	before = dump(sb->path, true);
	refuse_undo(s, 1, CRM_CONFLICT, "operation 1 cannot be undone: changed since: customer 1 by operation 3");
	refuse_undo(s, 2, CRM_CONFLICT, "operation 2 cannot be undone: changed since: customer 1 by operation 3");
	after = dump(sb->path, true);
	assert_string_equal(after, before);
	undo(s, 3, 3);
	undo(s, 2, 2); /* nothing in the way any more */
	undo(s, 1, 1);
	check_sound(s);
}

static void a_later_removal_stands_in_the_way(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	add_customer(s, "Li");
	edit(s, "customer", 1, "city", "x");
	assert_ok(s, try_remove(s, "customer", 1)); /* 3 */
	refuse_undo(s, 1, CRM_CONFLICT, "operation 1 cannot be undone: changed since: customer 1 by operation 3");
	refuse_undo(s, 2, CRM_CONFLICT, "operation 2 cannot be undone: changed since: customer 1 by operation 3");
	assert_int_equal(raw_int(sb->path, "SELECT count(*) FROM customer"), 0);
	undo(s, 0, 3);
	check_field(s, "customer", 1, "city", "x");
}

/* Somebody removes what an undo left; the redo must not raise it from the dead. */
static void a_redo_does_not_bring_back_what_another_removed(void **state)
{
	crm_store *s = store_of(state);
	int64_t redone;

	add_customer(s, "Li");
	edit(s, "customer", 1, "city", "x"); /* 2 */
	undo(s, 0, 2);                       /* 3 */
	act_as(s, "wang");
	assert_ok(s, try_remove(s, "customer", 1)); /* 4 */
	act_as(s, "chen");
	assert_refused(s, CRM_CONFLICT, "operation 3 cannot be undone: changed since: customer 1 by operation 4",
		crm_redo(&redone, s));
}

/* An older undo put old values back under an old number: the change is seen in the journal only. */
static void an_undo_of_something_older_stands_in_the_way(void **state)
{
	crm_store *s = store_of(state);
	int64_t redone;

	add_customer(s, "Li");
	act_as(s, "wang");
	edit(s, "customer", 1, "city", "x"); /* 2 */
	act_as(s, "chen");
	edit(s, "customer", 1, "city", "y"); /* 3 */
	undo(s, 3, 3);                       /* 4 */
	act_as(s, "wang");
	undo(s, 2, 2); /* 5 */
	act_as(s, "chen");
	assert_refused(s, CRM_CONFLICT, "operation 4 cannot be undone: changed since: customer 1 by operation 5",
		crm_redo(&redone, s));
	check_field(s, "customer", 1, "city", "-");
}

static void records_that_refer_stand_in_the_way(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	add_customer(s, "Li");
	add_log(s, 1, NOW, "chat");
	refuse_undo(s, 1, CRM_CONFLICT,
		"operation 1 cannot be undone: records made since refer to what it created: customer 1 (log 1 refers "
		"to it)");
	check_raw(sb->path, "SELECT contacts FROM customer", "1\n");
	add(s, "field", "entity", "customer", "name", "size"); /* 3 */
	edit(s, "customer", 1, "size", "9");
	assert_status(s, CRM_CONFLICT, crm_undo(&(int64_t){ 0 }, s, 3));
	add(s, "agent", "name", "wang"); /* 5 */
	edit(s, "customer", 1, "owner", "wang");
	refuse_undo(s, 5, CRM_CONFLICT,
		"operation 5 cannot be undone: records made since refer to what it created: agent 1 (customer 1 refers "
		"to it)");
	check_sound(s);
	edit(s, "customer", 1, "owner", ""); /* 7 */
	undo(s, 5, 5);
	refuse_undo(s, 7, CRM_CONFLICT,
		"operation 7 cannot be undone: customer 1 would name the agent 'wang', which is gone");
	assert_ok(s, try_remove(s, "field", 1));
}

static void a_range_is_taken_back_as_a_whole_or_not(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_text before = dump(sb->path, false), after = NULL;

	assert_ok(s, crm_begin(s, "import customer"));
	for (int i = 0; i < 50; i++)
		add_customer(s, "Li");
	for (int i = 0; i < 50; i++)
		add_log(s, 1 + i % 50, NOW - i, "chat");
	assert_ok(s, crm_commit(s));
	assert_int_equal(raw_int(sb->path, "SELECT count(*) FROM change"), 2);
	edit(s, "customer", 25, "city", "x"); /* 2 */
	refuse_undo(s, 1, CRM_CONFLICT, "operation 1 cannot be undone: changed since: customer 25 by operation 2");
	undo(s, 0, 2);
	assert_ok(s, try_remove(s, "log", 7)); /* 4 */
	refuse_undo(s, 1, CRM_CONFLICT, "operation 1 cannot be undone: changed since: log 7 by operation 4");
	undo(s, 0, 4);
	undo(s, 0, 1);
	after = dump(sb->path, false);
	assert_string_equal(after, before);
	redo(s, 1);
	assert_int_equal(raw_int(sb->path, "SELECT sum(contacts) FROM customer"), 50);
	check_sound(s);
}

static void a_removal_comes_back_with_all_that_hung_on_it(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_text before = NULL, after = NULL;
	size_t count;

	add(s, "field", "entity", "customer", "name", "size");
	add(s, "field", "entity", "log", "name", "mood");
	add(s, "org", "name", "Acme", "tags", "big");
	add(s, "customer", "name", "Li \"quoted\" \\ \x01\x1f\n", "org", "1", "tags", "a, b\\,c", "phones",
		"w:13800138000, 13900139000", "emails", "li@b.cn", "size", "9", "note", "\xF0\x9F\x98\x80", "birthday",
		"1990");
	add(s, "log", "customer", "1", "channel", "chat", "at", epoch(NOW - DAY), "mood", "good", "duration", "5min");
	add(s, "log", "customer", "1", "channel", "phone", "at", epoch(utc(9999, 12, 31, 0, 0)), "internal", "yes");
	before = dump(sb->path, false);
	assert_ok(s, crm_record_remove(s, entity("customer"), &(int64_t){ 1 }, 1, &count));
	assert_int_equal(count, 3);
	undo(s, 0, 7);
	after = dump(sb->path, false);
	assert_string_equal(after, before);
	redo(s, 7);
	assert_int_equal(
		raw_int(sb->path,
			"SELECT (SELECT count(*) FROM customer) + (SELECT count(*) FROM log) + (SELECT count(*) FROM "
			"field_value) + (SELECT count(*) FROM contact_point)"),
		0);
	check_sound(s);
}

static void a_reader_cannot_undo(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s;
	int64_t id;

	add_customer(sb->s, "Li");
	s = open_handle(sb->path, CRM_OPEN_READ);
	assert_status(s, CRM_READONLY, crm_undo(&id, s, 0));
	assert_status(s, CRM_READONLY, crm_redo(&id, s));
	crm_store_close(s);
}

/* --- check --- */

#define ACCEPT ": compare it with a backup; saving it anew accepts it as it is\n"

static void check_finds_what_does_not_fit(void **state)
{
	struct sandbox *sb = *state;
	cleanup(buf_free) struct buf found = BUF_INIT, modes = BUF_INIT;
	size_t problems = 0;
	scoped_text rows = NULL, expected = NULL;
	crm_cursor *c;

	add_customer(sb->s, "Li");
	add_customer(sb->s, "Wang");
	add_log(sb->s, 1, NOW, "chat");
	raw_exec(sb->path, "UPDATE customer SET contacts = 7 WHERE id = 1;"
			   "UPDATE customer SET last_contact_at = 5 WHERE id = 2;"
			   "PRAGMA foreign_keys = OFF; UPDATE log SET customer = 99, op = 77;"
			   "INSERT INTO org (name, name_fold, created_at, updated_at, op) VALUES ('x', 'x', 0, 0, 1);"
			   "INSERT INTO change VALUES (1, 'org', 9, 9, 'no json')");
	assert_int_equal(count_problems(sb->s, &found), 9);
	assert_string_equal(buf_str(&found),
		"foreign keys: row 1 of log refers to nothing in customer: restore a backup\n"
		"facts: customer 1: a fact kept of its communications, tickets or orders is not what they say\n"
		"facts: customer 2: a fact kept of its communications, tickets or orders is not what they say\n"
		"rows: log 1 is not what was written last" ACCEPT
		"journal: operation 1: the image of org 9 cannot be read\n"
		"journal: org 1 is not in the journal as created\n"
		"journal: log 1 was last written by an operation that the journal does not "
		"have\n"
		"digests: operation 1, or its changes, are not what they were when they were written down: compare "
		"them "
		"with a backup\n"
		"numbers: organisations: a number would be given twice: restore a backup\n");
	assert_ok(sb->s, crm_check(&c, sb->s, true, &problems));
	rows = rows_text(sb->s, c);
	assert_non_null(strstr(rows, "facts|fixed|2 customers recomputed\n"));
	assert_int_equal(problems, 7);
	check_raw(sb->path, "SELECT contacts, last_contact_at FROM customer", "0|-\n0|-\n");
	assert_int_equal(chmod(sb->path, 0604), 0);
	assert_int_equal(count_problems(sb->s, &modes), 8);
	assert_true(asprintf(&expected, "modes: %s can be read or written by more than should (mode 604): chmod 600\n",
			    sb->path) > 0);
	assert_non_null(strstr(buf_str(&modes), expected));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(one_operation_is_one_entry),
		sandbox_test(an_operation_that_changes_nothing_leaves_no_entry),
		sandbox_test(a_refused_record_leaves_the_operation_open),
		sandbox_test(a_record_tells_its_changes),
		sandbox_test(undo_takes_the_last_own_operation_back),
		sandbox_test(redo_takes_the_last_undo_back),
		sandbox_test(undoing_a_redo_undoes_again),
		sandbox_test(later_changes_stand_in_the_way),
		sandbox_test(a_later_removal_stands_in_the_way),
		sandbox_test(a_redo_does_not_bring_back_what_another_removed),
		sandbox_test(an_undo_of_something_older_stands_in_the_way),
		sandbox_test(records_that_refer_stand_in_the_way),
		sandbox_test(a_range_is_taken_back_as_a_whole_or_not),
		sandbox_test(a_removal_comes_back_with_all_that_hung_on_it),
		sandbox_test(a_reader_cannot_undo),
		sandbox_test(check_finds_what_does_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

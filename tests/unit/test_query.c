/* Queries beside their filter: fields, order, limits, given ids; and SQL of the user's own, which only reads. */
#include "store_helper.h"

static int small_town(void **state)
{
	crm_store *s;

	sandbox_setup(state);
	s = store_of(state);
	add(s, "org", "name", "Acme");
	add(s, "field", "entity", "customer", "name", "size", "type", "integer");
	add(s, "customer", "name", "b", "city", "上海", "size", "9", "tags", "x, y\\,z");
	add(s, "customer", "name", "A", "city", "北京", "org", "1", "size", "10");
	add(s, "customer", "name", "c");
	add(s, "customer", "name", "a", "city", "北京");
	add_log(s, 2, NOW - DAY, "chat");
	add_log(s, 1, NOW - 2 * DAY, "phone");
	add_log(s, 1, NOW - DAY, "email");
	return 0;
}

#define town_test(name) cmocka_unit_test_setup_teardown(name, small_town, sandbox_teardown)

struct request {
	const char *type, *fields, *sort;
	int64_t offset, limit;
	const char *expected;
};

static void check_query(crm_store *s, const struct request *r)
{
	scoped_text rows = NULL;
	crm_query *q;
	crm_cursor *c;

	assert_ok(s, crm_query_new(&q, s, entity(r->type)));
	if (r->fields)
		assert_ok(s, crm_query_fields(q, r->fields));
	if (r->sort)
		assert_ok(s, crm_query_sort(q, r->sort));
	crm_query_limit(q, r->limit);
	crm_query_offset(q, r->offset);
	assert_ok(s, crm_query_open(&c, q));
	rows = rows_text(s, c);
	crm_query_free(q);
	if (strcmp(rows, r->expected) != 0)
		fail_msg("%s by %s: got\n%sinstead of\n%s", r->fields, r->sort, rows, r->expected);
}

static void fields_and_order(void **state)
{
	static const struct request requests[] = {
		{ "customer", "id,name", NULL, 0, -1, "1|b\n2|A\n3|c\n4|a\n" },
		{ "customer", "id", "name", 0, -1, "2\n4\n1\n3\n" }, /* without regard to case, then by id */
		{ "customer", "id", "-name", 0, -1, "3\n1\n4\n2\n" },
		{ "customer", "id", "city,-name", 0, -1, "1\n4\n2\n3\n" }, /* 上 before 北; without one last */
		{ "customer", "id", "-city", 0, -1, "4\n2\n1\n3\n" },
		{ "customer", "id,size", "size", 0, -1, "1|9\n2|10\n3|-\n4|-\n" },
		{ "customer", "id,last_contact_at", "-last_contact_at", 0, 2, "2|1773028800\n1|1773028800\n" },
		{ "customer", "org.name,tags,id", "id", 0, 2, "-|x, y\\,z|1\nAcme|-|2\n" },
		{ "customer", "id", NULL, 1, 2, "2\n3\n" },
		{ "customer", "id", NULL, 3, -1, "4\n" },
		{ "customer", "id", NULL, 9, -1, "" },
		{ "customer", "id", NULL, 0, 0, "" },
		{ "log", "id", NULL, 0, -1, "3\n1\n2\n" }, /* newest first, of equal ones too */
		{ "log", "id,customer.city,customer.org.name", "at", 0, -1, "2|上海|-\n1|北京|Acme\n3|上海|-\n" },
		{ "org", "name,customers", NULL, 0, -1, "Acme|1\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
		check_query(store_of(state), &requests[i]);
}

static void columns_know_their_names(void **state)
{
	crm_store *s = store_of(state);
	crm_query *q;
	crm_cursor *c;

	assert_ok(s, crm_query_new(&q, s, entity("customer")));
	assert_ok(s, crm_query_fields(q, "org.name,last_contact_at"));
	assert_ok(s, crm_query_open(&c, q));
	crm_query_free(q);
	assert_int_equal(crm_cursor_columns(c), 2);
	assert_string_equal(crm_cursor_column(c, 0)->name, "org.name");
	assert_string_equal(crm_cursor_column(c, 1)->label, "Last contact");
	assert_int_equal(crm_cursor_column(c, 1)->type, CRM_TIME);
	crm_cursor_close(c);
	assert_ok(s, crm_query_new(&q, s, entity("customer")));
	assert_refused(
		s, CRM_INVALID, "customer has no field 'nam', did you mean 'name'?", crm_query_fields(q, "id,nam"));
	crm_query_free(q);
	assert_ok(s, crm_query_new(&q, s, entity("customer")));
	assert_refused(s, CRM_INVALID, "'name.x': name refers to no other record", crm_query_sort(q, "name.x"));
	crm_query_free(q);
}

static void given_ids_keep_their_order(void **state)
{
	crm_store *s = store_of(state);
	const int64_t ids[] = { 4, 99, 1, 4 };
	scoped_text rows = NULL;
	crm_query *q;
	crm_cursor *c;

	assert_ok(s, crm_query_new(&q, s, entity("customer")));
	assert_ok(s, crm_query_fields(q, "id"));
	assert_ok(s, crm_query_ids(q, ids, ARRAY_SIZE(ids)));
	assert_ok(s, crm_query_open(&c, q));
	rows = rows_text(s, c);
	assert_string_equal(rows, "4\n1\n4\n");
	crm_query_free(q);
}

/* Records made after a chosen --now are not shown; without one the clock hides nothing. */
static void a_chosen_now_hides_what_came_later(void **state)
{
	crm_store *s = store_of(state);

	crm_store_set_clock(s, NOW + DAY, false);
	add_customer(s, "later");
	crm_store_set_clock(s, NOW, true);
	check_query(s, &(struct request){ "customer", "id", NULL, 0, -1, "1\n2\n3\n4\n" });
	crm_store_set_clock(s, NOW, false);
	check_query(s, &(struct request){ "customer", "id", NULL, 0, -1, "1\n2\n3\n4\n5\n" });
}

static void sql_reads(void **state)
{
	crm_store *s = store_of(state);
	scoped_text rows = NULL;
	crm_cursor *c;

	assert_ok(s, crm_sql(&c, s,
			     "WITH n AS (SELECT 1 AS i) SELECT name, org_name, 1.5, NULL FROM v_customer, n WHERE id = "
			     "2 ; "));
	assert_string_equal(crm_cursor_column(c, 1)->name, "org_name");
	rows = rows_text(s, c);
	assert_string_equal(rows, "A|Acme|1.5|-\n");
}

static void sql_does_nothing_else(void **state)
{
	static const char *const statements[] = { "", " ; ", "DELETE FROM customer", "DROP TABLE customer",
		"INSERT INTO org (name) VALUES ('x') RETURNING id", "UPDATE customer SET name = 'x'",
		"PRAGMA user_version", "PRAGMA user_version = 9", "ATTACH '/tmp/x.db' AS x", "BEGIN",
		"VACUUM INTO '/tmp/x.db'", "SELECT 1; DELETE FROM customer", "SELECT * FROM nothing", "SELECT $1",
		"SELEC", "CREATE TEMP TABLE t (x)", "EXPLAIN DELETE FROM customer; DELETE FROM customer" };
	struct sandbox *sb = *state;
	scoped_text before = dump(sb->path, true), after = NULL;
	crm_cursor *c;

	for (size_t i = 0; i < ARRAY_SIZE(statements); i++)
		assert_status(sb->s, CRM_INVALID, crm_sql(&c, sb->s, statements[i]));
	assert_ok(sb->s, crm_sql(&c, sb->s, "SELECT load_extension('x')"));
	assert_true(crm_cursor_next(c) < 0);
	crm_cursor_close(c);
	after = dump(sb->path, true);
	assert_string_equal(after, before);
	assert_int_equal(add_customer(sb->s, "still works"), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		town_test(fields_and_order),
		town_test(columns_know_their_names),
		town_test(given_ids_keep_their_order),
		town_test(a_chosen_now_hides_what_came_later),
		town_test(sql_reads),
		town_test(sql_does_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

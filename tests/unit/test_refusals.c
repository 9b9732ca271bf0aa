/* What the library refuses and the commands never ask for: a program of somebody else's may. */
#include "store_helper.h"

static int two_people(void **state)
{
	crm_store *s;

	sandbox_setup(state);
	s = store_of(state);
	add_customer(s, "Li");
	add_customer(s, "Wu");
	add(s, "ticket", "customer", "1", "type", "question", "subject", "x");
	return 0;
}

#define refusal_test(name) cmocka_unit_test_setup_teardown(name, two_people, sandbox_teardown)

static void somebody_twice(void **state)
{
	static const int64_t twice[] = { 2, 2 };
	crm_store *s = store_of(state);
	crm_merged merged;
	size_t changed;

	assert_refused(s, CRM_INVALID, "customer 2 is named twice", crm_customer_merge(&merged, s, 1, twice, 2, NULL));
	assert_refused(s, CRM_INVALID, "customer 1 is named twice",
		crm_customer_merge(&merged, s, 1, (const int64_t[]){ 1 }, 1, NULL));
	assert_refused(s, CRM_INVALID, "customer 2 is named twice", crm_customer_distinct(s, twice, 2, true, &changed));
	check_raw((*(struct sandbox **)state)->path, "SELECT count(*) FROM customer_link", "0\n");
}

static void links_that_say_nothing(void **state)
{
	crm_store *s = store_of(state);
	int64_t id;

	add(s, "customer", "name", "Bo", "key", "K1");
	add(s, "customer_link", "customer", "1", "kind", "distinct", "other", "2");
	assert_refused(s, CRM_INVALID, "other: is required where two are not the same",
		try_add(&id, s, "customer_link", "customer", "1", "kind", "distinct", NULL));
	assert_refused(s, CRM_INVALID, "customer 1 is the same as itself",
		try_add(&id, s, "customer_link", "customer", "1", "kind", "distinct", "other", "1", NULL));
	assert_refused(s, CRM_EXISTS, "customers 2 and 1 are marked as not the same already",
		try_add(&id, s, "customer_link", "customer", "2", "kind", "distinct", "other", "1", NULL));
	assert_refused(s, CRM_INVALID, "number: it or the key is required of one that was merged",
		try_add(&id, s, "customer_link", "customer", "1", "kind", "merged", NULL));
	assert_refused(s, CRM_EXISTS, "there is a customer 2",
		try_add(&id, s, "customer_link", "customer", "1", "kind", "merged", "number", "2", NULL));
	assert_refused(s, CRM_EXISTS, "customer 3 has the key 'K1'",
		try_add(&id, s, "customer_link", "customer", "1", "kind", "merged", "key", "K1", NULL));
}

static void records_that_are_not_there(void **state)
{
	crm_store *s = store_of(state);
	crm_cursor *c;

	assert_refused(s, CRM_NOTFOUND, "there is no ticket 9", crm_sla_explain(&c, s, 9));
	assert_refused(s, CRM_NOTFOUND, "there is no ticket 9", crm_ticket_urgency(&c, s, 9));
	assert_refused(s, CRM_NOTFOUND, "there is no calendar 9 (crm calendar list)",
		crm_calendar_hours(&c, s, 9, "2026-03-01", "2026-03-02"));
}

/* A calendar that somebody else's program wrote. */
static void calendars_that_cannot_be_read(void **state)
{
	struct sandbox *sb = *state;
	crm_cursor *c;

	add(sb->s, "calendar", "name", "shop", "hours", "mon-fri 09:00-17:00");
	raw_exec(sb->path, "UPDATE calendar SET hours = 'always'");
	assert_status(sb->s, CRM_INVALID, crm_calendar_hours(&c, sb->s, 1, "2026-03-01", "2026-03-02"));
	assert_memory_equal(crm_errmsg(sb->s), "calendar 1: ", 12);
}

static void questions_that_do_not_fit(void **state)
{
	crm_store *s = store_of(state);
	crm_report_options from_customer = { .from = "customer" };
	crm_record *r;
	crm_query *q;
	crm_cursor *c;
	int64_t id;

	assert_ok(s, crm_query_new(&q, s, entity("customer")));
	assert_refused(s, CRM_INVALID, "customer: only the past of tickets is kept", crm_query_as_of(q, NOW));
	crm_query_free(q);
	assert_ok(s, crm_record_new(&r, s, entity("ticket")));
	assert_refused(s, CRM_INVALID, "ticket has no list 'subject'", crm_record_take(r, "subject", "x"));
	assert_refused(s, CRM_INVALID, "an answer is a new record of survey", crm_survey_answer(&id, r, false));
	crm_record_free(r);
	assert_refused(s, CRM_INVALID, "there is no coefficient b3", crm_survey_set_loyalty(s, 3, "1"));
	assert_refused(s, CRM_INVALID, "report terms: cannot read from 'customer', only from log, ticket or survey",
		crm_report_run(&c, s, crm_report_find("terms"), &from_customer));
	assert_refused(s, CRM_INVALID, "report sentiment: cannot read from 'customer', only from log, survey or ticket",
		crm_report_run(&c, s, crm_report_find("sentiment"), &from_customer));
}

static void trainings_that_cannot_be(void **state)
{
	static const struct {
		const char *method;
		double test;
		int threshold;
		const char *message;
	} cases[] = {
		{ "guess", 0, 0, "method 'guess': is not svm, logistic, tree or forest" },
		{ "svm", 0.95, 0, "test: the share to hold out is from 0 to 0.9" },
		{ "svm", 0, 101, "threshold: is from 0 to 1" },
	};
	crm_store *s = store_of(state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		crm_training_options o = { .name = "a",
			.method = cases[i].method,
			.learnt_from = "ticket",
			.text_fields = "subject",
			.label_field = "category",
			.test = cases[i].test,
			.threshold = cases[i].threshold };
		crm_training *t = NULL;

		assert_refused(s, CRM_INVALID, cases[i].message, crm_training_new(&t, s, &o));
		crm_training_free(t);
	}
}

static void rules_that_are_badly_written(void **state)
{
	crm_store *s = store_of(state);
	struct buf many = BUF_INIT;
	int64_t id;

	assert_refused(s, CRM_INVALID, "name: ' a' begins or ends with a blank",
		try_add(&id, s, "rule", "name", " a", "event", "created", "actions", "set priority high", NULL));
	assert_refused(s, CRM_INVALID, "condition: is one line, blanks between its terms",
		try_add(&id, s, "rule", "name", "a", "event", "created", "condition", "status:open\ntype:task",
			"actions", "set priority high", NULL));
	for (int i = 0; i < 200; i++)
		buf_printf(&many, "tag t%d\n", i);
	assert_status(s, CRM_INVALID,
		try_add(&id, s, "rule", "name", "a", "event", "created", "actions", buf_str(&many), NULL));
	assert_non_null(strstr(crm_errmsg(s), " are more than "));
	buf_free(&many);
}

/* Handles without a store, or with one that may only be read. */
static void stores_that_are_not_open(void **state)
{
	struct sandbox *sb = *state;
	crm_store *none = new_handle(), *reader = open_handle(sb->path, CRM_OPEN_READ);
	crm_vacuumed vacuumed;
	crm_backup_info info;

	assert_refused(
		none, CRM_NOSTORE, "no store is open", crm_backup(&info, none, "/nowhere/a.db", false, NULL, NULL));
	assert_refused(reader, CRM_CONFLICT, "vacuum: an operation is open, or the store was opened to read",
		crm_vacuum(&vacuumed, reader, -1));
	crm_store_close(none);
	crm_store_close(reader);
}

/* An image that is no JSON: by another program's hand. */
static void a_journal_that_cannot_be_read(void **state)
{
	struct sandbox *sb = *state;
	crm_cursor *c;

	edit(sb->s, "customer", 1, "city", "Rome");
	raw_exec(sb->path, "UPDATE change SET image = '{' WHERE image IS NOT NULL");
	assert_refused(sb->s, CRM_SCHEMA, "the journal is damaged: image of customer 1 in operation 4",
		crm_history_record(&c, sb->s, entity("customer"), 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		refusal_test(somebody_twice),
		refusal_test(links_that_say_nothing),
		refusal_test(records_that_are_not_there),
		refusal_test(calendars_that_cannot_be_read),
		refusal_test(questions_that_do_not_fit),
		refusal_test(trainings_that_cannot_be),
		refusal_test(rules_that_are_badly_written),
		refusal_test(stores_that_are_not_open),
		refusal_test(a_journal_that_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

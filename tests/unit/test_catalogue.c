/* The catalogue as a whole: what every report says of itself, and that each answers with nothing to answer from. */
#include "store_helper.h"

#include "analysis/classifier.h"
#include "report/period.h"
#include "report/report.h"
#include <math.h>

static bool has_column(const struct crm_report *r, const char *name, size_t len)
{
	for (size_t i = 0; i < r->ncolumns; i++)
		if (strlen(r->columns[i].name) == len && strncmp(r->columns[i].name, name, len) == 0)
			return true;
	return false;
}

static void check_columns(const struct crm_report *r)
{
	if (r->keys < 1 || r->keys >= r->ncolumns)
		fail_msg("report %s: %zu of %zu columns name a row", r->name, r->keys, r->ncolumns);
	for (size_t i = 0; i < r->ncolumns; i++) {
		const crm_column *c = &r->columns[i];

		if (!*c->name || !*c->label || !*c->help)
			fail_msg("report %s: column %zu is not described", r->name, i);
		for (size_t k = 0; k < i; k++)
			if (strcmp(c->name, r->columns[k].name) == 0)
				fail_msg("report %s: column %s stands twice", r->name, c->name);
	}
}

static void check_chart(const struct crm_report *r)
{
	if (r->chart.kind == CRM_CHART_NONE) {
		assert_null(r->chart.values);
		return;
	}
	for (const char *v = r->chart.values; *v;) {
		size_t len = strcspn(v, ",");

		if (!has_column(r, v, len))
			fail_msg("report %s: the chart shows %.*s, which is no column", r->name, (int)len, v);
		v += len + (v[len] == ',');
	}
}

static void check_records(const struct crm_report *r)
{
	if (!r->rows) {
		if (!r->no_rows)
			fail_msg("report %s: has no records and does not say why", r->name);
		return;
	}
	assert_null(r->no_rows);
	assert_ptr_equal(r->rows->entity, crm_entity_find(r->entity)); /* the filter is on what is shown */
	assert_non_null(r->rows->condition);
	if (!field_find_static(r->rows->entity, r->rows->at))
		fail_msg("report %s: %s has no time '%s'", r->name, r->entity, r->rows->at);
}

static void every_report_describes_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < crm_report_count(); i++) {
		const struct crm_report *r = crm_report_at(i);

		assert_ptr_equal(crm_report_find(r->name), r);
		assert_true(r->title && *r->title && r->help && *r->help && r->help[strlen(r->help) - 1] != '.');
		assert_non_null(crm_report_entity(r));
		check_columns(r);
		check_chart(r);
		check_records(r);
	}
}

/* Absent is an empty cell: a number is one. */
static void check_numbers(crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	crm_cursor *c;
	int status;

	assert_ok(s, crm_report_run(&c, s, r, opt));
	while ((status = crm_cursor_next(c)) == CRM_OK)
		for (size_t i = 0; i < crm_cursor_columns(c); i++) {
			const crm_value *v = crm_cursor_value(c, i);

			if (v->kind == CRM_DOUBLE && !isfinite(v->d))
				fail_msg("report %s --by %s: %s is %f", r->name, opt->by ? opt->by : "",
					crm_cursor_column(c, i)->name, v->d);
		}
	assert_int_equal(status, CRM_END);
	crm_cursor_close(c);
}

static void ask_everything(crm_store *s, const struct crm_report *r)
{
	const char *since = crm_report_takes(r, "since") ? "2026-03-01" : NULL;

	for (const char *const *by = crm_report_by(r); by && *by; by++)
		check_numbers(s, r, &(crm_report_options){ .by = *by });
	check_numbers(s, r, &(crm_report_options){ .since = since });
	if (crm_report_takes(r, "vs")) {
		check_numbers(s, r, &(crm_report_options){ .since = since, .vs = "previous" });
		check_numbers(s, r, &(crm_report_options){ .since = since, .vs = "year" });
	}
	if (crm_report_takes(r, "rows"))
		check_numbers(s, r, &(crm_report_options){ .rows = true });
	if (crm_report_by_field(r, NULL))
		check_numbers(s, r, &(crm_report_options){ .by = "customer.city" });
}

/* Moods by the words good and bad, for the report that asks a classifier. */
static void add_classifier(crm_store *s)
{
	static const char *const labels[] = { "negative", "positive" }, *const texts[] = { "bad", "good" };
	struct classifier c = { .method = CRM_LOGISTIC };
	cleanup(buf_free) struct buf packed = BUF_INIT;
	cleanup(freep) float *weights = NULL;
	static const float bias[2];
	struct learner *l;

	assert_int_equal(learner_new(&l), CRM_OK);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(learner_add(l, texts[i], strlen(texts[i])), CRM_OK);
	assert_int_equal(learner_settle(&c.vocabulary, NULL, l, 0), CRM_OK);
	weights = calloc(2 * c.vocabulary.n, sizeof(*weights));
	assert_non_null(weights);
	assert_int_equal(classifier_labels(&c, labels, ARRAY_SIZE(labels)), CRM_OK);
	assert_int_equal(classifier_linear(&c, bias, weights), CRM_OK);
	assert_int_equal(classifier_pack(&packed, &c), CRM_OK);
	assert_ok(s,
		db_run(s,
			"INSERT INTO classifier (name, version, method, learnt_from, text_fields, label_field, labels, "
			"documents, threshold, format, weights, created_at, op)"
			" VALUES ('sentiment', 1, 'logistic', 'survey', 'comment', 'mood', 2, 2, 50, $1, $2, 0, 0)",
			"is", (int64_t)CLASSIFIER_FORMAT, packed.s));
	classifier_free(&c);
	learner_free(l);
}

static void every_report_answers_without_a_record(void **state)
{
	crm_store *s = store_of(state);

	for (size_t i = 0; i < 3; i++) /* the coefficients of loyalty, which nobody guesses */
		assert_ok(s, crm_survey_set_loyalty(s, i, "1"));
	add_classifier(s);
	for (size_t i = 0; i < crm_report_count(); i++)
		ask_everything(s, crm_report_at(i));
	add_customer(s, "Li"); /* of whom nothing is known */
	for (size_t i = 0; i < crm_report_count(); i++)
		ask_everything(s, crm_report_at(i));
}

/* --- groups --- */

static void fields_group_what_is_counted(void **state)
{
	crm_store *s = store_of(state);
	const crm_report *r = crm_report_find("activity");
	const crm_entity *log = crm_entity_find("log");
	static const struct {
		const char *by, *message;
	} refused[] = {
		{ "content", "cannot group by 'content': it is a long text" },
		{ "at", "cannot group by 'at': it is a time" },
		{ "duration", "cannot group by 'duration': it is a time" },
		{ "customer.tags", "cannot group by 'customer.tags': a record may have several" },
		{ "customer.cty", "customer has no field 'cty', did you mean 'city'?" },
		{ "channel.name", "'channel.name': channel refers to no other record" },
		{ "custmer", "report activity: cannot group by 'custmer', did you mean 'customer'?" },
	};
	crm_cursor *c;

	assert_true(crm_report_by_field(r, NULL));
	assert_false(crm_report_by_field(crm_report_find("frequency"), NULL));
	assert_true(crm_report_by_field(r, crm_field_find(NULL, log, "subject")));
	assert_false(crm_report_by_field(r, crm_field_find(NULL, log, "content")));
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		assert_refused(s, CRM_INVALID, refused[i].message,
			crm_report_run(&c, s, r, &(crm_report_options){ .by = refused[i].by }));
}

/* Numbers in their order, none first; a truth in words. */
static void groups_are_in_order(void **state)
{
	crm_store *s = store_of(state);
	crm_cursor *c;

	for (int i = 0; i < 11; i++)
		add_customer(s, "Li");
	add(s, "log", "customer", "11", "channel", "chat", "at", "2026-03-01", "subject", "b");
	add(s, "log", "customer", "2", "channel", "chat", "at", "2026-03-01");
	add(s, "log", "customer", "11", "channel", "chat", "at", "2026-03-02", "subject", "a");
	const struct {
		const char *by, *rows;
	} cases[] = {
		{ "customer", "2|1\n11|2\n" },
		{ "subject", "-|1\na|1\nb|1\n" },
		{ "customer.do_not_call", "no|3\n" },
		{ "customer.name", "Li|3\n" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_ok(s, crm_report_run(&c, s, crm_report_find("activity"),
				     &(crm_report_options){ .by = cases[i].by, .fields = "bucket,count" }));
		scoped_text got = rows_text(s, c);
		assert_string_equal(got, cases[i].rows);
	}
}

/* --- the period before --- */

static void check_before(const char *zone, const char *period, bool year, const char *expected)
{
	struct time_context ctx = { .now = NOW };
	struct err err = { 0 };
	struct buf got = BUF_INIT;
	struct zone *z;
	const char *dots = strstr(period, "..");
	int64_t from, to, unused;

	assert_int_equal(zone_load(&z, zone, &err), CRM_OK);
	ctx.zone = z;
	assert_int_equal(time_parse(&from, &unused, &ctx, period, (size_t)(dots - period), &err), CRM_OK);
	assert_int_equal(time_parse(&unused, &to, &ctx, dots + 2, strlen(dots + 2), &err), CRM_OK);
	period_before(z, &from, &to, year);
	time_format_rfc3339(&got, z, from);
	buf_puts(&got, "..");
	time_format_rfc3339(&got, z, to);
	if (strcmp(buf_str(&got), expected) != 0)
		fail_msg("%s in %s: before it is %s, not %s", period, zone, got.s, expected);
	buf_free(&got);
	zone_free(z);
}

static void periods_have_one_before(void **state)
{
	(void)state;
	/* whole months, a quarter, a year */
	check_before("UTC", "2026-03-01..2026-03-31", false, "2026-02-01T00:00:00+00:00..2026-02-28T23:59:59+00:00");
	check_before("UTC", "2026-01-01..2026-03-31", false, "2025-10-01T00:00:00+00:00..2025-12-31T23:59:59+00:00");
	check_before("UTC", "2025-01-01..2025-12-31", false, "2024-01-01T00:00:00+00:00..2024-12-31T23:59:59+00:00");
	check_before("UTC", "2024-03-01..2024-03-31", false, "2024-02-01T00:00:00+00:00..2024-02-29T23:59:59+00:00");
	/* days */
	check_before("UTC", "2026-03-10..2026-03-10", false, "2026-03-09T00:00:00+00:00..2026-03-09T23:59:59+00:00");
	check_before("UTC", "2026-03-02..2026-03-08", false, "2026-02-23T00:00:00+00:00..2026-03-01T23:59:59+00:00");
	check_before("UTC", "2026-02-15..2026-03-14", false, "2026-01-18T00:00:00+00:00..2026-02-14T23:59:59+00:00");
	/* a month up to now, and thirty days from an instant on: ends at the same time of the day, and not twice */
	check_before(
		"UTC", "2026-03-01..2026-03-10 12:00", false, "2026-02-19T00:00:00+00:00..2026-02-28T12:00:00+00:00");
	check_before("UTC", "2026-02-08 12:00..2026-03-10 12:00", false,
		"2026-01-09T12:00:00+00:00..2026-02-08T11:59:59+00:00");
	check_before("UTC", "2026-03-10 09:00..2026-03-10 11:00", false,
		"2026-03-09T09:00:00+00:00..2026-03-09T11:00:00+00:00");
	/* a day of 23 hours has one of 24 before it; midnight is that of the zone */
	check_before("Europe/Berlin", "2026-03-29..2026-03-29", false,
		"2026-03-28T00:00:00+01:00..2026-03-28T23:59:59+01:00");
	check_before("Europe/Berlin", "2026-03-30..2026-03-30", false,
		"2026-03-29T00:00:00+01:00..2026-03-29T23:59:59+02:00");
	check_before("Asia/Shanghai", "2026-03-01..2026-03-31", false,
		"2026-02-01T00:00:00+08:00..2026-02-28T23:59:59+08:00");
	/* a year before: to the end of a February, whichever it is */
	check_before(
		"UTC", "2026-03-01..2026-03-10 12:00", true, "2025-03-01T00:00:00+00:00..2025-03-10T12:00:00+00:00");
	check_before("UTC", "2025-02-01..2025-02-28", true, "2024-02-01T00:00:00+00:00..2024-02-29T23:59:59+00:00");
	check_before("UTC", "2024-02-29..2024-02-29", true, "2023-02-28T00:00:00+00:00..2023-02-28T23:59:59+00:00");
	/* longer than a year: never into the period itself */
	check_before("UTC", "2024-01-01..2026-01-01", true, "2023-01-01T00:00:00+00:00..2023-12-31T23:59:59+00:00");
}

/* --- comparing --- */

static void amounts_and_rows_of_one_period_only(void **state)
{
	crm_store *s = store_of(state);
	crm_cursor *c;

	add_customer(s, "Li");
	add(s, "order", "customer", "1", "product", "pen", "amount", "10.00 CNY", "at", "2026-02-03");
	add(s, "order", "customer", "1", "product", "pen", "amount", "12.50 CNY", "at", "2026-03-03");
	add(s, "order", "customer", "1", "product", "ink", "amount", "1.25 CNY", "at", "2026-03-04");
	add(s, "order", "customer", "1", "product", "cap", "amount", "7.00 CNY", "at", "2026-02-04");
	assert_ok(
		s, crm_report_run(&c, s, crm_report_find("sales"),
			   &(crm_report_options){ .by = "product",
				   .since = "2026-03-01",
				   .until = "2026-03-31",
				   .vs = "previous",
				   .fields = "bucket,amount,amount_previous,amount_change,amount_change_percent,lines,"
					     "lines_change" }));
	scoped_text got = rows_text(s, c);
	assert_string_equal(got, "pen|12.50|10.00|2.50|25|1|0\nink|1.25|-|-|-|1|-\ncap|-|7.00|-|-|-|-\n");
}

/* A report of one row, which nothing names. */
static void a_single_row_has_one_before(void **state)
{
	crm_store *s = store_of(state);
	crm_cursor *c;

	add_customer(s, "Li");
	add(s, "survey", "customer", "1", "nps", "9", "answered_at", "2026-02-03");
	add(s, "survey", "customer", "1", "nps", "3", "answered_at", "2026-02-04");
	add(s, "survey", "customer", "1", "nps", "10", "answered_at", "2026-03-04");
	assert_ok(s, crm_report_run(&c, s, crm_report_find("nps"),
			     &(crm_report_options){ .since = "2026-03-01",
				     .until = "2026-03-31",
				     .vs = "previous",
				     .fields = "n,n_previous,n_change,nps,nps_previous,nps_change" }));
	scoped_text got = rows_text(s, c);
	assert_string_equal(got, "1|2|-1|100|0|100\n");
}

static void what_does_not_compare_is_refused(void **state)
{
	crm_store *s = store_of(state);
	static const struct {
		const char *report;
		crm_report_options opt;
		const char *message;
	} cases[] = {
		{ "activity", { .vs = "previous" }, "report activity: --vs needs --since: a period to compare" },
		{ "activity", { .vs = "last", .since = "today" }, "--vs: 'last' is not previous or year" },
		{ "activity", { .vs = "year", .since = "tomorrow" },
			"the period is empty: --since tomorrow lies ahead" },
		{ "activity", { .vs = "year", .since = "today", .rows = true },
			"report activity: --rows of one period, not --vs another" },
		{ "followups", { .rows = true }, "report followups: takes no --rows: crm followup due lists them" },
		{ "aging", { .vs = "year" }, "report aging: takes no --vs; it takes --rows" },
		{ "stale", { .until = "today" }, "report stale: takes no --until; it takes --since" },
	};
	crm_cursor *c;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_refused(s, CRM_INVALID, cases[i].message,
			crm_report_run(&c, s, crm_report_find(cases[i].report), &cases[i].opt));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_report_describes_itself),
		sandbox_test(every_report_answers_without_a_record),
		sandbox_test(fields_group_what_is_counted),
		sandbox_test(groups_are_in_order),
		cmocka_unit_test(periods_have_one_before),
		sandbox_test(amounts_and_rows_of_one_period_only),
		sandbox_test(a_single_row_has_one_before),
		sandbox_test(what_does_not_compare_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

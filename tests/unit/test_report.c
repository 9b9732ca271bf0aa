/* Reports, on data small enough to be counted by hand. */
#include "store_helper.h"

static char *report_text(crm_store *s, const char *name, const crm_report_options *opt)
{
	crm_cursor *c;

	assert_non_null(crm_report_find(name));
	assert_ok(s, crm_report_run(&c, s, crm_report_find(name), opt));
	return rows_text(s, c);
}

static void check_report(crm_store *s, const char *name, crm_report_options opt, const char *expected)
{
	scoped_text got = report_text(s, name, &opt);

	if (strcmp(got, expected) != 0)
		fail_msg("report %s\ngot:\n%sinstead of:\n%s", name, got, expected);
}

#define FILTER(...)                                                                                                    \
	.filter = (const char *const[]){ __VA_ARGS__ }, .nfilter = ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ }))
#define ACTIVITY(s, expected, ...)  check_report(s, "activity", (crm_report_options){ __VA_ARGS__ }, expected)
#define FREQUENCY(s, expected, ...) check_report(s, "frequency", (crm_report_options){ __VA_ARGS__ }, expected)

static void log_at(crm_store *s, const char *at)
{
	add(s, "log", "customer", "1", "channel", "chat", "at", at);
}

/* --- the catalogue --- */

static void the_catalogue_describes_itself(void **state)
{
	(void)state;
	assert_true(crm_report_count() >= 3);
	assert_null(crm_report_at(crm_report_count()));
	assert_null(crm_report_find("nonsense"));
	for (size_t i = 0; i < crm_report_count(); i++) {
		const crm_report *r = crm_report_at(i);
		const crm_column *columns;

		assert_ptr_equal(crm_report_find(crm_report_name(r)), r);
		assert_true(*crm_report_help(r) != '\0');
		assert_true(crm_report_columns(r, &columns) > 0);
		assert_true(*columns[0].name && *columns[0].label && *columns[0].help);
	}
	assert_string_equal(crm_report_by(crm_report_find("activity"))[0], "day");
	assert_null(crm_report_by(crm_report_find("frequency")));
}

static void bad_requests_are_refused(void **state)
{
	crm_store *s = store_of(state);
	const struct {
		const char *report;
		crm_report_options opt;
		const char *message;
	} cases[] = {
		{ "activity", { .by = "dya" }, "report activity: cannot group by 'dya', did you mean 'day'?" },
		{ "frequency", { .by = "day" },
			"report frequency: takes no --by; it takes --since, --until, --vs, --rows" },
		{ "activity", { .since = "2026-03-02", .until = "2026-03-01" },
			"the period is empty: --since 2026-03-02 is after --until 2026-03-01" },
		{ "activity", { FILTER("chanel:phone") }, "log has no field 'chanel', did you mean 'channel'?" },
		{ "followups", { .since = "2026-03-01" }, "report followups: takes no --since" },
		{ "backlog", { .until = "2026-03-01" },
			"report backlog: takes no --until; it takes --by, --as-of, --rows" },
	};
	crm_cursor *c;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_refused(s, CRM_INVALID, cases[i].message,
			crm_report_run(&c, s, crm_report_find(cases[i].report), &cases[i].opt));
	assert_status(s, CRM_INVALID,
		crm_report_run(&c, s, crm_report_find("activity"), &(crm_report_options){ .since = "soon" }));
	assert_status(s, CRM_INVALID,
		crm_report_run(&c, s, crm_report_find("activity"), &(crm_report_options){ .fields = "buckett" }));
}

static void nothing_gives_nothing(void **state)
{
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	ACTIVITY(s, "", 0);
	ACTIVITY(s, "", .by = "channel");
	FREQUENCY(s, "", 0);
	check_report(s, "followups", (crm_report_options){ 0 }, "-|call|1|0|1|-\n");
	ACTIVITY(s, "2026-03-09|0|0|-\n2026-03-10|0|0|-\n", .since = "2026-03-09", .until = "2026-03-10");
}

/* --- activity --- */

/*
 * 1 on the 1st, 3 on the 2nd, none on the 3rd, 2 on the 4th: means of up to seven days 1, 2, 4/3, 6/4; changes +200 %,
 * -100 %, none (from nothing), and so on.
 */
static void days_with_gaps_means_and_changes(void **state)
{
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	log_at(s, "2026-03-01 00:00:00");
	log_at(s, "2026-03-02 00:00:00");
	log_at(s, "2026-03-02 12:00:00");
	log_at(s, "2026-03-02 23:59:59");
	log_at(s, "2026-03-04 08:00");
	log_at(s, "2026-03-04 08:00");
	add(s, "log", "customer", "1", "channel", "other", "internal", "yes", "at", "2026-03-04 09:00");
	log_at(s, "2026-03-11 09:00"); /* planned */
	ACTIVITY(s, "2026-03-01|1|1|-\n2026-03-02|3|2|200\n2026-03-03|0|1.33333|-100\n2026-03-04|2|1.5|-\n", 0);
	ACTIVITY(s, "2026-03-02|3|3|-\n2026-03-03|0|1.5|-100\n", .since = "2026-03-02", .until = "2026-03-03");
	ACTIVITY(s, "2026-02-28|0|0|-\n2026-03-01|1|0.5|-\n2026-03-02|3|1.33333|200\n", .since = "2026-02-28",
		.until = "2026-03-02 23:59:59");
	/* Since a day, until now: the days up to today are there. */
	ACTIVITY(s,
		"2026-03-04|2|2|-\n2026-03-05|0|1|-100\n2026-03-06|0|0.666667|-\n2026-03-07|0|0.5|-\n"
		"2026-03-08|0|0.4|-\n2026-03-09|0|0.333333|-\n2026-03-10|0|0.285714|-\n",
		.since = "2026-03-04");
	ACTIVITY(s, "3|2026-03-02\n", .since = "2026-03-02", .until = "2026-03-02", .fields = "count,bucket");
	ACTIVITY(s, "2026-03-02|1|1|-\n", .since = "2026-03-02 12:00", .until = "2026-03-02 12:00");
	assert_ok(s, crm_store_set_zone(s, "UTC")); /* 8 hours less: other days */
	ACTIVITY(s,
		"2026-02-28|1|1|-\n2026-03-01|1|1|0\n2026-03-02|2|1.33333|100\n2026-03-03|0|1|-100\n2026-03-04|2|1.2|-"
		"\n",
		0);
}

/* The window is seven days: the eighth no longer counts the first. */
static void a_moving_average_moves(void **state)
{
	crm_store *s = store_of(state);
	scoped_text got = NULL;

	add_customer(s, "Li");
	for (int i = 0; i < 14; i++)
		log_at(s, "2026-03-01 08:00");
	log_at(s, "2026-03-08 08:00");
	got = report_text(s, "activity", &(crm_report_options){ .fields = "average" });
	assert_string_equal(got, "14\n7\n4.66667\n3.5\n2.8\n2.33333\n2\n0.142857\n");
}

static void weeks_belong_to_the_year_of_their_thursday(void **state)
{
	static const struct {
		const char *at, *week;
	} days[] = {
		/* ISO 8601 */
		{ "2024-12-29", "2024-W52|1|1|-\n" },
		{ "2024-12-30", "2025-W01|1|1|-\n" },
		{ "2021-01-03", "2020-W53|1|1|-\n" },
		{ "2021-01-04", "2021-W01|1|1|-\n" },
		{ "2015-12-31", "2015-W53|1|1|-\n" },
		{ "2016-01-03", "2015-W53|1|1|-\n" },
		{ "2018-12-31", "2019-W01|1|1|-\n" },
		{ "1970-01-01", "1970-W01|1|1|-\n" },
		{ "1969-12-28", "1969-W52|1|1|-\n" },
		{ "1969-12-29", "1970-W01|1|1|-\n" },
		{ "1961-01-01", "1960-W52|1|1|-\n" },
	};
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	for (size_t i = 0; i < ARRAY_SIZE(days); i++) {
		log_at(s, days[i].at);
		ACTIVITY(s, days[i].week, .by = "week", .since = days[i].at, .until = days[i].at);
	}
	/* Weeks of 2 and 0 and 4: the mean of up to four. */
	for (int i = 0; i < 6; i++)
		log_at(s, i < 2 ? "2025-12-22 10:00" : "2026-01-05 10:00");
	ACTIVITY(s, "2025-W52|2|2|-\n2026-W01|0|1|-100\n2026-W02|4|2|-\n", .by = "week", .since = "2025-12-22",
		.until = "2026-01-05");
}

static void months_follow_each_other_over_years(void **state)
{
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	log_at(s, "2025-11-30 23:59:59");
	log_at(s, "2025-12-01 00:00:00");
	log_at(s, "2025-12-31 23:59:59");
	log_at(s, "2026-01-01 00:00:00");
	log_at(s, "2026-01-31 10:00");
	log_at(s, "2026-01-31 10:00");
	log_at(s, "2026-03-01 10:00");
	ACTIVITY(s, "2025-11|1|1|-\n2025-12|2|1.5|100\n2026-01|3|2|50\n2026-02|0|1.66667|-100\n2026-03|1|1.33333|-\n",
		.by = "month");
}

/* By the hour, and by the weekday, the average is per day of the period counted: four days here, 1 to 4 March. */
static void hours_and_weekdays(void **state)
{
	crm_store *s = store_of(state);
	scoped_text got = NULL;

	add_customer(s, "Li");
	log_at(s, "2026-03-01 00:00"); /* Sunday */
	log_at(s, "2026-03-02 00:59:59");
	log_at(s, "2026-03-02 23:00");
	log_at(s, "2026-03-04 13:30"); /* Wednesday */
	got = report_text(
		s, "activity", &(crm_report_options){ .by = "hour", .fields = "bucket,count,average,change_percent" });
	assert_memory_equal(got, "00|2|0.5|-\n01|0|0|-\n", 19);
	assert_non_null(strstr(got, "\n13|1|0.25|-\n"));
	assert_non_null(strstr(got, "\n23|1|0.25|-\n"));
	ACTIVITY(s, "Mon|2\nTue|0\nWed|1\nThu|0\nFri|0\nSat|0\nSun|1\n", .by = "weekday", .fields = "bucket,count");
}

static void days_and_hours_of_a_changing_clock(void **state)
{
	crm_store *s = store_of(state);

	assert_ok(s, crm_store_set_zone(s, "Europe/Berlin"));
	add_customer(s, "Li");
	add_log(s, 1, utc(2025, 3, 29, 22, 59), "chat"); /* 29 March 23:59 */
	add_log(s, 1, utc(2025, 3, 29, 23, 0), "chat");  /* 30 March 00:00, a day of 23 hours */
	add_log(s, 1, utc(2025, 3, 30, 0, 59), "chat");  /* 01:59 */
	add_log(s, 1, utc(2025, 3, 30, 1, 0), "chat");   /* 03:00: 2 o'clock does not exist */
	add_log(s, 1, utc(2025, 3, 30, 21, 59), "chat"); /* 23:59 */
	add_log(s, 1, utc(2025, 3, 30, 22, 0), "chat");  /* 31 March 00:00 */
	ACTIVITY(s, "2025-03-29|1\n2025-03-30|4\n2025-03-31|1\n", .fields = "bucket,count");
	add_log(s, 1, utc(2025, 10, 26, 0, 30), "chat");  /* 26 October 02:30 */
	add_log(s, 1, utc(2025, 10, 26, 1, 30), "chat");  /* 02:30 again */
	add_log(s, 1, utc(2025, 10, 26, 22, 59), "chat"); /* 23:59 of a day of 25 hours */
	ACTIVITY(s, "2025-10-26|3\n", .fields = "bucket,count", .since = "2025-10-26", .until = "2025-10-26");
	check_report(s, "activity",
		(crm_report_options){
			.by = "hour", .fields = "bucket,count", .since = "2025-03-30", .until = "2025-10-26" },
		"00|2\n01|1\n02|2\n03|1\n04|0\n05|0\n06|0\n07|0\n08|0\n09|0\n10|0\n11|0\n12|0\n13|0\n14|0\n15|0\n16|"
		"0\n17|0\n"
		"18|0\n19|0\n20|0\n21|0\n22|0\n23|2\n");
}

static void channels_and_agents(void **state)
{
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	add(s, "customer", "name", "Wang", "city", "北京");
	add(s, "log", "customer", "1", "channel", "phone", "at", "2026-03-01 10:00", "agent", "zhao");
	add(s, "log", "customer", "2", "channel", "email", "at", "2026-03-02 10:00", "agent", "an");
	add(s, "log", "customer", "2", "channel", "phone", "at", "2026-03-02 11:00", "agent", "an");
	add(s, "log", "customer", "1", "channel", "chat", "at", "2026-03-02 10:00");
	edit(s, "log", 4, "agent", "");
	ACTIVITY(s, "chat|1|0.5|-\nemail|1|0.5|-\nphone|2|1|-\n", .by = "channel");
	ACTIVITY(s, "-|1|0.5|-\nan|2|1|-\nzhao|1|0.5|-\n", .by = "agent");
	ACTIVITY(s, "email|1|1|-\nphone|1|1|-\n", .by = "channel", FILTER("customer.city:北京"));
	ACTIVITY(s, "2026-03-02|1|1|-\n", FILTER("channel:phone", "not:agent:zhao"));
}

/* --- frequency --- */

static void frequency_needs_two_contacts_and_a_day(void **state)
{
	crm_store *s = store_of(state);

	for (int i = 0; i < 5; i++)
		add_customer(s, i % 2 ? "Wang" : "Li");
	/* 1: five contacts in ten local days: 0.5 a day; ten days less two hours between, four gaps */
	add_log(s, 1, utc(2026, 2, 1, 4, 0), "chat");
	for (int i = 0; i < 3; i++)
		add_log(s, 1, utc(2026, 2, 3, 4, i), "chat");
	add_log(s, 1, utc(2026, 2, 11, 2, 0), "chat");
	add_log(s, 2, utc(2026, 2, 1, 4, 0), "chat"); /* one contact */
	add_log(s, 3, utc(2026, 2, 1, 4, 0), "chat"); /* two on one day: no days between */
	add_log(s, 3, utc(2026, 2, 1, 10, 0), "chat");
	add_log(s, 4, utc(2026, 2, 1, 15, 59), "chat"); /* two minutes, but two local days */
	add_log(s, 4, utc(2026, 2, 1, 16, 1), "chat");
	add_log(s, 4, NOW + DAY, "visit"); /* planned */
	FREQUENCY(s,
		"1|Li|5|1769918400|1770775200|0.5|2.47917\n" /* (10 d - 2 h) / 4 */
		"2|Wang|1|1769918400|1769918400|-|-\n"
		"3|Li|2|1769918400|1769940000|-|0.25\n"
		"4|Wang|2|1769961540|1769961660|2|0.00138889\n",
		0);
	FREQUENCY(s, "1|3\n", .fields = "customer,contacts", .since = "2026-02-03", .until = "2026-02-03");
	FREQUENCY(s, "3|2\n", .fields = "customer,contacts", FILTER("customer:3"));
}

/* --- follow-ups --- */

static void followups_are_counted_by_owner_and_action(void **state)
{
	crm_store *s = store_of(state);
	static const struct {
		const char *owner;
		int days; /* -1: never */
	} customers[] = { { "wang", -1 }, { "wang", 4 }, { "wang", 5 }, { "wang", 8 }, { "wang", 20 }, { "an", 3 },
		{ "an", 7 }, { "", 9 }, { "", -1 }, { "wang", 0 } };

	add(s, "agent", "name", "wang");
	add(s, "agent", "name", "an");
	for (size_t i = 0; i < ARRAY_SIZE(customers); i++) {
		int64_t id = add(s, "customer", "name", "x", "owner", customers[i].owner);

		if (customers[i].days >= 0)
			add_log(s, id, NOW - customers[i].days * DAY, "chat");
	}
	/* A call is owed on the fourth day, a visit on the eighth: whoever waits since an earlier day is overdue. */
	check_report(s, "followups", (crm_report_options){ 0 },
		"-|call|1|0|1|-\n"
		"-|visit|1|1|0|9\n"
		"an|call|1|1|0|7\n"
		"wang|call|3|1|1|5\n"
		"wang|visit|2|1|0|20\n");
	check_report(s, "followups", (crm_report_options){ FILTER("owner:an"), .fields = "due,owner" }, "1|an\n");
}

/* A part of a page names a report of the catalogue, and options that it takes. */
static void parts_of_pages_name_reports(void **state)
{
	(void)state;
	const crm_report_part *parts;

	for (size_t i = 0; i < crm_report_count(); i++) {
		size_t n = crm_report_parts(crm_report_at(i), &parts);
		for (size_t k = 0; k < n; k++) {
			const crm_report *r = parts[k].report ? crm_report_find(parts[k].report) : NULL;
			assert_true(!parts[k].report || r);
			assert_true(parts[k].chart || parts[k].rows > 0);
			assert_true(!parts[k].by || (r && crm_report_takes(r, "by")));
			assert_true(!parts[k].since || (r && crm_report_takes(r, "since")));
			assert_true(!parts[k].chart || (r && crm_report_chart(r).kind != CRM_CHART_NONE));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_catalogue_describes_itself),
		cmocka_unit_test(parts_of_pages_name_reports),
		sandbox_test(bad_requests_are_refused),
		sandbox_test(nothing_gives_nothing),
		sandbox_test(days_with_gaps_means_and_changes),
		sandbox_test(a_moving_average_moves),
		sandbox_test(weeks_belong_to_the_year_of_their_thursday),
		sandbox_test(months_follow_each_other_over_years),
		sandbox_test(hours_and_weekdays),
		sandbox_test(days_and_hours_of_a_changing_clock),
		sandbox_test(channels_and_agents),
		sandbox_test(frequency_needs_two_contacts_and_a_day),
		sandbox_test(followups_are_counted_by_owner_and_action),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

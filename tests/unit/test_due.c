/* Who is owed a contact: policies, days, order, and the same answer on any past day. */
#include "store_helper.h"

/* Noon in Shanghai on the day that lies so many days before NOW's. */
static int64_t days_ago(int64_t days)
{
	return NOW - days * DAY;
}

static int64_t add_contacted(crm_store *s, const char *name, int64_t at)
{
	int64_t id = add_customer(s, name);

	add_log(s, id, at, "chat");
	return id;
}

static char *due_text(crm_store *s, const crm_due_options *opt)
{
	crm_cursor *c;

	assert_ok(s, crm_followup_due(&c, s, opt));
	return rows_text(s, c);
}

static void check_due_with(crm_store *s, crm_due_options opt, const char *expected)
{
	scoped_text got = due_text(s, &opt);

	if (strcmp(got, expected) != 0)
		fail_msg("got:\n%sinstead of:\n%s", got, expected);
}

#define ALL .limit = -1
#define FILTER(...)                                                                                                    \
	.filter = (const char *const[]){ __VA_ARGS__ }, .nfilter = ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ }))
#define CHECK_DUE(s, fields_, expected) check_due_with(s, (crm_due_options){ ALL, .fields = (fields_) }, expected)

static void no_policies(crm_store *s)
{
	assert_ok(s, try_remove(s, "followup_policy", 1));
}

/* The one policy of the store has these steps. */
static void steps(crm_store *s, const char *text)
{
	edit(s, "followup_policy", 1, "steps", text);
}

/* --- the policies of a new store --- */

static void more_than_three_days_a_call_more_than_seven_a_visit(void **state)
{
	crm_store *s = store_of(state);
	const int64_t days[] = { 0, 3, 4, 7, 8, 400 };

	add_customer(s, "Never"); /* 1 */
	for (size_t i = 0; i < ARRAY_SIZE(days); i++)
		add_contacted(s, "x", days_ago(days[i])); /* 2 … 7 */
	CHECK_DUE(s, "customer,action,days,reason",
		"1|call|-|never contacted\n"
		"7|visit|400|400 days since the last contact, more than 7d\n"
		"6|visit|8|8 days since the last contact, more than 7d\n"
		"5|call|7|7 days since the last contact, more than 3d\n"
		"4|call|4|4 days since the last contact, more than 3d\n");
}

static void the_usual_columns(void **state)
{
	crm_store *s = store_of(state);

	add(s, "agent", "name", "wang");
	add(s, "customer", "name", "张三", "phone", "138 0013 8000", "email", "a@b.cn", "owner", "wang", "city", "北京",
		"tags", "vip");
	add_log(s, 1, days_ago(5), "chat");
	CHECK_DUE(s, NULL,
		"1|张三|138 0013 8000|a@b.cn|wang|call|1772683200|5|5 days since the last contact, more than "
		"3d|-|-|-\n");
	CHECK_DUE(s, "+city,tags",
		"1|张三|138 0013 8000|a@b.cn|wang|call|1772683200|5|5 days since the last contact, more than "
		"3d|-|-|-|北京|vip\n");
	CHECK_DUE(s, "name,owner.name,customer", "张三|wang|1\n");
}

/* The kind of day counts, not the hours: midnight in Shanghai is 16:00 in London. */
static void days_are_local_calendar_days(void **state)
{
	crm_store *s = store_of(state);

	add_contacted(s, "x", utc(2026, 3, 6, 15, 59)); /* 1: 6 March 23:59: 4 days */
	add_contacted(s, "x", utc(2026, 3, 6, 16, 0));  /* 2: 7 March 00:00: 3 days */
	crm_store_set_clock(s, utc(2026, 3, 10, 4, 0), false);
	CHECK_DUE(s, "customer,days", "1|4\n");
	crm_store_set_clock(s, utc(2026, 3, 10, 15, 59), false); /* the last minute of the 10th */
	CHECK_DUE(s, "customer,days", "1|4\n");
	crm_store_set_clock(s, utc(2026, 3, 10, 16, 0), false);
	CHECK_DUE(s, "customer,days", "1|5\n2|4\n");
	assert_ok(s, crm_store_set_zone(s, "UTC"));
	CHECK_DUE(s, "customer,days", "1|4\n2|4\n");
}

/* Berlin 2026: the clock goes forward on 29 March (a day of 23 hours), back on 25 October (25 hours). */
static void days_with_another_number_of_hours_are_days(void **state)
{
	crm_store *s = store_of(state);

	assert_ok(s, crm_store_set_zone(s, "Europe/Berlin"));
	add_contacted(s, "x", utc(2026, 3, 27, 22, 59)); /* 1: 27 March 23:59 */
	add_contacted(s, "x", utc(2026, 3, 27, 23, 0));  /* 2: 28 March 00:00 */
	crm_store_set_clock(s, utc(2026, 3, 31, 21, 59), false);
	CHECK_DUE(s, "customer,days", "1|4\n");
	crm_store_set_clock(s, utc(2026, 3, 31, 22, 0), false); /* 1 April 00:00, 95 hours after the second */
	CHECK_DUE(s, "customer,days", "1|5\n2|4\n");
	add_contacted(s, "x", utc(2026, 10, 24, 21, 59)); /* 3: 24 October 23:59 */
	add_contacted(s, "x", utc(2026, 10, 24, 22, 0));  /* 4: 25 October 00:00 */
	crm_store_set_clock(s, utc(2026, 10, 28, 22, 59), false);
	check_due_with(s, (crm_due_options){ ALL, .fields = "customer,days", FILTER("id:3,4") }, "3|4\n");
	crm_store_set_clock(s, utc(2026, 10, 28, 23, 0), false);
	check_due_with(s, (crm_due_options){ ALL, .fields = "customer,days", FILTER("id:3,4") }, "3|5\n4|4\n");
}

static void only_communications_count_and_the_latest_of_them(void **state)
{
	crm_store *s = store_of(state);
	int64_t id = add_contacted(s, "x", days_ago(10));

	add_log(s, id, days_ago(30), "visit");
	add(s, "log", "customer", "1", "channel", "other", "internal", "yes", "at", epoch(days_ago(1)));
	CHECK_DUE(s, "customer,days,last_contact_at,action", "1|10|1772251200|visit\n");
	edit(s, "log", 3, "internal", "no");
	CHECK_DUE(s, "customer,days,last_contact_at,action", "");
}

/* What is planned has not taken place: the contact before it counts, or there was none. */
static void planned_contacts_are_none_yet(void **state)
{
	crm_store *s = store_of(state);

	add_contacted(s, "Both", days_ago(5));
	add_log(s, 1, NOW + DAY, "visit");
	add_contacted(s, "Planned only", NOW + 1);
	add_contacted(s, "Now", NOW);
	CHECK_DUE(s, "customer,days,last_contact_at", "2|-|-\n1|5|1772683200\n");
	crm_store_set_clock(s, NOW + DAY, false);
	CHECK_DUE(s, "customer,days,last_contact_at", "");
}

static void who_must_not_be_called_is_written_to(void **state)
{
	crm_store *s = store_of(state);

	add(s, "customer", "name", "A", "do_not_call", "yes");
	add(s, "customer", "name", "B", "do_not_call", "yes");
	add(s, "customer", "name", "C", "do_not_call", "yes");
	add_log(s, 2, days_ago(5), "chat");
	add_log(s, 3, days_ago(8), "chat");
	CHECK_DUE(s, "customer,action,reason",
		"1|email|never contacted; must not be called\n"
		"3|visit|8 days since the last contact, more than 7d\n"
		"2|email|5 days since the last contact, more than 3d; must not be called\n");
	steps(s, "3d call or letter, 7d visit");
	check_due_with(s, (crm_due_options){ ALL, .fields = "customer,action", FILTER("id:2") }, "2|letter\n");
}

/* --- policies of one's own --- */

static void hours_are_elapsed_time(void **state)
{
	crm_store *s = store_of(state);

	steps(s, "72h call");
	add_contacted(s, "x", NOW - 72 * HOUR);
	add_contacted(s, "x", NOW - 72 * HOUR - 1);
	add_contacted(s, "x", NOW - 100 * HOUR);
	CHECK_DUE(s, "customer,reason",
		"3|4d4h since the last contact, more than 72h\n"
		"2|3d1s since the last contact, more than 72h\n");
	steps(s, "90min call");
	add_contacted(s, "x", NOW - 90 * 60);
	add_contacted(s, "x", NOW - 90 * 60 - 1);
	check_due_with(s, (crm_due_options){ ALL, .fields = "customer", FILTER("id:4..") }, "5\n");
}

/* NOW is a Tuesday. Friday to Tuesday are two working days, Thursday to Tuesday three. */
static void working_days_leave_weekends_out(void **state)
{
	crm_store *s = store_of(state);
	const int64_t days[] = { 1, 2, 3, 4, 5, 6,
		11 }; /* Mon, Sun, Sat, Fri, Thu, Wed, Fri: 1 2 2 2 3 4 7 working days */

	steps(s, "2wd call");
	for (size_t i = 0; i < ARRAY_SIZE(days); i++)
		add_contacted(s, "x", days_ago(days[i]));
	CHECK_DUE(s, "customer,days,reason",
		"7|7|7 working days since the last contact, more than 2wd\n"
		"6|4|4 working days since the last contact, more than 2wd\n"
		"5|3|3 working days since the last contact, more than 2wd\n");
	steps(s, "0wd call"); /* yesterday is one */
	check_due_with(s, (crm_due_options){ ALL, .fields = "days", FILTER("id:1") }, "1\n");
	steps(s, "2wd call");
	crm_store_set_clock(s, NOW + 4 * DAY, false); /* Saturday: the Friday before counts, it does not */
	check_due_with(s, (crm_due_options){ ALL, .fields = "customer,days", FILTER("id:1") }, "1|4\n");
}

static void weeks_and_zero(void **state)
{
	crm_store *s = store_of(state);

	steps(s, "2w visit");
	add_contacted(s, "x", days_ago(14));
	add_contacted(s, "x", days_ago(15));
	CHECK_DUE(s, "customer", "2\n");
	steps(s, "2w visit, 0d chat");
	add_contacted(s, "x", days_ago(0));
	add_contacted(s, "x", days_ago(1));
	CHECK_DUE(s, "customer,action", "2|visit\n1|chat\n4|chat\n");
	CHECK_DUE(s, "customer,reason",
		"2|15 days since the last contact, more than 2w\n1|14 days since the last contact, more than 0d\n"
		"4|1 day since the last contact, more than 0d\n");
}

static void without_a_policy_nobody_is_owed_anything(void **state)
{
	crm_store *s = store_of(state);

	no_policies(s);
	add_customer(s, "Never");
	add_contacted(s, "x", days_ago(100));
	CHECK_DUE(s, NULL, "");
	add(s, "followup_policy", "steps", "7d call"); /* says nothing of those never contacted */
	CHECK_DUE(s, "customer", "2\n");
}

/* It alone, even where it says nothing and a later one would; of its steps the longest that is owed. */
static void the_first_policy_that_fits_decides(void **state)
{
	crm_store *s = store_of(state);

	add(s, "customer", "name", "vip", "tags", "vip");
	add(s, "customer", "name", "vip, long ago", "tags", "vip");
	add(s, "customer", "name", "vip, never", "tags", "vip");
	add(s, "customer", "name", "lead", "stage", "lead");
	add_customer(s, "other");
	add_log(s, 1, days_ago(2), "chat");
	add_log(s, 2, days_ago(20), "chat");
	add_log(s, 4, days_ago(5), "chat");
	add_log(s, 5, days_ago(5), "chat");
	CHECK_DUE(s, "customer,action", "3|call\n2|visit\n4|call\n5|call\n");
	add(s, "followup_policy", "filter", "tag:vip", "steps",
		"14d visit, 1d wechat"); /* 2: no word of the never contacted */
	CHECK_DUE(s, "customer,action", "2|visit\n4|call\n5|call\n1|wechat\n");
	steps(s, "never email, 7d visit, 3d call");
	add(s, "followup_policy", "filter", "stage:lead or name:\"no such\"", "steps", "30d sms"); /* 3: patient */
	CHECK_DUE(s, "customer,action", "2|visit\n5|call\n1|wechat\n");
	edit(s, "followup_policy", 1, "position", "1"); /* the general one first: nothing is left to the others */
	CHECK_DUE(s, "customer,action", "3|email\n2|visit\n4|call\n5|call\n");
}

static void policies_for_some_come_before_those_for_all(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	add(s, "followup_policy", "filter", "tag:a", "steps", "1d call");
	add(s, "followup_policy", "filter", "tag:b", "steps", "1d call");
	add(s, "followup_policy", "steps", "1d call"); /* for all, behind the one for all there is */
	add(s, "followup_policy", "filter", "tag:c", "steps", "1d call", "position", "7");
	edit(s, "followup_policy", 1, "position", "21");
	add(s, "followup_policy", "filter", "tag:d", "steps", "1d call"); /* between 20 and 21 there is nothing */
	scoped_text got = raw_text(sb->path, "SELECT id || '@' || position FROM followup_policy ORDER BY position, id");
	/* The numbers 2 and 3 were those of schema 1. */
	assert_string_equal(got, "7@7\n4@10\n5@20\n8@20\n1@21\n6@1010\n");
}

static void a_cadence_of_their_own_comes_before_the_policy(void **state)
{
	crm_store *s = store_of(state);

	add(s, "customer", "name", "monthly", "cadence", "30d");
	add(s, "customer", "name", "often", "cadence", "1d wechat, 2d visit");
	add(s, "customer", "name", "never mind", "cadence", "off");
	add(s, "customer", "name", "monthly, never contacted", "cadence", "30d visit");
	add(s, "customer", "name", "monthly, long ago", "cadence", "30d");
	add_log(s, 1, days_ago(20), "chat");
	add_log(s, 2, days_ago(2), "chat");
	add_log(s, 3, days_ago(99), "chat");
	add_log(s, 5, days_ago(31), "chat");
	CHECK_DUE(s, "customer,action,reason",
		"4|call|never contacted\n"
		"5|call|31 days since the last contact, more than 30d\n"
		"2|wechat|2 days since the last contact, more than 1d\n");
	no_policies(s); /* cadences hold without any */
	CHECK_DUE(s, "customer,action", "5|call\n2|wechat\n");
}

/*
 * October 2026 in China: the 1st (a Thursday) to the 7th are holidays, Saturday the 10th is worked. From Wednesday
 * 30 September to Tuesday 13 October there are: Thursday 8, Friday 9, Saturday 10, Monday 12, Tuesday 13: five.
 */
static void working_days_of_a_calendar_know_holidays_and_make_up_days(void **state)
{
	crm_store *s = store_of(state);

	add(s, "calendar", "name", "cn", "hours", "mon-fri 09:00-18:00", "holidays", "2026-10-01..2026-10-07 国庆",
		"workdays", "2026-10-10 补班");
	steps(s, "4wd call");
	crm_store_set_clock(s, utc(2026, 10, 13, 4, 0), false);
	add_contacted(s, "x", utc(2026, 9, 30, 8, 0));
	add_contacted(s, "y", utc(2026, 10, 6, 8, 0));
	add_contacted(s, "z", utc(2026, 10, 8, 8, 0)); /* Friday, Saturday, Monday, Tuesday: four */
	CHECK_DUE(s, "customer,days", "1|9\n2|5\n");   /* Monday to Friday: 1 2 5 6 7 8 9 12 13; 7 8 9 12 13 */
	edit(s, "followup_policy", 1, "calendar", "cn");
	CHECK_DUE(s, "customer,days,reason",
		"1|5|5 working days since the last contact, more than 4wd\n"
		"2|5|5 working days since the last contact, more than 4wd\n");
	edit(s, "followup_policy", 1, "steps", "3wd call");
	CHECK_DUE(s, "customer,days", "1|5\n2|5\n3|4\n");
	assert_status(s, CRM_NOTFOUND, try_edit(s, "followup_policy", 1, "calendar", "nosuch", NULL));
	assert_status(s, CRM_CONFLICT, try_remove(s, "calendar", 2));
}

/* A calendar with a zone counts the days of that zone, wherever the question is asked. */
static void working_days_are_of_the_calendars_zone(void **state)
{
	crm_store *s = store_of(state);

	add(s, "calendar", "name", "cn", "hours", "mon-fri 09:00-18:00", "zone", "Asia/Shanghai");
	edit(s, "followup_policy", 1, "steps", "2wd call", "calendar", "cn");
	add_contacted(s, "x", utc(2026, 3, 4, 15, 59)); /* Wednesday in Shanghai, Thursday from 16:00 on */
	add_contacted(s, "y", utc(2026, 3, 5, 15, 59));
	add_contacted(s, "z", utc(2026, 3, 5, 16, 0)); /* Friday in Shanghai: Monday and Tuesday are two */
	for (size_t i = 0; i < 2; i++) {
		CHECK_DUE(s, "customer,days", "1|4\n2|3\n");
		assert_ok(s, crm_store_set_zone(s, "America/New_York"));
	}
}

static void policies_judge_history_anew(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_text before = NULL, after = NULL;

	add_contacted(s, "x", days_ago(5));
	CHECK_DUE(s, "customer,action", "1|call\n");
	steps(s, "5d call");
	before = dump(sb->path, true);
	CHECK_DUE(s, "customer,action", "");
	crm_store_set_clock(s, NOW + DAY, false);
	CHECK_DUE(s, "customer,action", "1|call\n");
	CHECK_DUE(s, "customer,action", "1|call\n"); /* only reads: twice is the same */
	after = dump(sb->path, true);
	assert_string_equal(after, before);
}

/* --- filter, order, limits --- */

static void filters_sorts_and_limits(void **state)
{
	crm_store *s = store_of(state);

	add(s, "customer", "name", "B", "city", "北京");
	add(s, "customer", "name", "A", "city", "上海");
	add(s, "customer", "name", "D", "city", "北京");
	add(s, "customer", "name", "C");
	for (int64_t id = 1; id <= 3; id++)
		add_log(s, id, days_ago(3 + id), "chat");
	CHECK_DUE(s, "name", "C\nD\nA\nB\n");
	check_due_with(s, (crm_due_options){ ALL, .fields = "name", FILTER("city:北京") }, "D\nB\n");
	check_due_with(s,
		(crm_due_options){ ALL, .fields = "name", FILTER("(", "city:上海", "or", "id:4", ")", "not:id:9") },
		"C\nA\n");
	check_due_with(s, (crm_due_options){ .limit = 2, .fields = "name" }, "C\nD\n");
	check_due_with(s, (crm_due_options){ .limit = 2, .offset = 1, .fields = "name" }, "D\nA\n");
	check_due_with(s, (crm_due_options){ ALL, .offset = 9, .fields = "name" }, "");
	check_due_with(s, (crm_due_options){ .limit = 0, .fields = "name" }, "");
	check_due_with(s, (crm_due_options){ ALL, .fields = "name", .sort = "name" }, "A\nB\nC\nD\n");
	check_due_with(s, (crm_due_options){ ALL, .fields = "name", .sort = "-days" }, "D\nA\nB\nC\n");
	check_due_with(s, (crm_due_options){ ALL, .fields = "name,days", .sort = "days" }, "B|4\nA|5\nD|6\nC|-\n");
	check_due_with(s, (crm_due_options){ .limit = 1, .offset = 1, .fields = "name", .sort = "city,-name" }, "D\n");
}

static void bad_requests_are_refused(void **state)
{
	const struct {
		crm_due_options opt;
		const char *part;
	} cases[] = {
		{ { ALL, FILTER("ctiy:x") }, "customer has no field 'ctiy', did you mean 'city'?" },
		{ { ALL, .fields = "nam" }, "customer has no field 'nam', did you mean 'name'?" },
		{ { ALL, .fields = "name,,city" }, "an empty name" },
		{ { ALL, .sort = "actionn" }, "actionn" },
	};
	crm_store *s = store_of(state);
	crm_cursor *c;

	add_customer(s, "x");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_status(s, CRM_INVALID, crm_followup_due(&c, s, &cases[i].opt));
		if (!strstr(crm_errmsg(s), cases[i].part))
			fail_msg("'%s' instead of '…%s…'", crm_errmsg(s), cases[i].part);
	}
}

/* --- on any past day --- */

enum {
	STEPS = 120,
	CUTS = 12
};

/* The same life of a store, step by step, each at its own time; `until` cuts it. */
static void live(crm_store *s, uint64_t seed, int64_t until)
{
	struct random random = { seed };
	int64_t customers = 0;

	for (int i = 0; i < STEPS; i++) {
		int64_t now = NOW - (int64_t)(STEPS - i) * 6 * HOUR;
		size_t what = random_below(&random, 4), who = random_below(&random, 1000),
		       when = random_below(&random, 5);
		const char *channel = random_below(&random, 2) ? "phone" : "chat";

		if (now > until)
			return;
		crm_store_set_clock(s, now, false);
		if (what == 0 || customers == 0) {
			add(s, "customer", "name", "x", "tags", who % 3 ? "" : "vip", "do_not_call",
				who % 4 ? "no" : "yes");
			customers++;
		} else {
			/* Most are entered when they take place; some are planned ahead. */
			add_log(s, 1 + (int64_t)who % customers, when == 4 ? now + 3 * DAY : now, channel);
		}
	}
}

static char *answer(crm_store *s)
{
	return due_text(s, &(crm_due_options){ ALL, .fields = "+last_contact_channel,contacts" });
}

static char *customers_text(crm_store *s)
{
	crm_query *q;
	crm_cursor *c;

	assert_ok(s, crm_query_new(&q, s, entity("customer")));
	assert_ok(s, crm_query_fields(q, "id,name,last_contact_at,last_contact_channel,contacts"));
	assert_ok(s, crm_query_sort(q, "-last_contact_at"));
	assert_ok(s, crm_query_open(&c, q));
	crm_query_free(q);
	return rows_text(s, c);
}

static void a_past_now_shows_what_was_then(void **state)
{
	struct sandbox *sb = *state;
	int met = 0;

	add(sb->s, "followup_policy", "filter", "tag:vip", "steps", "never call, 30h wechat, 5d visit");
	live(sb->s, 42, INT64_MAX);
	for (int i = 1; i <= CUTS; i++) {
		int64_t cut = NOW - (int64_t)(STEPS * i / (CUTS + 1)) * 6 * HOUR + i * 1000;
		scoped_text replayed = NULL, expected = NULL, list = NULL, list_expected = NULL;
		void *other;
		crm_store *s;

		sandbox_setup(&other);
		s = ((struct sandbox *)other)->s;
		add(s, "followup_policy", "filter", "tag:vip", "steps", "never call, 30h wechat, 5d visit");
		live(s, 42, cut);
		crm_store_set_clock(s, cut, false);
		crm_store_set_clock(sb->s, cut, true);
		replayed = answer(sb->s);
		expected = answer(s);
		assert_string_equal(replayed, expected);
		list = customers_text(sb->s);
		list_expected = customers_text(s);
		assert_string_equal(list, list_expected);
		met += *expected != '\0';
		sandbox_teardown(&other);
	}
	assert_true(met > CUTS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(more_than_three_days_a_call_more_than_seven_a_visit),
		sandbox_test(the_usual_columns),
		sandbox_test(days_are_local_calendar_days),
		sandbox_test(days_with_another_number_of_hours_are_days),
		sandbox_test(only_communications_count_and_the_latest_of_them),
		sandbox_test(planned_contacts_are_none_yet),
		sandbox_test(who_must_not_be_called_is_written_to),
		sandbox_test(hours_are_elapsed_time),
		sandbox_test(working_days_leave_weekends_out),
		sandbox_test(weeks_and_zero),
		sandbox_test(without_a_policy_nobody_is_owed_anything),
		sandbox_test(the_first_policy_that_fits_decides),
		sandbox_test(policies_for_some_come_before_those_for_all),
		sandbox_test(a_cadence_of_their_own_comes_before_the_policy),
		sandbox_test(working_days_of_a_calendar_know_holidays_and_make_up_days),
		sandbox_test(working_days_are_of_the_calendars_zone),
		sandbox_test(policies_judge_history_anew),
		sandbox_test(filters_sorts_and_limits),
		sandbox_test(bad_requests_are_refused),
		sandbox_test(a_past_now_shows_what_was_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What is owed by agreement beside what policies ask: ranking, covering, quiet hours, and any past day. */
#include "store_helper.h"

#include <crm/followup.h>

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

#define ALL                             .limit = -1
#define CHECK_DUE(s, fields_, expected) check_due_with(s, (crm_due_options){ ALL, .fields = (fields_) }, expected)

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

/* A follow-up of customer `id`, `due` as people write it. */
#define add_task(s, customer_, ...) add(s, "followup", "customer", customer_, "due", __VA_ARGS__)

/* --- one list --- */

static void promises_come_first_the_longest_late_before_the_others(void **state)
{
	crm_store *s = store_of(state);

	add_customer(s, "never contacted");            /* 1 */
	add_contacted(s, "silent", days_ago(9));       /* 2 */
	add_contacted(s, "spoken to", days_ago(1));    /* 3 */
	add_contacted(s, "long silent", days_ago(99)); /* 4 */
	add_contacted(s, "both", days_ago(50));        /* 5 */
	add_task(s, "3", "2026-03-10 11:59", "purpose", "報價");
	add_task(s, "3", "2026-03-10 12:01", "action", "visit");
	add_task(s, "5", "2026-03-08", "action", "email", "purpose", "send the\ncontract");
	add_task(s, "3", "2026-03-10");
	CHECK_DUE(s, "customer,followup,action,days,reason",
		"5|3|email|50|due 2026-03-08, 2 days late: send the\ncontract\n"
		"3|4|call|1|due 2026-03-10\n"
		"3|1|call|1|due 2026-03-10 11:59: 報價\n"
		"1|-|call|-|never contacted\n"
		"4|-|visit|99|99 days since the last contact, more than 7d\n"
		"2|-|visit|9|9 days since the last contact, more than 7d\n");
	/* A whole day is due from its first second on, a clock from its own. */
	crm_store_set_clock(s, utc(2026, 3, 9, 16, 0) - 1, false);
	CHECK_DUE(s, "followup", "3\n-\n-\n-\n");
	crm_store_set_clock(s, utc(2026, 3, 9, 16, 0), false);
	CHECK_DUE(s, "followup", "3\n4\n-\n-\n-\n");
	crm_store_set_clock(s, NOW + 60, false);
	CHECK_DUE(s, "followup,due,purpose",
		"3|1772899200|send "
		"the\ncontract\n4|1773072000|-\n1|1773115140|報價\n2|1773115260|-\n-|-|-\n-|-|-\n-|-|-\n");
}

static void what_is_done_or_put_off_is_not_due(void **state)
{
	crm_store *s = store_of(state);

	add_contacted(s, "x", days_ago(1));
	for (int i = 1; i <= 4; i++)
		add_task(s, "1", "2026-03-09", "purpose", "p");
	assert_ok(s, crm_followup_done(NULL, s, 1, NULL));
	assert_ok(s, crm_followup_skip(NULL, s, 2, NULL));
	assert_ok(s, crm_followup_snooze(s, 3, NOW + HOUR));
	CHECK_DUE(s, "followup", "4\n");
	crm_store_set_clock(s, NOW + HOUR, false);
	CHECK_DUE(s, "followup,due,reason",
		"4|1772985600|due 2026-03-09, 1 day late: p\n3|1773118800|put off until 2026-03-10 13:00: p\n");
}

static void who_owes_it(void **state)
{
	crm_store *s = store_of(state);

	add(s, "agent", "name", "wang");
	add(s, "agent", "name", "li");
	add(s, "customer", "name", "Wang's", "owner", "wang");
	add(s, "customer", "name", "nobody's");
	add_log(s, 1, days_ago(1), "chat");
	add_log(s, 2, days_ago(8), "chat");
	add(s, "customer", "name", "Li's", "owner", "li");
	add_task(s, "1", "2026-03-08", "owner", "li"); /* 1: somebody else's customer */
	add_task(s, "1", "2026-03-09");                /* 2 */
	CHECK_DUE(s, "customer,followup,owner", "1|1|li\n1|2|wang\n3|-|li\n2|-|-\n");
	check_due_with(
		s, (crm_due_options){ ALL, .fields = "customer,followup,owner", .owner = "li" }, "1|1|li\n3|-|li\n");
	check_due_with(s, (crm_due_options){ ALL, .fields = "followup", .owner = "wang" }, "2\n");
	/* A filter is on customers. */
	check_due_with(s,
		(crm_due_options){
			ALL, .fields = "followup", .filter = (const char *const[]){ "owner:wang" }, .nfilter = 1 },
		"1\n2\n");
	/* What nobody looks after is nobody's, unless the customer is somebody's. */
	edit(s, "followup", 2, "owner", "");
	check_due_with(s, (crm_due_options){ ALL, .fields = "followup", .owner = "wang" }, "2\n");
	check_due_with(s, (crm_due_options){ ALL, .fields = "owner,customer", .group_by = "owner" },
		"li|1\nli|3\nwang|1\n-|2\n");
	check_due_with(s, (crm_due_options){ ALL, .fields = "customer", .group_by = "action", .sort = "-customer" },
		"3|call\n1|call\n1|call\n2|visit\n");
	check_due_with(s, (crm_due_options){ .limit = 1, .offset = 1, .fields = "followup" }, "2\n");
}

static void who_must_not_be_called_is_written_to(void **state)
{
	crm_store *s = store_of(state);

	add(s, "customer", "name", "A", "do_not_call", "yes");
	add_task(s, "1", "2026-03-09", "action", "call");
	add_task(s, "1", "2026-03-10", "action", "visit");
	CHECK_DUE(s, "action,reason", "email|due 2026-03-09, 1 day late; must not be called\nvisit|due 2026-03-10\n");
}

/* --- a next step agreed upon --- */

/* As far ahead as the policy's longest step reaches back: 7 days. */
static void a_policy_leaves_alone_who_has_a_next_step(void **state)
{
	crm_store *s = store_of(state);

	add_contacted(s, "x", days_ago(9));
	add_contacted(s, "y", days_ago(9));
	add_customer(s, "never");
	add_task(s, "1", "2026-03-17 23:59");
	add_task(s, "2", "2026-03-18");
	add_task(s, "3", "2026-03-12");
	CHECK_DUE(s, "customer,followup", "2|-\n");
	edit(s, "followup", 3, "due", "2026-03-18"); /* never contacted: the same */
	CHECK_DUE(s, "customer,followup", "3|-\n2|-\n");
	edit(s, "followup_policy", 1, "steps", "never call, 8d visit");
	CHECK_DUE(s, "customer,followup", "");
	/* Working days: Wednesday 11, Thursday 12, Friday 13, Monday 16, Tuesday 17, Wednesday 18. */
	edit(s, "followup_policy", 1, "steps", "5wd visit");
	CHECK_DUE(s, "customer,followup", "2|-\n");
	edit(s, "followup_policy", 1, "steps", "6wd call, 1d visit");
	CHECK_DUE(s, "customer,followup", "");
	/* Elapsed time: from noon on the 10th to midnight on the 18th are 180 hours. */
	edit(s, "followup_policy", 1, "steps", "180h visit");
	CHECK_DUE(s, "customer,followup", "");
	edit(s, "followup_policy", 1, "steps", "179h visit"); /* a minute less than until the one of customer 1 */
	CHECK_DUE(s, "customer,followup", "1|-\n2|-\n");
	/* Their own cadence, and what is done. */
	edit(s, "customer", 2, "cadence", "8d");
	CHECK_DUE(s, "customer,followup", "1|-\n");
	assert_ok(s, crm_followup_done(NULL, s, 2, NULL));
	CHECK_DUE(s, "customer,followup,action", "1|-|visit\n2|-|call\n");
	/* One that is due stands for the contact, of whatever kind. */
	add_task(s, "2", "2026-03-01", "action", "email");
	CHECK_DUE(s, "customer,followup,action", "2|4|email\n1|-|visit\n");
	edit(s, "followup_policy", 1, "steps", "never call"); /* nothing ahead counts where there is no length */
	CHECK_DUE(s, "customer,followup", "2|4\n3|-\n");
}

/* --- quiet hours --- */

/* It is noon in Shanghai: 04:00 in London, 21:00 of the day before in Los Angeles. */
static void nobody_is_disturbed_at_night(void **state)
{
	crm_store *s = store_of(state);

	add(s, "customer", "name", "here");
	add(s, "customer", "name", "London", "timezone", "Europe/London");
	add(s, "customer", "name", "LA", "timezone", "America/Los_Angeles");
	add(s, "customer", "name", "London, silent", "timezone", "Europe/London", "do_not_call", "yes");
	edit(s, "followup_policy", 1, "quiet_hours", "21:00-09:00");
	CHECK_DUE(s, "customer,action,not_before,reason",
		"1|call|-|never contacted\n"
		"2|call|1773133200|never contacted; quiet hours until 09:00 Europe/London\n" /* 09:00 UTC */
		"3|call|1773158400|never contacted; quiet hours until 09:00 America/Los_Angeles\n" /* 16:00 UTC: summer time */
		"4|email|-|never contacted; must not be called\n");
	check_due_with(s, (crm_due_options){ ALL, .fields = "customer", .reachable = true }, "1\n4\n");
	/* A minute before and at the end. */
	crm_store_set_clock(s, 1773133200 - 1, false);
	check_due_with(s, (crm_due_options){ ALL, .fields = "customer", .reachable = true }, "1\n4\n");
	crm_store_set_clock(s, 1773133200, false);
	check_due_with(s, (crm_due_options){ ALL, .fields = "customer", .reachable = true }, "1\n2\n4\n");
	/* The policy that fits says so, no other. */
	add(s, "followup_policy", "filter", "id:3", "steps", "never visit");
	CHECK_DUE(s, "customer,action,not_before", "1|call|-\n2|call|-\n3|visit|-\n4|email|-\n");
}

static void an_hour_agreed_upon_holds_at_night(void **state)
{
	crm_store *s = store_of(state);

	edit(s, "followup_policy", 1, "quiet_hours", "21:00-09:00");
	add_contacted(s, "x", days_ago(1));
	add_task(s, "1", "2026-03-10 20:30");                    /* before the night */
	add_task(s, "1", "2026-03-10 21:30");                    /* in it: agreed so */
	add_task(s, "1", "2026-03-10");                          /* no hour */
	add_task(s, "1", "2026-03-10 19:00", "action", "email"); /* disturbs nobody */
	add_task(s, "1", "2026-03-09 22:00");                    /* another night's */
	crm_store_set_clock(s, utc(2026, 3, 10, 14, 0), false);  /* 22:00 */
	CHECK_DUE(s, "followup,not_before", "5|1773190800\n3|1773190800\n4|-\n1|1773190800\n2|-\n");
	check_due_with(s, (crm_due_options){ ALL, .fields = "followup", .reachable = true }, "4\n2\n");
}

/* --- on any past day --- */

enum {
	STEPS = 150,
	CUTS = 14
};

/*
 * The same life of a store, step by step, each at its own time; some follow-ups are late when they are written down.
 * `until` cuts it. What a store does not remember is left out: follow-ups that are put off or moved, customers and
 * policies that are edited.
 */
static void live(crm_store *s, uint64_t seed, int64_t until)
{
	struct random random = { seed };
	int64_t customers = 0, tasks = 0;

	for (int i = 0; i < STEPS; i++) {
		int64_t now = NOW - (int64_t)(STEPS - i) * 6 * HOUR;
		size_t what = random_below(&random, 6), who = random_below(&random, 1000),
		       ahead = random_below(&random, 80);
		scoped_text customer = NULL, due = NULL;

		assert_true(asprintf(&customer, "%lld", (long long)(1 + (int64_t)who % (customers + !customers))) > 0);
		assert_true(asprintf(&due, "@%lld", (long long)(now + ((int64_t)ahead - 20) * 3 * HOUR)) > 0);
		if (now > until)
			return;
		crm_store_set_clock(s, now, false);
		if (what == 0 || customers == 0) {
			add(s, "customer", "name", "x", "do_not_call", who % 4 ? "no" : "yes", "timezone",
				who % 3 ? "" : "Europe/London", "cadence", who % 5 ? "" : "2d sms");
			customers++;
		} else if (what <= 2) {
			add_task(s, customer, due, "action", who % 2 ? "call" : "visit");
			tasks++;
		} else if (what == 3 && tasks > 0) {
			/* Some are done already: refused. */
			crm_followup_done(NULL, s, 1 + (int64_t)who % tasks, NULL);
		} else {
			add_log(s, 1 + (int64_t)who % customers, now, "chat");
		}
	}
}

static char *answer(crm_store *s)
{
	return due_text(s, &(crm_due_options){ ALL, .fields = "+next_followup" });
}

static void a_past_now_shows_what_was_then(void **state)
{
	struct sandbox *sb = *state;
	int met = 0;

	edit(sb->s, "followup_policy", 1, "quiet_hours", "20:00-08:00");
	live(sb->s, 7, INT64_MAX);
	for (int i = 1; i <= CUTS; i++) {
		int64_t cut = NOW - (int64_t)(STEPS * i / (CUTS + 1)) * 6 * HOUR + i * 1000;
		scoped_text replayed = NULL, expected = NULL;
		void *other;
		crm_store *s;

		sandbox_setup(&other);
		s = ((struct sandbox *)other)->s;
		edit(s, "followup_policy", 1, "quiet_hours", "20:00-08:00");
		live(s, 7, cut);
		crm_store_set_clock(s, cut, false);
		crm_store_set_clock(sb->s, cut, true);
		replayed = answer(sb->s);
		expected = answer(s);
		if (strcmp(replayed, expected) != 0)
			fail_msg("at %lld:\n%sinstead of\n%s", (long long)cut, replayed, expected);
		met += strstr(expected, "due ") && strstr(expected, "last contact");
		sandbox_teardown(&other);
	}
	assert_true(met > CUTS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(promises_come_first_the_longest_late_before_the_others),
		sandbox_test(what_is_done_or_put_off_is_not_due),
		sandbox_test(who_owes_it),
		sandbox_test(who_must_not_be_called_is_written_to),
		sandbox_test(a_policy_leaves_alone_who_has_a_next_step),
		sandbox_test(nobody_is_disturbed_at_night),
		sandbox_test(an_hour_agreed_upon_holds_at_night),
		sandbox_test(a_past_now_shows_what_was_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

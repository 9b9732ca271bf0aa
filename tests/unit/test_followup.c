/* Follow-ups that were agreed upon, as a program calls them: what a step says has followed, and what it refuses. */
#include "store_helper.h"

/* Of a follow-up: status, due, due_day, series, occurrence, log. */
static void check_task(crm_store *s, int64_t id, const char *expected)
{
	crm_cursor *c;
	crm_query *q;

	assert_ok(s, crm_query_new(&q, s, crm_entity_find("followup")));
	assert_ok(s, crm_query_fields(q, "status,due,due_day,series,occurrence,log"));
	assert_ok(s, crm_query_ids(q, &id, 1));
	assert_ok(s, crm_query_open(&c, q));
	crm_query_free(q);
	scoped_text got = rows_text(s, c);
	if (strcmp(got, expected) != 0)
		fail_msg("followup %lld is %sinstead of %s", (long long)id, got, expected);
}

/* NOW is Tuesday 2026-03-10 12:00 in Shanghai. */
static void a_step_tells_what_followed_from_it(void **state)
{
	crm_store *s = store_of(state);
	const crm_followup_done_options done = {
		.text = "agreed", .channel = "phone", .inbound = true, .at = NOW - 3600, .next = "visit:2026-03-20"
	};
	crm_followup_result r;

	add_customer(s, "Li");
	add(s, "followup", "customer", "1", "due", "2026-02-24 09:00", "every", "week");
	assert_ok(s, crm_followup_done(&r, s, 1, &done));
	/* 3 March and today at nine have passed; the 17th is next */
	assert_int_equal(r.repeated, 2);
	assert_int_equal(r.missed, 2);
	assert_int_equal(r.next, 3);
	assert_int_equal(r.log, 1);
	check_task(s, 1, "done|1771894800|-|1|1|1\n");
	check_task(s, 2, "open|1773709200|-|1|2|-\n");
	check_task(s, 3, "open|1773936000|2026-03-20|-|-|-\n");
	/* both may be left out */
	assert_ok(s, crm_followup_done(NULL, s, 3, NULL));
	assert_ok(s, crm_followup_skip(&r, s, 2, NULL));
	assert_int_equal(r.missed, 0);
	check_task(s, r.repeated, "open|1774314000|-|1|3|-\n");
}

static void steps_are_refused_with_their_reason(void **state)
{
	crm_store *s = store_of(state);
	crm_followup_result r = { .log = 7, .next = 7, .repeated = 7, .missed = 7 };

	add_customer(s, "Li");
	add(s, "followup", "customer", "1", "due", "2026-03-20");
	assert_refused(s, CRM_NOTFOUND, "there is no followup 9", crm_followup_done(&r, s, 9, NULL));
	assert_refused(s, CRM_INVALID, "2026-03-10 13:00 lies ahead: only what has happened can be written down",
		crm_followup_done(&r, s, 1, &(crm_followup_done_options){ .at = NOW + 3600 }));
	assert_refused(s, CRM_INVALID, "2026-03-10 12:00 has passed already: nothing can be snoozed until then",
		crm_followup_snooze(s, 1, NOW));
	assert_status(s, CRM_INVALID, crm_followup_done(&r, s, 1, &(crm_followup_done_options){ .channel = "owl" }));
	assert_refused(s, CRM_INVALID, "next: 'call' is not ACTION:TIME, as in call:+7d or visit:next monday 10:00",
		crm_followup_done(&r, s, 1, &(crm_followup_done_options){ .channel = "phone", .next = "call" }));
	/* nothing came of all that */
	assert_int_equal(r.log + r.next + r.repeated + r.missed, 28);
	check_task(s, 1, "open|1773936000|2026-03-20|-|-|-\n");
	assert_ok(s, crm_followup_snooze(s, 1, NOW + 1));
	assert_ok(s, crm_followup_skip(NULL, s, 1, "gone"));
	assert_refused(s, CRM_CONFLICT, "followup 1 is skipped already", crm_followup_snooze(s, 1, NOW + 2));
	assert_refused(s, CRM_CONFLICT, "followup 1 is skipped already", crm_followup_done(NULL, s, 1, NULL));
}

static void steps_take_part_in_an_open_operation(void **state)
{
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	add(s, "followup", "customer", "1", "due", "2026-03-20", "after", "2w");
	assert_ok(s, crm_begin(s, "two steps"));
	assert_ok(s, crm_followup_snooze(s, 1, NOW + 1));
	assert_ok(s, crm_followup_done(NULL, s, 1, NULL));
	crm_rollback(s);
	check_task(s, 1, "open|1773936000|2026-03-20|1|1|-\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(a_step_tells_what_followed_from_it),
		sandbox_test(steps_are_refused_with_their_reason),
		sandbox_test(steps_take_part_in_an_open_operation),
	};

	return cmocka_run_group_tests_name("followup", tests, NULL, NULL);
}

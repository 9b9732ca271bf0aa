/* Which copies are kept: names, rules, and the choice in cases worked out by hand; keep_oracle.py has the others. */
#include "store_helper.h"

static void check_rules(crm_store *s, const char *text, int days, int weeks, int months, int years)
{
	crm_keep keep;

	assert_ok(s, crm_keep_parse(&keep, s, text));
	if (keep.days != days || keep.weeks != weeks || keep.months != months || keep.years != years)
		fail_msg("%s: %dd %dw %dm %dy", text, keep.days, keep.weeks, keep.months, keep.years);
}

static void rules_are_read(void **state)
{
	static const char *const wrong[] = { "", "7", "d", "7d,", ",7d", "7d,7d", "1m,1mo", "0d", "-1d", "7 d", "7D",
		"7d 4w", "10001d", "99999999999999999999d", "7d4w", "7dd", "7h", "+7d", "1.5d" };
	crm_store *s = new_handle();
	crm_keep keep = { .days = 42 };

	(void)state;
	check_rules(s, "7d,4w,12m", 7, 4, 12, 0);
	check_rules(s, "3y,12mo", 0, 0, 12, 3);
	check_rules(s, "10000d", 10000, 0, 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		if (crm_keep_parse(&keep, s, wrong[i]) != CRM_INVALID)
			fail_msg("'%s' is taken", wrong[i]);
	assert_int_equal(keep.days, 42);
	crm_store_close(s);
}

static void names_tell_their_time(void **state)
{
	static const char *const wrong[] = { "", "crm.db", "crm-20260310T040000Z", "crm-20260310T040000Z.db.old",
		"crm-20260310T040000Z.db.encx", "crm-20260310T040000.db", "xcrm-20260310T040000Z.db",
		"crm-2026031OT040000Z.db", "crm-20260230T040000Z.db", "crm-20261310T040000Z.db",
		"crm-20260310T240000Z.db", "crm-20260310T046000Z.db", "crm-20260310T040060Z.db",
		"crm-20260310t040000Z.db", "crm-00000310T040000Z.db", "crm--2026310T040000Z.db" };
	crm_store *s = new_handle();
	char name[32];
	int64_t time = 0;

	(void)state;
	crm_backup_name(name, s);
	assert_string_equal(name, "crm-20260310T040000Z.db");
	assert_true(crm_backup_name_time(&time, name));
	assert_int_equal(time, NOW);
	assert_true(crm_backup_name_time(&time, "crm-20240229T235959Z.db.enc"));
	assert_int_equal(time, utc(2024, 2, 29, 23, 59) + 59);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		if (crm_backup_name_time(&time, wrong[i]))
			fail_msg("'%s' is taken", wrong[i]);
	crm_store_close(s);
}

/* The places of those that are kept, as `0 3`. */
static void check_choice(crm_store *s, const char *rules, const int64_t *times, size_t n, const char *expected)
{
	bool keep[16];
	char text[64] = "";
	crm_keep parsed;

	assert_true(n <= ARRAY_SIZE(keep));
	assert_ok(s, crm_keep_parse(&parsed, s, rules));
	assert_ok(s, crm_keep_choose(keep, s, &parsed, times, n, NOW));
	for (size_t i = 0; i < n; i++)
		if (keep[i])
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%zu", *text ? " " : "", i);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: kept '%s', not '%s'", rules, text, expected);
}

static void the_newest_of_each_period_is_kept(void **state)
{
	/* Tuesday 10 March at noon in Shanghai; 9 was a Monday. A local day begins at 16:00 UTC. */
	const int64_t times[] = {
		NOW,                       /* 0 Tue 10th */
		NOW - 2 * HOUR,            /* 1 Tue 10th, earlier */
		utc(2026, 3, 9, 15, 59),   /* 2 Mon 9th, 23:59 */
		utc(2026, 3, 8, 16, 0),    /* 3 Mon 9th, 00:00 */
		utc(2026, 3, 8, 15, 59),   /* 4 Sun 8th, 23:59: the week before */
		utc(2026, 2, 28, 15, 59),  /* 5 Sat 28th February, 23:59 */
		utc(2026, 2, 28, 16, 0),   /* 6 Sun 1st March, of the same week as 5 */
		utc(2025, 12, 31, 15, 59), /* 7 Wed 31st December, 23:59 */
		utc(2025, 12, 31, 16, 0),  /* 8 Thu 1st January 2026, of the same week as 7 */
		NOW + 1,                   /* 9 not yet: kept, and counts for nothing */
	};
	crm_store *s = new_handle();

	(void)state;
	check_choice(s, "1d", times, 10, "0 9");
	check_choice(s, "2d", times, 10, "0 2 9");
	check_choice(s, "3d", times, 10, "0 2 4 9");
	check_choice(s, "100d", times, 10, "0 2 4 5 6 7 8 9");
	check_choice(s, "2w", times, 10, "0 4 9");
	check_choice(s, "4w", times, 10, "0 4 6 8 9");
	check_choice(s, "2m", times, 10, "0 5 9");
	check_choice(s, "4m", times, 10, "0 5 7 8 9");
	check_choice(s, "2y", times, 10, "0 7 9");
	check_choice(s, "2d,2w,1y", times, 10, "0 2 4 9");
	/* no copy for a long time: the last days that have one */
	check_choice(s, "2d", times + 5, 4, "0 1");
	check_choice(s, "1d", times, 0, "");
	crm_store_close(s);
}

static void equal_times_are_one(void **state)
{
	const int64_t times[] = { NOW - DAY, NOW, NOW, NOW - DAY, NOW - 2 * DAY };
	crm_store *s = new_handle();

	(void)state;
	check_choice(s, "1d", times, 5, "1 2");
	check_choice(s, "2d", times, 5, "0 1 2 3");
	crm_store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_read),
		cmocka_unit_test(names_tell_their_time),
		cmocka_unit_test(the_newest_of_each_period_is_kept),
		cmocka_unit_test(equal_times_are_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

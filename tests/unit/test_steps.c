/* Steps of policies, cadences and quiet hours: what is read, how it is written, what is refused. */
#include "store_helper.h"

#include "service/quiet.h"
#include "service/steps.h"

struct reading {
	const char *text, *written, *message;
};

typedef int (*steps_fn)(struct steps *out, struct arena *mem, const char *text, size_t len, struct err *err);

static void check_steps(const struct reading *r, steps_fn parse)
{
	struct steps steps;
	struct arena mem = { 0 };
	struct err err = { 0 };
	struct buf out = BUF_INIT;
	int status = parse(&steps, &mem, r->text, strlen(r->text), &err);

	if (status == CRM_OK) {
		steps_write(&out, &steps);
		if (!r->written || strcmp(buf_str(&out), r->written) != 0)
			fail_msg("'%s' is written '%s'", r->text, buf_str(&out));
		steps_free(&steps);
	} else if (r->written || !strstr(buf_str(&err.msg), r->message)) {
		fail_msg("'%s': %s", r->text, buf_str(&err.msg));
	}
	buf_free(&out);
	buf_free(&err.msg);
	arena_free(&mem);
}

static void steps_are_read_and_written(void **state)
{
	static const struct reading readings[] = {
		{ .text = "7d visit", .written = "7d visit" },
		{ .text = "  never   call or email ,3d  call,\n2w\tvisit ",
			.written = "never call or email, 3d call, 2w visit" },
		{ .text = "3wd 电话 or 邮件, 72h 微信", .written = "3wd call or email, 72h wechat" },
		{ .text = "0d CALL", .written = "0d call" },
		{ .text = "1h30min sms", .written = "1h30min sms" },
		{ .text = "36500d letter", .written = "36500d letter" },
		{ .text = "7d visit, 7wd visit", .written = "7d visit, 7wd visit" },
		{ .text = "", .message = "does not begin with a time" },
		{ .text = "7d visit,", .message = "'' does not begin with a time" },
		{ .text = "7 visit", .message = "'7 visit' does not begin with a time like 7d, 2w, 3wd, 72h or never" },
		{ .text = "-7d visit", .message = "does not begin with a time" },
		{ .text = "visit", .message = "does not begin with a time" },
		{ .text = "3m call", .message = "does not begin with a time" },
		{ .text = "36501d call", .message = "does not begin with a time" },
		{ .text = "99999999999999999999d call", .message = "does not begin with a time" },
		{ .text = "NEVER call", .message = "does not begin with a time" },
		{ .text = "7d", .message = "'7d' says no action, as in 7d visit" },
		{ .text = "3d call, 7d dance",
			.message = "'7d dance' has no action that there is: call, visit, email" },
		{ .text = "7d call or", .message = "has no action that there is" },
		{ .text = "7d call or dance", .message = "has no action that there is" },
		{ .text = "7d call email", .message = "is not AFTER ACTION [or ALTERNATIVE]" },
		{ .text = "7d call or email or sms", .message = "is not AFTER ACTION [or ALTERNATIVE]" },
		{ .text = "7d call, 1w visit", .message = "'1w visit' is there twice" },
		{ .text = "never call, never visit", .message = "'never visit' is there twice" },
		{ .text = "off", .message = "does not begin with a time" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(readings); i++)
		check_steps(&readings[i], steps_parse);
}

static void cadences_are_steps_that_may_be_short_or_off(void **state)
{
	static const struct reading readings[] = {
		{ .text = "off", .written = "" },
		{ .text = "14d", .written = "14d call" },
		{ .text = "2w, 30d visit", .written = "2w call, 30d visit" },
		{ .text = "14d or email", .message = "has no action that there is" },
		{ .text = "off, 3d", .message = "does not begin with a time" },
		{ .text = "", .message = "does not begin with a time" },
		{ .text = "14d, 2w visit", .message = "is there twice" },
		{ .text = "weekly", .message = "'weekly' does not begin with a time" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(readings); i++)
		check_steps(&readings[i], cadence_parse);
}

/* --- quiet hours --- */

static void check_quiet(const struct reading *r)
{
	struct calendar_hours quiet;
	struct err err = { 0 };
	struct buf out = BUF_INIT;
	int status = quiet_parse(&quiet, r->text, strlen(r->text), &err);

	if (status == CRM_OK) {
		quiet_write(&out, &quiet);
		if (!r->written || strcmp(buf_str(&out), r->written) != 0)
			fail_msg("'%s' is written '%s'", r->text, buf_str(&out));
		quiet_free(&quiet);
	} else if (r->written || !strstr(buf_str(&err.msg), r->message)) {
		fail_msg("'%s': %s", r->text, buf_str(&err.msg));
	}
	buf_free(&out);
	buf_free(&err.msg);
}

static void quiet_hours_are_read_and_written(void **state)
{
	static const struct reading readings[] = {
		{ .text = "21:00-09:00", .written = "21:00-09:00" },
		{ .text = " 21:00 - 9:00 ", .written = "21:00-09:00" },
		{ .text = "21:00-09:00, 12:00-13:30", .written = "12:00-13:30 21:00-09:00" },
		{ .text = "12:00~13:30；21:00至9:00", .written = "12:00-13:30 21:00-09:00" },
		{ .text = "00:00-07:00 22:00-24:00", .written = "00:00-07:00 22:00-24:00" },
		{ .text = "", .message = "an empty text" },
		{ .text = ",", .message = "there are no hours, such as 21:00-09:00" },
		{ .text = "night", .message = "hours are written 09:00-18:00" },
		{ .text = "21-9", .message = "hours are written 09:00-18:00" },
		{ .text = "21:00", .message = "hours are written 09:00-18:00" },
		{ .text = "21:00-25:00", .message = "hours are written 09:00-18:00" },
		{ .text = "21:00-21:00", .message = "has no length" },
		{ .text = "12:00-14:00 13:00-15:00", .message = "overlaps" },
		{ .text = "21:00-09:00 08:00-10:00", .message = "overlap the first of the day" },
		{ .text = "00:00-24:00", .message = "leaves no time of the day" },
		{ .text = "09:00-21:00 21:00-09:00", .message = "leaves no time of the day" },
		{ .text = "21:00-09:00 always", .message = "hours are written 09:00-18:00" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(readings); i++)
		check_quiet(&readings[i]);
}

/* Whether it is quiet then, and from when until when, as `21:00-09:00` of hours after 2026-03-10 00:00 UTC. */
static void check_quiet_at(const char *hours, const char *zone_name, int64_t t, int64_t begin, int64_t end)
{
	struct calendar_hours quiet;
	struct err err = { 0 };
	struct zone *zone;
	int64_t b = 0, e = 0;

	assert_int_equal(quiet_parse(&quiet, hours, strlen(hours), &err), CRM_OK);
	assert_int_equal(zone_load(&zone, zone_name, &err), CRM_OK);
	assert_int_equal(quiet_at(&b, &e, &quiet, zone, t), end > 0);
	if (end > 0) {
		assert_int_equal(b, begin);
		assert_int_equal(e, end);
	}
	quiet_free(&quiet);
	zone_free(zone);
}

static void it_is_quiet_by_the_clock_of_a_zone(void **state)
{
	const int64_t day = utc(2026, 3, 10, 0, 0);

	(void)state;
	check_quiet_at("21:00-09:00", "UTC", day + 20 * HOUR + 3599, 0, 0);
	check_quiet_at("21:00-09:00", "UTC", day + 21 * HOUR, day + 21 * HOUR, day + 33 * HOUR);
	check_quiet_at("21:00-09:00", "UTC", day + 33 * HOUR - 1, day + 21 * HOUR, day + 33 * HOUR);
	check_quiet_at("21:00-09:00", "UTC", day + 33 * HOUR, 0, 0);
	/* 9:00 in Shanghai is 1:00 UTC. */
	check_quiet_at("21:00-09:00", "Asia/Shanghai", day, day - 11 * HOUR, day + HOUR);
	check_quiet_at("21:00-09:00", "Asia/Shanghai", day + HOUR, 0, 0);
	/* Hours that touch are one night. */
	check_quiet_at("00:00-07:00 22:00-24:00", "UTC", day + 23 * HOUR, day + 22 * HOUR, day + 31 * HOUR);
	check_quiet_at("00:00-07:00 22:00-24:00", "UTC", day + 30 * HOUR, day + 22 * HOUR, day + 31 * HOUR);
	/* Two apart. */
	check_quiet_at("12:00-13:00 21:00-09:00", "UTC", day + 12 * HOUR, day + 12 * HOUR, day + 13 * HOUR);
	check_quiet_at("12:00-13:00 21:00-09:00", "UTC", day + 14 * HOUR, 0, 0);
}

/* New York, 8 March 2026: at 2:00 the clock shows 3:00, so the night from 21:00 to 9:00 has eleven hours. */
static void a_night_with_another_number_of_hours_ends_by_the_clock(void **state)
{
	(void)state;
	check_quiet_at("21:00-09:00", "America/New_York", utc(2026, 3, 8, 8, 0), utc(2026, 3, 8, 2, 0),
		utc(2026, 3, 8, 13, 0));
	/* Hours that the clock leaves out are none. */
	check_quiet_at("02:00-03:00", "America/New_York", utc(2026, 3, 8, 7, 0), 0, 0);
	check_quiet_at("02:00-03:00", "America/New_York", utc(2026, 3, 9, 6, 30), utc(2026, 3, 9, 6, 0),
		utc(2026, 3, 9, 7, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_are_read_and_written),
		cmocka_unit_test(cadences_are_steps_that_may_be_short_or_off),
		cmocka_unit_test(quiet_hours_are_read_and_written),
		cmocka_unit_test(it_is_quiet_by_the_clock_of_a_zone),
		cmocka_unit_test(a_night_with_another_number_of_hours_ends_by_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

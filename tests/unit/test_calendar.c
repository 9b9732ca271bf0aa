#include "service/calendar_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

/* --- helpers --- */

static struct calendar *calendar(const char *zone, const char *hours, const char *holidays, const char *workdays)
{
	struct calendar_text text = { zone, hours, holidays, workdays };
	struct calendar *c = NULL;
	struct err err = { 0 };

	if (calendar_new(&c, &text, NULL, &err))
		fail_msg("%s: %s", hours, buf_str(&err.msg));
	return c;
}

/* An instant of the calendar's clock: "2026-02-14 09:00". */
static int64_t at(const struct calendar *c, const char *text)
{
	struct time_context ctx = { .zone = calendar_zone(c) };
	struct err err = { 0 };
	int64_t from, to;

	if (time_parse(&from, &to, &ctx, text, strlen(text), &err))
		fail_msg("%s: %s", text, buf_str(&err.msg));
	return from;
}

static int64_t between(struct calendar *c, const char *from, const char *to)
{
	return calendar_between(c, at(c, from), at(c, to));
}

static int64_t add(struct calendar *c, int64_t from, int64_t seconds)
{
	struct err err = { 0 };
	int64_t t = 0;

	if (calendar_add(&t, c, from, seconds, &err))
		fail_msg("%s", buf_str(&err.msg));
	return t;
}

enum {
	HOUR = 3600,
	DAY = 86400
};

/* --- vectors by hand --- */

#define OFFICE "mon-fri 09:00-12:00 13:00-18:00; sat 10:00-14:00"

static void a_week_is_the_sum_of_its_hours(void **state)
{
	struct calendar *c = calendar("UTC", OFFICE, NULL, NULL);

	(void)state;
	/* 2026-03-02 is a Monday: five days of 8 hours, and 4 on Saturday. */
	assert_int_equal(between(c, "2026-03-02", "2026-03-09"), (5 * 8 + 4) * HOUR);
	assert_int_equal(between(c, "2026-03-02 11:30", "2026-03-02 13:30"), HOUR);
	assert_int_equal(between(c, "2026-03-02 12:10", "2026-03-02 12:50"), 0);
	assert_int_equal(between(c, "2026-03-06 17:59:59", "2026-03-07 10:00:01"), 2);
	assert_int_equal(between(c, "2026-03-02 10:00", "2026-03-02 10:00"), 0);
	assert_int_equal(between(c, "2026-03-03", "2026-03-02"), 0);
	/* A year of 52 weeks and a Thursday. */
	assert_int_equal(between(c, "2026-01-01", "2027-01-01"), (52 * 44 + 8) * HOUR);
	calendar_free(c);
}

static void added_time_ends_with_the_last_second_worked(void **state)
{
	struct calendar *c = calendar("UTC", OFFICE, NULL, NULL);
	int64_t evening = at(c, "2026-03-06 20:00"), friday = at(c, "2026-03-06 16:00");

	(void)state;
	assert_int_equal(add(c, evening, 0), evening);
	assert_int_equal(add(c, evening, 1), at(c, "2026-03-07 10:00:01"));
	assert_int_equal(add(c, friday, 2 * HOUR), at(c, "2026-03-06 18:00")); /* not Saturday 10:00 */
	assert_int_equal(add(c, friday, 3 * HOUR), at(c, "2026-03-07 11:00"));
	assert_int_equal(add(c, friday, 6 * HOUR + 1), at(c, "2026-03-09 09:00:01"));
	/* 44 hours a week. */
	assert_int_equal(add(c, friday, 44 * 520 * HOUR), friday + INT64_C(520) * 7 * DAY);
	assert_true(calendar_open_at(c, at(c, "2026-03-02 09:00")));
	assert_false(calendar_open_at(c, at(c, "2026-03-02 12:00")));
	assert_false(calendar_open_at(c, at(c, "2026-03-02 08:59:59")));
	calendar_free(c);
}

/*
 * The notice of the State Council for 2026: the Spring Festival is 15 to 23 February, and work is on Saturday the 14th
 * and Saturday the 28th.
 */
static void spring_festival_moves_working_days(void **state)
{
	struct calendar *c = calendar("Asia/Shanghai", "周一至周五 9:00-12:00 13:00-18:00",
		"2026-02-15..2026-02-23 春节", "2026-02-14 补班；2026-02-28");
	const char *name;

	(void)state;
	assert_int_equal(between(c, "2026-02-09", "2026-02-14"), 5 * 8 * HOUR);
	assert_int_equal(between(c, "2026-02-14", "2026-02-15"), 8 * HOUR);
	assert_int_equal(between(c, "2026-02-15", "2026-02-24"), 0);
	/* February: the twenty weekdays without 16 to 20 and 23, and the two Saturdays. */
	assert_int_equal(between(c, "2026-02-01", "2026-03-01"), (20 - 6 + 2) * 8 * HOUR);
	assert_int_equal(add(c, at(c, "2026-02-14 17:00"), 2 * HOUR), at(c, "2026-02-24 10:00"));

	assert_int_equal(calendar_day_reason(c, days_from_civil(2026, 2, 17), &name), CALENDAR_HOLIDAY);
	assert_string_equal(name, "春节");
	assert_int_equal(calendar_day_reason(c, days_from_civil(2026, 2, 14), &name), CALENDAR_WORKDAY);
	assert_string_equal(name, "补班");
	assert_int_equal(calendar_day_reason(c, days_from_civil(2026, 2, 28), &name), CALENDAR_WORKDAY);
	assert_null(name);
	assert_int_equal(calendar_day_reason(c, days_from_civil(2026, 2, 25), &name), CALENDAR_WEEKDAY);
	calendar_free(c);
}

static void days_of_their_own_win(void **state)
{
	struct calendar *c = calendar("UTC", "mon-thu 08:00-16:00; fri 08:00-12:00",
		"--12-25 Christmas; --12-30..--01-02; 2026-12-24", "2026-12-24 09:00-12:00; 2027-01-02..2027-01-03");

	(void)state;
	assert_int_equal(between(c, "2026-12-24", "2026-12-25"), 3 * HOUR); /* holiday, and working day */
	assert_int_equal(between(c, "2026-12-25", "2026-12-26"), 0);
	assert_int_equal(between(c, "2025-12-25", "2025-12-26"), 0);
	assert_int_equal(between(c, "2027-12-24", "2027-12-25"), 4 * HOUR); /* a Friday */
	assert_int_equal(between(c, "2026-12-30", "2027-01-02"), 0);
	assert_int_equal(between(c, "2027-01-02", "2027-01-04"), 16 * HOUR); /* a weekend, with Monday's hours */
	calendar_free(c);
}

static void nights_belong_to_the_day_they_begin(void **state)
{
	struct calendar *c = calendar(
		"UTC", "mon-fri 22:00-06:00", "2026-03-04 day off", "2026-03-08 05:00-09:00; 2026-03-07 20:00-06:00");

	(void)state;
	/* Monday's night ends on Tuesday. */
	assert_int_equal(between(c, "2026-03-02", "2026-03-03"), 2 * HOUR);
	assert_int_equal(between(c, "2026-03-03", "2026-03-04"), 8 * HOUR);
	/* Tuesday's night goes on into the holiday, on which none begins. */
	assert_int_equal(between(c, "2026-03-04", "2026-03-05"), 6 * HOUR);
	assert_int_equal(between(c, "2026-03-05", "2026-03-06"), 2 * HOUR);
	/* The Saturday worked, until 06:00, and the Sunday worked from 05:00: the hour they share counts once. */
	assert_int_equal(between(c, "2026-03-07 12:00", "2026-03-09"), 13 * HOUR);
	assert_int_equal(between(c, "2026-03-08 04:00", "2026-03-08 07:00"), 3 * HOUR);
	calendar_free(c);
}

static void clocks_go_forward_and_back(void **state)
{
	struct calendar *berlin = calendar("Europe/Berlin", "mon-sun 22:00-06:00", NULL, NULL);
	struct calendar *york = calendar("America/New_York", "sun 00:00-24:00", NULL, NULL);
	struct calendar *early = calendar("America/New_York", "sun 01:30-02:30", NULL, NULL);

	(void)state;
	/* 29 March 2026, 02:00 becomes 03:00; 25 October 2026, 03:00 becomes 02:00. */
	assert_int_equal(between(berlin, "2026-03-27 12:00", "2026-03-28 12:00"), 8 * HOUR);
	assert_int_equal(between(berlin, "2026-03-28 12:00", "2026-03-29 12:00"), 7 * HOUR);
	assert_int_equal(between(berlin, "2026-10-24 12:00", "2026-10-25 12:00"), 9 * HOUR);
	assert_int_equal(add(berlin, at(berlin, "2026-03-28 12:00"), 5 * HOUR), at(berlin, "2026-03-29 04:00"));
	/* 8 March and 1 November 2026, at 02:00. */
	assert_int_equal(between(york, "2026-03-08", "2026-03-09"), 23 * HOUR);
	assert_int_equal(between(york, "2026-11-01", "2026-11-02"), 25 * HOUR);
	/* 02:30 does not exist: 03:00 is meant. 01:30 is the first; 02:30 comes two hours after it. */
	assert_int_equal(between(early, "2026-03-08", "2026-03-09"), HOUR / 2);
	assert_int_equal(between(early, "2026-11-01", "2026-11-02"), 2 * HOUR);
	assert_int_equal(between(early, "2026-11-08", "2026-11-09"), HOUR);
	calendar_free(berlin);
	calendar_free(york);
	calendar_free(early);
}

static void far_years_are_right(void **state)
{
	struct calendar *c = calendar("UTC", "mon-fri 09:00-17:00", NULL, NULL);
	struct err err = { 0 };
	int64_t t, year;

	(void)state;
	/* 400 years have 20871 weeks. */
	assert_int_equal(between(c, "1600-01-01", "2000-01-01"), INT64_C(20871) * 40 * HOUR);
	assert_int_equal(between(c, "2000-01-01", "2400-01-01"), INT64_C(20871) * 40 * HOUR);
	assert_int_equal(between(c, "1999-12-31", "2000-01-01"), 8 * HOUR);  /* a Friday */
	assert_int_equal(between(c, "9600-01-03", "9600-01-10"), 40 * HOUR); /* as 2000: a Monday */
	assert_int_equal(between(c, "0400-01-03", "0400-01-10"), 40 * HOUR);
	assert_int_equal(
		add(c, at(c, "1600-01-01"), INT64_C(20871) * 40 * HOUR - 8 * HOUR + 1), at(c, "1999-12-31 09:00:01"));
	/* 9999-12-31 is a Friday. */
	year = calendar_between(c, at(c, "9999-12-31"), INT64_MAX);
	assert_int_equal(year, 8 * HOUR);
	assert_int_equal(calendar_between(c, INT64_MIN, at(c, "0001-01-02")), 8 * HOUR); /* a Monday */
	assert_int_equal(calendar_add(&t, c, at(c, "9999-12-31"), 9 * HOUR, &err), CRM_INVALID);
	assert_string_equal(buf_str(&err.msg),
		"the calendar has no 9h of working time after 9999-12-31 00:00, up to the year 9999");
	assert_int_equal(calendar_add(&t, c, 0, INT64_MAX, &err), CRM_INVALID);
	assert_int_equal(calendar_add(&t, c, 0, -1, &err), CRM_INVALID);
	err_free(&err);
	calendar_free(c);
}

static void intervals_are_walked_in_order(void **state)
{
	struct calendar *c = calendar("Asia/Shanghai", "mon-fri 09:00-12:00 13:00-18:00", "2026-03-03", NULL);
	static const char *const want[][2] = {
		{ "2026-03-02 10:00", "2026-03-02 12:00" },
		{ "2026-03-02 13:00", "2026-03-02 18:00" },
		{ "2026-03-04 09:00", "2026-03-04 12:00" },
		{ "2026-03-04 13:00", "2026-03-04 13:30" },
	};
	struct calendar_walk walk;
	struct calendar_span s;

	(void)state;
	calendar_walk(&walk, c, at(c, "2026-03-02 10:00"), at(c, "2026-03-04 13:30"));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		assert_true(calendar_walk_next(&walk, &s));
		assert_int_equal(s.begin, at(c, want[i][0]));
		assert_int_equal(s.end, at(c, want[i][1]));
		assert_int_equal(s.day, days_from_civil(2026, 3, i < 2 ? 2 : 4));
	}
	assert_false(calendar_walk_next(&walk, &s));
	calendar_free(c);
}

/* --- texts --- */

static const char *canonical(struct buf *out, const struct calendar_text *text)
{
	struct calendar_rules r;
	struct err err = { 0 };

	buf_clear(out);
	if (calendar_rules_parse(&r, text, &err))
		fail_msg("%s", buf_str(&err.msg));
	calendar_hours_write(out, &r);
	buf_puts(out, " | ");
	calendar_days_write(out, &r.holidays);
	buf_puts(out, " | ");
	calendar_days_write(out, &r.workdays);
	calendar_rules_free(&r);
	return buf_str(out);
}

static void texts_have_one_form(void **state)
{
	static const struct {
		struct calendar_text text;
		const char *want;
	} cases[] = {
		{ { .hours = OFFICE }, OFFICE " |  | " },
		{ { .hours = "Monday - Friday: 9:00 - 12:00, 13:00–18:00\n\n SAT 10:00~14:00 ;" }, OFFICE " |  | " },
		{ { .hours = "周一至周五：９：００－１２：００、13:00—18:00；星期六 10:00至14:00" }, OFFICE " |  | " },
		{ { .hours = "周一、三、五 09:00-17:00; 礼拜天 8:00-9:00" },
			"mon,wed,fri 09:00-17:00; sun 08:00-09:00 |  | " },
		{ { .hours = "周一至五 09:00-17:00" }, "mon-fri 09:00-17:00 |  | " },
		{ { .hours = "sun-thu 09:00-17:00" }, "mon-thu,sun 09:00-17:00 |  | " },
		{ { .hours = "mon 13:00-15:00; mon,tue 9:00-11:00; tue 13:00-15:00" },
			"mon,tue 09:00-11:00 13:00-15:00 |  | " },
		{ { .hours = "mon-sun 22:00-06:00" }, "mon-sun 22:00-06:00 |  | " },
		{ { .hours = "mon-sun 22:00-00:00" }, "mon-sun 22:00-24:00 |  | " },
		{ { .hours = "mon-sun 00:00-24:00" }, "mon-sun 00:00-24:00 |  | " },
		{ { .hours = "mon 1:00-2:00",
			  .holidays = "--12-25 Christmas; 2026年10月1日至2026年10月7日 国庆节\r\n"
				      "2026-02-16..2026-02-22  春节； 2026/5/1\n2026-10-01 National  Day  " },
			"mon 01:00-02:00 | 2026-02-16..2026-02-22 春节; 2026-05-01; 2026-10-01 National  Day; "
			"2026-10-01..2026-10-07 国庆节; --12-25 Christmas | " },
		{ { .hours = "mon 1:00-2:00",
			  .holidays = "2026-05-01 - Labour Day;2026-05-02国庆;　2026-05-03　ＡＢＣ　" },
			"mon 01:00-02:00 | 2026-05-01 - Labour Day; 2026-05-02 国庆; 2026-05-03 ＡＢＣ | " },
		{ { .hours = "mon 1:00-2:00",
			  .workdays = "2026-12-24 9:00-12:00 13:00-14:00 Heiligabend; 2026-02-14 2nd" },
			"mon 01:00-02:00 |  | 2026-02-14 2nd; 2026-12-24 09:00-12:00 13:00-14:00 Heiligabend" },
	};
	cleanup(buf_free) struct buf out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(canonical(&out, &cases[i].text), cases[i].want);
}

static void faults_name_the_item(void **state)
{
	static const struct {
		struct calendar_text text;
		const char *want;
	} cases[] = {
		{ { .hours = NULL },
			"hours: there is no working time; write weekly hours, such as mon-fri 09:00-18:00" },
		{ { .hours = " ;\n" },
			"hours: there is no working time; write weekly hours, such as mon-fri 09:00-18:00" },
		{ { .hours = "mon 09:00-12:00; mom 13:00-14:00" },
			"hours: 'mom 13:00-14:00': an item begins with weekdays, mon to sun or 周一 to 周日, as in "
			"mon-fri "
			"09:00-12:00 13:00-18:00" },
		{ { .hours = "mon-fri" }, "hours: 'mon-fri': hours are missing after the weekdays, as in mon-fri "
					  "09:00-18:00" },
		{ { .hours = "mon-fry 09:00-18:00" },
			"hours: 'mon-fry 09:00-18:00': the last weekday of the range is missing, as in mon-fri" },
		{ { .hours = "mon 9-18" }, "hours: 'mon 9-18': hours are written 09:00-18:00, from 00:00 to 24:00" },
		{ { .hours = "mon 09:00-24:01" },
			"hours: 'mon 09:00-24:01': hours are written 09:00-18:00, from 00:00 to 24:00" },
		{ { .hours = "mon 09:60-10:00" },
			"hours: 'mon 09:60-10:00': hours are written 09:00-18:00, from 00:00 to 24:00" },
		{ { .hours = "mon 24:00-02:00" }, "hours: 'mon 24:00-02:00': a day begins at 00:00; 24:00 is its end" },
		{ { .hours = "mon 09:00-09:00" },
			"hours: 'mon 09:00-09:00': 09:00-09:00 has no length; a whole day is 00:00-24:00" },
		{ { .hours = "mon-wed 09:00-12:00; tue 11:00-13:00" },
			"hours: 'tue 11:00-13:00': 11:00-13:00 overlaps 09:00-12:00; write each hour once" },
		{ { .hours = "sun 22:00-06:00; mon 05:00-10:00" },
			"hours: sun 22:00-06:00 overlaps mon 05:00-10:00; write each hour once" },
		{ { .hours = "mon 09:00-18:00", .holidays = "2026-02-30 x" },
			"holidays: '2026-02-30 x' is not a date: February 2026 has 28 days" },
		{ { .hours = "mon 09:00-18:00", .holidays = "Christmas" },
			"holidays: 'Christmas': an item begins with a day, 2026-12-25, or --12-25 for every year" },
		{ { .hours = "mon 09:00-18:00", .holidays = "2026-05" },
			"holidays: '2026-05': the day is missing, as in 2026-12-25" },
		{ { .hours = "mon 09:00-18:00", .holidays = "--5-1" },
			"holidays: '--5-1': a day of every year is written --12-25" },
		{ { .hours = "mon 09:00-18:00", .holidays = "--02-30" },
			"holidays: '--02-30' is not a date: February has 29 days" },
		{ { .hours = "mon 09:00-18:00", .holidays = "2026-05-03..2026-05-01" },
			"holidays: '2026-05-03..2026-05-01': the range ends before it begins" },
		{ { .hours = "mon 09:00-18:00", .holidays = "2026-05-03..--05-05" },
			"holidays: '2026-05-03..--05-05': both ends of a range are of one year, or both of every "
			"year" },
		{ { .hours = "mon 09:00-18:00", .holidays = "2026-01-01..2027-01-02" },
			"holidays: '2026-01-01..2027-01-02': a range has at most 366 days" },
		{ { .hours = "mon 09:00-18:00", .holidays = "2026-12-24 09:00-12:00" },
			"holidays: '2026-12-24 09:00-12:00': a holiday has no hours; a day with its own hours is one "
			"of the "
			"workdays" },
		{ { .hours = "mon 09:00-18:00", .holidays = "2026-12-24T00:00" },
			"holidays: '2026-12-24T00:00': a blank is missing after the day" },
		{ { .hours = "mon 09:00-18:00", .holidays = "--03-01..--12-31; --01-01..--02-29" },
			"holidays: every day of the year is one, so there is no working time; leave some out" },
		{ { .hours = "mon 09:00-18:00", .workdays = "--12-24" },
			"workdays: '--12-24': an adjusted working day is of one year, as in 2026-02-14" },
		{ { .hours = "mon 09:00-18:00", .workdays = "2026-12-24 12:00" },
			"workdays: '2026-12-24 12:00': hours are written 09:00-18:00, from 00:00 to 24:00" },
		{ { .hours = "mon 09:00-18:00", .workdays = "2026-12-24; 2026-12-24 09:00-12:00" },
			"workdays: 2026-12-24 09:00-12:00 is there already, as 2026-12-24; write each day once" },
		{ { .hours = "mon 09:00-18:00", .workdays = "2026-12-24..2026-12-26; 2026-12-25..2026-12-28" },
			"workdays: 2026-12-25..2026-12-28 overlaps 2026-12-24..2026-12-26; write each day once" },
		{ { .zone = "Asia/Shanghia", .hours = "mon 09:00-18:00" },
			"'Asia/Shanghia' is no time zone: write a name such as Asia/Shanghai, UTC or CST-8" },
	};
	struct calendar *c = NULL;
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(calendar_new(&c, &cases[i].text, NULL, &err), CRM_INVALID);
		assert_string_equal(buf_str(&err.msg), cases[i].want);
	}
	assert_null(c);
	err_free(&err);
}

static void days_are_added_once(void **state)
{
	static const struct {
		enum calendar_kind kind;
		const char *day;
		int want; /* how many are new, or a fault */
	} cases[] = {
		{ CALENDAR_HOLIDAYS, "2026-02-17 again", 0 },
		{ CALENDAR_HOLIDAYS, "2026-02-15..2026-02-17", 1 },
		{ CALENDAR_HOLIDAYS, "2026-02-15..2026-02-22", 0 },
		{ CALENDAR_HOLIDAYS, "2026-02-20..2026-02-25", 3 },
		{ CALENDAR_HOLIDAYS, "2030-12-25", 0 },
		{ CALENDAR_HOLIDAYS, "--12-26", 1 },
		{ CALENDAR_HOLIDAYS, "--12-25..--12-26", 0 },
		{ CALENDAR_HOLIDAYS, "--02-17", 1 },
		{ CALENDAR_WORKDAYS, "2026-02-14 x", 0 },
		{ CALENDAR_WORKDAYS, "2026-02-28", 1 },
		{ CALENDAR_WORKDAYS, "2026-12-24 9:00-12:00", 0 },
		{ CALENDAR_WORKDAYS, "2026-12-24", 0 },
		{ CALENDAR_WORKDAYS, "2026-12-24 09:00-13:00", CRM_INVALID },
	};
	struct calendar_text text = { .hours = "mon 1:00-2:00",
		.holidays = "2026-02-16..2026-02-22 春节; --12-25",
		.workdays = "2026-02-14; 2026-12-24 09:00-12:00" };
	struct calendar_rules r;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(calendar_rules_parse(&r, &text, &err), CRM_OK);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct calendar_days *days = cases[i].kind == CALENDAR_HOLIDAYS ? &r.holidays : &r.workdays;
		struct calendar_day d;
		size_t added = 0;
		int rc;

		assert_int_equal(
			calendar_day_parse(&d, cases[i].kind, cases[i].day, strlen(cases[i].day), &err), CRM_OK);
		rc = calendar_days_add(days, cases[i].kind, &d, &added, &err);
		if ((rc < 0 ? rc : (int)added) != cases[i].want)
			fail_msg("%s: %d, %zu", cases[i].day, rc, added);
	}
	calendar_rules_free(&r);
	err_free(&err);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_week_is_the_sum_of_its_hours),
		cmocka_unit_test(added_time_ends_with_the_last_second_worked),
		cmocka_unit_test(spring_festival_moves_working_days),
		cmocka_unit_test(days_of_their_own_win),
		cmocka_unit_test(nights_belong_to_the_day_they_begin),
		cmocka_unit_test(clocks_go_forward_and_back),
		cmocka_unit_test(far_years_are_right),
		cmocka_unit_test(intervals_are_walked_in_order),
		cmocka_unit_test(texts_have_one_form),
		cmocka_unit_test(faults_name_the_item),
		cmocka_unit_test(days_are_added_once),
	};

	return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}

/*
 * Dates and times of files. Day numbers are those that Microsoft documents: 1 is 1900-01-01, 39448 is 2008-01-01 (its
 * DATEVALUE page), and the 1904 system is 1462 days behind; the leap day that never was is theirs too.
 */
#include "base/foreign_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

/* Wednesday, 4 March 2026, 10:30:00 in Shanghai. */
static struct zone *shanghai;
static struct time_context ctx = { .now = 1772591400 };

static int load_zone(void **state)
{
	(void)state;
	if (zone_load(&shanghai, "Asia/Shanghai", NULL))
		return -1;
	ctx.zone = shanghai;
	return 0;
}

static int free_zone(void **state)
{
	(void)state;
	shanghai = zone_free(shanghai);
	return 0;
}

static void check_time(const char *format, const char *text, const char *expected)
{
	struct buf b = BUF_INIT;
	struct err err = { 0 };
	int64_t from;

	if (foreign_time_parse(&from, &ctx, format, text, strlen(text), &err) < 0)
		buf_puts(&b, buf_str(&err.msg));
	else
		time_format_rfc3339(&b, ctx.zone, from);
	assert_string_equal(buf_str(&b), expected);
	buf_free(&b);
	err_free(&err);
}

static void check_date(const char *format, const char *text, const char *expected)
{
	struct buf b = BUF_INIT;
	struct err err = { 0 };

	if (foreign_date_parse(&b, &ctx, format, text, strlen(text), &err) < 0) {
		assert_int_equal(b.len, 0);
		buf_puts(&b, buf_str(&err.msg));
	}
	assert_string_equal(buf_str(&b), expected);
	buf_free(&b);
	err_free(&err);
}

static void check_format(const char *format, const char *why)
{
	struct err err = { 0 };

	assert_int_equal(date_format_check(format, &err), why ? CRM_INVALID : CRM_OK);
	if (why)
		assert_string_equal(buf_str(&err.msg), why);
	err_free(&err);
}

/* --- forms that mean one thing --- */

static void dates_that_mean_one_day(void **state)
{
	static const char *const texts[] = { "2026-01-02", "2026/1/2", "2026.1.2", "2026年1月2日", "20260102",
		"02 Jan 2026", "2 January 2026", "2-Jan-2026", "02JAN2026", "2. Jan. 2026", "Jan 2, 2026",
		"January 2 2026", "Jan. 2, 2026", "Fri, 2 Jan 2026", "Friday, January 2, 2026", " 2026/1/2 ",
		"２０２６年１月２日", "2026-01-02 00:00:00", "2026-01-02T00:00:00.000Z", "20260102T000000",
		"2026/1/2 12:00:00 AM" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		check_date(NULL, texts[i], "2026-01-02");
}

static void less_than_a_date(void **state)
{
	(void)state;
	check_date(NULL, "1990", "1990");
	check_date(NULL, "1990-05", "1990-05");
	check_date(NULL, "1990年5月", "1990-05");
	check_date(NULL, "--05-12", "--05-12");
	check_date(NULL, "5月12日", "--05-12");
	check_date(NULL, "yesterday", "2026-03-03");
}

static void times(void **state)
{
	(void)state;
	check_time(NULL, "2026-01-02", "2026-01-02T00:00:00+08:00");
	check_time(NULL, "2026/1/2 15:04", "2026-01-02T15:04:00+08:00");
	check_time(NULL, "2026-01-02T15:04:05", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "2026-01-02T15:04:05.678", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "2026-01-02 15:04:05,678", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "2026-01-02T07:04:05Z", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "2026-01-02T07:04:05.1Z", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "2026-01-02 07:04:05 UTC", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "2026-01-02T15:04:05+0800", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "2026-01-02T00:04:05-07:00", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "20260102T070405Z", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "20260102T1504", "2026-01-02T15:04:00+08:00");
	check_time(NULL, "20260102150405", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "20260102 15:04", "2026-01-02T15:04:00+08:00");
	check_time(NULL, "Fri, 02 Jan 2026 07:04:05 GMT", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "Fri Jan 02 2026 15:04:05 GMT+0800", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "Jan 2, 2026, 3:04 PM", "2026-01-02T15:04:00+08:00");
	check_time(NULL, "Jan 2, 2026 3:04:05\xe2\x80\xafPM", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "2026/1/2 12:30 AM", "2026-01-02T00:30:00+08:00");
	check_time(NULL, "2026/1/2 12:30 p.m.", "2026-01-02T12:30:00+08:00");
	check_time(NULL, "2026/1/2 下午3:04:05", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "2026年1月2日 上午 9:04", "2026-01-02T09:04:00+08:00");
	check_time(NULL, "@1767337445", "2026-01-02T15:04:05+08:00");
	check_time(NULL, "yesterday 15:00", "2026-03-03T15:00:00+08:00");
}

#define ORDER(noun, text, forms)                                                                                       \
	"'" text "' is not a " noun ": day and month are not guessed: say their order by --date-format " forms

static void order_is_never_guessed(void **state)
{
	(void)state;
	check_date(NULL, "1/2/2026", ORDER("date", "1/2/2026", "%d/%m/%Y or %m/%d/%Y"));
	check_time(NULL, "1/2/2026", ORDER("time", "1/2/2026", "%d/%m/%Y or %m/%d/%Y"));
	check_time(NULL, "13/2/2026 10:00", ORDER("time", "13/2/2026 10:00", "%d/%m/%Y or %m/%d/%Y"));
	check_date(NULL, "2/13/2026", ORDER("date", "2/13/2026", "%d/%m/%Y or %m/%d/%Y"));
	check_date(NULL, "01.02.2026", ORDER("date", "01.02.2026", "%d.%m.%Y or %m.%d.%Y"));
	check_date(NULL, "01-02-2026", ORDER("date", "01-02-2026", "%d-%m-%Y or %m-%d-%Y"));
	check_date(NULL, "26/1/2",
		"'26/1/2' is not a date: day, month and year are not guessed: say their order by --date-format, as "
		"%d/%m/%y");
	check_date(NULL, "2-Jan-26",
		"'2-Jan-26' is not a date: its year has not four digits: say the form by --date-format, as %d-%b-%y");
	check_date(NULL, "45000",
		"'45000' is not a date: if it is a day number of a spreadsheet, say --date-format excel");
	check_time(NULL, "45000.5",
		"'45000.5' is not a time: if it is a day number of a spreadsheet, say --date-format excel");
}

static void impossible(void **state)
{
	(void)state;
	check_date(NULL, "20260230", "'20260230' is not a date: February 2026 has 28 days");
	check_date(NULL, "20261301", "'20261301' is not a date: months go from 1 to 12");
	check_date(NULL, "20260045", "'20260045' is not a date: months go from 1 to 12");
	check_date(NULL, "20260500", "'20260500' is not a date: May 2026 has 31 days");
	check_date(NULL, "0 Jan 2026", "'0 Jan 2026' is not a date: January 2026 has 31 days");
	check_date(NULL, "30 Feb 2026", "'30 Feb 2026' is not a date: February 2026 has 28 days");
	check_date(NULL, "Sat, 2 Jan 2026", "'Sat, 2 Jan 2026' is not a date: that day is another weekday");
	check_date(NULL, "2 Jan 2026 10:00", "'2 Jan 2026 10:00' is not a date: a date has no time of day");
	check_date(NULL, "2 Jan 2026 x", "'2 Jan 2026 x' is not a date: 'x' is not understood here");
	check_time(NULL, "2026/1/2 13:00 PM", "'2026/1/2 13:00 PM' is not a time: with AM or PM hours go from 1 to 12");
	check_time(NULL, "20260102240000", "'20260102240000' is not a time: there is no such time of day");
	check_time(NULL, "20260102T2460", "'20260102T2460' is not a time: there is no such time of day");
	check_time(NULL, "", "an empty text is not a time");
	check_date(NULL, "soon", "'soon' is not a date: write it like 2026-01-02, yesterday, monday or -3d");
}

/* --- by FORMAT --- */

static void formats(void **state)
{
	(void)state;
	check_date("%d/%m/%Y", "1/2/2026", "2026-02-01");
	check_date("%d/%m/%Y", "01/02/2026", "2026-02-01");
	check_date("%m/%d/%Y", "1/2/2026", "2026-01-02");
	check_date("%d.%m.%y", "01.02.26", "2026-02-01");
	check_date("%y%m%d", "260102", "2026-01-02");
	check_date("%Y%d%m", "20261301", "2026-01-13");
	check_date("%d-%b-%y", "02-JAN-26", "2026-01-02");
	check_date("%d %B %Y", "2  sept 2026", "2026-09-02");
	check_date("%Y年%m月%d日", "2026年1月2日", "2026-01-02");
	check_date("on %d of %b, %Y", "On 2 of Jan, 2026", "2026-01-02");
	check_date("%d%%%m%%%Y", "1%2%2026", "2026-02-01");
	check_date("%Y", "1990", "1990");
	check_date("%m/%Y", "5/1990", "1990-05");
	check_date("%d/%m", "12/5", "--05-12");
	check_date("%d/%m", "29/2", "--02-29");
	check_time("%d/%m/%Y %H:%M", "1/2/2026 9:05", "2026-02-01T09:05:00+08:00");
	check_time("%m/%d/%Y %H:%M:%S %p", "1/2/2026 3:04:05.9 PM", "2026-01-02T15:04:05+08:00");
	check_time("%Y-%m-%dT%H:%M:%S%z", "2026-01-02T07:04:05Z", "2026-01-02T15:04:05+08:00");
	check_time("%Y-%m-%dT%H:%M:%S%z", "2026-01-02t16:04:05+0900", "2026-01-02T15:04:05+08:00");
	check_time("%d%m%Y%H%M%S", "02012026150405", "2026-01-02T15:04:05+08:00");
}

/* POSIX: 69 to 99 are of the 20th century, 00 to 68 of the 21st. */
static void years_of_two_digits(void **state)
{
	(void)state;
	check_date("%d/%m/%y", "1/2/68", "2068-02-01");
	check_date("%d/%m/%y", "1/2/69", "1969-02-01");
	check_date("%d/%m/%y", "1/2/99", "1999-02-01");
	check_date("%d/%m/%y", "1/2/00", "2000-02-01");
}

static void a_format_of_days_takes_times_too(void **state)
{
	(void)state;
	check_time("%d/%m/%Y", "1/2/2026", "2026-02-01T00:00:00+08:00");
	check_time("%d/%m/%Y", "1/2/2026 3:04 PM", "2026-02-01T15:04:00+08:00");
	check_time("%d/%m/%Y", "1/2/2026, 07:04:05Z", "2026-02-01T15:04:05+08:00");
	check_date("%d/%m/%Y", "1/2/2026 00:00", "2026-02-01");
	check_date("%d/%m/%Y", "1/2/2026 10:00", "'1/2/2026 10:00' is not a date: a date has no time of day");
}

#define UNFIT(noun, text) "'" text "' is not a " noun ": it does not fit --date-format"

static void what_does_not_fit(void **state)
{
	(void)state;
	check_date("%d/%m/%Y", "2026-01-02", UNFIT("date", "2026-01-02"));
	check_date("%d/%m/%Y", "1/2/26", "'1/2/26' is not a date: its year does not fit --date-format");
	check_date("%d/%m/%y", "1/2/2026", "'1/2/2026' is not a date: '26' is not understood here");
	check_date("%d/%m/%Y", "1/13/2026", "'1/13/2026' is not a date: 13 is no month");
	check_date("%m/%d/%Y", "1/0/2026", "'1/0/2026' is not a date: 0 is no day");
	check_date("%d/%m/%Y", "31/4/2026", "'31/4/2026' is not a date: April 2026 has 30 days");
	check_date("%d %b %Y", "1 Foo 2026", "'1 Foo 2026' is not a date: its month does not fit --date-format");
	check_date("%d/%m/%Y", "today", "'today' is not a date: its day does not fit --date-format");
	check_time("%d/%m/%Y %H:%M", "1/2/2026", UNFIT("time", "1/2/2026"));
	check_time("%d/%m/%Y %H:%M", "1/2/2026 24:00", "'1/2/2026 24:00' is not a time: 24 is no hour");
	check_time("%d/%m/%Y %H:%M %p", "1/2/2026 3:04", UNFIT("time", "1/2/2026 3:04"));
	check_time("%d/%m/%Y %H %p", "1/2/2026 0 AM",
		"'1/2/2026 0 AM' is not a time: with AM or PM hours go from 1 to 12");
	check_time("%d/%m", "1/2", "'1/2' is not a time: year, month or day is missing");
	check_date("%Y%m%d", "2026012", "'2026012' is not a date: its day does not fit --date-format");
}

static void formats_are_checked(void **state)
{
	static const char *const good[] = { "%d/%m/%Y", "%Y", "%m/%Y", "%d.%m.", "excel", "excel1904",
		"%Y-%m-%d %H:%M:%S %p %z", "%b %d %y", "%%%Y" };
	static const char unknown[] =
		"after % stands one of Y y m d H M S b B p z % (excel and excel1904 are forms too)";

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		check_format(good[i], NULL);
	check_format("%Q", unknown);
	check_format("%d/%m/%", unknown);
	check_format("%d/%m/%Y %I", unknown);
	check_format("", "it has no date in it, as %Y-%m-%d has");
	check_format("d/m/Y", "it has no date in it, as %Y-%m-%d has");
	check_format("Excel", "it has no date in it, as %Y-%m-%d has");
	check_format("%m", "it has no date in it, as %Y-%m-%d has");
	check_format("%d/%Y", "a day needs its month (%m or %b)");
	check_format("%Y-%y", "it has the year twice");
	check_format("%d/%m/%Y %b", "it has the month twice");
	check_format("%H:%M", "a time of day needs year, month and day");
	check_format("%Y-%m-%d %M", "minutes need their hour (%H)");
	check_format("%Y-%m-%d %H:%S", "seconds need their minute (%M)");
	check_format("%Y-%m-%d %p", "AM and PM need their hour (%H)");
	check_format("%Y-%m-%d %z", "an offset needs a time of day (%H)");
}

/* --- day numbers --- */

static void day_numbers_from_1900(void **state)
{
	(void)state;
	check_date("excel", "1", "1900-01-01");
	check_date("excel", "59", "1900-02-28");
	check_date("excel", "60", "'60' is not a date: day 60 of excel is 29 February 1900, which never was");
	check_date("excel", "61", "1900-03-01");
	check_date("excel", "39448", "2008-01-01");
	check_date("excel", "45000", "2023-03-15");
	check_date("excel", "45000.0", "2023-03-15");
	check_date("excel", "2958465", "9999-12-31");
	check_date("excel", "0", "'0' is not a date: the day numbers of excel go from 1 to 2958465");
	check_date("excel", "2958466", "'2958466' is not a date: the day numbers of excel go from 1 to 2958465");
	check_date(
		"excel", "99999999999", "'99999999999' is not a date: the day numbers of excel go from 1 to 2958465");
	check_date("excel", "45000.5", "'45000.5' is not a date: a date has no time of day");
	check_time("excel", "45000", "2023-03-15T00:00:00+08:00");
	check_time("excel", "45000.5", "2023-03-15T12:00:00+08:00");
	check_time("excel", "45000.25", "2023-03-15T06:00:00+08:00");
	check_time("excel", "45000.333333333336", "2023-03-15T08:00:00+08:00");
	check_time("excel", "45000.99999999999", "2023-03-16T00:00:00+08:00");
	check_time("excel", "45000.000011574074", "2023-03-15T00:00:01+08:00");
}

static void day_numbers_from_1904(void **state)
{
	(void)state;
	check_date("excel1904", "0", "1904-01-01");
	check_date("excel1904", "1", "1904-01-02");
	check_date("excel1904", "60", "1904-03-01");
	check_date("excel1904", "37986", "2008-01-01");
	check_date("excel1904", "2957003", "9999-12-31");
	check_time("excel1904", "43538.5", "2023-03-15T12:00:00+08:00");
	check_date(
		"excel1904", "2957004", "'2957004' is not a date: the day numbers of excel1904 go from 0 to 2957003");
}

/* Spreadsheets mix numbers and text. */
static void text_among_day_numbers(void **state)
{
	(void)state;
	check_date("excel", "2026-01-02", "2026-01-02");
	check_date("excel", "Jan 2, 2026", "2026-01-02");
	check_date("excel", "1/2/2026", ORDER("date", "1/2/2026", "%d/%m/%Y or %m/%d/%Y"));
	check_date("excel", "45000.",
		"'45000.' is not a date: if it is a day number of a spreadsheet, say "
		"--date-format excel");
}

static void no_date(void **state)
{
	(void)state;
	assert_true(foreign_date_is_blank("0/0/00", 6));
	assert_true(foreign_date_is_blank("0000-00-00", 10));
	assert_true(foreign_date_is_blank("0000-00-00 00:00:00", 19));
	assert_false(foreign_date_is_blank("0/0/000", 7));
	assert_false(foreign_date_is_blank("0/0/0", 5));
	assert_false(foreign_date_is_blank("", 0));
}

/* Clocks in Shanghai went from 0:00 to 1:00 on 1940-06-01 (tzdata, Shang 1940). */
static void a_time_that_was_left_out(void **state)
{
	int64_t t;

	(void)state;
	assert_int_equal(foreign_time_parse(&t, &ctx, "%d/%m/%Y %H:%M", "1/6/1940 00:30", 14, NULL), CRM_INVALID);
	check_time("%d/%m/%Y %H:%M", "1/6/1940 01:30", "1940-06-01T01:30:00+09:00");
}

static void lengths(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds; /* -1: refused */
	} cases[] = { { "0", 0 }, { "90", 90 }, { "15min", 900 }, { "00:20:00", 1200 }, { "123:00:01", 442801 },
		{ "1:30", -1 }, { "1:60:00", -1 }, { "1:00:60", -1 }, { "01:00:000", -1 }, { "-5", -1 }, { "1.5", -1 },
		{ ":00:00", -1 }, { "99999999999:00:00", -1 }, { "soon", -1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int64_t got = -1;
		int status = foreign_duration_parse(&got, cases[i].text, strlen(cases[i].text), NULL);

		assert_int_equal(status, cases[i].seconds < 0 ? CRM_INVALID : CRM_OK);
		assert_int_equal(got, cases[i].seconds);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_that_mean_one_day),
		cmocka_unit_test(less_than_a_date),
		cmocka_unit_test(times),
		cmocka_unit_test(order_is_never_guessed),
		cmocka_unit_test(impossible),
		cmocka_unit_test(formats),
		cmocka_unit_test(years_of_two_digits),
		cmocka_unit_test(a_format_of_days_takes_times_too),
		cmocka_unit_test(what_does_not_fit),
		cmocka_unit_test(formats_are_checked),
		cmocka_unit_test(day_numbers_from_1900),
		cmocka_unit_test(day_numbers_from_1904),
		cmocka_unit_test(text_among_day_numbers),
		cmocka_unit_test(no_date),
		cmocka_unit_test(a_time_that_was_left_out),
		cmocka_unit_test(lengths),
	};

	return cmocka_run_group_tests(tests, load_zone, free_zone);
}

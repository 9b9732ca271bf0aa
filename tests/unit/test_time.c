#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

/* Wednesday, 4 March 2026, 10:30:00 in Shanghai. */
static const int64_t NOW = 1772591400;

static struct zone *zone(const char *name)
{
	struct zone *z = NULL;
	struct err err = { 0 };

	if (zone_load(&z, name, &err))
		fail_msg("%s: %s", name, buf_str(&err.msg));
	return z;
}

static const char *rfc3339(struct buf *b, const struct zone *z, int64_t t)
{
	buf_clear(b);
	time_format_rfc3339(b, z, t);
	return buf_str(b);
}

/* --- reading times --- */

static struct time_context context(const struct zone *z)
{
	return (struct time_context){ .now = NOW, .zone = z };
}

static void expect_time(const struct time_context *ctx, const char *text, const char *from, const char *to)
{
	struct buf b = BUF_INIT;
	struct err err = { 0 };
	int64_t first, last;

	if (time_parse(&first, &last, ctx, text, strlen(text), &err))
		fail_msg("%s: %s", text, buf_str(&err.msg));
	if (strcmp(rfc3339(&b, ctx->zone, first), from) != 0)
		fail_msg("%s: from %s, not %s", text, b.s, from);
	if (strcmp(rfc3339(&b, ctx->zone, last), to) != 0)
		fail_msg("%s: to %s, not %s", text, b.s, to);
	buf_free(&b);
}

static void expect_instant(const struct time_context *ctx, const char *text, const char *at)
{
	expect_time(ctx, text, at, at);
}

static void expect_day(const struct time_context *ctx, const char *text, const char *day)
{
	char from[64], to[64];

	snprintf(from, sizeof(from), "%sT00:00:00+08:00", day);
	snprintf(to, sizeof(to), "%sT23:59:59+08:00", day);
	expect_time(ctx, text, from, to);
}

static void instants_are_read(void **state)
{
	struct zone *z = zone("Asia/Shanghai");
	struct time_context ctx = context(z);
	static const struct {
		const char *text, *at;
	} cases[] = {
		{ "2026-01-02T15:04:05+08:00", "2026-01-02T15:04:05+08:00" },
		{ "2026-01-02t15:04:05z", "2026-01-02T23:04:05+08:00" },
		{ "2026-01-02T15:04:05.999Z", "2026-01-02T23:04:05+08:00" },
		{ "2026-01-02T15:04:05-05:30", "2026-01-03T04:34:05+08:00" },
		{ "2026-01-02 15:04:05 +0100", "2026-01-02T22:04:05+08:00" },
		{ "2026-01-02 15:04:05+01", "2026-01-02T22:04:05+08:00" },
		{ "2026-01-02 15:04:05 UTC", "2026-01-02T23:04:05+08:00" },
		{ "2026-01-02T15:04:05-00:00", "2026-01-02T23:04:05+08:00" },
		{ "2026-01-02T15:04:05", "2026-01-02T15:04:05+08:00" },
		{ "2026-01-02 15:04:05", "2026-01-02T15:04:05+08:00" },
		{ "2026-01-02 15:04", "2026-01-02T15:04:00+08:00" },
		{ "2026/1/2 9:05", "2026-01-02T09:05:00+08:00" },
		{ "2026年1月2日 15:04", "2026-01-02T15:04:00+08:00" },
		{ "２０２６－０１－０２　１５：０４", "2026-01-02T15:04:00+08:00" },
		{ "@1767323045", "2026-01-02T11:04:05+08:00" },
		{ "@0", "1970-01-01T08:00:00+08:00" },
		{ "@-1", "1970-01-01T07:59:59+08:00" },
		{ "now", "2026-03-04T10:30:00+08:00" },
		{ "现在", "2026-03-04T10:30:00+08:00" },
		{ "yesterday 15:00", "2026-03-03T15:00:00+08:00" },
		{ "  Tomorrow 09:00:30  ", "2026-03-05T09:00:30+08:00" },
		{ "明天9:00", "2026-03-05T09:00:00+08:00" },
		{ "next monday 9:00", "2026-03-09T09:00:00+08:00" },
		{ "LAST Friday 17:30", "2026-02-27T17:30:00+08:00" },
		{ "wednesday 10:29", "2026-03-04T10:29:00+08:00" },
		{ "wednesday 10:31", "2026-02-25T10:31:00+08:00" }, /* not yet today, so the one before */
		{ "下周一 9:00", "2026-03-09T09:00:00+08:00" },
		{ "0001-01-01 00:00", "0001-01-01T00:00:17+08:06" }, /* local mean time +08:05:43 */
		{ "9999-12-31 23:59:59", "9999-12-31T23:59:59+08:00" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		expect_instant(&ctx, cases[i].text, cases[i].at);
	ctx.future = true;
	expect_instant(&ctx, "wednesday 10:31", "2026-03-04T10:31:00+08:00");
	expect_instant(&ctx, "wednesday 10:29", "2026-03-11T10:29:00+08:00");
	zone_free(z);
}

static void days_are_whole(void **state)
{
	struct zone *z = zone("Asia/Shanghai");
	struct time_context ctx = context(z);

	(void)state;
	expect_day(&ctx, "2026-01-02", "2026-01-02");
	expect_day(&ctx, "2026/1/2", "2026-01-02");
	expect_day(&ctx, "2026.12.31", "2026-12-31");
	expect_day(&ctx, "2024-02-29", "2024-02-29");
	expect_day(&ctx, "2026年1月2日", "2026-01-02");
	expect_day(&ctx, "2026年1月2号", "2026-01-02");
	expect_day(&ctx, "today", "2026-03-04");
	expect_day(&ctx, "今天", "2026-03-04");
	expect_day(&ctx, "YESTERDAY", "2026-03-03");
	expect_day(&ctx, "昨天", "2026-03-03");
	expect_day(&ctx, "tomorrow", "2026-03-05");
	expect_day(&ctx, "明天", "2026-03-05");
	/* Now is a Wednesday. */
	expect_day(&ctx, "wednesday", "2026-03-04");
	expect_day(&ctx, "thursday", "2026-02-26");
	expect_day(&ctx, "tue", "2026-03-03");
	expect_day(&ctx, "周日", "2026-03-01");
	expect_day(&ctx, "星期天", "2026-03-01");
	expect_day(&ctx, "next wednesday", "2026-03-11");
	expect_day(&ctx, "last wednesday", "2026-02-25");
	expect_day(&ctx, "next thursday", "2026-03-05");
	expect_day(&ctx, "last thursday", "2026-02-26");
	expect_day(&ctx, "下周四", "2026-03-12");
	expect_day(&ctx, "上周四", "2026-02-26");
	expect_day(&ctx, "上星期日", "2026-03-01");
	ctx.future = true;
	expect_day(&ctx, "wednesday", "2026-03-04");
	expect_day(&ctx, "thursday", "2026-03-05");
	expect_day(&ctx, "tuesday", "2026-03-10");
	expect_day(&ctx, "周一", "2026-03-09");
	zone_free(z);
}

static void a_day_has_the_hours_of_its_place(void **state)
{
	struct zone *berlin = zone("Europe/Berlin"), *paulo = zone("America/Sao_Paulo"), *apia = zone("Pacific/Apia");
	struct time_context ctx = context(berlin);
	struct err err = { 0 };
	int64_t from, to;

	(void)state;
	expect_time(&ctx, "2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00");
	assert_int_equal(time_parse(&from, &to, &ctx, "2026-03-29", 10, NULL), CRM_OK);
	assert_int_equal(to - from + 1, 23 * 3600);
	ctx = context(paulo);
	expect_time(&ctx, "2018-11-04", "2018-11-04T01:00:00-02:00", "2018-11-04T23:59:59-02:00");
	ctx = context(apia);
	assert_int_equal(time_parse(&from, &to, &ctx, "2011-12-30", 10, &err), CRM_INVALID);
	assert_string_equal(buf_str(&err.msg), "'2011-12-30' is not a date: this day was left out in Pacific/Apia");
	err_free(&err);
	zone_free(berlin);
	zone_free(paulo);
	zone_free(apia);
}

static void offsets_count_from_now(void **state)
{
	struct zone *z = zone("Asia/Shanghai"), *berlin = zone("Europe/Berlin");
	struct time_context ctx = context(z);

	(void)state;
	expect_instant(&ctx, "-3d", "2026-03-01T10:30:00+08:00");
	expect_instant(&ctx, "+2w", "2026-03-18T10:30:00+08:00");
	expect_instant(&ctx, "+1mo", "2026-04-04T10:30:00+08:00");
	expect_instant(&ctx, "-1Y", "2025-03-04T10:30:00+08:00");
	expect_instant(&ctx, "+90min", "2026-03-04T12:00:00+08:00");
	expect_instant(&ctx, "+4h", "2026-03-04T14:30:00+08:00");
	expect_instant(&ctx, "-30s", "2026-03-04T10:29:30+08:00");
	expect_instant(&ctx, "＋３ｄ", "2026-03-07T10:30:00+08:00");
	expect_instant(&ctx, "+1w2d", "2026-03-13T10:30:00+08:00");
	expect_instant(&ctx, "-1d 12h", "2026-03-02T22:30:00+08:00");
	expect_instant(&ctx, "+3d 9:00", "2026-03-07T09:00:00+08:00");
	/* Wednesday and two, three, eight working days; back over a weekend. */
	expect_instant(&ctx, "+2wd", "2026-03-06T10:30:00+08:00");
	expect_instant(&ctx, "+3wd", "2026-03-09T10:30:00+08:00");
	expect_instant(&ctx, "+8wd", "2026-03-16T10:30:00+08:00");
	expect_instant(&ctx, "+10wd", "2026-03-18T10:30:00+08:00");
	expect_instant(&ctx, "-2wd", "2026-03-02T10:30:00+08:00");
	expect_instant(&ctx, "-3wd", "2026-02-27T10:30:00+08:00");
	ctx.now = NOW + 3 * 86400; /* Saturday, 7 March */
	expect_instant(&ctx, "+1wd", "2026-03-09T10:30:00+08:00");
	expect_instant(&ctx, "-1wd", "2026-03-06T10:30:00+08:00");
	expect_instant(&ctx, "+5wd", "2026-03-13T10:30:00+08:00");
	expect_instant(&ctx, "+0wd", "2026-03-07T10:30:00+08:00");
	ctx.now = 1769823000; /* 2026-01-31 09:30 */
	expect_instant(&ctx, "+1mo", "2026-02-28T09:30:00+08:00");
	expect_instant(&ctx, "+2y1mo", "2028-02-29T09:30:00+08:00");
	expect_instant(&ctx, "-2mo", "2025-11-30T09:30:00+08:00");
	/* 28 March 12:00 in Berlin, the day before summer time: a day keeps the clock, 24 hours do not. */
	ctx = (struct time_context){ .now = 1774695600, .zone = berlin };
	expect_instant(&ctx, "+1d", "2026-03-29T12:00:00+02:00");
	expect_instant(&ctx, "+24h", "2026-03-29T13:00:00+02:00");
	/* The second 02:30 of 25 October stays the second. */
	ctx.now = 1792888200 + 3600;
	expect_instant(&ctx, "+0d", "2026-10-25T02:30:00+01:00");
	expect_instant(&ctx, "+30min", "2026-10-25T03:00:00+01:00");
	zone_free(z);
	zone_free(berlin);
}

static void bad_times_say_why(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "2026-02-30", "'2026-02-30' is not a date: February 2026 has 28 days" },
		{ "2024-02-30", "'2024-02-30' is not a date: February 2024 has 29 days" },
		{ "2026-04-31 10:00", "'2026-04-31 10:00' is not a date: April 2026 has 30 days" },
		{ "2026-01-00", "'2026-01-00' is not a date: January 2026 has 31 days" },
		{ "2026-13-01", "'2026-13-01' is not a date: months go from 1 to 12" },
		{ "2026-00-01", "'2026-00-01' is not a date: months go from 1 to 12" },
		{ "0000-01-01", "'0000-01-01' is not a date: years go from 0001 to 9999" },
		{ "10000-01-01", "'10000-01-01' is not a date: years go from 0001 to 9999" },
		{ "1/2/2026", "'1/2/2026' is not a date: write the year first and with four digits, as in 2026-01-02" },
		{ "26-01-02", "'26-01-02' is not a date: write the year first and with four digits, as in 2026-01-02" },
		{ "2026-01", "'2026-01' is not a time: the day is missing, as in 2026-01-02" },
		{ "2026", "'2026' is not a time: the day is missing, as in 2026-01-02" },
		{ "2026-01/02", "'2026-01/02' is not a time: the day is missing, as in 2026-01-02" },
		{ "20260102", "'20260102' is not a date: years go from 0001 to 9999" },
		{ "2026-001-02", "'2026-001-02' is not a date: a month has one or two digits, as in 2026-01-02" },
		{ "2026-01-02 24:00", "'2026-01-02 24:00' is not a time: hours go from 0 to 23" },
		{ "2026-01-02 10:60", "'2026-01-02 10:60' is not a time: minutes go from 00 to 59" },
		{ "2026-01-02 10:5", "'2026-01-02 10:5' is not a time: minutes go from 00 to 59" },
		{ "2026-01-02 10:05:60", "'2026-01-02 10:05:60' is not a time: seconds go from 00 to 59" },
		{ "2026-01-02 10", "'2026-01-02 10' is not a time: the time of day is written 15:04 or 15:04:05" },
		{ "2026-01-02T", "'2026-01-02T' is not a time: the time of day is missing after T" },
		{ "2026-01-02T10:00:00+24:00",
			"'2026-01-02T10:00:00+24:00' is not a time: the offset of a zone is written +08:00 or Z" },
		{ "2026-01-02 3:04 pm", "'2026-01-02 3:04 pm' is not a time: 'pm' is not understood here" },
		{ "2026-01-02 xyz", "'2026-01-02 xyz' is not a time: 'xyz' is not understood here" },
		{ "today 10:00Z", "'today 10:00Z' is not a time: 'z' is not understood here" },
		{ "now 10:00", "'now 10:00' is not a time: '10:00' is not understood here" },
		{ "15:04", "'15:04' is not a time: the day is missing, as in today 15:04" },
		{ "someday", "'someday' is not a time: write it like 2026-01-02, yesterday, monday or -3d" },
		{ "todays", "'todays' is not a time: write it like 2026-01-02, yesterday, monday or -3d" },
		{ "next", "'next' is not a time: write it like 2026-01-02, yesterday, monday or -3d" },
		{ "周八", "'周八' is not a time: write it like 2026-01-02, yesterday, monday or -3d" },
		{ "", "an empty text is not a time" },
		{ "  ", "an empty text is not a time" },
		{ "-5m", "'-5m' is not a time: write 5min for minutes or 5mo for months" },
		{ "+3", "'+3' is not a time: the unit is missing, as in 90s, 5min, 4h, 3d, 3wd, 2w, 1mo or 1y" },
		{ "+3q", "'+3q' is not a time: there is no such unit, as in 90s, 5min, 4h, 3d, 3wd, 2w, 1mo or 1y" },
		{ "+", "'+' is not a time: the number is missing, as in 90s, 5min, 4h, 3d, 2w, 1mo or 1y" },
		{ "+2d1w", "'+2d1w' is not a time: each unit stands once, the largest first, as in 1h30min" },
		{ "+1h 9:00", "'+1h 9:00' is not a time: '9:00' is not understood here" },
		{ "+9000y", "'+9000y' is not a time: it is outside the years 1 to 9999" },
		{ "-3000y", "'-3000y' is not a time: it is outside the years 1 to 9999" },
		{ "+99999999999d", "'+99999999999d' is not a time: the number is too large" },
		{ "@", "'@' is not a time: after @ stands the number of seconds since 1970, as in @1767323045" },
		{ "@12x", "'@12x' is not a time: after @ stands the number of seconds since 1970, as in @1767323045" },
		{ "@999999999999", "'@999999999999' is not a time: it is outside the years 1 to 9999" },
		{ "2026-01-02\x1b]0;x\x07",
			"'2026-01-02\\x1b]0;x\\x07' is not a time: '\\x1b]0;x\\x07' is not understood here" },
	};
	struct zone *z = zone("Asia/Shanghai");
	struct time_context ctx = context(z);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct err err = { 0 };
		int64_t from = 1, to = 2;

		if (time_parse(&from, &to, &ctx, cases[i].text, strlen(cases[i].text), &err) != CRM_INVALID)
			fail_msg("'%s' was taken", cases[i].text);
		assert_string_equal(buf_str(&err.msg), cases[i].why);
		assert_int_equal(from, 1);
		assert_int_equal(to, 2);
		err_free(&err);
	}
	zone_free(z);
}

static void times_in_a_gap_are_refused(void **state)
{
	struct zone *z = zone("Europe/Berlin");
	struct time_context ctx = { .now = 1774661400, .zone = z }; /* 28 March 02:30 */
	struct err err = { 0 };
	int64_t t;

	(void)state;
	assert_int_equal(time_parse(&t, &t, &ctx, "2026-03-29 02:30", 16, &err), CRM_INVALID);
	assert_string_equal(buf_str(&err.msg),
		"'2026-03-29 02:30' is not a time: 2026-03-29 02:30 does not exist in Europe/Berlin: clocks go from "
		"2026-03-29 02:00 to 2026-03-29 03:00");
	assert_int_equal(time_parse(&t, &t, &ctx, "+1d", 3, &err), CRM_INVALID);
	assert_int_equal(time_parse(&t, &t, &ctx, "+24h", 4, &err), CRM_OK);
	err_free(&err);
	zone_free(z);
}

/* --- dates --- */

static void dates_have_one_normal_form(void **state)
{
	static const struct {
		const char *text, *date;
	} cases[] = {
		{ "1990-05-12", "1990-05-12" },
		{ "1990/5/12", "1990-05-12" },
		{ "1990.5.12", "1990-05-12" },
		{ "1990年5月12日", "1990-05-12" },
		{ "１９９０年５月１２日", "1990-05-12" },
		{ "1990-05-12 00:00:00", "1990-05-12" },
		{ "1990-05-12T00:00", "1990-05-12" },
		{ "1990-05", "1990-05" },
		{ "1990/5", "1990-05" },
		{ "1990年5月", "1990-05" },
		{ "1990", "1990" },
		{ "1990年", "1990" },
		{ "--05-12", "--05-12" },
		{ "--2-29", "--02-29" },
		{ "5月12日", "--05-12" },
		{ " 0001-01-01 ", "0001-01-01" },
		{ "today", "2026-03-04" },
		{ "昨天", "2026-03-03" },
		{ "last monday", "2026-03-02" },
		{ "-1y", "2025-03-04" },
		{ "-24h", "2026-03-03" },
	};
	struct zone *z = zone("Asia/Shanghai");
	struct time_context ctx = context(z);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf b = BUF_INIT;
		struct err err = { 0 };

		if (date_parse(&b, &ctx, cases[i].text, strlen(cases[i].text), &err))
			fail_msg("%s: %s", cases[i].text, buf_str(&err.msg));
		assert_string_equal(buf_str(&b), cases[i].date);
		buf_free(&b);
	}
	zone_free(z);
}

static void bad_dates_say_why(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "1990-02-29", "'1990-02-29' is not a date: February 1990 has 28 days" },
		{ "1990-13", "'1990-13' is not a date: months go from 1 to 12" },
		{ "--02-30", "'--02-30' is not a date: February has 29 days" },
		{ "--0230", "'--0230' is not a date: a day without its year is written --05-12" },
		{ "13月1日", "'13月1日' is not a date: months go from 1 to 12" },
		{ "1/2/2026", "'1/2/2026' is not a date: write the year first and with four digits, as in 2026-01-02" },
		{ "05-12", "'05-12' is not a date: write the year first and with four digits, as in 2026-01-02" },
		{ "90-05-12", "'90-05-12' is not a date: write the year first and with four digits, as in 2026-01-02" },
		{ "0000", "'0000' is not a date: years go from 0001 to 9999" },
		{ "12345", "'12345' is not a date: years go from 0001 to 9999" },
		{ "1990-05-12 10:00", "'1990-05-12 10:00' is not a date: a date has no time of day" },
		{ "yesterday 10:00", "'yesterday 10:00' is not a date: a date has no time of day" },
		{ "1990年5", "'1990年5' is not a date: 月 is missing, as in 2026年1月2日" },
		{ "1990年5月12", "'1990年5月12' is not a date: 日 is missing, as in 2026年1月2日" },
		{ "1990-05-12x", "'1990-05-12x' is not a date: 'x' is not understood here" },
		{ "1990-", "'1990-' is not a date: a month has one or two digits, as in 2026-01-02" },
		{ "soon", "'soon' is not a date: write it like 2026-01-02, yesterday, monday or -3d" },
		{ "", "an empty text is not a date" },
	};
	struct zone *z = zone("Asia/Shanghai");
	struct time_context ctx = context(z);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf b = BUF_INIT;
		struct err err = { 0 };

		if (date_parse(&b, &ctx, cases[i].text, strlen(cases[i].text), &err) != CRM_INVALID)
			fail_msg("'%s' was taken", cases[i].text);
		assert_string_equal(buf_str(&err.msg), cases[i].why);
		assert_int_equal(b.len, 0);
		err_free(&err);
		buf_free(&b);
	}
	zone_free(z);
}

/* --- lengths and formats --- */

static void durations_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} cases[] = {
		{ "90s", 90 },
		{ "5min", 300 },
		{ "1h30min", 5400 },
		{ "1h 30min", 5400 },
		{ "2d", 172800 },
		{ "1w", 604800 },
		{ "1mo", 2592000 },
		{ "1Y", 31536000 },
		{ "0s", 0 },
		{ "１ｈ", 3600 },
		{ "1y1mo1w1d1h1min1s", 31536000 + 2592000 + 604800 + 86400 + 3600 + 60 + 1 },
	};
	static const char *const bad[] = { "", "5m", "5", "h", "-5min", "+5min", "1.5h", "3wd", "1h1h", "1min1h",
		"5 min x", "9999999999s", "1:30" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int64_t seconds = -1;

		assert_int_equal(duration_parse(&seconds, cases[i].text, strlen(cases[i].text), NULL), CRM_OK);
		assert_int_equal(seconds, cases[i].seconds);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err err = { 0 };
		int64_t seconds = -1;

		if (duration_parse(&seconds, bad[i], strlen(bad[i]), &err) != CRM_INVALID)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(seconds, -1);
		assert_non_null(strstr(buf_str(&err.msg), "is not a length of time"));
		err_free(&err);
	}
}

static void durations_are_written_exactly(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
		{ 0, "0s" },
		{ 45, "45s" },
		{ 60, "1min" },
		{ 5400, "1h30min" },
		{ 187200, "2d4h" },
		{ 90061, "1d1h1min1s" },
		{ -3600, "-1h" },
		{ INT64_MIN, "-106751991167300d15h30min8s" },
	};
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		buf_clear(&b);
		duration_format(&b, cases[i].seconds);
		assert_string_equal(buf_str(&b), cases[i].text);
	}
	buf_free(&b);
}

static void times_are_written(void **state)
{
	struct zone *z = zone("Asia/Shanghai"), *utc = zone("UTC"), *york = zone("America/New_York");
	struct buf b = BUF_INIT;

	(void)state;
	assert_string_equal(rfc3339(&b, z, 1767323045), "2026-01-02T11:04:05+08:00");
	assert_string_equal(rfc3339(&b, utc, 1767323045), "2026-01-02T03:04:05+00:00");
	assert_string_equal(rfc3339(&b, york, 1767323045), "2026-01-01T22:04:05-05:00");
	/* Local mean time -04:56:02 and +08:05:43 until 1883 and 1901: the instant is exact, the offset in minutes. */
	assert_string_equal(rfc3339(&b, york, -3000000000), "1874-12-07T13:44:00-04:56");
	assert_string_equal(rfc3339(&b, z, -3000000000), "1874-12-08T02:46:00+08:06");
	assert_string_equal(rfc3339(&b, utc, -62135596800), "0001-01-01T00:00:00+00:00");
	buf_clear(&b);
	time_format_short(&b, z, 1767323045);
	assert_string_equal(buf_str(&b), "2026-01-02 11:04");
	buf_free(&b);
	zone_free(z);
	zone_free(utc);
	zone_free(york);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instants_are_read),
		cmocka_unit_test(days_are_whole),
		cmocka_unit_test(a_day_has_the_hours_of_its_place),
		cmocka_unit_test(offsets_count_from_now),
		cmocka_unit_test(bad_times_say_why),
		cmocka_unit_test(times_in_a_gap_are_refused),
		cmocka_unit_test(dates_have_one_normal_form),
		cmocka_unit_test(bad_dates_say_why),
		cmocka_unit_test(durations_are_read),
		cmocka_unit_test(durations_are_written_exactly),
		cmocka_unit_test(times_are_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

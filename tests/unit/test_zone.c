#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

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

/* --- calendar --- */

/* Counts every day of twelve thousand years with the rules of the calendar alone. */
static void days_count_without_a_gap(void **state)
{
	int64_t day = days_from_civil(-1999, 1, 1);

	(void)state;
	assert_int_equal(days_from_civil(1970, 1, 1), 0);
	assert_int_equal(days_from_civil(2000, 3, 1), 11017);
	assert_int_equal(days_from_civil(1, 1, 1), -719162);
	assert_int_equal(days_from_civil(9999, 12, 31), 2932896);
	for (int y = -1999; y <= 10000; y++) {
		for (int m = 1; m <= 12; m++) {
			for (int d = 1; d <= days_in_month(y, m); d++, day++) {
				int yy, mm, dd;

				civil_from_days(day, &yy, &mm, &dd);
				if (days_from_civil(y, m, d) != day || yy != y || mm != m || dd != d)
					fail_msg("%d-%d-%d is day %ld", y, m, d, (long)day);
			}
		}
	}
	assert_int_equal(days_in_month(1900, 2), 28);
	assert_int_equal(days_in_month(2000, 2), 29);
	assert_int_equal(days_in_month(2026, 2), 28);
}

static void weekdays_begin_on_monday(void **state)
{
	(void)state;
	assert_int_equal(weekday_of(0), 3);
	assert_int_equal(weekday_of(-1), 2);
	assert_int_equal(weekday_of(-4), 6);
	assert_int_equal(weekday_of(days_from_civil(2026, 3, 4)), 2);
	assert_int_equal(weekday_of(days_from_civil(2000, 1, 1)), 5);
	assert_int_equal(weekday_of(days_from_civil(1, 1, 1)), 0);
}

/* --- zones --- */

static void offsets_are_those_of_history(void **state)
{
	static const struct {
		const char *zone;
		int64_t at;
		int offset;
	} cases[] = {
		{ "Europe/Berlin", 1774745999, 3600 }, /* 2026-03-29 00:59:59Z */
		{ "Europe/Berlin", 1774746000, 7200 }, /* 01:00Z: summer time */
		{ "Europe/Berlin", 1792889999, 7200 }, /* 2026-10-25 00:59:59Z */
		{ "Europe/Berlin", 1792890000, 3600 },
		{ "America/New_York", 1772953199, -18000 }, /* 2026-03-08 06:59:59Z */
		{ "America/New_York", 1772953200, -14400 }, { "Asia/Kathmandu", 1772591400, 20700 }, /* +05:45 */
		{ "Asia/Kolkata", 1772591400, 19800 }, { "Australia/Lord_Howe", 1772591400, 39600 }, /* summer: +11 */
		{ "Australia/Lord_Howe", 1782864000, 37800 }, /* 2026-07-01: +10:30 */
		{ "Pacific/Apia", 1325239199, -36000 },       /* 2011-12-30 09:59:59Z: the 29th, -10 */
		{ "Pacific/Apia", 1325239200, 50400 },        /* the 31st, +14 */
		{ "UTC", 1772591400, 0 }, { "CST-8", 1772591400, 28800 }, { ":Asia/Tokyo", 1772591400, 32400 },
		{ "EST5EDT,M3.2.0,M11.1.0", 1772953200, -14400 },
		{ "EST5EDT4", 1772953199, -18000 }, /* rules left out are the American ones */
		{ "<+0330>-3:30", 1772591400, 12600 },
		{ "Europe/Berlin", 4073500800, 3600 }, /* 2099-01-31: beyond every table */
		{ "Europe/Berlin", 4088448000, 7200 }, /* 2099-07-23 */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct zone *z = zone(cases[i].zone);

		if (zone_offset(z, cases[i].at) != cases[i].offset)
			fail_msg("%s at %ld: %d", cases[i].zone, (long)cases[i].at, zone_offset(z, cases[i].at));
		zone_free(z);
	}
}

/* China had summer time from 1986 to 1991: from 2 a.m. of 4 May 1986, to 14 September. */
static void china_had_summer_time(void **state)
{
	struct zone *z = zone("Asia/Shanghai");
	struct buf b = BUF_INIT;
	const int64_t start = days_from_civil(1986, 5, 3) * 86400 + 18 * 3600;

	(void)state;
	assert_string_equal(rfc3339(&b, z, start - 1), "1986-05-04T01:59:59+08:00");
	assert_string_equal(rfc3339(&b, z, start), "1986-05-04T03:00:00+09:00");
	assert_string_equal(rfc3339(&b, z, days_from_civil(1988, 7, 1) * 86400), "1988-07-01T09:00:00+09:00");
	assert_string_equal(rfc3339(&b, z, days_from_civil(1992, 7, 1) * 86400), "1992-07-01T08:00:00+08:00");
	buf_free(&b);
	zone_free(z);
}

static void summer_time_all_year_has_no_winter(void **state)
{
	/* From the example of RFC 8536: Eastern daylight time the whole year. */
	struct zone *z = zone("XXX3EDT4,0/0,J365/23");

	(void)state;
	for (int64_t t = NOW; t < NOW + 3 * 366 * 86400; t += 1800)
		assert_int_equal(zone_offset(z, t), -4 * 3600);
	zone_free(z);
}

static void bad_zone_names_are_refused(void **state)
{
	static const char *const names[] = { "", ":", "Europe/Berlim", "../../../etc/passwd", "/etc/localtime",
		"Europe", "zone.tab", "tzdata.zi", "CST", "XY1", "CST-8x", "CST-25", "EST5EDT,M13.1.0,M11.1.0",
		"EST5EDT,M3.2.0", "EST5EDT,M3.2.0,M11.1.0,", "EST5EDT,J0,J1", "EST5EDT,M3.6.0,M11.1.0", "<AB>5",
		"right/Europe/Berlin", "Europe/Berlin\x1b[2J",
		"a very long name a very long name a very long name a very long name" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct zone *z = NULL;
		struct err err = { 0 };

		if (zone_load(&z, names[i], &err) != CRM_INVALID)
			fail_msg("'%s' was taken", names[i]);
		assert_null(z);
		assert_non_null(strstr(buf_str(&err.msg), "is no time zone"));
		assert_null(strchr(buf_str(&err.msg), '\x1b'));
		err_free(&err);
	}
}

static int system_offset(int64_t t)
{
	time_t at = (time_t)t;
	struct tm tm;

	assert_non_null(localtime_r(&at, &tm));
	return (int)tm.tm_gmtoff;
}

/* Against the C library: every six hours of 130 years, and the exact second of every change. */
static void zones_agree_with_the_system(void **state)
{
	static const char *const names[] = { "Europe/Berlin", "Europe/London", "Europe/Dublin", "America/New_York",
		"America/Sao_Paulo", "America/Havana", "America/St_Johns", "America/Santiago", "America/Nuuk",
		"Africa/Casablanca", "Africa/Cairo", "Asia/Shanghai", "Asia/Tehran", "Asia/Gaza", "Asia/Jerusalem",
		"Asia/Kathmandu", "Asia/Pyongyang", "Australia/Lord_Howe", "Australia/Sydney", "Pacific/Apia",
		"Pacific/Chatham", "Antarctica/Troll", "Etc/GMT+12", "UTC", "CST-8", "NZST-12NZDT,M9.5.0,M4.1.0/3",
		"AAA3BBB,J60/0,J300/0", "AAA3BBB,59/0,300/-5", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0" };
	const int64_t first = 0, last = days_from_civil(2100, 12, 31) * 86400;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct zone *z = zone(names[i]);
		int before = 0;
		int changes = 0;

		setenv("TZ", names[i], 1);
		tzset();
		for (int64_t t = first; t < last; t += 6 * 3600) {
			int offset = system_offset(t);

			if (zone_offset(z, t) != offset)
				fail_msg("%s at %ld: %d, not %d", names[i], (long)t, zone_offset(z, t), offset);
			if (t > first && offset != before) {
				int64_t low = t - 6 * 3600, high = t;

				while (high - low > 1) {
					int64_t middle = low + (high - low) / 2;

					if (system_offset(middle) == before)
						low = middle;
					else
						high = middle;
				}
				changes++;
				assert_int_equal(zone_offset(z, low), before);
				assert_int_equal(zone_offset(z, high), system_offset(high));
			}
			before = offset;
		}
		if (strcmp(names[i], "Europe/Berlin") == 0)
			assert_int_equal(changes, 2 * 121); /* 1980 to 2100 */
		zone_free(z);
	}
	unsetenv("TZ");
	tzset();
}

static void civil_and_instant_are_inverse(void **state)
{
	static const char *const names[] = { "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia",
		"Asia/Shanghai", "America/Sao_Paulo" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct zone *z = zone(names[i]);

		for (int64_t t = 0; t < 2000000000; t += 7 * 901) {
			struct civil c, again;
			int64_t back;

			zone_civil(z, t, &c);
			assert_int_equal(zone_instant(z, &c, &back, NULL), CRM_OK);
			zone_civil(z, back, &again);
			assert_memory_equal(&c, &again, sizeof(c));
			/* An hour that occurs twice is the first; St. John's had double summer time in 1988. */
			assert_true(back <= t && t - back <= 7200);
			assert_true(back == t || zone_offset(z, back) != zone_offset(z, t));
			assert_true(zone_day(z, t) == days_from_civil(c.year, c.month, c.day));
		}
		zone_free(z);
	}
}

static void gaps_are_errors_and_folds_the_first(void **state)
{
	struct zone *berlin = zone("Europe/Berlin"), *howe = zone("Australia/Lord_Howe"), *apia = zone("Pacific/Apia");
	struct err err = { 0 };
	int64_t t = 5;

	(void)state;
	assert_int_equal(zone_instant(berlin, &(struct civil){ 2026, 3, 29, 2, 30, 0 }, &t, &err), CRM_INVALID);
	assert_int_equal(t, 5);
	assert_string_equal(buf_str(&err.msg), "2026-03-29 02:30 does not exist in Europe/Berlin: clocks go from "
					       "2026-03-29 02:00 to 2026-03-29 03:00");
	assert_int_equal(zone_instant(berlin, &(struct civil){ 2026, 3, 29, 2, 0, 0 }, &t, &err), CRM_INVALID);
	assert_int_equal(zone_instant(berlin, &(struct civil){ 2026, 3, 29, 1, 59, 59 }, &t, &err), CRM_OK);
	assert_int_equal(t, 1774745999);
	assert_int_equal(zone_instant(berlin, &(struct civil){ 2026, 3, 29, 3, 0, 0 }, &t, &err), CRM_OK);
	assert_int_equal(t, 1774746000);
	assert_int_equal(zone_instant(berlin, &(struct civil){ 2026, 10, 25, 2, 30, 0 }, &t, &err), CRM_OK);
	assert_int_equal(t, 1792888200);
	assert_int_equal(zone_instant(howe, &(struct civil){ 2026, 4, 5, 1, 45, 0 }, &t, &err), CRM_OK);
	assert_int_equal(t, 1775313900);
	assert_int_equal(zone_instant(apia, &(struct civil){ 2011, 12, 30, 12, 0, 0 }, &t, &err), CRM_INVALID);
	assert_int_equal(zone_instant(apia, &(struct civil){ 2011, 12, 31, 0, 0, 0 }, &t, &err), CRM_OK);
	assert_int_equal(t, 1325239200);
	err_free(&err);
	zone_free(berlin);
	zone_free(howe);
	zone_free(apia);
}

static void days_start_where_the_clock_says(void **state)
{
	struct zone *paulo = zone("America/Sao_Paulo"), *apia = zone("Pacific/Apia"), *utc = zone("UTC");

	(void)state;
	/* 2018-11-04 began at 01:00 in São Paulo. */
	assert_int_equal(zone_day_start(paulo, days_from_civil(2018, 11, 4)), 1541300400);
	assert_int_equal(zone_day_start(paulo, days_from_civil(2018, 11, 5)), 1541300400 + 23 * 3600);
	assert_int_equal(zone_day_start(apia, days_from_civil(2011, 12, 30)), 1325239200);
	assert_int_equal(zone_day_start(apia, days_from_civil(2011, 12, 31)), 1325239200);
	assert_int_equal(zone_day_start(utc, -1), -86400);
	assert_int_equal(zone_day(utc, -1), -1);
	assert_int_equal(zone_day(paulo, 1541300399), days_from_civil(2018, 11, 3));
	zone_free(paulo);
	zone_free(apia);
	zone_free(utc);
}

static void extreme_instants_do_no_harm(void **state)
{
	static const char *const names[] = { "UTC", "Europe/Berlin", "EST5EDT", "CST-8" };
	static const int64_t times[] = { INT64_MIN, INT64_MIN + 1, INT64_MAX, INT64_MAX - 1, INT64_C(1) << 40 };
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct zone *z = zone(names[i]);

		for (size_t k = 0; k < ARRAY_SIZE(times); k++) {
			struct civil c;

			zone_civil(z, times[k], &c);
			zone_day_start(z, zone_day(z, times[k]));
			zone_day_start(z, times[k]);
			assert_in_range(c.month, 1, 12);
			assert_true(strlen(rfc3339(&b, z, times[k])) >= 25);
		}
		zone_free(z);
	}
	buf_free(&b);
}

/* A local time has a first instant also where it does not exist or exists twice. */
static void local_times_have_a_first_instant(void **state)
{
	struct zone *berlin = zone("Europe/Berlin"), *apia = zone("Pacific/Apia");
	int64_t march = days_from_civil(2026, 3, 29) * 86400, october = days_from_civil(2026, 10, 25) * 86400;
	int64_t skipped = days_from_civil(2011, 12, 30) * 86400;

	(void)state;
	assert_int_equal(zone_first(berlin, march + 90 * 60), march + 30 * 60);
	assert_int_equal(zone_first(berlin, march + 150 * 60), march + 60 * 60); /* 02:30 is not, 03:00 is 01:00Z */
	assert_int_equal(zone_first(berlin, march + 180 * 60), march + 60 * 60);
	assert_int_equal(zone_first(berlin, october + 150 * 60), october + 30 * 60); /* 02:30 at +02:00 */
	assert_int_equal(zone_first(berlin, october + 180 * 60), october + 120 * 60);
	/* 30 December 2011 was left out: its noon is the beginning of the 31st, 10:00Z of the 30th. */
	assert_int_equal(zone_first(apia, skipped + 12 * 3600), skipped + 10 * 3600);
	assert_int_equal(zone_first(apia, skipped + 24 * 3600), skipped + 10 * 3600);
	zone_free(berlin);
	zone_free(apia);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_count_without_a_gap),
		cmocka_unit_test(weekdays_begin_on_monday),
		cmocka_unit_test(offsets_are_those_of_history),
		cmocka_unit_test(china_had_summer_time),
		cmocka_unit_test(summer_time_all_year_has_no_winter),
		cmocka_unit_test(bad_zone_names_are_refused),
		cmocka_unit_test(zones_agree_with_the_system),
		cmocka_unit_test(civil_and_instant_are_inverse),
		cmocka_unit_test(gaps_are_errors_and_folds_the_first),
		cmocka_unit_test(days_start_where_the_clock_says),
		cmocka_unit_test(extreme_instants_do_no_harm),
		cmocka_unit_test(local_times_have_a_first_instant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

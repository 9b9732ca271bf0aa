/* Business time against counting: minute by minute over twelve years, in zones of every kind. */
#include "service/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

static struct zone *zone(const char *name)
{
	struct zone *z = NULL;
	struct err err = { 0 };

	if (zone_load(&z, name, &err))
		fail_msg("%s: %s", name, buf_str(&err.msg));
	return z;
}

static struct calendar *calendar(const char *zone, const char *hours, const char *holidays, const char *workdays)
{
	struct calendar_text text = { zone, hours, holidays, workdays };
	struct calendar *c = NULL;
	struct err err = { 0 };

	if (calendar_new(&c, &text, NULL, &err))
		fail_msg("%s: %s", hours, buf_str(&err.msg));
	return c;
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
	DAY = 86400,
	FIRST_DAY = 12784,                      /* 2005-01-01 */
	MINUTES = (3652 + 365 + 365) * 24 * 60, /* twelve years: 2005 to 2016 */
	LEAD = 5 * 24 * 60
};

struct spell {
	int from, to; /* minutes; to > 1440 on the next day */
};

struct pattern {
	const char *hours, *holidays, *workdays;
	struct spell week[7][3]; /* the same hours, by hand, from Monday */
};

static const struct pattern patterns[] = {
	{ "mon-fri 09:00-12:00 13:00-18:00; sat 10:00-14:00",
		"2011-12-20..2012-01-05; 2010-10-01..2010-10-07; --05-01; 2009-03-29",
		"2011-12-31; 2010-10-09 08:00-09:30",
		{ { { 540, 720 }, { 780, 1080 } }, { { 540, 720 }, { 780, 1080 } }, { { 540, 720 }, { 780, 1080 } },
			{ { 540, 720 }, { 780, 1080 } }, { { 540, 720 }, { 780, 1080 } }, { { 600, 840 } } } },
	{ "sun-thu 22:15-06:45; sat 00:00-24:00", NULL, NULL,
		{ { { 1335, 1845 } }, { { 1335, 1845 } }, { { 1335, 1845 } }, { { 1335, 1845 } }, { { 0, 0 } },
			{ { 0, 1440 } }, { { 1335, 1845 } } } },
	{ "mon-sat 01:15-02:20 02:40-03:10 23:30-00:20; sun 00:20-00:45 01:59-02:01 22:45-23:45", "--01-01", NULL,
		{ { { 75, 140 }, { 160, 190 }, { 1410, 1460 } }, { { 75, 140 }, { 160, 190 }, { 1410, 1460 } },
			{ { 75, 140 }, { 160, 190 }, { 1410, 1460 } }, { { 75, 140 }, { 160, 190 }, { 1410, 1460 } },
			{ { 75, 140 }, { 160, 190 }, { 1410, 1460 } }, { { 75, 140 }, { 160, 190 }, { 1410, 1460 } },
			{ { 20, 45 }, { 119, 121 }, { 1365, 1425 } } } },
};

static bool date_between(const struct civil *c, int from, int to)
{
	int date = c->year * 10000 + c->month * 100 + c->day;

	return date >= from && date <= to;
}

/* The hours of a day by pattern, holidays and working days as their texts above have them. */
static const struct spell *spells_of(size_t pattern, int64_t day)
{
	static const struct spell none[3], short_day[3] = { { 480, 570 } };
	struct civil c;

	civil_from_seconds(day * DAY, &c);
	if (pattern == 0) {
		if (date_between(&c, 20111231, 20111231))
			return patterns[0].week[0];
		if (date_between(&c, 20101009, 20101009))
			return short_day;
		if (date_between(&c, 20111220, 20120105) || date_between(&c, 20101001, 20101007) ||
			(c.month == 5 && c.day == 1) || date_between(&c, 20090329, 20090329))
			return none;
	}
	if (pattern == 2 && c.month == 1 && c.day == 1)
		return none;
	return patterns[pattern].week[weekday_of(day)];
}

static void fill_day(bool work[1440], size_t pattern, int64_t day)
{
	const struct spell *today = spells_of(pattern, day), *before = spells_of(pattern, day - 1);

	for (int m = 0; m < 1440; m++) {
		work[m] = false;
		for (int i = 0; i < 3; i++)
			work[m] |= (m >= today[i].from && m < today[i].to) || m + 1440 < before[i].to;
	}
}

/*
 * count[i] is the working minutes before minute i, from 2005-01-01 00:00 UTC. A clock that has been put back shows times
 * for the second time until it comes to where it was: in between, the latest time it has shown decides.
 */
static void make_oracle(uint32_t *count, const struct zone *z, size_t pattern)
{
	bool work[1440];
	int64_t day = INT64_MIN, latest = INT64_MIN, start = (int64_t)FIRST_DAY * 1440;
	int offset = 0, after = 0;

	count[0] = 0;
	for (int64_t i = -LEAD; i < MINUTES; i++) {
		int64_t t = start + i, local;

		if (i % 15 == 0) {
			offset = zone_offset(z, t * 60);
			after = zone_offset(z, (t + 14) * 60);
		}
		if (offset != after)
			offset = zone_offset(z, t * 60);
		local = t + offset / 60;
		if (local > latest)
			latest = local;
		if (latest / 1440 != day) {
			day = latest / 1440;
			fill_day(work, pattern, day);
		}
		if (i >= 0)
			count[i + 1] = count[i] + work[latest % 1440];
	}
}

static uint64_t random_state = 42;

static int64_t random_below(int64_t n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t)((random_state >> 33) % (uint64_t)n);
}

static int64_t counted(const uint32_t *count, int64_t second)
{
	int64_t minute = second / 60;
	int64_t n = (int64_t)count[minute] * 60;

	return minute < MINUTES && count[minute + 1] > count[minute] ? n + second % 60 : n;
}

static void compare(struct calendar *c, const uint32_t *count, int64_t from, int64_t to, const char *zone)
{
	int64_t start = (int64_t)FIRST_DAY * DAY, want = counted(count, to) - counted(count, from);
	int64_t got = calendar_between(c, start + from, start + to), t;

	if (got != want)
		fail_msg("%s: from %ld to %ld is %ld, not %ld", zone, (long)(start + from), (long)(start + to),
			(long)got, (long)want);
	if (calendar_open_at(c, start + from) != (counted(count, from + 1) > counted(count, from)))
		fail_msg("%s: open at %ld", zone, (long)(start + from));
	if (!want)
		return;
	t = add(c, start + from, want) - start;
	if (t > to || counted(count, t) - counted(count, from) != want ||
		counted(count, t - 1) - counted(count, from) != want - 1)
		fail_msg("%s: %ld and %ld working seconds is %ld", zone, (long)(start + from), (long)want,
			(long)(start + t));
}

static void agrees_with_counting_minutes(void **state)
{
	static const char *const zones[] = { "UTC", "Europe/Berlin", "Europe/London", "America/New_York",
		"America/Los_Angeles", "America/St_Johns", "America/Sao_Paulo", "America/Asuncion", "America/Havana",
		"America/Caracas", "Africa/Casablanca", "Africa/Cairo", "Asia/Shanghai", "Asia/Kolkata",
		"Asia/Kathmandu", "Asia/Tehran", "Asia/Gaza", "Australia/Lord_Howe", "Australia/Sydney",
		"Pacific/Auckland", "Pacific/Chatham", "Pacific/Apia", "Europe/Moscow", "Asia/Pyongyang" };
	uint32_t *count = malloc((MINUTES + 1) * sizeof(*count));

	(void)state;
	assert_non_null(count);
	for (size_t i = 0; i < ARRAY_SIZE(zones); i++) {
		struct zone *z = zone(zones[i]);

		for (size_t p = 0; p < ARRAY_SIZE(patterns); p++) {
			struct calendar *c =
				calendar(zones[i], patterns[p].hours, patterns[p].holidays, patterns[p].workdays);
			int64_t all = (int64_t)MINUTES * 60 - 60;

			make_oracle(count, z, p);
			/* Every day of the twelve years, so that none can hide, and then anything. */
			for (int64_t day = 0; day < MINUTES / 1440 - 1; day++)
				compare(c, count, day * DAY, (day + 1) * DAY, zones[i]);
			for (int k = 0; k < 4000; k++) {
				int64_t a = random_below(all),
					b = k % 2 ? random_below(all) : a + random_below(3 * DAY);

				if (b > all)
					b = all;
				compare(c, count, a < b ? a : b, a < b ? b : a, zones[i]);
			}
			calendar_free(c);
		}
		zone_free(z);
	}
	free(count);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_counting_minutes),
	};

	return cmocka_run_group_tests_name("calendar_oracle", tests, NULL, NULL);
}

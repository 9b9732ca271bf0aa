/*
 * Days and dates. Years are counted from 1 March inside, so that the leap day is the last day of a year and the
 * lengths of months follow (153 m + 2) / 5.
 */
#include "base/time.h"

enum {
	DAYS_400_YEARS = 146097,
	DAYS_4_YEARS = 1461,
	EPOCH_DAY = 719468 /* from 0000-03-01 to 1970-01-01 */
};

/* Beyond these a year would not fit its int. */
#define DAY_LIMIT (INT64_C(1) << 39)

int64_t days_from_civil(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t m = month <= 2 ? month + 9 : month - 3;

	return 365 * y + floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400) + (153 * m + 2) / 5 + day - 1 -
	       EPOCH_DAY;
}

void civil_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t n, cycle, century, y, m;

	if (days > DAY_LIMIT)
		days = DAY_LIMIT;
	if (days < -DAY_LIMIT)
		days = -DAY_LIMIT;
	n = days + EPOCH_DAY;
	cycle = floor_div(n, DAYS_400_YEARS);
	n -= cycle * DAYS_400_YEARS;
	century = (4 * n + 3) / DAYS_400_YEARS;
	n -= century * DAYS_400_YEARS / 4;
	y = (4 * n + 3) / DAYS_4_YEARS;
	n -= y * DAYS_4_YEARS / 4;
	m = (5 * n + 2) / 153;
	*day = (int)(n - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(400 * cycle + 100 * century + y + (*month <= 2));
}

int days_in_month(int year, int month)
{
	static const signed char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

int weekday_of(int64_t days)
{
	int64_t shifted = floor_div(days, 7) * 7;

	return (int)((days - shifted + 3) % 7); /* 1970-01-01 was a Thursday */
}

void civil_from_seconds(int64_t seconds, struct civil *out)
{
	int second = (int)((seconds % 86400 + 86400) % 86400);

	civil_from_days(floor_div(seconds, 86400), &out->year, &out->month, &out->day);
	out->hour = second / 3600;
	out->minute = second / 60 % 60;
	out->second = second % 60;
}

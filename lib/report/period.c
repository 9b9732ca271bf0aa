/* Periods by number. */
#include "report/period.h"
#include <stdio.h>

static int64_t month_number(int64_t day)
{
	int y, m, d;

	civil_from_days(day, &y, &m, &d);
	return (int64_t)y * 12 + m - 1;
}

static int64_t week_number(int64_t day)
{
	return (day - weekday_of(day)) >= 0 ? (day - weekday_of(day) + 3) / 7 : (day - weekday_of(day) - 3) / 7;
}

int64_t period_of_day(enum period period, int64_t day)
{
	switch (period) {
	case PERIOD_WEEK:
		return week_number(day);
	case PERIOD_MONTH:
		return month_number(day);
	case PERIOD_WEEKDAY:
		return weekday_of(day);
	default:
		return day;
	}
}

int64_t period_first_day(enum period period, int64_t number)
{
	if (period == PERIOD_MONTH)
		return days_from_civil((int)(number / 12), (int)(number % 12) + 1, 1);
	return period == PERIOD_WEEK ? number * 7 - 3 : number;
}

/* The span is the local day, or of the hour what is certain. */
static void new_span(struct period_clock *c, int64_t at)
{
	struct civil civil;

	c->day = zone_day(c->zone, at);
	if (c->period == PERIOD_HOUR) {
		zone_civil(c->zone, at, &civil);
		c->number = civil.hour;
		/* Zones change by quarters of an hour at the least: within one the hour is certain. */
		c->from = at - ((at % 900) + 900) % 900;
		c->until = c->from + 900;
		return;
	}
	c->number = period_of_day(c->period, c->day);
	c->from = zone_day_start(c->zone, c->day);
	c->until = zone_day_start(c->zone, c->day + 1);
}

int64_t period_number(struct period_clock *c, int64_t at)
{
	if (at < c->from || at >= c->until)
		new_span(c, at);
	return c->number;
}

void period_name(char name[32], enum period period, int64_t number)
{
	static const char *const weekdays[] = { N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"),
		N_("Sun") };
	int y, m, d;

	switch (period) {
	case PERIOD_DAY:
		civil_from_days(number, &y, &m, &d);
		snprintf(name, 32, "%04d-%02d-%02d", y, m, d);
		break;
	case PERIOD_WEEK: { /* ISO 8601: a week belongs to the year of its Thursday */
		int64_t thursday = number * 7;

		civil_from_days(thursday, &y, &m, &d);
		snprintf(name, 32, "%04d-W%02d", y, (int)((thursday - days_from_civil(y, 1, 1)) / 7) + 1);
		break;
	}
	case PERIOD_MONTH:
		snprintf(name, 32, "%04d-%02d", (int)(number / 12), (int)(number % 12) + 1);
		break;
	case PERIOD_HOUR:
		snprintf(name, 32, "%02d", (int)number);
		break;
	default:
		snprintf(name, 32, "%s", weekdays[number]);
	}
}

/* --- the period before --- */

static int64_t local_of(const struct zone *z, int64_t t)
{
	return t + zone_offset(z, t);
}

static int64_t days_earlier(const struct zone *z, int64_t t, int64_t days)
{
	return zone_first(z, local_of(z, t) - days * 86400);
}

/* The same day of an earlier month, or its last. */
static int64_t months_earlier(const struct zone *z, int64_t t, int64_t months)
{
	const int64_t local = local_of(z, t), day = floor_div(local, 86400), month = month_number(day) - months;
	int y, m, d;

	civil_from_days(day, &y, &m, &d);
	y = (int)floor_div(month, 12);
	m = (int)(month - (int64_t)y * 12) + 1;
	d = d > days_in_month(y, m) ? days_in_month(y, m) : d;
	return zone_first(z, days_from_civil(y, m, d) * 86400 + local - day * 86400);
}

static bool begins_day(const struct zone *z, int64_t t)
{
	return zone_day_start(z, zone_day(z, t)) == t;
}

static bool begins_month(const struct zone *z, int64_t t)
{
	int y, m, d;

	civil_from_days(zone_day(z, t), &y, &m, &d);
	return d == 1 && begins_day(z, t);
}

static void same_dates(const struct zone *z, int64_t *from, int64_t *to)
{
	*from = months_earlier(z, *from, 12);
	*to = begins_day(z, *to + 1) ? months_earlier(z, *to + 1, 12) - 1 : months_earlier(z, *to, 12);
}

static void as_many_days(const struct zone *z, int64_t *from, int64_t *to)
{
	const int64_t first = local_of(z, *from), last = local_of(z, *to);
	int64_t days = floor_div(last, 86400) - floor_div(first, 86400);

	days += last - floor_div(last, 86400) * 86400 > first - floor_div(first, 86400) * 86400;
	days = days > 0 ? days : 1;
	*from = days_earlier(z, *from, days);
	*to = days_earlier(z, *to, days);
}

void period_before(const struct zone *z, int64_t *from, int64_t *to, bool year)
{
	const int64_t begin = *from;

	if (year)
		same_dates(z, from, to);
	else if (begins_month(z, *from) && begins_month(z, *to + 1))
		*from = months_earlier(z, *from, month_number(zone_day(z, *to + 1)) - month_number(zone_day(z, *from)));
	else
		as_many_days(z, from, to);
	if (*to >= begin)
		*to = begin - 1;
}

void stretch_set(struct stretch *out, int64_t from, int64_t to)
{
	out->from = from;
	out->to = to;
	snprintf(out->since, sizeof(out->since), "@%lld", (long long)from);
	snprintf(out->until, sizeof(out->until), "@%lld", (long long)to);
}

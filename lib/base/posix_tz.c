#include "base/posix_tz.h"

#include "base/time.h"

struct scan {
	const char *p, *end;
};

static bool skip(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

static bool number(struct scan *s, int max, int *out)
{
	int value = 0;
	const char *from = s->p;

	while (s->p < s->end && ascii_digit(*s->p)) {
		value = value * 10 + (*s->p++ - '0');
		if (value > max)
			return false;
	}
	*out = value;
	return s->p > from;
}

/* [+-]hh[:mm[:ss]] */
static bool hms(struct scan *s, int max_hours, int *out)
{
	bool negative = skip(s, '-');
	int h, m = 0, sec = 0;

	if (!negative)
		skip(s, '+');
	if (!number(s, max_hours, &h))
		return false;
	if (skip(s, ':')) {
		if (!number(s, 59, &m))
			return false;
		if (skip(s, ':') && !number(s, 59, &sec))
			return false;
	}
	*out = h * 3600 + m * 60 + sec;
	if (negative)
		*out = -*out;
	return true;
}

static bool zone_word(struct scan *s)
{
	const char *from = s->p;
	bool quoted = skip(s, '<');

	if (quoted)
		from++;
	while (s->p < s->end &&
		(ascii_alpha(*s->p) || (quoted && (ascii_digit(*s->p) || *s->p == '+' || *s->p == '-'))))
		s->p++;
	return s->p - from >= 3 && (!quoted || skip(s, '>'));
}

static bool rule(struct scan *s, struct posix_tz_rule *r)
{
	if (!skip(s, ','))
		return false;
	*r = (struct posix_tz_rule){ .kind = RULE_DAY, .time = 2 * 3600 };
	if (skip(s, 'M')) {
		r->kind = RULE_WEEKDAY;
		if (!number(s, 12, &r->month) || !skip(s, '.') || !number(s, 5, &r->week) || !skip(s, '.') ||
			!number(s, 6, &r->day) || r->month < 1 || r->week < 1)
			return false;
	} else if (skip(s, 'J')) {
		r->kind = RULE_JULIAN;
		if (!number(s, 365, &r->day) || r->day < 1)
			return false;
	} else if (!number(s, 365, &r->day)) {
		return false;
	}
	return !skip(s, '/') || hms(s, 167, &r->time);
}

bool posix_tz_parse(struct posix_tz *out, const char *s, size_t len)
{
	static const char american[] = ",M3.2.0,M11.1.0"; /* what everybody assumes where the rules are left out */
	struct scan in = { s, s + len };
	struct posix_tz tz = { 0 };

	if (!zone_word(&in) || !hms(&in, 24, &tz.std))
		return false;
	tz.std = tz.dst = -tz.std; /* POSIX counts west of Greenwich */
	if (in.p < in.end) {
		tz.has_dst = true;
		if (!zone_word(&in))
			return false;
		if (in.p == in.end || *in.p == ',')
			tz.dst = tz.std + 3600;
		else if (!hms(&in, 24, &tz.dst))
			return false;
		else
			tz.dst = -tz.dst;
		if (in.p == in.end)
			in = (struct scan){ american, american + strlen(american) };
		if (!rule(&in, &tz.start) || !rule(&in, &tz.end) || in.p != in.end)
			return false;
	}
	*out = tz;
	return true;
}

static int64_t rule_day(const struct posix_tz_rule *r, int year)
{
	int64_t day;
	int weekday;

	switch (r->kind) {
	case RULE_JULIAN:
		day = days_from_civil(year, 1, r->day);
		return day + (r->day >= 60 && days_in_month(year, 2) == 29);
	case RULE_DAY:
		return days_from_civil(year, 1, 1) + r->day;
	case RULE_WEEKDAY:
		break;
	}
	day = days_from_civil(year, r->month, 1);
	weekday = (weekday_of(day) + 1) % 7; /* Sunday is 0 here */
	day += (r->day - weekday + 7) % 7 + 7 * (r->week - 1);
	if (day >= days_from_civil(year, r->month, 1) + days_in_month(year, r->month))
		day -= 7; /* week 5 is the last one, be it the fourth */
	return day;
}

int posix_tz_segment(const struct posix_tz *tz, int64_t t, int64_t *end)
{
	int64_t last = INT64_MIN, next = INT64_MAX;
	int year, month, day, offset = tz->std;

	if (!tz->has_dst) {
		*end = INT64_MAX;
		return tz->std;
	}
	/* A rule's time may lie a week outside its year, hence the years around. Where the end of one summer is the
	 * start of the next (summer time all year), the start counts: it comes second here. */
	civil_from_days(floor_div(t, 86400), &year, &month, &day);
	for (int y = year - 2; y <= year + 2; y++) {
		int64_t at[] = {
			rule_day(&tz->end, y) * 86400 + tz->end.time - tz->dst,
			rule_day(&tz->start, y) * 86400 + tz->start.time - tz->std,
		};

		for (int i = 0; i < 2; i++) {
			if (at[i] > t) {
				next = at[i] < next ? at[i] : next;
			} else if (at[i] > last || (at[i] == last && i == 1)) {
				last = at[i];
				offset = i ? tz->dst : tz->std;
			}
		}
	}
	*end = next;
	return offset;
}

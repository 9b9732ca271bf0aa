#include "base/time_scan.h"

enum {
	MINUTE = 60,
	HOUR = 3600
};

int time_text_instant(const struct time_text *t, const struct zone *z, const struct civil *c, int64_t *out)
{
	cleanup(err_free) struct err why = { 0 };
	int rc = zone_instant(z, c, out, &why);
	const char *text;

	if (!rc)
		return CRM_OK;
	text = buf_str(&why.msg);
	return text ? time_text_fault(t, t->noun, "%s", text) : err_nomem(t->err);
}

int time_text_day(const struct time_text *t, const struct zone *z, int64_t day, int64_t *from, int64_t *to)
{
	*from = zone_day_start(z, day);
	*to = zone_day_start(z, day + 1) - 1;
	if (*to < *from)
		return time_text_fault(t, "date", "this day was left out in %s", zone_name(z));
	return CRM_OK;
}

/* What follows a day: nothing, which means the whole day, or a time of day. */
static int day_and_clock(
	struct time_text *t, const struct zone *z, int64_t day, int64_t *from, int64_t *to, bool *clock)
{
	struct civil c;
	int rc;

	scan_blanks(t);
	rc = scan_clock(t, &c);
	if (rc < 0)
		return rc;
	*clock = rc;
	if (!*clock)
		return time_text_day(t, z, day, from, to);
	civil_from_days(day, &c.year, &c.month, &c.day);
	rc = time_text_instant(t, z, &c, from);
	*to = *from;
	return rc;
}

/* --- dates --- */

int scan_offset(struct time_text *t, int *seconds)
{
	bool west;
	int h, m = 0, digits;

	scan_blanks(t);
	*seconds = 0;
	if (scan_literal(t, "utc") || scan_literal(t, "z"))
		return 1;
	west = t->p < t->end && *t->p == '-';
	if (!west && (t->p == t->end || *t->p != '+'))
		return 0;
	t->p++;
	digits = scan_number(t, &h);
	if (digits == 4) {
		m = h % 100;
		h /= 100;
	} else if (digits == 2 && scan_literal(t, ":")) {
		digits = scan_number(t, &m);
	}
	if ((digits != 2 && digits != 4) || h > 23 || m > 59)
		return time_text_fault(t, t->noun, "the offset of a zone is written +08:00 or Z");
	*seconds = h * HOUR + m * MINUTE;
	if (west)
		*seconds = -*seconds;
	return 1;
}

static int parse_date(struct time_text *t, const struct zone *z, int64_t *from, int64_t *to, bool *clock)
{
	struct civil c = { 0 };
	const char *start = t->p;
	int rc, n, seconds;
	int64_t day;

	if (scan_number(t, &n) <= 2 && t->p < t->end && *t->p == ':')
		return time_text_fault(t, t->noun, "the day is missing, as in today 15:04");
	t->p = start;
	rc = scan_date(t, &c);
	if (rc < 0)
		return rc;
	if (rc < 3)
		return time_text_fault(t, t->noun, "the day is missing, as in 2026-01-02");
	day = days_from_civil(c.year, c.month, c.day);
	if (!scan_literal(t, "t"))
		scan_blanks(t);
	else if (t->p == t->end)
		return time_text_fault(t, t->noun, "the time of day is missing after T");
	rc = scan_clock(t, &c);
	if (rc < 0)
		return rc;
	*clock = rc;
	if (!*clock)
		return time_text_day(t, z, day, from, to);
	rc = scan_offset(t, &seconds);
	if (rc < 0)
		return rc;
	if (rc) {
		*from = day * 86400 + c.hour * HOUR + c.minute * MINUTE + c.second - seconds;
		rc = CRM_OK;
	} else {
		rc = time_text_instant(t, z, &c, from);
	}
	*to = *from;
	return rc;
}

static int parse_epoch(struct time_text *t, int64_t *from, int64_t *to)
{
	const char *s = t->p + 1;

	/* Far beyond the years that the caller accepts, and far from an overflow. */
	if (!parse_int64(s, (size_t)(t->end - s), -(INT64_C(1) << 50), INT64_C(1) << 50, from))
		return time_text_fault(
			t, t->noun, "after @ stands the number of seconds since 1970, as in @1767323045");
	*to = *from;
	t->p = t->end;
	return CRM_OK;
}

/* --- words --- */

struct day_word {
	const char *word;
	int value;
};

static const struct day_word near_days[] = {
	{ "today", 0 },
	{ "yesterday", -1 },
	{ "tomorrow", 1 },
	{ "今天", 0 },
	{ "昨天", -1 },
	{ "明天", 1 },
};

static const struct day_word weekdays[] = {
	{ "monday", 0 },
	{ "tuesday", 1 },
	{ "wednesday", 2 },
	{ "thursday", 3 },
	{ "friday", 4 },
	{ "saturday", 5 },
	{ "sunday", 6 },
	{ "mon", 0 },
	{ "tue", 1 },
	{ "wed", 2 },
	{ "thu", 3 },
	{ "fri", 4 },
	{ "sat", 5 },
	{ "sun", 6 },
};

static const struct day_word chinese_weekdays[] = {
	{ "一", 0 },
	{ "二", 1 },
	{ "三", 2 },
	{ "四", 3 },
	{ "五", 4 },
	{ "六", 5 },
	{ "日", 6 },
	{ "天", 6 },
};

/* An English word must end where its letters end; a Chinese one is followed by anything. */
static bool scan_word(struct time_text *t, const char *word)
{
	if (ascii_alpha(*word) && scan_letters(t) != strlen(word))
		return false;
	return scan_literal(t, word);
}

static bool scan_table(struct time_text *t, const struct day_word *words, size_t n, int *value)
{
	for (size_t i = 0; i < n; i++) {
		if (scan_word(t, words[i].word)) {
			*value = words[i].value;
			return true;
		}
	}
	return false;
}

/* 周一, 星期一 */
static bool scan_chinese_weekday(struct time_text *t, int *weekday)
{
	return (scan_literal(t, "周") || scan_literal(t, "星期")) &&
	       scan_table(t, chinese_weekdays, ARRAY_SIZE(chinese_weekdays), weekday);
}

/* A weekday by itself: the latest or the coming one, today included as far as the time of day allows. */
static int bare_weekday(
	struct time_text *t, const struct time_context *ctx, int weekday, int64_t *from, int64_t *to, bool *clock)
{
	int64_t today = zone_day(ctx->zone, ctx->now);
	int back = (weekday_of(today) - weekday + 7) % 7;
	int64_t day = ctx->future ? today + (7 - back) % 7 : today - back;
	const char *start = t->p;
	int rc = day_and_clock(t, ctx->zone, day, from, to, clock);

	if (rc || !*clock || (ctx->future ? *from >= ctx->now : *from <= ctx->now))
		return rc;
	t->p = start;
	return day_and_clock(t, ctx->zone, ctx->future ? day + 7 : day - 7, from, to, clock);
}

static int parse_words(struct time_text *t, const struct time_context *ctx, int64_t *from, int64_t *to, bool *clock)
{
	int64_t today = zone_day(ctx->zone, ctx->now);
	int now_weekday = weekday_of(today), weekday, n;
	const char *start = t->p;
	int64_t monday = today - now_weekday;

	if (scan_word(t, "now") || scan_literal(t, "现在")) {
		*from = *to = ctx->now;
		return CRM_OK;
	}
	if (scan_table(t, near_days, ARRAY_SIZE(near_days), &n))
		return day_and_clock(t, ctx->zone, today + n, from, to, clock);
	if (scan_table(t, weekdays, ARRAY_SIZE(weekdays), &weekday) || scan_chinese_weekday(t, &weekday))
		return bare_weekday(t, ctx, weekday, from, to, clock);
	t->p = start;
	if (scan_word(t, "next") && scan_blanks(t) && scan_table(t, weekdays, ARRAY_SIZE(weekdays), &weekday)) {
		n = (weekday - now_weekday + 6) % 7 + 1;
		return day_and_clock(t, ctx->zone, today + n, from, to, clock);
	}
	t->p = start;
	if (scan_word(t, "last") && scan_blanks(t) && scan_table(t, weekdays, ARRAY_SIZE(weekdays), &weekday)) {
		n = (now_weekday - weekday + 6) % 7 + 1;
		return day_and_clock(t, ctx->zone, today - n, from, to, clock);
	}
	t->p = start;
	if (scan_literal(t, "下") && scan_chinese_weekday(t, &weekday))
		return day_and_clock(t, ctx->zone, monday + 7 + weekday, from, to, clock);
	t->p = start;
	if (scan_literal(t, "上") && scan_chinese_weekday(t, &weekday))
		return day_and_clock(t, ctx->zone, monday - 7 + weekday, from, to, clock);
	t->p = start;
	return time_text_fault(t, t->noun, "write it like 2026-01-02, yesterday, monday or -3d");
}

/* --- offsets from now --- */

/* Monday to Friday are working days here; holidays are a matter of calendars. */
static int64_t add_workdays(int64_t day, int64_t n)
{
	int weekday = weekday_of(day);
	int rest = (int)(n % 5);

	if (!n)
		return day; /* a Saturday too */
	if (weekday > 4) {
		day += n > 0 ? 4 - weekday : 7 - weekday; /* counted from the Friday before or the Monday after */
		weekday = n > 0 ? 4 : 0;
	}
	day += n / 5 * 7 + rest;
	if (weekday + rest > 4)
		day += 2;
	else if (weekday + rest < 0)
		day -= 2;
	return day;
}

static int64_t add_calendar(const struct civil *c, int64_t sign, const int amount[UNIT_COUNT])
{
	int64_t months = (int64_t)c->year * 12 + c->month - 1;
	int year, month, last;

	months += sign * (amount[UNIT_YEAR] * INT64_C(12) + amount[UNIT_MONTH]);
	year = (int)floor_div(months, 12);
	month = (int)(months - (int64_t)year * 12) + 1;
	last = days_in_month(year, month);
	return add_workdays(days_from_civil(year, month, c->day < last ? c->day : last) +
				    sign * (amount[UNIT_WEEK] * INT64_C(7) + amount[UNIT_DAY]),
		sign * amount[UNIT_WORKDAY]);
}

static int parse_relative(struct time_text *t, const struct time_context *ctx, int64_t *from, int64_t *to, bool *clock)
{
	int64_t sign = *t->p++ == '-' ? -1 : 1, day;
	int amount[UNIT_COUNT];
	bool used[UNIT_COUNT], elapsed;
	struct civil c;
	int rc = scan_amounts(t, amount, used);

	if (rc)
		return rc;
	elapsed = used[UNIT_HOUR] || used[UNIT_MINUTE] || used[UNIT_SECOND];
	zone_civil(ctx->zone, ctx->now, &c);
	day = add_calendar(&c, sign, amount);
	scan_blanks(t);
	if (!elapsed && t->p < t->end && ascii_digit(*t->p))
		return day_and_clock(t, ctx->zone, day, from, to, clock);
	*from = ctx->now;
	/* When the day stays the same, an hour that occurs twice must not become its first. */
	if (day != zone_day(ctx->zone, ctx->now)) {
		civil_from_days(day, &c.year, &c.month, &c.day);
		rc = time_text_instant(t, ctx->zone, &c, from);
	}
	*from += sign *
		 (amount[UNIT_HOUR] * (int64_t)HOUR + amount[UNIT_MINUTE] * (int64_t)MINUTE + amount[UNIT_SECOND]);
	*to = *from;
	return rc;
}

/* --- the whole --- */

bool time_year_ok(const struct zone *z, int64_t t)
{
	struct civil c;

	zone_civil(z, t, &c);
	return c.year >= 1 && c.year <= 9999;
}

int time_parse_text(struct time_text *t, const struct time_context *ctx, int64_t *from, int64_t *to, bool *clock)
{
	int rc;

	*clock = false;
	if (*t->p == '@')
		rc = parse_epoch(t, from, to);
	else if (*t->p == '+' || *t->p == '-')
		rc = parse_relative(t, ctx, from, to, clock);
	else if (ascii_digit(*t->p))
		rc = parse_date(t, ctx->zone, from, to, clock);
	else
		rc = parse_words(t, ctx, from, to, clock);
	if (!rc)
		rc = time_text_end(t);
	if (!rc && (!time_year_ok(ctx->zone, *from) || !time_year_ok(ctx->zone, *to)))
		rc = time_text_fault(t, t->noun, "it is outside the years 1 to 9999");
	return rc;
}

int time_parse(int64_t *from, int64_t *to, const struct time_context *ctx, const char *s, size_t len, struct err *err)
{
	cleanup(time_text_free) struct time_text t;
	int64_t first = 0, last = 0;
	bool clock;
	int rc = time_text_init(&t, N_("time"), s, len, err);

	if (!rc)
		rc = time_parse_text(&t, ctx, &first, &last, &clock);
	if (rc)
		return rc;
	*from = first;
	*to = last;
	return CRM_OK;
}

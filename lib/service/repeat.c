/* Recurrence as text, and the dates that it means. */
#include "service/repeat.h"
#include "base/time_scan.h"
#include "service/calendar_item.h"

enum {
	DAY = 86400,
	YEAR_LAST = 9999,
	AMOUNT_MAX = 9999,
	BLOCK_DAYS = 33 /* no more days of a month or week can be meant */
};

static const struct {
	const char *word;
	enum repeat_unit unit;
	int times;
} units[] = {
	{ "d", REPEAT_DAY, 1 },
	{ "day", REPEAT_DAY, 1 },
	{ "days", REPEAT_DAY, 1 },
	{ "daily", REPEAT_DAY, 1 },
	{ "w", REPEAT_WEEK, 1 },
	{ "week", REPEAT_WEEK, 1 },
	{ "weeks", REPEAT_WEEK, 1 },
	{ "weekly", REPEAT_WEEK, 1 },
	{ "mo", REPEAT_MONTH, 1 },
	{ "month", REPEAT_MONTH, 1 },
	{ "months", REPEAT_MONTH, 1 },
	{ "monthly", REPEAT_MONTH, 1 },
	{ "quarter", REPEAT_MONTH, 3 },
	{ "quarters", REPEAT_MONTH, 3 },
	{ "quarterly", REPEAT_MONTH, 3 },
	{ "y", REPEAT_YEAR, 1 },
	{ "year", REPEAT_YEAR, 1 },
	{ "years", REPEAT_YEAR, 1 },
	{ "yearly", REPEAT_YEAR, 1 },
	{ "annually", REPEAT_YEAR, 1 },
	{ "天", REPEAT_DAY, 1 },
	{ "日", REPEAT_DAY, 1 },
	{ "周", REPEAT_WEEK, 1 },
	{ "星期", REPEAT_WEEK, 1 },
	{ "个星期", REPEAT_WEEK, 1 },
	{ "月", REPEAT_MONTH, 1 },
	{ "个月", REPEAT_MONTH, 1 },
	{ "季度", REPEAT_MONTH, 3 },
	{ "个季度", REPEAT_MONTH, 3 },
	{ "年", REPEAT_YEAR, 1 },
};

static const struct {
	const char *letters, *alone; /* as amounts have it, and for one of it */
} written[] = {
	[REPEAT_DAY] = { "d", "day" },
	[REPEAT_WEEK] = { "w", "week" },
	[REPEAT_MONTH] = { "mo", "month" },
	[REPEAT_YEAR] = { "y", "year" },
};

static const char *const weekdays[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

/* Puts the field's name before the message. */
static int blame(struct err *err, const char *field, int status)
{
	const char *why = status == CRM_NOMEM ? NULL : buf_str(&err->msg);

	return why ? err_set(err, status, "%s: %s", field, why) : status;
}

/* --- reading --- */

/* 两, 三 … as numbers are said before a unit; 1 when there is none. */
static int scan_chinese_number(struct time_text *t)
{
	static const struct {
		const char *word;
		int value;
	} numbers[] = { { "一", 1 }, { "二", 2 }, { "两", 2 }, { "三", 3 }, { "四", 4 }, { "五", 5 }, { "六", 6 },
		{ "七", 7 }, { "八", 8 }, { "九", 9 }, { "十", 10 } };

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (scan_literal(t, numbers[i].word))
			return numbers[i].value;
	return 1;
}

/* The longest word of the table that stands here. */
static bool scan_unit(struct time_text *t, struct repeat *out)
{
	size_t letters = scan_letters(t), best = SIZE_MAX, length = 0;

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		size_t n = strlen(units[i].word);

		if (n <= length || (size_t)(t->end - t->p) < n || memcmp(t->p, units[i].word, n) != 0 ||
			(ascii_alpha(*units[i].word) && letters != n))
			continue;
		best = i;
		length = n;
	}
	if (best == SIZE_MAX)
		return false;
	t->p += length;
	out->unit = units[best].unit;
	out->amount *= units[best].times;
	return true;
}

static int read_every(struct repeat *out, struct time_text *t)
{
	const char *begin;
	int n;

	if (!scan_literal(t, "每") && scan_letters(t) == strlen("every") && scan_literal(t, "every"))
		scan_blanks(t);
	begin = t->p;
	if (scan_number(t, &n) == 0) {
		t->p = begin;
		n = scan_chinese_number(t);
	}
	scan_blanks(t);
	if (n < 1 || n > AMOUNT_MAX)
		return time_text_fault(t, t->noun, "the number goes from 1 to %d", AMOUNT_MAX);
	out->amount = n;
	if (!scan_unit(t, out))
		return time_text_fault(t, t->noun, "write it like day, 2w, month, 3mo or 1y");
	return time_text_end(t);
}

static int read_month_day(struct repeat *out, struct time_text *t)
{
	static const char *const last[] = { "last", "月末", "月底", "最后一天" }, *const behind[] = { "日", "号" };
	int n;

	for (size_t i = 0; i < ARRAY_SIZE(last); i++)
		if (scan_literal(t, last[i])) {
			out->on |= UINT64_C(1) << REPEAT_LAST;
			return CRM_OK;
		}
	if (scan_number(t, &n) == 0 || n < 1 || n > 31)
		return time_text_fault(t, t->noun, "days of a month are 1 to 31 and last");
	for (size_t i = 0; i < ARRAY_SIZE(behind) && !scan_literal(t, behind[i]); i++)
		;
	out->on |= UINT64_C(1) << n;
	return CRM_OK;
}

static bool scan_separator(struct time_text *t)
{
	bool any = scan_blanks(t);

	while (scan_literal(t, ",") || scan_literal(t, "、") || scan_literal(t, "和") || scan_blanks(t))
		any = true;
	return any;
}

static int read_month_days(struct repeat *out, struct time_text *t)
{
	int status = read_month_day(out, t);

	while (status == CRM_OK && scan_separator(t))
		status = read_month_day(out, t);
	return status;
}

static int read_weekdays(struct repeat *out, struct time_text *t)
{
	bool set[7] = { false };

	if (calendar_scan_weekdays(t, set) <= 0)
		return time_text_fault(t, t->noun, "days of a week are written like mon,thu or mon-fri");
	for (int i = 0; i < 7; i++)
		out->on |= (uint64_t)set[i] << i;
	return CRM_OK;
}

static int read_on(struct repeat *out, struct time_text *t)
{
	int status;

	if (out->unit == REPEAT_DAY)
		return time_text_fault(t, t->noun, "days are said of weeks, months and years, as in --every week");
	status = out->unit == REPEAT_WEEK ? read_weekdays(out, t) : read_month_days(out, t);
	return status == CRM_OK ? time_text_end(t) : status;
}

/* Reads all of a text; `field` is what it stands in. */
static int read_text(struct repeat *out, const char *field, const char *noun, const char *text, struct err *err,
	int (*read)(struct repeat *out, struct time_text *t))
{
	cleanup(time_text_free) struct time_text t;
	int status = time_text_init(&t, noun, text, strlen(text), err);

	if (status == CRM_OK)
		status = read(out, &t);
	return status < 0 ? blame(err, field, status) : CRM_OK;
}

int repeat_parse(struct repeat *out, const char *every, const char *on, struct err *err)
{
	struct repeat r = { 0 };
	int status = read_text(&r, "every", "period", every, err, read_every);

	if (status == CRM_OK && on)
		status = read_text(&r, "on", N_("day of the period"), on, err, read_on);
	if (status == CRM_OK)
		*out = r;
	return status;
}

void repeat_write(struct buf *every, struct buf *on, const struct repeat *r)
{
	if (r->amount == 1)
		buf_puts(every, written[r->unit].alone);
	else
		buf_printf(every, "%d%s", r->amount, written[r->unit].letters);
	for (int i = 0; i <= REPEAT_LAST; i++) {
		if (!(r->on >> i & 1))
			continue;
		if (on->len > 0)
			buf_putc(on, ',');
		if (r->unit == REPEAT_WEEK)
			buf_puts(on, weekdays[i]);
		else if (i == REPEAT_LAST)
			buf_puts(on, "last");
		else
			buf_printf(on, "%d", i);
	}
}

int repeat_on_parse(struct buf *out, const char *on, struct err *err)
{
	struct buf every = BUF_INIT;
	struct repeat r;
	int status = repeat_parse(&r, "week", on, err);

	if (status == CRM_INVALID)
		status = repeat_parse(&r, "month", on, err);
	if (status == CRM_INVALID)
		status = err_set(err, status, "%s, of a week mon,thu or mon-fri", buf_str(&err->msg));
	if (status == CRM_OK)
		repeat_write(&every, out, &r);
	buf_free(&every);
	return status;
}

/* 30天, 两周后: a number and a unit of the table above. */
static bool read_chinese_after(struct buf *out, struct time_text *t)
{
	struct repeat r = { 0 };
	const char *begin = t->p;
	int n;

	if (scan_number(t, &n) == 0) {
		t->p = begin;
		n = scan_chinese_number(t);
	}
	scan_blanks(t);
	r.amount = n;
	if (n < 1 || n > AMOUNT_MAX || ascii_alpha(*t->p) || !scan_unit(t, &r)) {
		t->p = begin;
		return false;
	}
	if (!scan_literal(t, "以后") && !scan_literal(t, "之后"))
		scan_literal(t, "后");
	buf_printf(out, "%d%s", r.amount, written[r.unit].letters);
	return true;
}

static int read_after(struct buf *out, struct time_text *t)
{
	int amount[UNIT_COUNT], status;
	bool used[UNIT_COUNT], any = false;

	if (read_chinese_after(out, t))
		return time_text_end(t);
	if (*t->p == '+' || *t->p == '-')
		return time_text_fault(t, t->noun, "it has no sign");
	status = scan_amounts(t, amount, used);
	if (status == CRM_OK)
		status = time_text_end(t);
	if (status < 0)
		return status;
	for (int i = 0; i < UNIT_COUNT; i++)
		any |= amount[i] > 0;
	if (!any)
		return time_text_fault(t, t->noun, "it would be due again at once");
	buf_add(out, t->clean.s, t->clean.len);
	return CRM_OK;
}

int repeat_after_parse(struct buf *out, const char *text, struct err *err)
{
	cleanup(time_text_free) struct time_text t;
	int status = time_text_init(&t, N_("length of time"), text, strlen(text), err);

	if (status == CRM_OK)
		status = read_after(out, &t);
	return status < 0 ? blame(err, "after", status) : CRM_OK;
}

/* --- dates --- */

int64_t occurrence_time(const struct occurrence *o, const struct zone *zone)
{
	return o->clock < 0 ? zone_day_start(zone, o->day) : zone_first(zone, o->day * DAY + o->clock);
}

static int64_t month_index(int64_t day)
{
	int y, m, d;

	civil_from_days(day, &y, &m, &d);
	return (int64_t)y * 12 + m - 1;
}

static int day_of_month(int64_t day)
{
	int y, m, d;

	civil_from_days(day, &y, &m, &d);
	return d;
}

/* How many days, weeks or months one period has. */
static int64_t period_length(const struct repeat *r)
{
	return (int64_t)r->amount * (r->unit == REPEAT_WEEK ? 7 : r->unit == REPEAT_YEAR ? 12 : 1);
}

/* The number of the period that holds `day`; that of `first` is 0. */
static int64_t period_of(const struct repeat *r, int64_t first, int64_t day)
{
	if (r->unit == REPEAT_WEEK)
		first -= weekday_of(first);
	if (r->unit >= REPEAT_MONTH)
		return floor_div(month_index(day) - month_index(first), period_length(r));
	return floor_div(day - first, period_length(r));
}

static size_t month_days(int64_t out[BLOCK_DAYS], const struct repeat *r, int64_t first, int64_t period)
{
	int64_t month = month_index(first) + period * period_length(r), year = floor_div(month, 12);
	uint64_t on = r->on ? r->on : UINT64_C(1) << day_of_month(first);
	size_t n = 0;

	if (year > YEAR_LAST)
		return 0;
	for (int i = 1; i <= REPEAT_LAST; i++) {
		int m = (int)(month - year * 12) + 1, length = days_in_month((int)year, m);
		int64_t day = days_from_civil((int)year, m, i < length ? i : length);

		if (on >> i & 1 && (n == 0 || day > out[n - 1]))
			out[n++] = day;
	}
	return n;
}

static size_t week_days(int64_t out[BLOCK_DAYS], const struct repeat *r, int64_t first, int64_t period)
{
	int64_t monday = first - weekday_of(first) + period * period_length(r);
	uint64_t on = r->on ? r->on : UINT64_C(1) << weekday_of(first);
	size_t n = 0;

	for (int i = 0; i < 7; i++)
		if (on >> i & 1)
			out[n++] = monday + i;
	return n;
}

/* The days of one period, in their order. */
static size_t period_days(int64_t out[BLOCK_DAYS], const struct repeat *r, int64_t first, int64_t period)
{
	if (r->unit >= REPEAT_MONTH)
		return month_days(out, r, first, period);
	if (r->unit == REPEAT_WEEK)
		return week_days(out, r, first, period);
	out[0] = first + period * period_length(r);
	return 1;
}

static bool has_passed(const struct occurrence *o, const struct zone *zone, int64_t now)
{
	return o->clock < 0 ? o->day < zone_day(zone, now) : occurrence_time(o, zone) < now;
}

bool repeat_next(struct occurrence *next, int64_t *missed, const struct repeat *r, const struct zone *zone,
	const struct occurrence *first, const struct occurrence *last, int64_t now)
{
	int64_t end = days_from_civil(YEAR_LAST, 12, 31), days[BLOCK_DAYS], passed = 0;

	for (int64_t period = period_of(r, first->day, last->day);; period++) {
		size_t n = period_days(days, r, first->day, period);

		if (n == 0)
			return false;
		for (size_t i = 0; i < n; i++) {
			struct occurrence o = { .day = days[i], .clock = first->clock };

			if (o.day > end)
				return false;
			if (o.day <= last->day)
				continue;
			if (has_passed(&o, zone, now)) {
				passed++;
				continue;
			}
			*next = o;
			*missed = passed;
			return true;
		}
	}
}

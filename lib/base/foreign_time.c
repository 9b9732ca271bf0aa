#include "base/foreign_time.h"

#include "base/foreign_scan.h"

bool foreign_date_is_blank(const char *s, size_t len)
{
	static const char *const blanks[] = { "0/0/00", "0000-00-00", "0000-00-00 00:00:00" };

	for (size_t i = 0; i < ARRAY_SIZE(blanks); i++)
		if (len == strlen(blanks[i]) && memcmp(s, blanks[i], len) == 0)
			return true;
	return false;
}

/* --- day numbers of spreadsheets --- */

/* Parts of a day, to the nearest second; twelve digits are a ten-millionth of one. */
static int64_t seconds_of_fraction(const char *digits, const char *end)
{
	int64_t n = 0, unit = 1;

	for (int i = 0; i < 12 && digits < end; i++, digits++) {
		n = n * 10 + (*digits - '0');
		unit *= 10;
	}
	return (n * 86400 + unit / 2) / unit;
}

/*
 * In the 1900 system 1 is 1900-01-01, and 60 a 29 February that never was, for Lotus 1-2-3 had one; from 61 on numbers
 * count from 1899-12-30. In the 1904 system 0 is 1904-01-01. Both end with 9999.
 */
static int day_of_serial(struct time_text *t, int64_t serial, bool from_1904, int64_t *day)
{
	const int64_t from = from_1904 ? 0 : 1, to = from_1904 ? 2957003 : 2958465;

	if (serial < from || serial > to)
		return time_text_fault(t, t->noun, "the day numbers of %s go from %d to %d",
			from_1904 ? "excel1904" : "excel", (int)from, (int)to);
	if (!from_1904 && serial == 60)
		return time_text_fault(t, t->noun, "day 60 of excel is 29 February 1900, which never was");
	if (from_1904)
		*day = days_from_civil(1904, 1, 1) + serial;
	else
		*day = days_from_civil(1899, 12, 30) + serial + (serial < 60);
	return CRM_OK;
}

/* 45000 or 45000.5. Returns 1, 0 when it is something else, or a fault. */
static int scan_serial(struct time_text *t, bool from_1904, struct foreign *f)
{
	const char *point;
	int serial, digits = scan_number(t, &serial), rc;
	int64_t day = 0, seconds = 0;

	point = t->p;
	if (scan_literal(t, "."))
		while (t->p < t->end && ascii_digit(*t->p))
			t->p++;
	if (digits == 0 || t->p != t->end || t->p == point + 1) {
		t->p = buf_str(&t->clean);
		return 0;
	}
	rc = day_of_serial(t, serial, from_1904, &day);
	if (rc < 0)
		return rc;
	if (t->p > point)
		seconds = seconds_of_fraction(point + 1, t->end);
	civil_from_seconds(day * 86400 + seconds, &f->c);
	f->clock = t->p > point;
	return 1;
}

/* --- forms that can mean one thing only --- */

static void scan_between(struct time_text *t)
{
	while (t->p < t->end && *t->p && strchr(" -/.,", *t->p))
		t->p++;
}

/* The year of a date with the name of its month. */
static int scan_year(struct time_text *t, struct foreign *f)
{
	int digits;

	scan_between(t);
	digits = scan_number(t, &f->c.year);
	if (digits != 4 || f->c.year == 0)
		return time_text_fault(
			t, t->noun, "its year has not four digits: say the form by --date-format, as %%d-%%b-%%y");
	return 1;
}

/* 01 Jan 2024, 1-Jan-2024. Returns 1, 0 when it is something else, or a fault. */
static int scan_day_month_year(struct time_text *t, struct foreign *f)
{
	const char *start = t->p;
	int digits = scan_number(t, &f->c.day);

	scan_between(t);
	f->c.month = scan_month_name(t) + 1;
	if (digits >= 1 && digits <= 2 && f->c.month)
		return scan_year(t, f);
	t->p = start;
	return 0;
}

/* Jan 2, 2024 */
static int scan_month_day_year(struct time_text *t, struct foreign *f)
{
	const char *start = t->p;
	int digits;

	f->c.month = scan_month_name(t) + 1;
	scan_between(t);
	digits = scan_number(t, &f->c.day);
	if (f->c.month && digits >= 1 && digits <= 2)
		return scan_year(t, f);
	t->p = start;
	return 0;
}

/* Tue, 10 Mar 2026 */
static int scan_named_month(struct time_text *t, struct foreign *f)
{
	const char *start = t->p;
	int weekday = scan_weekday_name(t), rc;

	if (weekday >= 0)
		scan_between(t);
	rc = scan_day_month_year(t, f);
	if (rc == 0)
		rc = scan_month_day_year(t, f);
	if (rc == 0)
		t->p = start;
	if (rc == 1 && weekday >= 0 && check_date(t, &f->c) == CRM_OK &&
		weekday_of(days_from_civil(f->c.year, f->c.month, f->c.day)) != weekday)
		return time_text_fault(t, t->noun, "that day is another weekday");
	return rc;
}

static int digits_to_int(const char *s, int digits)
{
	int n = 0;

	while (digits-- > 0)
		n = n * 10 + (*s++ - '0');
	return n;
}

/* 20260102, 20260102150405; what follows T is a time of day as any. Returns as above. */
static int scan_compact(struct time_text *t, struct foreign *f)
{
	const char *s = t->p, *end = s;

	while (end < t->end && ascii_digit(*end))
		end++;
	if ((end - s != 8 && end - s != 14) || (end < t->end && *end == '.'))
		return 0;
	t->p = end;
	f->c = (struct civil){ digits_to_int(s, 4), digits_to_int(s + 4, 2), digits_to_int(s + 6, 2), 0, 0, 0 };
	f->clock = end - s == 14;
	if (f->clock) {
		f->c.hour = digits_to_int(s + 8, 2);
		f->c.minute = digits_to_int(s + 10, 2);
		f->c.second = digits_to_int(s + 12, 2);
	}
	if (f->c.year == 0)
		return time_text_fault(t, t->noun, "years go from 0001 to 9999");
	if (f->c.hour > 23 || f->c.minute > 59 || f->c.second > 59)
		return time_text_fault(t, t->noun, "there is no such time of day");
	return 1;
}

/* 2026-01-02, 2026年1月2日; what is less than a day, or wrong, is left to others. */
static int scan_year_first(struct time_text *t, struct foreign *f)
{
	const char *start = t->p;
	int n;

	if (scan_number(t, &n) == 4) {
		t->p = start;
		if (scan_date(t, &f->c) == 3)
			return 1;
	}
	t->p = start;
	return 0;
}

/* 1/2/2026 and its like, of which nobody knows which part is the day. */
static int refuse_ambiguous(struct time_text *t, struct foreign *f)
{
	const char *start = t->p;
	int n, one = scan_number(t, &n), two, three;
	char sign = t->p < t->end && *t->p && strchr("/-.", *t->p) ? *t->p++ : '\0';

	(void)f;
	two = scan_number(t, &n);
	if (!sign || one < 1 || one > 2 || two < 1 || two > 2 || t->p == t->end || *t->p != sign) {
		t->p = start;
		return 0;
	}
	t->p++;
	three = scan_number(t, &n);
	if (three == 4)
		return time_text_fault(t, t->noun,
			"day and month are not guessed: say their order by --date-format %%d%c%%m%c%%Y or "
			"%%m%c%%d%c%%Y",
			sign, sign, sign, sign);
	return time_text_fault(t, t->noun,
		"day, month and year are not guessed: say their order by --date-format, as %%d%c%%m%c%%y", sign, sign);
}

static int refuse_number(struct time_text *t, struct foreign *f)
{
	const char *start = t->p;
	int n, digits = scan_number(t, &n);

	(void)f;
	if (scan_literal(t, "."))
		scan_number(t, &n);
	if (digits >= 5 && digits <= 7 && t->p == t->end)
		return time_text_fault(t, t->noun, "if it is a day number of a spreadsheet, say --date-format excel");
	t->p = start;
	return 0;
}

/* Returns 1 with the date, 0 when it is something else, or a fault. */
static int scan_unambiguous(struct time_text *t, struct foreign *f)
{
	static int (*const forms[])(struct time_text *, struct foreign *) = { scan_compact, scan_named_month,
		refuse_ambiguous, refuse_number, scan_year_first };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ARRAY_SIZE(forms); i++)
		rc = forms[i](t, f);
	if (rc != 1)
		return rc;
	rc = check_date(t, &f->c);
	if (rc == CRM_OK)
		rc = f->clock ? scan_foreign_offset(t, f) : scan_time_of_day(t, f);
	return rc < 0 ? rc : 1;
}

/* The whole text. Returns 1 with the date, 0 when it is for time_parse() and date_parse() to read, or a fault. */
static int scan_foreign(struct time_text *t, const char *format, struct foreign *f)
{
	bool from_1904 = format && strcmp(format, "excel1904") == 0;
	bool serials = from_1904 || (format && strcmp(format, "excel") == 0);
	int rc = 0, rest = CRM_OK;

	*f = (struct foreign){ 0 };
	if (serials)
		rc = scan_serial(t, from_1904, f);
	else if (format)
		rc = (rest = scan_by_format(t, format, f)) < 0 ? rest : 1;
	if (rc == 0)
		rc = scan_unambiguous(t, f);
	if (rc == 1 && f->c.month && f->c.day)
		rest = check_date(t, &f->c);
	if (rc == 1 && rest == CRM_OK)
		rest = time_text_end(t);
	return rest < 0 ? rest : rc;
}

static int instant(const struct time_text *t, const struct time_context *ctx, const struct foreign *f, int64_t *from)
{
	int64_t day, last;

	if (!f->c.year || !f->c.month || !f->c.day)
		return time_text_fault(t, t->noun, "year, month or day is missing");
	day = days_from_civil(f->c.year, f->c.month, f->c.day);
	if (!f->clock)
		return time_text_day(t, ctx->zone, day, from, &last);
	if (!f->zoned)
		return time_text_instant(t, ctx->zone, &f->c, from);
	*from = day * 86400 + f->c.hour * 3600 + f->c.minute * 60 + f->c.second - f->east;
	return CRM_OK;
}

int foreign_time_parse(
	int64_t *from, const struct time_context *ctx, const char *format, const char *s, size_t len, struct err *err)
{
	cleanup(time_text_free) struct time_text t;
	struct foreign f;
	int64_t last;
	int rc = time_text_init(&t, N_("time"), s, len, err);

	if (rc == CRM_OK)
		rc = scan_foreign(&t, format, &f);
	if (rc < 0)
		return rc;
	if (rc == 0)
		return time_parse(from, &last, ctx, s, len, err);
	rc = instant(&t, ctx, &f, from);
	if (rc == CRM_OK && !time_year_ok(ctx->zone, *from))
		rc = time_text_fault(&t, t.noun, "it is outside the years 1 to 9999");
	return rc;
}

int foreign_date_parse(
	struct buf *out, const struct time_context *ctx, const char *format, const char *s, size_t len, struct err *err)
{
	cleanup(time_text_free) struct time_text t;
	struct foreign f;
	int rc = time_text_init(&t, N_("date"), s, len, err);

	if (rc == CRM_OK)
		rc = scan_foreign(&t, format, &f);
	if (rc < 0)
		return rc;
	if (rc == 0)
		return date_parse(out, ctx, s, len, err);
	if (f.clock && (f.c.hour || f.c.minute || f.c.second))
		return time_text_fault(&t, t.noun, "a date has no time of day");
	if (f.c.year)
		buf_printf(out, "%04d", f.c.year);
	else
		buf_puts(out, "-");
	if (f.c.month)
		buf_printf(out, "-%02d", f.c.month);
	if (f.c.day)
		buf_printf(out, "-%02d", f.c.day);
	return out->failed ? err_nomem(err) : CRM_OK;
}

int foreign_duration_parse(int64_t *out, const char *s, size_t len, struct err *err)
{
	const char *minutes = memchr(s, ':', len);
	size_t hours_len = minutes ? (size_t)(minutes - s) : len;
	int64_t h, m, sec;

	if (!minutes && parse_int64(s, len, 0, INT32_MAX, out))
		return CRM_OK;
	if (!minutes || len - hours_len != 6 || minutes[3] != ':' ||
		!parse_int64(s, hours_len, 0, INT32_MAX / 3600, &h) || !parse_int64(minutes + 1, 2, 0, 59, &m) ||
		!parse_int64(minutes + 4, 2, 0, 59, &sec))
		return duration_parse(out, s, len, err);
	*out = h * 3600 + m * 60 + sec;
	return CRM_OK;
}

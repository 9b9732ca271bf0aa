#include "base/foreign_scan.h"

static const char *const months[] = { "january", "february", "march", "april", "may", "june", "july", "august",
	"september", "october", "november", "december" };
static const char *const weekdays[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };

bool scan_gap(struct time_text *t)
{
	bool any = false;

	while (scan_blanks(t) || scan_literal(t, "\xe2\x80\xaf"))
		any = true;
	return any;
}

static int scan_name(struct time_text *t, const char *const *names, size_t n)
{
	size_t len = scan_letters(t);

	for (size_t i = 0; len >= 3 && i < n; i++) {
		if (len <= strlen(names[i]) && memcmp(t->p, names[i], len) == 0) {
			t->p += len;
			return (int)i;
		}
	}
	return -1;
}

int scan_month_name(struct time_text *t)
{
	return scan_name(t, months, ARRAY_SIZE(months));
}

int scan_weekday_name(struct time_text *t)
{
	return scan_name(t, weekdays, ARRAY_SIZE(weekdays));
}

int scan_half(struct time_text *t)
{
	static const char *const words[2][3] = { { "a.m.", "am", "上午" }, { "p.m.", "pm", "下午" } };

	for (int half = 0; half < 2; half++)
		for (size_t i = 0; i < ARRAY_SIZE(words[half]); i++)
			if (scan_literal(t, words[half][i]))
				return half;
	return -1;
}

int apply_half(struct time_text *t, struct foreign *f, int half)
{
	if (f->c.hour < 1 || f->c.hour > 12)
		return time_text_fault(t, t->noun, "with AM or PM hours go from 1 to 12");
	f->c.hour = f->c.hour % 12 + half * 12;
	return CRM_OK;
}

void scan_fraction(struct time_text *t)
{
	int n;

	if (t->end - t->p >= 2 && (*t->p == '.' || *t->p == ',') && ascii_digit(t->p[1])) {
		t->p++;
		scan_number(t, &n);
	}
}

int scan_foreign_offset(struct time_text *t, struct foreign *f)
{
	const char *start = t->p;
	int rc;

	scan_gap(t);
	if (scan_literal(t, "gmt")) {
		rc = scan_offset(t, &f->east);
		rc = rc < 0 ? rc : 1;
	} else {
		rc = scan_offset(t, &f->east);
	}
	f->zoned = rc == 1;
	if (rc == 0)
		t->p = start;
	return rc;
}

/* 1504 or 150405, as basic ISO 8601 has it. Returns 1, 0 when it is something else, or a fault. */
static int scan_compact_clock(struct time_text *t, struct civil *c)
{
	const char *start = t->p;
	int n, digits = scan_number(t, &n);

	if (digits != 4 && digits != 6) {
		t->p = start;
		return 0;
	}
	c->second = digits == 6 ? n % 100 : 0;
	n = digits == 6 ? n / 100 : n;
	c->minute = n % 100;
	c->hour = n / 100;
	if (c->hour > 23 || c->minute > 59 || c->second > 59)
		return time_text_fault(t, t->noun, "there is no such time of day");
	return 1;
}

int scan_time_of_day(struct time_text *t, struct foreign *f)
{
	const char *start = t->p;
	bool after_t;
	int rc = 0, half;

	scan_literal(t, ",");
	scan_gap(t);
	after_t = scan_literal(t, "t");
	if (t->p == start && ascii_digit(start[-1]))
		return CRM_OK; /* digits that go on are no time of day */
	half = after_t ? -1 : scan_half(t);
	scan_gap(t);
	if (after_t)
		rc = scan_compact_clock(t, &f->c);
	if (rc == 0)
		rc = scan_clock(t, &f->c);
	if (rc < 0)
		return rc;
	if (rc == 0) {
		t->p = start;
		return CRM_OK;
	}
	f->clock = true;
	scan_fraction(t);
	if (half < 0) {
		const char *before = t->p;

		scan_gap(t);
		half = scan_half(t);
		if (half < 0)
			t->p = before;
	}
	rc = half < 0 ? CRM_OK : apply_half(t, f, half);
	if (rc == CRM_OK)
		rc = scan_foreign_offset(t, f);
	return rc < 0 ? rc : CRM_OK;
}

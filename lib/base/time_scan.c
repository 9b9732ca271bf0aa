#include "base/time_scan.h"

/* The ASCII character that a sign of Chinese or Japanese keyboards stands for; 0 when there is none. */
static char as_ascii(const unsigned char *p, size_t len, size_t *used)
{
	*used = 1;
	if (p[0] < 0x80)
		return ascii_lower((char)p[0]);
	*used = 2;
	if (len >= 2 && p[0] == 0xc2 && p[1] == 0xa0)
		return ' ';
	*used = 3;
	if (len < 3)
		return 0;
	if (p[0] == 0xef && (p[1] == 0xbc || p[1] == 0xbd)) {
		int sign = (p[1] & 0x3f) << 6 | (p[2] & 0x3f); /* of U+Fxxx */

		if (sign >= 0xf01 && sign <= 0xf5e)
			return ascii_lower((char)(sign - 0xf01 + '!'));
	}
	if (memcmp(p, "\xe3\x80\x80", 3) == 0)
		return ' ';
	if (memcmp(p, "\xe2\x88\x92", 3) == 0)
		return '-';
	return 0;
}

int time_text_init(struct time_text *t, const char *noun, const char *s, size_t len, struct err *err)
{
	*t = (struct time_text){ .noun = noun, .orig = s, .orig_len = len, .err = err };
	buf_reserve(&t->clean, len);
	for (size_t i = 0, used; i < len; i += used) {
		char c = as_ascii((const unsigned char *)s + i, len - i, &used);

		if (!c) {
			used = 1;
			c = s[i];
		}
		if (!ascii_blank(c) || t->clean.len)
			buf_putc(&t->clean, ascii_blank(c) ? ' ' : c);
	}
	while (t->clean.len && t->clean.s[t->clean.len - 1] == ' ')
		buf_truncate(&t->clean, t->clean.len - 1);
	t->p = buf_str(&t->clean);
	if (!t->p)
		return err_nomem(err);
	t->end = t->p + t->clean.len;
	if (t->p == t->end)
		return err_set(err, CRM_INVALID, "an empty text is not a %s", crm_tr(noun));
	return CRM_OK;
}

void time_text_free(struct time_text *t)
{
	buf_free(&t->clean);
}

int time_text_fault(const struct time_text *t, const char *noun, const char *fmt, ...)
{
	cleanup(buf_free) struct buf text = BUF_INIT, why = BUF_INIT;
	va_list ap;

	buf_quote(&text, t->orig, t->orig_len);
	va_start(ap, fmt);
	buf_vprintf(&why, crm_tr(fmt), ap);
	va_end(ap);
	if (!buf_str(&text) || !buf_str(&why))
		return err_nomem(t->err);
	return err_set(t->err, CRM_INVALID, "%s is not a %s: %s", text.s, crm_tr(noun), why.s);
}

int time_text_end(struct time_text *t)
{
	cleanup(buf_free) struct buf rest = BUF_INIT;
	const char *text;

	scan_blanks(t);
	if (t->p == t->end)
		return CRM_OK;
	buf_quote(&rest, t->p, (size_t)(t->end - t->p));
	text = buf_str(&rest);
	return text ? time_text_fault(t, t->noun, "%s is not understood here", text) : err_nomem(t->err);
}

bool scan_literal(struct time_text *t, const char *s)
{
	size_t n = strlen(s);

	if ((size_t)(t->end - t->p) < n || memcmp(t->p, s, n) != 0)
		return false;
	t->p += n;
	return true;
}

bool scan_blanks(struct time_text *t)
{
	const char *from = t->p;

	while (t->p < t->end && *t->p == ' ')
		t->p++;
	return t->p > from;
}

int scan_number(struct time_text *t, int *value)
{
	int digits = 0, n = 0;

	for (; t->p < t->end && ascii_digit(*t->p); t->p++) {
		if (digits < 10)
			digits++;
		if (digits < 10)
			n = n * 10 + (*t->p - '0');
	}
	*value = digits < 10 ? n : -1;
	return digits;
}

size_t scan_letters(const struct time_text *t)
{
	const char *p = t->p;

	while (p < t->end && ascii_alpha(*p))
		p++;
	return (size_t)(p - t->p);
}

int check_date(const struct time_text *t, const struct civil *c)
{
	static const char *const names[] = { "January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December" };
	int days;

	if (c->month < 1 || c->month > 12)
		return time_text_fault(t, "date", "months go from 1 to 12");
	days = days_in_month(c->year ? c->year : 2000, c->month);
	if (c->day >= 1 && c->day <= days)
		return CRM_OK;
	if (!c->year)
		return time_text_fault(t, "date", "%s has %d days", names[c->month - 1], days);
	return time_text_fault(t, "date", "%s %d has %d days", names[c->month - 1], c->year, days);
}

/* The sign between the parts of a date, which must be the same twice: - / . or, after Chinese, nothing. */
static bool scan_separator(struct time_text *t, char *sign)
{
	if (t->p == t->end || !strchr("-/.", *t->p) || (*sign && *t->p != *sign))
		return false;
	*sign = *t->p++;
	return true;
}

static int scan_month_and_day(struct time_text *t, struct civil *c, char sign)
{
	int digits = scan_number(t, &c->month), rc;
	struct civil first;

	if (digits < 1 || digits > 2)
		return time_text_fault(t, "date", "a month has one or two digits, as in 2026-01-02");
	if (!sign && !scan_literal(t, "月"))
		return time_text_fault(t, "date", "月 is missing, as in 2026年1月2日");
	first = (struct civil){ .year = c->year, .month = c->month, .day = 1 };
	if (sign ? !scan_separator(t, &sign) : t->p == t->end || !ascii_digit(*t->p)) {
		c->day = 0;
		rc = check_date(t, &first);
		return rc ? rc : 2;
	}
	digits = scan_number(t, &c->day);
	if (digits < 1 || digits > 2)
		return time_text_fault(t, "date", "a day has one or two digits, as in 2026-01-02");
	if (!sign && !scan_literal(t, "日") && !scan_literal(t, "号"))
		return time_text_fault(t, "date", "日 is missing, as in 2026年1月2日");
	rc = check_date(t, c);
	return rc ? rc : 3;
}

int scan_date(struct time_text *t, struct civil *c)
{
	int digits = scan_number(t, &c->year);
	bool chinese = scan_literal(t, "年");
	char sign = '\0';

	c->month = c->day = 0;
	if (digits < 4)
		return time_text_fault(t, "date", "write the year first and with four digits, as in 2026-01-02");
	if (digits > 4 || c->year == 0)
		return time_text_fault(t, "date", "years go from 0001 to 9999");
	if (chinese ? t->p < t->end && ascii_digit(*t->p) : scan_separator(t, &sign))
		return scan_month_and_day(t, c, sign);
	return 1;
}

/* Two digits up to max after a colon. */
static bool scan_sixty(struct time_text *t, int *value)
{
	return scan_literal(t, ":") && scan_number(t, value) == 2 && *value <= 59;
}

int scan_clock(struct time_text *t, struct civil *c)
{
	int digits, fraction;

	if (t->p == t->end || !ascii_digit(*t->p))
		return 0;
	digits = scan_number(t, &c->hour);
	c->minute = c->second = 0;
	if (digits > 2 || t->p == t->end || *t->p != ':')
		return time_text_fault(t, t->noun, "the time of day is written 15:04 or 15:04:05");
	if (c->hour > 23)
		return time_text_fault(t, t->noun, "hours go from 0 to 23");
	if (!scan_sixty(t, &c->minute))
		return time_text_fault(t, t->noun, "minutes go from 00 to 59");
	if (t->p == t->end || *t->p != ':')
		return 1;
	if (!scan_sixty(t, &c->second))
		return time_text_fault(t, t->noun, "seconds go from 00 to 59");
	/* RFC 3339 allows parts of a second; an instant here is its second. */
	if (scan_literal(t, ".") && scan_number(t, &fraction) == 0)
		return time_text_fault(t, t->noun, "digits are missing after the point");
	return 1;
}

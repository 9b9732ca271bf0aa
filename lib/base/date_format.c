/* Dates by a FORMAT such as %d/%m/%Y. */
#include "base/foreign_scan.h"
#include "base/foreign_time.h"

enum part {
	YEAR = 1 << 0,
	MONTH = 1 << 1,
	DAY = 1 << 2,
	HOUR = 1 << 3,
	MINUTE = 1 << 4,
	SECOND = 1 << 5,
	HALF = 1 << 6,
	ZONE = 1 << 7
};

static const struct directive {
	char letter;
	enum part part;
	bool number;
	const char *noun;
} directives[] = {
	{ 'Y', YEAR, true, "year" },
	{ 'y', YEAR, true, "year" },
	{ 'm', MONTH, true, "month" },
	{ 'b', MONTH, false, "month" },
	{ 'B', MONTH, false, "month" },
	{ 'd', DAY, true, "day" },
	{ 'H', HOUR, true, "hour" },
	{ 'M', MINUTE, true, "minute" },
	{ 'S', SECOND, true, "second" },
	{ 'p', HALF, false, "AM or PM" },
	{ 'z', ZONE, false, "offset" },
};

static const struct directive *find_directive(char letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(directives); i++)
		if (directives[i].letter == letter)
			return &directives[i];
	return NULL;
}

/* What part of a date needs which others to mean something. */
static int check_parts(unsigned parts, struct err *err)
{
	static const struct {
		unsigned part, needs;
		const char *why;
	} rules[] = {
		{ DAY, MONTH, N_("a day needs its month (%m or %b)") },
		{ HOUR, YEAR | MONTH | DAY, N_("a time of day needs year, month and day") },
		{ MINUTE, HOUR, N_("minutes need their hour (%H)") },
		{ SECOND, MINUTE, N_("seconds need their minute (%M)") },
		{ HALF, HOUR, N_("AM and PM need their hour (%H)") },
		{ ZONE, HOUR, N_("an offset needs a time of day (%H)") },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (parts & rules[i].part && (parts & rules[i].needs) != rules[i].needs)
			return err_set(err, CRM_INVALID, "%s", crm_tr(rules[i].why));
	if (!(parts & YEAR) && (parts & (MONTH | DAY)) != (MONTH | DAY))
		return err_set(err, CRM_INVALID, "it has no date in it, as %%Y-%%m-%%d has");
	return CRM_OK;
}

int date_format_check(const char *format, struct err *err)
{
	unsigned parts = 0;

	if (strcmp(format, "excel") == 0 || strcmp(format, "excel1904") == 0)
		return CRM_OK;
	for (const char *p = format; *p; p++) {
		const struct directive *d;

		if (*p != '%' || *++p == '%')
			continue;
		d = find_directive(*p);
		if (!d)
			return err_set(err, CRM_INVALID,
				"after %% stands one of Y y m d H M S b B p z %% (excel and excel1904 are forms too)");
		if (parts & d->part)
			return err_set(err, CRM_INVALID, "it has the %s twice", d->noun);
		parts |= d->part;
	}
	return check_parts(parts, err);
}

/* Digits of a part: up to its two or four; exactly as many beside another number. */
static int read_number(struct time_text *t, const struct directive *d, bool exact, int *value)
{
	int most = d->letter == 'Y' ? 4 : 2, n = 0;

	exact |= d->part == YEAR;
	*value = 0;
	for (; n < most && t->p < t->end && ascii_digit(*t->p); n++)
		*value = *value * 10 + (*t->p++ - '0');
	if (n == 0 || (exact && n < most))
		return time_text_fault(t, t->noun, "its %s does not fit --date-format", d->noun);
	return CRM_OK;
}

static int read_part(struct time_text *t, const struct directive *d, bool exact, struct foreign *f)
{
	int *places[] = { &f->c.year, &f->c.month, &f->c.day, &f->c.hour, &f->c.minute, &f->c.second };
	static const int most[] = { 9999, 12, 31, 23, 59, 59 };
	int i = __builtin_ctz((unsigned)d->part);
	int rc = read_number(t, d, exact, places[i]);

	if (rc < 0)
		return rc;
	if (d->letter == 'y')
		f->c.year += f->c.year < 69 ? 2000 : 1900;
	if (*places[i] > most[i] || (i < 3 && *places[i] == 0))
		return time_text_fault(t, t->noun, "%d is no %s", *places[i], d->noun);
	f->clock |= d->part == HOUR;
	return CRM_OK;
}

static int read_word(struct time_text *t, const struct directive *d, struct foreign *f, int *half)
{
	int found = 0;

	if (d->part == ZONE) {
		found = scan_foreign_offset(t, f);
		if (found < 0)
			return found;
		found = found ? 0 : -1;
	} else if (d->part == HALF) {
		found = *half = scan_half(t);
	} else {
		found = scan_month_name(t);
		f->c.month = found + 1;
	}
	return found < 0 ? time_text_fault(t, t->noun, "its %s does not fit --date-format", d->noun) : CRM_OK;
}

/* A literal of the pattern: a run of blanks stands for one or more. The text is in lower case. */
static bool match_literal(struct time_text *t, char c)
{
	if (ascii_blank(c))
		return scan_gap(t);
	if (t->p == t->end || *t->p != ascii_lower(c))
		return false;
	t->p++;
	return true;
}

static bool number_follows(const char *p)
{
	const struct directive *d = p[0] == '%' ? find_directive(p[1]) : NULL;

	return d && d->number;
}

int scan_by_format(struct time_text *t, const char *format, struct foreign *f)
{
	bool after_number = false;
	int rc = CRM_OK, half = -1;

	for (const char *p = format; rc == CRM_OK && *p; p++) {
		const struct directive *d = *p == '%' && *++p != '%' ? find_directive(*p) : NULL;

		if (d && d->number)
			rc = read_part(t, d, after_number || number_follows(p + 1), f);
		else if (d)
			rc = read_word(t, d, f, &half);
		else if (!match_literal(t, *p))
			rc = time_text_fault(t, t->noun, "it does not fit --date-format");
		if (d && d->part == SECOND && p[1] != '.' && p[1] != ',')
			scan_fraction(t);
		after_number = d && d->number;
		while (!d && ascii_blank(*p) && ascii_blank(p[1]))
			p++;
	}
	if (rc == CRM_OK && half >= 0)
		rc = apply_half(t, f, half);
	if (rc == CRM_OK && !f->clock && f->c.year && f->c.day)
		rc = scan_time_of_day(t, f);
	return rc;
}

#include "exchange/lint/dates.h"

enum order {
	ORDER_YMD,
	ORDER_DMY,
	ORDER_MDY,
	ORDER_UNCLEAR /* both below 13 */
};

static const char *const separators[] = { "-", "/", ".", "年", "" };

enum {
	SEPARATORS = ARRAY_SIZE(separators),
	HAN = 3,
	NONE = 4
};

static int form_number(enum order order, size_t separator, bool long_year)
{
	return ((int)order * SEPARATORS + (int)separator) * 2 + (long_year ? 1 : 0);
}

static bool take_number(const char **s, const char *end, size_t max, int *value, size_t *digits)
{
	*value = 0;
	for (*digits = 0; *s < end && ascii_digit(**s) && *digits < max; (*s)++, (*digits)++)
		*value = *value * 10 + (**s - '0');
	return *digits > 0 && !(*s < end && ascii_digit(**s));
}

static bool take(const char **s, const char *end, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(end - *s) < n || memcmp(*s, word, n) != 0)
		return false;
	*s += n;
	return true;
}

/* Nothing more, or a time of day. */
static bool ends(const char *s, const char *end)
{
	if (s == end)
		return true;
	return end - s > 1 && (*s == ' ' || *s == 'T' || *s == 't') && ascii_digit(s[1]);
}

static bool is_month(int n)
{
	return n >= 1 && n <= 12;
}

static bool is_day(int n)
{
	return n >= 1 && n <= 31;
}

static int eight_digits(const char *s, size_t len)
{
	const char *end = s + len;
	size_t digits;
	int n;

	if (!take_number(&s, end, 8, &n, &digits) || digits != 8 || s != end || n < 19000101 || n > 21001231 ||
		!is_month(n / 100 % 100) || !is_day(n % 100))
		return -1;
	return form_number(ORDER_YMD, NONE, true);
}

static int form_of(const int n[3], const size_t digits[3], size_t separator, bool *ambiguous)
{
	enum order order = ORDER_UNCLEAR;

	if (digits[0] == 4 && digits[1] <= 2 && digits[2] <= 2)
		return is_month(n[1]) && is_day(n[2]) ? form_number(ORDER_YMD, separator, true) : -1;
	if (separator == HAN || digits[0] > 2 || digits[1] > 2 || (digits[2] != 4 && digits[2] != 2) || !is_day(n[0]) ||
		!is_day(n[1]) || (!is_month(n[0]) && !is_month(n[1])))
		return -1;
	if (!is_month(n[0]))
		order = ORDER_DMY;
	else if (!is_month(n[1]))
		order = ORDER_MDY;
	else
		*ambiguous = n[0] != n[1];
	return form_number(order, separator, digits[2] == 4);
}

int lint_date_form(const char *s, size_t len, bool bare, bool *ambiguous)
{
	const char *end = s + len, *p = s;
	size_t digits[3], separator;
	int n[3];

	*ambiguous = false;
	if (len < 6 || !ascii_digit(*s))
		return -1;
	if (!take_number(&p, end, 4, &n[0], &digits[0]))
		return bare ? eight_digits(s, len) : -1;
	for (separator = 0; separator < NONE; separator++)
		if (take(&p, end, separators[separator]))
			break;
	if (separator == NONE || !take_number(&p, end, 4, &n[1], &digits[1]) ||
		!take(&p, end, separator == HAN ? "月" : separators[separator]) ||
		!take_number(&p, end, 4, &n[2], &digits[2]) ||
		(separator == HAN && !take(&p, end, "日") && !take(&p, end, "号")) || !ends(p, end))
		return -1;
	return form_of(n, digits, separator, ambiguous);
}

static void add_name(struct buf *out, int form)
{
	static const char *const parts[][3] = {
		[ORDER_YMD] = { "YYYY", "MM", "DD" },
		[ORDER_DMY] = { "DD", "MM", "YYYY" },
		[ORDER_MDY] = { "MM", "DD", "YYYY" },
		[ORDER_UNCLEAR] = { "DD|MM", "MM|DD", "YYYY" },
	};
	const char *const *p = parts[form / 2 / SEPARATORS];
	const char *between = separators[form / 2 % SEPARATORS];

	if (form / 2 % SEPARATORS == HAN)
		buf_puts(out, "YYYY年MM月DD日");
	else
		buf_printf(out, "%s%s%s%s%s", p[0], between, p[1], between,
			form % 2 == 0 && strcmp(p[2], "YYYY") == 0 ? "YY" : p[2]);
}

/* Dates that could be either way round are in the form of those beside them that could not. */
static void settle(struct date_forms *f)
{
	for (size_t separator = 0; separator < SEPARATORS; separator++)
		for (int year = 0; year < 2; year++) {
			int unclear = form_number(ORDER_UNCLEAR, separator, year);
			int dmy = form_number(ORDER_DMY, separator, year);
			int mdy = form_number(ORDER_MDY, separator, year);
			int other = f->v[dmy].n > 0 ? dmy : mdy;

			if (f->v[unclear].n == 0 || (f->v[dmy].n > 0) == (f->v[mdy].n > 0))
				continue;
			f->v[other].n += f->v[unclear].n;
			if (f->v[unclear].line < f->v[other].line)
				f->v[other].line = f->v[unclear].line;
			f->v[unclear].n = 0;
		}
}

/* The form that is met first after form `last` (-1: of all), or -1. In JSON all may be on one line. */
static int next_form(const struct date_forms *f, int last)
{
	size_t line = last < 0 ? 0 : f->v[last].line;
	int found = -1;

	for (int i = 0; i < LINT_DATE_FORMS; i++) {
		if (f->v[i].n == 0 || f->v[i].line < line || (f->v[i].line == line && i <= last))
			continue;
		if (found < 0 || f->v[i].line < f->v[found].line)
			found = i;
	}
	return found;
}

bool lint_date_mixture(struct buf *out, const struct date_forms *forms, size_t *line)
{
	struct date_forms f = *forms;
	size_t met = 0, count = 0;

	settle(&f);
	for (int i = 0; i < LINT_DATE_FORMS; i++)
		count += f.v[i].n > 0;
	if (count < 2)
		return false;
	for (int i = next_form(&f, -1); i >= 0; i = next_form(&f, i)) {
		buf_puts(out, met ? ", " : "");
		add_name(out, i);
		buf_printf(out, crm_tr_n(" %llu time (first on line %zu)", " %llu times (first on line %zu)", f.v[i].n),
			(unsigned long long)f.v[i].n, f.v[i].line);
		if (++met == 2)
			*line = f.v[i].line;
	}
	return true;
}

#include "helpers/xlsx_number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- formats --- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Past what stands at `s` for itself: "…", \x, _x (room for x), *x (filled with x); NULL when it means something. */
static const char *skip_literal(const char *s)
{
	if (*s == '"') {
		const char *end = strchr(s + 1, '"');
		return end ? end + 1 : s + strlen(s);
	}
	if (*s == '\\' || *s == '_' || *s == '*')
		return s + (s[1] ? 2 : 1);
	return NULL;
}

/* [h], [mm], [ss]: a time that has passed. Anything else in brackets is a colour, condition or language. */
static bool is_elapsed(const char *s, size_t len)
{
	char unit = len > 0 ? lower(*s) : '\0';

	if (unit != 'h' && unit != 'm' && unit != 's')
		return false;
	for (size_t i = 1; i < len; i++)
		if (lower(s[i]) != unit)
			return false;
	return true;
}

static bool is_zeros(const char *code)
{
	size_t n = strspn(code, "0");

	return n > 1 && n <= 15 && (code[n] == '\0' || code[n] == ';');
}

struct number_format number_format_of(const char *code)
{
	bool year_or_day = false, month = false, time = false;

	if (is_zeros(code))
		return (struct number_format){ .kind = NUMBER_ZEROS, .width = (int)strspn(code, "0") };
	for (const char *s = code; *s && *s != ';';) {
		const char *past = skip_literal(s);
		if (past) {
			s = past;
			continue;
		}
		if (*s == '[') {
			size_t len = strcspn(s + 1, "]");
			if (is_elapsed(s + 1, len))
				return (struct number_format){ .kind = NUMBER_ELAPSED };
			s += 1 + len + (s[1 + len] == ']');
			continue;
		}
		char c = lower(*s++);
		year_or_day |= c == 'y' || c == 'd';
		month |= c == 'm';
		time |= c == 'h' || c == 's';
	}
	if (!year_or_day && !month && !time)
		return (struct number_format){ .kind = NUMBER_PLAIN };
	return (struct number_format){ .kind = NUMBER_DATE, .day = year_or_day || !time };
}

struct number_format number_format_built_in(unsigned id)
{
	struct number_format date = { .kind = NUMBER_DATE, .day = true };

	if (id == 46)
		return (struct number_format){ .kind = NUMBER_ELAPSED };
	if ((id >= 18 && id <= 21) || id == 45 || id == 47) {
		date.day = false;
		return date;
	}
	/* 27 to 36 and 50 to 58 are dates in Chinese, Japanese and Korean, and unused elsewhere; some of them are times */
	if (id == 32 || id == 33 || id == 34 || id == 35 || id == 55 || id == 56) {
		date.day = false;
		return date;
	}
	if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58))
		return date;
	return (struct number_format){ .kind = NUMBER_PLAIN };
}

/* --- days --- */

enum {
	DAYS_1904 = 1462,     /* 1904-01-01 counted from 1900 */
	DAYS_END = 2958466,   /* 10000-01-01 */
	DAYS_TO_1970 = 25569, /* 1970-01-01 */
	DAY_SECONDS = 86400
};

/* Year, month, day of a number of days since 1970-01-01, by the Gregorian calendar; years from March. */
static void civil_of(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468; /* since 0000-03-01 */
	int64_t era = z / 146097, in_era = z % 146097;
	int64_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * in_year + 2) / 153;

	*day = (int)(in_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(y + era * 400 + (*month <= 2));
}

static void add_clock(struct strbuf *out, int64_t seconds)
{
	strbuf_printf(out, "%02lld:%02lld:%02lld", (long long)(seconds / 3600), (long long)(seconds / 60 % 60),
		(long long)(seconds % 60));
}

static void add_day(struct strbuf *out, int64_t days)
{
	int year, month, day;

	/* 1900 is a leap year to spreadsheets, so that the days before its 29th of February are one off */
	if (days == 60) {
		strbuf_puts(out, "1900-02-29");
		return;
	}
	civil_of(days - DAYS_TO_1970 + (days < 60), &year, &month, &day);
	strbuf_printf(out, "%04d-%02d-%02d", year, month, day);
}

/* False when the number is no date. */
static bool add_date(struct strbuf *out, const struct number_format *f, bool from_1904, double value)
{
	if (value < 0 || value >= DAYS_END - (from_1904 ? DAYS_1904 : 0))
		return false;
	if (f->kind == NUMBER_ELAPSED) {
		add_clock(out, (int64_t)llround(value * DAY_SECONDS));
		return true;
	}
	int64_t days = (int64_t)floor(value), seconds = (int64_t)llround((value - floor(value)) * DAY_SECONDS);
	bool no_day = days == 0 && (!from_1904 || !f->day);
	if (no_day && f->day && seconds == 0)
		return false; /* the 0th of January 1900 */
	if (seconds == DAY_SECONDS) {
		seconds = 0;
		days++;
		no_day = false;
	}
	if (no_day) {
		add_clock(out, seconds);
		return true;
	}
	add_day(out, days + (from_1904 ? DAYS_1904 : 0));
	if (seconds > 0) {
		strbuf_puts(out, " ");
		add_clock(out, seconds);
	}
	return true;
}

/* --- numbers --- */

/* -12345, without leading zeros: has more digits than a double, perhaps. */
static bool is_whole(const char *s)
{
	s += *s == '-';
	size_t n = strspn(s, "0123456789");
	return n > 0 && s[n] == '\0' && (*s != '0' || n == 1);
}

static void add_number(struct strbuf *out, double value)
{
	if (fabs(value) < 1e15 && value == trunc(value)) {
		strbuf_printf(out, "%.0f", value == 0 ? 0.0 : value);
		return;
	}
	size_t at = out->len;
	strbuf_printf(out, "%.15g", value);
	for (char *s = out->failed ? NULL : strchr(out->s + at, 'e'); s; s = NULL)
		*s = 'E';
}

void number_add(struct strbuf *out, const struct number_format *f, bool from_1904, const char *value)
{
	char *end;
	double d = strtod(value, &end);

	if (end == value || *end || !isfinite(d)) {
		strbuf_puts(out, value);
		return;
	}
	if ((f->kind == NUMBER_DATE || f->kind == NUMBER_ELAPSED) && add_date(out, f, from_1904, d))
		return;
	if (f->kind == NUMBER_ZEROS && d >= 0 && d < 1e15 && d == trunc(d))
		strbuf_printf(out, "%0*.0f", f->width, d);
	else if (is_whole(value))
		strbuf_puts(out, value);
	else
		add_number(out, d);
}

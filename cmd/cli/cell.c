#include "cli/cell.h"
#include "cli/out.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- times --- */

/*
 * A million rows have a million times in a few thousand days. No zone has changed its offset twice within a day of
 * UTC since 1970, so a day that begins and ends with the same offset has it throughout, and its times follow from
 * those of its first and last second.
 */
enum {
	DAY = 86400,
	DAY_SLOTS = 2048,
	DATE_LEN = 10,
	STAMP_LEN = 19
};

struct day {
	int64_t number;         /* days since 1970-01-01 UTC, plus one; 0: empty */
	bool steady;            /* one offset all day */
	int first;              /* local second of the local day at its beginning */
	char date[2][DATE_LEN]; /* the local day at its beginning, and at its end */
	char offset[8];
};

struct day_cache {
	struct day slots[DAY_SLOTS];
};

static int two_digits(const char *s)
{
	return (s[0] - '0') * 10 + (s[1] - '0');
}

static void put_two_digits(char *dst, int n)
{
	dst[0] = (char)('0' + n / 10);
	dst[1] = (char)('0' + n % 10);
}

/* Local second of the day in 2026-01-02T15:04:05+08:00. */
static int second_of_day(const char *stamp)
{
	return two_digits(stamp + 11) * 3600 + two_digits(stamp + 14) * 60 + two_digits(stamp + 17);
}

static void learn_day(struct day *d, const crm_store *s, int64_t number)
{
	char begin[32] = "", end[32] = "";

	crm_time_format(begin, s, number * DAY, CRM_TIME_RFC3339);
	crm_time_format(end, s, number * DAY + DAY - 1, CRM_TIME_RFC3339);
	d->number = number + 1;
	d->steady = false;
	if (strlen(begin) < STAMP_LEN || strlen(end) < STAMP_LEN)
		return;

	const char *offset = begin + STAMP_LEN;
	d->first = second_of_day(begin);
	d->steady = strcmp(offset, end + STAMP_LEN) == 0 && strlen(offset) < sizeof(d->offset) &&
		    (d->first + DAY - 1) % DAY == second_of_day(end);
	if (!d->steady)
		return;
	memcpy(d->date[0], begin, DATE_LEN);
	memcpy(d->date[1], end, DATE_LEN);
	memcpy(d->offset, offset, strlen(offset) + 1);
}

/* Writes the time as RFC 3339 from what is known of its day; 0 when that does not tell. */
static size_t time_from_day(char *dst, struct cells *cells, int64_t t)
{
	const int64_t year_9999 = INT64_C(253370764800);
	if (!cells->days || t < 0 || t >= year_9999)
		return 0;

	int64_t number = t / DAY;
	struct day *d = &cells->days->slots[number % DAY_SLOTS];
	if (d->number != number + 1)
		learn_day(d, cells->store, number);
	if (!d->steady)
		return 0;

	int second = d->first + (int)(t % DAY);
	bool next_day = second >= DAY;
	if (next_day)
		second -= DAY;
	memcpy(dst, d->date[next_day], DATE_LEN);
	dst[10] = 'T';
	put_two_digits(dst + 11, second / 3600);
	dst[13] = ':';
	put_two_digits(dst + 14, second / 60 % 60);
	dst[16] = ':';
	put_two_digits(dst + 17, second % 60);
	size_t len = strlen(d->offset);
	memcpy(dst + STAMP_LEN, d->offset, len);
	return STAMP_LEN + len;
}

struct span cell_time(struct cells *cells, int64_t t, crm_time_form form)
{
	size_t len = form == CRM_TIME_RFC3339 ? time_from_day(cells->small, cells, t) : 0;
	if (len == 0) {
		crm_time_format(cells->small, cells->store, t, form);
		len = strlen(cells->small);
	}
	return (struct span){ cells->small, len };
}

/* --- numbers --- */

struct span cell_integer(struct cells *cells, int64_t i)
{
	char *end = cells->small + CELL_SMALL, *p = end;
	uint64_t u = i < 0 ? -(uint64_t)i : (uint64_t)i;

	while (u >= 100) {
		p -= 2;
		put_two_digits(p, (int)(u % 100));
		u /= 100;
	}
	if (u >= 10) {
		p -= 2;
		put_two_digits(p, (int)u);
	} else {
		*--p = (char)('0' + u);
	}
	if (i < 0)
		*--p = '-';
	return (struct span){ p, (size_t)(end - p) };
}

struct span cell_real(struct cells *cells, double d)
{
	if (isnan(d))
		return (struct span){ "", 0 };
	if (isinf(d)) /* a number to every reader of numbers, and too large for a double again */
		return d < 0 ? (struct span){ "-1e999", 6 } : (struct span){ "1e999", 5 };

	int n = 0;
	for (int digits = 6; digits <= 17; digits++) {
		n = snprintf(cells->small, CELL_SMALL, "%.*g", digits, d);
		if (strtod(cells->small, NULL) == d)
			break;
	}
	return (struct span){ cells->small, (size_t)n };
}

/* Six digits are enough for people, but never an exponent for what they would write out. */
static struct span real_human(struct cells *cells, double d)
{
	double size = fabs(d);
	if (!(size >= 1e6 && size < 1e15) && isfinite(d))
		return (struct span){ cells->small, (size_t)snprintf(cells->small, CELL_SMALL, "%.6g", d) };
	if (isfinite(d))
		return (struct span){ cells->small, (size_t)snprintf(cells->small, CELL_SMALL, "%.0f", d) };
	return cell_real(cells, d);
}

static const char *skip_digits(const char *s, const char *end)
{
	while (s < end && *s >= '0' && *s <= '9')
		s++;
	return s;
}

bool cell_is_number(const char *s, size_t len)
{
	const char *end = s + len;

	if (s < end && *s == '-')
		s++;
	const char *whole = skip_digits(s, end);
	if (whole == s || (*s == '0' && whole != s + 1))
		return false;
	s = whole;
	if (s < end && *s == '.') {
		const char *fraction = skip_digits(s + 1, end);
		if (fraction == s + 1)
			return false;
		s = fraction;
	}
	if (s < end && (*s == 'e' || *s == 'E')) {
		s++;
		if (s < end && (*s == '+' || *s == '-'))
			s++;
		const char *exponent = skip_digits(s, end);
		if (exponent == s)
			return false;
		s = exponent;
	}
	return s == end;
}

static bool integer_from_text(const char *s, size_t len, int64_t *out)
{
	size_t i = len > 0 && s[0] == '-' ? 1 : 0;
	int64_t sum = 0;

	if (i == len)
		return false;
	for (; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		int digit = s[i] - '0';
		if (__builtin_mul_overflow(sum, 10, &sum) ||
			__builtin_add_overflow(sum, s[0] == '-' ? -digit : digit, &sum))
			return false;
	}
	*out = sum;
	return true;
}

bool cell_as_integer(const crm_value *v, int64_t *out)
{
	switch (v->kind) {
	case CRM_INT:
		*out = v->i;
		return true;
	case CRM_DOUBLE:
		if (!(fabs(v->d) < 9e15))
			return false;
		*out = (int64_t)llround(v->d);
		return true;
	case CRM_STRING:
		return integer_from_text(v->s, v->len, out);
	case CRM_NULL:
		break;
	}
	return false;
}

bool cell_as_bool(const crm_value *v, bool *out)
{
	static const char *const words[] = { "no", "yes", "false", "true" };
	int64_t i;

	if (cell_as_integer(v, &i)) {
		*out = i != 0;
		return true;
	}
	for (size_t k = 0; v->kind == CRM_STRING && k < sizeof(words) / sizeof(words[0]); k++)
		if (strcmp(v->s, words[k]) == 0) {
			*out = k % 2 == 1;
			return true;
		}
	return false;
}

/* 93784 is 1d2h3min4s. */
static struct span duration_human(struct cells *cells, int64_t seconds)
{
	static const struct {
		unsigned long size;
		const char *name;
	} units[] = { { DAY, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	uint64_t left = seconds < 0 ? -(uint64_t)seconds : (uint64_t)seconds;
	size_t len = 0;

	if (left == 0)
		return (struct span){ "0s", 2 };
	if (seconds < 0)
		cells->small[len++] = '-';
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		unsigned long long n = left / units[i].size;
		left %= units[i].size;
		if (n > 0)
			len += (size_t)snprintf(cells->small + len, CELL_SMALL - len, "%llu%s", n, units[i].name);
	}
	return (struct span){ cells->small, len };
}

/* --- lists --- */

bool cell_list_item(struct cells *cells, const crm_value *v, size_t *pos, struct span *item)
{
	strbuf_truncate(&cells->large, 0);
	if (!strbuf_reserve(&cells->large, v->len)) /* an item is never longer than its list */
		return false;
	ptrdiff_t len = crm_list_item(cells->large.s, v->len + 1, v->s, pos);
	if (len < 0)
		return false;
	*item = (struct span){ cells->large.s, (size_t)len };
	return true;
}

/* The items without their escapes; several are still told apart by ", ". */
static struct span list_human(struct cells *cells, const crm_value *v)
{
	struct strbuf *b = &cells->large;
	size_t pos = 0;

	strbuf_truncate(b, 0);
	for (;;) {
		/* behind what is there, after room for the comma */
		size_t start = b->len > 0 ? b->len + 2 : 0;
		if (!strbuf_reserve(b, 2 + v->len))
			break;
		ptrdiff_t len = crm_list_item(b->s + start, v->len + 1, v->s, &pos);
		if (len < 0)
			break;
		if (start > 0)
			memcpy(b->s + b->len, ", ", 2);
		b->len = start + (size_t)len;
	}
	return (struct span){ b->s, b->len };
}

/* --- cells --- */

void cells_init(struct cells *cells, const crm_store *s, bool many)
{
	*cells = (struct cells){ .store = s, .people = s && crm_store_read_by_people(s) };
	if (many)
		cells->days = calloc(1, sizeof(struct day_cache));
}

void cells_release(struct cells *cells)
{
	free(cells->days);
	strbuf_free(&cells->large);
}

static struct span yes_or_no(bool yes)
{
	return yes ? (struct span){ "yes", 3 } : (struct span){ "no", 2 };
}

struct span cell_exact(struct cells *cells, const crm_column *col, const crm_value *v)
{
	int64_t t;
	bool yes;

	if (v->kind == CRM_NULL)
		return (struct span){ "", 0 };
	if (col->type == CRM_TIME && cell_as_integer(v, &t))
		return cell_time(cells, t, CRM_TIME_RFC3339);
	if (col->type == CRM_BOOL && cell_as_bool(v, &yes))
		return yes_or_no(yes);
	if (v->kind == CRM_INT)
		return cell_integer(cells, v->i);
	if (v->kind == CRM_DOUBLE)
		return cell_real(cells, v->d);
	return (struct span){ v->s, v->len };
}

static struct span word_human(const crm_column *col, const char *word)
{
	const char *text = col->field ? crm_field_word_tr(col->field, word) : crm_tr(word);

	return (struct span){ text, strlen(text) };
}

struct span cell_human(struct cells *cells, const crm_column *col, const crm_value *v)
{
	int64_t i;
	bool yes;

	const bool words =
		col->type == CRM_ENUM || (col->field && crm_field_words(col->field) > 0); /* a status has some */

	if (cells->people && words && v->kind == CRM_STRING && v->len > 0)
		return word_human(col, v->s);
	if (cells->people && col->type == CRM_BOOL && cell_as_bool(v, &yes))
		return word_human(col, yes ? "yes" : "no");
	if (col->type == CRM_TIME && cell_as_integer(v, &i))
		return cell_time(cells, i, CRM_TIME_SHORT);
	if (col->type == CRM_DURATION && cell_as_integer(v, &i))
		return duration_human(cells, i);
	if ((col->type == CRM_TAGS || col->type == CRM_CONTACTS) && v->kind == CRM_STRING)
		return list_human(cells, v);
	if (v->kind == CRM_DOUBLE && col->type != CRM_BOOL)
		return real_human(cells, v->d);
	return cell_exact(cells, col, v);
}

/* --- for callers outside the writers --- */

static size_t copy_cell(char *dst, size_t cap, struct span text)
{
	if (cap > 0) {
		size_t n = text.len < cap ? text.len : cap - 1;
		if (n > 0)
			memcpy(dst, text.s, n);
		dst[n] = '\0';
	}
	return text.len;
}

size_t out_cell_exact(char *dst, size_t cap, crm_store *s, const crm_column *col, const crm_value *v)
{
	struct cells cells;

	cells_init(&cells, s, false);
	size_t len = copy_cell(dst, cap, cell_exact(&cells, col, v));
	cells_release(&cells);
	return len;
}

size_t out_cell_human(char *dst, size_t cap, crm_store *s, const crm_column *col, const crm_value *v)
{
	struct cells cells;

	cells_init(&cells, s, false);
	size_t len = copy_cell(dst, cap, cell_human(&cells, col, v));
	cells_release(&cells);
	return len;
}

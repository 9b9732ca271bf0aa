/*
 * What the tests of the command line's output share: a cursor over arrays, and a zone and calendar of their own in
 * place of libcrm's, so that every expected line is written by hand.
 */
#ifndef TEST_OUT_FIXTURE_H
#define TEST_OUT_FIXTURE_H

#include "cli/out.h"
#include "cli/strbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* --- what libcrm would provide --- */

struct crm_cursor {
	const crm_column *columns;
	const crm_value *values;
	size_t ncolumns, nrows, row; /* row: 0 before the first */
	size_t fail_at;              /* the call of crm_cursor_next() that fails, from 1 */
	size_t repeat;               /* this many rows, all as the first, and nrows is not used */
};

int crm_cursor_next(crm_cursor *c)
{
	c->row++;
	if (c->fail_at == c->row)
		return CRM_INTERRUPTED;
	return c->row <= (c->repeat ? c->repeat : c->nrows) ? CRM_OK : CRM_END;
}

size_t crm_cursor_columns(const crm_cursor *c)
{
	return c->ncolumns;
}

const crm_column *crm_cursor_column(const crm_cursor *c, size_t i)
{
	return &c->columns[i];
}

const crm_value *crm_cursor_value(const crm_cursor *c, size_t i)
{
	return &c->values[(c->repeat ? 0 : c->row - 1) * c->ncolumns + i];
}

ptrdiff_t crm_list_item(char *dst, size_t cap, const char *list, size_t *pos)
{
	size_t n = 0;

	while (list[*pos] == ' ')
		(*pos)++;
	if (!list[*pos])
		return -1;
	for (; list[*pos] && list[*pos] != ','; (*pos)++) {
		if (list[*pos] == '\\' && list[*pos + 1])
			(*pos)++;
		if (n + 1 < cap)
			dst[n] = list[*pos];
		n++;
	}
	if (list[*pos] == ',')
		(*pos)++;
	dst[n < cap ? n : cap - 1] = '\0';
	return (ptrdiff_t)n;
}

/* Seconds east of UTC in the fake zone: always, or until `zone_change` only. */
static int zone_offset, zone_offset_later;
static int64_t zone_change;
static size_t zone_calls;

static inline int days_in_year(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365;
}

/* Puts the numbers for the 0s of a pattern such as 0000-00-00, the last digit of each number first. */
static inline void fill_pattern(char *dst, const char *pattern, const int64_t *numbers, size_t n)
{
	size_t len = strlen(pattern);

	memcpy(dst, pattern, len + 1);
	for (size_t i = len; i-- > 0;) {
		if (pattern[i] != '0')
			continue;
		int64_t left = numbers[--n];
		for (i++; i > 0 && pattern[i - 1] == '0'; left /= 10)
			dst[--i] = (char)('0' + left % 10);
	}
}

void crm_time_format(char dst[32], const crm_store *s, int64_t t, crm_time_form form)
{
	int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int offset = zone_change && t >= zone_change ? zone_offset_later : zone_offset;
	int64_t year = 1970, day = (t + offset) / 86400, second = (t + offset) % 86400;
	int month = 0;

	(void)s;
	zone_calls++;
	if (second < 0) {
		second += 86400;
		day--;
	}
	while (day < 0)
		day += days_in_year(--year);
	for (; day >= days_in_year(year); year++)
		day -= days_in_year(year);
	lengths[1] += days_in_year(year) - 365;
	for (; day >= lengths[month]; month++)
		day -= lengths[month];

	int64_t numbers[] = { year, month + 1, day + 1, second / 3600, second / 60 % 60, second % 60,
		abs(offset) / 3600, abs(offset) / 60 % 60 };
	if (form == CRM_TIME_SHORT)
		fill_pattern(dst, "0000-00-00 00:00", numbers, 5);
	else
		fill_pattern(dst, offset < 0 ? "0000-00-00T00:00:00-00:00" : "0000-00-00T00:00:00+00:00", numbers, 8);
}

static inline int in_shanghai(void **state)
{
	(void)state;
	zone_offset = 8 * 3600;
	zone_change = 0;
	zone_calls = 0;
	return 0;
}

/* --- helpers --- */

#define INT(n)                                                                                                         \
	{                                                                                                              \
		.kind = CRM_INT, .i = (n)                                                                              \
	}
#define REAL(x)                                                                                                        \
	{                                                                                                              \
		.kind = CRM_DOUBLE, .d = (x)                                                                           \
	}
#define TEXT(t)                                                                                                        \
	{                                                                                                              \
		.kind = CRM_STRING, .s = (t), .len = sizeof(t) - 1                                                     \
	}
#define NONE                                                                                                           \
	{                                                                                                              \
		.kind = CRM_NULL                                                                                       \
	}

static inline char *slurp(int fd, size_t *len)
{
	struct strbuf b = { 0 };
	char part[4096];
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) > 0)
		strbuf_add(&b, part, (size_t)n);
	strbuf_add(&b, "", 0);
	if (len)
		*len = b.len;
	assert_false(b.failed);
	return b.s;
}

static inline int scratch_file(void)
{
	char name[] = "/tmp/test_out.XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	return fd;
}

/* What out_rows() writes for the cursor; owned by the caller. */
static inline char *written(crm_cursor *c, const struct out_settings *set, size_t *len, bool *escaped)
{
	int fd = scratch_file();
	struct out *o = out_open(fd);
	size_t rows;

	assert_non_null(o);
	assert_int_equal(out_rows(o, NULL, c, set, &rows, escaped), 0);
	assert_int_equal(rows, c->repeat ? c->repeat : c->nrows);
	assert_int_equal(out_close(o), 0);
	lseek(fd, 0, SEEK_SET);
	char *text = slurp(fd, len);
	close(fd);
	return text;
}

static inline void check(const crm_column *columns, size_t ncolumns, const crm_value *values, size_t nrows,
	struct out_settings set, const char *expected)
{
	crm_cursor c = { .columns = columns, .values = values, .ncolumns = ncolumns, .nrows = nrows };
	char *text = written(&c, &set, NULL, NULL);

	assert_string_equal(text, expected);
	free(text);
}

/* Settings with the usual header, or with one as said. */
#define SET(f, ...)           SET_HEADER(f, -1, __VA_ARGS__)
#define SET_HEADER(f, h, ...) ((struct out_settings){ .format = (f), .header = (h), __VA_ARGS__ })

static const crm_column people[] = {
	{ "id", "Id", "", CRM_INTEGER, NULL },
	{ "name", "Name", "", CRM_TEXT, NULL },
	{ "last_contact_at", "Last contact", "", CRM_TIME, NULL },
	{ "tags", "Tags", "", CRM_TAGS, NULL },
};

/* 20455 days and 7:04:05 after 1970: 2026-01-02 07:04:05 in Greenwich, 15:04:05 in Shanghai */
#define AT_1504 (INT64_C(20455) * 86400 + 7 * 3600 + 4 * 60 + 5)

static const crm_value two_people[] = { INT(7), TEXT("张三"), INT(AT_1504), TEXT("vip, a\\,b"), INT(12),
	TEXT("Li \"Si\""), NONE, NONE };

#endif

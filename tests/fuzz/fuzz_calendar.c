/*
 * Reads any bytes as a file of holidays, and as the texts of a calendar: hours, holidays and working days, a NUL between
 * them. What must hold: no crash; errors are UTF-8; what was read has a text that reads as the same; and time added is
 * time between.
 */
#include "exchange/holidays.h"
#include "text/text.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static void check_error(const struct err *err)
{
	require(err->msg.s && err->msg.len > 0, "a refusal says why");
}

static void write_rules(struct buf *hours, struct buf *holidays, struct buf *workdays, const struct calendar_rules *r)
{
	calendar_hours_write(hours, r);
	calendar_days_write(holidays, &r->holidays);
	calendar_days_write(workdays, &r->workdays);
}

/* The canonical texts read as themselves. */
static void check_again(const struct calendar_rules *r)
{
	struct buf a[3] = { 0 }, b[3] = { 0 };
	struct calendar_rules again;
	struct err err = { 0 };

	write_rules(&a[0], &a[1], &a[2], r);
	const struct calendar_text text = {
		.hours = buf_str(&a[0]), .holidays = buf_str(&a[1]), .workdays = buf_str(&a[2])
	};
	require(calendar_rules_parse(&again, &text, &err) == CRM_OK, "what was written can be read");
	write_rules(&b[0], &b[1], &b[2], &again);
	for (int i = 0; i < 3; i++) {
		require(strcmp(buf_str(&a[i]), buf_str(&b[i])) == 0, "the same text again");
		buf_free(&a[i]);
		buf_free(&b[i]);
	}
	calendar_rules_free(&again);
}

static void check_time(const struct calendar_text *text)
{
	static const int64_t starts[] = { -1000, 1772591400, INT64_C(7258118300) };
	struct calendar *c = NULL;
	struct err err = { 0 };

	require(calendar_new(&c, text, NULL, &err) == CRM_OK, "texts that read make a calendar");
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		int64_t t;

		if (calendar_add(&t, c, starts[i], 100000, &err) < 0)
			continue;
		require(calendar_between(c, starts[i], t) == 100000, "time added is time between");
		require(calendar_between(c, starts[i], t - 1) == 99999, "and not too much");
	}
	err_free(&err);
	calendar_free(c);
}

static void read_texts(const char *s, size_t size)
{
	const char *end = s + size, *parts[3] = { s, "", "" };
	struct calendar_rules r;
	struct err err = { 0 };

	for (int i = 1; i < 3; i++) {
		size_t n = strlen(parts[i - 1]);

		parts[i] = parts[i - 1] + n < end ? parts[i - 1] + n + 1 : end;
	}
	const struct calendar_text text = {
		.zone = "America/St_Johns", .hours = parts[0], .holidays = parts[1], .workdays = parts[2]
	};
	for (int i = 0; i < 3; i++)
		if (!utf8_valid(parts[i], strlen(parts[i]), NULL)) /* no text of a record is otherwise */
			return;
	if (calendar_rules_parse(&r, &text, &err) == CRM_OK) {
		check_again(&r);
		check_time(&text);
	} else {
		check_error(&err);
	}
	calendar_rules_free(&r);
	err_free(&err);
}

static void read_file(const char *s, size_t size)
{
	static const struct calendar_text none = { .hours = "mon 09:00-10:00" };
	struct calendar_rules r;
	struct holidays h;
	struct err err = { 0 };
	int rc = holidays_parse(&h, s, size, "file", &err);

	require(calendar_rules_parse(&r, &none, NULL) == CRM_OK, "hours");
	if (rc < 0)
		check_error(&err);
	for (size_t i = 0; rc == CRM_OK && i < h.n; i++) {
		struct calendar_days *days = h.v[i].kind == CALENDAR_WORKDAYS ? &r.workdays : &r.holidays;
		size_t added, again;
		struct calendar_day copy = h.v[i].day;

		require(i == 0 || h.v[i].line >= h.v[i - 1].line, "lines go on");
		copy.name = NULL;
		copy.hours = (struct calendar_hours){ 0 };
		rc = calendar_days_add(days, h.v[i].kind, &h.v[i].day, &added, &err);
		if (rc == CRM_OK)
			require(calendar_days_add(days, h.v[i].kind, &copy, &again, &err) == CRM_OK && again == 0,
				"what is there is not added");
	}
	if (rc == CRM_OK)
		check_again(&r);
	calendar_rules_free(&r);
	holidays_free(&h);
	err_free(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = malloc(size + 1);

	require(s, "memory");
	if (size)
		memcpy(s, data, size);
	s[size] = '\0';
	read_texts(s, size);
	read_file((const char *)data, size); /* without a NUL behind it */
	free(s);
	return 0;
}

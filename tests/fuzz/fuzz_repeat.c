/*
 * Any bytes as the words of a series: every, on and after, a NUL between them. What must hold: no crash; a refusal says
 * why and names its field; what was read is written as a text that reads as the same; and the next lies ahead.
 */
#include "service/repeat.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static void check_refusal(int status, struct err *err, const char *field, const char *other)
{
	const char *why = buf_str(&err->msg);

	require(status == CRM_INVALID, "a refusal is about the text");
	require(strncmp(why, field, strlen(field)) == 0 || strncmp(why, other, strlen(other)) == 0,
		"and names its field");
}

static void check_next(const struct repeat *r, const struct zone *zone, int clock)
{
	const struct occurrence first = { .day = 10987, .clock = clock }; /* 31 January 2000 */
	struct occurrence last = first, next;
	int64_t missed, now = occurrence_time(&first, zone);

	for (int i = 0; i < 5 && repeat_next(&next, &missed, r, zone, &first, &last, now); i++) {
		require(next.day > last.day && next.clock == clock, "the next comes later, at the same hour");
		require(missed == 0, "none was missed");
		last = next;
		now = occurrence_time(&last, zone);
	}
}

static void check_every(const char *every, const char *on, const struct zone *zone)
{
	struct buf a[2] = { BUF_INIT, BUF_INIT }, b[2] = { BUF_INIT, BUF_INIT };
	struct repeat r, again;
	struct err err = { 0 };
	int status = repeat_parse(&r, every, on, &err);

	if (status < 0) {
		check_refusal(status, &err, "every: ", "on: ");
	} else {
		repeat_write(&a[0], &a[1], &r);
		require(repeat_parse(&again, a[0].s, a[1].len ? a[1].s : NULL, &err) == CRM_OK,
			"written, it can be read");
		repeat_write(&b[0], &b[1], &again);
		require(strcmp(a[0].s, b[0].s) == 0 && strcmp(buf_str(&a[1]), buf_str(&b[1])) == 0,
			"the same text again");
		check_next(&r, zone, -1);
		check_next(&r, zone, 9000);
	}
	for (int i = 0; i < 2; i++) {
		buf_free(&a[i]);
		buf_free(&b[i]);
	}
	err_free(&err);
}

static void check_after(const char *text)
{
	struct buf first = BUF_INIT, second = BUF_INIT;
	struct err err = { 0 };
	int status = repeat_after_parse(&first, text, &err);

	if (status < 0) {
		check_refusal(status, &err, "after: ", "after: ");
	} else {
		require(repeat_after_parse(&second, first.s, &err) == CRM_OK, "written, it can be read");
		require(strcmp(first.s, second.s) == 0, "the same text again");
	}
	buf_free(&first);
	buf_free(&second);
	err_free(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct zone *zone;
	struct err err = { 0 };
	char *text = malloc(size + 3);
	const char *part[3];

	require(text, "memory");
	if (!zone)
		require(zone_load(&zone, "EST5EDT,M3.2.0,M11.1.0", &err) == CRM_OK, "a zone");
	memcpy(text, data, size);
	memset(text + size, 0, 3);
	part[0] = text;
	for (size_t i = 1; i < ARRAY_SIZE(part); i++)
		part[i] = part[i - 1] + strlen(part[i - 1]) + (part[i - 1] + strlen(part[i - 1]) < text + size + 2);
	check_every(part[0], *part[1] ? part[1] : NULL, zone);
	check_after(part[2]);
	free(text);
	return 0;
}

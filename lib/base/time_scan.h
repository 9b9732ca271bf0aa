/* What the readers of times, dates and lengths of time share: a cleaned text, and the pieces found in it. */
#ifndef BASE_TIME_SCAN_H
#define BASE_TIME_SCAN_H

#include "base/time.h"

struct time_text {
	const char *noun; /* what messages say this should be: "time", "date", "length of time" */
	const char *orig;
	size_t orig_len;
	struct err *err;
	struct buf clean; /* ASCII in lower case, full-width signs as ASCII, no blanks around */
	const char *p, *end;
};

/* Always followed by time_text_free(), also when it fails. */
int time_text_init(struct time_text *t, const char *noun, const char *s, size_t len, struct err *err);
void time_text_free(struct time_text *t);

/* CRM_INVALID with the message `'…' is not a NOUN: …`. */
int time_text_fault(const struct time_text *t, const char *noun, const char *fmt, ...) CRM_PRINTF(3, 4);

/* CRM_OK at the end of the text, else a fault that names the rest. */
int time_text_end(struct time_text *t);

bool scan_literal(struct time_text *t, const char *s);
bool scan_blanks(struct time_text *t);

/* Reads decimal digits; returns how many there were. The value of more than nine is not given (-1). */
int scan_number(struct time_text *t, int *value);

/* The run of letters a-z at the current place; it is not consumed. */
size_t scan_letters(const struct time_text *t);

/*
 * Reads 2026-01-02, 2026/1/2, 2026.1.2, 2026年1月2日 or the beginning of one: 2026-01, 2026. Missing parts are 0.
 * Returns the number of parts, or a fault. The text must begin with a digit.
 */
int scan_date(struct time_text *t, struct civil *c);

/* CRM_OK when month and day exist; year 0 stands for any. */
int check_date(const struct time_text *t, const struct civil *c);

/* Reads 15:04[:05[.678]] into c. Returns 1, 0 when there is no digit, or a fault. */
int scan_clock(struct time_text *t, struct civil *c);

/* Z, UTC, +08:00, +0800 or +08 after the time of day. Returns 1 with the seconds east, 0 when there is none, or a fault. */
int scan_offset(struct time_text *t, int *seconds);

/* The instant of a local time, the first and last second of a local day: a fault where a clock left them out. */
int time_text_instant(const struct time_text *t, const struct zone *z, const struct civil *c, int64_t *out);
int time_text_day(const struct time_text *t, const struct zone *z, int64_t day, int64_t *from, int64_t *to);

/* True in the years 1 to 9999. */
bool time_year_ok(const struct zone *z, int64_t t);

enum time_unit {
	UNIT_YEAR,
	UNIT_MONTH,
	UNIT_WEEK,
	UNIT_DAY,
	UNIT_WORKDAY,
	UNIT_HOUR,
	UNIT_MINUTE,
	UNIT_SECOND,
	UNIT_COUNT
};

/*
 * Reads 1y2mo…: numbers with their units, from the largest unit to the smallest, at least one. used[] says which
 * units were named.
 */
int scan_amounts(struct time_text *t, int amount[UNIT_COUNT], bool used[UNIT_COUNT]);

/* The whole of a time. *clock is true when the text names a time of day. */
int time_parse_text(struct time_text *t, const struct time_context *ctx, int64_t *from, int64_t *to, bool *clock);

#endif

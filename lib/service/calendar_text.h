/* The texts of a calendar: read, checked, and written in their one canonical form. */
#ifndef SERVICE_CALENDAR_TEXT_H
#define SERVICE_CALENDAR_TEXT_H

#include "service/calendar.h"

struct calendar_interval {
	int from, to; /* minutes after midnight; to > 1440 is on the next day */
};

struct calendar_hours {
	struct calendar_interval *v; /* ascending, apart from each other or touching */
	size_t n, cap;
};

/* One holiday or adjusted working day, or several in a row. */
struct calendar_day {
	bool yearly;
	int64_t from, to; /* days since 1970-01-01; yearly: calendar_key(month, day), from > to passes New Year */
	struct calendar_hours hours; /* of a working day; none: the usual ones */
	char *name;                  /* or NULL */
};

static inline int64_t calendar_key(int month, int day)
{
	return month * 32 + day;
}

struct calendar_days {
	struct calendar_day *v;
	size_t n, cap;
};

struct calendar_rules {
	struct calendar_hours week[7]; /* from Monday */
	struct calendar_days holidays, workdays;
};

enum calendar_kind {
	CALENDAR_HOLIDAYS,
	CALENDAR_WORKDAYS
};

/* *out is always followed by calendar_rules_free(). The zone of the text is not looked at. */
int calendar_rules_parse(struct calendar_rules *out, const struct calendar_text *text, struct err *err);
void calendar_rules_free(struct calendar_rules *r);

/* Appends the canonical text: `mon-fri 09:00-12:00 13:00-18:00; sat 10:00-14:00`. */
void calendar_hours_write(struct buf *out, const struct calendar_rules *r);

/* Dated ones first, each by their day; `; ` between them. */
void calendar_days_write(struct buf *out, const struct calendar_days *days);

/* One item, as between two `;`. *out is followed by calendar_day_free() on success. */
int calendar_day_parse(struct calendar_day *out, enum calendar_kind kind, const char *s, size_t len, struct err *err);
void calendar_day_free(struct calendar_day *d);

/*
 * Adds one, which is taken over in any case, unless all its days are there already: *added is how many were not. Working
 * days that are there with other hours are CRM_INVALID.
 */
int calendar_days_add(
	struct calendar_days *days, enum calendar_kind kind, struct calendar_day *day, size_t *added, struct err *err);

/* True when `day`, whose calendar_key() is `key`, is one of d. */
bool calendar_day_has(const struct calendar_day *d, int64_t day, int64_t key);

#endif

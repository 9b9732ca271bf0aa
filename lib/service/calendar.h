/*
 * Business time: how much of it lies between two instants, and when so much of it has passed.
 *
 * Hours are what the clock on the wall shows. A boundary that the clock jumps over means the first instant after the
 * jump, one that it shows twice the first of the two; working seconds are the seconds that pass between the instants of
 * the boundaries. So a night shift is an hour shorter when clocks go forward in it, and an hour longer when they go back.
 */
#ifndef SERVICE_CALENDAR_H
#define SERVICE_CALENDAR_H

#include "base/time.h"

/* A calendar as people write it and as it is stored. NULL and "" are the same. */
struct calendar_text {
	const char *zone; /* IANA name; none: the zone handed in */

	/*
	 * `mon-fri 09:00-12:00 13:00-18:00; sat 10:00-14:00`, 周一至周五 9:00-18:00. An interval that ends before it
	 * begins passes midnight, and belongs to the day it begins on. Required.
	 */
	const char *hours;

	/* `2026-02-16..2026-02-22 春节; --12-25 Christmas`: by `;` or lines; --MM-DD is every year. */
	const char *holidays;

	/*
	 * Adjusted working days, `2026-02-14 补班; 2026-12-24 09:00-12:00`: these hours whatever the weekday, holiday or
	 * not; without hours, those of the first weekday that has any.
	 */
	const char *workdays;
};

struct calendar;

/*
 * CRM_INVALID names the text, the item in it and what would be right; overlapping hours and a calendar without any
 * working time are refused. `fallback` is used where the text names no zone, and must then outlive the calendar; it may
 * be NULL when the text names one.
 */
int calendar_new(struct calendar **out, const struct calendar_text *text, const struct zone *fallback, struct err *err);
struct calendar *calendar_free(struct calendar *c); /* returns NULL */
static inline void calendar_freep(struct calendar **c)
{
	*c = calendar_free(*c);
}

const struct zone *calendar_zone(const struct calendar *c);

/*
 * Every question below fills a cache inside the calendar, so one thread uses it at a time. They are answered for the
 * years 1 to 9999; an instant beyond counts as the nearest in them. Fast (a look into the cache) from 1970 to 2200.
 */

/* Working seconds in [from, to); 0 when to is not after from. */
int64_t calendar_between(struct calendar *c, int64_t from, int64_t to);

/*
 * The first instant t, not before `from`, with calendar_between(from, t) >= seconds: `from` itself for 0 seconds, even
 * outside working time; else the end of the last working second counted, which may be the end of a day's work.
 * CRM_INVALID when seconds are negative, or the calendar has not so many up to the year 9999.
 */
int calendar_add(int64_t *out, struct calendar *c, int64_t from, int64_t seconds, struct err *err);

bool calendar_open_at(struct calendar *c, int64_t t);

/* Whether there is any working time on a local day (since 1970-01-01). */
bool calendar_works_on(const struct calendar *c, int64_t day);

/* Walks the working intervals in [from, to), cut to it, in their order; they are not joined where they touch. */
struct calendar_walk {
	const struct calendar *c;
	int64_t from, to;
	int64_t carry; /* local second up to which the days before have worked */
	int64_t day;
	const struct calendar_hours *hours;
	size_t next;
};

struct calendar_span {
	int64_t begin, end;
	int64_t day; /* local day (since 1970-01-01) that it belongs to */
};

void calendar_walk(struct calendar_walk *w, const struct calendar *c, int64_t from, int64_t to);
bool calendar_walk_next(struct calendar_walk *w, struct calendar_span *out); /* false at the end */

/* Why a local day has the hours it has. */
enum calendar_reason {
	CALENDAR_WEEKDAY, /* the weekly hours, perhaps none */
	CALENDAR_HOLIDAY,
	CALENDAR_WORKDAY /* an adjusted working day */
};

/* *name is the name written beside the holiday or working day, or NULL; it lives as long as the calendar. */
enum calendar_reason calendar_day_reason(const struct calendar *c, int64_t day, const char **name);

#endif

/*
 * Follow-ups that come again by the calendar: every so many days, weeks, months or years, on certain days of them. All
 * is counted in local dates from the first of the series, so that it never drifts: of a series that begins on 31 January,
 * the one of February is its last day and the one of March the 31st again.
 */
#ifndef SERVICE_REPEAT_H
#define SERVICE_REPEAT_H

#include "base/time.h"

enum repeat_unit {
	REPEAT_DAY,
	REPEAT_WEEK,
	REPEAT_MONTH,
	REPEAT_YEAR
};

enum {
	REPEAT_LAST = 32 /* bit of the last day of a month */
};

struct repeat {
	enum repeat_unit unit;
	int amount;  /* every so many */
	uint64_t on; /* of weeks bits 0 (Monday) to 6, of months and years 1 to 31 and REPEAT_LAST; 0: as the first */
};

/*
 * Reads `2w`, `month`, `every 3 days`, 每周, and the days meant (NULL: none said): `mon,thu`, `15`, `1,15,last`, 周一.
 * A day that a month has not is its last. CRM_INVALID with a message that begins with every: or on:.
 */
int repeat_parse(struct repeat *out, const char *every, const char *on, struct err *err);

/* Appends the canonical form of days whose period is not known yet: 月底 is last. CRM_INVALID, likewise. */
int repeat_on_parse(struct buf *out, const char *on, struct err *err);

/* The canonical texts: read again they give the same. `on` stays empty when no days are said. */
void repeat_write(struct buf *every, struct buf *on, const struct repeat *r);

/* Once or more in the local calendar. */
struct occurrence {
	int64_t day; /* days since 1970-01-01 */
	int clock;   /* second of the day, negative: the day as a whole */
};

/* Its first second. A clock that was put forward over it: the first after that. */
int64_t occurrence_time(const struct occurrence *o, const struct zone *zone);

/*
 * The first occurrence after the day of `last` that has not passed: not before `now`, a whole day not before today.
 * `first` is the one with which the series began. *missed is how many have passed between. False when there is none up to
 * the year 9999.
 */
bool repeat_next(struct occurrence *next, int64_t *missed, const struct repeat *r, const struct zone *zone,
	const struct occurrence *first, const struct occurrence *last, int64_t now);

/*
 * Reads the length of time after which a chained one comes, `30d`, `4h`, 30天, and appends it as time_parse() reads it
 * behind a plus. CRM_INVALID with a message that begins with after:.
 */
int repeat_after_parse(struct buf *out, const char *text, struct err *err);

#endif

/*
 * All-day events of an iCalendar file (RFC 5545): what calendars of holidays consist of. Events that are no whole days,
 * and recurrences other than every year, are refused rather than read by halves.
 */
#ifndef EXCHANGE_ICS_H
#define EXCHANGE_ICS_H

#include "base/time.h"

enum {
	ICS_LINE_MAX = 1 << 16, /* octets of an unfolded line */
	ICS_DEPTH_MAX = 16      /* components inside each other */
};

enum ics_special {
	ICS_NOTHING, /* the event does not say */
	ICS_HOLIDAY, /* X-APPLE-SPECIAL-DAY:WORK-HOLIDAY */
	ICS_WORKDAY  /* X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY */
};

struct ics_event {
	uint64_t line;    /* of BEGIN:VEVENT */
	int64_t from, to; /* days since 1970-01-01, both included */
	bool yearly;
	enum ics_special special;
	const char *summary; /* unescaped, "" when there is none; lives until the next event */
};

/* An event while it is read. */
struct ics_reading {
	uint64_t line;
	int64_t start, end, days; /* DTSTART, DTEND, DURATION */
	bool has_start, has_end, has_days, yearly, cancelled;
	enum ics_special special;
};

struct ics {
	const char *p, *end;
	const char *file; /* for messages */
	uint64_t line;    /* of the text at p, from 1 */
	uint64_t at;      /* where the unfolded line began */
	struct buf text;  /* the unfolded line */
	struct buf summary;
	struct buf open[ICS_DEPTH_MAX]; /* names of the components that are open */
	uint64_t opened[ICS_DEPTH_MAX]; /* their lines */
	size_t depth;
	bool any;
	struct ics_reading event;
};

/* The text is borrowed; an U+FEFF before it is passed over. Followed by ics_end(). */
void ics_begin(struct ics *r, const char *s, size_t len, const char *file);

/*
 * The next event that is not cancelled; other components are passed over. CRM_END behind the last. CRM_FAILED names the
 * line: no iCalendar, not UTF-8, cut off, or an event that is refused.
 */
int ics_next(struct ics_event *out, struct ics *r, struct err *err);
void ics_end(struct ics *r);

#endif

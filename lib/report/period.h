/* Days, weeks, months, hours and weekdays of the run's zone as numbers, those that follow each other without gaps. */
#ifndef REPORT_PERIOD_H
#define REPORT_PERIOD_H

#include "base/time.h"

enum period {
	PERIOD_DAY,
	PERIOD_WEEK, /* ISO 8601 */
	PERIOD_MONTH,
	PERIOD_HOUR,
	PERIOD_WEEKDAY
};

/* Remembers the span around the last instant in which the number does not change: no zone arithmetic for each row. */
struct period_clock {
	const struct zone *zone;
	enum period period;
	int64_t from, until, number; /* instants in [from, until) have this number; empty at first */
	int64_t day;                 /* the local day of the last instant */
};

/* From one second to another, both included; as reports are asked for it too (crm_report_options). */
struct stretch {
	int64_t from, to;
	char since[32], until[32];
};

void stretch_set(struct stretch *out, int64_t from, int64_t to);

int64_t period_number(struct period_clock *c, int64_t at);
int64_t period_of_day(enum period period, int64_t day);
int64_t period_first_day(enum period period, int64_t number); /* of days, weeks and months */
void period_name(char name[32], enum period period, int64_t number);

/*
 * The period with which another, from its first to its last second, is compared: whole months (so quarters and years too)
 * with as many months before; any other with as many days before, at the same times of the day; or, with `year`, the same
 * dates a year before. Never beyond the first second of the period itself.
 */
void period_before(const struct zone *z, int64_t *from, int64_t *to, bool year);

#endif

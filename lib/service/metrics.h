/*
 * The metrics of a ticket's course, as crm-report(1) defines them. A metric is there when what ends it has taken place:
 * nothing is zero because it is missing. What cannot be (an end before its beginning) is told, but not measured.
 */
#ifndef SERVICE_METRICS_H
#define SERVICE_METRICS_H

#include "service/calendar.h"
#include "service/course.h"

enum metric {
	METRIC_FIRST_REPLY,
	METRIC_NEXT_REPLY,
	METRIC_FIRST_RESOLUTION,
	METRIC_FULL_RESOLUTION,
	METRIC_REQUESTER_WAIT,
	METRIC_AGENT_WAIT,
	METRIC_ON_HOLD,
	METRICS
};

extern const char *const metric_names[METRICS];

/* Business time, by the store's main calendar; `between` is NULL when there is none. */
struct working_time {
	int64_t (*between)(struct calendar *c, int64_t from, int64_t to); /* seconds */
	struct calendar *calendar;
};

int working_time_open(struct working_time *out, crm_store *s);
void working_time_close(struct working_time *w);

struct measure {
	int64_t seconds, business;
	bool impossible; /* it ended before it began */
};

/* One value of a ticket: at most one of each metric, but any number of next replies. */
typedef int (*measure_fn)(void *payload, enum metric metric, const struct measure *m);

/* Merged tickets and spam have no metrics. */
bool metrics_apply(const struct course *c);

int metrics_measure(const struct courses *all, const struct course *c, int64_t now, const struct working_time *work,
	measure_fn fn, void *payload);

#endif

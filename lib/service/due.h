/*
 * What is owed now: the list behind `followup due`, the digest and `report followups`. Explicit follow-ups come first,
 * those that waited longest before the others; then what policies find: never contacted, then the longest silent.
 */
#ifndef SERVICE_DUE_H
#define SERVICE_DUE_H

#include "service/policy.h"
#include <crm/report.h>

struct due {
	int64_t customer;
	int64_t days;             /* local days since the last contact; -1: never contacted */
	const char *action;       /* what is owed, the alternative where the customer must not be called */
	bool instead;             /* it is the alternative */
	int64_t not_before;       /* when quiet hours end; 0: now is as good a time as any */
	const struct zone *quiet; /* whose clock they are of, where the customer has a zone, or NULL */

	/* Owed by a policy: */
	const struct step *step;
	int64_t passed; /* in the step's unit; unused when never contacted */

	/* An explicit follow-up: */
	int64_t followup; /* its number; 0: owed by a policy */
	int64_t due;
	const char *day;             /* where it is due on a day as a whole */
	bool snoozed;                /* `due` is when it is due instead */
	const char *owner, *purpose; /* or NULL; no owner: that of the customer */
};

/* Steps that customers have of their own, and zones that they live in, each text once. */
struct own_steps {
	const char *text;
	struct steps steps;
};

struct own_zone {
	const char *name;
	struct zone *zone; /* NULL: there is none of that name here */
};

struct due_list {
	struct policies policies;
	struct workdays weekdays; /* of a cadence where no policy fits */
	struct own_steps *own;
	size_t nown, own_cap;
	struct own_zone *zones;
	size_t nzones, zones_cap;
	struct due *v;
	size_t n, cap;
};

/* Of the options, filter, owner and reachable are looked at. Only reads. */
int due_list_make(struct due_list *out, crm_store *s, const crm_due_options *opt);
void due_list_free(struct due_list *list);

/* Why it is owed, in a few words. */
void due_reason(struct buf *out, const crm_store *s, const struct due *d);

#endif

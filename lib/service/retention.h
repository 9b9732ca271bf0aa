/* Inside of retention: rules, and records that are over. */
#ifndef SERVICE_RETENTION_H
#define SERVICE_RETENTION_H

#include "model/record.h"
#include <crm/retention.h>

/* A record of which the last thing happened before is over. CRM_INVALID: no length of time, or less than a day. */
int retention_bound(int64_t *out, crm_store *s, const char *keep);

struct retention {
	int64_t id, bound;
	const char *name, *filter; /* NULL: none */
	const struct crm_entity *entity;
};

/* What is over: number, and when the last thing happened. */
struct over {
	int64_t id, last;
};

struct overs {
	struct over *v;
	size_t n, cap;
};

static inline void overs_free(struct overs *o)
{
	free(o->v);
}

/* All that is over by the rule, by number (retention_over.c). */
int retention_over(struct overs *out, crm_store *s, const struct retention *r);

/* Those of the n that are still. */
int retention_still(struct overs *out, crm_store *s, const struct retention *r, const struct over *v, size_t n);

/*
 * Communications are to be erased: of one that is the customer's last, day, channel and direction stay, as a new one that
 * says nothing else. Otherwise the customer would have become one whom nobody ever talked to.
 */
int retention_leave_contacts(crm_store *s, const struct over *v, size_t n);

#endif

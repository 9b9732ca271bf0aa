/* What taking customers together is made of. */
#ifndef SERVICE_MERGE_H
#define SERVICE_MERGE_H

#include "model/record.h"
#include <crm/customer.h>

/* The records at hand, and what was asked for. */
struct merge {
	crm_store *s;
	crm_record *keep, **others;
	size_t n;
	const crm_merge_options *options;
};

/* CRM_INVALID when one of the takes makes no sense. */
int merge_check_takes(const struct merge *m);

/* The values of all into `keep`, in memory. */
int merge_values(const struct merge *m);

/* Values of the others that are not those of `keep` now, nor kept with them. */
size_t merge_left(const struct merge *m);

/* The link that says that the two are not the same: CRM_END when there is none. */
int distinct_find(int64_t *link, crm_store *s, int64_t a, int64_t b);

/* What `from`, one of the n others, is not the same as, `keep` is not the same as now. */
int distinct_move(crm_store *s, int64_t from, int64_t keep, const int64_t *others, size_t n);

#endif

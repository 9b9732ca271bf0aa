/* What a classifier says of the records that a report reads: no record changes. */
#ifndef REPORT_OPINION_H
#define REPORT_OPINION_H

#include "service/classify.h"

struct opinion {
	struct loaded *classifier; /* NULL: there is none, and nothing is said */
	int first, n;              /* columns of the rows that hold the text */
};

/*
 * Appends to the `first` columns that a report reads of `e` those that the classifier does; where it learnt from other
 * fields than these records have, `texts`, names of fields with commas. Statuses as of classifier_load().
 */
int opinion_open(struct opinion *out, struct buf *columns, int first, crm_store *s, const char *model,
	const struct crm_entity *e, const char *texts);

/* The label of the row at hand where it is known, borrowed; NULL: not known. */
int opinion_of(const char **label, const struct opinion *o, crm_store *s, struct stmt *st);

#endif

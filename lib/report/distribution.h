/*
 * Mean, median and 90th percentile of lengths of time, the same in every report: the median of an even number is the
 * mean of the two in the middle, the percentile is the nearest rank, the value below or at which 90 % of all lie.
 */
#ifndef REPORT_DISTRIBUTION_H
#define REPORT_DISTRIBUTION_H

#include "base/cursor.h"

struct distribution {
	int64_t *v; /* in no order */
	size_t n, cap;
};

bool distribution_add(struct distribution *d, int64_t value);
void distribution_free(struct distribution *d);

/* Of at least one value; they change the order of the values. */
double distribution_mean(const struct distribution *d);
double distribution_median(struct distribution *d);
int64_t distribution_rank(struct distribution *d, size_t k); /* the value with k others before it */
int64_t distribution_percentile(struct distribution *d, int percent);

/* Mean, median and 90th percentile into three columns from `column` on; they stay empty without values. */
void distribution_put(struct rowset *rows, size_t column, struct distribution *d);
void distribution_put_median(struct rowset *rows, size_t column, struct distribution *d);

#endif

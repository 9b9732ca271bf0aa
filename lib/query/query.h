/* Queries of the library's own making. */
#ifndef QUERY_QUERY_H
#define QUERY_QUERY_H

#include "query/filter.h"

/*
 * Only rows that fulfil an SQL condition on t0, with a time in the column `at` from `from` up to `to`; then also those
 * are shown that were written down after the clock. `terms` (stored form, NULL: none) hold as things were at `as_of`
 * (0: as they are), whatever time the query itself looks at.
 */
int query_source(crm_query *q, const char *condition, const char *at, int64_t from, int64_t to, const char *terms,
	int64_t as_of);

#endif

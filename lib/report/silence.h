/* What reports on customers who fall silent share. */
#ifndef REPORT_SILENCE_H
#define REPORT_SILENCE_H

#include "query/filter.h"
#include "report/report.h"

/* Begins `SELECT` with these fields of customer t0, as --now has them: "id,name,owner". */
int silence_select(struct sql *q, const char *fields);

/* The first contact of customer t0, as an expression. */
void silence_first(struct sql *q);

/* Adds ` FROM customer t0 WHERE` those that the filter takes and that were there by now; more terms may follow. */
int silence_from(struct sql *q, const crm_report_options *opt);

/* Days of 24 hours between n contacts, on average; n at least 2. */
static inline double silence_gap(int64_t first, int64_t last, int64_t n)
{
	return (double)(last - first) / 86400 / (double)(n - 1);
}

#endif

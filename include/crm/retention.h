/*
 * Retention: how long what is kept. A rule, a record of the entity `retention`, names an entity, a time and perhaps a
 * filter; records of which the last thing that happened lies longer ago are erased for good (<crm/privacy.h>).
 * crm-privacy(1) has what counts as the last thing, and what is never over.
 */
#ifndef CRM_RETENTION_H
#define CRM_RETENTION_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct crm_retention_options {
	const int64_t *rules; /* these, active or not; NULL: all active ones; in the order of their positions */
	size_t n;
	bool dry_run; /* what is over is only looked for */
	bool daily;   /* leaves out rules that were looked at on this day already and not changed since */
} crm_retention_options;

typedef struct crm_retained {
	size_t rules;   /* that were looked at */
	size_t failed;  /* of these; a warning says why, and what another one erased stays erased */
	size_t records; /* that were over */
} crm_retained;

/*
 * Erases what is over: each rule by itself, in operations of at most 500 records, so that others may write in between;
 * records that something happened to meanwhile stay. Rows of what was erased, or would be: entity, id, last, rule.
 * No operation may be open. CRM_NOTFOUND: no such rule; CRM_BUSY and the like end it all, what
 * was erased by then stays so.
 *
 * Pages of the file may hold traces afterwards, until crm_privacy_scrub().
 */
CRM_API int crm_retention_run(crm_cursor **out, crm_retained *result, crm_store *s, const crm_retention_options *opt);

CRM_API size_t crm_retention_columns(const crm_column **columns);

#ifdef __cplusplus
}
#endif

#endif

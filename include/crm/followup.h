/*
 * Follow-ups that were agreed upon: what becomes of them. Writing one down, listing and editing is the generic way of
 * <crm/record.h> and <crm/query.h>; who is owed a contact is in <crm/report.h>. Each step is made within the open
 * operation or one of its own.
 *
 * All of them: CRM_NOTFOUND when there is no such follow-up, CRM_CONFLICT when it is done or skipped already.
 *
 * One that comes again (the fields every, on, after) is a series, each occurrence a record: `series` is the number of the
 * first, `occurrence` counts from 1. The next is written in the operation that ends the one before: by the calendar the
 * first that has not passed, in the local time of the store's zone and counted from the first of the series; chained
 * (after) that long after the end of the one before.
 */
#ifndef CRM_FOLLOWUP_H
#define CRM_FOLLOWUP_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What was done; all may be left out. */
typedef struct crm_followup_done_options {
	const char *text;    /* what was said, where `channel` says how; else the outcome */
	const char *channel; /* the contact is written down as a communication too */
	bool inbound;        /* it came from the customer */
	int64_t at;          /* when, in seconds; 0: now. Not after the store's clock: CRM_INVALID */
	const char *next;    /* what is agreed upon next, as "call:+7d", "visit:next monday 10:00"; CRM_INVALID */
} crm_followup_done_options;

/* What followed; numbers of records, 0: none. */
typedef struct crm_followup_result {
	int64_t log;      /* the communication */
	int64_t next;     /* what `next` asked for */
	int64_t repeated; /* the next of its series */
	int64_t missed;   /* how many of its series passed meanwhile, and are left out */
} crm_followup_result;

/* It is done. `opt` and `out` may be NULL. CRM_INVALID: an unknown channel, too. */
CRM_API int crm_followup_done(
	crm_followup_result *out, crm_store *s, int64_t followup, const crm_followup_done_options *opt);

/* It is not done, and need not be any more; a series goes on. `why` (may be NULL) becomes the outcome. */
CRM_API int crm_followup_skip(crm_followup_result *out, crm_store *s, int64_t followup, const char *why);

/* It is due at another time instead; later ones of a series are not. CRM_INVALID: `until` has passed. */
CRM_API int crm_followup_snooze(crm_store *s, int64_t followup, int64_t until);

#ifdef __cplusplus
}
#endif

#endif

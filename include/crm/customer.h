/*
 * Customers beyond the generic record: what happened with one, and several that are one person, or are not.
 */
#ifndef CRM_CUSTOMER_H
#define CRM_CUSTOMER_H

#include <crm/journal.h>
#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * All that happened with a customer, newest first: rows of type (log, ticket, order, followup, survey), id (of that
 * record), at, channel, direction, agent, duration, subject, content. Columns that mean nothing for a type are empty. An
 * unknown customer has no rows.
 */
CRM_API int crm_customer_timeline(crm_cursor **out, crm_store *s, int64_t customer);

/* What somebody wants to know of a customer before the next word. */
typedef enum crm_card_part {
	CRM_CARD_CUSTOMER, /* all fields, as crm_query_fields_all() has them */
	CRM_CARD_CONTACT,  /* the latest communication in or out: at, channel, direction, agent, days (local, since) */
	CRM_CARD_FOLLOWUPS, /* still to be done, the earliest first: id, due, due_day, action, purpose, owner, days (local,
			       ahead), overdue */
	CRM_CARD_TICKETS, /* not resolved, the most urgent first: id, status, priority, sla, sla_due, assignee, subject */
	CRM_CARD_OPINION, /* of all answered surveys: n, answered_at, satisfaction and score with the numbers of answers
			       that they are means of, nps and ces as said last */
	CRM_CARD_LOGS /* communications and internal notes (channel `note`), newest first: id, at, channel, direction,
			       agent, subject (else the first line of the content) */
} crm_card_part;

/*
 * A part of a customer's card at the store's clock. CUSTOMER, CONTACT and OPINION have one row or none, the others at most
 * `limit` (negative: all). An unknown customer has no rows. Only what is asked for is read, however much there is. Tickets
 * of a customer who is restricted are left out.
 */
CRM_API int crm_customer_card(crm_cursor **out, crm_store *s, int64_t customer, crm_card_part part, int64_t limit);

/* Whose value of a field is right: that customer's, even where the one that is kept has another. */
typedef struct crm_take {
	const char *field;
	int64_t from;
} crm_take;

typedef struct crm_merge_options {
	const crm_take *takes;
	size_t ntakes;
	bool force;   /* also those that are marked as not the same */
	bool dry_run; /* all of it, and nothing kept */
} crm_merge_options;

typedef struct crm_merged {
	int64_t operation; /* that took them together; 0 after a dry run */
	char *moved;       /* what hung on the others: "34 communications, 2 tickets", or ""; the caller's to free */
	size_t left;       /* values of the others that differ from those kept; only the journal has them now */
} crm_merged;

/*
 * The n others become part of `keep`, as one operation: what refers to them refers to it, what it lacks is filled from
 * them in their order, further addresses, numbers and tags are united, notes that differ are joined, yes to do_not_call
 * no_email or restricted of any is yes of all, and it is a customer since the earliest of their days. They go; their numbers and keys
 * lead to `keep` from now on. CRM_INVALID: one is named twice; a take of no such customer, of a field that cannot be
 * taken or of a value that is not there. CRM_NOTFOUND; CRM_CONFLICT: two of them are marked as not the same.
 */
CRM_API int crm_customer_merge(
	crm_merged *out, crm_store *s, int64_t keep, const int64_t *others, size_t n, const crm_merge_options *options);

/*
 * Takes a merge back, as an operation of its own, whatever was written since: every field that is as the merge left it
 * gets its old value, one that was changed since stays; what the merge moved and is still there goes back, what it added
 * is taken off, what came since stays. `fn` is called once all is done for each record of which something stays, with
 * `why`. CRM_NOTFOUND: no such operation; CRM_CONFLICT: it is no merge, was taken back already, or the customer it kept is
 * gone.
 */
CRM_API int crm_customer_unmerge(crm_store *s, int64_t operation, crm_kept_fn fn, void *payload);

/*
 * Remembers of each two of these n customers that they are not the same, or forgets it (`distinct` false). *changed, if
 * not NULL, receives how many pairs were not so before. CRM_INVALID: one is named twice. CRM_NOTFOUND.
 */
CRM_API int crm_customer_distinct(crm_store *s, const int64_t *customers, size_t n, bool distinct, size_t *changed);

/*
 * Restriction of processing: these customers, and what hangs on them, are kept, and no list, query, report, search or due
 * list has them unless its filter asks by the field `restricted`; `restricted` false lifts it. One operation, within the
 * open one if there is one. CRM_NOTFOUND.
 */
CRM_API int crm_customer_restrict(crm_store *s, const int64_t *ids, size_t n, bool restricted);

/* Whether a record is of a customer who is restricted; false where there is no such record. */
CRM_API int crm_record_restricted(bool *out, crm_store *s, const crm_entity *e, int64_t id);

#ifdef __cplusplus
}
#endif

#endif

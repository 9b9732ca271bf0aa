/* Inside of the due list: what the customers of both its sources are asked, and what follows for an entry. */
#ifndef SERVICE_DUE_LIST_H
#define SERVICE_DUE_LIST_H

#include "query/filter.h"
#include "service/due.h"

/* The columns that a statement begins with: of the customer t0, then of each policy whether its filter fits. */
enum {
	DUE_CUSTOMER,
	DUE_LAST,
	DUE_NO_CALL,
	DUE_ZONE,
	DUE_POLICIES
};

int due_columns(struct sql *q, const struct due_list *list);

/* Terms that the customers must fulfil, each with AND before it; `owner` is an expression. */
int due_terms(struct sql *q, const crm_due_options *opt, const char *owner);

/* The first policy whose filter fits; NULL: none. */
struct policy *due_policy(const struct due_list *list, struct stmt *st);

/* When the customer was last in touch. */
struct silence due_silence(const crm_store *s, struct stmt *st);

/* Adds an entry: *d says what is owed, what follows for the customer of the row is filled in. */
int due_add(struct due_list *list, crm_store *s, struct stmt *st, const struct policy *policy, struct due *d);

/* Both sources. */
int due_by_policies(struct due_list *list, crm_store *s, const crm_due_options *opt);
int due_by_tasks(struct due_list *list, crm_store *s, const crm_due_options *opt);

#endif

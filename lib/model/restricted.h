/*
 * Restriction of processing: customers who are kept, and shown in no list, report or search; nor is what hangs on them.
 * The one condition for all of these is here; it costs nothing while nobody is restricted.
 */
#ifndef MODEL_RESTRICTED_H
#define MODEL_RESTRICTED_H

#include "model/entity.h"

/* Whether any customer is: one page of an index. */
int restricted_any(bool *out, crm_store *s);

/*
 * Appends ` AND ALIAS.id NOT IN (…)`: the record is of nobody who is restricted. Nothing for entities that lead to no
 * customer.
 */
void restricted_put(struct buf *out, const struct crm_entity *e, const char *alias);

/* The same, when there is anybody. */
int restricted_hide(struct buf *out, crm_store *s, const struct crm_entity *e, const char *alias);

#endif

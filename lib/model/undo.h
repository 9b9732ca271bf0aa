/* What undo.c and undo_kept.c share. */
#ifndef MODEL_UNDO_H
#define MODEL_UNDO_H

#include "model/record.h"
#include <crm/journal.h>

struct undo {
	crm_store *s;
	int64_t target; /* what is taken back */
	int64_t op;     /* the operation that does it */
	bool force;     /* records in the way are kept: they are rows of temp.kept (entity, id) */
};

/* A condition on rows c of change: the record is not kept. */
#define NOT_KEPT " AND NOT EXISTS (SELECT 1 FROM temp.kept k WHERE k.entity = c.entity AND k.id = c.first_id)"

/*
 * Collects the records that must be kept: changed since, or referred to by what stays. Transitive: what a kept record
 * refers to is kept too.
 */
int kept_collect(const struct undo *u);

/* Calls fn for each. */
int kept_tell(const struct undo *u, crm_kept_fn fn, void *payload);
int kept_forget(crm_store *s);

#endif

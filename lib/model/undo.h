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

/* --- the steps of taking an operation back, for those who do it in a way of their own --- */

/* Checks that the operation is there and in force, and names the open operation after it, by that verb. */
int undo_examine(crm_store *s, int64_t target, const char *verb);

int undo_touch_all(const struct undo *u);     /* marks owners of facts: before, and again after */
int undo_take_back_all(const struct undo *u); /* the records of the journal, but for those that are kept */
int undo_check_restored(const struct undo *u);
int undo_mark(const struct undo *u);

/* CRM_CONFLICT for a command that is not undone, and for what erased anything (undo_refused.c). */
int undo_refuse_final(crm_store *s, int64_t target, const char *command);

/* CRM_CONFLICT when the journal does not say any more what a record was. */
int undo_check_erased(const struct undo *u, const struct crm_entity *e);

/* A condition on rows c of change: the record is not kept. */
#define NOT_KEPT " AND NOT EXISTS (SELECT 1 FROM temp.kept k WHERE k.entity = c.entity AND k.id = c.first_id)"

/* Appends whether operation `op` did anything to a record; all three are SQL. */
void undo_put_touched(struct buf *sql, const char *op, const char *entity, const char *id);

/*
 * Appends FROM and WHERE of a statement: rows x of change, in force, that change after operation $1 what its rows c
 * say it did to entity $2. A later undo of something later still is none: the two cancel out. Seen in the journal and
 * not by the rows, of which some are gone and some have their old `op` again.
 */
void undo_put_changes_since(struct buf *sql);

/*
 * Collects the records that must be kept: changed since, referred to by what stays, or of whose old values something is
 * gone or taken. Transitive: what a kept record refers to is kept too.
 */
int kept_collect(const struct undo *u);

/* Only those that were changed since; then, of entity `e`, those of whose old values something is gone or taken. */
int kept_collect_changed(const struct undo *u);
int kept_collect_unplaced(const struct undo *u, const struct crm_entity *e);

/* Why a record is kept: what temp.kept.why says; `what` and `by_id` beside it name the rest of the sentence. */
enum kept_reason {
	KEPT_CHANGED, /* by operation by_id; likewise */
	KEPT_REMOVED,
	KEPT_ERASED,
	KEPT_REFERRED, /* by record by_id of entity `what`; likewise */
	KEPT_HAS_VALUE,
	KEPT_GONE, /* field `what` named a record that is not there */
	KEPT_FIELD_GONE,
	KEPT_TAKEN, /* by_id has its field `what` */
	KEPT_STAYS, /* changed fields `what`, which stay (unmerge.c) */
	KEPT_UNSAID
};
void kept_put_why(struct buf *out, const struct crm_entity *e, struct stmt *st, int at);

/* Calls fn for each. */
int kept_tell(const struct undo *u, crm_kept_fn fn, void *payload);
int kept_forget(crm_store *s);

/* Appends the first of them with the reason, for a message. */
int kept_list(struct buf *out, const struct undo *u);

/* Likewise those that were changed since or are referred to, when the operation is over. */
int kept_find_and_list(struct buf *out, const struct undo *u);

#endif

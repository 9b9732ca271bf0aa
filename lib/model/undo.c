/*
 * Taking an operation back, as an operation of its own that first saves what it removes: so redo is the undo of an
 * undo, and history needs nothing else.
 *
 * A restored row gets back the `op` it had: "changed since" is then simply a larger number.
 */
#include "model/undo.h"
#include "model/custom.h"
#include "model/search.h"
#include <stdio.h>

enum {
	TOLD_MAX = 20 /* records in the way that a message names */
};

/* Whether operation `o` is an undo or a redo; taking customers apart is a command like others, which can be undone. */
#define IS_UNDO(o) "(" o ".undoes IS NOT NULL AND substr(" o ".command, 1, 17) <> 'customer unmerge ')"

/* The changes in force that stand in the way: of records that the operation touched, made after it. */
static int check_changes(const struct undo *u, const struct crm_entity *e)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT, list = BUF_INIT;
	size_t n = 0;
	int status;

	buf_puts(&sql, "SELECT x.first_id, max(x.op)");
	undo_put_changes_since(&sql);
	buf_puts(&sql, " GROUP BY x.first_id ORDER BY x.first_id");
	/* sorts what is in the way */
	status = buf_str(&sql) ? db_prepare(&st, u->s, sql.s, DB_SCAN) : err_nomem(&u->s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_int(st, 1, u->target);
	db_bind_str(st, 2, e->name);
	while ((status = db_step(st)) == CRM_OK)
		if (n++ < TOLD_MAX)
			buf_say(buf_comma(&list), "%s %lld by operation %lld", entity_word(e), (long long)db_int(st, 0),
				(long long)db_int(st, 1));
	if (status == CRM_END && n > TOLD_MAX)
		buf_say(&list, " and %zu more", n - TOLD_MAX);
	if (status == CRM_END && n > 0)
		status = err_set(&u->s->err, CRM_CONFLICT, "operation %lld cannot be undone: changed since: %s",
			(long long)u->target, buf_str(&list) ? list.s : e->name);
	buf_free(&list);
	return status < 0 ? status : CRM_OK;
}

#define REFERRED N_("operation %lld cannot be undone: records made since refer to what it created")

static int refuse_referred(crm_store *s, int64_t target)
{
	return err_set(&s->err, CRM_CONFLICT, REFERRED, (long long)target);
}

/* Names are no foreign keys: records that refer to one that would go, and stay themselves, are looked for. */
static int check_handles(const struct undo *u, const struct crm_entity *e, const struct crm_field *f)
{
	const struct crm_entity *target = crm_entity_find(f->target);
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql,
		"SELECT 1 FROM change c JOIN %s t ON t.id BETWEEN c.first_id AND c.last_id JOIN %s g ON g.%s = t.name"
		" WHERE c.op = $1 AND c.entity = $2 AND c.image IS NULL AND g.op <> $1 AND NOT ",
		target->table, e->table, field_column(f));
	undo_put_touched(&sql, "$1", "$3", "g.id");
	buf_puts(&sql, " LIMIT 1");
	status = buf_str(&sql) ? db_prepare(&st, u->s, sql.s, DB_SCAN) : err_nomem(&u->s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_int(st, 1, u->target);
	db_bind_str(st, 2, target->name);
	db_bind_str(st, 3, e->name);
	status = db_step(st);
	return status == CRM_OK ? refuse_referred(u->s, u->target) : status < 0 ? status : CRM_OK;
}

/* Likewise the other way round: what came back must not name one that is gone. */
static int check_restored(const struct undo *u, const struct crm_entity *e, const struct crm_field *f)
{
	const struct crm_entity *target = crm_entity_find(f->target);
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql,
		"SELECT g.id, g.%s FROM change c JOIN %s g ON g.id = c.first_id"
		" WHERE c.op = $1 AND c.entity = $2 AND c.image IS NOT NULL AND g.%s IS NOT NULL"
		" AND NOT EXISTS (SELECT 1 FROM %s t WHERE t.name_fold = fold(g.%s)) LIMIT 1",
		field_column(f), e->table, field_column(f), target->table, field_column(f));
	status = buf_str(&sql) ? db_prepare(&st, u->s, sql.s, 0) : err_nomem(&u->s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_int(st, 1, u->target);
	db_bind_str(st, 2, e->name);
	status = db_step(st);
	if (status == CRM_OK)
		return err_set(&u->s->err, CRM_CONFLICT,
			"operation %lld cannot be undone: %s %lld would name the %s '%s', which is gone",
			(long long)u->target, entity_word(e), (long long)db_int(st, 0), entity_word(target),
			db_text(st, 1));
	return status < 0 ? status : CRM_OK;
}

/* Calls for each field of `e` that refers by a name which must be in the store. */
static int each_handle(const struct undo *u, const struct crm_entity *e,
	int (*check)(const struct undo *, const struct crm_entity *, const struct crm_field *))
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < e->nfields; i++) {
		const struct crm_field *f = &e->fields[i];

		if (f->type == CRM_REF && f->flags & FIELD_HANDLE && !(f->flags & FIELD_LOOSE))
			status = check(u, e, f);
	}
	return status;
}

static int check_entity(const struct undo *u, const struct crm_entity *e)
{
	int status = undo_check_erased(u, e);

	if (status == CRM_OK)
		status = check_changes(u, e);

	return status < 0 ? status : each_handle(u, e, check_handles);
}

/* --- the records that the operation touched, in runs of ids --- */

struct runs {
	struct stmt *st; /* first and last id, in order */
	int64_t first, last;
	int status;        /* of the step behind the run at hand */
	int64_t rest;      /* end of a run that is cut up by kept records, or 0 */
	struct stmt *kept; /* their ids, in order, where some are */
	int64_t next_kept; /* INT64_MAX: none */
};

static void runs_close(struct runs *r)
{
	db_release(r->st);
	db_release(r->kept);
}

static int step_kept(struct runs *r)
{
	int status = r->kept ? db_step(r->kept) : CRM_END;

	r->next_kept = status == CRM_OK ? db_int(r->kept, 0) : INT64_MAX;
	return status < 0 ? status : CRM_OK;
}

static int open_kept(struct runs *r, const struct undo *u, const struct crm_entity *e)
{
	int status = u->force ? db_prepare(&r->kept, u->s, "SELECT id FROM temp.kept WHERE entity = $1 ORDER BY id", 0)
			      : CRM_OK;

	if (status < 0)
		return status;
	if (r->kept)
		db_bind_str(r->kept, 1, e->name);
	return step_kept(r);
}

/* `which`: a further condition on the rows c of change. */
static int runs_open(struct runs *r, const struct undo *u, const struct crm_entity *e, const char *which)
{
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql,
		"SELECT c.first_id, c.last_id FROM change c WHERE c.op = $1 AND c.entity = $2%s ORDER BY c.first_id",
		which);
	status = buf_str(&sql) ? db_prepare(&r->st, u->s, sql.s, 0) : err_nomem(&u->s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_int(r->st, 1, u->target);
	db_bind_str(r->st, 2, e->name);
	r->status = db_step(r->st);
	return r->status < 0 ? r->status : open_kept(r, u, e);
}

/* The next run of the journal, as long as ids follow each other: CRM_OK, CRM_END or an error. */
static int next_whole(struct runs *r)
{
	if (r->status != CRM_OK)
		return r->status;
	r->first = db_int(r->st, 0);
	do
		r->last = db_int(r->st, 1);
	while ((r->status = db_step(r->st)) == CRM_OK && db_int(r->st, 0) == r->last + 1);
	return r->status < 0 ? r->status : CRM_OK;
}

/* The next run without kept records. */
static int runs_next(struct runs *r)
{
	int status;

	for (;;) {
		if (r->rest) {
			r->first = r->last + 2; /* behind the kept one */
			r->last = r->rest;
		} else if ((status = next_whole(r)) != CRM_OK) {
			return status;
		}
		r->rest = 0;
		while (r->next_kept < r->first)
			if ((status = step_kept(r)) < 0)
				return status;
		if (r->next_kept <= r->last) {
			r->rest = r->last;
			r->last = r->next_kept - 1;
		}
		if (r->first <= r->last)
			return CRM_OK;
		if (r->rest && r->last + 1 >= r->rest)
			r->rest = 0;
	}
}

/* Marks the owners of facts that the affected records lead to, and those that are affected themselves. */
static int touch_affected(const struct undo *u, const struct crm_entity *e)
{
	cleanup(runs_close) struct runs r = { 0 };
	int status = runs_open(&r, u, e, "");

	while (status == CRM_OK && (status = runs_next(&r)) == CRM_OK)
		status = facts_touch_run(u->s, e, r.first, r.last);
	return status < 0 ? status : CRM_OK;
}

/* Before anything is taken back: the words of what will change, go or come back. */
static int touch_words(const struct undo *u, const struct crm_entity *e)
{
	cleanup(runs_close) struct runs r = { 0 };
	int status = search_indexed(e) ? runs_open(&r, u, e, "") : CRM_END;

	while (status == CRM_OK && (status = runs_next(&r)) == CRM_OK)
		status = search_touch_range(u->s, e, r.first, r.last);
	return status < 0 ? status : CRM_OK;
}

enum {
	MANY = 10000
};

/* Where most of a table goes, comes back or changes, its indexes are dropped first and built again over what is left. */
static int drop_indexes_for_many(const struct undo *u, const struct crm_entity *e)
{
	struct buf sql = BUF_INIT;
	int64_t touched = 0, last = 0;
	int status = db_get_int(&touched, u->s,
		"SELECT coalesce(sum(last_id - first_id + 1), 0) FROM change WHERE op = $1 AND entity = $2", "is",
		u->target, e->name);

	if (status < 0 || touched < MANY)
		return status < 0 ? status : CRM_OK;
	buf_printf(&sql, "SELECT id FROM %s ORDER BY id DESC LIMIT 1", e->table);
	status = buf_str(&sql) ? db_get_int(&last, u->s, sql.s, "") : err_nomem(&u->s->err);
	buf_free(&sql);
	if (status < 0 || touched < last / 4)
		return status < 0 ? status : CRM_OK;
	bulk_zero_freed(u->s, false);
	return bulk_drop_indexes(u->s, e->table);
}

/*
 * Runs a statement for each run; $1 and $2 are its ends and, where it journals, $3 and $4 the entity and our operation.
 * Not as a join with the journal, which it writes: SQLite would keep all of it aside first.
 */
static int run_for_each(
	const struct undo *u, const struct crm_entity *e, const char *which, struct buf *sql, bool journals)
{
	cleanup(runs_close) struct runs r = { 0 };
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = runs_open(&r, u, e, which);

	if (status == CRM_OK)
		status = buf_str(sql) ? db_prepare(&st, u->s, sql->s, 0) : err_nomem(&u->s->err);
	buf_free(sql);
	while (status == CRM_OK && (status = runs_next(&r)) == CRM_OK) {
		db_rewind(st);
		db_bind_int(st, 1, r.first);
		db_bind_int(st, 2, r.last);
		if (journals) {
			db_bind_str(st, 3, e->name);
			db_bind_int(st, 4, u->op);
		}
		status = db_step(st);
		if (status == CRM_END)
			status = CRM_OK;
	}
	return status < 0 ? status : CRM_OK;
}

/* What is changed or removed now is saved. */
static int save_present(const struct undo *u, const struct crm_entity *e)
{
	struct buf sql = BUF_INIT;
	int status;

	buf_puts(&sql, "INSERT INTO change (op, entity, first_id, last_id, image) SELECT $4, $3, t.id, t.id, ");
	status = image_expression_of_many(&sql, u->s, e);
	buf_printf(&sql, " FROM %s t WHERE t.id BETWEEN $1 AND $2 ON CONFLICT DO NOTHING", e->table);
	if (status == CRM_OK)
		return run_for_each(u, e, "", &sql, true);
	buf_free(&sql);
	return status;
}

/* What comes back is created by us. */
static int note_returning(const struct undo *u, const struct crm_entity *e)
{
	struct buf which = BUF_INIT, sql = BUF_INIT;
	int status;

	buf_printf(&which, " AND c.image IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s t WHERE t.id = c.first_id)",
		e->table);
	buf_puts(&sql, "INSERT INTO change (op, entity, first_id, last_id) VALUES ($4, $3, $1, $2)"
		       " ON CONFLICT DO NOTHING");
	status = buf_str(&which) ? run_for_each(u, e, which.s, &sql, true) : err_nomem(&u->s->err);
	buf_free(&which);
	return status;
}

static int remove_created(const struct undo *u, const struct crm_entity *e)
{
	struct buf sql = BUF_INIT;

	buf_printf(&sql, "DELETE FROM %s WHERE id BETWEEN $1 AND $2", e->table);
	return run_for_each(u, e, " AND c.image IS NULL", &sql, false);
}

/* Those of the records that were saved. */
#define CHILDREN "record IN (SELECT c.first_id FROM change c WHERE c.op = $2 AND c.entity = $1 AND c.image IS NOT NULL"

static int take_back(const struct undo *u, const struct crm_entity *e)
{
	int status = drop_indexes_for_many(u, e);

	if (status == CRM_OK)
		status = save_present(u, e);
	if (status == CRM_OK)
		status = note_returning(u, e);
	if (status == CRM_OK)
		status = children_delete(u->s, e, u->force ? CHILDREN NOT_KEPT ")" : CHILDREN ")", u->op);
	if (status == CRM_OK)
		status = remove_created(u, e);
	return status < 0 ? status : image_restore(u->s, e, u->target, u->force ? NOT_KEPT : "");
}

/* Where all that the operation touched is kept, there is nothing to take back. */
static int check_remains(const struct undo *u)
{
	struct buf list = BUF_INIT;
	int status = CRM_END;

	for (size_t i = 0; status == CRM_END && i < crm_entity_count(); i++) {
		cleanup(runs_close) struct runs r = { 0 };

		status = runs_open(&r, u, crm_entity_at(i), "");
		if (status == CRM_OK)
			status = runs_next(&r);
	}
	if (status != CRM_END)
		return status;
	status = kept_list(&list, u);
	if (status == CRM_OK && list.len > 0)
		status = err_set(&u->s->err, CRM_CONFLICT,
			"operation %lld cannot be undone, not even in part: each of its records is in the way: %s",
			(long long)u->target, buf_str(&list) ? list.s : "");
	buf_free(&list);
	return status;
}

/*
 * Taking an undo back puts the operation that it undid in force again, and so on down the chain: of an operation, its
 * undo, the undo of that … every other one is in force.
 */
int undo_mark(const struct undo *u)
{
	int64_t by = u->op, id = u->target;
	bool in_force = false;
	int status = CRM_OK;

	while (status == CRM_OK && id > 0) {
		crm_value undone_by = { .kind = in_force ? CRM_NULL : CRM_INT, .i = by };

		status = db_run(u->s, "UPDATE operation SET undone_by = $1 WHERE id = $2", "vi", &undone_by, id);
		by = id;
		if (status == CRM_OK)
			status = db_get_int(
				&id, u->s, "SELECT coalesce(undoes, 0) FROM operation WHERE id = $1", "i", by);
		in_force = !in_force;
	}
	return status;
}

static int each_entity(const struct undo *u, int (*fn)(const struct undo *, const struct crm_entity *))
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++)
		status = fn(u, crm_entity_at(i));
	return status;
}

int undo_touch_all(const struct undo *u)
{
	return each_entity(u, touch_affected);
}

int undo_take_back_all(const struct undo *u)
{
	int status = db_exec(u->s, "PRAGMA defer_foreign_keys = ON");

	if (status >= 0)
		status = each_entity(u, touch_words);
	return status < 0 ? status : each_entity(u, take_back);
}

static int check_handles_restored(const struct undo *u, const struct crm_entity *e)
{
	return each_handle(u, e, check_restored);
}

int undo_check_restored(const struct undo *u)
{
	return each_entity(u, check_handles_restored);
}

static int undo_all(const struct undo *u)
{
	int status = u->force ? kept_collect(u) : each_entity(u, check_entity);

	if (status == CRM_OK && u->force)
		status = check_remains(u);
	if (status == CRM_OK)
		status = undo_touch_all(u);
	if (status == CRM_OK)
		status = undo_take_back_all(u);
	if (status == CRM_OK)
		status = undo_check_restored(u);
	if (status == CRM_OK)
		status = undo_touch_all(u);
	custom_forget(u->s);
	return status < 0 ? status : undo_mark(u);
}

int undo_examine(crm_store *s, int64_t target, const char *verb)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf command = BUF_INIT;
	int status = db_prepare(&st, s, "SELECT command, undone_by FROM operation WHERE id = $1", 0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, target);
	status = db_step(st);
	if (status < 0)
		return status;
	if (status == CRM_END)
		return err_set(&s->err, CRM_NOTFOUND, "there is no operation %lld", (long long)target);
	if (!db_is_null(st, 1))
		return err_set(&s->err, CRM_CONFLICT, "operation %lld was undone already, by operation %lld",
			(long long)target, (long long)db_int(st, 1));
	status = undo_refuse_final(s, target, db_text(st, 0));
	if (status < 0)
		return status;
	if (strcmp(verb, "redo") == 0) /* of `undo 5 (customer edit)`: what comes back into force is 5 */
		buf_printf(&command, "redo%s", db_text(st, 0) + strcspn(db_text(st, 0), " "));
	else if (strcmp(verb, "undo") == 0)
		buf_printf(&command, "undo %lld (%s)", (long long)target, db_text(st, 0));
	else
		buf_printf(&command, "%s %lld", verb, (long long)target);
	if (!buf_str(&command))
		return err_nomem(&s->err);
	free(s->op.command);
	s->op.command = buf_take(&command);
	s->op.undoes = target;
	return CRM_OK;
}

/* Whether that is why. Foreign keys are checked at COMMIT: something made later refers to what would go. */
static bool is_referred(const struct undo *u)
{
	cleanup(buf_free) struct buf said = BUF_INIT;

	buf_say(&said, REFERRED, (long long)u->target);
	return strstr(crm_errmsg(u->s), "FOREIGN KEY") || (said.s && strcmp(crm_errmsg(u->s), said.s) == 0);
}

static int explain_conflict(const struct undo *u, int status)
{
	struct buf list = BUF_INIT;

	if (status != CRM_CONFLICT || !is_referred(u))
		return status;
	if (kept_find_and_list(&list, u) == CRM_OK && list.len > 0 && buf_str(&list))
		err_set(&u->s->err, CRM_CONFLICT,
			"operation %lld cannot be undone: records made since refer to what it created: %s",
			(long long)u->target, list.s);
	else
		refuse_referred(u->s, u->target);
	buf_free(&list);
	return status;
}

static int undo_in_operation(int64_t *undone, struct undo u, const char *verb, crm_kept_fn fn, void *payload)
{
	crm_store *s = u.s;
	int64_t target = u.target;
	int status = undo_examine(s, target, verb);

	if (status == CRM_OK)
		status = op_id(&u.op, s);
	if (status == CRM_OK)
		status = undo_all(&u);
	if (status == CRM_OK)
		status = crm_commit(s);
	else
		crm_rollback(s); /* and kept records with it */
	if (status < 0)
		return explain_conflict(&u, status);
	*undone = target;
	if (u.force)
		status = kept_tell(&u, fn, payload);
	return u.force && kept_forget(s) < 0 ? s->err.code : status;
}

static int undo(int64_t *undone, crm_store *s, int64_t operation, bool force, crm_kept_fn fn, void *payload)
{
	int status = crm_begin(s, "undo");

	if (status < 0)
		return status;
	if (operation == 0) {
		status = db_get_int(&operation, s,
			"SELECT id FROM operation o WHERE agent = $1 AND undone_by IS NULL AND NOT " IS_UNDO(
				"o") " ORDER BY id DESC LIMIT 1",
			"s", crm_store_agent(s));
		if (status != CRM_OK) {
			crm_rollback(s);
			return status < 0
				       ? status
				       : err_set(&s->err, CRM_NOTFOUND, "%s has nothing to undo", crm_store_agent(s));
		}
	}
	return undo_in_operation(
		undone, (struct undo){ .s = s, .target = operation, .force = force }, "undo", fn, payload);
}

int crm_undo(int64_t *undone, crm_store *s, int64_t operation)
{
	return undo(undone, s, operation, false, NULL, NULL);
}

int crm_undo_force(int64_t *undone, crm_store *s, int64_t operation, crm_kept_fn fn, void *payload)
{
	return undo(undone, s, operation, true, fn, payload);
}

int crm_redo(int64_t *redone, crm_store *s)
{
	int64_t last, written = 0;
	int status = crm_begin(s, "redo");

	if (status < 0)
		return status;
	status = db_get_int(&last, s,
		"SELECT o.id FROM operation o JOIN operation t ON t.id = o.undoes WHERE o.agent = $1 AND o.undone_by "
		"IS NULL AND " IS_UNDO("o") " AND NOT " IS_UNDO("t") " ORDER BY o.id DESC LIMIT 1",
		"s", crm_store_agent(s));
	if (status == CRM_OK)
		status = db_get_int(&written, s,
			"SELECT id FROM operation o WHERE agent = $1 AND id > $2 AND NOT " IS_UNDO("o") " LIMIT 1",
			"si", crm_store_agent(s), last);
	else if (status == CRM_END)
		status = err_set(&s->err, CRM_NOTFOUND, "%s has nothing to redo", crm_store_agent(s));
	if (status == CRM_OK)
		status = err_set(&s->err, CRM_CONFLICT, "%s has written since the last undo (operation %lld)",
			crm_store_agent(s), (long long)written);
	if (status < 0) {
		crm_rollback(s);
		return status;
	}
	status = undo_in_operation(&last, (struct undo){ .s = s, .target = last }, "redo", NULL, NULL);
	if (status == CRM_OK)
		status = db_get_int(redone, s, "SELECT undoes FROM operation WHERE id = $1", "i", last);
	return status < 0 ? status : CRM_OK;
}

/*
 * Operations: one transaction, one entry of the journal, one undo.
 *
 * The entry is made by the first change, so that a command that changes nothing leaves none. Created records are
 * kept as runs of ids and written when a run ends: a bulk load costs one row.
 */
#include "store/internal.h"

void operation_clear(crm_store *s)
{
	for (size_t i = 0; i < s->op.nmarks; i++)
		free(s->op.marks[i].ids);
	free(s->op.marks);
	free(s->op.command);
	if (s->op.reaction)
		s->op.reaction->free(s->op.reaction);
	if (s->op.search_free)
		s->op.search_free(s->op.search);
	s->op = (struct operation){ 0 };
}

int crm_begin(crm_store *s, const char *command)
{
	int r;

	if (s->op.open)
		return err_set(&s->err, CRM_CONFLICT, "an operation is open already: %s", s->op.command);
	if (s->db && s->mode == CRM_OPEN_READ)
		return err_set(&s->err, CRM_READONLY, "the store was opened to read");
	if (!s->db)
		return err_set(&s->err, CRM_NOSTORE, "no store is open");
	s->op.command = strdup(command);
	if (!s->op.command)
		return err_nomem(&s->err);
	r = db_begin(s, "BEGIN IMMEDIATE");
	if (r == CRM_OK && store_moved(s)) { /* what we wrote would go into the store that was (restore.c) */
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
		r = err_set(&s->err, CRM_CONFLICT,
			"%s: another store was put in its place meanwhile (crm restore): nothing was changed, try "
			"again",
			s->path);
	}
	if (r < 0) {
		operation_clear(s);
		return r;
	}
	s->op.open = true;
	s->last_operation = 0;
	holder_write(s);
	return CRM_OK;
}

int op_id(int64_t *out, crm_store *s)
{
	const char *agent = crm_store_agent(s);
	int r = CRM_OK;

	if (s->op.id == 0) {
		crm_value undoes = { .kind = s->op.undoes ? CRM_INT : CRM_NULL, .i = s->op.undoes };

		r = db_run(s, "INSERT INTO operation (at, agent, login, command, undoes) VALUES ($1, $2, $3, $4, $5)",
			"isssv", s->now, agent, s->login ? s->login : agent, s->op.command, &undoes);
		if (r == CRM_OK)
			s->op.id = db_last_id(s);
	}
	*out = s->op.id;
	return r;
}

static int flush_run(crm_store *s, struct created_range *c)
{
	int r;

	if (!c->entity)
		return CRM_OK;
	r = db_run(s, "INSERT INTO change (op, entity, first_id, last_id) VALUES ($1, $2, $3, $4)", "isii", s->op.id,
		c->entity, c->first, c->last);
	c->entity = NULL;
	return r;
}

static int flush_created(crm_store *s)
{
	int r = CRM_OK;

	for (size_t i = 0; r == CRM_OK && i < CREATED_RUNS; i++)
		r = flush_run(s, &s->op.created[i]);
	return r;
}

/* The run of the entity, else a free one, else the one that was begun first. */
static struct created_range *run_for(crm_store *s, const char *entity)
{
	struct created_range *c = s->op.created;

	for (size_t i = 0; i < CREATED_RUNS; i++)
		if (c[i].entity == entity)
			return &c[i];
	for (size_t i = 0; i < CREATED_RUNS; i++)
		if (!c[i].entity)
			return &c[i];
	return &c[0];
}

int op_created(crm_store *s, const char *entity, int64_t id)
{
	struct created_range *c = run_for(s, entity);
	int r = CRM_OK;

	s->op.created_records++;
	if (c->entity == entity && id == c->last + 1) {
		c->last = id;
		return CRM_OK;
	}
	r = flush_run(s, c);
	*c = (struct created_range){ .entity = entity, .first = id, .last = id };
	return r;
}

static struct marks *find_marks(crm_store *s, const void *fact, recompute_fn recompute)
{
	for (size_t i = 0; i < s->op.nmarks; i++)
		if (s->op.marks[i].fact == fact)
			return &s->op.marks[i];
	if (!GROW(s->op.marks, s->op.nmarks, s->op.marks_cap))
		return NULL;
	s->op.marks[s->op.nmarks] = (struct marks){ .fact = fact, .recompute = recompute };
	return &s->op.marks[s->op.nmarks++];
}

/* Beyond this many marked owners one pass over all is cheaper than naming them (and memory stays flat). */
enum {
	MARKS_MAX = 100000
};

int op_mark(crm_store *s, const void *fact, recompute_fn recompute, int64_t owner)
{
	struct marks *m = find_marks(s, fact, recompute);

	if (!m)
		return err_nomem(&s->err);
	if (m->all || (m->n > 0 && m->ids[m->n - 1] == owner))
		return CRM_OK;
	if (owner == 0 || m->n >= MARKS_MAX) {
		m->all = true;
		m->n = 0;
		return CRM_OK;
	}
	if (!GROW(m->ids, m->n, m->cap))
		return err_nomem(&s->err);
	m->ids[m->n++] = owner;
	return CRM_OK;
}

bool op_marks_all(const crm_store *s, const void *fact)
{
	for (size_t i = 0; i < s->op.nmarks; i++)
		if (s->op.marks[i].fact == fact)
			return s->op.marks[i].all;
	return false;
}

int op_settle(crm_store *s)
{
	int r = bulk_rebuild_indexes(s);

	for (size_t i = 0; r == CRM_OK && i < s->op.nmarks; i++) {
		struct marks *m = &s->op.marks[i];

		if (m->all || m->n)
			r = m->recompute(s, m);
		if (r == CRM_OK) /* recomputing everything drops indexes, which the next may need */
			r = bulk_rebuild_indexes(s);
		m->n = 0;
		m->all = false;
	}
	return r;
}

static int finish_writes(crm_store *s)
{
	int r = op_settle(s);

	if (r == CRM_OK && s->op.reaction)
		r = s->op.reaction->before(s->op.reaction, s);
	if (r == CRM_OK)
		r = flush_created(s);
	return r == CRM_OK ? op_settle(s) : r;
}

/*
 * After an error of the disk the last byte may have been written before it: whoever opens the file next then finds all
 * of it there. So it is not said to be undone.
 */
static int commit(crm_store *s)
{
	int r = db_exec(s, "COMMIT");

	if (r < 0 && (sqlite3_errcode(s->db) & 0xff) == SQLITE_IOERR)
		return err_set(&s->err, CRM_FAILED,
			"store: %s: outcome unknown: run `crm check` and look whether it is there, or repeat the "
			"import",
			sqlite3_errmsg(s->db));
	return r;
}

int crm_commit(crm_store *s)
{
	struct reaction *reaction;
	int64_t id;
	int r;

	if (!s->op.open)
		return err_set(&s->err, CRM_CONFLICT, "no operation is open");
	s->op.implicit = false; /* what a reaction does is part of it */
	r = finish_writes(s);
	if (r == CRM_OK && s->op.id)
		r = op_sign(s, s->op.id);
	if (r == CRM_OK && s->err.nomem)
		r = err_nomem(&s->err);
	if (r == CRM_OK)
		r = commit(s);
	if (r < 0) {
		crm_rollback(s);
		return r;
	}
	bulk_trust_references(s, false);
	bulk_zero_freed(s, true);
	holder_remove(s);
	id = s->op.id;
	reaction = TAKE_PTR(s->op.reaction);
	operation_clear(s);
	s->last_operation = id;
	if (reaction) {
		reaction->after(reaction, s);
		reaction->free(reaction);
	}
	return CRM_OK;
}

void crm_rollback(crm_store *s)
{
	if (!s->op.open)
		return;
	/* After a full disk or an I/O error SQLite may have rolled back by itself. */
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	bulk_forget(s);
	bulk_trust_references(s, false);
	bulk_zero_freed(s, true);
	holder_remove(s);
	operation_clear(s);
	s->custom_stale = true;
}

int64_t crm_last_operation(const crm_store *s)
{
	return s->last_operation;
}

int op_require(crm_store *s, const char *command)
{
	int r;

	if (s->op.open) {
		s->op.depth += s->op.implicit;
		return CRM_OK;
	}
	r = crm_begin(s, command);
	if (r == CRM_OK)
		s->op.implicit = true;
	return r;
}

int op_finish(crm_store *s, int status)
{
	if (!s->op.open || !s->op.implicit)
		return status;
	if (s->op.depth > 0) {
		s->op.depth--;
		return status;
	}
	if (status >= 0)
		return crm_commit(s);
	crm_rollback(s);
	return status;
}

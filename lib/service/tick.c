/*
 * The rules of the clock. All under one write lock, conditions included: of two processes the second finds the work of the
 * first done.
 *
 * A rule that was applied to a ticket stands (rule_run.over is 0) until a tick finds that the ticket does not fit any more,
 * or something happened to it that no rule wrote (rule_seen() differs); only then can it be applied to it again.
 */
#include "model/record.h"
#include "model/search.h"
#include "query/filter.h"
#include "service/rule.h"

struct ids {
	int64_t *v;
	size_t n, cap;
};

static void ids_free(struct ids *ids)
{
	free(ids->v);
}

static int add_id(struct ids *ids, crm_store *s, int64_t id)
{
	if (!GROW(ids->v, ids->n, ids->cap))
		return err_nomem(&s->err);
	ids->v[ids->n++] = id;
	return CRM_OK;
}

/* All rows of one number. */
static int read_ids(struct ids *out, crm_store *s, struct stmt *st)
{
	int status;

	while ((status = db_step(st)) == CRM_OK && (status = add_id(out, s, db_int(st, 0))) == CRM_OK)
		;
	return status < 0 ? status : CRM_OK;
}

/* --- tickets that waited until now --- */

static int wake(struct rule_work *w, crm_store *s, int64_t ticket)
{
	crm_record *r;
	int64_t last;
	int status = crm_record_load(&r, s, &entity_ticket, ticket);

	if (status < 0)
		return status;
	status = db_get_int(&last, s,
		"SELECT coalesce(max(at), 0) FROM ticket_event WHERE ticket = $1 AND kind <> 'reply'", "i", ticket);
	r->actor = "tick";
	r->effective = crm_record_get(r, "pending_until").i;
	if (r->effective < last)
		r->effective = last;
	if (status == CRM_OK && last <= crm_store_now(s)) {
		status = crm_record_set(r, "status", "open");
		if (status == CRM_OK)
			status = crm_record_set(r, "pending_until", "");
		if (status == CRM_OK)
			status = crm_record_save(r);
		if (status == CRM_OK)
			rule_tell(w, NULL, ticket, "set status=open");
	}
	crm_record_free(r);
	return status;
}

static int wake_all(struct rule_work *w, crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(ids_free) struct ids ids = { 0 };
	int status = db_prepare(
		&st, s, "SELECT id FROM ticket WHERE state = 'paused' AND pending_until <= $1 ORDER BY id", DB_SCAN);

	if (status < 0)
		return status;
	db_bind_int(st, 1, crm_store_now(s));
	status = read_ids(&ids, s, st);
	for (size_t i = 0; status == CRM_OK && i < ids.n; i++)
		status = wake(w, s, ids.v[i]);
	return status;
}

/* --- rules --- */

/* Every ticket that fits, by number. */
static int fitting(struct ids *out, crm_store *s, const struct rule *r)
{
	cleanup(sql_release) struct sql q = { .s = s };
	cleanup(db_releasep) struct stmt *st = NULL;
	int status;

	buf_puts(&q.text, "SELECT t0.id FROM ticket t0 WHERE ");
	status = filter_stored(&q, &entity_ticket, "t0", r->condition);
	if (status == CRM_OK)
		status = sql_shown(&q, &entity_ticket, "t0");
	buf_puts(&q.text, " ORDER BY t0.id");
	if (status == CRM_OK)
		status = sql_prepare(&st, &q, DB_SCAN | DB_ONCE);
	if (status == CRM_OK)
		status = read_ids(out, s, st);
	if (status < 0 && status != CRM_NOMEM) {
		cleanup(freep) char *why = strdup(crm_errmsg(s));

		return err_set(&s->err, status == CRM_INVALID || status == CRM_NOTFOUND ? CRM_CONFLICT : status,
			"rule '%s': condition: %s", r->name, why ? why : "");
	}
	return status;
}

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int end_run(crm_store *s, const struct rule *r, int64_t ticket)
{
	return db_run(s,
		"UPDATE rule_run SET over = 1, row_sum = row_sum('rule,ticket,at,seen,over,op', rule, ticket, at, "
		"seen, "
		"1, op)"
		" WHERE rule = $1 AND ticket = $2 AND over = 0",
		"ii", r->id, ticket);
}

/* What the rule did to tickets that do not fit any more is over: no change that anybody has to know of. */
static int close_runs(crm_store *s, const struct rule *r, const struct ids *fit)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(ids_free) struct ids gone = { 0 };
	int status = db_prepare(&st, s, "SELECT ticket FROM rule_run WHERE rule = $1 AND over = 0", 0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, r->id);
	while ((status = db_step(st)) == CRM_OK) {
		int64_t ticket = db_int(st, 0);

		if (!fit->n || !bsearch(&ticket, fit->v, fit->n, sizeof(*fit->v), by_number))
			status = add_id(&gone, s, ticket);
		if (status < 0)
			return status;
	}
	for (size_t i = 0; status >= 0 && i < gone.n; i++)
		status = end_run(s, r, gone.v[i]);
	return status < 0 ? status : CRM_OK;
}

static int apply_once(struct rule_work *w, crm_store *s, const struct rule *r, int64_t ticket)
{
	int64_t then, seen;
	int status = rule_seen(&seen, s, ticket);

	if (status < 0)
		return status;
	status = db_get_int(&then, s, "SELECT seen FROM rule_run WHERE rule = $1 AND over = 0 AND ticket = $2", "ii",
		r->id, ticket);
	if (status < 0 || (status == CRM_OK && then == seen))
		return status;
	if (status == CRM_OK)
		status = end_run(s, r, ticket);
	return status < 0 ? status : rule_apply(w, s, r, ticket, true);
}

static int apply_rule(struct rule_work *w, crm_store *s, const struct rule *r)
{
	cleanup(ids_free) struct ids ids = { 0 };
	int status = op_settle(s);

	if (status == CRM_OK)
		status = fitting(&ids, s, r);
	if (status == CRM_OK)
		status = close_runs(s, r, &ids);
	for (size_t i = 0; status == CRM_OK && i < ids.n; i++)
		status = apply_once(w, s, r, ids.v[i]);
	return status;
}

static int work(struct rule_work *w, crm_store *s)
{
	struct rules rules;
	int status = wake_all(w, s);

	if (status == CRM_OK)
		status = rules_load(&rules, s, RULE_TICK);
	if (status < 0)
		return status;
	for (size_t i = 0; status == CRM_OK && i < rules.n; i++)
		status = apply_rule(w, s, &rules.v[i]);
	rules_free(&rules);
	return status;
}

static const crm_column tick_columns[] = {
	COLUMN("rule", "Rule", "rule that was applied; empty: the time of waiting has passed", CRM_TEXT),
	COLUMN("ticket", "Ticket", "the ticket that it was applied to", CRM_INTEGER),
	COLUMN("action", "Action", "what was done", CRM_TEXT),
};

size_t crm_tick_columns(const crm_column **columns)
{
	*columns = tick_columns;
	return ARRAY_SIZE(tick_columns);
}

/* A mistake in them must be known before anything is done. */
static int check_fields(crm_store *s, const char *fields)
{
	struct rowset *none;
	crm_cursor *cursor;
	int status = rowset_new(&none, tick_columns, ARRAY_SIZE(tick_columns));

	if (status == CRM_OK)
		status = rowset_cursor(&cursor, none);
	if (status < 0)
		return err_nomem(&s->err);
	status = cursor_project(&cursor, cursor, fields, &s->err);
	if (status == CRM_OK)
		crm_cursor_close(cursor);
	return status;
}

static int give_rows(crm_cursor **out, crm_store *s, struct rowset *rows, const char *fields)
{
	crm_cursor *cursor;

	return rowset_cursor(&cursor, rows) < 0 ? err_nomem(&s->err) : cursor_project(out, cursor, fields, &s->err);
}

int crm_tick(crm_cursor **out, crm_store *s, const char *fields, bool dry_run)
{
	cleanup(rowset_freep) struct rowset *rows = NULL;
	struct rule_work *w;
	int status = check_fields(s, fields);

	if (status < 0)
		return status;
	if (rowset_new(&rows, tick_columns, ARRAY_SIZE(tick_columns)) < 0)
		return err_nomem(&s->err);
	status = crm_begin(s, "tick");
	if (status < 0)
		return status;
	w = rule_work_of(s);
	status = w ? CRM_OK : err_nomem(&s->err);
	if (w) {
		w->rows = rows;
		w->dry_run = dry_run;
		status = work(w, s);
	}
	if (status == CRM_OK && dry_run)
		status = op_settle(s);
	if (status == CRM_OK && dry_run) /* what else would follow */
		status = w->reaction.before(&w->reaction, s);
	if (status == CRM_OK && !dry_run)
		status = crm_commit(s);
	else
		crm_rollback(s);
	if (status == CRM_OK && !dry_run)
		status = search_catch_up(s);
	return status == CRM_OK ? give_rows(out, s, TAKE_PTR(rows), fields) : status;
}

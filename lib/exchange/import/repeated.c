/*
 * Communications, ticket events and follow-ups without key or Message-ID: which of them is stored already.
 *
 * One is a repeat of another when all that makes it what it is (of a communication customer, time, channel, direction,
 * subject, content and whether it is internal; of a follow-up customer, due and purpose) is equal, and nothing else that
 * it says is missing there or different: so the same file imported twice changes nothing, and two calls of one second by
 * two agents stay two. One that was stored before this import, and lacks what the row says, is filled in. Small imports
 * ask the index row by row; large ones look when it is built again.
 */
#include "exchange/import/import.h"
#include "model/search.h"
#include <stdio.h>

static const struct repeating {
	const struct crm_entity *e;
	const char *equal[8];    /* fields; the first two are never empty and begin the index */
	const char *fillable[4]; /* fields that only must not differ */
	const char *keys[3];     /* fields by which a record is known again without this */
	const char *walk;        /* its records in order: owner, time, id */
} repeating[] = {
	{ .e = &entity_log,
		.equal = { "customer", "at", "channel", "direction", "subject", "content", "internal" },
		.fillable = { "agent", "duration", "contact_point" },
		.keys = { "key", "message_id" },
		.walk = "SELECT customer, at, id FROM log INDEXED BY log_customer ORDER BY customer, at, internal, "
			"channel" },
	{ .e = &entity_ticket_event,
		.equal = { "ticket", "at", "kind", "old_value", "new_value" },
		.fillable = { "actor" },
		.walk = "SELECT ticket, at, id FROM ticket_event INDEXED BY ticket_event_ticket ORDER BY ticket, at, "
			"kind" },
	{ .e = &entity_followup,
		.equal = { "customer", "due", "purpose" },
		.fillable = { "action", "owner" },
		.keys = { "key" },
		.walk = "SELECT customer, due_at, id FROM followup ORDER BY customer, due_at, id" },
};

static const struct repeating *repeating_of(const struct import *im)
{
	for (size_t i = 0; i < ARRAY_SIZE(repeating); i++)
		if (repeating[i].e == im->e)
			return &repeating[i];
	return NULL;
}

bool repeated_possible(const struct import *im)
{
	return repeating_of(im) != NULL;
}

static const char *column_of(const struct repeating *t, const char *field)
{
	return field_column(field_find_static(t->e, field));
}

static bool has_no_key(struct import *im, const struct repeating *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(t->keys) && t->keys[i]; i++)
		if (crm_record_get(&im->record, t->keys[i]).kind != CRM_NULL)
			return false;
	return true;
}

/* Of x, the older, and y: what makes them the same is equal, and nothing else contradicts. */
static void put_alike(struct buf *sql, const struct repeating *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(t->equal) && t->equal[i]; i++) {
		const char *c = column_of(t, t->equal[i]);

		buf_printf(sql, "%sy.%s %s x.%s", i ? " AND " : "", c, i < 2 ? "=" : "IS", c);
	}
	for (size_t i = 0; i < ARRAY_SIZE(t->fillable) && t->fillable[i]; i++) {
		const char *c = column_of(t, t->fillable[i]);

		buf_printf(sql, " AND (y.%s IS NULL OR x.%s IS NULL OR y.%s = x.%s)", c, c, c, c);
	}
}

/* Nothing that y says is missing in x. */
static void put_says_no_more(struct buf *sql, const struct repeating *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(t->fillable) && t->fillable[i]; i++) {
		const char *c = column_of(t, t->fillable[i]);

		buf_printf(sql, "%s(y.%s IS NULL OR y.%s IS x.%s)", i ? " AND " : "", c, c, c);
	}
}

/* Whether the record `id` has the custom values of the row. */
static int same_custom(struct import *im, int64_t id, bool *same)
{
	int status = CRM_OK;

	*same = true;
	for (size_t i = 0; i < im->record.ncustom && *same && status >= 0; i++) {
		const struct custom_value *c = &im->record.custom[i];
		int64_t found = 0;

		if (c->value.kind == CRM_NULL)
			continue;
		status = db_get_int(&found, im->s,
			"SELECT 1 FROM field_value WHERE entity = $1 AND record = $2 AND field = $3 AND value = $4",
			"siis", im->e->name, id, c->field->custom, c->value.s);
		*same = status == CRM_OK;
	}
	return status < 0 ? status : CRM_OK;
}

static void put_parameters(struct buf *sql, const struct repeating *t, const char *const *fields, size_t max, int *n)
{
	for (size_t i = 0; i < max && fields[i]; i++)
		buf_printf(sql, "%s$%d AS %s", *n ? ", " : "", *n + 1, column_of(t, fields[i])), ++*n;
}

static void bind_parameters(struct import *im, struct stmt *st, const char *const *fields, size_t max, int *n)
{
	for (size_t i = 0; i < max && fields[i]; i++) {
		crm_value v = crm_record_get(&im->record, fields[i]);

		if (v.kind == CRM_NULL && field_find_static(im->e, fields[i])->type == CRM_BOOL)
			v = (crm_value){ .kind = CRM_INT };
		db_bind_value(st, ++*n, &v);
	}
}

/* The stored records that the row repeats or fills in: id, whether it repeats; those that it repeats first. */
static int find_candidates(struct stmt **st, struct import *im, const struct repeating *t)
{
	struct buf sql = BUF_INIT;
	int n = 0, status;

	buf_puts(&sql, "SELECT x.id, ");
	put_says_no_more(&sql, t);
	buf_printf(&sql, " FROM %s x JOIN (SELECT ", t->e->table);
	put_parameters(&sql, t, t->equal, ARRAY_SIZE(t->equal), &n);
	put_parameters(&sql, t, t->fillable, ARRAY_SIZE(t->fillable), &n);
	buf_puts(&sql, ") y ON ");
	put_alike(&sql, t);
	buf_puts(&sql, " ORDER BY 2 DESC, x.id");
	/* sorts the few of one second */
	status = buf_str(&sql) ? db_prepare(st, im->s, sql.s, DB_SCAN) : err_nomem(&im->s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	n = 0;
	bind_parameters(im, *st, t->equal, ARRAY_SIZE(t->equal), &n);
	bind_parameters(im, *st, t->fillable, ARRAY_SIZE(t->fillable), &n);
	return CRM_OK;
}

int repeated_find(struct import *im, int64_t *id)
{
	const struct repeating *t = repeating_of(im);
	cleanup(db_releasep) struct stmt *st = NULL;
	int status;

	*id = 0;
	if (!t || im->bulk || !has_no_key(im, t))
		return CRM_OK;
	status = find_candidates(&st, im, t);
	while (status == CRM_OK && *id == 0 && (status = db_step(st)) == CRM_OK) {
		int64_t candidate = db_int(st, 0);
		bool same = db_int(st, 1) || apply_line_of(im, candidate) == 0;

		if (same)
			status = same_custom(im, candidate, &same);
		if (same && status == CRM_OK)
			*id = candidate;
	}
	return status < 0 ? status : CRM_OK;
}

/* --- after a bulk load --- */

enum likeness {
	DIFFERENT,
	FILLS, /* says more, and contradicts nothing */
	REPEATS
};

static int compare(struct import *im, const struct repeating *t, int64_t x, int64_t y, enum likeness *likeness)
{
	struct buf sql = BUF_INIT;
	int64_t no_more = 0;
	int status;

	buf_puts(&sql, "SELECT ");
	put_says_no_more(&sql, t);
	buf_printf(&sql, " FROM %s x JOIN %s y ON y.id = $2 AND ", t->e->table, t->e->table);
	put_alike(&sql, t);
	for (size_t i = 0; i < ARRAY_SIZE(t->keys) && t->keys[i]; i++)
		buf_printf(&sql, " AND y.%s IS NULL", column_of(t, t->keys[i]));
	buf_puts(&sql,
		" AND NOT EXISTS (SELECT 1 FROM field_value v WHERE v.entity = $3 AND v.record = y.id AND NOT EXISTS"
		" (SELECT 1 FROM field_value w WHERE w.entity = $3 AND w.record = x.id AND w.field = v.field"
		" AND w.value = v.value)) WHERE x.id = $1");
	status = buf_str(&sql) ? db_get_int(&no_more, im->s, sql.s, "iis", x, y, t->e->name) : err_nomem(&im->s->err);
	buf_free(&sql);
	*likeness = status != CRM_OK ? DIFFERENT : no_more ? REPEATS : FILLS;
	return status < 0 ? status : CRM_OK;
}

/* What y says and x does not goes to x. */
static int fill(struct import *im, const struct repeating *t, int64_t x, int64_t y)
{
	struct crm_record *to = &im->record;
	crm_record *from = NULL;
	int status;

	record_reset(to);
	status = rows_load(to, x);
	if (status == CRM_OK)
		status = crm_record_load(&from, im->s, im->e, y);
	for (size_t i = 0; status == CRM_OK && i < ARRAY_SIZE(t->fillable) && t->fillable[i]; i++) {
		crm_value v = crm_record_get(from, t->fillable[i]), none = { .kind = CRM_NULL };

		if (v.kind != CRM_NULL)
			record_put(to, field_find_static(im->e, t->fillable[i]), &v, &none);
	}
	if (status == CRM_OK)
		status = crm_record_save(to);
	crm_record_free(from);
	return status;
}

static int delete_created(struct import *im, int64_t id)
{
	int status = search_touch(im->s, im->e, id);
	char sql[64];

	if (status == CRM_OK)
		status = children_delete(im->s, im->e, "record = $2", id);

	im->out->created--;
	snprintf(sql, sizeof(sql), "DELETE FROM %s WHERE id = $1", im->e->table);
	return status < 0 ? status : db_run(im->s, sql, "i", id);
}

/* `run`: the records of the same owner and second that come before `id`, which was created here. */
static int settle(struct import *im, const struct repeating *t, const int64_t *run, size_t n, int64_t id, bool *gone)
{
	int64_t lacking = 0;
	int status = CRM_OK;

	*gone = false;
	for (size_t i = 0; i < n && !*gone && status == CRM_OK; i++) {
		enum likeness likeness;

		status = compare(im, t, run[i], id, &likeness);
		*gone = status == CRM_OK && likeness == REPEATS;
		if (likeness == FILLS && !lacking && run[i] < im->first_created)
			lacking = run[i];
	}
	if (status < 0 || (!*gone && !lacking))
		return status;
	if (*gone)
		im->out->unchanged++;
	else
		status = fill(im, t, lacking, id);
	im->out->updated += !*gone;
	*gone = true;
	return status < 0 ? status : delete_created(im, id);
}

/*
 * The index, built again, brings equal ones side by side: flat memory, one walk. Runs of one owner and second are
 * short; what is changed is no part of that index, or stands behind.
 */
int repeated_remove(struct import *im)
{
	const struct repeating *t = repeating_of(im);
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(freep) int64_t *run = NULL;
	size_t n = 0, cap = 0;
	int64_t owner = -1, at = 0;
	int status;

	if (!t || !im->bulk || !im->first_created)
		return CRM_OK;
	status = bulk_rebuild_indexes(im->s);
	if (status == CRM_OK)
		status = db_prepare(&st, im->s, t->walk, DB_SCAN | DB_ONCE);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		int64_t id = db_int(st, 2);
		bool gone = false;

		if (db_int(st, 0) != owner || db_int(st, 1) != at)
			n = 0;
		owner = db_int(st, 0);
		at = db_int(st, 1);
		if (id >= im->first_created)
			status = settle(im, t, run, n, id, &gone);
		if (gone || status < 0)
			continue;
		if (!GROW(run, n, cap))
			return err_nomem(&im->s->err);
		run[n++] = id;
	}
	return status < 0 ? status : CRM_OK;
}

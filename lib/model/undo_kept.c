/*
 * A forced undo keeps the records that later work depends on. Set-based statements gather them in a temporary table,
 * again and again until none is added: a customer that stays keeps its organisation, which keeps its owner.
 */
#include "model/undo.h"

void undo_put_touched(struct buf *sql, const char *op, const char *entity, const char *id)
{
	buf_printf(sql,
		"(EXISTS (SELECT 1 FROM change y WHERE y.op = %s AND y.entity = %s AND y.first_id = %s)"
		" OR EXISTS (SELECT 1 FROM change y INDEXED BY change_range WHERE y.op = %s AND y.entity = %s"
		" AND y.first_id <= %s AND y.last_id >= %s AND y.last_id > y.first_id))",
		op, entity, id, op, entity, id, id);
}

void undo_put_changes_since(struct buf *sql)
{
	buf_puts(sql,
		" FROM change c JOIN change x ON x.entity = c.entity AND x.first_id BETWEEN c.first_id AND c.last_id"
		" JOIN operation o ON o.id = x.op WHERE c.op = $1 AND c.entity = $2 AND x.op > $1"
		" AND (o.undone_by IS NULL OR NOT ");
	/* An undo in part left some of its records as they were: there the operation is in force. */
	undo_put_touched(sql, "o.undone_by", "x.entity", "x.first_id");
	buf_puts(sql, ") AND (o.undoes IS NULL OR o.undoes < $1)");
}

static int make_table(crm_store *s)
{
	return db_exec(s, "CREATE TEMP TABLE kept (entity TEXT NOT NULL, id INTEGER NOT NULL, why INTEGER NOT NULL,"
			  " what TEXT, by_id INTEGER, PRIMARY KEY (entity, id)) WITHOUT ROWID");
}

int kept_forget(crm_store *s)
{
	return db_exec(s, "DROP TABLE IF EXISTS temp.kept");
}

/* Adds what a SELECT of entity, id, reason (enum kept_reason) and what it names gives, in which $1 is the target and $2 an entity; frees the text. */
static int add(const struct undo *u, struct buf *select, const struct crm_entity *e, int64_t *n)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_puts(&sql, "INSERT INTO temp.kept (entity, id, why, what, by_id) ");
	buf_puts(&sql, buf_str(select) ? select->s : "");
	buf_puts(&sql, " ON CONFLICT DO NOTHING");
	status = select->failed || !buf_str(&sql) ? err_nomem(&u->s->err)
						  : db_prepare(&st, u->s, sql.s, DB_SCAN | DB_ONCE);
	buf_free(&sql);
	buf_free(select);
	if (status < 0)
		return status;
	db_bind_int(st, 1, u->target);
	db_bind_str(st, 2, e->name);
	status = db_step(st);
	if (status < 0)
		return status;
	*n += db_changed(u->s);
	return CRM_OK;
}

static int add_changed(const struct undo *u, const struct crm_entity *e, int64_t *n)
{
	struct buf sql = BUF_INIT;

	buf_printf(&sql,
		"SELECT $2, x.first_id, CASE WHEN EXISTS (SELECT 1 FROM %s t WHERE t.id = x.first_id) THEN %d ELSE %d"
		" END, NULL, max(x.op)",
		e->table, KEPT_CHANGED, KEPT_REMOVED);
	undo_put_changes_since(&sql);
	buf_puts(&sql, " GROUP BY x.first_id");
	return add(u, &sql, e, n);
}

/* Records of which the journal does not say any more what they were. Where nothing was ever erased there are none. */
static int add_erased(const struct undo *u, const struct crm_entity *e, int64_t *n)
{
	struct buf sql = BUF_INIT;

	buf_printf(&sql,
		"SELECT $2, c.first_id, %d, NULL, NULL FROM change c WHERE c.op = $1 AND c.entity = $2"
		" AND EXISTS (SELECT 1 FROM erasure) AND substr(c.image, 1, 11) = '{\"erased\":\"'",
		KEPT_ERASED);
	return add(u, &sql, e, n);
}

/* Whether a record is there afterwards, as it is now: one of others, or one that is kept itself. */
static void put_stays(struct buf *sql, const char *entity, const char *id)
{
	buf_printf(sql, "(EXISTS (SELECT 1 FROM temp.kept k WHERE k.entity = %s AND k.id = %s) OR NOT ", entity, id);
	undo_put_touched(sql, "$1", entity, id);
	buf_putc(sql, ')');
}

/* Created records to which `f` of records `e` that stay refers. */
static int add_referred(const struct undo *u, const struct crm_entity *e, const struct crm_field *f, int64_t *n)
{
	const struct crm_entity *target = crm_entity_find(f->target);
	const char *column = field_column(f), *id = f->flags & FIELD_HANDLE ? "t.id" : "g.";
	struct buf sql = BUF_INIT, entity = BUF_INIT;
	int status;

	buf_printf(&entity, "'%s'", e->name);
	buf_printf(&sql, "SELECT $2, %s%s, %d, '%s', min(g.id) FROM change c JOIN ", id,
		f->flags & FIELD_HANDLE ? "" : column, KEPT_REFERRED, e->name);
	if (f->flags & FIELD_HANDLE)
		buf_printf(&sql, "%s t ON t.id BETWEEN c.first_id AND c.last_id JOIN %s g ON g.%s = t.name",
			target->table, e->table, column);
	else
		buf_printf(&sql, "%s g ON g.%s BETWEEN c.first_id AND c.last_id", e->table, column);
	buf_puts(&sql, " WHERE c.op = $1 AND c.entity = $2 AND c.image IS NULL AND ");
	if (buf_str(&entity))
		put_stays(&sql, entity.s, "g.id");
	sql.failed |= entity.failed;
	buf_printf(&sql, " GROUP BY %s%s", id, f->flags & FIELD_HANDLE ? "" : column);
	status = add(u, &sql, target, n);
	buf_free(&entity);
	return status;
}

/* Created custom fields of which records that stay have values. */
static int add_fields_in_use(const struct undo *u, int64_t *n)
{
	struct buf sql = BUF_INIT;

	/* all records with values of a field are of its entity */
	buf_printf(&sql,
		"SELECT $2, v.field, %d, min(v.entity), min(v.record) FROM change c"
		" JOIN field_value v ON v.field BETWEEN c.first_id AND c.last_id"
		" WHERE c.op = $1 AND c.entity = $2 AND c.image IS NULL AND ",
		KEPT_HAS_VALUE);
	put_stays(&sql, "v.entity", "v.record");
	buf_puts(&sql, " GROUP BY v.field");
	return add(u, &sql, &entity_field, n);
}

/* --- old values that have no place any more --- */

/* A row of `target` comes back with the undo: `condition` on its image. */
static void put_unless_restored(struct buf *sql, const char *target, const char *condition)
{
	buf_printf(sql,
		" AND NOT EXISTS (SELECT 1 FROM change b WHERE b.op = $1 AND b.entity = '%s' AND b.image IS NOT NULL"
		" AND %s AND NOT EXISTS (SELECT 1 FROM temp.kept k WHERE k.entity = b.entity AND k.id = b.first_id))",
		target, condition);
}

static int add_gone(const struct undo *u, const struct crm_entity *e, const struct crm_field *f, int64_t *n)
{
	const struct crm_entity *target = crm_entity_find(f->target);
	bool handle = f->flags & FIELD_HANDLE;
	struct buf sql = BUF_INIT, same = BUF_INIT;
	int status;

	buf_printf(&sql,
		"SELECT $2, c.first_id, %d, '%s', NULL FROM change c WHERE c.op = $1 AND c.entity = $2"
		" AND c.image ->> '$.%s' IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s t WHERE ",
		KEPT_GONE, f->name, field_column(f), target->table);
	if (handle)
		buf_printf(&sql, "t.name_fold = fold(c.image ->> '$.%s'))", field_column(f));
	else
		buf_printf(&sql, "t.id = c.image ->> '$.%s')", field_column(f));
	if (handle)
		buf_printf(&same, "b.image ->> '$.name_fold' = fold(c.image ->> '$.%s')", field_column(f));
	else
		buf_printf(&same, "b.first_id = c.image ->> '$.%s'", field_column(f));
	if (buf_str(&same))
		put_unless_restored(&sql, target->name, same.s);
	sql.failed |= same.failed;
	status = add(u, &sql, e, n);
	buf_free(&same);
	return status;
}

static int add_fields_gone(const struct undo *u, const struct crm_entity *e, int64_t *n)
{
	struct buf sql = BUF_INIT;

	buf_printf(&sql,
		"SELECT $2, c.first_id, %d, NULL, NULL FROM change c WHERE c.op = $1"
		" AND c.entity = $2 AND EXISTS (SELECT 1 FROM json_each(c.image, '$.\"+field_value\"') j"
		" WHERE NOT EXISTS (SELECT 1 FROM field f WHERE f.id = j.value ->> 0)",
		KEPT_FIELD_GONE);
	put_unless_restored(&sql, "field", "b.first_id = j.value ->> 0");
	buf_putc(&sql, ')');
	return add(u, &sql, e, n);
}

static int add_taken(const struct undo *u, const struct crm_entity *e, const struct crm_field *f, int64_t *n)
{
	const char *column = f->norm ? f->norm : field_column(f);
	bool by_source = strcmp(f->name, "key") == 0 && field_find_static(e, "source");
	struct buf sql = BUF_INIT;

	buf_printf(&sql,
		"SELECT $2, c.first_id, %d, '%s', g.id FROM change c"
		" JOIN %s g ON g.%s = c.image ->> '$.%s' AND g.%s IS NOT NULL%s"
		" WHERE c.op = $1 AND c.entity = $2 AND g.id <> c.first_id AND ",
		KEPT_TAKEN, f->name, e->table, column, column, column,
		by_source ? " AND coalesce(g.source, '') = coalesce(c.image ->> '$.source', '')" : "");
	put_stays(&sql, "$2", "g.id");
	return add(u, &sql, e, n);
}

static int add_unplaced(const struct undo *u, const struct crm_entity *e, const struct crm_field *f, int64_t *n)
{
	if (f->type == CRM_REF && !(f->flags & FIELD_LOOSE))
		return add_gone(u, e, f, n);
	return f->flags & CRM_FIELD_UNIQUE && field_is_stored(f) ? add_taken(u, e, f, n) : CRM_OK;
}

/* --- all of it --- */

/* What follows from the records found so far. */
static int add_from_entity(const struct undo *u, const struct crm_entity *e, bool restores, int64_t *n)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < e->nfields; i++) {
		const struct crm_field *f = &e->fields[i];

		if (f->type == CRM_REF && !(f->flags & FIELD_LOOSE))
			status = add_referred(u, e, f, n);
		if (status == CRM_OK && restores)
			status = add_unplaced(u, e, f, n);
	}
	if (status == CRM_OK && restores && e->flags & ENTITY_CUSTOM)
		status = add_fields_gone(u, e, n);
	return status;
}

static int find_changed(const struct undo *u, int64_t *n)
{
	int status = make_table(u->s);

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++) {
		status = add_changed(u, crm_entity_at(i), n);
		if (status == CRM_OK)
			status = add_erased(u, crm_entity_at(i), n);
	}
	return status;
}

/* `restores`: also those whose old values have no place any more. */
static int find(const struct undo *u, bool restores)
{
	int64_t more = 0;
	int status = find_changed(u, &more);

	do {
		more = 0;
		for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++)
			status = add_from_entity(u, crm_entity_at(i), restores, &more);
		if (status == CRM_OK)
			status = add_fields_in_use(u, &more);
	} while (status == CRM_OK && more > 0);
	return status;
}

int kept_collect(const struct undo *u)
{
	return find(u, true);
}

int kept_collect_changed(const struct undo *u)
{
	int64_t n = 0;

	return find_changed(u, &n);
}

int kept_collect_unplaced(const struct undo *u, const struct crm_entity *e)
{
	int64_t n = 0;
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < e->nfields; i++)
		status = add_unplaced(u, e, &e->fields[i], &n);
	return status;
}

/* The columns of `st` from `at` on are why, what and by_id. */
void kept_put_why(struct buf *out, const struct crm_entity *e, struct stmt *st, int at)
{
	static const char *const by_operation[] = {
		[KEPT_CHANGED] = N_("changed by operation %lld"),
		[KEPT_REMOVED] = N_("removed by operation %lld"),
	};
	const enum kept_reason why = (enum kept_reason)db_int(st, at);
	const char *what = db_text(st, at + 1);
	const struct crm_entity *other = what ? crm_entity_find(what) : NULL;
	const long long by = db_int(st, at + 2);

	switch (why) {
	case KEPT_CHANGED:
	case KEPT_REMOVED:
		buf_say(out, by_operation[why], by);
		break;
	case KEPT_ERASED:
		buf_say(out, "its old values were erased");
		break;
	case KEPT_REFERRED:
		buf_say(out, "%s %lld refers to it", other ? entity_word(other) : what, by);
		break;
	case KEPT_HAS_VALUE:
		buf_say(out, "%s %lld has a value of it", other ? entity_word(other) : what, by);
		break;
	case KEPT_GONE:
		buf_say(out, "the %s that it had is gone", what);
		break;
	case KEPT_FIELD_GONE:
		buf_say(out, "a custom field that it had is gone");
		break;
	case KEPT_TAKEN:
		buf_say(out, "the %s that it had is of %s %lld now", what, entity_word(e), by);
		break;
	case KEPT_STAYS:
		buf_say(out, "changed since, and stays: %s", what);
		break;
	case KEPT_UNSAID:
		break;
	}
}

int kept_tell(const struct undo *u, crm_kept_fn fn, void *payload)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(buf_free) struct buf why = BUF_INIT;
	int status = db_prepare(
		&st, u->s, "SELECT entity, id, why, what, by_id FROM temp.kept ORDER BY entity, id", DB_SCAN | DB_ONCE);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		const struct crm_entity *e = crm_entity_find(db_text(st, 0));

		buf_clear(&why);
		kept_put_why(&why, e, st, 2);
		if (why.failed)
			return err_nomem(&u->s->err);
		if (why.len > 0)
			fn(e, db_int(st, 1), why.s, payload);
	}
	return status < 0 ? status : CRM_OK;
}

/* --- for a refusal --- */

enum {
	LISTED_MAX = 20
};

struct listing {
	struct buf *text;
	int64_t n;
};

static void list_one(const crm_entity *e, int64_t id, const char *why, void *payload)
{
	struct listing *l = payload;

	if (l->n++ < LISTED_MAX)
		buf_printf(buf_comma(l->text), "%s %lld (%s)", entity_word(e), (long long)id, why);
}

int kept_list(struct buf *out, const struct undo *u)
{
	struct listing l = { .text = out };
	int status = kept_tell(u, list_one, &l);

	if (l.n > LISTED_MAX)
		buf_say(out, " and %lld more", (long long)(l.n - LISTED_MAX));
	return status;
}

int kept_find_and_list(struct buf *out, const struct undo *u)
{
	int status = db_hold(u->s); /* the operation is over, and its kept records with it */

	if (status < 0)
		return status;
	status = find(u, false);
	if (status == CRM_OK)
		status = kept_list(out, u);
	if (kept_forget(u->s) < 0)
		status = u->s->err.code;
	db_unhold(u->s);
	return status;
}

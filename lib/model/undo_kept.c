/* A forced undo keeps the records that later work depends on. */
#include "model/undo.h"

/* Runs SQL made of a pattern; $1 is the operation, which every pattern has. DB_SCAN: over what was kept or changed. */
__attribute__((format(printf, 3, 4))) static int run(const struct undo *u, int64_t *added, const char *format, ...)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	va_list ap;
	int status;

	va_start(ap, format);
	buf_vprintf(&sql, format, ap);
	va_end(ap);
	status = buf_str(&sql) ? db_prepare(&st, u->s, sql.s, DB_SCAN | DB_ONCE) : err_nomem(&u->s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_int(st, 1, u->target);
	status = db_step(st);
	*added += status == CRM_END ? db_changed(u->s) : 0;
	return status < 0 ? status : CRM_OK;
}

static int keep_changed(const struct undo *u, const struct crm_entity *e, int64_t *added)
{
	return run(u, added,
		"INSERT OR IGNORE INTO temp.kept SELECT x.entity, x.first_id FROM change c JOIN change x ON x.entity = "
		"c.entity"
		" AND x.first_id BETWEEN c.first_id AND c.last_id JOIN operation o ON o.id = x.op WHERE c.op = $1"
		" AND c.entity = '%s' AND x.op > $1 AND o.undone_by IS NULL AND (o.undoes IS NULL OR o.undoes < $1)",
		e->name);
}

/* Rows g of `o` that stay: kept, or never touched by the operation. */
static void put_stays(struct buf *out, const struct crm_entity *o)
{
	buf_printf(out,
		"(EXISTS (SELECT 1 FROM temp.kept k WHERE k.entity = '%s' AND k.id = g.id) OR NOT (EXISTS (SELECT 1 "
		"FROM"
		" change x WHERE x.op = $1 AND x.entity = '%s' AND x.first_id = g.id) OR EXISTS (SELECT 1 FROM change x"
		" INDEXED BY change_range WHERE x.op = $1 AND x.entity = '%s' AND x.first_id <= g.id AND x.last_id >= "
		"g.id"
		" AND x.last_id > x.first_id)))",
		o->name, o->name, o->name);
}

static int keep_referred(const struct undo *u, const struct crm_entity *o, const struct crm_field *f, int64_t *added)
{
	const struct crm_entity *e = crm_entity_find(f->target);
	struct buf stays = BUF_INIT;
	const char *column = field_column(f);
	int status;

	put_stays(&stays, o);
	if (!buf_str(&stays))
		return err_nomem(&u->s->err);
	if (f->flags & FIELD_HANDLE)
		status = run(u, added,
			"INSERT OR IGNORE INTO temp.kept SELECT '%s', t.id FROM change c JOIN %s t ON t.id BETWEEN "
			"c.first_id AND"
			" c.last_id JOIN %s g ON g.%s = t.name WHERE c.op = $1 AND c.entity = '%s' AND c.image IS NULL "
			"AND %s",
			e->name, e->table, o->table, column, e->name, stays.s);
	else
		status = run(u, added,
			"INSERT OR IGNORE INTO temp.kept SELECT '%s', g.%s FROM change c JOIN %s g ON g.%s BETWEEN "
			"c.first_id"
			" AND c.last_id WHERE c.op = $1 AND c.entity = '%s' AND c.image IS NULL AND %s",
			e->name, column, o->table, column, e->name, stays.s);
	buf_free(&stays);
	return status;
}

/* Custom fields made by the operation whose values stay. */
static int keep_fields(const struct undo *u, int64_t *added)
{
	return run(u, added,
		"INSERT OR IGNORE INTO temp.kept SELECT 'field', v.field FROM change c JOIN field_value v"
		" ON v.field BETWEEN c.first_id AND c.last_id WHERE c.op = $1 AND c.entity = 'field' AND c.image IS "
		"NULL"
		" AND (EXISTS (SELECT 1 FROM temp.kept k WHERE k.entity = v.entity AND k.id = v.record) OR NOT EXISTS"
		" (SELECT 1 FROM change x WHERE x.op = $1 AND x.entity = v.entity AND x.first_id <= v.record"
		" AND x.last_id >= v.record))");
}

static int keep_all_referred(const struct undo *u, int64_t *added)
{
	int status = CRM_OK;

	for (size_t i = 0; i < crm_entity_count(); i++) {
		const struct crm_entity *o = crm_entity_at(i);

		for (size_t k = 0; status == CRM_OK && k < o->nfields; k++) {
			const struct crm_field *f = &o->fields[k];

			if (f->type == CRM_REF && field_is_stored(f) && !(f->flags & FIELD_LOOSE))
				status = keep_referred(u, o, f, added);
		}
	}
	return status == CRM_OK ? keep_fields(u, added) : status;
}

int kept_collect(const struct undo *u)
{
	int64_t added = 0;
	int status = db_exec(u->s, "CREATE TEMP TABLE kept (entity TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY "
				   "(entity, id)) WITHOUT ROWID");

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++)
		status = keep_changed(u, crm_entity_at(i), &added);
	do {
		added = 0;
		if (status == CRM_OK)
			status = keep_all_referred(u, &added);
	} while (status == CRM_OK && added > 0);
	return status;
}

int kept_tell(const struct undo *u, crm_kept_fn fn, void *payload)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, u->s, "SELECT entity, id FROM temp.kept ORDER BY entity, id", DB_SCAN | DB_ONCE);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		if (fn)
			fn(crm_entity_find(db_text(st, 0)), db_int(st, 1), payload);
	return status < 0 ? status : CRM_OK;
}

int kept_forget(crm_store *s)
{
	return db_exec(s, "DROP TABLE IF EXISTS temp.kept");
}

/*
 * What the store consists of, asked of the file itself: a table added by a migration is there without further code. The
 * index of words is made from the others.
 */
#include "store/internal.h"

static int read_columns(struct tables *out, crm_store *s, struct table *t)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf order = BUF_INIT;
	int64_t n = 0;
	int status = db_prepare(&st, s, "SELECT name, pk, dflt_value FROM pragma_table_info($1) ORDER BY cid", DB_SCAN);

	if (status < 0)
		return status;
	db_bind_str(st, 1, t->name);
	while ((status = db_step(st)) == CRM_OK)
		n++;
	if (status < 0)
		return status;
	t->columns = arena_alloc(&out->mem, (size_t)(n + 1) * sizeof(*t->columns));
	t->defaults = arena_alloc(&out->mem, (size_t)(n + 1) * sizeof(*t->defaults));
	if (!t->columns || !t->defaults)
		return err_nomem(&s->err);
	db_rewind(st);
	while ((status = db_step(st)) == CRM_OK) {
		if (!db_is_null(st, 2))
			t->defaults[t->n] = arena_copy(&out->mem, db_text(st, 2), db_bytes(st, 2));
		t->columns[t->n++] = arena_copy(&out->mem, db_text(st, 0), db_bytes(st, 0));
		if (db_int(st, 1) > 0)
			buf_printf(&order, "%s%s", order.len ? ", " : "", db_text(st, 0));
	}
	if (status == CRM_END && buf_str(&order))
		t->order = arena_copy(&out->mem, order.s, order.len);
	buf_free(&order);
	return status < 0 ? status : out->mem.failed || !t->order ? err_nomem(&s->err) : CRM_OK;
}

int tables_read(struct tables *out, crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s,
		"SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE %'"
		" AND name NOT LIKE 'search\\_%' ESCAPE '\\' ORDER BY rowid",
		DB_SCAN);

	*out = (struct tables){ 0 };
	while (status >= 0 && (status = db_step(st)) == CRM_OK) {
		const char *name = arena_copy(&out->mem, db_text(st, 0), db_bytes(st, 0));

		if (!name || !GROW(out->v, out->n, out->cap))
			return err_nomem(&s->err);
		if (!schema_is_ours(name))
			continue;
		out->v[out->n] = (struct table){ .name = name };
		status = read_columns(out, s, &out->v[out->n++]);
	}
	return status < 0 ? status : CRM_OK;
}

void tables_free(struct tables *t)
{
	arena_free(&t->mem);
	free(t->v);
	*t = (struct tables){ 0 };
}

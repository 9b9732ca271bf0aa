/* Rows and children of a record in the store. Statements are made from the description. */
#include "model/record.h"

/* --- load --- */

/* Facts are no part of an image. */
static bool is_read(const struct crm_field *f, int64_t op)
{
	return field_is_stored(f) && !(op && f->flags & CRM_FIELD_DERIVED);
}

/* `op`: read from the images of that operation, instead of the tables; 0: not. */
static int load_sql(struct buf *sql, const struct crm_entity *e, int64_t op)
{
	buf_puts(sql, "SELECT op");
	for (size_t i = 0; i < e->nfields; i++) {
		if (!is_read(&e->fields[i], op))
			continue;
		buf_printf(sql, ", %s", field_column(&e->fields[i]));
		if (e->fields[i].norm)
			buf_printf(sql, ", %s", e->fields[i].norm);
	}
	buf_puts(sql, " FROM ");
	if (op)
		image_put_table(sql, e, "$2");
	else
		buf_puts(sql, e->table);
	buf_puts(sql, " WHERE id = $1");
	return buf_str(sql) ? CRM_OK : CRM_NOMEM;
}

static crm_value keep(crm_record *r, struct stmt *st, int col)
{
	crm_value v = db_value(st, col);

	return v.kind == CRM_STRING ? value_text(&r->mem, v.s, v.len) : v;
}

static int load_row(crm_record *r, int64_t id, int64_t op)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int col = 1, status = load_sql(&sql, r->e, op);

	status = status == CRM_OK ? db_prepare(&st, r->s, sql.s, 0) : err_nomem(&r->s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_int(st, 1, id);
	if (op)
		db_bind_int(st, 2, op);
	status = db_step(st);
	if (status != CRM_OK)
		return status < 0 ? status
				  : err_set(&r->s->err, CRM_NOTFOUND, "there is no %s %lld", entity_word(r->e),
					    (long long)id);
	r->id = id;
	r->op = db_int(st, 0);
	for (size_t i = 0; i < r->e->nfields; i++) {
		if (!is_read(&r->e->fields[i], op))
			continue;
		r->slots[i].value = keep(r, st, col++);
		if (r->e->fields[i].norm)
			r->slots[i].norm = keep(r, st, col++);
	}
	return CRM_OK;
}

/* Children of the record: `columns` and a further condition and order. A statement of images scans their arrays. */
static int prepare_children(
	struct stmt **st, crm_record *r, int64_t op, const char *columns, const char *table, const char *rest)
{
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql, "SELECT %s FROM ", columns);
	if (op)
		image_put_children(&sql, table, "$3");
	else
		buf_puts(&sql, table);
	buf_printf(&sql, " WHERE entity = $1 AND record = $2%s", rest);
	status = buf_str(&sql) ? db_prepare(st, r->s, sql.s, op ? DB_SCAN : 0) : err_nomem(&r->s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_str(*st, 1, r->e->name);
	db_bind_int(*st, 2, r->id);
	if (op)
		db_bind_int(*st, 3, op);
	return CRM_OK;
}

static int load_list(crm_record *r, const struct crm_field *f, int64_t op)
{
	struct items *list = &r->lists[record_index(r, f)];
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = f->type == CRM_TAGS
			     ? prepare_children(&st, r, op, "NULL, tag, tag_fold", "record_tag", " ORDER BY tag_fold")
			     : prepare_children(&st, r, op, "label, value, value_norm", "contact_point",
				       " AND kind = $4 ORDER BY position");

	if (status < 0)
		return status;
	if (f->type == CRM_CONTACTS)
		db_bind_str(st, 4, f->kind);
	while ((status = db_step(st)) == CRM_OK) {
		if (!GROW(list->v, list->n, list->cap))
			return err_nomem(&r->s->err);
		list->v[list->n++] =
			(struct item){ .label = keep(r, st, 0).s, .value = keep(r, st, 1).s, .norm = keep(r, st, 2).s };
	}
	return status < 0 ? status : CRM_OK;
}

static int load_custom(crm_record *r, int64_t op)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = prepare_children(&st, r, op, "field, value", "field_value", "");

	if (status < 0)
		return status;
	while ((status = db_step(st)) == CRM_OK)
		for (size_t i = r->e->nfields; i < crm_field_count(r->s, r->e); i++) {
			const struct crm_field *f = crm_field_at(r->s, r->e, i);

			if (f->custom != db_int(st, 0))
				continue;
			if (!GROW(r->custom, r->ncustom, r->custom_cap))
				return err_nomem(&r->s->err);
			r->custom[r->ncustom++] = (struct custom_value){ .field = f, .value = keep(r, st, 1) };
		}
	return status < 0 ? status : CRM_OK;
}

static int load(crm_record *r, int64_t id, int64_t op)
{
	int status = load_row(r, id, op);

	for (size_t i = 0; status == CRM_OK && i < r->e->nfields; i++)
		if (field_is_list(&r->e->fields[i]))
			status = load_list(r, &r->e->fields[i], op);
	if (status == CRM_OK && r->e->flags & ENTITY_CUSTOM)
		status = load_custom(r, op);
	return status == CRM_OK && r->mem.failed ? err_nomem(&r->s->err) : status;
}

int rows_load(crm_record *r, int64_t id)
{
	return load(r, id, 0);
}

int rows_load_image(crm_record *r, int64_t id, int64_t op)
{
	int64_t erased;
	int status = db_get_int(&erased, r->s,
		"SELECT 1 FROM change WHERE op = $1 AND entity = $2 AND first_id = $3 AND image ->> '$.erased' IS NOT "
		"NULL",
		"isi", op, r->e->name, id);

	if (status == CRM_OK)
		return err_set(&r->s->err, CRM_CONFLICT, "what %s %lld was before operation %lld is erased for good",
			entity_word(r->e), (long long)id, (long long)op);
	return status < 0 ? status : load(r, id, op);
}

/* --- write --- */

/* One column of an INSERT or UPDATE and where its value comes from. */
struct column {
	const char *name;
	const crm_value *value;
};

struct columns {
	struct column *v;
	size_t n, cap;
	bool failed;
};

static void add_column(struct columns *c, const char *name, const crm_value *value)
{
	if (!GROW(c->v, c->n, c->cap))
		c->failed = true;
	else
		c->v[c->n++] = (struct column){ .name = name, .value = value };
}

/* What is to be written: for a new record every value that is there, for a stored one every changed slot. */
static void collect_columns(struct columns *c, crm_record *r, bool creating)
{
	for (size_t i = 0; i < r->e->nfields; i++) {
		const struct crm_field *f = &r->e->fields[i];
		const struct slot *slot = &r->slots[i];
		const crm_value *value = creating ? row_initial(r, i) : &slot->value;

		if (!field_is_stored(f) || f->flags & (FIELD_SYSTEM | CRM_FIELD_DERIVED))
			continue;
		if (creating ? value->kind == CRM_NULL : !slot->changed)
			continue;
		add_column(c, field_column(f), value);
		if (f->norm)
			add_column(c, f->norm, &slot->norm);
	}
}

bool record_keeps(const struct crm_entity *e, const char *field)
{
	const struct crm_field *f = field_find_static(e, field);

	return f && f->flags & FIELD_SYSTEM;
}

static void collect_system(struct columns *c, crm_record *r, bool creating, const crm_value *now, const crm_value *op)
{
	if (creating && record_keeps(r->e, "created_at"))
		add_column(c, "created_at", now);
	if (record_keeps(r->e, "updated_at"))
		add_column(c, "updated_at", now);
	add_column(c, "op", op);
}

static int run_columns(crm_record *r, const char *sql, const struct columns *c)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, r->s, sql, 0);

	if (status < 0)
		return status;
	for (size_t i = 0; i < c->n; i++)
		db_bind_value(st, (int)i + 1, c->v[i].value);
	status = db_step(st);
	return status < 0 ? status : CRM_OK;
}

static void insert_sql(struct buf *sql, const struct crm_entity *e, const struct columns *c)
{
	buf_printf(sql, "INSERT INTO %s (", e->table);
	for (size_t i = 0; i < c->n; i++)
		buf_printf(sql, "%s%s", i ? ", " : "", c->v[i].name);
	buf_puts(sql, ") VALUES (");
	for (size_t i = 0; i < c->n; i++)
		buf_printf(sql, "%s$%zu", i ? ", " : "", i + 1);
	buf_puts(sql, ")");
}

static int parameter_of(const char *column, const void *columns)
{
	const struct columns *c = columns;

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].name, column) == 0)
			return (int)i + 1;
	return 0;
}

/* Children are written after the row, which then has its sum anew (row_sum_refresh()). */
static void update_sql(
	struct buf *sql, const struct crm_entity *e, struct columns *c, const crm_value *id, const crm_value *version)
{
	buf_printf(sql, "UPDATE %s SET ", e->table);
	for (size_t i = 0; i < c->n; i++)
		buf_printf(sql, "%s = $%zu, ", c->v[i].name, i + 1);
	buf_puts(sql, "row_sum = ");
	if (row_sum_put(sql, e, parameter_of, c) < 0)
		c->failed = true;
	buf_printf(sql, " WHERE id = $%zu AND op = $%zu", c->n + 1, c->n + 2);
	add_column(c, "id", id);
	add_column(c, "op", version);
}

static int write_row(crm_record *r, bool creating)
{
	crm_value now = { .kind = CRM_INT, .i = crm_store_now(r->s) }, op = { .kind = CRM_INT };
	crm_value id = { .kind = CRM_INT, .i = r->id }, version = { .kind = CRM_INT, .i = r->op };
	crm_value sum = { .kind = CRM_INT };
	struct columns c = { 0 };
	struct buf sql = BUF_INIT;
	int status = op_id(&op.i, r->s);

	if (status < 0)
		return status;
	collect_columns(&c, r, creating);
	collect_system(&c, r, creating, &now, &op);
	if (creating) {
		sum.i = row_sum_new(r, op.i, NULL);
		add_column(&c, "row_sum", &sum);
		insert_sql(&sql, r->e, &c);
	} else {
		update_sql(&sql, r->e, &c, &id, &version);
	}
	status = c.failed || !buf_str(&sql) ? err_nomem(&r->s->err) : run_columns(r, sql.s, &c);
	if (status == CRM_OK && !creating && db_changed(r->s) == 0)
		status = err_set(&r->s->err, CRM_CONFLICT, "%s %lld was changed meanwhile: look at it and try again",
			entity_word(r->e), (long long)r->id);
	if (status == CRM_OK) {
		if (creating)
			r->id = db_last_id(r->s);
		r->op = op.i;
	}
	buf_free(&sql);
	free(c.v);
	return status;
}

int rows_insert(crm_record *r)
{
	return write_row(r, true);
}

int rows_update(crm_record *r)
{
	return write_row(r, false);
}

static int write_list(crm_record *r, const struct crm_field *f, bool creating)
{
	const struct items *list = &r->lists[record_index(r, f)];
	const char *name = r->e->name;
	int status = CRM_OK;

	if (!creating)
		status = f->type == CRM_TAGS
				 ? db_run(r->s, "DELETE FROM record_tag WHERE entity = $1 AND record = $2", "si", name,
					   r->id)
				 : db_run(r->s,
					   "DELETE FROM contact_point WHERE entity = $1 AND record = $2 AND kind = $3",
					   "sis", name, r->id, f->kind);
	for (size_t i = 0; status == CRM_OK && i < list->n; i++) {
		const struct item *it = &list->v[i];

		status = f->type == CRM_TAGS ? db_run(r->s,
						       "INSERT INTO record_tag (entity, record, tag_fold, tag) VALUES "
						       "($1, $2, $3, $4)",
						       "siss", name, r->id, it->norm, it->value)
					     : db_run(r->s,
						       "INSERT INTO contact_point (entity, record, kind, position, "
						       "label, value, value_norm)"
						       " VALUES ($1, $2, $3, $4, $5, $6, $7)",
						       "sisisss", name, r->id, f->kind, (int64_t)i + 1, it->label,
						       it->value, it->norm);
	}
	return status;
}

int rows_write_children(crm_record *r, bool creating)
{
	bool written = false;
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < r->e->nfields; i++)
		if (field_is_list(&r->e->fields[i]) && r->lists[i].changed) {
			status = write_list(r, &r->e->fields[i], creating);
			written = true;
		}
	for (size_t i = 0; status == CRM_OK && i < r->ncustom; i++) {
		const struct custom_value *c = &r->custom[i];

		if (!c->changed)
			continue;
		written = true;
		status = db_run(r->s, "DELETE FROM field_value WHERE entity = $1 AND record = $2 AND field = $3", "sii",
			r->e->name, r->id, c->field->custom);
		if (status == CRM_OK && c->value.kind != CRM_NULL)
			status = db_run(r->s,
				"INSERT INTO field_value (entity, record, field, value) VALUES ($1, $2, $3, $4)",
				"siiv", r->e->name, r->id, c->field->custom, &c->value);
	}
	return status == CRM_OK && written && !creating ? row_sum_refresh(r->s, r->e, r->id) : status;
}

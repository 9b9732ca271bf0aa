/*
 * Journal images: a record with its children as one JSON object, made and read back by SQL, so that a million of them
 * cost two statements. The keys are column names; children are arrays of rows. What is NULL or empty is left out.
 */
#include "model/record.h"

/* Tables of children and their columns after (entity, record). */
static const struct child {
	const char *table, *columns[5];
	unsigned flag; /* entity flag, or 0: entities with contact lists */
} children[] = {
	{ "record_tag", { "tag_fold", "tag" }, ENTITY_TAGS },
	{ "contact_point", { "kind", "position", "label", "value", "value_norm" }, 0 },
	{ "field_value", { "field", "value" }, ENTITY_CUSTOM },
};

static bool has_child(const struct crm_entity *e, const struct child *c)
{
	if (c->flag)
		return e->flags & c->flag;
	for (size_t i = 0; i < e->nfields; i++)
		if (e->fields[i].type == CRM_CONTACTS)
			return true;
	return false;
}

struct image_column {
	const char *name;
	const struct crm_field *sounds; /* the field that it says the sound of, or NULL */
	bool always;                    /* yes or no, never nothing: images may be older than the field */
};

typedef void (*column_fn)(struct buf *out, const struct image_column *c);

/* Calls for each column that comes back with an image: all but derived facts, which are recomputed. */
static void each_column(const struct crm_entity *e, column_fn fn, struct buf *out)
{
	for (size_t i = 0; i < e->nfields; i++) {
		const struct crm_field *f = &e->fields[i];

		if (!field_is_stored(f) || f->flags & CRM_FIELD_DERIVED)
			continue;
		fn(out, &(struct image_column){ .name = field_column(f),
				.sounds = field_of_sound(e, f),
				.always = f->type == CRM_BOOL });
		if (f->norm)
			fn(out, &(struct image_column){ .name = f->norm });
	}
	fn(out, &(struct image_column){ .name = "op" });
	fn(out, &(struct image_column){ .name = "row_sum" });
}

/* What stands before the next of a series. */
static const char *between(const struct buf *out)
{
	return out->len == 0 || strchr("( ", out->s[out->len - 1]) ? "" : ", ";
}

/* How a field sounds is no part of the image: it is made from the field. */
static void put_pair(struct buf *out, const struct image_column *c)
{
	if (!c->sounds)
		buf_printf(out, "%s'%s', t.%s", between(out), c->name, c->name);
}

/* 1 when the table has children of the entity at all, 0 when not: a million records need not look for theirs then. */
static int any_children(crm_store *s, const struct crm_entity *e, const struct child *c)
{
	struct buf sql = BUF_INIT;
	int64_t found = 0;
	int status;

	buf_printf(&sql, "SELECT 1 FROM %s WHERE entity = $1 LIMIT 1", c->table);
	status = buf_str(&sql) ? db_get_int(&found, s, sql.s, "s", e->name) : err_nomem(&s->err);
	buf_free(&sql);
	return status < 0 ? status : found == 1;
}

static void put_children(struct buf *out, const struct crm_entity *e, const struct child *c)
{
	buf_printf(out, ", '+%s', (SELECT json_group_array(json_array(", c->table);
	for (size_t k = 0; k < ARRAY_SIZE(c->columns) && c->columns[k]; k++)
		buf_printf(out, "%sx.%s", k ? ", " : "", c->columns[k]);
	buf_printf(out, ")) FROM %s x WHERE x.entity = '%s' AND x.record = t.id)", c->table, e->name);
}

void image_put_sums(struct buf *names, struct buf *values, const struct crm_entity *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(children); i++) {
		const struct child *c = &children[i];

		if (!has_child(e, c))
			continue;
		buf_puts(names, "+,");
		buf_printf(values, ", (SELECT belonging_sum('%s'", c->table);
		for (size_t k = 0; k < ARRAY_SIZE(c->columns) && c->columns[k]; k++)
			buf_printf(values, ", x.%s", c->columns[k]);
		buf_printf(
			values, ") FROM %s x WHERE x.entity = '%s' AND x.record = %s.id)", c->table, e->name, e->table);
	}
}

int image_expression(struct buf *out, const struct crm_entity *e)
{
	buf_puts(out, "image(");
	each_column(e, put_pair, out);
	for (size_t i = 0; i < ARRAY_SIZE(children); i++)
		if (has_child(e, &children[i]))
			put_children(out, e, &children[i]);
	buf_putc(out, ')');
	return buf_str(out) ? CRM_OK : CRM_NOMEM;
}

int image_expression_of_many(struct buf *out, crm_store *s, const struct crm_entity *e)
{
	int status = CRM_OK;

	buf_puts(out, "image(");
	each_column(e, put_pair, out);
	for (size_t i = 0; status >= 0 && i < ARRAY_SIZE(children); i++) {
		if (!has_child(e, &children[i]))
			continue;
		status = any_children(s, e, &children[i]);
		if (status > 0)
			put_children(out, e, &children[i]);
	}
	buf_putc(out, ')');
	return status < 0 ? status : CRM_OK;
}

int image_save(crm_store *s, const struct crm_entity *e, int64_t id, int64_t row_op)
{
	struct buf sql = BUF_INIT;
	int64_t op;
	int status = op_id(&op, s);

	if (status < 0 || row_op == op) /* the operation made it, or saved it before */
		return status;
	buf_puts(&sql, "INSERT INTO change (op, entity, first_id, last_id, image) SELECT $1, $2, t.id, t.id, ");
	image_expression(&sql, e);
	buf_printf(&sql, " FROM %s t WHERE t.id = $3 ON CONFLICT DO NOTHING", e->table);
	status = buf_str(&sql) ? db_run(s, sql.s, "isi", op, e->name, id) : err_nomem(&s->err);
	buf_free(&sql);
	return status;
}

static void put_name(struct buf *out, const struct image_column *c)
{
	buf_printf(out, "%s%s", between(out), c->name);
}

static void put_value(struct buf *out, const struct image_column *c)
{
	if (c->sounds)
		buf_printf(out, "pinyin(c.image ->> '$.%s')", field_column(c->sounds));
	else if (c->always)
		buf_printf(out, "coalesce(c.image ->> '$.%s', 0)", c->name);
	else
		buf_printf(out, "c.image ->> '$.%s'", c->name);
}

static void put_extract(struct buf *out, const struct image_column *c)
{
	buf_puts(out, between(out));
	put_value(out, c);
}

static void put_excluded(struct buf *out, const struct image_column *c)
{
	if (strcmp(c->name, "id") != 0)
		buf_printf(out, "%s%s = excluded.%s", between(out), c->name, c->name);
}

/* The number is looked up, not read from each image. */
static void put_named(struct buf *out, const struct image_column *c)
{
	if (strcmp(c->name, "id") == 0) {
		buf_puts(out, "c.first_id AS id");
		return;
	}
	buf_puts(out, ", ");
	put_value(out, c);
	buf_printf(out, " AS %s", c->name);
}

void image_put_table(struct buf *sql, const struct crm_entity *e, const char *op)
{
	buf_puts(sql, "(SELECT ");
	each_column(e, put_named, sql);
	buf_printf(sql, " FROM change c WHERE c.op = %s AND c.entity = '%s' AND c.image IS NOT NULL)", op, e->name);
}

void image_put_children(struct buf *sql, const char *table, const char *op)
{
	for (size_t i = 0; i < ARRAY_SIZE(children); i++) {
		const struct child *c = &children[i];

		if (strcmp(c->table, table) != 0)
			continue;
		buf_puts(sql, "(SELECT c.entity, c.first_id AS record");
		for (size_t k = 0; k < ARRAY_SIZE(c->columns) && c->columns[k]; k++)
			buf_printf(sql, ", j.value ->> %zu AS %s", k, c->columns[k]);
		buf_printf(sql, " FROM change c, json_each(c.image, '$.\"+%s\"') j WHERE c.op = %s)", table, op);
	}
}

/*
 * Unique values that the rows have now go first: one may have become another's within the same operation, and rows come
 * back one after the other.
 */
static int clear_unique(crm_store *s, const struct crm_entity *e, int64_t op, const char *which)
{
	struct buf sql = BUF_INIT;
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < e->nfields; i++) {
		const struct crm_field *f = &e->fields[i];

		if (!(f->flags & CRM_FIELD_UNIQUE) || f->flags & CRM_FIELD_REQUIRED || !field_is_stored(f) || f->norm)
			continue;
		buf_clear(&sql);
		buf_printf(&sql,
			"UPDATE %s SET %s = NULL WHERE id IN (SELECT c.first_id FROM change c JOIN %s t ON t.id = "
			"c.first_id"
			" WHERE c.op = $1 AND c.entity = $2 AND c.image IS NOT NULL AND t.%s IS NOT NULL"
			" AND t.%s IS NOT c.image ->> '$.%s'%s)",
			e->table, field_column(f), e->table, field_column(f), field_column(f), field_column(f), which);
		status = buf_str(&sql) ? db_run(s, sql.s, "is", op, e->name) : err_nomem(&s->err);
	}
	buf_free(&sql);
	return status;
}

static int restore_rows(crm_store *s, const struct crm_entity *e, int64_t op, const char *which)
{
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql, "INSERT INTO %s (", e->table);
	each_column(e, put_name, &sql);
	buf_puts(&sql, ") SELECT ");
	each_column(e, put_extract, &sql);
	buf_printf(&sql,
		" FROM change c WHERE c.op = $1 AND c.entity = $2 AND c.image IS NOT NULL%s ON CONFLICT (id) DO UPDATE "
		"SET ",
		which);
	each_column(e, put_excluded, &sql);
	status = buf_str(&sql) ? db_run(s, sql.s, "is", op, e->name) : err_nomem(&s->err);
	buf_free(&sql);
	return status;
}

static int restore_children(
	crm_store *s, const struct crm_entity *e, const struct child *c, int64_t op, const char *which)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql, "INSERT INTO %s (entity, record", c->table);
	for (size_t k = 0; k < ARRAY_SIZE(c->columns) && c->columns[k]; k++)
		buf_printf(&sql, ", %s", c->columns[k]);
	buf_puts(&sql, ") SELECT c.entity, c.first_id");
	for (size_t k = 0; k < ARRAY_SIZE(c->columns) && c->columns[k]; k++)
		buf_printf(&sql, ", j.value ->> %zu", k);
	buf_printf(&sql,
		" FROM change c, json_each(c.image, '$.\"+%s\"') j WHERE c.op = $1 AND c.entity = $2 AND c.image IS "
		"NOT NULL%s",
		c->table, which);
	status = buf_str(&sql) ? db_prepare(&st, s, sql.s, DB_SCAN) : err_nomem(&s->err); /* scans the arrays */
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_int(st, 1, op);
	db_bind_str(st, 2, e->name);
	status = db_step(st);
	return status < 0 ? status : CRM_OK;
}

int children_delete(crm_store *s, const struct crm_entity *e, const char *which, int64_t number)
{
	struct buf sql = BUF_INIT;
	int status = CRM_OK;

	for (size_t i = 0; status >= 0 && i < ARRAY_SIZE(children); i++) {
		if (!has_child(e, &children[i]))
			continue;
		status = any_children(s, e, &children[i]);
		if (status <= 0)
			continue;
		buf_clear(&sql);
		buf_printf(&sql, "DELETE FROM %s WHERE entity = $1 AND %s", children[i].table, which);
		status = buf_str(&sql) ? db_run(s, sql.s, "si", e->name, number) : err_nomem(&s->err);
	}
	buf_free(&sql);
	return status < 0 ? status : CRM_OK;
}

int image_restore(crm_store *s, const struct crm_entity *e, int64_t op, const char *which)
{
	struct buf records = BUF_INIT;
	int status = clear_unique(s, e, op, which);

	if (status == CRM_OK)
		status = restore_rows(s, e, op, which);

	buf_printf(&records,
		"record IN (SELECT c.first_id FROM change c WHERE c.op = $2 AND c.entity = $1 AND c.image IS NOT "
		"NULL%s)",
		which);
	if (status == CRM_OK)
		status = buf_str(&records) ? children_delete(s, e, records.s, op) : err_nomem(&s->err);
	buf_free(&records);
	for (size_t i = 0; status == CRM_OK && i < ARRAY_SIZE(children); i++)
		if (has_child(e, &children[i]))
			status = restore_children(s, e, &children[i], op, which);
	return status;
}

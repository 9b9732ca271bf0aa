/* Reading the journal: the operations, and what they did to one record. */
#include "base/cursor.h"
#include "base/json.h"
#include "model/record.h"
#include "text/money.h"
#include <crm/journal.h>
#include <stdio.h>

static const crm_column operation_columns[] = {
	COLUMN("id", "Id", "number of the operation", CRM_INTEGER),
	COLUMN("at", "Time", "when", CRM_TIME),
	COLUMN("agent", "Agent", "who acted", CRM_TEXT),
	COLUMN("login", "Login", "whose login it was", CRM_TEXT),
	COLUMN("command", "Command", "what was done", CRM_TEXT),
	COLUMN("created", "Created", "records created", CRM_INTEGER),
	COLUMN("changed", "Changed", "records changed or removed", CRM_INTEGER),
	COLUMN("undone_by", "Undone by", "the operation that took it back", CRM_INTEGER),
};

int crm_history(crm_cursor **out, crm_store *s, int64_t limit)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s,
		"SELECT o.id, o.at, o.agent, o.login, o.command,"
		" (SELECT coalesce(sum(last_id - first_id + 1), 0) FROM change c WHERE c.op = o.id AND c.image IS "
		"NULL),"
		" (SELECT count(*) FROM change c WHERE c.op = o.id AND c.image IS NOT NULL), o.undone_by"
		" FROM operation o ORDER BY o.id DESC LIMIT $1",
		DB_SCAN);

	if (status < 0)
		return status;
	db_bind_int(st, 1, limit);
	return db_gather(out, s, st, operation_columns, ARRAY_SIZE(operation_columns));
}

/* --- one record --- */

static const crm_column record_columns[] = {
	COLUMN("operation", "Operation", "number of the operation", CRM_INTEGER),
	COLUMN("at", "Time", "when", CRM_TIME),
	COLUMN("agent", "Agent", "who acted", CRM_TEXT),
	COLUMN("command", "Command", "what was done", CRM_TEXT),
	COLUMN("field", "Field", "field that changed, or created, deleted, erased", CRM_TEXT),
	COLUMN("old", "Old", "value before", CRM_TEXT),
	COLUMN("new", "New", "value after", CRM_TEXT),
};

struct history {
	crm_store *s;
	const struct crm_entity *e;
	int64_t id;
	struct rowset *rows;
	json_t *after; /* the record after the change at hand, NULL: not there */
};

/* An amount of an image, which has its currency too. */
static char *amount_for_people(const struct history *h, const json_t *v, const json_t *image)
{
	const char *code = json_string_value(json_object_get(image, field_column(field_of_currency(h->e))));
	const struct currency *currency = code ? currency_find(code, strlen(code)) : NULL;
	struct buf b = BUF_INIT;

	money_format(&b, json_integer_value(v), currency ? currency : &(struct currency){ .decimals = 2 });
	if (code)
		buf_printf(&b, " %s", code);
	return buf_take(&b);
}

static char *text_for_people(const struct history *h, const struct crm_field *f, const json_t *v, const json_t *image)
{
	char time[32];

	if (json_is_string(v))
		return strdup(json_string_value(v));
	if (json_is_integer(v) && f && f->type == CRM_TIME) {
		crm_time_format(time, h->s, json_integer_value(v), CRM_TIME_RFC3339);
		return strdup(time);
	}
	if (json_is_integer(v) && f && f->type == CRM_BOOL)
		return strdup(json_integer_value(v) ? "yes" : "no");
	if (json_is_integer(v) && f && f->type == CRM_MONEY)
		return amount_for_people(h, v, image);
	return json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
}

/* A value of an image as people typed it: times in the store's zone, yes and no, lists in their text form. */
static char *value_for_people(struct history *h, const struct crm_field *f, const json_t *v, const json_t *image)
{
	char *text;

	if (!v || json_is_null(v))
		return NULL;
	text = text_for_people(h, f, v, image);
	rowset_arena(h->rows)->failed |= !text;
	return text;
}

static void put_change(struct history *h, struct stmt *st, const char *field, char *old, char *new)
{
	struct rowset *r = h->rows;

	rowset_begin(r);
	rowset_int(r, 0, db_int(st, 0));
	rowset_int(r, 1, db_int(st, 2));
	rowset_str(r, 2, db_text(st, 3));
	rowset_str(r, 3, db_text(st, 4));
	rowset_str(r, 4, field);
	rowset_str(r, 5, old);
	rowset_str(r, 6, new);
	free(old);
	free(new);
}

static void put_custom(struct buf *b, const struct history *h, const json_t *row)
{
	for (size_t k = h->e->nfields; k < crm_field_count(h->s, h->e); k++) {
		const struct crm_field *f = crm_field_at(h->s, h->e, k);

		if (f->custom == json_integer_value(json_array_get(row, 0)))
			buf_printf(
				b, "%s%s=%s", b->len ? ", " : "", f->name, json_string_value(json_array_get(row, 1)));
	}
}

/* Children of one kind as a list of the texts people know; NULL when there are none. */
static char *children_for_people(struct history *h, const char *table, const json_t *rows)
{
	struct buf b = BUF_INIT;
	json_t *row;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)rows, i, row)
	{
		const char *label = json_string_value(json_array_get(row, 2));

		if (strcmp(table, "field_value") == 0)
			put_custom(&b, h, row);
		else if (strcmp(table, "contact_point") == 0)
			buf_printf(&b, "%s%s%s%s", i ? ", " : "", label ? label : "", label ? ":" : "",
				json_string_value(json_array_get(row, 3)));
		else
			buf_printf(&b, "%s%s", i ? ", " : "", json_string_value(json_array_get(row, 1)));
	}
	rowset_arena(h->rows)->failed |= b.failed;
	if (b.len > 0)
		return buf_take(&b);
	buf_free(&b);
	return NULL;
}

static bool same(const json_t *old, const json_t *new)
{
	return old == new || json_equal(old, new); /* both NULL: neither has it */
}

/* The children of a record, and what people call them. */
static void compare_children(struct history *h, struct stmt *st, const json_t *before)
{
	static const struct {
		const char *key, *name;
	} kinds[] = { { "+record_tag", N_("tags") }, { "+contact_point", N_("further contacts") },
		{ "+field_value", N_("custom fields") } };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const char *key = kinds[i].key;
		json_t *old = json_object_get(before, key), *new = json_object_get(h->after, key);

		if (!same(old, new))
			put_change(h, st, store_tr(h->s, kinds[i].name), children_for_people(h, key + 1, old),
				children_for_people(h, key + 1, new));
	}
}

static void compare_images(struct history *h, struct stmt *st, const json_t *before)
{
	for (size_t i = 0; i < h->e->nfields; i++) {
		const struct crm_field *f = &h->e->fields[i];
		json_t *old, *new;

		if (!field_is_stored(f) || f->flags & (FIELD_SYSTEM | FIELD_SOUND))
			continue;
		old = json_object_get(before, field_column(f));
		new = json_object_get(h->after, field_column(f));
		if (!same(old, new))
			put_change(h, st, f->name, value_for_people(h, f, old, before),
				value_for_people(h, f, new, h->after));
	}
	compare_children(h, st, before);
}

static bool is_erased(const json_t *image)
{
	return json_object_get(image, "erased") != NULL;
}

/* Going backwards: the image of a change is the record before it, and so the record after the change before. */
static int walk(struct history *h, struct stmt *st)
{
	int status;

	while ((status = db_step(st)) == CRM_OK) {
		json_error_t why;
		json_t *before = db_is_null(st, 1) ? NULL : json_parse(db_text(st, 1), db_bytes(st, 1), 0, &why);

		if (!before && !db_is_null(st, 1))
			return why.line < 0 ? err_nomem(&h->s->err)
					    : err_set(&h->s->err, CRM_SCHEMA,
						      "the journal is damaged: image of %s %lld in operation %lld",
						      entity_word(h->e), (long long)h->id, (long long)db_int(st, 0));
		if (!before)
			put_change(h, st, store_tr(h->s, "created"), NULL, NULL);
		else if (is_erased(before) && !h->after && rowset_rows(h->rows) == 0)
			put_change(h, st, store_tr(h->s, "erased"), NULL, NULL);
		else if (is_erased(before) || is_erased(h->after))
			put_change(h, st, store_tr(h->s, "contents erased"), NULL, NULL);
		else if (!h->after)
			put_change(h, st, store_tr(h->s, "deleted"), NULL, NULL);
		else
			compare_images(h, st, before);
		json_decref(h->after);
		h->after = before;
	}
	return status < 0 ? status : CRM_OK;
}

static int read_present(struct history *h)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	json_error_t why;
	int status;

	buf_puts(&sql, "SELECT ");
	image_expression(&sql, h->e);
	buf_printf(&sql, " FROM %s t WHERE t.id = $1", h->e->table);
	status = buf_str(&sql) ? db_prepare(&st, h->s, sql.s, 0) : err_nomem(&h->s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_int(st, 1, h->id);
	status = db_step(st);
	if (status == CRM_OK && !(h->after = json_parse(db_text(st, 0), db_bytes(st, 0), 0, &why)))
		status = err_nomem(&h->s->err);
	return status < 0 ? status : CRM_OK;
}

int crm_history_record(crm_cursor **out, crm_store *s, const crm_entity *e, int64_t id)
{
	static const char sql[] =
		"SELECT c.op, c.image, o.at, o.agent, o.command FROM change c JOIN operation o ON o.id = c.op"
		" WHERE c.entity = $1 AND c.first_id = $2"
		" UNION ALL SELECT c.op, c.image, o.at, o.agent, o.command FROM change c INDEXED BY change_range"
		" JOIN operation o ON o.id = c.op"
		" WHERE c.entity = $1 AND c.first_id < $2 AND c.last_id >= $2 AND c.last_id > c.first_id ORDER BY 1 "
		"DESC";
	cleanup(db_releasep) struct stmt *st = NULL;
	struct history h = { .s = s, .e = e, .id = id };
	int status;

	if (rowset_new(&h.rows, record_columns, ARRAY_SIZE(record_columns)) < 0)
		return err_nomem(&s->err);
	status = read_present(&h);
	if (status == CRM_OK)
		status = db_prepare(&st, s, sql, DB_SCAN);
	if (status == CRM_OK) {
		db_bind_str(st, 1, e->name);
		db_bind_int(st, 2, id);
		status = walk(&h, st);
	}
	json_decref(h.after);
	if (status < 0) {
		rowset_free(h.rows);
		return status;
	}
	return rowset_cursor(out, h.rows) < 0 ? err_nomem(&s->err) : CRM_OK;
}

static int in_journal(crm_store *s, const struct crm_entity *e, int64_t id)
{
	int64_t found;

	return db_get_int(&found, s,
		"SELECT 1 FROM change c WHERE c.entity = $1 AND c.first_id = $2 UNION ALL SELECT 1 FROM change c"
		" INDEXED BY change_range WHERE c.entity = $1 AND c.first_id < $2 AND c.last_id >= $2"
		" AND c.last_id > c.first_id LIMIT 1",
		"si", e->name, id);
}

int crm_history_resolve(const crm_entity **e, int64_t *out, crm_store *s, const char *name)
{
	const char *colon = strchr(name, ':');
	cleanup(freep) char *type = NULL;
	const struct crm_entity *found;
	int status = crm_resolve_any(e, out, s, name, CRM_NAME_READ);
	int64_t id;

	if (status != CRM_NOTFOUND || !colon || !parse_int64(colon + 1, strlen(colon + 1), 1, INT64_MAX, &id))
		return status;
	type = strndup(name, (size_t)(colon - name));
	found = type ? crm_entity_find(type) : NULL;
	if (!found || in_journal(s, found, id) != CRM_OK)
		return status;
	*e = found;
	*out = id;
	return CRM_OK;
}

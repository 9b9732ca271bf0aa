/* Names that begin alike: what completion offers, and what may have been meant. By the indexes, and not many of them. */
#include "base/cursor.h"
#include "model/record.h"
#include "model/restricted.h"
#include "text/text.h"

enum {
	NEAR_MAX = 200 /* names that are compared */
};

const char *title_column(const struct crm_entity *e)
{
	static const char *const names[] = { "name", "subject", "file", "due_action", "product" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (size_t k = 0; k < e->nfields; k++) {
			const char *c = field_column(&e->fields[k]);

			if (c && strcmp(c, names[i]) == 0)
				return c;
		}
	return "id";
}

/* Appends ` FROM TABLE t WHERE …`: the column begins with $1. U+10FFFF ends every text that begins so. */
static void put_beginning(struct buf *sql, const struct crm_entity *e, const char *column)
{
	buf_printf(sql, " FROM %s t WHERE t.%s >= $1 AND t.%s < $1 || char(1114111)", e->table, column, column);
}

/* The column by which names are compared, or NULL. *flags: names without a folded form are few, and have no index. */
static const char *name_column(const struct crm_entity *e, unsigned *flags)
{
	const struct crm_field *f = field_find_static(e, "name");

	*flags = f && f->norm ? 0 : DB_SCAN;
	return !f || !field_column(f) ? NULL : f->norm ? f->norm : field_column(f);
}

/* --- the nearest --- */

struct nearby {
	struct arena mem;
	const char *names[NEAR_MAX + 1];
	size_t n;
};

/* Gathers the names that begin with a text, one more than NEAR_MAX when there are too many. */
static int gather(struct nearby *near, crm_store *s, const struct crm_entity *e, const char *folded, size_t len)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	unsigned flags;
	const char *column = name_column(e, &flags);
	int status;

	buf_puts(&sql, "SELECT t.name");
	put_beginning(&sql, e, column);
	status = restricted_hide(&sql, s, e, "t");
	buf_printf(&sql, " ORDER BY t.%s LIMIT %d", column, NEAR_MAX + 1);
	if (status == CRM_OK)
		status = buf_str(&sql) ? db_prepare(&st, s, sql.s, flags) : err_nomem(&s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_text(st, 1, folded, len);
	near->n = 0;
	while (near->n <= NEAR_MAX && (status = db_step(st)) == CRM_OK)
		if (!(near->names[near->n++] = arena_copy(&near->mem, db_text(st, 0), db_bytes(st, 0))))
			return err_nomem(&s->err);
	return status < 0 ? status : CRM_OK;
}

int names_nearest(struct buf *out, crm_store *s, const struct crm_entity *e, const char *name)
{
	struct nearby near = { 0 };
	struct buf folded = BUF_INIT;
	const char *nearest;
	unsigned flags;
	uint32_t cp;
	int status = name_column(e, &flags) ? text_fold(&folded, name, strlen(name)) : CRM_END;

	if (status == CRM_OK && !buf_str(&folded))
		status = err_nomem(&s->err);
	/* all names if they are few, else those that share the first character, the first two … */
	for (size_t len = 0; status == CRM_OK && len <= folded.len;
		len += len < folded.len ? utf8_decode(folded.s + len, folded.len - len, &cp) : 1) {
		status = gather(&near, s, e, folded.s, len);
		if (status < 0 || near.n <= NEAR_MAX)
			break;
	}
	nearest = status == CRM_OK && near.n <= NEAR_MAX ? crm_text_nearest(name, near.names, near.n) : NULL;
	if (nearest)
		buf_puts(out, nearest);
	arena_free(&near.mem);
	buf_free(&folded);
	return status < 0 ? status : CRM_OK;
}

/* --- completion --- */

static const crm_column completion_columns[] = {
	COLUMN("name", "Name", "what to type", CRM_TEXT),
	COLUMN("description", "Description", "what it is", CRM_TEXT),
};

struct completing {
	crm_store *s;
	const struct crm_entity *e;
	struct rowset *rows;
	size_t limit;
};

/* Adds the rows (name, description) of a statement whose parameters are $1 and $2. */
static int add_rows(struct completing *c, struct stmt *st)
{
	int status = CRM_OK;

	while (rowset_rows(c->rows) < c->limit && (status = db_step(st)) == CRM_OK) {
		rowset_begin(c->rows);
		rowset_str(c->rows, 0, db_text(st, 0));
		rowset_str(c->rows, 1, db_text(st, 1));
	}
	return status < 0 ? status : CRM_OK;
}

/* `end`: what follows the condition, with the order. */
static int prepare(struct stmt **st, struct completing *c, struct buf *sql, const char *end, unsigned flags)
{
	int status = restricted_hide(sql, c->s, c->e, "t");

	buf_printf(sql, " %s LIMIT %zu", end, c->limit);
	if (status < 0)
		return status;
	return buf_str(sql) ? db_prepare(st, c->s, sql->s, flags) : err_nomem(&c->s->err);
}

/* Values of a column that begin with a text. */
static int add_beginning(struct completing *c, const char *select, const char *column, const char *text, unsigned flags)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT, end = BUF_INIT;
	int status;

	buf_printf(&sql, "SELECT %s", select);
	put_beginning(&sql, c->e, column);
	buf_printf(&end, "%sORDER BY t.%s", strcmp(column, "number") == 0 ? "GROUP BY t.number " : "", column);
	status = buf_str(&end) ? prepare(&st, c, &sql, end.s, flags) : err_nomem(&c->s->err);
	if (status == CRM_OK) {
		db_bind_str(st, 1, text);
		status = add_rows(c, st);
	}
	buf_free(&sql);
	buf_free(&end);
	return status;
}

/* Numbers that begin with the digits: 12, 120 to 129, 1200 to 1299 … Without digits the newest records. */
static int add_numbers(struct completing *c, const char *digits)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int64_t from = *digits ? 0 : 1, width = *digits ? 1 : INT64_MAX - 1;
	int status;

	buf_printf(&sql, "SELECT CAST(t.id AS TEXT), CAST(t.%s AS TEXT) FROM %s t WHERE t.id BETWEEN $1 AND $2",
		title_column(c->e), c->e->table);
	status = prepare(&st, c, &sql, *digits ? "ORDER BY t.id" : "ORDER BY t.id DESC", 0);
	buf_free(&sql);
	if (status < 0 || (*digits && !parse_int64(digits, strlen(digits), 1, INT64_MAX, &from)))
		return status;
	for (;;) {
		db_rewind(st);
		db_bind_int(st, 1, from);
		db_bind_int(st, 2, from + (width - 1));
		status = add_rows(c, st);
		if (status < 0 || !*digits || from > INT64_MAX / 10 - width || rowset_rows(c->rows) == c->limit)
			return status;
		from *= 10;
		width *= 10;
	}
}

static int add_keys(struct completing *c, const char *text)
{
	struct buf select = BUF_INIT;
	int status;

	buf_printf(&select, "'key:' || t.external_key, CAST(t.%s AS TEXT)", title_column(c->e));
	status = buf_str(&select) ? add_beginning(c, select.s, "external_key", text, 0) : err_nomem(&c->s->err);
	buf_free(&select);
	return status;
}

static int add_names(struct completing *c, const char *text)
{
	struct buf folded = BUF_INIT;
	unsigned flags;
	const char *column = name_column(c->e, &flags);
	int status = text_fold(&folded, text, strlen(text));

	if (status == CRM_OK && !buf_str(&folded))
		status = err_nomem(&c->s->err);
	if (status == CRM_OK)
		status = add_beginning(c, "t.name, CAST(t.id AS TEXT)", column, folded.s, flags);
	buf_free(&folded);
	return status;
}

static int complete(struct completing *c, const char *text)
{
	unsigned flags;

	if (strncmp(text, "key:", 4) == 0)
		return field_find_static(c->e, "key") ? add_keys(c, text + 4) : CRM_OK;
	if (text[strspn(text, "0123456789")] != '\0' || !*text) {
		if (c->e == &entity_order) /* lines of one order share it; kept as it is written */
			return add_beginning(c, "t.number, max(t.product)", "number", text, DB_SCAN);
		if (name_column(c->e, &flags))
			return add_names(c, text);
	}
	return *text && text[strspn(text, "0123456789")] ? CRM_OK : add_numbers(c, text);
}

/* From one tag to the next by the index, however many records bear each. */
static int add_tags(struct completing *c, const char *text)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf begin = BUF_INIT, last = BUF_INIT;
	int status = text_fold(&begin, text, strlen(text));

	if (status == CRM_OK)
		status = buf_str(&begin)
				 ? db_prepare(&st, c->s,
					   "SELECT tag, tag_fold FROM record_tag WHERE entity = $1 AND tag_fold > $2"
					   " AND tag_fold >= $3 AND tag_fold < $3 || char(1114111)"
					   " ORDER BY tag_fold LIMIT 1",
					   0)
				 : err_nomem(&c->s->err);
	for (size_t n = 0; status == CRM_OK && n < c->limit && buf_str(&last); n++) {
		db_rewind(st);
		db_bind_str(st, 1, c->e->name);
		db_bind_text(st, 2, last.len ? last.s : "", last.len);
		db_bind_text(st, 3, begin.len ? begin.s : "", begin.len);
		if ((status = db_step(st)) != CRM_OK)
			break;
		rowset_begin(c->rows);
		rowset_str(c->rows, 0, db_text(st, 0));
		buf_clear(&last);
		buf_add(&last, db_text(st, 1), db_bytes(st, 1));
	}
	buf_free(&begin);
	buf_free(&last);
	return status < 0 ? status : CRM_OK;
}

static int candidates(
	crm_cursor **out, struct completing *c, const char *prefix, int (*add)(struct completing *c, const char *text))
{
	int status;

	if (rowset_new(&c->rows, completion_columns, ARRAY_SIZE(completion_columns)) < 0)
		return err_nomem(&c->s->err);
	status = add(c, prefix);
	if (status < 0) {
		rowset_free(c->rows);
		return status;
	}
	return rowset_cursor(out, c->rows) < 0 ? err_nomem(&c->s->err) : CRM_OK;
}

int crm_complete_names(crm_cursor **out, crm_store *s, const crm_entity *e, const char *prefix, size_t limit)
{
	return candidates(out, &(struct completing){ .s = s, .e = e, .limit = limit }, prefix, complete);
}

int crm_complete_tags(crm_cursor **out, crm_store *s, const crm_entity *e, const char *prefix, size_t limit)
{
	return candidates(out, &(struct completing){ .s = s, .e = e, .limit = limit }, prefix, add_tags);
}

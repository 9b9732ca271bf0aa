/* A dump into an empty store. */
#include "base/json.h"
#include "exchange/dump_line.h"
#include "exchange/lines.h"
#include "model/chain.h"
#include "model/custom.h"
#include "model/record.h"
#include "store/row_sum.h"
#include "text/text.h"
#include <crm/exchange.h>

struct load {
	crm_store *s;
	struct lines lines;
	uint64_t rows;
	struct sha256 sha;

	struct tables tables;
	const struct table *table; /* of the statement */
	struct stmt *insert;
	bool history, complete;
	int64_t schema;
	int64_t op; /* of records without history */
};

static int fault(struct load *l, const char *what)
{
	return err_set(
		&l->s->err, CRM_FAILED, "%s:%llu: %s", l->lines.file, (unsigned long long)l->lines.n, crm_tr(what));
}

/* --- lines --- */

/* The first line is short, so that what is no dump is refused before it is read to its end. */
static int next_line(struct load *l, char **line, size_t *len)
{
	int status;

	l->lines.max = l->lines.n == 0 ? DUMP_HEADER_MAX : DUMP_LINE_MAX;
	status = lines_next(&l->lines, line, len, &l->s->err);
	if (status < 0 && l->lines.too_long)
		return fault(l, l->lines.n == 1 ? N_("is no dump of crm") : N_("a line longer than any record"));
	if (status == CRM_OK && l->lines.cut)
		return fault(l, N_("the line has no end: the dump is cut off"));
	return status;
}

/* --- values --- */

static bool from_hex(struct buf *out, const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i + 1 < n; i += 2) {
		unsigned byte = 0;

		for (size_t k = 0; k < 2; k++) {
			char c = s[i + k];

			if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
				return false;
			byte = byte * 16 + (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
		}
		buf_putc(out, (char)byte);
	}
	return n % 2 == 0;
}

/* {"hex":"…"} a text, {"bytes":"…"} bytes. */
static int bind_object(struct load *l, struct stmt *st, int n, const json_t *value)
{
	const json_t *hex = json_object_get(value, "hex"), *bytes = json_object_get(value, "bytes");
	const char *digits = json_string_value(hex ? hex : bytes);
	struct buf text = BUF_INIT;
	int status = CRM_OK;

	if (!digits || json_object_size(value) != 1 || !from_hex(&text, digits))
		status = fault(l, N_("an object that is no {\"hex\":…} or {\"bytes\":…}"));
	else if (text.failed)
		status = err_nomem(&l->s->err);
	else if (bytes)
		db_bind_blob(st, n, text.s ? text.s : "", text.len);
	else
		db_bind_copy(st, n, &(crm_value){ .kind = CRM_STRING, .s = text.s ? text.s : "", .len = text.len });
	buf_free(&text);
	return status;
}

static int bind_json(struct load *l, struct stmt *st, int n, const json_t *value)
{
	if (json_is_integer(value))
		db_bind_int(st, n, json_integer_value(value));
	else if (json_is_real(value))
		db_bind_value(st, n, &(crm_value){ .kind = CRM_DOUBLE, .d = json_real_value(value) });
	else if (json_is_string(value))
		db_bind_text(st, n, json_string_value(value), json_string_length(value));
	else if (json_is_object(value))
		return bind_object(l, st, n, value);
	else
		return fault(l, N_("a value that is no number, text or {\"hex\":…}"));
	return CRM_OK;
}

/* --- lines that are rows --- */

static const struct table *find_table(const struct load *l, const char *name)
{
	for (size_t i = 0; i < l->tables.n; i++)
		if (strcmp(l->tables.v[i].name, name) == 0)
			return &l->tables.v[i];
	return NULL;
}

static int prepare_insert(struct load *l, const struct table *t)
{
	struct buf sql = BUF_INIT;
	int status;

	if (l->table == t)
		return CRM_OK;
	db_release(l->insert);
	l->insert = NULL;
	l->table = NULL;
	buf_printf(&sql, "INSERT INTO %s (", t->name);
	for (size_t i = 0; i < t->n; i++)
		buf_printf(&sql, "%s%s", i ? ", " : "", t->columns[i]);
	buf_puts(&sql, ") VALUES (");
	for (size_t i = 0; i < t->n; i++)
		if (t->defaults[i]) /* what a dump of an older schema does not have */
			buf_printf(&sql, "%scoalesce($%zu, %s)", i ? ", " : "", i + 1, t->defaults[i]);
		else
			buf_printf(&sql, "%s$%zu", i ? ", " : "", i + 1);
	buf_putc(&sql, ')');
	status = buf_str(&sql) ? db_prepare(&l->insert, l->s, sql.s, DB_ONCE) : err_nomem(&l->s->err);
	buf_free(&sql);
	if (status == CRM_OK)
		l->table = t;
	return status;
}

static int check_columns(struct load *l, const struct table *t, json_t *row)
{
	const char *key;
	json_t *value;

	json_object_foreach(row, key, value)
	{
		size_t i = 0;

		while (i < t->n && strcmp(t->columns[i], key) != 0)
			i++;
		if (i == t->n)
			return err_set(&l->s->err, CRM_FAILED, "%s:%llu: %s has no column '%s'", l->lines.file,
				(unsigned long long)l->lines.n, t->name, key);
	}
	return CRM_OK;
}

/* Without history the journal begins here: with all records made at once. */
static int note_created(struct load *l, const struct table *t, int64_t id)
{
	for (size_t i = 0; l->op && i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);

		if (strcmp(e->table, t->name) == 0 && !(e->flags & ENTITY_FIXED))
			return op_created(l->s, e->name, id);
	}
	return CRM_OK;
}

/* SQLite's own objections (a key twice, a column that must be filled) are told with their line. */
static int insert(struct load *l, const struct table *t)
{
	cleanup(freep) char *why = NULL;
	int status = db_step(l->insert);

	if (status == CRM_END)
		return note_created(l, t, db_last_id(l->s));
	if (status != CRM_CONFLICT && status != CRM_EXISTS && status != CRM_INVALID && status != CRM_FAILED)
		return status;
	why = strdup(crm_errmsg(l->s));
	return fault(l, why ? why : "");
}

static int put_row(struct load *l, const char *name, json_t *row)
{
	const struct table *t = find_table(l, name);
	int status;

	if (!t || (!l->history && dump_is_history(name)))
		return fault(l, t ? N_("history in a dump that says it has none") : N_("no such table"));
	status = prepare_insert(l, t);
	if (status == CRM_OK)
		status = check_columns(l, t, row);
	if (status < 0)
		return status;
	db_rewind(l->insert);
	for (size_t i = 0; status == CRM_OK && i < t->n; i++) {
		const json_t *value = json_object_get(row, t->columns[i]);

		if (value)
			status = bind_json(l, l->insert, (int)i + 1, value);
		else if (l->op && strcmp(t->columns[i], "op") == 0)
			db_bind_int(l->insert, (int)i + 1, l->op);
		else
			db_bind_null(l->insert, (int)i + 1);
	}
	return status < 0 ? status : insert(l, t);
}

/* Rows give their table a line here, which now says the highest number that ever was. */
static int put_sequence(struct load *l, const json_t *row)
{
	const char *table = json_string_value(json_object_get(row, "table"));
	const json_t *last = json_object_get(row, "last");
	cleanup(db_releasep) struct stmt *st = NULL;
	int status;

	if (!table || !find_table(l, table) || !json_is_integer(last) || json_integer_value(last) < 0)
		return fault(l, N_("a sequence has a table and its last number"));
	status = db_prepare(&st, l->s, "DELETE FROM sqlite_sequence WHERE name = $1", DB_SCAN);
	if (status < 0)
		return status;
	db_bind_str(st, 1, table);
	status = db_step(st);
	return status < 0 ? status
			  : db_run(l->s, "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)", "si", table,
				    (int64_t)json_integer_value(last));
}

static int check_end(struct load *l, const json_t *end)
{
	const char *sum = json_string_value(json_object_get(end, "sha256"));
	char digest[SHA256_HEX + 1];

	sha256_end(&l->sha, digest);
	if (!sum || (uint64_t)json_integer_value(json_object_get(end, "rows")) != l->rows)
		return fault(l, N_("the dump has not as many lines as it says"));
	if (strcmp(sum, digest) != 0)
		return fault(l, N_("the dump was changed: its digest is another one (--edited loads it nevertheless)"));
	l->complete = true;
	return CRM_OK;
}

static int take_header(struct load *l, const json_t *header)
{
	json_int_t format = json_integer_value(json_object_get(header, "format"));
	json_int_t schema = json_integer_value(json_object_get(header, "schema"));

	if (format > DUMP_FORMAT || schema > crm_schema_version())
		return err_set(&l->s->err, CRM_SCHEMA, "%s: was written by a newer version of crm", l->lines.file);
	if (format < 1 || schema < 1)
		return fault(l, format < 1 ? N_("the header has no version of the format")
					   : N_("the header has no version of the schema"));
	l->schema = schema;
	l->history = json_is_true(json_object_get(header, "history"));
	return l->history ? CRM_OK : op_id(&l->op, l->s);
}

static int take_json(struct load *l, const char *word, json_t *json, bool edited)
{
	if (l->lines.n == 1)
		return strcmp(word, DUMP_HEADER) == 0 ? take_header(l, json) : fault(l, N_("is no dump of crm"));
	if (strcmp(word, DUMP_END) == 0) {
		l->complete = edited;
		return edited ? CRM_OK : check_end(l, json);
	}
	l->rows++;
	return strcmp(word, DUMP_SEQUENCE) == 0 ? put_sequence(l, json) : put_row(l, word, json);
}

static int take_line(struct load *l, char *line, size_t len, bool edited)
{
	char *blank = memchr(line, ' ', len);
	json_error_t why;
	json_t *json;
	int status;

	if (l->complete)
		return fault(l, N_("text behind the end of the dump"));
	if (!blank)
		return fault(l, l->lines.n == 1 ? N_("is no dump of crm") : N_("no word and object"));
	*blank = '\0';
	json = json_parse(blank + 1, len - (size_t)(blank + 1 - line), JSON_REJECT_DUPLICATES, &why);
	if (!json && why.line < 0) /* no fault of the text */
		status = err_nomem(&l->s->err);
	else if (!json_is_object(json))
		status = l->lines.n == 1 ? fault(l, N_("is no dump of crm"))
					 : fault(l, json ? N_("is no object") : why.text);
	else
		status = take_json(l, line, json, edited);
	json_decref(json);
	*blank = ' ';
	line[len] = '\n';
	sha256_add(&l->sha, line, len + 1);
	return status;
}

static int take_all(struct load *l, bool edited)
{
	char *line = NULL;
	size_t len = 0;
	int status;

	while ((status = next_line(l, &line, &len)) == CRM_OK) {
		status = take_line(l, line, len, edited);
		if (status < 0)
			return status;
		if (l->lines.n % 10000 == 0)
			store_event(l->s, CRM_EVENT_PROGRESS, l->lines.n, 0, crm_tr("loading"));
		if (l->s->interrupted)
			return err_set(&l->s->err, CRM_INTERRUPTED, "interrupted: nothing was loaded");
	}
	if (status < 0)
		return status;
	if (l->complete)
		return CRM_OK;
	return err_set(&l->s->err, CRM_FAILED, "%s: %s", l->lines.file,
		l->lines.n ? crm_tr("the dump is cut off: its last line is missing") : crm_tr("is empty"));
}

/* --- the whole --- */

/* A new store has its policies and nothing else; they make room for those of the dump. */
static int make_room(struct load *l)
{
	int64_t found = 0;
	int status = db_get_int(&found, l->s, "SELECT 1 FROM operation LIMIT 1", "");

	if (status == CRM_OK)
		return err_set(&l->s->err, CRM_CONFLICT,
			"%s is not empty: a dump is loaded into a new store (crm --store FILE init)", l->s->path);
	if (status >= 0)
		status = tables_read(&l->tables, l->s);
	bulk_trust_references(l->s, true); /* they are checked when all is there */
	for (size_t i = 0; status >= 0 && i < l->tables.n; i++) {
		struct buf sql = BUF_INIT;

		buf_printf(&sql, "DELETE FROM %s", l->tables.v[i].name);
		status = buf_str(&sql) ? db_exec(l->s, sql.s) : err_nomem(&l->s->err);
		buf_free(&sql);
		if (status == CRM_OK)
			status = bulk_drop_indexes(l->s, l->tables.v[i].name);
	}
	return status < 0 ? status : db_exec(l->s, "DELETE FROM sqlite_sequence");
}

static int check_references(struct load *l)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = bulk_rebuild_indexes(l->s);

	if (status == CRM_OK)
		status = db_prepare(
			&st, l->s, "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check", DB_SCAN | DB_ONCE);
	if (status == CRM_OK)
		status = db_step(st);
	if (status == CRM_OK)
		return err_set(&l->s->err, CRM_FAILED, "%s: %s %lld refers to a record of %s that the dump has not",
			l->lines.file, db_text(st, 0), (long long)db_int(st, 1), db_text(st, 2));
	return status < 0 ? status : CRM_OK;
}

/* Facts are made anew: a dump may have been edited. */
static int mark_facts(crm_store *s)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++)
		status = facts_mark_owner(s, crm_entity_at(i), 0);
	return status;
}

int crm_load(uint64_t *rows, crm_store *s, int fd, const char *file, bool edited)
{
	struct load l = { .s = s, .lines = { .fd = fd, .file = file } };
	int status = crm_begin(s, "load");

	*rows = 0;
	if (status < 0)
		return status;
	sha256_begin(&l.sha);
	status = make_room(&l);
	if (status == CRM_OK)
		status = take_all(&l, edited);
	db_release(l.insert);
	if (status == CRM_OK)
		status = check_references(&l);
	if (status == CRM_OK)
		status = schema_fill(s, l.schema);
	if (status == CRM_OK)
		status = mark_facts(s);
	if (status == CRM_OK && (edited || !l.history || l.schema < ROW_SUM_SCHEMA))
		status = row_sum_fill(s, edited || !l.history);
	if (status == CRM_OK && edited)
		status = chain_renew(s);
	if (status == CRM_OK)
		status = crm_commit(s);
	else
		crm_rollback(s);
	custom_forget(s);
	tables_free(&l.tables);
	lines_free(&l.lines);
	if (status == CRM_OK)
		*rows = l.rows;
	return status;
}

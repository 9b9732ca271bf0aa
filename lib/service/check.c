/*
 * crm_check: what SQLite can say of the file, and what only we can: facts against a recomputation, journal against
 * records, things in the file that crm did not make.
 */
#include "base/cursor.h"
#include "model/record.h"
#include "model/search.h"
#include <stdio.h>

static const crm_column check_columns[] = {
	{ "check", "Check", "what was checked", CRM_TEXT },
	{ "status", "Status", "ok, problem or fixed", CRM_TEXT },
	{ "detail", "Detail", "what was found", CRM_TEXT },
};

struct check {
	crm_store *s;
	struct rowset *rows;
	size_t problems; /* that remain */
	size_t found;    /* by the check at hand */
	const char *name;
	bool fix;
};

static void put(struct check *c, const char *status, const char *detail)
{
	rowset_begin(c->rows);
	rowset_str(c->rows, 0, c->name);
	rowset_str(c->rows, 1, status);
	rowset_str(c->rows, 2, detail);
}

static void problem(struct check *c, const char *fmt, ...) CRM_PRINTF(2, 3);

static void problem(struct check *c, const char *fmt, ...)
{
	struct buf text = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	put(c, "problem", buf_str(&text));
	buf_free(&text);
	c->found++;
	c->problems++;
}

static int check_integrity(struct check *c)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, c->s, "PRAGMA integrity_check", DB_SCAN | DB_ONCE);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		if (strcmp(db_text(st, 0), "ok") != 0)
			problem(c, "%s", db_text(st, 0));
	return status;
}

static int check_foreign_keys(struct check *c)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, c->s, "PRAGMA foreign_key_check", DB_SCAN | DB_ONCE);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		problem(c, "row %lld of %s refers to nothing in %s", (long long)db_int(st, 1), db_text(st, 0),
			db_text(st, 2));
	return status;
}

static void foreign_object(const char *type, const char *name, void *payload)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "%s '%s' is not ours: accepted", type, name);
	put(payload, "ok", buf_str(&text));
	buf_free(&text);
}

static int check_schema(struct check *c)
{
	return schema_foreign(c->s, foreign_object, c);
}

static void wrong_fact(const struct crm_entity *e, int64_t id, void *payload)
{
	struct check *c = payload;

	if (c->fix)
		c->found++;
	else
		problem(c, "%s %lld: last contact or number of contacts is not what its communications say", e->name,
			(long long)id);
}

static int check_facts(struct check *c)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);
		size_t before = c->found;

		status = facts_check(c->s, e, wrong_fact, c);
		if (status == CRM_OK && c->fix && c->found > before) {
			struct buf text = BUF_INIT;

			status = facts_recompute_all(c->s, e);
			buf_printf(&text, "%zu %s recomputed", c->found - before, e->plural);
			put(c, "fixed", buf_str(&text));
			buf_free(&text);
		}
	}
	return status;
}

static void wrong_words(const struct crm_entity *e, int64_t id, const char *what, void *payload)
{
	struct check *c = payload;

	if (c->fix)
		c->found++;
	else
		problem(c, "%s %lld: %s", e->name, (long long)id, what);
}

static int check_search(struct check *c)
{
	int status = search_check(c->s, wrong_words, c);

	if (status == CRM_OK && c->fix && c->found > 0) {
		status = search_rebuild(c->s);
		put(c, "fixed", "the index of words was made again");
	}
	return status;
}

static int check_pinyin_of(struct check *c, const struct crm_entity *e, const struct crm_field *f)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT, text = BUF_INIT;
	size_t before = c->found;
	int status;

	buf_printf(
		&sql, "SELECT id FROM %s WHERE %s IS NOT pinyin(%s) ORDER BY id", e->table, f->sound, field_column(f));
	status = buf_str(&sql) ? db_prepare(&st, c->s, sql.s, DB_SCAN | DB_ONCE) : err_nomem(&c->s->err);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		if (c->fix)
			c->found++;
		else
			problem(c, "%s %lld: %s is not that of its %s", e->name, (long long)db_int(st, 0), f->sound,
				f->name);
	if (status >= 0 && c->fix && c->found > before) {
		buf_clear(&sql);
		buf_printf(&sql, "UPDATE %s SET %s = pinyin(%s) WHERE %s IS NOT pinyin(%s)", e->table, f->sound,
			field_column(f), f->sound, field_column(f));
		status = buf_str(&sql) ? db_exec(c->s, sql.s) : err_nomem(&c->s->err);
		buf_printf(&text, "%s of %zu %s made anew", f->sound, c->found - before, e->plural);
		put(c, "fixed", buf_str(&text));
	}
	buf_free(&sql);
	buf_free(&text);
	return status < 0 ? status : CRM_OK;
}

/* Pinyin is made from the name; a later version of crm may read some names otherwise. */
static int check_pinyin(struct check *c)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);

		for (size_t k = 0; status == CRM_OK && k < e->nfields; k++)
			if (e->fields[k].sound)
				status = check_pinyin_of(c, e, &e->fields[k]);
	}
	return status;
}

/*
 * Rows of an entity that name an operation which is not in the journal, or whose making it does not know; what a new
 * store begins with was made by none.
 */
static int check_journal_of(struct check *c, const struct crm_entity *e)
{
	static const char *const questions[] = {
		"SELECT t.id FROM %s t WHERE t.op > 0 AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.id = t.op) "
		"ORDER BY t.id",
		"SELECT t.id FROM %s t WHERE t.op > 0 AND NOT EXISTS (SELECT 1 FROM change x WHERE x.entity = '%s'"
		" AND x.first_id = t.id AND (x.image IS NULL OR (json_valid(x.image) AND x.image ->> '$.op' = 0)))"
		" AND NOT EXISTS (SELECT 1 FROM change x WHERE x.entity = "
		"'%s'"
		" AND x.last_id > x.first_id AND x.first_id <= t.id AND x.last_id >= t.id) ORDER BY t.id",
	};
	static const char *const faults[] = { "was last written by an operation that the journal does not have",
		"is not in the journal as created" };
	int status = CRM_OK;

	for (size_t i = 0; status >= 0 && i < ARRAY_SIZE(questions); i++) {
		cleanup(db_releasep) struct stmt *st = NULL;
		struct buf sql = BUF_INIT;

		for (const char *p = questions[i]; *p; p++)
			if (p[0] == '%' && p[1] == 's') {
				buf_puts(&sql, p[2] == '\'' ? e->name : e->table);
				p++;
			} else {
				buf_putc(&sql, *p);
			}
		status = buf_str(&sql) ? db_prepare(&st, c->s, sql.s, DB_SCAN | DB_ONCE) : err_nomem(&c->s->err);
		buf_free(&sql);
		while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
			problem(c, "%s %lld %s", e->name, (long long)db_int(st, 0), faults[i]);
	}
	return status;
}

static int check_images(struct check *c)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, c->s,
		"SELECT op, entity, first_id FROM change WHERE image IS NOT NULL AND NOT json_valid(image)",
		DB_SCAN | DB_ONCE);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		problem(c, "operation %lld: the image of %s %lld cannot be read", (long long)db_int(st, 0),
			db_text(st, 1), (long long)db_int(st, 2));
	return status;
}

static int check_journal(struct check *c)
{
	int status = check_images(c);

	for (size_t i = 0; status >= 0 && i < crm_entity_count(); i++)
		if (!(crm_entity_at(i)->flags & ENTITY_FIXED))
			status = check_journal_of(c, crm_entity_at(i));
	return status;
}

static void loose(const char *path, unsigned mode, unsigned wanted, void *payload)
{
	problem(payload, "%s can be read or written by more than should (mode %03o): chmod %03o", path, mode, wanted);
}

/* Others must not read the store; a store made with --shared belongs to a group on purpose. */
static int check_modes(struct check *c)
{
	return store_loose(c->s, loose, c);
}

/* What was erased for good may be in pages of the file still. */
static int check_erasures(struct check *c)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, c->s, "SELECT count(*) FROM erasure WHERE traces = 1", DB_SCAN);

	if (status == CRM_OK)
		status = db_step(st);
	if (status == CRM_OK && db_int(st, 0) > 0)
		problem(c, "the file may hold traces of %lld erased record%s: crm vacuum", (long long)db_int(st, 0),
			db_int(st, 0) == 1 ? "" : "s");
	return status < 0 ? status : CRM_OK;
}

static int run_checks(struct check *c)
{
	static const struct {
		const char *name;
		int (*run)(struct check *);
	} checks[] = {
		{ "integrity", check_integrity },
		{ "foreign keys", check_foreign_keys },
		{ "schema", check_schema },
		{ "facts", check_facts },
		{ "pinyin", check_pinyin },
		{ "search", check_search },
		{ "journal", check_journal },
		{ "erasures", check_erasures },
		{ "modes", check_modes },
	};
	int status = CRM_OK;

	for (size_t i = 0; status >= 0 && i < ARRAY_SIZE(checks); i++) {
		size_t rows = rowset_rows(c->rows);

		c->name = checks[i].name;
		c->found = 0;
		store_event(c->s, CRM_EVENT_PROGRESS, i, ARRAY_SIZE(checks), "checking");
		status = checks[i].run(c);
		if (status >= 0 && rowset_rows(c->rows) == rows)
			put(c, "ok", NULL);
	}
	return status < 0 ? status : CRM_OK;
}

int crm_check(crm_cursor **out, crm_store *s, bool fix, size_t *problems)
{
	struct check c = { .s = s, .fix = fix };
	int status = fix ? crm_begin(s, "check --fix") : CRM_OK;

	if (status < 0)
		return status;
	if (rowset_new(&c.rows, check_columns, ARRAY_SIZE(check_columns)) < 0)
		status = err_nomem(&s->err);
	if (status == CRM_OK)
		status = run_checks(&c);
	if (fix) {
		if (status == CRM_OK)
			status = crm_commit(s);
		else
			crm_rollback(s);
	}
	if (status < 0) {
		rowset_free(c.rows);
		return status;
	}
	*problems = c.problems;
	return rowset_cursor(out, c.rows) < 0 ? err_nomem(&s->err) : CRM_OK;
}

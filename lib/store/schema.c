/*
 * The schema at rest is a constant text for each version, compared object by object when a store is opened.
 *
 * Triggers, virtual tables that are not ours and changed objects of ours are refused: with them a file could make
 * crm do what its author wants. So are indexes that are not ours, of our tables, which compute anything: they would do so
 * at each write. Foreign tables, views and plain indexes do no harm and are only reported.
 */
#include "store/internal.h"
#include "store/migrations.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

struct schema_object {
	const char *type, *name, *sql;
};

struct schema {
	int version;
	const struct schema_object *objects; /* by name */
	size_t n;
};

#include "schema.h" /* made from the migrations by schema-gen.c */

int crm_schema_version(void)
{
	return migrations[nmigrations - 1].version;
}

static const struct schema *schema_of(int version)
{
	const struct schema *schema = schemas;

	while (schema->version != version)
		schema++;
	return schema;
}

static int compare_object(const void *name, const void *object)
{
	return strcmp(name, ((const struct schema_object *)object)->name);
}

static const struct schema_object *find_object(const struct schema *schema, const char *name)
{
	return bsearch(name, schema->objects, schema->n, sizeof(schema->objects[0]), compare_object);
}

bool schema_is_ours(const char *name)
{
	return find_object(schema_of(crm_schema_version()), name) != NULL;
}

enum verdict {
	OURS,
	SQLITES, /* made by SQLite itself */
	FOREIGN,
	CHANGED,
	HOSTILE
};

/* A row of sqlite_schema. */
struct found {
	const char *type, *name, *table, *sql; /* without sql: an index that SQLite made for a constraint */
};

/* A value that is what it seems: text, without a NUL in it. */
static bool read_text(const char **out, struct stmt *st, int col)
{
	*out = db_text(st, col);
	return *out && !db_is_blob(st, col) && strlen(*out) == db_bytes(st, col);
}

/* Nobody can make others with such a name but by writing to the file. */
static bool made_by_sqlite(const struct found *f)
{
	static const char *const tables[][2] = {
		{ "sqlite_sequence", "CREATE TABLE sqlite_sequence(name,seq)" },
		{ "sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)" },
		{ "sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)" },
	};

	if (strcmp(f->type, "index") == 0)
		return !f->sql && strncmp(f->name, "sqlite_autoindex_", 17) == 0;
	for (size_t i = 0; strcmp(f->type, "table") == 0 && i < ARRAY_SIZE(tables); i++)
		if (strcmp(f->name, tables[i][0]) == 0)
			return f->sql && strcmp(f->sql, tables[i][1]) == 0;
	return false;
}

/* SQLite writes the beginning of these texts itself; its own names are not for others. */
static bool harmless(const struct found *f)
{
	static const char *const harmless[][2] = { { "table", "CREATE TABLE " }, { "view", "CREATE VIEW " },
		{ "index", "CREATE INDEX " }, { "index", "CREATE UNIQUE INDEX " } };

	for (size_t i = 0; f->sql && strncmp(f->name, "sqlite_", 7) != 0 && i < ARRAY_SIZE(harmless); i++)
		if (strcmp(f->type, harmless[i][0]) == 0 &&
			strncmp(f->sql, harmless[i][1], strlen(harmless[i][1])) == 0)
			return true;
	return false;
}

/* Columns alone, in an order that SQLite knows; CRM_OK or CRM_END. */
static int computes(crm_store *s, const struct found *f)
{
	int64_t n = 0;
	int r = db_get_int(&n, s,
		"SELECT count(*) FROM pragma_index_xinfo($1) WHERE cid = -2 OR upper(coll) NOT IN "
		"('BINARY', 'NOCASE', 'RTRIM')",
		"s", f->name);

	if (r == CRM_OK && n == 0)
		r = db_get_int(&n, s, "SELECT count(*) FROM pragma_index_list($1) WHERE name = $2 AND partial", "ss",
			f->table, f->name);
	return r < 0 ? r : n == 0 ? CRM_OK : CRM_END;
}

static int judge(enum verdict *out, crm_store *s, const struct schema *schema, const struct found *f)
{
	const struct schema_object *o = find_object(schema, f->name);
	int r = CRM_OK;

	if (o)
		*out = strcmp(f->type, o->type) == 0 && f->sql && strcmp(f->sql, o->sql) == 0 ? OURS : CHANGED;
	else if (made_by_sqlite(f))
		*out = SQLITES;
	else
		*out = harmless(f) ? FOREIGN : HOSTILE;
	if (*out == FOREIGN && strcmp(f->type, "index") == 0 && find_object(schema, f->table)) {
		r = computes(s, f);
		if (r == CRM_END)
			*out = HOSTILE;
	}
	return r < 0 ? r : CRM_OK;
}

static int refuse(crm_store *s, const struct found *f, enum verdict verdict)
{
	if (verdict == CHANGED)
		return err_set(&s->err, CRM_SCHEMA, "%s: not a store that crm made: %s '%s' was changed", s->path,
			f->type, f->name);
	if (strcmp(f->type, "index") == 0 && harmless(f))
		return err_set(&s->err, CRM_SCHEMA, "%s: refused: the index '%s' computes something at each write",
			s->path, f->name);
	return err_set(&s->err, CRM_SCHEMA, "%s: refused: it holds a %s '%s', which crm never makes", s->path,
		strcmp(f->type, "table") == 0 && strncmp(f->name, "sqlite_", 7) != 0 ? "virtual table" : f->type,
		f->name);
}

static int walk_schema(crm_store *s, const struct schema *schema, schema_foreign_fn fn, void *payload, size_t *ours)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int r = db_prepare(&st, s, "SELECT type, name, tbl_name, sql FROM sqlite_schema", DB_SCAN | DB_ONCE);

	if (r < 0)
		return r;
	while ((r = db_step(st)) == CRM_OK) {
		struct found f = { 0 };
		enum verdict verdict;

		if (!read_text(&f.type, st, 0) || !read_text(&f.name, st, 1) || !read_text(&f.table, st, 2) ||
			(!read_text(&f.sql, st, 3) && !db_is_null(st, 3)))
			return err_set(&s->err, CRM_SCHEMA, "%s: damaged: a definition in it is no text", s->path);
		r = judge(&verdict, s, schema, &f);
		if (r < 0)
			return r;
		if (verdict == CHANGED || verdict == HOSTILE)
			return refuse(s, &f, verdict);
		if (verdict == FOREIGN && fn)
			fn(f.type, f.name, payload);
		*ours += verdict == OURS;
	}
	return r < 0 ? r : CRM_OK;
}

int schema_foreign(crm_store *s, schema_foreign_fn fn, void *payload)
{
	size_t ours = 0;

	return walk_schema(s, schema_of(s->schema), fn, payload, &ours);
}

static int read_pragma(crm_store *s, const char *pragma, int64_t *out)
{
	int r = db_get_int(out, s, pragma, "");

	return r == CRM_END ? err_set(&s->err, CRM_SCHEMA, "%s: not a crm store", s->path) : r;
}

int schema_check(crm_store *s)
{
	const struct schema *schema;
	int64_t application, version;
	size_t ours = 0;
	int r = read_pragma(s, "PRAGMA application_id", &application);

	if (r == CRM_OK)
		r = read_pragma(s, "PRAGMA user_version", &version);
	if (r < 0)
		return r;
	if (application != STORE_APPLICATION_ID)
		return err_set(&s->err, CRM_SCHEMA, "%s: not a crm store (a database of another program)", s->path);
	if (version > crm_schema_version())
		return err_set(&s->err, CRM_SCHEMA,
			"%s: written by a newer crm (schema %lld, this one knows %d): update crm", s->path,
			(long long)version, crm_schema_version());
	if (version < 1)
		return err_set(&s->err, CRM_SCHEMA, "%s: not a crm store (it has no version)", s->path);
	s->schema = (int)version;
	if (version < crm_schema_version() && s->mode == CRM_OPEN_READ)
		return err_set(&s->err, CRM_SCHEMA,
			"%s: written by an older crm (schema %d): run any command that writes, it keeps a copy and "
			"brings the store up to date",
			s->path, s->schema);
	schema = schema_of(s->schema);
	r = walk_schema(s, schema, NULL, NULL, &ours);
	if (r == CRM_OK && ours != schema->n)
		return err_set(&s->err, CRM_SCHEMA, "%s: damaged: %zu of %zu tables, views and indexes are missing",
			s->path, schema->n - ours, schema->n);
	return r;
}

static int run_migration(crm_store *s, const struct migration *m)
{
	char pragma[64];
	int r = db_exec(s, m->sql);

	snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d", m->version);
	if (r == CRM_OK && m->fill)
		r = db_exec(s, m->fill);
	return r == CRM_OK ? db_exec(s, pragma) : r;
}

/* All that are due in one transaction: killed at any moment, the store is as it was or of this version. */
static int run_migrations(crm_store *s)
{
	int64_t version = 0;
	int r = db_exec(s, "BEGIN IMMEDIATE");

	if (r < 0)
		return r;
	/* Read again under the lock: another process may have been first. */
	r = db_get_int(&version, s, "PRAGMA user_version", "");
	for (size_t i = 0; r >= 0 && i < nmigrations; i++)
		if (migrations[i].version > version)
			r = run_migration(s, &migrations[i]);
	if (r >= 0)
		r = db_exec(s, "COMMIT");
	if (r < 0)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

/*
 * A copy of the store as it is, beside it, kept: FILE.schema-1. Not made for a store that is being born, and of no use
 * when another process has migrated meanwhile: that one has made it.
 */
static int copy_before(crm_store *s)
{
	struct buf name = BUF_INIT;
	int64_t version = s->schema;
	int r;

	buf_printf(&name, "%s.schema-%d", s->path, s->schema);
	place_free_name(&name);
	r = buf_str(&name) ? store_copy_to(s, name.s) : err_nomem(&s->err);
	if (r == CRM_OK)
		r = db_get_int(&version, s, "PRAGMA user_version", "");
	if (r == CRM_OK && version != s->schema)
		unlink(name.s);
	buf_free(&name);
	return r == CRM_EXISTS ? CRM_OK : r;
}

int schema_fill(crm_store *s, int64_t version)
{
	int r = CRM_OK;

	for (size_t i = 0; r == CRM_OK && i < nmigrations; i++)
		if (migrations[i].version > version && migrations[i].fill)
			r = db_exec(s, migrations[i].fill);
	return r;
}

int schema_upgrade(crm_store *s)
{
	int r = run_migrations(s);

	return r < 0 ? r : schema_check(s);
}

int schema_migrate(crm_store *s)
{
	int r = s->schema > 0 ? copy_before(s) : CRM_OK;

	return r == CRM_OK ? schema_upgrade(s) : r;
}

/*
 * The schema at rest is a constant text, compared object by object when a store is opened.
 *
 * Triggers, virtual tables that are not ours and changed objects of ours are refused: with them a file could make
 * crm do what its author wants. Foreign tables, views and plain indexes do no harm and are only reported.
 */
#include "store/internal.h"
#include "store/migrations.h"
#include <stdio.h>

struct schema_object {
	const char *type, *name, *sql;
};

#include "schema.h" /* made from the migrations by schema-gen.c */

int crm_schema_version(void)
{
	return migrations[nmigrations - 1].version;
}

static int compare_object(const void *name, const void *object)
{
	return strcmp(name, ((const struct schema_object *)object)->name);
}

static const struct schema_object *find_object(const char *name)
{
	return bsearch(name, schema_objects, ARRAY_SIZE(schema_objects), sizeof(schema_objects[0]), compare_object);
}

bool schema_is_ours(const char *name)
{
	return find_object(name) != NULL;
}

enum verdict {
	OURS,
	FOREIGN,
	CHANGED,
	HOSTILE
};

static enum verdict judge(const char *type, const char *name, const char *sql)
{
	const struct schema_object *o = find_object(name);

	if (o)
		return strcmp(type, o->type) == 0 && sql && strcmp(sql, o->sql) == 0 ? OURS : CHANGED;
	if (strcmp(type, "trigger") == 0)
		return HOSTILE;
	if (strcmp(type, "table") == 0 && sql && sqlite3_strnicmp(sql, "CREATE VIRTUAL", 14) == 0)
		return HOSTILE;
	return FOREIGN;
}

static int walk_schema(crm_store *s, schema_foreign_fn fn, void *payload, size_t *ours)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int r = db_prepare(&st, s, "SELECT type, name, sql FROM sqlite_schema", DB_SCAN | DB_ONCE);

	if (r < 0)
		return r;
	while ((r = db_step(st)) == CRM_OK) {
		const char *type = db_text(st, 0), *name = db_text(st, 1), *sql = db_text(st, 2);

		if (!type || !name)
			return err_nomem(&s->err);
		if (strncmp(name, "sqlite_", 7) == 0)
			continue;
		switch (judge(type, name, sql)) {
		case OURS:
			++*ours;
			break;
		case FOREIGN:
			if (fn)
				fn(type, name, payload);
			break;
		case CHANGED:
			return err_set(&s->err, CRM_SCHEMA, "%s: not a store that crm made: %s '%s' was changed",
				s->path, type, name);
		case HOSTILE:
			return err_set(&s->err, CRM_SCHEMA, "%s: refused: it holds a %s '%s', which crm never makes",
				s->path, strcmp(type, "trigger") == 0 ? "trigger" : "virtual table", name);
		}
	}
	return r < 0 ? r : CRM_OK;
}

int schema_foreign(crm_store *s, schema_foreign_fn fn, void *payload)
{
	size_t ours = 0;

	return walk_schema(s, fn, payload, &ours);
}

static int read_pragma(crm_store *s, const char *pragma, int64_t *out)
{
	int r = db_get_int(out, s, pragma, "");

	return r == CRM_END ? err_set(&s->err, CRM_SCHEMA, "%s: not a crm store", s->path) : r;
}

int schema_check(crm_store *s)
{
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
	s->schema = (int)version;
	if (version < crm_schema_version())
		return s->mode == CRM_OPEN_READ
			       ? err_set(&s->err, CRM_SCHEMA,
					 "%s: written by an older crm (schema %d): run any command that writes, "
					 "it keeps a copy and brings the store up to date",
					 s->path, s->schema)
			       : CRM_OK;
	r = walk_schema(s, NULL, NULL, &ours);
	if (r == CRM_OK && ours != ARRAY_SIZE(schema_objects))
		return err_set(&s->err, CRM_SCHEMA, "%s: damaged: %zu of %zu tables, views and indexes are missing",
			s->path, ARRAY_SIZE(schema_objects) - ours, ARRAY_SIZE(schema_objects));
	return r;
}

static int run_migration(crm_store *s, const struct migration *m)
{
	char pragma[64];
	int64_t version = 0;
	int r = db_exec(s, "BEGIN IMMEDIATE");

	if (r < 0)
		return r;
	/* Read again under the lock: another process may have been first. */
	r = db_get_int(&version, s, "PRAGMA user_version", "");
	if (r >= 0 && version < m->version) {
		snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d", m->version);
		r = db_exec(s, m->sql);
		if (r == CRM_OK && m->fill)
			r = db_exec(s, m->fill);
		if (r == CRM_OK)
			r = db_exec(s, pragma);
	}
	if (r >= 0)
		r = db_exec(s, "COMMIT");
	if (r < 0)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

/* A copy of the store as it is, beside it, kept: FILE.schema-1. Not made for a store that is being born. */
static int copy_before(crm_store *s)
{
	struct buf name = BUF_INIT;
	int r;

	buf_printf(&name, "%s.schema-%d", s->path, s->schema);
	place_free_name(&name);
	r = buf_str(&name) ? store_copy_to(s, name.s) : err_nomem(&s->err);
	buf_free(&name);
	return r;
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
	int r = CRM_OK;

	for (size_t i = 0; r >= 0 && i < nmigrations; i++)
		if (migrations[i].version > s->schema)
			r = run_migration(s, &migrations[i]);
	return r < 0 ? r : schema_check(s);
}

int schema_migrate(crm_store *s)
{
	int r = s->schema > 0 ? copy_before(s) : CRM_OK;

	return r == CRM_OK ? schema_upgrade(s) : r;
}

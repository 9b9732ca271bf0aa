/*
 * Statements: prepared once per handle, every bind and step checked.
 *
 * Parameters are written $1, $2 … as PostgreSQL has them; to SQLite these are names, numbered by first appearance,
 * so each statement carries the map from our number to SQLite's.
 */
#include "store/internal.h"
#include <assert.h>
#include <stdio.h>

enum {
	CACHE_SIZE = 61,
	CACHE_CHAIN = 4
};

struct stmt {
	crm_store *store;
	sqlite3_stmt *st;
	int *map; /* map[n] is SQLite's index of $n */
	int nmap;
	int bind_error;
	unsigned flags;
	bool busy;
	struct stmt *next; /* of the same cache slot */
	char *sql;
};

static struct stmt **cache_slot(crm_store *s, const char *sql)
{
	uint64_t h = 14695981039346656037u;

	if (!s->cache) {
		s->cache = calloc(CACHE_SIZE, sizeof(*s->cache));
		if (!s->cache)
			return NULL;
		s->ncache = CACHE_SIZE;
	}
	for (; *sql; sql++)
		h = (h ^ (unsigned char)*sql) * 1099511628211u;
	return &s->cache[h % CACHE_SIZE];
}

static void stmt_free(struct stmt *st)
{
	sqlite3_finalize(st->st);
	free(st->map);
	free(st->sql);
	free(st);
}

void db_forget(crm_store *s)
{
	for (size_t i = 0; i < s->ncache; i++) {
		struct stmt *st = s->cache[i], *next;

		for (; st; st = next) {
			next = st->next;
			stmt_free(st);
		}
	}
	free(s->cache);
	s->cache = NULL;
	s->ncache = 0;
}

/* While nothing is known of the file whatever SQLite dislikes is its fault; false: that was not it. */
static bool fault_of_file(crm_store *s, int code)
{
	const char *why = NULL;

	if (!s->guarded)
		return false;
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		why = guard_ran_out() ? crm_tr("opening it takes more memory than any store needs") : NULL;
		break;
	case SQLITE_INTERRUPT:
		why = s->interrupted ? NULL : crm_tr("opening it takes longer than any store does");
		break;
	case SQLITE_TOOBIG:
		why = crm_tr("it holds a definition that is too long");
		break;
	case SQLITE_ERROR:
		why = sqlite3_errmsg(s->db);
		break;
	default:
		break;
	}
	if (why)
		err_set(&s->err, CRM_SCHEMA, "%s: not a crm store: %s", s->path, why);
	return why != NULL;
}

int db_error(crm_store *s, const char *what)
{
	int code = sqlite3_extended_errcode(s->db);
	const char *text = sqlite3_errmsg(s->db);

	if (fault_of_file(s, code))
		return CRM_SCHEMA;
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return err_nomem(&s->err);
	case SQLITE_BUSY:
	case SQLITE_LOCKED: {
		char *holder = holder_read(s);

		if (holder && *holder)
			err_set(&s->err, CRM_BUSY, "the store is locked by another process: %s: waited %d s (--wait)",
				holder, s->wait);
		else
			err_set(&s->err, CRM_BUSY, "the store is locked by another process: waited %d s (--wait)",
				s->wait);
		free(holder);
		return CRM_BUSY;
	}
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return err_set(&s->err, CRM_READONLY, "%s: the store is read-only", s->path);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(&s->err, CRM_SCHEMA, "%s: the store is damaged: %s", s->path, text);
	case SQLITE_CANTOPEN:
		return err_set(&s->err, CRM_READONLY, "%s: cannot be opened by this user", s->path);
	case SQLITE_FULL:
		return err_set(&s->err, CRM_FAILED, "%s: the disk is full", what);
	case SQLITE_INTERRUPT:
		return err_set(&s->err, CRM_INTERRUPTED, "interrupted: nothing was changed");
	case SQLITE_CONSTRAINT:
		return err_set(&s->err, CRM_CONFLICT, "%s: %s", what, text);
	case SQLITE_TOOBIG:
		return err_set(&s->err, CRM_INVALID, "%s: a value is too large", what);
	default:
		/* A function of ours (REGEXP) reports bad input through SQLITE_ERROR: the text is its message. */
		return err_set(&s->err, CRM_FAILED, "%s: %s", what, text);
	}
}

static int map_parameters(struct stmt *st)
{
	int n = sqlite3_bind_parameter_count(st->st);
	int64_t number;

	for (int i = 1; i <= n; i++) {
		const char *name = sqlite3_bind_parameter_name(st->st, i);

		if (!name || !parse_int64(name + 1, strlen(name + 1), 1, 100000, &number))
			return CRM_FAILED;
		if (number >= st->nmap) {
			int *map = realloc(st->map, sizeof(int) * (size_t)(number + 1));

			if (!map)
				return CRM_NOMEM;
			memset(map + st->nmap, 0, sizeof(int) * (size_t)(number + 1 - st->nmap));
			st->map = map;
			st->nmap = (int)number + 1;
		}
		st->map[number] = i;
	}
	return CRM_OK;
}

static int stmt_new(struct stmt **out, crm_store *s, const char *sql, unsigned flags)
{
	struct stmt *st = calloc(1, sizeof(*st));
	int r;

	if (!st)
		return err_nomem(&s->err);
	st->store = s;
	st->flags = flags;
	if (sqlite3_prepare_v3(s->db, sql, -1, flags & DB_ONCE ? 0 : SQLITE_PREPARE_PERSISTENT, &st->st, NULL) !=
		SQLITE_OK) {
		free(st);
		return db_error(s, "statement");
	}
	r = map_parameters(st);
	if (r == CRM_OK && !(flags & DB_ONCE) && !(st->sql = strdup(sql)))
		r = CRM_NOMEM;
	if (r < 0) {
		stmt_free(st);
		return r == CRM_NOMEM ? err_nomem(&s->err) : err_set(&s->err, r, "statement with bad parameters");
	}
	*out = st;
	return CRM_OK;
}

int db_prepare(struct stmt **out, crm_store *s, const char *sql, unsigned flags)
{
	struct stmt **slot, *st;
	int r, chain = 0;

	if (!s->db)
		return err_set(&s->err, CRM_NOSTORE, "no store is open");
	if (!sql) /* the text of a struct buf that could not grow */
		return err_nomem(&s->err);
	slot = cache_slot(s, sql);
	if (!slot)
		return err_nomem(&s->err);
	if (!(flags & DB_ONCE))
		for (st = *slot; st; st = st->next, chain++)
			if (!st->busy && strcmp(st->sql, sql) == 0) {
				st->busy = true;
				*out = st;
				return CRM_OK;
			}
	r = stmt_new(&st, s, sql, chain >= CACHE_CHAIN ? flags | DB_ONCE : flags);
	if (r < 0)
		return r;
	st->busy = true;
	if (!(st->flags & DB_ONCE)) {
		st->next = *slot;
		*slot = st;
	}
	*out = st;
	return CRM_OK;
}

#ifdef CRM_CHECKS
/* The plan budget: a full scan or a sort must be announced by DB_SCAN where the statement is written. */
static void check_plan(struct stmt *st)
{
	int scan = sqlite3_stmt_status(st->st, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
	int sort = sqlite3_stmt_status(st->st, SQLITE_STMTSTATUS_SORT, 1);
	int index = sqlite3_stmt_status(st->st, SQLITE_STMTSTATUS_AUTOINDEX, 1);

	if (st->flags & DB_SCAN)
		return;
	if (scan || sort || index) {
		fprintf(stderr, "unannounced scan (%d steps), sort (%d) or automatic index (%d): %s\n", scan, sort,
			index, sqlite3_sql(st->st));
		abort();
	}
}
#endif

void db_rewind(struct stmt *st)
{
#ifdef CRM_CHECKS
	check_plan(st);
#endif
	if ((sqlite3_reset(st->st) & 0xff) == SQLITE_NOMEM)
		err_nomem(&st->store->err);
}

void db_release(struct stmt *st)
{
	if (!st)
		return;
	db_rewind(st);
	st->bind_error = 0;
	if (st->flags & DB_ONCE) {
		stmt_free(st);
		return;
	}
	sqlite3_clear_bindings(st->st);
	st->busy = false;
}

static int parameter(struct stmt *st, int n)
{
	int i = n > 0 && n < st->nmap ? st->map[n] : 0;

	assert(i > 0);
	return i;
}

static void bound(struct stmt *st, int rc)
{
	if (rc != SQLITE_OK && st->bind_error == 0)
		st->bind_error = rc;
}

void db_bind_int(struct stmt *st, int n, int64_t v)
{
	bound(st, sqlite3_bind_int64(st->st, parameter(st, n), v));
}

void db_bind_text(struct stmt *st, int n, const char *s, size_t len)
{
	bound(st, s ? sqlite3_bind_text64(st->st, parameter(st, n), s, len, SQLITE_STATIC, SQLITE_UTF8)
		    : sqlite3_bind_null(st->st, parameter(st, n)));
}

void db_bind_str(struct stmt *st, int n, const char *s)
{
	db_bind_text(st, n, s, s ? strlen(s) : 0);
}

void db_bind_null(struct stmt *st, int n)
{
	bound(st, sqlite3_bind_null(st->st, parameter(st, n)));
}

void db_bind_value(struct stmt *st, int n, const crm_value *v)
{
	switch (v->kind) {
	case CRM_INT:
		db_bind_int(st, n, v->i);
		break;
	case CRM_DOUBLE:
		bound(st, sqlite3_bind_double(st->st, parameter(st, n), v->d));
		break;
	case CRM_STRING:
		db_bind_text(st, n, v->s, v->len);
		break;
	case CRM_NULL:
		db_bind_null(st, n);
		break;
	}
}

void db_bind_copy(struct stmt *st, int n, const crm_value *v)
{
	if (v->kind == CRM_STRING)
		bound(st, sqlite3_bind_text64(st->st, parameter(st, n), v->s, v->len, SQLITE_TRANSIENT, SQLITE_UTF8));
	else
		db_bind_value(st, n, v);
}

void db_bind_blob(struct stmt *st, int n, const char *s, size_t len)
{
	bound(st, sqlite3_bind_blob64(st->st, parameter(st, n), s, len, SQLITE_TRANSIENT));
}

/*
 * After some errors SQLite has rolled back by itself: what came then would be stored alone. And where memory was short,
 * what was read may lack something.
 */
static int check_sound(const struct stmt *st)
{
	crm_store *s = st->store;

	if (s->err.nomem || st->bind_error == SQLITE_NOMEM)
		return err_nomem(&s->err);
	if (st->bind_error)
		return err_set(&s->err, CRM_INVALID, "a value is too large");
	if (s->op.open && sqlite3_get_autocommit(s->db))
		return err_set(&s->err, CRM_FAILED, "store: the operation was given up after an error");
	return CRM_OK;
}

int db_step(struct stmt *st)
{
	int r = check_sound(st);

	if (r < 0)
		return r;
	switch (sqlite3_step(st->st)) {
	case SQLITE_ROW:
		return CRM_OK;
	case SQLITE_DONE:
		return CRM_END;
	default:
		return db_error(st->store, "store");
	}
}

int db_columns(const struct stmt *st)
{
	return sqlite3_column_count(st->st);
}

const char *db_column_name(const struct stmt *st, int col)
{
	return sqlite3_column_name(st->st, col);
}

bool db_is_null(struct stmt *st, int col)
{
	return sqlite3_column_type(st->st, col) == SQLITE_NULL;
}

int64_t db_int(struct stmt *st, int col)
{
	return sqlite3_column_int64(st->st, col);
}

const char *db_text(struct stmt *st, int col)
{
	const char *text = (const char *)sqlite3_column_text(st->st, col);

	if (text || sqlite3_column_type(st->st, col) == SQLITE_NULL)
		return text;
	err_nomem(&st->store->err);
	return "";
}

size_t db_bytes(struct stmt *st, int col)
{
	/* The text first: its length is of use only with it. */
	return sqlite3_column_text(st->st, col) ? (size_t)sqlite3_column_bytes(st->st, col) : 0;
}

void db_read(struct stmt *st, int col, crm_value *out)
{
	/* One look at the column and then at its value: each sqlite3_column_…() would check the handle again. */
	sqlite3_value *v = sqlite3_column_value(st->st, col);

	switch (sqlite3_value_type(v)) {
	case SQLITE_INTEGER:
		out->kind = CRM_INT;
		out->i = sqlite3_value_int64(v);
		return;
	case SQLITE_FLOAT:
		out->kind = CRM_DOUBLE;
		out->d = sqlite3_value_double(v);
		return;
	case SQLITE_TEXT:
	case SQLITE_BLOB:
		out->kind = CRM_STRING;
		out->s = (const char *)sqlite3_value_text(v);
		out->len = (size_t)sqlite3_value_bytes(v);
		if (out->s)
			return;
		err_nomem(&st->store->err);
		out->s = "";
		out->len = 0;
		return;
	default:
		break;
	}
	out->kind = CRM_NULL;
	out->s = NULL;
	out->len = 0;
}

crm_value db_value(struct stmt *st, int col)
{
	crm_value v = { .kind = CRM_NULL };

	db_read(st, col, &v);
	return v;
}

bool db_is_blob(struct stmt *st, int col)
{
	return sqlite3_column_type(st->st, col) == SQLITE_BLOB;
}

const unsigned char *db_blob(struct stmt *st, int col, size_t *len)
{
	const unsigned char *bytes = sqlite3_column_blob(st->st, col);

	*len = (size_t)sqlite3_column_bytes(st->st, col);
	return bytes;
}

bool db_readonly(const struct stmt *st)
{
	return sqlite3_stmt_readonly(st->st);
}

static void bind_arguments(struct stmt *st, const char *types, va_list ap)
{
	for (int n = 1; *types; types++, n++)
		switch (*types) {
		case 'i':
			db_bind_int(st, n, va_arg(ap, int64_t));
			break;
		case 's':
			db_bind_str(st, n, va_arg(ap, const char *));
			break;
		default:
			db_bind_value(st, n, va_arg(ap, const crm_value *));
		}
}

static int prepare_bound(struct stmt **st, crm_store *s, const char *sql, const char *types, va_list ap)
{
	int r = db_prepare(st, s, sql, 0);

	if (r == CRM_OK)
		bind_arguments(*st, types, ap);
	return r;
}

int db_run(crm_store *s, const char *sql, const char *types, ...)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	va_list ap;
	int r;

	va_start(ap, types);
	r = prepare_bound(&st, s, sql, types, ap);
	va_end(ap);
	while (r == CRM_OK)
		r = db_step(st);
	return r < 0 ? r : CRM_OK;
}

int db_get_int(int64_t *out, crm_store *s, const char *sql, const char *types, ...)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	va_list ap;
	int r;

	va_start(ap, types);
	r = prepare_bound(&st, s, sql, types, ap);
	va_end(ap);
	if (r == CRM_OK)
		r = db_step(st);
	if (r == CRM_OK)
		*out = db_int(st, 0);
	return r;
}

int db_exec(crm_store *s, const char *sql)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? CRM_OK : db_error(s, "store");
}

int db_begin(crm_store *s, const char *sql)
{
	int r = db_exec(s, sql);

	/* Out of memory it may have begun all the same. */
	if (r < 0 && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

int db_hold(crm_store *s)
{
	int r = s->holds == 0 && !s->op.open ? db_begin(s, "BEGIN") : CRM_OK;

	if (r < 0)
		return r;
	s->holds++;
	return CRM_OK;
}

void db_unhold(crm_store *s)
{
	if (--s->holds > 0 || s->op.open || sqlite3_get_autocommit(s->db))
		return;
	if (db_exec(s, "COMMIT") < 0)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

int64_t db_last_id(crm_store *s)
{
	return sqlite3_last_insert_rowid(s->db);
}

int64_t db_changed(crm_store *s)
{
	return sqlite3_changes64(s->db);
}

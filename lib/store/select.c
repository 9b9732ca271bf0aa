/* crm sql: one SELECT of the user's own, over a connection that can do nothing else meanwhile. */
#include "base/cursor.h"
#include "store/internal.h"

struct select_cursor {
	struct crm_cursor cursor;
	crm_store *s;
	struct stmt *st;
	struct arena mem;
	struct arena row; /* texts made for the row at hand */
};

/* Bytes that need not be text: as hexadecimal digits, which every format can carry. */
static crm_value blob_text(struct select_cursor *c, int col)
{
	size_t n;
	const unsigned char *bytes = db_blob(c->st, col, &n);
	char *hex = arena_alloc(&c->row, 2 * n + 1);

	if (!hex)
		return (crm_value){ .kind = CRM_NULL };
	hex_digits(hex, bytes, n);
	return (crm_value){ .kind = CRM_STRING, .s = hex, .len = 2 * n };
}

/*
 * Reading tables and calling functions, nothing else: no PRAGMA, no ATTACH, no writing. A statement that was found to be
 * that (`checked`) may search the index of words, for which FTS5 reads a PRAGMA.
 */
static int only_reading(void *checked, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)b, (void)c, (void)d;
	switch (action) {
	case SQLITE_PRAGMA:
		return checked && strcmp(a, "data_version") == 0 ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	default:
		return SQLITE_DENY;
	}
}

static void restrict_connection(crm_store *s, bool on)
{
	sqlite3_set_authorizer(s->db, on ? only_reading : NULL, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_VIEW, on, NULL);
}

static int select_next(crm_cursor *cursor)
{
	struct select_cursor *c = (struct select_cursor *)cursor;
	int status = db_step(c->st);

	arena_free(&c->row);
	for (size_t i = 0; status == CRM_OK && i < cursor->n; i++)
		cursor->values[i] = db_is_blob(c->st, (int)i) ? blob_text(c, (int)i) : db_value(c->st, (int)i);
	return c->row.failed ? err_nomem(&c->s->err) : status;
}

static void select_close(crm_cursor *cursor)
{
	struct select_cursor *c = (struct select_cursor *)cursor;

	db_release(c->st);
	restrict_connection(c->s, false);
	arena_free(&c->row);
	arena_free(&c->mem);
	free(c);
}

static bool blank(const char *s)
{
	return s[strspn(s, " \t\r\n;")] == '\0';
}

/* SQLite compiles the first statement only; what follows it must not be silently dropped. */
static int check_single(crm_store *s, const char *sql)
{
	sqlite3_stmt *st = NULL;
	const char *tail = sql;
	int rc, status = CRM_OK;

	if (blank(sql))
		return err_set(&s->err, CRM_INVALID, "sql: there is no statement");
	rc = sqlite3_prepare_v2(s->db, sql, -1, &st, &tail);
	if (rc == SQLITE_AUTH)
		status = err_set(&s->err, CRM_INVALID, "sql: only SELECT is allowed");
	else if ((rc & 0xff) == SQLITE_NOMEM)
		status = err_nomem(&s->err);
	else if (rc != SQLITE_OK)
		status = err_set(&s->err, CRM_INVALID, "sql: %s", sqlite3_errmsg(s->db));
	else if (!st || !blank(tail))
		status = err_set(&s->err, CRM_INVALID, "sql: one statement only");
	else if (!sqlite3_stmt_readonly(st) || sqlite3_column_count(st) == 0)
		status = err_set(&s->err, CRM_INVALID, "sql: only SELECT is allowed");
	else if (sqlite3_bind_parameter_count(st) > 0)
		status = err_set(&s->err, CRM_INVALID, "sql: parameters have no values here");
	sqlite3_finalize(st);
	return status;
}

static int make_columns(struct select_cursor *c)
{
	size_t n = (size_t)db_columns(c->st);
	crm_column *columns = arena_alloc(&c->mem, n * sizeof(*columns));

	c->cursor.values = arena_alloc(&c->mem, n * sizeof(crm_value));
	for (size_t i = 0; columns && i < n; i++) {
		const char *name = db_column_name(c->st, (int)i);

		columns[i].name = columns[i].label = name ? arena_copy(&c->mem, name, strlen(name)) : "";
		columns[i].help = "";
		columns[i].type = CRM_TEXT;
	}
	c->cursor.columns = columns;
	c->cursor.n = n;
	return c->mem.failed ? err_nomem(&c->s->err) : CRM_OK;
}

int crm_sql(crm_cursor **out, crm_store *s, const char *select)
{
	struct select_cursor *c;
	int status;

	if (!s->db)
		return err_set(&s->err, CRM_NOSTORE, "no store is open");
	if (strcasestr(
		    select, "search_index")) /* is connected, which looks like making a table, while that is allowed */
		db_exec(s, "SELECT rowid FROM search_index LIMIT 0");
	restrict_connection(s, true);
	status = check_single(s, select);
	sqlite3_set_authorizer(s->db, only_reading, s);
	c = status == CRM_OK ? calloc(1, sizeof(*c)) : NULL;
	if (!c) {
		restrict_connection(s, false);
		return status < 0 ? status : err_nomem(&s->err);
	}
	c->s = s;
	c->cursor.next = select_next;
	c->cursor.close = select_close;
	status = db_prepare(&c->st, s, select, DB_SCAN | DB_ONCE);
	if (status == CRM_OK)
		status = make_columns(c);
	if (status < 0) {
		select_close(&c->cursor);
		return status;
	}
	*out = &c->cursor;
	return CRM_OK;
}

/* crm-import-sqlite: a table of an SQLite file as JSON lines, for `crm import`. */
#include "cli/out.h"
#include "cli/sandbox.h"
#include "cli/words.h"
#include "helpers/say.h"

#include <config.h>
#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HELPER_NAME PROGRAM_NAME "-import-sqlite"
#define USAGE       HELPER_NAME " [--table NAME] [--type TYPE] [--] FILE"

enum {
	LENGTH_MAX = 256 << 20 /* bytes of a value or row: pictures beside the text are common */
};

/* What an import of a type means when no table is named, and there are several. */
static const struct {
	const char *type, *table;
} usual[] = {
	{ "log", "customer_communication" }, /* of crm's predecessor */
};

static int db_failed(sqlite3 *db)
{
	return say_failed("%s", sqlite3_errmsg(db));
}

/* --- opening --- */

static char *beside(const char *path, const char *ending)
{
	struct strbuf b = { 0 };

	strbuf_printf(&b, "%s%s", path, ending);
	return need_text(&b);
}

/*
 * A file in WAL mode that nobody has open is all there is: SQLite would leave two files beside it only to find that out.
 * With a log beside it, it needs the index of that, which may have to be made.
 */
static bool is_alone(const char *path, const char *log)
{
	unsigned char head[20];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool wal = fd >= 0 && pread(fd, head, sizeof(head), 0) == sizeof(head) && head[19] == 2;
	struct stat st;

	if (fd >= 0)
		close(fd);
	return wal && (stat(log, &st) < 0 || st.st_size == 0);
}

static void enter_sandbox(const char *path, const char *log, bool alone)
{
	cleanup(freep) char *index = beside(path, "-shm"), *journal = beside(path, "-journal");

	if (!alone && access(log, F_OK) == 0) {
		int fd = open(index, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd >= 0)
			close(fd);
	}
	const struct sandbox_path paths[] = { { .path = path }, { .path = log }, { .path = index, .write = true },
		{ .path = journal } };
	sandbox_enter(paths, sizeof(paths) / sizeof(paths[0]));
}

/* As a URI, which alone can say immutable; a path otherwise is not to be taken for one, or for a name with a meaning. */
static char *name_of(const char *path, bool alone)
{
	struct strbuf b = { 0 };

	strbuf_puts(&b, alone ? "file:" : "");
	strbuf_puts(&b, *path == '/' ? "" : "./");
	for (const char *s = path; *s; s++)
		strbuf_printf(&b, alone && strchr("%?#", *s) ? "%%%02x" : "%c", (unsigned char)*s);
	strbuf_puts(&b, alone ? "?immutable=1" : "");
	return need_text(&b);
}

/* The file may be made to harm who reads it: nothing of it is run, nothing is written, nothing else is reached. */
static int open_file(sqlite3 **db, const char *path)
{
	cleanup(freep) char *log = beside(path, "-wal");
	bool alone = is_alone(path, log);
	cleanup(freep) char *name = name_of(path, alone);

	enter_sandbox(path, log, alone);
	int status = sqlite3_open_v2(
		name, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | (alone ? SQLITE_OPEN_URI : 0), NULL);
	need(*db);
	if (status != SQLITE_OK)
		return db_failed(*db);
	sqlite3_db_config(*db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(*db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(*db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(*db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(*db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_limit(*db, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
	sqlite3_limit(*db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_busy_timeout(*db, 30 * 1000);
	/* a file that shrinks under a memory map ends the program */
	if (sqlite3_exec(*db, "PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON; PRAGMA query_only = ON; BEGIN", NULL,
		    NULL, NULL) != SQLITE_OK)
		return db_failed(*db);
	return 0;
}

/* --- which table --- */

struct tables {
	char **names;
	size_t n, cap;
};

static void tables_freep(struct tables *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->names[i]);
	free(t->names);
}

static char *list_of(const struct tables *t)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < t->n; i++)
		strbuf_printf(&b, "%s%s", i ? ", " : "", t->names[i]);
	return need_text(&b);
}

static bool has(const struct tables *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (sqlite3_stricmp(t->names[i], name) == 0)
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The tables whose rows lie in the file; views and virtual tables run what somebody else wrote. */
static int list_tables(sqlite3 *db, struct tables *t)
{
	sqlite3_stmt *st;
	int status = sqlite3_prepare_v2(db, "PRAGMA main.table_list", -1, &st, NULL);

	while (status == SQLITE_OK && (status = sqlite3_step(st)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(st, 1);
		const char *type = (const char *)sqlite3_column_text(st, 2);
		status = SQLITE_OK;
		if (!name || !type || strcmp(type, "table") != 0 || sqlite3_strnicmp(name, "sqlite_", 7) == 0)
			continue;
		t->names = need_room(t->names, t->n, &t->cap, sizeof(*t->names));
		t->names[t->n++] = need_copy(name);
	}
	sqlite3_finalize(st);
	if (t->n > 1)
		qsort(t->names, t->n, sizeof(*t->names), by_name);
	return status == SQLITE_DONE ? 0 : db_failed(db);
}

/* The table to read, or NULL after a message. */
static const char *choose(const struct tables *t, const char *table, const char *type)
{
	cleanup(freep) char *list = list_of(t);

	if (table && has(t, table))
		return table;
	if (table) {
		say("there is no table '%s'; views are not read (tables: %s)", table, list);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (type && strcmp(usual[i].type, type) == 0 && has(t, usual[i].table))
			return usual[i].table;
	if (t->n == 1)
		return t->names[0];
	if (t->n == 0)
		say("there is no table in the file");
	else
		say("which table? --table NAME (tables: %s)", list);
	return NULL;
}

/* --- rows --- */

static void put_string(struct out *o, const char *s, size_t len)
{
	size_t done = 0;

	out_puts(o, "\"");
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		out_write(o, s + done, i - done);
		if (c < ' ')
			out_printf(o, "\\u%04x", (unsigned)c);
		else
			out_printf(o, "\\%c", c);
		done = i + 1;
	}
	out_write(o, s + done, len - done);
	out_puts(o, "\"");
}

static void put_real(struct out *o, double value)
{
	char text[40];

	snprintf(text, sizeof(text), "%.15g", value);
	if (strtod(text, NULL) != value)
		snprintf(text, sizeof(text), "%.17g", value);
	if (isfinite(value))
		out_puts(o, text);
	else
		put_string(o, text, strlen(text));
}

static void put_value(struct out *o, sqlite3_stmt *st, int i, uint64_t *binary)
{
	switch (sqlite3_column_type(st, i)) {
	case SQLITE_INTEGER:
		out_printf(o, "%lld", (long long)sqlite3_column_int64(st, i));
		break;
	case SQLITE_FLOAT:
		put_real(o, sqlite3_column_double(st, i));
		break;
	case SQLITE_TEXT: {
		const char *text = (const char *)need((void *)(uintptr_t)sqlite3_column_text(st, i));
		put_string(o, text, (size_t)sqlite3_column_bytes(st, i));
		break;
	}
	case SQLITE_BLOB:
		binary[i]++;
		out_puts(o, "null");
		break;
	default:
		out_puts(o, "null");
		break;
	}
}

static int write_rows(struct out *o, sqlite3 *db, sqlite3_stmt *st)
{
	int n = sqlite3_column_count(st), status;
	cleanup(freep) uint64_t *binary = need_zeroed((size_t)n, sizeof(*binary));

	while ((status = sqlite3_step(st)) == SQLITE_ROW && !out_error(o)) {
		for (int i = 0; i < n; i++) {
			const char *name = need((void *)(uintptr_t)sqlite3_column_name(st, i));
			out_puts(o, i ? "," : "{");
			put_string(o, name, strlen(name));
			out_puts(o, ":");
			put_value(o, st, i, binary);
		}
		out_puts(o, "}\n");
	}
	if (status != SQLITE_DONE && !out_error(o))
		return db_failed(db);
	for (int i = 0; i < n; i++)
		if (binary[i] > 0)
			say("column '%s': %llu values are binary data, which no field holds: left out",
				sqlite3_column_name(st, i), (unsigned long long)binary[i]);
	return 0;
}

static int write_table(struct out *o, sqlite3 *db, const char *table)
{
	char *sql = need(sqlite3_mprintf("SELECT * FROM main.\"%w\"", table));
	sqlite3_stmt *st = NULL;
	int status = sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK ? write_rows(o, db, st) : db_failed(db);

	sqlite3_finalize(st);
	sqlite3_free(sql);
	return status;
}

static int convert(const char *path, const char *table, const char *type)
{
	cleanup(tables_freep) struct tables tables = { 0 };
	struct out *o = need(out_open(STDOUT_FILENO));
	sqlite3 *db = NULL;
	int status = open_file(&db, path);

	if (!status)
		status = list_tables(db, &tables);
	if (!status)
		table = choose(&tables, table, type);
	if (!status)
		status = table ? write_table(o, db, table) : 1;
	sqlite3_close(db);
	int error = out_close(o);
	return error && !status ? say_failed("cannot write: %s", strerror(error)) : status;
}

/* Where the value of an option goes, NULL: it is none. */
static const char **option(const char *word, const char **table, const char **type)
{
	if (strcmp(word, "--table") == 0)
		return table;
	return strcmp(word, "--type") == 0 ? type : NULL;
}

int main(int argc, char **argv)
{
	const char *file = NULL, *table = NULL, *type = NULL, **value;
	bool words = false;

	say_safety();
	say_about(HELPER_NAME, NULL);
	for (int i = 1; i < argc; i++) {
		if (!words && strcmp(argv[i], "--") == 0)
			words = true;
		else if (!words && i + 1 < argc && (value = option(argv[i], &table, &type)))
			*value = argv[++i];
		else if (file || (!words && argv[i][0] == '-'))
			return say_usage("unexpected '%s' (%s)", argv[i], USAGE);
		else
			file = argv[i];
	}
	if (!file)
		return say_usage("no file is named (%s)", USAGE);
	say_about(HELPER_NAME, file);
	return convert(file, table, type);
}

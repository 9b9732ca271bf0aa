/*
 * A sandbox for tests of the library: an own directory with a new store in it, at a fixed clock, zone and agent.
 *
 * What tests compare is text: rows as `1|Li|-`, ids as `1 3 4`, tables as SQLite itself tells them over a connection
 * of the test's own.
 */
#ifndef TESTS_UNIT_STORE_HELPER_H
#define TESTS_UNIT_STORE_HELPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include <crm/crm.h>

#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NOW         1773115200 /* Tuesday 2026-03-10 12:00 in Shanghai, 04:00 UTC */
#define DAY         86400
#define HOUR        3600
#define ZONE        "Asia/Shanghai"
#define SENTINEL    __attribute__((sentinel))
#define scoped_text cleanup(freep) owned_text

typedef char *owned_text;

struct sandbox {
	char *dir, *path;
	crm_store *s;
};

/* A status with its message: what an assertion shows when it fails. */
#define assert_status(s, expected, call)                                                                               \
	do {                                                                                                           \
		int status_ = (call);                                                                                  \
		if (status_ != (expected))                                                                             \
			fail_msg("%s: status %d instead of %d, '%s'", #call, status_, (expected), crm_errmsg(s));      \
	} while (0)
#define assert_ok(s, call) assert_status(s, CRM_OK, call)
#define assert_refused(s, expected, message, call)                                                                     \
	do {                                                                                                           \
		assert_status(s, expected, call);                                                                      \
		assert_string_equal(crm_errmsg(s), message);                                                           \
	} while (0)

/* --- the directory --- */

static inline char *path_in(const char *dir, const char *name)
{
	char *path;

	assert_true(asprintf(&path, "%s/%s", dir, name) > 0);
	return path;
}

/* In memory where there is such a place: what a disk does is for the fault tests. */
static inline char *new_directory(void)
{
	char *dir = path_in(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", "crm-test-XXXXXX");

	assert_non_null(mkdtemp(dir));
	return dir;
}

static inline int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void remove_directory(char *dir)
{
	nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	free(dir);
}

/* --- handles --- */

static inline crm_store *new_handle(void)
{
	crm_store *s;

	assert_int_equal(crm_store_new(&s), CRM_OK);
	crm_store_set_clock(s, NOW, false);
	assert_ok(s, crm_store_set_zone(s, ZONE));
	assert_ok(s, crm_store_set_agent(s, "chen", "chen"));
	assert_ok(s, crm_store_set_country(s, "CN"));
	return s;
}

static inline crm_store *open_handle(const char *path, crm_open_mode mode)
{
	crm_store *s = new_handle();

	assert_ok(s, crm_store_open(s, path, mode));
	return s;
}

static inline int sandbox_setup(void **state)
{
	struct sandbox *sb = calloc(1, sizeof(*sb));

	assert_non_null(sb);
	sb->dir = new_directory();
	sb->path = path_in(sb->dir, "crm.db");
	sb->s = new_handle();
	assert_ok(sb->s, crm_store_init(sb->s, sb->path, NULL));
	*state = sb;
	return 0;
}

static inline int sandbox_teardown(void **state)
{
	struct sandbox *sb = *state;

	crm_store_close(sb->s);
	remove_directory(sb->dir);
	free(sb->path);
	free(sb);
	return 0;
}

#define sandbox_test(name) cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

static inline crm_store *store_of(void **state)
{
	return ((struct sandbox *)*state)->s;
}

/* --- times, by the C library --- */

static inline int64_t utc(int year, int month, int day, int hour, int minute)
{
	struct tm tm = {
		.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour, .tm_min = minute
	};

	return timegm(&tm);
}

/* A time as text that every zone reads alike. */
static inline const char *epoch(int64_t t)
{
	static char text[4][32];
	static unsigned next;
	char *s = text[next++ % 4];

	snprintf(s, 32, "@%lld", (long long)t);
	return s;
}

/* --- records --- */

static inline const crm_entity *entity(const char *name)
{
	const crm_entity *e = crm_entity_find(name);

	assert_non_null(e);
	return e;
}

static inline int set_fields(crm_record *r, va_list ap)
{
	const char *field;
	int status = CRM_OK;

	while (status == CRM_OK && (field = va_arg(ap, const char *)))
		status = crm_record_set(r, field, va_arg(ap, const char *));
	return status;
}

/* Makes a record of field, value … NULL; the status, and the id in *id when it is not NULL. */
SENTINEL static inline int try_add(int64_t *id, crm_store *s, const char *type, ...)
{
	crm_record *r;
	va_list ap;
	int status;

	assert_ok(s, crm_record_new(&r, s, entity(type)));
	va_start(ap, type);
	status = set_fields(r, ap);
	va_end(ap);
	if (status == CRM_OK)
		status = crm_record_save(r);
	if (status == CRM_OK && id)
		*id = crm_record_id(r);
	crm_record_free(r);
	return status;
}

SENTINEL static inline int try_edit(crm_store *s, const char *type, int64_t id, ...)
{
	crm_record *r;
	va_list ap;
	int status = crm_record_load(&r, s, entity(type), id);

	if (status < 0)
		return status;
	va_start(ap, id);
	status = set_fields(r, ap);
	va_end(ap);
	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

#define add(s, ...)                                                                                                    \
	({                                                                                                             \
		int64_t id_ = 0;                                                                                       \
		assert_ok(s, try_add(&id_, s, __VA_ARGS__, NULL));                                                     \
		id_;                                                                                                   \
	})
#define edit(s, ...) assert_ok(s, try_edit(s, __VA_ARGS__, NULL))

static inline int64_t add_customer(crm_store *s, const char *name)
{
	return add(s, "customer", "name", name);
}

static inline int64_t add_log(crm_store *s, int64_t customer, int64_t at, const char *channel)
{
	char name[24];

	snprintf(name, sizeof(name), "%lld", (long long)customer);
	return add(s, "log", "customer", name, "at", epoch(at), "channel", channel);
}

static inline int try_remove(crm_store *s, const char *type, int64_t id)
{
	return crm_record_remove(s, entity(type), &id, 1, NULL);
}

/* --- values and rows as text --- */

static inline void put_value(struct buf *out, const crm_value *v)
{
	switch (v->kind) {
	case CRM_NULL:
		buf_putc(out, '-');
		break;
	case CRM_INT:
		buf_printf(out, "%lld", (long long)v->i);
		break;
	case CRM_DOUBLE:
		buf_printf(out, "%.6g", v->d);
		break;
	case CRM_STRING:
		assert_int_equal(strlen(v->s), v->len);
		buf_puts(out, v->s);
	}
}

static inline char *field_text(crm_store *s, const char *type, int64_t id, const char *field)
{
	struct buf out = BUF_INIT;
	crm_record *r;
	crm_value v;

	assert_ok(s, crm_record_load(&r, s, entity(type), id));
	v = crm_record_get(r, field);
	put_value(&out, &v);
	crm_record_free(r);
	return buf_take(&out);
}

static inline void check_field(crm_store *s, const char *type, int64_t id, const char *field, const char *expected)
{
	scoped_text got = field_text(s, type, id, field);

	if (strcmp(got, expected) != 0)
		fail_msg("%s %lld: %s is '%s' instead of '%s'", type, (long long)id, field, got, expected);
}

/* Rows with `|` between cells and a newline after each; closes the cursor. */
static inline char *rows_text(crm_store *s, crm_cursor *c)
{
	struct buf out = BUF_INIT;
	int status;

	while ((status = crm_cursor_next(c)) == CRM_OK) {
		for (size_t i = 0; i < crm_cursor_columns(c); i++) {
			buf_puts(&out, i ? "|" : "");
			put_value(&out, crm_cursor_value(c, i));
		}
		buf_putc(&out, '\n');
	}
	assert_status(s, CRM_END, status);
	crm_cursor_close(c);
	buf_puts(&out, "");
	return out.s ? buf_take(&out) : strdup("");
}

/* Ids of the records that the terms find, as `1 3 4`. */
static inline int query_ids(struct buf *out, crm_store *s, const char *type, size_t n, const char *const *terms)
{
	cleanup(freep) int64_t *ids = NULL;
	crm_query *q;
	size_t found = 0;
	int status;

	assert_ok(s, crm_query_new(&q, s, entity(type)));
	status = crm_query_filter(q, n, terms);
	if (status == CRM_OK)
		status = crm_query_sort(q, "id");
	if (status == CRM_OK)
		status = crm_query_collect(&ids, &found, q);
	crm_query_free(q);
	for (size_t i = 0; i < found; i++)
		buf_printf(out, "%s%lld", i ? " " : "", (long long)ids[i]);
	return status;
}

/* --- the file, seen by SQLite alone --- */

static inline sqlite3 *raw_open(const char *path)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	return db;
}

static inline void raw_exec(const char *path, const char *sql)
{
	sqlite3 *db = raw_open(path);
	char *message = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
	sqlite3_close(db);
}

static inline void raw_rows(struct buf *out, sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;
	int rc;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(st); i++) {
			const char *text = (const char *)sqlite3_column_text(st, i);

			buf_printf(out, "%s%s", i ? "|" : "", text ? text : "-");
		}
		buf_putc(out, '\n');
	}
	assert_int_equal(rc, SQLITE_DONE);
	sqlite3_finalize(st);
}

static inline char *raw_text(const char *path, const char *sql)
{
	sqlite3 *db = raw_open(path);
	struct buf out = BUF_INIT;

	raw_rows(&out, db, sql);
	sqlite3_close(db);
	return out.s ? buf_take(&out) : strdup("");
}

static inline int64_t raw_int(const char *path, const char *sql)
{
	scoped_text text = raw_text(path, sql);

	return strtoll(text, NULL, 10);
}

static inline void check_raw(const char *path, const char *sql, const char *expected)
{
	scoped_text got = raw_text(path, sql);

	if (strcmp(got, expected) != 0)
		fail_msg("%s\ngot:\n%sinstead of:\n%s", sql, got, expected);
}

/* Every row of every table of records. The journal is not among them, unless asked for. */
static inline char *dump(const char *path, bool journal)
{
	static const char *const tables[] = { "agent ORDER BY id", "org ORDER BY id", "customer ORDER BY id",
		"contact_point ORDER BY entity, record, kind, position", "record_tag ORDER BY entity, record, tag_fold",
		"field ORDER BY id", "field_value ORDER BY entity, record, field", "log ORDER BY id",
		"followup_policy ORDER BY id", "calendar ORDER BY id", "saved_view ORDER BY id",
		"operation ORDER BY id", "change ORDER BY op, entity, first_id", "import ORDER BY id",
		"sqlite_sequence ORDER BY name" };
	sqlite3 *db = raw_open(path);
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(tables) - (journal ? 0 : 4); i++) {
		scoped_text sql = NULL;

		assert_true(asprintf(&sql, "SELECT * FROM %s", tables[i]) > 0);
		buf_printf(&out, "%.*s\n", (int)strcspn(tables[i], " "), tables[i]);
		raw_rows(&out, db, sql);
	}
	sqlite3_close(db);
	return buf_take(&out);
}

/* --- crm_check --- */

static inline size_t count_problems(crm_store *s, struct buf *found)
{
	crm_cursor *c;
	size_t problems = 0;
	int status;

	assert_ok(s, crm_check(&c, s, false, &problems));
	while ((status = crm_cursor_next(c)) == CRM_OK)
		if (strcmp(crm_cursor_value(c, 1)->s, "problem") == 0)
			buf_printf(found, "%s: %s\n", crm_cursor_value(c, 0)->s, crm_cursor_value(c, 2)->s);
	assert_status(s, CRM_END, status);
	crm_cursor_close(c);
	return problems;
}

static inline void check_sound(crm_store *s)
{
	cleanup(buf_free) struct buf found = BUF_INIT;

	if (count_problems(s, &found) > 0)
		fail_msg("check found:\n%s", buf_str(&found));
}

/* --- files for import --- */

static inline int file_of(const char *data, size_t len)
{
	int fd = memfd_create("import", 0);

	assert_true(fd >= 0);
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, data + done, len - done);

		assert_true(n > 0);
		done += (size_t)n;
	}
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* --- numbers without pattern, the same for the same seed --- */

struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u; /* SplitMix64 */

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static inline size_t random_below(struct random *r, size_t n)
{
	return (size_t)(random_next(r) % n);
}

#endif

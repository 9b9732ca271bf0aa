/*
 * O2: allocations of the library fail, one by one, within a process that watches its memory: under the sanitizers nothing
 * may be used after it was freed, freed twice or lost. What is stored then is for the fault tests (O1), which do the same
 * to the program.
 *
 * Our own calls are wrapped by the linker, those of SQLite go through its own settings.
 */
#include "store_helper.h"

#include <fcntl.h>
#include <stdatomic.h>

/* Every so manieth allocation, unless CRM_LONG=1 is set: then each. Prime, so that they fall on other places each time. */
enum {
	STEP = 7,
	STEP_SANITIZED = 61
};

/* --- allocations that fail --- */

static atomic_ulong count; /* since it was armed */
static unsigned long fail_at;
static bool armed, persistent;

static bool fails(void)
{
	unsigned long n;

	if (!armed)
		return false;
	n = atomic_fetch_add(&count, 1) + 1;
	return n == fail_at || (persistent && n > fail_at);
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return fails() ? NULL : __real_realloc(p, size);
}

char *__wrap_strdup(const char *s)
{
	return fails() ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n)
{
	return fails() ? NULL : __real_strndup(s, n);
}

static sqlite3_mem_methods usual;

static void *sqlite_malloc(int size)
{
	return fails() ? NULL : usual.xMalloc(size);
}

static void *sqlite_realloc(void *p, int size)
{
	return fails() ? NULL : usual.xRealloc(p, size);
}

static void watch_sqlite(void)
{
	sqlite3_mem_methods ours;

	assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual), SQLITE_OK);
	ours = usual;
	ours.xMalloc = sqlite_malloc;
	ours.xRealloc = sqlite_realloc;
	assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &ours), SQLITE_OK);
}

/* --- what is done meanwhile --- */

static int read_rows(crm_cursor *c)
{
	int status;

	while ((status = crm_cursor_next(c)) == CRM_OK)
		;
	crm_cursor_close(c);
	return status == CRM_END ? CRM_OK : status;
}

static int add_one(crm_store *s)
{
	crm_record *r = NULL;
	int status = crm_record_new(&r, s, crm_entity_find("customer"));

	if (status == CRM_OK)
		status = crm_record_set(r, "name", "新来");
	if (status == CRM_OK)
		status = crm_record_set(r, "emails", "work:a@example.com, b@example.com");
	if (status == CRM_OK)
		status = crm_record_set(r, "tags", "vip, a\\,b");
	if (status == CRM_OK)
		status = crm_record_set_custom(r, "colour", "blue");
	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

static int edit_one(crm_store *s)
{
	crm_record *r = NULL;
	int status = crm_record_load(&r, s, crm_entity_find("customer"), 1);

	if (status == CRM_OK)
		status = crm_record_set(r, "city", "Bath");
	if (status == CRM_OK)
		status = crm_record_take(r, "tags", "vip");
	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

static int remove_one(crm_store *s)
{
	const int64_t id = 1;
	size_t n;

	return crm_record_remove(s, crm_entity_find("customer"), &id, 1, &n);
}

static int undo(crm_store *s)
{
	int64_t undone;

	return crm_undo(&undone, s, 0);
}

static int list(crm_store *s)
{
	const char *const terms[] = { "city:Leeds", "or", "name:~li|wei", "or", "tag:vip" };
	crm_query *q = NULL;
	crm_cursor *c;
	int status = crm_query_new(&q, s, crm_entity_find("customer"));

	if (status == CRM_OK)
		status = crm_query_filter(q, ARRAY_SIZE(terms), terms);
	if (status == CRM_OK)
		status = crm_query_fields_all(q);
	if (status == CRM_OK)
		status = crm_query_sort(q, "-name,city");
	if (status == CRM_OK)
		status = crm_query_open(&c, q);
	crm_query_free(q);
	return status == CRM_OK ? read_rows(c) : status;
}

static int due(crm_store *s)
{
	const crm_due_options opt = { .limit = -1 };
	crm_cursor *c;
	int status = crm_followup_due(&c, s, &opt);

	return status == CRM_OK ? read_rows(c) : status;
}

static int search(crm_store *s)
{
	const char *const terms[] = { "lamp" };
	const crm_search_options opt = { .terms = terms, .nterms = 1, .limit = -1 };
	crm_cursor *c;
	int status = crm_search(&c, s, &opt);

	return status == CRM_OK ? read_rows(c) : status;
}

static int history(crm_store *s)
{
	crm_cursor *c;
	int status = crm_history_record(&c, s, crm_entity_find("customer"), 1);

	return status == CRM_OK ? read_rows(c) : status;
}

static int summary(crm_store *s)
{
	const crm_report_options opt = { 0 };
	crm_cursor *c;
	int status = crm_report_run(&c, s, crm_report_find("summary"), &opt);

	return status == CRM_OK ? read_rows(c) : status;
}

static int check(crm_store *s)
{
	size_t problems;
	crm_cursor *c;
	int status = crm_check(&c, s, 0, &problems);

	return status == CRM_OK ? read_rows(c) : status;
}

static void no_note(uint64_t line, const char *field, const char *reason, void *payload)
{
	(void)line, (void)field, (void)reason, (void)payload;
}

static int import(crm_store *s)
{
	static const char rows[] = "key,name,email,phone,tags\nK1,Wei,wei@example.com,13800138000,\"a, b\"\n"
				   "K2,Li Wei,li@example.com,,vip\nK3,王芳,,010-62345678,\n";
	int fd = file_of(rows, sizeof(rows) - 1);
	const crm_import_options opt = { .file = "rows.csv" };
	crm_import_result result;
	int status = crm_import(&result, s, crm_entity_find("customer"), fd, &opt, no_note, NULL);

	close(fd);
	return status;
}

static int write_dump(crm_store *s)
{
	int fd = file_of("", 0), status = crm_dump(s, fd, true);

	close(fd);
	return status;
}

/* --- points --- */

struct kept {
	char *bytes;
	size_t len;
};

static void keep_store(struct kept *kept, const char *path)
{
	struct buf b = BUF_INIT;
	char piece[65536];
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	for (size_t n; (n = fread(piece, 1, sizeof(piece), f)) > 0;)
		buf_add(&b, piece, n);
	fclose(f);
	kept->len = b.len;
	kept->bytes = buf_take(&b);
	assert_non_null(kept->bytes);
}

static void put_store(const struct kept *kept, const char *path)
{
	scoped_text wal = NULL;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(asprintf(&wal, "%s-wal", path) > 0);
	unlink(wal);
	assert_true(fd >= 0 && write_all(fd, kept->bytes, kept->len));
	close(fd);
}

static int whole_life(const char *path, int (*act)(crm_store *s), bool *known)
{
	crm_store *s = NULL;
	int status = crm_store_new(&s);

	*known = true;
	if (status < 0)
		return status;
	crm_store_set_clock(s, NOW, true);
	status = crm_store_set_zone(s, ZONE);
	if (status == CRM_OK)
		status = crm_store_set_agent(s, "chen", "chen");
	if (status == CRM_OK)
		status = crm_store_set_country(s, "CN");
	if (status == CRM_OK)
		status = crm_store_open(s, path, CRM_OPEN_WRITE);
	if (status == CRM_OK)
		status = act(s);
	*known = status == CRM_OK || status == CRM_NOMEM || crm_store_out_of_memory(s);
	crm_store_close(s);
	return status;
}

/* False when all allocations were passed by: there is no such point. */
static bool point(const char *path, const struct kept *kept, int (*act)(crm_store *s), unsigned long at, bool on)
{
	bool known;
	int status;

	put_store(kept, path);
	count = 0;
	fail_at = at;
	persistent = on;
	armed = true;
	status = whole_life(path, act, &known);
	armed = false;
	if (!known)
		fail_msg("allocation %lu%s: status %d, which is not that memory was short", at,
			on ? " and all after" : "", status);
	return count >= at;
}

static void torture(void **state, int (*act)(crm_store *s))
{
	struct sandbox *sb = *state;
	const char *all = getenv("CRM_LONG");
	const char *sanitized = getenv("SANITIZED");
	unsigned long step = all && *all ? 1 : sanitized && strcmp(sanitized, "yes") == 0 ? STEP_SANITIZED : STEP;
	struct kept kept;
	bool known;

	crm_store_close(sb->s);
	keep_store(&kept, sb->path);
	assert_int_equal(whole_life(sb->path, act, &known), CRM_OK);
	for (unsigned long at = 1; point(sb->path, &kept, act, at, false); at += step)
		point(sb->path, &kept, act, at, true);
	free(kept.bytes);
	put_store(&(struct kept){ 0 }, sb->path);
	sb->s = new_handle();
}

/* A store with some of everything. */
static int setup(void **state)
{
	crm_store *s;

	sandbox_setup(state);
	s = store_of(state);
	add(s, "customer", "name", "Li Wei", "email", "li@example.com", "tags", "vip", "city", "Leeds");
	add(s, "customer", "name", "张三", "note", "a long note about the lamp that was sent");
	add(s, "field", "entity", "customer", "name", "colour");
	add(s, "log", "customer", "1", "channel", "phone", "content", "about a lamp");
	add(s, "ticket", "customer", "1", "type", "question", "subject", "lamp");
	add(s, "followup", "customer", "1", "due", "2026-03-09");
	add(s, "order", "customer", "1", "number", "N1", "amount", "12.50 EUR");
	return 0;
}

#define TORTURE(name)                                                                                                  \
	static void name##_with_too_little_memory(void **state)                                                        \
	{                                                                                                              \
		torture(state, name);                                                                                  \
	}
TORTURE(add_one)
TORTURE(edit_one)
TORTURE(remove_one)
TORTURE(undo)
TORTURE(import)
TORTURE(list)
TORTURE(due)
TORTURE(search)
TORTURE(history)
TORTURE(summary)
TORTURE(check)
TORTURE(write_dump)

#define torture_test(name) cmocka_unit_test_setup_teardown(name##_with_too_little_memory, setup, sandbox_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		torture_test(add_one),
		torture_test(edit_one),
		torture_test(remove_one),
		torture_test(undo),
		torture_test(import),
		torture_test(list),
		torture_test(due),
		torture_test(search),
		torture_test(history),
		torture_test(summary),
		torture_test(check),
		torture_test(write_dump),
	};

	watch_sqlite();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

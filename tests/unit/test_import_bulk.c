/*
 * Large imports take another way than small ones: maps instead of indexes, indexes dropped and built again. The same
 * random rows in one large file and in many small ones must come to the same. IMPORT_SEED repeats a run.
 */
#include "import_helper.h"

enum {
	ROWS = 6000,
	PIECE = 1000, /* small: goes over the indexes */
	STORED = 300  /* customers that are there before */
};

struct file {
	const char *header;
	char *lines[ROWS];
	size_t n;
};

static void file_free(struct file *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->lines[i]);
}

/* Rows from..to with the header, as one file. */
static char *part(const struct file *f, size_t from, size_t to)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s\n", f->header);
	for (size_t i = from; i < to; i++)
		buf_puts(&b, f->lines[i]);
	return buf_take(&b);
}

static void add_line(struct file *f, struct random *r, int repeat_percent, struct buf *line)
{
	/* Some rows are there twice, word for word. */
	if (f->n > 0 && random_below(r, 100) < (size_t)repeat_percent)
		f->lines[f->n] = strdup(f->lines[random_below(r, f->n)]);
	else
		f->lines[f->n] = strdup(buf_str(line));
	f->n++;
}

static const char *some(struct random *r, const char *const *words, size_t n)
{
	return words[random_below(r, n)];
}
#define SOME(r, ...) some(r, (const char *const[]){ __VA_ARGS__ }, ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })))

/* Customers with a key and perhaps a shared phone, without one but with an e-mail; one in fifty has something wrong. */
static void make_customers(struct file *f, struct random *r, bool children)
{
	f->header = children ? "key,name,phone,email,city,birthday,do_not_call,tags,phones,size,owner"
			     : "key,name,phone,email,city,birthday,do_not_call";
	for (size_t i = 0; i < ROWS; i++) {
		struct buf line = BUF_INIT;
		bool keyed = random_below(r, 10) > 0, wrong = random_below(r, 50) == 0;

		if (keyed)
			buf_printf(
				&line, "K%zu,%s %zu,1380013%04zu,", i, SOME(r, "Li", "张三"), i, random_below(r, 2000));
		else
			buf_printf(&line, ",Nokey %zu,,", i);
		buf_printf(&line, "e%zu@b.cn,%s,%s,%s", i, SOME(r, "北京", "上海", ""),
			wrong ? "1990-02-30" : SOME(r, "1990", "", "1985-12-31"), SOME(r, "yes", "no", ""));
		if (children)
			buf_printf(&line, ",%s,%s,%s,%s", SOME(r, "", "a", "\"b, a\"", "c"),
				SOME(r, "", "w:010-65529988"), SOME(r, "", "1", "2"), SOME(r, "", "wang", "zhao"));
		buf_putc(&line, '\n');
		add_line(f, r, 5, &line);
		buf_free(&line);
	}
}

static void make_logs(struct file *f, struct random *r)
{
	/* agent and duration are never blank: what they fill in depends on what was stored before the file */
	f->header = "customer,at,channel,direction,subject,internal,agent,duration";
	for (size_t i = 0; i < ROWS; i++) {
		struct buf line = BUF_INIT;
		bool wrong = random_below(r, 50) == 0;
		const char *subject = SOME(r, ",", "x,yes", "y,no", "z,");

		buf_printf(&line, "%s%zu,@%lld,%s,%s,%s,%s,%s\n", wrong ? "99999" : "", 1 + random_below(r, STORED),
			(long long)(NOW - (int64_t)random_below(r, 20) * DAY), SOME(r, "chat", "phone"),
			SOME(r, "in", ""), subject, SOME(r, "wang", "zhao"), SOME(r, "60", "90"));
		add_line(f, r, 5, &line);
		buf_free(&line);
	}
}

/* What is there before: some of the file's customers with other values, and some of its own. */
static void fill(crm_store *s)
{
	char key[16], phone[16];

	add(s, "agent", "name", "wang");
	add(s, "agent", "name", "zhao");
	add(s, "field", "entity", "customer", "name", "size");
	assert_ok(s, crm_begin(s, "fill"));
	for (int i = 0; i < STORED; i++) {
		snprintf(key, sizeof(key), "%s%d", i % 2 ? "K" : "X", i);
		snprintf(phone, sizeof(phone), "1390013%04d", i);
		add(s, "customer", "name", "Stored", "key", key, "phone", phone, "tags", i % 3 ? "" : "old", "city",
			"stored");
	}
	assert_ok(s, crm_commit(s));
}

struct totals {
	uint64_t read, created, updated, unchanged, conflicts, rejected;
};

static void import_part(struct totals *t, crm_store *s, const char *type, const struct file *f, size_t from, size_t to)
{
	scoped_text text = part(f, from, to);
	scoped_outcome o = IMPORT(s, type, text, .partial = true);

	if (o.status != CRM_OK && o.status != CRM_REJECTED)
		fail_msg("status %d, '%s'", o.status, crm_errmsg(s));
	t->read += o.result.read;
	t->created += o.result.created;
	t->updated += o.result.updated;
	t->unchanged += o.result.unchanged;
	t->conflicts += o.result.conflicts;
	t->rejected += o.result.rejected;
}

static void check_totals(const struct totals *a, const struct totals *b)
{
	assert_int_equal(a->read, b->read);
	assert_int_equal(a->created, b->created);
	assert_int_equal(a->updated, b->updated);
	assert_int_equal(a->unchanged, b->unchanged);
	assert_int_equal(a->conflicts, b->conflicts);
	assert_int_equal(a->rejected, b->rejected);
}

/* Everything but the numbers of operations, and of communications: a large import leaves gaps there. */
static char *content(const char *path)
{
	sqlite3 *db = raw_open(path);
	struct buf b = BUF_INIT;

	raw_rows(&b, db,
		"SELECT id, external_key, name, name_fold, phone, phone_norm, email, email_norm, city, birthday, "
		"do_not_call, "
		"owner, created_at, updated_at, last_contact_at, last_contact_channel, contacts FROM customer ORDER BY "
		"id");
	raw_rows(&b, db, "SELECT * FROM record_tag ORDER BY entity, record, tag_fold");
	raw_rows(&b, db, "SELECT * FROM contact_point ORDER BY record, kind, position");
	raw_rows(&b, db, "SELECT * FROM field_value ORDER BY record, field");
	raw_rows(&b, db,
		"SELECT customer, at, channel, direction, subject, internal, agent, duration, created_at FROM log"
		" ORDER BY customer, at, channel, direction, subject, internal, agent, duration");
	raw_rows(&b, db, "SELECT name, sql FROM sqlite_schema ORDER BY name");
	sqlite3_close(db);
	return buf_take(&b);
}

static uint64_t seed_of_run(void)
{
	const char *text = getenv("IMPORT_SEED");
	struct timespec ts;
	uint64_t seed;

	clock_gettime(CLOCK_REALTIME, &ts);
	seed = text ? strtoull(text, NULL, 10) : (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
	print_message("# IMPORT_SEED=%llu\n", (unsigned long long)seed);
	return seed;
}

static void check_same_by_both_ways(struct sandbox *sb, const char *type, const struct file *f)
{
	struct totals large = { 0 }, small = { 0 }, again = { 0 };
	scoped_text by_large = NULL, by_small = NULL, after = NULL;
	void *other;
	struct sandbox *sb2;

	sandbox_setup(&other);
	sb2 = other;
	fill(sb->s);
	fill(sb2->s);
	import_part(&large, sb->s, type, f, 0, f->n);
	for (size_t i = 0; i < f->n; i += PIECE)
		import_part(&small, sb2->s, type, f, i, i + PIECE);
	check_totals(&large, &small);
	assert_true(large.created > ROWS / 2 && large.unchanged > 0 && large.rejected > 0);
	by_large = content(sb->path);
	by_small = content(sb2->path);
	assert_string_equal(by_large, by_small);
	check_sound(sb->s);
	/* The same file once more: nothing is new, and nothing is written. */
	crm_store_set_clock(sb->s, NOW + DAY, false);
	import_part(&again, sb->s, type, f, 0, f->n);
	assert_int_equal(again.created, 0);
	assert_int_equal(again.updated, 0);
	assert_int_equal(again.rejected, large.rejected);
	after = content(sb->path);
	assert_string_equal(after, by_large);
	check_sound(sb->s);
	sandbox_teardown(&other);
}

static void customers_come_to_the_same(void **state)
{
	struct random r = { seed_of_run() };
	struct file f = { .n = 0 };

	make_customers(&f, &r, false);
	check_same_by_both_ways(*state, "customer", &f);
	file_free(&f);
}

static void customers_with_tags_and_further_values_too(void **state)
{
	struct random r = { seed_of_run() };
	struct file f = { .n = 0 };

	make_customers(&f, &r, true);
	check_same_by_both_ways(*state, "customer", &f);
	file_free(&f);
}

static void communications_without_keys_come_to_the_same(void **state)
{
	struct random r = { seed_of_run() };
	struct file f = { .n = 0 };

	make_logs(&f, &r);
	check_same_by_both_ways(*state, "log", &f);
	file_free(&f);
}

/* What was stored before is filled in by a large import as by a small one. */
static void large_imports_fill_in_too(void **state)
{
	struct sandbox *sb = *state;
	cleanup(buf_free) struct buf text = BUF_INIT;

	fill(sb->s);
	add(sb->s, "log", "customer", "1", "at", "2026-01-01 10:00", "channel", "chat", "agent", "wang");
	add(sb->s, "log", "customer", "2", "at", "2026-01-01 10:00", "channel", "chat", "duration", "60s");
	buf_puts(&text, "customer,at,channel,agent,duration\n");
	for (int i = 0; i < 5000; i++)
		buf_printf(&text, "%d,@%lld,chat,,\n", 1 + i % STORED, (long long)(NOW - i * 60));
	buf_puts(&text, "1,2026-01-01 10:00,chat,,60\n1,2026-01-01 10:00,chat,zhao,60\n2,2026-01-01 10:00,chat,,60\n");
	{
		scoped_outcome o = IMPORT(sb->s, "log", buf_str(&text), 0);

		check_outcome(sb->s, &o, CRM_OK, "5003 5001 1 1 0 0", NULL);
	}
	check_raw(sb->path,
		"SELECT customer, agent, duration FROM log WHERE customer < 3 AND at < 1767300000 ORDER BY customer, "
		"id",
		"1|wang|60\n1|zhao|60\n2|chen|60\n");
	check_sound(sb->s);
	assert_ok(sb->s, crm_undo(&(int64_t){ 0 }, sb->s, 0));
	check_raw(sb->path, "SELECT customer, agent, duration FROM log ORDER BY id", "1|wang|-\n2|chen|60\n");
	check_sound(sb->s);
}

/* A dry run of the large way counts the same and leaves the file as it was, schema included. */
static void a_large_dry_run_keeps_nothing(void **state)
{
	struct sandbox *sb = *state;
	struct random r = { seed_of_run() };
	struct file f = { .n = 0 };
	cleanup(buf_free) struct buf dry_counts = BUF_INIT, counts = BUF_INIT;
	scoped_text text = NULL, before = NULL, after = NULL;

	make_logs(&f, &r);
	fill(sb->s);
	text = part(&f, 0, f.n);
	before = dump(sb->path, true);
	{
		scoped_outcome dry = IMPORT(sb->s, "log", text, .partial = true, .dry_run = true);

		after = dump(sb->path, true);
		assert_string_equal(after, before);
		check_sound(sb->s);
		{
			scoped_outcome real = IMPORT(sb->s, "log", text, .partial = true);

			assert_int_equal(dry.status, real.status);
			counts_text(&dry_counts, &dry.result);
			counts_text(&counts, &real.result);
			assert_string_equal(buf_str(&dry_counts), buf_str(&counts));
		}
	}
	file_free(&f);
}

static void a_large_import_is_undone(void **state)
{
	struct sandbox *sb = *state;
	struct random r = { seed_of_run() };
	struct file customers = { .n = 0 }, logs = { .n = 0 };
	struct totals t = { 0 };
	scoped_text before = NULL, middle = NULL, full = NULL, after = NULL;

	make_customers(&customers, &r, true);
	make_logs(&logs, &r);
	fill(sb->s);
	before = dump(sb->path, false);
	import_part(&t, sb->s, "customer", &customers, 0, customers.n);
	middle = dump(sb->path, false);
	import_part(&t, sb->s, "log", &logs, 0, logs.n);
	full = dump(sb->path, false);
	assert_ok(sb->s, crm_undo(&(int64_t){ 0 }, sb->s, 0));
	after = dump(sb->path, false);
	assert_string_equal(after, middle);
	free(TAKE_PTR(after));
	assert_ok(sb->s, crm_undo(&(int64_t){ 0 }, sb->s, 0));
	after = dump(sb->path, false);
	assert_string_equal(after, before);
	free(TAKE_PTR(after));
	check_sound(sb->s);
	assert_ok(sb->s, crm_redo(&(int64_t){ 0 }, sb->s));
	assert_ok(sb->s, crm_redo(&(int64_t){ 0 }, sb->s));
	after = dump(sb->path, false);
	assert_string_equal(after, full);
	check_sound(sb->s);
	file_free(&customers);
	file_free(&logs);
}

/* Only new ones are asked for: a repeated row is refused, whichever way the import takes. */
static void insert_only_refuses_what_is_there(void **state)
{
	struct sandbox *sb = *state;
	cleanup(buf_free) struct buf text = BUF_INIT;

	fill(sb->s);
	buf_puts(&text, "customer,at,channel\n");
	for (int i = 0; i < 5000; i++)
		buf_printf(&text, "%d,@%lld,chat\n", 1 + i % STORED, (long long)(NOW - (i < 4999 ? i : 0) * 60));
	buf_printf(&text, "1,@%lld,chat\n", (long long)NOW);
	{
		scoped_outcome o = IMPORT(sb->s, "log", buf_str(&text), .mode = "insert", .partial = true);

		check_outcome(sb->s, &o, CRM_REJECTED, "5001 5000 0 0 1 1", NULL);
	}
}

static void keys_that_matching_leaves_out_are_unique_still(void **state)
{
	struct sandbox *sb = *state;
	cleanup(buf_free) struct buf text = BUF_INIT;

	buf_puts(&text, "key,name,email\n");
	for (int i = 0; i < 5000; i++)
		buf_printf(&text, "K%d,x,e%d@b.cn\n", i < 4999 ? i : 7, i);
	{
		scoped_outcome o = IMPORT(sb->s, "customer", buf_str(&text), .match = "email", .partial = true);

		check_outcome(
			sb->s, &o, CRM_REJECTED, "5000 4999 0 0 1 1", "5001 -: customer 8 has the key 'K7' already\n");
	}
	check_sound(sb->s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(customers_come_to_the_same),
		sandbox_test(customers_with_tags_and_further_values_too),
		sandbox_test(communications_without_keys_come_to_the_same),
		sandbox_test(large_imports_fill_in_too),
		sandbox_test(a_large_dry_run_keeps_nothing),
		sandbox_test(a_large_import_is_undone),
		sandbox_test(insert_only_refuses_what_is_there),
		sandbox_test(keys_that_matching_leaves_out_are_unique_still),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

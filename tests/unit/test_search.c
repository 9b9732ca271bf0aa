/*
 * Words of records: what a filter finds must be what is written in the texts, whether the index is asked or the texts
 * are looked through, after whatever was done to them. SEARCH_SEED repeats the random run.
 */
#include "import_helper.h"
#include "model/search.h"
#include "store/search.h"

enum {
	STEPS = 1500,
	QUERIES = 6 /* after each step */
};

struct world {
	struct sandbox *sb;
	crm_store *s;
	sqlite3 *db; /* the test's own eyes */
	struct random random;
	int64_t merge;   /* the last operation that was one */
	int done, found; /* steps that did something; queries that found somebody */
};

static size_t below(struct world *w, size_t n)
{
	return random_below(&w->random, n);
}

/* --- the oracle: texts of few characters, whose words are told here in another way --- */

static const char *const pieces[] = { "退", "款", "货", "Ａ", "a", "B", "b", "1", "é", " ", "，", "-", "\n" };
static const char *const letters[] = { "退", "款", "货", "a", "a", "b", "b", "1", "e" }; /* of the first ones, folded */

enum {
	HANS = 3
};

static void put_text(struct world *w, struct buf *out)
{
	buf_clear(out);
	for (size_t n = below(w, 10); n > 0; n--)
		buf_puts(out, pieces[below(w, ARRAY_SIZE(pieces))]);
}

/* Words between `|`, so that whether a text has some of them side by side is a matter of strstr(). */
static void put_words(struct buf *out, const char *text)
{
	bool open = false;

	buf_putc(out, '|');
	while (*text) {
		size_t k = 0;

		while (k < ARRAY_SIZE(pieces) && strncmp(text, pieces[k], strlen(pieces[k])) != 0)
			k++;
		assert_true(k < ARRAY_SIZE(pieces));
		if (open && (k < HANS || k >= ARRAY_SIZE(letters)))
			buf_putc(out, '|');
		if (k < ARRAY_SIZE(letters))
			buf_puts(out, letters[k]);
		open = k >= HANS && k < ARRAY_SIZE(letters);
		if (k < HANS)
			buf_putc(out, '|');
		text += strlen(pieces[k]);
	}
	buf_puts(out, open ? "|" : "");
}

static bool text_has(const char *text, const char *sought, bool goes_on)
{
	struct buf words = BUF_INIT, wanted = BUF_INIT;
	bool found;

	put_words(&words, text);
	put_words(&wanted, sought);
	if (goes_on)
		buf_truncate(&wanted, wanted.len - 1);
	found = strstr(buf_str(&words), buf_str(&wanted)) != NULL;
	buf_free(&words);
	buf_free(&wanted);
	return found;
}

/* Ids whose texts have the phrase: one row a text, `id, text`. */
static void expect(struct buf *out, struct world *w, const char *type, const char *sought, bool goes_on)
{
	const char *sql =
		strcmp(type, "log") == 0
			? "SELECT id, subject FROM log UNION ALL SELECT id, content FROM log ORDER BY 1"
			: "SELECT id, name FROM customer UNION ALL SELECT id, note FROM customer"
			  " UNION ALL SELECT id, company FROM customer"
			  " UNION ALL SELECT record, tag FROM record_tag WHERE entity = 'customer'"
			  " UNION ALL SELECT record, value FROM field_value WHERE entity = 'customer' ORDER BY 1";
	sqlite3_stmt *st;
	int64_t last = 0;

	assert_int_equal(sqlite3_prepare_v2(w->db, sql, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(st, 0);
		const char *text = (const char *)sqlite3_column_text(st, 1);

		if (id == last || !text || !text_has(text, sought, goes_on))
			continue;
		buf_printf(out, "%s%lld", out->len ? " " : "", (long long)id);
		last = id;
	}
	sqlite3_finalize(st);
}

/* --- what is asked --- */

static void check_query(struct world *w, const char *type, const char *sought, bool goes_on)
{
	cleanup(buf_free) struct buf expected = BUF_INIT, indexed = BUF_INIT, looked = BUF_INIT, term = BUF_INIT;

	buf_printf(&term, "%s%s", sought, goes_on ? "*" : "");
	expect(&expected, w, type, sought, goes_on);
	assert_ok(w->s, query_ids(&indexed, w->s, type, 1, (const char *[]){ buf_str(&term) }));
	assert_ok(w->s, crm_begin(w->s, "test")); /* within an operation texts are looked through */
	assert_ok(w->s, query_ids(&looked, w->s, type, 1, (const char *[]){ buf_str(&term) }));
	crm_rollback(w->s);
	if (strcmp(buf_str(&indexed), buf_str(&expected)) != 0 || strcmp(buf_str(&looked), buf_str(&expected)) != 0)
		fail_msg("%s '%s': the index says '%s', the texts '%s', it is '%s'", type, buf_str(&term),
			buf_str(&indexed), buf_str(&looked), buf_str(&expected));
	w->found += expected.len > 0;
}

static void check_queries(struct world *w)
{
	for (int i = 0; i < QUERIES; i++) {
		cleanup(buf_free) struct buf sought = BUF_INIT;
		bool goes_on = below(w, 3) == 0;

		buf_puts(&sought, pieces[below(w, ARRAY_SIZE(letters))]);
		for (size_t n = below(w, 3); n > 0; n--)
			buf_puts(&sought, pieces[below(w, ARRAY_SIZE(pieces))]);
		buf_puts(&sought, pieces[below(w, ARRAY_SIZE(letters))]);
		if (strspn(buf_str(&sought), "1 -") == sought.len)
			continue; /* numbers have rules of their own */
		check_query(w, i % 2 ? "log" : "customer", buf_str(&sought), goes_on);
	}
}

/* --- what is done --- */

static int64_t pick(struct world *w, const char *type)
{
	cleanup(freep) int64_t *ids = NULL;
	crm_query *q;
	size_t n = 0;

	assert_ok(w->s, crm_query_new(&q, w->s, entity(type)));
	assert_ok(w->s, crm_query_collect(&ids, &n, q));
	crm_query_free(q);
	return n ? ids[below(w, n)] : 0;
}

static int add_or_edit(struct world *w)
{
	cleanup(buf_free) struct buf a = BUF_INIT, b = BUF_INIT;
	bool log = below(w, 2);
	int64_t customer = pick(w, "customer"), id = below(w, 3) ? pick(w, log ? "log" : "customer") : 0;
	char number[24];

	put_text(w, &a);
	put_text(w, &b);
	snprintf(number, sizeof(number), "%lld", (long long)customer);
	if (log && !customer)
		return CRM_OK;
	if (log && id)
		return try_edit(w->s, "log", id, "subject", buf_str(&a), "content", buf_str(&b), NULL);
	if (log)
		return try_add(NULL, w->s, "log", "customer", number, "channel", "phone", "subject", buf_str(&a),
			"content", buf_str(&b), NULL);
	if (id)
		return try_edit(w->s, "customer", id, "company", buf_str(&a), "note", buf_str(&b), NULL);
	/* a Chinese name would be found by its sound as well */
	return try_add(NULL, w->s, "customer", "name", "Ａb", "company", buf_str(&a), "note", buf_str(&b), NULL);
}

static int edit_children(struct world *w)
{
	int64_t id = pick(w, "customer");
	crm_record *r;
	int status;

	if (!id)
		return CRM_OK;
	status = crm_record_load(&r, w->s, entity("customer"), id);
	if (status < 0)
		return status;
	switch (below(w, 4)) {
	case 0:
		status = crm_record_add(r, "tag", below(w, 2) ? "退款a" : "b 货");
		break;
	case 1:
		status = crm_record_take(r, "tag", below(w, 2) ? "退款a" : "b 货");
		break;
	case 2:
		status = crm_record_set(r, "extra", below(w, 2) ? "款 b1" : "");
		break;
	default:
		status = crm_record_set(r, "stage", "lead"); /* no word of it */
	}
	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

static int import_some(struct world *w)
{
	cleanup(buf_free) struct buf csv = BUF_INIT, text = BUF_INIT;
	scoped_outcome o = { 0 };

	buf_puts(&csv, "key,name,note\n");
	for (size_t n = 1 + below(w, 4); n > 0; n--) {
		put_text(w, &text);
		for (char *p = text.s; p && *p; p++)
			if (*p == '\n')
				*p = ' ';
		buf_printf(&csv, "%zu,a,%s\n", below(w, 12), buf_str(&text));
	}
	o = IMPORT(w->s, "customer", buf_str(&csv), .partial = true);
	return o.status;
}

/* The mark somewhere: all of the part is given up, and some of it taken up again. */
static int move_mark(struct world *w)
{
	const crm_entity *e = entity(below(w, 2) ? "log" : "customer");
	cleanup(buf_free) struct buf sql = BUF_INIT;
	struct search_part part;
	struct stmt *st;
	int64_t last;
	int status;

	assert_ok(w->s, crm_begin(w->s, "test"));
	assert_ok(w->s, search_part_read(&part, w->s, crm_entity_name(e)));
	if (part.base)
		assert_ok(w->s, search_part_drop(w->s, crm_entity_name(e), &part));
	assert_ok(w->s, search_last(&last, w->s, crm_entity_name(e)));
	buf_puts(&sql, "SELECT t.id, words(");
	search_texts(&sql, e, "t");
	buf_printf(&sql, ") FROM %s t WHERE t.id <= $1 ORDER BY t.id", crm_entity_name(e));
	assert_ok(w->s, search_part_write(w->s, crm_entity_name(e), &part));
	part.upto = (int64_t)below(w, (size_t)last + 1);
	assert_ok(w->s, db_prepare(&st, w->s, buf_str(&sql), 0));
	db_bind_int(st, 1, part.upto);
	while ((status = db_step(st)) == CRM_OK)
		if (!db_is_null(st, 1))
			assert_ok(w->s, search_put(w->s, part.base + db_int(st, 0), db_text(st, 1), db_bytes(st, 1)));
	assert_int_equal(status, CRM_END);
	db_release(st);
	assert_ok(w->s, search_part_write(w->s, crm_entity_name(e), &part));
	return crm_commit(w->s);
}

static void ignore_kept(const crm_entity *e, int64_t id, const char *why, void *payload)
{
	(void)e, (void)id, (void)why, (void)payload;
}

/* Two customers become one, or the last two that did are two again. */
static int merge_or_part(struct world *w)
{
	int64_t keep = pick(w, "customer"), other = pick(w, "customer");
	crm_merged merged;

	if (below(w, 2))
		return crm_customer_unmerge(w->s, w->merge, ignore_kept, NULL);
	if (!keep || keep == other)
		return CRM_OK;
	if (crm_customer_merge(&merged, w->s, keep, &other, 1, &(crm_merge_options){ 0 }) == CRM_OK) {
		w->merge = merged.operation;
		free(merged.moved);
	}
	return CRM_OK;
}

/* Several changes and, now and then, none of it after all. */
static int do_several(struct world *w)
{
	int status = CRM_OK;

	assert_ok(w->s, crm_begin(w->s, "several"));
	for (size_t n = 1 + below(w, 4); status == CRM_OK && n > 0; n--)
		status = below(w, 2) ? add_or_edit(w) : edit_children(w);
	if (status == CRM_OK && below(w, 3))
		return crm_commit(w->s);
	crm_rollback(w->s);
	return status;
}

static int do_something(struct world *w)
{
	const char *type = below(w, 3) ? "log" : "customer";
	int64_t id, undone;
	crm_cursor *c;

	switch (below(w, 13)) {
	case 0:
		id = pick(w, type);
		return id ? try_remove(w->s, type, id) : CRM_OK;
	case 1:
	case 2:
		return crm_undo(&undone, w->s, 0);
	case 3:
		return crm_redo(&undone, w->s);
	case 4:
		return import_some(w);
	case 5:
		return move_mark(w);
	case 6:
		if (crm_tick(&c, w->s, NULL, false) == CRM_OK)
			crm_cursor_close(c);
		return CRM_OK;
	case 7:
	case 8:
		return edit_children(w);
	case 9:
		return do_several(w);
	case 10:
		return merge_or_part(w);
	default:
		return add_or_edit(w);
	}
}

static void note_wrong(const struct crm_entity *e, int64_t id, const char *what, void *payload)
{
	(void)payload;
	fail_msg("%s %lld: %s", e->name, (long long)id, what);
}

static void index_and_texts_say_the_same(void **state)
{
	const char *seed = getenv("SEARCH_SEED");
	struct world w = { .sb = *state, .s = store_of(state), .random = { seed ? strtoull(seed, NULL, 10) : 6 } };

	w.db = raw_open(w.sb->path);
	add(w.s, "field", "entity", "customer", "name", "extra");
	for (int i = 0; i < STEPS; i++) {
		w.done += do_something(&w) == CRM_OK;
		check_queries(&w);
		assert_ok(w.s, search_check(w.s, note_wrong, NULL));
	}
	sqlite3_close(w.db);
	assert_true(w.done > STEPS / 3 && w.found > STEPS / 2);
	check_sound(w.s);
}

/* --- by hand --- */

static void check_ids(crm_store *s, const char *type, const char *term, const char *expected)
{
	cleanup(buf_free) struct buf got = BUF_INIT;

	assert_ok(s, query_ids(&got, s, type, 1, (const char *[]){ term }));
	if (strcmp(buf_str(&got), expected) != 0)
		fail_msg("%s: found '%s' instead of '%s'", term, buf_str(&got), expected);
}

static void addresses_and_numbers(void **state)
{
	crm_store *s = store_of(state);

	add(s, "customer", "name", "A", "email", "Anna.Li@sales.firm.cn", "phone", "139 1234 5678");
	add(s, "customer", "name", "B", "phone", "010-65529988", "phones", "w:+1 415 555 2671");
	add(s, "customer", "name", "C", "note", "2024-05-01 签了 000123 号");
	for (int i = 0; i < 2; i++) {
		check_ids(s, "customer", "@firm.cn", "1");
		check_ids(s, "customer", "anna.li@sales.firm.cn", "1");
		check_ids(s, "customer", "firm", "1");
		check_ids(s, "customer", "fir", "");
		check_ids(s, "customer", "13912345678", "1");
		check_ids(s, "customer", "139-1234-5678", "1");
		check_ids(s, "customer", "+8613912345678", "1");
		check_ids(s, "customer", "008613912345678", "1");
		check_ids(s, "customer", "139123", "1");
		check_ids(s, "customer", "5678", "1");
		check_ids(s, "customer", "123456", "");
		check_ids(s, "customer", "01065529988", "2");
		check_ids(s, "customer", "(010) 6552 9988", "2");
		check_ids(s, "customer", "65529988", "2");
		check_ids(s, "customer", "4155552671", "2");
		check_ids(s, "customer", "2671", "2");
		check_ids(s, "customer", "2024", "3");
		check_ids(s, "customer", "2024-05", "3");
		check_ids(s, "customer", "202", "");
		check_ids(s, "customer", "202*", "3");
		check_ids(s, "customer", "\"139123\"", "");
		check_ids(s, "customer", "000123", "3");
		check_ids(s, "customer", "000123号", "3");
		if (i == 0) /* and the same where they are looked through */
			assert_ok(s, crm_begin(s, "test"));
	}
	crm_rollback(s);
}

/* No phrase reaches from one field, tag or address into the next. */
static void phrases_stay_in_a_text(void **state)
{
	crm_store *s = store_of(state);

	add(s, "customer", "name", "退", "company", "款 one", "tags", "two three, four", "note", "five\x1fsix");
	check_ids(s, "customer", "退款", "");
	check_ids(s, "customer", "退", "1");
	check_ids(s, "customer", "款-one", "1");
	check_ids(s, "customer", "two-three", "1");
	check_ids(s, "customer", "three-four", "");
	check_ids(s, "customer", "five-six", "");
	check_ids(s, "customer", "six", "1");
}

/* A custom field goes with its values, and comes back with them. */
static void fields_come_and_go(void **state)
{
	crm_store *s = store_of(state);
	int64_t field = add(s, "field", "entity", "customer", "name", "extra"), undone;
	int64_t id = add_customer(s, "A");

	edit(s, "customer", id, "extra", "退款 once");
	check_ids(s, "customer", "退款", "1");
	assert_ok(s, try_remove(s, "field", field));
	check_ids(s, "customer", "退款", "");
	check_sound(s);
	assert_ok(s, crm_undo(&undone, s, 0));
	check_ids(s, "customer", "once", "1");
	check_sound(s);
}

/* What a plain SQLite, without our functions, can find. */
static void the_index_is_readable_by_anybody(void **state)
{
	struct sandbox *sb = *state;

	add_customer(sb->s, "A");
	add(sb->s, "log", "customer", "1", "channel", "phone", "content", "我要退款。Refund!");
	add(sb->s, "log", "customer", "1", "channel", "phone", "content", "款退");
	check_raw(sb->path,
		"SELECT log.id, log.content FROM search_mark m JOIN search_index ON search_index.rowid BETWEEN m.base "
		"+ 1 "
		"AND m.base + m.upto JOIN log ON log.id = search_index.rowid - m.base WHERE m.entity = 'log' AND "
		"search_index MATCH '\"退 款\"'",
		"1|我要退款。Refund!\n");
	check_raw(sb->path, "SELECT count(*) FROM search_index WHERE search_index MATCH 'ref*'", "1\n");
	check_raw(sb->path, "INSERT INTO search_index (search_index) VALUES ('integrity-check')", "");
}

/* A large import lies above the mark until there is time; taking back what is in the index gives its part up. */
static void large_imports(void **state)
{
	struct sandbox *sb = *state;
	cleanup(buf_free) struct buf csv = BUF_INIT;
	crm_store *s = sb->s;
	int64_t undone;
	crm_cursor *c;

	add(s, "customer", "name", "first", "note", "茶");
	buf_puts(&csv, "name,note\n");
	for (int i = 0; i < 5000; i++)
		buf_printf(&csv, "n%d,咖啡%s\n", i, i == 4321 ? "茶" : "");
	{
		scoped_outcome o = IMPORT(s, "customer", buf_str(&csv), 0);

		assert_ok(s, o.status);
	}
	check_raw(sb->path, "SELECT upto FROM search_mark WHERE entity = 'customer'", "1\n");
	check_ids(s, "customer", "茶", "1 4323");
	add(s, "org", "name", "small");
	check_raw(sb->path, "SELECT upto FROM search_mark WHERE entity = 'customer'", "2001\n");
	check_ids(s, "customer", "茶", "1 4323");
	assert_ok(s, crm_tick(&c, s, NULL, true));
	crm_cursor_close(c);
	check_raw(sb->path, "SELECT upto FROM search_mark WHERE entity = 'customer'", "2001\n");
	assert_ok(s, crm_tick(&c, s, NULL, false));
	crm_cursor_close(c);
	check_raw(sb->path, "SELECT upto FROM search_mark WHERE entity = 'customer'", "5001\n");
	check_ids(s, "customer", "茶", "1 4323");
	check_ids(s, "customer", "n4320", "4322");
	assert_ok(s, crm_undo(&undone, s, 2));
	check_raw(
		sb->path, "SELECT upto FROM search_mark WHERE entity IN ('', 'customer') ORDER BY entity", "5001\n0\n");
	check_ids(s, "customer", "茶", "1");
	check_sound(s);
	assert_ok(s, crm_redo(&undone, s));
	check_ids(s, "customer", "茶", "1 4323");
	assert_ok(s, crm_tick(&c, s, NULL, false));
	crm_cursor_close(c);
	check_raw(sb->path, "SELECT upto FROM search_mark WHERE entity IN ('', 'customer') ORDER BY entity", "5001\n");
	check_ids(s, "customer", "茶", "1 4323");
	check_sound(s);
}

static void count_wrong(const struct crm_entity *e, int64_t id, const char *what, void *payload)
{
	struct buf *out = payload;

	buf_printf(out, "%s %lld: %s\n", e->name, (long long)id, what);
}

static void damage_is_found_and_mended(void **state)
{
	struct sandbox *sb = *state;
	cleanup(buf_free) struct buf wrong = BUF_INIT;
	struct search_part part;
	crm_store *s = sb->s;
	size_t problems;
	crm_cursor *c;

	for (int i = 0; i < 5; i++)
		add_customer(s, "anna 王");
	raw_exec(sb->path,
		"UPDATE customer SET name = 'anna 黄', row_sum = NULL WHERE id = 2;"
		"INSERT INTO search_index (search_index, rowid, words) SELECT 'delete', base + 4, 'anna 王' FROM "
		"search_mark WHERE entity = 'customer';"
		"INSERT INTO search_index (rowid, words) SELECT base + 9, 'x' FROM search_mark WHERE entity = "
		"'customer'");
	assert_ok(s, search_check(s, count_wrong, &wrong));
	assert_string_equal(buf_str(&wrong), "customer 2: the index does not have its words as they are\n"
					     "customer 4: the index does not have its words as they are\n"
					     "customer 5: the index has records behind this one, where its mark is\n");
	assert_ok(s, crm_check(&c, s, true, &problems));
	crm_cursor_close(c);
	assert_int_equal(problems, 0);
	check_sound(s);
	check_ids(s, "customer", "黄", "2");
	check_ids(s, "customer", "王", "1 3 4 5");
	assert_ok(s, search_part_read(&part, s, "customer"));
	assert_int_equal(part.upto, 5);
}

/* What was removed is not in the file any more, not even as a part of the index. */
static void erased_words_are_gone(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	int64_t id = add_customer(s, "zyxwvut");

	add_customer(s, "anna");
	for (int i = 0; i < 2; i++) {
		assert_ok(s, crm_begin(s, "erase"));
		if (i == 1) {
			struct search_part part;

			assert_ok(s, search_part_read(&part, s, "customer"));
			assert_ok(s, search_part_drop(s, "customer", &part));
		}
		assert_ok(s, search_touch(s, entity("customer"), id));
		assert_ok(s, db_run(s, "DELETE FROM customer WHERE id = $1", "i", id));
		assert_ok(s, search_erase(s));
		assert_ok(s, crm_commit(s));
		check_raw(sb->path, "SELECT count(*) FROM search_index_data WHERE instr(block, CAST('yxwvut' AS BLOB))",
			"0\n");
		check_ids(s, "customer", "anna", "2");
		id = add_customer(s, "zyxwvut");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(index_and_texts_say_the_same),
		sandbox_test(addresses_and_numbers),
		sandbox_test(phrases_stay_in_a_text),
		sandbox_test(fields_come_and_go),
		sandbox_test(the_index_is_readable_by_anybody),
		sandbox_test(large_imports),
		sandbox_test(damage_is_found_and_mended),
		sandbox_test(erased_words_are_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

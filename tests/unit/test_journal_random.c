/*
 * Random operations on a small store, by a printed seed: after each one the kept facts are what the communications say,
 * and undoing all of a sequence, latest first, leaves every table as it was. JOURNAL_SEED repeats a run.
 */
#include "store_helper.h"

enum {
	SEQUENCES = 300, /* 1000 with CRM_LONG */
	OPERATIONS = 6,  /* a sequence has up to so many, each of up to ACTIONS changes */
	ACTIONS = 4,
	KEEP_EVERY = 25, /* so many sequences are undone, then one stays: the store they start from grows */
	CHECK_EVERY = 50,
	CHAIN_EVERY = 10
};

struct world {
	struct sandbox *sb;
	crm_store *s;
	sqlite3 *db; /* the test's own eyes */
	struct random random;
	unsigned names;
	int done, refused, in_part; /* operations */
	char line[CRM_DIGEST_LINE]; /* one that was kept */
};

static size_t below(struct world *w, size_t n)
{
	return random_below(&w->random, n);
}

static int64_t ask(struct world *w, const char *sql)
{
	sqlite3_stmt *st;
	int64_t v = 0;

	assert_int_equal(sqlite3_prepare_v2(w->db, sql, -1, &st, NULL), SQLITE_OK);
	if (sqlite3_step(st) == SQLITE_ROW)
		v = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return v;
}

/* Ids as the open operation sees them: by the library, since the other connection does not see it yet. */
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

static const char *number(int64_t v)
{
	static char text[4][24];
	static unsigned next;
	char *s = text[next++ % 4];

	snprintf(s, 24, "%lld", (long long)v);
	return s;
}

static const char *one_of(struct world *w, const char *const *words, size_t n)
{
	return words[below(w, n)];
}
#define ONE_OF(w, ...)                                                                                                 \
	one_of(w, (const char *const[]){ __VA_ARGS__ }, ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })))

static const char *some_time(struct world *w)
{
	return epoch(NOW - 5 * DAY + (int64_t)below(w, 8) * DAY); /* few, so that many are equal; some to come */
}

/* --- changes --- */

static int set_something(struct world *w, crm_record *r)
{
	switch (below(w, 9)) {
	case 0:
		return crm_record_set(r, "city", ONE_OF(w, "北京", "上海", ""));
	case 1:
		return crm_record_add(r, "tag", ONE_OF(w, "a", "b,c", "丙", "A"));
	case 2:
		return crm_record_take(r, "tag", ONE_OF(w, "a", "b,c", "丙"));
	case 3:
		return crm_record_set(r, "phones", ONE_OF(w, "", "w:13800138000", "13900139000, h:13800138000"));
	case 4:
		return crm_record_set(r, "phone", ONE_OF(w, "", "13800138000"));
	case 5: {
		int64_t agent = pick(w, "agent");
		scoped_text name = agent ? field_text(w->s, "agent", agent, "name") : strdup("");

		return crm_record_set(r, "owner", name);
	}
	case 6: {
		int64_t org = pick(w, "org");

		return crm_record_set(r, "org", org && below(w, 3) ? number(org) : "");
	}
	case 7: {
		int64_t field = pick(w, "field");
		scoped_text name = field ? field_text(w->s, "field", field, "name") : NULL;

		return name ? crm_record_set(r, name, ONE_OF(w, "", "1", "\"x\" \\ \n")) : CRM_OK;
	}
	default:
		return crm_record_set(r, "birthday", ONE_OF(w, "", "1990", "--05-12", "1990-05-12"));
	}
}

static int save_customer(struct world *w, crm_record *r)
{
	int status = CRM_OK;

	for (size_t n = below(w, 4); status == CRM_OK && n > 0; n--)
		status = set_something(w, r);
	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

static int add_someone(struct world *w)
{
	crm_record *r;

	assert_ok(w->s, crm_record_new(&r, w->s, entity("customer")));
	assert_ok(w->s, crm_record_set(r, "name", ONE_OF(w, "Li", "张三", "O'Brien \"x\" \\")));
	return save_customer(w, r);
}

static int edit_someone(struct world *w)
{
	int64_t id = pick(w, "customer");
	crm_record *r;

	if (!id)
		return CRM_OK;
	assert_ok(w->s, crm_record_load(&r, w->s, entity("customer"), id));
	return save_customer(w, r);
}

static const char *some_channel(struct world *w)
{
	return ONE_OF(w, "phone", "email", "chat", "visit");
}

static int add_some_log(struct world *w)
{
	int64_t customer = pick(w, "customer");

	return customer ? try_add(NULL, w->s, "log", "customer", number(customer), "channel", some_channel(w), "at",
				  some_time(w), "internal", ONE_OF(w, "no", "no", "yes"), NULL)
			: CRM_OK;
}

static int edit_some_log(struct world *w)
{
	int64_t id = pick(w, "log"), customer = pick(w, "customer");

	if (!id)
		return CRM_OK;
	switch (below(w, 4)) {
	case 0: /* to another customer: two owners' facts change */
		return try_edit(w->s, "log", id, "customer", number(customer), NULL);
	case 1:
		return try_edit(w->s, "log", id, "at", some_time(w), NULL);
	case 2:
		return try_edit(w->s, "log", id, "channel", some_channel(w), NULL);
	default:
		return try_edit(w->s, "log", id, "internal", ONE_OF(w, "yes", "no"), NULL);
	}
}

static int add_some_setting(struct world *w)
{
	char name[16];

	snprintf(name, sizeof(name), "n%u", w->names++);
	switch (below(w, 4)) {
	case 0:
		return try_add(NULL, w->s, "org", "name", name, "tags", ONE_OF(w, "", "x, y"), NULL);
	case 1:
		return try_add(NULL, w->s, "agent", "name", name, NULL);
	case 2:
		return ask(w, "SELECT count(*) FROM field") > 6
			       ? CRM_OK
			       : try_add(NULL, w->s, "field", "entity", "customer", "name", name, NULL);
	default:
		return try_add(NULL, w->s, "view", "entity", "customer", "name", name, "filter", "tag:a", NULL);
	}
}

static int remove_something(struct world *w)
{
	const char *type = ONE_OF(w, "customer", "customer", "log", "log", "org", "agent", "field", "view");
	int64_t id = pick(w, type);

	return id ? try_remove(w->s, type, id) : CRM_OK;
}

/* The last is what an import does not do. */
static int (*const actions[])(struct world *) = { add_someone, edit_someone, edit_someone, add_some_log, add_some_log,
	add_some_log, edit_some_log, edit_some_log, add_some_setting, remove_something };

static int act(struct world *w)
{
	return actions[below(w, ARRAY_SIZE(actions))](w);
}

/* A refusal must come before anything of its change is written: the operation goes on. */
static bool is_refusal(int status)
{
	return status == CRM_CONFLICT || status == CRM_EXISTS || status == CRM_NOTFOUND;
}

/* What an import does, to the journal. */
static int import_something(struct world *w)
{
	int status;

	assert_ok(w->s, crm_begin(w->s, "import customer"));
	for (size_t n = 2 + below(w, 2 * ACTIONS); n > 0; n--) {
		status = actions[below(w, ARRAY_SIZE(actions) - 1)](w);
		if (status < 0 && !is_refusal(status))
			return status;
	}
	return crm_commit(w->s);
}

static void count_kept(const crm_entity *e, int64_t id, const char *why, void *payload)
{
	assert_true(e && id > 0 && *why);
	++*(uint64_t *)payload;
}

static int take_back_in_part(struct world *w, int64_t op)
{
	int64_t undone;
	uint64_t kept = 0;
	int status = crm_undo_force(&undone, w->s, op, count_kept, &kept);

	w->in_part += status == CRM_OK && kept > 0;
	/* Some records in the way are no reason to refuse the rest: it is refused only when nothing is left of it. */
	if (status == CRM_CONFLICT && !strstr(crm_errmsg(w->s), "was undone already") &&
		!(kept == 0 && strstr(crm_errmsg(w->s), "each of its records is in the way")))
		fail_msg("%s", crm_errmsg(w->s));
	return status;
}

static int revert_some_import(struct world *w)
{
	char sql[160];
	int64_t op;

	snprintf(sql, sizeof(sql),
		"SELECT id FROM operation WHERE command = 'import customer' AND undone_by IS NULL ORDER BY id DESC"
		" LIMIT 1 OFFSET %zu",
		below(w, 3));
	op = ask(w, sql);
	return op ? take_back_in_part(w, op) : CRM_OK;
}

static int run_operation(struct world *w)
{
	int64_t number_of, last = ask(w, "SELECT max(id) FROM operation");
	int status;

	switch (below(w, 12)) {
	case 11:
		return take_back_in_part(w, last - (int64_t)below(w, 6));
	case 8:
		return import_something(w);
	case 9: /* so that there is something to leave as it is */
		status = import_something(w);
		for (int i = 0; i < 2 && status >= 0; i++)
			if ((status = act(w)) < 0 && is_refusal(status))
				status = CRM_OK;
		return status < 0 ? status : revert_some_import(w);
	case 10:
		return revert_some_import(w);
	case 0:
		return crm_undo(&number_of, w->s, 0);
	case 1:
		return crm_undo(&number_of, w->s, last - (int64_t)below(w, 6));
	case 2:
		return crm_redo(&number_of, w->s);
	case 3:
	case 4:
		return act(w);
	default:
		assert_ok(w->s, crm_begin(w->s, "random"));
		for (size_t n = 1 + below(w, ACTIONS); n > 0; n--) {
			status = act(w);
			if (status < 0 && !is_refusal(status))
				return status;
		}
		if (below(w, 8) == 0) {
			crm_rollback(w->s);
			return CRM_OK;
		}
		return crm_commit(w->s);
	}
}

/* --- what must hold --- */

struct contact {
	int64_t last, count;
	char channel[16];
};

/* The facts of each customer, from all communications, by the test's own reckoning. */
static void reckon(struct world *w, struct contact *facts, int64_t first, int64_t n)
{
	sqlite3_stmt *st;

	assert_int_equal(
		sqlite3_prepare_v2(w->db, "SELECT customer, at, channel FROM log WHERE internal = 0", -1, &st, NULL),
		SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		int64_t at = sqlite3_column_int64(st, 1), i = sqlite3_column_int64(st, 0) - first;
		const char *channel = (const char *)sqlite3_column_text(st, 2);
		struct contact *c = &facts[i];

		assert_true(i >= 0 && i < n);
		/* Of several at the same second the last by name. */
		if (c->count++ == 0 || at > c->last || (at == c->last && strcmp(channel, c->channel) > 0)) {
			c->last = at;
			snprintf(c->channel, sizeof(c->channel), "%s", channel);
		}
	}
	sqlite3_finalize(st);
}

static void check_facts(struct world *w)
{
	int64_t first = ask(w, "SELECT min(id) FROM customer"), n = ask(w, "SELECT max(id) FROM customer") - first + 1;
	struct contact *facts = calloc((size_t)n, sizeof(*facts));
	sqlite3_stmt *st;

	reckon(w, facts, first, n);
	assert_int_equal(
		sqlite3_prepare_v2(w->db, "SELECT id, last_contact_at, last_contact_channel, contacts FROM customer",
			-1, &st, NULL),
		SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(st, 0);
		const struct contact *c = &facts[id - first];
		const char *channel = (const char *)sqlite3_column_text(st, 2);

		assert_int_equal(sqlite3_column_int64(st, 3), c->count);
		assert_int_equal(sqlite3_column_int64(st, 1), c->last);
		assert_int_equal(sqlite3_column_type(st, 1), c->count ? SQLITE_INTEGER : SQLITE_NULL);
		assert_string_equal(channel ? channel : "", c->channel);
	}
	sqlite3_finalize(st);
	free(facts);
}

static void check_references(struct world *w)
{
	assert_int_equal(ask(w, "SELECT count(*) FROM customer WHERE owner IS NOT NULL AND owner NOT IN (SELECT name "
				"FROM agent)"),
		0);
	assert_int_equal(ask(w, "SELECT count(*) FROM record_tag WHERE entity = 'customer' AND record NOT IN"
				" (SELECT id FROM customer)"),
		0);
	assert_int_equal(ask(w, "SELECT count(*) FROM contact_point WHERE record NOT IN (SELECT id FROM customer)"), 0);
	assert_int_equal(ask(w, "SELECT count(*) FROM field_value WHERE record NOT IN (SELECT id FROM customer)"), 0);
}

/* A line that was printed fits the journal of ever after. */
static void check_chain(struct world *w)
{
	char line[CRM_DIGEST_LINE];
	int64_t later;

	if (*w->line)
		assert_ok(w->s, crm_history_verify(&later, w->s, w->line));
	assert_ok(w->s, crm_history_digest(line, w->s));
	assert_ok(w->s, crm_history_verify(&later, w->s, line));
	assert_int_equal(later, 0);
	if (!*w->line || below(w, 50) == 0)
		memcpy(w->line, line, sizeof(line));
}

/* Undos and redos are operations too: they may have taken back what was made before this sequence. */
static void undo_since(struct world *w, int64_t base)
{
	char sql[128];
	int64_t undone;

	for (int64_t op = ask(w, "SELECT max(id) FROM operation"); op > base; op--) {
		snprintf(sql, sizeof(sql), "SELECT count(*) FROM operation WHERE id = %lld AND undone_by IS NULL",
			(long long)op);
		if (ask(w, sql) == 0)
			continue;
		assert_ok(w->s, crm_undo(&undone, w->s, op));
		check_facts(w);
	}
}

static void run_sequence(struct world *w, int number_of)
{
	int64_t base = ask(w, "SELECT max(id) FROM operation");
	scoped_text before = dump(w->sb->path, false), after = NULL;

	for (size_t n = 1 + below(w, OPERATIONS); n > 0; n--) {
		int status;

		assert_ok(w->s, crm_store_set_agent(w->s, ONE_OF(w, "chen", "chen", "wang"), "login"));
		status = run_operation(w);
		w->done++;
		w->refused += status < 0;
		if (status < 0 && !is_refusal(status))
			fail_msg("sequence %d: status %d, '%s'", number_of, status, crm_errmsg(w->s));
		check_facts(w);
		check_references(w);
	}
	if (number_of % CHECK_EVERY == 0)
		check_sound(w->s);
	if (number_of % CHAIN_EVERY == 0)
		check_chain(w);
	if (number_of % KEEP_EVERY == 0)
		return;
	undo_since(w, base);
	after = dump(w->sb->path, false);
	if (strcmp(before, after) != 0)
		fail_msg("sequence %d: before\n%s\nafter\n%s", number_of, before, after);
}

static uint64_t seed_of_run(void)
{
	const char *given = getenv("JOURNAL_SEED");

	return given ? strtoull(given, NULL, 10) : 20260310;
}

static void everything_can_be_undone(void **state)
{
	struct sandbox *sb = *state;
	uint64_t seed = seed_of_run();
	struct world w = { .sb = sb, .s = sb->s, .db = raw_open(sb->path), .random = { seed } };

	print_message("# JOURNAL_SEED=%llu\n", (unsigned long long)seed);
	add(sb->s, "agent", "name", "first");
	add(sb->s, "field", "entity", "customer", "name", "size");
	for (int i = 0; i < 3; i++)
		add_customer(sb->s, "Li");
	for (int i = 1; i <= (getenv("CRM_LONG") ? 1000 : SEQUENCES); i++)
		run_sequence(&w, i);
	check_sound(sb->s);
	/* Most must have done something, and some must have been refused: else this test shows nothing. */
	assert_true(w.refused > w.done / 100 && w.refused < w.done / 2);
	print_message("# %d operations taken back in part\n", w.in_part);
	assert_true(w.in_part > 10);
	sqlite3_close(w.db);
}

int main(void)
{
	const struct CMUnitTest tests[] = { sandbox_test(everything_can_be_undone) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The ledger of erasures: its file, and erasing again what an older store brings back. */
#include "store_helper.h"

/* What FILE-erased says, but for its head. */
static char *ledger_lines(const struct sandbox *sb)
{
	scoped_text path = path_in(sb->dir, "crm.db-erased");
	FILE *f = fopen(path, "r");
	struct buf lines = BUF_INIT;
	char line[512];

	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		if (line[0] != '#')
			buf_puts(&lines, line);
	fclose(f);
	return buf_take(&lines);
}

static void erase(crm_store *s, int64_t id)
{
	bool owed = true;

	assert_ok(s, crm_privacy_erase(s, entity("customer"), &id, 1, NULL));
	assert_ok(s, crm_privacy_scrub(&owed, s));
	assert_false(owed);
}

static int64_t customers(crm_store *s)
{
	crm_query *q;
	int64_t n;

	assert_ok(s, crm_query_new(&q, s, entity("customer")));
	assert_ok(s, crm_query_count(&n, q));
	crm_query_free(q);
	return n;
}

static void write_lines(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static size_t replay_lines(const struct sandbox *sb, const char *text)
{
	scoped_text path = path_in(sb->dir, "ledger");
	crm_ledger *l;
	size_t n = 77;

	write_lines(path, text);
	assert_ok(sb->s, crm_ledger_new(&l));
	assert_ok(sb->s, crm_ledger_add_file(l, sb->s, path));
	assert_ok(sb->s, crm_privacy_replay(&n, sb->s, l));
	crm_ledger_free(l);
	return n;
}

static void a_line_for_each_with_names_in_one_line(void **state)
{
	struct sandbox *sb = *state;
	scoped_text wanted = NULL, lines = NULL;
	int64_t id = add_customer(sb->s, "Ada");

	assert_ok(sb->s, crm_store_set_agent(sb->s, "a\tb\\c", "line\nend"));
	erase(sb->s, id);
	lines = ledger_lines(sb);
	assert_true(asprintf(&wanted, "%d\tcustomer\t1\t1\t%d\ta\\tb\\\\c\tline\\nend\n", NOW, NOW) > 0);
	assert_string_equal(lines, wanted);
}

static void what_came_back_is_erased_again_once(void **state)
{
	struct sandbox *sb = *state;
	char line[128];

	add_customer(sb->s, "Ada");
	add_customer(sb->s, "Bob");
	snprintf(line, sizeof(line), "# a head\n5\tcustomer\t1\t1\t%d\tann\\tb\troot\n", NOW);
	assert_int_equal(replay_lines(sb, line), 1);
	assert_int_equal(customers(sb->s), 1);
	assert_int_equal(replay_lines(sb, line), 0);
	check_raw(sb->path, "SELECT at, agent, login, record, made_op, op IS NOT NULL, traces FROM erasure",
		"5|ann\tb|root|1|1|1|1\n");
}

static void a_number_that_means_another_record_now_is_left_alone(void **state)
{
	struct sandbox *sb = *state;
	char lines[512];

	add_customer(sb->s, "Ada");
	snprintf(lines, sizeof(lines),
		"5\tcustomer\t1\t2\t%d\ta\tb\n" /* made by another operation */
		"5\tcustomer\t1\t1\t%d\ta\tb\n" /* at another time */
		"5\tcustomer\t1\t-\t-\ta\tb\n"  /* nobody knows */
		"5\tlog\t1\t1\t%d\ta\tb\n"      /* another kind */
		"5\tnonsense\t1\t1\t%d\ta\tb\n"
		"5\tcustomer\t9\t1\t%d\ta\tb\n", /* not there */
		NOW, NOW + 1, NOW, NOW, NOW);
	assert_int_equal(replay_lines(sb, lines), 0);
	assert_int_equal(customers(sb->s), 1);
	check_raw(sb->path, "SELECT count(*) FROM erasure WHERE traces = 0", "6\n"); /* kept for an older copy */
}

static void a_line_cut_off_says_nothing_a_foreign_one_is_refused(void **state)
{
	static const char *const wrong[] = { "name,phone\n", "5\tcustomer\t1\t1\n", "x\tcustomer\t1\t1\t1\ta\tb\n",
		"5\tcustomer\t-\t1\t1\ta\tb\n", "5\tcustomer\t1\tx\t1\ta\tb\n" };
	struct sandbox *sb = *state;
	scoped_text path = path_in(sb->dir, "ledger"), none = path_in(sb->dir, "none");
	char line[128];
	crm_ledger *l;

	add_customer(sb->s, "Ada");
	snprintf(line, sizeof(line), "5\tcustomer\t1\t1\t%d\ta\tb", NOW);
	assert_int_equal(replay_lines(sb, line), 0);
	assert_int_equal(replay_lines(sb, ""), 0);
	assert_ok(sb->s, crm_ledger_new(&l));
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		write_lines(path, wrong[i]);
		assert_status(sb->s, CRM_INVALID, crm_ledger_add_file(l, sb->s, path));
	}
	assert_status(sb->s, CRM_NOSTORE, crm_ledger_add_file(l, sb->s, none));
	crm_ledger_free(l);
	assert_int_equal(customers(sb->s), 1);
}

static void entries_go_to_the_file_of_another_place(void **state)
{
	struct sandbox *sb = *state;
	scoped_text before = NULL, after = NULL, path = path_in(sb->dir, "crm.db-erased");
	crm_ledger *l;

	erase(sb->s, add_customer(sb->s, "Ada"));
	erase(sb->s, add_customer(sb->s, "Bob"));
	before = ledger_lines(sb);
	assert_int_equal(unlink(path), 0);
	assert_ok(sb->s, crm_ledger_new(&l));
	assert_ok(sb->s, crm_ledger_add_store(l, sb->s));
	assert_ok(sb->s, crm_ledger_keep(l, sb->s));
	crm_ledger_free(l);
	after = ledger_lines(sb);
	assert_string_equal(after, before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(a_line_for_each_with_names_in_one_line),
		sandbox_test(what_came_back_is_erased_again_once),
		sandbox_test(a_number_that_means_another_record_now_is_left_alone),
		sandbox_test(a_line_cut_off_says_nothing_a_foreign_one_is_refused),
		sandbox_test(entries_go_to_the_file_of_another_place),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}

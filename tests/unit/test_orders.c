/* What orders say of customers: the facts kept of them, sums in filters, classes of rfm. */
#include "store_helper.h"

static int64_t add_order(crm_store *s, int64_t customer, const char *amount, int64_t at)
{
	char name[24];

	snprintf(name, sizeof(name), "%lld", (long long)customer);
	return add(s, "order", "customer", name, "amount", amount, "at", epoch(at));
}

/* --- facts --- */

/* Reproducible numbers from 0 to n - 1. */
static unsigned draw(unsigned *seed, unsigned n)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 16) % n;
}

static void change_something(crm_store *s, unsigned *seed)
{
	static const char *const statuses[] = { "open", "paid", "cancelled", "returned", "" };
	static const char *const amounts[] = { "10 EUR", "-3.50 EUR", "7 USD", "900 JPY", "12.25 EUR", "" };
	const char *amount = amounts[draw(seed, ARRAY_SIZE(amounts))];
	int64_t customer = 1 + draw(seed, 3), order = 1 + draw(seed, 30), undone;
	char number[8];

	snprintf(number, sizeof(number), "%u", draw(seed, 4));
	switch (draw(seed, 5)) {
	case 0:
		crm_undo(&undone, s, 0);
		break;
	case 1:
		try_edit(s, "order", order, "status", statuses[draw(seed, ARRAY_SIZE(statuses))], NULL);
		break;
	case 2:
		try_edit(s, "order", order, "amount", amount, NULL);
		break;
	case 3:
		try_remove(s, "order", order);
		break;
	default:
		order = add_order(s, customer, amount, NOW - (int64_t)draw(seed, 50) * DAY);
		edit(s, "order", order, "number", number, "product", epoch(order));
	}
}

/* The facts of all customers worked out from the lines in another way: each currency's sum first. */
static const char by_hand[] =
	"WITH line AS (SELECT *, coalesce(number, 'line ' || id) AS name FROM sales_order"
	" WHERE coalesce(status, '') NOT IN ('cancelled', 'returned', 'refunded')),"
	" part AS (SELECT customer, currency, sum(amount) AS total FROM line WHERE amount IS NOT NULL GROUP BY 1, 2)"
	" SELECT c.id, (SELECT count(*) FROM (SELECT DISTINCT name FROM line WHERE customer = c.id)),"
	" (SELECT total FROM part WHERE customer = c.id AND (SELECT count(*) FROM part WHERE customer = c.id) = 1),"
	" (SELECT currency FROM part WHERE customer = c.id AND (SELECT count(*) FROM part WHERE customer = c.id) = 1),"
	" (SELECT at FROM line WHERE customer = c.id ORDER BY at DESC LIMIT 1) FROM customer c ORDER BY c.id";

static void check_problems(crm_store *s, size_t problems)
{
	struct buf found = BUF_INIT;

	if (count_problems(s, &found) != problems)
		fail_msg("instead of %zu problems:\n%s", problems, buf_str(&found));
	buf_free(&found);
}

static void facts_follow_whatever_happens(void **state)
{
	struct sandbox *sb = *state;
	unsigned seed = 20260310, mixed = 0, single = 0;

	assert_ok(sb->s, crm_store_set_agent(sb->s, "lin", "lin")); /* so that no undo takes the customers */
	for (int i = 0; i < 3; i++)
		add_customer(sb->s, "Li");
	assert_ok(sb->s, crm_store_set_agent(sb->s, "chen", "chen"));
	for (int i = 0; i < 300; i++) {
		change_something(sb->s, &seed);
		scoped_text expected = raw_text(sb->path, by_hand);

		check_raw(sb->path, "SELECT id, orders, orders_total, orders_currency, last_order_at FROM customer",
			expected);
		mixed += strstr(expected, "|-|-|1") != NULL;
		single += strstr(expected, "|EUR|1") != NULL;
	}
	assert_true(mixed > 20 && single > 20);
	check_sound(sb->s);
}

static void wrong_facts_are_found_and_mended(void **state)
{
	static const char *const damages[] = { "orders = 5", "orders_total = 1", "orders_currency = 'USD'",
		"orders_total = NULL, orders_currency = NULL", "last_order_at = 5" };
	struct sandbox *sb = *state;
	const char *facts = "SELECT orders, orders_total, orders_currency, last_order_at FROM customer";

	add_customer(sb->s, "Li");
	add_order(sb->s, 1, "12.50 EUR", NOW - DAY);
	scoped_text right = raw_text(sb->path, facts);

	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		scoped_text sql = NULL;
		size_t problems = 0;
		crm_cursor *c;

		assert_true(asprintf(&sql, "UPDATE customer SET %s", damages[i]) > 0);
		raw_exec(sb->path, sql);
		check_problems(sb->s, 1);
		assert_ok(sb->s, crm_check(&c, sb->s, true, &problems));
		free(rows_text(sb->s, c));
		assert_int_equal(problems, 0);
		check_raw(sb->path, facts, right);
	}
}

/* --- sums in filters --- */

static void check_sum(crm_store *s, const char *term, const char *expected)
{
	struct buf got = BUF_INIT;

	assert_ok(s, query_ids(&got, s, "customer", 1, &term));
	if (strcmp(buf_str(&got), expected) != 0)
		fail_msg("%s finds '%s' instead of '%s'", term, buf_str(&got), expected);
	buf_free(&got);
}

static void a_sum_is_in_one_currency(void **state)
{
	static const char *const terms[] = { "orders.total:>10", "orders.total:5..10", "not:orders.total:10" };
	crm_store *s = store_of(state);
	struct buf none = BUF_INIT;

	for (int i = 0; i < 3; i++)
		add_customer(s, "Li");
	add_order(s, 1, "20 EUR", NOW);
	add_order(s, 2, "20 EUR", NOW);
	add_order(s, 2, "20 USD", NOW);
	add_order(s, 2, "-12 EUR", NOW);
	for (size_t i = 0; i < ARRAY_SIZE(terms); i++)
		assert_status(s, CRM_INVALID, query_ids(&none, s, "customer", 1, &terms[i]));
	check_sum(s, "orders.total:>5EUR", "1 2");
	check_sum(s, "orders.total:>8EUR", "1");
	check_sum(s, "orders.total:>5 USD", "2");
	check_sum(s, "not:orders.total:>8EUR", "2 3");
	assert_ok(s, crm_store_set_currency(s, "USD"));
	check_sum(s, "orders.total:>5", "2");
	check_sum(s, "orders.total:..20", "2");
	check_sum(s, "orders.total:5..9EUR", "2");
	buf_free(&none);
}

/* --- rfm --- */

/* In each of n customers' cases the classes are runs as NTILE(5) makes them, whatever n leaves by five. */
static void classes_are_fifths(void **state)
{
	crm_store *s = store_of(state);

	for (int n = 1; n <= 17; n++) {
		struct buf expected = BUF_INIT;
		crm_cursor *c;

		add_customer(s, "Li");
		add_order(s, n, "5 EUR", NOW - (100 - n) * DAY); /* each more recent than those before */
		for (int class = 1; class <= 5; class ++)
			for (int i = 0; i < n / 5 + (class <= n % 5); i++)
				buf_printf(&expected, "%d|1|1\n", class);
		assert_ok(s, crm_report_run(&c, s, crm_report_find("rfm"), &(crm_report_options){ .fields = "r,f,m" }));
		scoped_text got = rows_text(s, c);

		if (strcmp(got, buf_str(&expected)) != 0)
			fail_msg("%d customers\ngot:\n%sinstead of:\n%s", n, got, expected.s);
		buf_free(&expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(facts_follow_whatever_happens),
		sandbox_test(wrong_facts_are_found_and_mended),
		sandbox_test(a_sum_is_in_one_currency),
		sandbox_test(classes_are_fifths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

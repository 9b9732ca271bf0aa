/* What the journal keeps to be compared later: images with their salts, hashes of images, digests of operations. */
#include "store_helper.h"

static char *ask(crm_store *s, const char *select)
{
	crm_cursor *c;

	assert_ok(s, crm_sql(&c, s, select));
	return rows_text(s, c);
}

static void check_sql(crm_store *s, const char *select, const char *expected)
{
	scoped_text got = ask(s, select);

	assert_string_equal(got, expected);
}

/* --- images --- */

static void an_image_has_a_salt_of_its_own(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_text history = NULL;
	crm_cursor *c;

	assert_ok(s, crm_begin(s, "add"));
	for (int i = 0; i < 100; i++)
		add_customer(s, "Li");
	assert_ok(s, crm_commit(s));
	assert_ok(s, crm_begin(s, "edit"));
	for (int i = 1; i <= 100; i++)
		edit(s, "customer", i, "city", "x");
	assert_ok(s, crm_commit(s));
	check_raw(sb->path,
		"SELECT count(DISTINCT image ->> '$.~'), min(length(image ->> '$.~')), count(*) FROM change "
		"WHERE image IS NOT NULL",
		"100|16|100\n");
	check_raw(sb->path, "SELECT count(*) FROM change WHERE image ->> '$.~' GLOB '*[^A-Za-z0-9_-]*'", "0\n");
	assert_ok(s, crm_history_record(&c, s, entity("customer"), 7));
	history = rows_text(s, c);
	assert_string_equal(history, "2|1773115200|chen|edit|city|-|x\n1|1773115200|chen|add|created|-|-\n");
}

/* SHA-256 of "abc": FIPS 180-2, appendix B. */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static void an_erased_image_keeps_its_hash(void **state)
{
	crm_store *s = store_of(state);

	check_sql(s, "SELECT image_hash('abc')", ABC "\n");
	check_sql(s, "SELECT image_hash(NULL)", "-\n");
	check_sql(s, "SELECT image_hash('{\"erased\":\"" ABC "\"}')", ABC "\n");
	/* Whatever else looks like it is hashed as it is. */
	check_sql(s, "SELECT image_hash('{\"erased\":\"" ABC "0\"}') = '" ABC "'", "0\n");
	check_sql(s, "SELECT image_hash('{\"erased\":\"" ABC "\"} ') = '" ABC "'", "0\n");
	check_sql(s, "SELECT image_hash(' {\"erased\":\"" ABC "\"}') = '" ABC "'", "0\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(an_image_has_a_salt_of_its_own),
		sandbox_test(an_erased_image_keeps_its_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

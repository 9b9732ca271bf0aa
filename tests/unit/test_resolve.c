/* Naming a record, for reading, writing and destroying; completion of names. */
#include "store_helper.h"

enum {
	LI = 1,
	ZHANG_SAN,
	ZHANG_WEI,
	LI_SI,
	LI_SIYUAN,
	FATHER,
	MOTHER,
	SHORT_PHONE,
	DIGITS
};

static int town_setup(void **state)
{
	crm_store *s;

	sandbox_setup(state);
	s = store_of(state);
	add(s, "customer", "name", "Li", "key", "ERP-17", "email", "li@example.com", "phone", "138 0013 8000");
	add(s, "customer", "name", "张三", "emails", "work:zs@example.com", "phones", "home:010-6552 9988");
	add(s, "customer", "name", "张伟", "key", "17");
	add(s, "customer", "name", "Li Si");
	add(s, "customer", "name", "Li Siyuan");
	add(s, "customer", "name", "Father", "phone", "+86 139 0013 9000");
	add(s, "customer", "name", "Mother", "phones", "13900139000", "email", "family@example.com");
	add(s, "customer", "name", "Short", "phone", "+4930123456");
	assert_int_equal(add(s, "customer", "name", "12345", "key", "a:b"), DIGITS);
	return 0;
}

static void check_all(crm_store *s, const char *name, int read, int write, int destroy)
{
	const int expected[] = { read, write, destroy };

	for (crm_name_use use = CRM_NAME_READ; use <= CRM_NAME_DESTROY; use++) {
		int64_t id = 0;
		int status = crm_resolve(&id, s, entity("customer"), name, use);

		if ((status == CRM_OK ? (int)id : status) != expected[use])
			fail_msg("'%s' for use %d: status %d, id %lld, '%s'; expected %d", name, (int)use, status,
				(long long)id, crm_errmsg(s), expected[use]);
	}
}

static void every_form_names_its_record(void **state)
{
	enum {
		GONE = CRM_NOTFOUND,
		TWO = CRM_AMBIGUOUS,
		NO = CRM_INVALID
	};
	static const struct {
		const char *name;
		int read, write, destroy;
	} cases[] = {
		{ "1", LI, LI, LI },
		{ "id:2", ZHANG_SAN, ZHANG_SAN, ZHANG_SAN },
		{ "key:ERP-17", LI, LI, LI },
		{ "key:17", ZHANG_WEI, ZHANG_WEI, ZHANG_WEI },
		{ "key:a:b", DIGITS, DIGITS, DIGITS },
		{ "17", GONE, GONE, GONE },   /* digits are an id */
		{ "ERP-17", GONE, GONE, NO }, /* a key is said */
		{ "li@example.com", LI, LI, NO },
		{ "LI@EXAMPLE.com", LI, LI, NO },
		{ "email:zs@example.com", ZHANG_SAN, ZHANG_SAN, NO },
		{ "13800138000", LI, LI, GONE }, /* no such id */
		{ "+86 138-0013-8000", LI, LI, NO },
		{ "(010) 65529988", ZHANG_SAN, ZHANG_SAN, NO },
		{ "phone:01065529988", ZHANG_SAN, ZHANG_SAN, NO },
		{ "13900139000", TWO, TWO, GONE }, /* a family shares it */
		{ "family@example.com", MOTHER, MOTHER, NO },
		{ "张三", ZHANG_SAN, ZHANG_SAN, NO },
		{ "张", TWO, GONE, NO }, /* a beginning is for reading */
		{ "张伟", ZHANG_WEI, ZHANG_WEI, NO },
		{ "li", LI, LI, NO }, /* exact before prefix */
		{ "ＬＩ　ＳＩ", LI_SI, LI_SI, NO },
		{ "li siy", LI_SIYUAN, GONE, NO },
		{ "name:li siy", LI_SIYUAN, GONE, NO },
		{ "name:Li", LI, LI, NO },
		{ "name:12345", DIGITS, DIGITS, NO }, /* a name of digits is said */
		{ "12345", GONE, GONE, GONE },
		{ "id:0", GONE, GONE, GONE },
		{ "id:x", GONE, GONE, GONE },
		{ "99999999999999999999", GONE, GONE, GONE },
		{ "nobody", GONE, GONE, NO },
		{ "nobody@example.com", GONE, GONE, NO },
		{ "key:", GONE, GONE, GONE },
		{ "", GONE, GONE, GONE },
		{ "-1", GONE, GONE, NO },
		{ "%", GONE, GONE, NO },
		{ "'; DROP TABLE customer; --", GONE, GONE, NO },
		{ "\xff", NO, NO, NO },
	};
	crm_store *s = store_of(state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_all(s, cases[i].name, cases[i].read, cases[i].write, cases[i].destroy);
}

/* From seven digits on a number may be a phone; when there is such an id it is the id. */
static void digits_are_an_id_first(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	int64_t id;

	raw_exec(sb->path, "UPDATE sqlite_sequence SET seq = 65529987 WHERE name = 'customer'");
	add(s, "customer", "name", "Wang", "phone", "010-12345678");
	check_all(s, "65529988", 65529988, 65529988, 65529988);
	assert_ok(s, crm_resolve(&id, s, entity("customer"), "phone:010-65529988", CRM_NAME_READ));
	assert_int_equal(id, ZHANG_SAN);
}

static void messages_name_the_candidates(void **state)
{
	crm_store *s = store_of(state);
	int64_t id;

	assert_refused(s, CRM_AMBIGUOUS, "customer '张' is ambiguous: 2 张三, 3 张伟",
		crm_resolve(&id, s, entity("customer"), "张", CRM_NAME_READ));
	assert_refused(s, CRM_AMBIGUOUS, "customer '13900139000' is ambiguous: 6 Father, 7 Mother",
		crm_resolve(&id, s, entity("customer"), "13900139000", CRM_NAME_WRITE));
	assert_refused(s, CRM_NOTFOUND,
		"there is no customer 'zhao' (crm search looks everywhere, crm customer add writes down a new one)",
		crm_resolve(&id, s, entity("customer"), "zhao", CRM_NAME_READ));
	assert_refused(s, CRM_INVALID, "customer '张三': here only an id or key: names a record",
		crm_resolve(&id, s, entity("customer"), "张三", CRM_NAME_DESTROY));
	for (int i = 0; i < 12; i++)
		add_customer(s, "Wang");
	assert_refused(s, CRM_AMBIGUOUS,
		"customer 'wang' is ambiguous: 10 Wang, 11 Wang, 12 Wang, 13 Wang, 14 Wang, 15 Wang, 16 Wang, 17 Wang, "
		"18 Wang, 19 Wang …",
		crm_resolve(&id, s, entity("customer"), "wang", CRM_NAME_READ));
}

static void messages_name_the_nearest(void **state)
{
	crm_store *s = store_of(state);
	int64_t id;

	assert_refused(s, CRM_NOTFOUND, "there is no customer 'Fahter', did you mean 'Father'?",
		crm_resolve(&id, s, entity("customer"), "Fahter", CRM_NAME_READ));
	assert_refused(s, CRM_NOTFOUND, "there is no customer 'name:other', did you mean 'Mother'?",
		crm_resolve(&id, s, entity("customer"), "name:other", CRM_NAME_WRITE));
	/* what reads takes the beginning, what writes says whose it is */
	assert_refused(s, CRM_NOTFOUND, "there is no customer 'Fath', did you mean 'Father'?",
		crm_resolve(&id, s, entity("customer"), "Fath", CRM_NAME_WRITE));
	assert_refused(s, CRM_NOTFOUND, "there is no customer '99'",
		crm_resolve(&id, s, entity("customer"), "99", CRM_NAME_READ));
	/* of very many names those are compared that begin alike */
	for (int i = 0; i < 201; i++)
		add_customer(s, "Zoe");
	assert_refused(s, CRM_NOTFOUND, "there is no customer 'Fathr', did you mean 'Father'?",
		crm_resolve(&id, s, entity("customer"), "Fathr", CRM_NAME_READ));
	assert_refused(s, CRM_NOTFOUND,
		"there is no customer 'Zo' (crm search looks everywhere, crm customer add writes down a new one)",
		crm_resolve(&id, s, entity("customer"), "Zo", CRM_NAME_WRITE));
}

/* Who is restricted is in no answer. */
static void nearest_is_nobody_restricted(void **state)
{
	crm_store *s = store_of(state);
	int64_t id, father = FATHER;

	assert_ok(s, crm_begin(s, "test"));
	assert_ok(s, crm_customer_restrict(s, &father, 1, true));
	assert_ok(s, crm_commit(s));
	assert_refused(s, CRM_NOTFOUND,
		"there is no customer 'Fathre' (crm search looks everywhere, crm customer add writes down a new one)",
		crm_resolve(&id, s, entity("customer"), "Fathre", CRM_NAME_READ));
}

/* The same key in two systems is ambiguous, not the first one. */
static void keys_of_two_sources_are_ambiguous(void **state)
{
	crm_store *s = store_of(state);

	add(s, "customer", "name", "X", "key", "ERP-17", "source", "shop");
	check_all(s, "key:ERP-17", CRM_AMBIGUOUS, CRM_AMBIGUOUS, CRM_AMBIGUOUS);
}

static void other_entities_have_names_too(void **state)
{
	crm_store *s = store_of(state);
	int64_t id;

	add(s, "agent", "name", "wang");
	add(s, "org", "name", "Acme", "phone", "010-12345678");
	add_log(s, LI, NOW, "chat");
	assert_ok(s, crm_resolve(&id, s, entity("agent"), "WANG", CRM_NAME_WRITE));
	assert_ok(s, crm_resolve(&id, s, entity("org"), "acm", CRM_NAME_READ));
	assert_ok(s, crm_resolve(&id, s, entity("org"), "(010) 12345678", CRM_NAME_WRITE));
	assert_ok(s, crm_resolve(&id, s, entity("log"), "1", CRM_NAME_DESTROY));
	assert_status(s, CRM_NOTFOUND, crm_resolve(&id, s, entity("log"), "Li", CRM_NAME_READ));
	assert_int_equal(crm_store_agent_known(s), 0);
	assert_ok(s, crm_store_set_agent(s, "Wang", "w"));
	assert_int_equal(crm_store_agent_known(s), 1);
}

static void any_kind_is_named_with_its_type(void **state)
{
	crm_store *s = store_of(state);
	const crm_entity *e = NULL;
	int64_t id = 0;

	assert_ok(s, crm_resolve_any(&e, &id, s, "customer:张三", CRM_NAME_WRITE));
	assert_ptr_equal(e, entity("customer"));
	assert_int_equal(id, ZHANG_SAN);
	assert_ok(s, crm_resolve_any(&e, &id, s, "customer:key:a:b", CRM_NAME_DESTROY));
	assert_int_equal(id, DIGITS);
	assert_refused(s, CRM_INVALID, "'12': a record is named TYPE:NAME here, as customer:12",
		crm_resolve_any(&e, &id, s, "12", CRM_NAME_READ));
	assert_status(s, CRM_INVALID, crm_resolve_any(&e, &id, s, "dog:12", CRM_NAME_READ));
	assert_status(s, CRM_NOTFOUND, crm_resolve_any(&e, &id, s, "customer:99", CRM_NAME_READ));
}

static void check_completion(crm_store *s, const char *type, const char *prefix, size_t limit, const char *expected)
{
	scoped_text rows = NULL;
	crm_cursor *c;

	assert_ok(s, crm_complete_names(&c, s, entity(type), prefix, limit));
	rows = rows_text(s, c);
	assert_string_equal(rows, expected);
}

static void names_are_completed(void **state)
{
	crm_store *s = store_of(state);

	check_completion(s, "customer", "li", 10, "Li|1\nLi Si|4\nLi Siyuan|5\n");
	check_completion(s, "customer", "LI S", 1, "Li Si|4\n");
	check_completion(s, "customer", "张", 10, "张三|2\n张伟|3\n");
	check_completion(s, "customer", "9", 10, "9|12345\n");
	check_completion(s, "customer", "nobody", 10, "");
	check_completion(s, "customer", "%", 10, "");
	check_completion(s, "customer", "", 2, "12345|9\nFather|6\n");
	check_completion(s, "customer", "key:", 10, "key:17|张伟\nkey:ERP-17|Li\nkey:a:b|12345\n");
	check_completion(s, "customer", "key:ERP", 10, "key:ERP-17|Li\n");
	check_completion(s, "agent", "key:", 10, "");
}

static void numbers_are_completed(void **state)
{
	crm_store *s = store_of(state);

	for (int i = 1; i <= 123; i++)
		add(s, "ticket", "customer", "1", "type", "question", "subject", i == 12 ? "twelve" : "x");
	check_completion(s, "ticket", "12", 10, "12|twelve\n120|x\n121|x\n122|x\n123|x\n");
	check_completion(s, "ticket", "12", 3, "12|twelve\n120|x\n121|x\n");
	check_completion(s, "ticket", "", 2, "123|x\n122|x\n");
	check_completion(s, "ticket", "9223372036854775807", 2, "");
	check_completion(s, "ticket", "99999999999999999999", 2, "");
	check_completion(s, "ticket", "0", 2, "");
	check_completion(s, "ticket", "twelve", 2, "");
	add(s, "order", "customer", "1", "number", "SO-2", "product", "Lamp");
	add(s, "order", "customer", "1", "number", "SO-2", "product", "Bulb");
	add(s, "order", "customer", "1", "number", "SO-1", "product", "Desk");
	check_completion(s, "order", "SO", 9, "SO-1|Desk\nSO-2|Lamp\n");
}

#define town_test(name) cmocka_unit_test_setup_teardown(name, town_setup, sandbox_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		town_test(every_form_names_its_record),
		town_test(digits_are_an_id_first),
		town_test(messages_name_the_candidates),
		town_test(messages_name_the_nearest),
		town_test(nearest_is_nobody_restricted),
		town_test(keys_of_two_sources_are_ambiguous),
		town_test(other_entities_have_names_too),
		town_test(any_kind_is_named_with_its_type),
		town_test(names_are_completed),
		town_test(numbers_are_completed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

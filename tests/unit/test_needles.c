/* Many texts at once against one after the other. */
#include "base/needles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void add(struct needles *ns, const char *s, size_t wanted)
{
	size_t n;

	assert_int_equal(needles_add(&n, ns, s, strlen(s)), CRM_OK);
	assert_int_equal(n, wanted);
}

static void count(size_t n, void *payload)
{
	((size_t *)payload)[n]++;
}

static void each_is_found_wherever_it_stands(void **state)
{
	struct needles ns = { 0 };
	size_t found[4] = { 0 };
	const char text[] = "xmarmalade sandwich\0marmalade\0\0kumquats marmalade";

	(void)state;
	add(&ns, "marmalade", 0);
	add(&ns, "marmalade sandwich", 1); /* begins like another */
	add(&ns, "kumquats", 2);
	add(&ns, "tamarillo", 3);
	add(&ns, "marmalade", 0);
	needles_scan(&ns, text, sizeof(text) - 1, count, found);
	assert_int_equal(found[0], 3);
	assert_int_equal(found[1], 1);
	assert_int_equal(found[2], 1);
	assert_int_equal(found[3], 0);
	needles_free(&ns);
}

static void nothing_is_read_beyond_the_end(void **state)
{
	struct needles ns = { 0 };
	size_t found[1] = { 0 };
	char *text = strdup("……marmalad");

	(void)state;
	add(&ns, "marmalade", 0);
	needles_scan(&ns, text, strlen(text), count, found);
	needles_scan(&ns, text, 3, count, found);
	needles_scan(&ns, text, 0, count, found);
	assert_int_equal(found[0], 0);
	free(text);
	needles_free(&ns);
}

/* Few letters, so that many begin alike; as many as make the table grow. */
static void as_many_as_memmem_finds(void **state)
{
	enum {
		NEEDLES = 3000,
		BYTES = 40000
	};
	struct needles ns = { 0 };
	static size_t found[NEEDLES];
	static char text[BYTES];
	uint32_t r = 7;

	(void)state;
	for (size_t i = 0; i < BYTES; i++)
		text[i] = (char)('a' + ((r = r * 1664525 + 1013904223) >> 24) % 3);
	for (size_t i = 0; i < NEEDLES; i++) {
		char needle[12];
		size_t n, len = 8 + i % 5;

		for (size_t k = 0; k < len; k++)
			needle[k] = (char)('a' + ((r = r * 1664525 + 1013904223) >> 24) % 3);
		assert_int_equal(needles_add(&n, &ns, needle, len), CRM_OK);
	}
	needles_scan(&ns, text, BYTES, count, found);
	for (size_t i = 0; i < ns.n; i++) {
		size_t n = 0;

		for (const char *p = text; (p = memmem(p, (size_t)(text + BYTES - p), ns.v[i].s, ns.v[i].len)); p++)
			n++;
		assert_int_equal(found[i], n);
	}
	needles_free(&ns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_found_wherever_it_stands),
		cmocka_unit_test(nothing_is_read_beyond_the_end),
		cmocka_unit_test(as_many_as_memmem_finds),
	};

	return cmocka_run_group_tests_name("needles", tests, NULL, NULL);
}

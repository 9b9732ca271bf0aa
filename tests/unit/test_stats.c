/* Statistics: against published tables and examples that can be worked by hand. */
#include "analysis/stats.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void near(double got, double wanted, double within)
{
	if (!(fabs(got - wanted) <= within))
		fail_msg("%.12g, not %.12g", got, wanted);
}

/* NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2: critical values of Student's t, 0.975. */
static void student_is_as_in_the_tables(void **state)
{
	static const struct {
		int64_t freedom;
		double t;
	} table[] = { { 1, 12.706 }, { 2, 4.303 }, { 3, 3.182 }, { 4, 2.776 }, { 5, 2.571 }, { 6, 2.447 }, { 7, 2.365 },
		{ 8, 2.306 }, { 9, 2.262 }, { 10, 2.228 }, { 15, 2.131 }, { 20, 2.086 }, { 25, 2.060 }, { 29, 2.045 },
		{ 30, 2.042 }, { 40, 2.021 }, { 60, 2.000 }, { 80, 1.990 }, { 100, 1.984 }, { 1000000000, 1.960 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		near(student_95(table[i].freedom), table[i].t, 0.0005001);
	/* in closed form: tan(0.475 pi), and 0.95 * sqrt(2 / (1 - 0.95^2)) */
	near(student_95(1), tan(0.475 * acos(-1)), 1e-9);
	near(student_95(2), 0.95 * sqrt(2 / (1 - 0.95 * 0.95)), 1e-9);
}

/* The exact sums and the expansion meet where one gives way to the other. */
static void student_has_no_seam(void **state)
{
	(void)state;
	for (int64_t v = 2; v < 400; v++)
		assert_true(student_95(v) < student_95(v - 1));
	near(student_95(199) - 2 * student_95(200) + student_95(201), 0, 1e-6);
	near(student_95(200) - 2 * student_95(201) + student_95(202), 0, 1e-6);
}

static void a_mean_keeps_small_differences(void **state)
{
	struct sample s = { 0 };
	struct interval i;

	(void)state;
	assert_false(sample_interval(&i, &s, -INFINITY, INFINITY));
	sample_add(&s, 1e9 + 4);
	assert_false(sample_interval(&i, &s, -INFINITY, INFINITY));
	sample_add(&s, 1e9 + 7);
	sample_add(&s, 1e9 + 13);
	sample_add(&s, 1e9 + 16);
	near(sample_mean(&s), 1e9 + 10, 0);
	near(sample_variance(&s), 30, 1e-9); /* the deviations are -6, -3, 3, 6 */
	assert_true(sample_interval(&i, &s, 0, 2e9));
	near(i.high - i.low, 2 * 3.182446305 * sqrt(7.5), 1e-6);
	assert_true(sample_interval(&i, &s, 1e9 + 9, 1e9 + 11)); /* the scale ends there */
	near(i.low, 1e9 + 9, 0);
	near(i.high, 1e9 + 11, 0);
}

/* R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3: the score method. */
static void shares_are_as_published(void **state)
{
	static const struct {
		int64_t hits, n;
		double low, high;
	} table[] = { { 81, 263, 0.2553, 0.3662 }, { 15, 148, 0.0624, 0.1605 }, { 0, 20, 0.0000, 0.1611 },
		{ 1, 29, 0.0061, 0.1718 } };
	struct interval i;

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(table); k++) {
		assert_true(share_interval(&i, table[k].hits, table[k].n));
		near(i.low, table[k].low, 0.00005001);
		near(i.high, table[k].high, 0.00005001);
		assert_true(share_interval(&i, table[k].n - table[k].hits, table[k].n));
		near(i.low, 1 - table[k].high, 0.00005001);
	}
	assert_true(share_interval(&i, 5, 5));
	assert_true(i.high == 1);
	assert_false(share_interval(&i, 0, 0));
}

/* y = 2 + 3 a - b, with errors 1, -1, -1, 1 at the corners of a square, which are orthogonal to both. */
static void a_fit_worked_by_hand(void **state)
{
	static const struct point corners[] = { { { -1, -1 }, 2 - 3 + 1 + 1 }, { { -1, 1 }, 2 - 3 - 1 - 1 },
		{ { 1, -1 }, 2 + 3 + 1 - 1 }, { { 1, 1 }, 2 + 3 - 1 + 1 } };
	struct fit f;

	(void)state;
	assert_int_equal(least_squares(&f, corners, 4), FIT_DONE);
	near(f.b[0], 2, 1e-12);
	near(f.b[1], 3, 1e-12);
	near(f.b[2], -1, 1e-12);
	assert_true(f.has_intervals);
	/* rest 4 with one degree of freedom, errors sqrt(4 / 4) = 1 */
	for (size_t i = 0; i < 3; i++)
		near(f.interval[i].high - f.b[i], 12.7062047364, 1e-6);
	near(f.r2, 1 - 4.0 / 44, 1e-12); /* y - 2 is -1, -5, 3, 3 */
}

static void a_fit_that_cannot_be(void **state)
{
	static const struct point same[] = { { { 4, 1 }, 1 }, { { 4, 2 }, 2 }, { { 4, 3 }, 5 }, { { 4, 9 }, 5 } };
	static const struct point line[] = { { { 1, 3 }, 1 }, { { 2, 5 }, 2 }, { { 3, 7 }, 5 }, { { 4, 9 }, 5 } };
	static const struct point flat[] = { { { 1, 3 }, 7 }, { { 2, 1 }, 7 }, { { 3, 7 }, 7 }, { { 4, 4 }, 7 } };
	struct fit f;

	(void)state;
	assert_int_equal(least_squares(&f, NULL, 0), FIT_FEW);
	assert_int_equal(least_squares(&f, line, 2), FIT_FEW);
	assert_int_equal(least_squares(&f, same, 4), FIT_SINGULAR);
	assert_int_equal(least_squares(&f, line, 4), FIT_SINGULAR);
	assert_int_equal(least_squares(&f, flat, 4), FIT_DONE);
	assert_false(f.has_r2);
	near(f.b[0], 7, 1e-12);
	near(f.b[1], 0, 1e-12);
	assert_int_equal(least_squares(&f, flat, 3), FIT_DONE);
	assert_false(f.has_intervals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(student_is_as_in_the_tables),
		cmocka_unit_test(student_has_no_seam),
		cmocka_unit_test(a_mean_keeps_small_differences),
		cmocka_unit_test(shares_are_as_published),
		cmocka_unit_test(a_fit_worked_by_hand),
		cmocka_unit_test(a_fit_that_cannot_be),
	};

	return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}

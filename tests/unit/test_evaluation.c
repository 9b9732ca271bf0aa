/* Measures and calibration of classifiers: against examples that are worked by hand. */
#include "analysis/calibrate.h"
#include "analysis/evaluation.h"
#include <crm/query.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void near(double got, double wanted, double within)
{
	if (!(fabs(got - wanted) <= within))
		fail_msg("%.12g, not %.12g", got, wanted);
}

static const char *const abc[] = { "a", "b", "c" };

/* The text is said to be `said`, with 0.8; the others get 0.1 each. */
static void say(struct crm_evaluation *e, size_t label, size_t said, int times)
{
	double p[3] = { 0.1, 0.1, 0.1 };

	p[said] = 0.8;
	for (int i = 0; i < times; i++)
		evaluation_add(e, label, p, 3);
}

/* Of four a three are told right and one as b, two b right, one c as b. */
static void seven_texts(struct crm_evaluation *e, uint64_t threshold)
{
	assert_int_equal(evaluation_begin(e, abc, 3, threshold), CRM_OK);
	say(e, 0, 0, 3);
	say(e, 0, 1, 1);
	say(e, 1, 1, 2);
	say(e, 2, 1, 1);
}

static void figures_worked_by_hand(void **state)
{
	struct crm_evaluation e;
	struct label_figures f;

	(void)state;
	seven_texts(&e, 50);
	near(evaluation_accuracy(&e), 5.0 / 7, 1e-12);
	near(evaluation_majority(&e), 4.0 / 7, 1e-12);
	f = evaluation_label(&e, 0);
	assert_int_equal(f.n, 4);
	near(f.precision, 1, 1e-12);
	near(f.recall, 0.75, 1e-12);
	near(f.f1, 6.0 / 7, 1e-12);
	f = evaluation_label(&e, 1);
	near(f.precision, 0.5, 1e-12);
	near(f.recall, 1, 1e-12);
	near(f.f1, 2.0 / 3, 1e-12);
	f = evaluation_label(&e, 2); /* nothing was said to be c */
	assert_true(isnan(f.precision));
	near(f.recall, 0, 1e-12);
	near(f.f1, 0, 1e-12);
	near(evaluation_macro_f1(&e), (6.0 / 7 + 2.0 / 3 + 0) / 3, 1e-12);
	near(evaluation_log_loss(&e), -(5 * log(0.8) + 2 * log(0.1)) / 7, 1e-12);
	near(evaluation_calibration_error(&e), fabs(5 - 7 * 0.8) / 7, 1e-12);
	evaluation_free(&e);
}

/* What is as probable as the threshold is known. */
static void the_threshold_parts_known_from_unknown(void **state)
{
	struct crm_evaluation e;

	(void)state;
	seven_texts(&e, 80);
	assert_int_equal(e.unknown, 0);
	evaluation_free(&e);
	seven_texts(&e, 81);
	assert_int_equal(e.unknown, 7);
	assert_int_equal(e.known_right, 0);
	evaluation_free(&e);
}

/* A label that the classifier does not know is a mistake, and has no probability. */
static void strange_labels_are_mistakes(void **state)
{
	struct crm_evaluation e;
	const double p[] = { 0.25, 0.75 };

	(void)state;
	assert_int_equal(evaluation_begin(&e, abc, 3, 50), CRM_OK);
	evaluation_add(&e, 1, p, 2);
	evaluation_add(&e, 2, p, 2);
	near(evaluation_accuracy(&e), 0.5, 1e-12);
	near(evaluation_log_loss(&e), -log(0.75), 1e-12);
	assert_true(isnan(evaluation_label(&e, 0).f1)); /* neither there nor said */
	near(evaluation_macro_f1(&e), (2.0 / 3 + 0) / 2, 1e-12);
	evaluation_free(&e);
}

static void nothing_asked_is_nothing_known(void **state)
{
	struct crm_evaluation e;

	(void)state;
	assert_int_equal(evaluation_begin(&e, abc, 3, 50), CRM_OK);
	assert_true(isnan(evaluation_accuracy(&e)));
	assert_true(isnan(evaluation_macro_f1(&e)));
	assert_true(isnan(evaluation_majority(&e)));
	assert_true(isnan(evaluation_log_loss(&e)));
	assert_true(isnan(evaluation_calibration_error(&e)));
	evaluation_free(&e);
}

static void row_is(crm_cursor *c, const char *label, const char *predicted, int64_t n)
{
	assert_int_equal(crm_cursor_next(c), CRM_OK);
	assert_string_equal(crm_cursor_value(c, 0)->s, label);
	assert_string_equal(crm_cursor_value(c, 1)->s, predicted);
	assert_int_equal(crm_cursor_value(c, 2)->i, n);
}

static void confusion_in_three_forms(void **state)
{
	struct crm_evaluation e;
	crm_cursor *c;

	(void)state;
	seven_texts(&e, 50);
	assert_int_equal(crm_evaluation_rows(&c, &e, CRM_EVALUATION_CONFUSION), CRM_OK);
	row_is(c, "a", "a", 3);
	row_is(c, "a", "b", 1);
	row_is(c, "b", "b", 2);
	row_is(c, "c", "b", 1);
	assert_int_equal(crm_cursor_next(c), CRM_END);
	crm_cursor_close(c);
	assert_int_equal(crm_evaluation_rows(&c, &e, CRM_EVALUATION_MISTAKES), CRM_OK);
	row_is(c, "a", "b", 1);
	row_is(c, "c", "b", 1);
	assert_int_equal(crm_cursor_next(c), CRM_END);
	crm_cursor_close(c);
	assert_int_equal(crm_evaluation_rows(&c, &e, CRM_EVALUATION_MATRIX), CRM_OK);
	assert_int_equal(crm_cursor_columns(c), 4);
	assert_string_equal(crm_cursor_column(c, 2)->name, "b");
	assert_int_equal(crm_cursor_next(c), CRM_OK);
	assert_string_equal(crm_cursor_value(c, 0)->s, "a");
	assert_int_equal(crm_cursor_value(c, 1)->i, 3);
	assert_int_equal(crm_cursor_value(c, 2)->i, 1);
	assert_int_equal(crm_cursor_value(c, 3)->i, 0);
	crm_cursor_close(c);
	evaluation_free(&e);
}

/* --- calibration --- */

enum {
	MANY = 100
};

/*
 * All 100 texts have the decisions 1, 0, 0; 60 are of the first label, 20 of each other. So the softmax has to say of the
 * first what its share is, with the doubt that is added: s = ln(2 t / (1 - t)).
 */
static void one_slope_worked_by_hand(void **state)
{
	double decision[MANY * 3] = { 0 }, doubt = 1.0 / (MANY + 2), t = 0.6 * (1 - doubt) + 0.4 * doubt / 2;
	uint32_t label[MANY];
	float slope[3], intercept[3];
	struct calibration c = { slope, intercept };
	const struct decided of = { decision, label, MANY, 3 };

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		decision[3 * i] = 1;
		label[i] = i < 60 ? 0 : i < 80 ? 1 : 2;
	}
	assert_int_equal(calibration_fit(&c, &of), CRM_OK);
	for (size_t k = 0; k < 3; k++) {
		near((double)slope[k], log(2 * t / (1 - t)), 1e-5);
		near((double)intercept[k], 0, 0);
	}
}

/* Decisions are 1 (30 of 40 of the second label) or -1 (12 of 60): two unknowns, two equations. */
static void a_sigmoid_worked_by_hand(void **state)
{
	double decision[MANY], hit = 43.0 / 44, miss = 1.0 / 60;
	double above = (30 * hit + 10 * miss) / 40, below = (12 * hit + 48 * miss) / 60;
	double up = log(above / (1 - above)), down = log(below / (1 - below));
	uint32_t label[MANY];
	float slope[1], intercept[1];
	struct calibration c = { slope, intercept };
	const struct decided of = { decision, label, MANY, 1 };

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		decision[i] = i < 40 ? 1 : -1;
		label[i] = i < 30 || (i >= 40 && i < 52);
	}
	assert_int_equal(calibration_fit(&c, &of), CRM_OK);
	near((double)slope[0], (up - down) / 2, 1e-4);
	near((double)intercept[0], (up + down) / 2, 1e-4);
}

/* A few texts that are all told right do not make certain; decisions that say the contrary are not believed. */
static void certainty_has_its_limits(void **state)
{
	double decision[] = { 9, 0, 0, 9, 9, 0, 0, 9 }, turned[] = { -1, 1, -1, 1 };
	uint32_t label[] = { 0, 1, 0, 1 }, second[] = { 1, 0, 1, 0 };
	float slope[2], intercept[2];
	struct calibration c = { slope, intercept };

	(void)state;
	assert_int_equal(calibration_fit(&c, &(struct decided){ decision, label, 4, 2 }), CRM_OK);
	near(1 / (1 + exp(-9 * (double)slope[0])), 5.0 / 6, 1e-4); /* as 1 - 1 / (4 + 2) */
	assert_int_equal(calibration_fit(&c, &(struct decided){ turned, second, 4, 1 }), CRM_OK);
	assert_true(slope[0] > 0 && slope[0] < 0.01F);
	assert_int_equal(calibration_fit(&c, &(struct decided){ decision, label, 0, 2 }), CRM_OK);
	near((double)slope[1], 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_worked_by_hand),
		cmocka_unit_test(the_threshold_parts_known_from_unknown),
		cmocka_unit_test(strange_labels_are_mistakes),
		cmocka_unit_test(nothing_asked_is_nothing_known),
		cmocka_unit_test(confusion_in_three_forms),
		cmocka_unit_test(one_slope_worked_by_hand),
		cmocka_unit_test(a_sigmoid_worked_by_hand),
		cmocka_unit_test(certainty_has_its_limits),
	};

	return cmocka_run_group_tests_name("evaluation", tests, NULL, NULL);
}

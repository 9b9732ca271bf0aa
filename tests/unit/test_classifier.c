/* Classifiers: probabilities against a calculation by hand, packed ones against what they were made of. */
#include "analysis/classifier.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void near(double got, double wanted, double within)
{
	if (!(fabs(got - wanted) <= within))
		fail_msg("%.12g, not %.12g", got, wanted);
}

/* --- making them --- */

/* The grams a and b and the word `ab`, each in every text learnt from: their idf is 1. */
static void put_vocabulary(struct vocabulary *v)
{
	*v = (struct vocabulary){ .n = 3, .documents = 5 };
	v->key = calloc(3, sizeof(*v->key));
	v->df = calloc(3, sizeof(*v->df));
	v->word = calloc(1, sizeof(*v->word));
	assert_true(v->key && v->df && v->word);
	v->key[0] = 'a';
	v->key[1] = 'b';
	v->key[2] = feature_word_key("ab", 2);
	v->word[0] = arena_copy(&v->mem, "ab", 2);
	for (size_t i = 0; i < 3; i++)
		v->df[i] = 5;
	assert_int_equal(vocabulary_finish(v), CRM_OK);
}

static void begin(struct classifier *c, crm_method method, size_t nlabels)
{
	static const char *const labels[] = { "refund", "repair", "退货" };

	*c = (struct classifier){ .method = method };
	put_vocabulary(&c->vocabulary);
	assert_int_equal(classifier_labels(c, labels, nlabels), CRM_OK);
}

static const struct vector *read_text(struct classifier *c, const char *text)
{
	struct buf prepared = BUF_INIT;
	const struct vector *x;

	assert_int_equal(text_prepare(&prepared, text, strlen(text)), CRM_OK);
	assert_int_equal(classifier_read(&x, c, prepared.len ? prepared.s : "", prepared.len), CRM_OK);
	buf_free(&prepared);
	return x;
}

static void make_three(struct classifier *c)
{
	/* largest weight 127 * 127 / 1000: what is a square in thousandths is kept exactly */
	static const float bias[] = { 0.5F, 0, -1 },
			   weights[] = { 16.129F, 0.1F, -0.4F, 0, 16.129F, 0.9F, -1.6F, 2.5F, 16.129F };

	begin(c, CRM_SVM, 3);
	assert_int_equal(classifier_linear(c, bias, weights), CRM_OK);
}

/* Two trees: the first asks for `ab`, the second is a leaf. */
static void make_trees(struct classifier *c)
{
	uint32_t roots[] = { 0, 3 };
	crm_tree_node nodes[] = { { 2, 1, 2 }, { CRM_TREE_LEAF, 0, 2 }, { CRM_TREE_LEAF, 2, 1 },
		{ CRM_TREE_LEAF, 3, 3 } };
	crm_tree_vote votes[] = { { 0, 0.75F }, { 1, 0.25F }, { 2, 1 }, { 2, 0.5F }, { 1, 0.25F }, { 0, 0.25F } };
	const struct trees trees = { roots, nodes, votes, ARRAY_SIZE(roots), ARRAY_SIZE(nodes), ARRAY_SIZE(votes) };

	begin(c, CRM_FOREST, 3);
	assert_int_equal(classifier_trees(c, &trees), CRM_OK);
}

/* --- what they say --- */

/*
 * `ab` has each of the three features once: all weigh 1/sqrt(3). Decisions: 0.5 + (16.129 + 0.1 - 0.4) / sqrt(3) and so
 * on. `aa`: a occurs twice, alone: it weighs 1.
 */
static void decisions_are_sums_of_weights(void **state)
{
	struct classifier c;
	double d[3];

	(void)state;
	make_three(&c);
	classifier_decisions(d, &c, read_text(&c, "AB"));
	near(d[0], 0.5 + 15.829 / sqrt(3), 1e-5);
	near(d[1], 17.029 / sqrt(3), 1e-5);
	near(d[2], -1 + 17.029 / sqrt(3), 1e-5);
	classifier_decisions(d, &c, read_text(&c, "aa"));
	near(d[0], 0.5 + 16.129, 1e-5);
	near(d[1], 0, 1e-5);
	near(d[2], -1 - 1.6, 1e-5);
	classifier_decisions(d, &c, read_text(&c, "xyz"));
	near(d[0], 0.5, 1e-7);
	classifier_free(&c);
}

static void probabilities_are_the_softmax(void **state)
{
	struct classifier c;
	double p[3], e[3], sum = 0;

	(void)state;
	make_three(&c);
	for (size_t k = 0; k < 3; k++) {
		c.calibration.slope[k] = 0.5F;
		c.calibration.intercept[k] = (float)k;
	}
	classifier_probabilities(p, &c, read_text(&c, "ab"));
	e[0] = exp(0.5 * (0.5 + 15.829 / sqrt(3)));
	e[1] = exp(0.5 * 17.029 / sqrt(3) + 1);
	e[2] = exp(0.5 * (-1 + 17.029 / sqrt(3)) + 2);
	sum = e[0] + e[1] + e[2];
	for (size_t k = 0; k < 3; k++)
		near(p[k], e[k] / sum, 1e-6);
	/* the difference of two scores is what the features and the constants add up to */
	sum = 0.5 * (0.5 - 0) + 0 - 1;
	for (size_t d = 0; d < 3; d++)
		sum += classifier_weight(&c, d, 0, 1) / sqrt(3);
	near(log(p[0] / p[1]), sum, 1e-6);
	classifier_free(&c);
}

static void of_two_labels_one_decides(void **state)
{
	static const float bias[] = { 9, 0.25F }, weights[] = { 7, 7, 7, 1, -1, 0.5F };
	struct classifier c;
	double p[2];

	(void)state;
	begin(&c, CRM_LOGISTIC, 2);
	assert_int_equal(classifier_linear(&c, bias, weights), CRM_OK);
	c.calibration.slope[0] = 2;
	c.calibration.intercept[0] = -0.5F;
	classifier_probabilities(p, &c, read_text(&c, "a"));
	near(p[1], 1 / (1 + exp(-(2 * 1.25 - 0.5))), 1e-6);
	near(p[0] + p[1], 1, 1e-12);
	near(classifier_weight(&c, 0, 1, 0), 2, 1e-6);
	near(classifier_weight(&c, 0, 0, 1), -2, 1e-6);
	classifier_free(&c);
}

static void trees_say_the_mean_of_their_leaves(void **state)
{
	struct classifier c;
	double p[3];

	(void)state;
	make_trees(&c);
	classifier_probabilities(p, &c, read_text(&c, "a b"));
	near(p[0], (0.75 + 0.25) / 2, 1e-7);
	near(p[1], (0.25 + 0.25) / 2, 1e-7);
	near(p[2], (0 + 0.5) / 2, 1e-7);
	classifier_probabilities(p, &c, read_text(&c, "ab"));
	near(p[0], 0.25 / 2, 1e-7);
	near(p[2], (1 + 0.5) / 2, 1e-7);
	classifier_probabilities(p, &c, read_text(&c, "a"));
	near(p[0], 0.5, 1e-7);
	classifier_free(&c);
}

static void trees_that_are_none_are_refused(void **state)
{
	uint32_t root = 0;
	crm_tree_node nodes[] = { { 2, 1, 2 }, { CRM_TREE_LEAF, 0, 1 }, { CRM_TREE_LEAF, 1, 1 } };
	crm_tree_vote votes[] = { { 0, 1 }, { 1, 1 } };
	const struct trees trees = { &root, nodes, votes, 1, 3, 2 };
	const struct {
		void *at;
		uint32_t wrong;
	} faults[] = { { &root, 3 }, { &nodes[0].feature, 3 }, { &nodes[0].absent, 0 }, { &nodes[0].present, 3 },
		{ &nodes[1].absent, 2 }, { &nodes[1].present, 3 }, { &nodes[2].present, 0 }, { &votes[0].label, 3 },
		{ &votes[1].share, 0 } };
	struct classifier c;

	(void)state;
	begin(&c, CRM_TREE, 3);
	assert_true(trees_valid(&trees, &c));
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		uint32_t right;

		memcpy(&right, faults[i].at, sizeof(right));
		memcpy(faults[i].at, &faults[i].wrong, sizeof(right));
		assert_int_equal(classifier_trees(&c, &trees), CRM_INVALID);
		memcpy(faults[i].at, &right, sizeof(right));
	}
	classifier_free(&c);
}

/* --- packing --- */

static uint64_t state_of_chance;

static uint32_t chance(uint32_t below)
{
	state_of_chance = state_of_chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((state_of_chance >> 33) % below);
}

static float any_float(void)
{
	return ((float)chance(20001) - 10000) / 3000;
}

/* A vocabulary of random texts. */
static void random_vocabulary(struct vocabulary *v)
{
	static const char *const parts[] = { "退", "货", "款", "ab", "c ", " de", "f, ", "12 " };
	struct learner *l;

	assert_int_equal(learner_new(&l), CRM_OK);
	for (uint32_t i = chance(30); i > 0; i--) {
		struct buf text = BUF_INIT, prepared = BUF_INIT;

		for (uint32_t n = chance(9); n > 0; n--)
			buf_puts(&text, parts[chance(ARRAY_SIZE(parts))]);
		if (text.len)
			assert_int_equal(text_prepare(&prepared, text.s, text.len), CRM_OK);
		assert_int_equal(learner_add(l, prepared.len ? prepared.s : "", prepared.len), CRM_OK);
		buf_free(&text);
		buf_free(&prepared);
	}
	assert_int_equal(learner_settle(v, NULL, l, chance(4) ? 0 : 7), CRM_OK);
	learner_free(l);
}

static void random_linear(struct classifier *c)
{
	const size_t n = c->nlabels * c->vocabulary.n;
	float *bias = calloc(c->nlabels, sizeof(*bias)), *weights = calloc(n + 1, sizeof(*weights));

	assert_true(bias && weights);
	for (size_t i = 0; i < c->nlabels; i++)
		bias[i] = any_float();
	for (size_t i = 0; i < n; i++)
		weights[i] = chance(3) ? any_float() : 0;
	assert_int_equal(classifier_linear(c, bias, weights), CRM_OK);
	for (size_t k = 0; k < c->linear.outputs; k++)
		c->calibration.intercept[k] = any_float();
	free(bias);
	free(weights);
}

/* A chain: each node leads to the next, or to the leaf of one label at the end. */
static void random_tree(struct classifier *c)
{
	crm_tree_node nodes[6];
	crm_tree_vote votes[] = { { 0, 1 }, { 1, 0.5F }, { 0, 0.5F } };
	uint32_t roots[] = { 0, 2, 5 };
	const struct trees trees = { roots, nodes, votes, ARRAY_SIZE(roots), ARRAY_SIZE(nodes), ARRAY_SIZE(votes) };

	for (uint32_t i = 0; i < 4; i++)
		nodes[i] = (crm_tree_node){ chance((uint32_t)c->vocabulary.n), i + 1, i + 1 + chance(5 - i) };
	nodes[4] = (crm_tree_node){ CRM_TREE_LEAF, 0, 1 };
	nodes[5] = (crm_tree_node){ CRM_TREE_LEAF, 1, 2 };
	assert_int_equal(classifier_trees(c, &trees), CRM_OK);
}

static void random_classifier(struct classifier *c)
{
	static const char *const labels[] = { "a", "b b", "z", "投诉" };

	*c = (struct classifier){ .method = (crm_method)chance(4) };
	random_vocabulary(&c->vocabulary);
	if (c->vocabulary.n == 0)
		c->method = CRM_SVM;
	assert_int_equal(classifier_labels(c, labels, 2 + chance(3)), CRM_OK);
	if (method_is_linear(c->method))
		random_linear(c);
	else
		random_tree(c);
}

static void assert_same_answers(struct classifier *a, struct classifier *b, const char *text)
{
	double p[8], q[8];

	assert_int_equal(a->nlabels, b->nlabels);
	classifier_probabilities(p, a, read_text(a, text));
	classifier_probabilities(q, b, read_text(b, text));
	for (size_t k = 0; k < a->nlabels; k++) {
		assert_string_equal(a->labels[k], b->labels[k]);
		assert_true(p[k] == q[k]);
	}
}

/* Refused wherever it is cut off; no byte that is changed makes it crash. */
static void spoil(const struct buf *packed)
{
	struct buf bytes = BUF_INIT, text = BUF_INIT;
	struct err why = { 0 };
	struct classifier c;

	assert_true(base64_decode(&bytes, packed->s, packed->len));
	for (size_t n = 0; n < bytes.len; n++) {
		buf_clear(&text);
		buf_base64(&text, bytes.s, n);
		assert_int_equal(classifier_unpack(&c, n ? text.s : "", text.len, &why), CRM_INVALID);
	}
	for (int i = 0; i < 200; i++) {
		const size_t at = chance((uint32_t)bytes.len);
		const char right = bytes.s[at];

		bytes.s[at] = (char)chance(256);
		buf_clear(&text);
		buf_base64(&text, bytes.s, bytes.len);
		if (classifier_unpack(&c, text.s, text.len, &why) == CRM_OK)
			assert_same_answers(&c, &c, "退货 ab 12");
		classifier_free(&c);
		bytes.s[at] = right;
	}
	buf_free(&bytes);
	buf_free(&text);
	err_free(&why);
}

static void packed_ones_are_the_same(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 120; i++) {
		struct buf packed = BUF_INIT, again = BUF_INIT;
		struct classifier c, back;
		struct err why = { 0 };

		state_of_chance = i;
		random_classifier(&c);
		assert_int_equal(classifier_pack(&packed, &c), CRM_OK);
		if (classifier_unpack(&back, packed.s, packed.len, &why) != CRM_OK)
			fail_msg("%s", buf_str(&why.msg));
		assert_int_equal(classifier_pack(&again, &back), CRM_OK);
		assert_string_equal(packed.s, again.s);
		assert_same_answers(&c, &back, "退货退款 ab c de, 12");
		assert_same_answers(&c, &back, "");
		if (i % 10 == 0)
			spoil(&packed);
		buf_free(&packed);
		buf_free(&again);
		classifier_free(&c);
		classifier_free(&back);
	}
}

static void a_refusal_says_why(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *why;
	} cases[] = {
#define CASE(text, why_) { text, sizeof(text) - 1, why_ }
		CASE("crmx\1", "it is none"),
		CASE("crmc\2", "it is of another format"),
		CASE("crmc\1\4", "its method is unknown"),
		CASE("crmc\1\0\1\1a", "its labels are not in order"),
		CASE("crmc\1\0\2\1b\1a", "its labels are not in order"),
		CASE("crmc\1\0\2\1a\1\xff", "a text is none"),
		CASE("crmc\1\0\2\1a\0", "a text is none"),
		CASE("crmc\1\0\2\1a\1b\5\1\0\x20", "it is cut off"),
		CASE("crmc\1\0\2\1a\1b\5\1\0\0\0\0", "a gram is none"),
		CASE("crmc\1\0\2\1a\1b\5\1\0\x61\6\0\0", "more texts have a feature than there were"),
		CASE("crmc\1\0\2\1a\1b\0\0\0\0\0\xc0\x7f\0\0\0\0\0\0\x80\x3f\0\0\0\0", "a number is none"),
		CASE("crmc\1\0\2\1a\1b\0\0\0\0\0\0\0\0\0\x80\xbf\0\0\x80\x3f\0\0\0\0", "a scale is none"),
		CASE("crmc\1\0\2\1a\1b\0\0\0\0\0\0\0\0\0\x80\x3f\0\0\x80\x3f\0\0\0\0\1",
			"something stands behind its end"),
		CASE("crmc\1\0\2\1a\1b\5\1\0\x61\5\0\0\0\0\0\0\x80\x3f\0\0\x80\x3f\0\0\0\0\0\0", "a weight is none"),
		CASE("crmc\1\2\2\1a\1b\5\0\0\0\0", "its trees are none"),
#undef CASE
	};
	struct classifier c;
	struct err why = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf text = BUF_INIT;

		buf_base64(&text, cases[i].bytes, cases[i].len);
		assert_int_equal(classifier_unpack(&c, text.s, text.len, &why), CRM_INVALID);
		assert_string_equal(buf_str(&why.msg), cases[i].why);
		buf_free(&text);
	}
	assert_int_equal(classifier_unpack(&c, "a", 1, &why), CRM_INVALID);
	assert_string_equal(buf_str(&why.msg), "it is no base64");
	err_free(&why);
}

/* --- base64: the examples of RFC 4648, section 10 --- */

static void base64_is_as_in_the_rfc(void **state)
{
	static const char *const pairs[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" } };
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		buf_clear(&b);
		buf_base64(&b, pairs[i][0], strlen(pairs[i][0]));
		assert_string_equal(buf_str(&b), pairs[i][1]);
		buf_clear(&b);
		assert_true(base64_decode(&b, pairs[i][1], strlen(pairs[i][1])));
		assert_string_equal(buf_str(&b), pairs[i][0]);
	}
	assert_false(base64_decode(&b, "Zg==Zg", 6));
	assert_false(base64_decode(&b, "Z", 1));
	assert_false(base64_decode(&b, "Zm9-", 4));
	buf_free(&b);
}

/* --- fewer features --- */

/* Of `ab`, `a` and `b` kept are the first and the last: the rows are what they had been without the other. */
static void what_is_not_kept_was_never_there(void **state)
{
	static const uint32_t kept[] = { 0, 2 };
	struct vocabulary v;
	uint32_t index[] = { 0, 1, 2, 1 };
	float value[] = { 0.3F, 0.5F, 0.4F, 1 };
	size_t start[] = { 0, 3, 4 };
	struct matrix m = { .rows = 2, .start = start, .index = index, .value = value, .n = 4 };

	(void)state;
	put_vocabulary(&v);
	assert_int_equal(vocabulary_keep(&v, &m, kept, 2), CRM_OK);
	assert_int_equal(v.n, 2);
	assert_int_equal(v.grams, 1);
	assert_string_equal(v.word[0], "ab");
	assert_int_equal(m.n, 2);
	assert_int_equal(start[1], 2);
	assert_int_equal(start[2], 2);
	assert_int_equal(index[1], 1);
	near((double)value[0], 0.6, 1e-6);
	near((double)value[1], 0.8, 1e-6);
	vocabulary_free(&v);
}

/* A character is not cut in two: the line would be no text any more. */
static void of_long_texts_the_beginning_counts(void **state)
{
	struct buf text = BUF_INIT, prepared = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		buf_puts(&text, "货");
	assert_int_equal(text_prepare(&prepared, text.s, text.len), CRM_OK);
	assert_int_equal(prepared.len, FIELD_BYTES_MAX / 3 * 3 + 1);
	buf_free(&text);
	buf_free(&prepared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decisions_are_sums_of_weights),
		cmocka_unit_test(probabilities_are_the_softmax),
		cmocka_unit_test(of_two_labels_one_decides),
		cmocka_unit_test(trees_say_the_mean_of_their_leaves),
		cmocka_unit_test(trees_that_are_none_are_refused),
		cmocka_unit_test(packed_ones_are_the_same),
		cmocka_unit_test(a_refusal_says_why),
		cmocka_unit_test(base64_is_as_in_the_rfc),
		cmocka_unit_test(what_is_not_kept_was_never_there),
		cmocka_unit_test(of_long_texts_the_beginning_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

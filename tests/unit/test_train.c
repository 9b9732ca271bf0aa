/* Solving problems: against solutions that are worked by hand. */
#include "cli/words.h"
#include "helpers/train_terms.h"
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- problems --- */

/* A problem in the making. */
struct made {
	crm_problem_head head;
	uint64_t first[200];
	uint32_t label[200], feature[2000];
	float value[2000];
};

static void begin(struct made *m, crm_method method, uint32_t labels, uint32_t features)
{
	memset(m, 0, sizeof(*m));
	memcpy(m->head.magic, CRM_PROBLEM_MAGIC, sizeof(m->head.magic));
	m->head.method = method;
	m->head.labels = labels;
	m->head.features = features;
	m->head.seed = 1;
}

/* A document with these features, as "02"; of each the value. */
static void add(struct made *m, uint32_t label, const char *features, float value)
{
	for (const char *f = features; *f; f++) {
		m->feature[m->head.entries] = (uint32_t)(*f - '0');
		m->value[m->head.entries++] = value;
	}
	m->label[m->head.documents++] = label;
	m->first[m->head.documents] = m->head.entries;
}

static void pack(struct strbuf *out, const struct made *m)
{
	const crm_problem_head *h = &m->head;

	strbuf_truncate(out, 0);
	strbuf_add(out, (const char *)h, sizeof(*h));
	strbuf_add(out, (const char *)m->first, (h->documents + 1) * sizeof(*m->first));
	strbuf_add(out, (const char *)m->label, h->documents * sizeof(*m->label));
	strbuf_add(out, (const char *)m->feature, h->entries * sizeof(*m->feature));
	strbuf_add(out, (const char *)m->value, h->entries * sizeof(*m->value));
}

static bool reads(const struct made *m)
{
	cleanup(strbuf_freep) struct strbuf bytes = { 0 };
	struct problem_in p;

	pack(&bytes, m);
	return problem_read(&p, bytes.s, bytes.len);
}

static void solve(struct strbuf *solution, const struct made *m)
{
	cleanup(strbuf_freep) struct strbuf bytes = { 0 };
	struct problem_in p;

	pack(&bytes, m);
	assert_true(problem_read(&p, bytes.s, bytes.len));
	assert_true((m->head.method <= CRM_LOGISTIC ? planes_solve : trees_solve)(solution, &p));
	assert_false(solution->failed);
}

static void two_labels(struct made *m)
{
	begin(m, CRM_SVM, 2, 3);
	add(m, 0, "0", 1);
	add(m, 1, "12", 1);
}

static void what_is_damaged_is_refused(void **state)
{
	static const char cut[sizeof(crm_problem_head)] = CRM_PROBLEM_MAGIC;
	struct problem_in p;
	struct made m;

	(void)state;
	two_labels(&m);
	assert_true(reads(&m));
	assert_false(problem_read(&p, cut, 7));
	assert_false(problem_read(&p, cut, sizeof(cut)));
	m.head.magic[7] = '0';
	assert_false(reads(&m));
	two_labels(&m);
	m.head.method = 4;
	assert_false(reads(&m));
	two_labels(&m);
	m.head.labels = 3; /* one of which has no document, and more than documents */
	assert_false(reads(&m));
	two_labels(&m);
	m.label[1] = 2;
	assert_false(reads(&m));
	two_labels(&m);
	m.label[1] = 0; /* the second has none */
	assert_false(reads(&m));
	two_labels(&m);
	m.feature[2] = 3;
	assert_false(reads(&m));
	two_labels(&m);
	m.feature[2] = m.feature[1]; /* not rising */
	assert_false(reads(&m));
	two_labels(&m);
	m.value[0] = NAN;
	assert_false(reads(&m));
	two_labels(&m);
	m.first[1] = 4; /* beyond the end */
	assert_false(reads(&m));
	two_labels(&m);
	m.first[2] = 2;
	assert_false(reads(&m));
	two_labels(&m);
	m.head.features = UINT32_MAX;
	assert_false(reads(&m));
}

/* --- planes --- */

static void near(double got, double wanted, double within)
{
	if (!(fabs(got - wanted) <= within))
		fail_msg("%.12g, not %.12g", got, wanted);
}

/* One feature, 1 for one label and -1 for the other: what is the weight, the bias being 0? */
static double weight_of_two(crm_method method)
{
	cleanup(strbuf_freep) struct strbuf solution = { 0 };
	crm_solution_head head;
	float planes[4];
	struct made m;

	begin(&m, method, 2, 1);
	add(&m, 1, "0", 1);
	add(&m, 0, "0", -1);
	solve(&solution, &m);
	assert_int_equal(solution.len, sizeof(head) + sizeof(planes));
	memcpy(&head, solution.s, sizeof(head));
	memcpy(planes, solution.s + sizeof(head), sizeof(planes));
	assert_int_equal(head.planes, 2);
	assert_int_equal(head.features, 1);
	near((double)planes[0], (double)-planes[1], 0); /* one turned round */
	near((double)planes[2], (double)-planes[3], 0);
	near((double)planes[3], 0, 0.02);
	return (double)planes[1];
}

/*
 * The squared hinge loss at C = 1: w^2 / 2 + 2 (1 - w)^2 is least at w = 0.8. The logistic one at C = 10:
 * w^2 / 2 + 20 ln(1 + exp(-w)) where w = 20 / (1 + exp(w)).
 */
static void weights_worked_by_hand(void **state)
{
	double low = 0, high = 20;

	(void)state;
	near(weight_of_two(CRM_SVM), 0.8, 0.02);
	for (int i = 0; i < 60; i++) {
		double w = (low + high) / 2;
		*(20 / (1 + exp(w)) > w ? &low : &high) = w;
	}
	near(weight_of_two(CRM_LOGISTIC), low, 0.05);
}

/* Each label has a feature of its own, and all share one. */
static void planes_tell_apart(void **state)
{
	static const char *const features[] = { "03", "13", "23" };

	(void)state;
	for (crm_method method = CRM_SVM; method <= CRM_LOGISTIC; method++) {
		cleanup(strbuf_freep) struct strbuf solution = { 0 };
		float planes[3 * 4 + 3];
		struct made m;
		begin(&m, method, 3, 4);
		for (uint32_t i = 0; i < 30; i++)
			add(&m, i % 3, features[i % 3], 0.7F);
		solve(&solution, &m);
		assert_int_equal(solution.len, sizeof(crm_solution_head) + sizeof(planes));
		memcpy(planes, solution.s + sizeof(crm_solution_head), sizeof(planes));
		for (size_t own = 0; own < 3; own++)
			for (size_t k = 0; k < 3; k++) {
				float score = 0.7F * (planes[4 * k + own] + planes[4 * k + 3]) + planes[12 + k];
				assert_true(own == k ? score > 0.4F : score < -0.4F);
			}
	}
}

/* --- trees --- */

struct walked {
	crm_solution_head head;
	const uint32_t *roots;
	const crm_tree_node *nodes;
	const crm_tree_vote *votes;
};

static struct walked walk_of(const struct strbuf *solution)
{
	struct walked w;

	memcpy(&w.head, solution->s, sizeof(w.head));
	w.roots = (const uint32_t *)(const void *)(solution->s + sizeof(w.head));
	w.nodes = (const crm_tree_node *)(const void *)(w.roots + w.head.trees);
	w.votes = (const crm_tree_vote *)(const void *)(w.nodes + w.head.nodes);
	assert_int_equal(solution->len, (size_t)((const char *)(w.votes + w.head.votes) - solution->s));
	return w;
}

static void leaf_is(const struct walked *w, uint32_t node, uint32_t label)
{
	assert_int_equal(w->nodes[node].feature, CRM_TREE_LEAF);
	assert_int_equal(w->nodes[node].present, 1);
	assert_int_equal(w->votes[w->nodes[node].absent].label, label);
	near((double)w->votes[w->nodes[node].absent].share, 1, 0);
}

static void times(struct made *m, int n, uint32_t label, const char *features)
{
	for (int i = 0; i < n; i++)
		add(m, label, features, 0.5F);
}

/* Label 1 where both 0 and 1 are: whichever is asked for first, of equals it is the first, the other follows. */
static void both(struct made *m, crm_method method)
{
	begin(m, method, 2, 4);
	times(m, 3, 1, "01");
	times(m, 3, 0, "0");
	times(m, 3, 0, "1");
	times(m, 3, 0, "23");
}

static void a_tree_asks_what_it_must(void **state)
{
	cleanup(strbuf_freep) struct strbuf solution = { 0 };
	struct made m;

	(void)state;
	both(&m, CRM_TREE);
	solve(&solution, &m);
	struct walked w = walk_of(&solution);
	assert_int_equal(w.head.trees, 1);
	assert_int_equal(w.head.nodes, 5);
	const crm_tree_node *root = &w.nodes[w.roots[0]];
	assert_int_equal(root->feature, 0);
	leaf_is(&w, root->absent, 0);
	assert_int_equal(w.nodes[root->present].feature, 1);
	leaf_is(&w, w.nodes[root->present].absent, 0);
	leaf_is(&w, w.nodes[root->present].present, 1);
}

/* The first question is the one of least impurity: 1 parts 6 | 6 purely but for one, 0 only 2 | 10. */
static void the_better_question_comes_first(void **state)
{
	cleanup(strbuf_freep) struct strbuf solution = { 0 };
	struct made m;

	(void)state;
	begin(&m, CRM_TREE, 2, 2);
	times(&m, 2, 1, "01");
	times(&m, 4, 1, "1");
	times(&m, 5, 0, "");
	times(&m, 1, 1, "");
	solve(&solution, &m);
	struct walked w = walk_of(&solution);
	const crm_tree_node *root = &w.nodes[w.roots[0]];
	assert_int_equal(root->feature, 1);
	leaf_is(&w, root->present, 1);
	const crm_tree_node *mixed = &w.nodes[root->absent];
	assert_int_equal(mixed->feature, CRM_TREE_LEAF); /* nothing more can be asked */
	assert_int_equal(mixed->present, 2);
	assert_int_equal(w.votes[mixed->absent].label, 0);
	near((double)w.votes[mixed->absent].share, 5.0 / 6, 1e-6);
	near((double)w.votes[mixed->absent + 1].share, 1.0 / 6, 1e-6);
}

static void six_and_six(struct made *m)
{
	begin(m, CRM_TREE, 2, 2);
	times(m, 3, 1, "01");
	times(m, 2, 1, "0");
	times(m, 1, 1, "");
	times(m, 3, 0, "0");
	times(m, 3, 0, "");
}

/*
 * Of six and six: 1 is in three of the second label only, (9 / 3 + (36 + 9) / 9) = 8; 0 is in five of it and three others,
 * (25 + 9) / 8 + (9 + 1) / 4 = 6.75.
 */
static void both_sides_count(void **state)
{
	cleanup(strbuf_freep) struct strbuf solution = { 0 };
	struct made m;

	(void)state;
	six_and_six(&m);
	solve(&solution, &m);
	struct walked w = walk_of(&solution);
	assert_int_equal(w.nodes[w.roots[0]].feature, 1);
}

/* Chi squared of 1 is 12 (3 * 6 - 3 * 0)^2 / (3 * 9 * 6 * 6) = 4, of 0 it is 12 (5 * 3 - 1 * 3)^2 / (8 * 4 * 6 * 6) = 1.5. */
static void the_strongest_term_is_kept(void **state)
{
	cleanup(strbuf_freep) struct strbuf bytes = { 0 };
	struct problem_in p;
	struct terms terms;
	struct made m;

	(void)state;
	six_and_six(&m);
	pack(&bytes, &m);
	assert_true(problem_read(&p, bytes.s, bytes.len));
	terms_choose(&terms, &p, 1);
	assert_int_equal(terms.n, 1);
	assert_int_equal(terms.feature[0], 1);
	assert_int_equal(terms.first[12], 3);
	terms_free(&terms);
}

/* A feature that all have says nothing; without any that does the tree is a leaf. */
static void nothing_to_ask_is_a_leaf(void **state)
{
	cleanup(strbuf_freep) struct strbuf solution = { 0 };
	struct made m;

	(void)state;
	begin(&m, CRM_TREE, 2, 1);
	times(&m, 3, 0, "0");
	times(&m, 1, 1, "0");
	solve(&solution, &m);
	struct walked w = walk_of(&solution);
	assert_int_equal(w.head.nodes, 1);
	near((double)w.votes[0].share, 0.75, 1e-6);
}

/* --- chance --- */

static bool same(const struct strbuf *a, const struct strbuf *b)
{
	return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

static void use_one_processor(cpu_set_t *before)
{
	cpu_set_t one;

	assert_int_equal(sched_getaffinity(0, sizeof(*before), before), 0);
	CPU_ZERO(&one);
	for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++)
		if (CPU_ISSET(i, before))
			CPU_SET(i, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
}

static void the_seed_decides_and_processors_do_not(void **state)
{
	static const char *const features[] = { "03", "13", "23", "0", "12" };

	(void)state;
	for (crm_method method = CRM_SVM; method <= CRM_FOREST; method++) {
		cleanup(strbuf_freep) struct strbuf first = { 0 }, again = { 0 }, alone = { 0 }, other = { 0 };
		cpu_set_t before;
		struct made m;
		begin(&m, method, 3, 4);
		for (uint32_t i = 0; i < 60; i++)
			add(&m, (i + i / 7) % 3, features[i % 5], 0.7F);
		solve(&first, &m);
		solve(&again, &m);
		assert_true(same(&first, &again));
		use_one_processor(&before);
		solve(&alone, &m);
		assert_true(same(&first, &alone));
		assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
		m.head.seed = 2;
		solve(&other, &m);
		assert_true(same(&first, &other) == (method == CRM_TREE)); /* which leaves nothing to chance */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_damaged_is_refused),
		cmocka_unit_test(weights_worked_by_hand),
		cmocka_unit_test(planes_tell_apart),
		cmocka_unit_test(a_tree_asks_what_it_must),
		cmocka_unit_test(the_better_question_comes_first),
		cmocka_unit_test(both_sides_count),
		cmocka_unit_test(the_strongest_term_is_kept),
		cmocka_unit_test(nothing_to_ask_is_a_leaf),
		cmocka_unit_test(the_seed_decides_and_processors_do_not),
	};

	return cmocka_run_group_tests_name("train", tests, NULL, NULL);
}

/* Linear methods: a plane for each label against all others, found by liblinear. */
#include "helpers/say.h"
#include "helpers/train.h"

#include "cli/words.h"
#include <linear.h>
#include <stdlib.h>
#include <string.h>

struct planes {
	const struct problem_in *of;
	struct problem problem;
	struct parameter parameter;
};

static void quiet(const char *text)
{
	(void)text;
}

/* The documents as liblinear wants them: features from 1, one more that all have (the bias), -1 at the end. */
static struct feature_node *fill(struct problem *out, const struct problem_in *p)
{
	size_t documents = p->head.documents;
	struct feature_node *nodes = need_zeroed(p->head.entries + 2 * documents, sizeof(*nodes)), *at = nodes;

	*out = (struct problem){ .l = (int)documents, .n = (int)p->head.features + 1, .bias = 1 };
	out->x = need_zeroed(documents, sizeof(struct feature_node *));
	for (size_t row = 0; row < documents; row++) {
		out->x[row] = at;
		for (uint64_t i = p->first[row]; i < p->first[row + 1]; i++)
			*at++ = (struct feature_node){ (int)p->feature[i] + 1, (double)p->value[i] };
		*at++ = (struct feature_node){ out->n, out->bias };
		*at++ = (struct feature_node){ -1, 0 };
	}
	return nodes;
}

/*
 * Weights and bias of one label. The solver draws from rand(): begun anew for each, so that it does not matter which process
 * has had which labels before.
 */
static void solve(struct strbuf *result, size_t label, void *payload)
{
	const struct planes *all = payload;
	struct problem one = all->problem;
	cleanup(freep) double *y = need_zeroed((size_t)one.l, sizeof(*y));

	for (size_t i = 0; i < (size_t)one.l; i++)
		y[i] = all->of->label[i] == label ? 1 : -1;
	one.y = y;
	srand((unsigned)(all->of->head.seed ^ (all->of->head.seed >> 32)) + (unsigned)label);
	struct model *found = need(train(&one, &all->parameter));
	for (size_t d = 0; d < (size_t)one.n; d++) {
		float weight = (float)found->w[d];
		strbuf_add(result, (const char *)&weight, sizeof(weight));
	}
	free_and_destroy_model(&found);
}

/* Of two labels the one plane is the other turned round. */
static void add_numbers(struct strbuf *out, const float *v, size_t n, bool turned)
{
	for (size_t i = 0; i < n; i++) {
		float number = turned ? -v[i] : v[i];
		strbuf_add(out, (const char *)&number, sizeof(number));
	}
}

static void write_solution(struct strbuf *out, const struct problem_in *p, const float *planes)
{
	crm_solution_head head = {
		.method = p->head.method,
		.labels = p->head.labels,
		.features = p->head.features,
		.planes = p->head.labels,
	};
	bool two = head.labels == 2;
	size_t stride = (size_t)head.features + 1;

	memcpy(head.magic, CRM_SOLUTION_MAGIC, sizeof(head.magic));
	strbuf_add(out, (const char *)&head, sizeof(head));
	for (size_t k = 0; k < head.planes; k++)
		add_numbers(out, planes + (two ? 0 : k) * stride, head.features, two && k == 0);
	for (size_t k = 0; k < head.planes; k++)
		add_numbers(out, planes + (two ? 0 : k) * stride + head.features, 1, two && k == 0);
}

/* Of two labels the second is trained, which is number 1. */
static void solve_second(struct strbuf *result, size_t i, void *payload)
{
	solve(result, i + 1, payload);
}

bool planes_solve(struct strbuf *out, const struct problem_in *p)
{
	cleanup(strbuf_freep) struct strbuf found = { 0 };
	struct planes all = { .of = p };
	bool svm = p->head.method == CRM_SVM;

	/* C and the stopping criterion: the smallest effort that the figures of tests/bench/classify do not suffer from */
	all.parameter = (struct parameter){
		.solver_type = svm ? L2R_L2LOSS_SVC_DUAL : L2R_LR_DUAL,
		.C = svm ? 1 : 10,
		.eps = 0.1,
	};
	set_print_string_function(quiet);
	struct feature_node *nodes = fill(&all.problem, p);
	bool good = p->head.labels == 2 ? work_all(&found, 1, solve_second, &all)
					: work_all(&found, p->head.labels, solve, &all);
	free(all.problem.x);
	free(nodes);
	if (good)
		write_solution(out, p, (const float *)(const void *)found.s);
	return good;
}

#include "analysis/classifier.h"

#include <math.h>

static const char *const methods[] = { "svm", "logistic", "tree", "forest" };

const char *method_name(crm_method m)
{
	return methods[m];
}

bool method_find(crm_method *out, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (strcmp(methods[i], name) == 0) {
			*out = (crm_method)i;
			return true;
		}
	return false;
}

void classifier_free(struct classifier *c)
{
	free(c->labels);
	vocabulary_free(&c->vocabulary);
	free(c->linear.bias);
	free(c->linear.scale);
	free(c->linear.q);
	free(c->calibration.slope);
	free(c->calibration.intercept);
	free(c->trees.roots);
	free(c->trees.nodes);
	free(c->trees.votes);
	arena_free(&c->mem);
	vector_free(&c->scratch);
	free(c->has);
	free(c->sums);
	*c = (struct classifier){ 0 };
}

/* --- making one --- */

int classifier_labels(struct classifier *c, const char *const *labels, size_t n)
{
	if (n < 2 || n > LABELS_MAX)
		return CRM_INVALID;
	c->labels = calloc(n, sizeof(*c->labels));
	c->sums = calloc(n, sizeof(*c->sums));
	if (!c->labels || !c->sums)
		return CRM_NOMEM;
	for (size_t i = 0; i < n; i++) {
		if (!*labels[i] || (i > 0 && strcmp(labels[i - 1], labels[i]) >= 0))
			return CRM_INVALID;
		c->labels[i] = arena_copy(&c->mem, labels[i], strlen(labels[i]));
	}
	c->nlabels = n;
	return c->mem.failed ? CRM_NOMEM : CRM_OK;
}

int linear_room(struct classifier *c)
{
	struct linear *l = &c->linear;
	const size_t n = linear_outputs(c->nlabels);

	if (c->vocabulary.n > WEIGHTS_MAX / n)
		return CRM_INVALID;
	l->outputs = n;
	l->bias = calloc(n, sizeof(*l->bias));
	l->scale = calloc(n, sizeof(*l->scale));
	l->q = calloc(n * c->vocabulary.n + 1, sizeof(*l->q));
	c->calibration.slope = calloc(n, sizeof(*c->calibration.slope));
	c->calibration.intercept = calloc(n, sizeof(*c->calibration.intercept));
	return l->bias && l->scale && l->q && c->calibration.slope && c->calibration.intercept ? CRM_OK : CRM_NOMEM;
}

/* One output's weights; false when one is not finite. */
static bool put_weights(struct linear *l, size_t output, const float *weight, size_t n)
{
	float largest = 0;

	for (size_t d = 0; d < n; d++) {
		if (!isfinite(weight[d]))
			return false;
		largest = fmaxf(largest, fabsf(weight[d]));
	}
	l->scale[output] = largest;
	for (size_t d = 0; largest > 0 && d < n; d++) {
		const int q = (int)lroundf(WEIGHT_STEPS * sqrtf(fabsf(weight[d]) / largest));

		l->q[d * l->outputs + output] = (int8_t)(weight[d] < 0 ? -q : q);
	}
	return true;
}

int classifier_linear(struct classifier *c, const float *bias, const float *weights)
{
	const size_t n = c->vocabulary.n, first = c->nlabels == 2 ? 1 : 0;
	int status = linear_room(c);

	for (size_t k = 0; status == CRM_OK && k < c->linear.outputs; k++) {
		c->linear.bias[k] = bias[first + k];
		c->calibration.slope[k] = 1;
		if (!isfinite(bias[first + k]) || !put_weights(&c->linear, k, weights + (first + k) * n, n))
			status = CRM_INVALID;
	}
	return status;
}

static bool is_leaf(const struct trees *t, const struct classifier *c, const crm_tree_node *node)
{
	double sum = 0;

	if (node->present == 0 || node->absent > t->nvotes || node->present > t->nvotes - node->absent)
		return false;
	for (size_t i = 0; i < node->present; i++) {
		const crm_tree_vote *v = &t->votes[node->absent + i];

		if (v->label >= c->nlabels || !(v->share > 0 && v->share <= 1))
			return false;
		sum += (double)v->share;
	}
	return fabs(sum - 1) < 1e-3;
}

static bool is_node(const struct trees *t, const struct classifier *c, size_t i)
{
	const crm_tree_node *node = &t->nodes[i];

	if (node->feature == CRM_TREE_LEAF)
		return is_leaf(t, c, node);
	return node->feature < c->vocabulary.n && node->absent > i && node->absent < t->nnodes && node->present > i &&
	       node->present < t->nnodes;
}

bool trees_valid(const struct trees *t, const struct classifier *c)
{
	for (size_t i = 0; i < t->nroots; i++)
		if (t->roots[i] >= t->nnodes)
			return false;
	for (size_t i = 0; i < t->nnodes; i++)
		if (!is_node(t, c, i))
			return false;
	return t->nroots > 0;
}

static void *copy(const void *from, size_t n, size_t size)
{
	void *to = calloc(n + 1, size);

	if (to && n > 0)
		memcpy(to, from, n * size);
	return to;
}

int classifier_trees(struct classifier *c, const struct trees *from)
{
	struct trees *t = &c->trees;

	if (!trees_valid(from, c))
		return CRM_INVALID;
	*t = *from;
	t->roots = copy(from->roots, from->nroots, sizeof(*t->roots));
	t->nodes = copy(from->nodes, from->nnodes, sizeof(*t->nodes));
	t->votes = copy(from->votes, from->nvotes, sizeof(*t->votes));
	c->has = calloc(c->vocabulary.n + 1, sizeof(*c->has));
	return t->roots && t->nodes && t->votes && c->has ? CRM_OK : CRM_NOMEM;
}

/* --- using one --- */

int classifier_read(const struct vector **out, struct classifier *c, const char *text, size_t len)
{
	int status = features_of(&c->scratch, &c->vocabulary, text, len);

	if (status == CRM_OK)
		*out = &c->scratch;
	return status;
}

static double weight_of(const struct linear *l, size_t d, size_t output)
{
	const double q = l->q[d * l->outputs + output] / (double)WEIGHT_STEPS;

	return (double)l->scale[output] * q * fabs(q);
}

void classifier_decisions(double *out, const struct classifier *c, const struct vector *x)
{
	const struct linear *l = &c->linear;
	const double steps = (double)WEIGHT_STEPS * WEIGHT_STEPS;

	for (size_t k = 0; k < l->outputs; k++)
		out[k] = 0;
	for (size_t i = 0; i < x->n; i++) {
		const int8_t *q = l->q + x->index[i] * l->outputs;

		for (size_t k = 0; k < l->outputs; k++)
			out[k] += (double)x->value[i] * (q[k] < 0 ? -q[k] * q[k] : q[k] * q[k]);
	}
	for (size_t k = 0; k < l->outputs; k++)
		out[k] = (double)l->bias[k] + (double)l->scale[k] * out[k] / steps;
}

/* Sums become probabilities that sum up to 1. */
static void softmax(double *v, size_t n)
{
	double highest = v[0], sum = 0;

	for (size_t k = 1; k < n; k++)
		highest = fmax(highest, v[k]);
	for (size_t k = 0; k < n; k++)
		sum += v[k] = exp(v[k] - highest);
	for (size_t k = 0; k < n; k++)
		v[k] /= sum;
}

static void linear_probabilities(double *out, const struct classifier *c, const struct vector *x)
{
	const size_t first = c->nlabels - c->linear.outputs;

	out[0] = 0;
	classifier_decisions(out + first, c, x);
	for (size_t k = 0; k < c->linear.outputs; k++)
		out[first + k] = (double)c->calibration.slope[k] * out[first + k] + (double)c->calibration.intercept[k];
	softmax(out, c->nlabels);
}

static const crm_tree_node *walk(const struct classifier *c, uint32_t root)
{
	const crm_tree_node *node = &c->trees.nodes[root];

	while (node->feature != CRM_TREE_LEAF)
		node = &c->trees.nodes[c->has[node->feature] ? node->present : node->absent];
	return node;
}

static void tree_probabilities(double *out, struct classifier *c, const struct vector *x)
{
	const struct trees *t = &c->trees;

	for (size_t k = 0; k < c->nlabels; k++)
		out[k] = 0;
	for (size_t i = 0; i < x->n; i++)
		c->has[x->index[i]] = true;
	for (size_t r = 0; r < t->nroots; r++) {
		const crm_tree_node *leaf = walk(c, t->roots[r]);

		for (size_t i = 0; i < leaf->present; i++)
			out[t->votes[leaf->absent + i].label] +=
				(double)t->votes[leaf->absent + i].share / (double)t->nroots;
	}
	for (size_t i = 0; i < x->n; i++)
		c->has[x->index[i]] = false;
}

void classifier_probabilities(double *out, struct classifier *c, const struct vector *x)
{
	if (method_is_linear(c->method))
		linear_probabilities(out, c, x);
	else
		tree_probabilities(out, c, x);
}

/* --- why --- */

/* What the score of a label grows by with the weight of a feature in the text. */
static double slope_of(const struct classifier *c, size_t d, size_t label)
{
	const size_t first = c->nlabels - c->linear.outputs;

	return label < first ? 0
			     : (double)c->calibration.slope[label - first] * weight_of(&c->linear, d, label - first);
}

double classifier_weight(const struct classifier *c, size_t d, size_t a, size_t b)
{
	return slope_of(c, d, a) - slope_of(c, d, b);
}

/*
 * A classifier in memory: what it says of a text, and how it is packed into a record of the entity `classifier`.
 *
 * How it was found is not its business: cmd/helpers/ trains, this predicts, without any library.
 */
#ifndef ANALYSIS_CLASSIFIER_H
#define ANALYSIS_CLASSIFIER_H

#include "analysis/features.h"
#include <crm/training.h>

enum {
	CLASSIFIER_FORMAT = 1, /* of what classifier_pack() writes */
	LABELS_MAX = 2000,
	WEIGHTS_MAX = 1 << 25, /* features times outputs: the learner is to keep fewer features of many labels */
	WEIGHT_STEPS = 127
};

/*
 * Linear methods: decision k of a text x is bias[k] + sum over its features d of x[d] * weight[d][k]. There is one for
 * each label, but of two labels only one, which is above 0 for the second.
 *
 * A weight is kept in 8 bits, q from -127 to 127, as scale[k] * sign(q) * (q / 127)^2: the square spends the steps where
 * most weights are, near 0.
 */
struct linear {
	size_t outputs;
	float *bias, *scale;
	int8_t *q; /* of feature d and output k: q[d * outputs + k] */
};

/*
 * Decision trees, as <crm/training.h> has them. A walk begins at a root and goes on at `absent` or `present` as the text
 * has the feature or not, until a leaf, which says which share of its texts had which label. Several trees say the mean of
 * what each says.
 */
struct trees {
	uint32_t *roots;
	crm_tree_node *nodes;
	crm_tree_vote *votes;
	size_t nroots, nnodes, nvotes;
};

/*
 * From decisions to probabilities: the softmax of slope[k] * decision[k] + intercept[k]. With one slope for all and
 * intercepts of 0 that is temperature scaling (Guo et al., On Calibration of Modern Neural Networks, 2017). Of two labels
 * the first has 0 in place of such a sum, which leaves the sigmoid of Platt (Probabilistic outputs for support vector
 * machines, 1999). Trees need none: their shares are probabilities.
 */
struct calibration {
	float *slope, *intercept; /* `outputs` of them */
};

struct classifier {
	crm_method method;
	const char **labels; /* in mem; in the order of their bytes, no two the same */
	size_t nlabels;      /* from 2 */
	struct vocabulary vocabulary;
	struct linear linear; /* of svm and logistic */
	struct calibration calibration;
	struct trees trees; /* of tree and forest */
	struct arena mem;
	struct vector scratch; /* what the last text had */
	bool *has;             /* which features it has, where trees look; none between texts */
	double *sums;          /* one for each label */
};

const char *method_name(crm_method m);
bool method_find(crm_method *out, const char *name);
static inline bool method_is_linear(crm_method m)
{
	return m == CRM_SVM || m == CRM_LOGISTIC;
}
static inline size_t linear_outputs(size_t nlabels)
{
	return nlabels == 2 ? 1 : nlabels;
}

/*
 * --- making one ---
 *
 * Zeroed, then method, labels and vocabulary filled in (these are the classifier's from then on); then either
 * classifier_linear() and the calibration, or classifier_trees().
 */

/* The labels, copied. CRM_NOMEM; CRM_INVALID when they are too few, too many, or not in the order of their bytes. */
int classifier_labels(struct classifier *c, const char *const *labels, size_t n);

/*
 * Takes bias and weights, [label][feature], of a linear method, rounded to what is kept; of two labels only those of the
 * second. The calibration leaves decisions as they are (slope 1, intercept 0) until it is filled in. CRM_NOMEM;
 * CRM_INVALID when one is not finite, or they are more than WEIGHTS_MAX.
 */
int classifier_linear(struct classifier *c, const float *bias, const float *weights);

/* Takes a copy of trees. CRM_NOMEM; CRM_INVALID when they are none. */
int classifier_trees(struct classifier *c, const struct trees *trees);

/* Room for the weights of a linear method, all 0. CRM_NOMEM, CRM_INVALID: too many. */
int linear_room(struct classifier *c);

/* Whether every walk ends at a leaf whose shares sum up to 1. */
bool trees_valid(const struct trees *t, const struct classifier *c);

void classifier_free(struct classifier *c);

/* --- using one: c changes only in what it keeps for the next text --- */

/* What a text has of the vocabulary, borrowed until the next. CRM_NOMEM. */
int classifier_read(const struct vector **out, struct classifier *c, const char *text, size_t len);

/* Decisions of a linear method, `outputs` of them: what the calibration is fitted to. */
void classifier_decisions(double *out, const struct classifier *c, const struct vector *x);

/* The probability of each label, `nlabels` of them, that sum up to 1. */
void classifier_probabilities(double *out, struct classifier *c, const struct vector *x);

/*
 * What feature number d adds to the difference of two labels' scores (linear methods): its weight in the text times this.
 * Calibrated, so that the differences of all features and of the constants sum up to ln (p[a] / p[b]).
 */
double classifier_weight(const struct classifier *c, size_t d, size_t a, size_t b);

/* --- as text for the store --- */

/* Appends the packed classifier as base64. CRM_NOMEM. */
int classifier_pack(struct buf *out, const struct classifier *c);

/*
 * Reads such a text; anything that classifier_pack() would not have written is refused with CRM_INVALID and why, and `out`
 * is then empty. *out is to be freed in any case.
 */
int classifier_unpack(struct classifier *out, const char *text, size_t len, struct err *err);

#endif

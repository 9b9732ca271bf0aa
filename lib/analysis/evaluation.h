/*
 * How well a classifier tells labels: what it said of texts whose label is known, counted.
 *
 * Precision, recall and F1 that are 0 / 0 are not known (NAN here, empty cells in rows). The macro F1 is the mean over all
 * labels that a text has or was said to have, as scikit-learn's f1_score(average='macro', zero_division=0): a label that is
 * never found counts 0 in it.
 */
#ifndef ANALYSIS_EVALUATION_H
#define ANALYSIS_EVALUATION_H

#include "base/base.h"
#include <crm/training.h>

enum {
	EVALUATION_BINS = 10
};

struct crm_evaluation {
	const char **labels; /* owned, and what it points to is in mem */
	size_t nlabels;
	uint32_t *confusion; /* texts of label a that were said to be b: confusion[a * nlabels + b] */
	uint64_t n, right;
	uint64_t measured;  /* texts with a probability of their label: those whose label the classifier knows */
	double loss;        /* sum of -ln of these */
	uint64_t threshold; /* percent: a label that is less probable is unknown */
	uint64_t unknown, known_right;
	struct {
		uint64_t n, right;
		double sum;          /* of the probabilities of what was said */
	} bins[EVALUATION_BINS];     /* by these */
	uint64_t documents, trained; /* all, and those that it learnt from before it was asked; the caller's */
	double seconds;              /* the caller's */
	struct arena mem;
};

/* Seconds of a clock that only rises: how long things take. */
double evaluation_clock(void);

/* The labels are copied. CRM_NOMEM. */
int evaluation_begin(struct crm_evaluation *e, const char *const *labels, size_t n, uint64_t threshold);
void evaluation_free(struct crm_evaluation *e);

/*
 * A text of that label, and the probabilities of the first `n` labels, which are those of the classifier. Says the most
 * probable, of equals the first.
 */
void evaluation_add(struct crm_evaluation *e, size_t label, const double *probability, size_t n);

/* What is known of one label. */
struct label_figures {
	uint64_t n, said, right; /* texts that have it, that were said to, both */
	double precision, recall, f1;
};

struct label_figures evaluation_label(const struct crm_evaluation *e, size_t label);

/* NAN where nothing was asked. */
double evaluation_accuracy(const struct crm_evaluation *e);
double evaluation_macro_f1(const struct crm_evaluation *e);
double evaluation_majority(const struct crm_evaluation *e); /* accuracy of always saying the most frequent label */
double evaluation_log_loss(const struct crm_evaluation *e); /* mean, in nats */

/* The expected calibration error (Guo et al. 2017): how far probability and accuracy are apart, by bins, their mean. */
double evaluation_calibration_error(const struct crm_evaluation *e);

/* Summary and labels as one JSON object in one line, for the record of the classifier. CRM_NOMEM. */
int evaluation_json(struct buf *out, struct crm_evaluation *e);

#endif

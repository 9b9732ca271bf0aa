/* A training on its way from rows to a record of the entity `classifier`: what its files share. */
#ifndef ANALYSIS_TRAINING_H
#define ANALYSIS_TRAINING_H

#include "analysis/calibrate.h"
#include "analysis/classifier.h"
#include "analysis/evaluation.h"
#include "analysis/labelled.h"
#include "store/store.h"
#include <crm/training.h>

enum training_round {
	ROUND_MEASURE, /* learns from what is not held out */
	ROUND_KEEP,    /* learns from everything */
	ROUND_OVER
};

enum training_part {
	PART_LEARNT,
	PART_HELD,  /* held out, to measure and to calibrate by */
	PART_SPARED /* left out of a round that only calibrates, to save time */
};

struct crm_training {
	crm_store *s;
	crm_training_options opt; /* texts in mem */
	crm_method method;
	struct arena mem;
	double began; /* by evaluation_clock() */

	struct labelled texts; /* those of a label side by side */
	unsigned char *part;   /* of each: enum training_part */
	size_t nheld;
	const char **labels;
	size_t nlabels;

	enum training_round round;
	bool asked; /* for the solution of this round */
	struct vocabulary vocabulary;
	struct classifier classifier; /* what is kept */
	struct calibration calibration;
	struct crm_evaluation evaluation;
};

static inline bool training_learns_from(const struct crm_training *t, size_t i)
{
	return t->round == ROUND_KEEP || t->part[i] == PART_LEARNT;
}

/* Measures a classifier by what is held out, and fits the calibration to it. CRM_NOMEM. */
int training_measure(struct crm_training *t, struct classifier *c);

#endif

/* Satisfaction and loyalty from scores: the weights and coefficients of the configuration, and their formulas. */
#ifndef ANALYSIS_SATISFACTION_H
#define ANALYSIS_SATISFACTION_H

#include "model/survey.h"
#include <crm/survey.h>

struct weights {
	double of[2 * SURVEY_DIMENSIONS]; /* as survey_scores has them; 0: not asked for */
};

/* Those of the store, which sum to 1: `normalise` divides them by their sum, otherwise another sum is CRM_INVALID. */
int weights_read(struct weights *out, crm_store *s, bool normalise);

/* The sum of weights times scores, given in the order of survey_scores; false when one asked for is missing (NULL). */
bool satisfaction_of(double *out, const struct weights *w, const crm_value scores[2 * SURVEY_DIMENSIONS]);

/* The three coefficients of loyalty. CRM_INVALID, with what to do, when one is not configured. */
int loyalty_read(double b[3], crm_store *s);

#endif

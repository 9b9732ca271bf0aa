/*
 * Fits the calibration of a classifier (classifier.h), so that its probabilities hold what they say: of the texts that get
 * 80 %, 80 % are right. Fitted to texts that it has not learnt from.
 *
 * Of two labels a sigmoid (Platt 1999, as Lin, Lin and Weng 2007 compute it), of more one slope for all (temperature
 * scaling, Guo et al. 2017). A sigmoid for each of many labels, brought to a sum of 1, was tried: its log-loss is a third
 * higher.
 */
#ifndef ANALYSIS_CALIBRATE_H
#define ANALYSIS_CALIBRATE_H

#include "analysis/classifier.h"

/* Decisions about texts, decision[texts][outputs], and the number of the label that each really has. */
struct decided {
	const double *decision;
	const uint32_t *label;
	size_t texts, outputs;
};

/* `out` has room for the outputs. Without texts decisions stay as they are (slope 1, intercept 0). CRM_NOMEM. */
int calibration_fit(struct calibration *out, const struct decided *of);

#endif

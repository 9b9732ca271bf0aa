/*
 * Statistics of samples: means, shares and least squares with their intervals of 95 %.
 *
 * What cannot be known is said by a false return, never by a number that is none.
 */
#ifndef ANALYSIS_STATS_H
#define ANALYSIS_STATS_H

#include "base/base.h"

struct interval {
	double low, high;
};

/* --- means --- */

/* Values added one by one (Youngs and Cramer 1971): no sum of squares that would lose the small differences. */
struct sample {
	int64_t n;
	double sum, squares; /* squares: of the deviations from the mean */
};

void sample_add(struct sample *s, double value);
double sample_mean(const struct sample *s);     /* of at least one value */
double sample_variance(const struct sample *s); /* with n - 1; of at least two values */

/* Of the mean, by Student's t with n - 1 degrees of freedom, cut at the ends of the scale; false below two values. */
bool sample_interval(struct interval *out, const struct sample *s, double low, double high);

/* --- shares --- */

/* Of the share hits / n, by Wilson's score (1927), which stays within 0 and 1; false when n is 0. */
bool share_interval(struct interval *out, int64_t hits, int64_t n);

/* --- quantiles --- */

/* The t that 95 % of Student's distribution lie within, on both sides, with `freedom` degrees, at least 1. */
double student_95(int64_t freedom);

/* --- least squares --- */

/* y = b[0] + b[1] * x[0] + b[2] * x[1] */
struct point {
	double x[2], y;
};

enum fit_result {
	FIT_DONE,
	FIT_FEW,      /* fewer than three points */
	FIT_SINGULAR, /* one of the x is the same for all, or follows from the other: there is no one answer */
};

struct fit {
	double b[3];
	struct interval interval[3]; /* by Student's t with n - 3 degrees of freedom */
	bool has_intervals;          /* from four points on */
	double r2;                   /* the share of the variance of y that is explained */
	bool has_r2;                 /* y is not the same for all */
};

enum fit_result least_squares(struct fit *out, const struct point *points, size_t n);

#endif

/* The axis of figures: from where to where, and where its marks stand. */
#ifndef DRAW_SCALE_H
#define DRAW_SCALE_H

#include <stdbool.h>
#include <stddef.h>

struct scale {
	double low, high, step; /* marks at the multiples of `step` (above 0) between the ends */
};

/* What the figures are: it decides which steps are round. */
enum scale_steps {
	SCALE_REAL,  /* 1, 2 or 5 times a power of ten */
	SCALE_WHOLE, /* of these, from 1 */
	SCALE_TIME   /* seconds: round in seconds, minutes, hours or days */
};

/*
 * A scale over low … high, zero included, that ends at marks; about `marks` steps, at least one. Equal ends, all zero
 * as well, still give a scale of one step.
 */
struct scale scale_make(double low, double high, size_t marks, enum scale_steps steps);

/* How many marks there are, and the i-th. */
size_t scale_marks(const struct scale *s);
double scale_mark(const struct scale *s, size_t i);

/* Where the value stands between the ends, 0 to 1. */
double scale_share(const struct scale *s, double value);

#endif

#include "draw/scale.h"
#include <math.h>

/* 1, 2 or 5 times a power of ten, not below `least`. */
static double round_step(double least)
{
	double power = pow(10, floor(log10(least)));

	for (int i = 0; i < 3; i++) {
		static const double steps[] = { 1, 2, 5 };
		if (steps[i] * power >= least * (1 - 1e-9))
			return steps[i] * power;
	}
	return 10 * power;
}

static double round_time_step(double least)
{
	static const double steps[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600,
		43200 };
	const double day = 86400;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (steps[i] >= least)
			return steps[i];
	return least <= day ? day : round_step(least / day) * day;
}

struct scale scale_make(double low, double high, size_t marks, enum scale_steps steps)
{
	low = low < 0 ? low : 0;
	high = high > 0 ? high : 0;
	double least = (high - low) / (double)(marks > 0 ? marks : 1), step;

	if (!(least > 0))
		step = 1;
	else if (steps == SCALE_TIME)
		step = round_time_step(least);
	else
		step = round_step(steps == SCALE_WHOLE && least < 1 ? 1 : least);
	/* a hair above a mark, by rounding, is that mark */
	low = floor(low / step + 1e-9) * step;
	high = ceil(high / step - 1e-9) * step;
	if (!(high > low))
		high = low + step;
	return (struct scale){ low, high, step };
}

size_t scale_marks(const struct scale *s)
{
	/* from the first at or above the low end to the last at or below the high one */
	return (size_t)(floor(s->high / s->step + 1e-9) - ceil(s->low / s->step - 1e-9)) + 1;
}

double scale_mark(const struct scale *s, size_t i)
{
	/* from whole multiples, so that zero is zero */
	return (ceil(s->low / s->step - 1e-9) + (double)i) * s->step + 0.0;
}

double scale_share(const struct scale *s, double value)
{
	return (value - s->low) / (s->high - s->low);
}

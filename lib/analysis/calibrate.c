#include "analysis/calibrate.h"

#include <math.h>

enum {
	HALVINGS = 40, /* of the range of the slope: to nine digits */
	NEWTON = 100   /* steps of a sigmoid; a dozen do */
};

static const double slope_low = 1e-3, slope_high = 1e3;

static void set_slopes(struct calibration *c, size_t outputs, double slope)
{
	for (size_t k = 0; k < outputs; k++) {
		c->slope[k] = (float)slope;
		c->intercept[k] = 0;
	}
}

/* --- one slope for all labels --- */

/* Probabilities of one text into `p`. */
static void softmax(double *p, const double *decision, size_t n, double slope)
{
	double highest = -INFINITY, sum = 0;

	for (size_t k = 0; k < n; k++)
		highest = decision[k] > highest ? decision[k] : highest;
	for (size_t k = 0; k < n; k++) {
		p[k] = exp(slope * (decision[k] - highest));
		sum += p[k];
	}
	for (size_t k = 0; k < n; k++)
		p[k] /= sum;
}

/*
 * The derivative of the log-loss by the slope. What a text is about is taken for certain but for 1 / (texts + 2), as Platt
 * does: a few texts that are all right must not make certain of everything.
 */
static double softmax_gradient(double *p, const struct decided *of, double slope)
{
	double doubt = 1 / ((double)of->texts + 2), rest = doubt / (double)(of->outputs - 1), gradient = 0;

	for (size_t i = 0; i < of->texts; i++) {
		const double *decision = of->decision + i * of->outputs;
		softmax(p, decision, of->outputs, slope);
		for (size_t k = 0; k < of->outputs; k++)
			gradient += (p[k] - (k == of->label[i] ? 1 - doubt : rest)) * decision[k];
	}
	return gradient;
}

/* The log-loss is convex in the slope: its derivative rises through 0 once. */
static int fit_softmax(struct calibration *out, const struct decided *of)
{
	cleanup(freep) double *p = calloc(of->outputs, sizeof(*p));
	double low = log(slope_low), high = log(slope_high);

	if (!p)
		return CRM_NOMEM;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2;
		*(softmax_gradient(p, of, exp(middle)) > 0 ? &high : &low) = middle;
	}
	set_slopes(out, of->outputs, exp((low + high) / 2));
	return CRM_OK;
}

/* --- a sigmoid --- */

/* The log-loss at a slope and an intercept, its gradient and second derivatives. */
struct newton {
	double slope, intercept;
	double loss, gs, gi, hss, hsi, hii;
};

static struct newton newton_at(const struct decided *of, double positive, double slope, double intercept)
{
	double hit = (positive + 1) / (positive + 2), miss = 1 / ((double)of->texts - positive + 2);
	struct newton n = { .slope = slope, .intercept = intercept, .hss = 1e-12, .hii = 1e-12 };

	for (size_t i = 0; i < of->texts; i++) {
		double x = of->decision[i], z = slope * x + intercept, target = of->label[i] == 1 ? hit : miss;
		double e = exp(-fabs(z)), p = (z >= 0 ? 1 : e) / (1 + e), weight = p * (1 - p);
		n.loss += (z > 0 ? z : 0) + log1p(e) - target * z;
		n.gs += (p - target) * x;
		n.gi += p - target;
		n.hss += weight * x * x;
		n.hsi += weight * x;
		n.hii += weight;
	}
	return n;
}

/* Newton's method, each step halved until it helps. */
static struct newton fit_newton(const struct decided *of, double positive)
{
	struct newton at = newton_at(of, positive, 1, log((positive + 1) / ((double)of->texts - positive + 1)));

	for (int i = 0; i < NEWTON && (fabs(at.gs) > 1e-5 || fabs(at.gi) > 1e-5); i++) {
		double det = at.hss * at.hii - at.hsi * at.hsi;
		double ds = (at.hsi * at.gi - at.hii * at.gs) / det, di = (at.hsi * at.gs - at.hss * at.gi) / det;
		double descent = at.gs * ds + at.gi * di, step = 1;
		struct newton next = at;
		for (; step >= 1e-10; step /= 2) {
			next = newton_at(of, positive, at.slope + step * ds, at.intercept + step * di);
			if (next.loss < at.loss + 1e-4 * step * descent)
				break;
		}
		if (step < 1e-10)
			break;
		at = next;
	}
	return at;
}

/* A slope that is not above 0 says that the decisions are worth nothing: then almost only the shares of the labels count. */
static void fit_sigmoid(struct calibration *out, const struct decided *of)
{
	double positive = 0;

	for (size_t i = 0; i < of->texts; i++)
		positive += of->label[i] == 1;
	struct newton at = fit_newton(of, positive);
	out->slope[0] = (float)(at.slope > slope_low ? at.slope : slope_low);
	out->intercept[0] = (float)at.intercept;
}

int calibration_fit(struct calibration *out, const struct decided *of)
{
	if (of->texts == 0)
		set_slopes(out, of->outputs, 1);
	else if (of->outputs > 1)
		return fit_softmax(out, of);
	else
		fit_sigmoid(out, of);
	return CRM_OK;
}

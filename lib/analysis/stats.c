/* Statistics of samples. */
#include "analysis/stats.h"
#include <math.h>

static const double PI = 3.14159265358979323846;

/* 97.5 % of the standard normal distribution lie below. */
static const double Z = 1.959963984540054;

void sample_add(struct sample *s, double value)
{
	double from_old = s->n > 0 ? value - sample_mean(s) : 0;

	s->n++;
	s->sum += value;
	s->squares += from_old * (value - sample_mean(s));
}

double sample_mean(const struct sample *s)
{
	return s->sum / (double)s->n;
}

double sample_variance(const struct sample *s)
{
	return s->squares / (double)(s->n - 1);
}

bool sample_interval(struct interval *out, const struct sample *s, double low, double high)
{
	double half;

	if (s->n < 2)
		return false;
	half = student_95(s->n - 1) * sqrt(sample_variance(s) / (double)s->n);
	*out = (struct interval){ fmax(low, sample_mean(s) - half), fmin(high, sample_mean(s) + half) };
	return true;
}

/* E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927). */
bool share_interval(struct interval *out, int64_t hits, int64_t n)
{
	double size = (double)n, share = (double)hits / size, z2 = Z * Z / size;
	double middle = share + z2 / 2, half = Z * sqrt((share * (1 - share) + z2 / 4) / size);

	if (n == 0)
		return false;
	/* at the ends it is exact, where rounding would say a little more or less */
	out->low = hits == 0 ? 0 : (middle - half) / (1 + z2);
	out->high = hits == n ? 1 : (middle + half) / (1 + z2);
	return true;
}

/*
 * The share of the distribution within -t and t, where t is tan(angle) * sqrt(freedom): the finite sums of Abramowitz
 * and Stegun 26.7.3 and 26.7.4, exact for every whole number of degrees.
 */
static double student_within(double angle, int64_t freedom)
{
	double c = cos(angle), term = 1, sum = 0;

	if (freedom == 1)
		return 2 * angle / PI;
	for (int64_t k = freedom % 2 ? 3 : 2; k <= freedom; k += 2) {
		if (freedom % 2)
			term = k == 3 ? c : term * c * c * (double)(k - 3) / (double)(k - 2);
		else if (k > 2)
			term *= c * c * (double)(k - 3) / (double)(k - 2);
		sum += term;
	}
	return freedom % 2 ? 2 / PI * (angle + sin(angle) * sum) : sin(angle) * sum;
}

/* Abramowitz and Stegun 26.7.5, in powers of 1 / freedom. */
static double student_expansion(double freedom)
{
	double x = Z, x2 = x * x, v = freedom;
	double g1 = x * (x2 + 1) / 4, g2 = x * ((5 * x2 + 16) * x2 + 3) / 96,
	       g3 = x * (((3 * x2 + 19) * x2 + 17) * x2 - 15) / 384,
	       g4 = x * ((((79 * x2 + 776) * x2 + 1482) * x2 - 1920) * x2 - 945) / 92160;

	return x + (g1 + (g2 + (g3 + g4 / v) / v) / v) / v;
}

double student_95(int64_t freedom)
{
	double low = 0, high = PI / 2;

	if (freedom > 200) /* the next power would change the twelfth digit */
		return student_expansion((double)freedom);
	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2;

		if (student_within(middle, freedom) < 0.95)
			low = middle;
		else
			high = middle;
	}
	return tan(low) * sqrt((double)freedom);
}

/* --- least squares --- */

/* Sums of products of the deviations from the means. */
struct moments {
	double x[2], y;           /* the means */
	double xx[2], xy[2], x01; /* of x[0] and x[1] with themselves, with y, with each other */
	double yy;
};

static struct moments moments_of(const struct point *p, size_t n)
{
	struct moments m = { .y = 0 };

	for (size_t i = 0; i < n; i++) {
		m.x[0] += p[i].x[0] / (double)n;
		m.x[1] += p[i].x[1] / (double)n;
		m.y += p[i].y / (double)n;
	}
	for (size_t i = 0; i < n; i++) {
		double d0 = p[i].x[0] - m.x[0], d1 = p[i].x[1] - m.x[1], dy = p[i].y - m.y;

		m.xx[0] += d0 * d0;
		m.xx[1] += d1 * d1;
		m.x01 += d0 * d1;
		m.xy[0] += d0 * dy;
		m.xy[1] += d1 * dy;
		m.yy += dy * dy;
	}
	return m;
}

static bool is_constant(double squares, double mean, size_t n)
{
	return squares <= 1e-24 * (double)n * (1 + mean * mean);
}

static double residual_squares(const struct fit *f, const struct point *p, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		double r = p[i].y - f->b[0] - f->b[1] * p[i].x[0] - f->b[2] * p[i].x[1];

		sum += r * r;
	}
	return sum;
}

/* Standard errors from the inverse of the normal equations, which for two x is written out. */
static void put_intervals(struct fit *f, const struct moments *m, double det, double rest, size_t n)
{
	double variance = rest / (double)(n - 3), t = student_95((int64_t)n - 3);
	double of_mean = (m->x[0] * m->x[0] * m->xx[1] - 2 * m->x[0] * m->x[1] * m->x01 + m->x[1] * m->x[1] * m->xx[0]);
	double error[3] = { 1 / (double)n + of_mean / det, m->xx[1] / det, m->xx[0] / det };

	for (size_t i = 0; i < ARRAY_SIZE(error); i++) {
		double half = t * sqrt(variance * error[i]);

		f->interval[i] = (struct interval){ f->b[i] - half, f->b[i] + half };
	}
	f->has_intervals = true;
}

enum fit_result least_squares(struct fit *out, const struct point *points, size_t n)
{
	struct moments m;
	double det, rest;

	*out = (struct fit){ .has_r2 = false };
	if (n < 3)
		return FIT_FEW;
	m = moments_of(points, n);
	det = m.xx[0] * m.xx[1] - m.x01 * m.x01;
	if (is_constant(m.xx[0], m.x[0], n) || is_constant(m.xx[1], m.x[1], n) || det <= 1e-12 * m.xx[0] * m.xx[1])
		return FIT_SINGULAR;
	out->b[1] = (m.xx[1] * m.xy[0] - m.x01 * m.xy[1]) / det;
	out->b[2] = (m.xx[0] * m.xy[1] - m.x01 * m.xy[0]) / det;
	out->b[0] = m.y - out->b[1] * m.x[0] - out->b[2] * m.x[1];
	rest = residual_squares(out, points, n);
	if (n > 3)
		put_intervals(out, &m, det, rest, n);
	out->has_r2 = !is_constant(m.yy, m.y, n);
	if (out->has_r2)
		out->r2 = fmax(0, 1 - rest / m.yy);
	return FIT_DONE;
}

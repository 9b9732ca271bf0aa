#include "analysis/evaluation.h"

#include <math.h>
#include <time.h>

double evaluation_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts); /* how long it takes, not what time it is */
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int evaluation_begin(struct crm_evaluation *e, const char *const *labels, size_t n, uint64_t threshold)
{
	*e = (struct crm_evaluation){ .nlabels = n, .threshold = threshold };
	e->labels = calloc(n + 1, sizeof(*e->labels));
	e->confusion = calloc(n * n + 1, sizeof(*e->confusion));
	for (size_t i = 0; i < n && e->labels; i++)
		e->labels[i] = arena_copy(&e->mem, labels[i], strlen(labels[i]));
	return e->labels && e->confusion && !e->mem.failed ? CRM_OK : CRM_NOMEM;
}

void evaluation_free(struct crm_evaluation *e)
{
	free(e->labels);
	free(e->confusion);
	arena_free(&e->mem);
	*e = (struct crm_evaluation){ 0 };
}

void crm_evaluation_free(crm_evaluation *e)
{
	if (e)
		evaluation_free(e);
	free(e);
}

size_t crm_evaluation_labels(const crm_evaluation *e)
{
	return e->nlabels;
}

static size_t bin_of(double probability)
{
	double bin = floor(probability * EVALUATION_BINS);

	return bin < EVALUATION_BINS ? (size_t)bin : EVALUATION_BINS - 1;
}

void evaluation_add(struct crm_evaluation *e, size_t label, const double *probability, size_t n)
{
	size_t said = 0;

	for (size_t k = 1; k < n; k++)
		said = probability[k] > probability[said] ? k : said;
	double highest = probability[said];
	bool right = said == label, known = highest * 100 >= (double)e->threshold;
	e->n++;
	e->right += right;
	e->unknown += !known;
	e->known_right += known && right;
	e->confusion[label * e->nlabels + said]++;
	e->bins[bin_of(highest)].n++;
	e->bins[bin_of(highest)].right += right;
	e->bins[bin_of(highest)].sum += highest;
	if (label < n) {
		e->measured++;
		e->loss -= log(probability[label] > 1e-15 ? probability[label] : 1e-15);
	}
}

/* --- figures --- */

static double ratio(double a, double b)
{
	return b > 0 ? a / b : NAN;
}

struct label_figures evaluation_label(const struct crm_evaluation *e, size_t label)
{
	struct label_figures f = { .right = e->confusion[label * e->nlabels + label] };

	for (size_t k = 0; k < e->nlabels; k++) {
		f.n += e->confusion[label * e->nlabels + k];
		f.said += e->confusion[k * e->nlabels + label];
	}
	f.precision = ratio((double)f.right, (double)f.said);
	f.recall = ratio((double)f.right, (double)f.n);
	f.f1 = ratio(2 * (double)f.right, (double)(f.n + f.said));
	return f;
}

double evaluation_accuracy(const struct crm_evaluation *e)
{
	return ratio((double)e->right, (double)e->n);
}

double evaluation_macro_f1(const struct crm_evaluation *e)
{
	double sum = 0, n = 0;

	for (size_t k = 0; k < e->nlabels; k++) {
		double f1 = evaluation_label(e, k).f1;
		sum += isnan(f1) ? 0 : f1;
		n += !isnan(f1);
	}
	return ratio(sum, n);
}

double evaluation_majority(const struct crm_evaluation *e)
{
	uint64_t most = 0;

	for (size_t k = 0; k < e->nlabels; k++) {
		uint64_t n = evaluation_label(e, k).n;
		most = n > most ? n : most;
	}
	return ratio((double)most, (double)e->n);
}

double evaluation_log_loss(const struct crm_evaluation *e)
{
	return ratio(e->loss, (double)e->measured);
}

double evaluation_calibration_error(const struct crm_evaluation *e)
{
	double sum = 0;

	for (size_t i = 0; i < EVALUATION_BINS; i++)
		sum += fabs((double)e->bins[i].right - e->bins[i].sum);
	return ratio(sum, (double)e->n);
}

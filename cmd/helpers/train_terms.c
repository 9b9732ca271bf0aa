#include "helpers/train_terms.h"

#include "cli/words.h"
#include <stdlib.h>
#include <string.h>

/* --- how much a term tells --- */

struct strength {
	double chi2;
	uint32_t feature;
};

static int stronger_first(const void *a, const void *b)
{
	const struct strength *x = a, *y = b;

	if (x->chi2 != y->chi2)
		return x->chi2 < y->chi2 ? 1 : -1;
	return x->feature < y->feature ? -1 : 1;
}

/* The documents of each feature: of feature f documents[first[f]] up to first[f + 1]. */
struct columns {
	uint64_t *first;
	uint32_t *documents;
};

static void columns_of(struct columns *c, const struct problem_in *p)
{
	size_t features = p->head.features;

	c->first = need_zeroed(features + 2, sizeof(*c->first));
	c->documents = need_zeroed(p->head.entries + 1, sizeof(*c->documents));
	for (uint64_t i = 0; i < p->head.entries; i++)
		c->first[p->feature[i] + 2]++;
	for (size_t f = 0; f < features; f++)
		c->first[f + 2] += c->first[f + 1];
	for (size_t row = 0; row < p->head.documents; row++)
		for (uint64_t i = p->first[row]; i < p->first[row + 1]; i++)
			c->documents[c->first[p->feature[i] + 1]++] = (uint32_t)row;
}

/*
 * Pearson's chi squared of the table of presence by label. With N documents, n of them with the term, T of each label and
 * t of these with the term it is (N sum(t^2 / T) / n - n) N / (N - n).
 */
static double chi2_of(
	const struct problem_in *p, const uint32_t *documents, size_t n, const double *total, double *count)
{
	double all = p->head.documents, with = (double)n, sum = 0;

	if (n == 0 || n == p->head.documents)
		return 0;
	for (size_t i = 0; i < n; i++)
		count[p->label[documents[i]]]++;
	for (size_t i = 0; i < n; i++) {
		uint32_t label = p->label[documents[i]];
		sum += count[label] * count[label] / total[label];
		count[label] = 0;
	}
	return (all * sum / with - with) * all / (all - with);
}

static struct strength *strengths(const struct problem_in *p)
{
	cleanup(freep) double *total = need_zeroed(p->head.labels, sizeof(*total));
	cleanup(freep) double *count = need_zeroed(p->head.labels, sizeof(*count));
	struct strength *out = need_zeroed(p->head.features, sizeof(*out));
	struct columns c;

	for (size_t i = 0; i < p->head.documents; i++)
		total[p->label[i]]++;
	columns_of(&c, p);
	for (uint32_t f = 0; f < p->head.features; f++)
		out[f] = (struct strength){
			chi2_of(p, c.documents + c.first[f], c.first[f + 1] - c.first[f], total, count), f
		};
	free(c.first);
	free(c.documents);
	return out;
}

/* --- what is left --- */

static void keep(struct terms *t, const struct problem_in *p, const uint32_t *rank)
{
	size_t n = 0;

	t->first = need_zeroed((size_t)p->head.documents + 1, sizeof(*t->first));
	t->term = need_zeroed(p->head.entries + 1, sizeof(*t->term));
	for (size_t row = 0; row < p->head.documents; row++) {
		for (uint64_t i = p->first[row]; i < p->first[row + 1]; i++)
			if (rank[p->feature[i]])
				t->term[n++] = rank[p->feature[i]] - 1;
		t->first[row + 1] = n;
	}
}

void terms_choose(struct terms *t, const struct problem_in *p, size_t most)
{
	cleanup(freep) struct strength *all = strengths(p);
	cleanup(freep) uint32_t *rank = need_zeroed(p->head.features, sizeof(*rank)); /* from 1; 0: left out */

	qsort(all, p->head.features, sizeof(*all), stronger_first);
	*t = (struct terms){ 0 };
	t->feature = need_zeroed(most, sizeof(*t->feature));
	while (t->n < most && t->n < p->head.features && all[t->n].chi2 > 0) {
		uint32_t feature = all[t->n].feature;
		t->feature[t->n++] = feature;
		rank[feature] = (uint32_t)t->n;
	}
	keep(t, p, rank);
}

void terms_free(struct terms *t)
{
	free(t->feature);
	free(t->first);
	free(t->term);
}

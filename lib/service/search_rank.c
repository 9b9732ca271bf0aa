/*
 * The order of few hits. What a term counts in a record grows with how often it is there, less and less, and is more in
 * a short text, and in a field that lists show:
 *
 *	x = sum over the fields of weight * count / (0.5 + 0.5 * words / 50), twice where the field has no other words
 *	score = sum over the terms of rarity * x / (x + 1.2)
 *
 * What the index knows beyond the text, as how a name sounds, counts x = 2.
 *
 * This is BM25 (Robertson and Zaragoza, The probabilistic relevance framework, 2009, with weights of fields as in 3.6),
 * but for the length, which is compared with 50 words rather than with a mean: so the score of a record does not depend on
 * the others. The rarities sum to 1, and so the score lies between 0 and 1.
 */
#include "service/search.h"

#include <math.h>

static const double saturation = 1.2, usual_words = 50, unseen = 2;

enum {
	COUNTED_MAX = 10000 /* records with a term: more are as common as that */
};

double search_weight(const struct crm_field *f)
{
	return f->flags & FIELD_LONG ? 1 : f->flags & CRM_FIELD_LISTED ? 3 : 2;
}

/* What a field adds to each term's x. */
static void add_field(double *x, const struct search_terms *terms, const struct search_found *found, double weight)
{
	if (found->covered >= found->words)
		weight *= 2;
	for (size_t i = 0; i < terms->n; i++)
		x[i] += weight * (double)found->count[i] / (0.5 + 0.5 * (double)found->words / usual_words);
}

static int score_hit(struct search *x, struct search_hit *hit, struct search_found *found)
{
	double sum[SEARCH_TERMS_MAX] = { 0 }, score = 0;
	int status = search_record(x, hit->source, hit->id);
	const char *text;
	size_t len;

	for (size_t i = 0; status == CRM_OK && i < hit->source->nfields; i++) {
		if (!search_field_text(&text, &len, hit->source, i))
			continue;
		status = search_within(found, &x->terms, x->s, text, len);
		if (status == CRM_OK && found->any)
			add_field(sum, &x->terms, found, search_weight(hit->source->fields[i]));
	}
	if (status < 0)
		return status;
	for (size_t i = 0; i < x->terms.n; i++) {
		const double counts = sum[i] > 0 ? sum[i] : unseen;

		score += x->terms.v[i].rarity * counts / (counts + saturation);
	}
	hit->score = round(score * 1e4) / 1e4; /* as it is shown: what looks equal is in the order of time */
	hit->at = search_record_at(hit->source);
	return CRM_OK;
}

/* How rare each term is: the logarithm of one in how many records of the index has it. */
static int set_rarities(struct search *x)
{
	double records = 0, sum = 0;
	int status = CRM_OK;

	for (size_t i = 0; i < x->nsources; i++)
		records += (double)x->sources[i].last;
	for (size_t i = 0; status == CRM_OK && i < x->terms.n; i++) {
		int64_t n = 0;

		if (x->terms.n > 1)
			status = search_index_count(&n, x->s, &x->terms.v[i], COUNTED_MAX);
		x->terms.v[i].rarity = log(1 + records / (double)(n + 1));
		sum += x->terms.v[i].rarity;
	}
	for (size_t i = 0; i < x->terms.n; i++)
		x->terms.v[i].rarity = sum > 0 ? x->terms.v[i].rarity / sum : 1 / (double)x->terms.n;
	return status;
}

/* Best first; of equals the newest; then by entity, the last number first. */
static int by_score(const void *a, const void *b)
{
	const struct search_hit *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return search_newer(x, y) ? -1 : 1;
}

int search_rank(struct search *x)
{
	struct search_found found = { .words = 0 };
	int status = set_rarities(x);
	size_t n = 0;

	for (size_t i = 0; i < x->nsources; i++)
		n += x->sources[i].n;
	x->ranking = calloc(n + 1, sizeof(*x->ranking));
	if (!x->ranking)
		return err_nomem(&x->s->err);
	for (size_t i = 0; status == CRM_OK && i < x->nsources; i++)
		for (size_t k = 0; status == CRM_OK && k < x->sources[i].n; k++) {
			struct search_hit *hit = &x->ranking[x->nranking];

			*hit = x->sources[i].v[k];
			status = score_hit(x, hit, &found);
			x->nranking += status == CRM_OK;
			status = status == CRM_END ? CRM_OK : status;
		}
	spans_free(&found.spans);
	if (status == CRM_OK && x->nranking > 1)
		qsort(x->ranking, x->nranking, sizeof(*x->ranking), by_score);
	return status;
}

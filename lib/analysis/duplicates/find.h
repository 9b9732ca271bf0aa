/* The whole search: customers, their blocks, the model learnt from them, the pairs that it finds. */
#ifndef DUPLICATES_FIND_H
#define DUPLICATES_FIND_H

#include "analysis/duplicates/blocks.h"
#include "analysis/duplicates/compare.h"

struct pair {
	uint32_t a, b; /* places in people.v */
	double score;  /* four decimals, never 1 */
	struct comparison comparison;
};

struct search {
	crm_store *s;
	struct people people;
	struct blocks blocks;
	struct linkage model;
	double shared;   /* of all pairs: both have what a household shares */
	uint8_t *wanted; /* of each customer whether the filter holds; NULL: of all it does */
	struct distinct *distinct;
	size_t ndistinct, distinct_cap;
	struct pair *pairs;
	size_t npairs;
};

/* Reads customers and learns the model. CRM_NOMEM, CRM_INTERRUPTED. */
int search_learn(struct search *f, crm_store *s);

/* Then: pairs with that score or more, the highest first. `wanted` may be set before. */
int search_run(struct search *f, double threshold);

void search_free(struct search *f);

/* The score as it is told. */
double score_told(double score);

#endif

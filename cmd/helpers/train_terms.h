/* The terms that trees look at: those that tell the labels apart most. */
#ifndef HELPERS_TRAIN_TERMS_H
#define HELPERS_TRAIN_TERMS_H

#include "helpers/train.h"

/* The strongest first; of document i those that it has are term[first[i]] up to first[i + 1]. */
struct terms {
	size_t n;
	uint32_t *feature; /* what each is in the problem */
	size_t *first;
	uint32_t *term;
};

/* The `most` of them by chi squared; fewer where not so many tell anything. */
void terms_choose(struct terms *t, const struct problem_in *p, size_t most);
void terms_free(struct terms *t);

#endif

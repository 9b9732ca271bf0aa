/* Weights of the configuration, in the place of learnt ones. */
#ifndef DUPLICATES_WEIGHTS_H
#define DUPLICATES_WEIGHTS_H

#include "analysis/linkage.h"
#include "store/store.h"

/* Words for the levels in configuration and answers; "" for LEVEL_MISSING. */
extern const char *const level_names[LEVELS];

/* Gives the model what is configured. CRM_INVALID. */
int weights_apply(struct linkage *l, crm_store *s);

#endif

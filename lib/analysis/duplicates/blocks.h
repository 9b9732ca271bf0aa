/*
 * Blocks: customers that have something in common, as only those are compared. Each pass makes blocks by another key, so that a
 * pair is missed only when all keys differ.
 *
 * A block that is too large to compare each with each (张伟, a switchboard) is divided by every further key in turn, since
 * two that are the same have more in common. What cannot be divided is compared in pieces, which is counted.
 */
#ifndef DUPLICATES_BLOCKS_H
#define DUPLICATES_BLOCKS_H

#include "analysis/duplicates/people.h"

struct blocks {
	uint32_t *members; /* of the blocks, one behind the other: places in people.v, ascending within a block */
	size_t nmembers, members_cap;
	uint32_t *start; /* of each block in members; one more at the end */
	size_t n, start_cap;
	uint32_t *of_start, *of; /* blocks of each customer, the same way */
	size_t divided;          /* blocks that were too large, */
	size_t cut;              /* and customers of those that no key could divide */
};

/* CRM_NOMEM, CRM_INTERRUPTED. */
int blocks_make(struct blocks *b, crm_store *s, const struct people *p);
void blocks_free(struct blocks *b);

/* Calls fn for each later customer that shares a block with this one, once. `seen`: as many numbers as customers, 0 at first. */
void blocks_each(const struct blocks *b, uint32_t person, uint32_t *seen, void (*fn)(uint32_t other, void *payload),
	void *payload);

#endif

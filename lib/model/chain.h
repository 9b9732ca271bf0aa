/* The chain of digests: each of an operation and, by the one before it, of all that came before. */
#ifndef MODEL_CHAIN_H
#define MODEL_CHAIN_H

#include "store/store.h"

struct link {
	int64_t op, at;
	const char *kept; /* the digest that is stored; NULL: none, though one before has it */
	char hex[SHA256_HEX + 1];
};

/* Calls fn with each operation from the first that has a digest on, `hex` computed anew from the journal. */
typedef int (*link_fn)(const struct link *l, void *payload);
int chain_walk(crm_store *s, link_fn fn, void *payload);

/* Makes the stored digests those of the journal as it is, in the open operation: for one that was edited on purpose. */
int chain_renew(crm_store *s);

static inline bool link_fits(const struct link *l)
{
	return l->kept && strcmp(l->kept, l->hex) == 0;
}

#endif

/*
 * Hash map from seeded 64-bit hashes to numbers, for a million keys in 16 bytes a slot. The same hash may be there
 * several times: a family shares a phone.
 */
#ifndef IMPORT_IDMAP_H
#define IMPORT_IDMAP_H

#include "base/base.h"

struct idmap_slot {
	uint64_t hash; /* 0: free */
	int64_t id;
};

struct idmap {
	struct hash_key key;
	struct idmap_slot *slots;
	size_t mask, used;
};

void idmap_init(struct idmap *m);
void idmap_free(struct idmap *m);

/* A hash of `len` bytes of the given kind (key, e-mail …), never 0. */
uint64_t idmap_hash(const struct idmap *m, char kind, const void *data, size_t len);

/* False when out of memory. */
bool idmap_add(struct idmap *m, uint64_t hash, int64_t id);

/* Walks the numbers of one hash: *at starts as SIZE_MAX; false at the end. */
bool idmap_next(const struct idmap *m, uint64_t hash, size_t *at, int64_t *id);

/* The first number of a hash; false when there is none. */
bool idmap_find(const struct idmap *m, uint64_t hash, int64_t *id);

#endif

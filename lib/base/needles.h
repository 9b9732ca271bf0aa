/*
 * Many texts looked for at once, in bytes of any kind: a few nanoseconds a byte, however many there are.
 */
#ifndef BASE_NEEDLES_H
#define BASE_NEEDLES_H

#include "base/base.h"

enum {
	NEEDLE_MIN = 8,
	NEEDLE_MAX = 64
};

struct needle {
	const char *s;
	size_t len;
};

struct needles {
	struct arena mem;
	struct needle *v;
	size_t n, cap;
	uint32_t *slots; /* number + 1 of a needle by its first bytes, 0: none */
	size_t nslots;
	uint64_t *seen; /* a bit for each hash of first bytes: nearly all places are told by it */
};

/* Its number, the same for the same text; CRM_NOMEM. The length is from NEEDLE_MIN to NEEDLE_MAX. */
int needles_add(size_t *out, struct needles *ns, const char *s, size_t len);
void needles_free(struct needles *ns);

/* Calls fn with the number of each needle that is there, at each place. */
typedef void (*needle_fn)(size_t needle, void *payload);
void needles_scan(const struct needles *ns, const char *s, size_t len, needle_fn fn, void *payload);

#endif

#include "base/needles.h"

enum {
	SEEN_BITS = 20
};

static uint64_t first_bytes(const char *s)
{
	uint64_t v;

	memcpy(&v, s, sizeof(v));
	return v * 0x9e3779b97f4a7c15u; /* odd, and its bits are spread: 2^64 by the golden ratio */
}

static size_t seen_bit(uint64_t hash)
{
	return (size_t)(hash >> (64 - SEEN_BITS));
}

/* The slot of the needle or the free one where it would stand. */
static size_t find_slot(const struct needles *ns, uint64_t hash, const char *s, size_t len)
{
	size_t mask = ns->nslots - 1, i = (size_t)(hash >> 20) & mask;

	for (; ns->slots[i]; i = (i + 1) & mask) {
		const struct needle *n = &ns->v[ns->slots[i] - 1];

		if (n->len == len && memcmp(n->s, s, len) == 0)
			break;
	}
	return i;
}

static bool grow_slots(struct needles *ns)
{
	size_t nslots = ns->nslots ? 2 * ns->nslots : 1024;
	uint32_t *slots = calloc(nslots, sizeof(*slots));

	if (!slots)
		return false;
	free(ns->slots);
	ns->slots = slots;
	ns->nslots = nslots;
	for (size_t k = 0; k < ns->n; k++)
		slots[find_slot(ns, first_bytes(ns->v[k].s), ns->v[k].s, ns->v[k].len)] = (uint32_t)k + 1;
	return true;
}

int needles_add(size_t *out, struct needles *ns, const char *s, size_t len)
{
	uint64_t hash = first_bytes(s);
	size_t slot;

	if (!ns->seen && !(ns->seen = calloc(((size_t)1 << SEEN_BITS) / 64, sizeof(*ns->seen))))
		return CRM_NOMEM;
	if (2 * ns->n >= ns->nslots && !grow_slots(ns))
		return CRM_NOMEM;
	slot = find_slot(ns, hash, s, len);
	if (!ns->slots[slot]) {
		char *copy = arena_copy(&ns->mem, s, len);

		if (!copy || !GROW(ns->v, ns->n, ns->cap))
			return CRM_NOMEM;
		ns->v[ns->n++] = (struct needle){ .s = copy, .len = len };
		ns->slots[slot] = (uint32_t)ns->n;
		ns->seen[seen_bit(hash) / 64] |= (uint64_t)1 << seen_bit(hash) % 64;
	}
	*out = ns->slots[slot] - 1;
	return CRM_OK;
}

void needles_free(struct needles *ns)
{
	arena_free(&ns->mem);
	free(ns->v);
	free(ns->slots);
	free(ns->seen);
	*ns = (struct needles){ 0 };
}

static void compare(const struct needles *ns, uint64_t hash, const char *s, size_t left, needle_fn fn, void *payload)
{
	size_t mask = ns->nslots - 1;

	for (size_t i = (size_t)(hash >> 20) & mask; ns->slots[i]; i = (i + 1) & mask) {
		const struct needle *n = &ns->v[ns->slots[i] - 1];

		if (n->len <= left && memcmp(n->s, s, n->len) == 0)
			fn(ns->slots[i] - 1, payload);
	}
}

void needles_scan(const struct needles *ns, const char *s, size_t len, needle_fn fn, void *payload)
{
	for (size_t i = 0; ns->n > 0 && i + NEEDLE_MIN <= len; i++) {
		uint64_t hash = first_bytes(s + i);

		if (ns->seen[seen_bit(hash) / 64] >> seen_bit(hash) % 64 & 1)
			compare(ns, hash, s + i, len - i, fn, payload);
	}
}

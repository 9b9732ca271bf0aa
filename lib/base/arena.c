#include "base/base.h"

#include <stdalign.h>

enum {
	BLOCK_MIN = 4096,
	BLOCK_MAX = 1 << 20
};

struct arena_block {
	struct arena_block *next;
	size_t size, used;
	alignas(max_align_t) unsigned char data[];
};

/* Blocks double, so that a small arena stays small and a large one needs few of them. */
static struct arena_block *add_block(struct arena *a, size_t size)
{
	size_t want = a->head && a->head->size < BLOCK_MAX ? a->head->size * 2 : BLOCK_MIN;
	struct arena_block *block;

	if (a->head && a->head->size >= BLOCK_MAX)
		want = BLOCK_MAX;
	if (want < size)
		want = size;
	block = want > SIZE_MAX / 2 ? NULL : malloc(sizeof(*block) + want);
	if (!block) {
		a->failed = true;
		return NULL;
	}
	block->next = a->head;
	block->size = want;
	block->used = 0;
	a->head = block;
	return block;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *block = a->head;
	void *p;

	if (size > SIZE_MAX / 2) {
		a->failed = true;
		return NULL;
	}
	size = size ? (size + align - 1) / align * align : align;
	if (!block || block->size - block->used < size)
		block = add_block(a, size);
	if (!block)
		return NULL;
	p = block->data + block->used;
	block->used += size;
	return memset(p, 0, size);
}

char *arena_copy(struct arena *a, const char *s, size_t len)
{
	char *copy = len < SIZE_MAX ? arena_alloc(a, len + 1) : NULL;

	if (copy && len)
		memcpy(copy, s, len);
	return copy;
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = a->head;

	if (keep) {
		a->head = keep->next;
		arena_free(a);
		keep->next = NULL;
		keep->used = 0;
		a->head = keep;
	}
	a->failed = false;
}

void arena_free(struct arena *a)
{
	while (a->head) {
		struct arena_block *block = a->head;

		a->head = block->next;
		free(block);
	}
	a->failed = false;
}

bool grow_array(void **p, size_t *cap, size_t need, size_t size)
{
	size_t n, bytes;
	void *grown;

	if (need <= *cap)
		return true;
	n = *cap < 8 ? 8 : *cap + *cap / 2;
	if (n < need)
		n = need;
	if (__builtin_mul_overflow(n, size, &bytes))
		return false;
	grown = realloc(*p, bytes);
	if (!grown)
		return false;
	*p = grown;
	*cap = n;
	return true;
}

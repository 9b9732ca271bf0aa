/* Texts by number: a hash table with open addressing, and a small table of the last ones before it. */
#include "base/words.h"

static bool is_word(const struct words *w, uint32_t place, const char *s, size_t len)
{
	return place && w->v[place - 1].len == len && memcmp(w->v[place - 1].s, s, len) == 0;
}

/* The slot of a text, or the free one where it belongs. */
static uint32_t *find_slot(const struct words *w, const char *s, size_t len)
{
	size_t i = (size_t)hash_bytes(&w->key, s, len) & (w->nslots - 1);

	while (w->slots[i] && !is_word(w, w->slots[i], s, len))
		i = (i + 1) & (w->nslots - 1);
	return &w->slots[i];
}

/* Keeps half of the slots free. */
static bool grow_slots(struct words *w)
{
	uint32_t *old = w->slots;
	size_t n = w->nslots ? w->nslots * 2 : 64;

	if ((w->n + 1) * 2 <= w->nslots)
		return true;
	if (!old)
		hash_key_random(&w->key);
	w->slots = calloc(n, sizeof(*w->slots));
	if (!w->slots) {
		w->slots = old;
		return false;
	}
	w->nslots = n;
	for (size_t i = 0; i < w->n; i++)
		*find_slot(w, w->v[i].s, w->v[i].len) = (uint32_t)i + 1;
	free(old);
	return true;
}

static int add_word(struct words *w, const char *s, size_t len)
{
	char *copy;

	if (w->n >= INT32_MAX || !GROW(w->v, w->n, w->cap))
		return WORD_FAILED;
	copy = arena_copy(&w->mem, s, len);
	if (!copy)
		return WORD_FAILED;
	w->v[w->n] = (struct interned){ copy, len };
	return (int)w->n++;
}

int words_number(struct words *w, const char *s, size_t len)
{
	uint32_t *front, *slot;
	int number;

	if (!s)
		return WORD_NONE;
	front = &w->front[len ? (len * 7 + (unsigned char)s[0] * 3u + (unsigned char)s[len - 1]) % WORDS_FRONT : 0];
	if (is_word(w, *front, s, len))
		return (int)*front - 1;
	if (!grow_slots(w))
		return WORD_FAILED;
	slot = find_slot(w, s, len);
	if (!*slot) {
		number = add_word(w, s, len);
		if (number < 0)
			return number;
		*slot = (uint32_t)number + 1;
	}
	*front = *slot;
	return (int)*slot - 1;
}

int words_find(const struct words *w, const char *s, size_t len)
{
	return w->nslots > 0 ? (int)*find_slot(w, s, len) - 1 : WORD_NONE;
}

void words_free(struct words *w)
{
	free(w->v);
	free(w->slots);
	arena_free(&w->mem);
	*w = (struct words){ 0 };
}

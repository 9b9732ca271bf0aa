/* Texts by number: each distinct text is kept once, so that rows of them can be compared and counted as integers. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include "base/base.h"

enum {
	WORD_NONE = -1, /* stands for no text at all */
	WORD_FAILED = -2,
	WORDS_FRONT = 64 /* places of the words that were asked for lately */
};

struct interned {
	const char *s; /* NUL-terminated */
	size_t len;
};

struct words {
	struct interned *v; /* by number */
	size_t n, cap;
	uint32_t *slots; /* number + 1 by hash; 0: free */
	size_t nslots;
	uint32_t front[WORDS_FRONT]; /* number + 1 */
	struct hash_key key;
	struct arena mem;
};

/* The number of a text, a new one if it is new; WORD_NONE for NULL; WORD_FAILED when out of memory. */
int words_number(struct words *w, const char *s, size_t len);

/* The number of a text that is there; WORD_NONE when it is not. */
int words_find(const struct words *w, const char *s, size_t len);

/* The text of a number; NULL for WORD_NONE. */
static inline const char *words_text(const struct words *w, int number)
{
	return number < 0 ? NULL : w->v[number].s;
}

void words_free(struct words *w);

#endif

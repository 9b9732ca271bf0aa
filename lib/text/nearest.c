#include "text/text.h"

/* Nobody means a word by a text of this length. */
enum {
	WORD_MAX = 200,
	PREFIX_MIN = 3
};

/* Code points in lower case as far as they are ASCII; bytes that are no UTF-8 count one each. */
static size_t characters(uint32_t *out, const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0, used; i < len; i += used) {
		used = utf8_decode(s + i, len - i, &out[n]);
		if (!used) {
			out[n] = 0xdc00U | (unsigned char)s[i];
			used = 1;
		} else if (used == 1) {
			out[n] = (unsigned char)ascii_lower((char)out[n]);
		}
		n++;
	}
	return n;
}

/* Edits that lead from a to b: insert, delete, replace, swap two neighbours. */
static size_t distance(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *above2 = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= nb; j++)
		above[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *recycled = above2;

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);

			if (above[j] + 1 < best)
				best = above[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && above2[j - 2] + 1 < best)
				best = above2[j - 2] + 1;
			row[j] = best;
		}
		above2 = above;
		above = row;
		row = recycled;
	}
	return above[nb];
}

const char *crm_text_nearest(const char *s, const char *const *words, size_t n)
{
	uint32_t typed[WORD_MAX], word[WORD_MAX];
	size_t len = strlen(s), typed_len, limit, best;
	const char *nearest = NULL;

	if (len > WORD_MAX)
		return NULL;
	typed_len = characters(typed, s, len);
	limit = typed_len / 3 > 1 ? typed_len / 3 : 1;
	best = limit + 1;
	for (size_t i = 0; i < n; i++) {
		size_t bytes = strlen(words[i]), word_len, edits;

		if (bytes > WORD_MAX)
			continue;
		word_len = characters(word, words[i], bytes);
		edits = distance(typed, typed_len, word, word_len);
		/* `cust` is a fair sign of `customer`, though no better than a slip of the finger. */
		if (edits > limit && typed_len >= PREFIX_MIN && word_len > typed_len &&
			memcmp(typed, word, typed_len * sizeof(*typed)) == 0)
			edits = limit;
		/* Where every character would be another one, nothing of the word was typed. */
		if (edits < best && edits < (typed_len > word_len ? typed_len : word_len)) {
			best = edits;
			nearest = words[i];
		}
	}
	return nearest;
}

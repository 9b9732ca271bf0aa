/*
 * Words of Chinese without a dictionary: what of two to four characters occurs often, holds together, and stands freely.
 *
 * Holds together: the characters occur side by side far more often than chance would have it, wherever the word is cut
 * in two (pointwise mutual information). Stands freely: what stands before and behind it varies (entropy of the
 * neighbours). Both are needed: 户服 holds together, but nearly always within 客户服务; of 好手 both sides vary, but it is
 * only two frequent characters that met. Of a word two thirds of which stand within one longer one, as 保温 within 保温杯,
 * only the longer one is kept.
 */
#ifndef ANALYSIS_HAN_H
#define ANALYSIS_HAN_H

#include "base/base.h"

enum {
	HAN_WORD_MIN = 2, /* characters */
	HAN_WORD_MAX = 4
};

/* The runs of Han (text/runs.h) of some texts. Characters beyond the Basic Multilingual Plane end a run. */
struct han {
	uint16_t *units; /* a zero behind each run */
	size_t n, cap;
};

bool han_add(struct han *h, const char *s, size_t len); /* false when out of memory */
void han_free(struct han *h);

/* Called for a word with the number of times that it occurs. Not CRM_OK ends the search. */
typedef int (*han_word_fn)(void *payload, const char *s, size_t len, size_t count);

/*
 * Calls fn for each word that occurs at least `least` times, in no order that means anything, but always the same. Takes
 * 8 bytes and about 0.3 µs for each character. CRM_NOMEM, or what fn returns.
 */
int han_words(struct han *h, size_t least, han_word_fn fn, void *payload);

#endif

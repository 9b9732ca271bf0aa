/*
 * The words of a text, as they are searched: what crm-filter(7) says of words.
 *
 * Han, kana, hangul syllables and the letters of Thai, Lao, Khmer and Myanmar, which are written without blanks, are
 * words by themselves: a word of such a language is a phrase of them. All else is the longest runs of letters, digits
 * and marks. Compatibility forms and full width are made plain, case is folded, accents are left out; what is never
 * seen is not there. Every character is folded by itself, so that a piece of a text has the words that it has within
 * the whole; only a voicing mark of kana and a jamo join the one before them.
 */
#ifndef TEXT_SEGMENT_H
#define TEXT_SEGMENT_H

#include "base/base.h"

/* A longer run, which nobody types, is several words. */
enum {
	SEGMENT_WORD_MAX = 128,
	SEGMENT_PARTS_MAX = 32 /* more than any character has */
};

struct segmenter {
	const char *text;
	size_t text_len, pos;
	int32_t rest
		[SEGMENT_PARTS_MAX]; /* the folded form of the character before pos, of which [at, n) is not yet part of a word */
	int n, at;
	size_t from, to; /* where that character is */
	char fold[SEGMENT_WORD_MAX];

	/* the word at hand */
	size_t start, len; /* in the text */
	const char *word;  /* folded; in the text or in fold: until the next */
	size_t word_len;
};

void segment_begin(struct segmenter *g, const char *text, size_t len);
bool segment_next(struct segmenter *g); /* false at the end; bytes that are no UTF-8 separate */

/* Appends all words of the text, a blank between two. CRM_NOMEM. */
int text_words(struct buf *out, const char *s, size_t len);

#endif

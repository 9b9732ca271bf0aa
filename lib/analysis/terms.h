/*
 * Terms: the words of texts, English and other languages with blanks as they stand, Chinese as it is found (han.h).
 *
 * In two readings of the same texts. The first learns which terms there are, from all texts or, when they are more than
 * 16 MiB, from every second, fourth … of them, evenly spread, so that memory is bounded (about 150 MB) whatever there is to read. The
 * second says which terms each text has: counted from that, numbers are exact.
 *
 * A word is a term when it has at least two characters, no digit in front, is no function word (stop.h), and occurs at
 * least three times in what was learned from. A final 's is no part of it. Case and width do not count (text_fold).
 */
#ifndef ANALYSIS_TERMS_H
#define ANALYSIS_TERMS_H

#include "base/base.h"

struct terms;

int terms_new(struct terms **out); /* CRM_NOMEM */
void terms_free(struct terms *t);
static inline void terms_freep(struct terms **t)
{
	terms_free(*t);
}

/* Whether the next text is one to learn from: otherwise it need not be read. */
bool terms_wanted(const struct terms *t);

/* The next text, as text_said() made it; with NULL for one that is not wanted. CRM_NOMEM. */
int terms_learn(struct terms *t, const char *said, size_t len);

/* After the last one: makes the terms, by number from 0, and forgets the texts. CRM_NOMEM. */
int terms_settle(struct terms *t);

size_t terms_count(const struct terms *t);
const char *terms_text(const struct terms *t, size_t number);

/* The terms of a text, each once, in no order: *found is borrowed until the next call. CRM_NOMEM. */
int terms_of(const uint32_t **found, size_t *n, struct terms *t, const char *said, size_t len);

/*
 * How much the share of texts with a term rose: the log-likelihood ratio G² (Dunning, Accurate methods for the statistics
 * of surprise and coincidence, 1993) of `now` of now_all texts against `before` of before_all, below zero when the share
 * fell. Above 10.8 chance alone does so once in a thousand times. Both totals must be above 0.
 */
double terms_rise(int64_t now, int64_t now_all, int64_t before, int64_t before_all);

#endif

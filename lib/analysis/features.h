/*
 * Texts as numbers, for classifiers: what of its vocabulary a text has, and how much each of it weighs.
 *
 * Features of a text are its grams, that is one, two or three characters side by side, and its words and pairs of words
 * with a blank between. Grams need no dictionary and forgive misspelling, so they serve Chinese and English alike; words
 * say the rest. Case and width do not count (text_fold), quotations of earlier messages are no part of what is said
 * (text_said), any white space is one blank. Nothing spans two fields of a record, but before and behind each there is a
 * blank, so that grams tell where words begin and end.
 *
 * The weight of a feature is tf-idf as scikit-learn's TfidfVectorizer(sublinear_tf=True) has it, after Salton and
 * Buckley (Term-weighting approaches in automatic text retrieval, 1988): (1 + ln tf) (1 + ln ((1 + n) / (1 + df))), where
 * tf is how often the text has it, n the number of texts learnt from, df how many of these have it. Grams and words are
 * each brought to length 1, then both together, so that neither drowns the other.
 */
#ifndef ANALYSIS_FEATURES_H
#define ANALYSIS_FEATURES_H

#include "base/base.h"

enum {
	CHARACTER_BITS = 21,
	FIELD_BYTES_MAX = 1 << 17, /* of a field: what is behind them tells nothing that these did not */
	FEATURES_MAX = 1 << 18,    /* of one vocabulary, whatever it is asked to keep */
	FEATURES_USUAL = 100000    /* kept of those that were found, unless something else is asked for */
};

/* What a text has, by number of the feature, in ascending order. */
struct vector {
	uint32_t *index;
	float *value;
	size_t n, cap;
};

/* The same of many texts: row i is index[start[i]] up to index[start[i + 1] - 1], and value likewise. */
struct matrix {
	size_t rows, rows_cap;
	size_t *start; /* rows + 1 of them */
	uint32_t *index;
	float *value;
	size_t n, cap;
};

/*
 * The features that a classifier knows, by number from 0. A key is a gram's characters of 21 bits each, the last in the
 * lowest bits; or, with the highest bit set, the hash of a word or a pair. Grams come first, so the keys ascend.
 */
struct vocabulary {
	size_t n;
	size_t grams;       /* of these; the rest are words and pairs */
	uint64_t documents; /* texts learnt from */
	uint64_t *key;
	uint32_t *df; /* how many of these have it */
	float *idf;
	const char **word; /* of number grams + i, a pair with a blank between; in mem */
	struct arena mem;
};

/* --- texts --- */

/*
 * Appends one field of a text in the form from which features are taken, a line; nothing for an empty one. The fields of
 * a record are appended one after the other, and together are what is called a text below. CRM_NOMEM.
 */
int text_prepare(struct buf *out, const char *s, size_t len);

/* One place of a feature in a text. */
struct occurrence {
	uint64_t key;
	uint32_t at, len; /* of a word or a pair: where it stands */
};

struct occurrences {
	struct occurrence *v;
	size_t n, cap;
};

/* All of them, by their keys; overwrites `out`, keeping its memory. CRM_NOMEM. */
int features_find(struct occurrences *out, const char *text, size_t len);

/* --- learning a vocabulary --- */

struct learner;

int learner_new(struct learner **out);
void learner_free(struct learner *l);
static inline void learner_freep(struct learner **l)
{
	learner_free(*l);
}

/* The next text, as text_prepare() made it; it may be empty. CRM_NOMEM. */
int learner_add(struct learner *l, const char *text, size_t len);

/*
 * After the last one: the vocabulary, and the texts as rows in the order in which they came (`rows` may be NULL). Kept is
 * what two texts have (one, where there are fewer than 50), of these the `most` (0: FEATURES_USUAL) that most texts have.
 * The same texts give the same numbers. CRM_NOMEM.
 */
int learner_settle(struct vocabulary *v, struct matrix *rows, struct learner *l, size_t most);

/*
 * Forgets all features but these n, numbers in ascending order, which are numbered anew; the rows (may be NULL) are
 * weighed as if there had never been others. CRM_NOMEM.
 */
int vocabulary_keep(struct vocabulary *v, struct matrix *rows, const uint32_t *numbers, size_t n);

/* Computes grams and idf of a vocabulary whose other members are filled in. CRM_NOMEM. */
int vocabulary_finish(struct vocabulary *v);

void vocabulary_free(struct vocabulary *v);
void matrix_free(struct matrix *m);

/* --- using it --- */

/* What a text has; `out` is overwritten, keeping its memory, and is empty when the text has nothing known. CRM_NOMEM. */
int features_of(struct vector *out, const struct vocabulary *v, const char *text, size_t len);

void vector_free(struct vector *v);

/* Makes the weights of a text's features of how often it has each. */
void features_weigh(const struct vocabulary *v, const uint32_t *index, float *value, size_t n);

/* Brings weights to length 1. */
void features_normalise(float *value, size_t n);

/* Appends the feature as people read it: a word, a pair, or a gram, whose blanks are shown as `␣`. */
void feature_text(struct buf *out, const struct vocabulary *v, size_t number);

/* The key of a word or a pair: a part of the format of packed classifiers. */
uint64_t feature_word_key(const char *s, size_t len);

#endif

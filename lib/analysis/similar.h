/*
 * How alike two texts are that people typed: measures by characters, and how a name sounds.
 *
 * Only the first LETTERS_MAX characters are looked at: nobody tells two names apart by what comes later.
 */
#ifndef ANALYSIS_SIMILAR_H
#define ANALYSIS_SIMILAR_H

#include "base/base.h"

enum {
	LETTERS_MAX = 64,
	SOUNDEX_LENGTH = 4
};

/* The characters of a text; bytes that are no UTF-8 count one each. */
struct letters {
	uint32_t v[LETTERS_MAX];
	size_t n;
};

void letters_read(struct letters *out, const char *s, size_t len);

/*
 * Jaro's similarity with Winkler's bonus for a common beginning, 0 to 1 (W. E. Winkler, String comparator metrics and
 * enhanced decision rules in the Fellegi-Sunter model of record linkage, 1990): a tenth of what is missing to 1 for
 * each of at most four equal characters in front, where Jaro's is above 0.7.
 */
double similar_jaro_winkler(const struct letters *a, const struct letters *b);

/*
 * Edits that lead from one to the other: insert, delete, replace, swap two neighbours, none of them twice at the same
 * place (F. J. Damerau, 1964; V. Levenshtein, 1966). More than `limit` of them are limit + 1.
 */
size_t similar_edits(const struct letters *a, const struct letters *b, size_t limit);

/*
 * The Soundex code of a word in Latin letters, marks above and below them left out: R163 for Robert and Rupert. The rules of the U.S. National
 * Archives: H and W do not part equal sounds, vowels do. False, and an empty code, when it has no such letter.
 */
bool similar_soundex(char out[SOUNDEX_LENGTH + 1], const char *s, size_t len);

#endif

/*
 * Two customers side by side: of each field what was found, which is a level for the model and words for people.
 */
#ifndef DUPLICATES_COMPARE_H
#define DUPLICATES_COMPARE_H

#include "analysis/duplicates/people.h"
#include "analysis/linkage.h"

enum {
	FIELD_PHONE,
	FIELD_EMAIL,
	FIELD_FAMILY,
	FIELD_GIVEN,
	FIELD_FIRM, /* the name, where one of the two is no person's */
	FIELD_BIRTHDAY,
	FIELD_ADDRESS,
	FIELD_PLACE,
	FIELD_COMPANY,
	FIELD_GENDER,
	COMPARED_FIELDS
};

/* What may be found. */
enum outcome {
	OUTCOME_MISSING,
	OUTCOME_SAME,
	OUTCOME_SWAPPED,   /* given and family name */
	OUTCOME_HOMOPHONE, /* other characters, the same pinyin */
	OUTCOME_TYPO,
	OUTCOME_DIGIT,
	OUTCOME_DAY_MONTH, /* swapped */
	OUTCOME_LOCAL,     /* the same before the @ */
	OUTCOME_CHARACTER, /* one Chinese character is another */
	OUTCOME_SHORT,     /* an initial, or the beginning */
	OUTCOME_SOUND,
	OUTCOME_SIMILAR,
	OUTCOME_PARTIAL, /* as far as both say it */
	OUTCOME_TWO_PARTS,
	OUTCOME_CITY,
	OUTCOME_DIFFERENT,
	OUTCOMES
};

enum {
	GUESS_SEEN = 50 /* the guess at how often a value occurs counts as so many customers seen */
};

/* From which score on a pair is told, unless said otherwise. */
#define DUPLICATES_THRESHOLD 0.8

struct comparison {
	uint8_t outcome[COMPARED_FIELDS];
};

/* The fields as the model knows them, with what one would guess of them. */
extern const struct linkage_field compared_fields[COMPARED_FIELDS];

extern const enum level outcome_levels[OUTCOMES];

void compare_people(struct comparison *out, const struct people *p, const struct person *a, const struct person *b);

/* Levels of all fields. */
uint32_t comparison_pattern(const struct comparison *c);

/*
 * The shares of customers that have just the values that two have in common, for linkage_score(); 0 where there is no such
 * value.
 */
void compared_frequencies(double frequency[COMPARED_FIELDS], const struct comparison *c, const struct people *p,
	const struct person *a, const struct person *b);

/* The probability that they are one: no name alone makes it more than 0.5. */
double compared_score(const struct linkage *l, const struct comparison *c, const double *frequency);

/* How many fields could be compared. */
int64_t compared_count(const struct comparison *c);

/* What speaks for it, then what speaks against, in a few words: in the language of people, or in English. */
void compared_reasons(struct buf *out, bool people, const struct comparison *c, const struct people *p,
	const struct person *a, const struct person *b);

#endif

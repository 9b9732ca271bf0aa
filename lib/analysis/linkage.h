/*
 * Record linkage: how probable it is that two records are about the same, from how well their fields agree.
 *
 * The model of I. P. Fellegi and A. B. Sunter, A theory for record linkage (1969): of a field, each level of agreement has
 * a probability m among pairs that are the same and u among pairs that are not; fields count independently, a field that
 * one of the two lacks counts nothing, and the weight of a level is log2(m / u). Three kinds of pairs are told apart, as by
 * M. D. Larsen and D. B. Rubin, Iterative automated record linkage using mixture models (2001): the same, two of one
 * household or firm, and strangers. Two of one household share what a household has (its phone, its address) as the
 * same do, and differ in the rest as strangers do. So they bring one number of their own, how many there are.
 *
 * u comes from the records themselves (random pairs, and how often values occur); m and the shares of the kinds are
 * learnt by expectation and maximisation on counted patterns of levels (W. E. Winkler, Using the EM algorithm for weight
 * computation in the Fellegi-Sunter model of record linkage, 1988), u held fixed. What one would guess without any
 * data counts as so many pairs seen before: a store of ten customers is judged by the guess, a large one by itself.
 * But a field differs in no more than three times as many pairs that are the same as guessed (a constraint in the sense of W. E.
 * Winkler, Improved decision rules in the Fellegi-Sunter model of record linkage, 1993): else the millions of namesakes of a
 * large store, who agree in nothing but name and city, would be taken for what is to be learnt.
 */
#ifndef ANALYSIS_LINKAGE_H
#define ANALYSIS_LINKAGE_H

#include "base/base.h"

enum level {
	LEVEL_MISSING,
	LEVEL_EXACT,
	LEVEL_VERY_CLOSE,
	LEVEL_CLOSE,
	LEVEL_DIFFERENT,
	LEVELS
};

enum {
	LINKAGE_FIELDS_MAX = 10, /* three bits each in a pattern */
	LEVEL_BITS = 3
};

struct linkage_field {
	const char *name;
	double m[LEVELS], u[LEVELS]; /* the guess; those of a level that does not exist are 0 */
	double shared; /* by a household: 1 it has one, at least one such agrees; 0 each has its own; between: so often */
};

struct linkage {
	const struct linkage_field *fields;
	size_t n;
	double m[LINKAGE_FIELDS_MAX][LEVELS], u[LINKAGE_FIELDS_MAX][LEVELS];
	bool fixed[LINKAGE_FIELDS_MAX][LEVELS]; /* its weight was configured */
	size_t joint[2];                        /* two fields that do not agree independently, */
	double together;        /* as strangers agree exactly in both so many times as often as they would; 0: none */
	double same, household; /* shares of all pairs */
	int rounds;             /* until nothing changed any more */
};

/* Levels of all fields in one number. */
static inline uint32_t pattern_with(uint32_t pattern, size_t field, enum level level)
{
	return pattern | (uint32_t)level << (LEVEL_BITS * field);
}

static inline enum level pattern_level(uint32_t pattern, size_t field)
{
	return (enum level)(pattern >> (LEVEL_BITS * field) & ((1U << LEVEL_BITS) - 1));
}

struct pattern {
	uint32_t levels;
	double count; /* of pairs that have it */
};

/* The guess, for a store of so many records. */
void linkage_init(struct linkage *l, const struct linkage_field *fields, size_t n, size_t records);

/*
 * u of a field: `counts` of random pairs at each level, how many pairs of all have equal values (`equal` of `pairs`, of those where
 * both have one).
 */
void linkage_set_u(struct linkage *l, size_t field, const uint64_t counts[LEVELS], double equal, double pairs);

/* Strangers agree exactly in both fields in that share of pairs: Ivan and Petrov come together, Ivan and Smith do not. */
void linkage_set_joint(struct linkage *l, size_t first, size_t second, double share);

/*
 * Learns m and the shares from patterns of those pairs that may be the same; all others of `pairs` are strangers. The
 * same patterns in the same order give the same numbers to the last bit. `shared`: of how many of these pairs it can be
 * seen whether they are of one household, as both have a value of a field that is shared by all of one.
 */
void linkage_learn(struct linkage *l, const struct pattern *patterns, size_t n, double pairs, double shared);

/* The weight of a level, in bits. */
double linkage_weight(const struct linkage *l, size_t field, enum level level);

/* Makes it so, whatever was learnt. */
void linkage_fix(struct linkage *l, size_t field, enum level level, double bits);

/*
 * The probability that a pair is the same. `frequency` of a field that agrees exactly is the share of records that have this very
 * value: it takes the place of u, so that a rare name says more than a common one (0: u holds; NULL: of all, and of joint
 * fields what was said of them).
 */
double linkage_score(const struct linkage *l, uint32_t pattern, const double *frequency);

#endif

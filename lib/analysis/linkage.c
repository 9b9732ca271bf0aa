#include "analysis/linkage.h"

#include <math.h>

enum {
	M_SEEN = 30,       /* the guess at m counts as so many pairs that are the same */
	U_SEEN = 200,      /* that at u as so many random pairs, */
	EQUAL_SEEN = 1000, /* where it is about equal values, which are counted among all pairs */
	SHARE_SEEN = 2,    /* that at a share as so many pairs of the kind */
	DIFFERS_MOST = 3,  /* a field differs in no more than so many times as many pairs as guessed */
	ROUNDS_MAX = 500
};

/* Guessed: of a hundred records three are there twice, and as many live together with another. */
#define GUESSED_SHARE 0.03

static const double smallest = 1e-12;

void linkage_init(struct linkage *l, const struct linkage_field *fields, size_t n, size_t records)
{
	double pairs = (double)records * (double)(records > 0 ? records - 1 : 0) / 2;

	*l = (struct linkage){ .fields = fields, .n = n };
	for (size_t i = 0; i < n; i++) {
		memcpy(l->m[i], fields[i].m, sizeof(l->m[i]));
		memcpy(l->u[i], fields[i].u, sizeof(l->u[i]));
	}
	l->same = l->household = GUESSED_SHARE * (double)records / (pairs > 1 ? pairs : 1) / 2;
	if (l->same > 0.01)
		l->same = l->household = 0.01;
}

void linkage_set_u(struct linkage *l, size_t field, const uint64_t counts[LEVELS], double equal, double pairs)
{
	const double *guess = l->fields[field].u;
	double *u = l->u[field], rest = 0, all = 0;

	u[LEVEL_EXACT] = (equal + EQUAL_SEEN * guess[LEVEL_EXACT]) / (pairs + EQUAL_SEEN);
	for (int level = LEVEL_VERY_CLOSE; level < LEVELS; level++) {
		all += (double)counts[level];
		rest += guess[level];
	}
	for (int level = LEVEL_VERY_CLOSE; level < LEVELS; level++)
		u[level] =
			(1 - u[LEVEL_EXACT]) * ((double)counts[level] + U_SEEN * guess[level] / rest) / (all + U_SEEN);
}

void linkage_set_joint(struct linkage *l, size_t first, size_t second, double share)
{
	l->joint[0] = first;
	l->joint[1] = second;
	l->together = share / (l->u[first][LEVEL_EXACT] * l->u[second][LEVEL_EXACT]);
}

/* --- learning --- */

/* How probable the levels are in each kind of pair. */
struct kinds {
	double same, household, strangers;
};

/* u of a level, or of the very value that both have, where that is known. */
static double u_of(const struct linkage *l, size_t field, enum level level, const double *frequency)
{
	if (level == LEVEL_EXACT && frequency && frequency[field] > 0 && !l->fixed[field][level])
		return fmin(frequency[field], 1);
	return l->u[field][level];
}

/*
 * A household has at least one of what every household has one of in common: of the fields of which both have a value,
 * `apart` is how often it would be none.
 */
static struct kinds likelihood(const struct linkage *l, uint32_t pattern, const double *frequency)
{
	struct kinds k = { l->same, l->household, 1 - l->same - l->household };
	bool together = false;
	double apart = 1;

	for (size_t i = 0; i < l->n; i++) {
		enum level level = pattern_level(pattern, i);
		double m = l->m[i][level], u = u_of(l, i, level, frequency), shared = l->fields[i].shared;

		if (level == LEVEL_MISSING)
			continue;
		k.same *= m;
		k.household *= shared * m + (1 - shared) * u;
		k.strangers *= u;
		if (shared >= 1) {
			apart *= l->m[i][LEVEL_DIFFERENT];
			together = together || level != LEVEL_DIFFERENT;
		}
	}
	k.household = together ? k.household / (1 - apart) : 0;
	if (!frequency && l->together > 0 && pattern_level(pattern, l->joint[0]) == LEVEL_EXACT &&
		pattern_level(pattern, l->joint[1]) == LEVEL_EXACT)
		k.strangers *= l->together;
	return k;
}

/* Pairs that are the same, by field and level; and how many there are of a kind. */
struct expected {
	double levels[LINKAGE_FIELDS_MAX][LEVELS];
	double same, household;
};

static void expect(struct expected *e, const struct linkage *l, const struct pattern *patterns, size_t n)
{
	*e = (struct expected){ .same = 0 };
	for (size_t p = 0; p < n; p++) {
		struct kinds k = likelihood(l, patterns[p].levels, NULL);
		double all = k.same + k.household + k.strangers;
		double same = all > 0 ? patterns[p].count * k.same / all : 0;

		e->same += same;
		e->household += all > 0 ? patterns[p].count * k.household / all : 0;
		for (size_t i = 0; i < l->n; i++)
			e->levels[i][pattern_level(patterns[p].levels, i)] += same;
	}
}

/* Makes room in m for what differs more often than can be. */
static void constrain(double m[LEVELS], double guessed)
{
	double most = fmin(DIFFERS_MOST * guessed, 0.9), scale = (1 - most) / (1 - m[LEVEL_DIFFERENT]);

	if (m[LEVEL_DIFFERENT] <= most)
		return;
	for (int level = LEVEL_EXACT; level < LEVEL_DIFFERENT; level++)
		m[level] *= scale;
	m[LEVEL_DIFFERENT] = most;
}

/* The guess stands for SHARE_SEEN pairs of the kind among as many others as it implies; returns by what part it changed. */
static double learn_share(double *share, double seen, double guess, double pairs)
{
	double now = (seen + SHARE_SEEN) / (pairs + SHARE_SEEN / guess), before = *share;

	*share = now;
	return fabs(now - before) / before;
}

/* Takes what was expected for the truth; returns how much that changed at most. */
static double maximise(
	struct linkage *l, const struct expected *e, const struct linkage *guess, double pairs, double shared)
{
	double moved = 0;

	for (size_t i = 0; i < l->n; i++) {
		const double *levels = e->levels[i];
		double seen =
			levels[LEVEL_EXACT] + levels[LEVEL_VERY_CLOSE] + levels[LEVEL_CLOSE] + levels[LEVEL_DIFFERENT];

		double m[LEVELS] = { 0 };

		for (int level = LEVEL_EXACT; level < LEVELS; level++)
			m[level] = (levels[level] + M_SEEN * guess->m[i][level]) / (seen + M_SEEN);
		constrain(m, guess->m[i][LEVEL_DIFFERENT]);
		for (int level = LEVEL_EXACT; level < LEVELS; level++)
			moved = fmax(moved, fabs(m[level] - l->m[i][level]));
		memcpy(l->m[i], m, sizeof(m));
	}
	moved = fmax(moved, learn_share(&l->same, e->same, guess->same, pairs));
	moved = fmax(moved, learn_share(&l->household, e->household, guess->household, shared));
	return moved;
}

void linkage_learn(struct linkage *l, const struct pattern *patterns, size_t n, double pairs, double shared)
{
	struct linkage guess = *l;
	struct expected e;
	double moved = 1;

	for (l->rounds = 0; l->rounds < ROUNDS_MAX && moved > 1e-6; l->rounds++) {
		expect(&e, l, patterns, n);
		moved = maximise(l, &e, &guess, pairs, shared);
	}
}

/* --- scores --- */

double linkage_weight(const struct linkage *l, size_t field, enum level level)
{
	return log2(fmax(l->m[field][level], smallest) / fmax(l->u[field][level], smallest));
}

void linkage_fix(struct linkage *l, size_t field, enum level level, double bits)
{
	l->u[field][level] = fmax(l->u[field][level], smallest);
	l->m[field][level] = l->u[field][level] * exp2(bits);
	l->fixed[field][level] = true;
}

double linkage_score(const struct linkage *l, uint32_t pattern, const double *frequency)
{
	struct kinds k = likelihood(l, pattern, frequency);
	double all = k.same + k.household + k.strangers;

	return all > 0 ? k.same / all : 0;
}

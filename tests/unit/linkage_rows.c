/*
 * What linkage learns from the patterns on stdin, for linkage_oracle.py: a line `records pairs shared joint`, then a line `m1 m2 m3 m4
 * u1 u2 u3 u4 shared` for each of three fields, then `level level level count` for each pattern. Answers with the shares of
 * the same and of households, the m of each field and level, and the score of each pattern.
 */
#include "analysis/linkage.h"

#include <stdio.h>

enum {
	FIELDS = 3,
	PATTERNS_MAX = 1000
};

static bool read_field(struct linkage_field *f)
{
	f->name = "field";
	for (int level = LEVEL_EXACT; level < LEVELS; level++)
		if (scanf("%lf", &f->m[level]) != 1)
			return false;
	for (int level = LEVEL_EXACT; level < LEVELS; level++)
		if (scanf("%lf", &f->u[level]) != 1)
			return false;
	return scanf("%lf", &f->shared) == 1;
}

static size_t read_patterns(struct pattern *v)
{
	unsigned level[FIELDS];
	size_t n = 0;

	while (n < PATTERNS_MAX && scanf("%u %u %u %lf", &level[0], &level[1], &level[2], &v[n].count) == FIELDS + 1) {
		v[n].levels = 0;
		for (size_t i = 0; i < FIELDS; i++)
			v[n].levels = pattern_with(v[n].levels, i, (enum level)level[i]);
		n++;
	}
	return n;
}

int main(void)
{
	struct linkage_field fields[FIELDS] = { 0 };
	struct pattern patterns[PATTERNS_MAX];
	struct linkage l;
	double pairs, shared, joint;
	size_t records, n;

	if (scanf("%zu %lf %lf %lf", &records, &pairs, &shared, &joint) != 4)
		return 1;
	for (size_t i = 0; i < FIELDS; i++)
		if (!read_field(&fields[i]))
			return 1;
	n = read_patterns(patterns);
	linkage_init(&l, fields, FIELDS, records);
	if (joint > 0)
		linkage_set_joint(&l, 0, 1, joint);
	linkage_learn(&l, patterns, n, pairs, shared);
	printf("%.17g %.17g\n", l.same, l.household);
	for (size_t i = 0; i < FIELDS; i++)
		printf("%.17g %.17g %.17g %.17g\n", l.m[i][LEVEL_EXACT], l.m[i][LEVEL_VERY_CLOSE], l.m[i][LEVEL_CLOSE],
			l.m[i][LEVEL_DIFFERENT]);
	for (size_t i = 0; i < n; i++)
		printf("%.17g\n", linkage_score(&l, patterns[i].levels, NULL));
	return 0;
}

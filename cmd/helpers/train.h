/* Solving the problems of <crm/training.h>: what the files of crm-classify-train share. */
#ifndef HELPERS_TRAIN_H
#define HELPERS_TRAIN_H

#include "cli/strbuf.h"

/* A problem that was read and checked; the arrays lie in the bytes that it was read from. */
struct problem_in {
	crm_problem_head head;
	const uint64_t *first;
	const uint32_t *label, *feature;
	const float *value;
};

/* False after a message. `bytes` is aligned for any type. */
bool problem_read(struct problem_in *p, const char *bytes, size_t len);

/* Append the solution. False after a message. */
bool planes_solve(struct strbuf *out, const struct problem_in *p);
bool trees_solve(struct strbuf *out, const struct problem_in *p);

/* --- working on several processors (train_work.c) --- */

/* Appends the i-th result. Runs in a process of its own. */
typedef void work_fn(struct strbuf *result, size_t i, void *payload);

/* Appends the results of 0 to n - 1, in this order, however many processors there are. False after a message. */
bool work_all(struct strbuf *out, size_t n, work_fn *fn, void *payload);

/* --- chance (train_work.c): splitmix64, the same everywhere --- */

struct chance {
	uint64_t state;
};

struct chance chance_of(uint64_t seed, uint64_t stream);
size_t chance_below(struct chance *c, size_t n); /* n at least 1 */

#endif

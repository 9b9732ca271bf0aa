/*
 * The sum of a row: what its fields were when it was last written, in 63 bits, so that a bit that rots is noticed. The
 * terms of its fields are added up, each made of the column's name and the value. What is NULL adds nothing, and neither
 * does a no: a column that comes later changes no sum. Against rot, not against people, who can compute it as well.
 */
#ifndef STORE_ROW_SUM_H
#define STORE_ROW_SUM_H

#include "base/base.h"

enum {
	ROW_SUM_SCHEMA = 4 /* the first that has them */
};

uint64_t sum_key(const char *name, size_t len);
uint64_t sum_term(uint64_t key, const crm_value *v); /* 0 for NULL */

/* Of a row that belongs to a record: the next value of it, NULL as well; begin with the key of its table. */
uint64_t sum_next(uint64_t so_far, const crm_value *v);

static inline int64_t sum_result(uint64_t terms)
{
	return (int64_t)(terms & INT64_MAX);
}

#endif

/*
 * Cursors: rows of typed cells, from a statement, from memory, or computed on the way.
 *
 * A source embeds struct crm_cursor as its first member and fills in `columns`, `n`, `values` and the two functions.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include "base/base.h"
#include <crm/query.h>

/* One line of a table of columns. */
#define COLUMN(name_, label_, help_, type_)                                                                            \
	{                                                                                                              \
		(name_), (label_), (help_), (type_), NULL                                                              \
	}

struct crm_cursor {
	const crm_column *columns;
	size_t n;
	crm_value *values;                   /* the current row, n of them */
	int (*next)(struct crm_cursor *c);   /* fills `values`: CRM_OK, CRM_END, negative */
	void (*close)(struct crm_cursor *c); /* frees everything, `c` too */
};

/* --- rows in memory --- */

struct rowset;

/* A cursor over rows that are added before it is read. Columns are copied by reference: they must outlive it. */
int rowset_new(struct rowset **out, const crm_column *columns, size_t n);
void rowset_of_field(
	struct rowset *r, size_t col, const crm_field *f); /* whose words stand in the column; NULL: none */
int rowset_begin(struct rowset *r);                        /* a new row, all CRM_NULL */
void rowset_int(struct rowset *r, size_t col, int64_t v);
void rowset_real(struct rowset *r, size_t col, double v);                  /* settled to 15 digits */
void rowset_text(struct rowset *r, size_t col, const char *s, size_t len); /* copied; NULL stays CRM_NULL */
void rowset_buf(struct rowset *r, size_t col, struct buf *b);              /* the same of what was put together */
void rowset_str(struct rowset *r, size_t col, const char *s);
void rowset_value(struct rowset *r, size_t col, const crm_value *v); /* copied */
size_t rowset_rows(const struct rowset *r);
crm_value *rowset_row(struct rowset *r, size_t i);

/* All rows of `inner`, not failed yet; its columns are copied, so that it may be closed. */
int rowset_gather(struct rowset **out, crm_cursor *inner);

/* Memory that lives as long as the rows: for columns made at run time. */
struct arena *rowset_arena(struct rowset *r);

/* Hands over: the rows become a cursor; CRM_NOMEM if adding them failed anywhere (the rows are then freed). */
int rowset_cursor(crm_cursor **out, struct rowset *r);
void rowset_free(struct rowset *r);
static inline void rowset_freep(struct rowset **r)
{
	rowset_free(*r);
}

/* The column of that name, or the number of columns; CRM_INVALID with the nearest name. */
size_t cursor_find_column(const crm_cursor *c, const char *name, size_t len);
int cursor_unknown_column(const crm_cursor *inner, const char *name, size_t len, struct err *err);

/*
 * Columns chosen by the user, as "a,b": a cursor that shows only those of `inner`, in that order (NULL: all).
 * Takes over `inner` in any case. CRM_INVALID with the nearest name.
 */
int cursor_project(crm_cursor **out, crm_cursor *inner, const char *fields, struct err *err);

/*
 * Rows in another order, as "a,-b" (empty values last, equal rows in the order they had), cut to limit (negative: none)
 * after offset. Reads and takes over `inner` in any case. CRM_INVALID for an unknown column.
 */
int cursor_sort(crm_cursor **out, crm_cursor *inner, const char *sort, int64_t offset, int64_t limit, struct err *err);

/* crm_groups_new(). */
int cursor_groups(crm_groups **out, crm_cursor *inner, const char *by, struct err *err);

#endif

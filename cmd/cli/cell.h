/* The text of one typed cell, for programs and for people. */
#ifndef CLI_CELL_H
#define CLI_CELL_H

#include "cli/strbuf.h"

enum {
	CELL_SMALL = 48 /* holds any number, time and length of time */
};

struct day_cache;

struct cells {
	const crm_store *store;
	struct day_cache *days; /* NULL: every time is formatted by the library */
	bool people;            /* words of vocabularies are in their language */
	char small[CELL_SMALL];
	struct strbuf large;
};

/* Borrowed: from the value, or from `struct cells` until the next call. */
struct span {
	const char *s;
	size_t len;
};

void cells_init(struct cells *cells, const crm_store *s, bool many);
void cells_release(struct cells *cells);

/* As csv and tsv have it; empty when absent. */
struct span cell_exact(struct cells *cells, const crm_column *col, const crm_value *v);

/* As people read it: short times, 1h30min, lists joined. Lists may fail: cells->large.failed. */
struct span cell_human(struct cells *cells, const crm_column *col, const crm_value *v);

/* Times take the form RFC3339 or SHORT; numbers are the shortest text that reads back as the same number. */
struct span cell_time(struct cells *cells, int64_t t, crm_time_form form);
struct span cell_integer(struct cells *cells, int64_t i);
struct span cell_real(struct cells *cells, double d);

/* The next item of a list cell into cells->large; false at the end or out of memory. *pos starts at 0. */
bool cell_list_item(struct cells *cells, const crm_value *v, size_t *pos, struct span *item);

/*
 * The cell as a whole number (custom values come as text), as a truth value, or as text that is a number by the
 * grammar of JSON. False when it is none.
 */
bool cell_as_integer(const crm_value *v, int64_t *out);
bool cell_as_bool(const crm_value *v, bool *out);
bool cell_is_number(const char *s, size_t len);

#endif

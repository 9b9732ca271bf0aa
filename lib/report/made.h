/*
 * Rows that are made when they are read, from what was gathered before: reports with a row for each of a million
 * customers keep a small record of each, not its cells.
 */
#ifndef REPORT_MADE_H
#define REPORT_MADE_H

#include "base/cursor.h"
#include "store/store.h"

/* A report embeds it as its first member, on the heap. */
struct made {
	struct crm_cursor cursor;
	crm_store *s;
	size_t n, at;                            /* rows in all; the next */
	int (*make)(struct made *m, size_t row); /* fills the cells, which are empty */
	void (*release)(struct made *m);         /* frees what was gathered */
	struct stmt *names;                      /* made_name() */
	struct arena row;                        /* texts of the row at hand */
};

/* Begins to give the rows out; takes over m, also when it fails (CRM_NOMEM). */
int made_open(crm_cursor **out, struct made *m, const crm_column *columns, size_t n);

/* Frees m with all that it holds. */
void made_free(struct made *m);

void made_int(struct made *m, size_t col, int64_t v);
void made_real(struct made *m, size_t col, double v);
void made_str(struct made *m, size_t col, const char *s);                         /* borrowed; NULL: empty */
void made_money(struct made *m, size_t col, int64_t minor, const char *currency); /* decimals are the currency's */
int made_name(struct made *m, size_t col, int64_t customer);                      /* the customer's name */

#endif

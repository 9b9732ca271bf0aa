/* Holds the latest rows back, so that those at the end of a file, which are known only then, can be left out. */
#ifndef EXCHANGE_FOOTER_H
#define EXCHANGE_FOOTER_H

#include "exchange/reader.h"

struct footer;

/* Of `rows` rows. CRM_INVALID: more than READER_FOOTER_MAX. */
int footer_new(struct footer **out, size_t rows, struct err *err);
void footer_free(struct footer *f); /* NULL is allowed */

/* Keeps a copy of the row. */
int footer_take(struct footer *f, const struct row *row, struct err *err);

/* Gives the oldest row, borrowed until the next one is taken, when more rows are held than the footer has. */
bool footer_give(struct footer *f, struct row *row);

size_t footer_rows(const struct footer *f); /* that are held */

#endif

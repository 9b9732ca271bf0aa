/*
 * Rows of vCards: a row a card, a column for each field of a customer, and one for each further property.
 *
 * The columns of further properties are those of the first cards; a property met later has none and is listed by
 * vcard_rows_late().
 */
#ifndef VCARD_ROWS_H
#define VCARD_ROWS_H

#include "exchange/decode.h"
#include "exchange/reader.h"

struct vcard_rows;

/* Reads ahead as far as the columns need: VCARD_AHEAD cards, or READER_ROW_MAX bytes of them. */
enum {
	VCARD_AHEAD = 1000
};

int vcard_rows_open(struct vcard_rows **out, struct decoder *in, struct err *err);
struct vcard_rows *vcard_rows_close(struct vcard_rows *v); /* returns NULL */

size_t vcard_rows_columns(const struct vcard_rows *v);
const char *vcard_rows_column(const struct vcard_rows *v, size_t i);

/* The columns from here on are named after properties; those before are fields. */
size_t vcard_rows_fields(void);

/* The i-th property without a column met so far, or NULL. */
const char *vcard_rows_late(const struct vcard_rows *v, size_t i);

int vcard_rows_next(struct vcard_rows *v, struct row *row, struct err *err);

#endif

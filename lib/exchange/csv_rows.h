/*
 * Rows of delimited text, tokenized by libcsv, which knows no line numbers and no limits: those are kept here.
 *
 * RFC 4180, read strictly: a quote may stand only around a whole field, doubled inside one. \n, \r\n and \r end a
 * row. Cells are exact; blank lines are no rows. A row is tokenized line by line, so that one row at a time is held.
 */
#ifndef EXCHANGE_CSV_ROWS_H
#define EXCHANGE_CSV_ROWS_H

#include "exchange/decode.h"
#include "exchange/reader.h"

struct csv_row {
	size_t line;
	const struct cell *cells; /* borrowed until the next row; not checked to be UTF-8 */
	size_t n;                 /* cells kept, at most READER_COLUMNS_MAX */
	size_t count;             /* cells that the row has */
	size_t filled;            /* cells up to the last one that is not empty */
	bool too_long;            /* beyond READER_ROW_MAX: the cells from there on were not kept */
};

struct csv_rows;

/* `line` is the one that the text of `in` begins on. CRM_INVALID: a delimiter that cannot be one. */
int csv_rows_open(struct csv_rows **out, struct decoder *in, char delimiter, size_t line, struct err *err);
struct csv_rows *csv_rows_close(struct csv_rows *c); /* returns NULL */

/* 0, CRM_END, CRM_INVALID (quotes out of place, a field too long; the message names the line) or a read error. */
int csv_rows_next(struct csv_rows *c, struct csv_row *row, struct err *err);

#endif

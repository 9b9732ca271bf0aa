/*
 * Rows of delimited text, tokenized by libcsv, which knows no line numbers and no limits: those are kept here. Text
 * without quotes, which libcsv does not know either, is split here too.
 *
 * RFC 4180, read strictly: a quote may stand only around a whole field, doubled inside one. \n, \r\n and \r end a
 * row. Cells are exact; blank lines are no rows. A row is tokenized line by line, so that one row at a time is held.
 */
#ifndef EXCHANGE_CSV_ROWS_H
#define EXCHANGE_CSV_ROWS_H

#include "exchange/decode.h"
#include "exchange/reader.h"

struct csv_form {
	char delimiter;
	char quote;   /* 0: none, what looks like one is text */
	char comment; /* a line that begins with it is passed over; 0: none is */
	bool excel;   /* a ' that `export --excel` put in front of a cell is no part of it */
	bool escapes; /* \t \n \r \\ stand for those bytes; only without a quote */
	size_t line;  /* that the text begins on */
};

struct csv_row {
	size_t line;
	const struct cell *cells; /* borrowed until the next row; not checked to be UTF-8 */
	size_t n;                 /* cells kept, at most READER_COLUMNS_MAX */
	size_t count;             /* cells that the row has */
	size_t filled;            /* cells up to the last one that is not empty */
	size_t bad_escape;        /* number of the first cell with a backslash that escapes nothing known, or 0 */
	bool too_long;            /* beyond READER_ROW_MAX: the cells from there on were not kept */
};

struct csv_rows;

/* CRM_INVALID: a delimiter, quote or comment character that cannot be one. */
int csv_rows_open(struct csv_rows **out, struct decoder *in, const struct csv_form *form, struct err *err);
struct csv_rows *csv_rows_close(struct csv_rows *c); /* returns NULL */

/* 0, CRM_END, CRM_INVALID (quotes out of place, a field too long; the message names the line) or a read error. */
int csv_rows_next(struct csv_rows *c, struct csv_row *row, struct err *err);

/* True when only blank lines follow. The cells of the row at hand stay. */
bool csv_rows_at_end(struct csv_rows *c);

/* Comment lines so far. */
size_t csv_rows_comments(const struct csv_rows *c);

#endif

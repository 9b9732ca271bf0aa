/*
 * Rows of JSON objects, parsed by jansson: a cell for each key.
 *
 * Texts come as they are; numbers exactly as they are written (jansson never sees them, so nothing is rounded);
 * true and false as words; null is the absence of the key. A list of texts, or of {"label", "value"} objects,
 * becomes the text form of a list. Anything else is a fault of its row, and so is what is not JSON.
 */
#ifndef EXCHANGE_JSON_ROWS_H
#define EXCHANGE_JSON_ROWS_H

#include "exchange/decode.h"
#include "exchange/reader.h"

struct json_rows;

/* Reads ahead as far as the columns need: JSON_AHEAD objects, or READER_ROW_MAX bytes of them. */
enum {
	JSON_AHEAD = 100
};

int json_rows_open(struct json_rows **out, struct decoder *in, struct err *err);
struct json_rows *json_rows_close(struct json_rows *j); /* returns NULL */

size_t json_rows_columns(const struct json_rows *j);
const char *json_rows_column(const struct json_rows *j, size_t i);

int json_rows_next(struct json_rows *j, struct row *row, struct err *err);

#endif

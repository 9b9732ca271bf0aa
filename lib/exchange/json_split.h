/*
 * Cuts a JSON file into its elements without parsing them: the lines of JSON lines, or the elements of one array.
 *
 * Knows brackets, quotes and commas, nothing else; whether an element is JSON is for its parser to say. One element
 * at a time is held, at most READER_ROW_MAX of it.
 */
#ifndef EXCHANGE_JSON_SPLIT_H
#define EXCHANGE_JSON_SPLIT_H

#include "exchange/decode.h"
#include "exchange/reader.h"

enum json_place {
	JSON_BEGINNING,   /* blanks, before anything */
	JSON_LINES,       /* not an array: an element a line */
	JSON_FIRST,       /* after [, before the first element */
	JSON_ELEMENT,     /* in an element */
	JSON_AFTER_COMMA, /* an element must follow */
	JSON_AFTER_ARRAY  /* only blanks may follow */
};

struct json_split {
	struct decoder *in;
	enum json_place place;
	size_t line;  /* of the text that comes next */
	size_t depth; /* open brackets in the element */
	bool in_string;
	bool escaped; /* the character before was a backslash in a string */
	bool element_done;
};

struct json_element {
	struct buf text;
	size_t line;   /* on which it begins */
	bool too_long; /* beyond READER_ROW_MAX; `text` is cut off */
};

void json_split_init(struct json_split *j, struct decoder *in);

/* 0, CRM_END, CRM_INVALID (an array that is not closed, a comma too many, …) or a read error. */
int json_split_next(struct json_split *j, struct json_element *e, struct err *err);

#endif

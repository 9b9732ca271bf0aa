/*
 * What kind of file it is, told from its beginning: vCards, JSON or delimited text, delimited by what, and its header
 * where.
 */
#ifndef EXCHANGE_DIALECT_H
#define EXCHANGE_DIALECT_H

#include "exchange/reader.h"

struct dialect {
	enum reader_form form; /* never READER_AUTO */
	char delimiter;        /* 0 for JSON lines and vCards */
	char quote;            /* 0: none */
	size_t preamble;       /* bytes before the header: a line `sep=;`, titles, blank lines */
	size_t sep_lines;      /* 1 when the first line is `sep=;` */
	size_t line;           /* on which the header, or what is blank before it, begins */
	bool skipped;          /* the lines from behind `sep=;` to there say something */
};

/* `s` is the beginning of the text, at most 128 KiB of it. What `opt` says is taken, the rest is found. */
struct dialect dialect_find(const char *s, size_t len, const struct reader_options *opt);

/* The same for text from the header on, which begins on a line that `opt` names; `d` is what was found in front. */
void dialect_find_at_header(struct dialect *d, const char *s, size_t len, const struct reader_options *opt);

#endif

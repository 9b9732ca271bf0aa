/* What kind of file it is, told from its beginning: vCards, JSON or delimited text, and delimited by what. */
#ifndef EXCHANGE_DIALECT_H
#define EXCHANGE_DIALECT_H

#include "exchange/reader.h"

struct dialect {
	enum reader_form form; /* never READER_AUTO */
	char delimiter;        /* 0 for JSON lines and vCards */
	size_t preamble;       /* bytes of a first line `sep=;`, which is not data; its newline included */
};

/* `s` is the beginning of the text, at most 64 KiB of it. What `opt` says is taken, the rest is found. */
struct dialect dialect_find(const char *s, size_t len, const struct reader_options *opt);

#endif

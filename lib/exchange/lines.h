/* The lines of a file, each of limited length, read by descriptor. */
#ifndef EXCHANGE_LINES_H
#define EXCHANGE_LINES_H

#include "base/base.h"

/* Begins with all zero but these three; the limit may be changed between lines. */
struct lines {
	int fd;
	const char *file; /* for messages */
	size_t max;       /* bytes of a line */

	uint64_t n;    /* lines taken */
	bool cut;      /* the line taken last is not ended by a line feed */
	bool too_long; /* the last failure: the line is longer than `max` */
	bool at_eof;
	struct buf in; /* read and not taken yet, from `at` on */
	size_t at;
};

/* The next line without its end, NUL-terminated, valid until the next call and free to be changed; CRM_END after the last. */
int lines_next(struct lines *l, char **line, size_t *len, struct err *err);

void lines_free(struct lines *l);

#endif

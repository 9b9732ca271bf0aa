/* The part of a text around what was found in it, in one line. */
#ifndef TEXT_SNIPPET_H
#define TEXT_SNIPPET_H

#include "base/base.h"

/* Bytes of a text, from `from` up to `to`. */
struct span {
	size_t from, to;
};

struct spans {
	struct span *v;
	size_t n, cap;
};

static inline void spans_free(struct spans *s)
{
	free(s->v);
}

/*
 * Writes the part of a valid UTF-8 text that shows its spans best, at most `width` columns of a terminal (of 8, at
 * least): cut between words, or characters where they are written without blanks, `…` where something is left out, runs
 * of white space as one blank. The spans are in order. *marks (NULL: not asked for) receives where they are in what was
 * written. CRM_NOMEM.
 */
int snippet_make(
	struct buf *out, struct spans *marks, const char *s, size_t len, const struct spans *found, size_t width);

#endif

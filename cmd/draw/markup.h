/* Text within HTML and SVG. */
#ifndef DRAW_MARKUP_H
#define DRAW_MARKUP_H

#include "cli/strbuf.h"

/* Adds text, also for a quoted attribute: & < > " stand as entities. What was data was escaped for the screen before. */
void markup_text(struct strbuf *b, const char *s, size_t len);

#endif

/* The text of an HTML document, as a reader of mail would see it. */
#ifndef HELPERS_HTML_TEXT_H
#define HELPERS_HTML_TEXT_H

#include "cli/strbuf.h"

/*
 * Appends what `html` (UTF-8) shows: tags and comments left out, scripts, styles and the title with all that is in them,
 * entities decoded, blanks as a browser joins them (a no-break space becomes a blank that stays), a line for each block, an
 * empty one between paragraphs. Anything is accepted; the work is linear in its length.
 */
void html_text(struct strbuf *out, const char *html, size_t len);

/*
 * Decodes the character reference that begins at `s` (a '&'): appends it, and returns its bytes; 0 when it is none and the
 * '&' stands for itself.
 */
size_t html_entity(struct strbuf *out, const char *s, size_t len);

/* Appends a character; what is none (a surrogate, NUL, beyond U+10FFFF) becomes U+FFFD. */
void html_character(struct strbuf *out, uint32_t cp);

#endif

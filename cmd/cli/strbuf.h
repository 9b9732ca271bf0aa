/* Growing text for the command line. Running out of memory is remembered in `failed` and checked once, at the end. */
#ifndef CLI_STRBUF_H
#define CLI_STRBUF_H

#include <crm/crm.h>

struct strbuf {
	char *s; /* NUL-terminated once anything was added, NULL before */
	size_t len, cap;
	bool failed;
};

bool strbuf_reserve(struct strbuf *b, size_t more); /* room for `more` bytes and a NUL */
void strbuf_add(struct strbuf *b, const char *s, size_t len);
void strbuf_puts(struct strbuf *b, const char *s);
void strbuf_printf(struct strbuf *b, const char *fmt, ...) CRM_PRINTF(2, 3);
void strbuf_escape(struct strbuf *b, const char *s, size_t len, crm_escape how); /* adds crm_text_escape() of it */
void strbuf_truncate(struct strbuf *b, size_t len);
void strbuf_free(struct strbuf *b);

#endif

#include "base/base.h"

#include <crm/text.h>

enum {
	QUOTE_COLUMNS = 60,
	QUOTE_BYTES = 1024
};

void buf_quote(struct buf *b, const char *s, size_t len)
{
	/* A megabyte of text is not escaped for the sake of its first 60 columns. */
	size_t part = len < QUOTE_BYTES ? len : QUOTE_BYTES;
	size_t start, n, fit;

	while (part < len && part > QUOTE_BYTES - 4 && ((unsigned char)s[part] & 0xc0) == 0x80)
		part--;
	buf_putc(b, '\'');
	start = b->len;
	n = crm_text_escape(NULL, 0, s, part, CRM_ESCAPE_LINE);
	if (!buf_reserve(b, n))
		return;
	crm_text_escape(b->s + start, n + 1, s, part, CRM_ESCAPE_LINE);
	b->len += n;
	fit = crm_text_fit(b->s + start, n, QUOTE_COLUMNS);
	if (fit < n || part < len) {
		fit = crm_text_fit(b->s + start, n, QUOTE_COLUMNS - 1);
		buf_truncate(b, start + fit);
		buf_puts(b, "…");
	}
	buf_putc(b, '\'');
}

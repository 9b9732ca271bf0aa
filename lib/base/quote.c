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

/* Length of a character beyond ASCII that acts on a terminal: C1 controls, bidirectional overrides, line separators. */
static size_t acting_character(const unsigned char *s, size_t len, unsigned *cp)
{
	if (len >= 2 && s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0) {
		*cp = s[1];
		return 2;
	}
	if (len >= 3 && s[0] == 0xe2 && (s[1] == 0x80 || s[1] == 0x81) && s[2] >= 0x80 && s[2] < 0xc0) {
		*cp = 0x2000u | (unsigned)(s[1] & 1) << 6 | (s[2] & 0x3fu);
		if ((*cp >= 0x2028 && *cp <= 0x202e) || (*cp >= 0x2066 && *cp <= 0x2069))
			return 3;
	}
	return 0;
}

void buf_json(struct buf *b, const char *s, size_t len)
{
	size_t plain = 0; /* where the text begins that needs no escape and is not copied yet */

	buf_putc(b, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];
		unsigned cp = c;
		size_t n = 1;

		if (c >= ' ' && c != '"' && c != '\\' && c != 0x7f &&
			(c < 0xc2 || (n = acting_character((const unsigned char *)s + i, len - i, &cp)) == 0))
			continue;
		buf_add(b, s + plain, i - plain);
		buf_printf(b, c == '"' || c == '\\' ? "\\%c" : c == '\n' ? "\\n" : "\\u%04x", cp);
		i += n - 1;
		plain = i + 1;
	}
	buf_add(b, s + plain, len - plain);
	buf_putc(b, '"');
}

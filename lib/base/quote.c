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

/* First bytes of the characters beyond ASCII that may act on a terminal; those of Chinese are none of them. */
static bool may_act(unsigned char c)
{
	return c == 0xc2 || c == 0xd8 || c == 0xe2 || c == 0xef || c == 0xf3;
}

/*
 * Length of a character that acts on a terminal, turns or hides others, by itself: a joiner too, since what it joins does
 * not matter to who reads JSON. 0: it does not, or is no character.
 */
static size_t acting_character(const unsigned char *s, size_t len, uint32_t *cp)
{
	size_t n = *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : 4;

	if (!may_act(*s) || n > len || crm_text_is_plain((const char *)s, n, CRM_ESCAPE_KEEP_LINES))
		return 0;
	*cp = *s & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (s[i] & 0x3fu);
	}
	return n;
}

static void put_escaped(struct buf *b, uint32_t cp)
{
	if (cp == '"' || cp == '\\')
		buf_printf(b, "\\%c", (char)cp);
	else if (cp == '\n')
		buf_puts(b, "\\n");
	else if (cp <= 0xffff)
		buf_printf(b, "\\u%04x", (unsigned)cp);
	else
		buf_printf(b, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (cp >> 10)), (unsigned)(0xdc00 | (cp & 0x3ff)));
}

void buf_json(struct buf *b, const char *s, size_t len)
{
	size_t plain = 0; /* where the text begins that needs no escape and is not copied yet */

	buf_putc(b, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];
		uint32_t cp = c;
		size_t n = 1;

		if (c >= ' ' && c != '"' && c != '\\' && c != 0x7f &&
			(c < 0xc2 || (n = acting_character((const unsigned char *)s + i, len - i, &cp)) == 0))
			continue;
		buf_add(b, s + plain, i - plain);
		put_escaped(b, cp);
		i += n - 1;
		plain = i + 1;
	}
	buf_add(b, s + plain, len - plain);
	buf_putc(b, '"');
}

struct buf *buf_comma(struct buf *b)
{
	buf_puts(b, b->len ? ", " : "");
	return b;
}

const char *buf_nearest(struct buf *b, const char *nearest)
{
	if (nearest)
		buf_say(b, ", did you mean '%s'?", nearest);
	return b->s ? b->s : "";
}

#include "draw/markup.h"

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

void markup_text(struct strbuf *b, const char *s, size_t len)
{
	size_t done = 0;

	for (size_t i = 0; i < len; i++) {
		const char *e = entity(s[i]);
		if (!e)
			continue;
		strbuf_add(b, s + done, i - done);
		strbuf_puts(b, e);
		done = i + 1;
	}
	strbuf_add(b, s + done, len - done);
}

#include "text/text.h"

#include <utf8proc.h>

static bool printable(char c)
{
	return c >= ' ' && c <= '~';
}

/* Bytes and columns of the grapheme at s; len > 0. */
static size_t grapheme(const char *s, size_t len, size_t *width)
{
	utf8proc_int32_t state = 0;
	uint32_t cp, next;
	size_t n, columns;

	if (printable(s[0]) && (len == 1 || (unsigned char)s[1] < 0x80)) {
		*width = 1;
		return 1;
	}
	n = utf8_decode(s, len, &cp);
	if (!n) {
		*width = 1; /* as the replacement character that a terminal shows */
		return 1;
	}
	columns = (size_t)utf8proc_charwidth((utf8proc_int32_t)cp);
	for (size_t used; n < len; n += used, cp = next) {
		used = utf8_decode(s + n, len - n, &next);
		if (!used || utf8proc_grapheme_break_stateful((utf8proc_int32_t)cp, (utf8proc_int32_t)next, &state))
			break;
		/* U+FE0F asks for the picture of a character that is a narrow letter otherwise. */
		columns += next == 0xfe0f ? 1 : (size_t)utf8proc_charwidth((utf8proc_int32_t)next);
	}
	*width = columns > 2 ? 2 : columns; /* families, flags and skin tones are one picture */
	return n;
}

size_t crm_text_width(const char *s, size_t len)
{
	size_t sum = 0, width;

	for (size_t i = 0; i < len; sum += width)
		i += grapheme(s + i, len - i, &width);
	return sum;
}

size_t crm_text_fit(const char *s, size_t len, size_t width)
{
	size_t i = 0, sum = 0;

	while (i < len) {
		size_t columns;
		size_t n = grapheme(s + i, len - i, &columns);

		if (sum + columns > width)
			break;
		sum += columns;
		i += n;
	}
	return i;
}

/* UTF-16 without a byte order mark, told from its bytes. */
#include "exchange/encoding.h"

enum {
	NUL_PATTERN_WINDOW = 1024
};

static bool is_ascii_unit(char c, char nul)
{
	return nul == '\0' && c != '\0' && !(c & 0x80);
}

/*
 * ASCII in UTF-16, which every header has for its delimiters, is a letter and a NUL, all in the same order. Some
 * Chinese characters look like that in the other order (U+4E00: 4E 00), so a few of those are allowed.
 */
static const char *by_ascii(const char *s, size_t len)
{
	size_t pairs, le = 0, be = 0;

	if (len > NUL_PATTERN_WINDOW)
		len = NUL_PATTERN_WINDOW;
	pairs = len / 2;
	for (size_t i = 0; i < pairs; i++) {
		le += is_ascii_unit(s[2 * i], s[2 * i + 1]);
		be += is_ascii_unit(s[2 * i + 1], s[2 * i]);
	}
	if (le >= 2 && le * 8 >= pairs && be * 4 <= le)
		return "UTF-16LE";
	if (be >= 2 && be * 8 >= pairs && le * 4 <= be)
		return "UTF-16BE";
	return NULL;
}

/* What the bytes are when they are read in one order. */
struct units {
	size_t n, newlines;
	size_t odd; /* controls, lone surrogates, private use, noncharacters: next to none in text */
};

static bool is_odd(unsigned u)
{
	return (u < ' ' && u != '\t' && u != '\n' && u != '\r') || (u >= 0x7f && u <= 0x9f) ||
	       (u >= 0xd800 && u <= 0xf8ff) || u >= 0xfffe;
}

static struct units read_units(const char *s, size_t len, size_t high)
{
	struct units c = { .n = len / 2 };

	for (size_t i = 0; i + 1 < len; i += 2) {
		unsigned u = (unsigned)(unsigned char)s[i + high] << 8 | (unsigned char)s[i + 1 - high];
		bool pair = u >= 0xd800 && u <= 0xdbff && i + 3 < len && (s[i + 2 + high] & 0xfc) == 0xdc;

		if (pair)
			i += 2;
		else
			c.odd += is_odd(u);
		c.newlines += u == '\n' || u == '\r';
	}
	return c;
}

/*
 * Chinese text has little ASCII, or none but its line ends: U+000A has a NUL at its side, in the other order it is
 * U+0A00, which no text has, and reading Han in the wrong order gives controls, halves of pairs and private use.
 */
static const char *by_line_ends(const char *s, size_t len)
{
	struct units le = read_units(s, len, 1), be = read_units(s, len, 0);

	if (le.newlines == be.newlines || encoding_is_bytewise(s, len))
		return NULL;
	if (le.newlines > be.newlines)
		return le.odd * 32 <= le.n ? "UTF-16LE" : NULL;
	return be.odd * 32 <= be.n ? "UTF-16BE" : NULL;
}

const char *encoding_utf16_without_mark(const char *s, size_t len)
{
	const char *name = by_ascii(s, len);

	return name ? name : by_line_ends(s, len);
}

#include "text/text.h"

#include <utf8proc.h>

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

size_t utf8_decode(const char *s, size_t len, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n;
	uint32_t c, least;

	if (!len)
		return 0;
	if (p[0] < 0x80) {
		*cp = p[0];
		return 1;
	}
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	least = n == 2 ? 0x80 : n == 3 ? 0x800 : 0x10000;
	if (len < n)
		return 0;
	c = p[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*cp = c;
	return n;
}

void utf8_append(struct buf *out, uint32_t cp)
{
	char bytes[4];
	size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;

	if (n == 1) {
		buf_putc(out, (char)cp);
		return;
	}
	for (size_t i = n; i-- > 1; cp >>= 6)
		bytes[i] = (char)(0x80 | (cp & 0x3f));
	bytes[0] = (char)((0xf00U >> n & 0xf0U) | cp);
	buf_add(out, bytes, n);
}

/* Bytes of the beginning that are ASCII without NUL, eight at a time. */
static size_t ascii_run(const char *s, size_t len)
{
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		uint64_t w;

		memcpy(&w, s + i, 8);
		if ((w | (w - ONES)) & HIGHS)
			break;
	}
	while (i < len && ascii_text(s[i]))
		i++;
	return i;
}

bool utf8_valid(const char *s, size_t len, size_t *bad)
{
	size_t i = ascii_run(s, len);

	while (i < len) {
		uint32_t cp;
		size_t n = utf8_decode(s + i, len - i, &cp);

		if (!n || !cp) {
			if (bad)
				*bad = i;
			return false;
		}
		i += n;
		if (n == 1)
			i += ascii_run(s + i, len - i);
	}
	return true;
}

bool text_contains(const char *s, size_t len, const char *needle, size_t nlen)
{
	return !nlen || (len >= nlen && memmem(s, len, needle, nlen));
}

enum text_kind text_kind(uint32_t cp)
{
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return TEXT_LETTER;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return TEXT_MARK;
	case UTF8PROC_CATEGORY_ND:
		return TEXT_DIGIT;
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return TEXT_NUMBER;
	case UTF8PROC_CATEGORY_SO:
		return TEXT_SYMBOL;
	default:
		return TEXT_OTHER;
	}
}

bool utf8_is_cjk(uint32_t cp)
{
	static const struct {
		uint32_t first, last;
	} letters[] = {
		{ 0x1100, 0x11ff },                     /* hangul jamo */
		{ 0x2e80, 0x2fdf },                     /* radicals */
		{ 0x3005, 0x3007 },                     /* repetition, closing mark, zero */
		{ 0x3021, 0x3029 },                     /* Hangzhou numerals */
		{ 0x3031, 0x3035 },                     /* kana repetition */
		{ 0x3038, 0x303c },                     /* Hangzhou numerals */
		{ 0x3041, 0x3096 },                     /* hiragana */
		{ 0x309d, 0x309f }, { 0x30a1, 0x30fa }, /* katakana, without the middle dot */
		{ 0x30fc, 0x30ff }, { 0x3105, 0x312f }, /* bopomofo */
		{ 0x3131, 0x318e },                     /* hangul compatibility jamo */
		{ 0x31a0, 0x31bf },                     /* bopomofo extended */
		{ 0x31f0, 0x31ff },                     /* katakana extended */
		{ 0x3400, 0x4dbf },                     /* Han extension A */
		{ 0x4e00, 0x9fff },                     /* Han */
		{ 0xa960, 0xa97c },                     /* hangul jamo extended */
		{ 0xac00, 0xd7fb },                     /* hangul */
		{ 0xf900, 0xfaff },                     /* Han compatibility */
		{ 0xff66, 0xffdc },                     /* half-width katakana and hangul */
		{ 0x1aff0, 0x1b16f },                   /* kana extended */
		{ 0x20000, 0x3fffd },                   /* Han extensions B and up */
	};

	for (size_t i = 0; cp >= letters[0].first && i < ARRAY_SIZE(letters); i++)
		if (cp >= letters[i].first && cp <= letters[i].last)
			return true;
	return false;
}

bool text_is_cjk(const char *s, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t cp = 0;

		n = utf8_decode(s + i, len - i, &cp);
		if (n && utf8_is_cjk(cp))
			return true;
		n += !n;
	}
	return false;
}

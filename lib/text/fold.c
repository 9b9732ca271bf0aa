/*
 * The comparable form of text. Every import folds every name, so that what nearly all text consists of, ASCII, Han and
 * the marks of Chinese sentences, is done here without asking the Unicode tables: in these NFKC and case folding change
 * no more than what is said below, as long as no other character stands beside.
 */
#include "text/text.h"

#include <utf8proc.h>

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Lower-cases eight bytes of printable ASCII; false when there is anything else, a blank included. */
static bool fold_word(char *dst, const char *s)
{
	uint64_t w, from_a, after_z;

	memcpy(&w, s, 8);
	if ((w | (w - 0x21 * ONES)) & HIGHS)
		return false;
	from_a = w + (0x80 - 'A') * ONES;
	after_z = w + (0x80 - 'Z' - 1) * ONES;
	w |= (from_a & ~after_z & HIGHS) >> 2;
	memcpy(dst, &w, 8);
	return true;
}

/* U+4E00 to U+9FFF */
static bool is_han(const char *s, size_t len)
{
	unsigned char a = (unsigned char)s[0];

	return a >= 0xe4 && a <= 0xe9 && len >= 3 && (s[1] & 0xc0) == 0x80 && (s[2] & 0xc0) == 0x80 &&
	       (a > 0xe4 || (unsigned char)s[1] >= 0xb8);
}

/*
 * The marks of Chinese sentences: writes the form of the one at s and returns its bytes; 0 when there is none. Full-width
 * ASCII becomes ASCII, the ellipsis three dots; brackets, dashes and quotation marks stay. All have three bytes.
 */
static size_t fold_mark(char *dst, const char *s, size_t len)
{
	uint32_t cp = 0;

	if (len < 3 || utf8_decode(s, len, &cp) != 3)
		return 0;
	if (cp >= 0xff01 && cp <= 0xff5e) {
		*dst = ascii_lower((char)(cp - 0xff01 + '!'));
		return 1;
	}
	if (cp == 0x2026)
		s = "...";
	else if (cp != 0x3001 && cp != 0x3002 && (cp < 0x3008 || cp > 0x3011) && cp != 0x2014 && cp != 0x2018 &&
		 cp != 0x2019 && cp != 0x201c && cp != 0x201d)
		return 0;
	memcpy(dst, s, 3);
	return 3;
}

/* Writes at most len bytes at dst. Returns false at the first character that needs the tables. */
static bool fold_simple(char *dst, size_t *written, const char *s, size_t len)
{
	char *d = dst;
	bool blank = false;

	for (size_t i = 0, n; i < len;) {
		char c = s[i];

		if (ascii_blank(c)) {
			blank = d > dst;
			i++;
			continue;
		}
		if (blank)
			*d++ = ' ';
		blank = false;
		if (ascii_text(c)) {
			for (; i + 8 <= len && fold_word(d, s + i); i += 8)
				d += 8;
			for (; i < len && ascii_text(s[i]) && !ascii_blank(s[i]); i++)
				*d++ = ascii_lower(s[i]);
		} else if (is_han(s + i, len - i)) {
			memcpy(d, s + i, 3);
			d += 3;
			i += 3;
		} else if ((n = fold_mark(d, s + i, len - i)) > 0) {
			d += n;
			i += 3;
		} else {
			return false;
		}
	}
	*written = (size_t)(d - dst);
	return true;
}

/* White space that is left after NFKC. */
static bool is_space(uint32_t cp)
{
	return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x85 || cp == 0x1680 || cp == 0x2028 || cp == 0x2029;
}

static void collapse(struct buf *out, const char *s, size_t len)
{
	const size_t start = out->len;
	bool blank = false;

	for (size_t i = 0, n; i < len; i += n) {
		uint32_t cp = 0;

		n = utf8_decode(s + i, len - i, &cp);
		if (!n)
			n = 1;
		if (is_space(cp)) {
			blank = out->len > start;
			continue;
		}
		if (blank)
			buf_putc(out, ' ');
		blank = false;
		buf_add(out, s + i, n);
	}
}

static int fold_with_tables(struct buf *out, const char *s, size_t len)
{
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len, &folded,
		UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);

	out->failed |= n == UTF8PROC_ERROR_NOMEM;
	if (n < 0)
		return out->failed ? CRM_NOMEM : CRM_INVALID;
	collapse(out, (const char *)folded, (size_t)n);
	free(folded);
	return out->failed ? CRM_NOMEM : CRM_OK;
}

int text_fold(struct buf *out, const char *s, size_t len)
{
	size_t n;

	if (!buf_reserve(out, len))
		return CRM_NOMEM;
	if (fold_simple(out->s + out->len, &n, s, len)) {
		out->len += n;
		out->s[out->len] = '\0';
		return CRM_OK;
	}
	out->s[out->len] = '\0';
	return fold_with_tables(out, s, len);
}

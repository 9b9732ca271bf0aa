#include "text/runs.h"

#include "text/text.h"

enum {
	SCHEME_MAX =
		32, /* what a scheme and the local part of an address may have: looking further costs time squared */
	LOCAL_MAX = 64
};

enum glyph {
	NOTHING,
	HAN,
	LETTER,
	DIGIT,
	JOINER
};

static bool is_han(uint32_t cp)
{
	return (cp >= 0x4e00 && cp <= 0x9fff) || (cp >= 0x3400 && cp <= 0x4dbf) || (cp >= 0xf900 && cp <= 0xfaff) ||
	       (cp >= 0x20000 && cp <= 0x3fffd) || cp == 0x3005 || cp == 0x3007;
}

static enum glyph class_of(uint32_t cp)
{
	if (cp < 0x80) {
		if (ascii_alpha((char)cp))
			return LETTER;
		if (ascii_digit((char)cp))
			return DIGIT;
		return cp == '\'' || cp == '_' ? JOINER : NOTHING;
	}
	if (is_han(cp))
		return HAN;
	if (cp == 0x2019) /* the apostrophe as it is printed */
		return JOINER;
	switch (text_kind(cp)) {
	case TEXT_LETTER:
	case TEXT_MARK:
		return LETTER;
	case TEXT_DIGIT:
	case TEXT_NUMBER:
		return DIGIT;
	default:
		return NOTHING;
	}
}

/* The class of the character at s, and its bytes, which are 1 for a byte that is no UTF-8. */
static enum glyph peek(const char *s, size_t len, size_t *bytes)
{
	uint32_t cp = 0;

	if (len == 0) {
		*bytes = 0;
		return NOTHING;
	}
	*bytes = utf8_decode(s, len, &cp);
	if (*bytes > 0)
		return class_of(cp);
	*bytes = 1;
	return NOTHING;
}

/* --- addresses --- */

static bool is_name_character(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '-' || c == '.' || c == '+';
}

static bool is_url_character(char c)
{
	return c > ' ' && c < 0x7f && !strchr("<>\"`{}|\\^", c);
}

static size_t url_length(const char *s, size_t len)
{
	size_t begin = 0, n;

	if (len > 4 && memcmp(s, "www.", 4) == 0 && is_name_character(s[4])) {
		begin = 4;
	} else {
		while (begin < len && begin < SCHEME_MAX && is_name_character(s[begin]))
			begin++;
		if (!ascii_alpha(s[0]) || begin + 3 > len || memcmp(s + begin, "://", 3) != 0)
			return 0;
		begin += 3;
	}
	for (n = begin; n < len && is_url_character(s[n]); n++)
		;
	while (n > begin && strchr(".,;:!?'()[]", s[n - 1])) /* of the sentence around it */
		n--;
	return n > begin ? n : 0;
}

static size_t email_length(const char *s, size_t len)
{
	size_t n = 0, at;

	while (n < len && n < LOCAL_MAX && (is_name_character(s[n]) || s[n] == '_' || s[n] == '%'))
		n++;
	if (n == len || s[n] != '@')
		return 0;
	at = n++;
	while (n < len && is_name_character(s[n]))
		n++;
	while (s[n - 1] == '.' || s[n - 1] == '-')
		n--;
	return n > at + 1 ? n : 0;
}

static size_t address_length(const char *s, size_t len)
{
	size_t n = url_length(s, len);

	return n ? n : email_length(s, len);
}

/* --- runs --- */

static size_t han_length(const char *s, size_t len)
{
	size_t n = 0, bytes;

	while (peek(s + n, len - n, &bytes) == HAN)
		n += bytes;
	return n;
}

static size_t word_length(const char *s, size_t len)
{
	size_t n = 0, bytes, behind;

	for (;;) {
		enum glyph here = peek(s + n, len - n, &bytes);

		if (here == JOINER) {
			enum glyph next = peek(s + n + bytes, len - n - bytes, &behind);

			if (next != LETTER && next != DIGIT)
				return n;
		} else if (here != LETTER && here != DIGIT) {
			return n;
		}
		n += bytes;
	}
}

bool run_next(struct run *out, const char *s, size_t len, size_t *pos)
{
	enum glyph first = NOTHING;
	size_t bytes, i = *pos, n;

	for (; i < len; i += bytes) {
		first = peek(s + i, len - i, &bytes);
		if (first == HAN || first == LETTER || first == DIGIT)
			break;
	}
	*pos = i;
	if (i >= len)
		return false;
	n = first != HAN && ascii_text(s[i]) ? address_length(s + i, len - i) : 0;
	out->kind = n > 0 ? RUN_ADDRESS : first == HAN ? RUN_HAN : first == DIGIT ? RUN_NUMBER : RUN_WORD;
	if (n == 0)
		n = first == HAN ? han_length(s + i, len - i) : word_length(s + i, len - i);
	out->s = s + i;
	out->len = n;
	*pos = i + n;
	return true;
}

/* --- messages --- */

static bool is_quotation(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && ascii_blank(s[i]))
		i++;
	return i < len && s[i] == '>';
}

int text_said(struct buf *out, const char *s, size_t len)
{
	for (size_t at = 0; at < len;) {
		const char *end = memchr(s + at, '\n', len - at);
		size_t n = end ? (size_t)(end - s) - at : len - at;

		if (!is_quotation(s + at, n) && text_fold(out, s + at, n) == CRM_NOMEM)
			return CRM_NOMEM;
		buf_putc(out, '\n');
		at += n + 1;
	}
	return out->failed ? CRM_NOMEM : CRM_OK;
}

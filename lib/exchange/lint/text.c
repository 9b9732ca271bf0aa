#include "exchange/lint/text.h"
#include "text/text.h"

/* --- blanks and what nobody sees --- */

static bool is_no_break(uint32_t cp)
{
	return cp == 0xa0 || cp == 0x2007 || cp == 0x202f;
}

static bool is_blank(uint32_t cp)
{
	return cp == ' ' || (cp >= '\t' && cp <= '\r') || is_no_break(cp) || cp == 0x1680 ||
	       (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 || cp == 0x205f || cp == 0x3000;
}

static bool is_joiner(uint32_t cp)
{
	return cp == 0x200c || cp == 0x200d;
}

static bool is_zero_width(uint32_t cp)
{
	return cp == 0x200b || cp == 0x2060 || cp == 0xfeff || cp == 0xad || cp == 0x180e;
}

static bool is_control(uint32_t cp)
{
	return (cp < 0x20 && cp != '\t' && cp != '\n' && cp != '\r') || (cp >= 0x7f && cp <= 0x9f) || cp == 0x61c ||
	       cp == 0x200e || cp == 0x200f || (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

/* Bytes of the beginning in which there is nothing to find: printable ASCII with single blanks. */
static size_t plain_run(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)s[i] - 0x20U >= 0x7f - 0x20U || (s[i] == ' ' && i > 0 && s[i - 1] == ' '))
			break;
	return i;
}

unsigned lint_flaws(const char *s, size_t len)
{
	unsigned flaws = 0;
	bool blank = false; /* the character before */
	size_t run = plain_run(s, len), n;

	if (run == len)
		return len == 0 ? 0 : (s[0] == ' ' ? LINT_SPACE_START : 0U) | (s[len - 1] == ' ' ? LINT_SPACE_END : 0U);
	for (size_t i = 0; i < len; i += n) {
		uint32_t cp = 0;
		bool at_end, line = s[i] == '\n' || s[i] == '\r';

		n = utf8_decode(s + i, len - i, &cp);
		if (n == 0)
			break;
		at_end = i + n == len;
		if (is_no_break(cp))
			flaws |= LINT_NO_BREAK;
		if (is_zero_width(cp) || (is_joiner(cp) && (i == 0 || at_end)))
			flaws |= LINT_ZERO_WIDTH;
		if (is_control(cp))
			flaws |= LINT_CONTROL;
		if (is_blank(cp))
			flaws |= (i == 0 ? LINT_SPACE_START : 0U) | (at_end ? LINT_SPACE_END : 0U) |
				 (blank && !line && !at_end ? LINT_SPACES_INSIDE : 0U);
		blank = is_blank(cp) && !line;
	}
	return flaws;
}

/* --- text in a wrong encoding --- */

/* Where Windows-1252 has other characters than Latin-1, in the order of its bytes 0x80 to 0x9f. */
static const uint16_t windows[] = { 0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161,
	0x203a, 0x0153, 0, 0x017e, 0x0178 };

/* The byte from which Latin-1 or Windows-1252 made this character; 0 when it is ASCII or none of them. */
static unsigned char byte_of(uint32_t cp)
{
	if (cp >= 0x80 && cp <= 0xff)
		return (unsigned char)cp;
	for (size_t i = 0; cp > 0xff && cp <= 0x2122 && i < ARRAY_SIZE(windows); i++)
		if (windows[i] == cp)
			return (unsigned char)(0x80 + i);
	return 0;
}

/* Reads up to `max` such bytes; stops at the first other character. */
static size_t bytes_at(unsigned char *bytes, size_t max, const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0, step; i < len && n < max; i += step) {
		uint32_t cp = 0;

		step = utf8_decode(s + i, len - i, &cp);
		bytes[n] = step ? byte_of(cp) : 0;
		if (bytes[n] == 0)
			break;
		n++;
	}
	return n;
}

/* What may follow a word in correct text: closing quotes, dashes, an ellipsis; so it proves nothing after a letter. */
static bool may_follow(unsigned char byte)
{
	return byte == 0x85 || (byte >= 0x91 && byte <= 0x97) || byte == 0xa0 || byte == 0xab || byte == 0xbb;
}

static bool is_continuation(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/*
 * Whether the characters from here on are the bytes of one character in UTF-8. Of two bytes only what begins with
 * Ã or Â is sure by itself: other letters need a second one beside them.
 */
static bool is_utf8_misread(const char *s, size_t len)
{
	unsigned char b[4];
	size_t n = bytes_at(b, ARRAY_SIZE(b), s, len), need, harmless = 0;
	uint32_t cp;

	if (n < 2 || b[0] < 0xc2 || b[0] > 0xf4)
		return false;
	need = b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
	if (n < need || utf8_decode((const char *)b, need, &cp) != need)
		return false;
	if (need == 2 && b[0] > 0xc3)
		return n == 4 && b[2] >= 0xc4 && b[2] < 0xe0 && is_continuation(b[3]) && !may_follow(b[1]);
	if (need == 2)
		return b[1] == 0xa0 || !may_follow(b[1]);
	for (size_t i = 1; i < need; i++)
		harmless += may_follow(b[i]);
	return harmless < need - 1;
}

/*
 * Whether a run of accented letters and signs begins here which are pairs of bytes as GB 2312 has its Han characters. Two
 * different pairs are asked for: ×××× hides a number, and no language has four such characters together.
 */
static bool is_gbk_misread(const char *s, size_t len)
{
	unsigned char b[4];

	if (bytes_at(b, ARRAY_SIZE(b), s, len) < 4)
		return false;
	for (size_t i = 0; i < 4; i += 2)
		if (b[i] < 0xb0 || b[i] > 0xf7 || b[i + 1] < 0xa1 || b[i + 1] == 0xff)
			return false;
	return b[0] != b[2] || b[1] != b[3];
}

static bool contains(const char *s, size_t len, const char *word)
{
	return memmem(s, len, word, strlen(word)) != NULL;
}

/* &amp; &#233; and the like. */
static bool has_entity(const char *s, size_t len)
{
	static const char *const names[] = { "amp;", "lt;", "gt;", "quot;", "apos;", "nbsp;" };
	const char *end = s + len;

	while ((s = memchr(s, '&', (size_t)(end - s)))) {
		size_t rest = (size_t)(end - ++s), i = 1;

		for (size_t k = 0; k < ARRAY_SIZE(names); k++)
			if (rest >= strlen(names[k]) && memcmp(s, names[k], strlen(names[k])) == 0)
				return true;
		while (rest > i && (ascii_digit(s[i]) || (s[1] == 'x' && (i == 1 || ascii_alpha(s[i])))))
			i++;
		if (rest > i && i > (s[1] == 'x' ? 2U : 1U) && s[0] == '#' && s[i] == ';')
			return true;
	}
	return false;
}

static const char *garbled_chinese(const char *s, size_t len)
{
	if (contains(s, len, "锟斤拷"))
		return N_("锟斤拷 is what is left of characters lost on the way");
	if (contains(s, len, "烫烫") || contains(s, len, "屯屯屯"))
		return N_("烫烫 and 屯屯屯 are memory that was never written, not text");
	return NULL;
}

const char *lint_garbled(const char *s, size_t len)
{
	size_t i = 0, n;
	bool in_run = false; /* the character before could be a byte of the same run */

	if (has_entity(s, len))
		return N_("has a character written as HTML (&amp; and the like)");
	while (i < len && ascii_text(s[i]))
		i++;
	if (i == len)
		return NULL;
	for (; i < len; i += n) {
		uint32_t cp = 0;

		n = utf8_decode(s + i, len - i, &cp);
		if (n == 0)
			break;
		if (cp == 0xfffd)
			return N_("has U+FFFD, which stands for bytes that were lost");
		if (byte_of(cp) && is_utf8_misread(s + i, len - i))
			return N_("looks like UTF-8 that was read as Windows-1252");
		if (byte_of(cp) && !in_run && is_gbk_misread(s + i, len - i))
			return N_("looks like GBK or another encoding that was read as Latin-1");
		in_run = byte_of(cp) != 0;
	}
	return garbled_chinese(s, len);
}

/* --- formulas --- */

static size_t digits(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && ascii_digit(s[n]))
		n++;
	return n;
}

/* -12, +3.5, -1.5e-7, +8613800138000: a sign, digits, perhaps a fraction and an exponent. */
static bool is_number(const char *s, size_t len)
{
	size_t i = 1, n = digits(s + i, len - i);

	if (n == 0)
		return false;
	i += n;
	if (i < len && s[i] == '.')
		i += 1 + digits(s + i + 1, len - i - 1);
	if (i < len && ascii_lower(s[i]) == 'e') {
		i += i + 1 < len && (s[i + 1] == '+' || s[i + 1] == '-') ? 2 : 1;
		n = digits(s + i, len - i);
		i = n ? i + n : 0;
	}
	return i == len;
}

bool lint_is_formula(const char *s, size_t len)
{
	if (len == 0)
		return false;
	switch (s[0]) {
	case '=':
	case '@':
	case '\t':
	case '\r':
		return true;
	case '+':
	case '-': {
		size_t run = 0;

		while (run < len && s[run] == s[0])
			run++;
		return run < len && !is_number(s, len); /* a lone dash, or a line of them, stands for nothing */
	}
	default:
		return false;
	}
}

/* --- addresses of functions --- */

bool lint_is_role(const char *address, size_t len)
{
	static const char *const names[] = { "abuse", "accounting", "accounts", "admin", "administrator", "billing",
		"contact", "customerservice", "do-not-reply", "donotreply", "enquiries", "feedback", "finance", "hello",
		"help", "helpdesk", "hostmaster", "hr", "info", "inquiries", "invoice", "jobs", "kefu", "mail",
		"mailer-daemon", "marketing", "newsletter", "no-reply", "no_reply", "noreply", "office", "orders",
		"postmaster", "press", "privacy", "purchasing", "reception", "root", "sales", "security", "service",
		"shop", "spam", "support", "team", "webmaster" };
	const char *at = memrchr(address, '@', len), *tag;
	size_t local = at ? (size_t)(at - address) : 0;

	tag = memchr(address, '+', local);
	if (tag)
		local = (size_t)(tag - address);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i]) == local && memcmp(names[i], address, local) == 0)
			return true;
	return false;
}

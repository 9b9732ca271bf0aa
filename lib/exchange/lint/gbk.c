#include "exchange/lint/gbk.h"
#include "text/text.h"
#include <iconv.h>

enum {
	LEAD_FIRST = 0xe4, /* of Han characters in UTF-8 */
	LEAD_LAST = 0xe9,
	NEXT_FIRST = 0x80,
	NEXT_LAST = 0xbf,
	PAIRS_MAX = (LEAD_LAST - LEAD_FIRST + 1) * (NEXT_LAST - NEXT_FIRST + 1),
	UTF8_MAX = 4
};

static void mark(uint64_t *bits, const char *s, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t cp = 0;

		n = utf8_decode(s + i, len - i, &cp);
		if (n == 0)
			break;
		if (cp < 0x10000)
			bits[cp / 64] |= UINT64_C(1) << cp % 64;
	}
}

static void mark_pairs(uint64_t *bits, iconv_t cd, int from, int to, int next_from, int next_to)
{
	char pairs[PAIRS_MAX * 2], text[PAIRS_MAX * UTF8_MAX], *in = pairs, *out = text;
	size_t n = 0, room = sizeof(text);

	for (int lead = from; lead <= to; lead++)
		for (int next = next_from; next <= next_to; next++) {
			pairs[n++] = (char)(unsigned char)lead;
			pairs[n++] = (char)(unsigned char)next;
		}
	iconv(cd, NULL, NULL, NULL, NULL);
	iconv(cd, &in, &n, &out, &room); /* what it does not take is not looked for */
	mark(bits, text, sizeof(text) - room);
}

void lint_gbk_init(struct lint_gbk *g)
{
	iconv_t cd = iconv_open("UTF-8", "GB18030");

	*g = (struct lint_gbk){ 0 };
	if (cd == (iconv_t)-1)
		return;
	mark_pairs(g->first, cd, LEAD_FIRST, LEAD_LAST, NEXT_FIRST, NEXT_LAST);
	mark_pairs(g->second, cd, NEXT_FIRST + 1, NEXT_LAST, LEAD_FIRST, LEAD_LAST); /* 80 begins no pair */
	iconv_close(cd);
}

static bool has(const uint64_t *bits, uint32_t cp)
{
	return cp < 0x10000 && bits[cp / 64] >> cp % 64 & 1;
}

bool lint_gbk_misread(const struct lint_gbk *g, const char *s, size_t len)
{
	bool begun = false; /* the character before is one of the first */

	for (size_t i = 0, n; i < len; i += n) {
		uint32_t cp = 0;

		n = utf8_decode(s + i, len - i, &cp);
		if (n == 0)
			break;
		if (begun && has(g->second, cp))
			return true;
		begun = has(g->first, cp);
	}
	return false;
}

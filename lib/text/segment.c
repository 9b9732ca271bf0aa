#include "text/segment.h"

#include "text/text.h"
#include <utf8proc.h>

enum piece {
	SEPARATES,
	VANISHES,
	LETTER, /* of a run, digits and marks too */
	WORD    /* by itself */
};

enum {
	VOICED = 0x3099, /* marks of kana */
	HALF_VOICED = 0x309a
};

/* Accents and their like: the blocks of combining diacritical marks. */
static bool is_accent(int32_t cp)
{
	return (cp >= 0x300 && cp <= 0x36f) || (cp >= 0x1ab0 && cp <= 0x1aff) || (cp >= 0x1dc0 && cp <= 0x1dff) ||
	       (cp >= 0x20d0 && cp <= 0x20ff) || (cp >= 0xfe20 && cp <= 0xfe2f);
}

/* Scripts other than those of CJK that are written without blanks: Thai, Lao, Myanmar, Khmer. */
static bool is_unspaced(int32_t cp)
{
	return (cp >= 0xe00 && cp <= 0xeff) || (cp >= 0x1000 && cp <= 0x109f) || (cp >= 0x1780 && cp <= 0x17ff) ||
	       (cp >= 0xa9e0 && cp <= 0xa9ff) || (cp >= 0xaa60 && cp <= 0xaa7f);
}

static bool is_alnum(char c)
{
	return ascii_alpha(c) || ascii_digit(c);
}

static enum piece piece_of(int32_t cp)
{
	if (cp < 0x80)
		return is_alnum((char)cp) ? LETTER : SEPARATES;
	if (is_accent(cp) || cp == VOICED || cp == HALF_VOICED)
		return VANISHES;
	switch (text_kind((uint32_t)cp)) {
	case TEXT_LETTER:
	case TEXT_MARK:
	case TEXT_DIGIT:
	case TEXT_NUMBER:
		return is_unspaced(cp) || utf8_is_cjk((uint32_t)cp) ? WORD : LETTER;
	default:
		return SEPARATES;
	}
}

/* --- what nearly all text consists of, told by its bytes; all of it has three --- */

/* U+4E00 to U+9FFF */
static bool is_han(const unsigned char *s, size_t len)
{
	return len >= 3 && s[0] >= 0xe4 && s[0] <= 0xe9 && (s[0] > 0xe4 || s[1] >= 0xb8) && (s[1] & 0xc0) == 0x80 &&
	       (s[2] & 0xc0) == 0x80;
}

/* Dashes and quotation marks, the marks of Chinese sentences but numerals among them, full-width marks before the digits. */
static bool is_mark(const unsigned char *s, size_t len)
{
	if (len < 3)
		return false;
	if (s[0] == 0xe3 && s[1] == 0x80) /* U+3000 to U+3004, U+3008 to U+3020 */
		return (s[2] >= 0x80 && s[2] <= 0x84) || (s[2] >= 0x88 && s[2] <= 0xa0);
	if (s[0] == 0xef && s[1] == 0xbc) /* U+FF01 to U+FF0F, U+FF1A to U+FF20 */
		return (s[2] >= 0x81 && s[2] <= 0x8f) || (s[2] >= 0x9a && s[2] <= 0xa0);
	return s[0] == 0xe2 && s[1] == 0x80 && s[2] >= 0x90 && s[2] <= 0xa7; /* U+2010 to U+2027 */
}

/* --- all else --- */

/* The folded form of a character in its parts, their number. */
static int fold(int32_t *out, uint32_t cp)
{
	const int options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	utf8proc_ssize_t n;
	int boundary = 0;

	out[0] = cp < 0x80 ? ascii_lower((char)cp) : (int32_t)cp;
	if (cp < 0x80 || (cp >= 0x4e00 && cp <= 0x9fff) || (cp >= 0xac00 && cp <= 0xd7a3))
		return 1;
	n = utf8proc_decompose_char((int32_t)cp, out, SEGMENT_PARTS_MAX, (utf8proc_option_t)options, &boundary);
	return n < 0 ? 0 : (int)n;
}

/* Whether there is a part of a character at hand: that of the next one where none is left. */
static bool fill(struct segmenter *g)
{
	while (g->at == g->n && g->pos < g->text_len) {
		uint32_t cp = ' ';
		size_t bytes = utf8_decode(g->text + g->pos, g->text_len - g->pos, &cp);

		g->from = g->pos;
		g->to = g->pos += bytes ? bytes : 1;
		g->at = 0;
		g->n = fold(g->rest, cp);
	}
	return g->at < g->n;
}

/* Kana with its voicing, a syllable of its jamo; 0 where the two do not join. */
static int32_t join(int32_t first, int32_t second)
{
	int32_t two[2] = { first, second };

	if (second != VOICED && second != HALF_VOICED && (second < 0x1161 || second > 0x11c2))
		return 0;
	return utf8proc_normalize_utf32(two, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE) == 1 ? two[0] : 0;
}

static size_t put(char *out, int32_t cp)
{
	return (size_t)utf8proc_encode_char(cp, (utf8proc_uint8_t *)out);
}

/* Takes a word that is one character. */
static void take_word(struct segmenter *g)
{
	int32_t cp = g->rest[g->at++], joined;
	size_t end = g->to;

	g->start = g->from;
	for (; fill(g); g->at++, end = g->to) {
		joined = join(cp, g->rest[g->at]);
		if (!joined && piece_of(g->rest[g->at]) != VANISHES)
			break;
		if (joined)
			cp = joined;
	}
	g->len = end - g->start;
	g->word = g->fold;
	g->word_len = put(g->fold, cp);
}

/* Takes the rest of a run of which n bytes are in fold, and which ends before `end` so far. */
static void take_run(struct segmenter *g, size_t n, size_t end)
{
	for (; fill(g); g->at++, end = g->to) {
		enum piece piece = piece_of(g->rest[g->at]);
		char bytes[4];
		size_t more;

		if (piece == VANISHES)
			continue;
		more = piece == LETTER ? put(bytes, g->rest[g->at]) : 0;
		if (more == 0 || n + more > sizeof(g->fold))
			break;
		memcpy(g->fold + n, bytes, more);
		n += more;
	}
	g->len = end - g->start;
	g->word = g->fold;
	g->word_len = n;
}

/* A run that begins in ASCII, where most of them end. */
static void take_ascii(struct segmenter *g)
{
	const char *s = g->text + g->pos;
	size_t len = g->text_len - g->pos, n = 0;
	bool capitals = false;

	for (; n < len && n < sizeof(g->fold) && is_alnum(s[n]); n++)
		capitals |= s[n] <= 'Z' && s[n] >= 'A';
	g->start = g->pos;
	g->pos += n;
	g->len = g->word_len = n;
	g->word = s;
	if (!capitals && (n == len || ascii_text(s[n])))
		return;
	for (size_t i = 0; i < n; i++)
		g->fold[i] = ascii_lower(s[i]);
	g->word = g->fold;
	if (n == len || ascii_text(s[n]) || is_han((const unsigned char *)s + n, len - n) ||
		is_mark((const unsigned char *)s + n, len - n))
		return;
	take_run(g, n, g->pos);
}

void segment_begin(struct segmenter *g, const char *text, size_t len)
{
	g->text = text;
	g->text_len = len;
	g->pos = 0;
	g->n = g->at = 0;
}

/* Skips what separates, as far as it is told by its bytes, and takes the word of Han or ASCII behind it. */
static bool take_plain(struct segmenter *g)
{
	while (g->pos < g->text_len) {
		const unsigned char *s = (const unsigned char *)g->text + g->pos;
		size_t len = g->text_len - g->pos;

		if (is_han(s, len)) {
			g->start = g->pos;
			g->len = g->word_len = 3;
			g->word = (const char *)s;
			g->pos += 3;
			return true;
		}
		if (*s < 0x80 && is_alnum((char)*s)) {
			take_ascii(g);
			return true;
		}
		if (*s >= 0x80 && !is_mark(s, len))
			return false;
		g->pos += *s < 0x80 ? 1 : 3;
	}
	return false;
}

bool segment_next(struct segmenter *g)
{
	for (;;) {
		if (g->at == g->n && take_plain(g))
			return true;
		if (!fill(g))
			return false;
		switch (piece_of(g->rest[g->at])) {
		case WORD:
			take_word(g);
			return true;
		case LETTER:
			g->start = g->from;
			take_run(g, 0, g->to);
			return true;
		default:
			g->at++;
		}
	}
}

int text_words(struct buf *out, const char *s, size_t len)
{
	struct segmenter g;
	bool first = true;

	segment_begin(&g, s, len);
	while (segment_next(&g)) {
		char *d;

		if (!buf_reserve(out, g.word_len + 1))
			return CRM_NOMEM;
		d = out->s + out->len;
		if (!first)
			*d++ = ' ';
		first = false;
		memcpy(d, g.word, g.word_len);
		out->len = (size_t)(d - out->s) + g.word_len;
		out->s[out->len] = '\0';
	}
	return out->failed ? CRM_NOMEM : CRM_OK;
}

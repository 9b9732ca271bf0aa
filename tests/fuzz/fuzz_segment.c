/*
 * Any bytes as text. What must hold: words are within the text, in order; what is before, between and behind them has no
 * letter or digit of ASCII; a word is not empty, has no blank and is its own word; two texts side by side have the words
 * of both, and words already folded stay as they are.
 */
#include "text/segment.h"
#include "text/text.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_between(const char *s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		assert(!ascii_alpha(s[i]) && !ascii_digit(s[i]));
}

static void check_word(const struct segmenter *g)
{
	struct segmenter alone;

	assert(g->word_len > 0 && g->word_len <= SEGMENT_WORD_MAX && utf8_valid(g->word, g->word_len, NULL));
	segment_begin(&alone, g->word, g->word_len);
	assert(segment_next(&alone) && alone.word_len == g->word_len && alone.start == 0 && alone.len == g->word_len);
	assert(memcmp(alone.word, g->word, g->word_len) == 0 && !segment_next(&alone));
}

static void check_offsets(const char *s, size_t len)
{
	size_t start = 0, end = 0;
	struct segmenter g;

	segment_begin(&g, s, len);
	while (segment_next(&g)) {
		/* words of one character overlap in it */
		assert(g.start >= end || (g.start >= start && g.start + g.len >= end));
		assert(g.len > 0 && g.start + g.len <= len);
		check_between(s, end, g.start);
		check_word(&g);
		start = g.start;
		end = g.start + g.len;
	}
	check_between(s, end, len);
}

static void words(struct buf *out, const char *s, size_t len)
{
	struct buf b = BUF_INIT;

	assert(text_words(&b, s, len) == CRM_OK);
	if (b.len > 0 && out->len > 0)
		buf_putc(out, ' ');
	buf_add(out, b.s ? b.s : "", b.len);
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	struct buf together = BUF_INIT, apart = BUF_INIT, again = BUF_INIT, text = BUF_INIT;
	size_t half = size / 2;

	check_offsets(s, size);
	words(&apart, s, half);
	words(&apart, s + half, size - half);
	buf_add(&text, s, half);
	buf_putc(&text, ' ');
	buf_add(&text, s + half, size - half);
	words(&together, text.s, text.len);
	assert(strcmp(buf_str(&together), buf_str(&apart)) == 0);
	words(&again, buf_str(&together), together.len);
	assert(strcmp(buf_str(&together), buf_str(&again)) == 0);
	buf_free(&together), buf_free(&apart), buf_free(&again), buf_free(&text);
	return 0;
}

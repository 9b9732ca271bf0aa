/* Encoded words in headers (RFC 2047). */
#include "helpers/mail.h"

#include <gmime/gmime.h>
#include <string.h>

/* One `=?charset?B?text?=`. */
struct word {
	struct text charset, text;
	char encoding; /* 'b' or 'q' */
	size_t len;    /* of all of it */
};

/* Some programs leave blanks within, which the standard forbids. */
static bool word_read(struct word *w, const char *s, size_t len)
{
	const char *end = s + len, *mark, *star;

	if (len < 2 || memcmp(s, "=?", 2) != 0)
		return false;
	mark = memchr(s + 2, '?', len - 2);
	if (!mark || mark == s + 2 || end - mark < 3 || mark[2] != '?' || !strchr("bBqQ", mark[1]) || !mark[1])
		return false;
	w->charset = (struct text){ s + 2, (size_t)(mark - s) - 2 };
	/* a language may follow the character set (RFC 2231) */
	star = memchr(w->charset.s, '*', w->charset.len);
	if (star)
		w->charset.len = (size_t)(star - w->charset.s);
	w->encoding = (char)(mark[1] | 0x20);
	w->text.s = mark + 3;
	mark = memchr(w->text.s, '?', (size_t)(end - w->text.s));
	if (!mark || end - mark < 2 || mark[1] != '=')
		return false;
	w->text.len = (size_t)(mark - w->text.s);
	w->len = (size_t)(mark - s) + 2;
	return true;
}

static bool same_kind(const struct word *a, const struct word *b)
{
	return a->encoding == b->encoding && a->charset.len == b->charset.len &&
	       g_ascii_strncasecmp(a->charset.s, b->charset.s, a->charset.len) == 0;
}

static int hex(char c)
{
	return g_ascii_xdigit_value(c);
}

static void add_q(struct strbuf *bytes, struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		char c = t.s[i] == '_' ? ' ' : t.s[i];

		if (c == '=' && i + 2 < t.len && hex(t.s[i + 1]) >= 0 && hex(t.s[i + 2]) >= 0) {
			c = (char)(hex(t.s[i + 1]) << 4 | hex(t.s[i + 2]));
			i += 2;
		}
		strbuf_add(bytes, &c, 1);
	}
}

static void add_b(struct strbuf *bytes, struct text t)
{
	GMimeEncoding state;

	g_mime_encoding_init_decode(&state, GMIME_CONTENT_ENCODING_BASE64);
	if (!strbuf_reserve(bytes, g_mime_encoding_outlen(&state, t.len)))
		return;
	bytes->len += g_mime_encoding_flush(&state, t.s, t.len, bytes->s + bytes->len);
}

static size_t blanks(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && (s[n] == ' ' || s[n] == '\t'))
		n++;
	return n;
}

/*
 * Decodes the words that begin at `s`, `first` being the one there. A character may be parted between two words of a kind
 * (not allowed, but done), so their bytes are joined. Returns the bytes used, blanks between words included.
 */
static size_t add_words(struct strbuf *out, struct word first, const char *s, size_t len, uint64_t *bad)
{
	cleanup(strbuf_freep) struct strbuf bytes = { 0 };
	cleanup(freep) char *charset = need(strndup(first.charset.s, first.charset.len));
	struct word w = first;
	size_t used = 0;

	for (;;) {
		if (w.encoding == 'q')
			add_q(&bytes, w.text);
		else
			add_b(&bytes, w.text);
		used += w.len;
		size_t gap = blanks(s + used, len - used);
		if (!word_read(&w, s + used + gap, len - used - gap))
			break;
		used += gap;
		if (!same_kind(&w, &first))
			break;
	}
	need(bytes.failed ? NULL : out);
	*bad += charset_decode(out, charset, bytes.s ? bytes.s : "", bytes.len, NULL);
	return used;
}

uint64_t word_decode(struct strbuf *out, const char *s, size_t len)
{
	uint64_t bad = 0;
	size_t done = 0, i = 0;

	while (i < len) {
		const char *mark = memmem(s + i, len - i, "=?", 2);
		struct word w;

		i = mark ? (size_t)(mark - s) : len;
		bool word = mark && word_read(&w, s + i, len - i);
		if (mark && !word) {
			i += 2;
			continue;
		}
		bad += charset_decode(out, NULL, s + done, i - done, NULL);
		if (word)
			i += add_words(out, w, s + i, len - i, &bad);
		done = i;
	}
	return bad;
}

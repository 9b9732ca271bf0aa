#include "text/text.h"

#include <stdio.h>

/* Characters that change how others are shown, or are not seen at all; joiners are looked at by themselves. */
static bool is_hidden(uint32_t cp)
{
	return (cp >= 0x80 && cp <= 0x9f) || cp == 0x061c || cp == 0x200b || cp == 0x200e || cp == 0x200f ||
	       (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x2069) || cp == 0xfeff ||
	       (cp >= 0xfff9 && cp <= 0xfffb) || (cp >= 0xe0000 && cp <= 0xe007f);
}

static bool is_joiner(uint32_t cp)
{
	return cp == 0x200c || cp == 0x200d;
}

/* Letters with their marks, and emoji: what joiners are made for. */
static bool joinable(uint32_t cp)
{
	switch (text_kind(cp)) {
	case TEXT_LETTER:
	case TEXT_MARK:
	case TEXT_SYMBOL:
		return true;
	default:
		/* Skin tones and the arrow of a shaken head are symbols of other kinds. */
		return (cp >= 0x1f3fb && cp <= 0x1f3ff) || cp == 0x2194;
	}
}

static bool joins(const char *s, size_t len, size_t at, size_t n)
{
	size_t before = at;
	uint32_t cp;

	do {
		if (!before)
			return false;
		before--;
	} while (at - before < 4 && ((unsigned char)s[before] & 0xc0) == 0x80);
	if (utf8_decode(s + before, len - before, &cp) != at - before || !joinable(cp))
		return false;
	return utf8_decode(s + at + n, len - at - n, &cp) && joinable(cp);
}

/* Bytes from `at` on that are shown as they are. */
static size_t plain_run(const char *s, size_t len, size_t at, crm_escape how)
{
	size_t i = at;

	while (i < len) {
		uint32_t cp;
		size_t n;

		if (s[i] >= ' ' && s[i] <= '~') {
			i++;
			continue;
		}
		n = utf8_decode(s + i, len - i, &cp);
		if (!n || cp == 0x7f || is_hidden(cp) || (is_joiner(cp) && !joins(s, len, i, n)))
			break;
		if (cp < ' ' && (how != CRM_ESCAPE_KEEP_LINES || (cp != '\n' && cp != '\t')))
			break;
		i += n;
	}
	return i - at;
}

/* The visible form of the character at s, of `*used` bytes; at most 10 bytes long. */
static size_t visible(char out[16], const char *s, size_t len, size_t *used)
{
	uint32_t cp;
	int n;

	*used = utf8_decode(s, len, &cp);
	if (*used <= 1) {
		unsigned char byte = (unsigned char)*s;

		*used = 1;
		if (byte == '\n' || byte == '\t')
			n = snprintf(out, 16, "\\%c", byte == '\n' ? 'n' : 't');
		else
			n = snprintf(out, 16, "\\x%02x", byte);
	} else {
		n = snprintf(out, 16, cp > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned int)cp);
	}
	return (size_t)n;
}

struct target {
	char *s;
	size_t room; /* without the NUL */
	size_t written, total;
	bool full;
};

/* Adds n bytes, or as many whole characters of them as fit when `divisible`. */
static void put(struct target *t, const char *s, size_t n, bool divisible)
{
	size_t fit = n;

	t->total += n;
	if (t->full)
		return;
	if (n > t->room - t->written) {
		t->full = true;
		fit = divisible ? t->room - t->written : 0;
		while (fit && ((unsigned char)s[fit] & 0xc0) == 0x80)
			fit--;
	}
	if (fit)
		memcpy(t->s + t->written, s, fit);
	t->written += fit;
}

size_t crm_text_escape(char *dst, size_t cap, const char *s, size_t len, crm_escape how)
{
	struct target t = { .s = dst, .room = cap ? cap - 1 : 0, .full = !cap };
	char shown[16];

	for (size_t i = 0; i < len;) {
		size_t n = plain_run(s, len, i, how), used;

		put(&t, s + i, n, true);
		i += n;
		if (i == len)
			break;
		n = visible(shown, s + i, len - i, &used);
		put(&t, shown, n, false);
		i += used;
	}
	if (cap)
		dst[t.written] = '\0';
	return t.total;
}

bool crm_text_is_plain(const char *s, size_t len, crm_escape how)
{
	return plain_run(s, len, 0, how) == len;
}

/* Bytes in any character set to UTF-8. Nothing is dropped: what does not decode is U+FFFD, and counted. */
#include "helpers/mail.h"

#include <errno.h>
#include <glib.h>
#include <iconv.h>
#include <string.h>

static const char replacement[] = "\xef\xbf\xbd";

/* The set that was used last: a mailbox has few. */
static struct {
	char *name;
	iconv_t cd;
} cached;

/*
 * What programs write under these names is more than they stand for; the supersets are those of the WHATWG Encoding
 * Standard.
 */
static const char *const supersets[][2] = {
	{ "gb2312", "GB18030" },
	{ "gb_2312-80", "GB18030" },
	{ "x-gbk", "GB18030" },
	{ "gbk", "GB18030" },
	{ "cp936", "GB18030" },
	{ "iso-8859-1", "CP1252" },
	{ "latin1", "CP1252" },
	{ "iso-8859-9", "CP1254" },
	{ "ks_c_5601-1987", "UHC" },
	{ "euc-kr", "UHC" },
	{ "shift_jis", "CP932" },
	{ "big5", "BIG5-HKSCS" },
};

static bool same(const char *a, const char *b)
{
	return g_ascii_strcasecmp(a, b) == 0;
}

uint64_t utf8_add(struct strbuf *out, const char *s, size_t len)
{
	uint64_t bad = 0;

	while (len) {
		const char *end;

		if (g_utf8_validate_len(s, len, &end)) {
			strbuf_add(out, s, len);
			return bad;
		}
		strbuf_add(out, s, (size_t)(end - s));
		strbuf_add(out, replacement, 3);
		bad++;
		end++;
		len -= (size_t)(end - s);
		s = end;
	}
	return bad;
}

void charset_close(void)
{
	if (cached.name)
		iconv_close(cached.cd);
	g_free(cached.name);
	cached.name = NULL;
}

/* iconv() takes options behind a slash, and a name comes from the message. */
static bool is_name(const char *s)
{
	for (; *s; s++)
		if (!g_ascii_isalnum(*s) && !strchr("-_.:+", *s))
			return false;
	return true;
}

static bool open_charset(const char *name)
{
	if (cached.name && strcmp(cached.name, name) == 0) {
		iconv(cached.cd, NULL, NULL, NULL, NULL);
		return true;
	}
	iconv_t cd = is_name(name) ? iconv_open("UTF-8", name) : (iconv_t)-1;
	if (cd == (iconv_t)-1)
		return false;
	charset_close();
	cached.name = g_strdup(name);
	cached.cd = cd;
	return true;
}

/* Bytes of what one unit of the set takes, to go on behind a bad one. */
static size_t unit(const char *name)
{
	if (g_ascii_strncasecmp(name, "utf-16", 6) == 0 || g_ascii_strncasecmp(name, "ucs-2", 5) == 0)
		return 2;
	return g_ascii_strncasecmp(name, "utf-32", 6) == 0 || g_ascii_strncasecmp(name, "ucs-4", 5) == 0 ? 4 : 1;
}

/* By the set that is open. Some decoders hold a character back until they are told that this is the end. */
static uint64_t convert(struct strbuf *out, const char *s, size_t len)
{
	char chunk[4096], *in = (char *)(uintptr_t)s;
	uint64_t bad = 0;
	bool flushed = false;

	while (!flushed) {
		char *to = chunk;
		size_t room = sizeof(chunk);
		int error = 0;

		flushed = len == 0;
		if (iconv(cached.cd, flushed ? NULL : &in, flushed ? NULL : &len, &to, &room) == (size_t)-1)
			error = errno;
		bad += utf8_add(out, chunk, (size_t)(to - chunk));
		if (!error || error == E2BIG || flushed)
			continue;
		size_t n = error == EINVAL ? len : unit(cached.name);
		n = n < len ? n : len;
		for (size_t i = 0; i < n; i++)
			strbuf_add(out, replacement, 3);
		bad += n;
		in += n;
		len -= n;
	}
	return bad;
}

/* Unlabelled: UTF-8 if it is; else GB18030 if it is that without fault. */
static uint64_t guess(struct strbuf *out, const char *s, size_t len)
{
	size_t start = out->len;

	if (g_utf8_validate_len(s, len, NULL) || memchr(s, 0, len) || !open_charset("GB18030"))
		return utf8_add(out, s, len);
	if (convert(out, s, len) == 0)
		return 0;
	strbuf_truncate(out, start);
	return utf8_add(out, s, len);
}

uint64_t charset_decode(struct strbuf *out, const char *charset, const char *s, size_t len, bool *known)
{
	if (!charset || !*charset || same(charset, "us-ascii") || same(charset, "ascii"))
		return guess(out, s, len);
	if (same(charset, "utf-8") || same(charset, "utf8"))
		return utf8_add(out, s, len);
	for (size_t i = 0; i < sizeof(supersets) / sizeof(supersets[0]); i++)
		if (same(charset, supersets[i][0]))
			charset = supersets[i][1];
	if (open_charset(charset))
		return convert(out, s, len);
	if (known)
		*known = false;
	return guess(out, s, len);
}

size_t text_cut(struct strbuf *text, size_t max)
{
	char marker[64];
	size_t keep, cut;

	if (text->len <= max)
		return 0;
	keep = max - sizeof(marker);
	while (keep && ((unsigned char)text->s[keep] & 0xc0) == 0x80)
		keep--;
	cut = text->len - keep;
	strbuf_truncate(text, keep);
	strbuf_printf(text, "\n[cut: %zu bytes]", cut);
	return cut;
}

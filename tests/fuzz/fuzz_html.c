/*
 * Any bytes as an HTML document. What must hold: the text is never longer than the document; valid UTF-8 stays valid; what
 * stood in the buffer stays and changes nothing; and of text without markup every visible byte is kept.
 */
#include "helpers/html_text.h"
#include "text/text.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_plain(const char *s, size_t len, const struct strbuf *out)
{
	size_t at = 0;

	if (memchr(s, '<', len) || memchr(s, '&', len))
		return;
	for (size_t i = 0; i < len; i++) {
		if (ascii_blank(s[i]))
			continue;
		while (at < out->len && ascii_blank(out->s[at]))
			at++;
		assert(at < out->len && out->s[at] == s[i]);
		at++;
	}
	assert(at == out->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char before[] = "before\n";
	struct strbuf out = { 0 }, again = { 0 };
	const char *s = (const char *)data;

	html_text(&out, s, size);
	assert(!out.failed && out.len <= size);
	if (utf8_valid(s, size, NULL))
		assert(utf8_valid(out.s ? out.s : "", out.len, NULL));
	check_plain(s, size, &out);
	strbuf_puts(&again, before);
	html_text(&again, s, size);
	assert(again.len == out.len + strlen(before) && memcmp(again.s, before, strlen(before)) == 0);
	assert(!out.len || memcmp(again.s + strlen(before), out.s, out.len) == 0);
	strbuf_free(&out);
	strbuf_free(&again);
	return 0;
}

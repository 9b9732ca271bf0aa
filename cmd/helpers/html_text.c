#include "helpers/html_text.h"

#include <string.h>

struct html {
	struct strbuf *out;
	size_t start;        /* what was in `out` before */
	size_t breaks;       /* line ends due before the next text: 1 a line, 2 an empty line */
	bool blank;          /* a blank is due before it */
	bool item;           /* and what marks an item of a list */
	size_t pre;          /* open elements that keep their white space */
	const char *s, *end; /* what is left */
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* --- text --- */

/* What is due before text goes out; at the beginning nothing is. */
static void settle(struct html *h)
{
	bool first = h->out->len == h->start;

	for (size_t i = 0; i < h->breaks && !first; i++)
		strbuf_add(h->out, "\n", 1);
	if (h->blank && !h->breaks && !first)
		strbuf_add(h->out, " ", 1);
	if (h->item)
		strbuf_add(h->out, "- ", 2);
	h->breaks = 0;
	h->blank = h->item = false;
}

static void line_breaks(struct html *h, size_t n)
{
	if (h->breaks < n)
		h->breaks = n;
	h->blank = false;
}

/* A run without tags. A line end within <pre> is one more due, so that those at its end go nowhere. */
static void text(struct html *h, const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = i;

		if (h->pre && s[i] == '\n') {
			h->breaks++;
			i++;
		} else if (is_blank(s[i]) && (!h->pre || s[i] == '\r')) {
			h->blank = h->blank || !h->pre;
			i++;
		} else if (s[i] == '&') {
			struct strbuf c = { 0 };

			n = html_entity(&c, s + i, len - i);
			settle(h);
			if (n && c.len == 2 && memcmp(c.s, "\xc2\xa0", 2) == 0)
				strbuf_add(h->out, " ", 1);
			else
				strbuf_add(h->out, n ? c.s : "&", n ? c.len : 1);
			h->out->failed = h->out->failed || c.failed;
			strbuf_free(&c);
			i += n ? n : 1;
		} else {
			while (n < len && s[n] != '&' && s[n] != '\n' && (h->pre ? s[n] != '\r' : !is_blank(s[n])))
				n++;
			settle(h);
			strbuf_add(h->out, s + i, n - i);
			i = n;
		}
	}
}

/* --- tags --- */

struct tag {
	const char *name;
	size_t len;
	bool closing;
};

static bool is(const struct tag *t, const char *name)
{
	size_t i = 0;

	for (; i < t->len && name[i] && name[i] == lower(t->name[i]); i++)
		;
	return i == t->len && !name[i];
}

static bool is_any(const struct tag *t, const char *const *names)
{
	for (; *names; names++)
		if (is(t, *names))
			return true;
	return false;
}

/*
 * Behind the `>` of the tag that begins at `s`; the end when there is none. A quote counts after `=` only, and when it is
 * closed: after a search in vain there is no further one of its kind, so this is done twice at most in a document.
 */
static const char *tag_end(const char *s, const char *end)
{
	bool value = false;

	for (; s < end && *s != '>'; s++) {
		if (value && (*s == '"' || *s == '\'')) {
			const char *close = memchr(s + 1, *s, (size_t)(end - s) - 1);

			if (close)
				s = close;
		}
		value = *s == '=' || (value && is_blank(*s));
	}
	return s < end ? s + 1 : end;
}

/* `<!-- … -->`; without an end it goes to the next `>`, and so do all comments after it. */
static const char *comment_end(const char *s, const char *end)
{
	const char *close = memmem(s + 2, (size_t)(end - s) - 2, "-->", 3);

	if (close)
		return close + 3;
	close = memchr(s, '>', (size_t)(end - s));
	return close ? close + 1 : end;
}

/* Behind the end tag of an element whose content is no markup. */
static const char *raw_end(const char *s, const char *end, const struct tag *open)
{
	while ((s = memmem(s, (size_t)(end - s), "</", 2))) {
		struct tag t = { .name = s + 2, .len = open->len };
		size_t i = 0;

		s += 2;
		if ((size_t)(end - s) < open->len)
			break;
		for (; i < t.len && lower(t.name[i]) == lower(open->name[i]); i++)
			;
		if (i == t.len && (s + i == end || is_blank(s[i]) || s[i] == '>' || s[i] == '/'))
			return tag_end(s, end);
	}
	return end;
}

static void element(struct html *h, const struct tag *t)
{
	static const char *const paragraphs[] = { "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table",
		"blockquote", "pre", "hr", "form", "fieldset", "figure", NULL };
	static const char *const blocks[] = { "div", "li", "tr", "dt", "dd", "address", "article", "aside", "body",
		"caption", "center", "details", "footer", "header", "legend", "main", "nav", "option", "section",
		"summary", "tbody", "tfoot", "thead", "textarea", NULL };
	static const char *const cells[] = { "td", "th", NULL };

	if (is(t, "br")) {
		h->breaks++;
		h->blank = false;
	} else if (is_any(t, paragraphs)) {
		line_breaks(h, 2);
	} else if (is_any(t, blocks)) {
		line_breaks(h, 1);
	} else if (is_any(t, cells) && t->closing) {
		h->blank = true;
	}
	if (is(t, "li"))
		h->item = !t->closing;
	if (is(t, "pre") || is(t, "textarea")) {
		h->pre = t->closing ? h->pre - (h->pre > 0) : h->pre + 1;
		/* the line end right behind the tag is not part of the text */
		if (!t->closing && h->s < h->end && *h->s == '\r')
			h->s++;
		if (!t->closing && h->s < h->end && *h->s == '\n')
			h->s++;
	}
}

/* What begins at a `<`; false when that stands for itself. */
static bool markup(struct html *h, bool *no_comments)
{
	static const char *const dropped[] = { "script", "style", "title", NULL };
	struct tag t = { .name = h->s + 1 };
	size_t left = (size_t)(h->end - h->s);

	if (left > 3 && memcmp(h->s, "<!--", 4) == 0) {
		const char *next = *no_comments ? tag_end(h->s, h->end) : comment_end(h->s, h->end);

		*no_comments = *no_comments || memcmp(next - 3, "-->", 3) != 0;
		h->s = next;
		return true;
	}
	if (left > 1 && (h->s[1] == '!' || h->s[1] == '?')) {
		h->s = tag_end(h->s, h->end);
		return true;
	}
	if (left > 1 && h->s[1] == '/') {
		t.closing = true;
		t.name++;
	}
	if (t.name >= h->end || lower(*t.name) < 'a' || lower(*t.name) > 'z')
		return false;
	while (t.name + t.len < h->end && !is_blank(t.name[t.len]) && t.name[t.len] != '>' && t.name[t.len] != '/')
		t.len++;
	h->s = tag_end(t.name + t.len, h->end);
	if (!t.closing && is_any(&t, dropped))
		h->s = raw_end(h->s, h->end, &t);
	else
		element(h, &t);
	return true;
}

void html_text(struct strbuf *out, const char *html, size_t len)
{
	struct html h = { .out = out, .start = out->len, .s = html, .end = html + len };
	bool no_comments = false;

	while (h.s < h.end) {
		const char *tag = *h.s == '<' ? h.s : memchr(h.s, '<', (size_t)(h.end - h.s));

		if (tag == h.s) {
			if (!markup(&h, &no_comments)) {
				text(&h, h.s, 1);
				h.s++;
			}
			continue;
		}
		if (!tag)
			tag = h.end;
		text(&h, h.s, (size_t)(tag - h.s));
		h.s = tag;
	}
}

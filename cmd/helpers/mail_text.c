/* What is kept of a message's content: its text, and a line for each attachment. */
#include "helpers/html_text.h"
#include "helpers/mail_parts.h"

#include <string.h>

enum {
	LISTED_MAX = 64 << 10, /* bytes of lines about attachments */
	NAME_SHOWN = 255
};

enum want {
	PLAIN = 1,
	HTML = 2,
	FILES = 4
};

struct walk {
	const struct place *at;
	struct tree tree;
	struct strbuf text, listed;
	struct strbuf unknown; /* names of character sets that are not known, said once a message */
	uint64_t bad;          /* bytes that did not decode */
	size_t unlisted;       /* attachments beyond LISTED_MAX */
};

/* Line ends become \n; the end of a part has none. */
static void add_lines(struct strbuf *out, const char *s, size_t len)
{
	while (len && (s[len - 1] == '\n' || s[len - 1] == '\r'))
		len--;
	for (size_t i = 0; i < len;) {
		const char *cr = memchr(s + i, '\r', len - i);
		size_t n = cr ? (size_t)(cr - s) - i : len - i;

		strbuf_add(out, s + i, n);
		i += n;
		if (cr) {
			strbuf_puts(out, "\n");
			i += i + 1 < len && s[i + 1] == '\n' ? 2 : 1;
		}
	}
}

static void say_unknown(struct walk *w, const char *charset)
{
	cleanup(strbuf_freep) struct strbuf name = { 0 };

	strbuf_printf(&name, "\n%.40s\n", charset);
	need(name.failed ? NULL : name.s);
	if (w->unknown.s && strstr(w->unknown.s, name.s))
		return;
	strbuf_puts(&w->unknown, name.s);
	place_say(w->at, "the character set '%.40s' is not known: its text is read as UTF-8 or GB18030", charset);
}

/* Text of this message; several stand one below the other. False when there is nothing to see. */
static bool add_text(struct walk *w, const struct node *n)
{
	cleanup(strbuf_freep) struct strbuf bytes = { 0 }, text = { 0 }, plain = { 0 };
	const char *charset = n->type ? g_mime_content_type_get_parameter(n->type, "charset") : NULL;
	struct strbuf *shown = &text;
	bool known = true;

	node_decode(&bytes, n);
	w->bad += charset_decode(&text, charset, bytes.s ? bytes.s : "", bytes.len, &known);
	need(bytes.failed ? NULL : w);
	strbuf_free(&bytes);
	if (!known)
		say_unknown(w, charset);
	if (node_is(n, "text", "html")) {
		html_text(&plain, text.s ? text.s : "", text.len);
		shown = &plain;
	}
	need(text.failed || plain.failed ? NULL : w);
	if (!shown->s || !shown->s[strspn(shown->s, " \t\r\n")])
		return false;
	if (w->text.len)
		strbuf_puts(&w->text, "\n\n");
	add_lines(&w->text, shown->s, shown->len);
	return true;
}

/* A line of its own, whatever the name holds; what has none is called by its type. */
static void list(struct walk *w, const struct node *n)
{
	cleanup(strbuf_freep) struct strbuf raw = { 0 }, name = { 0 };
	size_t shown = 0;

	if (w->listed.len > LISTED_MAX) {
		w->unlisted++;
		return;
	}
	if (n->filename && *n->filename) {
		strbuf_puts(&raw, n->filename);
	} else if (n->type) {
		strbuf_printf(&raw, "%s/%s", g_mime_content_type_get_media_type(n->type),
			g_mime_content_type_get_media_subtype(n->type));
	} else {
		strbuf_puts(&raw, "text/plain");
	}
	need(raw.failed ? NULL : raw.s);
	w->bad += utf8_add(&name, raw.s, raw.len);
	need(name.failed ? NULL : name.s);
	for (; shown < name.len && (shown < NAME_SHOWN || ((unsigned char)name.s[shown] & 0xc0) == 0x80); shown++)
		if ((unsigned char)name.s[shown] < ' ')
			name.s[shown] = ' ';
	strbuf_puts(&w->listed, w->listed.len ? "\n[attachment: " : "[attachment: ");
	strbuf_add(&w->listed, name.s, shown);
	strbuf_printf(&w->listed, ", %zu bytes]", node_decode(NULL, n));
}

/* True when text was found. */
static bool walk(struct walk *w, size_t at, unsigned want);

static bool walk_parts(struct walk *w, size_t at, unsigned want)
{
	bool found = false;

	for (size_t i = at + 1; i < w->tree.v[at].end; i = w->tree.v[i].end)
		found = walk(w, i, want) || found;
	return found;
}

static bool walk(struct walk *w, size_t at, unsigned want)
{
	const struct node *n = &w->tree.v[at];
	/* a message that is a single file has no other text */
	bool file = n->attached || (at > 0 && n->filename && *n->filename);
	bool found = false;

	if (n->end > at + 1 && !node_is(n, "multipart", "alternative"))
		return walk_parts(w, at, want);
	if (n->end > at + 1) {
		if (want & PLAIN)
			found = walk_parts(w, at, PLAIN);
		if (!found && want & HTML)
			found = walk_parts(w, at, HTML);
		if (want & FILES)
			walk_parts(w, at, FILES);
		return found;
	}
	if (!file && node_is(n, "text", "plain"))
		return want & PLAIN && add_text(w, n);
	if (!file && node_is(n, "text", "html"))
		return want & HTML && add_text(w, n);
	if (want & FILES)
		list(w, n);
	return false;
}

static void say_limits(const struct walk *w)
{
	if (w->tree.cut)
		place_say(w->at, "headers longer than 1 MiB: the rest of them was not read");
	if (w->tree.deep)
		place_say(w->at, "parts nested more than %d deep: the inner ones are listed, not read", DEPTH_MAX);
	if (w->tree.many)
		place_say(w->at, "more than %d parts: the rest was not read", PARTS_MAX);
}

uint64_t parts_text(struct strbuf *out, const struct place *at, struct text raw)
{
	struct walk w = { .at = at };
	size_t cut;
	uint64_t bad;

	tree_read(&w.tree, raw);
	walk(&w, 0, PLAIN | HTML | FILES);
	say_limits(&w);
	tree_free(&w.tree);
	if (w.unlisted)
		strbuf_printf(&w.listed, "\n[attachments: %zu more]", w.unlisted);
	cut = text_cut(&w.text, FIELD_MAX - w.listed.len - 2);
	if (cut)
		place_say(at, "the text is longer than 1 MiB: %zu bytes were cut", cut);
	strbuf_add(out, w.text.s, w.text.len);
	if (w.text.len && w.listed.len)
		strbuf_puts(out, "\n\n");
	strbuf_add(out, w.listed.s, w.listed.len);
	need(w.text.failed || w.listed.failed || out->failed ? NULL : out);
	bad = w.bad;
	strbuf_free(&w.text);
	strbuf_free(&w.listed);
	strbuf_free(&w.unknown);
	return bad;
}

#include "helpers/mail_parts.h"

#include <string.h>

enum {
	VALUE_MAX = 64 << 10 /* of a header of a part */
};

/* --- headers --- */

static void read_type(struct node *n)
{
	cleanup(strbuf_freep) struct strbuf value = { 0 };

	header_line(&value, &n->part, HEADER_TYPE, VALUE_MAX);
	/* without a subtype it means nothing to anybody: text (RFC 2045, 5.2) */
	if (strchr(value.s, '/'))
		n->type = g_mime_content_type_parse(NULL, value.s);
}

static void read_disposition(struct node *n)
{
	cleanup(strbuf_freep) struct strbuf value = { 0 };
	GMimeContentDisposition *d;

	header_line(&value, &n->part, HEADER_DISPOSITION, VALUE_MAX);
	d = *value.s ? g_mime_content_disposition_parse(NULL, value.s) : NULL;
	if (d) {
		n->attached = g_mime_content_disposition_is_attachment(d);
		n->filename = g_strdup(g_mime_content_disposition_get_parameter(d, "filename"));
		g_object_unref(d);
	}
	if (!n->filename && n->type)
		n->filename = g_strdup(g_mime_content_type_get_parameter(n->type, "name"));
}

static void read_headers(struct node *n, struct text raw)
{
	cleanup(strbuf_freep) struct strbuf value = { 0 };

	*n = (struct node){ 0 };
	part_read(&n->part, raw);
	read_type(n);
	read_disposition(n);
	header_line(&value, &n->part, HEADER_ENCODING, 64);
	n->encoding = g_mime_content_encoding_from_string(value.s);
}

bool node_is(const struct node *n, const char *type, const char *subtype)
{
	if (n->type)
		return g_mime_content_type_is_type(n->type, type, subtype);
	return strcmp(type, "text") == 0 && strcmp(subtype, "plain") == 0;
}

/* --- content --- */

size_t node_decode(struct strbuf *out, const struct node *n)
{
	const char *s = n->part.body.s;
	size_t left = n->part.body.len, total = 0;
	cleanup(strbuf_freep) struct strbuf chunk = { 0 };
	GMimeEncoding state;

	/* what has no encoding, or one that is not known, is itself */
	if (n->encoding != GMIME_CONTENT_ENCODING_BASE64 && n->encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE) {
		if (out)
			strbuf_add(out, s, left);
		return left;
	}
	g_mime_encoding_init_decode(&state, n->encoding);
	while (left) {
		size_t in = left < 65536 ? left : 65536;

		strbuf_truncate(&chunk, 0);
		need(strbuf_reserve(&chunk, g_mime_encoding_outlen(&state, in)) ? &chunk : NULL);
		size_t got = left == in ? g_mime_encoding_flush(&state, s, in, chunk.s)
					: g_mime_encoding_step(&state, s, in, chunk.s);
		if (out)
			strbuf_add(out, chunk.s, got);
		total += got;
		s += in;
		left -= in;
	}
	return total;
}

/* --- parts in parts --- */

/* The next line `--boundary` or, then *last, `--boundary--`; NULL when there is none. *next is behind the line. */
static const char *find_boundary(struct text in, const struct strbuf *mark, const char **next, bool *last)
{
	const char *s = in.s, *end = in.s + in.len;

	while ((s = memmem(s, (size_t)(end - s), mark->s, mark->len))) {
		const char *t = s + mark->len;

		*last = end - t >= 2 && t[0] == '-' && t[1] == '-';
		t += *last ? 2 : 0;
		while (t < end && (*t == ' ' || *t == '\t' || *t == '\r'))
			t++;
		if ((s == in.s || s[-1] == '\n') && (t == end || *t == '\n')) {
			*next = t < end ? t + 1 : end;
			return s;
		}
		s += mark->len;
	}
	return NULL;
}

static void add_part(struct tree *t, struct text raw, size_t depth);

/* Adds the parts of t->v[at]; without any boundary it is plain text, whatever it says. */
static void add_parts(struct tree *t, size_t at, size_t depth)
{
	const char *boundary = g_mime_content_type_get_parameter(t->v[at].type, "boundary"), *s = NULL;
	cleanup(strbuf_freep) struct strbuf mark = { 0 };
	struct text left = t->v[at].part.body;
	const char *end = left.s + left.len, *next;
	bool last = false;

	strbuf_printf(&mark, "--%s", boundary ? boundary : "");
	need(mark.failed ? NULL : mark.s);
	if (boundary && *boundary)
		s = find_boundary(left, &mark, &next, &last);
	if (!s) {
		g_clear_object(&t->v[at].type);
		return;
	}
	while (s && !last && !t->many) {
		struct text part = { .s = next };

		s = find_boundary((struct text){ next, (size_t)(end - next) }, &mark, &next, &last);
		part.len = (size_t)((s ? s : end) - part.s);
		/* the line end before a boundary belongs to that */
		if (s && part.len)
			part.len--;
		if (part.len || s)
			add_part(t, part, depth + 1);
	}
}

static void add_part(struct tree *t, struct text raw, size_t depth)
{
	size_t at = t->n;

	if (at == PARTS_MAX) {
		t->many = true;
		return;
	}
	t->v = need_room(t->v, at, &t->cap, sizeof(*t->v));
	read_headers(&t->v[t->n++], raw);
	t->cut = t->cut || t->v[at].part.cut;
	if (node_is(&t->v[at], "multipart", "*")) {
		if (depth < DEPTH_MAX)
			add_parts(t, at, depth);
		else
			t->deep = true;
	}
	t->v[at].end = t->n;
}

void tree_read(struct tree *t, struct text raw)
{
	*t = (struct tree){ 0 };
	add_part(t, raw, 0);
}

void tree_free(struct tree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		g_clear_object(&t->v[i].type);
		g_free(t->v[i].filename);
	}
	free(t->v);
	*t = (struct tree){ 0 };
}

#include "exchange/vcard/parse.h"

#include "exchange/vcard/split.h"

void vcard_parsed_free(struct vcard_parsed *p)
{
	arena_free(&p->mem);
	buf_free(&p->flat);
	free(p->v);
}

const char *vcard_param(const struct vcard_property *p, const char *name)
{
	for (const struct vcard_param *v = p->params; v; v = v->next)
		if (strcmp(v->name, name) == 0)
			return v->value;
	return NULL;
}

bool vcard_param_is(const struct vcard_property *p, const char *name, const char *word)
{
	for (const struct vcard_param *v = p->params; v; v = v->next)
		if (strcmp(v->name, name) == 0 && vcard_word_is(v->value, strlen(v->value), word))
			return true;
	return false;
}

/* --- lines --- */

/* A header has this word as a whole: good enough to know an encoding. */
static bool header_has(const char *s, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 1; i + n <= len; i++)
		if ((s[i - 1] == ';' || s[i - 1] == '=' || s[i - 1] == ',') && vcard_word_is(s + i, n, word) &&
			(i + n == len || s[i + n] == ';' || s[i + n] == ','))
			return true;
	return false;
}

/* Looks for the line of the version wherever it stands: folding depends on it. */
static bool is_old(const char *s, size_t len)
{
	static const char version[] = "\nVERSION:2.1";
	size_t n = sizeof(version) - 1;

	for (size_t i = 0; i + n - 1 <= len; i++) {
		const char *nl;

		if (vcard_word_is(s + i, n - 1, version + 1))
			return true;
		nl = memchr(s + i, '\n', len - i);
		if (!nl)
			break;
		i = (size_t)(nl - s);
	}
	return false;
}

/* The logical line that is being put together. */
struct logical {
	size_t start; /* in p->flat */
	bool headed;  /* its colon is there, so its encoding is known */
	bool quoted_printable, base64;
};

/* Looks for the colon in what was added last; a line is looked at once, however often it is folded. */
static void look_at_header(struct logical *l, const struct buf *flat, size_t added)
{
	const char *s, *colon;

	if (l->headed || added == 0)
		return;
	colon = memchr(flat->s + flat->len - added, ':', added);
	if (!colon)
		return;
	s = flat->s + l->start;
	l->headed = true;
	l->quoted_printable = header_has(s, (size_t)(colon - s), "QUOTED-PRINTABLE");
	l->base64 = header_has(s, (size_t)(colon - s), "BASE64") || header_has(s, (size_t)(colon - s), "B");
}

/*
 * True when the line continues the logical line before it; *skip bytes at its beginning are no text. In 2.1 the
 * blank that begins a continuation is text. A base64 value may go on without one.
 */
static bool continues(struct vcard_parsed *p, const struct logical *l, const char *s, size_t len, size_t *skip)
{
	*skip = 0;
	if (p->n == 0)
		return false;
	if (l->quoted_printable && p->flat.s[p->flat.len - 1] == '=') {
		buf_truncate(&p->flat, p->flat.len - 1);
		return true;
	}
	if (len > 0 && (*s == ' ' || *s == '\t')) {
		*skip = !p->old || l->base64;
		return true;
	}
	return l->base64 && !memchr(s, ':', len);
}

/* --- one property --- */

static int fault_at(struct buf *fault, size_t line, const char *what)
{
	buf_say(fault, "line %zu: %s", line, crm_tr(what));
	return fault->failed ? CRM_NOMEM : VCARD_FAULT;
}

static bool is_name_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '-' || c == '_';
}

static const char *capitals(struct arena *mem, const char *s, size_t len)
{
	char *copy = arena_copy(mem, s, len);

	for (size_t i = 0; copy && i < len; i++)
		if (copy[i] >= 'a' && copy[i] <= 'z')
			copy[i] = (char)(copy[i] - 'a' + 'A');
	return copy;
}

/* The name of a property, perhaps with its group before it, `item1.TEL`. */
static size_t parse_name(struct vcard_parsed *p, struct vcard_property *prop, const char *s)
{
	size_t at = 0, dot = 0;

	while (is_name_char(s[at]) || (s[at] == '.' && at > 0 && !dot)) {
		if (s[at] == '.')
			dot = at;
		at++;
	}
	prop->group = capitals(&p->mem, s, dot);
	dot += dot > 0;
	if (at == dot || at - dot > VCARD_NAME_MAX)
		return 0;
	prop->name = capitals(&p->mem, s + dot, at - dot);
	return at;
}

/* The name that a word without one has in 2.1, as in TEL;WORK;VOICE. */
static const char *bare_name(const char *s, size_t len)
{
	static const char *const encodings[] = { "QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT" };

	for (size_t i = 0; i < ARRAY_SIZE(encodings); i++)
		if (vcard_word_is(s, len, encodings[i]))
			return "ENCODING";
	return "TYPE";
}

/*
 * Reads one value of a parameter, up to an unquoted comma, semicolon or colon; ^n, ^' and ^^ are those of RFC 6868.
 * Returns what stands behind it, or NULL when a quote is not closed.
 */
static const char *parse_param_value(struct buf *out, const char *s)
{
	bool quoted = false;

	buf_clear(out);
	for (; *s && (quoted || !strchr(",;:", *s)); s++) {
		if (*s == '"') {
			quoted = !quoted;
		} else if (*s == '^' && (s[1] == 'n' || s[1] == '\'' || s[1] == '^')) {
			s++;
			buf_putc(out, *s == 'n' ? '\n' : *s == '\'' ? '"' : '^');
		} else {
			buf_putc(out, *s);
		}
	}
	return quoted ? NULL : s;
}

struct params {
	const struct vcard_param **end; /* where the next one is linked */
	struct buf value;
};

static int add_param(struct vcard_parsed *p, struct params *list, const char *name)
{
	struct vcard_param *param = arena_alloc(&p->mem, sizeof(*param));

	if (!param || list->value.failed)
		return CRM_NOMEM;
	param->name = name;
	param->value = arena_copy(&p->mem, list->value.len ? list->value.s : "", list->value.len);
	*list->end = param;
	list->end = &param->next;
	return p->mem.failed ? CRM_NOMEM : 0;
}

/* One parameter behind its semicolon: NAME=VALUE,VALUE or a bare word. */
static int parse_param(struct vcard_parsed *p, struct params *list, const char **at)
{
	const char *s = *at, *name = NULL;
	size_t n = 0;
	int rc = 0;

	while (is_name_char(s[n]))
		n++;
	if (s[n] == '=') {
		name = capitals(&p->mem, s, n);
		s += n + 1;
	}
	for (;; s++) {
		s = parse_param_value(&list->value, s);
		if (!s)
			return VCARD_FAULT;
		if (!name)
			rc = list->value.len ? add_param(p, list, bare_name(list->value.s, list->value.len)) : 0;
		else
			rc = add_param(p, list, name);
		if (rc || *s != ',')
			break;
	}
	*at = s;
	return rc;
}

static int parse_property(
	struct vcard_parsed *p, struct vcard_property *prop, const char *s, size_t len, struct buf *fault)
{
	struct params list = { .end = &prop->params, .value = BUF_INIT };
	const char *at = s;
	size_t n = parse_name(p, prop, s);
	int rc = 0;

	if (n == 0 || !strchr(";:", s[n]) || !s[n])
		return fault_at(fault, prop->line, N_("not a property: it should begin as NAME: or NAME;"));
	at += n;
	while (rc == 0 && *at == ';') {
		at++;
		rc = parse_param(p, &list, &at);
	}
	buf_free(&list.value);
	if (rc == VCARD_FAULT)
		return fault_at(fault, prop->line, N_("a quote among the parameters is not closed"));
	if (rc < 0)
		return rc;
	if (*at != ':')
		return fault_at(fault, prop->line, N_("a colon before the value is missing"));
	prop->value = at + 1;
	prop->len = len - (size_t)(prop->value - s);
	return 0;
}

/* --- the card --- */

static int begin_logical(struct vcard_parsed *p, struct logical *l, size_t line, struct buf *fault)
{
	if (p->n == VCARD_PROPERTIES_MAX)
		return fault_at(fault, line, N_("more properties than a card may have, 10000"));
	if (p->n > 0)
		buf_putc(&p->flat, '\0');
	*l = (struct logical){ .start = p->flat.len };
	if (!GROW(p->v, p->n, p->cap))
		return CRM_NOMEM;
	p->v[p->n++] = (struct vcard_property){ .len = l->start, .line = line };
	return 0;
}

/* Logical lines into p->flat; p->v gets where each begins (in `len`) and its line. */
static int unfold(struct vcard_parsed *p, const char *s, size_t len, size_t line, struct buf *fault)
{
	const char *end = s + len;
	struct logical l = { 0 };

	buf_clear(&p->flat);
	p->n = 0;
	for (; s < end; line++) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));
		size_t n = (size_t)((nl ? nl : end) - s), skip;
		bool goes_on = continues(p, &l, s, n, &skip);
		int rc = !goes_on && n > 0 ? begin_logical(p, &l, line, fault) : 0;

		if (rc)
			return rc;
		buf_add(&p->flat, s + skip, n - skip);
		if (p->flat.failed)
			return CRM_NOMEM;
		look_at_header(&l, &p->flat, n - skip);
		s += n + 1;
	}
	return 0;
}

int vcard_parse(struct vcard_parsed *p, const char *s, size_t len, size_t line, struct buf *fault)
{
	int rc;

	arena_reset(&p->mem);
	p->old = is_old(s, len);
	rc = unfold(p, s, len, line, fault);
	for (size_t i = 0; rc == 0 && i < p->n; i++) {
		size_t start = p->v[i].len, stop = i + 1 < p->n ? p->v[i + 1].len - 1 : p->flat.len;

		rc = parse_property(p, &p->v[i], p->flat.s + start, stop - start, fault);
	}
	return rc == 0 && p->mem.failed ? CRM_NOMEM : rc;
}

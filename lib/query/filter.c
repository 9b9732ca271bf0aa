/* The grammar of filters. */
#include "query/filter.h"
#include "model/custom.h"
#include "model/restricted.h"
#include "query/words.h"
#include "text/text.h"
#include <stdio.h>

struct parser {
	struct sql *q;
	const struct crm_entity *e;
	const char *alias;
	const char *const *terms;
	size_t n, at;
};

enum {
	DEPTH_MAX = 90, /* SQLite's parser has room for 100 open symbols; what a level takes of them: */
	DEPTH_RELATED = 11,
	DEPTH_BRACKETS = 3,
	DEPTH_NOT = 2,
	TERMS_MAX = 800 /* SQLite joins 1,000, and every level takes a few */
};

static int parse_or(struct parser *p);
static int parse_term(struct parser *p, const char *s, size_t len);

static int fail(struct parser *p, const char *term, size_t len, const char *why)
{
	return err_set(
		&p->q->s->err, CRM_INVALID, "filter '%.*s': %s", (int)crm_text_fit(term, len, 60), term, crm_tr(why));
}

int filter_count(struct sql *q)
{
	return ++q->terms > TERMS_MAX
		       ? err_set(&q->s->err, CRM_INVALID, "the filter has more than %d terms and values", TERMS_MAX)
		       : CRM_OK;
}

static int descend(struct parser *p, const char *s, size_t len, int depth)
{
	p->q->depth += depth;
	return p->q->depth > DEPTH_MAX ? fail(p, s, len, N_("nested too deeply")) : CRM_OK;
}

static bool is_word(const char *term, const char *word)
{
	return strcmp(term, word) == 0;
}

static bool name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
	       c == '.' || (unsigned char)c >= 0x80;
}

/*
 * The colon of NAME:VALUE, `:` or `：`, or NULL: what stands before it must look like a name, so that 15:04 and
 * http://x are words.
 */
static const char *find_colon(const char *s, size_t len, size_t *colon)
{
	for (size_t i = 0; i < len; i++) {
		bool wide = len - i >= 3 && memcmp(s + i, "\xEF\xBC\x9A", 3) == 0;

		if (s[i] == ':' || wide) {
			*colon = wide ? 3 : 1;
			if (i == 3 && memcmp(s, "not", 3) == 0)
				return s + i;
			if (i == 0 || (s[0] >= '0' && s[0] <= '9') || (len - i >= 3 && memcmp(s + i, "://", 3) == 0))
				return NULL;
			return s + i;
		}
		if (!name_byte(s[i]))
			return NULL;
	}
	return NULL;
}

/* A bare word: in any text of the record. */
static int parse_word(struct parser *p, const char *s, size_t len)
{
	cleanup(sought_free) struct sought w;
	int status = sought_read(&w, s, len);

	if (status == CRM_INVALID)
		return fail(p, s, len, N_("there is no letter or digit in it to look for"));
	if (status < 0)
		return err_nomem(&p->q->s->err);
	if (p->q->as_of)
		return fail(p, s, len, N_("the past of texts is not kept"));
	sql_words(p->q, p->e, p->alias, &w);
	return CRM_OK;
}

static int parse_view(struct parser *p, const char *s, size_t len)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(freep) char *terms = NULL;
	crm_store *store = p->q->s;
	int status = db_prepare(&st, store, "SELECT filter_terms FROM saved_view WHERE entity = $1 AND name = $2", 0);

	if (status < 0)
		return status;
	db_bind_str(st, 1, p->e->name);
	db_bind_text(st, 2, s + 1, len - 1);
	status = db_step(st);
	if (status < 0)
		return status;
	if (status == CRM_END && memchr(s, '.', len)) /* of an e-mail address */
		return parse_word(p, s, len);
	if (status == CRM_END)
		return err_set(&store->err, CRM_INVALID, "there is no view '%.*s' of %s (crm view list)", (int)len, s,
			entity_word(p->e));
	terms = strdup(db_is_null(st, 0) ? "" : db_text(st, 0));
	if (!terms)
		return err_nomem(&store->err);
	return filter_stored(p->q, p->e, p->alias, terms);
}

/* The part after `name.` or `not:`: one term, or several in brackets. */
static int parse_inner(
	struct parser *p, const struct crm_entity *e, const char *alias, const char *s, size_t len, int depth)
{
	struct parser inner = { .q = p->q, .e = e, .alias = alias };
	int status = descend(p, s, len, depth);

	if (status == CRM_OK && len >= 2 && s[0] == '(' && s[len - 1] == ')') {
		cleanup(freep) char *text = strndup(s + 1, len - 2);

		status = text ? filter_stored(p->q, e, alias, text) : err_nomem(&p->q->s->err);
	} else if (status == CRM_OK) {
		status = parse_term(&inner, s, len);
	}
	p->q->depth -= depth;
	return status;
}

/* `customer.city:北京` (the record it refers to), `log.channel:phone` (at least one of those that refer to it). */
static int parse_related(struct parser *p, const char *s, size_t len, const char *dot)
{
	size_t head = (size_t)(dot - s);
	cleanup(freep) char *name = strndup(s, head);
	const struct crm_field *f, *back = NULL;
	const struct crm_entity *target;
	char alias[16];
	int status;

	if (!name)
		return err_nomem(&p->q->s->err);
	if (p->q->as_of)
		return fail(p, s, len, N_("the past of related records is not kept"));
	f = field_typed(p->q->s, p->e, name);
	target = f && f->type == CRM_REF ? crm_entity_find(f->target) : f ? NULL : crm_entity_find(name);
	for (size_t i = 0; target && !f && i < target->nfields; i++)
		if (target->fields[i].type == CRM_REF && strcmp(target->fields[i].target, p->e->name) == 0)
			back = &target->fields[i];
	if (!target || (!f && !back))
		return f ? fail(p, s, len, N_("that field refers to no other record"))
			 : field_unknown(p->q->s, p->e, s, head);
	snprintf(alias, sizeof(alias), "t%d", ++p->q->aliases);
	buf_printf(&p->q->text, "EXISTS (SELECT 1 FROM %s %s WHERE ", target->table, alias);
	if (f)
		buf_printf(&p->q->text, "%s.%s = %s.%s", alias, f->flags & FIELD_HANDLE ? "name" : "id", p->alias,
			field_column(f));
	else
		buf_printf(&p->q->text, "%s.%s = %s.%s", alias, field_column(back), p->alias,
			back->flags & FIELD_HANDLE ? "name" : "id");
	buf_puts(&p->q->text, " AND ");
	status = parse_inner(p, target, alias, dot + 1, len - head - 1, DEPTH_RELATED);
	if (status == CRM_OK && back) /* an organisation is not found by who is restricted */
		status = sql_shown(p->q, target, alias);
	buf_putc(&p->q->text, ')');
	return status;
}

static int parse_field(struct parser *p, const char *s, size_t len, const char *colon, size_t width)
{
	size_t head = (size_t)(colon - s);
	cleanup(freep) char *name = strndup(s, head);
	const struct crm_field *f = name ? field_typed(p->q->s, p->e, name) : NULL;

	if (!name)
		return err_nomem(&p->q->s->err);
	if (!f)
		return field_unknown(p->q->s, p->e, s, head);
	return compare_field(p->q, p->e, f, p->alias, colon + width, len - head - width);
}

/* Some names have a dot, as orders.total: they lead to no other record. */
static bool is_field(const struct parser *p, const char *s, size_t len)
{
	cleanup(freep) char *name = strndup(s, len);

	return name && field_typed(p->q->s, p->e, name);
}

static int parse_term(struct parser *p, const char *s, size_t len)
{
	size_t width = 0, bad;
	const char *colon, *dot;
	int status;

	if (!utf8_valid(s, len, &bad))
		return fail(p, "", 0, N_("it is not UTF-8 text"));
	status = filter_count(p->q);
	if (status < 0)
		return status;
	colon = find_colon(s, len, &width);
	dot = memchr(s, '.', len);
	if (*s == '@' && len > 1)
		return parse_view(p, s, len);
	if (colon && colon - s == 3 && memcmp(s, "not", 3) == 0) {
		if (colon + width == s + len)
			return fail(p, s, len, N_("not: needs a term"));
		buf_puts(&p->q->text, "(");
		status = parse_inner(p, p->e, p->alias, colon + width, len - 3 - width, DEPTH_NOT);
		buf_puts(&p->q->text, ") IS NOT TRUE");
		return status;
	}
	if (colon && is_field(p, s, (size_t)(colon - s)))
		return parse_field(p, s, len, colon, width);
	if (dot && ((colon && dot < colon) || (dot[1] == '(' && s[len - 1] == ')')) && dot > s)
		return parse_related(p, s, len, dot);
	if (colon)
		return parse_field(p, s, len, colon, width);
	return parse_word(p, s, len);
}

static int parse_and(struct parser *p)
{
	bool first = true;

	buf_putc(&p->q->text, '(');
	while (p->at < p->n && !is_word(p->terms[p->at], "or") && !is_word(p->terms[p->at], ")")) {
		const char *term = p->terms[p->at++];
		int status;

		buf_puts(&p->q->text, first ? "" : " AND ");
		first = false;
		if (is_word(term, "(")) {
			status = parse_or(p);
			if (status == CRM_OK && (p->at == p->n || !is_word(p->terms[p->at], ")")))
				status = fail(p, "(", 1, N_("the closing bracket is missing"));
			p->at++;
		} else {
			status = *term ? parse_term(p, term, strlen(term)) : fail(p, "", 0, N_("an empty term"));
		}
		if (status < 0)
			return status;
	}
	buf_putc(&p->q->text, ')');
	return first ? fail(p, p->at < p->n ? p->terms[p->at] : "or", 2, N_("a term is missing beside it")) : CRM_OK;
}

/* What is in brackets, in arguments or a stored text of their own: views name views, and so perhaps themselves. */
static int parse_or(struct parser *p)
{
	const char *term = p->at < p->n ? p->terms[p->at] : "(";
	int status = descend(p, term, strlen(term), DEPTH_BRACKETS);

	buf_putc(&p->q->text, '(');
	if (status == CRM_OK)
		status = parse_and(p);
	while (status == CRM_OK && p->at < p->n && is_word(p->terms[p->at], "or")) {
		p->at++;
		buf_puts(&p->q->text, " OR ");
		status = parse_and(p);
	}
	buf_putc(&p->q->text, ')');
	p->q->depth -= DEPTH_BRACKETS;
	return status;
}

int filter_terms(struct sql *q, const struct crm_entity *e, const char *alias, size_t n, const char *const *terms)
{
	struct parser p = { .q = q, .e = e, .alias = alias, .terms = terms, .n = n };
	int status;

	if (n == 0) {
		buf_puts(&q->text, "1");
		return CRM_OK;
	}
	status = parse_or(&p);
	if (status == CRM_OK && p.at < p.n)
		return fail(&p, ")", 1, N_("there is no opening bracket for it"));
	return status < 0 ? status : sql_status(q);
}

int sql_shown(struct sql *q, const struct crm_entity *e, const char *alias)
{
	return q->asks_restricted ? CRM_OK : restricted_hide(&q->text, q->s, e, alias);
}

int filter_shown(struct sql *q, const struct crm_entity *e, const char *alias, size_t n, const char *const *terms)
{
	int status;

	q->asks_restricted = false; /* a policy may have asked, who did not */
	status = filter_terms(q, e, alias, n, terms);
	return status == CRM_OK ? sql_shown(q, e, alias) : status;
}

/* --- the stored form --- */

/* The end of a term: the next blank outside double quotes and brackets of `name.(…)`. */
static size_t term_length(const char *s)
{
	bool quoted = false;
	int brackets = 0;
	size_t i;

	for (i = 0; s[i]; i++) {
		if (s[i] == '\\' && s[i + 1])
			i++;
		else if (s[i] == '"')
			quoted = !quoted;
		else if (!quoted && s[i] == '(' && i > 0)
			brackets++;
		else if (!quoted && s[i] == ')' && brackets > 0)
			brackets--;
		else if (!quoted && brackets == 0 && s[i] == ' ')
			break;
		else if (!quoted && brackets == 0 && i > 0 && s[i] == ')')
			break;
		if (i == 0 && (s[0] == '(' || s[0] == ')'))
			return 1;
	}
	return i;
}

/* A term with brackets outside quotes, as name.(…) and not:(…) have. */
static bool is_group(const char *s, size_t len)
{
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\\' && i + 1 < len)
			i++;
		else if (s[i] == '"')
			quoted = !quoted;
		else if (s[i] == '(' && !quoted)
			return len > 1;
	}
	return false;
}

/* Quotes belong to the stored form, except around a whole phrase and inside brackets, which are read again. */
static char *unquote(struct arena *mem, const char *s, size_t len)
{
	bool phrase = len >= 2 && s[0] == '"' && s[len - 1] == '"', group = is_group(s, len);
	struct buf b = BUF_INIT;
	char *copy;

	for (size_t i = 0; i < len; i++) {
		if (!phrase && !group && s[i] == '"')
			continue;
		if (!group && s[i] == '\\' && i + 1 < len && s[i + 1] == '"')
			i++;
		buf_putc(&b, s[i]);
	}
	copy = buf_str(&b) ? arena_copy(mem, b.s ? b.s : "", b.len) : NULL;
	buf_free(&b);
	return copy;
}

int filter_stored(struct sql *q, const struct crm_entity *e, const char *alias, const char *text)
{
	cleanup(freep) const char **terms = NULL;
	size_t n = 0, cap = 0;

	while (*text) {
		size_t len;

		if (*text == ' ') {
			text++;
			continue;
		}
		len = term_length(text);
		if (!GROW(terms, n, cap) || !(terms[n++] = unquote(&q->mem, text, len)))
			return err_nomem(&q->s->err);
		text += len;
	}
	return filter_terms(q, e, alias, n, terms);
}

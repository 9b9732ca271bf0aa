/* What is looked for: words, phrases and beginnings of words, or regular expressions; and where they are in a text. */
#include "service/search.h"
#include "text/regex.h"
#include "text/segment.h"
#include "text/text.h"

enum {
	SPANS_MAX = 1000 /* of a text: more are not shown */
};

/* The words of a text: folded, and where each stands in it. */
struct search_words {
	struct {
		size_t at, len; /* in `folded` */
		struct span span;
	} * v;
	size_t n, cap;
	struct buf folded;
};

static int read_words(struct search_words *w, const char *text, size_t len)
{
	struct segmenter g;

	w->n = 0;
	buf_clear(&w->folded);
	segment_begin(&g, text, len);
	while (segment_next(&g)) {
		if (!GROW(w->v, w->n, w->cap))
			return CRM_NOMEM;
		w->v[w->n].at = w->folded.len;
		w->v[w->n].len = g.word_len;
		w->v[w->n++].span = (struct span){ g.start, g.start + g.len };
		buf_add(&w->folded, g.word, g.word_len);
	}
	return w->folded.failed ? CRM_NOMEM : CRM_OK;
}

/* --- reading --- */

static int refuse(crm_store *s, const char *term, size_t len, const char *why)
{
	return err_set(&s->err, CRM_INVALID, "search '%.*s': %s", (int)crm_text_fit(term, len, 60), term, crm_tr(why));
}

static int add_term(struct search_terms *terms, crm_store *s, struct search_term **out, const char *text, size_t len)
{
	size_t bad;

	if (!utf8_valid(text, len, &bad))
		return refuse(s, "", 0, N_("it is not UTF-8 text"));
	if (terms->n == SEARCH_TERMS_MAX)
		return err_set(&s->err, CRM_INVALID, "search: more than %d terms", SEARCH_TERMS_MAX);
	*out = &terms->v[terms->n++];
	(*out)->text = arena_copy(&terms->mem, text, len);
	(*out)->len = len;
	return (*out)->text ? CRM_OK : err_nomem(&s->err);
}

static int add_regex(struct search_terms *terms, crm_store *s, const char *text)
{
	const size_t len = strlen(text);
	struct search_term *t = NULL;
	int status = len ? add_term(terms, s, &t, text, len) : refuse(s, "", 0, N_("a regular expression is missing"));

	if (status < 0)
		return status;
	status = regex_new(&t->regex, text, len, &s->err);
	return status == CRM_INVALID ? refuse(s, text, len, crm_errmsg(s)) : status;
}

static int add_words(struct search_terms *terms, crm_store *s, const char *text, size_t len)
{
	struct search_term *t = NULL;
	int status = add_term(terms, s, &t, text, len);

	if (status < 0)
		return status;
	status = sought_read(&t->sought, text, len);
	if (status == CRM_INVALID)
		return refuse(s, text, len, N_("there is no letter or digit in it"));
	return status == CRM_NOMEM ? err_nomem(&s->err) : status;
}

/* Bytes of the blank at s, also of the wide one (U+3000); 0: there is none. */
static size_t blank_at(const char *s)
{
	return ascii_blank(*s) ? 1 : strncmp(s, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

/* Bytes of the word at s, or of the phrase in quotes, which may go on with a star; 0: the quote is not closed. */
static size_t piece_length(const char *s)
{
	size_t n = 0;

	if (*s == '"') {
		n = 1 + strcspn(s + 1, "\"");
		return s[n] ? n + 1 + (s[n + 1] == '*') : 0;
	}
	while (s[n] && !blank_at(s + n))
		n++;
	return n;
}

/* The words of an argument, and its phrases. A number may be written in groups. */
static int add_argument(struct search_terms *terms, crm_store *s, const char *text)
{
	int status = CRM_OK;

	if (text[strspn(text, "0123456789 +-().")] == '\0')
		return add_words(terms, s, text, strlen(text));
	while (status == CRM_OK && *text) {
		const size_t blank = blank_at(text), len = blank ? blank : piece_length(text);

		if (len == 0)
			return refuse(s, text, strlen(text), N_("the closing quote is missing"));
		if (!blank)
			status = add_words(terms, s, text, len);
		text += len;
	}
	return status;
}

int search_terms_read(struct search_terms *out, crm_store *s, const crm_search_options *opt)
{
	int status = CRM_OK;

	out->regex = opt->regex;
	out->words = calloc(1, sizeof(*out->words));
	if (!out->words)
		return err_nomem(&s->err);
	for (size_t i = 0; status == CRM_OK && i < opt->nterms; i++)
		status = opt->regex ? add_regex(out, s, opt->terms[i]) : add_argument(out, s, opt->terms[i]);
	if (status == CRM_OK && out->n == 0)
		status = refuse(s, "", 0, N_("a word is missing"));
	return status;
}

void search_terms_free(struct search_terms *terms)
{
	for (size_t i = 0; i < terms->n; i++) {
		regex_free(terms->v[i].regex);
		sought_free(&terms->v[i].sought);
	}
	arena_free(&terms->mem);
	if (terms->words) {
		free(terms->words->v);
		buf_free(&terms->words->folded);
		free(terms->words);
	}
}

/* --- finding --- */

static int add_span(struct search_found *out, struct span span)
{
	if (out->spans.n >= SPANS_MAX)
		return CRM_OK;
	if (!GROW(out->spans.v, out->spans.n, out->spans.cap))
		return CRM_NOMEM;
	out->spans.v[out->spans.n++] = span;
	return CRM_OK;
}

/*
 * How many words from the i-th on are those of a phrase, as has_words() has it: ` re fund `, or ` re fun` where the last
 * may go on. 0: they are not.
 */
static size_t phrase_fits(const struct search_words *w, size_t i, const char *phrase, size_t len)
{
	const char *p = phrase + 1, *end = phrase + len;
	size_t n = 0;

	while (p < end) {
		const char *blank = memchr(p, ' ', (size_t)(end - p));
		const size_t wanted = (size_t)((blank ? blank : end) - p);

		if (i + n == w->n || w->v[i + n].len < wanted || (blank && w->v[i + n].len > wanted) ||
			memcmp(w->folded.s + w->v[i + n].at, p, wanted) != 0)
			return 0;
		n++;
		p += wanted + 1;
	}
	return n;
}

/* The same for the longest of the phrases, one of which is to be found. */
static size_t term_fits(const struct search_words *w, size_t i, const struct search_term *t)
{
	const char *p = t->sought.words.s, *end = p + t->sought.words.len;
	size_t longest = 0;

	while (p < end) {
		const char *bar = memchr(p, '|', (size_t)(end - p));
		const size_t n = phrase_fits(w, i, p, (size_t)((bar ? bar : end) - p));

		longest = n > longest ? n : longest;
		p = bar ? bar + 1 : end;
	}
	return longest;
}

static int find_words(struct search_found *out, struct search_terms *terms, const char *text, size_t len)
{
	struct search_words *w = terms->words;
	int status = read_words(w, text, len);

	out->words = w->n;
	for (size_t i = 0; status == CRM_OK && i < w->n; i++)
		for (size_t k = 0; status == CRM_OK && k < terms->n; k++) {
			const size_t n = term_fits(w, i, &terms->v[k]);

			if (n == 0)
				continue;
			out->count[k]++;
			out->covered += n;
			status = add_span(out, (struct span){ w->v[i].span.from, w->v[i + n - 1].span.to });
		}
	return status;
}

static int find_regex(struct search_found *out, const struct search_term *t, size_t *count, crm_store *s,
	const char *text, size_t len)
{
	size_t at = 0, from, to;
	int status = CRM_OK;

	while (status == CRM_OK && at <= len && *count < SPANS_MAX &&
		(status = regex_find(&from, &to, t->regex, text, len, at, &s->err)) == CRM_OK) {
		(*count)++;
		if (from < to)
			status = add_span(out, (struct span){ from, to });
		at = from < to && to > at ? to : (to > at ? to : at) + 1;
		while (at < len && (text[at] & 0xc0) == 0x80)
			at++;
	}
	return status == CRM_END ? CRM_OK : status;
}

static int by_place(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->from != y->from ? (x->from < y->from ? -1 : 1) : x->to < y->to ? -1 : x->to > y->to;
}

int search_within(struct search_found *out, struct search_terms *terms, crm_store *s, const char *text, size_t len)
{
	int status = CRM_OK;

	memset(out->count, 0, sizeof(out->count));
	out->spans.n = out->words = out->covered = 0;
	out->any = false;
	if (!terms->regex && find_words(out, terms, text, len) < 0)
		return err_nomem(&s->err);
	for (size_t i = 0; terms->regex && status == CRM_OK && i < terms->n; i++)
		status = find_regex(out, &terms->v[i], &out->count[i], s, text, len);
	if (terms->regex && terms->n > 1 && out->spans.n > 1)
		qsort(out->spans.v, out->spans.n, sizeof(*out->spans.v), by_place);
	for (size_t i = 0; i < terms->n; i++)
		out->any = out->any || out->count[i] > 0;
	return status == CRM_NOMEM ? err_nomem(&s->err) : status;
}

/* --- as SQL --- */

static void put_regex(struct sql *q, const struct search_term *t, const struct search_source *source)
{
	for (size_t i = 0; i < source->nfields; i++) {
		buf_puts(&q->text, i ? " OR " : "");
		sql_field(q, source->place->entity, source->fields[i], "t0");
		buf_puts(&q->text, " REGEXP ");
		sql_param_text(q, t->text, t->len);
	}
}

void search_put_test(struct sql *q, const struct search_terms *terms, const struct search_source *source)
{
	for (size_t i = 0; i < terms->n; i++) {
		buf_puts(&q->text, i ? " AND (" : "(");
		if (terms->regex)
			put_regex(q, &terms->v[i], source);
		else
			sql_has_words(q, source->place->entity, "t0", &terms->v[i].sought);
		buf_putc(&q->text, ')');
	}
}

void search_put_match(struct buf *out, const struct search_term *terms, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s(%s)", i ? " AND " : "", terms[i].sought.match.s);
}

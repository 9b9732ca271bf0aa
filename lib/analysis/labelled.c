#include "analysis/labelled.h"
#include "analysis/features.h"

enum {
	PROGRESS_ROWS = 1024
};

/* --- reading --- */

static void add_value(struct buf *out, const crm_value *v)
{
	if (v->kind == CRM_STRING)
		buf_add(out, v->s, v->len);
	else if (v->kind == CRM_INT)
		buf_printf(out, "%lld", (long long)v->i);
	else if (v->kind == CRM_DOUBLE)
		buf_printf(out, "%.15g", v->d);
}

static void trim(const char **s, size_t *len)
{
	while (*len > 0 && ascii_blank((*s)[*len - 1]))
		--*len;
	while (*len > 0 && ascii_blank(**s)) {
		++*s;
		--*len;
	}
}

/* The text and the label of the row at hand, both may be empty. */
static int read_row(struct buf *text, struct buf *label, const crm_cursor *rows)
{
	size_t last = crm_cursor_columns(rows) - 1;
	int status = CRM_OK;

	buf_clear(text);
	for (size_t i = 0; i < last && status == CRM_OK; i++) {
		buf_clear(label);
		add_value(label, crm_cursor_value(rows, i));
		status = label->failed ? CRM_NOMEM : text_prepare(text, label->s ? label->s : "", label->len);
	}
	buf_clear(label);
	add_value(label, crm_cursor_value(rows, last));
	return status == CRM_OK && (label->failed || text->failed) ? CRM_NOMEM : status;
}

static int add_text(struct labelled *l, const struct buf *text, const char *label, size_t len)
{
	if (!GROW(l->v, l->n, l->cap))
		return CRM_NOMEM;
	l->v[l->n++] = (struct labelled_text){
		.text = arena_copy(&l->mem, text->s, text->len),
		.len = text->len,
		.label = arena_copy(&l->mem, label, len),
		.rank = hash_bytes(&l->key, text->s, text->len),
	};
	l->all++;
	l->bytes += text->len;
	return l->mem.failed ? CRM_NOMEM : CRM_OK;
}

/* --- too many of them --- */

static int compare_texts(const struct labelled_text *x, const struct labelled_text *y)
{
	size_t shorter = x->len < y->len ? x->len : y->len;
	int order = memcmp(x->text, y->text, shorter);

	return order ? order : (x->len > y->len) - (x->len < y->len);
}

static int by_rank(const void *a, const void *b)
{
	const struct labelled_text *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	int order = compare_texts(x, y);
	return order ? order : strcmp(x->label, y->label);
}

/* Forgets those of the highest ranks: which ones stay does not depend on when this is done. */
static int thin_out(struct labelled *l)
{
	struct arena kept = { 0 };
	size_t n = 0;

	qsort(l->v, l->n, sizeof(*l->v), by_rank);
	l->bytes = 0;
	while (n < l->n && l->bytes + l->v[n].len <= LABELLED_BYTES) {
		struct labelled_text *t = &l->v[n++];
		t->text = arena_copy(&kept, t->text, t->len);
		t->label = arena_copy(&kept, t->label, strlen(t->label));
		l->bytes += t->len;
	}
	l->n = n;
	arena_free(&l->mem);
	l->mem = kept;
	return kept.failed ? CRM_NOMEM : CRM_OK;
}

static int read_rows(struct labelled *l, crm_store *s, crm_cursor *rows, struct buf *text, struct buf *label)
{
	int status;

	for (uint64_t n = 1; (status = crm_cursor_next(rows)) == CRM_OK; n++) {
		status = read_row(text, label, rows);
		const char *name = label->s ? label->s : "";
		size_t len = label->len;
		trim(&name, &len);
		l->without_label += status == CRM_OK && len == 0;
		l->without_text += status == CRM_OK && len > 0 && text->len == 0;
		if (status == CRM_OK && len > 0 && text->len > 0)
			status = add_text(l, text, name, len);
		if (status == CRM_OK && l->bytes > 2 * (size_t)LABELLED_BYTES)
			status = thin_out(l);
		if (status < 0)
			return err_nomem(&s->err);
		if (n % PROGRESS_ROWS == 0)
			store_event(s, CRM_EVENT_PROGRESS, n, 0, crm_tr("reading texts"));
	}
	return status == CRM_END ? CRM_OK : status;
}

int labelled_read(struct labelled *l, crm_store *s, crm_cursor *rows)
{
	cleanup(buf_free) struct buf text = BUF_INIT, label = BUF_INIT;
	int status = read_rows(l, s, rows, &text, &label);

	crm_cursor_close(rows);
	return status;
}

/* --- afterwards --- */

static int by_label(const void *a, const void *b)
{
	const struct labelled_text *x = a, *y = b;
	int order = strcmp(x->label, y->label);

	return order ? order : by_rank(a, b);
}

int labelled_sort(struct labelled *l)
{
	int status = l->bytes > LABELLED_BYTES ? thin_out(l) : CRM_OK;

	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), by_label);
	return status;
}

void labelled_warn(const struct labelled *l, crm_store *s, const char *label)
{
	struct buf b = BUF_INIT;

	if (l->without_label)
		buf_say(&b, "%llu without %s", (unsigned long long)l->without_label, label);
	if (l->without_text)
		buf_say(buf_comma(&b), "%llu without text", (unsigned long long)l->without_text);
	if (l->all > l->n)
		buf_say(buf_comma(&b), "%llu drawn at random from all %llu, which are too many",
			(unsigned long long)(l->all - l->n), (unsigned long long)l->all);
	if (b.len > 0 && buf_str(&b))
		store_say(s, CRM_EVENT_WARNING, 0, "%s: these rows are left out", b.s);
	buf_free(&b);
}

void labelled_free(struct labelled *l)
{
	free(l->v);
	arena_free(&l->mem);
	*l = (struct labelled){ 0 };
}

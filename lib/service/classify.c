/* What texts are about, row by row, and why. */
#include "service/classify.h"
#include <crm/query.h>
#include <math.h>

enum {
	PROBABILITY_DIGITS = 10000 /* more would say more than is known */
};

static double rounded(double probability)
{
	return round(probability * PROBABILITY_DIGITS) / PROBABILITY_DIGITS;
}

/* The two most probable labels; there are at least two. */
static void best_two(size_t *a, size_t *b, const double *p, size_t n)
{
	*a = p[1] > p[0];
	*b = !*a;
	for (size_t k = 2; k < n; k++) {
		if (p[k] > p[*a]) {
			*b = *a;
			*a = k;
		} else if (p[k] > p[*b]) {
			*b = k;
		}
	}
}

int loaded_judge(crm_suggestion *out, struct loaded *l, double percent, struct err *err)
{
	struct classifier *c = &l->classifier;
	const struct vector *x;
	size_t a, b;

	*out = (crm_suggestion){ 0 };
	if (classifier_read(&x, c, l->text.len ? l->text.s : "", l->text.len) < 0 || l->text.failed)
		return err_nomem(err);
	if (l->text.len == 0 || (x->n == 0 && method_is_linear(c->method)))
		return CRM_OK;
	classifier_probabilities(l->probabilities, c, x);
	best_two(&a, &b, l->probabilities, c->nlabels);
	out->label = c->labels[a];
	out->probability = rounded(l->probabilities[a]);
	if (percent < 0)
		percent = (double)l->threshold;
	out->known = round(out->probability * PROBABILITY_DIGITS) >= round(percent * PROBABILITY_DIGITS / 100);
	out->second = c->labels[b];
	out->second_probability = rounded(l->probabilities[b]);
	return CRM_OK;
}

/* --- texts in rows --- */

struct texts {
	struct loaded *loaded;
	double percent;
	crm_cursor *rows;
	size_t id;              /* column; of no such: the number of columns */
	size_t *column, n, cap; /* with parts of the text */
	int64_t count;          /* rows so far */
};

static void texts_close(struct texts *t)
{
	crm_cursor_close(t->rows);
	free(t->column);
}

static int add_column(struct texts *t, const char *name)
{
	const size_t i = cursor_find_column(t->rows, name, strlen(name));

	if (i == t->rows->n)
		return CRM_OK;
	if (!GROW(t->column, t->n, t->cap))
		return CRM_NOMEM;
	t->column[t->n++] = i;
	return CRM_OK;
}

static int find_columns(struct texts *t, crm_store *s)
{
	cleanup(buf_free) struct buf field = BUF_INIT;
	size_t pos = 0;
	int status = CRM_OK;

	t->id = cursor_find_column(t->rows, "id", 2);
	while (status == CRM_OK && loaded_field(&field, t->loaded, &pos))
		status = add_column(t, field.s);
	if (status == CRM_OK && t->n == 0)
		status = add_column(t, "text");
	if (status < 0 || field.failed)
		return err_nomem(&s->err);
	if (t->n == 0)
		return err_set(&s->err, CRM_INVALID, "the rows have neither a column 'text' nor what '%s' reads: %s",
			t->loaded->name, t->loaded->fields);
	return CRM_OK;
}

static int read_threshold(double *percent, crm_store *s, const crm_classify_options *opt)
{
	double p;

	*percent = -1;
	if (!opt || !opt->threshold)
		return CRM_OK;
	if (!parse_real(opt->threshold, strlen(opt->threshold), &p) || p < 0 || p > 1)
		return err_set(&s->err, CRM_INVALID, "threshold '%s': is no probability from 0 to 1", opt->threshold);
	*percent = p * 100;
	return CRM_OK;
}

/* Takes over the rows. */
static int texts_open(struct texts *t, crm_store *s, const crm_classify_options *opt, crm_cursor *rows)
{
	int status;

	*t = (struct texts){ .rows = rows };
	status = read_threshold(&t->percent, s, opt);
	if (status == CRM_OK)
		status = classifier_load(&t->loaded, s, opt ? opt->model : NULL);
	return status == CRM_OK ? find_columns(t, s) : status;
}

/* The text of the next row, prepared. */
static int texts_next(struct texts *t, crm_store *s)
{
	struct buf *text = &t->loaded->text;
	int status = crm_cursor_next(t->rows);

	if (status != CRM_OK)
		return status;
	t->count++;
	buf_clear(text);
	for (size_t i = 0; i < t->n; i++) {
		const crm_value *v = &t->rows->values[t->column[i]];

		if (v->kind == CRM_STRING && text_prepare(text, v->s, v->len) < 0)
			return err_nomem(&s->err);
	}
	return CRM_OK;
}

/* A row with the text; NULL: none. */
static int text_row(crm_cursor **out, crm_store *s, const char *text)
{
	static const crm_column column = COLUMN("text", "Text", "", CRM_TEXT);
	struct rowset *rows;

	if (rowset_new(&rows, &column, 1) < 0)
		return err_nomem(&s->err);
	if (text && rowset_begin(rows) == CRM_OK)
		rowset_str(rows, 0, text);
	return rowset_cursor(out, rows) < 0 ? err_nomem(&s->err) : CRM_OK;
}

int crm_classify_text(crm_cursor **out, crm_store *s, const char *text)
{
	return text_row(out, s, text);
}

int crm_classify_records(crm_cursor **out, crm_store *s, const crm_classify_options *opt, const crm_entity *e,
	const int64_t *ids, size_t n)
{
	cleanup(buf_free) struct buf fields = BUF_INIT, field = BUF_INIT;
	crm_query *q = NULL;
	struct loaded *l;
	size_t pos = 0;
	int status = classifier_load(&l, s, opt ? opt->model : NULL);

	if (status < 0 || n == 0)
		return status < 0 ? status : text_row(out, s, NULL);
	buf_puts(&fields, "id");
	while (loaded_field(&field, l, &pos)) {
		if (!crm_field_find(s, e, field.s) && !strchr(field.s, '.')) /* of a record it refers to */
			return err_set(&s->err, CRM_INVALID, "classifier '%s' reads '%s', which a %s does not have",
				l->name, field.s, entity_word(e));
		buf_printf(&fields, ",%s", field.s);
	}
	if (field.failed || !buf_str(&fields))
		return err_nomem(&s->err);
	status = crm_query_new(&q, s, e);
	if (status == CRM_OK)
		status = crm_query_fields(q, fields.s);
	if (status == CRM_OK)
		status = crm_query_ids(q, ids, n);
	if (status == CRM_OK)
		status = crm_query_open(out, q);
	crm_query_free(q);
	return status;
}

int crm_classify_entity(const crm_entity **out, crm_store *s, const crm_classify_options *opt)
{
	struct loaded *l;
	int status = classifier_load(&l, s, opt ? opt->model : NULL);

	if (status == CRM_OK)
		*out = crm_entity_find(l->from);
	return status;
}

/* --- suggestions --- */

static const crm_column columns[] = {
	COLUMN("id", "Id", "number of the record, or what the row calls itself", CRM_TEXT),
	COLUMN("label", "Label", "what the text is most probably about; empty: it has nothing to go by", CRM_TEXT),
	COLUMN("probability", "Probability", "of the label, from 0 to 1", CRM_REAL),
	COLUMN("known", "Known", "whether it is as probable as the threshold asks", CRM_BOOL),
	COLUMN("second", "Second", "the next most probable label", CRM_TEXT),
	COLUMN("second_probability", "Probability of the second", "likewise", CRM_REAL),
};

struct suggesting {
	struct crm_cursor cursor;
	crm_store *s;
	struct texts texts;
	crm_value values[ARRAY_SIZE(columns)];
};

size_t crm_classify_columns(const crm_column **out)
{
	*out = columns;
	return ARRAY_SIZE(columns);
}

static crm_value text_value(const char *s)
{
	return (crm_value){ .kind = s ? CRM_STRING : CRM_NULL, .s = s, .len = s ? strlen(s) : 0 };
}

static crm_value share_value(const char *label, double p)
{
	return (crm_value){ .kind = label ? CRM_DOUBLE : CRM_NULL, .d = p };
}

static int suggesting_next(struct crm_cursor *c)
{
	struct suggesting *g = (struct suggesting *)c;
	const struct texts *t = &g->texts;
	crm_suggestion said;
	int status = texts_next(&g->texts, g->s);

	if (status == CRM_OK)
		status = loaded_judge(&said, t->loaded, t->percent, &g->s->err);
	if (status != CRM_OK)
		return status;
	g->values[0] = (crm_value){ .kind = CRM_INT, .i = t->count };
	if (t->id < t->rows->n && t->rows->values[t->id].kind != CRM_NULL)
		g->values[0] = t->rows->values[t->id];
	g->values[1] = text_value(said.label);
	g->values[2] = share_value(said.label, said.probability);
	g->values[3] = (crm_value){ .kind = CRM_INT, .i = said.known };
	g->values[4] = text_value(said.second);
	g->values[5] = share_value(said.second, said.second_probability);
	return CRM_OK;
}

static void suggesting_close(struct crm_cursor *c)
{
	texts_close(&((struct suggesting *)c)->texts);
	free(c);
}

int crm_classify(crm_cursor **out, crm_store *s, const crm_classify_options *opt, crm_cursor *rows)
{
	struct suggesting *g = calloc(1, sizeof(*g));
	int status;

	if (!g) {
		crm_cursor_close(rows);
		return err_nomem(&s->err);
	}
	g->s = s;
	g->cursor = (struct crm_cursor){ .columns = columns,
		.n = ARRAY_SIZE(columns),
		.values = g->values,
		.next = suggesting_next,
		.close = suggesting_close };
	status = texts_open(&g->texts, s, opt, rows);
	if (status < 0) {
		suggesting_close(&g->cursor);
		return status;
	}
	*out = &g->cursor;
	return CRM_OK;
}

/* --- why --- */

static const crm_column why_columns[] = {
	COLUMN("term", "Term", "a word, a pair of words, or one to three characters side by side", CRM_TEXT),
	COLUMN("value", "Value", "how much it weighs in the text", CRM_REAL),
	COLUMN("weight", "Weight", "what the classifier gives for it, for the label and against the second", CRM_REAL),
	COLUMN("contribution", "Contribution", "what that makes together", CRM_REAL),
};

struct reason {
	size_t feature;
	double value, weight, contribution;
};

size_t crm_classify_explain_columns(const crm_column **out)
{
	*out = why_columns;
	return ARRAY_SIZE(why_columns);
}

static int by_contribution(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;

	if (x->contribution != y->contribution)
		return x->contribution < y->contribution ? 1 : -1;
	return (x->feature > y->feature) - (x->feature < y->feature);
}

static int by_size(const void *a, const void *b)
{
	const double x = fabs(((const struct reason *)a)->contribution),
		     y = fabs(((const struct reason *)b)->contribution);

	return x != y ? (x < y ? 1 : -1) : by_contribution(a, b);
}

/* What the difference of both labels were without a feature: for trees, which have no weights. */
static double without(struct loaded *l, const struct vector *x, size_t at, size_t a, size_t b)
{
	struct vector rest = *x;
	const uint32_t last = x->index[x->n - 1], left_out = x->index[at];

	x->index[at] = last; /* trees ask what there is, in any order */
	rest.n--;
	classifier_probabilities(l->probabilities, &l->classifier, &rest);
	x->index[at] = left_out;
	return l->probabilities[a] - l->probabilities[b];
}

/* A reason for each feature of the text; a and b are what it is and what it might be. */
static void find_reasons(struct reason *out, struct loaded *l, const struct vector *x)
{
	const struct classifier *c = &l->classifier;
	size_t a, b;

	best_two(&a, &b, l->probabilities, c->nlabels);
	const double all = l->probabilities[a] - l->probabilities[b];
	for (size_t i = 0; i < x->n; i++) {
		struct reason *r = &out[i];

		*r = (struct reason){ .feature = x->index[i], .value = (double)x->value[i] };
		if (method_is_linear(c->method)) {
			r->weight = classifier_weight(c, r->feature, a, b);
			r->contribution = r->weight * r->value;
		} else {
			r->contribution = all - without(l, x, i, a, b);
		}
	}
}

static void add_reason(struct rowset *rows, const struct loaded *l, const struct reason *r, struct buf *text)
{
	buf_clear(text);
	feature_text(text, &l->classifier.vocabulary, r->feature);
	if (r->contribution == 0 || rowset_begin(rows) < 0)
		return;
	rowset_buf(rows, 0, text);
	rowset_real(rows, 1, rounded(r->value));
	if (method_is_linear(l->classifier.method))
		rowset_real(rows, 2, rounded(r->weight));
	rowset_real(rows, 3, rounded(r->contribution));
}

static int explain(crm_cursor **out, crm_suggestion *said, crm_store *s, struct texts *t, size_t top)
{
	cleanup(rowset_freep) struct rowset *rows = NULL;
	cleanup(buf_free) struct buf text = BUF_INIT;
	cleanup(freep) struct reason *reasons = NULL;
	struct loaded *l = t->loaded;
	const struct vector *x = &l->classifier.scratch;
	int status = texts_next(t, s);

	if (status == CRM_OK)
		status = loaded_judge(said, l, t->percent, &s->err);
	if (status != CRM_OK)
		return status == CRM_END ? err_set(&s->err, CRM_NOTFOUND, "there is no text to explain") : status;
	reasons = calloc(x->n + 1, sizeof(*reasons));
	if (!reasons || rowset_new(&rows, why_columns, ARRAY_SIZE(why_columns)) < 0)
		return err_nomem(&s->err);
	if (said->label) {
		find_reasons(reasons, l, x);
		qsort(reasons, x->n, sizeof(*reasons), by_size);
	}
	const size_t n = top > 0 && top < x->n ? top : x->n;
	if (n > 0)
		qsort(reasons, n, sizeof(*reasons), by_contribution);
	for (size_t i = 0; i < n; i++)
		add_reason(rows, l, &reasons[i], &text);
	status = text.failed ? CRM_NOMEM : rowset_cursor(out, TAKE_PTR(rows));
	return status < 0 ? err_nomem(&s->err) : CRM_OK;
}

int crm_classify_explain(
	crm_cursor **out, crm_suggestion *said, crm_store *s, const crm_classify_options *opt, crm_cursor *rows)
{
	struct texts t;
	int status = texts_open(&t, s, opt, rows);

	if (status == CRM_OK)
		status = explain(out, said, s, &t, opt ? opt->top : 0);
	texts_close(&t);
	return status;
}

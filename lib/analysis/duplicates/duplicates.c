/* crm_duplicates: the pairs as rows. */
#include "analysis/duplicates/find.h"
#include "analysis/duplicates/weights.h"
#include "base/cursor.h"
#include "model/entity.h"
#include <crm/duplicates.h>

#include <math.h>

static const crm_column columns[] = {
	COLUMN("a", "A", "number of the one customer, the smaller of the two", CRM_INTEGER),
	COLUMN("b", "B", "number of the other", CRM_INTEGER),
	COLUMN("score", "Score", "how probable it is that they are one", CRM_REAL),
	COLUMN("reasons", "Reasons", "what speaks for it, and against", CRM_TEXT),
	COLUMN("name_a", "Name", "name of the one", CRM_TEXT),
	COLUMN("name_b", "Name", "name of the other", CRM_TEXT),
	COLUMN("compared", "Compared", "how many fields both have", CRM_INTEGER),
};

enum {
	COLUMN_A,
	COLUMN_B,
	COLUMN_SCORE,
	COLUMN_REASONS,
	COLUMN_NAME_A,
	COLUMN_NAME_B,
	COLUMN_COMPARED
};

size_t crm_duplicates_columns(const crm_column **out)
{
	*out = columns;
	return ARRAY_SIZE(columns);
}

struct pairs_cursor {
	struct crm_cursor cursor;
	struct search search;
	size_t at;
	struct buf reasons, names[2];
	struct stmt *name;
	crm_value values[ARRAY_SIZE(columns)];
	bool held;
};

static crm_value text_value(struct buf *b)
{
	const char *s = buf_str(b);

	return (crm_value){ .kind = s && b->len ? CRM_STRING : CRM_NULL, .s = s, .len = b->len };
}

static int read_name(struct pairs_cursor *c, struct buf *out, int64_t id)
{
	int status;

	buf_clear(out);
	db_bind_int(c->name, 1, id);
	status = db_step(c->name);
	if (status == CRM_OK)
		buf_add(out, db_text(c->name, 0), db_bytes(c->name, 0));
	db_rewind(c->name);
	return status < 0 ? status : CRM_OK;
}

static int next_pair(crm_cursor *cursor)
{
	struct pairs_cursor *c = (struct pairs_cursor *)cursor;
	const struct people *p = &c->search.people;
	const struct pair *pair = &c->search.pairs[c->at];
	const struct person *a, *b;
	int status;

	if (c->at == c->search.npairs)
		return CRM_END;
	a = &p->v[pair->a];
	b = &p->v[pair->b];
	status = read_name(c, &c->names[0], a->id);
	if (status == CRM_OK)
		status = read_name(c, &c->names[1], b->id);
	if (status < 0)
		return status;
	buf_clear(&c->reasons);
	compared_reasons(&c->reasons, crm_store_read_by_people(c->search.s), &pair->comparison, p, a, b);
	c->values[COLUMN_A] = (crm_value){ .kind = CRM_INT, .i = a->id };
	c->values[COLUMN_B] = (crm_value){ .kind = CRM_INT, .i = b->id };
	c->values[COLUMN_SCORE] = (crm_value){ .kind = CRM_DOUBLE, .d = pair->score };
	c->values[COLUMN_REASONS] = text_value(&c->reasons);
	c->values[COLUMN_NAME_A] = text_value(&c->names[0]);
	c->values[COLUMN_NAME_B] = text_value(&c->names[1]);
	c->values[COLUMN_COMPARED] = (crm_value){ .kind = CRM_INT, .i = compared_count(&pair->comparison) };
	c->at++;
	return c->reasons.failed || c->names[0].failed || c->names[1].failed ? err_nomem(&c->search.s->err) : CRM_OK;
}

static void close_pairs(crm_cursor *cursor)
{
	struct pairs_cursor *c = (struct pairs_cursor *)cursor;
	crm_store *s = c->search.s;

	db_release(c->name);
	search_free(&c->search);
	buf_free(&c->reasons);
	buf_free(&c->names[0]);
	buf_free(&c->names[1]);
	if (c->held)
		db_unhold(s);
	free(c);
}

/* Which customers the filter means. */
static int choose(struct search *f, const crm_duplicates_options *opt)
{
	cleanup(freep) int64_t *ids = NULL;
	crm_query *q = NULL;
	size_t n = 0, at = 0;
	int status;

	if (opt->nfilter == 0)
		return CRM_OK;
	status = crm_query_new(&q, f->s, &entity_customer);
	if (status == CRM_OK)
		status = crm_query_filter(q, opt->nfilter, opt->filter);
	if (status == CRM_OK)
		status = crm_query_sort(q, "id");
	if (status == CRM_OK)
		status = crm_query_collect(&ids, &n, q);
	crm_query_free(q);
	if (status < 0)
		return status;
	f->wanted = calloc(f->people.n + 1, 1);
	if (!f->wanted)
		return err_nomem(&f->s->err);
	for (size_t i = 0; i < n; i++) {
		while (at < f->people.n && f->people.v[at].id < ids[i])
			at++;
		if (at < f->people.n && f->people.v[at].id == ids[i])
			f->wanted[at] = 1;
	}
	return CRM_OK;
}

/* A bad filter or column is said before a minute's work. */
static int check_options(double *threshold, crm_store *s, const crm_duplicates_options *opt)
{
	struct search nobody = { .s = s };
	int status;

	*threshold = DUPLICATES_THRESHOLD;
	if (opt->threshold &&
		(!parse_real(opt->threshold, strlen(opt->threshold), threshold) || *threshold < 0 || *threshold > 1))
		return err_set(&s->err, CRM_INVALID, "--threshold '%s': is no probability from 0 to 1", opt->threshold);
	status = choose(&nobody, opt);
	search_free(&nobody);
	return status;
}

static int search(struct pairs_cursor *c, crm_store *s, const crm_duplicates_options *opt, double threshold)
{
	int status = db_hold(s);

	c->held = status == CRM_OK;
	c->search.s = s;
	if (status == CRM_OK)
		status = search_learn(&c->search, s);
	if (status == CRM_OK)
		status = choose(&c->search, opt);
	if (status == CRM_OK)
		status = search_run(&c->search, fmin(threshold, score_told(1))); /* the highest that is told */
	if (status == CRM_OK)
		status = db_prepare(&c->name, s, "SELECT name FROM customer WHERE id = $1", 0);
	blocks_free(&c->search.blocks);
	return status;
}

int crm_duplicates(crm_cursor **out, crm_store *s, const crm_duplicates_options *opt)
{
	struct pairs_cursor *c;
	double threshold;
	int status = check_options(&threshold, s, opt);

	if (status < 0)
		return status;
	c = calloc(1, sizeof(*c));
	if (!c)
		return err_nomem(&s->err);
	c->cursor = (struct crm_cursor){ .columns = columns,
		.n = ARRAY_SIZE(columns),
		.values = c->values,
		.next = next_pair,
		.close = close_pairs };
	status = search(c, s, opt, threshold);
	if (status < 0) {
		c->search.s = s;
		close_pairs(&c->cursor);
		return status;
	}
	if (opt->found)
		*opt->found = c->search.npairs;
	*out = &c->cursor;
	if (opt->sort || opt->limit >= 0 || opt->offset > 0)
		status = cursor_sort(out, *out, opt->sort ? opt->sort : "-score,a,b", opt->offset, opt->limit, &s->err);
	if (status == CRM_OK)
		status = cursor_project(out, *out, opt->fields, &s->err);
	return status;
}

/* --- the weights --- */

static const crm_column weight_columns[] = {
	COLUMN("field", "Field", "what is compared; prior: before anything is", CRM_TEXT),
	COLUMN("level", "Level", "how well it agrees", CRM_TEXT),
	COLUMN("m", "Same", "share of pairs that are the same at this level", CRM_REAL),
	COLUMN("u", "Others", "share of other pairs at it", CRM_REAL),
	COLUMN("weight", "Weight", "log2 of m / u", CRM_REAL),
	COLUMN("configured", "Configured", "the weight comes from duplicates.weights", CRM_BOOL),
};

size_t crm_duplicates_explain_columns(const crm_column **out)
{
	*out = weight_columns;
	return ARRAY_SIZE(weight_columns);
}

/* To four digits, and never in a form that only computers read. */
static double told(double v)
{
	double scale = v > 0 ? pow(10, 3 - floor(log10(v))) : 1;

	return round(v * scale) / scale;
}

static void put_weights(struct rowset *rows, const struct linkage *l)
{
	rowset_begin(rows);
	rowset_str(rows, 0, "prior");
	rowset_real(rows, 4, round(log2(l->same) * 100) / 100);
	for (size_t i = 0; i < l->n; i++)
		for (int level = LEVEL_EXACT; level < LEVELS; level++) {
			if (l->fields[i].m[level] <= 0)
				continue;
			rowset_begin(rows);
			rowset_str(rows, 0, l->fields[i].name);
			rowset_str(rows, 1, level_names[level]);
			if (!l->fixed[i][level]) {
				rowset_real(rows, 2, told(l->m[i][level]));
				rowset_real(rows, 3, told(l->u[i][level]));
			}
			rowset_real(rows, 4, round(linkage_weight(l, i, (enum level)level) * 100) / 100);
			rowset_int(rows, 5, l->fixed[i][level]);
		}
}

int crm_duplicates_explain(crm_cursor **out, crm_store *s)
{
	struct search f;
	struct rowset *rows;
	int status = search_learn(&f, s);

	if (status == CRM_OK)
		status =
			rowset_new(&rows, weight_columns, ARRAY_SIZE(weight_columns)) < 0 ? err_nomem(&s->err) : CRM_OK;
	if (status == CRM_OK) {
		put_weights(rows, &f.model);
		status = rowset_cursor(out, rows) < 0 ? err_nomem(&s->err) : CRM_OK;
	}
	search_free(&f);
	return status;
}

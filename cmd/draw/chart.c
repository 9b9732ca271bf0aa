/* From rows to labels and numbers. */
#include "draw/chart.h"
#include "cli/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	PRUNE_AT = 4096 /* rows of bars that are gathered before the small ones are let go */
};

/* --- gathering --- */

void chart_begin(struct chart *c, const struct chart_plan *plan)
{
	*c = (struct chart){ .plan = *plan, .unit = figure_unit(&plan->columns[plan->values[0]]) };
}

static char *key_text(const struct chart *c, struct cells *cells, const crm_cursor *row, size_t from, size_t to)
{
	const struct chart_plan *p = &c->plan;
	struct strbuf b = { 0 };

	if (from == to)
		strbuf_puts(&b, crm_tr("all"));
	for (size_t i = from; i < to; i++) {
		const crm_value *v = crm_cursor_value(row, p->keys[i]);
		strbuf_puts(&b, i == from ? "" : p->ascii ? "/" : " · ");
		if (p->ascii && figure_is_absent(v))
			strbuf_puts(&b, "-");
		else
			figure_cell(&b, cells, &p->columns[p->keys[i]], v);
	}
	return need_text(&b);
}

/* Unknown ones are the least. */
static double size_of(const struct chart_row *row)
{
	return isnan(row->v[0]) ? -INFINITY : row->v[0];
}

static void row_free(struct chart_row *row)
{
	free(row->label);
	free(row->apart);
}

struct ranked {
	struct chart_row row;
	size_t at;
};

static int compare_sizes(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	double d = size_of(&y->row) - size_of(&x->row);

	if (d > 0 || d < 0)
		return d > 0 ? 1 : -1;
	return x->at < y->at ? -1 : 1;
}

/* Keeps the `most` largest, in that order. */
static void prune(struct chart *c, size_t most)
{
	struct ranked *all = need_zeroed(c->nrows, sizeof(*all));

	for (size_t i = 0; i < c->nrows; i++)
		all[i] = (struct ranked){ c->rows[i], i };
	qsort(all, c->nrows, sizeof(*all), compare_sizes);
	for (size_t i = 0; i < c->nrows; i++) {
		if (i < most)
			c->rows[i] = all[i].row;
		else
			row_free(&all[i].row);
	}
	c->nrows = most;
	free(all);
}

void chart_row(struct chart *c, struct cells *cells, const crm_cursor *cursor)
{
	const struct chart_plan *p = &c->plan;
	struct chart_row row = { 0 };
	size_t nlabel = p->form == CHART_STRIPS ? p->nkeys - 1 : p->nkeys;
	struct strbuf apart = { 0 };

	row.label = key_text(c, cells, cursor, 0, nlabel);
	if (p->form == CHART_STRIPS) {
		row.apart = key_text(c, cells, cursor, nlabel, p->nkeys);
	} else if (p->apart != SIZE_MAX) {
		figure_cell(&apart, cells, &p->columns[p->apart], crm_cursor_value(cursor, p->apart));
		row.apart = need_text(&apart);
	}
	for (size_t k = 0; k < p->nvalues; k++)
		if (!figure_number(&row.v[k], crm_cursor_value(cursor, p->values[k])))
			row.v[k] = NAN;
	c->rows = need_room(c->rows, c->nrows, &c->rows_cap, sizeof(*c->rows));
	c->rows[c->nrows++] = row;
	c->seen++;
	if (p->form == CHART_BARS && c->nrows == PRUNE_AT)
		prune(c, CHART_LARGEST);
}

/* --- putting in order --- */

/* Where the text is among the first *n, from behind the one found last; added when it is new. */
static size_t place(char **texts, size_t *n, size_t *last, char *text)
{
	for (size_t i = 0; i < *n; i++) {
		size_t at = (*last + i) % *n;
		if (strcmp(texts[at], text) == 0)
			return *last = at;
	}
	texts[*n] = need_copy(text);
	return *last = (*n)++;
}

static void add_series(struct chart *c, char *name, size_t room)
{
	struct chart_series *s = &c->series[c->nseries++];

	*s = (struct chart_series){ .name = name, .v = need_zeroed(room + 1, sizeof(double)) };
	for (size_t i = 0; i <= room; i++)
		s->v[i] = NAN;
}

/* "phone", or "phone · In" where there are several figures of it. */
static char *strip_name(const struct chart_plan *p, const char *apart, size_t value)
{
	struct strbuf b = { 0 };

	strbuf_puts(&b, apart);
	if (p->nvalues > 1)
		strbuf_printf(&b, "%s%s", p->ascii ? "/" : " · ", p->columns[p->values[value]].label);
	return need_text(&b);
}

/* A series for each figure of each different `apart`, a label for each different time. */
static void make_strips(struct chart *c)
{
	const struct chart_plan *p = &c->plan;
	char **names = need_zeroed(c->nrows + 1, sizeof(*names));
	size_t nnames = 0, label = 0, name = 0;

	for (size_t i = 0; i < c->nrows; i++) {
		place(c->labels, &c->n, &label, c->rows[i].label);
		place(names, &nnames, &name, c->rows[i].apart);
	}
	c->series = need_zeroed(nnames * p->nvalues + 1, sizeof(*c->series));
	for (size_t i = 0; i < nnames * p->nvalues; i++)
		add_series(c, strip_name(p, names[i / p->nvalues], i % p->nvalues), c->n);
	for (size_t i = 0; i < c->nrows; i++) {
		size_t at = place(c->labels, &c->n, &label, c->rows[i].label);
		struct chart_series *s = &c->series[place(names, &nnames, &name, c->rows[i].apart) * p->nvalues];
		for (size_t k = 0; k < p->nvalues; k++)
			s[k].v[at] = c->rows[i].v[k];
	}
	for (size_t i = 0; i < nnames; i++)
		free(names[i]);
	free(names);
}

static void make_columns(struct chart *c)
{
	const struct chart_plan *p = &c->plan;

	c->n = c->nrows;
	c->series = need_zeroed(p->nvalues, sizeof(*c->series));
	for (size_t k = 0; k < p->nvalues; k++) {
		add_series(c, need_copy(p->columns[p->values[k]].label), c->n);
		for (size_t i = 0; i < c->n; i++)
			c->series[k].v[i] = c->rows[i].v[k];
	}
	for (size_t i = 0; i < c->n; i++)
		c->labels[i] = need_copy(c->rows[i].label);
}

/* Brings rows of one `apart` together, in the order in which these came. */
static void gather_groups(struct chart *c)
{
	struct chart_row *rows = need_zeroed(c->nrows + 1, sizeof(*rows));
	bool *taken = need_zeroed(c->nrows + 1, sizeof(*taken));
	size_t n = 0;

	c->groups = need_zeroed(c->nrows + 1, sizeof(*c->groups));
	for (size_t i = 0; i < c->nrows; i++) {
		if (taken[i])
			continue;
		struct chart_group *g = &c->groups[c->ngroups++];
		*g = (struct chart_group){ .name = c->rows[i].apart, .first = n };
		for (size_t k = i; k < c->nrows; k++) {
			const char *apart = c->rows[k].apart;
			if (taken[k] || (g->name && strcmp(g->name, apart) != 0))
				continue;
			taken[k] = true;
			rows[n++] = c->rows[k];
		}
		g->n = n - g->first;
	}
	free(c->rows);
	free(taken);
	c->rows = rows;
}

void chart_finish(struct chart *c)
{
	if (c->plan.form == CHART_BARS && c->nrows > CHART_LARGEST)
		prune(c, CHART_LARGEST);
	if (c->plan.form == CHART_BARS)
		gather_groups(c);
	c->labels = need_zeroed(c->nrows + 1, sizeof(*c->labels));
	if (c->plan.form == CHART_STRIPS)
		make_strips(c);
	else
		make_columns(c);
}

void chart_free(struct chart *c)
{
	for (size_t i = 0; i < c->nrows; i++)
		row_free(&c->rows[i]);
	for (size_t i = 0; c->labels && i < c->n; i++)
		free(c->labels[i]);
	for (size_t k = 0; k < c->nseries; k++) {
		free(c->series[k].name);
		free(c->series[k].v);
	}
	free(c->rows);
	free(c->labels);
	free(c->series);
	free(c->groups);
}

/* --- what both ways of drawing ask --- */

bool chart_range(double *low, double *high, const struct chart *c, size_t first, size_t n)
{
	bool any = false;

	for (size_t k = 0; k < c->nseries; k++)
		for (size_t i = first; i < first + n; i++) {
			double v = c->series[k].v[i];
			if (isnan(v))
				continue;
			*low = any && *low < v ? *low : v;
			*high = any && *high > v ? *high : v;
			any = true;
		}
	return any;
}

double chart_last(const struct chart_series *s, size_t n)
{
	while (n > 0 && isnan(s->v[n - 1]))
		n--;
	return n > 0 ? s->v[n - 1] : NAN;
}

enum scale_steps chart_steps(const struct chart *c)
{
	return c->unit == FIGURE_DURATION ? SCALE_TIME : c->unit == FIGURE_WHOLE ? SCALE_WHOLE : SCALE_REAL;
}

void chart_note(struct strbuf *b, const struct chart *c)
{
	struct strbuf kept = { 0 }, all = { 0 };

	if (c->plan.form != CHART_BARS || c->seen == c->nrows)
		return;
	figure_put(&kept, FIGURE_WHOLE, (double)c->nrows);
	figure_put(&all, FIGURE_WHOLE, (double)c->seen);
	cleanup(freep) char *first = need_text(&kept), *second = need_text(&all);
	strbuf_printf(b, crm_tr("the %s largest of %s"), first, second);
}

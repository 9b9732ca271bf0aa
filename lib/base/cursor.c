/* Cursors: the common part, rows in memory, choice of columns. */
#include "base/cursor.h"
#include <crm/text.h>

int crm_cursor_next(crm_cursor *c)
{
	return c->next(c);
}

size_t crm_cursor_columns(const crm_cursor *c)
{
	return c->n;
}

const crm_column *crm_cursor_column(const crm_cursor *c, size_t i)
{
	return &c->columns[i];
}

const crm_value *crm_cursor_value(const crm_cursor *c, size_t i)
{
	return &c->values[i];
}

void crm_cursor_close(crm_cursor *c)
{
	if (c)
		c->close(c);
}

/* --- rows in memory --- */

struct rowset {
	struct crm_cursor cursor;
	struct arena mem;
	crm_value **rows;
	size_t nrows, cap, at;
	bool failed;
};

int rowset_new(struct rowset **out, const crm_column *columns, size_t n)
{
	struct rowset *r = calloc(1, sizeof(*r));

	if (!r)
		return CRM_NOMEM;
	r->cursor.columns = columns;
	r->cursor.n = n;
	*out = r;
	return CRM_OK;
}

void rowset_free(struct rowset *r)
{
	if (!r)
		return;
	free(r->rows);
	arena_free(&r->mem);
	free(r);
}

void rowset_of_field(struct rowset *r, size_t col, const crm_field *f)
{
	if (!f || r->cursor.columns[col].field == f)
		return;
	crm_column *own = arena_alloc(&r->mem, r->cursor.n * sizeof(*own));

	if (!own) {
		r->failed = true;
		return;
	}
	memcpy(own, r->cursor.columns, r->cursor.n * sizeof(*own));
	own[col].field = f;
	r->cursor.columns = own;
}

struct arena *rowset_arena(struct rowset *r)
{
	return &r->mem;
}

int rowset_begin(struct rowset *r)
{
	crm_value *row = arena_alloc(&r->mem, r->cursor.n * sizeof(*row));

	if (!row || !GROW(r->rows, r->nrows, r->cap)) {
		r->failed = true;
		return CRM_NOMEM;
	}
	r->rows[r->nrows++] = row;
	return CRM_OK;
}

static crm_value *cell(struct rowset *r, size_t col)
{
	static crm_value sink; /* where cells go once memory ran out: rowset_cursor() reports it */

	return r->failed ? &sink : &r->rows[r->nrows - 1][col];
}

void rowset_int(struct rowset *r, size_t col, int64_t v)
{
	*cell(r, col) = (crm_value){ .kind = CRM_INT, .i = v };
}

void rowset_real(struct rowset *r, size_t col, double v)
{
	*cell(r, col) = (crm_value){ .kind = CRM_DOUBLE, .d = real_settled(v) };
}

void rowset_text(struct rowset *r, size_t col, const char *s, size_t len)
{
	if (s && !r->failed)
		*cell(r, col) = (crm_value){ .kind = CRM_STRING, .s = arena_copy(&r->mem, s, len), .len = len };
}

void rowset_buf(struct rowset *r, size_t col, struct buf *b)
{
	const char *s = buf_str(b);

	r->failed |= !s;
	rowset_text(r, col, s, b->len);
}

void rowset_str(struct rowset *r, size_t col, const char *s)
{
	rowset_text(r, col, s, s ? strlen(s) : 0);
}

void rowset_value(struct rowset *r, size_t col, const crm_value *v)
{
	if (v->kind == CRM_STRING)
		rowset_text(r, col, v->s, v->len);
	else
		*cell(r, col) = *v;
}

size_t rowset_rows(const struct rowset *r)
{
	return r->nrows;
}

crm_value *rowset_row(struct rowset *r, size_t i)
{
	return r->rows[i];
}

static int rowset_next(crm_cursor *c)
{
	struct rowset *r = (struct rowset *)c;

	if (r->at == r->nrows)
		return CRM_END;
	c->values = r->rows[r->at++];
	return CRM_OK;
}

static void rowset_close(crm_cursor *c)
{
	rowset_free((struct rowset *)c);
}

int rowset_cursor(crm_cursor **out, struct rowset *r)
{
	if (r->failed || r->mem.failed) {
		rowset_free(r);
		return CRM_NOMEM;
	}
	r->cursor.next = rowset_next;
	r->cursor.close = rowset_close;
	*out = &r->cursor;
	return CRM_OK;
}

int crm_cursor_of(crm_cursor **out, const crm_column *columns, size_t ncolumns, const char *const *cells, size_t rows)
{
	struct rowset *r;

	if (rowset_new(&r, columns, ncolumns) < 0)
		return CRM_NOMEM;
	for (size_t i = 0; i < rows; i++) {
		rowset_begin(r);
		for (size_t k = 0; k < ncolumns; k++)
			rowset_str(r, k, cells[i * ncolumns + k]);
	}
	return rowset_cursor(out, r);
}

/* --- choice of columns --- */

struct projection {
	struct crm_cursor cursor;
	crm_cursor *inner;
	size_t *map;
	crm_column *columns;
};

static int projection_next(crm_cursor *c)
{
	struct projection *p = (struct projection *)c;
	int r = crm_cursor_next(p->inner);

	for (size_t i = 0; r == CRM_OK && i < c->n; i++)
		c->values[i] = p->inner->values[p->map[i]];
	return r;
}

static void projection_close(crm_cursor *c)
{
	struct projection *p = (struct projection *)c;

	crm_cursor_close(p->inner);
	free(p->map);
	free(p->columns);
	free(c->values);
	free(p);
}

size_t cursor_find_column(const crm_cursor *c, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (strlen(c->columns[i].name) == len && strncmp(c->columns[i].name, name, len) == 0)
			break;
	return i;
}

int cursor_unknown_column(const crm_cursor *inner, const char *name, size_t len, struct err *err)
{
	cleanup(freep) char *text = strndup(name, len);
	cleanup(freep) const char **names = calloc(inner->n, sizeof(*names));
	cleanup(buf_free) struct buf hint = BUF_INIT;
	const char *nearest = NULL;

	for (size_t i = 0; names && i < inner->n; i++)
		names[i] = inner->columns[i].name;
	if (names && text)
		nearest = crm_text_nearest(text, names, inner->n);
	return err_set(err, CRM_INVALID, "there is no column '%s'%s", text ? text : "", buf_nearest(&hint, nearest));
}

static int choose(struct projection *p, const char *fields, struct err *err)
{
	for (const char *f = fields;;) {
		size_t len = strcspn(f, ","), i = cursor_find_column(p->inner, f, len);

		if (i == p->inner->n)
			return cursor_unknown_column(p->inner, f, len, err);
		p->columns[p->cursor.n] = p->inner->columns[i];
		p->map[p->cursor.n++] = i;
		f += len;
		if (!*f++)
			return CRM_OK;
	}
}

int cursor_project(crm_cursor **out, crm_cursor *inner, const char *fields, struct err *err)
{
	struct projection *p;
	size_t n = 1;
	int r;

	if (!fields) {
		*out = inner;
		return CRM_OK;
	}
	for (const char *f = fields; *f; f++)
		n += *f == ',';
	p = calloc(1, sizeof(*p));
	if (!p) {
		crm_cursor_close(inner);
		return err_nomem(err);
	}
	p->inner = inner;
	p->map = calloc(n, sizeof(*p->map));
	p->columns = calloc(n, sizeof(*p->columns));
	p->cursor.values = calloc(n, sizeof(*p->cursor.values));
	r = p->map && p->columns && p->cursor.values ? choose(p, fields, err) : err_nomem(err);
	if (r < 0) {
		projection_close(&p->cursor);
		return r;
	}
	p->cursor.columns = p->columns;
	p->cursor.next = projection_next;
	p->cursor.close = projection_close;
	*out = &p->cursor;
	return CRM_OK;
}

/* --- another order --- */

struct sort_key {
	size_t column;
	bool down;
};

struct sort_keys {
	struct sort_key *v;
	size_t n;
};

struct sorted_row {
	crm_value *values;
	size_t at; /* where it stood: equal rows keep their order */
};

static int compare_values(const crm_value *a, const crm_value *b)
{
	double x = a->kind == CRM_DOUBLE ? a->d : (double)a->i, y = b->kind == CRM_DOUBLE ? b->d : (double)b->i;

	if (a->kind == CRM_STRING && b->kind == CRM_STRING)
		return strcmp(a->s, b->s);
	if (a->kind == CRM_INT && b->kind == CRM_INT)
		return a->i < b->i ? -1 : a->i > b->i;
	return x < y ? -1 : x > y;
}

static int compare_rows(const void *a, const void *b, void *payload)
{
	const struct sorted_row *x = a, *y = b;
	const struct sort_keys *keys = payload;

	for (size_t i = 0; i < keys->n; i++) {
		const crm_value *u = &x->values[keys->v[i].column], *v = &y->values[keys->v[i].column];
		int order;

		if (u->kind == CRM_NULL || v->kind == CRM_NULL) {
			if (u->kind != v->kind)
				return u->kind == CRM_NULL ? 1 : -1;
			continue;
		}
		order = compare_values(u, v);
		if (order != 0)
			return keys->v[i].down ? -order : order;
	}
	return x->at < y->at ? -1 : x->at > y->at;
}

static int read_keys(struct sort_keys *keys, const crm_cursor *inner, const char *sort, struct err *err)
{
	size_t cap = 0;

	while (*sort) {
		size_t len = strcspn(sort, ","), down = *sort == '-',
		       column = cursor_find_column(inner, sort + down, len - down);

		if (column == inner->n)
			return cursor_unknown_column(inner, sort + down, len - down, err);
		if (!GROW(keys->v, keys->n, cap))
			return err_nomem(err);
		keys->v[keys->n++] = (struct sort_key){ .column = column, .down = down };
		sort += len + (sort[len] == ',');
	}
	return CRM_OK;
}

int rowset_gather(struct rowset **out, crm_cursor *inner)
{
	struct rowset *r;
	crm_column *columns;
	int status = rowset_new(&r, NULL, inner->n);

	if (status < 0)
		return status;
	columns = arena_alloc(&r->mem, inner->n * sizeof(*columns));
	for (size_t i = 0; columns && i < inner->n; i++) {
		columns[i] = inner->columns[i];
		columns[i].name = arena_copy(&r->mem, columns[i].name, strlen(columns[i].name));
		columns[i].label = arena_copy(&r->mem, columns[i].label, strlen(columns[i].label));
	}
	r->cursor.columns = columns;
	while ((status = crm_cursor_next(inner)) == CRM_OK) {
		rowset_begin(r);
		for (size_t i = 0; i < inner->n; i++)
			rowset_value(r, i, &inner->values[i]);
	}
	if (status < 0) {
		rowset_free(r);
		return status;
	}
	*out = r;
	return CRM_OK;
}

static int sort_and_cut(struct rowset *r, struct sort_keys *keys, int64_t offset, int64_t limit)
{
	struct sorted_row *rows = calloc(r->nrows + 1, sizeof(*rows));
	size_t skip = offset > 0 && (size_t)offset < r->nrows ? (size_t)offset : offset > 0 ? r->nrows : 0;

	if (!rows)
		return CRM_NOMEM;
	for (size_t i = 0; i < r->nrows; i++)
		rows[i] = (struct sorted_row){ .values = r->rows[i], .at = i };
	qsort_r(rows, r->nrows, sizeof(*rows), compare_rows, keys);
	r->nrows -= skip;
	if (limit >= 0 && (size_t)limit < r->nrows)
		r->nrows = (size_t)limit;
	for (size_t i = 0; i < r->nrows; i++)
		r->rows[i] = rows[i + skip].values;
	free(rows);
	return CRM_OK;
}

int cursor_sort(crm_cursor **out, crm_cursor *inner, const char *sort, int64_t offset, int64_t limit, struct err *err)
{
	struct sort_keys keys = { 0 };
	struct rowset *r = NULL;
	int status = read_keys(&keys, inner, sort, err);

	if (status == CRM_OK)
		status = rowset_gather(&r, inner);
	crm_cursor_close(inner);
	if (status == CRM_OK && !r->failed && sort_and_cut(r, &keys, offset, limit) < 0)
		r->failed = true;
	free(keys.v);
	if (status < 0)
		return status;
	return rowset_cursor(out, r) < 0 ? err_nomem(err) : CRM_OK;
}

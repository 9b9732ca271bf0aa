/* Rows in groups: those that have the same value in one column and follow each other. */
#include "base/cursor.h"

struct crm_groups {
	struct crm_cursor cursor; /* of the group at hand */
	struct rowset *rows;
	crm_column *columns;
	crm_column by;
	size_t column; /* which it is; left out in the groups */
	size_t begin, at, end;
};

static int group_next(crm_cursor *cursor)
{
	crm_groups *g = (crm_groups *)cursor;
	const crm_value *row = g->at < g->end ? rowset_row(g->rows, g->at++) : NULL;

	for (size_t i = 0; row && i < cursor->n; i++)
		cursor->values[i] = row[i + (i >= g->column)];
	return row ? CRM_OK : CRM_END;
}

static void group_close(crm_cursor *cursor)
{
	crm_groups *g = (crm_groups *)cursor;

	g->at = g->end;
}

static int make(crm_groups **out, struct rowset *rows, crm_cursor *inner, size_t column)
{
	crm_groups *g = calloc(1, sizeof(*g));

	if (!g)
		return CRM_NOMEM;
	g->rows = rows;
	g->column = column;
	g->by = inner->columns[column];
	g->cursor.n = inner->n - 1;
	g->columns = calloc(inner->n, sizeof(*g->columns));
	g->cursor.values = calloc(inner->n, sizeof(*g->cursor.values));
	if (!g->columns || !g->cursor.values) {
		g->rows = NULL; /* stays the caller's */
		crm_groups_free(g);
		return CRM_NOMEM;
	}
	for (size_t i = 0; i < g->cursor.n; i++)
		g->columns[i] = inner->columns[i + (i >= column)];
	g->cursor.columns = g->columns;
	g->cursor.next = group_next;
	g->cursor.close = group_close;
	*out = g;
	return CRM_OK;
}

int cursor_groups(crm_groups **out, crm_cursor *inner, const char *by, struct err *err)
{
	size_t column = cursor_find_column(inner, by, strlen(by));
	struct rowset *rows = NULL;
	crm_cursor *all = NULL;
	int status =
		column < inner->n ? rowset_gather(&rows, inner) : cursor_unknown_column(inner, by, strlen(by), err);

	crm_cursor_close(inner);
	if (status < 0)
		return status;
	if (rowset_cursor(&all, rows) < 0)
		return err_nomem(err);
	if (make(out, rows, all, column) < 0) {
		crm_cursor_close(all);
		return err_nomem(err);
	}
	return CRM_OK;
}

static bool same(const crm_value *a, const crm_value *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == CRM_STRING)
		return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
	return a->kind == CRM_NULL || (a->kind == CRM_INT ? a->i == b->i : a->d >= b->d && a->d <= b->d);
}

int crm_groups_next(crm_cursor **rows, size_t *n, crm_groups *g)
{
	const size_t all = rowset_rows(g->rows);

	g->begin = g->at = g->end;
	if (g->begin == all)
		return CRM_END;
	while (g->end < all && same(crm_groups_value(g), &rowset_row(g->rows, g->end)[g->column]))
		g->end++;
	*rows = &g->cursor;
	*n = g->end - g->begin;
	return CRM_OK;
}

const crm_value *crm_groups_value(const crm_groups *g)
{
	return &rowset_row(g->rows, g->begin)[g->column];
}

const crm_column *crm_groups_column(const crm_groups *g)
{
	return &g->by;
}

void crm_groups_free(crm_groups *g)
{
	if (!g)
		return;
	rowset_free(g->rows);
	free(g->columns);
	free(g->cursor.values);
	free(g);
}

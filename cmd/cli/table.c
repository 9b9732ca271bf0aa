/*
 * table: columns fitted to their cells and to the terminal.
 *
 * The first rows are kept to find the widths; the rest streams with these, so that a table of a million rows needs
 * no more memory than one of a thousand.
 */
#include "cli/writer.h"

#include <stdlib.h>

enum {
	SAMPLE_ROWS = 1000,
	SAMPLE_BYTES = 1 << 20,
	GAP = 2,
	NARROWEST = 8
};

static const char ellipsis[] = "\u2026";

struct table_cell {
	size_t at, len, width; /* text escaped, in table.text */
	size_t mark, marks;    /* which of table.marks are in it */
};

/* Bytes of a cell that stand out, counted from its beginning. */
struct table_mark {
	size_t from, to;
};

struct table_column {
	size_t width;         /* what the column takes */
	size_t limit;         /* wider cells are cut to it */
	size_t widest;        /* cell of the sample, without the title */
	bool right;           /* numbers stand at the right */
	bool whole;           /* a cut number or time would be another one */
	bool numbers, others; /* kinds of values met in the sample */
};

struct table {
	struct strbuf text;
	struct table_cell *cells; /* titles, then the rows of the sample; when streaming, the current row alone */
	size_t ncells, cap;
	size_t nrows;
	struct table_column *columns;
	struct table_mark *marks;
	size_t nmarks, marks_cap;
	size_t marked; /* the column that has them; or none of the columns */
	bool streaming;
};

/* --- gathering --- */

/* Makes room for one more in an array of n. */
static bool make_room(void **v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return true;
	size_t more = *cap ? *cap * 2 : 64;
	void *grown = more <= SIZE_MAX / size ? realloc(*v, more * size) : NULL;
	if (!grown)
		return false;
	*v = grown;
	*cap = more;
	return true;
}

static bool add_cell(struct table *t, const char *s, size_t len)
{
	if (!make_room((void **)&t->cells, t->ncells, &t->cap, sizeof(*t->cells)))
		return false;
	size_t at = t->text.len;
	strbuf_escape(&t->text, s, len, CRM_ESCAPE_LINE);
	if (t->text.failed)
		return false;
	len = t->text.len - at;
	t->cells[t->ncells++] = (struct table_cell){ at, len, len ? crm_text_width(t->text.s + at, len) : 0, 0, 0 };
	return true;
}

/* Where the byte `at` of a text is once the text is escaped. */
static size_t escaped_at(const char *s, size_t len, size_t at)
{
	return crm_text_escape(NULL, 0, s, at < len ? at : len, CRM_ESCAPE_LINE);
}

/* The marks of the cell that was added last, whose text is s: "3-9 20-26". */
static bool add_marks(struct table *t, const char *s, size_t len, const char *marks)
{
	struct table_cell *cell = &t->cells[t->ncells - 1];

	cell->mark = t->nmarks;
	while (*marks >= '0' && *marks <= '9') {
		char *end;
		size_t from = strtoul(marks, &end, 10), to = strtoul(end + (*end == '-'), &end, 10);

		if (!make_room((void **)&t->marks, t->nmarks, &t->marks_cap, sizeof(*t->marks)))
			return false;
		t->marks[t->nmarks++] = (struct table_mark){ escaped_at(s, len, from), escaped_at(s, len, to) };
		cell->marks++;
		marks = end + (*end == ' ');
	}
	return true;
}

static bool add_row(struct rows *r)
{
	struct table *t = r->state;

	for (size_t i = 0; i < r->ncolumns; i++) {
		const crm_value *v = crm_cursor_value(r->cursor, i);
		struct table_column *col = &t->columns[i];
		struct span text = cell_human(&r->cells, r->columns[i], v);
		if (r->cells.large.failed || !add_cell(t, text.s, text.len))
			return false;
		const crm_value *marks = i == t->marked ? crm_cursor_value(r->cursor, r->ncolumns) : NULL;
		if (marks && marks->kind == CRM_STRING && !add_marks(t, text.s, text.len, marks->s))
			return false;
		col->numbers |= v->kind == CRM_INT || v->kind == CRM_DOUBLE;
		col->others |= v->kind == CRM_STRING;
	}
	return true;
}

static void forget_cells(struct table *t)
{
	strbuf_truncate(&t->text, 0);
	t->ncells = t->nmarks = 0;
}

/* --- widths --- */

/* What a column may be shrunk to. */
static size_t narrowest(const struct table_column *col)
{
	size_t least = col->whole ? col->widest : NARROWEST;
	return least < col->width ? least : col->width;
}

/* Takes columns from the widest of those that can spare one, the last of equals, until the line fits. */
static void shrink(struct table_column *columns, size_t n, size_t available)
{
	size_t total = (n - 1) * GAP;

	for (size_t i = 0; i < n; i++) {
		if (!columns[i].whole && columns[i].width > available)
			columns[i].width = available;
		total += columns[i].width;
	}
	while (total > available) {
		struct table_column *widest = NULL;
		for (size_t i = 0; i < n; i++) {
			struct table_column *col = &columns[i];
			if (col->width > narrowest(col) && (!widest || col->width >= widest->width))
				widest = col;
		}
		if (!widest)
			break; /* the terminal is too narrow for so many columns: its lines wrap */
		widest->width--;
		total--;
	}
}

static void set_alignment(const crm_column *described, struct table_column *col)
{
	if (column_is_number(described)) {
		col->right = col->whole = true;
		return;
	}
	switch (described->type) {
	case CRM_TIME:
	case CRM_DATE:
	case CRM_BOOL:
		col->whole = true;
		break;
	default: /* ids in references, numbers of a query whose columns have no type */
		col->right = col->whole = col->numbers && !col->others;
		break;
	}
}

static void fit(struct rows *r)
{
	struct table *t = r->state;
	size_t used = 0, last = r->ncolumns - 1;

	for (size_t i = 0; i < t->ncells; i++) {
		struct table_column *col = &t->columns[i % r->ncolumns];
		size_t width = t->cells[i].width;
		bool title = r->set->header != 0 && i < r->ncolumns;
		if (width > col->width)
			col->width = width;
		if (!title && width > col->widest)
			col->widest = width;
	}
	for (size_t i = 0; i < r->ncolumns; i++)
		set_alignment(r->columns[i], &t->columns[i]);
	if (r->set->width > 0)
		shrink(t->columns, r->ncolumns, r->set->width);
	for (size_t i = 0; i < r->ncolumns; i++) {
		struct table_column *col = &t->columns[i];
		col->limit = r->set->width > 0 ? col->width : SIZE_MAX;
		if (i == last && r->set->width > used + col->width)
			col->limit = r->set->width - used; /* nothing stands behind it */
		used += col->width + GAP;
	}
}

/* --- writing --- */

/* Writes the first `len` bytes of a cell's text, and what is marked in it in colour. */
static void put_marked(struct out *o, const struct table *t, const struct table_cell *cell, size_t len)
{
	const char *s = t->text.s + cell->at;
	size_t at = 0;

	for (size_t i = 0; i < cell->marks; i++) {
		const struct table_mark *m = &t->marks[cell->mark + i];
		size_t from = m->from < len ? m->from : len, to = m->to < len ? m->to : len;

		if (from < at || from >= to)
			continue;
		out_put(o, s + at, from - at);
		out_puts(o, "\033[1;31m");
		out_put(o, s + from, to - from);
		out_puts(o, "\033[0m");
		at = to;
	}
	out_put(o, s + at, len - at);
}

/* Writes a cell's text, cut if it must be; returns its width. */
static size_t put_text(struct out *o, const struct table *t, const struct table_cell *cell, size_t limit)
{
	const char *s = t->text.s + cell->at;

	if (cell->width <= limit || limit == 0) {
		put_marked(o, t, cell, cell->len);
		return cell->width;
	}
	size_t len = crm_text_fit(s, cell->len, limit - 1);
	put_marked(o, t, cell, len);
	out_put(o, ellipsis, sizeof(ellipsis) - 1);
	return crm_text_width(s, len) + 1;
}

/* One line, without blanks at its end. */
static void put_line(struct rows *r, const struct table_cell *cells, bool title)
{
	struct table *t = r->state;
	size_t pending = 0; /* blanks due before the next text */

	for (size_t i = 0; i < r->ncolumns; i++) {
		const struct table_column *col = &t->columns[i];
		const struct table_cell *cell = &cells[i];
		size_t before = col->right && cell->width < col->width ? col->width - cell->width : 0;
		if (cell->len == 0) {
			pending += col->width + GAP;
			continue;
		}
		out_blanks(r->out, pending + before);
		size_t limit = col->whole && !title ? SIZE_MAX : col->limit;
		size_t width = before + put_text(r->out, t, cell, limit);
		pending = (width < col->width ? col->width - width : 0) + GAP;
	}
}

static void put_title(struct rows *r)
{
	struct table *t = r->state;

	if (r->set->color)
		out_puts(r->out, "\033[1m");
	put_line(r, t->cells, true);
	out_puts(r->out, r->set->color ? "\033[0m\n" : "\n");
}

static void put_sample(struct rows *r)
{
	struct table *t = r->state;
	size_t done = 0;

	fit(r);
	if (r->set->header != 0) {
		put_title(r);
		done = r->ncolumns;
	}
	for (; done < t->ncells; done += r->ncolumns) {
		put_line(r, t->cells + done, false);
		out_putc(r->out, '\n');
	}
	forget_cells(t);
	t->streaming = true;
}

/* --- the writer --- */

/* The last column says what is marked: it is none for the reader. */
static void find_marked(struct rows *r, struct table *t)
{
	t->marked = SIZE_MAX;
	if (!r->set->marked || r->ncolumns < 2)
		return;
	r->ncolumns--;
	for (size_t i = 0; i < r->ncolumns; i++)
		if (strcmp(r->columns[i]->name, r->set->marked) == 0)
			t->marked = i;
}

static int table_begin(struct rows *r)
{
	struct table *t = r->state = calloc(1, sizeof(*t));
	if (!t)
		return CRM_NOMEM;
	find_marked(r, t);
	t->columns = calloc(r->ncolumns + 1, sizeof(*t->columns));
	if (!t->columns)
		return CRM_NOMEM;
	for (size_t i = 0; i < r->ncolumns && r->set->header != 0; i++) {
		const char *title = rows_title(r, i);
		if (!add_cell(t, title, strlen(title)))
			return CRM_NOMEM;
	}
	return CRM_OK;
}

static int table_row(struct rows *r)
{
	struct table *t = r->state;

	if (!add_row(r))
		return CRM_NOMEM;
	if (t->streaming) {
		put_line(r, t->cells, false);
		out_putc(r->out, '\n');
		forget_cells(t);
	} else if (++t->nrows == SAMPLE_ROWS || t->text.len >= SAMPLE_BYTES) {
		put_sample(r);
	}
	return CRM_OK;
}

static int table_end(struct rows *r)
{
	struct table *t = r->state;

	if (!t->streaming && t->nrows > 0)
		put_sample(r);
	return CRM_OK;
}

static void table_release(struct rows *r)
{
	struct table *t = r->state;

	if (!t)
		return;
	strbuf_free(&t->text);
	free(t->cells);
	free(t->marks);
	free(t->columns);
	free(t);
}

const struct writer rows_table = {
	.begin = table_begin,
	.row = table_row,
	.end = table_end,
	.release = table_release,
};

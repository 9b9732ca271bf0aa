/*
 * table: columns fitted to their cells and to the terminal.
 *
 * The first rows are kept to find the widths; the rest streams with these, so that a table of a million rows needs
 * no more memory than one of a thousand.
 *
 * Where the terminal is too narrow, wide texts are cut first, down to what can still be recognised; ids, numbers, times
 * and phone numbers never are. If that is not enough, columns are left out, which is said below the table; and where the
 * columns were asked for, each row becomes a card, a field a line.
 */
#include "cli/lines.h"
#include "cli/words.h"
#include "cli/writer.h"

#include <stdlib.h>

enum {
	SAMPLE_ROWS = 1000,
	SAMPLE_BYTES = 1 << 20,
	GAP = 2,
	NARROWEST = 8,
	TITLE = 6 /* what is left of a title at least */
};

static const char ellipsis[] = "\u2026";

struct table_cell {
	size_t at, len, width; /* text escaped, in table.text */
	size_t mark, marks;    /* which of table.marks are in it */
	bool alarm;
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
	size_t title;         /* columns of the title */
	bool left_out;        /* for want of room */
};

struct table {
	struct strbuf text;
	struct table_cell *cells; /* titles, then the rows of the sample; when streaming, the current row alone */
	size_t ncells, cap;
	size_t nrows;   /* in the sample */
	size_t written; /* cards */
	struct table_column *columns;
	struct table_mark *marks;
	size_t nmarks, marks_cap;
	size_t marked; /* the column that has them; or none of the columns */
	bool cards;    /* a field a line instead of a row a line */
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

static bool add_cell(struct table *t, const struct out_settings *set, const char *s, size_t len)
{
	if (!make_room((void **)&t->cells, t->ncells, &t->cap, sizeof(*t->cells)))
		return false;
	size_t at = t->text.len;
	strbuf_escape(&t->text, s, len, CRM_ESCAPE_LINE);
	if (t->text.failed)
		return false;
	len = t->text.len - at;
	t->cells[t->ncells++] =
		(struct table_cell){ at, len, len ? line_width(set, t->text.s + at, len) : 0, 0, 0, false };
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
		if (r->cells.large.failed || !add_cell(t, r->set, text.s, text.len))
			return false;
		t->cells[t->ncells - 1].alarm = line_alarms(r->columns[i], v);
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

/* What a column may be shrunk to: a title stays readable, what must not be cut whole. */
static size_t narrowest(const struct table_column *col)
{
	size_t title = col->title < TITLE ? col->title : TITLE, least = col->whole ? col->widest : NARROWEST;

	least = least > title ? least : title;
	return least < col->width ? least : col->width;
}

static size_t least_width(const struct table_column *columns, size_t n)
{
	size_t total = 0;

	for (size_t i = 0; i < n; i++)
		if (!columns[i].left_out)
			total += (total ? GAP : 0) + narrowest(&columns[i]);
	return total;
}

/* Which columns are missed least: words of a list and references say less than text, times and numbers. */
static bool is_minor(const crm_column *described)
{
	return described->type == CRM_ENUM || described->type == CRM_BOOL || described->type == CRM_REF;
}

/*
 * The column to leave out next: an empty one, else the last of the minor ones, else the last text. The first column and
 * the first text, which say what the row is about, stay. NULL: none is left.
 */
static struct table_column *least_missed(const struct rows *r)
{
	const struct table *t = r->state;
	struct table_column *found = NULL;
	int best = 0;
	bool text = false;

	for (size_t i = 0; i < r->ncolumns; i++) {
		struct table_column *col = &t->columns[i];
		const bool first = i == 0 || (!col->whole && !text);
		const int rank = first || col->left_out    ? 0
				 : col->widest == 0        ? 3
				 : is_minor(r->columns[i]) ? 2
				 : !col->whole             ? 1
							   : 0;

		text |= !col->whole;
		if (rank > 0 && rank >= best) {
			best = rank;
			found = col;
		}
	}
	return found;
}

/* Leaves out columns until there is room; false when that is not enough. */
static bool leave_out(struct rows *r)
{
	const struct table *t = r->state;

	while (least_width(t->columns, r->ncolumns) > r->set->width) {
		struct table_column *col = least_missed(r);

		if (!col)
			return false;
		col->left_out = true;
	}
	return true;
}

/* Takes columns from the widest of those that can spare one, the last of equals, until the line fits. */
static void shrink(struct table_column *columns, size_t n, size_t available)
{
	size_t total = 0;

	for (size_t i = 0; i < n; i++)
		if (!columns[i].left_out)
			total += (total ? GAP : 0) + columns[i].width;
	while (total > available) {
		struct table_column *widest = NULL;

		for (size_t i = 0; i < n; i++) {
			struct table_column *col = &columns[i];

			if (!col->left_out && col->width > narrowest(col) && (!widest || col->width >= widest->width))
				widest = col;
		}
		if (!widest)
			break;
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
	case CRM_PHONE:
		col->whole = true;
		break;
	default: /* ids in references, numbers of a query whose columns have no type */
		col->right = col->whole = col->numbers && !col->others;
		break;
	}
}

static void measure(struct rows *r)
{
	struct table *t = r->state;

	for (size_t i = 0; i < t->ncells; i++) {
		struct table_column *col = &t->columns[i % r->ncolumns];
		size_t width = t->cells[i].width;

		if (width > col->width)
			col->width = width;
		if (r->set->header != 0 && i < r->ncolumns)
			col->title = width;
		else if (width > col->widest)
			col->widest = width;
	}
	for (size_t i = 0; i < r->ncolumns; i++)
		set_alignment(r->columns[i], &t->columns[i]);
}

static void fit(struct rows *r)
{
	struct table *t = r->state;
	size_t used = 0, last = 0;

	measure(r);
	if (r->set->width > 0 && least_width(t->columns, r->ncolumns) > r->set->width)
		t->cards = r->set->chosen || !leave_out(r);
	if (t->cards) {
		for (size_t i = 0; i < r->ncolumns; i++)
			t->columns[i].left_out = false;
		return;
	}
	if (r->set->width > 0)
		shrink(t->columns, r->ncolumns, r->set->width);
	for (size_t i = 0; i < r->ncolumns; i++)
		if (!t->columns[i].left_out)
			last = i;
	for (size_t i = 0; i < r->ncolumns; i++) {
		struct table_column *col = &t->columns[i];

		if (col->left_out)
			continue;
		col->limit = r->set->width > 0 ? col->width : SIZE_MAX;
		if (i == last && r->set->width > used + col->width)
			col->limit = r->set->width - used; /* nothing stands behind it */
		used += col->width + GAP;
	}
}

/* --- writing --- */

/* Writes the first `len` bytes of a cell's text, and what is marked in it in colour. */
static void put_marked(const struct rows *r, const struct table_cell *cell, size_t len)
{
	const struct table *t = r->state;
	const char *s = t->text.s + cell->at;
	size_t at = 0;

	for (size_t i = 0; i < cell->marks; i++) {
		const struct table_mark *m = &t->marks[cell->mark + i];
		size_t from = m->from < len ? m->from : len, to = m->to < len ? m->to : len;

		if (from < at || from >= to)
			continue;
		out_put(r->out, s + at, from - at);
		line_put(r->out, r->set, LINE_ALARM, s + from, to - from);
		at = to;
	}
	line_put(r->out, r->set, cell->alarm ? LINE_ALARM : LINE_PLAIN, s + at, len - at);
}

/* Writes a cell's text, cut if it must be; returns its width. */
static size_t put_text(const struct rows *r, const struct table_cell *cell, size_t limit)
{
	const struct table *t = r->state;
	const size_t sign = line_width(r->set, ellipsis, sizeof(ellipsis) - 1);
	const char *s = t->text.s + cell->at;

	if (cell->width <= limit || limit < sign) {
		put_marked(r, cell, cell->len);
		return cell->width;
	}
	size_t len = crm_text_fit_as(s, cell->len, limit - sign, r->set->ambiguous);
	put_marked(r, cell, len);
	out_put(r->out, ellipsis, sizeof(ellipsis) - 1);
	return line_width(r->set, s, len) + sign;
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
		if (col->left_out)
			continue;
		if (cell->len == 0) {
			pending += col->width + GAP;
			continue;
		}
		out_blanks(r->out, pending + before);
		size_t limit = col->whole && !title ? SIZE_MAX : col->limit;
		size_t width = before + put_text(r, cell, limit);
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

/* A row as a card: `Title: text`, what is empty left out. */
static void put_card(struct rows *r, const struct table_cell *cells)
{
	struct table *t = r->state;
	size_t widest = 0;

	for (size_t i = 0; i < r->ncolumns; i++) {
		const char *title = rows_title(r, i);
		size_t width = line_width(r->set, title, strlen(title));

		if (cells[i].len > 0 && width > widest)
			widest = width;
	}
	out_puts(r->out, t->written++ ? "\n" : "");
	for (size_t i = 0; i < r->ncolumns; i++) {
		const char *title = rows_title(r, i);
		const size_t column = widest + 2;

		if (cells[i].len == 0)
			continue;
		line_label(r->out, r->set, title, strlen(title));
		out_blanks(r->out, column - 1 - line_width(r->set, title, strlen(title)));
		line_text(r->out, r->set, cells[i].alarm ? LINE_ALARM : LINE_PLAIN, t->text.s + cells[i].at,
			cells[i].len, column, column);
	}
}

static void put_row(struct rows *r, const struct table_cell *cells)
{
	const struct table *t = r->state;

	if (t->cards) {
		put_card(r, cells);
		return;
	}
	put_line(r, cells, false);
	out_putc(r->out, '\n');
}

static void put_sample(struct rows *r)
{
	struct table *t = r->state;
	size_t done = 0;

	fit(r);
	if (r->set->header != 0) {
		if (!t->cards)
			put_title(r);
		done = r->ncolumns;
	}
	for (; done < t->ncells; done += r->ncolumns)
		put_row(r, t->cells + done);
	forget_cells(t);
	t->streaming = true;
}

/* Nothing is left out silently. */
static void put_left_out(struct rows *r)
{
	struct table *t = r->state;
	cleanup(strbuf_freep) struct strbuf titles = { 0 }, line = { 0 };

	for (size_t i = 0; i < r->ncolumns; i++)
		if (t->columns[i].left_out) {
			const char *title = rows_title(r, i);

			strbuf_puts(&titles, titles.len ? ", " : "");
			strbuf_escape(&titles, title, strlen(title), CRM_ESCAPE_LINE);
		}
	if (titles.len == 0)
		return;
	strbuf_printf(&line, crm_tr("(no room for: %s; --fields chooses)"), titles.s);
	line_text(r->out, r->set, LINE_PLAIN, need_str(&line), line.len, 0, 0);
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
		if (!add_cell(t, r->set, title, strlen(title)))
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
		put_row(r, t->cells);
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
	put_left_out(r);
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

#include "exchange/sample.h"

enum {
	SAMPLE_ROWS = 100,
	HEADER_WITHIN = 10
};

struct scan {
	const char *s;
	size_t len, pos, line;
	const struct sample_form *form;
};

struct text {
	const char *s;
	size_t len;
};

struct shape {
	size_t offset, line; /* where the row begins */
	size_t cells, filled;
	struct text first; /* of the filled cells */
	bool differ;       /* two filled cells are not the same */
	bool number;       /* a cell is a mere number */
	bool prose;        /* a cell after the first begins with a blank, as after a comma in a sentence */
	bool broken;       /* a quote where none may be */
	bool after_blank;  /* a blank line stands before it */
	bool ended;        /* false: the text ends first */
};

static bool is_newline(char c)
{
	return c == '\n' || c == '\r';
}

/* Also of dates and times: what stands in rows, not above them. */
static bool is_number(struct text t)
{
	bool digit = false;

	for (size_t i = 0; i < t.len; i++) {
		digit |= ascii_digit(t.s[i]);
		if (!ascii_digit(t.s[i]) && (!t.s[i] || !strchr(".,+-%/: ", t.s[i])))
			return false;
	}
	return digit;
}

static void take_cell(struct shape *row, struct text t, char quote)
{
	size_t blank = 0;

	row->prose |= row->cells > 0 && t.len > 0 && *t.s == ' ';
	row->cells++;
	if (quote && t.len >= 2 && *t.s == quote && t.s[t.len - 1] == quote)
		t = (struct text){ t.s + 1, t.len - 2 };
	while (blank < t.len && ascii_blank(t.s[blank]))
		blank++;
	if (blank == t.len)
		return;
	row->number |= is_number(t);
	if (row->filled++ == 0)
		row->first = t;
	row->differ |= t.len != row->first.len || memcmp(t.s, row->first.s, t.len) != 0;
}

/* Passes over one row as libcsv would read it. */
static void scan_row(struct scan *c, struct shape *row)
{
	enum {
		AT_START,
		UNQUOTED,
		QUOTED,
		CLOSED
	} state = AT_START;
	size_t cell = c->pos;

	row->offset = c->pos;
	row->line = c->line;
	for (; c->pos < c->len; c->pos++) {
		char ch = c->s[c->pos];

		if (state == QUOTED) {
			if (ch == c->form->quote)
				state = CLOSED;
			c->line += ch == '\n' || (ch == '\r' && (c->pos + 1 == c->len || c->s[c->pos + 1] != '\n'));
		} else if (is_newline(ch) || ch == c->form->delimiter) {
			take_cell(row, (struct text){ c->s + cell, c->pos - cell }, c->form->quote);
			cell = c->pos + 1;
			state = AT_START;
			if (is_newline(ch))
				break;
		} else if (c->form->quote && ch == c->form->quote) {
			row->broken |= state == UNQUOTED;
			state = state == UNQUOTED ? UNQUOTED : QUOTED;
		} else {
			row->broken |= state == CLOSED;
			state = UNQUOTED;
		}
	}
	row->ended = c->pos < c->len;
	if (!row->ended) {
		take_cell(row, (struct text){ c->s + cell, c->len - cell }, c->form->quote);
		row->broken |= state == QUOTED;
	}
}

/* Passes over the end of a line; false when there is none. */
static bool skip_newline(struct scan *c)
{
	if (c->pos == c->len || !is_newline(c->s[c->pos]))
		return false;
	c->pos += c->s[c->pos] == '\r' && c->pos + 1 < c->len && c->s[c->pos + 1] == '\n' ? 2 : 1;
	c->line++;
	return true;
}

/* The next row that is neither blank nor a comment; false at the end of the text. */
static bool next_row(struct scan *c, struct shape *row, bool first)
{
	*row = (struct shape){ 0 };
	if (!first)
		skip_newline(c);
	for (;;) {
		if (skip_newline(c)) {
			row->after_blank = true;
		} else if (c->pos < c->len && c->form->comment && c->s[c->pos] == c->form->comment) {
			while (c->pos < c->len && !is_newline(c->s[c->pos]))
				c->pos++;
			skip_newline(c);
		} else {
			break;
		}
	}
	if (c->pos == c->len)
		return false;
	scan_row(c, row);
	return true;
}

static struct sample fit_from(const struct shape *rows, size_t n, size_t header)
{
	struct sample fit = { .columns = rows[header].cells };

	for (size_t i = header; i < n; i++) {
		bool alike = rows[i].cells == fit.columns && !rows[i].broken;

		/* What the sample cuts off counts for what it has, not against it. */
		if (!rows[i].ended && !alike && i > header)
			continue;
		fit.rows++;
		fit.alike += alike;
	}
	return fit;
}

static bool looks_like_header(const struct shape *rows, size_t n, size_t i)
{
	struct sample fit = fit_from(rows, n, i);

	return rows[i].differ && !rows[i].number && !rows[i].broken && fit.rows > 1 &&
	       (fit.alike - 1) * 2 > fit.rows - 1;
}

/* Whether the rows before a header are titles and remarks rather than a header and rows of another table. */
static bool only_titles_before(const struct shape *rows, size_t header)
{
	bool apart = rows[header].after_blank || rows[header - 1].filled == 0;

	for (size_t i = 0; i < header; i++)
		if (rows[i].filled > 1 && !rows[i].prose && !(apart && rows[i].filled < rows[header].filled))
			return false;
	return true;
}

static size_t find_header(const struct shape *rows, size_t n)
{
	if (n == 0 || looks_like_header(rows, n, 0))
		return 0;
	for (size_t i = 1; i < n && i < HEADER_WITHIN; i++)
		if (!rows[i].prose && looks_like_header(rows, n, i) && only_titles_before(rows, i))
			return i;
	return 0;
}

struct sample sample_take(const char *s, size_t len, const struct sample_form *form, bool header_first)
{
	struct scan c = { .s = s, .len = len, .form = form };
	struct shape rows[SAMPLE_ROWS];
	struct sample fit;
	size_t n = 0, header;

	while (n < SAMPLE_ROWS && next_row(&c, &rows[n], n == 0))
		n++;
	if (n == 0)
		return (struct sample){ 0 };
	header = header_first ? 0 : find_header(rows, n);
	fit = fit_from(rows, n, header);
	if (header > 0) {
		fit.offset = rows[header].offset;
		fit.lines = rows[header].line;
	}
	return fit;
}

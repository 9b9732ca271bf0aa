/*
 * Cells as csv. Rows are padded to the width of the header, which an import wants: a sheet only says where its cells are.
 * The header is looked for among the first rows, which are held back until then; titles above it stay short.
 */
#include "helpers/xlsx.h"

#include <string.h>

enum {
	HELD_BYTES_MAX = 4 << 20
};

static void add_cell(struct strbuf *b, const char *s, size_t len)
{
	bool quoted = s[0] == ' ' || s[0] == '\t' || s[len - 1] == ' ' || s[len - 1] == '\t' || strpbrk(s, ",\"\r\n");

	if (!quoted) {
		strbuf_add(b, s, len);
		return;
	}
	strbuf_puts(b, "\"");
	for (const char *quote; (quote = strchr(s, '"')); s = quote + 1) {
		strbuf_add(b, s, (size_t)(quote - s) + 1);
		strbuf_puts(b, "\"");
	}
	strbuf_puts(b, s);
	strbuf_puts(b, "\"");
}

void csv_sheet_cell(struct csv_sheet *c, unsigned row, unsigned column, const char *s, size_t len)
{
	for (; c->cells == 0 && c->lines + 1 < row; c->lines++)
		strbuf_puts(&c->line, "\n");
	for (; c->cells < column; c->cells++)
		if (c->cells > 0)
			strbuf_puts(&c->line, ",");
	add_cell(&c->line, s, len);
	for (; (s = strchr(s, '\n')); s++)
		c->lines++;
}

static void write_row(struct csv_sheet *c, const char *s, size_t len, unsigned cells)
{
	out_write(c->out, s, len);
	for (; cells < c->width; cells++)
		out_puts(c->out, ",");
	out_puts(c->out, "\n");
}

/* Of the rows held back the first that at least half of those behind it are not wider than. */
static size_t find_header(const struct csv_sheet *c)
{
	size_t i = 0;

	for (; i + 1 < c->nheld; i++) {
		size_t wider = 0;
		for (size_t k = i + 1; k < c->nheld; k++)
			wider += c->widths[k] > c->widths[i];
		if (2 * wider <= c->nheld - i - 1)
			break;
	}
	return i;
}

static void release_held(struct csv_sheet *c)
{
	size_t header = find_header(c), from = 0;

	for (size_t i = 0; i < c->nheld; i++) {
		c->width = i < header ? 0 : c->widths[header];
		write_row(c, c->held.s + from, c->ends[i] - from, c->widths[i]);
		from = c->ends[i];
	}
	strbuf_free(&c->held);
	c->nheld = 0;
}

void csv_sheet_end_row(struct csv_sheet *c)
{
	if (c->cells == 0)
		return;
	need(c->line.failed ? NULL : c);
	if (c->width == 0) {
		strbuf_add(&c->held, c->line.s, c->line.len);
		need(c->held.failed ? NULL : c);
		c->ends[c->nheld] = c->held.len;
		c->widths[c->nheld++] = c->cells;
		if (c->nheld == CSV_ROWS_HELD || c->held.len > HELD_BYTES_MAX)
			release_held(c);
	} else {
		write_row(c, c->line.s, c->line.len, c->cells);
	}
	c->lines++;
	c->cells = 0;
	strbuf_truncate(&c->line, 0);
}

void csv_sheet_end(struct csv_sheet *c, bool whole)
{
	if (whole)
		release_held(c);
	strbuf_free(&c->held);
	strbuf_free(&c->line);
}

/*
 * markdown: a table as wikis and GitHub have it. Nothing in a cell acts as mark-up: it looks as it does in a list. A single
 * record is a table of its fields.
 */
#include "cli/writer.h"

#include <stdlib.h>

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

/* Of an underscore in the middle of a word nothing is made, nor of an ampersand that begins no entity. */
static bool is_markup(const char *s, size_t i, size_t len)
{
	size_t end = i + 1;

	switch (s[i]) {
	case '\\':
	case '`':
	case '*':
	case '[':
	case '<':
	case '|':
	case '~':
		return true;
	case '_':
		return i == 0 || !is_alnum(s[i - 1]) || i + 1 == len || !is_alnum(s[i + 1]);
	case '&':
		while (end < len && (is_alnum(s[end]) || s[end] == '#'))
			end++;
		return end > i + 1 && end < len && s[end] == ';';
	default:
		return false;
	}
}

static void put_line(struct rows *r, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (is_markup(s, i, len))
			out_putc(r->out, '\\');
		out_putc(r->out, s[i] == '\t' ? ' ' : s[i]);
	}
}

/* A cell has no lines: they are broken by <br>. */
static void put_text(struct rows *r, const char *s, size_t len)
{
	struct strbuf *shown = r->state;

	while (len > 0) {
		const char *end = memchr(s, '\n', len);
		const size_t line = end ? (size_t)(end - s) : len;

		strbuf_truncate(shown, 0);
		strbuf_escape(shown, s, line - (end && line > 0 && s[line - 1] == '\r'), CRM_ESCAPE_KEEP_LINES);
		if (!shown->failed && shown->len > 0)
			put_line(r, shown->s, shown->len);
		if (end)
			out_puts(r->out, "<br>");
		s += line + (end != NULL);
		len -= line + (end != NULL);
	}
}

static void put_cell(struct rows *r, size_t i)
{
	struct span text = cell_human(&r->cells, r->columns[i], crm_cursor_value(r->cursor, i));

	put_text(r, text.s, text.len);
}

static int status_of(const struct rows *r)
{
	const struct strbuf *shown = r->state;

	return shown->failed || r->cells.large.failed ? CRM_NOMEM : CRM_OK;
}

static int markdown_begin(struct rows *r)
{
	r->state = calloc(1, sizeof(struct strbuf));
	if (!r->state)
		return CRM_NOMEM;
	if (r->set->header == 0)
		return CRM_OK;
	if (r->set->single) {
		out_puts(r->out, "| field | value |\n| --- | --- |\n");
		return CRM_OK;
	}
	for (size_t i = 0; i < r->ncolumns; i++) {
		const char *title = rows_title(r, i);

		out_puts(r->out, i ? " | " : "| ");
		put_text(r, title, strlen(title));
	}
	out_puts(r->out, " |\n");
	for (size_t i = 0; i < r->ncolumns; i++) {
		out_puts(r->out, i ? " | " : "| ");
		out_puts(r->out, column_is_number(r->columns[i]) ? "---:" : "---");
	}
	out_puts(r->out, " |\n");
	return status_of(r);
}

static int put_fields(struct rows *r)
{
	for (size_t i = 0; i < r->ncolumns; i++) {
		const char *title = rows_title(r, i);

		if (crm_cursor_value(r->cursor, i)->kind == CRM_NULL)
			continue;
		out_puts(r->out, "| ");
		put_text(r, title, strlen(title));
		out_puts(r->out, " | ");
		put_cell(r, i);
		out_puts(r->out, " |\n");
	}
	return status_of(r);
}

static int markdown_row(struct rows *r)
{
	if (r->set->single)
		return put_fields(r);
	for (size_t i = 0; i < r->ncolumns; i++) {
		out_puts(r->out, i ? " | " : "| ");
		put_cell(r, i);
	}
	out_puts(r->out, " |\n");
	return status_of(r);
}

static void markdown_release(struct rows *r)
{
	if (r->state)
		strbuf_free(r->state);
	free(r->state);
}

const struct writer rows_markdown = { .begin = markdown_begin, .row = markdown_row, .release = markdown_release };

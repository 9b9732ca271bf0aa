/* record: `label: value`, a field a line, records apart by an empty line; fields without a value are left out. */
#include "cli/lines.h"
#include "cli/writer.h"

#include <stdlib.h>

struct title {
	size_t at, len, width; /* escaped, in record.titles */
};

struct record {
	struct out_settings set; /* no colour but on a terminal, for what reads records */
	struct strbuf text;      /* of the titles */
	struct title *titles;
	struct strbuf line; /* of a value, escaped */
};

static int record_begin(struct rows *r)
{
	struct record *rec = r->state = calloc(1, sizeof(*rec));
	if (!rec)
		return CRM_NOMEM;
	rec->set = *r->set;
	rec->set.color = r->set->color && r->set->terminal;
	rec->titles = calloc(r->ncolumns + 1, sizeof(*rec->titles));
	if (!rec->titles)
		return CRM_NOMEM;
	for (size_t i = 0; i < r->ncolumns; i++) {
		const char *title = rows_title(r, i);
		size_t at = rec->text.len;
		strbuf_escape(&rec->text, title, strlen(title), CRM_ESCAPE_LINE);
		if (rec->text.failed)
			return CRM_NOMEM;
		size_t len = rec->text.len - at;
		rec->titles[i] = (struct title){ at, len, line_width(r->set, rec->text.s + at, len) };
	}
	return CRM_OK;
}

/* Takes the next line of a text; a line may end with CR LF. False at the end. */
static bool next_line(struct span *rest, struct span *line)
{
	if (rest->len == 0)
		return false;
	const char *end = memchr(rest->s, '\n', rest->len);
	size_t len = end ? (size_t)(end - rest->s) : rest->len;
	size_t taken = end ? len + 1 : len;
	bool cr = end && len > 0 && rest->s[len - 1] == '\r';

	*line = (struct span){ rest->s, cr ? len - 1 : len };
	rest->s += taken;
	rest->len -= taken;
	return true;
}

/* Writes a value that begins `used` columns into its line; its further lines begin at `column`. */
static void put_value(struct rows *r, struct span text, bool lines, enum line_look look, size_t used, size_t column)
{
	struct record *rec = r->state;
	struct span line = text;

	while (!lines || next_line(&text, &line)) {
		strbuf_truncate(&rec->line, 0);
		strbuf_escape(&rec->line, line.s, line.len, lines ? CRM_ESCAPE_KEEP_LINES : CRM_ESCAPE_LINE);
		if (rec->line.failed)
			return;
		if (rec->line.len > 0)
			out_blanks(r->out, column - used);
		line_text(r->out, &rec->set, look, rec->line.s, rec->line.len, column, column);
		used = 0;
		if (!lines)
			break;
	}
}

static bool has_value(struct rows *r, size_t i)
{
	const crm_value *v = crm_cursor_value(r->cursor, i);
	return v->kind != CRM_NULL && !(v->kind == CRM_STRING && v->len == 0);
}

static int record_row(struct rows *r)
{
	struct record *rec = r->state;
	size_t widest = 0;

	if (r->written > 0)
		out_putc(r->out, '\n');
	for (size_t i = 0; i < r->ncolumns; i++)
		if (has_value(r, i) && rec->titles[i].width > widest)
			widest = rec->titles[i].width;
	for (size_t i = 0; i < r->ncolumns; i++) {
		const struct title *title = &rec->titles[i];
		if (!has_value(r, i))
			continue;
		const crm_value *v = crm_cursor_value(r->cursor, i);
		enum line_look look = line_alarms(r->columns[i], v) ? LINE_ALARM : LINE_PLAIN;
		struct span text = cell_human(&r->cells, r->columns[i], v);
		line_label(r->out, &rec->set, rec->text.s + title->at, title->len);
		put_value(r, text, r->columns[i]->type == CRM_TEXT, look, title->width + 1, widest + 2);
	}
	return rec->line.failed || r->cells.large.failed ? CRM_NOMEM : CRM_OK;
}

static void record_release(struct rows *r)
{
	struct record *rec = r->state;

	if (!rec)
		return;
	strbuf_free(&rec->text);
	strbuf_free(&rec->line);
	free(rec->titles);
	free(rec);
}

const struct writer rows_record = { .begin = record_begin, .row = record_row, .release = record_release };

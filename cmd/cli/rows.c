/* Rows of a cursor, through the writer of the chosen format. */
#include "cli/language.h"
#include "cli/out.h"
#include "cli/writer.h"

#include <errno.h>
#include <stdlib.h>

const char *const out_format_names[] = { "table", "tsv", "csv", "json", "jsonl", "record", "markdown", "vcard", "ics",
	"xlsx", "text", "html", "svg", NULL };
const char *const out_list_format_names[] = { "table", "tsv", "csv", "json", "jsonl", "record", "markdown", NULL };

static const struct {
	enum out_format format;
	const struct writer *writer;
} formats[] = {
	/* in the order of out_format_names */
	{ OUT_TABLE, &rows_table },
	{ OUT_TSV, &rows_tsv },
	{ OUT_CSV, &rows_csv },
	{ OUT_JSON, &rows_json },
	{ OUT_JSONL, &rows_jsonl },
	{ OUT_RECORD, &rows_record },
	{ OUT_MARKDOWN, &rows_markdown },
	{ OUT_VCARD, &rows_vcard },
	{ OUT_ICS, &rows_ics },
	{ OUT_XLSX, &rows_csv },
	{ OUT_TEXT, NULL },
	{ OUT_HTML, NULL },
	{ OUT_SVG, NULL },
};

enum out_format out_format_find(const char *name)
{
	for (size_t i = 0; out_format_names[i]; i++)
		if (strcmp(name, out_format_names[i]) == 0)
			return formats[i].format;
	return OUT_AUTO;
}

enum out_format out_format_resolve(const struct out_settings *set)
{
	if (set->format != OUT_AUTO)
		return set->format;
	if (set->single)
		return OUT_RECORD;
	return set->terminal ? OUT_TABLE : OUT_TSV;
}

/* Those that are read, not parsed; record only on a terminal. */
bool out_is_for_people(enum out_format format, bool terminal)
{
	return format == OUT_TABLE || format == OUT_MARKDOWN || format == OUT_TEXT || format == OUT_HTML ||
	       format == OUT_SVG || (format == OUT_RECORD && terminal);
}

const char *rows_title(const struct rows *r, size_t i)
{
	const crm_column *col = r->columns[i];
	enum out_format format = out_format_resolve(r->set);
	bool people = r->set->terminal || (language_is_chinese() && out_is_for_people(format, false));

	return people && col->label && *col->label ? crm_tr(col->label) : col->name;
}

static const struct writer *writer_of(enum out_format format)
{
	size_t i = 0;
	while (formats[i].format != format)
		i++;
	return formats[i].writer;
}

/*
 * A machine format on a terminal: each row is gathered apart, as its exact bytes, and escaped as a whole. So no
 * writer has to know, and its own escapes (\n of tsv, \u001b of json) stay as they are.
 */
struct screen {
	struct out *out; /* what the writer writes to, or NULL: not in use */
	struct strbuf exact, shown;
	bool escaped;
};

static int screen_pass(struct screen *screen, struct out *to)
{
	out_flush(screen->out);
	if (screen->exact.failed)
		return CRM_NOMEM;
	if (screen->exact.len == 0)
		return CRM_OK;
	if (!crm_text_is_plain(screen->exact.s, screen->exact.len, CRM_ESCAPE_KEEP_LINES))
		screen->escaped = true;
	strbuf_truncate(&screen->shown, 0);
	strbuf_escape(&screen->shown, screen->exact.s, screen->exact.len, CRM_ESCAPE_KEEP_LINES);
	strbuf_truncate(&screen->exact, 0);
	if (screen->shown.failed)
		return CRM_NOMEM;
	out_put(to, screen->shown.s, screen->shown.len);
	return CRM_OK;
}

/* Writes what a step of the writer left apart, and turns a failed write into its status. */
static int step(int status, const struct rows *r, struct screen *screen, struct out *o)
{
	if (status == CRM_OK && r->cells.large.failed)
		status = CRM_NOMEM;
	if (status == CRM_OK && screen->out)
		status = screen_pass(screen, o);
	if (status == CRM_OK && o->error)
		status = o->error == ENOMEM ? CRM_NOMEM : CRM_FAILED;
	return status;
}

static int write_all(struct rows *r, const struct writer *w, struct screen *screen, struct out *o)
{
	int next = crm_cursor_next(r->cursor);
	if (next < 0)
		return next;

	int status = step(w->begin ? w->begin(r) : CRM_OK, r, screen, o);
	while (status == CRM_OK && next == CRM_OK) {
		status = step(w->row(r), r, screen, o);
		if (status != CRM_OK)
			break;
		r->written++;
		next = crm_cursor_next(r->cursor);
	}
	if (status == CRM_OK && next < 0)
		status = next;
	if (status == CRM_OK && w->end)
		status = step(w->end(r), r, screen, o);
	if (w->release)
		w->release(r);
	return status;
}

int out_rows(struct out *o, crm_store *s, crm_cursor *c, const struct out_settings *set, size_t *rows, bool *escaped)
{
	const struct writer *w = writer_of(out_format_resolve(set));
	struct rows r = { .out = o, .store = s, .set = set, .cursor = c, .ncolumns = crm_cursor_columns(c) };
	struct screen screen = { 0 };
	int status = CRM_NOMEM;

	cells_init(&r.cells, s, true);
	r.columns = calloc(r.ncolumns + 1, sizeof(const crm_column *));
	if (!r.columns)
		goto done;
	for (size_t i = 0; i < r.ncolumns; i++)
		r.columns[i] = crm_cursor_column(c, i);
	if (set->terminal && w->machine) {
		screen.out = out_open(-1);
		if (!screen.out)
			goto done;
		screen.out->sink = &screen.exact;
		r.out = screen.out;
	}
	status = write_all(&r, w, &screen, o);
done:
	if (rows)
		*rows = r.written;
	if (escaped && screen.escaped)
		*escaped = true;
	out_close(screen.out);
	strbuf_free(&screen.exact);
	strbuf_free(&screen.shown);
	free(r.columns);
	cells_release(&r.cells);
	return status;
}

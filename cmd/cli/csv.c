/* tsv and csv: exact values, one line a row; and csv as spreadsheets take it (--excel). */
#include "cli/writer.h"

static bool wants_header(const struct rows *r, bool usual)
{
	return r->set->header < 0 ? usual : r->set->header > 0;
}

/* --- tsv: tab, line feed, carriage return and backslash are written \t \n \r \\ --- */

/* The letter that stands for the byte after a backslash, or 0. */
static char tsv_letter(char c)
{
	switch (c) {
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\\':
		return '\\';
	default:
		return 0;
	}
}

static void tsv_text(struct out *o, const char *s, size_t len)
{
	size_t i = 0, done = 0;

	while (i < len) {
		if (i + 8 <= len) {
			uint64_t x = bytes_load(s + i);
			if (!(bytes_below(x, '\r' + 1) | bytes_equal(x, '\\'))) {
				i += 8;
				continue;
			}
		}
		size_t end = i + 8 < len ? i + 8 : len;
		for (; i < end; i++) {
			char letter = tsv_letter(s[i]);
			if (!letter)
				continue;
			out_put(o, s + done, i - done);
			out_putc(o, '\\');
			out_putc(o, letter);
			done = i + 1;
		}
	}
	out_put(o, s + done, len - done);
}

static int tsv_begin(struct rows *r)
{
	if (!wants_header(r, false))
		return CRM_OK;
	for (size_t i = 0; i < r->ncolumns; i++) {
		if (i > 0)
			out_putc(r->out, '\t');
		tsv_text(r->out, r->columns[i]->name, strlen(r->columns[i]->name));
	}
	out_putc(r->out, '\n');
	return CRM_OK;
}

static int tsv_row(struct rows *r)
{
	for (size_t i = 0; i < r->ncolumns; i++) {
		struct span text = cell_exact(&r->cells, r->columns[i], crm_cursor_value(r->cursor, i));
		if (i > 0)
			out_putc(r->out, '\t');
		tsv_text(r->out, text.s, text.len);
	}
	out_putc(r->out, '\n');
	return CRM_OK;
}

const struct writer rows_tsv = { .begin = tsv_begin, .row = tsv_row, .machine = true };

/* --- csv: RFC 4180 --- */

/*
 * Whether the cell must stand in quotes: for what RFC 4180 says, for blanks at its ends, which readers like to
 * trim, and for a BOM, which they like to skip. Empty text does too, so that it differs from an absent value.
 */
static bool csv_needs_quotes(const char *s, size_t len)
{
	if (len == 0 || s[0] == ' ' || s[0] == '\t' || s[len - 1] == ' ' || s[len - 1] == '\t')
		return true;
	if (len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		return true;
	size_t i = 0;
	/* all four of , " CR LF are below '-', and most text is not */
	while (i + 8 <= len && !bytes_below(bytes_load(s + i), '-'))
		i += 8;
	for (; i < len; i++)
		if (s[i] == ',' || s[i] == '"' || s[i] == '\n' || s[i] == '\r')
			return true;
	return false;
}

static void csv_quoted(struct out *o, const char *s, size_t len)
{
	const char *quote;

	out_putc(o, '"');
	while (len > 0 && (quote = memchr(s, '"', len))) {
		size_t n = (size_t)(quote - s) + 1;
		out_put(o, s, n);
		out_putc(o, '"');
		s += n;
		len -= n;
	}
	out_put(o, s, len);
	out_putc(o, '"');
}

static void csv_text(struct out *o, const char *s, size_t len)
{
	if (csv_needs_quotes(s, len))
		csv_quoted(o, s, len);
	else
		out_put(o, s, len);
}

/* --- csv for spreadsheets --- */

static int excel_text(struct rows *r, const char *s, size_t len)
{
	if (!crm_text_needs_apostrophe(s, len)) {
		csv_text(r->out, s, len);
		return CRM_OK;
	}
	struct strbuf b = { 0 };
	strbuf_add(&b, "'", 1);
	strbuf_add(&b, s, len);
	int status = b.failed ? CRM_NOMEM : CRM_OK;
	if (!b.failed)
		csv_text(r->out, b.s, b.len);
	strbuf_free(&b);
	return status;
}

/* --- rows of csv --- */

/* A terminal would show BOM and CR as escapes: there only the cells are as spreadsheets want them. */
static bool excel_bytes(const struct rows *r)
{
	return r->set->excel && !r->set->terminal;
}

static void csv_end_line(struct rows *r)
{
	if (excel_bytes(r))
		out_putc(r->out, '\r');
	out_putc(r->out, '\n');
}

static int csv_begin(struct rows *r)
{
	if (excel_bytes(r))
		out_put(r->out, "\xef\xbb\xbf", 3);
	if (!wants_header(r, true))
		return CRM_OK;
	for (size_t i = 0; i < r->ncolumns; i++) {
		const char *name = r->columns[i]->name;
		if (i > 0)
			out_putc(r->out, ',');
		if (!r->set->excel)
			csv_text(r->out, name, strlen(name));
		else if (excel_text(r, name, strlen(name)) != CRM_OK)
			return CRM_NOMEM;
	}
	csv_end_line(r);
	return CRM_OK;
}

/* A time as the clock shows it, which spreadsheets want; with its offset in the hour that the clock shows twice. */
static struct span local_time(struct rows *r, int64_t time)
{
	struct span exact = cell_time(&r->cells, time, CRM_TIME_RFC3339);
	char clock[] = "2026-01-02 15:04:05";
	int64_t back;

	if (exact.len != strlen("2026-01-02T15:04:05+08:00"))
		return exact;
	memcpy(clock, exact.s, sizeof(clock) - 1);
	clock[10] = ' ';
	if (crm_time_parse(&back, NULL, r->store, clock, CRM_TIME_PAST) < 0 || back != time)
		return exact;
	memcpy(r->cells.small, clock, sizeof(clock));
	return (struct span){ r->cells.small, sizeof(clock) - 1 };
}

static int csv_row(struct rows *r)
{
	struct out *o = r->out;

	for (size_t i = 0; i < r->ncolumns; i++) {
		const crm_value *v = crm_cursor_value(r->cursor, i);
		if (i > 0)
			out_putc(o, ',');
		if (v->kind == CRM_NULL) {
			if (r->ncolumns == 1)
				out_put(o, "\"\"", 2); /* an empty line is no row to many readers */
			continue;
		}
		bool local = r->set->local_times && r->columns[i]->type == CRM_TIME && v->kind == CRM_INT;
		struct span text = local ? local_time(r, v->i) : cell_exact(&r->cells, r->columns[i], v);
		if (v->kind != CRM_STRING)
			out_put(o, text.s, text.len); /* numbers and times need neither quotes nor ' */
		else if (!r->set->excel)
			csv_text(o, text.s, text.len);
		else if (excel_text(r, text.s, text.len) != CRM_OK)
			return CRM_NOMEM;
	}
	csv_end_line(r);
	return CRM_OK;
}

const struct writer rows_csv = { .begin = csv_begin, .row = csv_row, .machine = true };

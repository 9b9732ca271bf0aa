/* The cells of one sheet. */
#include "helpers/say.h"
#include "helpers/xlsx.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind {
	KIND_NUMBER,
	KIND_SHARED,
	KIND_INLINE,
	KIND_BOOL,
	KIND_TEXT, /* of a formula, or an error */
	KIND_DAY   /* 2026-01-02T15:04:05 */
};

struct reader {
	struct csv_sheet csv;
	const struct book *book;

	unsigned row, column; /* of the cell at hand, from 1 */

	enum kind kind;
	unsigned long style;
	bool in_value, in_inline, formula;
	struct rich_text rich;
	struct strbuf value, text;
	unsigned long long unknown; /* formulas without a result */
};

static void end_row(struct xml *x, struct reader *r)
{
	csv_sheet_end_row(&r->csv);
	if (out_error(r->csv.out))
		xml_stop(x, "cannot write: %s", strerror(out_error(r->csv.out)));
}

/* --- cells --- */

static void add_column(struct strbuf *b, unsigned column)
{
	char letters[8];
	size_t n = sizeof(letters);

	for (; column > 0; column = (column - 1) / 26)
		letters[--n] = (char)('A' + (column - 1) % 26);
	strbuf_add(b, letters + n, sizeof(letters) - n);
}

static void CRM_PRINTF(3, 4) stop_at_cell(struct xml *x, const struct reader *r, const char *fmt, ...)
{
	cleanup(strbuf_freep) struct strbuf where = { 0 };
	cleanup(freep) char *why = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&why, crm_tr(fmt), ap) < 0)
		why = NULL;
	va_end(ap);
	add_column(&where, r->column);
	xml_stop(x, "cell %s%u: %s", where.s ? where.s : "", r->row, (const char *)need(why));
}

static void take_shared(struct xml *x, struct reader *r)
{
	const struct book *b = r->book;
	char *end;
	unsigned long i = strtoul(r->value.s, &end, 10);

	if (*end || i >= b->nstrings) {
		stop_at_cell(x, r, "there is no shared string %s", r->value.s);
		return;
	}
	size_t from = b->strings[i], to = i + 1 < b->nstrings ? b->strings[i + 1] : b->text.len;
	strbuf_add(&r->text, b->text.s ? b->text.s + from : "", to - from);
}

static void take_number(struct reader *r)
{
	static const struct number_format plain = { 0 };
	const struct book *b = r->book;

	number_add(&r->text, r->style < b->nformats ? &b->formats[r->style] : &plain, b->from_1904, r->value.s);
}

static void take_day(struct reader *r)
{
	size_t t = strcspn(r->value.s, "T");

	strbuf_add(&r->text, r->value.s, t);
	if (r->value.s[t] && strncmp(r->value.s + t, "T00:00:00", 9) != 0)
		strbuf_printf(&r->text, " %.8s", r->value.s + t + 1);
}

/* The text of the cell from its value. */
static void take_value(struct xml *x, struct reader *r)
{
	switch (r->kind) {
	case KIND_NUMBER:
		take_number(r);
		break;
	case KIND_SHARED:
		take_shared(x, r);
		break;
	case KIND_BOOL:
		strbuf_puts(&r->text, strcmp(r->value.s, "0") == 0 ? "FALSE" : "TRUE");
		break;
	case KIND_TEXT:
		strbuf_add(&r->text, r->value.s, r->value.len);
		text_unescape(&r->text, 0);
		break;
	case KIND_DAY:
		take_day(r);
		break;
	case KIND_INLINE:
		break;
	}
}

static void end_cell(struct xml *x, struct reader *r)
{
	if (r->kind == KIND_INLINE)
		text_unescape(&r->text, 0);
	else if (r->value.len > 0)
		take_value(x, r);
	need(r->text.failed || r->value.failed ? NULL : r);
	r->unknown += r->formula && r->value.len == 0 && r->text.len == 0;
	if (r->text.len > 0 && x->fault.len == 0)
		csv_sheet_cell(&r->csv, r->row, r->column, r->text.s, r->text.len);
}

/* --- the elements --- */

static enum kind kind_of(const char *type)
{
	static const struct {
		const char *name;
		enum kind kind;
	} kinds[] = { { "s", KIND_SHARED }, { "inlineStr", KIND_INLINE }, { "b", KIND_BOOL }, { "str", KIND_TEXT },
		{ "e", KIND_TEXT }, { "d", KIND_DAY } };

	for (size_t i = 0; type && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(type, kinds[i].name) == 0)
			return kinds[i].kind;
	return KIND_NUMBER;
}

static void begin_row(struct xml *x, struct reader *r, const char *number)
{
	unsigned long row = number ? strtoul(number, NULL, 10) : r->row + 1UL;

	if (row <= r->row || row > XLSX_ROWS) {
		xml_stop(x, "row '%.20s' after row %u", number ? number : "", r->row);
		return;
	}
	r->row = (unsigned)row;
	r->column = 0;
}

/* The column of a reference as AB12, 0: it is none. */
static unsigned column_of(const char *s)
{
	unsigned column = 0;

	for (; *s >= 'A' && *s <= 'Z' && column <= XLSX_COLUMNS; s++)
		column = column * 26 + (unsigned)(*s - 'A' + 1);
	return column;
}

static void begin_cell(struct xml *x, struct reader *r, const char **attributes)
{
	const char *where = xml_attribute(attributes, "r"), *style = xml_attribute(attributes, "s");
	unsigned column = where ? column_of(where) : r->column + 1;

	if (column <= r->column || column > XLSX_COLUMNS || r->row == 0) {
		xml_stop(x, "row %u has its cells out of order or beyond the last column", r->row);
		return;
	}
	r->column = column;
	r->kind = kind_of(xml_attribute(attributes, "t"));
	r->style = style ? strtoul(style, NULL, 10) : 0;
	r->formula = false;
	strbuf_truncate(&r->value, 0);
	strbuf_truncate(&r->text, 0);
}

static void on_start(struct xml *x, const char *name, const char **attributes)
{
	struct reader *r = x->payload;

	if (r->in_inline)
		rich_text_start(&r->rich, name);
	else if (strcmp(name, "row") == 0)
		begin_row(x, r, xml_attribute(attributes, "r"));
	else if (strcmp(name, "c") == 0)
		begin_cell(x, r, attributes);
	else if (strcmp(name, "v") == 0)
		r->in_value = true;
	else if (strcmp(name, "is") == 0)
		r->in_inline = r->column > 0;
	else if (strcmp(name, "f") == 0)
		r->formula = true;
}

static void on_end(struct xml *x, const char *name)
{
	struct reader *r = x->payload;

	if (strcmp(name, "is") == 0)
		r->in_inline = false;
	else if (r->in_inline)
		rich_text_end(&r->rich, name);
	else if (strcmp(name, "v") == 0)
		r->in_value = false;
	else if (strcmp(name, "c") == 0)
		end_cell(x, r);
	else if (strcmp(name, "row") == 0)
		end_row(x, r);
}

static void on_text(struct xml *x, const char *s, size_t len)
{
	struct reader *r = x->payload;

	if (r->in_value)
		strbuf_add(&r->value, s, len);
	else if (r->in_inline)
		rich_text_add(&r->rich, s, len);
	if (r->value.len > XLSX_TEXT_MAX || r->text.len > XLSX_TEXT_MAX)
		stop_at_cell(x, r, "its text is longer than 1 MiB");
}

bool sheet_write(struct out *out, const struct book *b, const struct sheet *s)
{
	struct reader r = { .csv = { .out = out }, .book = b };
	struct xml x = { .start = on_start, .end = on_end, .text = on_text, .payload = &r };

	r.rich.out = &r.text;
	enum part_status status = part_read(b->zip, s->part, 8192 * MIB, &x);
	if (status == PART_MISSING)
		say("the file is damaged: it has no %s", s->part);
	if (status == PART_READ && r.unknown > 0)
		say("%llu formulas have no result in the file and are read as empty: open it in a spreadsheet program "
		    "and save it",
			r.unknown);
	csv_sheet_end(&r.csv, status == PART_READ);
	strbuf_free(&r.value);
	strbuf_free(&r.text);
	return status == PART_READ;
}

/*
 * Reading xlsx files (ECMA-376): a zip of XML parts. What the files of crm-import-xlsx share.
 *
 * Streaming: only the shared strings of a book are kept. Foreign files are not trusted: no part may unpack to more than
 * its limit, no document may declare a type (so there are no entities to expand), and no single tag or text may be endless.
 */
#ifndef HELPERS_XLSX_H
#define HELPERS_XLSX_H

#include "cli/out.h"
#include "cli/words.h"
#include "helpers/xlsx_number.h"

#include <expat.h>
#include <unzip.h>

#define MIB ((uint64_t)1 << 20)

enum {
	XLSX_ROWS = 1048576,
	XLSX_COLUMNS = 16384,
	XLSX_TEXT_MAX = 1 << 20 /* bytes of a cell that an import takes */
};

/* --- a part as XML (xlsx_part.c) --- */

struct xml {
	/* Names without their namespaces. Attributes: name, value, …, NULL; see xml_attribute(). */
	void (*start)(struct xml *x, const char *name, const char **attributes);
	void (*end)(struct xml *x, const char *name);
	void (*text)(struct xml *x, const char *s, size_t len);
	void *payload;

	XML_Parser parser;
	struct strbuf fault; /* why reading stopped; empty: it did not */
};

/* The attribute of that name, NULL when there is none. */
const char *xml_attribute(const char **attributes, const char *name);

/* Ends reading. */
void xml_stop(struct xml *x, const char *fmt, ...) CRM_PRINTF(2, 3);

enum part_status {
	PART_READ,
	PART_MISSING,
	PART_FAILED /* said why */
};

/* Reads a part of the zip, which may unpack to `max` bytes. */
enum part_status part_read(unzFile zip, const char *name, uint64_t max, struct xml *x);

/* --- text (xlsx_part.c) --- */

/* What is within <si> or <is>: runs of <t>, without those that only tell how to read it (<rPh>). */
struct rich_text {
	struct strbuf *out;
	unsigned phonetic;
	bool open; /* within <t> */
};

void rich_text_start(struct rich_text *t, const char *name);
void rich_text_end(struct rich_text *t, const char *name);
void rich_text_add(struct rich_text *t, const char *s, size_t len);

/* Replaces _x000D_ and the like, from `at` on, by the characters they stand for. */
void text_unescape(struct strbuf *text, size_t at);

/* --- the book: its sheets, styles, strings (xlsx_book.c) --- */

struct sheet {
	char *name, *id, *part;
	bool hidden;
};

struct book {
	unzFile zip;
	char *part, *styles_part, *strings_part;
	bool from_1904;
	struct sheet *sheets; /* without those that hold a chart only */
	size_t nsheets, sheets_cap;

	struct number_format *formats; /* by the style of a cell */
	size_t nformats, formats_cap;

	struct strbuf text; /* of all shared strings */
	size_t *strings;    /* where each begins; the one behind the last is text.len */
	size_t nstrings, strings_cap;
};

/* False after a message. */
bool book_open(struct book *b, const char *path);
bool book_load(struct book *b); /* styles and strings */
void book_close(struct book *b);

/* --- csv (xlsx_csv.c) --- */

enum {
	CSV_ROWS_HELD = 100
};

struct csv_sheet {
	struct out *out;
	struct strbuf line; /* the row at hand */
	unsigned cells;     /* of it */
	unsigned lines;     /* so far: a row stands on the line of its number, where line breaks in cells allow */
	unsigned width;     /* of the header; 0: not known yet, and rows are held back */
	struct strbuf held;
	size_t ends[CSV_ROWS_HELD], nheld;
	unsigned widths[CSV_ROWS_HELD];
};

/* Rows and columns count from 1 and rise; `s` is not empty, and ends with a NUL. */
void csv_sheet_cell(struct csv_sheet *c, unsigned row, unsigned column, const char *s, size_t len);
void csv_sheet_end_row(struct csv_sheet *c);

/* `whole`: rows that are held back are written. */
void csv_sheet_end(struct csv_sheet *c, bool whole);

/* --- a sheet (xlsx_sheet.c) --- */

/* Writes it as csv. False after a message. */
bool sheet_write(struct out *out, const struct book *b, const struct sheet *s);

#endif

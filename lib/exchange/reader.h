/*
 * Reads foreign files as rows of UTF-8 cells: bytes → encoding → CSV, JSON or vCard → rows.
 *
 * Streaming: memory does not grow with the file. A row remembers the line it began on. What cannot be decoded is
 * reported on its row (`fault`), never replaced. The parts: decode.h (encodings), dialect.h (what kind of file),
 * csv_rows.h, json_rows.h and vcard/rows.h (rows).
 */
#ifndef EXCHANGE_READER_H
#define EXCHANGE_READER_H

#include "base/base.h"

enum {
	READER_FIELD_MAX = 1 << 20,
	READER_ROW_MAX = 8 << 20,
	READER_COLUMNS_MAX = 1000,
	READER_FOOTER_MAX = 100
};

/*
 * CSV is RFC 4180 with any delimiter, a tab as well; a first line `sep=;`, as Excel writes it, is honoured. TSV is what
 * `--format tsv` writes: no quotes, tab, newline, CR and backslash in a cell escaped as \t \n \r \\. It is never
 * guessed, since tab-delimited text of others means C:\temp as it stands. JSONL is an object a line, or one array of
 * objects. VCARD is any number of cards, 2.1 to 4.0.
 */
enum reader_form {
	READER_AUTO,
	READER_CSV,
	READER_TSV,
	READER_JSONL,
	READER_VCARD
};

struct reader_options {
	enum reader_form form; /* AUTO: by content */
	const char *encoding;  /* NULL or "auto": BOM, strict UTF-8, GB18030; else an iconv name */
	char delimiter;        /* 0: found among , ; TAB | by content */

	/* Delimited text only: with any of these JSON is CRM_INVALID. */
	char quote;        /* 0: " */
	bool unquoted;     /* a quote is text; TSV is so without being told */
	char comment;      /* lines that begin with it are passed over; 0: none */
	size_t header_row; /* line of the header; 0: found in the first rows, see reader_skipped() */
	bool excel;        /* a ' that `export --excel` put in front of a cell is taken away again */
	size_t footer;     /* so many rows at the end are left out; at most READER_FOOTER_MAX */
};

struct cell {
	const char *s; /* NUL-terminated UTF-8, never NULL; borrowed until the next row */
	size_t len;
	bool quoted; /* JSON: a string or a list, so that "" and null differ */

	unsigned char before; /* bytes that stand before `s`, and in the file, but are no part of its value */
};

/*
 * Without a fault a row has a cell for each column. With one it has the cells that could be read, for the file of
 * rejected rows: fewer or more than there are columns, maybe not UTF-8; none when the text was no JSON object.
 */
struct row {
	size_t line;              /* line of the file on which the row begins, from 1 */
	const struct cell *cells; /* in the order of reader_column() */
	size_t n;
	int64_t id;        /* number that crm gave the record when it wrote a vCard without a key, else 0 */
	const char *fault; /* why this row cannot be taken (bad bytes, ragged, too long), or NULL */
};

struct reader;

/*
 * Begins to read from a descriptor (not closed by the reader). Reads enough to know encoding, delimiter and header.
 * CRM_INVALID: an empty file, an unknown encoding, a header with an empty or repeated name, an unclosed quote …;
 * the message names the line.
 */
int reader_open(struct reader **out, int fd, const struct reader_options *opt, struct err *err);
struct reader *reader_close(struct reader *r); /* returns NULL */

/*
 * Column names: those of the header without blanks around them; columns without a name at its end do not count, so that
 * a row with a value there has too many. For JSON: the keys of the first 100 objects (fewer when these are longer than
 * 8 MiB), in order of appearance; a key met later is a fault of its row. For vCards: the fields of a customer, then the
 * further properties of the first cards.
 */
size_t reader_columns(const struct reader *r);
const char *reader_column(const struct reader *r, size_t i);

/* True for a column named after a property of a vCard: a field of that name is something else. */
bool reader_column_is_property(const struct reader *r, size_t i);

/* The i-th property without a column that came so far, or NULL: its values were passed over. */
const char *reader_late_property(const struct reader *r, size_t i);

/*
 * 0 a row, CRM_END, or an error that ends the file: CRM_INVALID (unclosed quote, stray quote, field too long, broken
 * JSON array; the message names the line), CRM_FAILED (read error), CRM_NOMEM.
 */
int reader_next(struct reader *r, struct row *row, struct err *err);

/* "UTF-8", "GB18030", "UTF-16LE" …; with `auto` it may change from UTF-8 to GB18030 while all was ASCII so far. */
const char *reader_encoding(const struct reader *r);
char reader_delimiter(const struct reader *r); /* 0 for JSON and vCards */

/*
 * What was passed over: lines *first to *last, which are not all blank, before the header (false: none); comment lines
 * and rows at the end, so far.
 */
bool reader_skipped(const struct reader *r, size_t *first, size_t *last);
size_t reader_comments(const struct reader *r);
size_t reader_footer(const struct reader *r);

const char *reader_form_name(const struct reader *r); /* "csv", "tsv", "jsonl", "vcard"; tab-delimited text is csv */
uint64_t reader_bytes(const struct reader *r);        /* bytes of the file read so far */

/* SHA-256 of the bytes read so far, as 64 hexadecimal digits; of the whole file after CRM_END. */
void reader_digest(struct reader *r, char hex[65]);

#endif

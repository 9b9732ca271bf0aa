/*
 * Everything that reaches stdout: a checked, buffered stream, and rows of typed cells in any format.
 *
 * A command never formats data itself: it hands a cursor to out_rows(). Formats differ only here.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <crm/crm.h>

/* --- the stream --- */

struct out; /* one descriptor, a buffer, the first error */

struct out *out_open(int fd); /* NULL when out of memory; fd is not closed by out_close */
int out_close(struct out *o); /* flushes; 0, or errno of the first failure (EPIPE included) */
void out_write(struct out *o, const char *s, size_t len);              /* exact bytes */
void out_text(struct out *o, const char *s, size_t len);               /* one line of data, escaped (crm_text_escape) */
void out_puts(struct out *o, const char *s);                           /* exact bytes */
void out_printf(struct out *o, const char *fmt, ...) CRM_PRINTF(2, 3); /* our own words only: data goes to out_text */
void out_flush(struct out *o);
int out_error(const struct out *o); /* errno of the first failure, 0 for none */

/* --- rows --- */

enum out_format {
	OUT_AUTO,
	OUT_TABLE,
	OUT_TSV,
	OUT_CSV,
	OUT_JSON,
	OUT_JSONL,
	OUT_RECORD,
	OUT_MARKDOWN,
	OUT_VCARD,
	OUT_ICS,
	OUT_TEXT, /* letters (cmd/digest.h), as HTML too: never by out_rows() */
	OUT_HTML, /* these, and pages of reports (cmd/report_draw.h) */
	OUT_SVG,  /* their pictures */
	OUT_XLSX  /* a file by cli_print_file() only; out_rows() writes what the helper is given, csv */
};

/* The format of that name, one of out_format_names, or OUT_AUTO. */
enum out_format out_format_find(const char *name);
extern const char *const out_format_names[];      /* NULL-ended, for options and completion */
extern const char *const out_list_format_names[]; /* those that any rows can be written in */

struct out_settings {
	enum out_format format; /* AUTO: see out_format_resolve() */
	int header;             /* -1: as the format usually has it, 0 no, 1 yes */
	bool single;            /* one record: JSON is an object instead of an array */
	bool excel;             /* csv for spreadsheets: BOM, \r\n, formula cells prefixed with ' */
	bool local_times;       /* csv: the clock of the store's zone, unless it showed the same twice */
	bool terminal;          /* stdout is a terminal: fit tables to `width`, escape machine formats */
	bool color;
	size_t width;            /* columns of the terminal, 0: unlimited */
	crm_ambiguous ambiguous; /* how it shows characters of ambiguous width */
	bool chosen;             /* the columns were asked for: none is left out for want of room */
	/*
	 * A column of a table in colour, of which the last one says what stands out, as bytes "3-9 20-26"; the last one is
	 * not shown then. NULL: there is none.
	 */
	const char *marked;
};

/* True for what people read: labels, words and reasons are in their language there. */
bool out_is_for_people(enum out_format format, bool terminal);

/* What AUTO means here: record for one record, else table on a terminal and tsv elsewhere. */
enum out_format out_format_resolve(const struct out_settings *set);

/*
 * Writes all rows. Returns 0, the negative status of the cursor, CRM_NOMEM, or CRM_FAILED when writing failed
 * (out_error()). *rows, if not NULL, receives how many there were. On a terminal, machine formats with control
 * characters are written escaped and *escaped becomes true (if not NULL): the caller warns once.
 */
int out_rows(struct out *o, crm_store *s, crm_cursor *c, const struct out_settings *set, size_t *rows, bool *escaped);

/*
 * Writes one cell into `dst` like snprintf: as csv and tsv have it, or as people read it (times short, lists
 * joined). Neither is escaped.
 */
size_t out_cell_exact(char *dst, size_t cap, crm_store *s, const crm_column *col, const crm_value *v);
size_t out_cell_human(char *dst, size_t cap, crm_store *s, const crm_column *col, const crm_value *v);

#endif

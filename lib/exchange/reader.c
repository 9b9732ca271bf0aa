#include "exchange/reader.h"

#include "exchange/csv_rows.h"
#include "exchange/decode.h"
#include "exchange/dialect.h"
#include "exchange/fault.h"
#include "exchange/footer.h"
#include "exchange/json_rows.h"
#include "exchange/vcard/rows.h"
#include "text/text.h"

struct reader {
	struct decoder *in;
	struct reader_options opt;
	struct dialect dialect;
	struct csv_rows *csv; /* one of these three */
	struct json_rows *json;
	struct vcard_rows *vcard;
	struct arena names;
	const char **columns; /* of delimited text */
	size_t ncolumns;
	struct footer *footer; /* NULL: all rows are given */
	size_t short_rows;     /* the latest rows, all with fewer cells than there are columns */
	bool good_row;         /* there was one that fits */
	struct buf fault;
	int over; /* 0, or how reading ended */
};

struct reader *reader_close(struct reader *r)
{
	if (r) {
		csv_rows_close(r->csv);
		json_rows_close(r->json);
		vcard_rows_close(r->vcard);
		decoder_close(r->in);
		footer_free(r->footer);
		arena_free(&r->names);
		free(r->columns);
		buf_free(&r->fault);
	}
	free(r);
	return NULL;
}

/* Blanks around a name, and the no-break space and byte order marks that other programs leave there. */
static size_t blank_length(const char *s, size_t len)
{
	if (len > 0 && (*s == ' ' || (*s >= '\t' && *s <= '\r')))
		return 1;
	if (len >= 2 && !memcmp(s, "\xc2\xa0", 2))
		return 2;
	if (len >= 3 && (!memcmp(s, "\xef\xbb\xbf", 3) || !memcmp(s, "\xe3\x80\x80", 3)))
		return 3;
	return 0;
}

static struct cell trim(struct cell c)
{
	size_t n;

	while ((n = blank_length(c.s, c.len)) > 0) {
		c.s += n;
		c.len -= n;
	}
	for (n = 1; n <= 3 && n <= c.len;) {
		if (blank_length(c.s + c.len - n, n) == n) {
			c.len -= n;
			n = 1;
		} else {
			n++;
		}
	}
	return c;
}

static int check_names(const struct reader *r, size_t line, struct err *err)
{
	struct buf name cleanup(buf_free) = BUF_INIT;

	for (size_t i = 0; i < r->ncolumns; i++) {
		if (r->columns[i][0] == '\0')
			return err_set(err, CRM_INVALID, "line %zu: column %zu has no name", line, i + 1);
		for (size_t k = 0; k < i; k++) {
			if (strcmp(r->columns[i], r->columns[k]) != 0)
				continue;
			fault_name(&name, r->columns[i]);
			return err_set(err, CRM_INVALID, "line %zu: columns %zu and %zu are both called '%s'", line,
				k + 1, i + 1, name.failed ? "" : name.s);
		}
	}
	return 0;
}

static int take_header(struct reader *r, const struct csv_row *row, struct err *err)
{
	struct buf why cleanup(buf_free) = BUF_INIT;
	size_t bad = 0;

	if (row->count > READER_COLUMNS_MAX)
		return err_set(err, CRM_INVALID, "line %zu: the header has %zu columns, more than %d", row->line,
			row->count, READER_COLUMNS_MAX);
	if (row->too_long)
		return err_set(err, CRM_INVALID, "line %zu: the header is %s", row->line, crm_tr(FAULT_ROW_TOO_LONG));
	r->columns = calloc(row->n, sizeof(*r->columns));
	if (!r->columns)
		return err_nomem(err);
	for (size_t i = 0; i < row->n; i++) {
		struct cell c = trim(row->cells[i]);

		if (!utf8_valid(c.s, c.len, &bad)) {
			fault_bytes(&why, c.s + bad, decoder_encoding(r->in));
			if (why.failed)
				return err_nomem(err);
			return c.s[bad] ? err_set(err, CRM_INVALID,
						  "line %zu: column %zu of the header has %s (--encoding names another "
						  "encoding, as windows-1252)",
						  row->line, i + 1, why.s)
					: err_set(err, CRM_INVALID, "line %zu: column %zu of the header has %s",
						  row->line, i + 1, why.s);
		}
		r->columns[i] = arena_copy(&r->names, c.s, c.len);
		if (!r->columns[i])
			return err_nomem(err);
		r->ncolumns++;
	}
	/* Spreadsheets write columns that were used once. What stands in them is too much for its row. */
	while (r->ncolumns > 1 && r->columns[r->ncolumns - 1][0] == '\0')
		r->ncolumns--;
	return check_names(r, row->line, err);
}

static int file_is_empty(struct err *err)
{
	return err_set(err, CRM_INVALID, "the file is empty");
}

/* Passes over the lines before the one that the header is said to be on; CRM_END: there are fewer. */
static int skip_lines(struct reader *r, struct err *err)
{
	const char *s;
	size_t len, line = 1;
	bool after_cr = false;

	for (;;) {
		int rc = decoder_peek(r->in, &s, &len, err);
		size_t i = 0;

		if (rc)
			return rc;
		if (after_cr && *s == '\n')
			i++;
		for (after_cr = false; i < len && line < r->opt.header_row; i++) {
			line += s[i] == '\n' || s[i] == '\r';
			after_cr = s[i] == '\r';
			if (after_cr && i + 1 < len && s[i + 1] == '\n') {
				i++;
				after_cr = false;
			}
		}
		decoder_take(r->in, i);
		if (line == r->opt.header_row && !(after_cr && i == len))
			return 0;
	}
}

static int find_said_header(struct reader *r, struct err *err)
{
	const char *s;
	size_t len;
	int rc = skip_lines(r, err);

	if (!rc)
		rc = decoder_peek(r->in, &s, &len, err);
	if (rc == CRM_END)
		return err_set(err, CRM_INVALID, "the file ends before line %zu, where its header is said to be",
			r->opt.header_row);
	if (rc < 0)
		return rc;
	dialect_find_at_header(&r->dialect, s, len, &r->opt);
	return 0;
}

static int open_csv(struct reader *r, struct err *err)
{
	struct csv_form form = {
		.comment = r->opt.comment, .excel = r->opt.excel, .escapes = r->dialect.form == READER_TSV
	};
	struct csv_row row;
	int rc = 0;

	if (r->opt.header_row > r->dialect.line)
		rc = find_said_header(r, err);
	if (rc < 0)
		return rc;
	decoder_take(r->in, r->dialect.preamble);
	form.delimiter = r->dialect.delimiter;
	form.quote = r->dialect.quote;
	form.line = r->dialect.line;
	rc = csv_rows_open(&r->csv, r->in, &form, err);
	if (rc < 0)
		return rc;
	rc = csv_rows_next(r->csv, &row, err);
	if (rc < 0)
		return rc;
	return rc == CRM_END ? file_is_empty(err) : take_header(r, &row, err);
}

/* What the options say about delimited text must not go unheard. */
static int refuse_marks(const struct reader_options *o, const char *form, struct err *err)
{
	if (o->quote || o->unquoted || o->comment || o->header_row || o->footer || o->excel)
		return err_set(err, CRM_INVALID,
			"the file is %s, which has no quotes, comments, header row, footer or apostrophes", form);
	return 0;
}

static int open_json(struct reader *r, struct err *err)
{
	int rc = refuse_marks(&r->opt, "JSON", err);

	return rc < 0 ? rc : json_rows_open(&r->json, r->in, err);
}

static int open_vcards(struct reader *r, struct err *err)
{
	int rc = refuse_marks(&r->opt, "vCards", err);

	return rc < 0 ? rc : vcard_rows_open(&r->vcard, r->in, err);
}

static int begin(struct reader *r, struct err *err)
{
	const char *s;
	size_t len;
	int rc = decoder_peek(r->in, &s, &len, err);

	if (rc < 0)
		return rc;
	if (rc == CRM_END)
		return file_is_empty(err);
	r->dialect = dialect_find(s, len, &r->opt);
	if (r->dialect.form == READER_JSONL)
		return open_json(r, err);
	if (r->dialect.form == READER_VCARD)
		return open_vcards(r, err);
	if (r->opt.footer)
		rc = footer_new(&r->footer, r->opt.footer, err);
	return rc < 0 ? rc : open_csv(r, err);
}

int reader_open(struct reader **out, int fd, const struct reader_options *opt, struct err *err)
{
	struct reader *r = calloc(1, sizeof(*r));
	int rc;

	if (!r)
		return err_nomem(err);
	r->opt = *opt;
	rc = decoder_open(&r->in, fd, opt->encoding, err);
	if (!rc)
		rc = begin(r, err);
	if (rc < 0) {
		reader_close(r);
		return rc;
	}
	*out = r;
	return 0;
}

/* What is wrong with it, and in which column. */
static void put_in_column(struct reader *r, struct buf *what, size_t i)
{
	struct buf name = BUF_INIT;

	if (!buf_str(what))
		r->fault.failed = true;
	else if (i >= r->ncolumns)
		buf_say(&r->fault, "%s in column %zu", what->s, i + 1);
	else {
		fault_name(&name, r->columns[i]);
		buf_say(&r->fault, "%s in column '%s'", what->s, name.s ? name.s : "");
		r->fault.failed |= name.failed;
	}
	buf_free(&name);
	buf_free(what);
}

/* The totals and notices that end a report are short rows; when the last row is one, what to do is said with it. */
static void judge_length(struct reader *r, const struct csv_row *row)
{
	bool few = row->count < r->ncolumns, wrong = few || row->filled > r->ncolumns;

	r->short_rows = few ? r->short_rows + 1 : 0;
	r->good_row |= !wrong;
	if (!wrong)
		return;
	buf_printf(&r->fault,
		crm_tr_n("the row has %zu cell, the header has %zu", "the row has %zu cells, the header has %zu",
			row->count),
		row->count, r->ncolumns);
	if (!few || !r->good_row || r->opt.footer || r->short_rows > READER_FOOTER_MAX || !csv_rows_at_end(r->csv))
		return;
	if (r->short_rows == 1)
		buf_say(&r->fault, " (if it is a footer: --footer 1 leaves the last row out)");
	else
		buf_say(&r->fault, " (if it is a footer: --footer %zu leaves the last %zu rows out)", r->short_rows,
			r->short_rows);
}

/* Writes what is wrong with the row to r->fault, bytes first: they may be why the cells do not fit the header. */
static void judge(struct reader *r, const struct csv_row *row)
{
	struct buf what = BUF_INIT;
	size_t bad = 0;

	buf_clear(&r->fault);
	if (row->too_long) {
		buf_say(&r->fault, FAULT_ROW_TOO_LONG);
		return;
	}
	for (size_t i = 0; i < row->n; i++) {
		if (!utf8_valid(row->cells[i].s, row->cells[i].len, &bad)) {
			fault_bytes(&what, row->cells[i].s + bad, decoder_encoding(r->in));
			put_in_column(r, &what, i);
			return;
		}
	}
	if (row->bad_escape) {
		buf_say(&what, "a backslash that is none of \\t \\n \\r \\\\");
		put_in_column(r, &what, row->bad_escape - 1);
		buf_say(&r->fault, " (tab-delimited text of other programs is read without --read tsv)");
		return;
	}
	judge_length(r, row);
}

static int next_csv(struct reader *r, struct row *row, struct err *err)
{
	struct csv_row c;
	int rc = csv_rows_next(r->csv, &c, err);

	if (rc)
		return rc;
	judge(r, &c);
	if (r->fault.failed)
		return err_nomem(err);
	*row = (struct row){ .line = c.line, .cells = c.cells, .n = c.n };
	if (r->fault.len)
		row->fault = r->fault.s;
	else
		row->n = r->ncolumns;
	return 0;
}

/* Rows go through the footer's queue, which is left with those that are dropped. */
static int next_before_footer(struct reader *r, struct row *row, struct err *err)
{
	while (!footer_give(r->footer, row)) {
		int rc = next_csv(r, row, err);

		if (!rc)
			rc = footer_take(r->footer, row, err);
		if (rc)
			return rc;
	}
	return 0;
}

static int next_row(struct reader *r, struct row *row, struct err *err)
{
	if (r->vcard)
		return vcard_rows_next(r->vcard, row, err);
	if (r->json)
		return json_rows_next(r->json, row, err);
	return r->footer ? next_before_footer(r, row, err) : next_csv(r, row, err);
}

int reader_next(struct reader *r, struct row *row, struct err *err)
{
	int rc;

	if (r->over == CRM_END)
		return CRM_END;
	if (r->over < 0)
		return err_set(err, r->over, "reading ended at the error before");
	rc = next_row(r, row, err);
	r->over = rc;
	return rc;
}

size_t reader_columns(const struct reader *r)
{
	if (r->vcard)
		return vcard_rows_columns(r->vcard);
	return r->json ? json_rows_columns(r->json) : r->ncolumns;
}

const char *reader_column(const struct reader *r, size_t i)
{
	if (r->vcard)
		return vcard_rows_column(r->vcard, i);
	return r->json ? json_rows_column(r->json, i) : r->columns[i];
}

bool reader_column_is_property(const struct reader *r, size_t i)
{
	return r->vcard && i >= vcard_rows_fields();
}

const char *reader_late_property(const struct reader *r, size_t i)
{
	return r->vcard ? vcard_rows_late(r->vcard, i) : NULL;
}

const char *reader_encoding(const struct reader *r)
{
	return decoder_encoding(r->in);
}

char reader_delimiter(const struct reader *r)
{
	return r->dialect.delimiter;
}

const char *reader_form_name(const struct reader *r)
{
	switch (r->dialect.form) {
	case READER_TSV:
		return "tsv";
	case READER_JSONL:
		return "jsonl";
	case READER_VCARD:
		return "vcard";
	case READER_CSV:
	case READER_AUTO:
		break;
	}
	return "csv";
}

bool reader_skipped(const struct reader *r, size_t *first, size_t *last)
{
	*first = 1 + r->dialect.sep_lines;
	*last = r->dialect.line - 1;
	return r->dialect.skipped;
}

size_t reader_comments(const struct reader *r)
{
	return r->csv ? csv_rows_comments(r->csv) : 0;
}

size_t reader_footer(const struct reader *r)
{
	return r->footer ? footer_rows(r->footer) : 0;
}

uint64_t reader_bytes(const struct reader *r)
{
	return decoder_bytes(r->in);
}

void reader_digest(struct reader *r, char hex[65])
{
	decoder_digest(r->in, hex);
}

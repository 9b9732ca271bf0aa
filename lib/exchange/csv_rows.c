#include "exchange/csv_rows.h"

#include <csv.h>

/* libcsv keeps a field together with its closing quote and a NUL, and wants one byte to spare. */
enum {
	FIELD_BUFFER_MAX = READER_FIELD_MAX + 3,
	FIELD_BUFFER_STEP = 16 << 10
};

struct csv_rows {
	struct csv_parser parser;
	struct decoder *in;
	struct buf text; /* the cells of the row, a NUL behind each */
	struct cell cells[READER_COLUMNS_MAX];
	size_t n, count, filled;
	size_t line;         /* of the text that comes next */
	size_t row_line;     /* on which the row began */
	size_t field_line;   /* on which the field that is being read began */
	size_t to_lf, to_cr; /* bytes of the block up to and with the next one; 0: to be looked for */
	bool after_cr;       /* the text so far ended with \r: a \n that follows is part of it */
	bool done, blank;    /* the row ended; a line ended without one */
	bool row_too_long, field_too_long;
	bool finished;
};

static void *realloc_field(void *p, size_t size)
{
	return size > FIELD_BUFFER_MAX ? NULL : realloc(p, size);
}

/* Neither blank nor tab is trimmed. */
static int is_space(unsigned char c)
{
	(void)c;
	return 0;
}

int csv_rows_open(struct csv_rows **out, struct decoder *in, char delimiter, size_t line, struct err *err)
{
	struct csv_rows *c;

	if (delimiter == '"' || delimiter == '\n' || delimiter == '\r' || delimiter == '\0' || (delimiter & 0x80))
		return err_set(
			err, CRM_INVALID, "a delimiter is one ASCII character, not a quote or the end of a line");
	c = calloc(1, sizeof(*c));
	if (!c)
		return err_nomem(err);
	if (csv_init(&c->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL | CSV_REPALL_NL) != 0) {
		free(c);
		return err_nomem(err);
	}
	csv_set_delim(&c->parser, (unsigned char)delimiter);
	csv_set_space_func(&c->parser, is_space);
	csv_set_realloc_func(&c->parser, realloc_field);
	csv_set_blk_size(&c->parser, FIELD_BUFFER_STEP);
	c->in = in;
	c->line = line;
	*out = c;
	return 0;
}

struct csv_rows *csv_rows_close(struct csv_rows *c)
{
	if (c) {
		csv_free(&c->parser);
		buf_free(&c->text);
	}
	free(c);
	return NULL;
}

static void on_field(void *s, size_t len, void *payload)
{
	struct csv_rows *c = payload;

	c->field_line = c->line;
	c->count++;
	if (len > 0)
		c->filled = c->count;
	c->field_too_long |= len > READER_FIELD_MAX;
	c->row_too_long |= c->text.len + len + 1 > READER_ROW_MAX;
	if (c->row_too_long || c->n == READER_COLUMNS_MAX)
		return;
	buf_add(&c->text, s, len + 1);
	c->cells[c->n++].len = len;
}

static void on_row(int end, void *payload)
{
	struct csv_rows *c = payload;

	(void)end;
	c->done = c->count > 0;
	c->blank = c->count == 0;
}

static int refuse(struct csv_rows *c, struct err *err)
{
	int why = csv_error(&c->parser);

	if (c->field_too_long || (why == CSV_ENOMEM && csv_get_buffer_size(&c->parser) >= FIELD_BUFFER_MAX))
		return err_set(err, CRM_INVALID, "line %zu: a field is longer than 1 MiB (is a quote not closed?)",
			c->field_line);
	if (why != CSV_EPARSE)
		return err_nomem(err);
	if (c->parser.quoted)
		return err_set(err, CRM_INVALID,
			"line %zu: text after the closing quote of a field (quotes inside are doubled)", c->line);
	return err_set(err, CRM_INVALID,
		"line %zu: a quote inside an unquoted field (put the field in quotes and double those inside)",
		c->line);
}

static size_t through(const char *s, size_t len, char c)
{
	const char *p = memchr(s, c, len);

	return p ? (size_t)(p - s) + 1 : len + 1;
}

/* Bytes up to the next end of a line, that included: so at most one row ends in what libcsv gets at a time. */
static size_t line_length(struct csv_rows *c, const char *s, size_t len)
{
	size_t n;

	if (c->to_lf == 0)
		c->to_lf = through(s, len, '\n');
	if (c->to_cr == 0)
		c->to_cr = through(s, len, '\r');
	n = c->to_lf < c->to_cr ? c->to_lf : c->to_cr;
	if (n > len)
		return len;
	return c->to_lf == c->to_cr + 1 && n < len ? n + 1 : n;
}

static void pass_over(struct csv_rows *c, const char *s, size_t n, size_t len)
{
	char last = s[n - 1];
	bool counted = c->after_cr && s[0] == '\n';

	if (last == '\r' || (last == '\n' && !counted))
		c->line++;
	c->after_cr = last == '\r';
	if (c->blank)
		c->row_line = c->field_line = c->line;
	c->blank = false;
	c->to_lf = n < len && c->to_lf > n ? c->to_lf - n : 0;
	c->to_cr = n < len && c->to_cr > n ? c->to_cr - n : 0;
	decoder_take(c->in, n);
}

static int parse_line(struct csv_rows *c, struct err *err)
{
	const char *s;
	size_t len, n;
	int rc = decoder_peek(c->in, &s, &len, err);

	if (rc)
		return rc;
	n = line_length(c, s, len);
	if (csv_parse(&c->parser, s, n, on_field, on_row, c) != n || c->field_too_long)
		return refuse(c, err);
	pass_over(c, s, n, len);
	return 0;
}

static int finish(struct csv_rows *c, struct err *err)
{
	if (c->finished)
		return CRM_END;
	c->finished = true;
	if (csv_fini(&c->parser, on_field, on_row, c) != 0)
		return err_set(err, CRM_INVALID, "line %zu: a quoted field is never closed", c->field_line);
	if (c->field_too_long)
		return refuse(c, err);
	return c->done ? 0 : CRM_END;
}

int csv_rows_next(struct csv_rows *c, struct csv_row *row, struct err *err)
{
	const char *s;
	int rc;

	buf_clear(&c->text);
	c->n = c->count = c->filled = 0;
	c->done = c->blank = c->row_too_long = false;
	c->row_line = c->field_line = c->line;
	while (!c->done) {
		rc = parse_line(c, err);
		if (rc == CRM_END)
			rc = finish(c, err);
		if (rc)
			return rc;
	}
	if (c->text.failed)
		return err_nomem(err);
	s = c->text.s;
	for (size_t i = 0; i < c->n; i++) {
		c->cells[i].s = s;
		s += c->cells[i].len + 1;
	}
	*row = (struct csv_row){ c->row_line, c->cells, c->n, c->count, c->filled, c->row_too_long };
	return 0;
}

#include "exchange/csv_rows.h"

#include <crm/text.h>
#include <csv.h>

/* libcsv keeps a field together with its closing quote and a NUL, and wants one byte to spare. */
enum {
	FIELD_BUFFER_MAX = READER_FIELD_MAX + 3,
	FIELD_BUFFER_STEP = 16 << 10
};

struct csv_rows {
	struct csv_parser parser;
	struct decoder *in;
	struct csv_form form;
	struct buf text; /* the cells of the row, a NUL behind each */
	struct cell cells[READER_COLUMNS_MAX];
	size_t n, count, filled, bad_escape;
	struct buf field; /* without quotes: the field that is being read */
	size_t comments;
	size_t line;         /* of the text that comes next */
	size_t row_line;     /* on which the row began */
	size_t field_line;   /* on which the field that is being read began */
	size_t to_lf, to_cr; /* bytes of the block up to and with the next one; 0: to be looked for */
	bool after_cr;       /* the text so far ended with \r: a \n that follows is part of it */
	bool at_start;       /* what comes next begins a line between rows */
	bool in_comment;
	bool done, blank; /* the row ended; a line ended without one */
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

static bool is_mark(char c)
{
	return ascii_text(c) && c != '\n' && c != '\r';
}

static int check_form(const struct csv_form *f, struct err *err)
{
	if (!is_mark(f->delimiter) || f->delimiter == f->quote)
		return err_set(
			err, CRM_INVALID, "a delimiter is one ASCII character, not a quote or the end of a line");
	if (f->quote && !is_mark(f->quote))
		return err_set(err, CRM_INVALID, "a quote is one ASCII character, not the end of a line");
	if (f->comment && (!is_mark(f->comment) || f->comment == f->delimiter || f->comment == f->quote))
		return err_set(err, CRM_INVALID,
			"a comment begins with one ASCII character, not the delimiter, the quote or the end of a line");
	return 0;
}

int csv_rows_open(struct csv_rows **out, struct decoder *in, const struct csv_form *form, struct err *err)
{
	struct csv_rows *c;
	int rc = check_form(form, err);

	if (rc < 0)
		return rc;
	c = calloc(1, sizeof(*c));
	if (!c)
		return err_nomem(err);
	if (csv_init(&c->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL | CSV_REPALL_NL) != 0) {
		free(c);
		return err_nomem(err);
	}
	csv_set_delim(&c->parser, (unsigned char)form->delimiter);
	csv_set_quote(&c->parser, (unsigned char)form->quote);
	csv_set_space_func(&c->parser, is_space);
	csv_set_realloc_func(&c->parser, realloc_field);
	csv_set_blk_size(&c->parser, FIELD_BUFFER_STEP);
	c->in = in;
	c->form = *form;
	c->line = form->line;
	*out = c;
	return 0;
}

struct csv_rows *csv_rows_close(struct csv_rows *c)
{
	if (c) {
		csv_free(&c->parser);
		buf_free(&c->text);
		buf_free(&c->field);
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

	if (c->field.failed)
		return err_nomem(err);
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

/* --- text without quotes --- */

/* The byte that a backslash and this letter stand for, or 0. */
static char escaped_byte(char letter)
{
	switch (letter) {
	case 't':
		return '\t';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case '\\':
		return '\\';
	default:
		return 0;
	}
}

/* Puts the escaped bytes back; false, and nothing done, when a backslash stands before anything else. */
static bool unescape(struct buf *field)
{
	const char *s = memchr(field->s, '\\', field->len), *end = field->s + field->len;
	char *to = field->s + (s ? s - field->s : 0);

	for (const char *p = s; p && p < end; p++)
		if (*p == '\\' && (++p == end || !escaped_byte(*p)))
			return false;
	if (!s)
		return true;
	for (; s < end; s++)
		*to++ = *s == '\\' ? escaped_byte(*++s) : *s;
	buf_truncate(field, (size_t)(to - field->s));
	return true;
}

static void end_field(struct csv_rows *c)
{
	buf_puts(&c->field, "");
	if (c->field.failed)
		return;
	if (c->form.escapes && c->field.len > 0 && !unescape(&c->field) && !c->bad_escape)
		c->bad_escape = c->count + 1;
	on_field(c->field.s, c->field.len, c);
	buf_clear(&c->field);
}

static void end_row(struct csv_rows *c)
{
	if (!c->done && (c->count > 0 || c->field.len > 0))
		end_field(c);
	on_row(0, c);
}

/* As csv_parse(), and with it as at most one row. False: refuse() says why. */
static bool split(struct csv_rows *c, const char *s, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		bool newline = s[i] == '\n' || s[i] == '\r';

		if (!newline && s[i] != c->form.delimiter)
			continue;
		buf_add(&c->field, s + from, i - from);
		from = i + 1;
		if (newline)
			end_row(c);
		else
			end_field(c);
	}
	buf_add(&c->field, s + from, n - from);
	c->field_too_long |= c->field.len > READER_FIELD_MAX;
	return !c->field.failed;
}

/* --- lines --- */

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
	bool counted = c->after_cr && s[0] == '\n', ends_line = last == '\r' || last == '\n';

	if (last == '\r' || (last == '\n' && !counted))
		c->line++;
	c->after_cr = last == '\r';
	c->at_start = c->blank || (c->in_comment && ends_line);
	if (c->at_start)
		c->row_line = c->field_line = c->line;
	c->comments += c->in_comment && ends_line;
	c->in_comment &= !ends_line;
	c->blank = false;
	c->to_lf = n < len && c->to_lf > n ? c->to_lf - n : 0;
	c->to_cr = n < len && c->to_cr > n ? c->to_cr - n : 0;
	decoder_take(c->in, n);
}

static bool parse(struct csv_rows *c, const char *s, size_t n)
{
	bool whole = c->form.quote ? csv_parse(&c->parser, s, n, on_field, on_row, c) == n : split(c, s, n);

	return whole && !c->field_too_long;
}

static int parse_line(struct csv_rows *c, struct err *err)
{
	const char *s;
	size_t len, n;
	int rc = decoder_peek(c->in, &s, &len, err);

	if (rc)
		return rc;
	n = line_length(c, s, len);
	if (c->at_start && c->form.comment && *s == c->form.comment)
		c->in_comment = true;
	if (!c->in_comment && !parse(c, s, n))
		return refuse(c, err);
	pass_over(c, s, n, len);
	return 0;
}

static int finish(struct csv_rows *c, struct err *err)
{
	if (c->finished)
		return CRM_END;
	c->finished = true;
	c->comments += c->in_comment;
	if (!c->form.quote)
		end_row(c);
	else if (csv_fini(&c->parser, on_field, on_row, c) != 0)
		return err_set(err, CRM_INVALID, "line %zu: a quoted field is never closed", c->field_line);
	if (c->field_too_long || c->field.failed)
		return refuse(c, err);
	return c->done ? 0 : CRM_END;
}

int csv_rows_next(struct csv_rows *c, struct csv_row *row, struct err *err)
{
	const char *s;
	int rc;

	buf_clear(&c->text);
	c->n = c->count = c->filled = c->bad_escape = 0;
	c->at_start = true;
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
		struct cell *cell = &c->cells[i];
		size_t before = c->form.excel ? crm_text_apostrophe(s, cell->len) : 0;

		cell->s = s + before;
		cell->before = (unsigned char)before;
		s += cell->len + 1;
		cell->len -= before;
	}
	*row = (struct csv_row){ c->row_line, c->cells, c->n, c->count, c->filled, c->bad_escape, c->row_too_long };
	return 0;
}

bool csv_rows_at_end(struct csv_rows *c)
{
	const char *s;
	size_t len;
	int rc;

	while ((rc = decoder_peek(c->in, &s, &len, NULL)) == 0 && (*s == '\n' || *s == '\r')) {
		size_t n = line_length(c, s, len);

		pass_over(c, s, n, len);
	}
	return rc == CRM_END;
}

size_t csv_rows_comments(const struct csv_rows *c)
{
	return c->comments;
}

/*
 * Reads any bytes as a file. What must hold: no crash; cells are UTF-8 without NUL unless their row is faulted; and
 * what was read, written as CSV and read again, is the same.
 */
#include "exchange/reader.h"
#include "fuzz_file.h"
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static struct reader *open_bytes(const char *s, size_t len, const struct reader_options *opt, int *fd)
{
	struct reader *r = NULL;
	struct err err = { 0 };
	int rc;

	*fd = fuzz_file(s, len);
	rc = reader_open(&r, *fd, opt, &err);
	require((rc == 0) == (r != NULL), "a reader exactly on success");
	require(rc == 0 || (err.msg.s && utf8_valid(err.msg.s, err.msg.len, NULL)), "an error says why, in UTF-8");
	err_free(&err);
	return r;
}

static void write_cell(struct buf *csv, const struct cell *c)
{
	buf_putc(csv, '"');
	for (size_t i = 0; i < c->len; i++) {
		if (c->s[i] == '"')
			buf_putc(csv, '"');
		buf_putc(csv, c->s[i]);
	}
	buf_putc(csv, '"');
}

static void write_row(struct buf *csv, const struct row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (i > 0)
			buf_putc(csv, ',');
		write_cell(csv, &row->cells[i]);
	}
	buf_putc(csv, '\n');
}

static void check_row(const struct reader *r, const struct row *row, size_t line_before)
{
	require(row->line >= line_before, "lines never go back");
	for (size_t i = 0; i < row->n; i++)
		require(row->cells[i].s && row->cells[i].s[row->cells[i].len] == '\0', "cells end in NUL");
	if (row->fault) {
		require(utf8_valid(row->fault, strlen(row->fault), NULL), "faults are UTF-8");
		return;
	}
	require(row->n == reader_columns(r), "a cell for each column");
	for (size_t i = 0; i < row->n; i++)
		require(utf8_valid(row->cells[i].s, row->cells[i].len, NULL), "cells are UTF-8");
}

static size_t copy_rows(struct buf *csv, struct reader *r)
{
	struct row row;
	size_t rows = 0, line = 0;

	for (size_t i = 0; i < reader_columns(r); i++)
		buf_printf(csv, "%sc%zu", i ? "," : "", i);
	buf_putc(csv, '\n');
	while (reader_next(r, &row, NULL) == 0) {
		check_row(r, &row, line);
		line = row.line;
		if (row.fault)
			continue;
		write_row(csv, &row);
		rows++;
	}
	return rows;
}

static void check_again(const struct buf *csv, size_t rows)
{
	const struct reader_options opt = { .form = READER_CSV, .encoding = "UTF-8", .delimiter = ',' };
	struct buf again = BUF_INIT;
	int fd;
	struct reader *r = open_bytes(csv->s, csv->len, &opt, &fd);

	require(r, "what was written can be read");
	require(copy_rows(&again, r) == rows, "as many rows as written");
	require(again.len == csv->len && !memcmp(again.s, csv->s, csv->len), "the same cells as written");
	reader_close(r);
	close(fd);
	buf_free(&again);
}

/* Delimited text in all its forms; the last byte chooses. */
static struct reader_options choose(uint8_t byte)
{
	static const struct reader_options forms[] = {
		{ .quote = '\'' },
		{ .unquoted = true },
		{ .unquoted = true, .delimiter = '"', .comment = '#' },
		{ .form = READER_TSV },
		{ .form = READER_TSV, .comment = '#', .footer = 1 },
		{ .comment = '#' },
		{ .excel = true, .footer = 1 },
		{ .header_row = 1 },
		{ .header_row = 3, .footer = 2 },
		{ .form = READER_CSV, .footer = READER_FOOTER_MAX },
	};

	return forms[byte % ARRAY_SIZE(forms)];
}

static void check_left_out(const struct reader *r)
{
	size_t first, last;

	if (reader_skipped(r, &first, &last))
		require(first >= 1 && first <= last, "lines that are skipped have an order");
	require(reader_footer(r) <= READER_FOOTER_MAX, "a footer as long as asked for");
}

static void check_form(const uint8_t *data, size_t size, const struct reader_options *opt)
{
	struct buf csv = BUF_INIT;
	int fd;
	struct reader *r = open_bytes((const char *)data, size, opt, &fd);

	if (r) {
		size_t columns = reader_columns(r), rows = copy_rows(&csv, r);

		if (columns > 0)
			check_again(&csv, rows);
		check_left_out(r);
	}
	reader_close(r);
	close(fd);
	buf_free(&csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct reader_options found = { 0 }, chosen = choose(size ? data[size - 1] : 0);

	check_form(data, size, &found);
	check_form(data, size, &chosen);
	return 0;
}

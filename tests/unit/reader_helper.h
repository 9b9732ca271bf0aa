/*
 * Reads bytes through the reader and renders all it says as text, so that a test is a pair of strings:
 *
 *	name|phone            the columns
 *	2 Li|138              a row: its line, its cells
 *	3! bytes that are …   a faulted row
 *	error: line 4: …      what ended the file, or refused it
 *
 * In cells \n, \r, \t and NUL are written as escapes; for JSON a cell that is a string is in double quotes.
 */
#ifndef TESTS_UNIT_READER_HELPER_H
#define TESTS_UNIT_READER_HELPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exchange/reader.h"

#include <sys/mman.h>
#include <unistd.h>

static inline int file_of(const char *data, size_t len)
{
	int fd = memfd_create("reader", 0);

	assert_true(fd >= 0);
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, data + done, len - done);

		assert_true(n > 0);
		done += (size_t)n;
	}
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static inline void render_cell(struct buf *out, const struct cell *c)
{
	assert_int_equal(c->s[c->len], '\0');
	if (c->quoted)
		buf_putc(out, '"');
	for (size_t i = 0; i < c->len; i++) {
		const char *names = "\nn\rr\tt", *at = c->s[i] ? strchr("\n\r\t", c->s[i]) : NULL;

		if (at)
			buf_printf(out, "\\%c", strchr(names, c->s[i])[1]);
		else if (!c->s[i])
			buf_puts(out, "\\0");
		else
			buf_putc(out, c->s[i]);
	}
	if (c->quoted)
		buf_putc(out, '"');
}

static inline void render_row(struct buf *out, const struct row *row)
{
	if (row->fault) {
		buf_printf(out, "%zu! %s\n", row->line, row->fault);
		return;
	}
	buf_printf(out, "%zu ", row->line);
	for (size_t i = 0; i < row->n; i++) {
		if (i > 0)
			buf_putc(out, '|');
		render_cell(out, &row->cells[i]);
	}
	buf_putc(out, '\n');
}

static inline void render_rows(struct buf *out, struct reader *r)
{
	struct err err = { 0 };
	struct row row;
	int rc;

	for (size_t i = 0; i < reader_columns(r); i++)
		buf_printf(out, "%s%s", i ? "|" : "", reader_column(r, i));
	buf_putc(out, '\n');
	while ((rc = reader_next(r, &row, &err)) == 0)
		render_row(out, &row);
	if (rc < 0)
		buf_printf(out, "error: %s\n", err.msg.s);
	err_free(&err);
}

static inline char *render(const char *data, size_t len, const struct reader_options *opt)
{
	struct buf out = BUF_INIT;
	struct err err = { 0 };
	struct reader *r = NULL;
	int fd = file_of(data, len);
	int rc = reader_open(&r, fd, opt, &err);

	if (rc == 0)
		render_rows(&out, r);
	else
		buf_printf(&out, "error: %s\n", err.msg.s);
	reader_close(r);
	err_free(&err);
	close(fd);
	return buf_take(&out);
}

static inline void check_bytes(const char *data, size_t len, struct reader_options opt, const char *expected)
{
	char *got = render(data, len, &opt);

	assert_string_equal(got, expected);
	free(got);
}

/* For literals: NUL bytes count. */
#define CHECK(data, expected) check_bytes(data, sizeof(data) - 1, (struct reader_options){ 0 }, expected)
#define CHECK_WITH(data, expected, ...)                                                                                \
	check_bytes(data, sizeof(data) - 1, (struct reader_options){ __VA_ARGS__ }, expected)

#endif

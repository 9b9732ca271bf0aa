/*
 * Any bytes as JSON lines or one array of objects. What must hold: no crash; cells are UTF-8 unless their row is faulted; and
 * written as JSON lines and read again they are the same.
 */
#include "exchange/reader.h"
#include "fuzz_file.h"
#include "text/text.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct reader *open_bytes(const char *s, size_t len, int *fd)
{
	const struct reader_options opt = { .form = READER_JSONL, .encoding = "UTF-8" };
	struct reader *r = NULL;
	struct err err = { 0 };

	*fd = fuzz_file(s, len);
	int status = reader_open(&r, *fd, &opt, &err);
	assert((status == CRM_OK) == (r != NULL));
	assert(status == CRM_OK || (err.msg.s && utf8_valid(err.msg.s, err.msg.len, NULL)));
	err_free(&err);
	return r;
}

/* The rows as an object a line, all columns in each. Returns how many. */
static size_t copy(struct buf *out, struct reader *r)
{
	struct row row;
	size_t rows = 0;

	while (reader_next(r, &row, NULL) == CRM_OK) {
		if (row.fault) {
			assert(utf8_valid(row.fault, strlen(row.fault), NULL));
			continue;
		}
		assert(row.n == reader_columns(r));
		for (size_t i = 0; i < row.n; i++) {
			assert(utf8_valid(row.cells[i].s, row.cells[i].len, NULL));
			buf_putc(out, i ? ',' : '{');
			buf_json(out, reader_column(r, i), strlen(reader_column(r, i)));
			buf_putc(out, ':');
			buf_json(out, row.cells[i].s, row.cells[i].len);
		}
		buf_puts(out, row.n ? "}\n" : "");
		rows += row.n > 0;
	}
	return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf first = BUF_INIT, second = BUF_INIT;
	int fd, again;
	struct reader *r = open_bytes((const char *)data, size, &fd);
	size_t rows = r ? copy(&first, r) : 0;

	if (rows > 0) {
		struct reader *back = open_bytes(first.s, first.len, &again);

		assert(back && copy(&second, back) == rows);
		assert(first.len == second.len && memcmp(first.s, second.s, first.len) == 0);
		reader_close(back);
		close(again);
	}
	reader_close(r);
	close(fd);
	buf_free(&first);
	buf_free(&second);
	return 0;
}

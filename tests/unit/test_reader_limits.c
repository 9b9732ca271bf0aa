/* Limits of the reader: what is too long is refused with its line, in little memory. */
#include "reader_helper.h"

#include <stdio.h>
#include <sys/resource.h>

static void add_many(struct buf *b, char c, size_t n)
{
	assert_true(buf_reserve(b, n));
	memset(b->s + b->len, c, n);
	b->len += n;
	b->s[b->len] = '\0';
}

static struct reader *open_data(const char *data, size_t len, int *fd)
{
	struct reader_options opt = { 0 };
	struct reader *r = NULL;

	*fd = file_of(data, len);
	assert_int_equal(reader_open(&r, *fd, &opt, NULL), 0);
	return r;
}

static int64_t peak_kib(void)
{
	struct rusage u;

	assert_int_equal(getrusage(RUSAGE_SELF, &u), 0);
	return u.ru_maxrss;
}

static void check_field(size_t len, const char *before, const char *after, bool fits)
{
	struct buf b = BUF_INIT;
	struct err err = { 0 };
	struct reader *r;
	struct row row;
	int fd;

	buf_puts(&b, "a,b\n1,2\n3,");
	buf_puts(&b, before);
	add_many(&b, 'x', len);
	buf_puts(&b, after);
	r = open_data(b.s, b.len, &fd);
	assert_int_equal(reader_next(r, &row, &err), 0);
	if (fits) {
		assert_int_equal(reader_next(r, &row, &err), 0);
		assert_null(row.fault);
		assert_int_equal(row.cells[1].len, len);
		assert_int_equal(strlen(row.cells[1].s), len);
	} else {
		assert_int_equal(reader_next(r, &row, &err), CRM_INVALID);
		assert_string_equal(err.msg.s, "line 3: a field is longer than 1 MiB (is a quote not closed?)");
	}
	reader_close(r);
	err_free(&err);
	buf_free(&b);
	close(fd);
}

static void fields_up_to_one_mebibyte(void **state)
{
	static const struct {
		const char *before, *after;
	} forms[] = { { "", "" }, { "", "\n" }, { "", "\r\n" }, { "\"", "\"" }, { "\"", "\"\n4,5\n" }, { "", ",,\n" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		check_field(1048576, forms[i].before, forms[i].after, true);
		check_field(1048577, forms[i].before, forms[i].after, false);
		check_field(1048578, forms[i].before, forms[i].after, false);
		check_field(10000000, forms[i].before, forms[i].after, false);
	}
}

/* Two megabytes in one row, and the row after it. */
static void long_row(void **state)
{
	struct buf b = BUF_INIT;
	struct reader *r;
	struct row row;
	int fd;

	(void)state;
	buf_puts(&b, "a,b,c,d\n");
	for (int i = 0; i < 4; i++) {
		buf_puts(&b, i ? ",\"" : "\"");
		add_many(&b, (char)('p' + i), 500000);
		buf_puts(&b, "\n\"");
	}
	buf_puts(&b, "\n1,2,3,4\n");
	r = open_data(b.s, b.len, &fd);
	assert_int_equal(reader_next(r, &row, NULL), 0);
	assert_null(row.fault);
	assert_int_equal(row.line, 2);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(row.cells[i].len, 500001);
		assert_int_equal(row.cells[i].s[0], 'p' + (int)i);
		assert_int_equal(row.cells[i].s[499999], 'p' + (int)i);
	}
	assert_int_equal(reader_next(r, &row, NULL), 0);
	assert_int_equal(row.line, 7);
	assert_string_equal(row.cells[3].s, "4");
	assert_int_equal(reader_next(r, &row, NULL), CRM_END);
	reader_close(r);
	buf_free(&b);
	close(fd);
}

static void row_beyond_eight_mebibytes(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_puts(&b, "a,b\n");
	for (int i = 0; i < 9; i++) {
		add_many(&b, 'x', 1 << 20);
		buf_putc(&b, i < 8 ? ',' : '\n');
	}
	buf_puts(&b, "1,2\n");
	check_bytes(b.s, b.len, (struct reader_options){ 0 }, "a|b\n2! longer than 8 MiB\n3 1|2\n");
	buf_free(&b);
}

static void columns(void **state)
{
	struct buf b = BUF_INIT;
	struct reader *r;
	struct row row;
	size_t header;
	int fd;

	(void)state;
	for (int i = 1; i <= 1000; i++)
		buf_printf(&b, "%sc%d", i > 1 ? "," : "", i);
	header = b.len;
	buf_putc(&b, '\n');
	for (int i = 1; i <= 1000; i++)
		buf_printf(&b, "%s%d", i > 1 ? "," : "", i);
	buf_putc(&b, '\n');
	add_many(&b, ',', 4999);
	buf_puts(&b, "\n");
	add_many(&b, ',', 4999);
	buf_puts(&b, "x\n");
	r = open_data(b.s, b.len, &fd);
	assert_int_equal(reader_columns(r), 1000);
	assert_int_equal(reader_next(r, &row, NULL), 0);
	assert_string_equal(row.cells[999].s, "1000");
	assert_int_equal(reader_next(r, &row, NULL), 0);
	assert_null(row.fault);
	assert_int_equal(row.n, 1000);
	assert_int_equal(reader_next(r, &row, NULL), 0);
	assert_string_equal(row.fault, "the row has 5000 cells, the header has 1000");
	assert_int_equal(row.n, 1000);
	reader_close(r);
	close(fd);

	buf_truncate(&b, header);
	buf_puts(&b, ",one more\n");
	check_bytes(b.s, b.len, (struct reader_options){ 0 },
		"error: line 1: the header has 1001 columns, more than 1000\n");
	buf_free(&b);
}

/* One gigabyte, no newline: refused after the first mebibyte. The file is a hole, it takes no memory. */
static void a_gigabyte_without_a_line(void **state)
{
	struct reader_options opt = { .form = READER_CSV };
	struct reader *r = NULL;
	struct err err = { 0 };
	int fd = file_of("", 0);

	(void)state;
	assert_int_equal(ftruncate(fd, 1 << 30), 0);
	assert_int_equal(reader_open(&r, fd, &opt, &err), CRM_INVALID);
	assert_string_equal(err.msg.s, "line 1: a field is longer than 1 MiB (is a quote not closed?)");
	assert_true(lseek(fd, 0, SEEK_CUR) < 2 << 20);
	err_free(&err);
	close(fd);
}

/* A JSON line of 256 MB is a fault, passed over in memory that does not grow with it. */
static void a_long_json_line(void **state)
{
	static const char end[] = "\"}\n{\"a\":\"y\"}\n";
	struct reader *r;
	struct row row;
	int fd;
	int64_t before;

	(void)state;
	r = open_data("{\"a\":\"x\"}\n{\"a\":\"", 16, &fd);
	reader_close(r);
	assert_int_equal(ftruncate(fd, 256 << 20), 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), 256 << 20);
	assert_int_equal(write(fd, end, sizeof(end) - 1), sizeof(end) - 1);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	before = peak_kib();
	assert_int_equal(reader_open(&r, fd, &(struct reader_options){ 0 }, NULL), 0);
	assert_int_equal(reader_next(r, &row, NULL), 0);
	assert_null(row.fault);
	assert_int_equal(reader_next(r, &row, NULL), 0);
	assert_int_equal(row.line, 2);
	assert_string_equal(row.fault, "longer than 8 MiB");
	assert_int_equal(reader_next(r, &row, NULL), 0);
	assert_null(row.fault);
	assert_int_equal(row.line, 3);
	assert_int_equal(reader_next(r, &row, NULL), CRM_END);
	assert_true(peak_kib() - before < 64 << 10);
	reader_close(r);
	close(fd);
}

static void a_long_json_value(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_puts(&b, "[{\"a\":\"");
	add_many(&b, 'x', (1 << 20) + 1);
	buf_puts(&b, "\"},\n{\"a\":[\"");
	add_many(&b, 'x', 9 << 20);
	buf_puts(&b, "\"]},\n{\"a\":\"y\"}]");
	check_bytes(b.s, b.len, (struct reader_options){ 0 },
		"a\n1! the key 'a' holds more than 1 MiB\n2! longer than 8 MiB\n3 \"y\"\n");
	buf_free(&b);
}

static void many_keys(void **state)
{
	struct buf b = BUF_INIT;
	struct reader *r;
	size_t thousand;
	int fd;

	(void)state;
	buf_putc(&b, '{');
	for (int i = 1; i <= 1000; i++)
		buf_printf(&b, "%s\"k%d\":1", i > 1 ? "," : "", i);
	thousand = b.len;
	buf_putc(&b, '}');
	r = open_data(b.s, b.len, &fd);
	assert_int_equal(reader_columns(r), 1000);
	assert_string_equal(reader_column(r, 999), "k1000");
	reader_close(r);
	close(fd);
	buf_truncate(&b, thousand);
	buf_puts(&b, ",\"one more\":1}");
	check_bytes(b.s, b.len, (struct reader_options){ 0 }, "error: line 1: more than 1000 different keys\n");
	buf_free(&b);
}

/* What cannot be sought in is read all the same. */
static void from_a_pipe(void **state)
{
	static const char data[] = "a,b\r\n\"x\ny\",2\r\n\xe5\xbc\xa0,4\r\n";
	struct reader_options opt = { 0 };
	struct reader *r = NULL;
	struct buf out = BUF_INIT;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], data, sizeof(data) - 1), sizeof(data) - 1);
	close(ends[1]);
	assert_int_equal(reader_open(&r, ends[0], &opt, NULL), 0);
	render_rows(&out, r);
	assert_string_equal(out.s, "a|b\n2 x\\ny|2\n4 \xe5\xbc\xa0|4\n");
	reader_close(r);
	buf_free(&out);
	close(ends[0]);
}

/* Rows, quotes and \r\n on every side of the ends of blocks: each row says which it is. */
static void rows_across_blocks(void **state)
{
	static const char *const ends[] = { "\n", "\r\n", "\r" };

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(ends); k++) {
		struct buf b = BUF_INIT;
		struct reader *r;
		struct row row;
		size_t i = 0;
		char expected[32];
		int fd;

		buf_printf(&b, "number,text%s", ends[k]);
		for (size_t n = 0; n < 30000; n++)
			buf_printf(&b, "%zu,\"a%s\"\"b%zu\"%s", n, ends[k], n, ends[k]);
		r = open_data(b.s, b.len, &fd);
		for (; reader_next(r, &row, NULL) == 0; i++) {
			assert_null(row.fault);
			assert_int_equal(row.line, 2 + 2 * i);
			snprintf(expected, sizeof(expected), "%zu", i);
			assert_string_equal(row.cells[0].s, expected);
			snprintf(expected, sizeof(expected), "a%s\"b%zu", ends[k], i);
			assert_string_equal(row.cells[1].s, expected);
		}
		assert_int_equal(i, 30000);
		reader_close(r);
		buf_free(&b);
		close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_up_to_one_mebibyte),
		cmocka_unit_test(long_row),
		cmocka_unit_test(row_beyond_eight_mebibytes),
		cmocka_unit_test(columns),
		cmocka_unit_test(a_gigabyte_without_a_line),
		cmocka_unit_test(a_long_json_line),
		cmocka_unit_test(a_long_json_value),
		cmocka_unit_test(many_keys),
		cmocka_unit_test(from_a_pipe),
		cmocka_unit_test(rows_across_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

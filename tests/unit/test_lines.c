#include "exchange/lines.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static struct lines lines_of(const char *text, size_t len, size_t max)
{
	struct lines l = { .fd = memfd_create("lines", 0), .file = "f", .max = max };

	assert_true(l.fd >= 0);
	assert_true(write_all(l.fd, text, len));
	assert_int_equal(lseek(l.fd, 0, SEEK_SET), 0);
	return l;
}

static void done(struct lines *l)
{
	close(l->fd);
	lines_free(l);
}

static void assert_line(struct lines *l, const char *text, size_t len, bool cut)
{
	struct err err = { 0 };
	char *line;
	size_t n;

	assert_int_equal(lines_next(l, &line, &n, &err), CRM_OK);
	assert_int_equal(n, len);
	assert_memory_equal(line, text, len + 1);
	assert_int_equal(l->cut, cut);
}

static void assert_end(struct lines *l)
{
	struct err err = { 0 };
	char *line;
	size_t n;

	assert_int_equal(lines_next(l, &line, &n, &err), CRM_END);
}

static void assert_refused(struct lines *l, const char *message)
{
	struct err err = { 0 };
	char *line;
	size_t n;

	assert_int_equal(lines_next(l, &line, &n, &err), CRM_FAILED);
	assert_string_equal(buf_str(&err.msg), message);
	err_free(&err);
}

static void lines_are_exact(void **state)
{
	struct lines l = lines_of("a\n\nb\0c\r\nlast", 12, 4);

	(void)state;
	assert_line(&l, "a", 1, false);
	assert_line(&l, "", 0, false);
	assert_line(&l, "b\0c\r", 4, false);
	assert_line(&l, "last", 4, true);
	assert_int_equal(l.n, 4);
	assert_end(&l);
	done(&l);
	l = lines_of("a\n", 2, 1);
	assert_line(&l, "a", 1, false);
	assert_end(&l);
	done(&l);
	l = lines_of("", 0, 1);
	assert_end(&l);
	done(&l);
}

/* Lines of all lengths around the blocks in which the file is read. */
static void lines_may_cross_blocks(void **state)
{
	static const size_t lengths[] = { 65535, 0, 65536, 1, 65537, 200000, 3 };
	struct buf text = BUF_INIT;
	struct lines l;
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		for (size_t k = 0; k < lengths[i]; k++)
			buf_putc(&text, (char)('a' + (i + k) % 26));
		buf_putc(&text, '\n');
	}
	l = lines_of(text.s, text.len, 200000);
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		text.s[at + lengths[i]] = '\0';
		assert_line(&l, text.s + at, lengths[i], false);
		at += lengths[i] + 1;
	}
	assert_end(&l);
	done(&l);
	buf_free(&text);
}

static void a_line_beyond_the_limit_is_refused(void **state)
{
	struct lines l = lines_of("abc\nabcd\nx\n", 11, 3);

	(void)state;
	assert_line(&l, "abc", 3, false);
	assert_refused(&l, "f:2: the line is longer than 3 bytes");
	assert_true(l.too_long);
	done(&l);
	l = lines_of("abc\nabcd", 8, 3);
	assert_line(&l, "abc", 3, false);
	l.max = 4;
	assert_line(&l, "abcd", 4, true);
	done(&l);
}

/* What never ends is left after the limit, not read to the end of memory. */
static void an_endless_line_is_refused(void **state)
{
	struct lines l = lines_of("", 0, 1 << 20);
	size_t len = (size_t)8 << 20;
	char *zeros = calloc(1, len);

	(void)state;
	assert_non_null(zeros);
	assert_true(write_all(l.fd, zeros, len));
	assert_int_equal(lseek(l.fd, 0, SEEK_SET), 0);
	free(zeros);
	assert_refused(&l, "f:1: the line is longer than 1048576 bytes");
	assert_in_range(lseek(l.fd, 0, SEEK_CUR), 1 << 20, (1 << 20) + (1 << 17));
	done(&l);
}

static void what_cannot_be_read_is_told(void **state)
{
	struct lines l = { .fd = open(".", O_RDONLY), .file = "f", .max = 9 };

	(void)state;
	assert_refused(&l, "f: cannot be read: Is a directory");
	assert_false(l.too_long);
	done(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_exact),
		cmocka_unit_test(lines_may_cross_blocks),
		cmocka_unit_test(a_line_beyond_the_limit_is_refused),
		cmocka_unit_test(an_endless_line_is_refused),
		cmocka_unit_test(what_cannot_be_read_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

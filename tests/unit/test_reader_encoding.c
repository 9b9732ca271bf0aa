/*
 * Encodings of the reader. Bytes are from the code charts: GB 18030 (D5C5 C8FD 张三, B1B1 BEA9 北京, A2E3 €,
 * 8130 8130 U+0080, 9030 8130 U+10000, 9439 FC36 U+1F600), Unicode and CP1252.
 */
#include "reader_helper.h"

#define ZHANG_SAN "\xe5\xbc\xa0\xe4\xb8\x89"
#define BEIJING   "\xe5\x8c\x97\xe4\xba\xac"
#define EURO      "\xe2\x82\xac"
#define GRIN      "\xf0\x9f\x98\x80"

static void check_encoding(const char *data, size_t len, struct reader_options opt, const char *name)
{
	struct reader *r = NULL;
	struct row row;
	int fd = file_of(data, len);

	assert_int_equal(reader_open(&r, fd, &opt, NULL), 0);
	while (reader_next(r, &row, NULL) == 0)
		;
	assert_string_equal(reader_encoding(r), name);
	assert_int_equal(reader_bytes(r), len);
	reader_close(r);
	close(fd);
}

#define ENCODING(data, name) check_encoding(data, sizeof(data) - 1, (struct reader_options){ 0 }, name)
#define ENCODING_AS(data, say, name)                                                                                   \
	check_encoding(data, sizeof(data) - 1, (struct reader_options){ .encoding = say }, name)

static void utf8(void **state)
{
	(void)state;
	CHECK("a,b\n" ZHANG_SAN "," EURO "\n", "a|b\n2 " ZHANG_SAN "|" EURO "\n");
	CHECK("\xef\xbb\xbf"
	      "a,b\n1,2\n",
		"a|b\n2 1|2\n");
	CHECK("\xef\xbb\xbf\"a\",b\n1,\xef\xbb\xbf"
	      "2\n",
		"a|b\n2 1|\xef\xbb\xbf"
		"2\n");
	CHECK("\xef\xbb\xbf", "error: the file is empty\n");
	ENCODING("a\n" ZHANG_SAN "\n", "UTF-8");
	ENCODING_AS("a\n1\n", "auto", "UTF-8");
	ENCODING_AS("a\n1\n", "utf8", "UTF-8");
}

static void utf16_with_mark(void **state)
{
	(void)state;
	CHECK("\xff\xfe"
	      "a\0,\0b\0\r\0\n\0\x20\x5f,\0\x3d\xd8\x00\xde\n\0",
		"a|b\n2 \xe5\xbc\xa0|" GRIN "\n");
	CHECK("\xfe\xff"
	      "\0a\0,\0b\0\r\0\n\x5f\x20\0,\xd8\x3d\xde\x00\0\n",
		"a|b\n2 \xe5\xbc\xa0|" GRIN "\n");
	ENCODING("\xff\xfe"
		 "a\0\n\0",
		"UTF-16LE");
	ENCODING("\xfe\xff"
		 "\0a\0\n",
		"UTF-16BE");
	ENCODING("\xff\xfe\0\0"
		 "a\0\0\0\n\0\0\0",
		"UTF-32LE");
}

static void utf16_without_mark(void **state)
{
	(void)state;
	CHECK("a\0,\0b\0\n\0\x20\x5f,\0\x31\0\n\0", "a|b\n2 \xe5\xbc\xa0|1\n");
	CHECK("\0a\0,\0b\0\n\x5f\x20\0,\0\x31\0\n", "a|b\n2 \xe5\xbc\xa0|1\n");
	CHECK("\xd3\x59\x0d\x54,\0\x35\x75\xdd\x8b\n\0\x20\x5f,\0\x31\0\x32\0\n\0",
		"\xe5\xa7\x93\xe5\x90\x8d|\xe7\x94\xb5\xe8\xaf\x9d\n2 \xe5\xbc\xa0|12\n");
	CHECK("a\0,\0b\0\n\0\x00\x4e\x09\x4e,\0\x31\0\n\0", "a|b\n2 \xe4\xb8\x80\xe4\xb8\x89|1\n");
	ENCODING("a\0,\0b\0\n\0", "UTF-16LE");
	ENCODING("\0a\0,\0b\0\n", "UTF-16BE");
	ENCODING("a,b\n1,\0\n", "UTF-8");
}

/*
 * Lines of forty Han characters, one after the other from `first` on, and no ASCII but the line ends: in either order,
 * short and beyond a block.
 */
static void check_han_only(unsigned first, size_t lines, bool big, const char *end)
{
	struct reader_options opt = { 0 };
	struct reader *r = NULL;
	struct row row;
	struct buf b = BUF_INIT;
	size_t rows = 0;
	int fd;

	for (size_t i = 0; i < lines * 40; i++) {
		unsigned u = first + (unsigned)(i * 7 % 20000);

		buf_putc(&b, (char)(big ? u >> 8 : u & 0xff));
		buf_putc(&b, (char)(big ? u & 0xff : u >> 8));
		for (const char *p = end; i % 40 == 39 && *p; p++) {
			buf_putc(&b, big ? '\0' : *p);
			buf_putc(&b, big ? *p : '\0');
		}
	}
	fd = file_of(b.s, b.len);
	assert_int_equal(reader_open(&r, fd, &opt, NULL), 0);
	assert_string_equal(reader_encoding(r), big ? "UTF-16BE" : "UTF-16LE");
	for (; reader_next(r, &row, NULL) == 0; rows++) {
		assert_null(row.fault);
		assert_int_equal(row.cells[0].len, 120);
	}
	assert_int_equal(rows, lines - 1);
	reader_close(r);
	buf_free(&b);
	close(fd);
}

static void utf16_without_mark_or_ascii(void **state)
{
	static const size_t lines[] = { 2, 3, 50, 2000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		for (unsigned first = 0x4e00; first < 0x4e00 + 200; first += 13) {
			check_han_only(first, lines[i], false, "\n");
			check_han_only(first, lines[i], true, "\n");
			check_han_only(first, lines[i], false, "\r\n");
			check_han_only(first, lines[i], true, "\r\n");
		}
	}
	/* 姓名 张三 */
	CHECK("\xd3\x59\x0d\x54\n\0\x20\x5f\x09\x4e\n\0", "\xe5\xa7\x93\xe5\x90\x8d\n2 " ZHANG_SAN "\n");
	CHECK("\x59\xd3\x54\x0d\0\n\x5f\x20\x4e\x09\0\n", "\xe5\xa7\x93\xe5\x90\x8d\n2 " ZHANG_SAN "\n");
}

/* A NUL beside a line end in text of single bytes is a fault of its row, not UTF-16. */
static void stray_nul_bytes_are_no_utf16(void **state)
{
	(void)state;
	CHECK("a,b\nxy,z\0\n1,2\n", "a|b\n2! a NUL byte in column 'b'\n3 1|2\n");
	CHECK("a\n" ZHANG_SAN "\0\n" ZHANG_SAN "1\n", "a\n2! a NUL byte in column 'a'\n3 " ZHANG_SAN "1\n");
	CHECK("\xd5\xc5\n\0\xc8\xfd\xb1\xb1\xbe\xa9\xd5\xc5\xc8\xfd\xb1\xb1\xbe\xa9\n\xd5\xc5\n",
		"\xe5\xbc\xa0\n2! a NUL byte in column '\xe5\xbc\xa0'\n3 \xe5\xbc\xa0\n");
}

static void utf32_with_mark(void **state)
{
	(void)state;
	CHECK("\xff\xfe\0\0a\0\0\0,\0\0\0b\0\0\0\n\0\0\0\x20\x5f\0\0,\0\0\0\x00\xf6\x01\0\n\0\0\0",
		"a|b\n2 \xe5\xbc\xa0|" GRIN "\n");
	CHECK("\0\0\xfe\xff\0\0\0a\0\0\0,\0\0\0b\0\0\0\n\0\0\x5f\x20\0\0\0,\0\x01\xf6\0\0\0\0\n",
		"a|b\n2 \xe5\xbc\xa0|" GRIN "\n");
	CHECK("\xff\xfe\0\0a\0\0\0\n\0\0\0\0\xd8\0\0\n\0\0\0x\0\0\0\n\0\0\0",
		"a\n2! bytes that are not UTF-32LE in column 'a'\n3 x\n");
}

/* CP1252: 80 is €, E9 is é, 81 is nothing; the names of the registry and of Microsoft. */
static void windows_1252(void **state)
{
	static const char *const names[] = { "windows-1252", "WINDOWS-1252", "cp1252" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		CHECK_WITH("a,b\ncaf\xe9,5 \x80\n", "a|b\n2 caf\xc3\xa9|5 " EURO "\n", .encoding = names[i]);
}

/* U+D83D alone, U+DE00 alone, half a unit at the end: one fault each; U+0000 is a NUL byte. */
static void utf16_faults(void **state)
{
	(void)state;
	CHECK("\xff\xfe"
	      "a\0,\0b\0\n\0"
	      "1\0,\0\x3d\xd8\n\0"
	      "2\0,\0\x00\xde\n\0"
	      "3\0,\0x\0\n\0"
	      "4\0,\0\0\0\n\0"
	      "5\0,\0y\0z",
		"a|b\n2! bytes that are not UTF-16LE in column 'b'\n3! bytes that are not UTF-16LE in column 'b'\n"
		"4 3|x\n5! a NUL byte in column 'b'\n6! bytes that are not UTF-16LE in column 'b'\n");
}

static void gb18030(void **state)
{
	(void)state;
	CHECK("a,b\n\xd5\xc5\xc8\xfd,\xb1\xb1\xbe\xa9\n", "a|b\n2 " ZHANG_SAN "|" BEIJING "\n");
	CHECK("\xd5\xc5\xc8\xfd,b\n1,2\n", ZHANG_SAN "|b\n2 1|2\n");
	CHECK("a,b\n\xd5\xc5\xc8\xfd,\x94\x39\xfc\x36\n\x90\x30\x81\x30,\x81\x30\x81\x30\n",
		"a|b\n2 " ZHANG_SAN "|" GRIN "\n3 \xf0\x90\x80\x80|\xc2\x80\n");
	CHECK("\x84\x31\x95\x33"
	      "a,b\n\xd5\xc5,\xa2\xe3\n",
		"a|b\n2 \xe5\xbc\xa0|" EURO "\n");
	ENCODING("a\n\xd5\xc5\n", "GB18030");
	ENCODING_AS("a\n\xd5\xc5\n", "gbk", "GB18030");
	ENCODING_AS("a\n\xd5\xc5\n", "GB2312", "GB18030");
	ENCODING_AS("a\n1\n", "cp936", "GB18030");
}

/* ISO 8859-1: Histórico, Número, Müller; F372 is a character of GB 18030 too, yet this is no Chinese. */
static void western_europe_is_no_gb18030(void **state)
{
	(void)state;
	CHECK("Hist\xf3rico,b\nN\xfamero,\xe9tat\n", "error: line 1: column 1 of the header has bytes that are not "
						     "UTF-8 (--encoding names another encoding, "
						     "as windows-1252)\n");
	CHECK("a,b\nM\xfcller,Stra\xdf"
	      "e\nx,y\n",
		"a|b\n2! bytes that are not UTF-8 in column 'a'\n3 x|y\n");
	CHECK_WITH(
		"Hist\xf3rico,b\nN\xfamero,2\n", "Hist\xc3\xb3rico|b\n2 N\xc3\xbamero|2\n", .encoding = "windows-1252");
}

/* 模型 is C4A3 D0CD: its first character is also UTF-8 for ģ, yet the text around it is not. */
static void gb18030_that_begins_like_utf8(void **state)
{
	(void)state;
	CHECK("\xc4\xa3\xd0\xcd,b\n\xd5\xc5\xc8\xfd,2\n", "\xe6\xa8\xa1\xe5\x9e\x8b|b\n2 " ZHANG_SAN "|2\n");
}

static void a_bad_byte_faults_its_row_only(void **state)
{
	(void)state;
	CHECK("a,b\n" ZHANG_SAN ",1\nx\xff,2\n" BEIJING ",3\n",
		"a|b\n2 " ZHANG_SAN "|1\n3! bytes that are not UTF-8 in column 'a'\n4 " BEIJING "|3\n");
	CHECK("a,b\nx,2,\xff\n", "a|b\n2! bytes that are not UTF-8 in column 3\n"); /* which the header has not */
	CHECK("a,b\nx\xff,2\n" BEIJING ",3\n", "a|b\n2! bytes that are not UTF-8 in column 'a'\n3 " BEIJING "|3\n");
	CHECK("a,b\n\xd5\xc5\xc8\xfd,1\n\"x\n\xff\",2\n\xb1\xb1\xbe\xa9,3\n1,\xd5",
		"a|b\n2 " ZHANG_SAN "|1\n3! bytes that are not GB18030 in column 'a'\n5 " BEIJING
		"|3\n6! bytes that are not GB18030 in column 'b'\n");
	CHECK("a\n1\n\xa9", "a\n2 1\n3! bytes that are not UTF-8 in column 'a'\n");
	CHECK("a,b\ncaf\xe9\n1,2\n", "a|b\n2! bytes that are not UTF-8 in column 'a'\n3 1|2\n");
	CHECK("a\n\xed\xa0\x80\n\xc0\x80\n\xf4\x90\x80\x80\n" EURO "\n",
		"a\n2! bytes that are not UTF-8 in column 'a'\n3! bytes that are not UTF-8 in column 'a'\n"
		"4! bytes that are not UTF-8 in column 'a'\n5 " EURO "\n");
}

static void valid_utf8_before_a_bad_byte_decides(void **state)
{
	(void)state;
	CHECK("a\n" ZHANG_SAN "\n\xd5\xc5\n", "a\n2 " ZHANG_SAN "\n3! bytes that are not UTF-8 in column 'a'\n");
	CHECK("a\n\xc3\xa9t\xc3\xa9\n\xe9t\xe9\n",
		"a\n2 \xc3\xa9t\xc3\xa9\n3! bytes that are not UTF-8 in column 'a'\n");
}

static void encodings_by_name(void **state)
{
	(void)state;
	CHECK_WITH("a\ncaf\xe9 \x80\n\x81\nx\n",
		"a\n2 caf\xc3\xa9 " EURO "\n3! bytes that are not CP1252 in column 'a'\n4 x\n", .encoding = "CP1252");
	CHECK_WITH("a\n\x89\xa4\n\x82\n", "a\n2 \xe7\x8e\x8b\n3! bytes that are not SHIFT_JIS in column 'a'\n",
		.encoding = "SHIFT_JIS");
	CHECK_WITH("\xff\xfe"
		   "a\0\n\0b\0\n\0",
		"a\n2 b\n", .encoding = "UTF-16");
	CHECK_WITH("\xff\xfe"
		   "a\0\n\0b\0\n\0",
		"a\n2 b\n", .encoding = "utf-16le");
	CHECK_WITH("a\n\xd5\xc5\n", "a\n2! bytes that are not UTF-8 in column 'a'\n", .encoding = "UTF-8");
	CHECK_WITH("a\n", "error: unknown encoding 'nonsense': `iconv -l` lists the names\n", .encoding = "nonsense");
	CHECK_WITH("a\n", "error: unknown encoding: give a name that `iconv -l` lists, or auto\n", .encoding = "");
	CHECK_WITH("a\n", "error: unknown encoding: give a name that `iconv -l` lists, or auto\n",
		.encoding = "ASCII//IGNORE");
}

/* A file of `ascii` ASCII bytes in lines of ten, then one line more. */
static char *ascii_then(size_t ascii, const char *line, size_t *len)
{
	struct buf b = BUF_INIT;

	buf_puts(&b, "a,b\n");
	while (b.len + 10 <= ascii)
		buf_puts(&b, "0123,5678\n");
	while (b.len < ascii)
		buf_putc(&b, '\n');
	buf_puts(&b, line);
	*len = b.len;
	return buf_take(&b);
}

/* The name in the last row of a file whose first byte beyond ASCII is at `at`. */
static void check_late(size_t at, const char *line, const char *encoding, const char *name)
{
	struct reader_options opt = { 0 };
	struct reader *r = NULL;
	struct row row;
	size_t len, rows = 0;
	char *data = ascii_then(at, line, &len);
	int fd = file_of(data, len);
	struct buf last = BUF_INIT;

	assert_int_equal(reader_open(&r, fd, &opt, NULL), 0);
	for (; reader_next(r, &row, NULL) == 0; rows++) {
		assert_null(row.fault);
		buf_clear(&last);
		buf_puts(&last, row.cells[0].s);
	}
	assert_int_equal(rows, (at - 4) / 10 + 1);
	assert_string_equal(last.s, name);
	assert_string_equal(reader_encoding(r), encoding);
	buf_free(&last);
	free(data);
	reader_close(r);
	close(fd);
}

static void decided_late(void **state)
{
	static const size_t places[] = { 1000, 61000, 65533, 65534, 65535, 65536, 65537, 131071, 1000001 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		check_late(places[i], "\xd5\xc5\xc8\xfd,1\n", "GB18030", ZHANG_SAN);
		check_late(places[i], "\x94\x39\xfc\x36,1\n", "GB18030", GRIN);
		check_late(places[i], ZHANG_SAN ",1\n", "UTF-8", ZHANG_SAN);
		check_late(places[i], GRIN ",1", "UTF-8", GRIN);
	}
}

/* Characters on both sides of every end of a block, in rows that know what they should hold. */
static void check_across_blocks(
	const char *beginning, size_t nbeginning, const char *encoded, size_t n, const char *expected)
{
	struct reader_options opt = { 0 };
	struct reader *r = NULL;
	struct row row;
	struct buf b = BUF_INIT;
	size_t rows = 0;
	int fd;

	buf_add(&b, beginning, nbeginning);
	for (size_t i = 0; i < 40000; i++)
		buf_add(&b, encoded, n);
	fd = file_of(b.s, b.len);
	assert_int_equal(reader_open(&r, fd, &opt, NULL), 0);
	for (; reader_next(r, &row, NULL) == 0; rows++) {
		assert_null(row.fault);
		assert_string_equal(row.cells[0].s, expected);
	}
	assert_int_equal(rows, 40000);
	buf_free(&b);
	reader_close(r);
	close(fd);
}

static void characters_across_blocks(void **state)
{
	(void)state;
	check_across_blocks("name\n", 5, GRIN "\xe5\xbc\xa0\n", 8, GRIN "\xe5\xbc\xa0");
	check_across_blocks("name\r\n", 6, "\x94\x39\xfc\x36\xd5\xc5\r\n", 8, GRIN "\xe5\xbc\xa0");
	check_across_blocks("x\n", 2, "\x94\x39\xfc\x36\xd5\xc5\n", 7, GRIN "\xe5\xbc\xa0");
	check_across_blocks("a\0\n\0", 4, "\x3d\xd8\x00\xde\n\0", 6, GRIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8),
		cmocka_unit_test(utf16_with_mark),
		cmocka_unit_test(utf16_without_mark),
		cmocka_unit_test(utf16_without_mark_or_ascii),
		cmocka_unit_test(stray_nul_bytes_are_no_utf16),
		cmocka_unit_test(utf32_with_mark),
		cmocka_unit_test(windows_1252),
		cmocka_unit_test(utf16_faults),
		cmocka_unit_test(gb18030),
		cmocka_unit_test(western_europe_is_no_gb18030),
		cmocka_unit_test(gb18030_that_begins_like_utf8),
		cmocka_unit_test(a_bad_byte_faults_its_row_only),
		cmocka_unit_test(valid_utf8_before_a_bad_byte_decides),
		cmocka_unit_test(encodings_by_name),
		cmocka_unit_test(decided_late),
		cmocka_unit_test(characters_across_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

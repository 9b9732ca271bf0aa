/* Delimited text: RFC 4180, lines, limits, header, delimiter. Encodings and JSON have tests of their own. */
#include "reader_helper.h"

static void rfc_4180(void **state)
{
	(void)state;
	CHECK("a,b,c\naaa,bbb,ccc\nzzz,yyy,xxx\n", "a|b|c\n2 aaa|bbb|ccc\n3 zzz|yyy|xxx\n");
	CHECK("a,b,c\naaa,bbb,ccc", "a|b|c\n2 aaa|bbb|ccc\n");
	CHECK("a,b,c\n\"aaa\",\"bbb\",\"ccc\"\n", "a|b|c\n2 aaa|bbb|ccc\n");
	CHECK("a,b,c\n\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx", "a|b|c\n2 aaa|b\\r\\nbb|ccc\n4 zzz|yyy|xxx\n");
	CHECK("a,b,c\n\"aaa\",\"b\"\"bb\",\"ccc\"", "a|b|c\n2 aaa|b\"bb|ccc\n");
	CHECK("a,b\n\"\"\"\",\"\"\n", "a|b\n2 \"|\n");
	CHECK("a,b\n\"1,2\",3\n", "a|b\n2 1,2|3\n");
	CHECK("a,b\n,\n", "a|b\n2 |\n");
	CHECK("a,b\n1,", "a|b\n2 1|\n");
}

static void cells_are_exact(void **state)
{
	(void)state;
	CHECK("a,b\n  x , \t\n", "a|b\n2   x | \\t\n");
	CHECK("a,b\n\" x \",\"y\r\"\n", "a|b\n2  x |y\\r\n");
	CHECK("a,b\n007,+86 138\n", "a|b\n2 007|+86 138\n");
	CHECK("a,b\n\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb,=1+1\n",
		"a|b\n2 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb|=1+1\n");
	CHECK("a,b\n#1,'2\n", "a|b\n2 #1|'2\n");
}

static void line_ends(void **state)
{
	(void)state;
	CHECK("a,b\n1,2\n3,4\n", "a|b\n2 1|2\n3 3|4\n");
	CHECK("a,b\r\n1,2\r\n3,4\r\n", "a|b\n2 1|2\n3 3|4\n");
	CHECK("a,b\r1,2\r3,4\r", "a|b\n2 1|2\n3 3|4\n");
	CHECK("a,b\r\n1,2\n3,4\r5,6\r\n7,8", "a|b\n2 1|2\n3 3|4\n4 5|6\n5 7|8\n");
}

static void blank_lines_are_no_rows_but_lines(void **state)
{
	(void)state;
	CHECK("\n\na,b\n\n1,2\n\n\n3,4\n\n", "a|b\n5 1|2\n8 3|4\n");
	CHECK("\r\n\r\na,b\r\n\r\n1,2\r\n", "a|b\n5 1|2\n");
	CHECK("\r\ra,b\r\r1,2\r", "a|b\n5 1|2\n");
	CHECK("name\n\nLi\n\n\"\"\nWang\n", "name\n3 Li\n5 \n6 Wang\n");
	CHECK("name\n \n", "name\n2  \n");
}

static void lines_inside_quotes_are_counted(void **state)
{
	(void)state;
	CHECK("a,b\n\"1\n2\n3\",x\n4,5\n", "a|b\n2 1\\n2\\n3|x\n5 4|5\n");
	CHECK("a,b\r\n\"1\r\n2\",x\r\n4,5\r\n", "a|b\n2 1\\r\\n2|x\n4 4|5\n");
	CHECK("a,b\r\"1\r2\",x\r4,5\r", "a|b\n2 1\\r2|x\n4 4|5\n");
	CHECK("a,b\n\"\n\n\",\"\n\"\n4,5\n", "a|b\n2 \\n\\n|\\n\n6 4|5\n");
	CHECK("\"a\nb\",c\n1,2\n", "a\nb|c\n3 1|2\n");
}

static void quotes_out_of_place(void **state)
{
	(void)state;
	CHECK("a,b\n1,2\n3,\"4\n5,6\n", "a|b\n2 1|2\nerror: line 3: a quoted field is never closed\n");
	CHECK("a,b\n\"1\n\n\",\"4\n5,6\n", "a|b\nerror: line 4: a quoted field is never closed\n");
	CHECK("a,\"b\n1,2\n", "error: line 1: a quoted field is never closed\n");
	CHECK("a,b\n1,2\n\"x\ny\",3\n4,5\" pipe\n",
		"a|b\n2 1|2\n3 x\\ny|3\nerror: line 5: a quote inside an unquoted field (put the field in quotes "
		"and double those inside)\n");
	CHECK("a,b\n\"x\n\ny\"z,1\n",
		"a|b\nerror: line 4: text after the closing quote of a field (quotes inside are doubled)\n");
	CHECK("a,b\n\"x\" ,1\n",
		"a|b\nerror: line 2: text after the closing quote of a field (quotes inside are doubled)\n");
}

static void an_error_stays(void **state)
{
	struct reader_options opt = { 0 };
	struct reader *r = NULL;
	struct err err = { 0 };
	struct row row;
	int fd = file_of("a\n\"x\n", 5);

	(void)state;
	assert_int_equal(reader_open(&r, fd, &opt, &err), 0);
	assert_int_equal(reader_next(r, &row, &err), CRM_INVALID);
	assert_int_equal(reader_next(r, &row, &err), CRM_INVALID);
	reader_close(r);
	err_free(&err);
	close(fd);
}

static void ragged_rows(void **state)
{
	(void)state;
	CHECK("a,b,c\n1,2\n1,2,3\n1,2,3,4\n",
		"a|b|c\n2! the row has 2 cells, the header has 3\n3 1|2|3\n4! the row has 4 cells, the header has 3\n");
	CHECK("a,b\n1\n", "a|b\n2! the row has 1 cell, the header has 2\n");
	CHECK("a,b\n1,2,,\n1,2,,x\n,,,,\n", "a|b\n2 1|2\n3! the row has 4 cells, the header has 2\n4 |\n");
}

/* The cells of a faulted row stay, for whoever writes the file of rejected rows. */
static void a_faulted_row_keeps_its_cells(void **state)
{
	struct reader_options opt = { 0 };
	struct reader *r = NULL;
	struct row row;
	int fd = file_of("a,b\n1,2,3\n", 10);

	(void)state;
	assert_int_equal(reader_open(&r, fd, &opt, NULL), 0);
	assert_int_equal(reader_next(r, &row, NULL), 0);
	assert_non_null(row.fault);
	assert_int_equal(row.n, 3);
	assert_string_equal(row.cells[0].s, "1");
	assert_string_equal(row.cells[2].s, "3");
	reader_close(r);
	close(fd);
}

static void headers(void **state)
{
	(void)state;
	CHECK("", "error: the file is empty\n");
	CHECK("\n\r\n\n", "error: the file is empty\n");
	CHECK("a,b,c", "a|b|c\n");
	CHECK("a,b,c\r\n", "a|b|c\n");
	CHECK(" a ,\tb,\"c \"\n1,2,3\n", "a|b|c\n2 1|2|3\n");
	CHECK("a,\xe3\x80\x80\xe5\xa7\x93\xe5\x90\x8d\xc2\xa0\n", "a|\xe5\xa7\x93\xe5\x90\x8d\n");
	CHECK("a,b,,d\n", "error: line 1: column 3 has no name\n");
	CHECK("a,b, \n", "a|b\n");
	CHECK("a,b,,\n1,2,,\n1,2\n1\n1,2,,x\n,,,\n",
		"a|b\n2 1|2\n3 1|2\n4! the row has 1 cell, the header has 2\n5! the row has 4 cells, the header has 2\n"
		"6 |\n");
	CHECK(",,\n1,2,3\n", "error: line 1: column 1 has no name\n");
	CHECK("\na,b,phone,d,e,f, phone \n", "error: line 2: columns 3 and 7 are both called 'phone'\n");
	CHECK("a,A\n1,2\n", "a|A\n2 1|2\n");
	CHECK("a,b\0c\n1,2\n", "error: line 1: column 2 of the header has a NUL byte\n");
	CHECK("a,b\xff\n1,2\n", "error: line 1: column 2 of the header has bytes that are not UTF-8 (--encoding names "
				"another encoding, as windows-1252)\n");
}

static void nul_bytes(void **state)
{
	(void)state;
	CHECK("a,b\n1,2\n3,x\0y\n\0,4\n5,6\n",
		"a|b\n2 1|2\n3! a NUL byte in column 'b'\n4! a NUL byte in column 'a'\n5 5|6\n");
}

static void delimiters(void **state)
{
	(void)state;
	CHECK("a;b\n1,5;2\n3,5;4\n", "a|b\n2 1,5|2\n3 3,5|4\n");
	CHECK("a\tb\n1,5\t2\n", "a|b\n2 1,5|2\n");
	CHECK("a|b\n1|2\n", "a|b\n2 1|2\n");
	CHECK("\"x, y\";b\n1;2\n", "x, y|b\n2 1|2\n");
	CHECK("a,b;c\n1,2\n3,4\n", "a|b;c\n2 1|2\n3 3|4\n");
	CHECK("a,b;c;d\n1,2;3;4\n5,6;7;8\n", "a,b|c|d\n2 1,2|3|4\n3 5,6|7|8\n");
	CHECK("a,b\n\"1;2;3\n;;\",4\n", "a|b\n2 1;2;3\\n;;|4\n");
	CHECK("name\nLi; Wang\n", "name\n2 Li; Wang\n");
	CHECK_WITH("a;b,c\n1;2,3\n", "a|b,c\n2 1|2,3\n", .delimiter = ';');
	CHECK_WITH("a,b\tc\n1,2\t3\n", "a,b|c\n2 1,2|3\n", .form = READER_TSV);
	CHECK_WITH("a^b\n1^2\n", "a|b\n2 1|2\n", .delimiter = '^');
	CHECK_WITH("a,b\n", "error: a delimiter is one ASCII character, not a quote or the end of a line\n",
		.delimiter = '"');
}

static void sep_line(void **state)
{
	(void)state;
	CHECK("sep=;\na;b,c\n1;2,3\n", "a|b,c\n3 1|2,3\n");
	CHECK("SEP=,\r\na,b;c\r\n1,2\r\n", "a|b;c\n3 1|2\n");
	CHECK("\xef\xbb\xbfsep=|\ra|b\r1|2\r", "a|b\n3 1|2\n");
	CHECK("sep=\t\na\tb\n1\t2\n", "a|b\n3 1|2\n");
	CHECK_WITH("sep=;\na,b\n1,2\n", "a|b\n3 1|2\n", .delimiter = ',');
	CHECK("sep=;;a\n", "error: line 1: column 2 has no name\n");
	CHECK("separator,b\n1,2\n", "separator|b\n2 1|2\n");
}

static void what_was_found(void **state)
{
	static const struct {
		const char *data;
		char delimiter;
		const char *form;
	} files[] = { { "a,b\n", ',', "csv" }, { "a;b\n", ';', "csv" }, { "a\tb\n", '\t', "csv" },
		{ "{\"a\":1}\n", 0, "jsonl" } };
	struct reader_options opt = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		int fd = file_of(files[i].data, strlen(files[i].data));
		struct reader *r = NULL;

		assert_int_equal(reader_open(&r, fd, &opt, NULL), 0);
		assert_int_equal(reader_delimiter(r), files[i].delimiter);
		assert_string_equal(reader_form_name(r), files[i].form);
		assert_string_equal(reader_encoding(r), "UTF-8");
		reader_close(r);
		close(fd);
	}
}

/* SHA-256("abc") and of 56 bytes: FIPS 180-2, appendix B. */
static void digest_and_bytes(void **state)
{
	static const char text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	struct reader_options opt = { 0 };
	struct reader *r = NULL;
	struct row row;
	char hex[65];
	int fd = file_of("abc", 3);

	(void)state;
	assert_int_equal(reader_open(&r, fd, &opt, NULL), 0);
	assert_int_equal(reader_next(r, &row, NULL), CRM_END);
	assert_int_equal(reader_bytes(r), 3);
	reader_digest(r, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	reader_close(r);
	close(fd);

	fd = file_of(text, sizeof(text) - 1);
	assert_int_equal(reader_open(&r, fd, &opt, NULL), 0);
	assert_int_equal(reader_next(r, &row, NULL), CRM_END);
	reader_digest(r, hex);
	reader_digest(r, hex);
	assert_string_equal(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	reader_close(r);
	close(fd);
}

static void bad_descriptor(void **state)
{
	struct reader_options opt = { 0 };
	struct reader *r = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(reader_open(&r, -1, &opt, &err), CRM_FAILED);
	assert_string_equal(err.msg.s, "cannot read: Bad file descriptor");
	assert_null(r);
	err_free(&err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_4180),
		cmocka_unit_test(cells_are_exact),
		cmocka_unit_test(line_ends),
		cmocka_unit_test(blank_lines_are_no_rows_but_lines),
		cmocka_unit_test(lines_inside_quotes_are_counted),
		cmocka_unit_test(quotes_out_of_place),
		cmocka_unit_test(an_error_stays),
		cmocka_unit_test(ragged_rows),
		cmocka_unit_test(a_faulted_row_keeps_its_cells),
		cmocka_unit_test(headers),
		cmocka_unit_test(nul_bytes),
		cmocka_unit_test(delimiters),
		cmocka_unit_test(sep_line),
		cmocka_unit_test(what_was_found),
		cmocka_unit_test(digest_and_bytes),
		cmocka_unit_test(bad_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Dialects of delimited text: quotes, comments, escaped TSV, where the header is, what stands after the last row. */
#include "reader_helper.h"

static void quotes(void **state)
{
	(void)state;
	CHECK_WITH("a,b\n'1,2','it''s'\n\"x\",y\n", "a|b\n2 1,2|it's\n3 \"x\"|y\n", .quote = '\'');
	CHECK_WITH("a,b\n'1\n2',3\n4,5\n", "a|b\n2 1\\n2|3\n4 4|5\n", .quote = '\'');
	CHECK_WITH("a;b\n'1;2,3,4';5\n", "a|b\n2 1;2,3,4|5\n", .quote = '\'');
	CHECK_WITH("a,b\n1,'2\n", "a|b\nerror: line 2: a quoted field is never closed\n", .quote = '\'');
	CHECK_WITH("a,b\n1,2'\n",
		"a|b\nerror: line 2: a quote inside an unquoted field (put the field in quotes and double those "
		"inside)\n",
		.quote = '\'');
	CHECK_WITH("a,b\n", "error: a delimiter is one ASCII character, not a quote or the end of a line\n",
		.quote = ';', .delimiter = ';');
	CHECK_WITH("a,b\n", "error: a quote is one ASCII character, not the end of a line\n", .quote = '\n');
}

static void no_quotes(void **state)
{
	(void)state;
	CHECK_WITH("a,b\n\"1,2\"\n", "a|b\n2 \"1|2\"\n", .unquoted = true);
	CHECK_WITH("a;b\n27\" screen;\"\n,,;\"x\"y\n", "a|b\n2 27\" screen|\"\n3 ,,|\"x\"y\n", .unquoted = true);
	CHECK_WITH("a,b\r\n1,\r\n\r\n,2\r,\n3,4", "a|b\n2 1|\n4 |2\n5 |\n6 3|4\n", .unquoted = true);
	CHECK_WITH("a\n1\n\n2", "a\n2 1\n4 2\n", .unquoted = true);
	CHECK_WITH("a,b\n1\n1,2,3\n1,2,,\n",
		"a|b\n2! the row has 1 cell, the header has 2\n3! the row has 3 cells, the header has 2\n4 1|2\n",
		.unquoted = true);
	CHECK_WITH("a,b\nC:\\temp\\new,\\\n", "a|b\n2 C:\\temp\\new|\\\n", .unquoted = true);
	CHECK_WITH("a,b\nx\0y,1\n", "a|b\n2! a NUL byte in column 'a'\n", .unquoted = true);
}

/* A row over many blocks of 64 KiB, and a field beyond 1 MiB. */
static void no_quotes_and_long_rows(void **state)
{
	struct reader_options opt = { .unquoted = true };
	struct buf b = BUF_INIT;
	struct err err = { 0 };
	struct reader *r = NULL;
	struct row row;
	int fd;

	(void)state;
	buf_puts(&b, "a,b\n");
	for (size_t i = 0; i < READER_FIELD_MAX; i++)
		buf_putc(&b, 'x');
	buf_puts(&b, ",2\n3,4\n5,");
	for (size_t i = 0; i <= READER_FIELD_MAX; i++)
		buf_putc(&b, 'y');
	buf_puts(&b, "\n");
	fd = file_of(b.s, b.len);
	assert_int_equal(reader_open(&r, fd, &opt, &err), 0);
	assert_int_equal(reader_next(r, &row, &err), 0);
	assert_null(row.fault);
	assert_int_equal(row.cells[0].len, READER_FIELD_MAX);
	assert_string_equal(row.cells[1].s, "2");
	assert_int_equal(reader_next(r, &row, &err), 0);
	assert_int_equal(row.line, 3);
	assert_string_equal(row.cells[0].s, "3");
	assert_int_equal(reader_next(r, &row, &err), CRM_INVALID);
	assert_string_equal(err.msg.s, "line 4: a field is longer than 1 MiB (is a quote not closed?)");
	reader_close(r);
	err_free(&err);
	buf_free(&b);
	close(fd);
}

/* crm-formats(7): tab, newline, CR and backslash are written \t \n \r \\, and nothing is quoted. */
static void tsv_is_what_we_write(void **state)
{
	(void)state;
	CHECK_WITH("a\tb\n1,5\t2\n", "a|b\n2 1,5|2\n", .form = READER_TSV);
	CHECK_WITH("a\tb\nx\\ty\\nz\\r\\n\tC:\\\\temp\\\\new\n", "a|b\n2 x\\ty\\nz\\r\\n|C:\\temp\\new\n",
		.form = READER_TSV);
	CHECK_WITH("a\tb\n\"x\t\"\"\n\\\\n\t\\\\\\n\n", "a|b\n2 \"x|\"\"\n3 \\n|\\\\n\n", .form = READER_TSV);
	CHECK_WITH("a\\tx\tb\n1\t2\n", "a\tx|b\n2 1|2\n", .form = READER_TSV);
	CHECK_WITH("a\tb\n\t\n\n1\t\n", "a|b\n2 |\n4 1|\n", .form = READER_TSV);
}

/* A backslash before anything else was not written by us: the row is left, as it came. */
static void tsv_with_foreign_backslashes(void **state)
{
	struct reader_options opt = { .form = READER_TSV };
	struct reader *r = NULL;
	struct row row;
	int fd = file_of("a\tb\n\\t\t\\n\\x\n", 12);

	(void)state;
	CHECK_WITH("a\tb\n1\tC:\\Users\n1\tx\\\n\\0\t\\q\n2\t3\n",
		"a|b\n"
		"2! a backslash that is none of \\t \\n \\r \\\\ in column 'b' (tab-delimited text of other programs "
		"is "
		"read without --read tsv)\n"
		"3! a backslash that is none of \\t \\n \\r \\\\ in column 'b' (tab-delimited text of other programs "
		"is "
		"read without --read tsv)\n"
		"4! a backslash that is none of \\t \\n \\r \\\\ in column 'a' (tab-delimited text of other programs "
		"is "
		"read without --read tsv)\n"
		"5 2|3\n",
		.form = READER_TSV);
	assert_int_equal(reader_open(&r, fd, &opt, NULL), 0);
	assert_int_equal(reader_next(r, &row, NULL), 0);
	assert_string_equal(row.cells[1].s, "\\n\\x");
	reader_close(r);
	close(fd);
}

static void other_tab_delimited_text_keeps_backslashes(void **state)
{
	(void)state;
	CHECK("a\tb\nC:\\temp\t\\n\n", "a|b\n2 C:\\temp|\\n\n");
	CHECK("a\tb\n\"x\ty\"\t\\\n", "a|b\n2 x\\ty|\\\n");
}

static size_t comments_in(const char *data, char mark)
{
	struct reader_options opt = { .comment = mark };
	struct reader *r = NULL;
	struct row row;
	int fd = file_of(data, strlen(data));
	size_t n;

	assert_int_equal(reader_open(&r, fd, &opt, NULL), 0);
	while (reader_next(r, &row, NULL) == 0)
		;
	n = reader_comments(r);
	reader_close(r);
	close(fd);
	return n;
}

static void comments(void **state)
{
	(void)state;
	CHECK_WITH("# made by\n#\na,b\n#1,2\n3,#4\n # ,5\n\"#\",6\n\"7\n# not one\",8\n#end",
		"a|b\n5 3|#4\n6  # |5\n7 #|6\n8 7\\n# not one|8\n", .comment = '#');
	CHECK_WITH("a,b\r\n#1\r\n3,4\r\n", "a|b\n3 3|4\n", .comment = '#');
	CHECK_WITH("#\r#\ra,b\r#1\r3,4\r", "a|b\n5 3|4\n", .comment = '#');
	CHECK_WITH("a,b\n# an \"odd quote\n1,2\n", "a|b\n3 1|2\n", .comment = '#');
	CHECK_WITH("# a;b;c;d\n# e;f;g;h\na,b\n1,2\n", "a|b\n4 1|2\n", .comment = '#');
	CHECK_WITH("a,b\n#1,2\n3,4\n", "a|b\n2 #1|2\n3 3|4\n", .comment = ';');
	CHECK_WITH("a,b\n#1,2\n#\n3,4\n", "a|b\n4 3|4\n", .comment = '#', .unquoted = true);
	CHECK_WITH("#\n#", "error: the file is empty\n", .comment = '#');
	CHECK_WITH("a,b\n",
		"error: a comment begins with one ASCII character, not the delimiter, the quote or the end of a line\n",
		.comment = ',');
	assert_int_equal(comments_in("# made by\n#\na,b\n#1,2\n3,#4\n#end", '#'), 4);
	assert_int_equal(comments_in("a,b\n1,2\n", '#'), 0);
}

/* A comment of more than a block is one line, and whatever stands in it starts nothing. */
static void long_comments(void **state)
{
	struct reader_options opt = { .comment = '#' };
	struct buf b = BUF_INIT;
	char *got;

	(void)state;
	buf_puts(&b, "a,b\n#");
	for (size_t i = 0; i < 40000; i++)
		buf_puts(&b, "x,\"#");
	buf_puts(&b, "\n1,2\n");
	got = render(b.s, b.len, &opt);
	assert_string_equal(got, "a|b\n3 1|2\n");
	free(got);
	buf_free(&b);
}

/* --- the header --- */

static void check_skipped(const char *data, size_t first, size_t last)
{
	struct reader_options opt = { 0 };
	struct reader *r = NULL;
	size_t from, to;
	int fd = file_of(data, strlen(data));

	assert_int_equal(reader_open(&r, fd, &opt, NULL), 0);
	assert_int_equal(reader_skipped(r, &from, &to), last > 0);
	if (last) {
		assert_int_equal(from, first);
		assert_int_equal(to, last);
	}
	reader_close(r);
	close(fd);
}

static void header_below_titles(void **state)
{
	(void)state;
	CHECK("Notes:\n\"Some addresses, you see, are missing\"\n\nFirst Name,Last Name,Company\nLi,Si,X\nWu,Di,Y\n",
		"First Name|Last Name|Company\n5 Li|Si|X\n6 Wu|Di|Y\n");
	CHECK("All customers\nName;Phone\nLi;138\nWu;139\n", "Name|Phone\n3 Li|138\n4 Wu|139\n");
	CHECK("Sales, first quarter, all\nName,Phone\nLi,138\nWu,139\n", "Name|Phone\n3 Li|138\n4 Wu|139\n");
	CHECK("Report,,\n,,\nName,City,Phone\nLi,X,138\nWu,Y,139", "Name|City|Phone\n4 Li|X|138\n5 Wu|Y|139\n");
	CHECK("By:,Jane\nOn:,Monday\n\nName,City,Phone\nLi,X,138\n", "Name|City|Phone\n5 Li|X|138\n");
	CHECK("Made by \"crm\" 2\n\"an open quote's end\"\nName\tCity\nLi\tX\n", "Name|City\n4 Li|X\n");
	CHECK("sep=;\r\nAll, of them\r\n\r\nName;City\r\nLi;X\r\nWu;Y\r\n", "Name|City\n5 Li|X\n6 Wu|Y\n");
	CHECK("a\rtitle\r\rName,City\rLi,X\r", "Name|City\n5 Li|X\n");
	CHECK("# how to read it; more below\"\n! a column - a number; of what\"\n\nname,city\nLi,X\n# not one\nWu,Y\n",
		"name|city\n5 Li|X\n6! the row has 1 cell, the header has 2\n7 Wu|Y\n");
	check_skipped("Notes:\nx\n\nA,B\n1,2\n", 1, 3);
	check_skipped("\n\nNotes:\nA,B\n1,2\n", 1, 3);
	check_skipped("sep=,\nTitle\nA,B\n1,2\n", 2, 2);
	check_skipped("\n\nA,B\n1,2\n", 0, 0);
	check_skipped("A,B\n1,2\n", 0, 0);
}

/* What may be a header and rows that do not fit is not taken for a title. */
static void header_stays_on_top(void **state)
{
	(void)state;
	CHECK("a,b\nw,x,y\nz,u,v\n", "a|b\n2! the row has 3 cells, the header has 2\n"
				     "3! the row has 3 cells, the header has 2\n");
	CHECK("a,b,c\nw,x\nz,u\n", "a|b|c\n2! the row has 2 cells, the header has 3\n"
				   "3! the row has 2 cells, the header has 3\n");
	CHECK("name\nLi; Wang\nWu; Di\n", "name\n2 Li; Wang\n3 Wu; Di\n");
	CHECK("id,2023,2024\nx,y,z\nu,v,w\n", "id|2023|2024\n2 x|y|z\n3 u|v|w\n");
	CHECK("Title\n1,2\n3,4\n", "Title\n2! the row has 2 cells, the header has 1\n"
				   "3! the row has 2 cells, the header has 1\n");
	CHECK("a\nx\ny\n", "a\n2 x\n3 y\n");
	CHECK("a,b,,d\nw,x,y,z\nw,x,y,z\n", "error: line 1: column 3 has no name\n");
	CHECK("a,a\nx,y\nz,w\n", "error: line 1: columns 1 and 2 are both called 'a'\n");
	CHECK("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nName,City\nLi,X\n",
		"1\n2 2\n3 3\n4 4\n5 5\n6 6\n7 7\n8 8\n9 9\n10 10\n11! the row has 2 cells, the header has 1\n"
		"12! the row has 2 cells, the header has 1\n");
}

static void header_row_is_said(void **state)
{
	(void)state;
	CHECK_WITH("x,y\nz,u\na,b\n1,2\n", "a|b\n4 1|2\n", .header_row = 3);
	CHECK_WITH("Title\na,b\n1,2\n",
		"Title\n2! the row has 2 cells, the header has 1\n"
		"3! the row has 2 cells, the header has 1\n",
		.header_row = 1);
	CHECK_WITH("an \"open quote\r\nx\ry\n\na;b\n1;2\n", "a|b\n6 1|2\n", .header_row = 5);
	CHECK_WITH("x\n\n\na,b\n1,2\n", "a|b\n5 1|2\n", .header_row = 2);
	CHECK_WITH("sep=;\nx\na;b,c\n1;2\n", "a|b,c\n4 1|2\n", .header_row = 3);
	CHECK_WITH("sep=;\na;b\n1;2\n", "a|b\n3 1|2\n", .header_row = 1);
	CHECK_WITH(
		"a,b\n1,2\n", "error: the file ends before line 3, where its header is said to be\n", .header_row = 3);
	CHECK_WITH("a,b\n1,2", "error: the file ends before line 9, where its header is said to be\n", .header_row = 9);
	CHECK_WITH("a,b\n\n\n", "error: the file is empty\n", .header_row = 2);
}

/* Lines are counted across the ends of blocks, \r\n on both sides of one too. */
static void header_row_far_below(void **state)
{
	struct reader_options opt = { .header_row = 30001 };
	struct buf b = BUF_INIT;
	char *got;

	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		buf_clear(&b);
		buf_puts(&b, &"xyz"[shift]);
		for (size_t i = 0; i < 30000; i++)
			buf_puts(&b, "1\r\n");
		buf_puts(&b, "a,b\r\n1,2\r\n");
		got = render(b.s, b.len, &opt);
		assert_string_equal(got, "a|b\n30002 1|2\n");
		free(got);
	}
	buf_free(&b);
}

/* --- the footer --- */

static void footers(void **state)
{
	(void)state;
	CHECK_WITH("a,b\n1,2\n3,4\nTotal,6\n", "a|b\n2 1|2\n3 3|4\n", .footer = 1);
	CHECK_WITH("a,b\n1,2\n3\n\"Grand Totals (2 records)\"\n\nCopyright\n",
		"a|b\n2 1|2\n3! the row has 1 cell, the header has 2\n", .footer = 2);
	CHECK_WITH("a,b\n1,2\n", "a|b\n", .footer = 3);
	CHECK_WITH("a,b\n", "a|b\n", .footer = 100);
	CHECK_WITH("a,b\n1,2\n3,\"4\n", "a|b\nerror: line 3: a quoted field is never closed\n", .footer = 1);
	CHECK_WITH("a,b\n", "error: a footer has at most 100 rows\n", .footer = 101);
	CHECK_WITH("a\n1\n2\n3\n4\n5\n6\n7\n", "a\n2 1\n3 2\n4 3\n5 4\n6 5\n", .footer = 2);
}

static void footer_is_counted(void **state)
{
	static const struct {
		const char *data;
		size_t footer, left_out;
	} files[] = { { "a\n1\n2\n3\n", 2, 2 }, { "a\n1\n", 2, 1 }, { "a\n1\n", 0, 0 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct reader_options opt = { .footer = files[i].footer };
		struct reader *r = NULL;
		struct row row;
		int fd = file_of(files[i].data, strlen(files[i].data));

		assert_int_equal(reader_open(&r, fd, &opt, NULL), 0);
		while (reader_next(r, &row, NULL) == 0)
			;
		assert_int_equal(reader_footer(r), files[i].left_out);
		reader_close(r);
		close(fd);
	}
}

static void a_footer_is_suspected(void **state)
{
	(void)state;
	CHECK("a,b\n1,2\n\nTotal\n", "a|b\n2 1|2\n4! the row has 1 cell, the header has 2 (if it is a footer: --footer "
				     "1 leaves the last row "
				     "out)\n");
	CHECK("a,b,c\n1,2,3\nTotal (1),1\n\nCopyright\n\n\r\n",
		"a|b|c\n2 1|2|3\n3! the row has 2 cells, the header has 3\n"
		"5! the row has 1 cell, the header has 3 (if it is a footer: --footer 2 leaves the last 2 rows out)\n");
	CHECK("a,b\n1\n1,2\n", "a|b\n2! the row has 1 cell, the header has 2\n3 1|2\n");
}

/* What stands behind the ' is what `export --excel` puts one before; every other ' is text. */
static void apostrophes_of_excel(void **state)
{
	(void)state;
	CHECK_WITH("a,'=b\n'=1+1,''=x\n'@a,'+1-2\n\"'\t1\",\"'\r2\"\n' =x,'\xef\xbc\x9dx\n",
		"a|=b\n2 =1+1|'=x\n3 @a|+1-2\n4 \\t1|\\r2\n6  =x|\xef\xbc\x9dx\n", .excel = true);
	CHECK_WITH("a,b\n'x,'12\n','-5\n'+8613800138000,''\n=x,'''\n'-,'=\n",
		"a|b\n2 'x|'12\n3 '|'-5\n4 '+8613800138000|''\n5 =x|'''\n6 -|=\n", .excel = true);
	CHECK_WITH("a,b\n'=x,1\n'=y,2\n'=z,3\n", "a|b\n2 =x|1\n3 =y|2\n", .excel = true, .footer = 1);
	CHECK("a,b\n'=1,''=x\n", "a|b\n2 '=1|''=x\n");
}

static void json_and_vcards_have_none_of_it(void **state)
{
	static const char refusal[] =
		"error: the file is JSON, which has no quotes, comments, header row, footer or apostrophes\n";

	(void)state;
	CHECK_WITH("{\"a\":1}\n", refusal, .quote = '\'');
	CHECK_WITH("{\"a\":1}\n", refusal, .unquoted = true);
	CHECK_WITH("{\"a\":1}\n", refusal, .comment = '#');
	CHECK_WITH("{\"a\":1}\n", refusal, .header_row = 1);
	CHECK_WITH("{\"a\":1}\n", refusal, .footer = 1);
	CHECK_WITH("{\"a\":1}\n", refusal, .excel = true);
	CHECK_WITH("BEGIN:VCARD\nVERSION:4.0\nFN:A\nEND:VCARD\n",
		"error: the file is vCards, which has no quotes, comments, header row, footer or apostrophes\n",
		.footer = 1);
	CHECK_WITH("[x]\n1\n2\n", "[x]\n2 1\n", .form = READER_CSV, .footer = 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes),
		cmocka_unit_test(no_quotes),
		cmocka_unit_test(no_quotes_and_long_rows),
		cmocka_unit_test(tsv_is_what_we_write),
		cmocka_unit_test(tsv_with_foreign_backslashes),
		cmocka_unit_test(other_tab_delimited_text_keeps_backslashes),
		cmocka_unit_test(comments),
		cmocka_unit_test(long_comments),
		cmocka_unit_test(header_below_titles),
		cmocka_unit_test(header_stays_on_top),
		cmocka_unit_test(header_row_is_said),
		cmocka_unit_test(header_row_far_below),
		cmocka_unit_test(footers),
		cmocka_unit_test(footer_is_counted),
		cmocka_unit_test(a_footer_is_suspected),
		cmocka_unit_test(apostrophes_of_excel),
		cmocka_unit_test(json_and_vcards_have_none_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* JSON lines and JSON arrays through the reader. A cell in double quotes is one that was a string. */
#include "reader_helper.h"

#include <stdio.h>

static void lines(void **state)
{
	(void)state;
	CHECK("{\"a\":\"x\",\"b\":\"y\"}\n{\"b\":\"2\",\"a\":\"1\"}\n", "a|b\n1 \"x\"|\"y\"\n2 \"1\"|\"2\"\n");
	CHECK("{\"a\":\"x\"}\r\n\r\n  {\"a\":\"y\"}", "a\n1 \"x\"\n3 \"y\"\n");
	CHECK("{\"a\":\"x\"}\n{\"b\":\"y\"}\n{}\n", "a|b\n1 \"x\"|\n2 |\"y\"\n3 |\n");
	CHECK("{\"a\":\" x \\n\\t\\\"\\u5f20\\ud83d\\ude00\"}\n", "a\n1 \" x \\n\\t\"\xe5\xbc\xa0\xf0\x9f\x98\x80\"\n");
	CHECK("\xef\xbb\xbf{\"a\":\"\xe5\xbc\xa0\"}\n", "a\n1 \"\xe5\xbc\xa0\"\n");
	CHECK("{\"a\":\"\xd5\xc5\xc8\xfd\"}\n", "a\n1 \"\xe5\xbc\xa0\xe4\xb8\x89\"\n");
	CHECK_WITH("\n{\"a\":\"x\"}\n", "a\n2 \"x\"\n", .form = READER_JSONL);
	CHECK_WITH(" \n", "error: the file is empty\n", .form = READER_JSONL);
	CHECK_WITH("{\"a\",b}\n1,2\n",
		"error: line 1: a quote inside an unquoted field (put the field in quotes and double those inside)\n",
		.form = READER_CSV);
}

static void null_and_empty_differ(void **state)
{
	(void)state;
	CHECK("{\"a\":\"\",\"b\":null,\"c\":[]}\n", "a|b|c\n1 \"\"||\"\"\n");
}

static void numbers_stay_as_written(void **state)
{
	(void)state;
	CHECK("{\"a\":1.10,\"b\":-0,\"c\":12345678901234567890123,\"d\":1e400,\"e\":0.1E-7}\n",
		"a|b|c|d|e\n1 1.10|-0|12345678901234567890123|1e400|0.1E-7\n");
	CHECK("{\"a\":9223372036854775808,\"b\":13800138000,\"c\":\"007\",\"d 5\":5}\n",
		"a|b|c|d 5\n1 9223372036854775808|13800138000|\"007\"|5\n");
	CHECK("{\"a\":true,\"b\":false}\n", "a|b\n1 true|false\n");
	CHECK("{\"a\":\"\\\"1\\\\\",\"b\":2}\n", "a|b\n1 \"\"1\\\"|2\n");
}

static void numbers_written_wrongly(void **state)
{
	static const char *const wrong[] = { "01", "1.", ".5", "+1", "1e", "1e+", "-", "--1", "1-2", "0x10", "1.2.3",
		"1e5e", "NaN", "-Infinity" };
	char *got, data[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		int n = snprintf(data, sizeof(data), "{\"a\":%s}\n{\"b\":1}\n", wrong[i]);

		got = render(data, (size_t)n, &(struct reader_options){ 0 });
		assert_memory_equal(got, "b\n1! not valid JSON", 19);
		assert_non_null(strstr(got, "\n2 1\n"));
		free(got);
	}
}

static void lists(void **state)
{
	(void)state;
	CHECK("{\"tags\":[\"vip\",\"a, b\"]}\n", "tags\n1 \"vip, a\\, b\"\n");
	CHECK("{\"p\":[{\"label\":\"work\",\"value\":\"a@b.c\"},{\"value\":\"+86\"},{\"value\":\"x\",\"label\":null}]}"
	      "\n",
		"p\n1 \"work:a@b.c, +86, x\"\n");
}

static void nesting(void **state)
{
	(void)state;
	CHECK("{\"a\":1,\"b\":{\"c\":1}}\n{\"a\":[1],\"b\":1}\n{\"a\":[[\"x\"]]}\n{\"a\":[{\"label\":\"x\"}]}\n{\"a\":"
	      "2}\n",
		"a|b\n1! the key 'b' holds an object, which no field can take\n"
		"2! the key 'a' holds a list of something else than texts\n"
		"3! the key 'a' holds a list of something else than texts\n"
		"4! the key 'a' holds an object in its list that is not {\"label\", \"value\"}\n5 2|\n");
	CHECK("{\"a\":[{\"value\":\"x\",\"type\":\"y\"}]}\n",
		"a\n1! the key 'a' holds an object in its list that is not {\"label\", \"value\"}\n");
}

static void what_is_no_object(void **state)
{
	(void)state;
	CHECK("{\"a\":1}\n[1]\n3\n\"x\"\n{\"a\":2\n{\"a\":3}x\n{a:4}\n{\"a\":1,\"a\":2}\n{\"a\":\"\\u0000\"}\n{\"a\":5}"
	      "\n",
		"a\n1 1\n2! not a JSON object\n3! not a JSON object\n4! not a JSON object\n"
		"5! not valid JSON: it ends too early\n6! not valid JSON: text after the object\n7! not valid JSON\n"
		"8! a key appears twice in the object\n9! a NUL character (\\u0000) in a text\n10 5\n");
	CHECK("{\"\":1}\n", "error: line 1: a key is empty\n");
}

static void bad_bytes(void **state)
{
	(void)state;
	CHECK("{\"a\":\"\xe5\xbc\xa0\"}\n{\"a\":\"\xff\"}\n{\"a\":\"x\0\"}\n{\"a\":\"\xed\xa0\x80\"}\n{\"a\":\"y\"}\n",
		"a\n1 \"\xe5\xbc\xa0\"\n2! bytes that are not UTF-8\n3! a NUL byte\n4! bytes that are not UTF-8\n5 "
		"\"y\"\n");
	CHECK("{\"a\":\"\\ud800\"}\n{\"a\":\"y\"}\n", "a\n1! not valid JSON\n2 \"y\"\n");
}

static void arrays(void **state)
{
	(void)state;
	CHECK("[{\"a\":1},{\"a\":2}]", "a\n1 1\n1 2\n");
	CHECK("[\n  {\n    \"a\": \"],}\\\"\",\n    \"b\": [\"x\", \"[\"]\n  },\n  {\"a\": \"2\"}\n]\n",
		"a|b\n2 \"],}\"\"|\"x, [\"\n6 \"2\"|\n");
	CHECK("[]", "\n");
	CHECK(" [ \n ] \n", "\n");
	CHECK("[{\"a\":1},2,\"x,]\",[3],{\"a\":4}]",
		"a\n1 1\n1! not a JSON object\n1! not a JSON object\n1! not a JSON object\n1 4\n");
	CHECK("[{\"a\":1},\n{\"a\":1]\n},{\"a\":3}]", "a\n1 1\n2! not valid JSON\n3 3\n");
}

static void broken_arrays(void **state)
{
	(void)state;
	CHECK("[", "error: line 1: the file ends before the ] of its array\n");
	CHECK("[{\"a\":1}\n,", "error: line 2: the file ends before the ] of its array\n");
	CHECK("[{\"a\":1}\n\n,{\"a\":", "error: line 3: the file ends inside this element of the array\n");
	CHECK("[{\"a\":1},]", "error: line 1: a comma without an element beside it\n");
	CHECK("[,{\"a\":1}]", "error: line 1: a comma without an element beside it\n");
	CHECK("[{\"a\":1}]\n{\"a\":2}\n", "error: line 2: text after the ] of the array\n");
}

/* Columns are the keys of the first hundred objects; the file is longer, and errors come after good rows. */
static void later_keys(void **state)
{
	struct buf data = BUF_INIT, expected = BUF_INIT;

	(void)state;
	buf_puts(&expected, "a|b\n");
	for (int i = 1; i <= 100; i++) {
		buf_printf(&data, "{\"%s\":%d}\n", i == 100 ? "b" : "a", i);
		buf_printf(&expected, i == 100 ? "%d |%d\n" : "%d %d|\n", i, i);
	}
	buf_puts(&data, "{\"a\":1,\"c\":2}\n{\"a\":3}\n");
	buf_puts(&expected,
		"101! the key 'c' does not appear in the first objects of the file, which give the columns\n"
		"102 3|\n");
	check_bytes(data.s, data.len, (struct reader_options){ 0 }, expected.s);
	buf_free(&data);
	buf_free(&expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(null_and_empty_differ),
		cmocka_unit_test(numbers_stay_as_written),
		cmocka_unit_test(numbers_written_wrongly),
		cmocka_unit_test(lists),
		cmocka_unit_test(nesting),
		cmocka_unit_test(what_is_no_object),
		cmocka_unit_test(bad_bytes),
		cmocka_unit_test(arrays),
		cmocka_unit_test(broken_arrays),
		cmocka_unit_test(later_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

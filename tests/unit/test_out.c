/* The stream to stdout, and the formats that programs read: tsv, csv, json, jsonl. */
#include "out_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>

/* --- the stream --- */

static void test_stream_keeps_order_across_its_buffer(void **state)
{
	(void)state;
	int fd = scratch_file();
	struct out *o = out_open(fd);
	struct strbuf expected = { 0 };
	char *big = malloc(200000);

	memset(big, 'x', 200000);
	for (int i = 0; i < 20000; i++) {
		out_printf(o, "%d\n", i);
		strbuf_printf(&expected, "%d\n", i);
	}
	out_write(o, big, 200000);
	strbuf_add(&expected, big, 200000);
	out_puts(o, "end");
	strbuf_puts(&expected, "end");
	out_printf(o, "%01000d", 7); /* longer than what out_printf has at hand */
	for (int i = 0; i < 999; i++)
		strbuf_puts(&expected, "0");
	strbuf_puts(&expected, "7");
	assert_int_equal(out_error(o), 0);
	assert_int_equal(out_close(o), 0);

	size_t len;
	lseek(fd, 0, SEEK_SET);
	char *text = slurp(fd, &len);
	assert_int_equal(len, expected.len);
	assert_memory_equal(text, expected.s, len);
	close(fd);
	free(text);
	free(big);
	strbuf_free(&expected);
}

static void test_stream_remembers_the_first_error(void **state)
{
	(void)state;
	int full = open("/dev/full", O_WRONLY), closed[2];
	struct out *o = out_open(full);

	out_puts(o, "lost");
	assert_int_equal(out_error(o), 0); /* still in the buffer */
	assert_int_equal(out_close(o), ENOSPC);
	close(full);

	assert_int_equal(pipe(closed), 0);
	close(closed[0]);
	signal(SIGPIPE, SIG_IGN);
	o = out_open(closed[1]);
	out_puts(o, "lost");
	out_flush(o);
	assert_int_equal(out_error(o), EPIPE);
	close(closed[1]);
	out_puts(o, "more"); /* would be EBADF */
	assert_int_equal(out_close(o), EPIPE);
	signal(SIGPIPE, SIG_DFL);

	assert_int_equal(out_close(NULL), 0);
}

static void test_rows_report_a_full_disk(void **state)
{
	(void)state;
	int full = open("/dev/full", O_WRONLY);
	struct out *o = out_open(full);
	crm_cursor c = { .columns = people, .values = two_people, .ncolumns = 4, .repeat = 100000 };
	struct out_settings set = SET(OUT_CSV);
	size_t rows;

	assert_int_equal(out_rows(o, NULL, &c, &set, &rows, NULL), CRM_FAILED);
	assert_int_equal(out_error(o), ENOSPC);
	assert_true(rows < 100000); /* it stopped at the first failure */
	assert_int_equal(out_close(o), ENOSPC);
	close(full);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void check_slow_pipe(int flags)
{
	int ends[2];
	const size_t total = 3000000;
	char *data = malloc(total);

	for (size_t i = 0; i < total; i++)
		data[i] = (char)(i * 7 % 251);
	assert_int_equal(pipe(ends), 0);
	fcntl(ends[1], F_SETFL, flags);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[1]);
		usleep(50000);
		size_t len;
		char *text = slurp(ends[0], &len);
		_exit(len == total && memcmp(text, data, total) == 0 ? 0 : 1);
	}
	close(ends[0]);

	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval often = { { 0, 1000 }, { 0, 1000 } }, never = { { 0, 0 }, { 0, 0 } };
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	struct out *o = out_open(ends[1]);
	out_write(o, data, total);
	assert_int_equal(out_close(o), 0);
	setitimer(ITIMER_REAL, &never, NULL);
	close(ends[1]);

	int status = -1;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	free(data);
}

static void test_stream_survives_signals_and_short_writes(void **state)
{
	(void)state;
	check_slow_pipe(0);
	check_slow_pipe(O_NONBLOCK); /* as a parent may have left it */
}

static void test_formats_are_found_by_name(void **state)
{
	(void)state;
	assert_int_equal(out_format_find("table"), OUT_TABLE);
	assert_int_equal(out_format_find("tsv"), OUT_TSV);
	assert_int_equal(out_format_find("csv"), OUT_CSV);
	assert_int_equal(out_format_find("json"), OUT_JSON);
	assert_int_equal(out_format_find("jsonl"), OUT_JSONL);
	assert_int_equal(out_format_find("record"), OUT_RECORD);
	assert_int_equal(out_format_find("xml"), OUT_AUTO);
	assert_int_equal(out_format_resolve(&SET(OUT_AUTO)), OUT_TSV);
	assert_int_equal(out_format_resolve(&SET(OUT_AUTO, .terminal = true)), OUT_TABLE);
	assert_int_equal(out_format_resolve(&SET(OUT_AUTO, .single = true)), OUT_RECORD);
	assert_int_equal(out_format_resolve(&SET(OUT_JSON, .single = true)), OUT_JSON);
}

/* --- tsv and csv --- */

static void test_tsv(void **state)
{
	(void)state;
	check(people, 4, two_people, 2, SET(OUT_TSV),
		"7\t张三\t2026-01-02T15:04:05+08:00\tvip, a\\\\,b\n"
		"12\tLi \"Si\"\t\t\n");
	check(people, 4, two_people, 1, SET_HEADER(OUT_TSV, 1),
		"id\tname\tlast_contact_at\ttags\n"
		"7\t张三\t2026-01-02T15:04:05+08:00\tvip, a\\\\,b\n");
	check(people, 4, NULL, 0, SET(OUT_TSV), "");
	check(people, 4, NULL, 0, SET_HEADER(OUT_TSV, 1), "id\tname\tlast_contact_at\ttags\n");

	static const crm_column text[] = { { "t", "T", "", CRM_TEXT, NULL } };
	static const crm_value cells[] = { TEXT("a\tb\nc\rd\\e"), TEXT("12345678\n"), TEXT("\t1234567\\"),
		TEXT("1234567890123456\r"), TEXT("\033[31mred\u202e") };
	check(text, 1, cells, 5, SET(OUT_TSV),
		"a\\tb\\nc\\rd\\\\e\n12345678\\n\n\\t1234567\\\\\n1234567890123456\\r\n\033[31mred\u202e\n");
}

static void test_csv(void **state)
{
	(void)state;
	check(people, 4, two_people, 2, SET(OUT_CSV),
		"id,name,last_contact_at,tags\n"
		"7,张三,2026-01-02T15:04:05+08:00,\"vip, a\\,b\"\n"
		"12,\"Li \"\"Si\"\"\",,\n");
	check(people, 4, two_people, 1, SET_HEADER(OUT_CSV, 0), "7,张三,2026-01-02T15:04:05+08:00,\"vip, a\\,b\"\n");
	check(people, 4, NULL, 0, SET(OUT_CSV), "id,name,last_contact_at,tags\n");
	check(people, 4, NULL, 0, SET_HEADER(OUT_CSV, 0), "");
}

static void test_csv_quotes_only_where_needed(void **state)
{
	(void)state;
	static const crm_column text[] = { { "t", "T", "", CRM_TEXT, NULL } };
	static const crm_value cells[] = { TEXT("plain text + more - than; eight bytes"), TEXT("12345678,"),
		TEXT("two\nlines"), TEXT("ends with cr\r"), TEXT(" leading"), TEXT("trailing\t"), TEXT("\""),
		TEXT("\ufeffbom"), TEXT("=1+1"), TEXT("'quoted'"), TEXT("00420"), TEXT("abcdefg,hijklmnop"), NONE };
	check(text, 1, cells, COUNT(cells), SET_HEADER(OUT_CSV, 0),
		"plain text + more - than; eight bytes\n\"12345678,\"\n\"two\nlines\"\n\"ends with cr\r\"\n"
		"\" "
		"leading\"\n\"trailing\t\"\n\"\"\"\"\n\"\ufeffbom\"\n=1+1\n'quoted'\n00420\n\"abcdefg,"
		"hijklmnop\"\n\"\"\n");
}

static void test_excel_frame(void **state)
{
	(void)state;
	check(people, 2, two_people, 1, SET(OUT_CSV, .excel = true), "\xef\xbb\xbfid,name\r\n7,张三\r\n");
	/* on a terminal neither BOM nor CR, which would show as escapes */
	check(people, 2, two_people, 1, SET(OUT_CSV, .excel = true, .terminal = true), "id,name\n7,张三\n");
}

static const struct {
	const char *text, *cell;
	size_t len; /* of both, where there is a NUL: text; the cell is one longer */
} formulas[] = {
	{ "=1+1", "'=1+1", 0 }, { "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0", 0 }, { "+1-1", "'+1-1", 0 },
	{ "-2+3", "'-2+3", 0 }, { "@SUM(A1)", "'@SUM(A1)", 0 }, { "=1,2", "\"'=1,2\"", 0 },
	{ "=\"a\"", "\"'=\"\"a\"\"\"", 0 }, { "\t=1", "'\t=1", 0 }, { "\tx", "'\tx", 0 }, { "\t", "\"'\t\"", 0 },
	{ "\r=1", "\"'\r=1\"", 0 }, { "\n=1", "\"'\n=1\"", 0 }, { "\0=1", "'\0=1", 3 }, { " =1", "' =1", 0 },
	{ "   -x", "'   -x", 0 }, { "\x01=1", "'\x01=1", 0 }, { "\u00a0=1", "'\u00a0=1", 0 },
	{ "\xc2\x85=1", "'\xc2\x85=1", 0 }, { "\u200b=1", "'\u200b=1", 0 }, { "\u3000=1", "'\u3000=1", 0 },
	{ "\ufeff=1", "'\ufeff=1", 0 }, { " \u00a0\ufeff=1", "' \u00a0\ufeff=1", 0 }, { "\uff1d1", "'\uff1d1", 0 },
	{ "\uff0b1", "'\uff0b1", 0 }, { "\uff0d1", "'\uff0d1", 0 }, { "\uff20x", "'\uff20x", 0 }, { "-", "'-", 0 },
	{ "-5.", "'-5.", 0 }, { "-.5", "'-.5", 0 }, { "-1e5", "'-1e5", 0 }, { "+5", "'+5", 0 },
	{ "--05-12", "'--05-12", 0 }, { "+123456", "'+123456", 0 }, /* too short for a phone number */
	{ "+0123456789", "'+0123456789", 0 }, { "+1234567890123456", "'+1234567890123456", 0 }, /* 16 digits */
	{ "+1234567\n", "\"'+1234567\n\"", 0 }, { "'=1", "''=1", 0 }, /* else the importer would take this ' away */
	{ "''=1", "'''=1", 0 }, { "'-5", "''-5", 0 }, { "'+4915112345678", "''+4915112345678", 0 },
	{ "' =1", "'' =1", 0 },
	/* harmless: as they are */
	{ "+4915112345678", "+4915112345678", 0 }, { "+8613800138000", "+8613800138000", 0 },
	{ "+1234567", "+1234567", 0 }, { "+123456789012345", "+123456789012345", 0 }, { "-5.00", "-5.00", 0 },
	{ "-5", "-5", 0 }, { "5.00", "5.00", 0 }, { "'", "'", 0 }, { "'hello'", "'hello'", 0 }, { "a=1", "a=1", 0 },
	{ "1=1", "1=1", 0 }, { "a\tb", "a\tb", 0 }, { "\u200b", "\u200b", 0 }, { "张三", "张三", 0 },
	{ "\uff21", "\uff21", 0 }, /* a full-width letter */
};

static void test_excel_formulas(void **state)
{
	(void)state;
	static const crm_column text[] = { { "t", "T", "", CRM_TEXT, NULL } };
	struct out_settings set = SET_HEADER(OUT_CSV, 0, .excel = true);

	for (size_t i = 0; i < COUNT(formulas); i++) {
		size_t n = formulas[i].len ? formulas[i].len : strlen(formulas[i].text);
		size_t cell = formulas[i].len ? n + 1 : strlen(formulas[i].cell), len;
		crm_value v = { .kind = CRM_STRING, .s = formulas[i].text, .len = n };
		crm_cursor c = { .columns = text, .values = &v, .ncolumns = 1, .nrows = 1 };
		char *out = written(&c, &set, &len, NULL);

		assert_int_equal(len, 3 + cell + 2);
		assert_memory_equal(out, "\xef\xbb\xbf", 3);
		assert_memory_equal(out + 3, formulas[i].cell, cell);
		assert_string_equal(out + 3 + cell, "\r\n");
		free(out);
	}
}

static void test_excel_cells_of_numbers(void **state)
{
	(void)state;
	static const crm_column columns[] = { { "n", "N", "", CRM_INTEGER, NULL }, { "r", "R", "", CRM_REAL, NULL },
		{ "b", "B", "", CRM_BOOL, NULL }, { "d", "D", "", CRM_DATE, NULL }, { "=x", "X", "", CRM_TEXT, NULL } };
	static const crm_value cells[] = { INT(-5), REAL(-1e-7), INT(0), TEXT("--05-12"), NONE };

	check(columns, 5, cells, 1, SET(OUT_CSV, .excel = true),
		"\xef\xbb\xbfn,r,b,d,'=x\r\n-5,-1e-07,no,'--05-12,\r\n");
}

/* --- json --- */

static void test_json(void **state)
{
	(void)state;
	check(people, 4, two_people, 2, SET(OUT_JSON),
		"[\n"
		"{\"id\":7,\"name\":\"张三\",\"last_contact_at\":\"2026-01-02T15:04:05+08:00\",\"tags\":[\"vip\",\"a,"
		"b\"]},\n"
		"{\"id\":12,\"name\":\"Li \\\"Si\\\"\",\"last_contact_at\":null,\"tags\":null}\n"
		"]\n");
	check(people, 2, two_people, 0, SET(OUT_JSON), "[]\n");
	check(people, 4, two_people, 2, SET(OUT_JSONL),
		"{\"id\":7,\"name\":\"张三\",\"last_contact_at\":\"2026-01-02T15:04:05+08:00\",\"tags\":[\"vip\",\"a,"
		"b\"]}\n"
		"{\"id\":12,\"name\":\"Li \\\"Si\\\"\",\"last_contact_at\":null,\"tags\":null}\n");
	check(people, 2, two_people, 0, SET(OUT_JSONL), "");
}

static void test_json_of_one_record(void **state)
{
	(void)state;
	check(people, 4, two_people, 1, SET(OUT_JSON, .single = true),
		"{\n  \"id\": 7,\n  \"name\": \"张三\",\n  \"last_contact_at\": \"2026-01-02T15:04:05+08:00\",\n"
		"  \"tags\": [\"vip\",\"a,b\"]\n}\n");
	check(people, 4, NULL, 0, SET(OUT_JSON, .single = true), "null\n");
	check(people, 1, two_people, 1, SET(OUT_JSONL, .single = true), "{\"id\":7}\n");
}

static void test_json_escapes(void **state)
{
	(void)state;
	static const crm_column column[] = { { "a\"b\\\n", "A", "", CRM_TEXT, NULL } };
	static const crm_value cells[] = { TEXT("quote\" back\\slash"), TEXT("\x01\x1f\x7f/\b\t\n\f\r"),
		TEXT("1234567\"9012345\\"), TEXT("\u2028\u202e\xf0\x9f\x98\x80") };
	/* RFC 8259: quote, backslash and U+0000-001F must be escaped, all others need not */
	check(column, 1, cells, 4, SET(OUT_JSONL),
		"{\"a\\\"b\\\\\\n\":\"quote\\\" back\\\\slash\"}\n"
		"{\"a\\\"b\\\\\\n\":\"\\u0001\\u001f\x7f/\\b\\t\\n\\f\\r\"}\n"
		"{\"a\\\"b\\\\\\n\":\"1234567\\\"9012345\\\\\"}\n"
		"{\"a\\\"b\\\\\\n\":\"\u2028\u202e\xf0\x9f\x98\x80\"}\n");

	static const crm_column plain[] = { { "t", "T", "", CRM_TEXT, NULL } };
	static const crm_value nul[] = { TEXT("a\0b") };
	check(plain, 1, nul, 1, SET(OUT_JSONL), "{\"t\":\"a\\u0000b\"}\n");
}

static void check_json(crm_type type, crm_value v, const char *expected)
{
	crm_column column = { "v", "V", "", type, NULL };
	char line[256];

	snprintf(line, sizeof(line), "{\"v\":%s}\n", expected);
	check(&column, 1, &v, 1, SET(OUT_JSONL), line);
}

#define VALUE(v) ((crm_value)v)

static void test_json_types(void **state)
{
	(void)state;
	check_json(CRM_INTEGER, VALUE(INT(INT64_MIN)), "-9223372036854775808");
	check_json(CRM_INTEGER, VALUE(INT(INT64_MAX)), "9223372036854775807");
	check_json(CRM_INTEGER, VALUE(INT(0)), "0");
	check_json(CRM_INTEGER, VALUE(INT(-10)), "-10");
	check_json(CRM_INTEGER, VALUE(INT(100)), "100");
	check_json(CRM_INTEGER, VALUE(TEXT("42")), "42"); /* a custom field */
	check_json(CRM_INTEGER, VALUE(TEXT("-0.5e3")), "-0.5e3");
	check_json(CRM_INTEGER, VALUE(TEXT("007")), "\"007\"");
	check_json(CRM_INTEGER, VALUE(TEXT("+1")), "\"+1\"");
	check_json(CRM_INTEGER, VALUE(TEXT("1.")), "\"1.\"");
	check_json(CRM_INTEGER, VALUE(TEXT("1e")), "\"1e\"");
	check_json(CRM_INTEGER, VALUE(TEXT("-")), "\"-\"");
	check_json(CRM_INTEGER, VALUE(TEXT("many")), "\"many\"");
	check_json(CRM_TEXT, VALUE(TEXT("42")), "\"42\"");
	check_json(CRM_TEXT, VALUE(INT(42)), "42"); /* crm sql */
	check_json(CRM_REF, VALUE(INT(3)), "3");
	check_json(CRM_REAL, VALUE(REAL(0.1)), "0.1");
	check_json(CRM_REAL, VALUE(REAL(2)), "2");
	check_json(CRM_REAL, VALUE(REAL(0.1 + 0.2)), "0.30000000000000004");
	check_json(CRM_REAL, VALUE(REAL(1234567.25)), "1234567.25");
	check_json(CRM_REAL, VALUE(REAL(-1e300)), "-1e+300");
	check_json(CRM_BOOL, VALUE(INT(1)), "true");
	check_json(CRM_BOOL, VALUE(INT(0)), "false");
	check_json(CRM_BOOL, VALUE(TEXT("1")), "true");
	check_json(CRM_BOOL, VALUE(TEXT("no")), "false");
	check_json(CRM_BOOL, VALUE(NONE), "null");
	check_json(CRM_DURATION, VALUE(INT(5400)), "5400");
	check_json(CRM_DURATION, VALUE(REAL(0.5)), "0.5");
	check_json(CRM_TIME, VALUE(TEXT("0")), "\"1970-01-01T08:00:00+08:00\"");
	check_json(CRM_TIME, VALUE(INT(-1)), "\"1970-01-01T07:59:59+08:00\"");
	check_json(CRM_TIME, VALUE(TEXT("soon")), "\"soon\"");
	check_json(CRM_DATE, VALUE(TEXT("--05-12")), "\"--05-12\"");
	check_json(CRM_TAGS, VALUE(TEXT("vip, \"q\", a\\,b")), "[\"vip\",\"\\\"q\\\"\",\"a,b\"]");
	check_json(CRM_CONTACTS, VALUE(TEXT("work:a@b.c, +861012345678")),
		"[{\"label\":\"work\",\"value\":\"a@b.c\"},{\"label\":null,\"value\":\"+861012345678\"}]");
	check_json(CRM_CONTACTS, VALUE(TEXT("公司 2-a_b:x, a.b:c, :d")),
		"[{\"label\":\"公司 2-a_b\",\"value\":\"x\"},{\"label\":null,\"value\":\"a.b:c\"},"
		"{\"label\":null,\"value\":\":d\"}]");
}

/* --- cells --- */

static void check_exact(crm_type type, crm_value v, const char *expected)
{
	crm_column column = { "v", "V", "", type, NULL };
	char text[64], few[4];

	assert_int_equal(out_cell_exact(text, sizeof(text), NULL, &column, &v), strlen(expected));
	assert_string_equal(text, expected);
	/* like snprintf */
	assert_int_equal(out_cell_exact(NULL, 0, NULL, &column, &v), strlen(expected));
	assert_int_equal(out_cell_exact(few, sizeof(few), NULL, &column, &v), strlen(expected));
	assert_int_equal(strlen(few), strlen(expected) < 3 ? strlen(expected) : 3);
	assert_memory_equal(few, expected, strlen(few));
}

static void test_exact_cells(void **state)
{
	(void)state;
	check_exact(CRM_BOOL, VALUE(INT(1)), "yes");
	check_exact(CRM_BOOL, VALUE(INT(0)), "no");
	check_exact(CRM_BOOL, VALUE(TEXT("true")), "yes");
	check_exact(CRM_DURATION, VALUE(INT(5400)), "5400");
	check_exact(CRM_REAL, VALUE(REAL(1.0 / 3)), "0.3333333333333333");
	check_exact(CRM_TIME, VALUE(INT(AT_1504)), "2026-01-02T15:04:05+08:00");
	check_exact(CRM_CONTACTS, VALUE(TEXT("work:a@b.c, x\\,y")), "work:a@b.c, x\\,y");
	check_exact(CRM_TEXT, VALUE(NONE), "");
}

/* Rows share what is known of a day; a day on which the clock changes, and the distant past, must still be right. */
static void test_times_around_a_clock_change(void **state)
{
	(void)state;
	static const crm_column at[] = { { "at", "At", "", CRM_TIME, NULL } };
	/* Berlin, 2026-03-29 (day 20541): at 01:00 UTC the clock goes from 02:00 to 03:00 */
	const int64_t day = INT64_C(20541) * 86400;
	const crm_value times[] = { INT(day - 1), INT(day), INT(day + 3599), INT(day + 3600), INT(day + 86399),
		INT(day + 86400), INT(day - 3600 - 1), INT(day - 3600), INT(day + 86400 + 79199),
		INT(day + 86400 + 79200), INT(day + 2048 * INT64_C(86400)), INT(day - 1), INT(-86401), INT(0),
		INT(day + 2049 * INT64_C(86400)) };

	zone_offset = 3600;
	zone_offset_later = 7200;
	zone_change = day + 3600;
	check(at, 1, times, COUNT(times), SET(OUT_TSV),
		"2026-03-29T00:59:59+01:00\n2026-03-29T01:00:00+01:00\n2026-03-29T01:59:59+01:00\n"
		"2026-03-29T03:00:00+02:00\n2026-03-30T01:59:59+02:00\n2026-03-30T02:00:00+02:00\n"
		"2026-03-28T23:59:59+01:00\n2026-03-29T00:00:00+01:00\n2026-03-30T23:59:59+02:00\n"
		"2026-03-31T00:00:00+02:00\n"
		/* the same place in the table of days, 2048 days later: 2031-11-06 */
		"2031-11-06T02:00:00+02:00\n2026-03-29T00:59:59+01:00\n"
		"1969-12-31T00:59:59+01:00\n1970-01-01T01:00:00+01:00\n"
		"2031-11-07T02:00:00+02:00\n");

	/* Apia went over the date line at the end of 2011-12-29 (day 15337): the clock stays, the offset does not */
	const int64_t leap = INT64_C(15338) * 86400 + 36000;
	const crm_value apia[] = { INT(leap - 1), INT(leap) };
	zone_offset = -36000;
	zone_offset_later = 50400;
	zone_change = leap;
	check(at, 1, apia, 2, SET(OUT_TSV), "2011-12-29T23:59:59-10:00\n2011-12-31T00:00:00+14:00\n");
}

static void test_times_of_a_day_are_asked_for_once(void **state)
{
	(void)state;
	static const crm_column at[] = { { "at", "At", "", CRM_TIME, NULL } };
	const crm_value time[] = { INT(AT_1504) };
	crm_cursor c = { .columns = at, .values = time, .ncolumns = 1, .repeat = 5000 };
	struct out_settings set = SET(OUT_JSONL);
	size_t len;

	free(written(&c, &set, &len, NULL));
	assert_int_equal(len, 5000 * (strlen("{'at':'2026-01-02T15:04:05+08:00'}") + 1));
	assert_true(zone_calls <= 2);
}

/* --- failures --- */

static void test_a_failing_cursor(void **state)
{
	(void)state;
	static const enum out_format all[] = { OUT_TABLE, OUT_TSV, OUT_CSV, OUT_JSON, OUT_JSONL, OUT_RECORD };

	for (size_t i = 0; i < COUNT(all); i++)
		for (size_t at = 1; at <= 3; at++) {
			crm_cursor c = {
				.columns = people, .values = two_people, .ncolumns = 4, .nrows = 2, .fail_at = at
			};
			int fd = scratch_file();
			struct out *o = out_open(fd);
			size_t rows = 99, len;

			assert_int_equal(out_rows(o, NULL, &c, &SET(all[i]), &rows, NULL), CRM_INTERRUPTED);
			assert_int_equal(rows, at - 1);
			assert_int_equal(out_close(o), 0);
			lseek(fd, 0, SEEK_SET);
			char *text = slurp(fd, &len);
			if (at == 1)
				assert_int_equal(len, 0);
			/* an array cut short must not look complete */
			assert_false(all[i] == OUT_JSON && len > 2 && strcmp(text + len - 2, "]\n") == 0);
			free(text);
			close(fd);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_stream_keeps_order_across_its_buffer),
		cmocka_unit_test(test_stream_remembers_the_first_error), cmocka_unit_test(test_rows_report_a_full_disk),
		cmocka_unit_test(test_stream_survives_signals_and_short_writes),
		cmocka_unit_test(test_formats_are_found_by_name), cmocka_unit_test_setup(test_tsv, in_shanghai),
		cmocka_unit_test_setup(test_csv, in_shanghai), cmocka_unit_test(test_csv_quotes_only_where_needed),
		cmocka_unit_test(test_excel_frame), cmocka_unit_test(test_excel_formulas),
		cmocka_unit_test(test_excel_cells_of_numbers), cmocka_unit_test_setup(test_json, in_shanghai),
		cmocka_unit_test_setup(test_json_of_one_record, in_shanghai), cmocka_unit_test(test_json_escapes),
		cmocka_unit_test_setup(test_json_types, in_shanghai),
		cmocka_unit_test_setup(test_exact_cells, in_shanghai),
		cmocka_unit_test_setup(test_times_around_a_clock_change, in_shanghai),
		cmocka_unit_test_setup(test_times_of_a_day_are_asked_for_once, in_shanghai),
		cmocka_unit_test_setup(test_a_failing_cursor, in_shanghai) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

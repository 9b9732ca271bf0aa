/* What people see: table and record, and hostile text in every format on a terminal. */
#include "out_fixture.h"

/* --- table --- */

static void test_table(void **state)
{
	(void)state;
	check(people, 4, two_people, 2, SET(OUT_TABLE, .terminal = true, .width = 80),
		"Id  Name     Last contact      Tags\n"
		" 7  张三     2026-01-02 15:04  vip, a,b\n"
		"12  Li \"Si\"\n");
	/* elsewhere the stable names head the columns */
	check(people, 4, two_people, 2, SET(OUT_TABLE),
		"id  name     last_contact_at   tags\n"
		" 7  张三     2026-01-02 15:04  vip, a,b\n"
		"12  Li \"Si\"\n");
	check(people, 2, two_people, 1, SET_HEADER(OUT_TABLE, 0), "7  张三\n");
	check(people, 4, NULL, 0, SET(OUT_TABLE, .terminal = true, .width = 80), "");
	check(people, 4, NULL, 0, SET_HEADER(OUT_TABLE, 1), "");
}

static void test_table_colour(void **state)
{
	(void)state;
	check(people, 1, two_people, 1, SET(OUT_TABLE, .terminal = true, .color = true), "\033[1mId\033[0m\n 7\n");
}

static const crm_column wide[] = { { "id", "Id", "", CRM_INTEGER, NULL }, { "subject", "Subject", "", CRM_TEXT, NULL },
	{ "note", "Note", "", CRM_TEXT, NULL }, { "at", "At", "", CRM_TIME, NULL } };

static void test_table_cuts_the_widest_column_first(void **state)
{
	(void)state;
	static const crm_value cells[] = { INT(1000), TEXT("printer"),
		TEXT("the quick brown fox jumps over the lazy dog"), INT(AT_1504), INT(2), TEXT("short"),
		TEXT("一二三四五六七八九十"), NONE };
	/* 4 + 2 + 7 + 2 + 43 + 2 + 16 = 76 */
	check(wide, 4, cells, 2, SET(OUT_TABLE, .terminal = true, .width = 76),
		"  Id  Subject  Note                                         At\n"
		"1000  printer  the quick brown fox jumps over the lazy dog  2026-01-02 15:04\n"
		"   2  short    一二三四五六七八九十\n");
	check(wide, 4, cells, 2, SET(OUT_TABLE, .terminal = true, .width = 48),
		"  Id  Subject  Note             At\n"
		"1000  printer  the quick brow…  2026-01-02 15:04\n"
		"   2  short    一二三四五六七…\n");
	/* neither numbers nor times are cut, text keeps six columns: what fits no line is a field a line */
	check(wide, 4, cells, 2, SET(OUT_TABLE, .terminal = true, .width = 20),
		"Id:      1000\n"
		"Subject: printer\n"
		"Note:    the quick brown fox jumps over the lazy dog\n"
		"At:      2026-01-02 15:04\n"
		"\n"
		"Id:      2\n"
		"Subject: short\n"
		"Note:    一二三四五六七八九十\n");
	check(wide, 4, cells, 1, SET(OUT_TABLE, .terminal = true),
		"  Id  Subject  Note                                         At\n"
		"1000  printer  the quick brown fox jumps over the lazy dog  2026-01-02 15:04\n");
}

static void test_table_shrinks_columns_together(void **state)
{
	(void)state;
	static const crm_column two[] = { { "a", "A", "", CRM_TEXT, NULL }, { "b", "B", "", CRM_TEXT, NULL } };
	static const crm_value cells[] = { TEXT("abcdefghijklmnopqrstuvwxyz1234"), TEXT("ABCDEFGHIJKLMNOPQRST") };

	/* of 30 and 20, at first only the wider gives */
	check(two, 2, cells, 1, SET_HEADER(OUT_TABLE, 0, .terminal = true, .width = 42),
		"abcdefghijklmnopqrs…  ABCDEFGHIJKLMNOPQRST\n");
	/* then both, the last first */
	check(two, 2, cells, 1, SET_HEADER(OUT_TABLE, 0, .terminal = true, .width = 33),
		"abcdefghijklmno…  ABCDEFGHIJKLMN…\n");
}

static void test_table_never_cuts_a_grapheme(void **state)
{
	(void)state;
	static const crm_column one[] = { { "t", "T", "", CRM_TEXT, NULL } };
	/* family of three: one picture of two columns, made of five characters; e with an accent put on it */
	static const crm_value cells[] = { TEXT("1234567\U0001f468\u200d\U0001f469\u200d\U0001f4671"),
		TEXT("123456e\u0301x89"), TEXT("\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600") };
	check(one, 1, cells, 3, SET_HEADER(OUT_TABLE, 0, .terminal = true, .width = 9),
		"1234567…\n123456e\u0301x…\n\U0001f600\U0001f600\U0001f600\U0001f600…\n");
}

static void test_table_aligns_numbers_of_queries(void **state)
{
	(void)state;
	static const crm_column sql[] = { { "n", "n", "", CRM_TEXT, NULL }, { "mixed", "mixed", "", CRM_TEXT, NULL },
		{ "mean", "mean", "", CRM_REAL, NULL }, { "took", "took", "", CRM_DURATION, NULL },
		{ "ok", "ok", "", CRM_BOOL, NULL } };
	static const crm_value cells[] = { INT(5), INT(5), REAL(1.0 / 3), INT(5400), INT(1), INT(-123), TEXT("five"),
		REAL(1234567.8), INT(93784), INT(0) };
	check(sql, 5, cells, 2, SET(OUT_TABLE),
		"   n  mixed      mean        took  ok\n"
		"   5  5      0.333333     1h30min  yes\n"
		"-123  five    1234568  1d2h3min4s  no\n");
}

static void test_table_streams_behind_its_sample(void **state)
{
	(void)state;
	enum {
		ROWS = 1500
	};
	static const crm_column columns[] = { { "a", "A", "", CRM_TEXT, NULL }, { "n", "N", "", CRM_INTEGER, NULL },
		{ "b", "B", "", CRM_TEXT, NULL } };
	crm_value *cells = calloc(ROWS * 3, sizeof(*cells));
	const crm_value usual[] = { TEXT("ab"), INT(1), TEXT("x") }, late[] = { TEXT("abcd"), INT(12345), TEXT("xyz") };

	for (size_t i = 0; i < ROWS; i++)
		memcpy(cells + 3 * i, i < 1200 ? usual : late, sizeof(usual));
	for (int terminal = 0; terminal < 2; terminal++) {
		crm_cursor c = { .columns = columns, .values = cells, .ncolumns = 3, .nrows = ROWS };
		struct out_settings set = SET(OUT_TABLE, .terminal = terminal, .width = terminal ? 40 : 0);
		char *text = written(&c, &set, NULL, NULL);
		size_t lines = 0;
		for (const char *s = text; (s = strchr(s, '\n')); s++)
			lines++;
		assert_int_equal(lines, ROWS + 1);
		assert_non_null(strstr(text, "ab  1  x\n"));
		/* on a terminal the columns stay in line, but a number is never cut; elsewhere nothing is */
		const char *end = terminal ? "\na…  12345  xyz\n" : "\nabcd  12345  xyz\n";
		assert_string_equal(text + strlen(text) - strlen(end), end);
		free(text);
	}
	free(cells);
}

/* --- record --- */

static const crm_column card[] = { { "id", "Number", "", CRM_INTEGER, NULL }, { "name", "Name", "", CRM_TEXT, NULL },
	{ "city", "Place of living", "", CRM_TEXT, NULL }, { "note", "Note", "", CRM_TEXT, NULL },
	{ "tags", "Tags", "", CRM_TAGS, NULL }, { "took", "Took", "", CRM_DURATION, NULL },
	{ "do_not_call", "No calls", "", CRM_BOOL, NULL }, { "at", "At", "", CRM_TIME, NULL } };

static const crm_value two_cards[] = { INT(7), TEXT("张三"), NONE, TEXT("first line\r\n\n\tthird"), TEXT("vip, a\\,b"),
	INT(45), INT(0), INT(AT_1504), INT(8), TEXT("b"), TEXT("Bonn"), NONE, NONE, NONE, NONE, NONE };

static void test_record(void **state)
{
	(void)state;
	check(card, 8, two_cards, 2, SET(OUT_RECORD),
		"id:          7\n"
		"name:        张三\n"
		"note:        first line\n"
		"\n"
		"             \tthird\n"
		"tags:        vip, a,b\n"
		"took:        45s\n"
		"do_not_call: no\n"
		"at:          2026-01-02 15:04\n"
		"\n"
		"id:   8\n"
		"name: b\n"
		"city: Bonn\n");
	check(card, 3, two_cards + 8, 1, SET(OUT_AUTO, .single = true, .terminal = true, .width = 20),
		"Number:          8\n"
		"Name:            b\n"
		"Place of living: Bonn\n");
	check(card, 8, NULL, 0, SET(OUT_RECORD), "");
}

/* --- hostile text --- */

static const struct {
	const char *text;
	const char *shown; /* part of what must be seen instead */
} payloads[] = {
	{ "\033]52;c;ZXZpbA==\a", "\\x1b]52;c;ZXZpbA==\\x07" }, /* writes the clipboard */
	{ "\033]52;c;ZXZpbA==\033\\", "\\x1b]52" },
	{ "\033]0;title\a", "\\x1b]0;title\\x07" },
	{ "\033]8;;http://evil\033\\x\033]8;;\033\\", "\\x1b]8;;http://evil" },
	{ "\033]10;?\a", "\\x1b]10;?" },
	{ "\033]1337;File=:QQ==\a", "\\x1b]1337" },
	{ "\033[2J", "\\x1b[2J" },
	{ "\033[H\033[2J\033[3J", "\\x1b[H\\x1b[2J" },
	{ "\033[31mred\033[0m", "\\x1b[31mred" },
	{ "\033[8m hidden", "\\x1b[8m" },
	{ "\033[6n", "\\x1b[6n" }, /* the terminal would type an answer */
	{ "\033[c", "\\x1b[c" },
	{ "\033[21t", "\\x1b[21t" },
	{ "\033[?1049h", "\\x1b[?1049h" },
	{ "\033[1A\033[2K", "\\x1b[1A" },
	{ "\033[5i", "\\x1b[5i" }, /* prints */
	{ "\033P$q\"p\033\\", "\\x1bP$q" },
	{ "\033_Gf=24;AAAA\033\\", "\\x1b_Gf" },
	{ "\033^pm\033\\", "\\x1b^pm" },
	{ "\033Xsos\033\\", "\\x1bXsos" },
	{ "\033c", "\\x1bc" }, /* resets */
	{ "\033(0", "\\x1b(0" },
	{ "\016shift", "\\x0eshift" },
	{ "\017", "\\x0f" },
	{ "\a\a\a", "\\x07\\x07\\x07" },
	{ "safe\b\b\b\bevil", "safe\\x08\\x08\\x08\\x08evil" },
	{ "safe\revil", "safe\\x0devil" },
	{ "a\vb\fc", "a\\x0bb\\x0cc" },
	{ "del\x7f", "del\\x7f" },
	{ "\x05", "\\x05" }, /* answerback */
	{ "\302\2332J", "\\u009b2J" },
	{ "\302\2350;t\302\234", "\\u009d0;t\\u009c" },
	{ "\xc2\x90q\xc2\x9c", "\\u0090q" },
	{ "\2332J", "\\x9b2J" }, /* raw C1 bytes of an 8-bit terminal */
	{ "\2350;t\234", "\\x9d0;t\\x9c" },
	{ "user\u202egnp.exe", "user\\u202egnp.exe" },
	{ "a\u2066b\u2069", "a\\u2066b\\u2069" },
	{ "a\u200eb\u200fc\u061cd", "a\\u200eb\\u200fc\\u061cd" },
	{ "zero\u200bwidth", "zero\\u200bwidth" },
	{ "line\u2028par\u2029", "line\\u2028par\\u2029" },
	{ "bom\ufeff", "bom\\ufeff" },
	{ "\ufff9x\ufffa", "\\ufff9x\\ufffa" },
	{ "tag\U000e0041", "tag\\U000e0041" },
	{ "\xed\xa0\x80", "\\xed\\xa0\\x80" }, /* a lone surrogate */
	{ "\xc0\x9b[2J", "\\xc0\\x9b[2J" },    /* overlong */
	{ "\xe0\x80\x9b", "\\xe0\\x80\\x9b" },
	{ "\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80" },
	{ "cut\xe5\xbc", "cut\\xe5\\xbc" },
};

/* True when a byte or character that drives terminals stands there; our own \n and \t are allowed. */
static bool dangerous(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;

	for (size_t i = 0; i < len; i++) {
		if ((s[i] < ' ' && s[i] != '\n' && s[i] != '\t') || s[i] == 0x7f)
			return true;
		if (s[i] < 0x80)
			continue;
		/* all that the payloads may show beyond ASCII is the ellipsis of a cut cell */
		if (i + 2 >= len || memcmp(s + i, "\xe2\x80\xa6", 3) != 0)
			return true;
		i += 2;
	}
	return false;
}

static void check_payload(const char *payload, enum out_format format, const char *shown)
{
	crm_column columns[] = { { "t", "T", "", CRM_TEXT, NULL }, { "c", "C", "", CRM_TAGS, NULL } };
	crm_value cells[2] = { { .kind = CRM_STRING, .s = payload, .len = strlen(payload) } };
	crm_cursor c = { .columns = columns, .values = cells, .ncolumns = 2, .nrows = 1 };
	struct out_settings set = SET(format, .terminal = true, .width = 200);
	bool escaped = false, machine = format != OUT_TABLE && format != OUT_RECORD;
	size_t len;

	cells[1] = cells[0];
	char *text = written(&c, &set, &len, &escaped);
	assert_false(dangerous(text, len));
	if (shown)
		assert_non_null(strstr(text, shown));
	/* json has made harmless itself what is below a blank */
	if (format == OUT_TSV)
		assert_int_equal(escaped, strcmp(payload, "safe\revil") != 0);
	if (!machine)
		assert_false(escaped);
	free(text);

	/* the name of a column is data too: a custom field, a query */
	columns[0].name = columns[0].label = payload;
	c.row = 0;
	text = written(&c, &set, &len, NULL);
	assert_false(dangerous(text, len));
	free(text);
}

static void test_payloads_never_reach_a_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(payloads); i++) {
		check_payload(payloads[i].text, OUT_TABLE, payloads[i].shown);
		check_payload(payloads[i].text, OUT_RECORD, payloads[i].shown);
		check_payload(payloads[i].text, OUT_TSV, NULL);
		check_payload(payloads[i].text, OUT_CSV, strchr(payloads[i].text, '"') ? NULL : payloads[i].shown);
		check_payload(payloads[i].text, OUT_JSON, NULL);
		check_payload(payloads[i].text, OUT_JSONL, NULL);
	}
}

static void test_payloads_in_tables_of_pipes(void **state)
{
	(void)state;
	static const crm_column text[] = { { "t", "T", "", CRM_TEXT, NULL } };
	for (size_t i = 0; i < COUNT(payloads); i++) {
		crm_value v = { .kind = CRM_STRING, .s = payloads[i].text, .len = strlen(payloads[i].text) };
		crm_cursor c = { .columns = text, .values = &v, .ncolumns = 1, .nrows = 1 };
		size_t len;
		char *out = written(&c, &SET(OUT_TABLE), &len, NULL);
		assert_false(dangerous(out, len));
		assert_non_null(strstr(out, payloads[i].shown));
		free(out);
	}
}

static void test_machine_formats_are_exact_elsewhere(void **state)
{
	(void)state;
	static const crm_column text[] = { { "t", "T", "", CRM_TEXT, NULL } };
	static const crm_value cells[] = { TEXT("\033]52;c;QQ==\a\u202e\xc2\x9b") };
	crm_cursor c = { .columns = text, .values = cells, .ncolumns = 1, .nrows = 1 };
	bool escaped = false;
	char *out = written(&c, &SET(OUT_TSV), NULL, &escaped);

	assert_string_equal(out, "\033]52;c;QQ==\a\u202e\xc2\x9b\n");
	assert_false(escaped);
	free(out);
	check(text, 1, cells, 1, SET(OUT_CSV), "t\n\033]52;c;QQ==\a\u202e\xc2\x9b\n");
	check(text, 1, cells, 1, SET(OUT_JSONL), "{\"t\":\"\\u001b]52;c;QQ==\\u0007\u202e\xc2\x9b\"}\n");
}

static void test_plain_text_stays_on_a_terminal(void **state)
{
	(void)state;
	static const crm_column text[] = { { "t", "T", "", CRM_TEXT, NULL } };
	static const crm_value cells[] = { TEXT("张三\tO'Hara\n\U0001f468\u200d\U0001f469\u200d\U0001f467 \\x1b") };
	crm_cursor c = { .columns = text, .values = cells, .ncolumns = 1, .nrows = 1 };
	bool escaped = false;
	char *out = written(&c, &SET(OUT_CSV, .terminal = true), NULL, &escaped);

	assert_string_equal(out, "t\n\"张三\tO'Hara\n\U0001f468\u200d\U0001f469\u200d\U0001f467 \\x1b\"\n");
	assert_false(escaped);
	free(out);
	check(text, 1, cells, 1, SET(OUT_TABLE, .terminal = true),
		"T\n张三\\tO'Hara\\n\U0001f468\u200d\U0001f469\u200d\U0001f467 \\x1b\n");
}

static void test_text_for_messages(void **state)
{
	(void)state;
	int fd = scratch_file();
	struct out *o = out_open(fd);

	out_text(o, "a\033b\nc", 5);
	out_text(o, "", 0);
	assert_int_equal(out_close(o), 0);
	lseek(fd, 0, SEEK_SET);
	char *text = slurp(fd, NULL);
	assert_string_equal(text, "a\\x1bb\\nc");
	free(text);
	close(fd);
}

static void check_human(crm_type type, crm_value v, const char *expected)
{
	crm_column column = { "v", "V", "", type, NULL };
	char text[64];

	assert_int_equal(out_cell_human(text, sizeof(text), NULL, &column, &v), strlen(expected));
	assert_string_equal(text, expected);
}

#define VALUE(v) ((crm_value)v)

static void test_human_cells(void **state)
{
	(void)state;
	check_human(CRM_DURATION, VALUE(INT(0)), "0s");
	check_human(CRM_DURATION, VALUE(INT(45)), "45s");
	check_human(CRM_DURATION, VALUE(INT(5400)), "1h30min");
	check_human(CRM_DURATION, VALUE(INT(2 * 86400 + 4 * 3600)), "2d4h");
	check_human(CRM_DURATION, VALUE(INT(-90)), "-1min30s");
	check_human(CRM_DURATION, VALUE(REAL(89.6)), "1min30s");
	check_human(CRM_DURATION, VALUE(TEXT("3600")), "1h");
	check_human(CRM_DURATION, VALUE(INT(INT64_MIN)), "-106751991167300d15h30min8s");
	check_human(CRM_REAL, VALUE(REAL(0.5)), "0.5");
	check_human(CRM_REAL, VALUE(REAL(2.0 / 3)), "0.666667");
	check_human(CRM_REAL, VALUE(REAL(12345678)), "12345678");
	check_human(CRM_TIME, VALUE(INT(AT_1504)), "2026-01-02 15:04");
	check_human(CRM_TIME, VALUE(NONE), "");
	check_human(CRM_BOOL, VALUE(INT(1)), "yes");
	check_human(CRM_CONTACTS, VALUE(TEXT("work:a@b.c, x\\,y")), "work:a@b.c, x,y");
	check_human(CRM_TAGS, VALUE(TEXT("")), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_table, in_shanghai),
		cmocka_unit_test_setup(test_table_colour, in_shanghai),
		cmocka_unit_test_setup(test_table_cuts_the_widest_column_first, in_shanghai),
		cmocka_unit_test(test_table_shrinks_columns_together),
		cmocka_unit_test(test_table_never_cuts_a_grapheme),
		cmocka_unit_test(test_table_aligns_numbers_of_queries),
		cmocka_unit_test(test_table_streams_behind_its_sample),
		cmocka_unit_test_setup(test_record, in_shanghai),
		cmocka_unit_test(test_payloads_never_reach_a_terminal),
		cmocka_unit_test(test_payloads_in_tables_of_pipes),
		cmocka_unit_test(test_machine_formats_are_exact_elsewhere),
		cmocka_unit_test(test_plain_text_stays_on_a_terminal),
		cmocka_unit_test(test_text_for_messages),
		cmocka_unit_test_setup(test_human_cells, in_shanghai),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

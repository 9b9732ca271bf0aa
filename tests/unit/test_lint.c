/* What crm_lint() knows of texts: garbled or not, blanks, formulas, addresses, forms of dates, meanings of headers. */
#include "exchange/lint/lint.h"
#include "exchange/lint/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* --- garbled --- */

static void utf8_read_as_another_encoding(void **state)
{
	/* each is the UTF-8 of the word beside it, byte by byte in Windows-1252 or Latin-1 */
	static const char *const garbled[] = {
		"Ã©",                          /* é */
		"MÃ¼nchen",                    /* München */
		"GarcÃ\u00ada",                /* García: C3 AD */
		"Ã\u00a0 Paris",               /* à: C3 A0 */
		"20Â°",                        /* 20° */
		"donâ€™t",                     /* don’t: E2 80 99 */
		"ä½\u00a0å¥½",                 /* 你好: E4 BD A0 E5 A5 BD */
		"å¼\u00a0ä¸‰",                 /* 张三: E5 BC A0 E4 B8 89 */
		"ÐŸÑ€Ð¸",                      /* При: D0 9F D1 80 D0 B8 */
		"ðŸ˜€",                        /* U+1F600: F0 9F 98 80 */
		"ï»¿name",                     /* byte order mark: EF BB BF */
		"caf\u00c3\u00a9",             /* café */
		"\u00c3\xc2\x89t\u00c3\u00a9", /* Été, by Latin-1: C3 89 74 C3 A9 */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(garbled); i++) {
		const char *why = lint_garbled(garbled[i], strlen(garbled[i]));

		if (!why || !strstr(why, "Windows-1252"))
			fail_msg("'%s': %s", garbled[i], why ? why : "not found");
	}
}

static void gbk_read_as_latin1(void **state)
{
	/* GB 2312: 张三 D5 C5 C8 FD, 中国 D6 D0 B9 FA, 公司 B9 AB CB BE; and CP1251 of Привет CF F0 E8 E2 E5 F2 */
	static const char *const garbled[] = { "ÕÅÈý", "ÖÐ¹ú", "ABC¹«Ë¾", "Ïðèâåò" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(garbled); i++) {
		const char *why = lint_garbled(garbled[i], strlen(garbled[i]));

		if (!why || !strstr(why, "Latin-1"))
			fail_msg("'%s': %s", garbled[i], why ? why : "not found");
	}
}

static void utf8_read_as_gbk(void **state)
{
	static struct lint_gbk gbk;
	/* 你好 E4BD A0E5 A5BD, 张三 E5BC A0E4 B889, 北京 E58C 97E4 BAAC in GBK */
	static const char *const garbled[] = { "浣犲ソ", "寮犱笁", "鍖椾含" };
	static const char *const fine[] = { "你好", "张三", "中文", "北京市海淀区中关村大街1号", "浣纱溪", "欧阳娅楠",
		"上海浦东发展银行股份有限公司", "株式会社日立製作所", "カタカナ", "김철수", "Zürich", "" };

	(void)state;
	lint_gbk_init(&gbk);
	for (size_t i = 0; i < ARRAY_SIZE(garbled); i++)
		if (!lint_gbk_misread(&gbk, garbled[i], strlen(garbled[i])))
			fail_msg("'%s' is not found", garbled[i]);
	for (size_t i = 0; i < ARRAY_SIZE(fine); i++)
		if (lint_gbk_misread(&gbk, fine[i], strlen(fine[i])))
			fail_msg("'%s' is fine", fine[i]);
}

static void lost_characters(void **state)
{
	static const char *const garbled[] = { "Jos\uFFFD", "锟斤拷", "abc锟斤拷锟斤拷", "烫烫烫烫", "屯屯屯",
		"Tom &amp; Co", "&#233;cole", "&#xE9;cole", "a&nbsp;b" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(garbled); i++)
		if (!lint_garbled(garbled[i], strlen(garbled[i])))
			fail_msg("'%s' is not found", garbled[i]);
}

static void what_is_not_garbled(void **state)
{
	static const char *const fine[] = { "", "plain", "Zoë Müller", "São Paulo", "Łódź", "Åre", "ÉCOLE", "«été»",
		"l’été…»", "l’été…\u00a0»", "CAFÉ»", "LIBERTÉ\u00a0»", "Spaß«", "über…", "Ångström", "138××××1234",
		"20\u00a0°C", "½ ¾ ¼", "¡Hola! ¿Qué?", "Þórður Æðislegur", "naïve façade", "ÑANDÚ", "España",
		"£100–£200", "10€", "“quoted”", "don’t", "Dvořák", "Đặng Thị", "Привет", "Ελλάδα", "张三", "陳大文",
		"北京", "烫", "锟", "R&D", "AT&T; x", "a & b", "&#; &#x;", "👩‍💻", "東京タワー", "김철수", "©®™",
		"…", "§ 12 ¶ 3" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fine); i++) {
		const char *why = lint_garbled(fine[i], strlen(fine[i]));

		if (why)
			fail_msg("'%s' %s", fine[i], why);
	}
}

/* --- blanks --- */

static void blanks_and_the_invisible(void **state)
{
	static const struct {
		const char *s;
		unsigned flaws;
	} cases[] = {
		{ "", 0 },
		{ "plain text", 0 },
		{ "two\nlines", 0 },
		{ "two\r\n\r\nlines", 0 },
		{ " a", LINT_SPACE_START },
		{ "a ", LINT_SPACE_END },
		{ " ", LINT_SPACE_START | LINT_SPACE_END },
		{ "a  b", LINT_SPACES_INSIDE },
		{ "a \tb", LINT_SPACES_INSIDE },
		{ "a\n", LINT_SPACE_END },
		{ "\ta", LINT_SPACE_START },
		{ "a\u00a0b", LINT_NO_BREAK },
		{ "\u00a0b", LINT_NO_BREAK | LINT_SPACE_START },
		{ "a \u00a0b", LINT_NO_BREAK | LINT_SPACES_INSIDE },
		{ "10\u202f000", LINT_NO_BREAK },
		{ "\u3000张三", LINT_SPACE_START },
		{ "张\u3000三", 0 },
		{ "张三\u3000", LINT_SPACE_END },
		{ "a\u200bb", LINT_ZERO_WIDTH },
		{ "\ufeffname", LINT_ZERO_WIDTH },
		{ "soft\u00adhyphen", LINT_ZERO_WIDTH },
		{ "👩\u200d💻", 0 },
		{ "می\u200cخواهم", 0 },
		{ "a\u200d", LINT_ZERO_WIDTH },
		{ "a\x01z", LINT_CONTROL },
		{ "a\x7f", LINT_CONTROL },
		{ "a\xc2\x85z", LINT_CONTROL },
		{ "\u202eabc", LINT_CONTROL },
		{ "a\u200e", LINT_CONTROL },
		{ " é  \x02", LINT_SPACE_START | LINT_SPACES_INSIDE | LINT_CONTROL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned got = lint_flaws(cases[i].s, strlen(cases[i].s));

		if (got != cases[i].flaws)
			fail_msg("case %zu '%s': %#x, not %#x", i, cases[i].s, got, cases[i].flaws);
	}
}

/* --- formulas, roles --- */

static void formulas(void **state)
{
	static const char *const run[] = { "=1+1", "=", "@sum(a1)", "+1+1", "-1+1", "\tx", "\rx", "+cmd|' /C calc'!A0",
		"-a", "+44 20 7946", "-1.5.2", "+1e", "--a" };
	static const char *const not_run[] = { "", "1+1", "a=b", "-12", "+12.5", "-1e-7", "+8613800138000", "-", "--",
		"+++", " =1", "a@b.org", "-0.5" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(run); i++)
		if (!lint_is_formula(run[i], strlen(run[i])))
			fail_msg("'%s' is run", run[i]);
	for (size_t i = 0; i < ARRAY_SIZE(not_run); i++)
		if (lint_is_formula(not_run[i], strlen(not_run[i])))
			fail_msg("'%s' is not run", not_run[i]);
}

static void roles(void **state)
{
	static const char *const roles[] = { "info@x.org", "admin@x.org", "support@x.org", "sales@x.org",
		"noreply@x.org", "no-reply@x.org", "info+de@x.org", "postmaster@x.org" };
	static const char *const people[] = { "ann@x.org", "information@x.org", "infos@x.org", "ann.admin@x.org",
		"x@info.org", "info", "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
		if (!lint_is_role(roles[i], strlen(roles[i])))
			fail_msg("'%s' is a role", roles[i]);
	for (size_t i = 0; i < ARRAY_SIZE(people); i++)
		if (lint_is_role(people[i], strlen(people[i])))
			fail_msg("'%s' is no role", people[i]);
}

/* --- dates --- */

static void put_date(struct date_forms *f, const char *s, size_t line)
{
	bool ambiguous;
	int form = lint_date_form(s, strlen(s), true, &ambiguous);

	if (form < 0)
		fail_msg("'%s' is a date", s);
	if (f->v[form].n++ == 0)
		f->v[form].line = line;
}

static void check_mixture(const char *wanted, size_t wanted_line, size_t n, const char *const *dates)
{
	cleanup(buf_free) struct buf got = BUF_INIT;
	struct date_forms forms = { 0 };
	size_t line = 0;

	for (size_t i = 0; i < n; i++)
		put_date(&forms, dates[i], i + 2);
	assert_int_equal(lint_date_mixture(&got, &forms, &line), wanted != NULL);
	if (wanted) {
		assert_string_equal(buf_str(&got), wanted);
		assert_int_equal(line, wanted_line);
	}
}
#define MIXTURE(wanted, line, ...)                                                                                     \
	check_mixture(wanted, line, ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })),                                \
		(const char *const[]){ __VA_ARGS__ })

static void forms_of_dates(void **state)
{
	(void)state;
	MIXTURE(NULL, 0, "2026-01-02", "2026-1-2", "2026-12-31 10:00", "2026-12-31T10:00:00Z");
	MIXTURE("YYYY-MM-DD 1 time (first on line 2), YYYY/MM/DD 2 times (first on line 3)", 3, "2026-01-02",
		"2026/1/2", "2026/01/02");
	MIXTURE("DD/MM/YYYY 1 time (first on line 2), MM/DD/YYYY 1 time (first on line 3)", 3, "31/1/2026",
		"1/31/2026");
	MIXTURE("DD|MM/MM|DD/YYYY 1 time (first on line 2), DD/MM/YYYY 1 time (first on line 3), MM/DD/YYYY 1 time "
		"(first "
		"on line 4)",
		3, "1/2/2026", "31/1/2026", "1/31/2026");
	/* what could be either is like those that could not */
	MIXTURE(NULL, 0, "1/2/2026", "31/1/2026");
	MIXTURE(NULL, 0, "1/2/2026", "3/3/2026");
	MIXTURE("DD.MM.YYYY 2 times (first on line 2), YYYYMMDD 1 time (first on line 4)", 4, "1.2.2026", "31.1.2026",
		"20260102");
	MIXTURE("DD/MM/YY 1 time (first on line 2), DD/MM/YYYY 1 time (first on line 3)", 3, "31/1/26", "31/1/2026");
	MIXTURE("YYYY年MM月DD日 2 times (first on line 2), YYYY-MM-DD 1 time (first on line 4)", 4, "2026年1月2日",
		"2026年01月03号", "2026-01-02");
}

/* JSON may have all rows on one line. */
static void forms_on_one_line(void **state)
{
	cleanup(buf_free) struct buf got = BUF_INIT;
	struct date_forms forms = { 0 };
	size_t line = 0;

	(void)state;
	put_date(&forms, "2026-01-02", 1);
	put_date(&forms, "2026/01/02", 1);
	assert_true(lint_date_mixture(&got, &forms, &line));
	assert_string_equal(buf_str(&got), "YYYY-MM-DD 1 time (first on line 1), YYYY/MM/DD 1 time (first on line 1)");
	assert_int_equal(line, 1);
}

static void what_is_no_date(void **state)
{
	static const char *const texts[] = { "", "2026", "2026-01", "2026-13-01", "2026-01-32", "13/13/2026", "1/2",
		"1/2/3", "192.168.1.1", "2026-01/02", "2026-01-02x", "12-34-5678", "20261301", "123456789", "yesterday",
		"2026年1月2" };
	bool ambiguous;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (lint_date_form(texts[i], strlen(texts[i]), true, &ambiguous) >= 0)
			fail_msg("'%s' is no date", texts[i]);
	assert_true(lint_date_form("20260102", 8, false, &ambiguous) < 0);
}

static void ambiguous_dates(void **state)
{
	static const struct {
		const char *s;
		bool ambiguous;
	} cases[] = { { "1/2/2026", true }, { "01-02-2026", true }, { "1.2.26", true }, { "1/2/2026 10:00", true },
		{ "2/2/2026", false }, { "13/2/2026", false }, { "2/13/2026", false }, { "2026-01-02", false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool got;

		assert_true(lint_date_form(cases[i].s, strlen(cases[i].s), false, &got) >= 0);
		if (got != cases[i].ambiguous)
			fail_msg("'%s'", cases[i].s);
	}
}

/* --- headers --- */

static void meanings_of_headers(void **state)
{
	static const struct crm_field fields[] = {
		FIELD("phone", CRM_PHONE, EDIT, "Phone", "", .synonyms = "number|电话"),
		FIELD("order", CRM_TEXT, EDIT, "Order", "", .synonyms = "number|no"),
		FIELD("kept", CRM_TEXT, FACT, "Kept", "", .synonyms = "number"),
	};
	const struct crm_entity e = { .name = "thing", FIELDS(fields) };
	const struct crm_field *v[2] = { NULL, NULL };

	(void)state;
	assert_int_equal(lint_meanings(&e, "NUMBER", v, 2, NULL), 2);
	assert_string_equal(v[0]->name, "phone");
	assert_string_equal(v[1]->name, "order");
	assert_int_equal(lint_meanings(&e, "number", v, 1, NULL), 2);
	assert_int_equal(lint_meanings(&e, "电话", v, 2, NULL), 1);
	assert_int_equal(lint_meanings(&e, "Phone", v, 2, NULL), 1);
	assert_int_equal(lint_meanings(&e, "kept", v, 2, NULL), 0);
	assert_int_equal(lint_meanings(&e, "nothing", v, 2, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_read_as_another_encoding),
		cmocka_unit_test(gbk_read_as_latin1),
		cmocka_unit_test(utf8_read_as_gbk),
		cmocka_unit_test(lost_characters),
		cmocka_unit_test(what_is_not_garbled),
		cmocka_unit_test(blanks_and_the_invisible),
		cmocka_unit_test(formulas),
		cmocka_unit_test(roles),
		cmocka_unit_test(forms_of_dates),
		cmocka_unit_test(forms_on_one_line),
		cmocka_unit_test(what_is_no_date),
		cmocka_unit_test(ambiguous_dates),
		cmocka_unit_test(meanings_of_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

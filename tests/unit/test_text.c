#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <utf8proc.h>

#include <cmocka.h>

#define TEXT(s) s, sizeof(s) - 1

/* --- UTF-8 --- */

static void utf8_is_strict(void **state)
{
	static const struct {
		const char *s;
		size_t len, bad; /* bad == len: valid */
	} cases[] = {
		{ TEXT(""), 0 },
		{ TEXT("plain text, longer than eight"), 29 },
		{ TEXT("张三 é 😀"), 14 },
		{ TEXT("\xf4\x8f\xbf\xbf"), 4 }, /* U+10FFFF */
		{ TEXT("\xf4\x90\x80\x80"), 0 }, /* U+110000 */
		{ TEXT("ab\xc0\x80"), 2 },       /* overlong NUL */
		{ TEXT("\xe0\x80\xaf"), 0 },     /* overlong */
		{ TEXT("\xf0\x80\x80\xaf"), 0 },
		{ TEXT("abcdefgh\xed\xa0\x80"), 8 },   /* surrogate */
		{ TEXT("\xee\x80\x80"), 3 },           /* U+E000 */
		{ TEXT("abcdefghijk\0mnopqrst"), 11 }, /* NUL */
		{ TEXT("\x80"), 0 },
		{ TEXT("12345678\xff"), 8 },
		{ TEXT("1234567\xe5\xbc"), 7 }, /* cut off */
		{ TEXT("\xc3("), 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t bad = cases[i].len;

		assert_int_equal(utf8_valid(cases[i].s, cases[i].len, &bad), cases[i].bad == cases[i].len);
		assert_int_equal(bad, cases[i].bad);
	}
}

static void every_code_point_goes_there_and_back(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		utf8proc_uint8_t bytes[4];
		uint32_t back;

		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		buf_clear(&b);
		utf8_append(&b, cp);
		assert_int_equal(b.len, utf8proc_encode_char((utf8proc_int32_t)cp, bytes));
		assert_memory_equal(b.s, bytes, b.len);
		assert_int_equal(utf8_decode(b.s, b.len, &back), b.len);
		assert_int_equal(back, cp);
		assert_int_equal(utf8_decode(b.s, b.len - 1, &back), 0);
	}
	buf_free(&b);
}

static void expect_fold(const char *s, size_t len, const char *folded)
{
	struct buf b = BUF_INIT;

	buf_puts(&b, "|");
	assert_int_equal(text_fold(&b, s, len), CRM_OK);
	assert_int_equal(b.s[0], '|');
	if (strcmp(b.s + 1, folded) != 0)
		fail_msg("%s is folded to %s, not %s", s, b.s + 1, folded);
	buf_free(&b);
}

static void text_is_folded(void **state)
{
	(void)state;
	expect_fold(TEXT(""), "");
	expect_fold(TEXT(" \t\r\n "), "");
	expect_fold(TEXT("Hello, World!"), "hello, world!");
	expect_fold(TEXT("  THE  Quick\t\nBrown Fox[]@`{|}~ Z"), "the quick brown fox[]@`{|}~ z");
	expect_fold(TEXT("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), "abcdefghijklmnopqrstuvwxyz");
	expect_fold(TEXT("张 三\n"), "张 三");
	expect_fold(TEXT("张三ABC"), "张三abc");
	expect_fold(TEXT("ＡＢＣ　１２３"), "abc 123");
	expect_fold(TEXT("（退款）， 《Ｇｏ》……  「好」—“是”。"), "(退款), 《go》...... 「好」—“是”。");
	expect_fold(TEXT("Straße"), "strasse");
	expect_fold(TEXT("ÉCOLE"), "école");
	expect_fold(TEXT("E\xcc\x81"), "é"); /* combining acute */
	expect_fold(TEXT("ﬁn Ⅷ ㎏"), "fin viii kg");
	expect_fold(TEXT("ΟΔΟΣ"), "οδοσ");
	expect_fold(TEXT("a\xc2\xa0\xe2\x80\x89 b"), "a b"); /* no-break and thin space */
	expect_fold(TEXT("a\xe2\x80\xa8\x62"), "a b");       /* line separator */
	expect_fold(TEXT("so\xc2\xad"
			 "ft zero\xe2\x80\x8b"),
		"soft zero");
	expect_fold(TEXT("ｱｲｳ"), "アイウ");
	expect_fold(TEXT("張\xef\xb8\x80"), "張"); /* variation selector */
	expect_fold(TEXT("\xe4\xb7\xbf\xe4\xb8\x80\xe9\xbf\xbf\xea\x80\x80"),
		"\xe4\xb7\xbf\xe4\xb8\x80\xe9\xbf\xbf\xea\x80\x80");
}

static void folding_refuses_bad_bytes(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_puts(&b, "kept");
	assert_int_equal(text_fold(&b, TEXT("a\xff")), CRM_INVALID);
	assert_int_equal(text_fold(&b, TEXT("\xe4\xb8")), CRM_INVALID);
	assert_string_equal(buf_str(&b), "kept");
	buf_free(&b);
}

/* Folding once is enough; and what takes the fast path is what the Unicode tables say. */
static void folding_is_stable_for_every_character(void **state)
{
	struct buf one = BUF_INIT, once = BUF_INIT, twice = BUF_INIT;

	(void)state;
	for (uint32_t cp = 1; cp <= 0x10ffff; cp++) {
		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		buf_clear(&one);
		buf_clear(&once);
		buf_clear(&twice);
		buf_puts(&one, "x");
		utf8_append(&one, cp);
		buf_puts(&one, "y");
		assert_int_equal(text_fold(&once, one.s, one.len), CRM_OK);
		assert_int_equal(text_fold(&twice, once.s, once.len), CRM_OK);
		assert_string_equal(once.s, twice.s);
		if ((cp > ' ' && cp < 0x7f) || (cp >= 0x4e00 && cp <= 0x9fff) || (cp >= 0x2010 && cp <= 0x2026) ||
			(cp >= 0x3001 && cp <= 0x3011) || (cp >= 0xff01 && cp <= 0xff5e)) {
			utf8proc_uint8_t *said = NULL;

			utf8proc_map((const utf8proc_uint8_t *)one.s, (utf8proc_ssize_t)one.len, &said,
				UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
			assert_string_equal(once.s, said);
			free(said);
		}
	}
	buf_free(&one);
	buf_free(&once);
	buf_free(&twice);
}

static void words_are_found(void **state)
{
	(void)state;
	assert_true(text_contains(TEXT("the brown fox"), TEXT("brown")));
	assert_true(text_contains(TEXT("客户张三来电"), TEXT("张三")));
	assert_false(text_contains(TEXT("客户"), TEXT("客户张三")));
	assert_false(text_contains(TEXT("brow"), TEXT("brown")));
	assert_true(text_contains(TEXT("x"), TEXT("")));
	assert_true(text_contains(TEXT(""), TEXT("")));
	assert_false(text_contains(TEXT(""), TEXT("x")));
}

static void cjk_is_recognised(void **state)
{
	static const char *const yes[] = { "张三", "A 张", "さくら", "ｻｸﾗ", "김", "𠮷", "々" };
	static const char *const no[] = { "", "Zhang San", "Ёж", "（）。", "・", "😀", "é", "①" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		assert_true(text_is_cjk(yes[i], strlen(yes[i])));
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		assert_false(text_is_cjk(no[i], strlen(no[i])));
	assert_true(text_is_cjk(TEXT("\xff张")));
}

/* --- the terminal --- */

static void width_is_what_terminals_show(void **state)
{
	static const struct {
		const char *s;
		size_t width;
	} cases[] = {
		{ "", 0 },
		{ "abc", 3 },
		{ "张三", 4 },
		{ "a张b", 4 },
		{ "ＡＢ", 4 },
		{ "ｱｲ", 2 },
		{ "한국", 4 },
		{ "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", 2 }, /* the same syllable as three jamo */
		{ "e\xcc\x81", 1 },
		{ "é", 1 },
		{ "“…”±", 4 }, /* of ambiguous width */
		{ "😀", 2 },
		{ "👨‍👩‍👧‍👦", 2 },
		{ "👍🏽", 2 },
		{ "🇨🇳", 2 },
		{ "🇨🇳🇩🇪", 4 },
		{ "❤", 1 },
		{ "❤️", 2 },
		{ "1️⃣", 2 },
		{ "\xe2\x80\x8b", 0 }, /* zero width space */
		{ "a\nb\tc", 3 },
		{ "\xff\xfe", 2 },
		{ "กำ", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t width = crm_text_width(cases[i].s, strlen(cases[i].s));

		if (width != cases[i].width)
			fail_msg("%s: %zu columns, not %zu", cases[i].s, width, cases[i].width);
	}
}

/* By EastAsianWidth.txt: A are two columns on such a terminal, unless they combine. */
static void ambiguous_characters_are_as_wide_as_the_terminal_shows_them(void **state)
{
	static const struct {
		const char *s;
		size_t narrow, wide;
	} cases[] = {
		{ "abc", 3, 3 },
		{ "张三", 4, 4 },
		{ "…—°×", 4, 8 },
		{ "Δελτα", 5, 10 },
		{ "Жук", 3, 6 },
		{ "é", 1, 2 },
		{ "ë", 1, 1 },
		{ "e\xcc\x81", 1, 1 }, /* the mark is A too, and takes nothing */
		{ "─█", 2, 4 },
		{ "¡", 1, 2 },
		{ "\xf4\x8f\xbf\xbd", 1, 2 }, /* the last of the table, of private use */
		{ "ｱ", 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *s = cases[i].s;

		assert_int_equal(crm_text_width_as(s, strlen(s), CRM_AMBIGUOUS_NARROW), cases[i].narrow);
		assert_int_equal(crm_text_width_as(s, strlen(s), CRM_AMBIGUOUS_WIDE), cases[i].wide);
	}
	assert_int_equal(crm_text_fit_as("ΔΔΔ", 6, 3, CRM_AMBIGUOUS_NARROW), 6);
	assert_int_equal(crm_text_fit_as("ΔΔΔ", 6, 3, CRM_AMBIGUOUS_WIDE), 2);
}

static void a_line_ends_at_a_blank_in_its_latter_half(void **state)
{
	static const struct {
		const char *s;
		size_t width, bytes;
	} cases[] = {
		{ "one two three", 20, 13 },
		{ "one two three", 9, 7 },
		{ "one two three", 7, 7 },
		{ "a verylongword", 8, 8 }, /* the blank is in the first half */
		{ "张三李四", 5, 6 },
		{ "张三", 1, 3 }, /* never nothing */
		{ "", 5, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(crm_text_line(cases[i].s, strlen(cases[i].s), cases[i].width, CRM_AMBIGUOUS_NARROW),
			cases[i].bytes);
	assert_int_equal(crm_text_line("ΔΔ ΔΔ", 9, 8, CRM_AMBIGUOUS_NARROW), 9);
	assert_int_equal(crm_text_line("ΔΔ ΔΔ", 9, 8, CRM_AMBIGUOUS_WIDE), 4);
}

static void fitting_never_cuts_a_grapheme(void **state)
{
	static const struct {
		const char *s;
		size_t width, bytes;
	} cases[] = {
		{ "abcdef", 3, 3 },
		{ "abc", 9, 3 },
		{ "abc", 0, 0 },
		{ "张三丰", 5, 6 },
		{ "张三丰", 6, 9 },
		{ "e\xcc\x81x", 1, 3 },
		{ "a🇨🇳", 2, 1 },
		{ "a🇨🇳", 3, 9 },
		{ "👨‍👩‍👧", 1, 0 },
		{ "👨‍👩‍👧x", 2, 18 },
		{ "\xff\xff", 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(crm_text_fit(cases[i].s, strlen(cases[i].s), cases[i].width), cases[i].bytes);
}

static void expect_escape(const char *s, size_t len, crm_escape how, const char *shown)
{
	char out[256];
	size_t n = crm_text_escape(out, sizeof(out), s, len, how);

	assert_string_equal(out, shown);
	assert_int_equal(n, strlen(shown));
	assert_int_equal(crm_text_is_plain(s, len, how), len == n && memcmp(s, shown, n) == 0);
}

static void hostile_text_is_made_visible(void **state)
{
	(void)state;
	expect_escape(TEXT("plain, 张三 é 😀 C:\\x"), CRM_ESCAPE_LINE, "plain, 张三 é 😀 C:\\x");
	expect_escape(TEXT("\x1b]52;c;eA==\x07"), CRM_ESCAPE_LINE, "\\x1b]52;c;eA==\\x07");
	expect_escape(TEXT("a\0b\r\x7f"), CRM_ESCAPE_LINE, "a\\x00b\\x0d\\x7f");
	expect_escape(TEXT("a\nb\tc"), CRM_ESCAPE_LINE, "a\\nb\\tc");
	expect_escape(TEXT("a\nb\tc\r"), CRM_ESCAPE_KEEP_LINES, "a\nb\tc\\x0d");
	expect_escape(TEXT("\xc2\x9b\x32J \x9b"), CRM_ESCAPE_LINE, "\\u009b2J \\x9b");
	expect_escape(TEXT("\xe2\x80\xaegnp"), CRM_ESCAPE_LINE, "\\u202egnp");
	expect_escape(
		TEXT("\xe2\x81\xa6\xd8\x9c\xe2\x80\x8b\xe2\x80\x8f"), CRM_ESCAPE_LINE, "\\u2066\\u061c\\u200b\\u200f");
	expect_escape(TEXT("\xef\xbb\xbf\xef\xbf\xb9\xf3\xa0\x80\x81"), CRM_ESCAPE_LINE, "\\ufeff\\ufff9\\U000e0001");
	expect_escape(TEXT("\xe2\x80\xa8\xe2\x80\xa9"), CRM_ESCAPE_KEEP_LINES, "\\u2028\\u2029");
	expect_escape(TEXT("\xed\xa0\x80\xc0\xaf\xe5\xbc"), CRM_ESCAPE_LINE, "\\xed\\xa0\\x80\\xc0\\xaf\\xe5\\xbc");
}

static void joiners_stay_where_they_join(void **state)
{
	(void)state;
	expect_escape(TEXT("👨‍👩‍👧"), CRM_ESCAPE_LINE, "👨‍👩‍👧");
	expect_escape(TEXT("❤️‍🔥"), CRM_ESCAPE_LINE, "❤️‍🔥");
	expect_escape(TEXT("🧑🏽‍🚀"), CRM_ESCAPE_LINE, "🧑🏽‍🚀");
	expect_escape(TEXT("می‌خواهم"), CRM_ESCAPE_LINE, "می‌خواهم"); /* Persian, with a non-joiner */
	expect_escape(TEXT("क्‍ष"), CRM_ESCAPE_LINE, "क्‍ष");
	expect_escape(TEXT("\xe2\x80\x8d"), CRM_ESCAPE_LINE, "\\u200d");
	expect_escape(TEXT("a\xe2\x80\x8d"), CRM_ESCAPE_LINE, "a\\u200d");
	expect_escape(TEXT("\xe2\x80\x8c z"), CRM_ESCAPE_LINE, "\\u200c z");
	expect_escape(TEXT("1\xe2\x80\x8d\x32"), CRM_ESCAPE_LINE, "1\\u200d2");
	expect_escape(TEXT("é\xe2\x80\x8d\xe2\x80\x8dz"), CRM_ESCAPE_LINE, "é\\u200d\\u200dz");
	expect_escape(TEXT("\xa9\xe2\x80\x8dz"), CRM_ESCAPE_LINE, "\\xa9\\u200dz"); /* after a stray byte */
}

/* The rule of RELIABILITY: nothing that a terminal acts on is left, whatever the character. */
static void nothing_dangerous_is_left(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		bool dangerous = cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0x61c || cp == 0x200b ||
				 (cp >= 0x200c && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
				 (cp >= 0x2060 && cp <= 0x2069) || cp == 0xfeff || (cp >= 0xfff9 && cp <= 0xfffb) ||
				 (cp >= 0xe0000 && cp <= 0xe007f);
		char out[32];

		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		buf_clear(&b);
		utf8_append(&b, cp);
		crm_text_escape(out, sizeof(out), b.s, b.len, CRM_ESCAPE_LINE);
		if (dangerous)
			assert_int_equal(out[0], '\\');
		else
			assert_string_equal(out, b.s);
		for (const char *p = out; dangerous && *p; p++)
			assert_in_range(*p, ' ', '~');
	}
	buf_free(&b);
}

static void escape_works_like_snprintf(void **state)
{
	static const char text[] = "张\x1b[é\x9bz"; /* 3 + 4 + 1 + 2 + 4 + 1 bytes */
	static const size_t written[] = { 0, 0, 0, 3, 3, 3, 3, 7, 8, 8, 10, 10, 10, 10, 14, 15 };
	char out[32];

	(void)state;
	assert_int_equal(crm_text_escape(NULL, 0, TEXT(text), CRM_ESCAPE_LINE), 15);
	for (size_t room = 0; room < ARRAY_SIZE(written); room++) {
		memset(out, '#', sizeof(out));
		assert_int_equal(crm_text_escape(out, room + 1, TEXT(text), CRM_ESCAPE_LINE), 15);
		assert_int_equal(strlen(out), written[room]);
		assert_memory_equal(out, "张\\x1b[é\\x9bz", written[room]);
		for (size_t i = room + 1; i < sizeof(out); i++)
			assert_int_equal(out[i], '#');
	}
}

static void the_nearest_word_is_found(void **state)
{
	static const char *const words[] = { "customer", "log", "ticket", "followup", "order", "survey", "org", "agent",
		"team", "report", "rm", "edit", "客户", "list" };
	static const struct {
		const char *typed, *meant;
	} cases[] = {
		{ "custmer", "customer" },
		{ "cusotmer", "customer" },
		{ "CUSTOMR", "customer" },
		{ "tikcet", "ticket" },
		{ "folowups", "followup" },
		{ "lst", "list" },
		{ "mr", "rm" }, /* a swap is one edit */
		{ "cust", "customer" },
		{ "ogr", "org" },
		{ "oder", "order" },
		{ "客服", "客户" },
		{ "x", NULL },
		{ "", NULL },
		{ "zzzzzzzz", NULL },
		{ "cu", NULL },
		{ "\xff\xfe", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *found = crm_text_nearest(cases[i].typed, words, ARRAY_SIZE(words));

		if (!cases[i].meant)
			assert_null(found);
		else if (!found || strcmp(found, cases[i].meant) != 0)
			fail_msg("%s: %s, not %s", cases[i].typed, found ? found : "nothing", cases[i].meant);
	}
	/* Of two words as near as each other the first. */
	assert_ptr_equal(crm_text_nearest("cat", (const char *const[]){ "car", "can" }, 2),
		crm_text_nearest("cat", (const char *const[]){ "car", "cab" }, 2));
	assert_null(crm_text_nearest("cat", NULL, 0));
}

/* --- lists --- */

static void expect_items(const char *list, const char *const *items, size_t n)
{
	struct buf item = BUF_INIT;
	size_t pos = 0;

	for (size_t i = 0; i < n; i++) {
		assert_true(list_next(&item, list, strlen(list), &pos));
		assert_string_equal(buf_str(&item), items[i]);
	}
	assert_false(list_next(&item, list, strlen(list), &pos));
	assert_int_equal(item.len, 0);
	buf_free(&item);
}

static void lists_are_walked(void **state)
{
	(void)state;
	expect_items("a, b\\, c, label:d", (const char *const[]){ "a", "b, c", "label:d" }, 3);
	expect_items("", NULL, 0);
	expect_items(" , ,, ", NULL, 0);
	expect_items("vip,,  新客户 ,\ttwo words\n", (const char *const[]){ "vip", "新客户", "two words" }, 3);
	expect_items("a\\\\,b\\x,c\\", (const char *const[]){ "a\\", "b\\x", "c\\" }, 3);
	expect_items(" \\\ta\\ , b\\\n ", (const char *const[]){ "\ta ", "b\n" }, 2);
	expect_items("\\ a\\ , b", (const char *const[]){ " a ", "b" }, 2);
}

static void what_is_appended_comes_back(void **state)
{
	static const char *const items[] = { "plain", "a, b", "back\\slash", " spaces ", ",", "\\", " ", "\\,", "张三",
		"trailing\\ ", "work:a@b.c" };
	struct buf list = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(items); i++)
		list_append(&list, items[i], strlen(items[i]));
	list_append(&list, "", 0);
	expect_items(buf_str(&list), items, ARRAY_SIZE(items));
	buf_clear(&list);
	list_append(&list, "x,y", 3);
	list_append(&list, "z", 1);
	assert_string_equal(buf_str(&list), "x\\,y, z");
	buf_free(&list);
}

/* --- e-mail --- */

static void addresses_have_one_normal_form(void **state)
{
	static const struct {
		const char *text, *normal;
	} cases[] = {
		{ "a@b.cn", "a@b.cn" },
		{ "  John.Doe@Example.COM ", "john.doe@example.com" },
		{ "mailto:Info@example.org", "info@example.org" },
		{ "<info@example.org>", "info@example.org" },
		{ "< MAILTO:info@example.org >", "info@example.org" },
		{ "张三@例子.中国", "张三@例子.中国" },
		{ "张三＠例子。中国", "张三@例子.中国" },
		{ "x+tag=1!#$%&'*/?^_`{|}~-@sub.d-o.co", "x+tag=1!#$%&'*/?^_`{|}~-@sub.d-o.co" },
		{ "\"a@b\"@example.com", "\"a@b\"@example.com" },
		{ "\"q\\\"uote\"@example.com", "\"q\\\"uote\"@example.com" },
		{ "root@localhost", "root@localhost" },
		{ "a@xn--fiqs8s.xn--fiqs8s", "a@xn--fiqs8s.xn--fiqs8s" },
		{ "a@1.2.com", "a@1.2.com" },
		{ "1234567890123456789012345678901234567890123456789012345678901234@x.org",
			"1234567890123456789012345678901234567890123456789012345678901234@x.org" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf b = BUF_INIT;
		struct err err = { 0 };

		if (email_normalise(&b, cases[i].text, strlen(cases[i].text), &err))
			fail_msg("%s: %s", cases[i].text, buf_str(&err.msg));
		assert_string_equal(buf_str(&b), cases[i].normal);
		buf_free(&b);
	}
}

static void what_is_no_address_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "has no @" },
		{ "nobody", "has no @" },
		{ "@b.cn", "has nothing before the @" },
		{ "a@", "has nothing after the @" },
		{ "a@b@c.cn", "has more than one @" },
		{ "a@b", "has no dot in its domain" },
		{ "a@b..cn", "has a dot in a wrong place after the @" },
		{ "a@.cn", "has a dot in a wrong place after the @" },
		{ "a@b.cn.", "has a dot in a wrong place after the @" },
		{ "a@-b.cn", "has a dash at the end of a part of its domain" },
		{ "a@b-.cn", "has a dash at the end of a part of its domain" },
		{ "a@b_c.cn", "has a sign in its domain that no domain has" },
		{ "a@b.cn?subject=x", "has a sign in its domain that no domain has" },
		{ "a@[127.0.0.1]", "has a sign in its domain that no domain has" },
		{ "a@127.0.0.1", "has a domain that ends in a number" },
		{ ".a@b.cn", "has a dot in a wrong place before the @" },
		{ "a.@b.cn", "has a dot in a wrong place before the @" },
		{ "a..b@b.cn", "has a dot in a wrong place before the @" },
		{ "a b@b.cn", "has a blank inside" },
		{ "John <a@b.cn>", "has a blank inside" },
		{ "a\x01@b.cn", "has a control character inside" },
		{ "a\xc2\x85z@b.cn", "has a blank inside" },
		{ "a\xc2\x9bz@b.cn", "has a control character inside" },
		{ "a,b@c.cn", "has a sign before the @ that no address has" },
		{ "\"ab@c.cn", "has quotes that are not closed, or no @" },
		{ "\"a\"b@c.cn", "has text outside the quotes before the @" },
		{ "a\"b\"@c.cn", "has a sign before the @ that no address has" },
		{ "a\xff@b.cn", "is not valid UTF-8" },
		{ "12345678901234567890123456789012345678901234567890123456789012345@x.org",
			"has more than 64 bytes before the @" },
		{ "a@1234567890123456789012345678901234567890123456789012345678901234.org",
			"has a part of more than 63 characters in its domain" },
	};
	struct buf b = BUF_INIT, part = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (email_normalise(&b, cases[i].text, strlen(cases[i].text), &err) != CRM_INVALID)
			fail_msg("%s was taken", cases[i].text);
		assert_string_equal(buf_str(&err.msg), cases[i].why);
		assert_int_equal(b.len, 0);
	}
	/* 254 bytes are the longest: nine and the @, four parts of sixty with their dots, and four. */
	buf_puts(&part, "aaaaaaaaa@");
	for (int i = 0; i < 4; i++)
		buf_printf(&part, "%s%s.", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "yyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
	buf_puts(&part, "info");
	assert_int_equal(part.len, 254);
	assert_int_equal(email_normalise(&b, part.s, part.len, &err), CRM_OK);
	buf_putc(&part, 'z');
	assert_int_equal(email_normalise(&b, part.s, part.len, &err), CRM_INVALID);
	assert_string_equal(buf_str(&err.msg), "has more than 254 bytes");
	err_free(&err);
	buf_free(&b);
	buf_free(&part);
}

/* --- cells of spreadsheets --- */

static void apostrophes_before_formulas(void **state)
{
	static const struct {
		const char *s;
		size_t len;
		bool needs;
	} cases[] = {
		{ TEXT("=1+1"), true },
		{ TEXT("'=1+1"), true },
		{ TEXT("''=x"), true },
		{ TEXT("@a"), true },
		{ TEXT("+86 138"), true },
		{ TEXT("-5+1"), true },
		{ TEXT("-"), true },
		{ TEXT("\tx"), true },
		{ TEXT("\rx"), true },
		{ TEXT("\nx"), true },
		{ TEXT("\0x"), true },
		{ TEXT("  =x"), true },
		{ TEXT("\xef\xbb\xbf=x"), true },        /* U+FEFF */
		{ TEXT("\xe2\x80\x8b\xc2\xa0@"), true }, /* U+200B U+00A0 */
		{ TEXT("＝x"), true },
		{ TEXT("'＋x"), true },
		{ TEXT("+8613800138000"), false },
		{ TEXT("-5"), false },
		{ TEXT("-5.25"), false },
		{ TEXT("x=1"), false },
		{ TEXT("'x"), false },
		{ TEXT("'"), false },
		{ TEXT(""), false },
		{ TEXT("  x"), false },
		{ TEXT("张=1"), false },
		{ TEXT("😀=1"), false },
		{ TEXT("\xff=1"), false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf b = BUF_INIT;

		assert_int_equal(crm_text_needs_apostrophe(cases[i].s, cases[i].len), cases[i].needs);
		buf_puts(&b, cases[i].needs ? "'" : "");
		buf_add(&b, cases[i].s, cases[i].len);
		assert_int_equal(crm_text_apostrophe(b.s, b.len), cases[i].needs);
		buf_free(&b);
	}
	/* The ' is not ours: nothing is taken away. */
	assert_int_equal(crm_text_apostrophe(TEXT("'-5")), 0);
	assert_int_equal(crm_text_apostrophe(TEXT("'+8613800138000")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_is_strict),
		cmocka_unit_test(every_code_point_goes_there_and_back),
		cmocka_unit_test(text_is_folded),
		cmocka_unit_test(folding_refuses_bad_bytes),
		cmocka_unit_test(folding_is_stable_for_every_character),
		cmocka_unit_test(words_are_found),
		cmocka_unit_test(cjk_is_recognised),
		cmocka_unit_test(width_is_what_terminals_show),
		cmocka_unit_test(ambiguous_characters_are_as_wide_as_the_terminal_shows_them),
		cmocka_unit_test(a_line_ends_at_a_blank_in_its_latter_half),
		cmocka_unit_test(fitting_never_cuts_a_grapheme),
		cmocka_unit_test(hostile_text_is_made_visible),
		cmocka_unit_test(joiners_stay_where_they_join),
		cmocka_unit_test(nothing_dangerous_is_left),
		cmocka_unit_test(escape_works_like_snprintf),
		cmocka_unit_test(the_nearest_word_is_found),
		cmocka_unit_test(lists_are_walked),
		cmocka_unit_test(what_is_appended_comes_back),
		cmocka_unit_test(addresses_have_one_normal_form),
		cmocka_unit_test(apostrophes_before_formulas),
		cmocka_unit_test(what_is_no_address_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

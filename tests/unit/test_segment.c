/* The words of texts. What is expected comes from the Unicode tables and from how the languages are written. */
#include "text/segment.h"
#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_words(const char *text, const char *words)
{
	struct buf b = BUF_INIT;

	assert_int_equal(text_words(&b, text, strlen(text)), CRM_OK);
	assert_string_equal(buf_str(&b), words);
	buf_free(&b);
}

static void test_latin(void **state)
{
	(void)state;
	assert_words("", "");
	assert_words("Refund, please!", "refund please");
	assert_words("  don't\tFOO-bar_baz 3.14 a@firm.cn ", "don t foo bar baz 3 14 a firm cn");
	assert_words("caf\xC3\xA9 cafe\xCC\x81 CAF\xC3\x89", "cafe cafe cafe");
	assert_words("Stra\xC3\x9F"
		     "e \xC4\xB0stanbul \xEF\xAC\x81ve",
		"strasse istanbul five");                                             /* ß, İ, the ligature fi */
	assert_words("na\xC3\xAFve\xE2\x80\x94r\xC3\xA9sum\xC3\xA9", "naive resume"); /* a dash between */
	assert_words("re\xC2\xADtur\xE2\x80\x8Bn", "return");                         /* soft hyphen, zero width */
	assert_words("\xCC\x81 \xE2\x80\x8B", "");
	assert_words("?! \xE2\x80\x94\xE2\x80\x94 \xE3\x80\x82 \xF0\x9F\x98\x80", "");
	assert_words(
		"\xD0\x9C\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0", "\xD0\xBC\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0");
	assert_words("\xCE\xA3\xCE\x91\xCE\xA3 \xCF\x83\xCE\xB1\xCF\x82",
		"\xCF\x83\xCE\xB1\xCF\x83 \xCF\x83\xCE\xB1\xCF\x83");
}

static void test_compatibility(void **state)
{
	(void)state;
	assert_words("\xEF\xBC\xB6\xEF\xBC\xA9\xEF\xBC\xB0\xEF\xBC\x91", "vip1"); /* full width */
	assert_words("\xE3\x88\xB1", "\xE6\xA0\xAA");                             /* ㈱ is (株) */
	assert_words("x\xC2\xB2 \xC2\xBD \xE2\x91\xA0", "x2 1 2 1");              /* ², ½ in two, ① */
	assert_words("\xE3\x8B\x80", "1 \xE6\x9C\x88");                           /* ㋀ is 1月 */
	assert_words("\xEF\xA4\x80", "\xE8\xB1\x88");                             /* 豈 of the compatibility block */
	assert_words("\xE2\xBC\x80", "\xE4\xB8\x80");                             /* the radical one */
}

static void test_chinese(void **state)
{
	(void)state;
	assert_words("退款，谢谢。", "退 款 谢 谢");
	assert_words("iphone15手机ABC", "iphone15 手 机 abc");
	assert_words("２０２４年　二〇二四年", "2024 年 二 〇 二 四 年");
	assert_words("“你好”……《书》、（一）", "你 好 书 一");
	assert_words("人々\xF0\xA0\xAE\xB7", "人 々 \xF0\xA0\xAE\xB7"); /* 𠮷, four bytes */
}

/* The same text composed, in parts and in half width. */
static void test_japanese_korean(void **state)
{
	(void)state;
	assert_words("がパー", "が パ ー");
	assert_words("\xE3\x81\x8B\xE3\x82\x99\xE3\x83\x8F\xE3\x82\x9A\xE3\x83\xBC", "が パ ー");
	assert_words("\xEF\xBD\xB6\xEF\xBE\x9E", "ガ");
	assert_words("한국어", "한 국 어");
	assert_words("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB\xE1\x84\x80\xE1\x85\xAE\xE1\x86\xA8", "한 국");
	assert_words("\xE3\x82\x99あ", "あ"); /* a voicing mark of nothing */
}

static void test_unspaced(void **state)
{
	(void)state;
	assert_words("กาแฟ", "ก า แ ฟ");
	assert_words("ລາວ ខ្មែ မြန်", "ລ າ ວ ខ ្ ម ែ မ ြ န ်");
	assert_words("हिन्दी", "हिन्दी"); /* with blanks: marks are part of the word */
}

static void test_bytes(void **state)
{
	(void)state;
	assert_words("a\xFF"
		     "b\xE9\x80",
		"a b");
	assert_words("\xED\xA0\x80x", "x"); /* a surrogate */
}

/* What nobody types is cut, always at the same places, and the beginning of it as a whole is. */
static void test_long(void **state)
{
	char text[300], words[304];

	(void)state;
	memset(text, 'a', 299);
	text[299] = '\0';
	memset(words, 'a', 301);
	words[301] = '\0';
	words[128] = words[257] = ' ';
	assert_words(text, words);
}

/* Offsets of each word in "Ünï㈱退e\u0301 x": the mark belongs to its letter. */
static void test_offsets(void **state)
{
	static const char text[] = "\xC3\x9Cn\xC3\xAF\xE3\x88\xB1\xE9\x80\x80"
				   "e\xCC\x81 x";
	static const struct {
		size_t start, len;
		const char *word;
	} expected[] = { { 0, 5, "uni" }, { 5, 3, "株" }, { 8, 3, "退" }, { 11, 3, "e" }, { 15, 1, "x" } };
	struct segmenter g;

	(void)state;
	segment_begin(&g, text, strlen(text));
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		assert_true(segment_next(&g));
		assert_int_equal(g.start, expected[i].start);
		assert_int_equal(g.len, expected[i].len);
		assert_int_equal(g.word_len, strlen(expected[i].word));
		assert_memory_equal(g.word, expected[i].word, g.word_len);
	}
	assert_false(segment_next(&g));
}

/* --- properties, over texts of all kinds of characters --- */

static uint64_t seed = 42;

static uint32_t below(uint32_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

static void put_random(struct buf *out)
{
	static const uint32_t from[] = { ' ', '0', 'A', 'a', 0xa0, 0x100, 0x300, 0x370, 0x600, 0x900, 0xe00, 0x1100,
		0x1160, 0x11a0, 0x1e00, 0x2000, 0x2100, 0x2460, 0x2f00, 0x3000, 0x3040, 0x3090, 0x3130, 0x3200, 0x4e00,
		0xac00, 0xe000, 0xf900, 0xfb00, 0xfe00, 0xff00, 0xff60, 0x1d400, 0x1f600, 0x20000 };

	for (uint32_t i = below(12); i > 0; i--)
		utf8_append(out, from[below(ARRAY_SIZE(from))] + below(96));
}

static void add_words(struct buf *out, const struct buf *text)
{
	struct buf b = BUF_INIT;

	assert_int_equal(text_words(&b, text->s ? text->s : "", text->len), CRM_OK);
	if (b.len > 0 && out->len > 0)
		buf_putc(out, ' ');
	buf_add(out, b.s ? b.s : "", b.len);
	buf_free(&b);
}

static void test_properties(void **state)
{
	struct buf a = BUF_INIT, b = BUF_INIT, both = BUF_INIT, apart = BUF_INIT, together = BUF_INIT, again = BUF_INIT;

	(void)state;
	for (int i = 0; i < 50000; i++) {
		buf_clear(&a), buf_clear(&b), buf_clear(&both);
		buf_clear(&apart), buf_clear(&together), buf_clear(&again);
		put_random(&a);
		put_random(&b);
		buf_add(&both, a.s ? a.s : "", a.len);
		buf_putc(&both, ' ');
		buf_add(&both, b.s ? b.s : "", b.len);
		add_words(&apart, &a);
		add_words(&apart, &b);
		add_words(&together, &both);
		assert_string_equal(buf_str(&apart), buf_str(&together));
		add_words(&again, &together);
		assert_string_equal(buf_str(&again), buf_str(&together));
	}
	buf_free(&a), buf_free(&b), buf_free(&both), buf_free(&apart), buf_free(&together), buf_free(&again);
}

/* The fast ways say what the slow one does: each character alone, and behind one that is not fast. */
static void test_fast_is_slow(void **state)
{
	struct buf text = BUF_INIT, slow = BUF_INIT, alone = BUF_INIT;

	(void)state;
	for (uint32_t cp = 1; cp < 0x30000; cp++) {
		if (cp >= 0xd800 && cp < 0xe000)
			continue;
		buf_clear(&text), buf_clear(&slow), buf_clear(&alone);
		utf8_append(&text, cp);
		add_words(&alone, &text);
		buf_clear(&text);
		buf_puts(&text, "\xF0\x9F\x98\x80"); /* is asked of the tables, and separates */
		utf8_append(&text, cp);
		add_words(&slow, &text);
		assert_string_equal(buf_str(&slow), buf_str(&alone));
	}
	buf_free(&text), buf_free(&slow), buf_free(&alone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_latin),
		cmocka_unit_test(test_compatibility),
		cmocka_unit_test(test_chinese),
		cmocka_unit_test(test_japanese_korean),
		cmocka_unit_test(test_unspaced),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_properties),
		cmocka_unit_test(test_fast_is_slow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What text is made of, the words of Chinese without a dictionary, and terms; worked by hand. */
#include "analysis/han.h"
#include "analysis/terms.h"
#include "text/runs.h"
#include "text/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* --- runs --- */

/* As `kind:text|kind:text`, of the folded text. */
static void expect_runs(const char *text, const char *expected)
{
	static const char letters[] = { [RUN_HAN] = 'h', [RUN_WORD] = 'w', [RUN_NUMBER] = 'n', [RUN_ADDRESS] = 'a' };
	struct buf folded = BUF_INIT, got = BUF_INIT;
	struct run r;

	assert_int_equal(text_fold(&folded, text, strlen(text)), CRM_OK);
	for (size_t pos = 0; run_next(&r, folded.s, folded.len, &pos);)
		buf_printf(&got, "%s%c:%.*s", got.len ? "|" : "", letters[r.kind], (int)r.len, r.s);
	if (strcmp(buf_str(&got), expected) != 0)
		fail_msg("'%s' is '%s', not '%s'", text, buf_str(&got), expected);
	buf_free(&folded);
	buf_free(&got);
}

static void text_is_runs(void **state)
{
	(void)state;
	expect_runs("", "");
	expect_runs(" ，。…— \t", "");
	expect_runs("Please refund my order!", "w:please|w:refund|w:my|w:order");
	expect_runs("我要退款，order 8812 的iPhone15坏了", "h:我要退款|w:order|n:8812|h:的|w:iphone15|h:坏了");
	expect_runs("don't 'quote' it’s rock'n'roll'", "w:don't|w:quote|w:it’s|w:rock'n'roll");
	expect_runs("{product_purchased} _x_ e-mail", "w:product_purchased|w:x|w:e|w:mail");
	expect_runs("3rd 1.5kg 0x1F １２個", "n:3rd|n:1|n:5kg|n:0x1f|n:12|h:個");
	expect_runs("Größe ÉCOLE résumé 한국어 ひらがな", "w:grösse|w:école|w:résumé|w:한국어|w:ひらがな");
	expect_runs("人々〇𠮷野", "h:人々〇𠮷野");
}

static void addresses_are_runs(void **state)
{
	(void)state;
	expect_runs("mail Anna.Li+crm@Example.co.uk.", "w:mail|a:anna.li+crm@example.co.uk");
	expect_runs("见https://a.example/x?y=1&z=(2)。谢谢", "h:见|a:https://a.example/x?y=1&z=(2|h:谢谢");
	expect_runs("(see www.example.com/faq), now", "w:see|a:www.example.com/faq|w:now");
	expect_runs("9lives@x.example", "a:9lives@x.example");
	expect_runs("a@ b @c www. http:/x 3://y", "w:a|w:b|w:c|w:www|w:http|w:x|n:3|w:y");
}

/* A name of any length costs time that grows with the length, not with its square. */
static void long_lines_are_read(void **state)
{
	struct buf text = BUF_INIT;
	struct run r;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < 1 << 20; i++)
		buf_puts(&text, "a.");
	for (size_t pos = 0; run_next(&r, text.s, text.len, &pos); n++)
		assert_int_equal(r.len, 1);
	assert_int_equal(n, 1 << 20);
	buf_clear(&text);
	for (size_t i = 0; i < 1 << 20; i++)
		buf_puts(&text, "a\x1b\xff");
	for (size_t pos = 0; run_next(&r, text.s, text.len, &pos);)
		n--;
	assert_int_equal(n, 0);
	buf_free(&text);
}

static void quotations_are_left_out(void **state)
{
	static const char mail[] = "Hello ANNA\r\n> old  text\n  >> older\n\nBye\xff\n你好 > 好";
	struct buf said = BUF_INIT;

	(void)state;
	assert_int_equal(text_said(&said, mail, strlen(mail)), CRM_OK);
	assert_string_equal(buf_str(&said), "hello anna\n\n\n\n\n你好 > 好\n");
	buf_free(&said);
}

/* --- words of Chinese --- */

static void add_run(struct han *h, const char *s)
{
	assert_true(han_add(h, s, strlen(s)));
}

/* Runs of one character that occurs nowhere else, so that nothing else is a word: `n` characters more. */
static void add_others(struct han *h, size_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct buf one = BUF_INIT;

		utf8_append(&one, 0x6e00 + i);
		add_run(h, buf_str(&one));
		buf_free(&one);
	}
}

/* Runs of `word` between two characters that occur nowhere else. */
static void add_free(struct han *h, const char *word, uint32_t from, size_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct buf one = BUF_INIT;

		utf8_append(&one, from + 2 * i);
		buf_puts(&one, word);
		utf8_append(&one, from + 2 * i + 1);
		add_run(h, buf_str(&one));
		buf_free(&one);
	}
}

static int collect(void *payload, const char *s, size_t len, size_t count)
{
	buf_printf(payload, "%.*s:%zu ", (int)len, s, count);
	return CRM_OK;
}

static void expect_words(struct han *h, const char *expected)
{
	struct buf got = BUF_INIT;

	assert_int_equal(han_words(h, 3, collect, &got), CRM_OK);
	assert_string_equal(buf_str(&got), expected);
	buf_free(&got);
	han_free(h);
}

/*
 * 退款 four times, each with others beside it: ln 4 = 1.39 on both sides. Of N characters 退 and 款 are 4 each: it holds
 * together 4 N / (4 · 4) = N / 4 times more than by chance, and 15 are wanted.
 */
static void words_hold_together(void **state)
{
	struct han h = { 0 };

	(void)state;
	add_free(&h, "退款", 0x4e00, 4); /* N is 16 */
	add_others(&h, 44);
	expect_words(&h, "退款:4 ");
	add_free(&h, "退款", 0x4e00, 4);
	add_others(&h, 43); /* 59 / 4 < 15 */
	expect_words(&h, "");
}

/* 户服 is always within 客户服务, whose ends are the ends of the run or change. */
static void words_stand_freely(void **state)
{
	struct han h = { 0 };

	(void)state;
	for (int i = 0; i < 4; i++)
		add_run(&h, "客户服务");
	add_others(&h, 1000);
	expect_words(&h, "客户服务:4 ");
	/* before the one character or the other, three times each: ln 2 = 0.69 */
	for (int i = 0; i < 6; i++)
		add_run(&h, i % 2 ? "退货甲" : "退货乙");
	add_others(&h, 1000);
	expect_words(&h, "");
	/* known from three places only */
	add_free(&h, "退货", 0x4e00, 3);
	add_others(&h, 1000);
	expect_words(&h, "");
}

/* Of 18 保温, 12 are in 保温杯: two thirds. Behind it stand 杯 12 times and 6 others: 2/3 ln 3/2 + 1/3 ln 18 = 1.23. */
static void parts_of_words_are_left_out(void **state)
{
	struct han h = { 0 };

	(void)state;
	add_free(&h, "保温杯", 0x4f00, 12);
	add_free(&h, "保温", 0x5000, 6);
	add_others(&h, 2000);
	expect_words(&h, "保温杯:12 ");
	add_free(&h, "保温杯", 0x4f00, 11);
	add_free(&h, "保温", 0x5000, 7);
	add_others(&h, 2000);
	expect_words(&h, "保温:18 保温杯:11 ");
}

static void cut_sentences_are_no_words(void **state)
{
	struct han h = { 0 };

	(void)state;
	add_free(&h, "坏了", 0x4f00, 9);
	add_free(&h, "的屏", 0x5000, 9);
	add_others(&h, 1000);
	expect_words(&h, "");
}

/* --- terms --- */

static void learn(struct terms *t, const char *text)
{
	struct buf said = BUF_INIT;

	assert_int_equal(text_said(&said, text, strlen(text)), CRM_OK);
	assert_true(terms_wanted(t));
	assert_int_equal(terms_learn(t, said.s, said.len), CRM_OK);
	buf_free(&said);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The terms of a text, sorted, with blanks between. */
static void expect_terms(struct terms *t, const char *text, const char *expected)
{
	struct buf said = BUF_INIT, got = BUF_INIT;
	const uint32_t *found;
	const char *texts[32];
	size_t n;

	assert_int_equal(text_said(&said, text, strlen(text)), CRM_OK);
	assert_int_equal(terms_of(&found, &n, t, said.s, said.len), CRM_OK);
	assert_true(n <= ARRAY_SIZE(texts));
	for (size_t i = 0; i < n; i++)
		texts[i] = terms_text(t, found[i]);
	qsort(texts, n, sizeof(*texts), compare_texts);
	for (size_t i = 0; i < n; i++)
		buf_printf(&got, "%s%s", i ? " " : "", texts[i]);
	assert_string_equal(buf_str(&got), expected);
	buf_free(&said);
	buf_free(&got);
}

static void terms_of_english(void **state)
{
	struct terms *t;

	(void)state;
	assert_int_equal(terms_new(&t), CRM_OK);
	learn(t, "The REFUND of the customer's order, refund! U 2nd");
	learn(t, "refund: order’s late\n> cable cable cable");
	learn(t, "Customer's order? u 2nd u 2nd, cable and cable");
	assert_int_equal(terms_settle(t), CRM_OK);
	/* customer: twice; cable: twice without the quotation; the, of: function words; u: one letter; 2nd: a number */
	assert_int_equal(terms_count(t), 2);
	expect_terms(t, "Refund, refund my ORDER's refund", "order refund");
	expect_terms(t, "reorder refunds", "");
	expect_terms(t, "> refund", "");
	expect_terms(t, "", "");
	terms_free(t);
}

static void terms_of_chinese(void **state)
{
	static const char *const texts[] = { "申请退款，谢谢", "怎么还没退款？", "快退款！订单U盘", "我要退款。U盘",
		"买了U盘" };
	struct terms *t;

	(void)state;
	assert_int_equal(terms_new(&t), CRM_OK);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		learn(t, texts[i]);
	for (uint32_t i = 0; i < 200; i++) {
		struct buf other = BUF_INIT;

		utf8_append(&other, 0x6e00 + i);
		learn(t, buf_str(&other));
		buf_free(&other);
	}
	assert_int_equal(terms_settle(t), CRM_OK);
	assert_int_equal(terms_count(t), 1);
	expect_terms(t, "请退款退款", "退款");
	expect_terms(t, "𠮷退款", "退款");
	expect_terms(t, "退，款", "");
	terms_free(t);
}

/* 80 MiB are offered: at the end it takes every eighth text or less, and what is in all of them is known still. */
static void memory_is_bounded(void **state)
{
	struct terms *t;
	struct buf text = BUF_INIT;
	size_t offered = 0, wanted = 0;

	(void)state;
	assert_int_equal(terms_new(&t), CRM_OK);
	for (size_t i = 0; i < 20000; i++, offered++) {
		bool keep = terms_wanted(t);

		buf_clear(&text);
		buf_puts(&text, "refund ");
		for (size_t k = 0; keep && text.len < 4096; k++)
			buf_printf(&text, "x%zu_%zu ", i, k);
		assert_int_equal(terms_learn(t, keep ? text.s : NULL, text.len), CRM_OK);
		wanted += keep && i >= 19200;
	}
	assert_in_range(wanted, 1, 100);
	assert_int_equal(terms_settle(t), CRM_OK);
	assert_int_equal(terms_count(t), 1);
	expect_terms(t, "refund", "refund");
	buf_free(&text);
	terms_free(t);
}

/* --- rising --- */

static void assert_near(double got, double expected, double tolerance)
{
	if (!(fabs(got - expected) < tolerance))
		fail_msg("%.9f, not %.9f", got, expected);
}

static double x_log_x(double x)
{
	return x > 0 ? x * log(x) : 0;
}

/* The same from the sums of a table of two rows and two columns, as it is found in textbooks. */
static double by_sums(double a, double m, double b, double n)
{
	double g = x_log_x(a) + x_log_x(b) + x_log_x(m - a) + x_log_x(n - b) - x_log_x(m) - x_log_x(n) -
		   x_log_x(a + b) - x_log_x(m + n - a - b) + x_log_x(m + n);

	return 2 * g;
}

static void rising_is_measured(void **state)
{
	(void)state;
	/* 20 of 100 against 10 of 100: 2 (20 ln 4/3 + 10 ln 2/3 + 80 ln 16/17 + 90 ln 18/17) = 3.9866 */
	assert_near(terms_rise(20, 100, 10, 100), 3.9866, 0.0001);
	assert_near(terms_rise(10, 100, 20, 100), -3.9866, 0.0001);
	assert_near(terms_rise(5, 50, 10, 100), 0, 1e-9);
	assert_near(terms_rise(0, 7, 0, 9), 0, 1e-9);
	assert_near(terms_rise(7, 7, 9, 9), 0, 1e-9);
	/* 4 of 4 against none of 12: 2 (4 ln 4 + 12 ln 4/3) */
	assert_near(terms_rise(4, 4, 0, 12), 8 * log(4) + 24 * log(4.0 / 3), 1e-9);
	for (int64_t a = 0; a <= 30; a += 3)
		for (int64_t b = 0; b <= 70; b += 7) {
			double g = terms_rise(a, 30, b, 70);

			assert_near(fabs(g), by_sums((double)a, 30, (double)b, 70), 1e-6);
			assert_true(g == 0 || (g > 0) == (a * 70 > b * 30));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_runs),
		cmocka_unit_test(addresses_are_runs),
		cmocka_unit_test(long_lines_are_read),
		cmocka_unit_test(quotations_are_left_out),
		cmocka_unit_test(words_hold_together),
		cmocka_unit_test(words_stand_freely),
		cmocka_unit_test(parts_of_words_are_left_out),
		cmocka_unit_test(cut_sentences_are_no_words),
		cmocka_unit_test(terms_of_english),
		cmocka_unit_test(terms_of_chinese),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(rising_is_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

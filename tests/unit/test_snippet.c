/* The part of a text around what was found: cases worked by hand, and what must hold of any text. */
#include "text/snippet.h"

#include "text/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ELLIPSIS "\u2026"

/* The spans where `word` stands, each time that it does. */
static void find_all(struct spans *out, const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; *word && (at = strstr(at, word)); at += len) {
		assert_true(GROW(out->v, out->n, out->cap));
		out->v[out->n++] = (struct span){ (size_t)(at - text), (size_t)(at - text) + len };
	}
}

/* The snippet of `text` for `word`, with brackets around what is marked. */
static char *shown(const char *text, const char *word, size_t width)
{
	cleanup(spans_free) struct spans found = { 0 }, marks = { 0 };
	struct buf made = BUF_INIT, out = BUF_INIT;
	size_t at = 0;

	find_all(&found, text, word);
	assert_int_equal(snippet_make(&made, &marks, text, strlen(text), &found, width), CRM_OK);
	for (size_t i = 0; i < marks.n; i++) {
		buf_add(&out, made.s + at, marks.v[i].from - at);
		buf_putc(&out, '[');
		buf_add(&out, made.s + marks.v[i].from, marks.v[i].to - marks.v[i].from);
		buf_putc(&out, ']');
		at = marks.v[i].to;
	}
	buf_puts(&out, buf_str(&made) + at);
	buf_free(&made);
	return buf_take(&out);
}

static void known_snippets(void **state)
{
	static const struct {
		const char *text, *word, *snippet;
		size_t width;
	} cases[] = {
		{ "asks for a refund", "refund", "asks for a [refund]", 80 },
		{ "asks for a refund", "refund", "asks for a [refund]", 17 },
		{ "", "x", "", 20 },
		{ " \n ", "x", "", 20 },
		/* white space of any kind, and much of it, is a blank; none at the ends */
		{ "  one\n\n two\t\tthree \u3000 ", "two", "one [two] three", 80 },
		/* nothing found: the beginning, not cut within a word */
		{ "the quick brown fox jumps", "cat", "the quick" ELLIPSIS, 15 },
		{ "the quick brown fox jumps", "quick", "the [quick] brown fox" ELLIPSIS, 20 },
		/* the end is near: what stands before takes the rest, without cutting a word */
		{ "alpha beta gamma delta epsilon zeta eta", "zeta", ELLIPSIS "epsilon [zeta] eta", 20 },
		/* before it at most a third, 4 columns of 12, one of them for the ellipsis */
		{ "一二三四五六七八九十", "五六", ELLIPSIS "四[五六]七八" ELLIPSIS, 12 },
		{ "一二三四五六七八九十", "十", ELLIPSIS "六七八九[十]", 12 },
		{ "一二三四五六七八九十", "一", "[一]二三四五" ELLIPSIS, 12 },
		{ "一二三四五六七八九十", "五", "一二三四[五]六七八九十", 20 },
		/* where most of the hits are, not where the first is */
		{ "ab xx xx xx xx xx xx xx xx xx xx ab ab ab", "ab", ELLIPSIS "xx xx [ab] [ab] [ab]", 16 },
		/* hits that touch are one */
		{ "xaay", "a", "x[aa]y", 80 },
		/* a hit longer than the width is cut, and so is its mark */
		{ "x 0123456789012345", "0123456789012345", ELLIPSIS "[0123456789]" ELLIPSIS, 12 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup(freep) char *got = shown(cases[i].text, cases[i].word, cases[i].width);

		assert_string_equal(got, cases[i].snippet);
	}
}

/* --- any text --- */

static uint32_t seed = 20260310;

static uint32_t draw(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static void draw_text(struct buf *b)
{
	static const char *const pieces[] = { "a", "bc", "word", " ", "  ", "\n", "退", "款", "。", "é", "e\u0301", "😀",
		"👨\u200d👩", ", ", "-", "7", "\u3000", "\x01" };

	for (uint32_t n = draw(80); n > 0; n--)
		buf_puts(b, pieces[draw(ARRAY_SIZE(pieces))]);
}

static void draw_spans(struct spans *found, const struct buf *b)
{
	for (size_t at = 0; at < b->len;) {
		uint32_t cp;
		size_t n = utf8_decode(b->s + at, b->len - at, &cp);

		if (draw(12) == 0) {
			assert_true(GROW(found->v, found->n, found->cap));
			found->v[found->n++] = (struct span){ at, at + n };
		}
		at += n;
	}
}

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* Without its ellipses it stands in the text with single blanks; it fits; marks are in order and within it. */
static void check(const struct buf *text, const struct spans *found, size_t width)
{
	cleanup(spans_free) struct spans marks = { 0 }, none = { 0 };
	struct buf line = BUF_INIT, made = BUF_INIT;
	const size_t mark = strlen(ELLIPSIS);
	size_t begin, end, bad;

	assert_int_equal(snippet_make(&line, NULL, text->s, text->len, &none, 100000), CRM_OK);
	assert_int_equal(snippet_make(&made, &marks, text->s, text->len, found, width), CRM_OK);
	assert_true(utf8_valid(buf_str(&made), made.len, &bad));
	assert_true(crm_text_width(made.s ? made.s : "", made.len) <= (width > 8 ? width : 8));
	begin = made.len >= mark && begins(made.s, ELLIPSIS) ? mark : 0;
	end = made.len >= begin + mark && begins(made.s + made.len - mark, ELLIPSIS) ? made.len - mark : made.len;
	assert_true(made.len == 0 || memmem(line.s, line.len, made.s + begin, end - begin));
	for (size_t i = 0; i < marks.n; i++) {
		assert_true(marks.v[i].from < marks.v[i].to && marks.v[i].to <= made.len);
		assert_true(i == 0 || marks.v[i].from > marks.v[i - 1].to);
	}
	buf_free(&line);
	buf_free(&made);
}

static void any_snippet(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		cleanup(spans_free) struct spans found = { 0 };
		struct buf text = BUF_INIT;

		draw_text(&text);
		if (buf_str(&text) && text.len > 0) {
			draw_spans(&found, &text);
			check(&text, &found, draw(60));
		}
		buf_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_snippets),
		cmocka_unit_test(any_snippet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

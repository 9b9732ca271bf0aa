/* The text of HTML: what browsers show (WHATWG HTML, "Parsing" and "Rendering"), with a no-break space as a blank. */
#include "helpers/html_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct example {
	const char *html, *text;
};

static void check(const struct example *examples, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct strbuf out = { 0 };

		html_text(&out, examples[i].html, strlen(examples[i].html));
		if (strcmp(out.s ? out.s : "", examples[i].text) != 0)
			print_message("of: %s\n", examples[i].html);
		assert_string_equal(out.s ? out.s : "", examples[i].text);
		strbuf_free(&out);
	}
}

#define CHECK(...)                                                                                                     \
	do {                                                                                                           \
		static const struct example examples[] = { __VA_ARGS__ };                                              \
		check(examples, sizeof(examples) / sizeof(examples[0]));                                               \
	} while (0)

static void test_blanks(void **state)
{
	(void)state;
	CHECK({ "", "" }, { "  a  b\r\n\tc ", "a b c" }, { "a <b> b</b>", "a b" }, { "a<b>b</b>", "ab" },
		{ "a&nbsp;&nbsp;b &#160; c", "a  b   c" }, { "<p> a </p>", "a" });
}

static void test_blocks(void **state)
{
	(void)state;
	CHECK({ "a<div>b</div>c", "a\nb\nc" }, { "<p>a</p><p>b</p>", "a\n\nb" }, { "<P>a<P>b", "a\n\nb" },
		{ "a<br>b<br/><br />c", "a\nb\n\nc" }, { "<div>a<br></div><div>b", "a\nb" },
		{ "<div>a</div><div><br></div><div>b</div>", "a\n\nb" }, { "<h1>t</h1>x", "t\n\nx" },
		{ "<ul><li>a<li><p>b</p></ul>c", "- a\n\n- b\n\nc" },
		{ "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc" },
		{ "<pre>\n  a\n\tb  c\n</pre>d", "  a\n\tb  c\n\nd" });
}

static void test_entities(void **state)
{
	(void)state;
	CHECK({ "&lt;&gt;&amp;&quot;&apos;", "<>&\"'" }, { "&eacute;&Eacute;&yuml;&iexcl;", "éÉÿ¡" },
		{ "&euro;&hellip;&mdash;&Omega;&diams;", "€…—Ω♦" }, { "&#20320;&#x597D;&#X1f600;", "你好😀" },
		{ "&#128;&#x99;", "€™" }, { "&#0;&#xd800;&#x110000;&#99999999999999999999;", "����" },
		{ "&copy 2026 &amp;amp;", "© 2026 &amp;" },
		{ "&copyx; &hellip &none; & &; &#; &#x;", "&copyx; &hellip &none; & &; &#; &#x;" },
		{ "a?b&c=d", "a?b&c=d" });
}

static void test_dropped(void **state)
{
	(void)state;
	CHECK({ "a<script>if (1 < 2) x('</b>');</script>b", "ab" }, { "a<STYLE type=x>p{}</Style >b", "ab" },
		{ "<title>t</title>a", "a" }, { "a<script>never closed", "a" },
		{ "a<script></scripts>x</script>b", "ab" }, { "a<!-- <p> - -- x -->b", "ab" }, { "a<!-->b", "ab" },
		{ "a<!-- b > c<!-- d > e", "a c e" }, { "<!DOCTYPE html><?xml version=1?>a", "a" });
}

static void test_tags(void **state)
{
	(void)state;
	CHECK({ "1 < 2 <3", "1 < 2 <3" }, { "a <- b", "a <- b" }, { "<a href=\"x>y\">z</a>", "z" },
		{ "<a href='x>y' title = \">\">z", "z" }, { "<a title=it's>z", "z" }, { "<a href=\"x>z", "z" },
		{ "a<b", "a" }, { "a<", "a<" }, { "</", "</" }, { "<o:p>x</o:p>", "x" });
}

static void test_appends(void **state)
{
	struct strbuf out = { 0 };

	(void)state;
	strbuf_puts(&out, "before ");
	html_text(&out, "<p> x\0y", 7);
	assert_int_equal(out.len, 10);
	assert_memory_equal(out.s, "before x\0y", 10);
	strbuf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blanks),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_entities),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_appends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

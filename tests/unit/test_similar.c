/* Likeness of texts: against values published with the measures. */
#include "analysis/similar.h"
#include "text/text.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct letters of(const char *s)
{
	struct letters l;

	letters_read(&l, s, strlen(s));
	return l;
}

/* Winkler's own examples, as in table 1 of his The State of Record Linkage and Current Research Problems (1999). */
static void names_are_as_alike_as_published(void **state)
{
	static const struct {
		const char *a, *b;
		double alike;
	} table[] = { { "SHACKLEFORD", "SHACKELFORD", 0.982 }, { "DUNNINGHAM", "CUNNIGHAM", 0.896 },
		{ "NICHLESON", "NICHULSON", 0.956 }, { "JONES", "JOHNSON", 0.832 }, { "MASSEY", "MASSIE", 0.933 },
		{ "ABROMS", "ABRAMS", 0.922 }, { "HARDIN", "MARTINEZ", 0.722 }, { "ITMAN", "SMITH", 0 },
		{ "JERALDINE", "GERALDINE", 0.926 }, { "MARHTA", "MARTHA", 0.961 }, { "MICHELLE", "MICHAEL", 0.921 },
		{ "JULIES", "JULIUS", 0.933 }, { "TANYA", "TONYA", 0.880 }, { "DWAYNE", "DUANE", 0.840 },
		{ "SEAN", "SUSAN", 0.805 }, { "JON", "JOHN", 0.933 }, { "DIXON", "DICKSONX", 0.813 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct letters a = of(table[i].a), b = of(table[i].b);
		double alike = similar_jaro_winkler(&a, &b);

		/* Of what is below 0.7 the table says 0. */
		if (table[i].alike > 0 ? fabs(alike - table[i].alike) > 0.0006 : alike > 0.7)
			fail_msg("%s, %s: %.4f, not %.3f", table[i].a, table[i].b, alike, table[i].alike);
	}
}

static void nothing_is_like_nothing_only(void **state)
{
	struct letters none = of(""), some = of("a"), long_a, long_b;
	char text[2 * LETTERS_MAX + 1];

	(void)state;
	assert_true(similar_jaro_winkler(&none, &none) >= 1);
	assert_true(similar_jaro_winkler(&none, &some) <= 0);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	long_a = of(text);
	text[LETTERS_MAX] = 'y'; /* beyond what is looked at */
	long_b = of(text);
	assert_true(similar_jaro_winkler(&long_a, &long_b) >= 1);
	assert_int_equal(similar_edits(&long_a, &long_b, 3), 0);
}

/* The distances of the definition, one operation a character; of a swap and an insertion between, 3 as of optimal alignment. */
static void edits_are_counted(void **state)
{
	static const struct {
		const char *a, *b;
		size_t edits;
	} table[] = { { "kitten", "sitting", 3 }, { "saturday", "sunday", 3 }, { "ca", "abc", 3 },
		{ "abcd", "acbd", 1 }, { "", "abc", 3 }, { "abc", "abc", 0 }, { "abc", "abcd", 1 },
		{ "abc", "xabc", 1 }, { "abc", "ac", 1 }, { "ab", "ba", 1 }, { "a", "", 1 }, { "aa", "aaa", 1 },
		{ "abab", "baba", 2 }, { "张伟", "章伟", 1 }, { "zoë", "zoe", 1 }, { "abcdef", "abdcfe", 2 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct letters a = of(table[i].a), b = of(table[i].b);

		for (size_t limit = 0; limit < 5; limit++) {
			size_t wanted = table[i].edits < limit ? table[i].edits : limit + 1;

			wanted = table[i].edits == limit ? limit : wanted;
			if (similar_edits(&a, &b, limit) != wanted || similar_edits(&b, &a, limit) != wanted)
				fail_msg("%s, %s, limit %zu: %zu, not %zu", table[i].a, table[i].b, limit,
					similar_edits(&a, &b, limit), wanted);
		}
	}
}

/* The examples of the National Archives (Soundex System, 2007) and of D. E. Knuth, The Art of Computer Programming 3, 6. */
static void words_sound_as_published(void **state)
{
	static const struct {
		const char *word, *code;
	} table[] = { { "Washington", "W252" }, { "Lee", "L000" }, { "Gutierrez", "G362" }, { "Pfister", "P236" },
		{ "Jackson", "J250" }, { "Tymczak", "T522" }, { "VanDeusen", "V532" }, { "Ashcraft", "A261" },
		{ "Robert", "R163" }, { "Rupert", "R163" }, { "Rubin", "R150" }, { "Euler", "E460" },
		{ "Gauss", "G200" }, { "Hilbert", "H416" }, { "Knuth", "K530" }, { "Lloyd", "L300" },
		{ "Lukasiewicz", "L222" }, { "Honeyman", "H555" }, { "Müller", "M460" }, { "O'Hara", "O600" },
		{ "张伟", "" }, { "", "" } };
	char code[SOUNDEX_LENGTH + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		assert_int_equal(similar_soundex(code, table[i].word, strlen(table[i].word)), *table[i].code != '\0');
		assert_string_equal(code, table[i].code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_as_alike_as_published),
		cmocka_unit_test(nothing_is_like_nothing_only),
		cmocka_unit_test(edits_are_counted),
		cmocka_unit_test(words_sound_as_published),
	};

	return cmocka_run_group_tests_name("similar", tests, NULL, NULL);
}

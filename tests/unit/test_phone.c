#include "text/countries.h"
#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

struct phone_case {
	const char *text, *country, *normal;
};

static void expect_all(const struct phone_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct buf b = BUF_INIT, again = BUF_INIT;
		struct err err = { 0 };

		if (phone_normalise(&b, cases[i].text, strlen(cases[i].text), cases[i].country, &err))
			fail_msg("%s: %s", cases[i].text, buf_str(&err.msg));
		if (strcmp(buf_str(&b), cases[i].normal) != 0)
			fail_msg("%s: %s, not %s", cases[i].text, b.s, cases[i].normal);
		assert_int_equal(phone_normalise(&again, b.s, b.len, NULL, NULL), CRM_OK);
		assert_string_equal(buf_str(&again), b.s);
		buf_free(&b);
		buf_free(&again);
	}
}

static void international_numbers(void **state)
{
	static const struct phone_case cases[] = {
		{ "+86 138-0013-8000", NULL, "+8613800138000" }, { "+86 138-0013-8000", "US", "+8613800138000" },
		{ "0086 138 0013 8000", NULL, "+8613800138000" }, { "0086 138 0013 8000", "CN", "+8613800138000" },
		{ "008613800138000", "US", "+8613800138000" }, { "tel:+1-201-555-0123", NULL, "+12015550123" },
		{ "tel:+1-201-555-0123;ext=45", NULL, "+12015550123;ext=45" },
		{ "(+44) 20 7946 0958", NULL, "+442079460958" }, { "+44 (0)20 7946 0958", NULL, "+442079460958" },
		{ "+86 (0)21 6123 4567", NULL, "+862161234567" },
		{ "+39 06 698 1234", NULL, "+39066981234" }, /* Italy keeps its zero */
		{ "+7 (495) 123-45-67", NULL, "+74951234567" },
		{ "+7 8 495 123-45-67", NULL, "+74951234567" }, /* with the trunk 8 as well */
		{ "+7 800 555-35-35", NULL, "+78005553535" },   /* an 8 that belongs to the number */
		{ "+852 2123 4567", NULL, "+85221234567" },
		{ "＋８６　１３８００１３８０００", NULL, "+8613800138000" },
		{ "+1.229.077.5154", NULL, "+12290775154" }, { "+49 [30] 901820", NULL, "+4930901820" },
		{ "+800 1234 5678", NULL, "+80012345678" },      /* free phone of no country */
		{ "+683 4123", NULL, "+6834123" },               /* Niue has four digits */
		{ "+52 1 55 1234 5678", NULL, "+525512345678" }, /* Mexican mobiles bore a 1 until 2019 */
		{ "+86–138–0013–8000", NULL, "+8613800138000" }, /* en dashes */
	};

	(void)state;
	expect_all(cases, ARRAY_SIZE(cases));
}

static void national_numbers(void **state)
{
	static const struct phone_case cases[] = {
		{ "13800138000", "CN", "+8613800138000" }, { "138 0013 8000", "cn", "+8613800138000" },
		{ "8613800138000", "CN", "+8613800138000" }, /* as messengers write it */
		{ "(021) 6123 4567", "CN", "+862161234567" }, { "（０２１）６１２３４５６７", "CN", "+862161234567" },
		{ "0755-8888-1234", "CN", "+8675588881234" }, { "400-800-8820", "CN", "+864008008820" },
		{ "95588", "CN", "+8695588" }, { "10086", "CN", "+8610086" },
		{ "(229) 077-5154", "US", "+12290775154" }, { "1-229-077-5154", "US", "+12290775154" },
		{ "229.077.5154", "CA", "+12290775154" }, { "876 555 1234", "JM", "+18765551234" },
		{ "06 698 1234", "IT", "+39066981234" }, { "8 (495) 123-45-67", "RU", "+74951234567" },
		{ "7 (495) 123-45-67", "RU", "+74951234567" }, { "495 123-45-67", "RU", "+74951234567" },
		{ "800 555-35-35", "RU", "+78005553535" }, { "8 800 555-35-35", "RU", "+78005553535" },
		{ "8 701 234 5678", "KZ", "+77012345678" }, { "020 7946 0958", "GB", "+442079460958" },
		{ "06 1 234 5678", "HU", "+3612345678" }, { "8 017 123 45 67", "BY", "+375171234567" },
		{ "090-1234-5678", "JP", "+819012345678" },
		{ "090ー1234ー5678", "JP", "+819012345678" }, /* kana dashes */
		{ "010-1234-5678", "KR", "+821012345678" }, { "2123 4567", "HK", "+85221234567" },
		{ "30 12 34 56", "DK", "+4530123456" }, { "(11) 98765-4321", "BR", "+5511987654321" },
		{ "٠١٠ ١٢٣٤ ٥٦٧٨", "EG", "+201012345678" }, /* Arabic digits */
	};

	(void)state;
	expect_all(cases, ARRAY_SIZE(cases));
}

static void international_prefixes(void **state)
{
	static const struct phone_case cases[] = {
		{ "011 86 138 0013 8000", "US", "+8613800138000" },
		{ "001-234-567-8900x12", "US", "+12345678900;ext=12" },
		{ "810 86 138 0013 8000", "RU", "+8613800138000" },
		{ "010 86 138 0013 8000", "JP", "+8613800138000" },
		{ "001 86 138 0013 8000", "KR", "+8613800138000" },
		{ "002 86 138 0013 8000", "KR", "+8613800138000" },
		{ "0082 10 1234 5678", "KR", "+821012345678" },
		{ "0011 86 138 0013 8000", "AU", "+8613800138000" },
		{ "0044 20 7946 0958", "CN", "+442079460958" },
		{ "119 86 138 0013 8000", "CU", "+8613800138000" },
	};

	(void)state;
	expect_all(cases, ARRAY_SIZE(cases));
}

static void extensions(void **state)
{
	static const struct phone_case cases[] = {
		{ "(229) 077-5154x718", "US", "+12290775154;ext=718" },
		{ "229-077-5154 ext. 718", "US", "+12290775154;ext=718" },
		{ "229-077-5154 Extension: 718", "US", "+12290775154;ext=718" },
		{ "229-077-5154 EXT718", "US", "+12290775154;ext=718" },
		{ "229-077-5154 #718", "US", "+12290775154;ext=718" },
		{ "021-61234567转801", "CN", "+862161234567;ext=801" },
		{ "021-61234567 轉 801", "CN", "+862161234567;ext=801" },
		{ "021-61234567 转分机 801", "CN", "+862161234567;ext=801" },
		{ "021-61234567分机：801", "CN", "+862161234567;ext=801" },
		{ "021-61234567-801", "CN", "+862161234567;ext=801" },
		{ "0755-8888-1234-801", "CN", "+8675588881234;ext=801" },
		{ "+86-21-61234567-801", NULL, "+862161234567;ext=801" },
		{ "021-6123-4567", "CN", "+862161234567" },
		{ "138-0013-8000", "CN", "+8613800138000" },
		{ "+12290775154;ext=007", NULL, "+12290775154;ext=007" },
	};

	(void)state;
	expect_all(cases, ARRAY_SIZE(cases));
}

static void what_is_no_phone_number_is_refused(void **state)
{
	static const char letter[] = "has a letter or sign that no phone number has";
	static const struct {
		const char *text, *country, *why;
	} cases[] = {
		{ "13800138000", NULL, "has no country code: write +CC…, or set phone.country" },
		{ "", "CN", "has no digits" },
		{ " - ", "CN", "has no digits" },
		{ "+", "CN", "has no digits" },
		{ "call me", "CN", letter },
		{ "1-800-FLOWERS", "US", letter },
		{ "138/0013", "CN", letter },
		{ "138+0013", "CN", letter },
		{ "++8613800138000", NULL, letter },
		{ "a@b.cn", "CN", letter },
		{ "229-077-5154 x", "US", "has no digits after the word for an extension" },
		{ "229-077-5154 x12y", "US", letter },
		{ "229-077-5154 x12345678901", "US", "has an extension of too many digits" },
		{ "110", "CN", "has too few digits" },
		{ "+8610", NULL, "has too few digits" },
		{ "+86 138 0013 8000 1234", NULL, "has too many digits" },
		{ "1234567890123456", "DE", "has too many digits" },
		{ "+999 1234567", NULL, "begins with a calling code that no country has" },
		{ "+0 1234567", NULL, "begins with a calling code that no country has" },
		{ "00999 1234567", "CN", "begins with a calling code that no country has" },
		{ "+2", NULL, "begins with a calling code that no country has" },
		{ "00", NULL, "has no country code: write +CC…, or set phone.country" },
		{ "138\xff", "CN", "is not valid UTF-8" },
		{ "13800138000", "XX", "no country is known by the code given for phone numbers: write CN, US …" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf b = BUF_INIT;
		struct err err = { 0 };

		if (phone_normalise(&b, cases[i].text, strlen(cases[i].text), cases[i].country, &err) != CRM_INVALID)
			fail_msg("%s was taken as %s", cases[i].text, b.s);
		if (strcmp(buf_str(&err.msg), cases[i].why) != 0)
			fail_msg("%s: %s", cases[i].text, err.msg.s);
		assert_int_equal(b.len, 0);
		err_free(&err);
		buf_free(&b);
	}
}

static void the_table_of_countries_holds_together(void **state)
{
	static const struct {
		const char *iso;
		int code;
	} known[] = { { "CN", 86 }, { "US", 1 }, { "DE", 49 }, { "GB", 44 }, { "HK", 852 }, { "MO", 853 },
		{ "TW", 886 }, { "JP", 81 }, { "KR", 82 }, { "SG", 65 }, { "IN", 91 }, { "BR", 55 }, { "ZA", 27 },
		{ "SS", 211 }, { "XK", 383 }, { "ME", 382 }, { "TL", 670 }, { "FO", 298 }, { "PS", 970 },
		{ "UZ", 998 } };
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		assert_int_equal(country_find(known[i].iso)->code, known[i].code);
	for (char a = 'A'; a <= 'Z'; a++) {
		for (char b = 'A'; b <= 'Z'; b++) {
			const struct country *c = country_find((const char[]){ a, b, '\0' }), *other;
			char digits[16];

			if (!c)
				continue;
			count++;
			snprintf(digits, sizeof(digits), "%d999", c->code);
			assert_int_equal(country_of_number(digits, strlen(digits), &other), strlen(digits) - 3);
			assert_int_equal(other->code, c->code);
			assert_string_equal(other->trunk, c->trunk);
		}
	}
	assert_int_equal(count, 249 + 3); /* ISO 3166 and AC, TA, XK */
	assert_true(phone_country_known("cn"));
	assert_true(phone_country_known("De"));
	assert_false(phone_country_known(""));
	assert_false(phone_country_known("C"));
	assert_false(phone_country_known("CHN"));
	assert_false(phone_country_known("ZZ"));
	assert_false(phone_country_known("86"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(international_numbers),
		cmocka_unit_test(national_numbers),
		cmocka_unit_test(international_prefixes),
		cmocka_unit_test(extensions),
		cmocka_unit_test(what_is_no_phone_number_is_refused),
		cmocka_unit_test(the_table_of_countries_holds_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

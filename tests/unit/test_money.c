/* Currencies by ISO 4217; amounts: read, refused, written. Expected values are by hand and from the standard. */
#include "store_helper.h"
#include "text/money.h"

static const struct currency *currency(const char *code)
{
	return code ? currency_find(code, strlen(code)) : NULL;
}

static int parse(int64_t *minor, const char **code, const char *text, const char *given, const char *stored,
	const char *usual, struct err *err)
{
	struct currency_context known = { currency(given), currency(stored), currency(usual) };
	const struct currency *found = NULL;
	int status = money_parse(minor, &found, text, strlen(text), &known, err);

	*code = found ? found->code : NULL;
	return status;
}

/* --- the table --- */

static void decimals_are_those_of_the_standard(void **state)
{
	static const char none[] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF BYR",
			  three[] = "BHD IQD JOD KWD LYD OMR TND", four[] = "CLF UYW";
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < currency_count(); i++) {
		const struct currency *c = currency_at(i);
		int expected = strstr(none, c->code) ? 0 : strstr(three, c->code) ? 3 : strstr(four, c->code) ? 4 : 2;

		if (c->decimals != expected)
			fail_msg("%s has %d decimals, not %d", c->code, c->decimals, expected);
		assert_ptr_equal(currency_find(c->code, 3), c);
		assert_true(i == 0 || strcmp(currency_at(i - 1)->code, c->code) < 0);
		n += expected != 2;
	}
	assert_int_equal(n, 18 + 7 + 2);
	for (const char *p = "USD EUR CNY GBP CHF INR BRL HKD TWD MGA MRU"; *p; p += p[3] ? 4 : 3)
		assert_int_equal(currency_find(p, 3)->decimals, 2);
	assert_null(currency_find("XXX", 3)); /* no currency */
	assert_null(currency_find("XAU", 3)); /* gold has no minor unit */
	assert_null(currency_find("usd", 3));
	assert_null(currency_find("US", 2));
}

static void currencies_by_code_name_and_sign(void **state)
{
	static const struct {
		const char *text, *code;
	} cases[] = {
		{ "USD", "USD" },
		{ "usd", "USD" },
		{ "ＵＳＤ", "USD" },
		{ " eur ", "EUR" },
		{ "€", "EUR" },
		{ "RMB", "CNY" },
		{ "人民币", "CNY" },
		{ "美元", "USD" },
		{ "日元", "JPY" },
		{ "円", "JPY" },
		{ "HK$", "HKD" },
		{ "US$", "USD" },
		{ "￦", "KRW" },
	};
	static const struct {
		const char *text, *message;
	} refused[] = {
		{ "GBB", "'GBB' is not a currency, did you mean 'GBP'?" },
		{ "euro!", "'euro!' is not a currency: use a code of ISO 4217 such as CNY or USD" },
		{ "¥", "'¥' is the sign of several currencies: use a code such as CNY" },
	};
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct currency *c = NULL;

		if (currency_parse(&c, cases[i].text, strlen(cases[i].text), &err) < 0)
			fail_msg("%s: %s", cases[i].text, buf_str(&err.msg));
		assert_string_equal(c->code, cases[i].code);
	}
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		const struct currency *c = NULL;

		assert_int_equal(currency_parse(&c, refused[i].text, strlen(refused[i].text), &err), CRM_INVALID);
		assert_string_equal(buf_str(&err.msg), refused[i].message);
		assert_null(c);
	}
	assert_int_equal(currency_parse(&(const struct currency *){ NULL }, "$", 1, NULL), CRM_INVALID);
	err_free(&err);
}

/* --- reading --- */

struct amount_case {
	const char *text, *given, *stored, *usual;
	int64_t minor;
	const char *code;
};

static void expect_all(const struct amount_case *cases, size_t n)
{
	struct err err = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct amount_case *c = &cases[i];
		const char *code;
		int64_t minor;

		if (parse(&minor, &code, c->text, c->given, c->stored, c->usual, &err) < 0)
			fail_msg("%s: %s", c->text, buf_str(&err.msg));
		if (minor != c->minor || strcmp(code, c->code) != 0)
			fail_msg("%s: %lld %s", c->text, (long long)minor, code);
		assert_int_equal(money_check(c->text, strlen(c->text), &err), CRM_OK);
	}
	err_free(&err);
}

static void numbers(void **state)
{
	static const struct amount_case cases[] = {
		{ "12.50", "USD", NULL, NULL, 1250, "USD" },
		{ "12.5", "USD", NULL, NULL, 1250, "USD" },
		{ "12", "USD", NULL, NULL, 1200, "USD" },
		{ ".50", "USD", NULL, NULL, 50, "USD" },
		{ "007.05", "USD", NULL, NULL, 705, "USD" },
		{ "0", "USD", NULL, NULL, 0, "USD" },
		{ "-0.01", "USD", NULL, NULL, -1, "USD" },
		{ "+3", "USD", NULL, NULL, 300, "USD" },
		{ "(12.50)", "USD", NULL, NULL, -1250, "USD" },
		{ "−7", "USD", NULL, NULL, -700, "USD" },
		{ "１２．５０", "USD", NULL, NULL, 1250, "USD" },
		{ "1,234.50", "USD", NULL, NULL, 123450, "USD" },
		{ "1,234", "USD", NULL, NULL, 123400, "USD" },
		{ "1,234", "JPY", NULL, NULL, 1234, "JPY" },
		{ "12,345,678", "USD", NULL, NULL, 1234567800, "USD" },
		{ "1.234,50", "EUR", NULL, NULL, 123450, "EUR" },
		{ "1.234.567", "EUR", NULL, NULL, 123456700, "EUR" },
		{ "12,50", "EUR", NULL, NULL, 1250, "EUR" },
		{ "12,5", "EUR", NULL, NULL, 1250, "EUR" },
		{ "0,5000", "EUR", NULL, NULL, 50, "EUR" },
		{ "1 234,50", "EUR", NULL, NULL, 123450, "EUR" },
		{ "1\u202f234\u202f567,50", "EUR", NULL, NULL, 123456750, "EUR" },
		{ "1'234.50", "CHF", NULL, NULL, 123450, "CHF" },
		{ "1’234’567", "CHF", NULL, NULL, 123456700, "CHF" },
		{ "12.5000", "USD", NULL, NULL, 1250, "USD" },
		{ "99.00", "JPY", NULL, NULL, 99, "JPY" },
		{ "0.500", "USD", NULL, NULL, 50, "USD" },
		{ "1234.500", "USD", NULL, NULL, 123450, "USD" },
		{ "1.234", "KWD", NULL, NULL, 1234, "KWD" },
		{ "1,234.567", "KWD", NULL, NULL, 1234567, "KWD" },
		{ "0,123", "KWD", NULL, NULL, 123, "KWD" },
		{ "1.2345", "CLF", NULL, NULL, 12345, "CLF" },
	};

	(void)state;
	expect_all(cases, ARRAY_SIZE(cases));
}

static void currencies_beside_numbers(void **state)
{
	static const struct amount_case cases[] = {
		{ "12.50 USD", NULL, NULL, NULL, 1250, "USD" },
		{ "12.50usd", NULL, NULL, NULL, 1250, "USD" },
		{ "USD 12.50", NULL, NULL, NULL, 1250, "USD" },
		{ "usd-12.50", NULL, NULL, NULL, -1250, "USD" },
		{ "-USD 12.50", NULL, NULL, NULL, -1250, "USD" },
		{ "(USD 12.50)", NULL, NULL, NULL, -1250, "USD" },
		{ "€ 12,50", NULL, NULL, NULL, 1250, "EUR" },
		{ "12,50 €", NULL, NULL, NULL, 1250, "EUR" },
		{ "US$5", NULL, NULL, NULL, 500, "USD" },
		{ "99美元", NULL, NULL, NULL, 9900, "USD" },
		{ "12.50 USD", "USD", "EUR", "CNY", 1250, "USD" },
		{ "12.50 USD", NULL, "EUR", "CNY", 1250, "USD" },
		{ "12.50", NULL, "EUR", "CNY", 1250, "EUR" },
		{ "12.50", NULL, NULL, "CNY", 1250, "CNY" },
		/* signs of several */
		{ "¥99", "CNY", NULL, NULL, 9900, "CNY" },
		{ "¥99", "JPY", NULL, NULL, 99, "JPY" },
		{ "¥99", NULL, "JPY", "CNY", 99, "JPY" },
		{ "￥99.00", NULL, NULL, "CNY", 9900, "CNY" },
		{ "-¥1,299.00", NULL, NULL, "CNY", -129900, "CNY" },
		{ "99元", NULL, NULL, "CNY", 9900, "CNY" },
		{ "¥99元", NULL, NULL, NULL, 9900, "CNY" }, /* what both leave */
		{ "¥99 CNY", NULL, NULL, NULL, 9900, "CNY" },
		{ "$5", NULL, NULL, "AUD", 500, "AUD" },
		{ "$5", NULL, "EUR", "USD", 500, "USD" },
		{ "£5", NULL, NULL, "GBP", 500, "GBP" },
	};

	(void)state;
	expect_all(cases, ARRAY_SIZE(cases));
}

static void what_is_refused(void **state)
{
	static const struct {
		const char *text, *given, *stored, *usual, *message;
	} cases[] = {
		{ "", "USD", NULL, NULL, "'' is not an amount: write it as 1234.50, with a currency as 1234.50 USD" },
		{ "12.50", NULL, NULL, NULL,
			"'12.50' has no currency: write one, as 12.50 USD, or configure money.currency" },
		{ "¥99", NULL, NULL, NULL,
			"'¥99' has a sign of several currencies (CNY|JPY): use a code, as 12.50 CNY" },
		{ "¥99", NULL, NULL, "USD",
			"'¥99' has a sign of several currencies (CNY|JPY): use a code, as 12.50 CNY" },
		{ "¥99", "EUR", NULL, "CNY", "'¥99' is not in EUR, which is given as the currency" },
		{ "5 EUR", "USD", NULL, NULL, "'5 EUR' is not in USD, which is given as the currency" },
		{ "USD 5 EUR", NULL, NULL, NULL, "'USD 5 EUR' names two currencies" },
		{ "1.234", "USD", NULL, NULL,
			"'1.234' may have three decimals or a dot between thousands: write it without the dot, or with "
			"two decimals" },
		{ "1,234", "KWD", NULL, NULL,
			"'1,234' may be a thousand or a decimal comma: write it with a dot and without commas" },
		{ "1.5", "JPY", NULL, NULL, "'1.5' has more decimals than JPY, which has 0" },
		{ "1.2345", "KWD", NULL, NULL, "'1.2345' has more decimals than KWD, which has 3" },
		{ "5 EUX", NULL, NULL, NULL, "'eux' is not a currency, did you mean 'EUR'?" },
	};
	static const char *const no_amounts[] = { "abc", "USD", "-", "12.", "1,2,3", "1,23,456", "1.2.3", "12 34",
		"1'23", "1,234,56.7", "1.234,567.8", "1,,234", "1 234'567", "1e3", "0x10", "--5", "5-", "2026-01-02",
		"1.2万", "12:50", "(5", "5 %", "5 of 6", "1234,567,890", "0,123,456", "," };
	struct err err = { 0 };
	const char *code;
	int64_t minor = 77;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(
			parse(&minor, &code, cases[i].text, cases[i].given, cases[i].stored, cases[i].usual, &err),
			CRM_INVALID);
		assert_string_equal(buf_str(&err.msg), cases[i].message);
	}
	for (size_t i = 0; i < ARRAY_SIZE(no_amounts); i++) {
		if (parse(&minor, &code, no_amounts[i], "USD", NULL, NULL, &err) != CRM_INVALID)
			fail_msg("%s: %lld", no_amounts[i], (long long)minor);
		assert_int_equal(money_check(no_amounts[i], strlen(no_amounts[i]), NULL), CRM_INVALID);
	}
	assert_int_equal(parse(&minor, &code, "5\xff", "USD", NULL, NULL, &err), CRM_INVALID);
	assert_int_equal(minor, 77); /* untouched */
	err_free(&err);
}

static void the_limits_of_64_bits(void **state)
{
	static const struct amount_case cases[] = {
		{ "92233720368547758.07", "USD", NULL, NULL, INT64_MAX, "USD" },
		{ "-92233720368547758.08", "USD", NULL, NULL, INT64_MIN, "USD" },
		{ "9223372036854775807", "JPY", NULL, NULL, INT64_MAX, "JPY" },
		{ "(9,223,372,036,854,775.808)", "KWD", NULL, NULL, INT64_MIN, "KWD" },
	};
	static const struct {
		const char *text, *code;
	} beyond[] = { { "92233720368547758.08", "USD" }, { "-92233720368547758.09", "USD" },
		{ "92233720368547759", "USD" }, { "9223372036854775808", "JPY" },
		{ "99999999999999999999999999", "JPY" } };
	struct err err = { 0 };
	const char *code;
	int64_t minor;

	(void)state;
	expect_all(cases, ARRAY_SIZE(cases));
	for (size_t i = 0; i < ARRAY_SIZE(beyond); i++) {
		assert_int_equal(parse(&minor, &code, beyond[i].text, beyond[i].code, NULL, NULL, &err), CRM_INVALID);
		assert_non_null(strstr(buf_str(&err.msg), "is too large an amount"));
	}
	err_free(&err);
}

/* --- writing --- */

static void amounts_in_decimal_notation(void **state)
{
	static const struct {
		int64_t minor;
		const char *code, *text;
	} cases[] = {
		{ 1250, "USD", "12.50" },
		{ 5, "USD", "0.05" },
		{ -5, "USD", "-0.05" },
		{ 0, "USD", "0.00" },
		{ 1250, "JPY", "1250" },
		{ 0, "JPY", "0" },
		{ 1234, "KWD", "1.234" },
		{ -1000, "KWD", "-1.000" },
		{ 1, "CLF", "0.0001" },
		{ INT64_MIN, "JPY", "-9223372036854775808" },
		{ INT64_MIN, "USD", "-92233720368547758.08" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf b = BUF_INIT;

		money_format(&b, cases[i].minor, currency(cases[i].code));
		assert_string_equal(buf_str(&b), cases[i].text);
		buf_free(&b);
	}
}

/* What is written reads back as the same, alone and with its currency on either side. */
static void check_round_trip(int64_t minor, const struct currency *c)
{
	struct buf plain = BUF_INIT, texts[4] = { BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT };

	money_format(&plain, minor, c);
	buf_puts(&texts[0], buf_str(&plain));
	buf_printf(&texts[1], "%s %s", buf_str(&plain), c->code);
	buf_printf(&texts[2], "%s%s", buf_str(&plain), c->code);
	buf_printf(&texts[3], "%s %s", c->code, buf_str(&plain));
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		const struct currency_context known = { .usual = i == 0 ? c : NULL };
		const struct currency *found = NULL;
		int64_t back = 0;

		if (money_parse(&back, &found, buf_str(&texts[i]), texts[i].len, &known, NULL) < 0 || back != minor ||
			found != c)
			fail_msg("%lld %s: '%s' reads as %lld", (long long)minor, c->code, texts[i].s, (long long)back);
		buf_free(&texts[i]);
	}
	buf_free(&plain);
}

static void what_is_written_reads_back(void **state)
{
	static const int64_t edges[] = { 0, 1, -1, 9, 10, 99, 100, 999, 1000, 1001, 99999, INT64_MAX, INT64_MIN,
		INT64_MAX - 1, INT64_MIN + 1 };
	const struct hash_key key = { 4217, 20250101 };

	(void)state;
	for (size_t i = 0; i < currency_count(); i++)
		for (size_t k = 0; k < ARRAY_SIZE(edges); k++)
			check_round_trip(edges[k], currency_at(i));
	for (uint64_t i = 0; i < 20000; i++) {
		uint64_t random = hash_bytes(&key, &i, sizeof(i));

		/* of every length */
		check_round_trip(
			(int64_t)(random >> (i % 63)) * (i % 2 ? 1 : -1), currency_at(random % currency_count()));
	}
}

/* --- comparing --- */

static void amounts_compare_by_their_number(void **state)
{
	const struct currency *named = NULL;
	struct err err = { 0 };
	crm_value v, limit;

	(void)state;
	v = money_size(1250, currency("USD"));
	assert_int_equal(v.kind, CRM_INT);
	assert_int_equal(v.i, 125000);
	assert_int_equal(money_size(1250, currency("JPY")).i, 12500000);
	assert_int_equal(money_size(1250, currency("KWD")).i, 12500);
	assert_int_equal(money_size(1250, currency("UYW")).i, 1250);
	v = money_size(INT64_MAX, currency("JPY"));
	assert_int_equal(v.kind, CRM_DOUBLE);
	assert_true(v.d > 9.2e22 && v.d < 9.3e22);

	assert_int_equal(money_limit(&limit, &named, "12.50", 5, NULL, &err), CRM_OK);
	assert_null(named);
	assert_int_equal(limit.i, 125000);
	assert_int_equal(money_limit(&limit, &named, "1250JPY", 7, NULL, &err), CRM_OK);
	assert_string_equal(named->code, "JPY");
	assert_int_equal(limit.i, 12500000);
	assert_int_equal(money_limit(&limit, &named, "¥5", strlen("¥5"), NULL, &err), CRM_INVALID);
	assert_int_equal(money_limit(&limit, &named, "¥5", strlen("¥5"), currency("CNY"), &err), CRM_OK);
	assert_string_equal(named->code, "CNY");
	assert_int_equal(money_limit(&limit, &named, "1,234", 5, NULL, &err), CRM_INVALID); /* of whichever currency */
	assert_int_equal(money_limit(&limit, &named, "1.5JPY", 6, NULL, &err), CRM_INVALID);
	err_free(&err);
}

/* --- on a record --- */

static void set_all(crm_record *r, const char *first, const char *value, const char *second, const char *other)
{
	assert_int_equal(crm_record_set(r, first, value), CRM_OK);
	if (second)
		assert_int_equal(crm_record_set(r, second, other), CRM_OK);
}

static void an_amount_and_its_currency_in_either_order(void **state)
{
	crm_store *s = store_of(state);
	const crm_entity *order = entity("order");
	static const char *const both[][4] = { { "amount", "1,234", "currency", "jpy" },
		{ "currency", "jpy", "amount", "1,234" }, { "amount", "1,234 JPY", NULL, NULL } };
	crm_record *r = NULL;

	assert_int_equal(add_customer(s, "Ada"), 1);
	for (size_t i = 0; i < ARRAY_SIZE(both); i++) {
		assert_ok(s, crm_record_new(&r, s, order));
		set_all(r, "customer", "1", NULL, NULL);
		set_all(r, both[i][0], both[i][1], both[i][2], both[i][3]);
		assert_ok(s, crm_record_save(r));
		assert_string_equal(crm_record_get(r, "amount").s, "1234");
		assert_string_equal(crm_record_get(r, "currency").s, "JPY");
		crm_record_free(r);
	}

	assert_ok(s, crm_record_load(&r, s, order, 1));
	set_all(r, "amount", "1234", NULL, NULL);
	int64_t version = crm_record_version(r);
	assert_ok(s, crm_record_save(r)); /* the same: not written */
	assert_int_equal(crm_record_version(r), version);
	set_all(r, "currency", "USD", NULL, NULL);
	assert_refused(s, CRM_INVALID, "currency: cannot be changed without the amount: give both", crm_record_save(r));
	crm_record_free(r);

	assert_ok(s, crm_record_new(&r, s, order));
	set_all(r, "customer", "1", "amount", "5");
	assert_refused(s, CRM_INVALID,
		"amount: '5' has no currency: write one, as 12.50 USD, or configure money.currency",
		crm_record_save(r));
	assert_ok(s, crm_store_set_currency(s, "chf"));
	assert_ok(s, crm_record_save(r));
	assert_string_equal(crm_record_get(r, "currency").s, "CHF");
	crm_record_free(r);
	assert_int_equal(crm_store_set_currency(s, "XYZ"), CRM_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decimals_are_those_of_the_standard),
		cmocka_unit_test(currencies_by_code_name_and_sign),
		cmocka_unit_test(numbers),
		cmocka_unit_test(currencies_beside_numbers),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(the_limits_of_64_bits),
		cmocka_unit_test(amounts_in_decimal_notation),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(amounts_compare_by_their_number),
		sandbox_test(an_amount_and_its_currency_in_either_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

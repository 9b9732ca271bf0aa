/* Customers side by side: how names are read, and what is found of each field. */
#include "analysis/duplicates/address.h"
#include "analysis/duplicates/compare.h"
#include "analysis/duplicates/names.h"
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* --- names --- */

static void is_part(const struct part *p, const char *wanted, const char *name)
{
	if (!wanted ? p->s != NULL : !p->s || p->len != strlen(wanted) || memcmp(p->s, wanted, p->len) != 0)
		fail_msg("%s: '%.*s', not '%s'", name, p->s ? (int)p->len : 4, p->s ? p->s : "none",
			wanted ? wanted : "none");
}

/* Names come folded. */
static void names_are_taken_apart(void **state)
{
	static const struct {
		const char *name, *family, *given;
	} table[] = { { "张伟", "张", "伟" }, { "欧阳修", "欧阳", "修" }, { "欧阳", "欧", "阳" },
		{ "诸葛孔明", "诸葛", "孔明" }, { "王先生", "王", NULL }, { "李总", "李", NULL },
		{ "张伟 wei zhang", "张", "伟" }, { "ada winter", "winter", "ada" }, { "smith, john", "smith", "john" },
		{ "mr. john smith", "smith", "john" }, { "jan van dijk", "van dijk", "jan" },
		{ "maria de la cruz", "de la cruz", "maria" }, { "van dijk, jan", "van dijk", "jan" },
		{ "mary ann o'brien", "o'brien", "mary ann" }, { "madonna", "madonna", NULL },
		{ "smith-jones, dr. j.", "smith-jones", "j" } };
	struct buf clean = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct name n;

		name_read(&n, &clean, table[i].name, strlen(table[i].name));
		if (n.firm)
			fail_msg("%s: a firm", table[i].name);
		is_part(&n.family, table[i].family, table[i].name);
		is_part(&n.given, table[i].given, table[i].name);
	}
	buf_free(&clean);
}

static void firms_are_known(void **state)
{
	static const struct {
		const char *name, *stem;
	} table[] = { { "华信科技有限公司", "华信科技" }, { "工商银行", "工商银行" },
		{ "miller, hill and co.", "miller hill and" }, { "harbour foods ltd", "harbour foods" },
		{ "studio 54", "studio 54" }, { "the house of the rising sun", "the house of the rising sun" },
		{ "北京大华集团", "北京大华" }, { "有限公司", "有限公司" } };
	struct buf clean = BUF_INIT, stem = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct name n;

		name_read(&n, &clean, table[i].name, strlen(table[i].name));
		if (!n.firm)
			fail_msg("%s: no firm", table[i].name);
		buf_clear(&stem);
		firm_stem(&stem, clean.s, clean.len);
		assert_string_equal(buf_str(&stem), table[i].stem);
	}
	buf_free(&clean);
	buf_free(&stem);
}

static void what_stands_for_a_name_is_none(void **state)
{
	static const char *const table[] = { "ada@example.org", "+44 113 496 0199", "?", "" };
	struct buf clean = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct name n;

		name_read(&n, &clean, table[i], strlen(table[i]));
		assert_false(n.firm);
		assert_null(n.family.s);
		assert_int_equal(clean.len, 0);
	}
	buf_free(&clean);
}

/* --- fields --- */

/* A customer as `column=value` in the order of enum person_column; "" is none. */
static void add(struct people *p, const char *const texts[PERSON_COLUMNS])
{
	crm_value v[PERSON_COLUMNS];

	for (size_t i = 0; i < PERSON_COLUMNS; i++) {
		const char *s = texts[i] ? texts[i] : "";

		v[i] = *s ? (crm_value){ .kind = CRM_STRING, .s = s, .len = strlen(s) }
			  : (crm_value){ .kind = CRM_NULL };
	}
	people_add(p, (int64_t)p->n + 1, v);
	assert_false(p->failed);
}

/* What is found of two who have only this. */
static void found(enum person_column column, const char *a, const char *b, int field, enum outcome wanted)
{
	struct people p = { .n = 0 };
	const char *x[PERSON_COLUMNS] = { [PERSON_NAME] = "ada winter" },
		   *y[PERSON_COLUMNS] = { [PERSON_NAME] = "ada winter" };
	struct comparison c, back;

	x[column] = a;
	y[column] = b;
	add(&p, x);
	add(&p, y);
	compare_people(&c, &p, &p.v[0], &p.v[1]);
	compare_people(&back, &p, &p.v[1], &p.v[0]);
	if (c.outcome[field] != wanted || back.outcome[field] != wanted)
		fail_msg("%s, %s: %d and %d, not %d", a, b, c.outcome[field], back.outcome[field], (int)wanted);
	people_free(&p);
}

static void names_are_compared(void **state)
{
	static const struct {
		const char *a, *b;
		enum outcome family, given;
	} table[] = { { "张伟", "张伟", OUTCOME_SAME, OUTCOME_SAME },
		{ "张伟", "章伟", OUTCOME_HOMOPHONE, OUTCOME_SAME },
		{ "张建国", "张健国", OUTCOME_SAME, OUTCOME_HOMOPHONE },
		{ "张建国", "张建华", OUTCOME_SAME, OUTCOME_CHARACTER },
		{ "张伟", "张芳", OUTCOME_SAME, OUTCOME_DIFFERENT },
		{ "张伟", "Zhang Wei", OUTCOME_SWAPPED, OUTCOME_SWAPPED },
		{ "张伟", "Wei Zhang", OUTCOME_HOMOPHONE, OUTCOME_HOMOPHONE },
		{ "王先生", "王磊", OUTCOME_SAME, OUTCOME_MISSING },
		{ "Ada Winter", "WINTER, ADA", OUTCOME_SAME, OUTCOME_SAME },
		{ "Ada Winter", "Winter Ada", OUTCOME_SWAPPED, OUTCOME_SWAPPED },
		{ "Jon Smith", "John Smyth", OUTCOME_TYPO, OUTCOME_TYPO },
		{ "J. Smith", "John Smith", OUTCOME_SAME, OUTCOME_SHORT },
		{ "Rob Allen", "Robert Allen", OUTCOME_SAME, OUTCOME_SHORT },
		{ "Ada Winter", "Otto Sommer", OUTCOME_DIFFERENT, OUTCOME_DIFFERENT } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		found(PERSON_NAME, table[i].a, table[i].b, FIELD_FAMILY, table[i].family);
		found(PERSON_NAME, table[i].a, table[i].b, FIELD_GIVEN, table[i].given);
		found(PERSON_NAME, table[i].a, table[i].b, FIELD_FIRM, OUTCOME_MISSING);
	}
}

static void fields_are_compared(void **state)
{
	static const struct {
		enum person_column column;
		const char *a, *b;
		int field;
		enum outcome wanted;
	} table[] = {
		{ PERSON_NAME, "华信科技有限公司", "华信科技", FIELD_FIRM, OUTCOME_SAME },
		{ PERSON_NAME, "上海华信科技有限公司", "华信科技有限公司", FIELD_FIRM, OUTCOME_SIMILAR },
		{ PERSON_NAME, "Harbour Foods Ltd", "Foods Harbour & Co", FIELD_FIRM, OUTCOME_TYPO },
		{ PERSON_NAME, "Harbour Foods Ltd", "Atlas Freight Ltd", FIELD_FIRM, OUTCOME_DIFFERENT },
		{ PERSON_PHONE, "+8613800138000", "+8613800138000", FIELD_PHONE, OUTCOME_SAME },
		{ PERSON_PHONE, "+8613800138000", "+8613800138001", FIELD_PHONE, OUTCOME_DIGIT },
		{ PERSON_PHONE, "+8613800138000", "+8613801038000", FIELD_PHONE, OUTCOME_DIGIT },
		{ PERSON_PHONE, "+8613800138000", "+8613800139001", FIELD_PHONE, OUTCOME_DIFFERENT },
		{ PERSON_PHONE, "+8613800138000", "", FIELD_PHONE, OUTCOME_MISSING },
		{ PERSON_EMAIL, "ada@example.org", "ada@example.org", FIELD_EMAIL, OUTCOME_SAME },
		{ PERSON_EMAIL, "ada.winter@example.org", "ada.winter@example.com", FIELD_EMAIL, OUTCOME_LOCAL },
		{ PERSON_EMAIL, "ada@example.org", "ada@example.com", FIELD_EMAIL, OUTCOME_SIMILAR },
		{ PERSON_EMAIL, "ada.winter@example.org", "ada.wintr@example.org", FIELD_EMAIL, OUTCOME_TYPO },
		{ PERSON_EMAIL, "ada.winter@example.org", "info@example.org", FIELD_EMAIL, OUTCOME_DIFFERENT },
		{ PERSON_BIRTHDAY, "1990-05-12", "1990-05-12", FIELD_BIRTHDAY, OUTCOME_SAME },
		{ PERSON_BIRTHDAY, "1990-05-12", "1990-05-13", FIELD_BIRTHDAY, OUTCOME_DIGIT },
		{ PERSON_BIRTHDAY, "1990-05-12", "1990-12-05", FIELD_BIRTHDAY, OUTCOME_DAY_MONTH },
		{ PERSON_BIRTHDAY, "1990-05-12", "1990-05-31", FIELD_BIRTHDAY, OUTCOME_TWO_PARTS },
		{ PERSON_BIRTHDAY, "1990-05-12", "1990-05-21", FIELD_BIRTHDAY, OUTCOME_DIGIT },
		{ PERSON_BIRTHDAY, "1990-05-12", "1990", FIELD_BIRTHDAY, OUTCOME_PARTIAL },
		{ PERSON_BIRTHDAY, "1990-05-12", "1991", FIELD_BIRTHDAY, OUTCOME_PARTIAL },
		{ PERSON_BIRTHDAY, "1990-05-12", "--05-12", FIELD_BIRTHDAY, OUTCOME_PARTIAL },
		{ PERSON_BIRTHDAY, "1990", "--05-12", FIELD_BIRTHDAY, OUTCOME_MISSING },
		{ PERSON_BIRTHDAY, "1990-05-12", "1991-06", FIELD_BIRTHDAY, OUTCOME_DIFFERENT },
		{ PERSON_BIRTHDAY, "1990-05-12", "1971-08-30", FIELD_BIRTHDAY, OUTCOME_DIFFERENT },
		{ PERSON_ADDRESS, "12 High Street", "12 High St.", FIELD_ADDRESS, OUTCOME_SAME },
		{ PERSON_ADDRESS, "12 High Street, Flat 3", "12 high st", FIELD_ADDRESS, OUTCOME_TYPO },
		{ PERSON_ADDRESS, "Hauptstrasse 7", "Hauptstrase 7", FIELD_ADDRESS, OUTCOME_TYPO },
		{ PERSON_ADDRESS, "12 High Street", "High Street", FIELD_ADDRESS, OUTCOME_TYPO },
		{ PERSON_ADDRESS, "12 High Street", "14 High Street", FIELD_ADDRESS, OUTCOME_TWO_PARTS },
		{ PERSON_ADDRESS, "12 High Street", "12 Mill Lane", FIELD_ADDRESS, OUTCOME_DIFFERENT },
		{ PERSON_ADDRESS, "中山路88号", "上海市黄浦区中山路88号", FIELD_ADDRESS, OUTCOME_TYPO },
		{ PERSON_ADDRESS, "中山路88号", "人民路88号", FIELD_ADDRESS, OUTCOME_SIMILAR },
		{ PERSON_CITY, "London", "Londn", FIELD_PLACE, OUTCOME_CITY },
		{ PERSON_CITY, "London", "Leeds", FIELD_PLACE, OUTCOME_DIFFERENT },
		{ PERSON_POSTCODE, "100080", "100080", FIELD_PLACE, OUTCOME_SAME },
		{ PERSON_POSTCODE, "100080", "100800", FIELD_PLACE, OUTCOME_DIGIT },
		{ PERSON_POSTCODE, "100080", "518000", FIELD_PLACE, OUTCOME_DIFFERENT },
		{ PERSON_COMPANY, "Atlas Freight Ltd", "ATLAS FREIGHT", FIELD_COMPANY, OUTCOME_SAME },
		{ PERSON_GENDER, "female", "male", FIELD_GENDER, OUTCOME_DIFFERENT },
		{ PERSON_GENDER, "female", "female", FIELD_GENDER, OUTCOME_SAME },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		found(table[i].column, table[i].a, table[i].b, table[i].field, table[i].wanted);
}

/* --- scores --- */

static double score(const struct people *p, size_t a, size_t b)
{
	struct linkage l;
	struct comparison c;
	double frequency[COMPARED_FIELDS];

	linkage_init(&l, compared_fields, COMPARED_FIELDS, p->n);
	compare_people(&c, p, &p->v[a], &p->v[b]);
	compared_frequencies(frequency, &c, p, &p->v[a], &p->v[b]);
	return compared_score(&l, &c, frequency);
}

static void what_is_known_decides(void **state)
{
	static const char *const rows[][PERSON_COLUMNS] = {
		{ [PERSON_NAME] = "张伟", [PERSON_PHONE] = "+8613800138000" },                                   /* 0 */
		{ [PERSON_NAME] = "章伟", [PERSON_PHONE] = "+8613800138000", [PERSON_BIRTHDAY] = "1990-05-12" }, /* 1 */
		{ [PERSON_NAME] = "张伟" },                                                                      /* 2 */
		{ [PERSON_NAME] = "张伟" },                                                                      /* 3 */
		{ [PERSON_NAME] = "李雷", [PERSON_PHONE] = "+8613900139000", [PERSON_ADDRESS] = "中山路88号" },  /* 4 */
		{ [PERSON_NAME] = "韩梅", [PERSON_PHONE] = "+8613900139000", [PERSON_ADDRESS] = "中山路88号" },  /* 5 */
		{ [PERSON_NAME] = "Zbigniew Rare", [PERSON_EMAIL] = "z@example.org" },                           /* 6 */
		{ [PERSON_NAME] = "Zbigniew Rare", [PERSON_PHONE] = "+48123456789" },                            /* 7 */
		{ [PERSON_NAME] = "王芳", [PERSON_EMAIL] = "wang@example.org" },                                 /* 8 */
		{ [PERSON_NAME] = "王芳",
			[PERSON_EMAIL] = "wang@example.org",
			[PERSON_PHONE] = "+8613700137000" }, /* 9 */
	};
	struct people p = { .n = 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		add(&p, rows[i]);
	assert_true(score(&p, 0, 1) > 0.9);  /* one phone, names that sound alike */
	assert_true(score(&p, 2, 3) <= 0.5); /* nothing but a name, */
	assert_true(score(&p, 6, 7) <= 0.5); /* be it ever so rare */
	assert_true(score(&p, 4, 5) < 0.5);  /* two of a household */
	assert_true(score(&p, 8, 9) > 0.9);  /* one address */
	assert_true(score(&p, 0, 4) < 0.01); /* strangers */
	people_free(&p);
}

static void addresses_have_keys(void **state)
{
	static const char *const same[][2] = { { "12 high st flat 3", "12 high st" }, { "hauptst 7", "7 hauptst" },
		{ "中山路88号", "上海市中山路88号3单元" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		assert_int_equal(
			address_key(same[i][0], strlen(same[i][0])), address_key(same[i][1], strlen(same[i][1])));
	assert_int_equal(address_key("high st", 7), 0);
	assert_true(address_key("12 high st", 10) != address_key("14 high st", 10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_taken_apart),
		cmocka_unit_test(firms_are_known),
		cmocka_unit_test(what_stands_for_a_name_is_none),
		cmocka_unit_test(names_are_compared),
		cmocka_unit_test(fields_are_compared),
		cmocka_unit_test(what_is_known_decides),
		cmocka_unit_test(addresses_have_keys),
	};

	return cmocka_run_group_tests_name("duplicates", tests, NULL, NULL);
}

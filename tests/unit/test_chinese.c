/*
 * What is shown in Chinese can be typed in Chinese: the label of a field names it in filters, and a word of a vocabulary
 * means what it is shown for. Looked up in the catalogue of the build, over all entities there are.
 */
#include "store_helper.h"

#include "model/entity.h"
#include "text/text.h"

#include <locale.h>

static bool speak_chinese(void)
{
	const char *directory = getenv("CRM_LOCALEDIR");

	setenv("LANGUAGE", "zh_CN", 1);
	if (!directory || !setlocale(LC_MESSAGES, "C.UTF-8"))
		return false;
	crm_language_open(directory);
	return strcmp(crm_tr("yes"), "yes") != 0;
}

static bool is_chinese(const char *text)
{
	return (unsigned char)*text >= 0x80;
}

static void labels_are_names(void **state)
{
	crm_store *s = store_of(state);
	size_t seen = 0;

	if (!speak_chinese())
		skip();
	for (size_t i = 0; i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);

		for (size_t k = 0; k < e->nfields; k++) {
			const char *label = crm_tr(e->fields[k].label);
			const struct crm_field *f = is_chinese(label) ? field_typed(s, e, label) : &e->fields[k];

			if (f != &e->fields[k])
				fail_msg("%s.%s is called %s, which is %s", e->name, e->fields[k].name, label,
					f ? f->name : "nothing");
			seen += is_chinese(label);
		}
	}
	assert_true(seen > 200);
}

static void check_words(const struct crm_entity *e, const struct crm_field *f)
{
	for (size_t i = 0; i < f->nwords; i++) {
		const char *said = crm_field_word_tr(f, f->words[i].name);
		const struct word *w = word_meant(f->words, f->nwords, said, strlen(said), NULL);

		if (w != &f->words[i])
			fail_msg("%s.%s: %s is called %s, which is %s", e->name, f->name, f->words[i].name, said,
				w ? w->name : "nothing");
	}
}

static void words_are_understood(void **state)
{
	(void)state;
	if (!speak_chinese())
		skip();
	for (size_t i = 0; i < crm_entity_count(); i++)
		for (size_t k = 0; k < crm_entity_at(i)->nfields; k++)
			check_words(crm_entity_at(i), &crm_entity_at(i)->fields[k]);
}

/* The same word of two vocabularies, said in two ways. */
static void a_word_is_said_as_its_field_means_it(void **state)
{
	const struct crm_field *warranty = field_find_static(crm_entity_find("ticket"), "warranty");
	const struct crm_field *direction = field_find_static(crm_entity_find("log"), "direction");

	(void)state;
	setlocale(LC_MESSAGES, "C");
	assert_string_equal(crm_field_word_tr(warranty, "in"), "in");
	if (!speak_chinese())
		skip();
	assert_string_equal(crm_field_word_tr(warranty, "in"), "在保");
	assert_string_equal(crm_field_word_tr(direction, "in"), "呼入");
}

static void no_english_synonym_is_a_name(void **state)
{
	crm_store *s = store_of(state);
	const struct crm_entity *log = crm_entity_find("log");

	assert_null(field_typed(s, log, "type"));
	assert_ptr_equal(field_typed(s, log, "渠道"), field_find_static(log, "channel"));
	assert_ptr_equal(field_typed(s, log, "沟通方式"), field_find_static(log, "channel"));
	assert_null(field_typed(s, log, "天气"));
}

static void a_custom_field_is_named_by_its_label(void **state)
{
	crm_store *s = store_of(state);
	const struct crm_field *f;

	add(s, "field", "entity", "customer", "name", "grade", "label", "客户等级");
	f = field_typed(s, crm_entity_find("customer"), "客户等级");
	assert_non_null(f);
	assert_string_equal(f->name, "grade");
	assert_null(field_typed(s, crm_entity_find("org"), "客户等级"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(labels_are_names),
		sandbox_test(no_english_synonym_is_a_name),
		sandbox_test(a_custom_field_is_named_by_its_label),
		cmocka_unit_test(words_are_understood),
		cmocka_unit_test(a_word_is_said_as_its_field_means_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

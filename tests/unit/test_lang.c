/* Everything that the catalogue of reports says has a Chinese text. */
#include "draw/lang.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The number of texts without one; names them. */
static int missing(const char *report, const char *what, const char *en)
{
	if (lang_knows(en))
		return 0;
	print_error("report %s: its %s '%s' has no line in cmd/draw/lang_report.c\n", report, what, en);
	return 1;
}

static int missing_of(const crm_report *r)
{
	const char *name = crm_report_name(r);
	const crm_column *columns;
	size_t n = crm_report_columns(r, &columns);
	int count = missing(name, "title", crm_report_title(r)) + missing(name, "question", crm_report_help(r));

	for (size_t i = 0; i < n; i++)
		count += missing(name, "label", columns[i].label);
	return count;
}

static void test_reports(void **state)
{
	(void)state;
	int count = 0;

	assert_true(crm_report_count() > 0);
	for (size_t i = 0; i < crm_report_count(); i++)
		count += missing_of(crm_report_at(i));
	assert_int_equal(count, 0);
}

/* What --by names, where it is a field. */
static void test_by(void **state)
{
	(void)state;
	int count = 0;

	for (size_t i = 0; i < crm_report_count(); i++) {
		const crm_report *r = crm_report_at(i);
		for (const char *const *by = crm_report_by(r); by && *by; by++) {
			const crm_field *f = crm_field_find(NULL, crm_report_entity(r), *by);
			count += f ? missing(crm_report_name(r), "--by field", crm_field_label(f)) : 0;
		}
	}
	assert_int_equal(count, 0);
}

static void test_due(void **state)
{
	(void)state;
	const crm_column *columns;
	size_t n = crm_due_columns(&columns);
	int count = 0;

	for (size_t i = 0; i < n; i++)
		count += missing("followup due", "label", columns[i].label);
	assert_int_equal(count, 0);
}

/* A part of a page names a report of the catalogue, and options that it takes. */
static void test_parts(void **state)
{
	(void)state;
	const crm_report_part *parts;

	for (size_t i = 0; i < crm_report_count(); i++) {
		size_t n = crm_report_parts(crm_report_at(i), &parts);
		for (size_t k = 0; k < n; k++) {
			const crm_report *r = parts[k].report ? crm_report_find(parts[k].report) : NULL;
			assert_true(!parts[k].report || r);
			assert_true(parts[k].chart || parts[k].rows > 0);
			assert_true(!parts[k].by || (r && crm_report_takes(r, "by")));
			assert_true(!parts[k].since || (r && crm_report_takes(r, "since")));
			assert_true(!parts[k].chart || (r && crm_report_chart(r).kind != CRM_CHART_NONE));
		}
	}
}

static void test_words(void **state)
{
	(void)state;
	static const struct {
		const char *word, *en, *zh;
	} wanted[] = { { "first_reply", "first reply", "首次回复" }, { "phone", "phone", "电话" },
		{ "snake_case", "snake_case", "snake_case" }, { "\033x", "\\x1bx", "\\x1bx" } };

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct strbuf en = { 0 }, zh = { 0 };
		lang_word(&en, LANG_EN, wanted[i].word, strlen(wanted[i].word));
		lang_word(&zh, LANG_ZH, wanted[i].word, strlen(wanted[i].word));
		assert_string_equal(en.s, wanted[i].en);
		assert_string_equal(zh.s, wanted[i].zh);
		strbuf_free(&en);
		strbuf_free(&zh);
	}
}

static void test_templates(void **state)
{
	(void)state;
	struct strbuf b = { 0 };

	lang_put(&b, LANG_EN, "the {1} largest of {2}", "40", "2,000");
	strbuf_puts(&b, "|");
	lang_put(&b, LANG_ZH, "the {1} largest of {2}", "40", "2,000");
	assert_string_equal(b.s, "the 40 largest of 2,000|共 2,000 项，图中为最大的 40 项");
	strbuf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_by),
		cmocka_unit_test(test_due),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_templates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

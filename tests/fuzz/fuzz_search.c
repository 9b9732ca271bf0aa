/*
 * Any text as what is searched for, a line a term: never syntax of the index, never an error of SQL; each answer is a record
 * with a snippet of UTF-8. The first byte chooses words or regular expressions.
 */
#include "fuzz_store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all_rows(crm_cursor *c)
{
	int status;

	while ((status = crm_cursor_next(c)) == CRM_OK)
		for (size_t i = 0; i < crm_cursor_columns(c); i++) {
			const crm_value *v = crm_cursor_value(c, i);

			require(v->kind != CRM_STRING || utf8_valid(v->s, v->len, NULL), "cells are UTF-8");
		}
	require(status == CRM_END || status == CRM_INVALID, "rows up to the end, or a refused expression");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	crm_store *s = fuzz_store_open();
	const char *terms[8];
	cleanup(buf_free) struct buf text = BUF_INIT;
	crm_search_options opt = { .terms = terms, .limit = -1 };
	crm_cursor *c;

	if (size < 1)
		return 0;
	opt.regex = data[0] & 1;
	buf_add(&text, (const char *)data + 1, size - 1);
	for (char *at = (char *)(uintptr_t)buf_str(&text); at && *at && opt.nterms < ARRAY_SIZE(terms);) {
		char *end = strchrnul(at, '\n');

		terms[opt.nterms++] = at;
		at = *end ? end + 1 : end;
		*end = '\0';
	}
	int status = crm_search(&c, s, &opt);
	if (status == CRM_OK) {
		read_all_rows(c);
		crm_cursor_close(c);
		return 0;
	}
	require(status == CRM_INVALID, "an answer or a usage error");
	require_message();
	return 0;
}

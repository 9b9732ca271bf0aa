/*
 * Any text as a filter. What must hold: an answer or a usage error, never an error of SQL; the count is that of the ids
 * and not beyond all; what `not:` finds is the rest. The first byte chooses entity and form.
 */
#include "fuzz_store.h"

enum {
	STORED_FORM = 1,
	OF_LOG = 2
};

static int run(crm_store *s, const crm_entity *e, const char *text, bool stored, int64_t *count)
{
	cleanup(freep) int64_t *ids = NULL;
	crm_query *q;
	size_t n = 0;
	int status;

	require(crm_query_new(&q, s, e) == CRM_OK, "a query");
	status = stored ? crm_query_filter_text(q, text) : crm_query_filter(q, 1, &text);
	if (status == CRM_OK)
		status = crm_query_count(count, q);
	if (status == CRM_OK) {
		require(crm_query_collect(&ids, &n, q) == CRM_OK, "what can be counted can be listed");
		require((int64_t)n == *count, "as many ids as counted");
	}
	crm_query_free(q);
	if (status == CRM_OK)
		return status;
	require(status == CRM_INVALID || status == CRM_NOTFOUND || status == CRM_AMBIGUOUS,
		"an answer or a usage error");
	require_message();
	return status;
}

/* An argument in brackets is a word by itself, and a group after `not:`. */
static bool is_group(const char *text)
{
	return *text == '(' && text[strlen(text) - 1] == ')';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	crm_store *s = fuzz_store_open();
	const char *const all[] = { "customer", "log" };
	const crm_entity *e;
	cleanup(buf_free) struct buf text = BUF_INIT, negated = BUF_INIT;
	int64_t count, rest, total = 0;

	if (size < 2)
		return 0;
	e = crm_entity_find(all[data[0] & OF_LOG ? 1 : 0]);
	buf_add(&text, (const char *)data + 1, size - 1);
	require(run(s, e, "", true, &total) == CRM_OK && total > 0, "everything without a filter");
	if (run(s, e, buf_str(&text), data[0] & STORED_FORM, &count) < 0)
		return 0;
	require(count >= 0 && count <= total, "no more than there are");
	buf_printf(&negated, "not:%s", text.s);
	if (!(data[0] & STORED_FORM) && !is_group(text.s) && run(s, e, negated.s, false, &rest) == CRM_OK)
		require(count + rest == total, "a term and its negation are everything");
	return 0;
}

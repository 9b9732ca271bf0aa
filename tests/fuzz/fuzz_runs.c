/*
 * Any bytes as text, as they are and folded as what somebody says. What must hold: runs are within the text, in order,
 * apart from each other, and none is empty; what is between them has no letter or digit of ASCII; the runs of a run alone
 * are that run; and every term that is found is one that was learned.
 */
#include "analysis/terms.h"
#include "text/runs.h"
#include "text/text.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_between(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		assert(!ascii_alpha(s[i]) && !ascii_digit(s[i]));
}

static void check_runs(const char *s, size_t len)
{
	size_t end = 0;
	struct run r, alone;

	for (size_t pos = 0; run_next(&r, s, len, &pos);) {
		size_t again = 0;

		assert(r.len > 0 && r.s >= s + end && r.s + r.len <= s + len && pos == (size_t)(r.s - s) + r.len);
		check_between(s + end, (size_t)(r.s - s) - end);
		assert(run_next(&alone, r.s, r.len, &again) && alone.s == r.s && alone.len == r.len);
		assert(alone.kind == r.kind);
		end = pos;
	}
	check_between(s + end, len - end);
}

static void check_terms(const char *said, size_t len)
{
	const uint32_t *found;
	struct terms *t;
	size_t n;

	assert(terms_new(&t) == CRM_OK);
	for (int i = 0; i < 3; i++)
		assert(terms_learn(t, said, len) == CRM_OK);
	assert(terms_settle(t) == CRM_OK);
	assert(terms_of(&found, &n, t, said, len) == CRM_OK);
	/* what was learned from this text alone is all in it */
	assert(n == terms_count(t));
	for (size_t i = 0; i < n; i++)
		assert(utf8_valid(terms_text(t, found[i]), strlen(terms_text(t, found[i])), NULL));
	terms_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	struct buf said = BUF_INIT;

	check_runs(s, size);
	assert(text_said(&said, s, size) == CRM_OK &&
		utf8_valid(buf_str(&said), said.len, NULL) >= !memchr(s, 0, size));
	check_runs(buf_str(&said), said.len);
	check_terms(buf_str(&said), said.len);
	buf_free(&said);
	return 0;
}

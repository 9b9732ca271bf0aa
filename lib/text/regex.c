#define PCRE2_CODE_UNIT_WIDTH 8
#include "text/regex.h"

#include <pcre2.h>

struct regex {
	pcre2_code *code;
	pcre2_match_data *match;
};

void regex_free(struct regex *re)
{
	if (!re)
		return;
	pcre2_match_data_free(re->match);
	pcre2_code_free(re->code);
	free(re);
}

/* Characters that end before the byte `at`. */
static size_t characters(const char *s, size_t len, size_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < len && i < at; i++)
		n += (s[i] & 0xc0) != 0x80;
	return n;
}

int regex_new(struct regex **out, const char *pattern, size_t len, struct err *err)
{
	cleanup(regex_freep) struct regex *re = calloc(1, sizeof(*re));
	PCRE2_UCHAR text[128];
	PCRE2_SIZE at;
	int code;

	if (!re)
		return err_nomem(err);
	re->code = pcre2_compile((PCRE2_SPTR)pattern, len, PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS, &code, &at, NULL);
	if (!re->code && code == PCRE2_ERROR_HEAP_FAILED)
		return err_nomem(err);
	if (!re->code) {
		if (pcre2_get_error_message(code, text, sizeof(text)) < 0)
			text[0] = '\0';
		return err_set(err, CRM_INVALID, "bad regular expression at character %zu: %s",
			characters(pattern, len, at) + 1, (const char *)text);
	}
	re->match = pcre2_match_data_create(1, NULL);
	if (!re->match)
		return err_nomem(err);
	(void)pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE); /* without JIT it is only slower */
	*out = TAKE_PTR(re);
	return CRM_OK;
}

int regex_find(size_t *from, size_t *to, struct regex *re, const char *s, size_t len, size_t start, struct err *err)
{
	int r = pcre2_match(re->code, (PCRE2_SPTR)s, len, start, PCRE2_NO_UTF_CHECK, re->match, NULL);
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(re->match);

	if (r == PCRE2_ERROR_NOMATCH)
		return CRM_END;
	if (r == PCRE2_ERROR_NOMEMORY)
		return err_nomem(err);
	if (r < 0)
		return err_set(err, CRM_INVALID, REGEX_TIRED);
	*from = at[0] < at[1] ? at[0] : at[1]; /* \K in a look-ahead can put the beginning behind the end */
	*to = at[0] < at[1] ? at[1] : at[0];
	return CRM_OK;
}

/*
 * Any bytes as a packed classifier. What must hold: no crash; a refusal says why; what is taken packs into the same bytes
 * again, and says probabilities of any text that sum up to 1.
 */
#include "analysis/classifier.h"

#include <math.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static void check_answer(struct classifier *c, const char *text)
{
	const struct vector *x;
	double sum = 0, *p = calloc(c->nlabels, sizeof(*p));

	require(p && classifier_read(&x, c, text, strlen(text)) == CRM_OK, "memory for an answer");
	classifier_probabilities(p, c, x);
	for (size_t k = 0; k < c->nlabels; k++) {
		require(p[k] >= 0, "a probability is no less than 0");
		sum += p[k];
	}
	require(fabs(sum - 1) < 1e-2, "probabilities sum up to 1");
	free(p);
}

static void check_again(const struct classifier *c)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	struct classifier back;
	struct err why = { 0 };

	require(classifier_pack(&once, c) == CRM_OK, "what was read is packed");
	require(classifier_unpack(&back, once.s, once.len, &why) == CRM_OK, "and read again");
	require(classifier_pack(&twice, &back) == CRM_OK && strcmp(once.s, twice.s) == 0, "as the same");
	classifier_free(&back);
	buf_free(&once);
	buf_free(&twice);
	err_free(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT;
	struct classifier c;
	struct err why = { 0 };

	buf_base64(&text, data, size);
	if (classifier_unpack(&c, buf_str(&text), text.len, &why) == CRM_OK) {
		check_answer(&c, "i want a refund\n我要退货\n");
		check_answer(&c, "");
		check_again(&c);
	} else {
		require(why.msg.len > 0, "a refusal says why");
	}
	classifier_free(&c);
	buf_free(&text);
	err_free(&why);
	return 0;
}

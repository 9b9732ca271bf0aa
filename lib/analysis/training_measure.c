/* Training: what a classifier says of what it has not learnt from. */
#include "analysis/training.h"

/*
 * The held-out texts in two halves, with decisions about them. Each half is measured with the calibration that the other
 * one asks for, so that it has not seen its own answers; what is kept is calibrated by both.
 */
struct halves {
	struct crm_training *t;
	struct classifier *c;
	const struct labelled_text **text; /* those of the first half first */
	uint32_t *label;
	double *decision;
	size_t n, first;
};

static void halves_free(struct halves *h)
{
	free(h->text);
	free(h->label);
	free(h->decision);
}

/* They alternate: each half has every label that has two. */
static int halves_make(struct halves *h, size_t outputs)
{
	struct crm_training *t = h->t;
	size_t at = 0;

	h->n = t->nheld;
	h->first = (h->n + 1) / 2;
	h->text = calloc(h->n, sizeof(*h->text));
	h->label = calloc(h->n, sizeof(*h->label));
	h->decision = calloc(h->n * outputs, sizeof(*h->decision));
	if (!h->text || !h->label || !h->decision)
		return CRM_NOMEM;
	for (size_t i = 0; i < t->texts.n; i++) {
		if (t->part[i] != PART_HELD)
			continue;
		size_t place = at % 2 == 0 ? at / 2 : h->first + at / 2;
		h->text[place] = &t->texts.v[i];
		h->label[place] = t->texts.v[i].known;
		at++;
	}
	return CRM_OK;
}

static int decide(struct halves *h, size_t outputs)
{
	const struct vector *x;
	int status = CRM_OK;

	for (size_t i = 0; i < h->n && status == CRM_OK; i++) {
		status = classifier_read(&x, h->c, h->text[i]->text, h->text[i]->len);
		if (status == CRM_OK)
			classifier_decisions(h->decision + i * outputs, h->c, x);
	}
	return status;
}

static int fit(struct calibration *out, const struct halves *h, size_t from, size_t to)
{
	size_t outputs = h->c->linear.outputs;
	struct decided of = { h->decision + from * outputs, h->label + from, to - from, outputs };

	return calibration_fit(out, &of);
}

static int ask(struct halves *h, size_t from, size_t to, double *probability)
{
	struct crm_evaluation *e = &h->t->evaluation;
	const struct vector *x;
	int status = CRM_OK;

	for (size_t i = from; i < to && status == CRM_OK; i++) {
		status = classifier_read(&x, h->c, h->text[i]->text, h->text[i]->len);
		if (status < 0)
			break;
		classifier_probabilities(probability, h->c, x);
		evaluation_add(e, h->label[i], probability, e->nlabels);
	}
	return status;
}

/* With a calibration that the texts do not know, where one is needed. */
static int ask_all(struct halves *h)
{
	cleanup(freep) double *probability = calloc(h->t->nlabels, sizeof(*probability));
	bool linear = method_is_linear(h->c->method);
	int status = probability ? CRM_OK : CRM_NOMEM;

	if (status == CRM_OK && linear)
		status = fit(&h->c->calibration, h, h->first, h->n);
	if (status == CRM_OK)
		status = ask(h, 0, h->first, probability);
	if (status == CRM_OK && linear)
		status = fit(&h->c->calibration, h, 0, h->first);
	return status == CRM_OK ? ask(h, h->first, h->n, probability) : status;
}

static int calibrate(struct halves *h)
{
	struct calibration *c = &h->t->calibration;

	c->slope = calloc(h->c->linear.outputs, sizeof(*c->slope));
	c->intercept = calloc(h->c->linear.outputs, sizeof(*c->intercept));
	return c->slope && c->intercept ? fit(c, h, 0, h->n) : CRM_NOMEM;
}

int training_measure(struct crm_training *t, struct classifier *c)
{
	cleanup(halves_free) struct halves h = { .t = t, .c = c };
	bool linear = method_is_linear(c->method);
	int status = halves_make(&h, linear ? c->linear.outputs : 0);

	if (status == CRM_OK && linear)
		status = decide(&h, c->linear.outputs);
	if (status == CRM_OK && linear)
		status = calibrate(&h);
	return status == CRM_OK && t->opt.test > 0 ? ask_all(&h) : status;
}

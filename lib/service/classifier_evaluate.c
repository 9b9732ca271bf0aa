/* Asking a stored classifier about texts whose label is known. */
#include "analysis/evaluation.h"
#include "analysis/labelled.h"
#include "service/classify.h"

/* --- labels: those that it knows, then those that only the rows have --- */

struct asked {
	struct loaded *by;
	struct classifier *c;
	struct labelled texts;
	const char **labels;
	size_t nlabels, cap;
	uint64_t strange; /* texts with a label that it does not know */
};

static void asked_free(struct asked *a)
{
	labelled_free(&a->texts);
	free(a->labels);
}

static int add_label(struct asked *a, const char *label)
{
	if (!GROW(a->labels, a->nlabels, a->cap))
		return CRM_NOMEM;
	a->labels[a->nlabels++] = label;
	return CRM_OK;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t find_label(const struct asked *a, const char *label)
{
	const char *const *found = bsearch(&label, a->labels, a->c->nlabels, sizeof(*a->labels), by_name);

	return found ? (size_t)(found - (const char *const *)a->labels) : SIZE_MAX;
}

/* The texts stand in the order of their labels. */
static int number_labels(struct asked *a)
{
	int status = CRM_OK;

	for (size_t k = 0; k < a->c->nlabels && status == CRM_OK; k++)
		status = add_label(a, a->c->labels[k]);
	for (size_t i = 0; i < a->texts.n && status == CRM_OK; i++) {
		struct labelled_text *t = &a->texts.v[i];
		bool same = i > 0 && strcmp(t->label, t[-1].label) == 0;
		size_t known = same ? t[-1].known : find_label(a, t->label);
		if (known == SIZE_MAX) {
			known = a->nlabels;
			status = add_label(a, t->label);
		}
		t->known = (uint32_t)known;
		a->strange += known >= a->c->nlabels;
	}
	return status;
}

static void warn_strange(const struct asked *a, crm_store *s)
{
	cleanup(buf_free) struct buf b = BUF_INIT;

	for (size_t k = a->c->nlabels; k < a->nlabels && k < a->c->nlabels + 3; k++)
		buf_quote(buf_comma(&b), a->labels[k], strlen(a->labels[k]));
	if (a->nlabels > a->c->nlabels + 3)
		buf_say(&b, " and others");
	if (a->strange > 0 && buf_str(&b))
		store_say(s, CRM_EVENT_WARNING, 0,
			"%llu texts have a label that it does not know, and count as mistakes: %s",
			(unsigned long long)a->strange, b.s);
}

/* --- asking --- */

static int ask(struct crm_evaluation *e, struct asked *a)
{
	cleanup(freep) double *probability = calloc(a->c->nlabels, sizeof(*probability));
	int status = probability ? evaluation_begin(e, a->labels, a->nlabels, (uint64_t)a->by->threshold) : CRM_NOMEM;
	const struct vector *x;

	e->documents = a->texts.n;
	for (size_t i = 0; i < a->texts.n && status == CRM_OK; i++) {
		const struct labelled_text *t = &a->texts.v[i];
		status = classifier_read(&x, a->c, t->text, t->len);
		if (status < 0)
			break;
		classifier_probabilities(probability, a->c, x);
		evaluation_add(e, t->known, probability, a->c->nlabels);
	}
	return status;
}

static int evaluate(struct crm_evaluation *e, crm_store *s, struct asked *a)
{
	double began = evaluation_clock();
	int status = labelled_sort(&a->texts);

	labelled_warn(&a->texts, s, "label");
	if (a->texts.n == 0)
		return err_set(&s->err, CRM_INVALID, "no row has both a text and a label");
	if (status == CRM_OK)
		status = number_labels(a);
	if (status == CRM_OK && a->nlabels > 2 * (size_t)LABELS_MAX)
		return err_set(&s->err, CRM_INVALID, "%zu different labels: is it the right column?", a->nlabels);
	warn_strange(a, s);
	if (status == CRM_OK)
		status = ask(e, a);
	e->seconds = evaluation_clock() - began;
	return status < 0 ? err_nomem(&s->err) : CRM_OK;
}

int crm_classifier_evaluate(crm_evaluation **out, crm_store *s, const char *model, crm_cursor *rows)
{
	cleanup(asked_free) struct asked a = { 0 };
	struct crm_evaluation *e = calloc(1, sizeof(*e));
	int status = e ? classifier_load(&a.by, s, model) : err_nomem(&s->err);

	if (status == CRM_OK)
		status = labelled_read(&a.texts, s, rows);
	else
		crm_cursor_close(rows);
	if (status == CRM_OK) {
		a.c = &a.by->classifier;
		status = evaluate(e, s, &a);
	}
	if (status < 0) {
		crm_evaluation_free(e);
		return status;
	}
	*out = e;
	return CRM_OK;
}

int crm_classifier_columns(char **text, char **label, crm_store *s, const char *model)
{
	struct loaded *by;
	int status = classifier_load(&by, s, model);

	if (status < 0)
		return status;
	cleanup(freep) char *fields = strdup(by->fields), *name = strdup(by->label);
	if (!fields || !name)
		return err_nomem(&s->err);
	*text = TAKE_PTR(fields);
	*label = TAKE_PTR(name);
	return CRM_OK;
}

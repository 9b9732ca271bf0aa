/* Training: options, texts, what is held out. */
#include "analysis/training.h"

enum {
	SPARE_FROM = 2000 /* texts; fewer take no time */
};

/* Without an evaluation the calibration needs texts that it has not learnt from nevertheless. */
static const double calibration_share = 0.2;

/* --- options --- */

static int check_options(crm_store *s, const crm_training_options *o, crm_method *method)
{
	if (o->method && !method_find(method, o->method))
		return err_set(&s->err, CRM_INVALID, "method '%s': is not svm, logistic, tree or forest", o->method);
	if (!(o->test >= 0 && o->test <= 0.9))
		return err_set(&s->err, CRM_INVALID, "test: the share to hold out is from 0 to 0.9");
	if (o->threshold < 0 || o->threshold > 100)
		return err_set(&s->err, CRM_INVALID, "threshold: is from 0 to 1");
	return CRM_OK;
}

static const char *copy(struct crm_training *t, const char *s)
{
	return s ? arena_copy(&t->mem, s, strlen(s)) : NULL;
}

int crm_training_new(crm_training **out, crm_store *s, const crm_training_options *opt)
{
	crm_method method = CRM_SVM;
	int status = check_options(s, opt, &method);
	struct crm_training *t = status == CRM_OK ? calloc(1, sizeof(*t)) : NULL;

	if (status < 0)
		return status;
	if (!t)
		return err_nomem(&s->err);
	t->s = s;
	t->began = evaluation_clock();
	t->method = method;
	t->opt = *opt;
	t->opt.name = copy(t, opt->name);
	t->opt.method = method_name(method);
	t->opt.learnt_from = copy(t, opt->learnt_from);
	t->opt.text_fields = copy(t, opt->text_fields);
	t->opt.label_field = copy(t, opt->label_field);
	t->opt.filter = copy(t, opt->filter);
	t->texts.key = (struct hash_key){ opt->seed, 0x7472616974726169 }; /* one for ever: so is the split */
	if (t->mem.failed) {
		crm_training_free(t);
		return err_nomem(&s->err);
	}
	*out = t;
	return CRM_OK;
}

void crm_training_free(crm_training *t)
{
	if (!t)
		return;
	labelled_free(&t->texts);
	free(t->part);
	free(t->labels);
	vocabulary_free(&t->vocabulary);
	classifier_free(&t->classifier);
	free(t->calibration.slope);
	free(t->calibration.intercept);
	evaluation_free(&t->evaluation);
	arena_free(&t->mem);
	free(t);
}

int crm_training_add(crm_training *t, crm_cursor *rows)
{
	return labelled_read(&t->texts, t->s, rows);
}

crm_evaluation *crm_training_evaluation(crm_training *t)
{
	return &t->evaluation;
}

/* --- labels --- */

/* Numbers the labels in the order of their bytes, which is that of the texts. */
static int number_labels(struct crm_training *t)
{
	size_t cap = 0;

	for (size_t i = 0; i < t->texts.n; i++) {
		struct labelled_text *text = &t->texts.v[i];
		if (i == 0 || strcmp(text->label, text[-1].label) != 0) {
			if (!GROW(t->labels, t->nlabels, cap))
				return err_nomem(&t->s->err);
			t->labels[t->nlabels++] = text->label;
		}
		text->known = (uint32_t)t->nlabels - 1;
	}
	return CRM_OK;
}

static int check_labels(struct crm_training *t)
{
	cleanup(buf_free) struct buf b = BUF_INIT;
	const char *name = t->opt.label_field;

	if (t->texts.n == 0 && t->texts.without_text)
		return err_set(
			&t->s->err, CRM_INVALID, "%s: no row with a %s has a text there", t->opt.text_fields, name);
	if (t->texts.n == 0)
		return err_set(&t->s->err, CRM_INVALID, "%s: no text has one: there is nothing to learn from", name);
	if (t->nlabels > LABELS_MAX)
		return err_set(&t->s->err, CRM_INVALID,
			"%s: has %zu different values, and at most %d can be told apart: is it the right one?", name,
			t->nlabels, LABELS_MAX);
	if (t->nlabels > 1)
		return CRM_OK;
	buf_quote(&b, t->labels[0], strlen(t->labels[0]));
	return err_set(&t->s->err, CRM_INVALID, "%s: all %zu texts have %s: there is nothing to tell apart", name,
		t->texts.n, buf_str(&b) ? b.s : "");
}

/* --- what is held out --- */

/* How many of n texts: the nearest number to the share, but something is learnt, and asked, of each label. */
static size_t held_of(size_t n, double share)
{
	size_t held = (size_t)((double)n * share + 0.5);

	if (n < 2)
		return 0;
	return held < 1 ? 1 : held > n - 1 ? n - 1 : held;
}

static void warn_singles(struct crm_training *t, size_t singles, const char *label)
{
	struct buf b = BUF_INIT;

	if (!singles || t->opt.test <= 0)
		return;
	buf_quote(&b, label, strlen(label));
	if (singles > 1 && buf_str(&b))
		store_say(t->s, CRM_EVENT_WARNING, 0,
			"%s and %zu more labels have a single text, which is learnt from: it cannot be tested", b.s,
			singles - 1);
	else if (buf_str(&b))
		store_say(t->s, CRM_EVENT_WARNING, 0, "%s has a single text, which is learnt from: it cannot be tested",
			b.s);
	buf_free(&b);
}

/*
 * The first of each label: texts stand in an order that chance has made. Of many, a round that only calibrates learns
 * from every other one of the rest: a third of the time is saved, and the calibration error grows by less than half a percent.
 */
static void hold_out(struct crm_training *t)
{
	double share = t->opt.test > 0 ? t->opt.test : calibration_share;
	bool spare = t->opt.test <= 0 && t->texts.n >= SPARE_FROM;
	const char *single = NULL;
	size_t singles = 0;

	for (size_t i = 0, n; i < t->texts.n; i += n) {
		for (n = 1; i + n < t->texts.n && t->texts.v[i + n].known == t->texts.v[i].known; n++)
			;
		size_t held = held_of(n, share);
		for (size_t k = 0; k < held; k++)
			t->part[i + k] = PART_HELD;
		for (size_t k = held + 1; k < n && spare; k += 2)
			t->part[i + k] = PART_SPARED;
		t->nheld += held;
		single = n == 1 && !single ? t->texts.v[i].label : single;
		singles += n == 1;
	}
	warn_singles(t, singles, single);
}

int crm_training_begin(crm_training *t)
{
	bool needed = t->opt.test > 0 || method_is_linear(t->method);
	int status = labelled_sort(&t->texts);

	if (status < 0)
		return err_nomem(&t->s->err);
	status = number_labels(t);
	if (status == CRM_OK)
		status = check_labels(t);
	if (status < 0)
		return status;
	labelled_warn(&t->texts, t->s, t->opt.label_field);
	t->part = calloc(t->texts.n, sizeof(*t->part));
	if (!t->part || evaluation_begin(&t->evaluation, t->labels, t->nlabels, (uint64_t)t->opt.threshold) < 0)
		return err_nomem(&t->s->err);
	hold_out(t);
	t->evaluation.documents = t->texts.n;
	t->evaluation.trained = t->opt.test > 0 ? t->texts.n - t->nheld : t->texts.n;
	t->round = needed && t->nheld > 0 ? ROUND_MEASURE : ROUND_KEEP;
	return CRM_OK;
}

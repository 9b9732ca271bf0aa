/* What an evaluation says, as rows: one description of the figures for tables, JSON and the record. */
#include "analysis/evaluation.h"
#include "base/cursor.h"

#include <math.h>

enum {
	MISTAKES = 20 /* the most frequent ones that people are shown */
};

static void set_real(struct rowset *r, size_t col, double v)
{
	if (!isnan(v))
		rowset_real(r, col, v);
}

/* --- the summary --- */

enum summary_column {
	S_N,
	S_TRAIN,
	S_TEST,
	S_LABELS,
	S_ACCURACY,
	S_MACRO_F1,
	S_MAJORITY,
	S_SECONDS,
	S_LOG_LOSS,
	S_CALIBRATION,
	S_THRESHOLD,
	S_UNKNOWN,
	S_KNOWN_ACCURACY
};

static const crm_column summary_columns[] = {
	[S_N] = COLUMN("n", "Texts", "texts that have a label", CRM_INTEGER),
	[S_TRAIN] = COLUMN("train_n", "Learnt", "texts that it learnt from before it was asked", CRM_INTEGER),
	[S_TEST] = COLUMN("test_n", "Tested", "texts that it was asked about, and had not learnt from", CRM_INTEGER),
	[S_LABELS] = COLUMN("labels", "Labels", "how many labels there are", CRM_INTEGER),
	[S_ACCURACY] = COLUMN("accuracy", "Accuracy", "share of the tested that it told right, 0 to 1", CRM_REAL),
	[S_MACRO_F1] = COLUMN("macro_f1", "Macro F1", "mean F1 of the labels, each counting alike", CRM_REAL),
	[S_MAJORITY] = COLUMN("majority", "Majority", "accuracy of always saying the most frequent label", CRM_REAL),
	[S_SECONDS] = COLUMN("seconds", "Seconds", "how long all of it took", CRM_REAL),
	[S_LOG_LOSS] =
		COLUMN("log_loss", "Log-loss", "mean of -ln of the probability that it gave the right label", CRM_REAL),
	[S_CALIBRATION] = COLUMN("calibration_error", "Calibration error",
		"how far its probabilities are from the shares that come true", CRM_REAL),
	[S_THRESHOLD] = COLUMN("threshold", "Threshold", "probability below which it says unknown", CRM_REAL),
	[S_UNKNOWN] = COLUMN("unknown", "Unknown", "share of the tested of which it says so", CRM_REAL),
	[S_KNOWN_ACCURACY] = COLUMN("known_accuracy", "Known accuracy", "accuracy of all others", CRM_REAL),
};

static void summary_row(struct rowset *r, const struct crm_evaluation *e)
{
	double n = (double)e->n, known = n - (double)e->unknown;

	rowset_begin(r);
	rowset_int(r, S_N, (int64_t)e->documents);
	rowset_int(r, S_TRAIN, (int64_t)e->trained);
	rowset_int(r, S_TEST, (int64_t)e->n);
	rowset_int(r, S_LABELS, (int64_t)e->nlabels);
	set_real(r, S_ACCURACY, evaluation_accuracy(e));
	set_real(r, S_MACRO_F1, evaluation_macro_f1(e));
	set_real(r, S_MAJORITY, evaluation_majority(e));
	rowset_real(r, S_SECONDS, e->seconds);
	set_real(r, S_LOG_LOSS, evaluation_log_loss(e));
	set_real(r, S_CALIBRATION, evaluation_calibration_error(e));
	rowset_real(r, S_THRESHOLD, (double)e->threshold / 100);
	set_real(r, S_UNKNOWN, n > 0 ? (double)e->unknown / n : NAN);
	set_real(r, S_KNOWN_ACCURACY, known > 0 ? (double)e->known_right / known : NAN);
}

/* --- each label --- */

static const crm_column label_columns[] = {
	COLUMN("label", "Label", "the label", CRM_TEXT),
	COLUMN("n", "Texts", "tested texts that have it", CRM_INTEGER),
	COLUMN("precision", "Precision", "share of those told to have it that do; empty: none was", CRM_REAL),
	COLUMN("recall", "Recall", "share of those that have it that were told to; empty: none has", CRM_REAL),
	COLUMN("f1", "F1", "harmonic mean of both", CRM_REAL),
};

static void label_rows(struct rowset *r, const struct crm_evaluation *e)
{
	for (size_t k = 0; k < e->nlabels; k++) {
		struct label_figures f = evaluation_label(e, k);
		rowset_begin(r);
		rowset_str(r, 0, e->labels[k]);
		rowset_int(r, 1, (int64_t)f.n);
		set_real(r, 2, f.precision);
		set_real(r, 3, f.recall);
		set_real(r, 4, f.f1);
	}
}

/* --- what was taken for what --- */

static const crm_column confusion_columns[] = {
	COLUMN("label", "Label", "the label that texts have", CRM_TEXT),
	COLUMN("predicted", "Said to be", "the label that they were told to have", CRM_TEXT),
	COLUMN("n", "Texts", "how many", CRM_INTEGER),
};

struct cell_at {
	uint32_t n;
	size_t at;
};

static int more_first(const void *a, const void *b)
{
	const struct cell_at *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return x->at < y->at ? -1 : 1;
}

static void confusion_row(struct rowset *r, const struct crm_evaluation *e, size_t at)
{
	rowset_begin(r);
	rowset_str(r, 0, e->labels[at / e->nlabels]);
	rowset_str(r, 1, e->labels[at % e->nlabels]);
	rowset_int(r, 2, (int64_t)e->confusion[at]);
}

static void confusion_rows(struct rowset *r, const struct crm_evaluation *e)
{
	for (size_t at = 0; at < e->nlabels * e->nlabels; at++)
		if (e->confusion[at] > 0)
			confusion_row(r, e, at);
}

static int mistake_rows(struct rowset *r, const struct crm_evaluation *e)
{
	cleanup(freep) struct cell_at *cells = NULL;
	size_t n = 0, cap = 0;

	for (size_t at = 0; at < e->nlabels * e->nlabels; at++) {
		if (e->confusion[at] == 0 || at / e->nlabels == at % e->nlabels)
			continue;
		if (!GROW(cells, n, cap))
			return CRM_NOMEM;
		cells[n++] = (struct cell_at){ e->confusion[at], at };
	}
	if (n > 1)
		qsort(cells, n, sizeof(*cells), more_first);
	for (size_t i = 0; i < n && i < MISTAKES; i++)
		confusion_row(r, e, cells[i].at);
	return CRM_OK;
}

/* --- the matrix: a row for each label, a column for each that it was taken for --- */

static int matrix_begin(struct rowset **r, struct crm_evaluation *e)
{
	size_t n = e->nlabels + 1;
	crm_column *columns = arena_alloc(&e->mem, n * sizeof(*columns));

	if (!columns)
		return CRM_NOMEM;
	columns[0] = label_columns[0];
	for (size_t k = 0; k < e->nlabels; k++)
		columns[k + 1] =
			(crm_column){ e->labels[k], e->labels[k], N_("texts said to have it"), CRM_INTEGER, NULL };
	return rowset_new(r, columns, n);
}

static void matrix_rows(struct rowset *r, const struct crm_evaluation *e)
{
	for (size_t a = 0; a < e->nlabels; a++) {
		rowset_begin(r);
		rowset_str(r, 0, e->labels[a]);
		for (size_t b = 0; b < e->nlabels; b++)
			rowset_int(r, b + 1, (int64_t)e->confusion[a * e->nlabels + b]);
	}
}

/* --- all of them --- */

static int begin(struct rowset **r, struct crm_evaluation *e, crm_evaluation_part part)
{
	switch (part) {
	case CRM_EVALUATION_SUMMARY:
		return rowset_new(r, summary_columns, ARRAY_SIZE(summary_columns));
	case CRM_EVALUATION_LABELS:
		return rowset_new(r, label_columns, ARRAY_SIZE(label_columns));
	case CRM_EVALUATION_MATRIX:
		return matrix_begin(r, e);
	default:
		return rowset_new(r, confusion_columns, ARRAY_SIZE(confusion_columns));
	}
}

int crm_evaluation_rows(crm_cursor **out, crm_evaluation *e, crm_evaluation_part part)
{
	struct rowset *r;
	int status = begin(&r, e, part);

	if (status < 0)
		return status;
	if (part == CRM_EVALUATION_SUMMARY)
		summary_row(r, e);
	else if (part == CRM_EVALUATION_LABELS)
		label_rows(r, e);
	else if (part == CRM_EVALUATION_MATRIX)
		matrix_rows(r, e);
	else if (part == CRM_EVALUATION_CONFUSION)
		confusion_rows(r, e);
	else
		status = mistake_rows(r, e);
	if (status == CRM_OK)
		return rowset_cursor(out, r);
	rowset_free(r);
	return status;
}

/* --- as JSON --- */

static void json_cell(struct buf *out, const crm_value *v)
{
	if (v->kind == CRM_INT)
		buf_printf(out, "%lld", (long long)v->i);
	else if (v->kind == CRM_DOUBLE)
		buf_printf(out, "%.15g", v->d);
	else if (v->kind == CRM_STRING)
		buf_json(out, v->s, v->len);
	else
		buf_puts(out, "null");
}

/* The columns of the row at hand, without the braces. */
static void json_members(struct buf *out, const crm_cursor *c)
{
	for (size_t i = 0; i < crm_cursor_columns(c); i++) {
		buf_printf(out, "%s\"%s\":", i ? "," : "", crm_cursor_column(c, i)->name);
		json_cell(out, crm_cursor_value(c, i));
	}
}

int evaluation_json(struct buf *out, struct crm_evaluation *e)
{
	crm_cursor *summary = NULL, *labels = NULL;
	int status = crm_evaluation_rows(&summary, e, CRM_EVALUATION_SUMMARY);

	if (status == CRM_OK)
		status = crm_evaluation_rows(&labels, e, CRM_EVALUATION_LABELS);
	if (status == CRM_OK) {
		buf_puts(out, "{");
		if (crm_cursor_next(summary) == CRM_OK)
			json_members(out, summary);
		buf_puts(out, ",\"per_label\":[");
		for (bool first = true; crm_cursor_next(labels) == CRM_OK; first = false) {
			buf_puts(out, first ? "{" : ",{");
			json_members(out, labels);
			buf_puts(out, "}");
		}
		buf_puts(out, "]}");
	}
	crm_cursor_close(summary);
	crm_cursor_close(labels);
	return status == CRM_OK && out->failed ? CRM_NOMEM : status;
}

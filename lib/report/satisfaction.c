/* Satisfaction and loyalty, customer by customer, and what loyalty depends on. */
#include "analysis/satisfaction.h"
#include "analysis/stats.h"
#include "query/filter.h"
#include "report/report.h"
#include <stdio.h>

#define CUSTOMER                                                                                                       \
	COLUMN("customer", "Customer", "number of the customer", CRM_INTEGER),                                         \
		COLUMN("name", "Name", "name of the customer", CRM_TEXT)

static const crm_column satisfaction_columns[] = {
	CUSTOMER,
	COLUMN("n", "N", "answers with all scores that have a weight", CRM_INTEGER),
	COLUMN("satisfaction", "Satisfaction", "mean of their weighted sums, from 1 to 5", CRM_REAL),
};

static const crm_column loyalty_columns[] = {
	CUSTOMER,
	COLUMN("satisfaction", "Satisfaction", "as report satisfaction has it", CRM_REAL),
	COLUMN("days", "Days", "since the first day as a customer; empty: not known", CRM_INTEGER),
	COLUMN("loyalty", "Loyalty", "b0 + b1 * satisfaction + b2 * days; empty: not known", CRM_REAL),
};

static const crm_column fit_columns[] = {
	COLUMN("term", "Term", "b0, the constant; b1, of satisfaction; b2, of days as a customer", CRM_TEXT),
	COLUMN("estimate", "Estimate", "by least squares; empty: not available", CRM_REAL),
	COLUMN("low", "Low", "lower end of its interval of 95 % (Student's t)", CRM_REAL),
	COLUMN("high", "High", "upper end", CRM_REAL),
	COLUMN("n", "N", "customers of whom all is known", CRM_INTEGER),
	COLUMN("r2", "R2", "share of what is observed that the terms explain", CRM_REAL),
};

static const struct report_source source = {
	.entity = &entity_survey, .condition = "t0.answered_at IS NOT NULL", .at = "answered_at", .wide = true
};

/* --- customers and their answers, one customer after the other --- */

struct walk {
	crm_store *s;
	struct weights weights;
	struct stmt *answers;
	bool more; /* `answers` stands on a row that is not taken yet */
	int64_t customer;
	struct sample satisfaction, nps; /* of the customer */
};

static void walk_close(struct walk *w)
{
	db_release(w->answers);
}

static int walk_open(struct walk *w, crm_store *s, const crm_report_options *opt)
{
	struct buf columns = BUF_INIT;
	int status;

	w->s = s;
	status = weights_read(&w->weights, s, opt->normalise);
	if (status < 0)
		return status;
	buf_puts(&columns, "t0.customer, t0.nps");
	for (size_t i = 0; i < ARRAY_SIZE(w->weights.of); i++)
		buf_printf(&columns, ", t0.%s", survey_scores[i].field);
	status = buf_str(&columns)
			 ? report_select(&w->answers, s, &source, columns.s, "ORDER BY t0.customer, t0.id", opt)
			 : err_nomem(&s->err);
	buf_free(&columns);
	if (status == CRM_OK)
		status = db_step(w->answers);
	w->more = status == CRM_OK;
	return status < 0 ? status : CRM_OK;
}

static void take_answer(struct walk *w)
{
	crm_value scores[2 * SURVEY_DIMENSIONS];
	double satisfaction;

	for (size_t i = 0; i < ARRAY_SIZE(scores); i++)
		db_read(w->answers, (int)i + 2, &scores[i]);
	if (satisfaction_of(&satisfaction, &w->weights, scores))
		sample_add(&w->satisfaction, satisfaction);
	if (!db_is_null(w->answers, 1))
		sample_add(&w->nps, (double)db_int(w->answers, 1));
}

/* The next customer with an answer from which satisfaction follows: CRM_OK, CRM_END. */
static int walk_next(struct walk *w)
{
	int status = CRM_OK;

	do {
		if (!w->more)
			return CRM_END;
		w->customer = db_int(w->answers, 0);
		w->satisfaction = w->nps = (struct sample){ 0 };
		while (w->more && db_int(w->answers, 0) == w->customer) {
			take_answer(w);
			status = db_step(w->answers);
			w->more = status == CRM_OK;
		}
	} while (status >= 0 && w->satisfaction.n == 0);
	return status < 0 ? status : CRM_OK;
}

/* --- what is asked of a customer beside the answers --- */

struct person {
	struct stmt *st; /* name, customer_since, what is observed */
	int id;          /* the parameter of the customer */
	int64_t today;   /* by the local calendar */
};

static void person_close(struct person *p)
{
	db_release(p->st);
}

/* What a loyalty may be observed by, as an expression: a number of the customer. */
static int put_observed(struct sql *q, const char *name)
{
	const struct crm_field *f = crm_field_find(q->s, &entity_customer, name);

	if (!f)
		return field_unknown(q->s, &entity_customer, name, strlen(name));
	if (f->type != CRM_INTEGER && f->type != CRM_REAL && f->type != CRM_DURATION)
		return err_set(&q->s->err, CRM_INVALID, "--fit %s: is no number of a customer (nps, orders …)", name);
	return sql_path(q, &entity_customer, name, strlen(name), "t0", &f);
}

static int person_open(struct person *p, crm_store *s, const char *observed)
{
	cleanup(sql_release) struct sql q = { .s = s };
	int status = CRM_OK;

	buf_puts(&q.text, "SELECT t0.name, t0.customer_since, ");
	if (observed)
		status = put_observed(&q, observed);
	else
		buf_puts(&q.text, "NULL");
	buf_puts(&q.text, " FROM customer t0 WHERE t0.id = ");
	sql_param_int(&q, 0);
	if (status == CRM_OK)
		status = sql_prepare(&p->st, &q, DB_ONCE);
	if (status < 0)
		return status;
	p->id = (int)q.n;
	p->today = zone_day(s->zone, crm_store_now(s));
	return CRM_OK;
}

static int person_find(struct person *p, int64_t customer)
{
	db_rewind(p->st);
	db_bind_int(p->st, p->id, customer);
	return db_step(p->st);
}

/* Days since the first day as a customer; false when that is not a whole date, or yet to come. */
static bool person_days(struct person *p, int64_t *days)
{
	const char *since = db_text(p->st, 1);
	int64_t y, m, d;

	if (!since || db_bytes(p->st, 1) != strlen("YYYY-MM-DD") || !parse_int64(since, 4, 0, 9999, &y) ||
		!parse_int64(since + 5, 2, 1, 12, &m) || !parse_int64(since + 8, 2, 1, 31, &d))
		return false;
	*days = p->today - days_from_civil((int)y, (int)m, (int)d);
	return *days >= 0;
}

/* A custom field is kept as text. */
static bool person_observed(struct person *p, double *value)
{
	crm_value v = db_value(p->st, 2);

	if (v.kind == CRM_STRING)
		return parse_real(v.s, v.len, value);
	*value = v.kind == CRM_INT ? (double)v.i : v.d;
	return v.kind != CRM_NULL;
}

/* --- report satisfaction --- */

static void put_total(struct rowset *rows, int64_t n, double sum)
{
	rowset_begin(rows);
	rowset_str(rows, 1, "total");
	rowset_int(rows, 2, n);
	if (n > 0)
		rowset_real(rows, 3, sum / (double)n);
}

static int run_satisfaction(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	cleanup(walk_close) struct walk w = { 0 };
	cleanup(person_close) struct person person = { 0 };
	cleanup(rowset_freep) struct rowset *rows = NULL;
	int64_t n = 0;
	double sum = 0;
	int status = walk_open(&w, s, opt);

	if (status == CRM_OK)
		status = person_open(&person, s, NULL);
	if (status == CRM_OK && rowset_new(&rows, r->columns, r->ncolumns) < 0)
		status = err_nomem(&s->err);
	while (status == CRM_OK && (status = walk_next(&w)) == CRM_OK) {
		status = person_find(&person, w.customer);
		rowset_begin(rows);
		rowset_int(rows, 0, w.customer);
		rowset_str(rows, 1, status == CRM_OK ? db_text(person.st, 0) : NULL);
		rowset_int(rows, 2, w.satisfaction.n);
		rowset_real(rows, 3, sample_mean(&w.satisfaction));
		n += w.satisfaction.n;
		sum += w.satisfaction.sum;
	}
	if (status < 0)
		return status;
	if (opt->total)
		put_total(rows, n, sum);
	report_warn_few(s, n, "answers");
	return rowset_cursor(out, TAKE_PTR(rows)) < 0 ? err_nomem(&s->err) : CRM_OK;
}

/* --- report loyalty --- */

static int put_loyalty(struct rowset *rows, struct walk *w, struct person *person, const double b[3])
{
	int status = person_find(person, w->customer);
	int64_t days;

	if (status < 0)
		return status;
	rowset_begin(rows);
	rowset_int(rows, 0, w->customer);
	rowset_str(rows, 1, db_text(person->st, 0));
	rowset_real(rows, 2, sample_mean(&w->satisfaction));
	if (!person_days(person, &days))
		return CRM_OK;
	rowset_int(rows, 3, days);
	rowset_real(rows, 4, b[0] + b[1] * sample_mean(&w->satisfaction) + b[2] * (double)days);
	return CRM_OK;
}

static int list_loyalty(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	cleanup(walk_close) struct walk w = { 0 };
	cleanup(person_close) struct person person = { 0 };
	cleanup(rowset_freep) struct rowset *rows = NULL;
	double b[3];
	int status = loyalty_read(b, s);

	if (status == CRM_OK)
		status = walk_open(&w, s, opt);
	if (status == CRM_OK)
		status = person_open(&person, s, NULL);
	if (status == CRM_OK && rowset_new(&rows, r->columns, r->ncolumns) < 0)
		status = err_nomem(&s->err);
	while (status == CRM_OK && (status = walk_next(&w)) == CRM_OK)
		status = put_loyalty(rows, &w, &person, b);
	if (status < 0)
		return status;
	report_warn_few(s, (int64_t)rowset_rows(rows), "customers");
	return rowset_cursor(out, TAKE_PTR(rows)) < 0 ? err_nomem(&s->err) : CRM_OK;
}

struct points {
	struct point *v;
	size_t n, cap;
};

static void points_free(struct points *p)
{
	free(p->v);
}

/* Customers of whom satisfaction, days and what is observed are known. */
static int gather_points(struct points *points, struct walk *w, struct person *person, bool nps)
{
	int status = CRM_OK;

	while (status == CRM_OK && (status = walk_next(w)) == CRM_OK) {
		struct point p = { .x = { sample_mean(&w->satisfaction) }, .y = 0 };
		int64_t days;

		status = person_find(person, w->customer);
		if (status != CRM_OK || !person_days(person, &days) || (nps && w->nps.n == 0) ||
			(!nps && !person_observed(person, &p.y)))
			continue;
		if (nps)
			p.y = sample_mean(&w->nps);
		p.x[1] = (double)days;
		if (!GROW(points->v, points->n, points->cap))
			return err_nomem(&w->s->err);
		points->v[points->n++] = p;
	}
	return status < 0 ? status : CRM_OK;
}

static void warn_fit(crm_store *s, enum fit_result result, size_t n)
{
	if (result == FIT_DONE)
		report_warn_few(s, (int64_t)n, N_("customers"));
	else if (result == FIT_FEW)
		store_say(s, CRM_EVENT_WARNING, n,
			crm_tr_n("not available: three customers are needed of whom satisfaction, days and what is "
				 "observed are known; there is %zu",
				"not available: three customers are needed of whom satisfaction, days and what is "
				"observed are known; there are %zu",
				n),
			n);
	else
		store_say(s, CRM_EVENT_WARNING, n,
			"not available: satisfaction or days are the same for all %zu customers, or follow from each "
			"other",
			n);
}

static int fit_loyalty(crm_cursor **out, crm_store *s, const crm_report_options *opt)
{
	static const char *const terms[] = { "b0", "b1", "b2" };
	bool nps = strcmp(opt->fit, "nps") == 0;
	cleanup(walk_close) struct walk w = { 0 };
	cleanup(person_close) struct person person = { 0 };
	cleanup(points_free) struct points points = { 0 };
	struct rowset *rows;
	enum fit_result result;
	struct fit fit;
	int status = walk_open(&w, s, opt);

	if (status == CRM_OK)
		status = person_open(&person, s, nps ? NULL : opt->fit);
	if (status == CRM_OK)
		status = gather_points(&points, &w, &person, nps);
	if (status < 0)
		return status;
	result = least_squares(&fit, points.v, points.n);
	warn_fit(s, result, points.n);
	if (rowset_new(&rows, fit_columns, ARRAY_SIZE(fit_columns)) < 0)
		return err_nomem(&s->err);
	for (size_t i = 0; i < ARRAY_SIZE(terms); i++) {
		rowset_begin(rows);
		rowset_str(rows, 0, terms[i]);
		rowset_int(rows, 4, (int64_t)points.n);
		if (result != FIT_DONE)
			continue;
		rowset_real(rows, 1, fit.b[i]);
		if (fit.has_intervals) {
			rowset_real(rows, 2, fit.interval[i].low);
			rowset_real(rows, 3, fit.interval[i].high);
		}
		if (fit.has_r2)
			rowset_real(rows, 5, fit.r2);
	}
	return rowset_cursor(out, rows) < 0 ? err_nomem(&s->err) : CRM_OK;
}

static int run_loyalty(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	return opt->fit ? fit_loyalty(out, s, opt) : list_loyalty(out, s, r, opt);
}

static const struct crm_report reports[] = {
	{
		.name = "satisfaction",
		.title = N_("Satisfaction"),
		.help = N_("how satisfied each customer is: the weighted scores"),
		.entity = "survey",
		COLUMNS(satisfaction_columns),
		.keys = 2,
		.chart = { CRM_CHART_BARS, "satisfaction" },
		.takes = REPORT_PERIOD | REPORT_TOTAL | REPORT_NORMALISE,
		.rows = &source,
		.run = run_satisfaction,
	},
	{
		.name = "loyalty",
		.title = N_("Loyalty"),
		.help = N_(
			"how loyal each customer is, from satisfaction and time as a customer; --fit: what it depends "
			"on"),
		.entity = "survey",
		COLUMNS(loyalty_columns),
		.keys = 2,
		.chart = { CRM_CHART_BARS, "loyalty" },
		.takes = REPORT_SINCE | REPORT_UNTIL | REPORT_NORMALISE | REPORT_FIT,
		.rows = &source,
		.run = run_loyalty,
	},
};

const struct report_table reports_satisfaction = { reports, ARRAY_SIZE(reports) };

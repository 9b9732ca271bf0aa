/*
 * The morning page: how things stand, a figure a row. Every figure is taken from the report or the list that answers the
 * question in full, for the period and for the equally long one before; there is no second formula.
 */
#include "base/words.h"
#include "report/orders.h"
#include "report/period.h"
#include <crm/query.h>

enum column {
	METRIC,
	LABEL,
	VALUE,
	UNIT,
	PREVIOUS,
	CHANGE,
	REPORT
};

static const crm_column columns[] = {
	[METRIC] = COLUMN("metric", "Metric", "what the figure is, a word that does not change", CRM_TEXT),
	[LABEL] = COLUMN("label", "Label", "the same for people", CRM_TEXT),
	[VALUE] = COLUMN("value", "Value", "in the period, or now; empty: not available", CRM_REAL),
	[UNIT] = COLUMN("unit", "Unit", "count, percent, s (seconds), score, or the currency of an amount", CRM_TEXT),
	[PREVIOUS] = COLUMN("previous", "Previous", "in the period before, or at its end; empty: not known", CRM_REAL),
	[CHANGE] = COLUMN("change_percent", "Change %",
		"of counts, times and amounts against the period before; empty: it had none", CRM_REAL),
	[REPORT] = COLUMN("report", "Report", "the report or list that has more of it", CRM_TEXT),
};

enum moment {
	PERIOD,  /* of the period */
	NOW,     /* at the clock; what it was before is not kept */
	STANDING /* at the end of the period, and at that of the one before */
};

#define FIGURE(metric_, label_, unit_, moment_, ...)                                                                   \
	{                                                                                                              \
		.metric = (metric_), .label = (label_), .unit = (unit_), .moment = (moment_), __VA_ARGS__              \
	}
#define IN(report_, by_, column_) .report = (report_), .by = (by_), .column = (column_)

/*
 * One figure: a column of a report, of all rows together or of the one whose first cell is `key`, or how many records of an
 * entity a filter takes.
 */
static const struct figure {
	const char *metric, *label, *unit;
	enum moment moment;
	const char *report, *by, *key, *column;
	const char *rest;                 /* a percentage: of all that is in the column and in this one */
	const char *entity, *filter, *at; /* at: the field of the time that lies in the period */
} figures[] = {
	FIGURE("customers_new", "New customers", "count", PERIOD, .entity = "customer", .at = "created_at"),
	FIGURE("communications_in", "Received", "count", PERIOD, IN("channels", "month", "in")),
	FIGURE("communications_out", "Sent", "count", PERIOD, IN("channels", "month", "out")),
	FIGURE("tickets_created", "New tickets", "count", PERIOD, IN("tickets", "month", "created")),
	FIGURE("tickets_solved", "Solved tickets", "count", PERIOD, IN("tickets", "month", "solved")),
	FIGURE("tickets_reopened", "Reopened tickets", "count", PERIOD, IN("tickets", "month", "reopened")),
	FIGURE("tickets_open", "Open tickets", "count", STANDING, IN("backlog", "status", "tickets")),
	FIGURE("tickets_waiting", "Unanswered tickets", "count", NOW, .entity = "ticket",
		.filter = "waiting_since:* not:state:resolved"),
	FIGURE("sla_breached", "Overdue tickets", "count", NOW, .entity = "ticket",
		.filter = "sla:breached not:state:resolved"),
	FIGURE("sla_met", "Promises kept", "percent", PERIOD, IN("sla", NULL, "met"), .rest = "breached"),
	FIGURE("first_reply", "First reply, median", "s", PERIOD, IN("times", "all", "median_s"), .key = "first_reply"),
	FIGURE("full_resolution", "Full resolution, median", "s", PERIOD, IN("times", "all", "median_s"),
		.key = "full_resolution"),
	FIGURE("followups_due", "Follow-ups due", "count", NOW, IN("followups", NULL, "due")),
	FIGURE("followups_overdue", "Follow-ups overdue", "count", NOW, IN("followups", NULL, "overdue")),
	FIGURE("csat", "Satisfaction", "score", PERIOD, IN("csat", "all", "mean"), .key = "overall"),
	FIGURE("csat_percent", "Satisfied", "percent", PERIOD, IN("csat", "all", "top2_percent"), .key = "overall"),
	FIGURE("csat_score", "Satisfaction, one score", "score", PERIOD, IN("csat", "all", "mean"), .key = "score"),
	FIGURE("csat_score_percent", "Satisfied, one score", "percent", PERIOD, IN("csat", "all", "top2_percent"),
		.key = "score"),
	FIGURE("nps", "Recommendation", "score", PERIOD, IN("nps", "all", "nps")),
	FIGURE("ces", "Effort", "score", PERIOD, IN("ces", "all", "mean")),
};

/* Where the period begins that nobody asked for, seen from its end. */
static const char usual[] = "-7d";

struct summary {
	crm_store *s;
	struct stretch spans[2]; /* now, before */
	struct rowset *rows;
};

static int set_spans(struct summary *m, const crm_report_options *opt)
{
	struct time_context ctx = store_time_context(m->s, CRM_TIME_PAST);
	int64_t from, to, unused;
	int status = report_period(&from, &to, m->s, opt);

	ctx.now = to = opt->until ? to : crm_store_now(m->s);
	if (status == CRM_OK && !opt->since)
		status = time_parse(&from, &unused, &ctx, usual, strlen(usual), &m->s->err);
	if (status == CRM_OK && from > to)
		status = err_set(&m->s->err, CRM_INVALID, "the period is empty: --since %s lies ahead", opt->since);
	if (status < 0)
		return status;
	stretch_set(&m->spans[0], from, to);
	period_before(m->s->zone, &from, &to, false);
	stretch_set(&m->spans[1], from, to);
	return CRM_OK;
}

/* --- figures --- */

struct value {
	bool known;
	double v;
};

/* What a group of figures from one report is added up in. */
struct sum {
	double in_column, in_rest;
	size_t cells;
};

static double cell(const crm_cursor *c, const char *column, size_t *cells)
{
	size_t i = 0;

	while (i < c->n && strcmp(c->columns[i].name, column) != 0)
		i++;
	if (i == c->n || c->values[i].kind == CRM_NULL)
		return 0;
	++*cells;
	return c->values[i].kind == CRM_INT ? (double)c->values[i].i : c->values[i].d;
}

static void add_row(struct sum *sum, const struct figure *f, const crm_cursor *c)
{
	size_t unused = 0;

	if (f->key && (c->values[0].kind != CRM_STRING || strcmp(c->values[0].s, f->key) != 0))
		return;
	sum->in_column += cell(c, f->column, &sum->cells);
	if (f->rest)
		sum->in_rest += cell(c, f->rest, &unused);
}

static struct value value_of(const struct figure *f, const struct sum *sum)
{
	double all = sum->in_column + sum->in_rest;

	if (f->rest)
		return (struct value){ .known = all > 0, .v = all > 0 ? 100 * sum->in_column / all : 0 };
	/* of what there is nothing there are none; a mean of nothing is not known */
	return (struct value){ .known = sum->cells > 0 || strcmp(f->unit, "count") == 0, .v = sum->in_column };
}

/* Warnings of the reports behind are theirs: each would be given for both periods. */
static int run_quietly(crm_cursor **out, crm_store *s, const struct figure *f, const crm_report_options *opt)
{
	const crm_event_fn event = s->event;
	int status;

	s->event = NULL;
	status = crm_report_run(out, s, crm_report_find(f->report), opt);
	s->event = event;
	return status;
}

/* The values of n figures of the same report. */
static int ask_report(struct value *out, const struct figure *f, size_t n, crm_store *s, const struct stretch *span)
{
	const crm_report_options opt = {
		.by = f->by,
		.since = f->moment == PERIOD ? span->since : NULL,
		.until = f->moment == PERIOD ? span->until : NULL,
		.as_of = f->moment == STANDING && span->to < crm_store_now(s) ? span->until : NULL,
	};
	struct sum sums[ARRAY_SIZE(figures)] = { 0 };
	crm_cursor *rows;
	int status = run_quietly(&rows, s, f, &opt);

	if (status < 0)
		return status;
	while ((status = crm_cursor_next(rows)) == CRM_OK)
		for (size_t i = 0; i < n; i++)
			add_row(&sums[i], &f[i], rows);
	crm_cursor_close(rows);
	for (size_t i = 0; i < n; i++)
		out[i] = value_of(&f[i], &sums[i]);
	return status < 0 ? status : CRM_OK;
}

static int ask_records(struct value *out, const struct figure *f, crm_store *s, const struct stretch *span)
{
	struct buf period = BUF_INIT;
	crm_query *q;
	int64_t n = 0;
	int status = crm_query_new(&q, s, crm_entity_find(f->entity));

	if (status < 0)
		return status;
	buf_printf(&period, "%s:%s..%s", f->at ? f->at : "", span->since, span->until);
	if (f->filter)
		status = crm_query_filter_text(q, f->filter);
	if (status == CRM_OK && f->at)
		status = buf_str(&period) ? crm_query_filter(q, 1, &(const char *){ period.s }) : err_nomem(&s->err);
	if (status == CRM_OK)
		status = crm_query_count(&n, q);
	crm_query_free(q);
	buf_free(&period);
	*out = (struct value){ .known = true, .v = (double)n };
	return status;
}

/* --- rows --- */

static void put_value(struct rowset *rows, size_t col, const struct figure *f, struct value v)
{
	if (v.known && strcmp(f->unit, "count") == 0)
		rowset_int(rows, col, (int64_t)v.v);
	else if (v.known)
		rowset_real(rows, col, v.v);
}

static void put_change(struct rowset *rows, double now, double before)
{
	if (before > 0)
		rowset_real(rows, CHANGE, (now - before) * 100 / before);
}

static void put_head(struct rowset *rows, const crm_store *s, const char *metric, const char *label, const char *unit,
	const char *report)
{
	rowset_begin(rows);
	rowset_str(rows, METRIC, metric);
	rowset_str(rows, LABEL, store_tr(s, label));
	rowset_str(rows, UNIT, unit);
	rowset_str(rows, REPORT, report);
}

/* A change of a share or a score in percent would say nothing. */
static bool changes(const char *unit)
{
	return strcmp(unit, "percent") != 0 && strcmp(unit, "score") != 0;
}

static void put_figure(struct summary *m, const struct figure *f, const struct value v[2])
{
	put_head(m->rows, m->s, f->metric, f->label, f->unit, f->report ? f->report : f->entity);
	put_value(m->rows, VALUE, f, v[0]);
	put_value(m->rows, PREVIOUS, f, v[1]);
	if (v[0].known && v[1].known && changes(f->unit))
		put_change(m->rows, v[0].v, v[1].v);
}

static bool same_question(const struct figure *a, const struct figure *b)
{
	return a->report && b->report && strcmp(a->report, b->report) == 0 && a->moment == b->moment;
}

static int put_figures(struct summary *m)
{
	struct value v[2][ARRAY_SIZE(figures)] = { 0 };
	int status = CRM_OK;

	for (size_t i = 0, end; status == CRM_OK && i < ARRAY_SIZE(figures); i = end) {
		const struct figure *f = &figures[i];

		end = i + 1;
		while (end < ARRAY_SIZE(figures) && same_question(f, &figures[end]))
			end++;
		for (size_t k = 0; status == CRM_OK && k < (f->moment == NOW ? 1 : 2); k++)
			status = f->report ? ask_report(&v[k][i], f, end - i, m->s, &m->spans[k])
					   : ask_records(&v[k][i], f, m->s, &m->spans[k]);
	}
	for (size_t i = 0; status == CRM_OK && i < ARRAY_SIZE(figures); i++)
		put_figure(m, &figures[i], (const struct value[2]){ v[0][i], v[1][i] });
	return status;
}

/* --- orders: each currency is a figure --- */

struct sales {
	struct words currencies, seen[2];
	struct total (*v)[2]; /* by number of the currency */
	size_t cap;
	int64_t orders[2];
};

static void sales_free(struct sales *x)
{
	words_free(&x->currencies);
	words_free(&x->seen[0]);
	words_free(&x->seen[1]);
	free(x->v);
}

static int take_line(struct sales *x, struct stmt *st, size_t span)
{
	const char *currency = order_currency(st, 0, 1);
	const size_t known = x->currencies.n;
	int status = order_is_new(&x->seen[span], 0, db_text(st, 2), db_text(st, 3)), number;

	if (status < 0)
		return status;
	x->orders[span] += status == CRM_OK;
	if (!currency)
		return CRM_OK;
	number = words_number(&x->currencies, currency, strlen(currency));
	if (number < 0 || !grow_array((void **)&x->v, &x->cap, x->currencies.n, sizeof(*x->v)))
		return CRM_NOMEM;
	if (x->currencies.n > known)
		memset(x->v[number], 0, sizeof(*x->v));
	total_add(&x->v[number][span], db_int(st, 0));
	return CRM_OK;
}

static int take_lines(struct summary *m, struct sales *x, size_t span)
{
	const crm_report_options opt = { .since = m->spans[span].since, .until = m->spans[span].until };
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = report_select(
		&st, m->s, &report_orders, "t0.amount, t0.currency, t0.source, t0.number", "ORDER BY t0.at", &opt);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		status = take_line(x, st, span) < 0 ? err_nomem(&m->s->err) : CRM_OK;
	return status < 0 ? status : CRM_OK;
}

static int compare_numbers(const void *a, const void *b, void *words)
{
	return strcmp(words_text(words, *(const int *)a), words_text(words, *(const int *)b));
}

static int put_amounts(struct summary *m, struct sales *x)
{
	cleanup(freep) int *order = calloc(x->currencies.n + 1, sizeof(*order));

	if (!order)
		return err_nomem(&m->s->err);
	for (size_t i = 0; i < x->currencies.n; i++)
		order[i] = (int)i;
	if (x->currencies.n > 1)
		qsort_r(order, x->currencies.n, sizeof(*order), compare_numbers, &x->currencies);
	for (size_t i = 0; i < x->currencies.n; i++) {
		const char *currency = words_text(&x->currencies, order[i]);
		const struct total *v = x->v[order[i]];

		put_head(m->rows, m->s, "sales", N_("Sales"), currency, "sales");
		if (!v[0].beyond)
			rowset_money(m->rows, VALUE, v[0].minor, currency);
		if (!v[1].beyond)
			rowset_money(m->rows, PREVIOUS, v[1].minor, currency);
		if (!v[0].beyond && !v[1].beyond)
			put_change(m->rows, (double)v[0].minor, (double)v[1].minor);
	}
	return CRM_OK;
}

static int put_sales(struct summary *m)
{
	static const struct figure orders = FIGURE("orders", "Orders", "count", PERIOD, .report = "sales");
	cleanup(sales_free) struct sales x = { 0 };
	int status = take_lines(m, &x, 0);

	if (status == CRM_OK)
		status = take_lines(m, &x, 1);
	if (status < 0)
		return status;
	put_figure(m, &orders, (const struct value[2]){ { true, (double)x.orders[0] }, { true, (double)x.orders[1] } });
	return put_amounts(m, &x);
}

static int run_summary(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	struct summary m = { .s = s };
	cleanup(rowset_freep) struct rowset *rows = NULL;
	int status;

	if (opt->nfilter > 0)
		return err_set(&s->err, CRM_INVALID,
			"report summary: is of the whole store and takes no filter: the reports that it names do");
	status = set_spans(&m, opt);
	if (status == CRM_OK && rowset_new(&rows, r->columns, r->ncolumns) < 0)
		status = err_nomem(&s->err);
	if (status == CRM_OK)
		status = db_hold(s);
	if (status < 0)
		return status;
	m.rows = rows;
	status = put_figures(&m);
	if (status == CRM_OK)
		status = put_sales(&m);
	db_unhold(s);
	if (status < 0)
		return status;
	return rowset_cursor(out, TAKE_PTR(rows)) < 0 ? err_nomem(&s->err) : CRM_OK;
}

/* What a page shows below the figures. */
static const crm_report_part parts[] = {
	{ .report = "activity", .by = "day", .since = "-29d", .chart = true },
	{ .report = "tickets", .by = "week", .since = "-11w", .chart = true },
	{ .report = "followups", .chart = true },
	{ .report = "backlog", .by = "assignee", .chart = true },
	{ .report = "times", .since = "-29d", .fields = "metric,n,median_s,p90_s", .rows = 10 },
	{ .report = "activity", .by = "channel", .since = "-29d", .chart = true },
	{ .report = "csat", .since = "-89d", .chart = true },
	{ .report = "sales", .by = "month", .since = "-11mo", .chart = true },
	{ .fields = "name,phone,owner,action,days,reason", .rows = 10 },
};

static const struct crm_report reports[] = {
	{
		.name = "summary",
		.title = N_("Summary"),
		.help = N_(
			"how things stand this morning: what is new, open, overdue and due, against the week before"),
		.entity = "ticket",
		COLUMNS(columns),
		.keys = 2,
		PARTS(parts),
		.takes = REPORT_SINCE | REPORT_UNTIL,
		.no_rows = N_("the reports that it names do"),
		.run = run_summary,
	},
};

const struct report_table reports_summary = { reports, ARRAY_SIZE(reports) };

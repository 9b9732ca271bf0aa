/* What people talk about: the words of conversations, tickets or comments, those that became more frequent first. */
#include "analysis/terms.h"
#include "report/group.h"
#include "text/runs.h"

enum column {
	BUCKET,
	TERM,
	COUNT,
	PREVIOUS,
	SHARE,
	CHANGE,
	RISE,
	FIRST,
	LAST,
	EXAMPLE
};

static const crm_column columns[] = {
	[BUCKET] = COLUMN("bucket", "Period", "with --by other than all: the month, week or day", CRM_TEXT),
	[TERM] = COLUMN("term", "Term", "a word, in the form in which text is compared", CRM_TEXT),
	[COUNT] = COLUMN("count", "Count", "texts of the period that have it, however often", CRM_INTEGER),
	[PREVIOUS] = COLUMN("previous", "Previous", "texts of the period before that have it; empty: that is not known",
		CRM_INTEGER),
	[SHARE] = COLUMN("share_percent", "Share %", "count, of a hundred texts of the period", CRM_REAL),
	[CHANGE] = COLUMN("change_percent", "Change %",
		"of that share against the period before; empty when that had none", CRM_REAL),
	[RISE] = COLUMN("rise", "Rise", "how surely the share rose, or below 0 fell: log-likelihood ratio", CRM_REAL),
	[FIRST] = COLUMN("first_at", "First", "the first text of the period that has it", CRM_TIME),
	[LAST] = COLUMN("last_at", "Last", "the last of them", CRM_TIME),
	[EXAMPLE] = COLUMN("example", "Example", "number of that record", CRM_INTEGER),
};

static const char *const by[] = { "all", "month", "week", "day", NULL };

static const struct report_source comments = { .entity = &entity_survey, .condition = "1", .at = "answered_at" };

/* --from: where people talk, and the columns of what they say. */
static const struct place {
	const struct report_source *source;
	const char *columns;
} places[] = {
	{ &report_public_log, "t0.at, t0.id, t0.subject, t0.content" },
	{ &report_measured_tickets, "t0.created_at, t0.id, t0.subject, t0.body" },
	{ &comments, "t0.answered_at, t0.id, t0.remark, NULL" },
};

enum {
	TOP = 20
};

/* What is known of a term in the period at hand, and in the one before it. */
struct entry {
	int64_t count, previous;
	int64_t first, last, example;
	double rise;
};

struct reading {
	crm_store *s;
	const struct place *place;
	const crm_report_options *opt;
	struct terms *terms;
	struct entry *v; /* by number of the term */
	size_t *order;   /* scratch */
	struct rowset *rows;
	bool all;
	struct spans spans;
	struct period_clock clock;
	int64_t period;          /* at hand */
	bool begun;              /* there is one */
	int64_t texts, previous; /* in it, and in the one before; -1: not known */
	int64_t top;
	struct buf said;
};

/* --- reading --- */

static int said(struct reading *r, struct stmt *st)
{
	int status = CRM_OK;

	buf_clear(&r->said);
	for (int col = 2; status == CRM_OK && col <= 3; col++)
		if (!db_is_null(st, col))
			status = text_said(&r->said, db_text(st, col), db_bytes(st, col));
	return status == CRM_OK ? CRM_OK : err_nomem(&r->s->err);
}

static int learn(struct reading *r, struct stmt *st)
{
	const bool wanted = terms_wanted(r->terms);
	int status = wanted ? said(r, st) : CRM_OK;

	if (status == CRM_OK && terms_learn(r->terms, wanted ? buf_str(&r->said) : NULL, r->said.len) < 0)
		status = err_nomem(&r->s->err);
	return status;
}

/* --- rows --- */

static int compare(const void *a, const void *b, void *reading)
{
	const struct reading *r = reading;
	const size_t i = *(const size_t *)a, k = *(const size_t *)b;
	const struct entry *x = &r->v[i], *y = &r->v[k];

	if (x->rise != y->rise)
		return x->rise > y->rise ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(terms_text(r->terms, i), terms_text(r->terms, k));
}

/* The terms that occur now or did before, by rank; returns how many. */
static size_t rank(struct reading *r)
{
	size_t n = 0;

	for (size_t i = 0; i < terms_count(r->terms); i++) {
		struct entry *e = &r->v[i];

		if (e->count == 0 && e->previous == 0)
			continue;
		e->rise =
			r->texts > 0 && r->previous > 0 ? terms_rise(e->count, r->texts, e->previous, r->previous) : 0;
		r->order[n++] = i;
	}
	if (n > 1)
		qsort_r(r->order, n, sizeof(*r->order), compare, r);
	return n;
}

static double percent(int64_t n, int64_t all)
{
	return (double)n * 100 / (double)all;
}

static void put_row(struct reading *r, size_t term)
{
	const struct entry *e = &r->v[term];
	const double share = percent(e->count, r->texts);
	const size_t without = r->all; /* the column of the period is not there */

	rowset_begin(r->rows);
	if (!r->all)
		group_put_period(r->rows, BUCKET, r->clock.period, r->period);
	rowset_str(r->rows, TERM - without, terms_text(r->terms, term));
	rowset_int(r->rows, COUNT - without, e->count);
	if (r->previous >= 0)
		rowset_int(r->rows, PREVIOUS - without, e->previous);
	if (r->texts > 0)
		rowset_real(r->rows, SHARE - without, share);
	if (r->texts > 0 && e->previous > 0)
		rowset_real(r->rows, CHANGE - without, (share / percent(e->previous, r->previous) - 1) * 100);
	if (r->texts > 0 && r->previous > 0)
		rowset_real(r->rows, RISE - without, e->rise);
	if (e->count == 0)
		return;
	rowset_int(r->rows, FIRST - without, e->first);
	rowset_int(r->rows, LAST - without, e->last);
	rowset_int(r->rows, EXAMPLE - without, e->example);
}

static void put_period(struct reading *r)
{
	size_t n = rank(r);

	for (size_t i = 0; i < n && (int64_t)i < r->top; i++)
		put_row(r, r->order[i]);
}

/* --- counting --- */

/* The period at hand becomes the one before. */
static void begin_period(struct reading *r, int64_t period)
{
	const bool follows = r->begun && period == r->period + 1;

	for (size_t i = 0; i < terms_count(r->terms); i++)
		r->v[i] = (struct entry){ .previous = follows ? r->v[i].count : 0 };
	r->previous = follows ? r->texts : r->begun ? 0 : -1;
	r->texts = 0;
	r->period = period;
	r->begun = true;
}

/* Without --by the periods are 0, of which nothing is shown, and 1. */
static void reach(struct reading *r, int64_t period)
{
	if (r->begun && period == r->period)
		return;
	if (r->begun && !r->all)
		put_period(r);
	begin_period(r, period);
}

static int count(struct reading *r, struct stmt *st)
{
	const int64_t at = db_int(st, 0);
	const uint32_t *found;
	size_t n;
	int status = said(r, st);

	if (status < 0)
		return status;
	if (terms_of(&found, &n, r->terms, buf_str(&r->said), r->said.len) < 0)
		return err_nomem(&r->s->err);
	reach(r, !r->all ? period_number(&r->clock, at) : at >= r->spans.now.from);
	for (size_t i = 0; i < n; i++) {
		struct entry *e = &r->v[found[i]];

		if (e->count++ == 0)
			e->first = at;
		e->last = at;
		e->example = db_int(st, 1);
	}
	r->texts++;
	return CRM_OK;
}

/* --- both readings --- */

static int read_texts(struct reading *r, int (*take)(struct reading *, struct stmt *), const char *doing)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(buf_free) struct buf order = BUF_INIT;
	crm_report_options opt = *r->opt;
	uint64_t done = 0;
	int status;

	buf_printf(&order, "ORDER BY t0.%s, t0.id", r->place->source->at);
	if (r->all && opt.since)
		opt.since = r->spans.before.since;
	status = order.failed ? err_nomem(&r->s->err)
			      : report_select(&st, r->s, r->place->source, r->place->columns, order.s, &opt);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		status = r->all && spans_between(&r->spans, db_int(st, 0)) ? CRM_OK : take(r, st);
		if (++done % 8192 == 0)
			store_event(r->s, CRM_EVENT_PROGRESS, done, 0, doing);
	}
	return status < 0 ? status : CRM_OK;
}

static int read_twice(struct reading *r)
{
	int status = read_texts(r, learn, crm_tr("learning terms"));

	if (status == CRM_OK && terms_settle(r->terms) < 0)
		status = err_nomem(&r->s->err);
	if (status < 0)
		return status;
	r->v = calloc(terms_count(r->terms) + 1, sizeof(*r->v));
	r->order = calloc(terms_count(r->terms) + 1, sizeof(*r->order));
	if (!r->v || !r->order)
		return err_nomem(&r->s->err);
	if (r->all && r->opt->since)
		reach(r, 0);
	status = read_texts(r, count, crm_tr("counting terms"));
	if (r->all)
		reach(r, 1);
	if (status == CRM_OK && r->begun)
		put_period(r);
	return status;
}

static void reading_free(struct reading *r)
{
	terms_free(r->terms);
	rowset_free(r->rows);
	free(r->v);
	free(r->order);
	buf_free(&r->said);
}

static int set_place(struct reading *r, const char *from)
{
	size_t i = 0;

	while (from && i < ARRAY_SIZE(places) && strcmp(places[i].source->entity->name, from) != 0)
		i++;
	if (i == ARRAY_SIZE(places))
		return err_set(&r->s->err, CRM_INVALID,
			"report terms: cannot read from '%s', only from log, ticket or survey", from);
	r->place = &places[i];
	return CRM_OK;
}

static int run_terms(crm_cursor **out, crm_store *s, const struct crm_report *report, const crm_report_options *opt)
{
	cleanup(reading_free) struct reading r = {
		.s = s, .opt = opt, .clock.zone = s->zone, .all = strcmp(report_by(report, opt), "all") == 0
	};
	int status = set_place(&r, opt->from);

	if (!r.all)
		period_of(&r.clock.period, report_by(report, opt));
	if (status == CRM_OK)
		status = report_top(&r.top, s, report, opt, TOP);
	if (status == CRM_OK)
		status = report_spans(&r.spans, s, opt);
	if (status < 0)
		return status;
	if (terms_new(&r.terms) < 0 || rowset_new(&r.rows, report->columns + r.all, report->ncolumns - r.all) < 0)
		return err_nomem(&s->err);
	status = db_hold(s);
	if (status == CRM_OK) {
		status = read_twice(&r);
		db_unhold(s);
	}
	if (status < 0)
		return status;
	return rowset_cursor(out, TAKE_PTR(r.rows)) < 0 ? err_nomem(&s->err) : CRM_OK;
}

static const struct crm_report reports[] = {
	{
		.name = "terms",
		.title = N_("Terms"),
		.help = N_("the words of conversations, those first that became more frequent"),
		.entity = "log",
		COLUMNS(columns),
		.keys = 2,
		.chart = { CRM_CHART_BARS, "count" },
		.takes = REPORT_SINCE | REPORT_UNTIL | REPORT_FROM | REPORT_TOP,
		.by = by,
		.no_rows = N_("crm log list WORD shows those with a word"),
		.run = run_terms,
	},
};

const struct report_table reports_terms = { reports, ARRAY_SIZE(reports) };

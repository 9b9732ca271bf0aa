/* What customers ask for: tickets by category, those first that became more. */
#include "report/group.h"
#include "report/opinion.h"
#include "text/text.h"
#include <math.h>

enum column {
	BUCKET,
	CATEGORY,
	COUNT,
	SHARE,
	PREVIOUS,
	CHANGE,
	RISE,
	SUGGESTED
};

static const crm_column columns[] = {
	[BUCKET] = COLUMN("bucket", "Period", "with --by other than all: the month, week or day", CRM_TEXT),
	[CATEGORY] = COLUMN(
		"category", "Category", "of the ticket, else what a classifier says of it; unknown: neither", CRM_TEXT),
	[COUNT] = COLUMN("count", "Count", "tickets created in the period", CRM_INTEGER),
	[SHARE] = COLUMN("share_percent", "Share %", "count, of a hundred tickets of the period", CRM_REAL),
	[PREVIOUS] =
		COLUMN("previous", "Previous", "tickets of the period before; empty: that is not known", CRM_INTEGER),
	[CHANGE] = COLUMN("change_percent", "Change %",
		"of the count for a day against the period before; empty when that had none", CRM_REAL),
	[RISE] = COLUMN(
		"rise", "Rise", "how surely they became more, or below 0 fewer: in standard deviations", CRM_REAL),
	[SUGGESTED] = COLUMN("suggested", "Suggested", "of count, those whose category a classifier said", CRM_INTEGER),
};

static const char *const by[] = { "all", "month", "week", "day", NULL };

static const struct report_source requests = {
	.entity = &entity_ticket, .condition = "t0.status NOT IN ('merged', 'spam')", .at = "created_at"
};

/* A category in the period at hand, and in the one before it. */
struct need {
	int64_t count, previous, suggested;
	double rise;
};

struct needs {
	crm_store *s;
	struct opinion opinion;
	struct words words; /* the categories */
	struct need *v;     /* by number of the word */
	int *order;         /* scratch */
	size_t n, cap, order_cap;
	struct rowset *rows;
	bool all;
	struct spans spans;
	struct period_clock clock;
	int64_t period; /* at hand */
	bool begun;
	int64_t tickets;        /* in it */
	double seconds, before; /* how long it is, and the one before; 0: what was then is not known */
	int64_t top;            /* rows of a period */
};

/* --- rows --- */

/*
 * How many standard deviations lie between two counts of what happens by chance, here as many in the time d as there in 1:
 * roots of such counts vary alike, small ones too. Gu, Ng, Tang, Schucany, Testing the ratio of two Poisson rates,
 * Biometrical Journal 50 (2008), the test by variance stabilisation.
 */
static double rise_of(const struct need *need, double d)
{
	return 2 * (sqrt((double)need->count + 0.375) - sqrt(d * ((double)need->previous + 0.375))) / sqrt(1 + d);
}

static int compare(const void *a, const void *b, void *needs)
{
	const struct needs *n = needs;
	const int i = *(const int *)a, k = *(const int *)b;
	const struct need *x = &n->v[i], *y = &n->v[k];

	if (x->rise != y->rise)
		return x->rise > y->rise ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(words_text(&n->words, i), words_text(&n->words, k));
}

static void put_row(struct needs *n, int word)
{
	const struct need *need = &n->v[word];
	const size_t without = n->all; /* the column of the period is not there */

	rowset_begin(n->rows);
	if (!n->all)
		group_put_period(n->rows, BUCKET, n->clock.period, n->period);
	rowset_str(n->rows, CATEGORY - without, words_text(&n->words, word));
	rowset_int(n->rows, COUNT - without, need->count);
	if (n->tickets > 0)
		rowset_real(n->rows, SHARE - without, (double)need->count * 100 / (double)n->tickets);
	rowset_int(n->rows, SUGGESTED - without, need->suggested);
	if (n->before <= 0)
		return;
	rowset_int(n->rows, PREVIOUS - without, need->previous);
	rowset_real(n->rows, RISE - without, need->rise);
	if (need->previous > 0)
		rowset_real(n->rows, CHANGE - without,
			((double)need->count * n->before / ((double)need->previous * n->seconds) - 1) * 100);
}

static void put_period(struct needs *n)
{
	size_t found = 0;

	for (size_t i = 0; i < n->n; i++) {
		struct need *need = &n->v[i];

		need->rise = n->before > 0 ? rise_of(need, n->seconds / n->before) : 0;
		if (need->count > 0 || need->previous > 0)
			n->order[found++] = (int)i;
	}
	if (found > 1)
		qsort_r(n->order, found, sizeof(*n->order), compare, n);
	for (size_t i = 0; i < found && (int64_t)i < n->top; i++)
		put_row(n, n->order[i]);
}

/* --- counting --- */

/* What of the period, by its number, lies within what is asked for. */
static double seconds_of(const struct needs *n, int64_t period)
{
	const struct stretch *now = &n->spans.now;
	int64_t from, until;

	if (n->all)
		return period ? (double)(now->to - now->from + 1)
			      : (double)(n->spans.before.to - n->spans.before.from + 1);
	from = zone_day_start(n->clock.zone, period_first_day(n->clock.period, period));
	until = zone_day_start(n->clock.zone, period_first_day(n->clock.period, period + 1));
	if (from < now->from)
		from = now->from;
	return (double)((until > now->to ? now->to + 1 : until) - from);
}

/* The period at hand becomes the one before. */
static void reach(struct needs *n, int64_t period)
{
	const bool known = n->begun, follows = known && period == n->period + 1;

	if (known && period == n->period)
		return;
	if (known && !n->all)
		put_period(n);
	for (size_t i = 0; i < n->n; i++)
		n->v[i] = (struct need){ .previous = follows ? n->v[i].count : 0 };
	n->before = known ? seconds_of(n, period - 1) : 0;
	n->seconds = n->all && !n->spans.since ? 0 : seconds_of(n, period);
	n->period = period;
	n->tickets = 0;
	n->begun = true;
}

static struct need *need_of(struct needs *n, const char *category, size_t len)
{
	const int word = words_number(&n->words, category, len);

	if (word == WORD_FAILED)
		return NULL;
	while (n->n <= (size_t)word) {
		if (!GROW(n->v, n->n, n->cap) || !GROW(n->order, n->n, n->order_cap))
			return NULL;
		n->v[n->n++] = (struct need){ 0 };
	}
	return &n->v[word];
}

/* A category that a classifier filled in when the ticket was made is a suggestion like one that it makes now. */
static int count(struct needs *n, struct stmt *st)
{
	const char *category = db_text(st, 1), *filled = db_text(st, 2), *label = NULL;
	bool suggested = category && filled && list_has(filled, strlen(filled), "category");
	struct need *need;
	int status = category ? CRM_OK : opinion_of(&label, &n->opinion, n->s, st);

	if (status < 0)
		return status;
	if (label) {
		category = label;
		suggested = true;
	}
	category = category ? category : "unknown";
	reach(n, n->all ? db_int(st, 0) >= n->spans.now.from : period_number(&n->clock, db_int(st, 0)));
	need = need_of(n, category, strlen(category));
	if (!need)
		return err_nomem(&n->s->err);
	need->count++;
	need->suggested += suggested;
	n->tickets++;
	return CRM_OK;
}

static int count_all(struct needs *n, const char *read, const crm_report_options *opt)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	crm_report_options asked = *opt;
	uint64_t done = 0;
	int status;

	if (n->all && n->spans.since) {
		asked.since = n->spans.before.since;
		reach(n, 0);
	}
	status = report_select(&st, n->s, &requests, read, "ORDER BY t0.created_at, t0.id", &asked);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		if (!n->all || !spans_between(&n->spans, db_int(st, 0)))
			status = count(n, st);
		if (++done % 1024 == 0)
			store_event(n->s, CRM_EVENT_PROGRESS, done, 0, crm_tr("reading tickets"));
	}
	if (status < 0)
		return status;
	if (n->all)
		reach(n, 1);
	if (n->begun)
		put_period(n);
	return CRM_OK;
}

/* --- the report --- */

static int read_options(
	struct needs *n, struct buf *read, const struct crm_report *report, const crm_report_options *opt)
{
	int status = report_spans(&n->spans, n->s, opt);

	if (status == CRM_OK)
		status = report_top(&n->top, n->s, report, opt, INT64_MAX);
	if (status < 0)
		return status;
	buf_puts(read, "t0.created_at, t0.category, t0.suggested");
	status = opinion_open(
		&n->opinion, read, 3, n->s, opt->model ? opt->model : "category", &entity_ticket, "subject,body");
	if (status == CRM_NOTFOUND && !opt->model) /* then the others are unknown */
		status = CRM_OK;
	return status < 0 ? status : read->failed ? err_nomem(&n->s->err) : CRM_OK;
}

static void needs_free(struct needs *n)
{
	words_free(&n->words);
	rowset_free(n->rows);
	free(n->v);
	free(n->order);
}

static int run_needs(crm_cursor **out, crm_store *s, const struct crm_report *report, const crm_report_options *opt)
{
	cleanup(needs_free) struct needs n = {
		.s = s, .clock.zone = s->zone, .all = strcmp(report_by(report, opt), "all") == 0
	};
	cleanup(buf_free) struct buf read = BUF_INIT;
	int status;

	if (!n.all)
		period_of(&n.clock.period, report_by(report, opt));
	status = read_options(&n, &read, report, opt);
	if (status == CRM_OK && rowset_new(&n.rows, report->columns + n.all, report->ncolumns - n.all) < 0)
		status = err_nomem(&s->err);
	if (status == CRM_OK)
		status = count_all(&n, read.s, opt);
	if (status < 0)
		return status;
	return rowset_cursor(out, TAKE_PTR(n.rows)) < 0 ? err_nomem(&s->err) : CRM_OK;
}

static const struct crm_report reports[] = {
	{
		.name = "needs",
		.title = N_("Needs"),
		.help = N_("what customers ask for by category, what rises first"),
		.entity = "ticket",
		COLUMNS(columns),
		.keys = 2,
		.chart = { CRM_CHART_BARS, "count" },
		.takes = REPORT_SINCE | REPORT_UNTIL | REPORT_TOP | REPORT_MODEL,
		.by = by,
		.rows = &requests,
		.run = run_needs,
	},
};

const struct report_table reports_needs = { reports, ARRAY_SIZE(reports) };

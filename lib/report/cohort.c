/*
 * Cohorts: of the customers who began in a month, how many are active so many months later. A row for each cohort and
 * each month up to now, also those in which nobody was: that is an answer too.
 */
#include "base/time.h"
#include "model/customer.h"
#include "query/filter.h"
#include "report/group.h"
#include <stdio.h>

static const crm_column columns[] = {
	COLUMN("cohort", "Cohort", "the month in which they began", CRM_TEXT),
	COLUMN("month", "Month", "months since then; 0 is that one", CRM_INTEGER),
	COLUMN("size", "Size", "customers who began in it", CRM_INTEGER),
	COLUMN("customers", "Customers", "of these, active in this month", CRM_INTEGER),
	COLUMN("percent", "%", "of the size", CRM_REAL),
};

static const char *const by[] = { "first_order", "first_contact", "customer_since", NULL };

/* What a word of --by looks at: events e of a customer, by `at`; the first of them is the beginning, or a date is. */
static const struct way {
	const char *events, *condition, *begins;
} ways[] = {
	{ "sales_order", ORDERS_COUNTED_OF("e"), NULL },
	{ "log", "e.internal = 0", NULL },
	{ "sales_order", ORDERS_COUNTED_OF("e"), "t0.customer_since" },
};

struct cohort {
	struct group group; /* by month */
	int64_t size;
	int64_t *active; /* by months since; n of them */
	size_t n, cap;
};

struct cohorts {
	crm_store *s;
	struct groups groups;
	struct period_clock clock;
	int64_t since, until, now; /* now: the month */
	int64_t customer, last;    /* the customer at hand and the last month in which they were active */
	struct cohort *at;         /* theirs; NULL: left out */
	int64_t undated;           /* customers whose date says no month */
};

/* The instant and the month of a date, which may say neither. */
static bool date_begins(const struct cohorts *c, const char *date, int64_t *at, int64_t *month)
{
	const size_t len = strlen(date);
	int64_t y, m, d = 1;

	if (len < 7 || !parse_int64(date, 4, 1, 9999, &y) || !parse_int64(date + 5, 2, 1, 12, &m) ||
		(len == 10 && !parse_int64(date + 8, 2, 1, 31, &d)))
		return false;
	*at = zone_day_start(c->s->zone, days_from_civil((int)y, (int)m, (int)d));
	*month = y * 12 + m - 1;
	return true;
}

/* A customer with the first of their events, or none. */
static int begin_customer(struct cohorts *c, struct stmt *st, bool dated)
{
	int64_t at = db_int(st, 1), month = 0;
	bool known = true;

	c->at = NULL;
	c->last = -1;
	if (dated)
		known = date_begins(c, db_text(st, 2), &at, &month);
	else
		month = period_number(&c->clock, at);
	c->undated += !known;
	if (!known || at < c->since || at > c->until || month > c->now)
		return CRM_OK;
	c->at = (struct cohort *)groups_get(&c->groups, month);
	if (!c->at)
		return err_nomem(&c->s->err);
	c->at->size++;
	return CRM_OK;
}

static int take_event(struct cohorts *c, int64_t at)
{
	int64_t since = c->at ? period_number(&c->clock, at) - c->at->group.key : -1;

	if (since <= c->last) /* known already, or before they began */
		return CRM_OK;
	while ((int64_t)c->at->n <= since) {
		if (!GROW(c->at->active, c->at->n, c->at->cap))
			return err_nomem(&c->s->err);
		c->at->active[c->at->n++] = 0;
	}
	c->at->active[since]++;
	c->last = since;
	return CRM_OK;
}

static int select_events(struct stmt **st, crm_store *s, const struct way *w, const crm_report_options *opt)
{
	cleanup(sql_release) struct sql q = { .s = s };
	int status;

	buf_printf(&q.text, "SELECT t0.id, e.at, %s FROM customer t0 %s %s e ON e.customer = t0.id AND e.at <= ",
		w->begins ? w->begins : "NULL", w->begins ? "LEFT JOIN" : "JOIN", w->events);
	sql_param_int(&q, crm_store_now(s));
	buf_printf(&q.text, " AND %s WHERE ", w->condition);
	if (w->begins)
		buf_printf(&q.text, "%s IS NOT NULL AND ", w->begins);
	status = filter_shown(&q, &entity_customer, "t0", opt->nfilter, opt->filter);
	buf_puts(&q.text, " ORDER BY t0.id, e.at");
	if (status == CRM_OK)
		status = sql_prepare(st, &q, DB_SCAN | DB_ONCE);
	return status;
}

static int gather(struct cohorts *c, const struct way *w, const crm_report_options *opt)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = report_period(&c->since, &c->until, c->s, opt);

	if (status == CRM_OK)
		status = select_events(&st, c->s, w, opt);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		if (db_int(st, 0) != c->customer) {
			c->customer = db_int(st, 0);
			status = begin_customer(c, st, w->begins != NULL);
		}
		if (status == CRM_OK && !db_is_null(st, 1))
			status = take_event(c, db_int(st, 1));
	}
	return status == CRM_END ? CRM_OK : status;
}

static void put_rows(struct rowset *rows, const struct cohorts *c)
{
	for (size_t i = 0; i < c->groups.n; i++) {
		const struct cohort *x = (const struct cohort *)c->groups.v[i];

		for (int64_t k = 0; k <= c->now - x->group.key; k++) {
			int64_t active = k < (int64_t)x->n ? x->active[k] : 0;

			rowset_begin(rows);
			group_put_period(rows, 0, PERIOD_MONTH, x->group.key);
			rowset_int(rows, 1, k);
			rowset_int(rows, 2, x->size);
			rowset_int(rows, 3, active);
			rowset_real(rows, 4, (double)active * 100 / (double)x->size);
		}
	}
}

static void warn_undated(const struct cohorts *c)
{
	if (c->undated > 0)
		store_say(c->s, CRM_EVENT_WARNING, (uint64_t)c->undated,
			crm_tr_n("%lld customer left out: customer_since says no month",
				"%lld customers left out: customer_since says no month", (uint64_t)c->undated),
			(long long)c->undated);
}

static void cohorts_free(struct cohorts *c)
{
	for (size_t i = 0; i < c->groups.n; i++)
		free(((struct cohort *)c->groups.v[i])->active);
	groups_free(&c->groups);
}

static int run_cohort(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	cleanup(cohorts_free) struct cohorts c = { .s = s, .groups.size = sizeof(struct cohort) };
	struct rowset *rows;
	size_t way = 0;
	int status;

	while (strcmp(by[way], report_by(r, opt)) != 0)
		way++;
	c.clock = (struct period_clock){ .zone = s->zone, .period = PERIOD_MONTH };
	c.now = period_of_day(PERIOD_MONTH, zone_day(s->zone, crm_store_now(s)));
	status = gather(&c, &ways[way], opt);
	if (status < 0)
		return status;
	warn_undated(&c);
	if (rowset_new(&rows, r->columns, r->ncolumns) < 0)
		return err_nomem(&s->err);
	put_rows(rows, &c);
	return rowset_cursor(out, rows) < 0 ? err_nomem(&s->err) : CRM_OK;
}

static const struct crm_report reports[] = {
	{
		.name = "cohort",
		.title = N_("Cohorts"),
		.help = N_("how many of the customers who began in a month come back in those after it"),
		.entity = "customer",
		COLUMNS(columns),
		.keys = 2,
		.chart = { CRM_CHART_LINE, "percent" },
		.takes = REPORT_SINCE | REPORT_UNTIL,
		.by = by,
		.no_rows = N_("a row counts customers of a month (crm order list, crm log list)"),
		.run = run_cohort,
	},
};

const struct report_table reports_cohort = { reports, ARRAY_SIZE(reports) };

/* After-sales: what comes back, of which product and model, and how fast it is settled. */
#include "model/restricted.h"
#include "report/distribution.h"
#include "report/group.h"
#include "service/metrics.h"

static const crm_column columns[] = {
	COLUMN("bucket", "Group", "the kind, product number or model; empty: none", CRM_TEXT),
	COLUMN("tickets", "Tickets", "after-sales tickets created in the period", CRM_INTEGER),
	COLUMN("solved", "Solved", "of these, solved or closed now", CRM_INTEGER),
	COLUMN("open", "Open", "of these, not resolved now", CRM_INTEGER),
	COLUMN("median_full_resolution_s", "Full resolution", "median from the creation to the last solution",
		CRM_DURATION),
	COLUMN("orders", "Orders", "order lines of the period, of the product or model; empty: none known",
		CRM_INTEGER),
	COLUMN("rate_percent", "Rate %", "tickets for each hundred of them", CRM_REAL),
};

static const struct report_source source = { .entity = &entity_ticket,
	.condition = "t0.type = 'after_sales'",
	.at = "created_at",
	.terms = "not:status:merged,spam" };

static const char *const by[] = { "kind", "product_no", "model", NULL };

struct aftersales_group {
	struct group group;
	int64_t solved, open, tickets, orders;
	struct distribution resolution;
};

struct aftersales {
	crm_store *s;
	struct groups groups;
	struct aftersales_group *at;
	int64_t ticket;
	struct impossible impossible;
};

static int take_measure(void *payload, enum metric metric, const struct measure *m)
{
	struct aftersales *a = payload;

	if (metric != METRIC_FULL_RESOLUTION)
		return CRM_OK;
	if (m->impossible) {
		impossible_add(&a->impossible, a->ticket);
		return CRM_OK;
	}
	return distribution_add(&a->at->resolution, m->seconds) ? CRM_OK : err_nomem(&a->s->err);
}

static int take_ticket(struct aftersales *a, const struct courses *all, const struct course *c)
{
	static const struct working_time none = { 0 };
	enum stage stage = c->spans[c->nspans - 1].stage;

	a->ticket = c->ticket;
	a->at = (struct aftersales_group *)groups_get(&a->groups, c->words[0]);
	if (!a->at)
		return err_nomem(&a->s->err);
	a->at->tickets++;
	a->at->solved += stage == STAGE_SOLVED;
	a->at->open += stage_is_active(stage);
	return metrics_measure(all, c, crm_store_now(a->s), &none, take_measure, a);
}

/*
 * An order names its article or model; by kind every order is one that something may come back of. Of other groups
 * nothing is known.
 */
static int count_orders(
	struct aftersales *a, struct words *words, const struct course_options *period, const char *group)
{
	const bool by_kind = strcmp(group, "kind") == 0;
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(buf_free) struct buf sql = BUF_INIT;
	int status;

	buf_puts(&sql, "SELECT t0.model, count(*) FROM sales_order t0 WHERE t0.at >= $1 AND t0.at <= $2"
		       " AND coalesce(t0.status, '') <> 'cancelled' AND coalesce(t0.quantity, 1) > 0");
	status = restricted_hide(&sql, a->s, &entity_order, "t0");
	buf_puts(&sql, " GROUP BY t0.model");
	if (status == CRM_OK)
		status = buf_str(&sql) ? db_prepare(&st, a->s, sql.s, DB_SCAN | DB_ONCE) : err_nomem(&a->s->err);

	if (status < 0 || !(by_kind || strcmp(group, "product_no") == 0 || strcmp(group, "model") == 0))
		return status;
	db_bind_int(st, 1, period->since);
	db_bind_int(st, 2, period->until < crm_store_now(a->s) ? period->until : crm_store_now(a->s));
	while ((status = db_step(st)) == CRM_OK) {
		int model = words_number(words, db_text(st, 0), db_bytes(st, 0));
		struct aftersales_group *g = (struct aftersales_group *)groups_find(&a->groups, model);

		if (model == WORD_FAILED)
			return err_nomem(&a->s->err);
		for (size_t i = 0; by_kind && i < a->groups.n; i++)
			((struct aftersales_group *)a->groups.v[i])->orders += db_int(st, 1);
		if (!by_kind && g && model != WORD_NONE)
			g->orders += db_int(st, 1);
	}
	return status < 0 ? status : CRM_OK;
}

static void put_rows(struct rowset *rows, struct aftersales *a, struct courses *all)
{
	for (size_t i = 0; i < a->groups.n; i++) {
		struct aftersales_group *g = (struct aftersales_group *)a->groups.v[i];

		rowset_begin(rows);
		group_put_word(rows, 0, courses_field(all, 0), courses_words(all), g->group.key);
		rowset_int(rows, 1, g->tickets);
		rowset_int(rows, 2, g->solved);
		rowset_int(rows, 3, g->open);
		distribution_put_median(rows, 4, &g->resolution);
		if (g->orders > 0) {
			rowset_int(rows, 5, g->orders);
			rowset_real(rows, 6, (double)g->tickets * 100 / (double)g->orders);
		}
	}
}

static void aftersales_free(struct aftersales *a)
{
	for (size_t i = 0; i < a->groups.n; i++)
		distribution_free(&((struct aftersales_group *)a->groups.v[i])->resolution);
	groups_free(&a->groups);
}

static int run_aftersales(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	const char *column = report_by(r, opt);
	cleanup(courses_closep) struct courses *all = NULL;
	cleanup(aftersales_free) struct aftersales a = { .s = s, .groups.size = sizeof(struct aftersales_group) };
	struct course_options which = { .condition = "t0.type = 'after_sales'", .columns = &column, .ncolumns = 1 };
	struct rowset *rows;
	const struct course *c;
	int status = report_period(&which.since, &which.until, s, opt);

	if (status == CRM_OK)
		status = report_courses(&all, s, opt, &which);
	while (status == CRM_OK && (status = courses_next(&c, all)) == CRM_OK)
		if (metrics_apply(c))
			status = take_ticket(&a, all, c);
	/* Orders of what a filter on tickets chooses are not known. */
	if (status == CRM_END && opt->nfilter == 0)
		status = count_orders(&a, courses_words(all), &which, column);
	if (status >= 0)
		status = impossible_warn(&a.impossible, s);
	if (status < 0)
		return status;
	if (rowset_new(&rows, r->columns, r->ncolumns) < 0)
		return err_nomem(&s->err);
	groups_sort_words(&a.groups, courses_words(all), courses_field(all, 0));
	put_rows(rows, &a, all);
	return rowset_cursor(out, rows) < 0 ? err_nomem(&s->err) : CRM_OK;
}

static const struct crm_report reports[] = {
	{
		.name = "aftersales",
		.title = N_("After-sales cases"),
		.help = N_("returns, repairs and other after-sales cases by kind, product or model"),
		.entity = "ticket",
		COLUMNS(columns),
		.keys = 1,
		.chart = { CRM_CHART_BARS, "tickets" },
		.takes = REPORT_PERIOD | REPORT_BY_FIELD,
		.by = by,
		.rows = &source,
		.run = run_aftersales,
	},
};

const struct report_table reports_aftersales = { reports, ARRAY_SIZE(reports) };

/* How fast: the metrics of tickets in calendar and business time. */
#include "report/distribution.h"
#include "report/group.h"
#include "service/metrics.h"

static const crm_column columns[] = {
	COLUMN("bucket", "Period", "with --by other than all: the period of the creation, or the value of the field",
		CRM_TEXT),
	COLUMN("metric", "Metric",
		"first_reply, next_reply, first_resolution, full_resolution, requester_wait, agent_wait or on_hold",
		CRM_ENUM),
	COLUMN("n", "N", "values: tickets that have come to the end of it; of next_reply, replies", CRM_INTEGER),
	COLUMN("mean_s", "Mean", "arithmetic mean", CRM_DURATION),
	COLUMN("median_s", "Median", "the one in the middle, or the mean of two", CRM_DURATION),
	COLUMN("p90_s", "90 %", "90 % of the values are not above it (nearest rank)", CRM_DURATION),
	COLUMN("business_mean_s", "Mean, business", "the mean in working time", CRM_DURATION),
	COLUMN("business_median_s", "Median, business", "the median in working time", CRM_DURATION),
	COLUMN("business_p90_s", "90 %, business", "90 % in working time", CRM_DURATION),
	COLUMN("impossible", "Impossible", "left out of the values: it ended before it began", CRM_INTEGER),
};

static const char *const by[] = { "all", "month", "week", "day", "team", "assignee", "priority", "type", "channel",
	NULL };

struct times_group {
	struct group group;
	struct distribution calendar[METRICS], business[METRICS];
	int64_t impossible[METRICS];
};

struct times {
	crm_store *s;
	const char *by;
	bool all, periods;
	struct period_clock clock;
	struct working_time work;
	struct groups groups;
	struct times_group *at; /* the ticket at hand belongs to it */
	int64_t ticket;
	struct impossible impossible;
};

static int take_measure(void *payload, enum metric metric, const struct measure *m)
{
	struct times *t = payload;
	struct times_group *g = t->at;

	if (m->impossible) {
		g->impossible[metric]++;
		impossible_add(&t->impossible, t->ticket);
		return CRM_OK;
	}
	if (!distribution_add(&g->calendar[metric], m->seconds) ||
		(t->work.between && !distribution_add(&g->business[metric], m->business)))
		return err_nomem(&t->s->err);
	return CRM_OK;
}

static int take_ticket(struct times *t, const struct courses *all, const struct course *c)
{
	int64_t key = t->all ? 0 : t->periods ? period_number(&t->clock, c->created_at) : c->words[0];

	t->ticket = c->ticket;
	t->at = (struct times_group *)groups_get(&t->groups, key);
	return t->at ? metrics_measure(all, c, crm_store_now(t->s), &t->work, take_measure, t) : err_nomem(&t->s->err);
}

static void put_rows(struct rowset *rows, struct times *t, struct courses *all)
{
	const size_t first = t->all ? 0 : 1;

	for (size_t i = 0; i < t->groups.n; i++) {
		struct times_group *g = (struct times_group *)t->groups.v[i];

		for (enum metric m = 0; m < METRICS; m++) {
			rowset_begin(rows);
			if (t->periods)
				group_put_period(rows, 0, t->clock.period, g->group.key);
			else if (!t->all)
				group_put_word(rows, 0, courses_field(all, 0), courses_words(all), g->group.key);
			rowset_str(rows, first, metric_names[m]);
			rowset_int(rows, first + 1, (int64_t)g->calendar[m].n);
			distribution_put(rows, first + 2, &g->calendar[m]);
			distribution_put(rows, first + 5, &g->business[m]);
			rowset_int(rows, first + 8, g->impossible[m]);
		}
	}
}

static void times_free(struct times *t)
{
	for (size_t i = 0; i < t->groups.n; i++)
		for (enum metric m = 0; m < METRICS; m++) {
			struct times_group *g = (struct times_group *)t->groups.v[i];

			distribution_free(&g->calendar[m]);
			distribution_free(&g->business[m]);
		}
	groups_free(&t->groups);
	working_time_close(&t->work);
}

static int gather(struct times *t, struct courses *all)
{
	const struct course *c;
	int status = CRM_OK;

	if (t->all && !groups_get(&t->groups, 0))
		return err_nomem(&t->s->err);
	while (status == CRM_OK && (status = courses_next(&c, all)) == CRM_OK)
		status = metrics_apply(c) ? take_ticket(t, all, c) : CRM_OK;
	if (status == CRM_END && !t->all && !t->periods)
		groups_sort_words(&t->groups, courses_words(all), courses_field(all, 0));
	return status < 0 ? status : CRM_OK;
}

static int run_times(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	cleanup(courses_closep) struct courses *all = NULL;
	cleanup(times_free) struct times t = {
		.s = s, .by = report_by(r, opt), .groups.size = sizeof(struct times_group)
	};
	struct course_options which = { .kinds = WANT(MOMENT_MESSAGE) | WANT(MOMENT_REPLY) };
	struct rowset *rows = NULL;
	int status = report_period(&which.since, &which.until, s, opt);

	t.all = strcmp(t.by, "all") == 0;
	t.periods = report_period_of(&t.clock.period, r, t.by);
	t.clock.zone = s->zone;
	if (!t.all && !t.periods) {
		which.columns = &t.by;
		which.ncolumns = 1;
	}
	if (status == CRM_OK)
		status = working_time_open(&t.work, s);
	if (status == CRM_OK)
		status = report_courses(&all, s, opt, &which);
	if (status == CRM_OK)
		status = gather(&t, all);
	if (status == CRM_OK)
		status = impossible_warn(&t.impossible, s);
	if (status < 0)
		return status;
	if (rowset_new(&rows, r->columns + t.all, r->ncolumns - t.all) < 0)
		return err_nomem(&s->err);
	put_rows(rows, &t, all);
	return rowset_cursor(out, rows) < 0 ? err_nomem(&s->err) : CRM_OK;
}

static const struct crm_report reports[] = {
	{
		.name = "times",
		.title = N_("Times"),
		.help = N_("how fast tickets are answered and solved, and how long they wait"),
		.entity = "ticket",
		COLUMNS(columns),
		.keys = 2,
		.chart = { CRM_CHART_BARS, "median_s" },
		.takes = REPORT_PERIOD | REPORT_BY_FIELD,
		.by = by,
		.rows = &report_measured_tickets,
		.run = run_times,
	},
};

const struct report_table reports_times = { reports, ARRAY_SIZE(reports) };

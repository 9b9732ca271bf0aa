/* Who did what: tickets by the agent who had them, replies by the agent who wrote them. */
#include "report/distribution.h"
#include "report/group.h"
#include "service/metrics.h"

static const crm_column columns[] = {
	COLUMN("agent", "Agent", "empty: nobody, or not known", CRM_TEXT),
	COLUMN("assigned", "Assigned", "how often a ticket was given to the agent", CRM_INTEGER),
	COLUMN("solved", "Solved", "solutions while the agent had the ticket, or by the agent when nobody had it",
		CRM_INTEGER),
	COLUMN("replies", "Replies", "public replies that the agent wrote", CRM_INTEGER),
	COLUMN("reopened", "Reopened", "how often work was taken up again after a solution of the agent's",
		CRM_INTEGER),
	COLUMN("median_first_reply_s", "First reply", "median of the first replies that the agent wrote", CRM_DURATION),
	COLUMN("median_full_resolution_s", "Full resolution", "median of the tickets that the agent solved last",
		CRM_DURATION),
	COLUMN("one_touch_percent", "One touch %",
		"of the tickets that the agent solved last, those with at most one reply", CRM_REAL),
};

struct agents_group {
	struct group group; /* a word */
	int64_t assigned, solved, replies, reopened;
	int64_t closing, one_touch; /* tickets solved last; of these with at most one reply */
	struct distribution first_reply, full_resolution;
};

struct agents {
	crm_store *s;
	int64_t since, until;
	struct groups groups;
	struct impossible impossible;
};

/* A ticket on its way through its moments. */
struct walk {
	const struct course *c;
	int assignee, solver; /* words */
	int64_t replies;
	const struct moment *solution; /* the last */
};

static struct agents_group *group_of(struct agents *a, int agent)
{
	return (struct agents_group *)groups_get(&a->groups, agent);
}

static bool add_time(struct agents *a, struct distribution *d, const struct course *c, int64_t at)
{
	if (at >= c->created_at)
		return distribution_add(d, at - c->created_at);
	impossible_add(&a->impossible, c->ticket);
	return true;
}

static bool take_reply(struct agents *a, struct walk *w, const struct moment *m)
{
	bool first = w->replies++ == 0;
	struct agents_group *g;

	if (m->at < a->since || m->at > a->until)
		return true;
	g = group_of(a, m->who != WORD_NONE ? m->who : w->assignee);
	if (!g)
		return false;
	g->replies++;
	return !first || add_time(a, &g->first_reply, w->c, m->at);
}

static bool take_status(struct agents *a, const struct courses *all, struct walk *w, const struct moment *m)
{
	const bool solves = courses_solves(all, m), reopens = courses_reopens(all, m);
	struct agents_group *g;

	if (solves) {
		w->solver = w->assignee != WORD_NONE ? w->assignee : m->who;
		w->solution = m;
	}
	if ((!solves && !reopens) || m->at < a->since || m->at > a->until)
		return true;
	g = group_of(a, w->solver);
	if (!g)
		return false;
	g->solved += solves;
	g->reopened += reopens;
	return true;
}

static bool take_assignment(struct agents *a, struct walk *w, const struct moment *m)
{
	struct agents_group *g;

	w->assignee = m->after;
	if (m->after == WORD_NONE || m->at < a->since || m->at > a->until)
		return true;
	g = group_of(a, m->after);
	if (g)
		g->assigned++;
	return g != NULL;
}

static bool take_solution(struct agents *a, const struct walk *w)
{
	struct agents_group *g;

	if (!w->solution || w->solution->at < a->since || w->solution->at > a->until)
		return true;
	g = group_of(a, w->solver);
	if (!g)
		return false;
	g->closing++;
	g->one_touch += w->replies <= 1;
	return add_time(a, &g->full_resolution, w->c, w->solution->at);
}

static bool take_ticket(struct agents *a, const struct courses *all, const struct course *c)
{
	struct walk w = { .c = c, .assignee = course_value_at(c, MOMENT_ASSIGNEE, INT64_MIN, c->words[0]) };
	bool ok = true;

	w.solver = w.assignee;
	for (size_t i = 0; ok && i < c->n && c->moments[i].at <= crm_store_now(a->s); i++) {
		const struct moment *m = &c->moments[i];

		if (m->kind == MOMENT_ASSIGNEE)
			ok = take_assignment(a, &w, m);
		else if (m->kind == MOMENT_STATUS)
			ok = take_status(a, all, &w, m);
		else if (m->kind == MOMENT_REPLY)
			ok = take_reply(a, &w, m);
	}
	return ok && take_solution(a, &w);
}

static void put_rows(struct rowset *rows, struct agents *a, struct courses *all)
{
	for (size_t i = 0; i < a->groups.n; i++) {
		struct agents_group *g = (struct agents_group *)a->groups.v[i];

		rowset_begin(rows);
		group_put_word(rows, 0, courses_field(all, 0), courses_words(all), g->group.key);
		rowset_int(rows, 1, g->assigned);
		rowset_int(rows, 2, g->solved);
		rowset_int(rows, 3, g->replies);
		rowset_int(rows, 4, g->reopened);
		distribution_put_median(rows, 5, &g->first_reply);
		distribution_put_median(rows, 6, &g->full_resolution);
		if (g->closing > 0)
			rowset_real(rows, 7, (double)g->one_touch * 100 / (double)g->closing);
	}
}

static void agents_free(struct agents *a)
{
	for (size_t i = 0; i < a->groups.n; i++) {
		struct agents_group *g = (struct agents_group *)a->groups.v[i];

		distribution_free(&g->first_reply);
		distribution_free(&g->full_resolution);
	}
	groups_free(&a->groups);
}

static int run_agents(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	static const char *const assignee[] = { "assignee" };
	cleanup(courses_closep) struct courses *all = NULL;
	cleanup(agents_free) struct agents a = { .s = s, .groups.size = sizeof(struct agents_group) };
	struct course_options which = COURSE_ALL;
	struct rowset *rows;
	const struct course *c;
	int status = report_period(&a.since, &a.until, s, opt);

	which.columns = assignee;
	which.ncolumns = 1;
	which.kinds = WANT(MOMENT_ASSIGNEE) | WANT(MOMENT_REPLY);
	which.who = true;
	if (status == CRM_OK)
		status = report_courses(&all, s, opt, &which);
	while (status == CRM_OK && (status = courses_next(&c, all)) == CRM_OK)
		if (metrics_apply(c) && !take_ticket(&a, all, c))
			status = err_nomem(&s->err);
	if (status == CRM_END)
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
		.name = "agents",
		.title = N_("Agents"),
		.help = N_("what each agent was given, answered and solved, and how fast"),
		.entity = "ticket",
		COLUMNS(columns),
		.keys = 1,
		.chart = { CRM_CHART_BARS, "solved" },
		.takes = REPORT_PERIOD,
		.no_rows = N_("it counts what happened to tickets (crm ticket events)"),
		.run = run_agents,
	},
};

const struct report_table reports_agents = { reports, ARRAY_SIZE(reports) };

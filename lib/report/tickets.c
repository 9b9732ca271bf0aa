/* How many: tickets that came, were solved, were taken up again, and those left over, by period. */
#include "report/group.h"
#include "service/metrics.h"

static const crm_column columns[] = {
	COLUMN("bucket", "Group", "day, week or month, or value of the field; empty: none", CRM_TEXT),
	COLUMN("created", "Created", "tickets created in it", CRM_INTEGER),
	COLUMN("solved", "Solved", "solutions in it: a ticket solved twice counts twice", CRM_INTEGER),
	COLUMN("reopened", "Reopened", "how often work was taken up again in it after a solution", CRM_INTEGER),
	COLUMN("backlog", "Backlog",
		"tickets created and not resolved at its end, or now in the last; of a field, at the end", CRM_INTEGER),
	COLUMN("solved_tickets", "Solved tickets", "different tickets among the solutions", CRM_INTEGER),
	COLUMN("solved_customers", "Solved customers", "different customers among the solutions", CRM_INTEGER),
};

static const char *const by[] = { "day", "week", "month", NULL };

struct tickets_group {
	struct group group;
	int64_t created, solved, reopened, solved_tickets, solved_customers;
	int64_t change; /* of the backlog */
};

/* A customer of whose tickets one was solved in a group. */
struct pair {
	int64_t group, customer;
};

struct tickets {
	crm_store *s;
	const char *by;
	bool periods; /* by a period; otherwise by a field, of the ticket at hand `word` */
	int word;
	struct period_clock clock;
	struct groups groups;
	int64_t since, until;
	struct pair *pairs;
	size_t npairs, pairs_cap;
	struct impossible impossible;
};

static struct tickets_group *group_at(struct tickets *t, int64_t at)
{
	return (struct tickets_group *)groups_get(&t->groups, t->periods ? period_number(&t->clock, at) : t->word);
}

static bool within(const struct tickets *t, int64_t at)
{
	return at >= t->since && at <= t->until;
}

/* What was there before the period begins is there when it does. */
static bool change_backlog(struct tickets *t, int64_t at, int64_t change)
{
	struct tickets_group *g;

	if (at > t->until)
		return true;
	g = group_at(t, at < t->since ? t->since : at);
	if (g)
		g->change += change;
	return g != NULL;
}

static bool take_spans(struct tickets *t, const struct course *c)
{
	bool active = false;

	for (size_t i = 0; i < c->nspans; i++) {
		bool now = stage_is_active(c->spans[i].stage);

		if (now != active && !change_backlog(t, c->spans[i].from, now ? 1 : -1))
			return false;
		active = now;
	}
	return true;
}

/* `*last` is the period of the ticket's solution before. */
static bool take_solution(struct tickets *t, const struct course *c, int64_t at, int64_t *last)
{
	struct tickets_group *g = group_at(t, at);

	if (!g)
		return false;
	g->solved++;
	if (g->group.key == *last)
		return true;
	g->solved_tickets++;
	*last = g->group.key;
	if (!GROW(t->pairs, t->npairs, t->pairs_cap))
		return false;
	t->pairs[t->npairs++] = (struct pair){ g->group.key, c->customer };
	return true;
}

static bool take_moments(struct tickets *t, const struct courses *all, const struct course *c)
{
	int64_t last = INT64_MIN;
	bool ok = true;

	for (size_t i = 0; ok && i < c->n; i++) {
		const struct moment *m = &c->moments[i];

		if (m->kind != MOMENT_STATUS || !within(t, m->at))
			continue;
		if (courses_solves(all, m) && m->at < c->created_at) {
			impossible_add(&t->impossible, c->ticket);
		} else if (courses_solves(all, m)) {
			ok = take_solution(t, c, m->at, &last);
		} else if (courses_reopens(all, m)) {
			struct tickets_group *g = group_at(t, m->at);

			ok = g != NULL;
			if (ok)
				g->reopened++;
		}
	}
	return ok;
}

static bool take_ticket(struct tickets *t, const struct courses *all, const struct course *c)
{
	struct tickets_group *g;

	if (!take_spans(t, c))
		return false;
	if (!metrics_apply(c))
		return true;
	if (within(t, c->created_at)) {
		g = group_at(t, c->created_at);
		if (!g)
			return false;
		g->created++;
	}
	return take_moments(t, all, c);
}

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->group != y->group)
		return (x->group > y->group) - (x->group < y->group);
	return (x->customer > y->customer) - (x->customer < y->customer);
}

static void count_customers(struct tickets *t)
{
	if (t->npairs > 1)
		qsort(t->pairs, t->npairs, sizeof(*t->pairs), compare_pairs);
	for (size_t i = 0; i < t->npairs; i++)
		if (i == 0 || compare_pairs(&t->pairs[i - 1], &t->pairs[i]) != 0)
			((struct tickets_group *)groups_get(&t->groups, t->pairs[i].group))->solved_customers++;
}

/* Periods without gaps: from --since or the first, to --until or now. */
static bool fill_gaps(struct tickets *t)
{
	bool ok = t->since == INT64_MIN || t->since > t->until || group_at(t, t->since);

	if (!ok || t->groups.n == 0)
		return ok;
	for (int64_t k = t->groups.v[0]->key, end = period_number(&t->clock, t->until); ok && k < end; k++)
		ok = groups_get(&t->groups, k + 1);
	return ok;
}

static void put_rows(struct rowset *rows, const struct tickets *t, struct courses *all)
{
	int64_t backlog = 0;

	for (size_t i = 0; i < t->groups.n; i++) {
		const struct tickets_group *g = (const struct tickets_group *)t->groups.v[i];

		backlog = (t->periods ? backlog : 0) + g->change;
		rowset_begin(rows);
		if (t->periods)
			group_put_period(rows, 0, t->clock.period, g->group.key);
		else
			group_put_word(rows, 0, courses_field(all, 0), courses_words(all), g->group.key);
		rowset_int(rows, 1, g->created);
		rowset_int(rows, 2, g->solved);
		rowset_int(rows, 3, g->reopened);
		rowset_int(rows, 4, backlog);
		rowset_int(rows, 5, g->solved_tickets);
		rowset_int(rows, 6, g->solved_customers);
	}
}

static int gather(struct tickets *t, struct courses *all)
{
	const struct course *c;
	int status = CRM_OK;

	while (status == CRM_OK && (status = courses_next(&c, all)) == CRM_OK) {
		t->word = t->periods ? WORD_NONE : c->words[0];
		status = take_ticket(t, all, c) ? CRM_OK : err_nomem(&t->s->err);
	}
	if (status < 0)
		return status;
	count_customers(t);
	if (!t->periods) {
		groups_sort_words(&t->groups, courses_words(all), courses_field(all, 0));
		return CRM_OK;
	}
	return fill_gaps(t) ? CRM_OK : err_nomem(&t->s->err);
}

static int report_rows(crm_cursor **out, struct tickets *t, const struct crm_report *r, const crm_report_options *opt)
{
	cleanup(courses_closep) struct courses *all = NULL;
	struct course_options which = COURSE_ALL;
	struct rowset *rows;
	int status;

	if (!t->periods) {
		which.columns = &t->by;
		which.ncolumns = 1;
	}
	status = report_courses(&all, t->s, opt, &which);
	if (status == CRM_OK)
		status = gather(t, all);
	if (status == CRM_OK)
		status = impossible_warn(&t->impossible, t->s);
	if (status < 0)
		return status;
	if (rowset_new(&rows, r->columns, r->ncolumns) < 0)
		return err_nomem(&t->s->err);
	put_rows(rows, t, all);
	return rowset_cursor(out, rows) < 0 ? err_nomem(&t->s->err) : CRM_OK;
}

static int run_tickets(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	struct tickets t = {
		.s = s, .by = report_by(r, opt), .clock.zone = s->zone, .groups.size = sizeof(struct tickets_group)
	};
	int status = report_period(&t.since, &t.until, s, opt);

	t.periods = report_period_of(&t.clock.period, r, t.by);
	if (t.until > crm_store_now(s))
		t.until = crm_store_now(s);
	if (status == CRM_OK)
		status = report_rows(out, &t, r, opt);
	groups_free(&t.groups);
	free(t.pairs);
	return status;
}

static const struct crm_report reports[] = {
	{
		.name = "tickets",
		.title = N_("Tickets"),
		.help = N_("how many tickets came, were solved and taken up again, and how many are left"),
		.entity = "ticket",
		COLUMNS(columns),
		.keys = 1,
		.chart = { CRM_CHART_LINE, "created,solved" },
		.takes = REPORT_PERIOD | REPORT_BY_FIELD,
		.by = by,
		.rows = &report_measured_tickets,
		.run = run_tickets,
	},
};

const struct report_table reports_tickets = { reports, ARRAY_SIZE(reports) };

/* What is left: tickets that are not resolved, by field at any past time, and by age. */
#include "report/group.h"
#include "service/metrics.h"
#include <stdio.h>

/* As they are at the clock. */
static const struct report_source unresolved = {
	.entity = &entity_ticket, .condition = "1", .at = "created_at", .terms = "state:open,paused"
};

/* --- backlog --- */

static const crm_column backlog_columns[] = {
	COLUMN("bucket", "Group", "value of the field; empty: none", CRM_TEXT),
	COLUMN("tickets", "Tickets", "created, and not resolved", CRM_INTEGER),
	COLUMN("open", "Open", "of these, in a status in which we work on them", CRM_INTEGER),
	COLUMN("paused", "Paused", "of these, in a status in which others have to act", CRM_INTEGER),
	COLUMN("oldest_at", "Oldest", "when the oldest of them was created", CRM_TIME),
};

static const char *const backlog_by[] = { "status", "priority", "assignee", "team", NULL };

struct backlog_group {
	struct group group;
	int64_t open, paused, oldest;
};

/* The changes of a field whose past is kept; false: it is as it is. */
static bool tracked_kind(enum moment_kind *out, const char *field)
{
	static const struct {
		const char *field;
		enum moment_kind kind;
	} kinds[] = {
		{ "status", MOMENT_STATUS },
		{ "priority", MOMENT_PRIORITY },
		{ "assignee", MOMENT_ASSIGNEE },
		{ "team", MOMENT_TEAM },
		{ "type", MOMENT_TYPE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i].field, field) == 0) {
			*out = kinds[i].kind;
			return true;
		}
	return false;
}

/* Tickets that may not have been resolved at `at`: the rest is never looked at. As in a list, facts are of the clock. */
static void put_candidates(char condition[128], crm_store *s, int64_t at)
{
	if (!s->now_fixed && at == crm_store_now(s))
		snprintf(condition, 128, "t0.state IN ('open', 'paused')");
	else
		snprintf(condition, 128,
			"t0.state IS NULL OR t0.state <> 'resolved' OR t0.last_event_at IS NULL OR "
			"t0.last_event_at > %lld",
			(long long)at);
}

static int gather_backlog(struct groups *g, crm_store *s, struct courses *all, int64_t at, const char *by)
{
	enum moment_kind kind;
	const bool tracked = tracked_kind(&kind, by);
	const struct course *c;
	int status = CRM_OK;

	while (status == CRM_OK && (status = courses_next(&c, all)) == CRM_OK) {
		enum stage stage = courses_stage(all, course_value_at(c, MOMENT_STATUS, at, c->status));
		struct backlog_group *group;

		if (!stage_is_active(stage))
			continue;
		group = (struct backlog_group *)groups_get(
			g, tracked ? course_value_at(c, kind, at, c->words[0]) : c->words[0]);
		if (!group)
			return err_nomem(&s->err);
		if (group->open + group->paused == 0 || c->created_at < group->oldest)
			group->oldest = c->created_at;
		group->open += stage == STAGE_OPEN;
		group->paused += stage != STAGE_OPEN;
	}
	return status < 0 ? status : CRM_OK;
}

static void put_backlog(struct rowset *rows, const struct groups *g, struct courses *all)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct backlog_group *group = (const struct backlog_group *)g->v[i];

		rowset_begin(rows);
		group_put_word(rows, 0, courses_field(all, 0), courses_words(all), group->group.key);
		rowset_int(rows, 1, group->open + group->paused);
		rowset_int(rows, 2, group->open);
		rowset_int(rows, 3, group->paused);
		rowset_int(rows, 4, group->oldest);
	}
}

static int run_backlog(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	const char *by = report_by(r, opt);
	cleanup(courses_closep) struct courses *all = NULL;
	cleanup(groups_free) struct groups g = { .size = sizeof(struct backlog_group) };
	struct course_options which = COURSE_ALL;
	enum moment_kind kind;
	struct rowset *rows;
	char condition[128];
	int64_t at = crm_store_now(s);
	int status = opt->as_of ? report_as_of(&at, s, opt) : CRM_OK;

	put_candidates(condition, s, at);
	which.as_of = opt->as_of ? at : 0;
	which.until = at;
	which.condition = condition;
	which.columns = &by;
	which.ncolumns = 1;
	which.kinds = tracked_kind(&kind, by) ? WANT(kind) : 0;
	if (status == CRM_OK)
		status = report_courses(&all, s, opt, &which);
	if (status == CRM_OK)
		status = gather_backlog(&g, s, all, at, by);
	if (status < 0)
		return status;
	if (rowset_new(&rows, r->columns, r->ncolumns) < 0)
		return err_nomem(&s->err);
	groups_sort_words(&g, courses_words(all), courses_field(all, 0));
	put_backlog(rows, &g, all);
	return rowset_cursor(out, rows) < 0 ? err_nomem(&s->err) : CRM_OK;
}

/* --- aging --- */

static const crm_column aging_columns[] = {
	COLUMN("age", "Days", "days since the creation", CRM_TEXT),
	COLUMN("tickets", "Tickets", "not resolved", CRM_INTEGER),
	COLUMN("open", "Open", "of these, in a status in which we work on them", CRM_INTEGER),
	COLUMN("paused", "Paused", "of these, in a status in which others have to act", CRM_INTEGER),
	COLUMN("urgent", "Urgent", "of these, of priority urgent", CRM_INTEGER),
	COLUMN("high", "High", "of these, of priority high", CRM_INTEGER),
	COLUMN("normal", "Normal", "of these, of priority normal", CRM_INTEGER),
	COLUMN("low", "Low", "of these, of priority low", CRM_INTEGER),
};

static const struct {
	const char *name;
	int days; /* the age is below */
} ages[] = {
	{ "<1d", 1 },
	{ "1-3d", 3 },
	{ "3-7d", 7 },
	{ "7-14d", 14 },
	{ "14-30d", 30 },
	{ ">30d", INT32_MAX },
};

enum {
	FIRST_PRIORITY = 4 /* column */
};

struct age_counts {
	int64_t v[ARRAY_SIZE(aging_columns)]; /* by column */
};

static size_t age_of(int64_t seconds)
{
	size_t i = 0;

	while (seconds >= (int64_t)ages[i].days * 86400)
		i++;
	return i;
}

static void count_age(struct age_counts *counts, enum stage stage, const char *priority)
{
	counts->v[1]++;
	counts->v[stage == STAGE_OPEN ? 2 : 3]++;
	for (size_t i = FIRST_PRIORITY; priority && i < ARRAY_SIZE(aging_columns); i++)
		counts->v[i] += strcmp(aging_columns[i].name, priority) == 0;
}

static int run_aging(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	static const char *const priority[] = { "priority" };
	cleanup(courses_closep) struct courses *all = NULL;
	struct age_counts counts[ARRAY_SIZE(ages)] = { 0 };
	struct course_options which = COURSE_ALL;
	struct rowset *rows;
	const struct course *c;
	char condition[128];
	const int64_t now = crm_store_now(s);
	int status;

	put_candidates(condition, s, now);
	which.condition = condition;
	which.columns = priority;
	which.ncolumns = 1;
	which.kinds = WANT(MOMENT_PRIORITY);
	status = report_courses(&all, s, opt, &which);
	while (status == CRM_OK && (status = courses_next(&c, all)) == CRM_OK) {
		enum stage stage = courses_stage(all, course_value_at(c, MOMENT_STATUS, now, c->status));
		int word = course_value_at(c, MOMENT_PRIORITY, now, c->words[0]);

		if (stage_is_active(stage))
			count_age(&counts[age_of(now - c->created_at)], stage, words_text(courses_words(all), word));
	}
	if (status < 0)
		return status;
	if (rowset_new(&rows, r->columns, r->ncolumns) < 0)
		return err_nomem(&s->err);
	for (size_t i = 0; i < ARRAY_SIZE(ages); i++) {
		rowset_begin(rows);
		rowset_str(rows, 0, ages[i].name);
		for (size_t k = 1; k < r->ncolumns; k++)
			rowset_int(rows, k, counts[i].v[k]);
	}
	return rowset_cursor(out, rows) < 0 ? err_nomem(&s->err) : CRM_OK;
}

static const struct crm_report reports[] = {
	{
		.name = "backlog",
		.title = N_("Backlog"),
		.help = N_("how many tickets are not resolved, now or at a past time, by status or another field"),
		.entity = "ticket",
		COLUMNS(backlog_columns),
		.keys = 1,
		.chart = { CRM_CHART_BARS, "open,paused" },
		.takes = REPORT_AS_OF | REPORT_BY_FIELD,
		.by = backlog_by,
		.rows = &unresolved,
		.run = run_backlog,
	},
	{
		.name = "aging",
		.title = N_("Age of open tickets"),
		.help = N_("how old the tickets are that are not resolved"),
		.entity = "ticket",
		COLUMNS(aging_columns),
		.keys = 1,
		.chart = { CRM_CHART_BARS, "tickets" },
		.rows = &unresolved,
		.run = run_aging,
	},
};

const struct report_table reports_backlog = { reports, ARRAY_SIZE(reports) };

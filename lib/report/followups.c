/* Reports on follow-ups. */
#include "report/report.h"
#include "service/due.h"

static const crm_column followups_columns[] = {
	COLUMN("owner", "Owner", "agent who owes them", CRM_TEXT),
	COLUMN("action", "Action", "what is owed", CRM_ENUM),
	COLUMN("due", "Due", "how many: follow-ups, and customers by a policy", CRM_INTEGER),
	COLUMN("overdue", "Overdue", "of these, owed since an earlier day", CRM_INTEGER),
	COLUMN("never_contacted", "Never contacted", "of these, never contacted", CRM_INTEGER),
	COLUMN("oldest_days", "Oldest", "days since the last contact of the one waiting longest", CRM_INTEGER),
};

struct group {
	const char *owner, *action;
	int64_t due, overdue, never, oldest;
};

struct groups {
	struct group *v;
	size_t n, cap;
	struct arena mem;
};

static struct group *find_group(struct groups *g, const char *owner, const char *action)
{
	for (size_t i = 0; i < g->n; i++)
		if (strcmp(g->v[i].owner, owner) == 0 && strcmp(g->v[i].action, action) == 0)
			return &g->v[i];
	owner = arena_copy(&g->mem, owner, strlen(owner));
	if (!owner || !GROW(g->v, g->n, g->cap))
		return NULL;
	g->v[g->n] = (struct group){ .owner = owner, .action = action, .oldest = -1 };
	return &g->v[g->n++];
}

/* Owed yesterday already. */
static bool overdue(const crm_store *s, const struct due *d)
{
	int64_t unit = d->step && d->step->unit == STEP_ELAPSED ? 86400 : 1;

	if (d->followup)
		return zone_day(s->zone, d->due) < zone_day(s->zone, crm_store_now(s));
	return d->days >= 0 && d->passed - d->step->amount > unit;
}

static int gather(struct groups *g, crm_store *s, const struct due_list *list)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s, "SELECT owner FROM customer WHERE id = $1", 0);

	for (size_t i = 0; status == CRM_OK && i < list->n; i++) {
		const struct due *d = &list->v[i];
		const char *owner = d->owner;
		struct group *group;

		if (!owner) {
			db_rewind(st);
			db_bind_int(st, 1, d->customer);
			status = db_step(st);
			owner = db_is_null(st, 0) ? "" : db_text(st, 0);
		}
		if (status != CRM_OK)
			break;
		group = find_group(g, owner, d->action);
		if (!group)
			return err_nomem(&s->err);
		group->due++;
		group->overdue += overdue(s, d);
		group->never += d->days < 0;
		group->oldest = d->days > group->oldest ? d->days : group->oldest;
	}
	return status < 0 ? status : CRM_OK;
}

static int compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int order = strcmp(x->owner, y->owner);

	return order ? order : strcmp(x->action, y->action);
}

static int run_followups(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	struct due_list list = { 0 };
	struct groups g = { 0 };
	struct rowset *rows = NULL;
	const crm_due_options due = { .nfilter = opt->nfilter, .filter = opt->filter };
	int status = due_list_make(&list, s, &due);

	if (status == CRM_OK)
		status = gather(&g, s, &list);
	if (status == CRM_OK && rowset_new(&rows, r->columns, r->ncolumns) < 0)
		status = err_nomem(&s->err);
	if (g.n > 0)
		qsort(g.v, g.n, sizeof(*g.v), compare_groups);
	for (size_t i = 0; status == CRM_OK && i < g.n; i++) {
		rowset_begin(rows);
		rowset_str(rows, 0, *g.v[i].owner ? g.v[i].owner : NULL);
		rowset_str(rows, 1, g.v[i].action);
		rowset_int(rows, 2, g.v[i].due);
		rowset_int(rows, 3, g.v[i].overdue);
		rowset_int(rows, 4, g.v[i].never);
		if (g.v[i].oldest >= 0)
			rowset_int(rows, 5, g.v[i].oldest);
	}
	if (status == CRM_OK && rowset_cursor(out, rows) < 0)
		status = err_nomem(&s->err);
	due_list_free(&list);
	free(g.v);
	arena_free(&g.mem);
	return status;
}

static const struct crm_report reports[] = {
	{
		.name = "followups",
		.title = N_("Follow-ups owed"),
		.help = N_("how many follow-ups and contacts are owed now, by owner and action"),
		.entity = "customer",
		COLUMNS(followups_columns),
		.keys = 2,
		.chart = { CRM_CHART_BARS, "due,overdue" },
		.no_rows = N_("crm followup due lists them"),
		.run = run_followups,
	},
};

const struct report_table reports_followups = { reports, ARRAY_SIZE(reports) };

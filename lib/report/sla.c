/* How service levels were kept: as they are, and as they would be under other terms. */
#include "service/sla.h"
#include "model/record.h"
#include "report/report.h"
#include <crm/sla.h>

struct counts {
	int64_t met, breached, running;
};

/* counts[policy * SLA_TARGETS + target], for the policies of a set. */
struct tally {
	struct counts *v;
	size_t n;
};

static void add(struct counts *n, const struct sla_clock *c)
{
	n->met += (int64_t)c->met;
	n->breached += (int64_t)c->breached;
	if (c->met || c->breached) { /* replies that came; perhaps one more is owed */
		n->running += !c->ended;
		return;
	}
	n->met += c->state == SLA_MET;
	n->breached += c->state == SLA_BREACHED;
	n->running += c->state == SLA_RUNNING || c->state == SLA_PAUSED;
}

static const struct report_source source = { .entity = &entity_ticket, .condition = "1", .at = "created_at" };

static int count(struct tally *out, crm_store *s, struct sla_set *set, const crm_report_options *opt)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct sla_verdict v;
	int status = report_select(&st, s, &source, "t0.id", "ORDER BY t0.id", opt);

	out->n = set->n * SLA_TARGETS;
	out->v = calloc(out->n + 1, sizeof(*out->v));
	if (!out->v)
		return err_nomem(&s->err);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		status = sla_judge(&v, s, set, db_int(st, 0), NULL, NULL);
		for (size_t t = 0; status == CRM_OK && v.policy && t < SLA_TARGETS; t++)
			if (v.clocks[t].state != SLA_NONE)
				add(&out->v[(size_t)(v.policy - set->v) * SLA_TARGETS + t], &v.clocks[t]);
	}
	return status < 0 ? status : CRM_OK;
}

static void tally_free(struct tally *t)
{
	free(t->v);
}

/* met, breached, running, met_percent from column `at` on. Nothing that ended has no percentage. */
static void put_counts(struct rowset *rows, size_t at, const struct counts *n)
{
	int64_t ended = n->met + n->breached;

	rowset_int(rows, at, n->met);
	rowset_int(rows, at + 1, n->breached);
	rowset_int(rows, at + 2, n->running);
	if (ended > 0)
		rowset_real(rows, at + 3, 100.0 * (double)n->met / (double)ended);
}

static bool promises(const struct sla_policy *p, size_t target)
{
	for (size_t i = 0; i < SLA_PRIORITIES; i++)
		if (p->seconds[target][i] >= 0)
			return true;
	return false;
}

static const crm_column report_columns[] = {
	COLUMN("policy", "Policy", "name of the policy", CRM_TEXT),
	COLUMN("target", "Target", "first_reply, next_reply or resolution", CRM_ENUM),
	COLUMN("met", "Met", "promises that were kept", CRM_INTEGER),
	COLUMN("breached", "Breached", "promises that were not kept", CRM_INTEGER),
	COLUMN("running", "Running", "promises whose time is not over", CRM_INTEGER),
	COLUMN("met_percent", "Met %", "met of met and breached", CRM_REAL),
};

static int run_sla(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	cleanup(sla_set_free) struct sla_set set = { 0 };
	cleanup(rowset_freep) struct rowset *rows = NULL;
	cleanup(tally_free) struct tally n = { 0 };
	int status = sla_set_load(&set, s);

	if (status == CRM_OK)
		status = count(&n, s, &set, opt);
	if (status == CRM_OK && rowset_new(&rows, r->columns, r->ncolumns) < 0)
		status = err_nomem(&s->err);
	for (size_t i = 0; status == CRM_OK && i < n.n; i++) {
		if (!promises(&set.v[i / SLA_TARGETS], i % SLA_TARGETS))
			continue;
		rowset_begin(rows);
		rowset_str(rows, 0, set.v[i / SLA_TARGETS].name);
		rowset_str(rows, 1, sla_target_names[i % SLA_TARGETS]);
		put_counts(rows, 2, &n.v[i]);
	}
	if (status < 0)
		return status;
	return rowset_cursor(out, TAKE_PTR(rows)) < 0 ? err_nomem(&s->err) : CRM_OK;
}

static const struct crm_report reports[] = {
	{
		.name = "sla",
		.title = N_("Service levels"),
		.help = N_("how service levels were kept, by policy and target"),
		.entity = "ticket",
		COLUMNS(report_columns),
		.keys = 2,
		.chart = { CRM_CHART_BARS, "met,breached" },
		.takes = REPORT_PERIOD,
		.rows = &source,
		.run = run_sla,
	},
};

const struct report_table reports_sla = { reports, ARRAY_SIZE(reports) };

/* --- other terms --- */

static const crm_column simulate_columns[] = {
	COLUMN("policy", "Policy", "name of the policy", CRM_TEXT),
	COLUMN("target", "Target", "first_reply, next_reply or resolution", CRM_ENUM),
	COLUMN("met", "Met", "promises kept, as things are", CRM_INTEGER),
	COLUMN("breached", "Breached", "promises not kept", CRM_INTEGER),
	COLUMN("running", "Running", "promises whose time is not over", CRM_INTEGER),
	COLUMN("met_percent", "Met %", "met of met and breached", CRM_REAL),
	COLUMN("simulated_met", "Would be met", "the same under the other terms", CRM_INTEGER),
	COLUMN("simulated_breached", "Would be breached", "the same under the other terms", CRM_INTEGER),
	COLUMN("simulated_running", "Would be running", "the same under the other terms", CRM_INTEGER),
	COLUMN("simulated_met_percent", "Would be met %", "the same under the other terms", CRM_REAL),
};

/* A policy for all tickets, where the store has none. */
static int add_policy(struct sla_set *set, crm_store *s)
{
	set->v = calloc(1, sizeof(*set->v));
	if (!set->v || !(set->v[0].name = strdup("simulated")))
		return err_nomem(&s->err);
	set->n = 1;
	set->v[0].since = INT64_MIN;
	memset(set->v[0].seconds, 0xff, sizeof(set->v[0].seconds)); /* -1: nothing is promised */
	return CRM_OK;
}

static int change_policy(struct sla_policy *p, crm_store *s, const crm_sla_terms *terms)
{
	const char *const targets[SLA_TARGETS] = { terms->first_reply, terms->next_reply, terms->resolution };
	int status = CRM_OK;

	for (size_t t = 0; status == CRM_OK && t < SLA_TARGETS; t++)
		if (targets[t])
			status = sla_targets_parse(p->seconds[t], sla_target_names[t], targets[t], &s->err);
	if (status == CRM_OK && terms->calendar) {
		p->calendar = calendar_free(p->calendar);
		status = *terms->calendar ? calendar_load_named(&p->calendar, s, terms->calendar) : CRM_OK;
	}
	if (status == CRM_OK && terms->pauses) {
		free(p->pauses);
		p->pauses = *terms->pauses ? strdup(terms->pauses) : NULL;
		status = *terms->pauses && !p->pauses ? err_nomem(&s->err) : CRM_OK;
	}
	return status;
}

static int change_set(struct sla_set *set, crm_store *s, const crm_sla_terms *terms)
{
	bool found = false;
	int status = set->n == 0 && !terms->policy ? add_policy(set, s) : CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < set->n; i++)
		if (!terms->policy || strcmp(terms->policy, set->v[i].name) == 0) {
			found = true;
			status = change_policy(&set->v[i], s, terms);
		}
	if (status == CRM_OK && !found)
		return err_set(&s->err, CRM_NOTFOUND, "there is no sla '%s' (crm sla list)", terms->policy);
	return status;
}

int crm_sla_simulate(crm_cursor **out, crm_store *s, const crm_sla_terms *terms, size_t nfilter,
	const char *const *filter, const char *since, const char *until)
{
	const crm_report_options opt = { .nfilter = nfilter, .filter = filter, .since = since, .until = until };
	cleanup(sla_set_free) struct sla_set set = { 0 };
	cleanup(sla_set_free) struct sla_set other = { 0 };
	cleanup(rowset_freep) struct rowset *rows = NULL;
	cleanup(tally_free) struct tally now = { 0 };
	cleanup(tally_free) struct tally then = { 0 };
	int status = sla_set_load(&set, s);

	if (status == CRM_OK)
		status = sla_set_load(&other, s);
	if (status == CRM_OK)
		status = change_set(&other, s, terms);
	if (status == CRM_OK)
		status = count(&now, s, &set, &opt);
	if (status == CRM_OK)
		status = count(&then, s, &other, &opt);
	if (status == CRM_OK && rowset_new(&rows, simulate_columns, ARRAY_SIZE(simulate_columns)) < 0)
		status = err_nomem(&s->err);
	for (size_t i = 0; status == CRM_OK && i < then.n; i++) {
		size_t p = i / SLA_TARGETS, t = i % SLA_TARGETS;
		bool before = p < set.n && promises(&set.v[p], t);

		if (!before && !promises(&other.v[p], t))
			continue;
		rowset_begin(rows);
		rowset_str(rows, 0, other.v[p].name);
		rowset_str(rows, 1, sla_target_names[t]);
		if (before)
			put_counts(rows, 2, &now.v[i]);
		if (promises(&other.v[p], t))
			put_counts(rows, 6, &then.v[i]);
	}
	if (status < 0)
		return status;
	return rowset_cursor(out, TAKE_PTR(rows)) < 0 ? err_nomem(&s->err) : CRM_OK;
}

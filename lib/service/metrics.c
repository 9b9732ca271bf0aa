/* The metrics of a ticket. */
#include "service/metrics.h"
#include "service/calendar_store.h"

const char *const metric_names[METRICS] = {
	[METRIC_FIRST_REPLY] = N_("first_reply"),
	[METRIC_NEXT_REPLY] = N_("next_reply"),
	[METRIC_FIRST_RESOLUTION] = N_("first_resolution"),
	[METRIC_FULL_RESOLUTION] = N_("full_resolution"),
	[METRIC_REQUESTER_WAIT] = N_("requester_wait"),
	[METRIC_AGENT_WAIT] = N_("agent_wait"),
	[METRIC_ON_HOLD] = N_("on_hold"),
};

int working_time_open(struct working_time *out, crm_store *s)
{
	int status = calendar_load_main(&out->calendar, s);

	if (status == CRM_NOTFOUND)
		return CRM_OK;
	if (status == CRM_OK)
		out->between = calendar_between;
	return status;
}

void working_time_close(struct working_time *w)
{
	calendar_free(w->calendar);
	*w = (struct working_time){ 0 };
}

struct meter {
	const struct courses *all;
	const struct course *c;
	int64_t now;
	const struct working_time *work;
	measure_fn fn;
	void *payload;
};

static int64_t worked(const struct meter *m, int64_t from, int64_t to)
{
	return m->work->between && from < to ? m->work->between(m->work->calendar, from, to) : 0;
}

static int measure(const struct meter *m, enum metric metric, int64_t from, int64_t to)
{
	const struct measure value = { to - from, worked(m, from, to), to < from };

	return m->fn(m->payload, metric, &value);
}

bool metrics_apply(const struct course *c)
{
	return c->spans[c->nspans - 1].stage != STAGE_GONE;
}

/* A wait for the first reply is the first reply's alone: only what the customer says after it waits for a next one. */
static int measure_replies(const struct meter *m)
{
	bool replied = false, waiting = false;
	int64_t since = 0;
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < m->c->n && m->c->moments[i].at <= m->now; i++) {
		const struct moment *e = &m->c->moments[i];

		if (e->kind == MOMENT_MESSAGE && replied && !waiting) {
			waiting = true;
			since = e->at;
		}
		if (e->kind != MOMENT_REPLY)
			continue;
		if (!replied)
			status = measure(m, METRIC_FIRST_REPLY, m->c->created_at, e->at);
		else if (waiting)
			status = measure(m, METRIC_NEXT_REPLY, since, e->at);
		replied = true;
		waiting = false;
	}
	return status;
}

static int measure_resolutions(const struct meter *m)
{
	const struct moment *first = NULL, *last = NULL;
	int status = CRM_OK;

	for (size_t i = 0; i < m->c->n && m->c->moments[i].at <= m->now; i++)
		if (courses_solves(m->all, &m->c->moments[i])) {
			last = &m->c->moments[i];
			first = first ? first : last;
		}
	if (first)
		status = measure(m, METRIC_FIRST_RESOLUTION, m->c->created_at, first->at);
	if (status == CRM_OK && last)
		status = measure(m, METRIC_FULL_RESOLUTION, m->c->created_at, last->at);
	return status;
}

/* Whether time in a status counts as that wait. */
static bool counts_as(enum metric metric, enum stage stage)
{
	switch (metric) {
	case METRIC_REQUESTER_WAIT:
		return stage == STAGE_OPEN || stage == STAGE_HOLD;
	case METRIC_AGENT_WAIT:
		return stage == STAGE_PENDING;
	default:
		return stage == STAGE_HOLD;
	}
}

/* Totals are known once the ticket is resolved; one that was never in such a status has none. */
static int measure_waits(const struct meter *m)
{
	int status = CRM_OK;

	if (m->c->spans[m->c->nspans - 1].stage != STAGE_SOLVED)
		return CRM_OK;
	for (enum metric w = METRIC_REQUESTER_WAIT; status == CRM_OK && w <= METRIC_ON_HOLD; w++) {
		struct measure sum = { .impossible = m->c->early };
		bool any = false;

		for (size_t i = 0; i < m->c->nspans; i++) {
			const struct span *span = &m->c->spans[i];

			if (!counts_as(w, span->stage))
				continue;
			any = true;
			sum.seconds += span->to - span->from;
			sum.business += worked(m, span->from, span->to);
		}
		if (any)
			status = m->fn(m->payload, w, &sum);
	}
	return status;
}

int metrics_measure(const struct courses *all, const struct course *c, int64_t now, const struct working_time *work,
	measure_fn fn, void *payload)
{
	const struct meter m = { all, c, now, work, fn, payload };
	int status;

	if (!metrics_apply(c))
		return CRM_OK;
	status = measure_replies(&m);
	if (status == CRM_OK)
		status = measure_resolutions(&m);
	return status == CRM_OK ? measure_waits(&m) : status;
}

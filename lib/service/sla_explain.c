/* crm_sla_explain: what the clocks of a ticket did, stretch by stretch. */
#include <crm/sla.h>

#include "base/cursor.h"
#include "service/sla.h"

enum {
	COL_TARGET,
	COL_FROM,
	COL_TO,
	COL_COUNTED,
	COL_WHY,
	COL_COUNT
};

static const crm_column columns[COL_COUNT] = {
	[COL_TARGET] = COLUMN("target", "Target", "first_reply, next_reply or resolution", CRM_TEXT),
	[COL_FROM] = COLUMN("from", "From", "where the stretch begins", CRM_TIME),
	[COL_TO] = COLUMN("to", "To", "where it ends; of the last row: when the promise runs out", CRM_TIME),
	[COL_COUNTED] = COLUMN("counted_s", "Counted", "seconds of it that count", CRM_DURATION),
	[COL_WHY] = COLUMN("why", "Why", "status, or why it does not count; of the last row: the verdict", CRM_TEXT),
};

struct explain {
	struct rowset *rows;
	const crm_store *s;
	const struct calendar *calendar; /* of the policy, known before the clocks are told */
	struct sla_set *set;
};

static void put(struct explain *x, enum sla_target target, int64_t from, int64_t to, int64_t counted, const char *why)
{
	rowset_begin(x->rows);
	rowset_str(x->rows, COL_TARGET, sla_target_names[target]);
	rowset_int(x->rows, COL_FROM, from);
	rowset_int(x->rows, COL_TO, to);
	rowset_int(x->rows, COL_COUNTED, counted);
	rowset_str(x->rows, COL_WHY, why);
}

/* Why nothing counts from one instant to another: a holiday that all of it lies in, or the hours. */
static void put_gap(struct explain *x, enum sla_target target, int64_t from, int64_t to)
{
	const char *name = NULL;
	struct buf why = BUF_INIT;
	enum calendar_reason reason =
		calendar_day_reason(x->calendar, zone_day(calendar_zone(x->calendar), from + (to - from) / 2), &name);

	if (reason == CALENDAR_HOLIDAY)
		buf_printf(&why, "%s%s%s", store_tr(x->s, "holiday"), name ? " " : "", name ? name : "");
	else
		buf_puts(&why, store_tr(x->s, "outside hours"));
	put(x, target, from, to, 0, buf_str(&why));
	buf_free(&why);
}

/* A stretch that counts, cut into what the calendar takes of it. */
static void put_worked(struct explain *x, const struct sla_span *span)
{
	struct calendar_walk walk;
	struct calendar_span work;
	int64_t at = span->from;

	calendar_walk(&walk, x->calendar, span->from, span->to);
	while (calendar_walk_next(&walk, &work)) {
		if (work.begin > at)
			put_gap(x, span->target, at, work.begin);
		put(x, span->target, work.begin, work.end, work.end - work.begin, span->why);
		at = work.end;
	}
	if (at < span->to)
		put_gap(x, span->target, at, span->to);
}

/* Skipped stretches are told as such: the reason is the status. */
static int put_span(const struct sla_span *span, void *payload)
{
	struct explain *x = payload;

	if (x->calendar && (span->counted > 0 || span->target != SLA_RESOLUTION))
		put_worked(x, span);
	else
		put(x, span->target, span->from, span->to, span->counted, span->why);
	return CRM_OK;
}

static void put_verdict(struct explain *x, const struct sla_verdict *v, enum sla_target target)
{
	const struct sla_clock *c = &v->clocks[target];
	cleanup(buf_free) struct buf used = BUF_INIT, target_time = BUF_INIT;
	struct buf why = BUF_INIT;

	duration_format(&used, c->used);
	duration_format(&target_time, c->target);
	if (buf_str(&used) && buf_str(&target_time))
		buf_printf(&why, store_tr(x->s, "%s: %s of %s, policy %s"), store_tr(x->s, sla_state_names[c->state]),
			used.s, target_time.s, v->policy->name);
	why.failed |= used.failed || target_time.failed;
	rowset_begin(x->rows);
	rowset_str(x->rows, COL_TARGET, sla_target_names[target]);
	if (c->due && !c->ended)
		rowset_int(x->rows, COL_TO, c->due);
	rowset_int(x->rows, COL_COUNTED, c->used);
	rowset_buf(x->rows, COL_WHY, &why);
	buf_free(&why);
}

int crm_sla_explain(crm_cursor **out, crm_store *s, int64_t ticket)
{
	cleanup(sla_set_free) struct sla_set set = { 0 };
	cleanup(rowset_freep) struct rowset *rows = NULL;
	struct explain x = { .s = s, .set = &set };
	struct sla_verdict v = { 0 };
	int status = sla_set_load(&set, s);

	/* once for the policy, whose calendar cuts the stretches, and again to be told them */
	if (status == CRM_OK)
		status = sla_judge(&v, s, &set, ticket, NULL, NULL);
	if (status == CRM_OK && !v.policy)
		status = err_set(&s->err, CRM_CONFLICT, "no policy fits ticket %lld (crm sla list)", (long long)ticket);
	if (status == CRM_OK && rowset_new(&rows, columns, COL_COUNT) < 0)
		status = err_nomem(&s->err);
	if (status < 0)
		return status;
	x.rows = rows;
	x.calendar = v.policy->calendar;
	status = sla_judge(&v, s, &set, ticket, put_span, &x);
	if (status < 0)
		return status;
	for (int i = 0; i < SLA_TARGETS; i++)
		if (v.clocks[i].state != SLA_NONE)
			put_verdict(&x, &v, (enum sla_target)i);
	return rowset_cursor(out, TAKE_PTR(rows)) < 0 ? err_nomem(&s->err) : CRM_OK;
}

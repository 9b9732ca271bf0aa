/* Judging a ticket: three clocks over its events and communications. */
#include "service/sla.h"

#include "model/record.h"
#include "model/ticket.h"
#include "query/filter.h"
#include "text/text.h"
#include <stdio.h>

const char *const sla_state_names[] = {
	[SLA_NONE] = "none",
	[SLA_MET] = "met",
	[SLA_RUNNING] = "running",
	[SLA_PAUSED] = "paused",
	[SLA_BREACHED] = "breached",
};

/* All that is asked of a ticket. */
struct judged {
	crm_store *s;
	struct sla_set *set;
	const struct sla_policy *policy;
	int64_t ticket, created_at, now;
	int64_t first_reply_at, solved_at; /* 0: not yet */
	bool resolved;                     /* now */
	int priority;
	char status[64]; /* as it is; a longer name of your own is cut, and is then of no list */
	sla_span_fn fn;
	void *payload;
};

int64_t sla_between(struct calendar *c, int64_t from, int64_t to)
{
	return c ? calendar_between(c, from, to) : to > from ? to - from : 0;
}

int sla_after(int64_t *out, struct calendar *c, int64_t from, int64_t seconds, struct err *err)
{
	if (c)
		return calendar_add(out, c, from, seconds, err);
	*out = from + seconds;
	return CRM_OK;
}

static int tell(const struct judged *j, enum sla_target target, int64_t from, int64_t to, bool counts, const char *why)
{
	struct sla_span span = { target, from, to, counts ? sla_between(j->policy->calendar, from, to) : 0, why };

	return j->fn && to > from ? j->fn(&span, j->payload) : CRM_OK;
}

/* --- the clocks --- */

/* Fills in what follows from the target, the used time and whether it ended; a running one runs out from `from` on. */
static int settle(const struct judged *j, struct sla_clock *c, bool paused, int64_t from, int64_t used_before)
{
	int status = CRM_OK;

	if (c->used > c->target)
		c->state = SLA_BREACHED;
	else
		c->state = c->ended ? SLA_MET : paused ? SLA_PAUSED : SLA_RUNNING;
	if (c->ended || paused)
		return CRM_OK;
	if (used_before >= c->target)
		c->due = from;
	else
		status = sla_after(&c->due, j->policy->calendar, from, c->target - used_before, &j->s->err);
	return status;
}

static int judge_first_reply(struct sla_clock *c, const struct judged *j)
{
	/* A solution without a word ends the wait as well. */
	int64_t end = j->first_reply_at ? j->first_reply_at : j->resolved ? j->solved_at : 0;
	int status;

	c->ended = end != 0;
	c->used = sla_between(j->policy->calendar, j->created_at, end ? end : j->now);
	status = tell(j, SLA_FIRST_REPLY, j->created_at, end ? end : j->now, true,
		!end                ? store_tr(j->s, "no reply yet")
		: j->first_reply_at ? store_tr(j->s, "until the first reply")
				    : store_tr(j->s, "until the solution"));
	return status < 0 ? status : settle(j, c, false, j->created_at, 0);
}

/* One wait of the customer for a further reply. */
static int judge_wait(struct sla_clock *c, const struct judged *j, int64_t since, int64_t end)
{
	int64_t used = sla_between(j->policy->calendar, since, end ? end : j->now);
	int status = tell(j, SLA_NEXT_REPLY, since, end ? end : j->now, true,
		end ? store_tr(j->s, "until the next reply") : store_tr(j->s, "no reply yet"));

	if (status < 0)
		return status;
	if (end) {
		c->met += used <= c->target;
		c->breached += used > c->target;
		c->used = used > c->used ? used : c->used;
		return CRM_OK;
	}
	c->ended = false;
	c->used = used;
	return settle(j, c, false, since, 0);
}

static int judge_next_reply(struct sla_clock *c, const struct judged *j)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int64_t since = 0;
	int status;

	c->ended = true;
	if (!j->first_reply_at)
		return CRM_OK;
	status = db_prepare(&st, j->s,
		"SELECT at, direction FROM log WHERE ticket = $1 AND at > $2 AND at <= $3 AND internal = 0 AND "
		"direction"
		" IS NOT NULL ORDER BY at, direction",
		0);
	if (status < 0)
		return status;
	db_bind_int(st, 1, j->ticket);
	db_bind_int(st, 2, j->first_reply_at);
	db_bind_int(st, 3, j->now);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		bool in = strcmp(db_text(st, 1), "in") == 0;

		if (in && !since)
			since = db_int(st, 0);
		if (!in && since) {
			status = judge_wait(c, j, since, db_int(st, 0));
			since = 0;
		}
	}
	if (status >= 0 && since)
		status = judge_wait(c, j, since, j->resolved && j->solved_at >= since ? j->solved_at : 0);
	if (status >= 0 && (c->met || c->breached) && c->state == SLA_NONE)
		c->state = SLA_MET;
	if (c->breached)
		c->state = SLA_BREACHED;
	return status < 0 ? status : CRM_OK;
}

enum mode {
	COUNTS,
	STANDS_STILL,
	DONE
};

static enum sla_category category_of(const struct sla_set *set, const char *status)
{
	for (size_t i = 0; i < set->nstatuses; i++)
		if (strcmp(set->statuses[i].name, status) == 0)
			return set->statuses[i].category;
	return SLA_OPEN;
}

static enum mode mode_of(const struct judged *j, const char *status)
{
	enum sla_category category = category_of(j->set, status);
	const char *pauses = j->policy->pauses;

	if (category == SLA_RESOLVED)
		return DONE;
	if (!pauses)
		return category == SLA_PAUSING ? STANDS_STILL : COUNTS;
	return list_has(pauses, strlen(pauses), status) ? STANDS_STILL : COUNTS;
}

/* The stretch of a ticket's life in one status. */
static int pass(struct sla_clock *c, const struct judged *j, const char *status, int64_t from, int64_t to)
{
	enum mode mode = mode_of(j, status);

	if (mode == COUNTS)
		c->used += sla_between(j->policy->calendar, from, to);
	return tell(j, SLA_RESOLUTION, from, to, mode == COUNTS, status);
}

static int judge_resolution(struct sla_clock *c, const struct judged *j)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf now = BUF_INIT;
	int64_t from = j->created_at, used_before = 0;
	bool first = true;
	int status = db_prepare(&st, j->s,
		"SELECT at, old_value, new_value FROM ticket_event WHERE ticket = $1 AND kind = 'status' AND at <= $2"
		" ORDER BY at, id",
		DB_SCAN); /* sorts one ticket's changes of one moment */

	if (status < 0)
		return status;
	buf_puts(&now, j->status);
	db_bind_int(st, 1, j->ticket);
	db_bind_int(st, 2, j->now);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		if (first && !db_is_null(st, 1)) {
			buf_clear(&now);
			buf_puts(&now, db_text(st, 1));
		}
		first = false;
		status = pass(c, j, buf_str(&now) ? now.s : "", from, db_int(st, 0));
		from = db_int(st, 0);
		buf_clear(&now);
		buf_puts(&now, db_is_null(st, 2) ? "" : db_text(st, 2));
	}
	if (status >= 0 && now.failed)
		status = err_nomem(&j->s->err);
	if (status >= 0) {
		enum mode mode = mode_of(j, buf_str(&now) ? now.s : "");

		used_before = c->used;
		c->ended = mode == DONE;
		status = mode == DONE ? CRM_OK : pass(c, j, now.s, from, j->now);
		if (status >= 0)
			status = settle(j, c, mode == STANDS_STILL, from, used_before);
	}
	buf_free(&now);
	return status < 0 ? status : CRM_OK;
}

/* --- the ticket --- */

/* One statement for all tickets: what the clocks need, and which policies' filters hold. */
static int prepare_ticket(struct sla_set *set, crm_store *s)
{
	cleanup(sql_release) struct sql q = { .s = s };
	int status = CRM_OK;

	buf_puts(&q.text, "SELECT t0.created_at, t0.priority, t0.status");
	for (size_t i = 0; i < 2; i++) {
		buf_puts(&q.text, ", ");
		sql_field(&q, &entity_ticket,
			field_find_static(&entity_ticket, i ? "last_solved_at" : "first_reply_at"), "t0");
	}
	for (size_t i = 0; status == CRM_OK && i < set->n; i++) {
		buf_puts(&q.text, ", (");
		status = filter_stored(&q, &entity_ticket, "t0", set->v[i].filter ? set->v[i].filter : "");
		buf_puts(&q.text, ") IS TRUE");
	}
	buf_puts(&q.text, " FROM ticket t0 WHERE t0.id = ");
	sql_param_int(&q, 0); /* the last parameter: bound for each ticket in turn */
	if (status == CRM_OK)
		status = sql_prepare(&set->ticket, &q, DB_SCAN | DB_ONCE);
	set->parameter = (int)q.n;
	return status;
}

static int priority_of(const char *name)
{
	static const char *const names[] = { "low", "normal", "high", "urgent" };

	for (int i = 0; i < SLA_PRIORITIES; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return 1;
}

static const struct sla_policy *policy_of(const struct sla_set *set, int64_t created_at)
{
	for (size_t i = 0; i < set->n; i++)
		if (db_int(set->ticket, 5 + (int)i) && created_at >= set->v[i].since)
			return &set->v[i];
	return NULL;
}

static int look_up(struct judged *j)
{
	struct stmt *st;
	int status = j->set->ticket ? CRM_OK : prepare_ticket(j->set, j->s);

	if (status < 0)
		return status;
	st = j->set->ticket;
	db_rewind(st);
	db_bind_int(st, j->set->parameter, j->ticket);
	status = db_step(st);
	if (status != CRM_OK)
		return status < 0 ? status
				  : err_set(&j->s->err, CRM_NOTFOUND, "there is no ticket %lld", (long long)j->ticket);
	j->created_at = db_int(st, 0);
	j->priority = priority_of(db_text(st, 1));
	snprintf(j->status, sizeof(j->status), "%s", db_text(st, 2));
	j->first_reply_at = db_int(st, 3);
	j->solved_at = db_int(st, 4);
	j->resolved = category_of(j->set, j->status) == SLA_RESOLVED;
	j->policy = policy_of(j->set, j->created_at);
	return CRM_OK;
}

static void summarise(struct sla_verdict *v)
{
	for (size_t i = 0; i < SLA_TARGETS; i++) {
		const struct sla_clock *c = &v->clocks[i];

		if (c->due && !c->ended && (!v->due || c->due < v->due))
			v->due = c->due;
		/* running says more than paused: somebody waits */
		if (c->state == SLA_RUNNING && v->state == SLA_PAUSED)
			v->state = SLA_RUNNING;
		else if (c->state > v->state && !(c->state == SLA_PAUSED && v->state == SLA_RUNNING))
			v->state = c->state;
	}
}

int sla_judge(struct sla_verdict *out, crm_store *s, struct sla_set *set, int64_t ticket, sla_span_fn fn, void *payload)
{
	static int (*const clocks[SLA_TARGETS])(struct sla_clock *, const struct judged *) = {
		[SLA_FIRST_REPLY] = judge_first_reply,
		[SLA_NEXT_REPLY] = judge_next_reply,
		[SLA_RESOLUTION] = judge_resolution,
	};
	struct judged j = {
		.s = s, .set = set, .ticket = ticket, .now = crm_store_now(s), .fn = fn, .payload = payload
	};
	struct sla_verdict v = { 0 };
	int status = look_up(&j);

	if (status == CRM_OK && j.policy && strcmp(j.status, "merged") != 0 && strcmp(j.status, "spam") != 0)
		v.policy = j.policy;
	for (size_t i = 0; status == CRM_OK && v.policy && i < SLA_TARGETS; i++) {
		v.clocks[i].target = v.policy->seconds[i][j.priority];
		if (v.clocks[i].target >= 0)
			status = clocks[i](&v.clocks[i], &j);
	}
	if (set->ticket)
		db_rewind(set->ticket); /* holds no snapshot */
	if (status < 0)
		return status;
	summarise(&v);
	*out = v;
	return CRM_OK;
}

/* --- fields of a ticket --- */

static int judge_shared(struct sla_verdict *v, crm_store *s, int64_t id)
{
	struct sla_set *set;
	int status = sla_set_shared(&set, s);

	return status < 0 ? status : sla_judge(v, s, set, id, NULL, NULL);
}

int sla_state_judge(crm_value *out, crm_store *s, int64_t id)
{
	struct sla_verdict v = { 0 };
	int status = judge_shared(&v, s, id);

	if (status == CRM_OK && v.state != SLA_NONE) {
		const char *name = sla_state_names[v.state];

		*out = (crm_value){ .kind = CRM_STRING, .s = name, .len = strlen(name) };
	}
	return status;
}

int sla_due_judge(crm_value *out, crm_store *s, int64_t id)
{
	struct sla_verdict v = { 0 };
	int status = judge_shared(&v, s, id);

	if (status == CRM_OK && v.due)
		*out = (crm_value){ .kind = CRM_INT, .i = v.due };
	return status;
}

int sla_policy_judge(crm_value *out, crm_store *s, int64_t id)
{
	struct sla_verdict v = { 0 };
	int status = judge_shared(&v, s, id);

	if (status == CRM_OK && v.policy)
		*out = (crm_value){ .kind = CRM_STRING, .s = v.policy->name, .len = strlen(v.policy->name) };
	return status;
}

/*
 * Which ticket to work on: one formula for all, a sum of points.
 *
 *   priority   low 0, normal 2, high 4, urgent 6
 *   sla        8 when the next promise has run out, falling to 0 when a day or more is left of it; and one more for
 *              each day that it is over, up to 4
 *   age        up to 2, reached after 30 days
 *   waiting    up to 4, for a customer who has waited two days for an answer
 *   customer   3 when the customer has the tag of ticket.vip in the configuration
 *   paused     -3 while others have to act
 *   blocked    -5 while a ticket that blocks it is not resolved
 *   blocking   2 while it blocks one that is not resolved
 *
 * The shape, terms of fixed weight that saturate, is that of Taskwarrior; the weights are ours.
 */
#include "base/cursor.h"
#include "model/record.h"
#include "model/ticket.h"
#include "query/filter.h"
#include "service/sla.h"
#include "text/text.h"
#include <crm/ticket.h>

enum {
	DAY = 86400
};

enum term {
	TERM_PRIORITY,
	TERM_SLA,
	TERM_AGE,
	TERM_WAITING,
	TERM_CUSTOMER,
	TERM_PAUSED,
	TERM_BLOCKED,
	TERM_BLOCKING,
	TERM_COUNT
};

static const char *const term_names[TERM_COUNT] = {
	[TERM_PRIORITY] = N_("priority"),
	[TERM_SLA] = N_("sla"),
	[TERM_AGE] = N_("age"),
	[TERM_WAITING] = N_("waiting"),
	[TERM_CUSTOMER] = N_("customer"),
	[TERM_PAUSED] = N_("paused"),
	[TERM_BLOCKED] = N_("blocked"),
	[TERM_BLOCKING] = N_("blocking"),
};

struct urgency {
	double points[TERM_COUNT];
	struct buf why[TERM_COUNT]; /* filled in only when told to */
	const crm_store *told;      /* NULL: not told to; in its language */
};

static void urgency_free(struct urgency *u)
{
	for (size_t i = 0; i < TERM_COUNT; i++)
		buf_free(&u->why[i]);
}

/* The part of `whole` that has passed, from 0 to 1. */
static double part(int64_t passed, int64_t whole)
{
	return passed <= 0 ? 0 : passed >= whole ? 1 : (double)passed / (double)whole;
}

static void put_length(struct urgency *u, enum term term, int64_t seconds, const char *fmt)
{
	cleanup(buf_free) struct buf length = BUF_INIT;

	if (!u->told)
		return;
	duration_format(&length, seconds / 60 * 60);
	buf_printf(&u->why[term], store_tr(u->told, fmt), buf_str(&length) ? length.s : "");
	u->why[term].failed |= length.failed;
}

static void judge_priority(struct urgency *u, const char *priority)
{
	static const struct {
		const char *name;
		double points;
	} weights[] = { { "low", 0 }, { "normal", 2 }, { "high", 4 }, { "urgent", 6 } };

	for (size_t i = 0; i < ARRAY_SIZE(weights); i++)
		if (strcmp(weights[i].name, priority) == 0)
			u->points[TERM_PRIORITY] = weights[i].points;
	if (u->told)
		buf_puts(&u->why[TERM_PRIORITY], store_tr(u->told, priority));
}

static void judge_due(struct urgency *u, int64_t due, int64_t now)
{
	if (!due)
		return;
	if (due > now) {
		u->points[TERM_SLA] = 8 * (1 - part(due - now, DAY));
		put_length(u, TERM_SLA, due - now, N_("%s left"));
	} else {
		u->points[TERM_SLA] = 8 + 4 * part(now - due, INT64_C(4) * DAY);
		put_length(u, TERM_SLA, now - due, N_("%s over"));
	}
}

static void flag(struct urgency *u, enum term term, bool holds, double points, const char *why)
{
	if (!holds)
		return;
	u->points[term] = points;
	if (u->told)
		buf_puts(&u->why[term], store_tr(u->told, why));
}

#define UNRESOLVED(id) "(SELECT state FROM ticket WHERE id = " id ") IS NOT 'resolved'"

static int judge_urgency(struct urgency *u, crm_store *s, int64_t id)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int64_t now = crm_store_now(s);
	struct sla_verdict v;
	struct sla_set *set;
	int status = sla_set_shared(&set, s);

	if (status == CRM_OK)
		status = sla_judge(&v, s, set, id, NULL, NULL);
	if (status == CRM_OK)
		status = db_prepare(&st, s,
			"SELECT priority, created_at, waiting_since, state, EXISTS (SELECT 1 FROM record_tag WHERE "
			"entity ="
			" 'customer' AND record = ticket.customer AND tag_fold = fold($2)), EXISTS (SELECT 1 FROM"
			" ticket_link l WHERE l.other = ticket.id AND l.kind = 'blocks' AND " UNRESOLVED(
				"l.ticket") "), EXISTS (SELECT 1 FROM ticket_link l WHERE l.ticket = ticket.id AND "
					    "l.kind = 'blocks' AND " UNRESOLVED("l.other") ") FROM ticket WHERE id = "
											   "$1",
			0);
	if (status < 0)
		return status;
	db_bind_int(st, 1, id);
	db_bind_str(st, 2, s->vip ? s->vip : "vip");
	status = db_step(st);
	if (status != CRM_OK)
		return status < 0 ? status : CRM_NOTFOUND;
	judge_priority(u, db_text(st, 0));
	judge_due(u, v.due, now);
	u->points[TERM_AGE] = 2 * part(now - db_int(st, 1), INT64_C(30) * DAY);
	put_length(u, TERM_AGE, now - db_int(st, 1), "%s");
	if (!db_is_null(st, 2)) {
		u->points[TERM_WAITING] = 4 * part(now - db_int(st, 2), INT64_C(2) * DAY);
		put_length(u, TERM_WAITING, now - db_int(st, 2), N_("%s without an answer"));
	}
	flag(u, TERM_CUSTOMER, db_int(st, 4), 3, s->vip ? s->vip : "vip");
	flag(u, TERM_PAUSED, strcmp(db_text(st, 3), "paused") == 0, -3, N_("others have to act"));
	flag(u, TERM_BLOCKED, db_int(st, 5), -5, N_("by a ticket that is not resolved"));
	flag(u, TERM_BLOCKING, db_int(st, 6), 2, N_("a ticket that is not resolved"));
	return CRM_OK;
}

static double sum(const struct urgency *u)
{
	double all = 0;

	for (size_t i = 0; i < TERM_COUNT; i++)
		all += u->points[i];
	return all;
}

int urgency_judge(crm_value *out, crm_store *s, int64_t id)
{
	struct urgency u = { 0 };
	int status = judge_urgency(&u, s, id);

	if (status == CRM_OK) /* to a hundredth: what lies behind it is noise to people */
		*out = (crm_value){ .kind = CRM_DOUBLE,
			.d = (double)(int64_t)(sum(&u) * 100 + (sum(&u) < 0 ? -0.5 : 0.5)) / 100 };
	return status;
}

/* --- for people --- */

static const crm_column columns[] = {
	COLUMN("term", "Term", "part of the formula, or the sum", CRM_TEXT),
	COLUMN("points", "Points", "what it adds", CRM_REAL),
	COLUMN("why", "Why", "what the ticket has of it", CRM_TEXT),
};

int crm_ticket_urgency(crm_cursor **out, crm_store *s, int64_t ticket)
{
	cleanup(rowset_freep) struct rowset *rows = NULL;
	cleanup(urgency_free) struct urgency u = { .told = s };
	int status = judge_urgency(&u, s, ticket);

	if (status == CRM_NOTFOUND)
		return err_set(&s->err, CRM_NOTFOUND, "there is no ticket %lld", (long long)ticket);
	if (status == CRM_OK && rowset_new(&rows, columns, ARRAY_SIZE(columns)) < 0)
		status = err_nomem(&s->err);
	for (size_t i = 0; status == CRM_OK && i < TERM_COUNT; i++) {
		if (u.points[i] == 0 && u.why[i].len == 0 && !u.why[i].failed)
			continue;
		rowset_begin(rows);
		rowset_str(rows, 0, store_tr(s, term_names[i]));
		rowset_real(rows, 1, u.points[i]);
		rowset_buf(rows, 2, &u.why[i]);
	}
	if (status < 0)
		return status;
	rowset_begin(rows);
	rowset_str(rows, 0, store_tr(s, "urgency"));
	rowset_real(rows, 1, sum(&u));
	return rowset_cursor(out, TAKE_PTR(rows)) < 0 ? err_nomem(&s->err) : CRM_OK;
}

/* The agent's teams as parameters of an SQL list: `'', $2, $3`. */
static int put_teams(struct sql *q, const char *agent)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, q->s, "SELECT name, members FROM team WHERE members IS NOT NULL", DB_SCAN);

	buf_puts(&q->text, "''");
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		if (!list_has(db_text(st, 1), db_bytes(st, 1), agent))
			continue;
		buf_puts(&q->text, ", ");
		sql_param_text(q, db_text(st, 0), db_bytes(st, 0));
	}
	return status < 0 ? status : CRM_OK;
}

int crm_ticket_next(int64_t *out, crm_store *s, const char *agent)
{
	cleanup(sql_release) struct sql q = { .s = s };
	cleanup(db_releasep) struct stmt *st = NULL;
	int status;

	buf_puts(&q.text, "SELECT t0.id FROM ticket t0 WHERE t0.state = 'open' AND t0.created_at <= ");
	sql_param_int(&q, crm_store_now(s));
	buf_puts(&q.text, " AND (t0.assignee = ");
	sql_param_text(&q, agent, strlen(agent));
	buf_puts(&q.text, " OR (t0.assignee IS NULL AND (t0.team IS NULL OR t0.team IN (");
	status = put_teams(&q, agent);
	buf_puts(&q.text, "))))");
	if (status == CRM_OK)
		status = sql_shown(&q, &entity_ticket, "t0");
	buf_puts(&q.text, " ORDER BY ");
	sql_field(&q, &entity_ticket, field_find_static(&entity_ticket, "urgency"), "t0");
	buf_puts(&q.text, " DESC, t0.id LIMIT 1");
	if (status == CRM_OK)
		status = sql_prepare(&st, &q, DB_SCAN | DB_ONCE);
	if (status < 0)
		return status;
	status = db_step(st);
	if (status == CRM_END)
		return err_set(&s->err, CRM_NOTFOUND, "there is no open ticket for %s", agent);
	if (status == CRM_OK)
		*out = db_int(st, 0);
	return status;
}

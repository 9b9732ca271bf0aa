/*
 * Explicit follow-ups that are due: an index walk over those still to be done. On a past clock also over those that were
 * done after it; when one was put off or moved is not known any more.
 */
#include "model/followup.h"
#include "service/due_list.h"

#define OWNER "coalesce(f.owner, t0.owner)"

/* Those to be done, or those done after the clock: each has an index. */
static int build(struct sql *q, const struct due_list *list, const crm_due_options *opt, bool done_since)
{
	int status;

	buf_puts(&q->text, "SELECT ");
	status = due_columns(q, list);
	buf_puts(&q->text,
		", f.id, " FOLLOWUP_DUE(
			"f") ", f.due_day, f.snoozed_until IS NOT NULL, f.due_action, f.owner,"
			     " f.purpose FROM followup f CROSS JOIN customer t0 WHERE t0.id = f.customer AND ");
	if (done_since) {
		buf_puts(&q->text, "f.done_at > ");
		sql_param_int(q, crm_store_now(q->s));
	} else {
		buf_puts(&q->text, FOLLOWUP_PENDING("f"));
	}
	buf_puts(&q->text, " AND " FOLLOWUP_DUE("f") " <= ");
	sql_param_int(q, opt->until ? opt->until : crm_store_now(q->s));
	if (opt->until) {
		buf_puts(&q->text, " AND " FOLLOWUP_DUE("f") " > ");
		sql_param_int(q, crm_store_now(q->s));
	}
	if (q->s->now_fixed) {
		buf_puts(&q->text, " AND f.created_at <= ");
		sql_param_int(q, crm_store_now(q->s));
	}
	return status < 0 ? status : due_terms(q, opt, OWNER);
}

static const char *copy(struct due_list *list, struct stmt *st, int col)
{
	return db_is_null(st, col) ? NULL : arena_copy(&list->policies.mem, db_text(st, col), db_bytes(st, col));
}

static int take(struct due_list *list, crm_store *s, struct stmt *st)
{
	const int at = DUE_POLICIES + (int)list->policies.n;
	struct due d = {
		.days = due_silence(s, st).days,
		.followup = db_int(st, at),
		.due = db_int(st, at + 1),
		.snoozed = db_int(st, at + 3),
		.owner = copy(list, st, at + 5),
		.purpose = copy(list, st, at + 6),
	};

	if (!d.snoozed)
		d.day = copy(list, st, at + 2);
	for (size_t i = 0; i < FOLLOWUP_ACTIONS; i++)
		if (strcmp(followup_actions[i].name, db_text(st, at + 4)) == 0)
			d.action = followup_actions[i].name;
	if (!d.action) /* written by another program */
		d.action = copy(list, st, at + 4);
	return d.action ? due_add(list, s, st, due_policy(list, st), &d) : err_nomem(&s->err);
}

static int walk(struct due_list *list, crm_store *s, const crm_due_options *opt, bool done_since)
{
	cleanup(sql_release) struct sql q = { .s = s };
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = build(&q, list, opt, done_since);

	if (status == CRM_OK)
		status = sql_prepare(&st, &q, DB_ONCE);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		status = take(list, s, st);
	return status < 0 ? status : CRM_OK;
}

int due_by_tasks(struct due_list *list, crm_store *s, const crm_due_options *opt)
{
	int status = walk(list, s, opt, false);

	return status == CRM_OK && s->now_fixed ? walk(list, s, opt, true) : status;
}

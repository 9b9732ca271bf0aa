/*
 * What is over by a rule: for each kind of record when the last thing happened to it, what must not be the case, and how
 * candidates are found without looking at all records.
 */
#include "model/followup.h"
#include "query/filter.h"
#include "service/retention.h"
#include "text/text.h"

/* A later contact of the same customer; none is planned only. */
#define LATER_CONTACT(log)                                                                                             \
	"EXISTS (SELECT 1 FROM log n WHERE n.customer = " log ".customer AND n.internal = 0 AND n.at <= $now"          \
	" AND (n.at > " log ".at OR (n.at = " log ".at AND n.id > " log ".id)))"

/* What retention_leave_contacts() leaves says nothing else, and is left until there is a later one. */
#define SAYS_NOTHING(log)                                                                                              \
	"(" log ".internal = 0 AND coalesce(" log ".subject, " log ".content, " log ".agent, " log                     \
	".contact_point, " log ".message_id, " log ".external_key) IS NULL AND coalesce(" log ".ticket, " log          \
	".duration) IS NULL AND NOT EXISTS (SELECT 1 FROM field_value v WHERE v.entity = 'log' AND v.record = " log    \
	".id))"

#define OPEN_TICKET(by) "EXISTS (SELECT 1 FROM ticket k WHERE k." by " AND k.state <> 'resolved')"

static const struct kind {
	const struct crm_entity *entity;
	const char *candidates; /* numbers of all that can be over: index ranges below $bound, where there is one */
	const char *last;       /* of t0 */
	const char *condition;
} kinds[] = {
	{
		&entity_customer,
		"SELECT id FROM customer WHERE last_contact_at < $bound AND created_at < $bound UNION ALL"
		" SELECT id FROM customer WHERE last_contact_at IS NULL AND created_at < $bound",
		"(SELECT max(x.at) FROM (SELECT t0.created_at AS at UNION ALL SELECT t0.updated_at UNION ALL"
		" SELECT max(l.at) FROM log l WHERE l.customer = t0.id UNION ALL"
		" SELECT max(o.at) FROM sales_order o WHERE o.customer = t0.id UNION ALL"
		" SELECT max(k.updated_at) FROM ticket k WHERE k.customer = t0.id UNION ALL"
		" SELECT max(v.answered_at) FROM survey v WHERE v.customer = t0.id UNION ALL"
		" SELECT max(f.done_at) FROM followup f WHERE f.customer = t0.id) x)",
		"NOT " OPEN_TICKET("customer = t0.id") " AND NOT EXISTS (SELECT 1 FROM followup f WHERE"
						       " f.customer = t0.id AND " FOLLOWUP_PENDING("f") ")",
	},
	{
		&entity_log,
		"SELECT id FROM log WHERE at < $bound",
		"t0.at",
		"NOT " OPEN_TICKET("id = t0.ticket") " AND (NOT " SAYS_NOTHING("t0") " OR " LATER_CONTACT("t0") ")",
	},
	{
		&entity_ticket,
		"SELECT id FROM ticket WHERE state = 'resolved' AND created_at < $bound",
		"coalesce((SELECT max(x.at) FROM (SELECT t0.closed_at AS at UNION ALL SELECT t0.last_solved_at) x),"
		" t0.updated_at)",
		"1",
	},
	{
		&entity_order,
		"SELECT id FROM sales_order WHERE at < $bound",
		"t0.at",
		"NOT " OPEN_TICKET("sales_order = t0.id"),
	},
	{
		&entity_survey,
		"SELECT id FROM survey WHERE answered_at < $bound UNION ALL"
		" SELECT id FROM survey WHERE sent_at < $bound AND answered_at IS NULL",
		"coalesce(t0.answered_at, t0.sent_at)",
		"1",
	},
	{
		&entity_followup,
		"SELECT id FROM followup WHERE done_at < $bound",
		"t0.done_at",
		/* a series counts from its first */
		"t0.status IN ('done', 'skipped') AND NOT EXISTS (SELECT 1 FROM followup f WHERE f.series = t0.series"
		" AND " FOLLOWUP_PENDING("f") ")",
	},
};

static const struct kind *kind_of(const struct crm_entity *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].entity == e)
			return &kinds[i];
	return NULL;
}

static void put(struct sql *q, const char *text, int64_t bound)
{
	for (const char *p = text; *p; p++)
		if (strncmp(p, "$bound", 6) == 0) {
			sql_param_int(q, bound);
			p += 5;
		} else if (strncmp(p, "$now", 4) == 0) {
			sql_param_int(q, crm_store_now(q->s));
			p += 3;
		} else {
			buf_putc(&q->text, *p);
		}
}

/* Rows of number and time of all that may be over; `one`: of the record that the last parameter says. */
static int build(struct sql *q, const struct retention *r, bool one)
{
	const struct kind *k = kind_of(r->entity);
	int status;

	if (!k)
		return err_set(&q->s->err, CRM_INVALID, "%s: is erased by no rule", entity_word(r->entity));
	buf_puts(&q->text, "SELECT t0.id, ");
	put(q, k->last, r->bound);
	buf_printf(&q->text, " FROM %s t0 WHERE (", r->entity->table);
	put(q, k->condition, r->bound);
	buf_puts(&q->text, ") AND ");
	q->asks_restricted = false;
	status = filter_stored(q, r->entity, "t0", r->filter ? r->filter : "");
	if (status == CRM_OK) /* what is only kept is not erased either, unless the rule says so */
		status = sql_shown(q, r->entity, "t0");
	if (one) {
		buf_puts(&q->text, " AND t0.id = ");
		sql_param_int(q, 0);
	} else {
		buf_puts(&q->text, " AND t0.id IN (");
		put(q, k->candidates, r->bound);
		buf_puts(&q->text, ") ORDER BY t0.id");
	}
	return status < 0 ? status : sql_status(q);
}

static int take(struct overs *out, crm_store *s, const struct retention *r, struct stmt *st)
{
	int status;

	while ((status = db_step(st)) == CRM_OK) {
		if (db_is_null(st, 1) || db_int(st, 1) >= r->bound)
			continue;
		if (!GROW(out->v, out->n, out->cap))
			return err_nomem(&s->err);
		out->v[out->n++] = (struct over){ .id = db_int(st, 0), .last = db_int(st, 1) };
	}
	return status < 0 ? status : CRM_OK;
}

int retention_over(struct overs *out, crm_store *s, const struct retention *r)
{
	cleanup(sql_release) struct sql q = { .s = s };
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = build(&q, r, false);

	if (status == CRM_OK)
		status = sql_prepare(&st, &q, DB_SCAN | DB_ONCE);
	return status == CRM_OK ? take(out, s, r, st) : status;
}

int retention_still(struct overs *out, crm_store *s, const struct retention *r, const struct over *v, size_t n)
{
	cleanup(sql_release) struct sql q = { .s = s };
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = build(&q, r, true);

	out->n = 0;
	if (status == CRM_OK)
		status = sql_prepare(&st, &q, DB_SCAN | DB_ONCE);
	for (size_t i = 0; status == CRM_OK && i < n; i++) {
		db_rewind(st);
		db_bind_int(st, (int)q.n, v[i].id);
		status = take(out, s, r, st);
	}
	return status;
}

/* --- the last contact of a customer --- */

static int leave_contact(crm_store *s, struct stmt *log)
{
	static const char *const fields[] = { "customer", "at", "channel", "direction" };
	crm_record *r;
	int status = crm_record_new(&r, s, &entity_log);

	if (status < 0)
		return status;
	r->imported = true; /* nothing is assumed, and nothing follows from it */
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		const crm_value v = db_value(log, (int)i), none = { .kind = CRM_NULL };
		const crm_value kept = v.kind == CRM_STRING ? value_text(&r->mem, v.s, v.len) : v;

		record_put(r, field_find_static(&entity_log, fields[i]), &kept, &none);
	}
	status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

int retention_leave_contacts(crm_store *s, const struct over *v, size_t n)
{
	cleanup(sql_release) struct sql q = { .s = s };
	cleanup(db_releasep) struct stmt *st = NULL;
	int status;

	buf_puts(&q.text,
		"SELECT t0.customer, t0.at, t0.channel, t0.direction FROM log t0 WHERE t0.internal = 0 AND NOT ");
	put(&q, LATER_CONTACT("t0"), 0);
	buf_puts(&q.text, " AND t0.id = ");
	sql_param_int(&q, 0);
	status = sql_prepare(&st, &q, DB_ONCE);
	for (size_t i = 0; status == CRM_OK && i < n; i++) {
		db_rewind(st);
		db_bind_int(st, (int)q.n, v[i].id);
		status = db_step(st);
		if (status == CRM_OK)
			status = leave_contact(s, st);
		status = status == CRM_END ? CRM_OK : status;
	}
	return status;
}

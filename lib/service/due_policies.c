/*
 * What policies find to be owed. One statement finds the candidates by the index on the last contact and says for each
 * which policies' filters hold; C decides. The cost follows the answer.
 */
#include "model/entity.h"
#include "service/due_list.h"

/* The latest last contact that any policy may call due, and whether somebody never contacted may be. */
static int64_t widest_bound(const struct due_list *list, const crm_store *s, bool *never)
{
	int64_t bound = INT64_MIN;

	*never = false;
	for (size_t i = 0; i < list->policies.n; i++) {
		const struct policy *p = &list->policies.v[i];

		for (size_t k = 0; k < p->steps.n; k++) {
			const struct step *step = &p->steps.v[k];
			const struct zone *zone = step->unit == STEP_WORKING ? p->workdays.zone : s->zone;
			int64_t b = step_bound(step, zone, crm_store_now(s));

			*never = *never || step->unit == STEP_NEVER;
			bound = b > bound ? b : bound;
		}
	}
	return bound;
}

/*
 * Most of the table due, or in touch after a past clock: a scan is nine times faster than the index, and SQLite's planner
 * would pick the index. Counting stops at a tenth of the customers.
 */
static int prefer_scan(bool *scan, crm_store *s, int64_t bound)
{
	int64_t last = 0, due = 0;
	int status = db_get_int(&last, s, "SELECT id FROM customer ORDER BY id DESC LIMIT 1", "");

	if (status >= 0)
		status = db_get_int(&due, s,
			"SELECT count(*) FROM (SELECT 1 FROM customer WHERE last_contact_at <= $1"
			" UNION ALL SELECT 1 FROM customer WHERE last_contact_at IS NULL"
			" UNION ALL SELECT 1 FROM customer WHERE last_contact_at > $2 LIMIT $3)",
			"iii", bound, crm_store_now(s), last / 10 + 1);
	*scan = due > last / 10;
	return status < 0 ? status : CRM_OK;
}

/*
 * The kept last contact, or for one that lies after the clock the latest before it; and who has steps of their own. Of
 * conditions joined by OR the planner makes a scan as soon as the filter has a term, so each has a SELECT of its own.
 */
static void put_candidates(struct sql *q, bool scan, bool never, int64_t bound)
{
	const char *begin = scan ? "" : "SELECT id FROM customer WHERE ", *next = scan ? " OR " : " UNION ALL ";
	const char *column = scan ? "+t0.last_contact_at" : "last_contact_at";

	buf_printf(&q->text, "%s(%s%s <= ", scan ? "" : "t0.id IN ", begin, column);
	sql_param_int(q, bound);
	if (never)
		buf_printf(&q->text, "%s%s%s IS NULL", next, begin, column);
	buf_printf(&q->text, "%s%s%s > ", next, begin, column);
	sql_param_int(q, crm_store_now(q->s));
	/* There is no empty text; IS NOT NULL would find no index. */
	buf_printf(&q->text, "%s%s%s > '')", next, begin, scan ? "+t0.cadence" : "cadence");
}

static int build(struct sql *q, const struct due_list *list, const crm_due_options *opt)
{
	bool never, scan = false;
	int64_t bound = widest_bound(list, q->s, &never);
	int status = prefer_scan(&scan, q->s, bound);

	buf_puts(&q->text, "SELECT ");
	if (status == CRM_OK)
		status = due_columns(q, list);
	buf_puts(&q->text, ", t0.cadence, ");
	sql_field(q, &entity_customer, field_find_static(&entity_customer, "next_followup"), "t0");
	buf_puts(&q->text, " FROM customer t0 WHERE ");
	put_candidates(q, scan, never, bound);
	return status < 0 ? status : due_terms(q, opt, "t0.owner");
}

/* A customer's own steps, where they have any: read once for each way of writing them. */
static const struct steps *own_steps(struct due_list *list, crm_store *s, const char *text, size_t len, int *status)
{
	struct own_steps *own;

	for (size_t i = 0; i < list->nown; i++)
		if (strcmp(list->own[i].text, text) == 0)
			return &list->own[i].steps;
	if (!GROW(list->own, list->nown, list->own_cap)) {
		*status = err_nomem(&s->err);
		return NULL;
	}
	own = &list->own[list->nown];
	own->text = arena_copy(&list->policies.mem, text, len);
	*status = own->text ? cadence_parse(&own->steps, &list->policies.mem, text, len, &s->err) : err_nomem(&s->err);
	if (*status < 0)
		return NULL;
	list->nown++;
	return &own->steps;
}

static int judge(struct due_list *list, crm_store *s, struct stmt *st)
{
	const int cadence = DUE_POLICIES + (int)list->policies.n, next = cadence + 1;
	const struct silence silence = due_silence(s, st);
	struct policy *policy = due_policy(list, st);
	struct workdays *w = policy ? &policy->workdays : &list->weekdays;
	const struct steps *by = NULL;
	struct due d = { .days = silence.days };
	int status = CRM_OK;

	if (!db_is_null(st, cadence))
		by = own_steps(list, s, db_text(st, cadence), db_bytes(st, cadence), &status);
	if (status < 0 || (by && by->n == 0)) /* off */
		return status;
	d.step = by ? steps_owed(&d.passed, by, w, &silence) : NULL;
	if (!d.step && policy && !(by && silence.contacted)) { /* a cadence says nothing of the never contacted */
		by = &policy->steps;
		d.step = steps_owed(&d.passed, by, w, &silence);
	}
	/* Who has a next step agreed upon, soon enough, is left to it. */
	if (!d.step || (!db_is_null(st, next) && db_int(st, next) <= steps_horizon(by, w, s->zone, silence.now)))
		return CRM_OK;
	d.action = d.step->action;
	return due_add(list, s, st, policy, &d);
}

int due_by_policies(struct due_list *list, crm_store *s, const crm_due_options *opt)
{
	cleanup(sql_release) struct sql q = { .s = s };
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = build(&q, list, opt);

	if (status == CRM_OK)
		status = sql_prepare(&st, &q, DB_SCAN | DB_ONCE);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		status = judge(list, s, st);
	return status < 0 ? status : CRM_OK;
}

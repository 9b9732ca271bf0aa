/*
 * Who is owed a contact now. One statement finds the candidates by the index on the last contact and says for each
 * which policies' filters hold; C decides. The cost follows the answer.
 */
#include "service/due.h"
#include "model/entity.h"
#include "query/filter.h"

/* The latest last contact that any policy may call due, and whether somebody never contacted may be. */
static int64_t widest_bound(const struct due_list *list, const crm_store *s, bool *never)
{
	int64_t bound = INT64_MIN;

	*never = false;
	for (size_t i = 0; i < list->policies.n; i++) {
		const struct steps *steps = &list->policies.v[i].steps;

		for (size_t k = 0; k < steps->n; k++) {
			const struct zone *zone =
				steps->v[k].unit == STEP_WORKING ? list->policies.v[i].workdays.zone : s->zone;
			int64_t b = step_bound(&steps->v[k], zone, crm_store_now(s));

			*never = *never || steps->v[k].unit == STEP_NEVER;
			bound = b > bound ? b : bound;
		}
	}
	return bound;
}

/*
 * Most of the table due: a scan is nine times faster than the index, and SQLite's planner would pick the index. Counting
 * stops at a tenth of the customers.
 */
static int prefer_scan(bool *scan, crm_store *s, int64_t bound)
{
	int64_t last = 0, due = 0;
	int status = db_get_int(&last, s, "SELECT id FROM customer ORDER BY id DESC LIMIT 1", "");

	if (status >= 0)
		status = db_get_int(&due, s,
			"SELECT count(*) FROM (SELECT 1 FROM customer WHERE last_contact_at <= $1"
			" UNION ALL SELECT 1 FROM customer WHERE last_contact_at IS NULL LIMIT $2)",
			"ii", bound, last / 10 + 1);
	*scan = due > last / 10;
	return status < 0 ? status : CRM_OK;
}

/* The kept last contact, or for one that lies after the clock the latest before it. */
static void put_candidates(struct sql *q, bool scan, bool never, int64_t bound)
{
	const char *column = scan ? "+t0.last_contact_at" : "t0.last_contact_at";

	buf_printf(&q->text, "(%s <= ", column);
	sql_param_int(q, bound);
	if (never)
		buf_printf(&q->text, " OR %s IS NULL", column);
	buf_printf(&q->text, " OR %s > ", column);
	sql_param_int(q, crm_store_now(q->s));
	buf_printf(&q->text, " OR %s IS NOT NULL)", scan ? "+t0.cadence" : "t0.cadence");
}

static int build(struct sql *q, struct due_list *list, size_t nfilter, const char *const *filter)
{
	bool never, scan = false;
	int64_t bound = widest_bound(list, q->s, &never);
	int status = prefer_scan(&scan, q->s, bound);

	buf_puts(&q->text, "SELECT t0.id, ");
	sql_field(q, &entity_customer, field_find_static(&entity_customer, "last_contact_at"), "t0");
	buf_puts(&q->text, ", t0.do_not_call, t0.cadence");
	for (size_t i = 0; status == CRM_OK && i < list->policies.n; i++) {
		const char *terms = list->policies.v[i].filter;

		buf_puts(&q->text, ", (");
		status = filter_stored(q, &entity_customer, "t0", terms ? terms : "");
		buf_puts(&q->text, ") IS TRUE");
	}
	buf_puts(&q->text, " FROM customer t0 WHERE ");
	put_candidates(q, scan, never, bound);
	buf_puts(&q->text, " AND ");
	if (status == CRM_OK)
		status = filter_terms(q, &entity_customer, "t0", nfilter, filter);
	if (q->s->now_fixed) {
		buf_puts(&q->text, " AND t0.created_at <= ");
		sql_param_int(q, crm_store_now(q->s));
	}
	return status < 0 ? status : sql_status(q);
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

/* The first policy whose filter fits; NULL: none. */
static struct policy *fitting_policy(const struct due_list *list, struct stmt *st)
{
	for (size_t i = 0; i < list->policies.n; i++)
		if (db_int(st, 4 + (int)i))
			return &list->policies.v[i];
	return NULL;
}

static int judge(struct due_list *list, crm_store *s, struct stmt *st)
{
	struct silence silence = { .contacted = !db_is_null(st, 1), .now = crm_store_now(s), .last = db_int(st, 1) };
	struct policy *policy = fitting_policy(list, st);
	struct workdays *w = policy ? &policy->workdays : &list->weekdays;
	const struct steps *own = NULL;
	const struct step *owed = NULL;
	int64_t passed = 0;
	int status = CRM_OK;

	silence.days = zone_day(s->zone, silence.now) - zone_day(s->zone, silence.last);
	if (!db_is_null(st, 3))
		own = own_steps(list, s, db_text(st, 3), db_bytes(st, 3), &status);
	if (status < 0)
		return status;
	if (own && own->n == 0)
		return CRM_OK; /* off */
	if (own)
		owed = steps_owed(&passed, own, w, &silence);
	if (!owed && policy && !(own && silence.contacted)) /* a cadence says nothing of somebody never contacted */
		owed = steps_owed(&passed, &policy->steps, w, &silence);
	if (!owed)
		return CRM_OK;
	if (!GROW(list->v, list->n, list->cap))
		return err_nomem(&s->err);
	list->v[list->n++] = (struct due){
		.customer = db_int(st, 0),
		.step = owed,
		.passed = passed,
		.days = silence.contacted ? silence.days : -1,
		.instead = db_int(st, 2) && strcmp(owed->action, "call") == 0,
	};
	return CRM_OK;
}

static int compare_due(const void *a, const void *b)
{
	const struct due *x = a, *y = b;

	if ((x->days < 0) != (y->days < 0))
		return x->days < 0 ? -1 : 1;
	if (x->days != y->days)
		return x->days > y->days ? -1 : 1;
	return x->customer < y->customer ? -1 : x->customer > y->customer;
}

int due_list_make(struct due_list *out, crm_store *s, size_t nfilter, const char *const *filter)
{
	cleanup(sql_release) struct sql q = { .s = s };
	cleanup(db_releasep) struct stmt *st = NULL;
	struct due_list list = { 0 };
	int status = policies_load(&list.policies, s);

	list.weekdays = (struct workdays){ .zone = s->zone, .today = zone_day(s->zone, crm_store_now(s)) };
	if (status == CRM_OK)
		status = build(&q, &list, nfilter, filter);
	if (status == CRM_OK)
		status = db_prepare(&st, s, q.text.s, DB_SCAN | DB_ONCE);
	if (status == CRM_OK)
		sql_bind(st, &q);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		status = judge(&list, s, st);
	if (status < 0) {
		due_list_free(&list);
		return status;
	}
	if (list.n > 0)
		qsort(list.v, list.n, sizeof(*list.v), compare_due);
	*out = list;
	return CRM_OK;
}

void due_list_free(struct due_list *list)
{
	for (size_t i = 0; i < list->nown; i++)
		steps_free(&list->own[i].steps);
	free(list->own);
	free(list->weekdays.past);
	policies_free(&list->policies);
	free(list->v);
	*list = (struct due_list){ 0 };
}

const char *due_action(const struct due *d)
{
	if (!d->instead)
		return d->step->action;
	return d->step->alternative ? d->step->alternative : "email";
}

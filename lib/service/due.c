#include "service/due.h"
#include "model/entity.h"
#include "service/due_list.h"
#include "service/quiet.h"

int due_columns(struct sql *q, const struct due_list *list)
{
	int status = CRM_OK;

	buf_puts(&q->text, "t0.id, ");
	sql_field(q, &entity_customer, field_find_static(&entity_customer, "last_contact_at"), "t0");
	buf_puts(&q->text, ", t0.do_not_call, t0.timezone");
	for (size_t i = 0; status == CRM_OK && i < list->policies.n; i++) {
		const char *terms = list->policies.v[i].filter;

		buf_puts(&q->text, ", (");
		status = filter_stored(q, &entity_customer, "t0", terms ? terms : "");
		buf_puts(&q->text, ") IS TRUE");
	}
	return status;
}

int due_terms(struct sql *q, const crm_due_options *opt, const char *owner)
{
	int status;

	buf_puts(&q->text, " AND ");
	status = filter_shown(q, &entity_customer, "t0", opt->nfilter, opt->filter);
	if (opt->owner && !*opt->owner) {
		buf_printf(&q->text, " AND %s IS NULL", owner);
	} else if (opt->owner) {
		buf_printf(&q->text, " AND %s = ", owner);
		sql_param_text(q, opt->owner, strlen(opt->owner));
	}
	if (q->s->now_fixed) {
		buf_puts(&q->text, " AND t0.created_at <= ");
		sql_param_int(q, crm_store_now(q->s));
	}
	return status < 0 ? status : sql_status(q);
}

struct policy *due_policy(const struct due_list *list, struct stmt *st)
{
	for (size_t i = 0; i < list->policies.n; i++)
		if (db_int(st, DUE_POLICIES + (int)i))
			return &list->policies.v[i];
	return NULL;
}

struct silence due_silence(const crm_store *s, struct stmt *st)
{
	struct silence silence = { .now = crm_store_now(s), .days = -1 };

	if (!db_is_null(st, DUE_LAST)) {
		silence.contacted = true;
		silence.last = db_int(st, DUE_LAST);
		silence.days = zone_day(s->zone, silence.now) - zone_day(s->zone, silence.last);
	}
	return silence;
}

/* --- quiet hours --- */

/* Where a customer lives; NULL when that is no zone of this machine. */
static const struct zone *zone_of(struct due_list *list, crm_store *s, const char *name)
{
	struct own_zone *own;

	for (size_t i = 0; i < list->nzones; i++)
		if (strcmp(list->zones[i].name, name) == 0)
			return list->zones[i].zone;
	if (!GROW(list->zones, list->nzones, list->zones_cap)) {
		list->policies.mem.failed = true;
		return NULL;
	}
	own = &list->zones[list->nzones];
	*own = (struct own_zone){ .name = arena_copy(&list->policies.mem, name, strlen(name)) };
	if (own->name)
		list->nzones++;
	return own->name && zone_load(&own->zone, name, &s->err) == CRM_OK ? own->zone : NULL;
}

/* A letter waits until it is read. */
static bool disturbs(const char *action)
{
	return strcmp(action, "email") != 0 && strcmp(action, "letter") != 0;
}

/* An hour of the clock that was agreed upon in these very quiet hours holds. */
static bool agreed_since(const struct due *d, int64_t begin)
{
	return d->followup && !d->snoozed && !d->day && d->due >= begin;
}

static void mind_quiet_hours(
	struct due_list *list, crm_store *s, struct stmt *st, const struct calendar_hours *quiet, struct due *d)
{
	const struct zone *own = db_is_null(st, DUE_ZONE) ? NULL : zone_of(list, s, db_text(st, DUE_ZONE));
	int64_t begin, end;

	if (!quiet_at(&begin, &end, quiet, own ? own : s->zone, crm_store_now(s)) || agreed_since(d, begin))
		return;
	d->not_before = end;
	d->quiet = own;
}

/* --- the list --- */

int due_add(struct due_list *list, crm_store *s, struct stmt *st, const struct policy *policy, struct due *d)
{
	d->customer = db_int(st, DUE_CUSTOMER);
	if (db_int(st, DUE_NO_CALL) && strcmp(d->action, "call") == 0) {
		d->action = d->step && d->step->alternative ? d->step->alternative : "email";
		d->instead = true;
	}
	if (policy && policy->quiet.n > 0 && disturbs(d->action))
		mind_quiet_hours(list, s, st, &policy->quiet, d);
	if (list->policies.mem.failed || !GROW(list->v, list->n, list->cap))
		return err_nomem(&s->err);
	list->v[list->n++] = *d;
	return CRM_OK;
}

static int compare_tasks(const struct due *x, const struct due *y)
{
	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	return x->followup < y->followup ? -1 : x->followup > y->followup;
}

static int compare_due(const void *a, const void *b)
{
	const struct due *x = a, *y = b;

	if (!x->followup != !y->followup)
		return x->followup ? -1 : 1;
	if (x->followup)
		return compare_tasks(x, y);
	if ((x->days < 0) != (y->days < 0))
		return x->days < 0 ? -1 : 1;
	if (x->days != y->days)
		return x->days > y->days ? -1 : 1;
	return x->customer < y->customer ? -1 : x->customer > y->customer;
}

static void leave_out_unreachable(struct due_list *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].not_before == 0)
			list->v[n++] = list->v[i];
	list->n = n;
}

int due_list_make(struct due_list *out, crm_store *s, const crm_due_options *opt)
{
	struct due_list list = { 0 };
	int status = policies_load(&list.policies, s);

	list.weekdays = (struct workdays){ .zone = s->zone, .today = zone_day(s->zone, crm_store_now(s)) };
	if (status == CRM_OK)
		status = due_by_tasks(&list, s, opt);
	if (status == CRM_OK && !opt->until)
		status = due_by_policies(&list, s, opt);
	if (status < 0) {
		due_list_free(&list);
		return status;
	}
	if (opt->reachable)
		leave_out_unreachable(&list);
	if (list.n > 0)
		qsort(list.v, list.n, sizeof(*list.v), compare_due);
	*out = list;
	return CRM_OK;
}

void due_list_free(struct due_list *list)
{
	for (size_t i = 0; i < list->nown; i++)
		steps_free(&list->own[i].steps);
	for (size_t i = 0; i < list->nzones; i++)
		zone_free(list->zones[i].zone);
	free(list->own);
	free(list->zones);
	free(list->weekdays.past);
	policies_free(&list->policies);
	free(list->v);
	*list = (struct due_list){ 0 };
}

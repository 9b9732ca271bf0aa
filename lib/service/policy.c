/* Follow-up policies: the entity, and which step is owed. */
#include "service/policy.h"
#include "model/entity.h"
#include "model/record.h"
#include "service/calendar_store.h"
#include "service/ordered.h"
#include "service/quiet.h"

static const struct crm_field policy_fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the policy"),
	FIELD("position", CRM_INTEGER, EDIT | LIST, "Position",
		"policies are tried in this order; the first whose filter fits decides", .synonyms = "顺序"),
	FIELD("filter", CRM_TEXT, EDIT | LIST, "Filter", "which customers it is for; empty: all",
		.column = "filter_terms", .synonyms = "筛选"),
	FIELD("steps", CRM_TEXT, MUST | LIST, "Steps",
		"what is owed after more than how long: 3d call or email, 7d visit, never call", .synonyms = "步骤"),
	FIELD("calendar", CRM_REF, EDIT | LIST | FIELD_HANDLE, "Calendar",
		"whose working days count in steps like 3wd; empty: Monday to Friday", .target = "calendar",
		.synonyms = "日历"),
	FIELD("quiet_hours", CRM_TEXT, EDIT | LIST, "Quiet hours",
		"hours at which nobody is disturbed, by the customer's clock: 21:00-09:00", .column = "quiet",
		.alias = "quiet-hours", .synonyms = "免打扰时段"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD_VERSION,
};

/* --- what is owed --- */

static bool works_on(const struct workdays *w, int64_t day)
{
	return w->calendar ? calendar_works_on(w->calendar, day) : weekday_of(day) < 5;
}

int64_t workdays_since(struct workdays *w, int64_t t)
{
	int64_t day = zone_day(w->zone, t), count = 0;
	size_t back = day < w->today ? (size_t)(w->today - day) : 0;

	while (w->n <= back && GROW(w->past, w->n, w->cap)) {
		w->past[w->n] = w->n ? w->past[w->n - 1] + works_on(w, w->today - (int64_t)w->n + 1) : 0;
		w->n++;
	}
	if (w->n > back)
		return w->past[back];
	while (++day <= w->today) /* no memory to keep them */
		count += works_on(w, day);
	return count;
}

bool step_owed(int64_t *passed, const struct step *st, struct workdays *w, const struct silence *silence)
{
	if (st->unit == STEP_NEVER || !silence->contacted)
		return st->unit == STEP_NEVER && !silence->contacted;
	if (st->unit == STEP_ELAPSED)
		*passed = silence->now - silence->last;
	else
		*passed = st->unit == STEP_DAYS ? silence->days : workdays_since(w, silence->last);
	return *passed > st->amount;
}

const struct step *steps_owed(
	int64_t *passed, const struct steps *steps, struct workdays *w, const struct silence *silence)
{
	const struct step *owed = NULL;

	for (size_t i = 0; i < steps->n; i++) {
		int64_t p = 0;

		if (!step_owed(&p, &steps->v[i], w, silence) ||
			(owed && step_length(owed) >= step_length(&steps->v[i])))
			continue;
		owed = &steps->v[i];
		*passed = p;
	}
	return owed;
}

/* The last second of the n-th working day after today. */
static int64_t workdays_ahead(const struct workdays *w, int64_t n)
{
	int64_t day = w->today + 1;

	for (; works_on(w, day) ? n > 0 : true; day++)
		n -= works_on(w, day);
	return zone_day_start(w->zone, day) - 1;
}

int64_t steps_horizon(const struct steps *steps, const struct workdays *w, const struct zone *zone, int64_t now)
{
	int64_t horizon = now;

	for (size_t i = 0; i < steps->n; i++) {
		const struct step *st = &steps->v[i];
		int64_t end = now;

		if (st->unit == STEP_ELAPSED)
			end = now + st->amount;
		else if (st->unit == STEP_DAYS)
			end = zone_day_start(zone, zone_day(zone, now) + st->amount + 1) - 1;
		else if (st->unit == STEP_WORKING)
			end = workdays_ahead(w, st->amount);
		horizon = end > horizon ? end : horizon;
	}
	return horizon;
}

/* --- reading them --- */

static int load_calendar(struct workdays *w, crm_store *s, const char *name)
{
	int status = name ? calendar_load_named(&w->calendar, s, name) : CRM_OK;

	w->zone = w->calendar ? calendar_zone(w->calendar) : s->zone;
	w->today = zone_day(w->zone, crm_store_now(s));
	return status;
}

static int load_one(struct policies *out, struct stmt *st, crm_store *s)
{
	struct policy *p;
	int status;

	if (!GROW(out->v, out->n, out->cap))
		return err_nomem(&s->err);
	p = &out->v[out->n++];
	*p = (struct policy){ .id = db_int(st, 0) };
	if (!db_is_null(st, 1))
		p->filter = arena_copy(&out->mem, db_text(st, 1), db_bytes(st, 1));
	status = steps_read(&p->steps, &out->mem, db_text(st, 2), db_bytes(st, 2), &s->err);
	if (status == CRM_OK)
		status = load_calendar(&p->workdays, s, db_text(st, 3));
	if (status == CRM_OK && !db_is_null(st, 4))
		status = quiet_parse(&p->quiet, db_text(st, 4), db_bytes(st, 4), &s->err);
	return status;
}

int policies_load(struct policies *out, crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s,
		"SELECT id, filter_terms, steps, calendar, quiet FROM followup_policy ORDER BY position, id", DB_SCAN);

	*out = (struct policies){ 0 };
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		status = load_one(out, st, s);
	if (status >= 0 && out->mem.failed)
		status = err_nomem(&s->err);
	if (status < 0)
		policies_free(out);
	return status < 0 ? status : CRM_OK;
}

void policies_free(struct policies *p)
{
	for (size_t i = 0; i < p->n; i++) {
		steps_free(&p->v[i].steps);
		calendar_free(p->v[i].workdays.calendar);
		free(p->v[i].workdays.past);
		quiet_free(&p->v[i].quiet);
	}
	free(p->v);
	arena_free(&p->mem);
	*p = (struct policies){ 0 };
}

/* --- writing one --- */

/* A policy that cannot be understood would make every `followup due` fail: it is refused here. */
static int prepare_steps(crm_record *r)
{
	crm_value v = crm_record_get(r, "steps");
	struct steps steps = { 0 };
	struct buf text = BUF_INIT;
	int status;

	if (v.kind == CRM_NULL)
		return CRM_OK; /* it is required: said there */
	status = steps_parse(&steps, &r->mem, v.s, v.len, &r->s->err);
	if (status < 0)
		buf_printf(&text, "steps: %s", crm_errmsg(r->s));
	else
		steps_write(&text, &steps);
	if (!buf_str(&text))
		status = err_nomem(&r->s->err);
	else
		status = status < 0 ? err_set(&r->s->err, status, "%s", text.s) : crm_record_set(r, "steps", text.s);
	steps_free(&steps);
	buf_free(&text);
	return status;
}

/* Kept in the one form in which it reads best. */
static int prepare_quiet(crm_record *r)
{
	crm_value v = crm_record_get(r, "quiet_hours");
	struct calendar_hours quiet = { 0 };
	struct buf text = BUF_INIT;
	int status;

	if (v.kind == CRM_NULL)
		return CRM_OK;
	status = quiet_parse(&quiet, v.s, v.len, &r->s->err);
	if (status == CRM_OK) {
		quiet_write(&text, &quiet);
		status = buf_str(&text) ? crm_record_set(r, "quiet_hours", text.s) : err_nomem(&r->s->err);
	}
	quiet_free(&quiet);
	buf_free(&text);
	return status;
}

/* One for some customers comes before those for all, which would leave nothing to it. */
static int usual_position(crm_record *r)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int64_t some, all;
	char text[24];
	int status;

	if (crm_record_get(r, "position").kind != CRM_NULL || crm_record_get(r, "filter").kind == CRM_NULL)
		return CRM_OK;
	status = db_prepare(&st, r->s,
		"SELECT a.position, (SELECT max(b.position) FROM followup_policy b WHERE b.filter_terms IS NOT NULL AND"
		" b.position < a.position) FROM followup_policy a WHERE a.filter_terms IS NULL"
		" ORDER BY a.position LIMIT 1",
		DB_SCAN);
	if (status == CRM_OK)
		status = db_step(st);
	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	all = db_int(st, 0);
	some = db_int(st, 1); /* 0 for none */
	return record_set_int(r, "position", some + 10 < all ? some + 10 : all - 1, text);
}

static int prepare(crm_record *r, bool creating)
{
	int status = creating || record_changed(r, "steps") ? prepare_steps(r) : CRM_OK;

	if (status == CRM_OK && record_changed(r, "quiet_hours"))
		status = prepare_quiet(r);
	if (status == CRM_OK && creating)
		status = usual_position(r);
	return status < 0 ? status : ordered_prepare(r, creating, &entity_customer);
}

const struct crm_entity entity_policy = {
	.name = N_("followup_policy"),
	.plural = N_("follow-up policies"),
	.table = "followup_policy",
	.help = N_("who is owed a contact after how long"),
	.flags = ENTITY_IMPORT,
	FIELDS(policy_fields),
	.order = "position",
	.prepare = prepare,
};

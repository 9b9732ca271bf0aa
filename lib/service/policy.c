/* Follow-up policies: the entity, and which step is owed. */
#include "service/policy.h"
#include "model/entity.h"
#include "model/record.h"
#include "service/ordered.h"

static const struct crm_field policy_fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the policy"),
	FIELD("position", CRM_INTEGER, EDIT | LIST, "Position",
		"policies are tried in this order; the first whose filter fits decides"),
	FIELD("filter", CRM_TEXT, EDIT | LIST, "Filter", "which customers it is for; empty: all",
		.column = "filter_terms"),
	FIELD("steps", CRM_TEXT, MUST | LIST, "Steps",
		"what is owed after more than how long: 3d call or email, 7d visit, never call"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made"),
};

int64_t working_days(int64_t a, int64_t b)
{
	int64_t days = b - a, n = days / 7 * 5;

	for (int64_t d = a + days / 7 * 7 + 1; d <= b; d++)
		n += weekday_of(d) < 5;
	return n;
}

bool step_owed(
	const struct step *st, const struct zone *zone, int64_t now, bool contacted, int64_t last, int64_t *passed)
{
	if (st->unit == STEP_NEVER || !contacted)
		return st->unit == STEP_NEVER && !contacted;
	if (st->unit == STEP_ELAPSED)
		*passed = now - last;
	else if (st->unit == STEP_DAYS)
		*passed = zone_day(zone, now) - zone_day(zone, last);
	else
		*passed = working_days(zone_day(zone, last), zone_day(zone, now));
	return *passed > st->amount;
}

const struct step *steps_owed(
	const struct steps *steps, const struct zone *zone, int64_t now, bool contacted, int64_t last, int64_t *passed)
{
	const struct step *owed = NULL;

	for (size_t i = 0; i < steps->n; i++) {
		int64_t p = 0;

		if (!step_owed(&steps->v[i], zone, now, contacted, last, &p) ||
			(owed && step_length(owed) >= step_length(&steps->v[i])))
			continue;
		owed = &steps->v[i];
		*passed = p;
	}
	return owed;
}

static int load_one(struct policies *out, struct stmt *st, crm_store *s)
{
	struct policy *p;

	if (!GROW(out->v, out->n, out->cap))
		return err_nomem(&s->err);
	p = &out->v[out->n++];
	*p = (struct policy){ .id = db_int(st, 0) };
	if (!db_is_null(st, 1))
		p->filter = arena_copy(&out->mem, db_text(st, 1), db_bytes(st, 1));
	return steps_parse(&p->steps, &out->mem, db_text(st, 2), db_bytes(st, 2), &s->err);
}

int policies_load(struct policies *out, crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(
		&st, s, "SELECT id, filter_terms, steps FROM followup_policy ORDER BY position, id", DB_SCAN);

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
	for (size_t i = 0; i < p->n; i++)
		steps_free(&p->v[i].steps);
	free(p->v);
	arena_free(&p->mem);
	*p = (struct policies){ 0 };
}

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

/* One for some customers comes before those for all, which would leave nothing to it. */
static int usual_position(crm_record *r)
{
	int64_t some = 0, all = 0;
	char text[24];
	int status = CRM_OK;

	if (crm_record_get(r, "position").kind != CRM_NULL || crm_record_get(r, "filter").kind == CRM_NULL)
		return CRM_OK;
	status = db_get_int(&all, r->s,
		"SELECT position FROM followup_policy WHERE filter_terms IS NULL ORDER BY position LIMIT 1", "");
	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	status = db_get_int(&some, r->s,
		"SELECT position FROM followup_policy WHERE filter_terms IS NOT NULL AND position < $1"
		" ORDER BY position DESC LIMIT 1",
		"i", all);
	if (status < 0)
		return status;
	return record_set_int(r, "position", some + 10 < all ? some + 10 : all - 1, text);
}

static int prepare(crm_record *r, bool creating)
{
	int status = creating || record_changed(r, "steps") ? prepare_steps(r) : CRM_OK;

	if (status == CRM_OK && creating)
		status = usual_position(r);
	return status < 0 ? status : ordered_prepare(r, creating, &entity_customer);
}

const struct crm_entity entity_policy = {
	.name = "followup_policy",
	.plural = "follow-up policies",
	.table = "followup_policy",
	.help = "who is owed a contact after how long",
	FIELDS(policy_fields),
	.order = "position",
	.prepare = prepare,
};

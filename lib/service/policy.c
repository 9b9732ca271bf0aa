/* Follow-up policies: the entity, and what `after` means. */
#include "service/policy.h"
#include "model/entity.h"
#include "model/record.h"
#include "service/ordered.h"

/* Actions are the channels a contact can take. */
static const struct word actions[] = {
	{ "call", "phone|电话|致电" },
	{ "visit", "meeting|拜访|上门" },
	{ "email", "mail|邮件" },
	{ "chat", "聊天|在线" },
	{ "sms", "短信" },
	{ "wechat", "微信" },
	{ "letter", "信函" },
	{ "other", "其他" },
};

static const struct crm_field policy_fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the policy"),
	FIELD("position", CRM_INTEGER, EDIT | LIST, "Position",
		"policies are tried in this order; the first that fits decides"),
	FIELD("filter", CRM_TEXT, EDIT | LIST, "Filter", "which customers it is for; empty: all",
		.column = "filter_terms"),
	FIELD("after", CRM_TEXT, MUST | LIST, "After",
		"more than 7d (local days), 72h (elapsed), 3wd (working days), or never: never contacted",
		.column = "due_after"),
	FIELD("action", CRM_ENUM, MUST | LIST, "Action", "what is owed", .column = "due_action", WORDS(actions)),
	FIELD("alternative", CRM_ENUM, EDIT | LIST, "Alternative",
		"instead of a call to somebody who must not be called", WORDS(actions)),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made"),
};

int policy_after(struct policy *out, const char *text, struct err *err)
{
	size_t digits = strspn(text, "0123456789");
	const char *unit = text + digits;
	int64_t n = 0;

	if (strcmp(text, "never") == 0) {
		out->unit = POLICY_NEVER;
		return CRM_OK;
	}
	if (digits == 0 || !parse_int64(text, digits, 0, 36500, &n))
		return err_set(err, CRM_INVALID, "after: '%s' is not like 7d, 2w, 3wd, 72h or never", text);
	out->unit = POLICY_DAYS;
	out->amount = n;
	if (strcmp(unit, "d") == 0)
		return CRM_OK;
	if (strcmp(unit, "w") == 0) {
		out->amount = n * 7;
		return CRM_OK;
	}
	if (strcmp(unit, "wd") == 0) {
		out->unit = POLICY_WORKING;
		return CRM_OK;
	}
	out->unit = POLICY_ELAPSED;
	if (duration_parse(&out->amount, text, strlen(text), err) < 0)
		return err_set(err, CRM_INVALID, "after: '%s' is not like 7d, 2w, 3wd, 72h or never", text);
	return CRM_OK;
}

int64_t working_days(int64_t a, int64_t b)
{
	int64_t days = b - a, n = days / 7 * 5;

	for (int64_t d = a + days / 7 * 7 + 1; d <= b; d++)
		n += weekday_of(d) < 5;
	return n;
}

bool policy_owed(
	const struct policy *p, const struct zone *zone, int64_t now, bool contacted, int64_t last, int64_t *passed)
{
	if (p->unit == POLICY_NEVER || !contacted)
		return p->unit == POLICY_NEVER && !contacted;
	if (p->unit == POLICY_ELAPSED)
		*passed = now - last;
	else if (p->unit == POLICY_DAYS)
		*passed = zone_day(zone, now) - zone_day(zone, last);
	else
		*passed = working_days(zone_day(zone, last), zone_day(zone, now));
	return *passed > p->amount;
}

int64_t policy_bound(const struct policy *p, const struct zone *zone, int64_t now)
{
	switch (p->unit) {
	case POLICY_NEVER:
		return INT64_MIN;
	case POLICY_ELAPSED:
		return now - p->amount - 1;
	default: /* working days are never more than days */
		return zone_day_start(zone, zone_day(zone, now) - p->amount) - 1;
	}
}

static int load_one(struct policy *p, struct stmt *st, crm_store *s)
{
	static const struct {
		size_t offset;
		int column;
	} texts[] = {
		{ offsetof(struct policy, filter), 1 },
		{ offsetof(struct policy, after), 2 },
		{ offsetof(struct policy, action), 3 },
		{ offsetof(struct policy, alternative), 4 },
	};

	*p = (struct policy){ .id = db_int(st, 0) };
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		char **slot = (char **)((char *)p + texts[i].offset);

		if (db_is_null(st, texts[i].column))
			continue;
		*slot = strdup(db_text(st, texts[i].column));
		if (!*slot)
			return err_nomem(&s->err);
	}
	return policy_after(p, p->after, &s->err);
}

int policies_load(struct policy **v, size_t *n, crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	size_t cap = 0;
	int status = db_prepare(&st, s,
		"SELECT id, filter_terms, due_after, due_action, alternative FROM followup_policy ORDER BY position, "
		"id",
		DB_SCAN);

	*v = NULL;
	*n = 0;
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		status = GROW(*v, *n, cap) ? load_one(&(*v)[*n], st, s) : err_nomem(&s->err);
		*n += status != CRM_NOMEM;
	}
	if (status < 0) {
		policies_free(*v, *n);
		return status;
	}
	return CRM_OK;
}

void policies_free(struct policy *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].after);
		free(v[i].filter);
		free(v[i].action);
		free(v[i].alternative);
	}
	free(v);
}

/* A policy that cannot be understood would make every `followup due` fail: it is refused here. */
static int prepare(crm_record *r, bool creating)
{
	crm_value after = crm_record_get(r, "after");
	struct policy parsed;
	int status = CRM_OK;

	if (after.kind != CRM_NULL)
		status = policy_after(&parsed, after.s, &record_store(r)->err);
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

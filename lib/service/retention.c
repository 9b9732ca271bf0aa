/* How long what is kept: the rules, and what they say about a record. */
#include "service/retention.h"

#include "service/ordered.h"
#include "text/text.h"

/* The kinds of records that are erased by rules: those in which people are. */
static const struct word entities[] = {
	WORD("customer", "customers|客户"),
	WORD("log", "logs|communication|communications|沟通|沟通记录"),
	WORD("ticket", "tickets|工单"),
	WORD("order", "orders|订单"),
	WORD("survey", "surveys|问卷|评价|调查"),
	WORD("followup", "followups|follow-up|跟进"),
};

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the rule"),
	FIELD("position", CRM_INTEGER, EDIT | LIST, "Position", "rules are applied in this order", .synonyms = "顺序"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND | FIELD_FOLDED | CRM_FIELD_UNIQUE, "Name", "its name",
		.norm = "name_fold", .synonyms = "名称"),
	FIELD("active", CRM_BOOL, EDIT | LIST | FIELD_YES, "Active", "is applied; default yes", .synonyms = "启用"),
	FIELD("entity", CRM_ENUM, MUST | LIST, "Entity", "what is erased", WORDS(entities), .synonyms = "对象"),
	FIELD("keep", CRM_TEXT, MUST | LIST, "Keep", "how long after the last thing that happened to it: 3y, 18mo, 90d",
		.column = "keep_for", .synonyms = "保留"),
	FIELD("filter", CRM_TEXT, EDIT | LIST, "Filter", "only records that fit", .column = "filter_terms",
		.synonyms = "筛选"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the rule was made", .synonyms = "创建"),
	FIELD("checked_at", CRM_TIME, FACT, "Checked", "when tick last looked for what is over", .sql = "@.checked_at",
		.synonyms = "已检查"),
	FIELD_VERSION,
};

/* The moment before which a record must have been left alone. A length of time, and nothing else that -TIME may be. */
int retention_bound(int64_t *out, crm_store *s, const char *keep)
{
	cleanup(buf_free) struct buf text = BUF_INIT;
	int64_t bound;
	int status;

	if (!ascii_digit(*keep) || keep[strspn(keep, "0123456789abcdefghijklmnopqrstuvwxyz ")])
		return err_set(&s->err, CRM_INVALID, "keep: '%s' is no length of time such as 3y, 18mo or 90d", keep);
	buf_printf(&text, "-%s", keep);
	if (!buf_str(&text))
		return err_nomem(&s->err);
	status = crm_time_parse(&bound, NULL, s, text.s, CRM_TIME_PAST);
	if (status < 0) {
		cleanup(freep) char *why = strdup(crm_errmsg(s));

		return err_set(&s->err, status, "keep: %s", why ? why : "");
	}
	if (bound > crm_store_now(s) - 79200) /* a day may have 23 hours */
		return err_set(&s->err, CRM_INVALID, "keep: '%s' is less than a day", keep);
	*out = bound;
	return CRM_OK;
}

static int prepare(crm_record *r, bool creating)
{
	crm_value entity = crm_record_get(r, "entity"), keep = crm_record_get(r, "keep");
	int64_t unused;
	int status = CRM_OK;

	if (entity.kind == CRM_NULL || keep.kind == CRM_NULL)
		return CRM_OK; /* reported as missing */
	status = retention_bound(&unused, record_store(r), keep.s);
	return status == CRM_OK ? ordered_prepare(r, creating, crm_entity_find(entity.s)) : status;
}

/* Looked at anew. */
static int saved(crm_record *r, bool creating)
{
	(void)creating;
	return db_run(r->s, "UPDATE retention SET checked_at = NULL WHERE id = $1", "i", r->id);
}

const struct crm_entity entity_retention = {
	.name = N_("retention"),
	.plural = N_("retention rules"),
	.table = "retention",
	.help = N_("how long what is kept"),
	FIELDS(fields),
	.order = "position",
	.prepare = prepare,
	.saved = saved,
};

/*
 * Follow-up: something that somebody owes a customer at a time. Those that a policy finds are computed when asked
 * (service/due.h); these were agreed upon, and each occurrence of one that comes again is a record.
 */
#include "model/followup.h"
#include "base/foreign_time.h"
#include "model/record.h"
#include <stdio.h>

/* The channels that a contact can take. */
const struct word followup_actions[FOLLOWUP_ACTIONS] = {
	WORD("call", "phone|telephone|电话|致电"),
	WORD("visit", "meeting|拜访|上门"),
	WORD("email", "mail|e-mail|邮件"),
	WORD("chat", "聊天|在线|在线聊天"),
	WORD("sms", "text|短信"),
	WORD("wechat", "微信"),
	WORD("letter", "post|信函"),
	WORD("other", "其他|其它"),
};

static const struct word statuses[] = {
	WORD_AS("open", "open: to be done", "pending|planned|scheduled|to do|todo|not started|待办|待跟进|未完成"),
	WORD("snoozed", "deferred|postponed|推迟|延后|已推迟"),
	WORD("done", "completed|complete|closed|finished|已完成|完成"),
	WORD("skipped", "cancelled|canceled|跳过|已取消|取消|已跳过"),
};

static int set_due(crm_record *r, const struct crm_field *f, const char *text);

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the follow-up"),
	FIELD("due", CRM_TIME, MUST | LIST, "Due", "when it is due; a day: on that day", .column = "due_at",
		.set = set_due,
		.synonyms = "due date|due at|deadline|date|task due date|时间|日期|截止日期|跟进时间|到期日|到期"),
	FIELD("due_day", CRM_DATE, 0, "Due day", "the day, where it is due on a day as a whole",
		.synonyms = "到期当天"),
	FIELD("customer", CRM_REF, MUST | LIST, "Customer", "whom it is owed to", .target = "customer",
		.synonyms = "customer_id|customer id|customer key|customer email|contact|contact name|客户|客户编号|"
			    "客户邮箱|客户姓名|客户电话|姓名|电话|手机|邮箱"),
	FIELD("name", CRM_TEXT, CALC | LIST, "Name", "name of the customer",
		.sql = "(SELECT c.name FROM customer c WHERE c.id = @.customer)", .synonyms = "名称"),
	FIELD("action", CRM_ENUM, MUST | LIST, "Action", "what is owed; default call", .column = "due_action",
		.words = followup_actions, .nwords = FOLLOWUP_ACTIONS,
		.synonyms = "type|task type|channel|方式|类型|跟进方式|动作"),
	FIELD("purpose", CRM_TEXT, EDIT | LIST | FIND, "Purpose", "what it is about",
		.synonyms = "subject|title|task title|message|notes|note|description|主题|事由|目的|内容|备注"),
	FIELD("owner", CRM_REF, EDIT | LIST | FIELD_HANDLE, "Owner",
		"agent who owes it; default who looks after the customer", .target = "agent",
		.synonyms = "assignee|assigned to|agent|负责人|跟进人"),
	FIELD("status", CRM_ENUM, CRM_FIELD_IMPORTED | LIST, "Status", "how far it is", WORDS(statuses),
		.synonyms = "task status|state|状态"),
	FIELD("ticket", CRM_REF, EDIT | FIELD_LETGO, "Ticket", "the request that it belongs to", .target = "ticket",
		.synonyms = "ticket id|ticket number|工单|工单号"),
	FIELD("snoozed_until", CRM_TIME, CRM_FIELD_IMPORTED, "Snoozed until", "of one snoozed: when it is due instead",
		.synonyms = "start date|推迟到|延后到"),
	FIELD("outcome", CRM_TEXT, EDIT | FIND, "Outcome", "what came of it", .synonyms = "result|结果"),
	FIELD("done_at", CRM_TIME, CRM_FIELD_IMPORTED, "Done", "when it was done or skipped",
		.synonyms = "completed at|completed date|完成时间|完成日期|完成"),
	FIELD("log", CRM_REF, FIELD_LETGO, "Contact", "the communication that did it", .target = "log",
		.synonyms = "对应沟通"),
	FIELD("every", CRM_TEXT, EDIT, "Every", "comes again by the calendar: day, 2w, month, 1y",
		.column = "repeat_every", .set = followup_set_repeat, .synonyms = "recurrence|repeat|重复|周期"),
	FIELD("on", CRM_TEXT, EDIT, "On", "of every: the days meant, as mon,thu or 15 or last", .column = "repeat_on",
		.set = followup_set_repeat, .synonyms = "重复日"),
	FIELD("after", CRM_TEXT, EDIT, "After", "comes again that long after it is done: 30d", .column = "repeat_after",
		.set = followup_set_repeat, .synonyms = "间隔|之后"),
	FIELD("series", CRM_INTEGER, 0, "Series", "number of its first occurrence", .synonyms = "系列"),
	FIELD("occurrence", CRM_INTEGER, 0, "Occurrence", "1, 2, 3 … of its series", .synonyms = "序次"),
	FIELD("key", CRM_TEXT, EDIT | CRM_FIELD_UNIQUE, "Key", "key in another system, unique within its source",
		.column = "external_key", .synonyms = "external id|external key|id|task id|编号|外部编号"),
	FIELD("source", CRM_TEXT, EDIT, "Source", "the system that the key comes from", .synonyms = "system|来源"),
	FIELD("tags", CRM_TAGS, EDIT | FIND | CRM_FIELD_REPEATED, "Tags", "words that group follow-ups", .alias = "tag",
		.synonyms = "tag|标签"),
	FIELD("created_by", CRM_TEXT, 0, "Made by", "who wrote it down; rule:NAME for a rule", .synonyms = "建立者"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD("updated_at", CRM_TIME, AUTO, "Changed", "when the record was last changed", .synonyms = "更改"),
	FIELD_VERSION,
};

/* Files tell a day by having no clock, or midnight. */
static int read_foreign(const struct convert *c, int64_t *from, bool *day, const char *text)
{
	struct civil local;
	int status = foreign_time_parse(from, &c->time, c->date_format, text, strlen(text), c->err);

	if (status < 0)
		return status;
	zone_civil(c->time.zone, *from, &local);
	*day = local.hour == 0 && local.minute == 0 && local.second == 0;
	return CRM_OK;
}

/* A day without a clock is kept as a day: it is due on it, not at midnight. */
static int set_due(crm_record *r, const struct crm_field *f, const char *text)
{
	struct convert c = record_context(r);
	crm_value at = { .kind = CRM_NULL }, day = { .kind = CRM_NULL }, none = { .kind = CRM_NULL };
	int64_t from = 0, to = 0;
	bool whole = false;
	int status = CRM_OK;

	c.time.future = true;
	if (*text && c.foreign_dates) {
		status = read_foreign(&c, &from, &whole, text);
	} else if (*text) {
		status = time_parse(&from, &to, &c.time, text, strlen(text), c.err);
		whole = from != to;
	}
	if (status < 0) {
		const char *why = status == CRM_NOMEM ? NULL : buf_str(&c.err->msg);

		return why ? err_set(c.err, status, "%s: %s", f->name, why) : status;
	}
	if (*text)
		at = (crm_value){ .kind = CRM_INT, .i = from };
	if (whole) {
		char date[16];
		struct civil local;

		zone_civil(c.time.zone, from, &local);
		snprintf(date, sizeof(date), "%04d-%02d-%02d", local.year, local.month, local.day);
		day = value_text(&r->mem, date, strlen(date));
	}
	record_put(r, f, &at, &none);
	record_put(r, field_find_static(r->e, "due_day"), &day, &none);
	return r->mem.failed ? err_nomem(c.err) : CRM_OK;
}

static bool is_empty(crm_record *r, const char *field)
{
	return crm_record_get(r, field).kind == CRM_NULL;
}

static const char *text_of(crm_record *r, const char *field)
{
	crm_value v = crm_record_get(r, field);

	return v.kind == CRM_STRING ? v.s : "";
}

/* Who looks after the customer owes it, else who writes it down. */
static int default_owner(crm_record *r)
{
	crm_value customer = crm_record_get(r, "customer");
	cleanup(db_releasep) struct stmt *st = NULL;
	const char *agent = crm_store_agent(r->s);
	int status;

	if (!is_empty(r, "owner") || customer.kind != CRM_INT)
		return CRM_OK;
	status = db_prepare(&st, r->s, "SELECT owner FROM customer WHERE id = $1 AND owner IS NOT NULL", 0);
	if (status < 0)
		return status;
	db_bind_int(st, 1, customer.i);
	status = db_step(st);
	if (status == CRM_OK)
		return crm_record_set(r, "owner", db_text(st, 0));
	if (status < 0 || r->imported || r->actor)
		return status < 0 ? status : CRM_OK;
	status = crm_store_agent_known(r->s);
	return status == 1 ? crm_record_set(r, "owner", agent) : status < 0 ? status : CRM_OK;
}

static int prepare_new(crm_record *r)
{
	const char *by = r->actor ? r->actor : crm_store_agent(r->s);
	crm_value maker = value_text(&r->mem, by, strlen(by)), none = { .kind = CRM_NULL };
	int status = CRM_OK;

	if (is_empty(r, "action"))
		status = crm_record_set(r, "action", "call");
	if (status == CRM_OK && is_empty(r, "status"))
		status = crm_record_set(r, "status", is_empty(r, "done_at") ? "open" : "done");
	if (status == CRM_OK)
		status = default_owner(r);
	if (*by)
		record_put(r, field_find_static(r->e, "created_by"), &maker, &none);
	return status;
}

static bool is_pending(crm_record *r)
{
	const char *status = text_of(r, "status");

	return strcmp(status, "open") == 0 || strcmp(status, "snoozed") == 0;
}

bool followup_has_passed(crm_record *r)
{
	int64_t due = crm_record_get(r, "due").i, now = crm_store_now(r->s);

	return is_empty(r, "due_day") ? due < now : zone_day(r->s->zone, due) < zone_day(r->s->zone, now);
}

/* What a file says of one field must fit the others: until when it is snoozed, when it was done. */
static int settle_status(crm_record *r)
{
	int status = CRM_OK;

	if (!is_pending(r))
		return CRM_OK;
	if (strcmp(text_of(r, "status"), "open") == 0 && record_changed(r, "snoozed_until") &&
		!is_empty(r, "snoozed_until"))
		status = crm_record_set(r, "status", "snoozed");
	else if (strcmp(text_of(r, "status"), "open") == 0)
		status = crm_record_set(r, "snoozed_until", "");
	if (status == CRM_OK && record_changed(r, "status") && !record_changed(r, "done_at"))
		status = crm_record_set(r, "done_at", "");
	return status;
}

static int prepare(crm_record *r, bool creating)
{
	int status = creating ? prepare_new(r) : CRM_OK;

	if (status == CRM_OK)
		status = settle_status(r);
	return status == CRM_OK ? followup_repeat_check(r, creating) : status;
}

/* The first of a series bears its own number, which it has only now. */
static int begin_series(crm_record *r)
{
	const crm_value series = { .kind = CRM_INT, .i = r->id }, occurrence = { .kind = CRM_INT, .i = 1 };
	const crm_value none = { .kind = CRM_NULL };
	int status;

	record_put(r, field_find_static(r->e, "series"), &series, &none);
	record_put(r, field_find_static(r->e, "occurrence"), &occurrence, &none);
	status = db_run(r->s, "UPDATE followup SET series = id, occurrence = 1 WHERE id = $1", "i", r->id);
	return status == CRM_OK ? row_sum_refresh(r->s, r->e, r->id) : status;
}

static int saved(crm_record *r, bool creating)
{
	bool repeats = !is_empty(r, "every") || !is_empty(r, "after");

	if (creating)
		return repeats && is_empty(r, "series") ? begin_series(r) : CRM_OK;
	if (repeats && r->imported && record_changed(r, "status") && !is_pending(r))
		return followup_repeat_next(r);
	return CRM_OK;
}

const struct crm_entity entity_followup = {
	.name = N_("followup"),
	.plural = N_("follow-ups"),
	.table = "followup",
	.help = N_("what was agreed to be done for a customer, and when"),
	.flags = ENTITY_TAGS | ENTITY_CUSTOM | ENTITY_IMPORT,
	FIELDS(fields),
	.order = "due",
	.prepare = prepare,
	.saved = saved,
};

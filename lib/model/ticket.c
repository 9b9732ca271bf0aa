/* Ticket: a request of a customer, from the first word to the solution. */
#include "model/ticket.h"
#include "base/foreign_time.h"
#include "model/record.h"
#include "text/text.h"
#include <stdlib.h>

static const struct word types[] = {
	WORD("inquiry", "enquiry|request|service request|咨询|查询"),
	WORD("complaint", "投诉|抱怨"),
	WORD("after_sales", "after-sales|after sales|aftersales|rma|售后|售后服务"),
	WORD("feedback", "suggestion|feature request|反馈|建议"),
	WORD("question", "问题|问题咨询|疑问|提问"),
	WORD("incident", "事件|事故"),
	WORD("problem", "issue|bug|故障|难题"),
	WORD("task", "任务"),
};

static const struct word kinds[] = {
	WORD("return", "returned|退货"),
	WORD("exchange", "换货|调换"),
	WORD("repair", "维修|修理|返修"),
	WORD("replacement", "replace|更换|换新"),
	WORD("refund", "退款"),
};

static const struct word priorities[] = {
	WORD("low", "1 low|p3|minor|trivial|低"),
	WORD("normal", "2 normal|medium|p2|moderate|普通|中|一般|正常"),
	WORD("high", "3 high|p1|major|高|重要"),
	WORD("urgent", "emergency|critical|very high|blocker|紧急|特急"),
};

/* Statuses of other systems by ours; further ones are records of ticket_status. */
static const struct word statuses[] = {
	WORD("new", "待处理|新建|新|未处理|created"),
	WORD("open", "assigned|active|working|in progress|escalated|waiting on us|reopened|处理中|进行中|打开"),
	WORD("pending", "pending input|pending reminder|snoozed|waiting on contact|waiting on "
			"customer|pending customer response|awaiting customer|待客户|等待客户|待回复"),
	WORD("hold", "on hold|on-hold|waiting on third party|pending close|挂起|暂停|暂缓"),
	WORD("solved", "resolved|done|fixed|completed|已解决|解决|已完成"),
	WORD("closed", "archived|rejected|duplicate|cancelled|canceled|已关闭|关闭"),
	WORD("merged", "合并|已合并"),
	WORD("spam", "deleted|removed|垃圾|已删除"),
};

static const struct word sla_words[] = {
	WORD("met", "达成|达标|已达成"),
	WORD("running", "计时中"),
	WORD("paused", "暂停"),
	WORD("breached", "违约|超时|已超时"),
};

static const struct word warranty_words[] = {
	WORD_AS("in", "in: in warranty", "在保|保内"),
	WORD_AS("out", "out: out of warranty", "过保|保外"),
};

#define REPLIES                                                                                                        \
	"(SELECT v.at FROM ticket_event v WHERE v.ticket = @.id AND v.kind = 'reply' AND v.at <= $now UNION ALL"       \
	" SELECT l.at FROM log l WHERE l.ticket = @.id AND l.direction = 'out' AND l.internal = 0"                     \
	" AND l.at > @.created_at AND l.at <= $now)"
#define STATUS_EVENTS "ticket_event v WHERE v.ticket = @.id AND v.kind = 'status' AND v.at <= $now"
#define SOLUTIONS                                                                                                      \
	STATUS_EVENTS " AND v.new_value IN " TICKET_SOLVED                                                             \
		      " AND (v.old_value IS NULL OR v.old_value NOT IN " TICKET_SOLVED ")"

#define LENGTH(time) "CASE WHEN @." time " <= $now THEN @." time " - @.created_at END"

static int set_length(crm_record *r, const struct crm_field *f, const char *text);

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the ticket"),
	FIELD("key", CRM_TEXT, EDIT | CRM_FIELD_UNIQUE | FIND, "Key",
		"number in another system, unique within its source", .column = "external_key",
		.synonyms =
			"external id|external key|id|ticket id|ticket number|case number|casenumber|number|工单编号|"
			"工单号|编号|外部编号"),
	FIELD("source", CRM_TEXT, EDIT, "Source", "the system that the key comes from",
		.synonyms = "system|来源系统|来源"),
	FIELD("status", CRM_REF, EDIT | LIST | FIELD_HANDLE | FIELD_TRACKED, "Status", "how far it is",
		.target = "ticket_status", WORDS(statuses), .synonyms = "ticket status|current status|状态|工单状态"),
	FIELD("priority", CRM_ENUM, EDIT | LIST | FIELD_TRACKED, "Priority", "how soon it matters; default normal",
		WORDS(priorities), .synonyms = "ticket priority|urgency|优先级|紧急程度"),
	FIELD("customer", CRM_REF, MUST | LIST, "Customer", "who asks", .target = "customer",
		.synonyms = "customer id|customer email|customer name|requester|requester email|contact|contact "
			    "name|from|from email|客户|客户编号|客户邮箱|客户姓名|客户电话|姓名|电话|手机|邮箱"),
	FIELD("name", CRM_TEXT, CALC | LIST, "Name", "name of the customer",
		.sql = "(SELECT c.name FROM customer c WHERE c.id = @.customer)", .synonyms = "名称"),
	FIELD("subject", CRM_TEXT, MUST | LIST | FIND, "Subject", "what it is about, in a line",
		.synonyms = "title|ticket subject|ticket name|summary|主题|标题|问题"),
	FIELD("assignee", CRM_REF, EDIT | LIST | FIELD_HANDLE | FIELD_TRACKED, "Assignee", "agent who works on it",
		.target = "agent",
		.synonyms = "agent|owner|agent assigned|assigned to|ticket owner|case owner|处理人|负责人|坐席|受理人"),
	FIELD("updated_at", CRM_TIME, AUTO | LIST, "Changed", "when the record was last changed", .synonyms = "更改"),
	FIELD("body", CRM_TEXT, EDIT | FIND | FIELD_LONG, "Text", "what the customer asks, in full",
		.synonyms = "description|ticket description|content|message|内容|描述|问题描述|正文"),
	FIELD("type", CRM_ENUM, EDIT | FIELD_TRACKED, "Type", "sort of request", WORDS(types),
		.synonyms = "ticket type|case type|类型|工单类型"),
	FIELD("kind", CRM_ENUM, EDIT, "Kind", "of after-sales: what is wanted", WORDS(kinds),
		.synonyms = "after-sales kind|售后类型|售后方式|种类"),
	FIELD("category", CRM_TEXT, EDIT, "Category", "group of a list of your own", .target = "ticket_category",
		.synonyms = "help topic|reason|分类|类别"),
	FIELD("suggested", CRM_TEXT, 0, "Suggested", "which of its fields a classifier filled in: category, priority",
		.synonyms = "推断"),
	FIELD("channel", CRM_ENUM, EDIT, "Channel", "how the request came", .words = log_channels,
		.nwords = LOG_CHANNELS, .synonyms = "via|origin|case origin|ticket channel|medium|渠道|来源渠道"),
	FIELD("team", CRM_REF, EDIT | FIELD_HANDLE | FIELD_TRACKED, "Team", "team that it belongs to", .target = "team",
		.synonyms = "group|department|team assigned|queue|小组|团队|部门"),
	FIELD("product_no", CRM_TEXT, EDIT | FIND, "Product number", "number of the article or device",
		.alias = "product-no",
		.synonyms = "product no|product number|serial number|sku|产品编号|商品编号|序列号"),
	FIELD("model", CRM_TEXT, EDIT | FIND, "Model", "model of the product",
		.synonyms = "product model|product|型号|产品型号"),
	FIELD("purchase_date", CRM_DATE, EDIT, "Bought on", "day of the purchase", .alias = "purchase-date",
		.synonyms = "purchase date|date of purchase|购买日期|购买时间"),
	FIELD("order", CRM_REF, EDIT | FIELD_LETGO, "Order", "the order that it is about", .column = "sales_order",
		.target = "order", .synonyms = "order number|order no|order id|订单|订单号|订单编号"),
	FIELD("warranty", CRM_ENUM, CALC, "Warranty",
		"in or out of warranty now (product.warranty says how long it is)", WORDS(warranty_words),
		.judge = warranty_judge, .bound = "@.purchase_date IS NOT NULL", .synonyms = "保修"),
	FIELD("resolution", CRM_TEXT, EDIT | FIND | FIELD_LONG, "Resolution", "how it was solved",
		.synonyms = "solution|解决方案|处理结果|解决"),
	FIELD("due_at", CRM_TIME, EDIT, "Promised for", "when an answer was promised to the customer",
		.alias = "due-at", .synonyms = "due date|due|due by time|截止时间|到期时间|答复期限"),
	FIELD("pending_until", CRM_TIME, EDIT, "Pending until", "when a paused ticket comes back",
		.alias = "pending-until", .synonyms = "等待到"),
	FIELD("merged_into", CRM_REF, FIELD_LETGO, "Merged into", "the ticket that it goes on as", .target = "ticket",
		.synonyms = "并入"),
	FIELD("tags", CRM_TAGS, EDIT | FIND | CRM_FIELD_REPEATED, "Tags", "words that group tickets", .alias = "tag",
		.synonyms = "tag|labels|label|标签"),
	FIELD("created_at", CRM_TIME, CRM_FIELD_IMPORTED, "Created", "when the customer asked",
		.synonyms = "created|created at|created time|create date|createddate|date created|date/time "
			    "opened|opened|创建时间|提交时间|受理时间|创建"),
	FIELD("state", CRM_ENUM, FACT, "State", "open, paused or resolved: what its status means", WORDS(ticket_states),
		.sql = "(SELECT s.category FROM ticket_status s WHERE s.name = @.status)", .synonyms = "状态类别"),
	FIELD("sla", CRM_ENUM, CALC, "SLA", "what was promised: met, running, paused, or breached", WORDS(sla_words),
		.judge = sla_state_judge, .bound = "EXISTS (SELECT 1 FROM sla)", .synonyms = "服务承诺"),
	FIELD("sla_due", CRM_TIME, CALC, "SLA due", "when the next of its promises runs out, or ran out",
		.judge = sla_due_judge, .bound = "@.state IN ('open', 'paused') AND EXISTS (SELECT 1 FROM sla)",
		.synonyms = "承诺期限"),
	FIELD("urgency", CRM_REAL, CALC, "Urgency", "how soon it should be worked on, in points (crm-ticket(1))",
		.judge = urgency_judge, .bound = "@.state IN ('open', 'paused')", .synonyms = "紧迫度"),
	FIELD("sla_policy", CRM_TEXT, CALC, "SLA policy", "the policy that it is judged by", .judge = sla_policy_judge,
		.bound = "EXISTS (SELECT 1 FROM sla)", .synonyms = "服务策略"),
	FIELD("first_reply_at", CRM_TIME, FACT | CRM_FIELD_IMPORTED, "First reply", "first public reply of an agent",
		.latest = "last_event_at", .sql = "(SELECT min(x.at) FROM " REPLIES " x)",
		.synonyms =
			"first reply at|first response at|initial response time|首次回复时间|首次响应时间|首次回复"),
	FIELD("first_reply_time", CRM_DURATION, CALC | CRM_FIELD_IMPORTED, "First reply after",
		"from creation to the first reply; an import can have it in place of first_reply_at",
		.sql = LENGTH("first_reply_at"), .set = set_length, .synonyms = "首次回复用时"),
	FIELD("solved_at", CRM_TIME, FACT | CRM_FIELD_IMPORTED, "Solved", "when it was first solved",
		.latest = "last_event_at", .sql = "(SELECT min(v.at) FROM " SOLUTIONS ")",
		.synonyms = "first solved at|first resolved at|已解决"),
	FIELD("resolution_time", CRM_DURATION, CALC | CRM_FIELD_IMPORTED, "Solved after",
		"from creation to the first solution; an import can have it in place of solved_at",
		.sql = LENGTH("solved_at"), .set = set_length, .synonyms = "解决用时"),
	FIELD("last_solved_at", CRM_TIME, FACT | CRM_FIELD_IMPORTED, "Last solved", "when it was last solved",
		.latest = "last_event_at", .sql = "(SELECT max(v.at) FROM " SOLUTIONS ")",
		.synonyms = "solved at|resolved at|resolved time|resolution time|解决时间|完成时间|最后解决"),
	FIELD("full_resolution_time", CRM_DURATION, CALC | CRM_FIELD_IMPORTED, "Last solved after",
		"from creation to the last solution; an import can have it in place of last_solved_at",
		.sql = LENGTH("last_solved_at"), .set = set_length, .synonyms = "最后解决用时"),
	FIELD("closed_at", CRM_TIME, FACT | CRM_FIELD_IMPORTED, "Closed", "when it was last closed",
		.latest = "last_event_at",
		.sql = "(SELECT max(v.at) FROM " STATUS_EVENTS " AND v.new_value = 'closed')",
		.synonyms = "closed at|closed time|close date|closeddate|date/time closed|关闭时间|已关闭"),
	FIELD("waiting_since", CRM_TIME, FACT, "Waiting since", "oldest message of the customer that nobody answered",
		.latest = "last_event_at",
		.sql = "CASE WHEN " TICKET_WAS_RESOLVED(
			"@") " THEN NULL WHEN NOT EXISTS (SELECT 1 FROM " REPLIES
			     ") AND NOT EXISTS (SELECT 1 FROM log l WHERE l.ticket = @.id AND l.direction = 'out' AND"
			     " l.internal = 0 AND l.at <= @.created_at) THEN @.created_at ELSE (SELECT min(l.at) FROM "
			     "log l"
			     " WHERE l.ticket = @.id AND l.direction = 'in' AND l.internal = 0 AND l.at <= $now AND "
			     "l.at >"
			     " coalesce((SELECT max(x.at) FROM " REPLIES " x), @.created_at)) END",
		.synonyms = "等待起点"),
	FIELD("last_event_at", CRM_TIME, FACT, "Last event", "when anything last happened to it", .alias = "last_event",
		.latest = "last_event_at",
		.sql = "(SELECT max(x.at) FROM (SELECT v.at FROM ticket_event v WHERE v.ticket = @.id AND v.at <= $now"
		       " UNION ALL SELECT l.at FROM log l WHERE l.ticket = @.id AND l.at <= $now) x)",
		.synonyms = "最近事件"),
	FIELD("reopens", CRM_INTEGER, FACT, "Reopens", "how often it was taken up again after a solution",
		.latest = "last_event_at",
		.sql = "(SELECT count(*) FROM " STATUS_EVENTS " AND v.old_value IN " TICKET_SOLVED
		       " AND v.new_value NOT IN " TICKET_RESOLVED ")",
		.synonyms = "重开次数"),
	FIELD("replies", CRM_INTEGER, FACT, "Replies", "public replies of agents", .latest = "last_event_at",
		.sql = "(SELECT count(*) FROM " REPLIES " x)", .synonyms = "回复"),
	FIELD("stations", CRM_INTEGER, FACT, "Stations", "how many times it was assigned, the first counts 1",
		.latest = "last_event_at",
		.sql = "(SELECT count(*) FROM ticket_event v WHERE v.ticket = @.id AND v.kind = 'assignee' AND"
		       " v.new_value IS NOT NULL AND v.at <= $now)",
		.synonyms = "转手次数"),
	FIELD_VERSION,
};

static const struct fact facts[] = {
	{ .from = "ticket_event", .via = "ticket" },
	{ .from = "log", .via = "ticket" },
	{ .from = "ticket", .via = "id" },
	{ .from = "ticket_status" },
};

/* --- the rules of saving --- */

static const char *text_of(crm_record *r, const char *field)
{
	crm_value v = crm_record_get(r, field);

	return v.kind == CRM_STRING ? v.s : NULL;
}

static bool is_empty(crm_record *r, const char *field)
{
	return crm_record_get(r, field).kind == CRM_NULL;
}

/* What an after-sales case cannot do without. An import takes old ones as they are. */
static int check_kind(crm_record *r)
{
	static const struct {
		const char *kind, *needs, *option;
	} rules[] = {
		{ "return", "product_no", "product-no" },
		{ "exchange", "product_no", "product-no" },
		{ "exchange", "model", "model" },
		{ "repair", "product_no", "product-no" },
		{ "replacement", "product_no", "product-no" },
		{ "refund", "product_no", "product-no" },
	};
	const char *kind = text_of(r, "kind"), *type = text_of(r, "type");
	struct err *err = &record_store(r)->err;

	if (kind && !type)
		return err_set(err, CRM_INVALID,
			"kind: '%s' belongs to a ticket of type after_sales, not to one without type", kind);
	if (kind && strcmp(type, "after_sales") != 0)
		return err_set(
			err, CRM_INVALID, "kind: '%s' belongs to a ticket of type after_sales, not %s", kind, type);
	if (r->imported)
		return CRM_OK;
	if (!kind && type && strcmp(type, "after_sales") == 0)
		return err_set(err, CRM_INVALID,
			"kind: a ticket of type after_sales needs one: return, exchange, "
			"repair, replacement or refund (--kind)");
	for (size_t i = 0; kind && i < ARRAY_SIZE(rules); i++)
		if (strcmp(rules[i].kind, kind) == 0 && is_empty(r, rules[i].needs) &&
			!(strcmp(kind, "refund") == 0 && !is_empty(r, "order")))
			return err_set(err, CRM_INVALID, "%s: a case of %s needs it (--%s)", rules[i].needs, kind,
				rules[i].option);
	return CRM_OK;
}

/* An order that is removed leaves the case as it is. */
static bool touches_kind(const crm_record *r)
{
	static const char *const fields_of_it[] = { "type", "kind", "product_no", "model" };

	for (size_t i = 0; i < ARRAY_SIZE(fields_of_it); i++)
		if (record_changed(r, fields_of_it[i]))
			return true;
	return false;
}

static int set_default(crm_record *r, const char *field, const char *value)
{
	return is_empty(r, field) ? crm_record_set(r, field, value) : CRM_OK;
}

/*
 * Files that have how long it took, but not when: then the time of creation tells. Where the time is known already it
 * stands: such lengths are often of business hours, and cut to minutes. So the first solution within a minute of the last
 * is that one.
 */
static int set_length(crm_record *r, const struct crm_field *f, const char *text)
{
	static const struct {
		const char *length, *time, *near;
	} lengths[] = { { "first_reply_time", "first_reply_at", NULL },
		{ "resolution_time", "solved_at", "last_solved_at" },
		{ "full_resolution_time", "last_solved_at", "solved_at" } };
	size_t k = 0;
	crm_value created = crm_record_get(r, "created_at"), near = { .kind = CRM_NULL };
	crm_value at = { .kind = CRM_INT }, none = { .kind = CRM_NULL };
	cleanup(err_free) struct err why = { 0 };

	if (!r->imported)
		return err_set(&r->s->err, CRM_INVALID, "%s: is kept by crm and cannot be set", f->name);
	while (strcmp(f->name, lengths[k].length) != 0)
		k++;
	if (!*text || !is_empty(r, lengths[k].time))
		return CRM_OK;
	if (foreign_duration_parse(&at.i, text, strlen(text), &why) < 0)
		return err_set(&r->s->err, CRM_INVALID, "%s: %s", f->name, why.msg.s ? why.msg.s : "");
	if (created.kind == CRM_NULL)
		return err_set(&r->s->err, CRM_INVALID,
			"%s: counts from created_at, which the row does not have: name its column by --map", f->name);
	at.i += created.i;
	if (lengths[k].near)
		near = crm_record_get(r, lengths[k].near);
	if (near.kind == CRM_INT && llabs(near.i - at.i) < 60)
		at.i = near.i;
	record_put(r, field_find_static(r->e, lengths[k].time), &at, &none);
	return CRM_OK;
}

/* The status that an import's times imply: it may have none of its own. */
static const char *first_status(crm_record *r)
{
	if (!is_empty(r, "closed_at"))
		return "closed";
	if (!is_empty(r, "solved_at") || !is_empty(r, "last_solved_at"))
		return "solved";
	return "new";
}

static int64_t effective_time(const crm_record *r)
{
	return r->effective ? r->effective : crm_store_now(r->s);
}

static int prepare_new(crm_record *r)
{
	const crm_value at = { .kind = CRM_INT, .i = effective_time(r) }, none = { .kind = CRM_NULL };
	int status = set_default(r, "status", first_status(r));

	if (status == CRM_OK)
		status = set_default(r, "priority", "normal");
	if (status == CRM_OK && is_empty(r, "created_at"))
		record_put(r, field_find_static(r->e, "created_at"), &at, &none);
	return status;
}

/* The stored value of a tracked field, before this change; *out NULL: none. */
static int stored_value(const char **out, crm_record *r, const struct crm_field *f)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql, "SELECT %s FROM ticket WHERE id = $1", field_column(f));
	status = buf_str(&sql) ? db_prepare(&st, r->s, sql.s, 0) : err_nomem(&r->s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_int(st, 1, r->id);
	status = db_step(st);
	*out = NULL;
	if (status == CRM_OK && !db_is_null(st, 0))
		*out = arena_copy(&r->mem, db_text(st, 0), db_bytes(st, 0));
	return status < 0 ? status : CRM_OK;
}

static int check_workflow(crm_record *r)
{
	const char *from, *to = text_of(r, "status");
	int status = stored_value(&from, r, field_find_static(r->e, "status"));

	if (status == CRM_OK && !to)
		return err_set(&r->s->err, CRM_INVALID, "status: a ticket always has one");
	return status == CRM_OK && !r->imported ? workflow_check(r->s, from, to) : status;
}

/* Times in the past are facts of the ticket's history: an import can add them, but not change them. */
static int check_claims(crm_record *r)
{
	static const struct {
		const char *field;
		bool last; /* it may come again, later */
		bool of_status;
	} claims[] = { { "created_at", false, false }, { "first_reply_at", false, false }, { "solved_at", false, true },
		{ "last_solved_at", true, true }, { "closed_at", true, true } };

	for (size_t i = 0; i < ARRAY_SIZE(claims); i++) {
		const struct crm_field *f = field_find_static(r->e, claims[i].field);
		const crm_value claimed = crm_record_get(r, f->name);
		struct buf sql = BUF_INIT;
		int64_t known;
		int status;

		if (!record_changed(r, f->name) || (claims[i].of_status && record_changed(r, "status")))
			continue;
		buf_printf(&sql, "SELECT %s FROM ticket WHERE id = $1 AND %s IS NOT NULL", field_column(f),
			field_column(f));
		status = buf_str(&sql) ? db_get_int(&known, r->s, sql.s, "i", r->id) : err_nomem(&r->s->err);
		buf_free(&sql);
		if (status == CRM_OK && !(claims[i].last && claimed.kind == CRM_INT && claimed.i > known)) {
			char time[32];

			crm_time_format(time, r->s, known, CRM_TIME_SHORT);
			return err_set(&r->s->err, CRM_CONFLICT, "%s: ticket %lld has %s already, which stays", f->name,
				(long long)r->id, time);
		}
		if (status < 0)
			return status;
	}
	return CRM_OK;
}

int ticket_check_field(crm_record *r, const struct crm_field *f)
{
	if (strcmp(f->name, "category") == 0)
		return ticket_category_check(r);
	return strcmp(f->name, "type") == 0 || strcmp(f->name, "kind") == 0 ? check_kind(r) : CRM_OK;
}

/* What somebody has changed is a suggestion no longer. */
static int settle_suggested(crm_record *r)
{
	const crm_value none = { .kind = CRM_NULL };
	crm_value v = crm_record_get(r, "suggested");
	cleanup(buf_free) struct buf item = BUF_INIT, left = BUF_INIT;
	size_t pos = 0;

	while (v.kind == CRM_STRING && list_next(&item, v.s, v.len, &pos))
		if (!record_changed(r, buf_str(&item)))
			list_append(&left, item.s, item.len);
	if (v.kind == CRM_NULL || left.len == v.len)
		return CRM_OK;
	v = (crm_value){ .kind = left.len ? CRM_STRING : CRM_NULL, .len = left.len };
	v.s = left.len ? arena_copy(&r->mem, left.s, left.len) : NULL;
	if (item.failed || left.failed || (left.len && !v.s))
		return err_nomem(&r->s->err);
	record_put(r, field_find_static(r->e, "suggested"), &v, &none);
	return CRM_OK;
}

static int prepare(crm_record *r, bool creating)
{
	int status = creating ? prepare_new(r) : check_claims(r);

	if (status == CRM_OK && !creating)
		status = settle_suggested(r);

	if (status == CRM_OK && !creating && record_changed(r, "status"))
		status = check_workflow(r);
	if (status == CRM_OK && record_changed(r, "category"))
		status = ticket_category_check(r);
	return status == CRM_OK && (creating || touches_kind(r)) ? check_kind(r) : status;
}

/* --- events --- */

static const char *actor_of(const crm_record *r)
{
	return r->imported ? NULL : r->actor ? r->actor : crm_store_agent(r->s);
}

/* When an imported row says that it came to be so; otherwise nobody knows, and now is as good as any later time. */
static int64_t time_of_status(crm_record *r)
{
	static const struct {
		const char *field, *status;
	} times[] = { { "closed_at", "closed" }, { "last_solved_at", "solved" }, { "solved_at", "solved" } };
	const char *to = text_of(r, "status");

	for (size_t i = 0; r->imported && i < ARRAY_SIZE(times); i++)
		if (strcmp(to, times[i].status) == 0 && record_changed(r, times[i].field) &&
			!is_empty(r, times[i].field))
			return crm_record_get(r, times[i].field).i;
	return effective_time(r);
}

/*
 * Nothing may be written down as earlier than what it follows. An import tells late what happened between: there a field
 * follows its own changes only.
 */
static int check_order(crm_record *r, const char *kind, int64_t at)
{
	int64_t last;
	char time[32];
	int status = db_get_int(&last, r->s,
		"SELECT max(at) FROM ticket_event WHERE ticket = $1 AND kind <> 'reply' AND (kind = $2 OR $2 IS NULL)",
		"is", r->id, r->imported ? kind : NULL);

	if (status != CRM_OK || at >= last)
		return status < 0 ? status : CRM_OK;
	crm_time_format(time, r->s, last, CRM_TIME_SHORT);
	return err_set(&r->s->err, CRM_CONFLICT, "ticket %lld was last changed at %s: nothing before that can be added",
		(long long)r->id, time);
}

static int changing(crm_record *r)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < r->e->nfields; i++) {
		const struct crm_field *f = &r->e->fields[i];
		struct ticket_event ev = { .ticket = r->id, .actor = actor_of(r), .kind = f->name };

		if (!(f->flags & FIELD_TRACKED) || !r->slots[i].changed)
			continue;
		ev.at = strcmp(f->name, "status") == 0 ? time_of_status(r) : effective_time(r);
		ev.new_value = r->slots[i].value.s;
		ev.imported = r->imported;
		status = stored_value(&ev.old_value, r, f);
		if (status == CRM_OK)
			status = check_order(r, f->name, ev.at);
		if (status == CRM_OK)
			status = ticket_event_put(r->s, &ev);
	}
	return status;
}

/* Events that the times of an imported ticket imply: the facts are recomputed from them to the same. */
static int put_claims(crm_record *r, bool creating)
{
	static const struct {
		const char *field, *kind, *old_value, *new_value;
	} claims[] = {
		{ "first_reply_at", "reply", NULL, NULL },
		{ "solved_at", "status", "open", "solved" },
		{ "last_solved_at", "status", "open", "solved" },
		{ "closed_at", "status", "open", "closed" },
	};
	const char *told = !creating && record_changed(r, "status") ? text_of(r, "status") : "";
	int64_t solved = INT64_MIN;
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < ARRAY_SIZE(claims); i++) {
		struct ticket_event ev = { .ticket = r->id,
			.imported = true,
			.kind = claims[i].kind,
			.old_value = claims[i].old_value,
			.new_value = claims[i].new_value };

		if (!record_changed(r, claims[i].field) || is_empty(r, claims[i].field))
			continue;
		ev.at = crm_record_get(r, claims[i].field).i;
		if (ev.new_value && strcmp(ev.new_value, told) == 0 && ev.at == time_of_status(r))
			continue; /* the change of status says it */
		if (ev.new_value && strcmp(ev.new_value, "solved") == 0 && ev.at == solved)
			continue; /* the first solution is the last */
		if (ev.new_value && strcmp(ev.new_value, "closed") == 0 && solved > INT64_MIN)
			ev.old_value = "solved";
		if (ev.new_value)
			solved = ev.at;
		status = ticket_event_put(r->s, &ev);
	}
	return status;
}

static int put_creation(crm_record *r)
{
	struct ticket_event ev = { .ticket = r->id,
		.at = crm_record_get(r, "created_at").i,
		.actor = actor_of(r),
		.kind = "created",
		.imported = r->imported };
	int status = ticket_event_put(r->s, &ev);

	for (size_t i = 0; status == CRM_OK && i < 2; i++) {
		ev.kind = i ? "team" : "assignee";
		ev.new_value = text_of(r, ev.kind);
		if (ev.new_value)
			status = ticket_event_put(r->s, &ev);
	}
	return status;
}

static int saved(crm_record *r, bool creating)
{
	int status = creating ? put_creation(r) : CRM_OK;

	if (status == CRM_OK && !r->imported)
		status = ticket_happened(r->s, r->id, creating ? TICKET_CREATED : TICKET_UPDATED);
	return status == CRM_OK && r->imported ? put_claims(r, creating) : status;
}

const struct crm_entity entity_ticket = {
	.name = N_("ticket"),
	.plural = N_("tickets"),
	.table = "ticket",
	.help = N_("requests of customers, from the first word to the solution"),
	.flags = ENTITY_TAGS | ENTITY_CUSTOM | ENTITY_IMPORT | ENTITY_CASCADE,
	FIELDS(fields),
	.order = "id",
	.facts = facts,
	.nfacts = ARRAY_SIZE(facts),
	.prepare = prepare,
	.changing = changing,
	.saved = saved,
};

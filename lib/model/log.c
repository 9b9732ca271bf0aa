/* Log: one communication with a customer. */
#include "model/entity.h"
#include "model/inbound.h"
#include "model/record.h"
#include "model/ticket.h"

/* Channels, and what other systems and people call them. */
const struct word log_channels[LOG_CHANNELS] = {
	WORD("phone", "call|telephone|voice|电话|致电|来电"),
	WORD("email", "e-mail|mail|邮件|电子邮件|邮箱"),
	WORD("chat", "live chat|livechat|webchat|online|聊天|在线|在线聊天|在线客服"),
	WORD("sms", "text|text message|短信"),
	WORD("wechat", "weixin|微信"),
	WORD("whatsapp", NULL),
	WORD("telegram", NULL),
	WORD("visit", "meeting|in person|onsite|on-site|拜访|上门|会面|面谈"),
	WORD("social",
		"social media|twitter|twitter status|twitter dm|facebook|facebook post|facebook comment|facebook "
		"dm|weibo|社交媒体|社交|微博"),
	WORD("web", "web form|website|form|网站|网页|表单"),
	WORD("api", "接口"),
	WORD("fax", "传真"),
	WORD("letter", "post|postal mail|信函|信件"),
	WORD("other", "custom|其他|其它"),
};

static const struct word directions[] = {
	WORD("in", "inbound|incoming|received|呼入|收到|进"),
	WORD("out", "outbound|outgoing|sent|呼出|发出|出"),
};

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the communication"),
	FIELD("at", CRM_TIME, MUST | LIST, "Time", "when it took place",
		.synonyms = "time|date|datetime|communication_time|created at|created "
			    "time|timestamp|时间|日期|沟通时间|联系时间"),
	FIELD("customer", CRM_REF, MUST | LIST, "Customer", "whom it was with", .target = "customer",
		.synonyms = "customer_id|customer id|customer key|customer "
			    "email|contact|requester|客户|客户编号|客户邮箱|客户姓名|客户电话|姓名|电话|电话号码|手机|"
			    "手机号|邮箱"),
	FIELD("name", CRM_TEXT, CALC | LIST, "Name", "name of the customer",
		.sql = "(SELECT c.name FROM customer c WHERE c.id = @.customer)", .synonyms = "名称"),
	FIELD("channel", CRM_ENUM, MUST | LIST, "Channel", "how it took place", WORDS(log_channels),
		.synonyms = "communication_channel|type|via|origin|medium|渠道|沟通渠道|沟通方式|方式"),
	FIELD("direction", CRM_ENUM, EDIT | LIST, "Direction", "in: from the customer, out: to the customer",
		WORDS(directions), .synonyms = "方向"),
	FIELD("agent", CRM_REF, EDIT | LIST | FIELD_HANDLE | FIELD_LOOSE, "Agent", "who talked to the customer",
		.target = "agent", .synonyms = "user|owner|assignee|employee|坐席|员工|客服|业务员"),
	FIELD("subject", CRM_TEXT, EDIT | LIST | FIND, "Subject", "what it was about",
		.synonyms = "title|topic|主题|标题|问题"),
	FIELD("content", CRM_TEXT, EDIT | FIND | FIELD_LONG, "Content", "what was said or written",
		.synonyms = "communication_content|body|text|message|notes|note|description|内容|沟通内容|备注|记录"),
	FIELD("ticket", CRM_REF, EDIT | FIELD_LETGO, "Ticket", "the request that it belongs to", .target = "ticket",
		.synonyms = "ticket id|ticket number|case number|工单|工单号|工单编号"),
	FIELD("duration", CRM_DURATION, EDIT, "Duration", "how long it took", .synonyms = "length|时长|通话时长"),
	FIELD("contact_point", CRM_TEXT, EDIT, "Contact point", "number or address used", .alias = "contact-point",
		.synonyms = "contact point|number|address|联系方式"),
	FIELD("internal", CRM_BOOL, EDIT, "Internal", "a note among ourselves: no contact", .synonyms = "private|内部"),
	FIELD("message_id", CRM_TEXT, EDIT | CRM_FIELD_UNIQUE, "Message-ID", "Message-ID of an e-mail",
		.alias = "message-id", .synonyms = "message-id|message id|messageid|邮件标识"),
	FIELD("key", CRM_TEXT, EDIT | CRM_FIELD_UNIQUE, "Key", "key in another system, unique within its source",
		.column = "external_key", .synonyms = "external id|external key|id|编号|外部编号"),
	FIELD("source", CRM_TEXT, EDIT, "Source", "the system that the key comes from", .synonyms = "来源|system"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD_VERSION,
};

/* What is logged by hand takes place now, by who logs it. */
static int prepare(crm_record *r, bool creating)
{
	crm_store *s = record_store(r);
	int result = CRM_OK;

	if (!creating || r->imported)
		return CRM_OK;
	if (crm_record_get(r, "at").kind == CRM_NULL)
		result = crm_record_set(r, "at", "now");
	if (result == CRM_OK && crm_record_get(r, "agent").kind == CRM_NULL && *crm_store_agent(s))
		result = crm_record_set(r, "agent", crm_store_agent(s));
	return result;
}

/* For the rules: of the ticket that it belongs to in the end. */
static int tell_ticket(crm_record *r)
{
	crm_value direction = crm_record_get(r, "direction");
	int64_t ticket;
	int status;

	if (r->imported || direction.kind == CRM_NULL || crm_record_get(r, "internal").i)
		return CRM_OK;
	status = db_get_int(&ticket, r->s, "SELECT ticket FROM log WHERE id = $1 AND ticket IS NOT NULL", "i", r->id);
	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	return ticket_happened(r->s, ticket, strcmp(direction.s, "in") == 0 ? TICKET_HEARD : TICKET_REPLIED);
}

static int saved(crm_record *r, bool creating)
{
	int status = creating ? ticket_heard(r) : CRM_OK;

	return status == CRM_OK && creating ? tell_ticket(r) : status;
}

const struct crm_entity entity_log = {
	.name = N_("log"),
	.plural = N_("communications"),
	.table = "log",
	.help = N_("every communication: who, when, by which channel, what was said"),
	.flags = ENTITY_CUSTOM | ENTITY_IMPORT,
	FIELDS(fields),
	.order = "-at",
	.prepare = prepare,
	.saved = saved,
};

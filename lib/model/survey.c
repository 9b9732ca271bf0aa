/* Survey: what a customer was asked and answered: scores of service and product, recommendation, effort, words. */
#include "model/survey.h"
#include "model/record.h"

static const struct word kinds[] = {
	{ "csat", "satisfaction|service|满意度|服务满意度" },
	{ "value", "product|产品|价值" },
	{ "nps", "recommendation|推荐" },
	{ "ces", "effort|费力度" },
	{ "general", "other|综合|其他" },
};

#define SCORE(name, label, help, ...) FIELD(name, CRM_INTEGER, EDIT, label, help, __VA_ARGS__)

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the survey"),
	FIELD("customer", CRM_REF, MUST | LIST, "Customer", "who was asked", .target = "customer",
		.synonyms = "customer_id|customer id|customer key|customer email|customer name|contact|respondent|"
			    "email|客户|客户编号|客户邮箱|客户姓名|客户电话|姓名|电话|手机|邮箱"),
	FIELD("name", CRM_TEXT, CALC | LIST, "Name", "name of the customer",
		.sql = "(SELECT c.name FROM customer c WHERE c.id = @.customer)"),
	FIELD("kind", CRM_ENUM, EDIT | LIST, "Kind", "what was asked for; default by the scores", WORDS(kinds),
		.synonyms = "survey|survey type|type|类型|问卷"),
	FIELD("answered_at", CRM_TIME, EDIT | LIST, "Answered", "when it was answered; empty: not yet",
		.alias = "answered-at",
		.synonyms = "answered|answer timestamp|review_answer_timestamp|response date|submitted at|date|time|"
			    "回答时间|评价时间|时间|日期"),
	FIELD("sent_at", CRM_TIME, EDIT, "Sent", "when it was sent; empty: nobody asked", .alias = "sent-at",
		.synonyms = "sent|sent at|review_creation_date|created at|发送时间"),
	FIELD("ticket", CRM_REF, EDIT | LIST | FIELD_LETGO, "Ticket", "the request that it is about",
		.target = "ticket", .synonyms = "ticket id|ticket number|case number|工单|工单号|工单编号"),
	SCORE("service_quality", "Service quality", "quality of the service, 1 to 5", .alias = "service.quality",
		.synonyms = "service quality|服务质量"),
	SCORE("service_efficiency", "Service efficiency", "efficiency of the service, 1 to 5",
		.alias = "service.efficiency", .synonyms = "service efficiency|efficiency|服务效率|效率"),
	SCORE("service_speed", "Service speed", "how fast it was, 1 to 5", .alias = "service.speed",
		.synonyms = "service speed|speed|response speed|响应速度|速度"),
	SCORE("service_professionalism", "Professionalism", "how professional it was, 1 to 5",
		.alias = "service.professionalism", .synonyms = "service professionalism|professionalism|专业度"),
	SCORE("service_value", "Service value", "what it was worth, 1 to 5", .alias = "service.value",
		.synonyms = "service value|服务价值"),
	SCORE("product_quality", "Product quality", "quality of the product, 1 to 5", .alias = "product.quality",
		.synonyms = "product quality|产品质量"),
	SCORE("product_function", "Product function", "what it can do, 1 to 5", .alias = "product.function",
		.synonyms = "product function|function|产品功能|功能"),
	SCORE("product_price", "Product price", "its price, 1 to 5", .alias = "product.price",
		.synonyms = "product price|price|产品价格|价格"),
	SCORE("product_service", "Product service", "the service that comes with it, 1 to 5",
		.alias = "product.service", .synonyms = "product service|产品服务"),
	SCORE("product_brand", "Product brand", "its brand, 1 to 5", .alias = "product.brand",
		.synonyms = "product brand|brand|产品品牌|品牌"),
	FIELD("score", CRM_INTEGER, EDIT | LIST, "Score", "one score for all, 1 to 5",
		.synonyms =
			"rating|review_score|satisfaction|satisfaction score|customer satisfaction rating|csat|stars|"
			"满意度|评分|总评"),
	FIELD("nps", CRM_INTEGER, EDIT | LIST, "NPS", "how likely to recommend, 0 to 10",
		.synonyms = "recommend|likelihood to recommend|nps score|推荐度|推荐意愿"),
	FIELD("ces", CRM_INTEGER, EDIT | LIST, "CES", "how easy it was, 1 to 7 (easy)",
		.synonyms = "effort|effort score|ces score|费力度|容易程度"),
	FIELD("comment", CRM_TEXT, EDIT | LIST | FIND | FIELD_LONG, "Comment", "what the customer wrote",
		.column = "remark",
		.synonyms = "comments|review|review_comment_message|feedback|text|message|评论|评价|意见|备注|留言"),
	FIELD("key", CRM_TEXT, EDIT | CRM_FIELD_UNIQUE, "Key", "key in another system, unique within its source",
		.column = "external_key", .synonyms = "external id|external key|id|review_id|response id|编号"),
	FIELD("source", CRM_TEXT, EDIT, "Source", "the system that the key comes from", .synonyms = "system|来源"),
	FIELD("tags", CRM_TAGS, EDIT | FIND | CRM_FIELD_REPEATED, "Tags", "words that group surveys", .alias = "tag",
		.synonyms = "tag|标签"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made"),
};

/* The scores, which kind of survey each belongs to, and their bounds. */
static const struct {
	const char *field, *kind;
	int64_t low, high;
} scores[] = {
	{ "service_quality", "csat", 1, 5 },
	{ "service_efficiency", "csat", 1, 5 },
	{ "service_speed", "csat", 1, 5 },
	{ "service_professionalism", "csat", 1, 5 },
	{ "service_value", "csat", 1, 5 },
	{ "product_quality", "value", 1, 5 },
	{ "product_function", "value", 1, 5 },
	{ "product_price", "value", 1, 5 },
	{ "product_service", "value", 1, 5 },
	{ "product_brand", "value", 1, 5 },
	{ "score", "csat", 1, 5 },
	{ "nps", "nps", 0, 10 },
	{ "ces", "ces", 1, 7 },
};

static int check_scores(crm_record *r)
{
	for (size_t i = 0; i < ARRAY_SIZE(scores); i++) {
		crm_value v = crm_record_get(r, scores[i].field);

		if (v.kind == CRM_INT && (v.i < scores[i].low || v.i > scores[i].high))
			return err_set(&r->s->err, CRM_INVALID, "%s: %lld is no score from %lld to %lld",
				scores[i].field, (long long)v.i, (long long)scores[i].low, (long long)scores[i].high);
	}
	return CRM_OK;
}

static bool is_empty(crm_record *r, const char *field)
{
	return crm_record_get(r, field).kind == CRM_NULL;
}

/* The kind that all scores belong to; general where they are of several, or none is there. */
static const char *kind_of_scores(crm_record *r)
{
	const char *kind = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(scores); i++) {
		if (is_empty(r, scores[i].field))
			continue;
		if (kind && strcmp(kind, scores[i].kind) != 0)
			return "general";
		kind = scores[i].kind;
	}
	return kind ? kind : "general";
}

bool survey_is_answer(crm_record *r)
{
	for (size_t i = 0; i < ARRAY_SIZE(scores); i++)
		if (!is_empty(r, scores[i].field))
			return true;
	return !is_empty(r, "comment");
}

/* One answer for each ticket and kind: reports would count people twice. */
static int check_twice(crm_record *r)
{
	crm_value ticket = crm_record_get(r, "ticket"), kind = crm_record_get(r, "kind");
	int64_t other;
	int status;

	if (ticket.kind == CRM_NULL || is_empty(r, "answered_at"))
		return CRM_OK;
	status = db_get_int(&other, r->s,
		"SELECT id FROM survey WHERE ticket = $1 AND kind = $2 AND answered_at IS NOT NULL AND id <> $3"
		" ORDER BY id LIMIT 1",
		"vvi", &ticket, &kind, r->id);
	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	return err_set(&r->s->err, CRM_EXISTS,
		"survey %lld is the answer of kind %s for ticket %lld already (--replace puts this in its place)",
		(long long)other, kind.s, (long long)ticket.i);
}

static int prepare(crm_record *r, bool creating)
{
	int status = check_scores(r);

	if (status == CRM_OK && is_empty(r, "kind"))
		status = crm_record_set(r, "kind", kind_of_scores(r));
	if (status == CRM_OK && creating && is_empty(r, "answered_at") && survey_is_answer(r)) {
		if (r->imported)
			return err_set(&r->s->err, CRM_INVALID, "answered_at: scores without a time of answer");
		status = crm_record_set(r, "answered_at", "now");
	}
	if (status == CRM_OK && is_empty(r, "answered_at") && is_empty(r, "sent_at"))
		return err_set(
			&r->s->err, CRM_INVALID, "survey: neither sent nor answered: there is no score, no comment");
	return status == CRM_OK ? check_twice(r) : status;
}

const struct crm_entity entity_survey = {
	.name = "survey",
	.plural = "surveys",
	.table = "survey",
	.help = "what customers were asked and answered: scores and comments",
	.flags = ENTITY_TAGS | ENTITY_CUSTOM | ENTITY_IMPORT,
	FIELDS(fields),
	.order = "-id",
	.prepare = prepare,
};

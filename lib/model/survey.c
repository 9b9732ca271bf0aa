/* Survey: what a customer was asked and answered: scores of service and product, recommendation, effort, words. */
#include "model/survey.h"
#include "model/record.h"

static const struct word kinds[] = {
	WORD("csat", "satisfaction|service|满意度|服务满意度"),
	WORD("value", "product|产品|价值"),
	WORD("nps", "recommendation|推荐"),
	WORD("ces", "effort|费力度"),
	WORD("general", "other|综合|其他"),
};

const struct word survey_moods[SURVEY_MOODS] = {
	WORD("negative", "neg|bad|负面|消极|差评"),
	WORD("neutral", "neu|mixed|中性|中立|中评"),
	WORD("positive", "pos|good|正面|积极|好评"),
};

/*
 * The mean of the scores from 1 to 5, up to 2 and from 4 on; without such a score the recommendation, up to 6 and from 9
 * on; without either the effort, up to 3 and from 5 on.
 */
/* clang-format off */
#define OF_SCORES(each) \
	each("service_quality") each("service_efficiency") each("service_speed") each("service_professionalism") \
	each("service_value") each("product_quality") each("product_function") each("product_price") \
	each("product_service") each("product_brand") each("score")
#define PLUS_SCORE(name) " + coalesce(@." name ", 0)"
#define PLUS_ONE(name) " + CASE WHEN @." name " IS NULL THEN 0 ELSE 1 END"
#define SUM "(0" OF_SCORES(PLUS_SCORE) ")"
#define NUMBER "(0" OF_SCORES(PLUS_ONE) ")"
/* clang-format on */

static const char mood_sql[] =
	"CASE WHEN " NUMBER " > 0 THEN CASE WHEN " SUM " <= 2 * " NUMBER " THEN 'negative' WHEN " SUM " >= 4 * " NUMBER
	" THEN 'positive' ELSE 'neutral' END"
	" WHEN @.nps <= 6 THEN 'negative' WHEN @.nps >= 9 THEN 'positive' WHEN @.nps IS NOT NULL THEN 'neutral'"
	" WHEN @.ces <= 3 THEN 'negative' WHEN @.ces >= 5 THEN 'positive' WHEN @.ces IS NOT NULL THEN 'neutral' END";

#define SCORE(name, label, help, ...) FIELD(name, CRM_INTEGER, EDIT, label, help, __VA_ARGS__)

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the survey"),
	FIELD("customer", CRM_REF, MUST | LIST, "Customer", "who was asked", .target = "customer",
		.synonyms = "customer_id|customer id|customer key|customer email|customer name|contact|respondent|"
			    "email|客户|客户编号|客户邮箱|客户姓名|客户电话|姓名|电话|手机|邮箱"),
	FIELD("name", CRM_TEXT, CALC | LIST, "Name", "name of the customer",
		.sql = "(SELECT c.name FROM customer c WHERE c.id = @.customer)", .synonyms = "名称"),
	FIELD("kind", CRM_ENUM, EDIT | LIST, "Kind", "what was asked for; default by the scores", WORDS(kinds),
		.synonyms = "survey|survey type|type|类型|问卷|种类"),
	FIELD("answered_at", CRM_TIME, EDIT | LIST, "Answered", "when it was answered; empty: not yet",
		.alias = "answered-at",
		.synonyms = "answered|answer timestamp|review_answer_timestamp|response date|submitted at|date|time|"
			    "回答时间|评价时间|时间|日期|已答"),
	FIELD("sent_at", CRM_TIME, EDIT, "Sent", "when it was sent; empty: nobody asked", .alias = "sent-at",
		.synonyms = "sent|sent at|review_creation_date|created at|发送时间|发出"),
	FIELD("ticket", CRM_REF, EDIT | LIST | FIELD_LETGO, "Ticket", "the request that it is about",
		.target = "ticket", .synonyms = "ticket id|ticket number|case number|工单|工单号|工单编号"),
	FIELD("order", CRM_REF, EDIT | FIELD_LETGO, "Order", "the order that it is about", .column = "sales_order",
		.target = "order", .synonyms = "order number|order no|order id|order_id|订单|订单号|订单编号"),
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
			"满意度|评分|总评|分数"),
	FIELD("nps", CRM_INTEGER, EDIT | LIST, "NPS", "how likely to recommend, 0 to 10",
		.synonyms = "recommend|likelihood to recommend|nps score|推荐度|推荐意愿|净推荐值"),
	FIELD("ces", CRM_INTEGER, EDIT | LIST, "CES", "how easy it was, 1 to 7 (easy)",
		.synonyms = "effort|effort score|ces score|费力度|容易程度"),
	FIELD("mood", CRM_ENUM, CALC, "Mood", "negative, neutral or positive, as the scores say", WORDS(survey_moods),
		.sql = mood_sql, .synonyms = "情绪"),
	FIELD("comment", CRM_TEXT, EDIT | LIST | FIND | FIELD_LONG, "Comment", "what the customer wrote",
		.column = "remark",
		.synonyms = "comments|review|review_comment_message|feedback|text|message|评论|评价|意见|备注|留言"),
	FIELD("key", CRM_TEXT, EDIT | CRM_FIELD_UNIQUE, "Key", "key in another system, unique within its source",
		.column = "external_key",
		.synonyms = "external id|external key|id|review_id|response id|编号|外部编号"),
	FIELD("source", CRM_TEXT, EDIT, "Source", "the system that the key comes from", .synonyms = "system|来源"),
	FIELD("tags", CRM_TAGS, EDIT | FIND | CRM_FIELD_REPEATED, "Tags", "words that group surveys", .alias = "tag",
		.synonyms = "tag|标签"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD_VERSION,
};

const struct survey_score survey_scores[SURVEY_SCORES] = {
	{ "service_quality", N_("quality"), "csat", 1, 5 },
	{ "service_efficiency", N_("efficiency"), "csat", 1, 5 },
	{ "service_speed", N_("speed"), "csat", 1, 5 },
	{ "service_professionalism", N_("professionalism"), "csat", 1, 5 },
	{ "service_value", N_("value"), "csat", 1, 5 },
	{ "product_quality", N_("quality"), "value", 1, 5 },
	{ "product_function", N_("function"), "value", 1, 5 },
	{ "product_price", N_("price"), "value", 1, 5 },
	{ "product_service", N_("service"), "value", 1, 5 },
	{ "product_brand", N_("brand"), "value", 1, 5 },
	{ "score", "score", "csat", 1, 5 },
	{ "nps", "nps", "nps", 0, 10 },
	{ "ces", "ces", "ces", 1, 7 },
};

static int check_scores(crm_record *r)
{
	for (size_t i = 0; i < SURVEY_SCORES; i++) {
		const struct survey_score *score = &survey_scores[i];
		crm_value v = crm_record_get(r, score->field);

		if (v.kind == CRM_INT && (v.i < score->low || v.i > score->high))
			return err_set(&r->s->err, CRM_INVALID, "%s: %lld is no score from %lld to %lld", score->field,
				(long long)v.i, (long long)score->low, (long long)score->high);
	}
	return CRM_OK;
}

static bool is_empty(const crm_record *r, const char *field)
{
	return r->slots[record_index(r, field_find_static(r->e, field))].value.kind == CRM_NULL;
}

/* The kind that all scores belong to; general where they are of several, or none is there. */
static const char *kind_of_scores(const crm_record *r)
{
	const char *kind = NULL;

	for (size_t i = 0; i < SURVEY_SCORES; i++) {
		if (is_empty(r, survey_scores[i].field))
			continue;
		if (kind && strcmp(kind, survey_scores[i].kind) != 0)
			return "general";
		kind = survey_scores[i].kind;
	}
	return kind ? kind : "general";
}

bool survey_is_answer(const crm_record *r)
{
	for (size_t i = 0; i < SURVEY_SCORES; i++)
		if (!is_empty(r, survey_scores[i].field))
			return true;
	return !is_empty(r, "comment");
}

int survey_clear(crm_record *r)
{
	int status = crm_record_set(r, "comment", "");

	for (size_t i = 0; status == CRM_OK && i < SURVEY_SCORES; i++)
		status = crm_record_set(r, survey_scores[i].field, "");
	return status;
}

/* Whoever a ticket or an order belongs to was asked, if nobody else is said to have been, and nobody else was. */
static int settle_customer(crm_record *r, const char *field, const char *owner_of)
{
	crm_value about = crm_record_get(r, field), customer = crm_record_get(r, "customer");
	crm_value owner = { .kind = CRM_INT }, none = { .kind = CRM_NULL };
	int status;

	if (about.kind == CRM_NULL || !r->s->db || !(r->id == 0 || record_changed(r, field)))
		return CRM_OK;
	status = db_get_int(&owner.i, r->s, owner_of, "v", &about);
	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	if (customer.kind == CRM_NULL)
		record_put(r, field_find_static(r->e, "customer"), &owner, &none);
	else if (customer.i != owner.i)
		return err_set(&r->s->err, CRM_INVALID, "%s: %lld is of customer %lld, not of %lld", field,
			(long long)about.i, (long long)owner.i, (long long)customer.i);
	return CRM_OK;
}

/* An answer was given now, unless it is said when; of one from elsewhere that must be said. */
static int settle_time(crm_record *r)
{
	if (!is_empty(r, "answered_at") || !survey_is_answer(r))
		return CRM_OK;
	if (r->imported)
		return err_set(&r->s->err, CRM_INVALID,
			"answered_at: scores without a time of answer (--default answered_at=TIME)");
	if (record_changed(r, "answered_at"))
		return err_set(&r->s->err, CRM_INVALID, "answered_at: scores have a time of answer");
	return crm_record_set(r, "answered_at", "now");
}

int survey_settle(crm_record *r)
{
	int status = check_scores(r);

	if (status == CRM_OK)
		status = settle_customer(r, "ticket", "SELECT customer FROM ticket WHERE id = $1");
	if (status == CRM_OK)
		status = settle_customer(r, "order", "SELECT customer FROM sales_order WHERE id = $1");
	if (status == CRM_OK && is_empty(r, "kind"))
		status = crm_record_set(r, "kind", kind_of_scores(r));
	return status == CRM_OK ? settle_time(r) : status;
}

/* One answer for each ticket and kind, and one sending: reports would count people twice. */
static int check_twice(crm_record *r)
{
	crm_value ticket = crm_record_get(r, "ticket"), kind = crm_record_get(r, "kind");
	bool answered = !is_empty(r, "answered_at");
	int64_t other;
	int status;

	if (ticket.kind == CRM_NULL || !r->s->db || (!answered && (r->imported || r->id)))
		return CRM_OK;
	status = db_get_int(&other, r->s,
		answered ? "SELECT coalesce(min(id), 0) FROM survey WHERE ticket = $1 AND answered_at IS NOT NULL"
			   " AND (kind = $2 OR kind = 'general' OR $2 = 'general') AND id <> $3"
			 : "SELECT coalesce(min(id), 0) FROM survey WHERE ticket = $1 AND kind = $2 AND id <> $3",
		"vvi", &ticket, &kind, r->id);
	if (status != CRM_OK || other == 0)
		return status;
	if (!answered)
		return err_set(&r->s->err, CRM_EXISTS, "survey %lld of kind %s was sent for ticket %lld already",
			(long long)other, kind.s, (long long)ticket.i);
	return err_set(&r->s->err, CRM_EXISTS,
		"survey %lld is the answer of kind %s for ticket %lld already (--replace puts this in its place)",
		(long long)other, kind.s, (long long)ticket.i);
}

static int prepare(crm_record *r, bool creating)
{
	int status = survey_settle(r);

	if (status == CRM_OK && is_empty(r, "answered_at") && is_empty(r, "sent_at"))
		return err_set(
			&r->s->err, CRM_INVALID, "survey: neither sent nor answered: there is no score, no comment");
	if (status == CRM_OK && !is_empty(r, "answered_at") && !survey_is_answer(r))
		return err_set(&r->s->err, CRM_INVALID, "survey: an answer without a score or a comment");
	if (status == CRM_OK && (creating || record_changed(r, "ticket") || record_changed(r, "kind") ||
					record_changed(r, "answered_at")))
		status = check_twice(r);
	return status;
}

const struct crm_entity entity_survey = {
	.name = N_("survey"),
	.plural = N_("surveys"),
	.table = "survey",
	.help = N_("what customers were asked and answered: scores and comments"),
	.flags = ENTITY_TAGS | ENTITY_CUSTOM | ENTITY_IMPORT,
	FIELDS(fields),
	.order = "-id",
	.prepare = prepare,
};

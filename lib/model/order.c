/*
 * Order: what a customer bought, a line a record. Lines of one order share its number; number, source and product tell
 * them apart.
 */
#include "model/entity.h"
#include "model/record.h"

static const struct word statuses[] = {
	WORD_AS("open", "open: to be paid",
		"new|created|pending|unpaid|pending payment|awaiting "
		"payment|待付款|未付款|待支付|未支付|等待买家付款"),
	WORD("paid", "approved|processing|awaiting shipment|unfulfilled|已付款|已支付|待发货|买家已付款|等待卖家发货"),
	WORD("shipped", "sent|in transit|fulfilled|dispatched|已发货|待收货|卖家已发货|运输中"),
	WORD("delivered", "completed|complete|done|已签收|已完成|已收货|交易成功|完成"),
	WORD("cancelled", "canceled|voided|已取消|取消|交易关闭|已关闭"),
	WORD("returned", "return|已退货|退货"),
	WORD("refunded", "refund|已退款|退款|退款成功"),
};

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the record"),
	FIELD("number", CRM_TEXT, EDIT | LIST | FIND, "Number", "number of the order; its lines share it",
		.synonyms = "order number|order no|order no.|order id|order_id|order_no|order #|order|invoice|invoice "
			    "no|invoiceno|invoice number|订单号|订单编号|单号|订单|编号"),
	FIELD("customer", CRM_REF, MUST | LIST, "Customer", "who ordered", .target = "customer",
		.synonyms = "customer_id|customer id|customerid|customer key|customer email|customer "
			    "name|buyer|contact|email|phone|客户|客户编号|客户邮箱|客户姓名|客户电话|买家|姓名|电话|"
			    "电话号码|手机|手机号|邮箱"),
	FIELD("name", CRM_TEXT, CALC | LIST, "Name", "name of the customer",
		.sql = "(SELECT c.name FROM customer c WHERE c.id = @.customer)", .synonyms = "名称"),
	FIELD("product", CRM_TEXT, EDIT | LIST | FIND, "Product", "what was ordered",
		.synonyms = "product name|item|description|lineitem name|产品|产品名称|商品|商品名称|品名|宝贝标题"),
	FIELD("model", CRM_TEXT, EDIT | FIND, "Model", "its model or article number",
		.synonyms = "sku|stockcode|stock code|article|article number|product code|lineitem "
			    "sku|型号|规格|货号|商品编码"),
	FIELD("quantity", CRM_INTEGER, EDIT | LIST, "Quantity", "how many; below zero what comes back",
		.synonyms = "qty|count|units|lineitem quantity|数量|件数"),
	FIELD("amount", CRM_MONEY, EDIT | LIST, "Amount", "what the line costs in all; below zero a refund",
		/* no `price`: beside a quantity it is that of one piece */
		.synonyms = "total|order total|order amount|total amount|total price|line total|grand "
			    "total|payment_value|金额|总价|总金额|订单金额|合计|实付金额|实付款"),
	FIELD("currency", CRM_TEXT, EDIT | LIST | FIELD_CURRENCY, "Currency", "its currency, a code of ISO 4217",
		.synonyms = "currency code|currency_code|币种|货币"),
	FIELD("at", CRM_TIME, MUST | LIST, "Time", "when it was ordered",
		.synonyms = "time|date|datetime|order date|order time|ordered at|created at|invoicedate|invoice "
			    "date|order_purchase_timestamp|时间|日期|下单时间|下单日期|订单日期|订单时间|"
			    "订单创建时间|购买日期"),
	FIELD("status", CRM_ENUM, EDIT | LIST, "Status", "how far it is", WORDS(statuses),
		.synonyms = "state|order status|order_status|financial status|状态|订单状态"),
	FIELD("note", CRM_TEXT, EDIT | FIND | FIELD_LONG, "Note", "notes",
		.synonyms = "notes|comment|remark|备注|说明"),
	FIELD("key", CRM_TEXT, EDIT | CRM_FIELD_UNIQUE | FIND, "Key",
		"key of the line in another system, unique within its source", .column = "external_key",
		.synonyms = "external id|external key|id|line id|外部编号"),
	FIELD("source", CRM_TEXT, EDIT, "Source", "the system that key and number come from",
		.synonyms = "system|来源"),
	FIELD("tags", CRM_TAGS, EDIT | FIND | CRM_FIELD_REPEATED, "Tags", "words that group orders", .alias = "tag",
		.synonyms = "tag|标签"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD("updated_at", CRM_TIME, AUTO, "Changed", "when the record was last changed", .synonyms = "更改"),
	FIELD_VERSION,
};

/* What is written down by hand: one piece, ordered now, not yet paid. */
static int assume(crm_record *r)
{
	static const struct {
		const char *field, *value;
	} usual[] = { { "at", "now" }, { "quantity", "1" }, { "status", "open" } };
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < ARRAY_SIZE(usual); i++)
		if (crm_record_get(r, usual[i].field).kind == CRM_NULL)
			status = crm_record_set(r, usual[i].field, usual[i].value);
	return status;
}

/* A number has one line for each product, unless keys tell lines apart: who names both means one record. */
static int check_line(crm_record *r)
{
	crm_value number = crm_record_get(r, "number"), source = crm_record_get(r, "source"),
		  product = crm_record_get(r, "product"), key = crm_record_get(r, "key");
	crm_store *s = record_store(r);
	int64_t other;
	int status;

	if (number.kind == CRM_NULL || !s->db)
		return CRM_OK;
	status = db_get_int(&other, s,
		"SELECT id FROM sales_order WHERE number = $1 AND product IS $2 AND coalesce(source, '') = "
		"coalesce($3, '')"
		" AND id <> $4 AND ($5 IS NULL OR external_key IS NULL) ORDER BY id LIMIT 1",
		"vvviv", &number, &product, &source, r->id, &key);
	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	if (product.s)
		return err_set(&s->err, CRM_EXISTS, "order %lld has the number '%s' already, with the product '%s'",
			(long long)other, number.s, product.s);
	return err_set(&s->err, CRM_EXISTS, "order %lld has the number '%s' already", (long long)other, number.s);
}

static int prepare(crm_record *r, bool creating)
{
	int status = creating && !r->imported ? assume(r) : CRM_OK;

	if (status == CRM_OK && (creating || record_changed(r, "number") || record_changed(r, "product") ||
					record_changed(r, "source")))
		status = check_line(r);
	return status;
}

const struct crm_entity entity_order = {
	.name = N_("order"),
	.plural = N_("orders"),
	.table = "sales_order",
	.help = N_("what customers bought: product, quantity, amount of money, how far it is"),
	.flags = ENTITY_TAGS | ENTITY_CUSTOM | ENTITY_IMPORT,
	FIELDS(fields),
	.order = "-at",
	.prepare = prepare,
};

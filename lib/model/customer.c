/* Customer: a person or company that we talk to. */
#include "model/customer.h"
#include "model/entity.h"
#include "model/followup.h"
#include "model/record.h"
#include "model/ticket.h"
#include "text/text.h"
#include <stdio.h>

#define ORDERS_OF "FROM sales_order o WHERE o.customer = @.id AND o.at <= $now AND " ORDERS_COUNTED

/* Only who ever ordered need be looked up: the kept count knows of all orders, planned ones too. */
#define IF_ORDERS(expression) "CASE WHEN @.orders > 0 THEN (SELECT " expression ") END"

static const struct word genders[] = {
	WORD("female", "f|w|woman|mrs|ms|女|女性|女士"),
	WORD("male", "m|man|mr|男|男性|先生"),
	WORD("other", "x|diverse|nonbinary|non-binary|其他|其它"),
};

/* The lifecycle of HubSpot, which most systems map to. */
static const struct word stages[] = {
	WORD("subscriber", "订阅者|订阅"),
	WORD("lead", "prospect|线索|潜在客户"),
	WORD("mql", "marketing qualified lead|marketingqualifiedlead|市场认可线索"),
	WORD("sql", "sales qualified lead|salesqualifiedlead|销售认可线索"),
	WORD("opportunity", "商机|机会"),
	WORD("customer", "client|客户|成交客户"),
	WORD("evangelist", "promoter|推荐者"),
	WORD("other", "其他|其它"),
};

/* Birth year and age: a full date is exact, a year alone counts years, a day without year says nothing. */
static const char age_sql[] =
	"CASE WHEN @.birthday IS NULL OR substr(@.birthday, 1, 1) = '-' THEN NULL"
	" WHEN length(@.birthday) = 10 AND substr($today, 6) < substr(@.birthday, 6)"
	" THEN CAST(substr($today, 1, 4) AS INTEGER) - CAST(substr(@.birthday, 1, 4) AS INTEGER) - 1"
	" ELSE CAST(substr($today, 1, 4) AS INTEGER) - CAST(substr(@.birthday, 1, 4) AS INTEGER) END";

/* The age that a birthday says, as age_sql does; -1: none. */
static int64_t age_of(const crm_value *birthday, const struct civil *today)
{
	char now[16];
	int64_t year;

	if (birthday->kind == CRM_NULL || !parse_int64(birthday->s, 4, 1, 9999, &year))
		return -1;
	snprintf(now, sizeof(now), "%02d-%02d", today->month % 100, today->day % 100);
	return today->year - year - (birthday->len == 10 && strcmp(now, birthday->s + 5) < 0);
}

/*
 * An age sets the year of birth alone: nothing more is known. One that the birthday says already changes nothing: an
 * export has both, and imported again it must not lose the day.
 */
static int set_age(crm_record *r, const struct crm_field *f, const char *text)
{
	crm_store *s = record_store(r);
	crm_value birthday;
	struct civil c;
	char year[8];
	int64_t age;

	if (!*text)
		return crm_record_set(r, "birthday", "");
	if (!parse_int64(text, strlen(text), 0, 150, &age))
		return err_set(&s->err, CRM_INVALID, "%s: '%s' is not a number of years from 0 to 150", f->name, text);
	zone_civil(s->zone, crm_store_now(s), &c);
	birthday = crm_record_get(r, "birthday");
	if (age_of(&birthday, &c) == age)
		return CRM_OK;
	snprintf(year, sizeof(year), "%04d", c.year - (int)age);
	return crm_record_set(r, "birthday", year);
}

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the customer"),
	FIELD("key", CRM_TEXT, EDIT | CRM_FIELD_UNIQUE | FIND, "Key", "key in another system, unique within its source",
		.column = "external_key",
		.synonyms = "external id|external key|external_id|客户编号|编号|customer id|customerid|customer "
			    "no|客户号|id|unique external id|record id|contact id|外部编号"),
	FIELD("source", CRM_TEXT, EDIT, "Source", "the system that the key comes from",
		.synonyms = "来源|lead source|system"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND | FIELD_FOLDED, "Name", "full name as written", .norm = "name_fold",
		.sound = "pinyin",
		.synonyms = "full name|fullname|display name|contact name|customer "
			    "name|customer|姓名|客户姓名|客户名称|名称|联系人|客户"),
	FIELD("given_name", CRM_TEXT, EDIT | FIND, "Given name", "given name", .alias = "given-name",
		.synonyms = "first name|firstname|given name|名|名字"),
	FIELD("family_name", CRM_TEXT, EDIT | FIND, "Family name", "family name", .alias = "family-name",
		.synonyms = "last name|lastname|surname|family name|姓|姓氏"),
	FIELD("pinyin", CRM_TEXT, FIELD_SOUND, "Pinyin", "how a Chinese name sounds, syllable by syllable",
		.synonyms = "拼音"),
	FIELD("company", CRM_TEXT, EDIT | FIND, "Company", "company as written",
		.synonyms = "company name|companyname|organization|organisation|organization name|account "
			    "name|公司|公司名称|单位|企业"),
	FIELD("org", CRM_REF, EDIT, "Organisation", "organisation record", .target = "org",
		.synonyms = "org id|组织|所属单位"),
	FIELD("title", CRM_TEXT, EDIT, "Title", "job title",
		.synonyms = "job title|contact title|position|职位|职务|头衔"),
	FIELD("phone", CRM_PHONE, EDIT | LIST | FIND | CRM_FIELD_REPEATED, "Phone", "primary phone number",
		.norm = "phone_norm",
		.synonyms = "phone number|telephone|tel|mobile|mobile phone|cell|cell phone|phone 1|primary phone|work "
			    "phone|电话|手机|手机号|手机号码|电话号码|联系电话"),
	FIELD("phones", CRM_CONTACTS, EDIT | FIND, "Further phones", "further numbers, as label:number",
		.kind = "phone", .synonyms = "phone 2|other phone|secondary phone|其他电话|备用电话"),
	FIELD("email", CRM_EMAIL, EDIT | LIST | FIND | CRM_FIELD_REPEATED, "E-mail", "primary e-mail address",
		.norm = "email_norm",
		.synonyms = "e-mail|mail|email address|e-mail address|邮箱|电子邮箱|邮件|电子邮件|邮箱地址"),
	FIELD("emails", CRM_CONTACTS, EDIT | FIND, "Further e-mails", "further addresses, as label:address",
		.kind = "email", .synonyms = "other email|secondary email|其他邮箱|备用邮箱"),
	FIELD("gender", CRM_ENUM, EDIT, "Gender", "gender", WORDS(genders), .synonyms = "sex|性别"),
	FIELD("birthday", CRM_DATE, EDIT, "Birthday", "date of birth, perhaps partial: 1990, 1990-05, --05-12",
		.synonyms = "birth date|birthdate|date of birth|dob|生日|出生日期"),
	FIELD("age", CRM_INTEGER, CALC | CRM_FIELD_EDITABLE | CRM_FIELD_IMPORTED, "Age",
		"years, computed from the birthday; setting it sets the birth year", .sql = age_sql, .set = set_age,
		.synonyms = "年龄"),
	FIELD("address", CRM_TEXT, EDIT | FIND, "Address", "street and number",
		.synonyms = "street|street address|mailing street|地址|联系地址|详细地址"),
	FIELD("city", CRM_TEXT, EDIT | FIND, "City", "city", .synonyms = "town|mailing city|城市|市"),
	FIELD("region", CRM_TEXT, EDIT, "Region", "state or province",
		.synonyms = "state|province|state/region|state/province|省|省份|地区"),
	FIELD("postcode", CRM_TEXT, EDIT, "Postcode", "postal code",
		.synonyms = "zip|zip code|postal code|postalcode|邮编|邮政编码"),
	FIELD("country", CRM_TEXT, EDIT, "Country", "country", .synonyms = "country/region|国家"),
	FIELD("language", CRM_TEXT, EDIT, "Language", "language to talk in", .synonyms = "语言"),
	FIELD("timezone", CRM_TEXT, EDIT, "Time zone", "IANA time zone, as Asia/Shanghai",
		.synonyms = "time zone|tz|时区"),
	FIELD("owner", CRM_REF, EDIT | LIST | FIELD_HANDLE, "Owner", "agent who looks after the customer",
		.target = "agent", .synonyms = "contact owner|account owner|负责人|所有者|客户经理"),
	FIELD("stage", CRM_ENUM, EDIT | LIST, "Stage", "stage of the relationship", WORDS(stages),
		.synonyms = "lifecycle stage|status|lead status|阶段|客户阶段|客户状态"),
	FIELD("tags", CRM_TAGS, EDIT | FIND | CRM_FIELD_REPEATED, "Tags", "words that group customers", .alias = "tag",
		.synonyms = "tag|labels|label|categories|标签"),
	FIELD("note", CRM_TEXT, EDIT | FIND | FIELD_LONG, "Note", "anything worth knowing",
		.synonyms = "notes|description|comment|comments|details|备注|说明"),
	FIELD("do_not_call", CRM_BOOL, EDIT, "Do not call", "must not be phoned", .alias = "do-not-call",
		.synonyms = "do not call|dnc|请勿致电|勿打电话"),
	FIELD("no_email", CRM_BOOL, EDIT, "No e-mail", "must not be written to by e-mail", .alias = "no-email",
		.synonyms = "no email|email opt out|unsubscribed|请勿邮件"),
	FIELD("restricted", CRM_BOOL, 0, "Restricted",
		"kept, but shown in no list, report or export (crm privacy restrict)", .synonyms = "限制处理"),
	FIELD("customer_since", CRM_DATE, EDIT | FIELD_EARLIEST, "Customer since", "first day as a customer",
		.alias = "customer-since",
		.synonyms = "customer since|subscription date|since|成为客户日期|建档日期|注册日期|成为客户"),
	FIELD("cadence", CRM_TEXT, EDIT, "Cadence",
		"how often to contact them, instead of what a policy says: 14d call, 30d visit; off",
		.synonyms = "contact every|follow-up cadence|跟进周期|回访周期|联系周期"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD("updated_at", CRM_TIME, AUTO, "Changed", "when the record was last changed", .synonyms = "更改"),
	FIELD("last_contact_at", CRM_TIME, LIST | FACT, "Last contact", "latest communication in or out",
		.sql = "(SELECT max(l.at) FROM log l WHERE l.customer = @.id AND l.internal = 0 AND l.at <= $now)",
		.latest = "last_contact_at", .synonyms = "最近联系"),
	FIELD("last_contact_channel", CRM_TEXT, FACT, "By", "channel of the latest communication",
		.sql = "(SELECT l.channel FROM log l WHERE l.customer = @.id AND l.internal = 0 AND l.at <= $now"
		       " ORDER BY l.at DESC, l.internal DESC, l.channel DESC LIMIT 1)",
		.latest = "last_contact_at", .synonyms = "方式"),
	FIELD("contacts", CRM_INTEGER, FACT, "Contacts", "number of communications in and out",
		.sql = "(SELECT count(*) FROM log l WHERE l.customer = @.id AND l.internal = 0 AND l.at <= $now)",
		.latest = "last_contact_at", .synonyms = "联系次数"),
	FIELD("open_tickets", CRM_INTEGER, FACT, "Open tickets", "tickets that are not resolved",
		.alias = "open-tickets",
		.sql = "(SELECT count(*) FROM ticket k WHERE k.customer = @.id AND k.created_at <= $now AND "
		       "NOT " TICKET_WAS_RESOLVED("k") ")",
		.synonyms = "未结工单"),
	FIELD("next_followup", CRM_TIME, FACT, "Next follow-up", "when the next thing agreed upon is due",
		.alias = "next-followup",
		.sql = "(SELECT min(" FOLLOWUP_DUE("f") ") FROM followup f WHERE f.customer = @.id "
							"AND " FOLLOWUP_WAS_PENDING("f") " AND f.created_at <= $now)",
		.synonyms = "下次跟进"),
	FIELD("orders", CRM_INTEGER, FACT, "Orders", "number of orders, those cancelled or taken back left out",
		.sql = "(SELECT " ORDERS_COUNT " " ORDERS_OF ")", .latest = "last_order_at", .synonyms = "订单数"),
	FIELD("orders_total", CRM_MONEY, FACT, "Orders in all",
		"what these orders come to; empty where they are in several currencies", .alias = "orders.total",
		.sql = "(SELECT " ORDERS_TOTAL " " ORDERS_OF ")", .latest = "last_order_at",
		.part = IF_ORDERS(ORDERS_SUM " " ORDERS_OF " AND o.currency = $currency"), .synonyms = "累计订单"),
	FIELD("orders_currency", CRM_TEXT, FACT | FIELD_CURRENCY, "Currency", "the currency of what they come to",
		.alias = "orders.currency", .sql = "(SELECT " ORDERS_CURRENCY " " ORDERS_OF ")",
		.latest = "last_order_at", .synonyms = "币种"),
	FIELD("orders_totals", CRM_TEXT, CALC, "Orders by currency", "what they come to in each currency",
		.alias = "orders.totals",
		.sql = IF_ORDERS("group_concat(n.total, ', ') FROM (SELECT money(" ORDERS_SUM
				 ", o.currency) || ' ' || o.currency AS total " ORDERS_OF
				 " AND o.amount IS NOT NULL GROUP BY o.currency ORDER BY o.currency) n"),
		.synonyms = "各币种订单"),
	FIELD("last_order_at", CRM_TIME, FACT, "Last order", "when they last ordered", .alias = "last-order",
		.sql = "(SELECT max(o.at) " ORDERS_OF ")", .latest = "last_order_at", .synonyms = "最近下单"),
	FIELD_VERSION,
};

static const struct fact facts[] = {
	{ .from = "log", .via = "customer", .recompute_all = contacts_recompute_all },
	{ .from = "ticket", .via = "customer", .recompute_all = tickets_recompute_all },
	{ .from = "followup", .via = "customer", .recompute_all = followups_recompute_all },
	{ .from = "order", .via = "customer", .recompute_all = orders_recompute_all },
};

/* Without any name: the company, else how to reach them: address books are full of such. */
static crm_value stand_in(crm_record *r)
{
	static const char *const instead[] = { "company", "email", "phone" };
	crm_value v = { .kind = CRM_NULL };

	for (size_t i = 0; i < ARRAY_SIZE(instead) && v.kind == CRM_NULL; i++)
		v = crm_record_get(r, instead[i]);
	return v;
}

/* Without a full name: family and given name joined as their script does it. */
static int compose_name(crm_record *r)
{
	crm_value given = crm_record_get(r, "given_name"), family = crm_record_get(r, "family_name");
	crm_value other = stand_in(r);
	struct buf name = BUF_INIT;
	int result;

	if (given.kind == CRM_NULL && family.kind == CRM_NULL) {
		buf_add(&name, other.s ? other.s : "", other.len);
	} else if (family.kind != CRM_NULL && text_is_cjk(family.s, family.len)) {
		buf_add(&name, family.s, family.len);
		buf_add(&name, given.s ? given.s : "", given.len);
	} else {
		buf_add(&name, given.s ? given.s : "", given.len);
		if (given.len > 0 && family.len > 0)
			buf_putc(&name, ' ');
		buf_add(&name, family.s ? family.s : "", family.len);
	}
	result = buf_str(&name) ? crm_record_set(r, "name", name.s) : CRM_NOMEM;
	buf_free(&name);
	return result;
}

/* A key leads to whom its customer was merged into. */
static int check_key(crm_record *r)
{
	crm_value key = crm_record_get(r, "key"), source = crm_record_get(r, "source");
	int64_t survivor;
	int status;

	if (r->unique || key.kind == CRM_NULL || !(record_changed(r, "key") || record_changed(r, "source")))
		return CRM_OK;
	status = customer_merged_key(&survivor, r->s, &key, &source);
	if (status == CRM_OK && survivor != r->id)
		return err_set(&r->s->err, CRM_EXISTS, "the key '%s' was that of a customer who was merged into %lld",
			key.s, (long long)survivor);
	return status < 0 ? status : CRM_OK;
}

static int prepare(crm_record *r, bool creating)
{
	crm_value zone = crm_record_get(r, "timezone");
	crm_store *s = record_store(r);
	struct zone *z = NULL;
	int status;

	if (zone.kind != CRM_NULL && record_changed(r, "timezone")) {
		if (zone_load(&z, zone.s, &s->err) < 0)
			return err_set(&s->err, CRM_INVALID, "timezone: '%s' is not a time zone such as Asia/Shanghai",
				zone.s);
		zone_free(z);
	}
	if (record_changed(r, "cadence") && (status = cadence_check(r)) < 0)
		return status;
	if ((status = check_key(r)) < 0)
		return status;
	return creating && crm_record_get(r, "name").kind == CRM_NULL ? compose_name(r) : CRM_OK;
}

const struct crm_entity entity_customer = {
	.name = N_("customer"),
	.plural = N_("customers"),
	.table = "customer",
	.help = N_("people and companies, how to reach them, what is known of them"),
	.flags = ENTITY_TAGS | ENTITY_CUSTOM | ENTITY_IMPORT | ENTITY_CASCADE,
	FIELDS(fields),
	.order = "id",
	.facts = facts,
	.nfacts = ARRAY_SIZE(facts),
	.prepare = prepare,
};

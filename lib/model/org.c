/* Organisation: a company that customers belong to. */
#include "model/entity.h"

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the organisation"),
	FIELD("key", CRM_TEXT, EDIT | CRM_FIELD_UNIQUE | FIND, "Key", "key in another system, unique within its source",
		.column = "external_key", .synonyms = "external id|external key|id|record id|编号|外部编号"),
	FIELD("source", CRM_TEXT, EDIT, "Source", "the system that the key comes from", .synonyms = "来源"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND | FIELD_FOLDED, "Name", "name", .norm = "name_fold",
		.synonyms = "company name|company|account name|organization|organisation|名称|公司|公司名称|单位"),
	FIELD("domain", CRM_TEXT, EDIT | LIST | FIND, "Domain", "internet domain",
		.synonyms = "company domains|website|web site|域名|网站|网址"),
	FIELD("phone", CRM_PHONE, EDIT | LIST | FIND, "Phone", "phone number", .norm = "phone_norm",
		.synonyms = "phone number|telephone|tel|电话|联系电话"),
	FIELD("industry", CRM_TEXT, EDIT | LIST, "Industry", "line of business", .synonyms = "行业"),
	FIELD("address", CRM_TEXT, EDIT | FIND, "Address", "address", .synonyms = "street|billing street|地址"),
	FIELD("owner", CRM_REF, EDIT | LIST | FIELD_HANDLE, "Owner", "agent who looks after it", .target = "agent",
		.synonyms = "company owner|account owner|负责人"),
	FIELD("tags", CRM_TAGS, EDIT | FIND | CRM_FIELD_REPEATED, "Tags", "words that group organisations",
		.alias = "tag", .synonyms = "tag|标签"),
	FIELD("customers", CRM_INTEGER, CALC, "Customers", "how many customers belong to it",
		.sql = "(SELECT count(*) FROM customer c WHERE c.org = @.id)", .synonyms = "客户数"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD("updated_at", CRM_TIME, AUTO, "Changed", "when the record was last changed", .synonyms = "更改"),
	FIELD_VERSION,
};

const struct crm_entity entity_org = {
	.name = N_("org"),
	.plural = N_("organisations"),
	.table = "org",
	.help = N_("companies and other bodies that customers belong to"),
	.flags = ENTITY_TAGS | ENTITY_CUSTOM | ENTITY_IMPORT,
	FIELDS(fields),
	.order = "id",
};

/* What customers are to each other: one was merged into another, or two that look alike are two. */
#include "model/entity.h"

static const struct word kinds[] = {
	{ "merged", "合并" },
	{ "distinct", "not the same|不同人" },
};

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the link"),
	FIELD("customer", CRM_REF, MUST | LIST, "Customer", "the customer", .target = "customer", .synonyms = "客户"),
	FIELD("kind", CRM_ENUM, MUST | LIST, "Kind",
		"merged: the other was merged into the customer; distinct: the two are not the same", WORDS(kinds),
		.synonyms = "关系"),
	FIELD("other", CRM_INTEGER, MUST | LIST, "Other", "number of the other; of one merged: the one that it had",
		.synonyms = "其他客户"),
	FIELD("key", CRM_TEXT, EDIT | LIST, "Key", "key that the one merged had", .column = "external_key",
		.synonyms = "编号"),
	FIELD("source", CRM_TEXT, EDIT, "Source", "the system that the key comes from", .synonyms = "来源"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the link was made"),
};

const struct crm_entity entity_customer_link = {
	.name = "customer_link",
	.plural = "customer links",
	.table = "customer_link",
	.help = "which customers were merged, and which look alike but are not the same",
	.flags = ENTITY_IMPORT,
	FIELDS(fields),
	.order = "id",
};

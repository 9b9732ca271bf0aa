/* How long what is kept: rules that say which records are erased when their time is over. */
#include "model/entity.h"

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the rule"),
	FIELD("position", CRM_INTEGER, EDIT | LIST, "Position", "rules are applied in this order"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND | FIELD_FOLDED | CRM_FIELD_UNIQUE, "Name", "its name",
		.norm = "name_fold"),
	FIELD("active", CRM_BOOL, EDIT | LIST, "Active", "is applied"),
	FIELD("entity", CRM_TEXT, MUST | LIST, "Entity", "what is erased: customer, log, ticket …"),
	FIELD("keep", CRM_TEXT, MUST | LIST, "Keep", "how long after the last thing that happened: 3y, 90d",
		.column = "keep_for"),
	FIELD("filter", CRM_TEXT, EDIT | LIST, "Filter", "only records that fit", .column = "filter_terms"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the rule was made"),
	FIELD_VERSION,
};

const struct crm_entity entity_retention = {
	.name = "retention",
	.plural = "retention rules",
	.table = "retention",
	.help = "how long what is kept",
	FIELDS(fields),
	.order = "position",
};

/* Entities that configure a store for all its users: agents, custom fields; and the list of imports. */
#include "model/custom.h"
#include "model/entity.h"
#include "model/record.h"

static const struct crm_field agent_fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the agent"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND | FIELD_FOLDED | CRM_FIELD_UNIQUE, "Name",
		"the handle that --as, --owner and --agent take", .norm = "name_fold",
		.synonyms = "login|user|username|用户名|工号"),
	FIELD("full_name", CRM_TEXT, EDIT | LIST | FIND, "Full name", "name for people", .alias = "full-name",
		.synonyms = "full name|display name|姓名"),
	FIELD("email", CRM_EMAIL, EDIT | LIST, "E-mail", "e-mail address", .norm = "email_norm",
		.synonyms = "e-mail|mail|邮箱"),
	FIELD("active", CRM_BOOL, EDIT | LIST | FIELD_YES, "Active", "works here; imports make unknown agents inactive",
		.synonyms = "在职"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made"),
	FIELD_VERSION,
};

/* Records refer to an agent by this name, so it stays as long as any do. */
static int agent_prepare(crm_record *r, bool creating)
{
	if (creating || !record_changed(r, "name"))
		return CRM_OK;
	return record_forbid_dependants(r, "cannot be renamed");
}

const struct crm_entity entity_agent = {
	.name = N_("agent"),
	.plural = "agents",
	.table = "agent",
	.help = N_("the people who use this store"),
	.flags = ENTITY_IMPORT,
	FIELDS(agent_fields),
	.order = "id",
	.prepare = agent_prepare,
};

static const struct word types[] = {
	WORD("text", NULL),
	WORD("integer", "number"),
	WORD("bool", "boolean|yesno"),
	WORD("date", NULL),
	WORD("time", "datetime"),
	WORD("enum", "choice|select"),
	WORD("email", NULL),
	WORD("phone", NULL),
};

static const struct crm_field field_fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the custom field"),
	FIELD("entity", CRM_TEXT, MUST | LIST, "Entity", "what it belongs to: customer, org, log, order"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND, "Name", "its name in --set, filters and columns"),
	FIELD("type", CRM_ENUM, EDIT | LIST, "Type", "type of its values; default text", WORDS(types)),
	FIELD("label", CRM_TEXT, EDIT | LIST, "Label", "heading for people"),
	FIELD("words", CRM_TEXT, EDIT | LIST, "Words", "of type enum: the allowed values, comma between them"),
	FIELD("help", CRM_TEXT, EDIT | LIST, "Help", "what it means"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when it was made"),
	FIELD_VERSION,
};

const struct crm_entity entity_field = {
	.name = N_("field"),
	.plural = "custom fields",
	.table = "field",
	.help = N_("custom fields of this store"),
	.flags = ENTITY_IMPORT | ENTITY_CASCADE,
	FIELDS(field_fields),
	.order = "id",
	.prepare = custom_prepare,
};

static const struct crm_field import_fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the import"),
	FIELD("at", CRM_TIME, LIST | AUTO, "Time", "when it was made"),
	FIELD("entity", CRM_TEXT, LIST | AUTO, "Entity", "what was imported"),
	FIELD("file", CRM_TEXT, LIST | AUTO, "File", "name of the file"),
	FIELD("digest", CRM_TEXT, AUTO, "Digest", "SHA-256 of the file"),
	FIELD("source", CRM_TEXT, AUTO, "Source", "the system that its keys come from"),
	FIELD("mapping", CRM_TEXT, AUTO, "Mapping", "columns of the file and their fields"),
	FIELD("encoding", CRM_TEXT, AUTO, "Encoding", "encoding of the file"),
	FIELD("read", CRM_INTEGER, LIST | AUTO, "Read", "rows of the file", .column = "rows_read"),
	FIELD("created", CRM_INTEGER, LIST | AUTO, "Created", "records created"),
	FIELD("updated", CRM_INTEGER, LIST | AUTO, "Updated", "records updated"),
	FIELD("unchanged", CRM_INTEGER, LIST | AUTO, "Unchanged", "rows that changed nothing"),
	FIELD("rejected", CRM_INTEGER, LIST | AUTO, "Rejected", "rows rejected"),
	FIELD("operation", CRM_INTEGER, LIST | AUTO, "Operation", "its operation in the journal", .column = "op"),
	FIELD("reverted", CRM_BOOL, LIST | CALC, "Reverted", "taken back",
		.sql = "(SELECT o.undone_by IS NOT NULL FROM operation o WHERE o.id = @.op)"),
};

const struct crm_entity entity_import = {
	.name = N_("import"),
	.plural = "imports",
	.table = "import",
	.help = N_("what was imported, when and from where"),
	.flags = ENTITY_FIXED,
	FIELDS(import_fields),
	.order = "-id",
};

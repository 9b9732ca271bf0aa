/* Entities that configure a store for all its users: agents, custom fields; and the list of imports. */
#include "model/custom.h"
#include "model/entity.h"
#include "model/record.h"

static const struct crm_field agent_fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the agent"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND | FIELD_FOLDED | CRM_FIELD_UNIQUE, "Name",
		"the handle that --as, --owner and --agent take", .norm = "name_fold",
		.synonyms = "login|user|username|用户名|工号|名称"),
	FIELD("full_name", CRM_TEXT, EDIT | LIST | FIND, "Full name", "name for people", .alias = "full-name",
		.synonyms = "full name|display name|姓名"),
	FIELD("email", CRM_EMAIL, EDIT | LIST, "E-mail", "e-mail address", .norm = "email_norm",
		.synonyms = "e-mail|mail|邮箱"),
	FIELD("active", CRM_BOOL, EDIT | LIST | FIELD_YES, "Active", "works here; imports make unknown agents inactive",
		.synonyms = "在职|启用"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD_VERSION,
};

/* Records refer to an agent by this name, so it stays as long as any do. */
static int agent_prepare(crm_record *r, bool creating)
{
	if (creating || !record_changed(r, "name"))
		return CRM_OK;
	return record_forbid_dependants(r, N_("cannot be renamed"));
}

const struct crm_entity entity_agent = {
	.name = N_("agent"),
	.plural = N_("agents"),
	.table = "agent",
	.help = N_("the people who use this store"),
	.flags = ENTITY_IMPORT,
	FIELDS(agent_fields),
	.order = "id",
	.prepare = agent_prepare,
};

static const struct word types[] = {
	WORD("text", "文本"),
	WORD("integer", "number|整数"),
	WORD("bool", "boolean|yesno|是否"),
	WORD("date", "日期"),
	WORD("time", "datetime|时间"),
	WORD("enum", "choice|select|枚举"),
	WORD("email", "邮件"),
	WORD("phone", "电话"),
};

static const struct crm_field field_fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the custom field"),
	FIELD("entity", CRM_TEXT, MUST | LIST, "Entity", "what it belongs to: customer, org, log, order",
		.synonyms = "对象"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND, "Name", "its name in --set, filters and columns",
		.synonyms = "名称"),
	FIELD("type", CRM_ENUM, EDIT | LIST, "Type", "type of its values; default text", WORDS(types),
		.synonyms = "类型"),
	FIELD("label", CRM_TEXT, EDIT | LIST, "Label", "heading for people", .synonyms = "标签"),
	FIELD("words", CRM_TEXT, EDIT | LIST, "Words", "of type enum: the allowed values, comma between them",
		.synonyms = "可选值"),
	FIELD("help", CRM_TEXT, EDIT | LIST, "Help", "what it means", .synonyms = "含义"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when it was made", .synonyms = "创建"),
	FIELD_VERSION,
};

const struct crm_entity entity_field = {
	.name = N_("field"),
	.plural = N_("custom fields"),
	.table = "field",
	.help = N_("custom fields of this store"),
	.flags = ENTITY_IMPORT | ENTITY_CASCADE,
	FIELDS(field_fields),
	.order = "id",
	.prepare = custom_prepare,
};

static const struct crm_field import_fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the import"),
	FIELD("at", CRM_TIME, LIST | AUTO, "Time", "when it was made", .synonyms = "时间"),
	FIELD("entity", CRM_TEXT, LIST | AUTO, "Entity", "what was imported", .synonyms = "对象"),
	FIELD("file", CRM_TEXT, LIST | AUTO, "File", "name of the file", .synonyms = "文件"),
	FIELD("digest", CRM_TEXT, AUTO, "Digest", "SHA-256 of the file", .synonyms = "摘要值"),
	FIELD("source", CRM_TEXT, AUTO, "Source", "the system that its keys come from", .synonyms = "来源"),
	FIELD("mapping", CRM_TEXT, AUTO, "Mapping", "columns of the file and their fields", .synonyms = "列对应"),
	FIELD("encoding", CRM_TEXT, AUTO, "Encoding", "encoding of the file", .synonyms = "编码"),
	FIELD("read", CRM_INTEGER, LIST | AUTO, "Read", "rows of the file", .column = "rows_read", .synonyms = "读取"),
	FIELD("created", CRM_INTEGER, LIST | AUTO, "Created", "records created", .synonyms = "创建"),
	FIELD("updated", CRM_INTEGER, LIST | AUTO, "Updated", "records updated", .synonyms = "更新"),
	FIELD("unchanged", CRM_INTEGER, LIST | AUTO, "Unchanged", "rows that changed nothing", .synonyms = "未变"),
	FIELD("rejected", CRM_INTEGER, LIST | AUTO, "Rejected", "rows rejected", .synonyms = "被拒"),
	FIELD("operation", CRM_INTEGER, LIST | AUTO, "Operation", "its operation in the journal", .column = "op",
		.synonyms = "操作"),
	FIELD("reverted", CRM_BOOL, LIST | CALC, "Reverted", "taken back",
		.sql = "(SELECT o.undone_by IS NOT NULL FROM operation o WHERE o.id = @.op)", .synonyms = "已撤回"),
};

const struct crm_entity entity_import = {
	.name = N_("import"),
	.plural = N_("imports"),
	.table = "import",
	.help = N_("what was imported, when and from where"),
	.flags = ENTITY_FIXED,
	FIELDS(import_fields),
	.order = "-id",
};

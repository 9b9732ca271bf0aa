/* Team: agents who share a queue of tickets. */
#include "model/record.h"
#include "model/ticket.h"
#include "text/text.h"

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the team"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND | FIELD_FOLDED | CRM_FIELD_UNIQUE, "Name", "its name",
		.norm = "name_fold", .synonyms = "team|group|团队|小组|部门|名称"),
	FIELD("members", CRM_TEXT, EDIT | LIST, "Members", "agents who belong to it, comma between them",
		.synonyms = "agents|成员"),
	FIELD("description", CRM_TEXT, EDIT | LIST, "Description", "what it looks after", .synonyms = "描述|说明"),
	FIELD("tickets", CRM_INTEGER, CALC, "Tickets", "tickets of the team that are not resolved",
		.sql = "(SELECT count(*) FROM ticket k WHERE k.team = @.name AND k.status NOT IN " TICKET_RESOLVED ")",
		.synonyms = "工单数"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD_VERSION,
};

/* Members by their handles as the store has them, each once. */
static int prepare_members(crm_record *r)
{
	crm_value members = crm_record_get(r, "members");
	struct buf item = BUF_INIT, list = BUF_INIT;
	size_t pos = 0;
	int status = CRM_OK;

	while (status == CRM_OK && members.kind == CRM_STRING && list_next(&item, members.s, members.len, &pos)) {
		const char *name;

		if (item.len == 0)
			continue;
		status = resolve_handle(&name, r->s, &entity_agent, &r->mem, item.s, item.len);
		if (status == CRM_OK && !list_has(list.len ? list.s : "", list.len, name))
			list_append(&list, name, strlen(name));
	}
	status = list_end(&item, status, &r->s->err);
	if (status == CRM_OK)
		status = buf_str(&list) ? crm_record_set(r, "members", list.s) : err_nomem(&r->s->err);
	buf_free(&list);
	return status;
}

static int prepare(crm_record *r, bool creating)
{
	int status = record_changed(r, "members") ? prepare_members(r) : CRM_OK;

	if (status < 0 || creating || !record_changed(r, "name"))
		return status;
	return record_forbid_dependants(r, N_("cannot be renamed"));
}

const struct crm_entity entity_team = {
	.name = N_("team"),
	.plural = N_("teams"),
	.table = "team",
	.help = N_("agents who share a queue of tickets"),
	.flags = ENTITY_IMPORT,
	FIELDS(fields),
	.order = "id",
	.prepare = prepare,
};

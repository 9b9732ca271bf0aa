/* Categories of tickets: free as long as there is no list; then tickets have those of the list only. */
#include "model/record.h"
#include "model/ticket.h"

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the category"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND | FIELD_FOLDED | CRM_FIELD_UNIQUE, "Name", "its name",
		.norm = "name_fold", .synonyms = "category|分类|类别|名称"),
	FIELD("description", CRM_TEXT, EDIT | LIST, "Description", "what belongs to it", .synonyms = "描述|说明"),
	FIELD("tickets", CRM_INTEGER, CALC | LIST, "Tickets", "tickets of the category that are not resolved",
		.sql = "(SELECT count(*) FROM ticket k WHERE k.category = @.name AND k.status NOT IN " TICKET_RESOLVED
		       ")",
		.synonyms = "工单数"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD_VERSION,
};

int ticket_category_check(crm_record *ticket)
{
	crm_value v = crm_record_get(ticket, "category");
	const char *name;
	int64_t any;
	int status;

	if (v.kind == CRM_NULL)
		return CRM_OK;
	status = db_get_int(&any, ticket->s, "SELECT 1 FROM ticket_category LIMIT 1", "");
	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	status = resolve_word(&name, ticket->s, field_find_static(ticket->e, "category"), &ticket->mem, v.s, v.len);
	return status == CRM_OK ? crm_record_set(ticket, "category", name) : status;
}

/* Tickets have their category by its name. */
static int prepare(crm_record *r, bool creating)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status;

	if (creating || !record_changed(r, "name"))
		return CRM_OK;
	status = db_prepare(&st, r->s,
		"SELECT c.name, count(*) FROM ticket k JOIN ticket_category c ON c.name = k.category WHERE c.id = $1"
		" GROUP BY c.name",
		DB_SCAN);
	if (status < 0)
		return status;
	db_bind_int(st, 1, r->id);
	status = db_step(st);
	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	return err_set(&r->s->err, CRM_CONFLICT,
		crm_tr_n("ticket_category %lld cannot be renamed: %lld ticket has it (crm ticket list 'category:%s')",
			"ticket_category %lld cannot be renamed: %lld tickets have it (crm ticket list 'category:%s')",
			(uint64_t)db_int(st, 1)),
		(long long)r->id, (long long)db_int(st, 1), db_text(st, 0));
}

const struct crm_entity entity_ticket_category = {
	.name = N_("ticket_category"),
	.plural = N_("categories of tickets"),
	.table = "ticket_category",
	.help = N_("the categories that tickets may have, once there are any"),
	.flags = ENTITY_IMPORT,
	FIELDS(fields),
	.order = "name",
	.prepare = prepare,
};

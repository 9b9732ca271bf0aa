/* What happened to a ticket, and what tickets are to each other. */
#include "model/record.h"
#include "model/ticket.h"

static const struct word event_kinds[] = {
	WORD("created", "创建"),
	WORD("status", "state|状态"),
	WORD("assignee", "assigned|owner|处理人|受理人"),
	WORD("team", "group|小组|团队"),
	WORD("priority", "优先级"),
	WORD("type", "类型"),
	WORD("reply", "first reply|agent reply|回复"),
};

/*
 * Values are compared by what counts facts: they are written as the ticket has them. Who is no agent (any more) keeps
 * his name.
 */
static int set_value(crm_record *r, const struct crm_field *f, const char *text)
{
	const crm_value kind = crm_record_get(r, "kind");
	const struct crm_field *of = kind.kind == CRM_STRING ? field_find_static(&entity_ticket, kind.s) : NULL;
	crm_value value = { .kind = CRM_NULL }, none = { .kind = CRM_NULL };
	struct convert c = convert_context(r->s, &r->mem);
	int status = CRM_OK;

	if (*text && of && of->type == CRM_REF) {
		status = resolve_word(&value.s, r->s, of, &r->mem, text, strlen(text));
		if (status == CRM_NOTFOUND)
			return record_set_field(r, f, text, strlen(text));
		value.kind = CRM_STRING;
		value.len = value.s ? strlen(value.s) : 0;
	} else if (*text && of && of->type == CRM_ENUM) {
		status = convert_field(&c, of, text, strlen(text), &value, &none);
	} else {
		return record_set_field(r, f, text, strlen(text));
	}
	if (status < 0) {
		cleanup(freep) char *why = strdup(crm_errmsg(r->s));

		return err_set(&r->s->err, CRM_INVALID, "%s: %s", f->name, why ? why : "");
	}
	record_put(r, f, &value, &none);
	return CRM_OK;
}

static const struct crm_field event_fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the event"),
	FIELD("ticket", CRM_REF, MUST | LIST, "Ticket", "the ticket that it happened to", .target = "ticket",
		.synonyms = "ticket id|ticket number|case number|工单|工单号|工单编号"),
	FIELD("at", CRM_TIME, MUST | LIST, "Time", "when it took effect",
		.synonyms = "time|date|datetime|timestamp|created at|时间|日期"),
	FIELD("actor", CRM_TEXT, EDIT | LIST, "Actor", "agent or rule that did it; empty: not known",
		.synonyms = "agent|user|author|操作人|执行者"),
	FIELD("kind", CRM_ENUM, MUST | LIST, "Kind", "what happened, or the field that changed", WORDS(event_kinds),
		.synonyms = "event|field|类型|事件|种类"),
	FIELD("old_value", CRM_TEXT, EDIT | LIST, "Before", "value before it", .alias = "old",
		.synonyms = "old value|from|原值|之前", .set = set_value),
	FIELD("new_value", CRM_TEXT, EDIT | LIST, "After", "value after it", .alias = "new",
		.synonyms = "new value|to|value|新值|之后", .set = set_value),
	FIELD("imported", CRM_BOOL, 0, "Imported", "implied by the columns of an imported ticket",
		.synonyms = "导入而来"),
};

const struct crm_entity entity_ticket_event = {
	.name = N_("ticket_event"),
	.plural = N_("ticket events"),
	.table = "ticket_event",
	.help = N_("what happened to tickets: the source of their metrics"),
	.flags = ENTITY_IMPORT,
	FIELDS(event_fields),
	.order = "-at",
};

int ticket_event_put(crm_store *s, const struct ticket_event *ev)
{
	int64_t op, id;
	int status = op_id(&op, s);

	if (status == CRM_OK)
		status = db_run(s,
			"INSERT INTO ticket_event (ticket, at, actor, kind, old_value, new_value, imported, op, "
			"row_sum)"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, row_sum('ticket,at,actor,kind,old_value,new_value,"
			"imported,op', $1, $2, $3, $4, $5, $6, nullif($7, 0), $8))",
			"iissssii", ev->ticket, ev->at, ev->actor, ev->kind, ev->old_value, ev->new_value,
			(int64_t)ev->imported, op);
	if (status < 0)
		return status;
	id = db_last_id(s);
	status = op_created(s, entity_ticket_event.name, id);
	return status == CRM_OK ? facts_mark_owner(s, &entity_ticket, ev->ticket) : status;
}

/* --- links --- */

static const struct word link_kinds[] = {
	WORD("blocks", "blocked by this|阻塞"),
	WORD("relates", "related|relates to|相关"),
	WORD("parent", "parent of|父级"),
};

static const struct crm_field link_fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the link"),
	FIELD("ticket", CRM_REF, MUST | LIST, "Ticket", "one ticket", .target = "ticket", .synonyms = "工单"),
	FIELD("kind", CRM_ENUM, MUST | LIST, "Kind", "what it is to the other", WORDS(link_kinds),
		.synonyms = "关系|种类"),
	FIELD("other", CRM_REF, MUST | LIST, "Other", "the other ticket", .target = "ticket",
		.synonyms = "其他工单|另一方"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the link was made", .synonyms = "创建"),
};

static int prepare_link(crm_record *r, bool creating)
{
	crm_value ticket = crm_record_get(r, "ticket"), other = crm_record_get(r, "other");
	crm_value kind = crm_record_get(r, "kind");
	int64_t there;
	int status;

	if (ticket.kind != CRM_NULL && ticket.i == other.i)
		return err_set(
			&r->s->err, CRM_INVALID, "ticket %lld cannot be linked with itself", (long long)ticket.i);
	if (!creating || kind.kind == CRM_NULL)
		return CRM_OK;
	status = db_get_int(&there, r->s, "SELECT id FROM ticket_link WHERE ticket = $1 AND kind = $2 AND other = $3",
		"isi", ticket.i, kind.s, other.i);
	if (status == CRM_OK)
		return err_set(&r->s->err, CRM_EXISTS, "ticket %lld %s %lld already", (long long)ticket.i, kind.s,
			(long long)other.i);
	return status < 0 ? status : CRM_OK;
}

const struct crm_entity entity_ticket_link = {
	.name = N_("ticket_link"),
	.plural = N_("ticket links"),
	.table = "ticket_link",
	.help = N_("what tickets are to each other"),
	.flags = ENTITY_IMPORT,
	FIELDS(link_fields),
	.order = "id",
	.prepare = prepare_link,
};

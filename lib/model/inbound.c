/*
 * A word from the customer on a ticket: one that waits for it is open again; a solved one is reopened within a window
 * (crm_store_set_reopen()), later it begins a ticket of its own, which the old one is the parent of.
 */
#include "model/inbound.h"

#include "model/record.h"
#include "model/ticket.h"
#include <stdio.h>

/* What the ticket was when the customer wrote. */
struct heard {
	char status[16]; /* of the standard ones, or "" */
	const char *category;
	int64_t merged_into, changed_at; /* the last change of status */
};

static int look_up(struct heard *out, crm_store *s, int64_t ticket)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s,
		"SELECT status, merged_into, (SELECT max(at) FROM ticket_event WHERE ticket = $1 AND kind <> 'reply')"
		" FROM ticket WHERE id = $1",
		0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, ticket);
	status = db_step(st);
	if (status != CRM_OK)
		return status < 0 ? status : CRM_NOTFOUND;
	snprintf(out->status, sizeof(out->status), "%s", db_text(st, 0));
	out->merged_into = db_int(st, 1);
	out->changed_at = db_int(st, 2);
	return workflow_category(&out->category, s, db_text(st, 0));
}

static int reopen(crm_record *log, int64_t ticket)
{
	crm_record *r;
	int status = crm_record_load(&r, log->s, &entity_ticket, ticket);

	if (status < 0)
		return status;
	r->effective = crm_record_get(log, "at").i;
	status = crm_record_set(r, "status", "open");
	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

static int move_log(crm_record *log, int64_t ticket)
{
	int status = db_run(log->s, "UPDATE log SET ticket = $1 WHERE id = $2", "ii", ticket, log->id);

	return status == CRM_OK ? row_sum_refresh(log->s, log->e, log->id) : status;
}

static int copy_field(crm_record *to, crm_record *from, const char *field)
{
	crm_value v = crm_record_get(from, field);
	char number[24];

	if (v.kind == CRM_INT)
		return record_set_int(to, field, v.i, number);
	return v.kind == CRM_STRING ? crm_record_set(to, field, v.s) : CRM_OK;
}

/* A ticket that goes on where a resolved one ended. */
static int follow_up(crm_record *log, int64_t ticket)
{
	static const char *const same[] = { "customer", "subject", "type", "kind", "category", "priority", "team",
		"product_no", "model", "purchase_date" };
	crm_store *s = log->s;
	crm_record *old = NULL, *r = NULL, *link = NULL;
	char number[24];
	int status = crm_record_load(&old, s, &entity_ticket, ticket);

	if (status == CRM_OK)
		status = crm_record_new(&r, s, &entity_ticket);
	for (size_t i = 0; status == CRM_OK && i < ARRAY_SIZE(same); i++)
		status = copy_field(r, old, same[i]);
	if (status == CRM_OK)
		status = copy_field(r, log, "channel");
	if (status == CRM_OK) {
		crm_value text = crm_record_get(log, "content");

		r->effective = crm_record_get(log, "at").i;
		status = text.kind == CRM_STRING ? crm_record_set(r, "body", text.s) : CRM_OK;
	}
	if (status == CRM_OK)
		status = crm_record_save(r);
	if (status == CRM_OK)
		status = move_log(log, r->id);
	if (status == CRM_OK)
		status = facts_mark_owner(s, &entity_ticket, r->id);
	if (status == CRM_OK)
		status = crm_record_new(&link, s, &entity_ticket_link);
	if (status == CRM_OK)
		status = record_set_int(link, "ticket", ticket, number);
	if (status == CRM_OK)
		status = crm_record_set(link, "kind", "parent");
	if (status == CRM_OK)
		status = record_set_int(link, "other", r->id, number);
	if (status == CRM_OK)
		status = crm_record_save(link);
	crm_record_free(old);
	crm_record_free(r);
	crm_record_free(link);
	return status;
}

int ticket_heard(crm_record *log)
{
	crm_value ticket = crm_record_get(log, "ticket"), direction = crm_record_get(log, "direction");
	int64_t at = crm_record_get(log, "at").i;
	struct heard h;
	int status;

	if (log->imported || ticket.kind == CRM_NULL || direction.kind == CRM_NULL || strcmp(direction.s, "in") != 0 ||
		crm_record_get(log, "internal").i)
		return CRM_OK;
	status = look_up(&h, log->s, ticket.i);
	if (status < 0)
		return status;
	if (strcmp(h.status, "merged") == 0 && h.merged_into) {
		status = move_log(log, h.merged_into);
		return status == CRM_OK ? facts_mark_owner(log->s, &entity_ticket, h.merged_into) : status;
	}
	/* What was said before the last step was known to who took it. */
	if (strcmp(h.status, "spam") == 0 || at < h.changed_at || strcmp(h.category, "open") == 0)
		return CRM_OK;
	if (strcmp(h.category, "resolved") == 0 &&
		(strcmp(h.status, "closed") == 0 || at - h.changed_at > log->s->reopen))
		return follow_up(log, ticket.i);
	return reopen(log, ticket.i);
}

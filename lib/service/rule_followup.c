/* The action `followup`: something that somebody owes the customer of the ticket later. */
#include "model/followup.h"
#include "model/record.h"
#include "service/rule.h"

/* What the action itself says. */
static int fill(crm_record *f, const struct action *a)
{
	int status = crm_record_set(f, "action", a->field);

	if (status == CRM_OK)
		status = crm_record_set(f, "due", a->due);
	return status == CRM_OK ? crm_record_set(f, "purpose", a->value) : status;
}

int rule_followup_check(crm_store *s, const struct action *a)
{
	crm_record *f;
	int status = crm_record_new(&f, s, &entity_followup);

	if (status < 0)
		return status;
	status = fill(f, a);
	if (status == CRM_OK && followup_has_passed(f))
		status = err_set(
			&s->err, CRM_INVALID, "due: has passed already; +3d is three days after the rule is applied");
	crm_record_free(f);
	return status;
}

/* Whom and what it is about, and who has the ticket. */
static int take_from_ticket(crm_record *f, int64_t ticket)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	char number[24];
	int status = db_prepare(&st, f->s, "SELECT customer, assignee FROM ticket WHERE id = $1", 0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, ticket);
	status = db_step(st);
	if (status != CRM_OK)
		return status < 0 ? status
				  : err_set(&f->s->err, CRM_NOTFOUND, "there is no ticket %lld", (long long)ticket);
	status = record_set_int(f, "customer", db_int(st, 0), number);
	if (status == CRM_OK)
		status = record_set_int(f, "ticket", ticket, number);
	if (status == CRM_OK && !db_is_null(st, 1))
		status = crm_record_set(f, "owner", db_text(st, 1));
	return status;
}

int rule_followup(crm_store *s, int64_t ticket, const struct action *a, const char *actor)
{
	crm_record *f;
	int status = crm_record_new(&f, s, &entity_followup);

	if (status < 0)
		return status;
	f->actor = actor;
	status = fill(f, a);
	if (status == CRM_OK)
		status = take_from_ticket(f, ticket);
	if (status == CRM_OK)
		status = crm_record_save(f);
	crm_record_free(f);
	return status;
}

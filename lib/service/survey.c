/* Answers to surveys: they go where somebody asked, or into the place of an earlier answer. */
#include "service/survey.h"
#include "model/survey.h"

/* A survey in general takes answers of any kind, and an answer in general fits any. */
static int find_asked(int64_t *id, crm_record *r, bool answered)
{
	static const char *const about[] = { "customer", "ticket", "kind", "key" };
	cleanup(db_releasep) struct stmt *st = NULL;
	crm_value at = crm_record_get(r, "answered_at");
	int status = db_prepare(&st, r->s,
		"SELECT id FROM survey WHERE customer = $1 AND ticket IS $2"
		" AND (kind = $3 OR kind = 'general' OR $3 = 'general')"
		" AND (external_key IS NULL OR $4 IS NULL OR external_key = $4)"
		" AND (answered_at IS NOT NULL) = $5 AND (answered_at IS NOT NULL OR sent_at <= $6)"
		" ORDER BY kind <> $3, coalesce(answered_at, sent_at) DESC, id DESC LIMIT 1",
		DB_SCAN); /* sorts the few of one customer */

	if (status < 0)
		return status;
	for (size_t i = 0; i < ARRAY_SIZE(about); i++) {
		crm_value v = crm_record_get(r, about[i]);

		db_bind_value(st, (int)i + 1, &v);
	}
	db_bind_int(st, 5, answered);
	db_bind_value(st, 6, &at);
	status = db_step(st);
	if (status == CRM_OK)
		*id = db_int(st, 0);
	return status < 0 ? status : CRM_OK;
}

int survey_place(int64_t *id, crm_record *r, bool replace)
{
	int status = survey_settle(r);

	*id = 0;
	if (status == CRM_OK && survey_is_answer(r))
		status = find_asked(id, r, false);
	if (status == CRM_OK && *id == 0 && replace)
		status = find_asked(id, r, true);
	return status;
}

/* What `from` says goes to the stored survey, which stays of the kind that was asked for. */
static int take_over(crm_record *to, const crm_record *from)
{
	int status = CRM_OK;

	for (size_t i = 0; i < from->e->nfields; i++)
		if (from->slots[i].changed && strcmp(from->e->fields[i].name, "kind") != 0)
			record_put(to, &from->e->fields[i], &from->slots[i].value, &from->slots[i].norm);
	for (size_t i = 0; i < from->e->nfields; i++)
		for (size_t k = 0; status == CRM_OK && k < from->lists[i].n; k++)
			status = crm_record_add(to, from->e->fields[i].name, from->lists[i].v[k].value);
	for (size_t i = 0; status == CRM_OK && i < from->ncustom; i++) {
		const crm_value *v = &from->custom[i].value;

		status = crm_record_set_custom(to, from->custom[i].field->name, v->kind == CRM_STRING ? v->s : "");
	}
	return status;
}

static int answer_in_operation(int64_t *id, crm_record *r, bool replace)
{
	crm_record *stored = NULL;
	int status = survey_place(id, r, replace);

	if (status == CRM_OK && *id == 0) {
		status = crm_record_save(r);
		*id = crm_record_id(r);
		return status;
	}
	if (status == CRM_OK)
		status = crm_record_load(&stored, r->s, r->e, *id);
	if (status == CRM_OK)
		status = survey_clear(stored);
	if (status == CRM_OK)
		status = take_over(stored, r);
	if (status == CRM_OK)
		status = crm_record_save(stored);
	crm_record_free(stored);
	return status;
}

int crm_survey_answer(int64_t *id, crm_record *answer, bool replace)
{
	int64_t place = 0;
	int status;

	if (answer->e != &entity_survey || answer->id)
		return err_set(&answer->s->err, CRM_INVALID, "an answer is a new record of survey");
	status = op_require(answer->s, "survey add");
	if (status < 0)
		return status;
	status = op_finish(answer->s, answer_in_operation(&place, answer, replace));
	if (status == CRM_OK)
		*id = place;
	return status;
}

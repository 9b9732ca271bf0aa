/*
 * Surveys: which stored one a row is about that has no key, or a new one.
 *
 * An answer about a ticket is the one that this ticket has, of its kind: the file again, or corrected, is no second
 * answer. Any other belongs to the survey that was sent to its customer and is not answered yet.
 */
#include "exchange/import/import.h"
#include "model/survey.h"
#include "service/survey.h"

int answered_find(struct import *im, int64_t *id)
{
	struct crm_record *r = &im->record;

	*id = 0;
	if (im->e != &entity_survey || !survey_is_answer(r))
		return CRM_OK;
	return survey_place(id, r, crm_record_get(r, "ticket").kind != CRM_NULL);
}

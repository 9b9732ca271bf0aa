/* Follow-ups as records: what SQL and the steps of lib/service share. */
#ifndef MODEL_FOLLOWUP_H
#define MODEL_FOLLOWUP_H

#include "model/entity.h"

/* Of the row `f`: whether it is still to be done, and since when. */
#define FOLLOWUP_PENDING(f)     f ".status IN ('open', 'snoozed')"
#define FOLLOWUP_WAS_PENDING(f) "(" FOLLOWUP_PENDING(f) " OR " f ".done_at > $now)"
#define FOLLOWUP_DUE(f)         "coalesce(" f ".snoozed_until, " f ".due_at)"

/* Sets every, on or after to its canonical form. CRM_INVALID names the field (made in lib/service). */
int followup_set_repeat(crm_record *r, const struct crm_field *f, const char *text);

/*
 * Whether it comes again, as every, on and after say: whether they fit each other, and the beginning of a series of its
 * own where they or the due changed. CRM_INVALID names the field (made in lib/service).
 */
int followup_repeat_check(crm_record *r, bool creating);

/* Writes the next of the series of one that is done or skipped, unless there is one (made in lib/service). */
int followup_repeat_next(crm_record *r);

/* Whether its due lies before now; a whole day, before today. */
bool followup_has_passed(crm_record *r);

/* What a contact can be: the actions of follow-ups and of policies. */
enum {
	FOLLOWUP_ACTIONS = 8
};
extern const struct word followup_actions[FOLLOWUP_ACTIONS];

#endif

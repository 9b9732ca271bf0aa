/* Follow-ups as records: what SQL and the steps of lib/service share. */
#ifndef MODEL_FOLLOWUP_H
#define MODEL_FOLLOWUP_H

#include "model/entity.h"

/* Of the row `f`: whether it is still to be done, and since when. */
#define FOLLOWUP_PENDING(f) f ".status IN ('open', 'snoozed')"
#define FOLLOWUP_DUE(f)     "coalesce(" f ".snoozed_until, " f ".due_at)"

/* What a contact can be: the actions of follow-ups and of policies. */
enum {
	FOLLOWUP_ACTIONS = 8
};
extern const struct word followup_actions[FOLLOWUP_ACTIONS];

#endif

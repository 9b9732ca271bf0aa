/* Surveys as records. */
#ifndef MODEL_SURVEY_H
#define MODEL_SURVEY_H

#include "model/entity.h"

/* Whether it holds anything that a customer said: a score, a comment. */
bool survey_is_answer(crm_record *r);

#endif

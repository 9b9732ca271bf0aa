/* Where an answer belongs. */
#ifndef SERVICE_SURVEY_H
#define SERVICE_SURVEY_H

#include "model/record.h"
#include <crm/survey.h>

/*
 * The stored survey that the answer in `r` is one to: the one sent last, and not after it, that nobody answered yet;
 * else with `replace` the answer that was given to it before. *id 0: none, it is one of its own.
 */
int survey_place(int64_t *id, crm_record *r, bool replace);

#endif

/* Follow-ups that come again, as records: repeat.h has the dates. */
#ifndef SERVICE_REPEATING_H
#define SERVICE_REPEATING_H

#include "model/followup.h"

/*
 * Writes the next of the series of one that has just been saved as done or skipped. *id 0: it does not come again, or the
 * next is there already; *missed: those that passed meanwhile.
 */
int repeating_write_next(int64_t *id, int64_t *missed, crm_record *r);

#endif

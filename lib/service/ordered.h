/* Rules that are tried in their order, each with a filter of what it is for: policies of follow-ups and SLAs. */
#ifndef SERVICE_ORDERED_H
#define SERVICE_ORDERED_H

#include "model/entity.h"

/* Before one is written: its filter (of `filtered`) is understood, and a new one without position comes last. */
int ordered_prepare(crm_record *r, bool creating, const struct crm_entity *filtered);

/* One without position gets the last. */
int ordered_position(crm_record *r);

#endif

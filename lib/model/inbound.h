/* What a new communication does to its ticket. */
#ifndef MODEL_INBOUND_H
#define MODEL_INBOUND_H

#include "model/entity.h"

/* Called once a new record of the entity `log` is written, in the same operation. */
int ticket_heard(crm_record *log);

#endif

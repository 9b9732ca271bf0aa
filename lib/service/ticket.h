/* Steps of a ticket on the record at hand, which the caller saves. */
#ifndef SERVICE_TICKET_H
#define SERVICE_TICKET_H

#include "model/record.h"
#include <crm/ticket.h>

/* CRM_INVALID when it lies ahead: only what has happened can be written down. */
int step_check_time(crm_store *s, int64_t at);

/* To an agent, or to nobody (NULL). CRM_NOTFOUND, CRM_CONFLICT: not active. */
int ticket_assign(crm_record *r, const char *agent);

/* To the member of its team whose turn it is. CRM_CONFLICT: there is no active one. */
int ticket_assign_member(crm_record *r, crm_assign_how how);

#endif

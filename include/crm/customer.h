/*
 * Customers beyond the generic record: what happened with one.
 */
#ifndef CRM_CUSTOMER_H
#define CRM_CUSTOMER_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * All that happened with a customer, newest first: rows of type (log, ticket, order, followup, survey), id (of that
 * record), at, channel, direction, agent, duration, subject, content. Columns that mean nothing for a type are empty. An
 * unknown customer has no rows.
 */
CRM_API int crm_customer_timeline(crm_cursor **out, crm_store *s, int64_t customer);

#ifdef __cplusplus
}
#endif

#endif

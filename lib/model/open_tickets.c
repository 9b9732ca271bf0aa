/* How many tickets of each customer are not resolved, for all customers at once: one walk over the tickets. */
#include "model/ticket.h"

#define OPEN_TICKETS "FROM ticket k WHERE k.status NOT IN " TICKET_RESOLVED

int tickets_recompute_all(crm_store *s)
{
	static const char *const steps[] = {
		"UPDATE customer SET open_tickets = 0 WHERE open_tickets <> 0 AND id NOT IN (SELECT "
		"k.customer " OPEN_TICKETS ")",
		"UPDATE customer SET open_tickets = n.tickets FROM (SELECT k.customer, count(*) AS "
		"tickets " OPEN_TICKETS
		" GROUP BY k.customer) n WHERE n.customer = customer.id AND open_tickets <> n.tickets",
	};
	int status = CRM_OK;

	for (size_t i = 0; status >= 0 && i < ARRAY_SIZE(steps); i++) {
		cleanup(db_releasep) struct stmt *st = NULL;

		status = db_prepare(&st, s, steps[i], DB_SCAN);
		if (status == CRM_OK)
			status = db_step(st);
	}
	return status < 0 ? status : CRM_OK;
}

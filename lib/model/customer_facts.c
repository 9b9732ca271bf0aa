/*
 * Facts of all customers at once, where the expressions of the description would look up each customer in turn: one walk
 * over what they come from. What is kept is the same (crm_check compares); only what differs is written.
 */
#include "model/customer.h"
#include "model/followup.h"
#include "model/ticket.h"

static int run(crm_store *s, const char *sql)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s, sql, DB_SCAN);

	if (status == CRM_OK)
		status = db_step(st);
	return status < 0 ? status : CRM_OK;
}

int tickets_recompute_all(crm_store *s)
{
	return run(s,
		"UPDATE customer SET open_tickets = n.tickets FROM (SELECT c.id, coalesce(g.tickets, 0) AS tickets"
		" FROM customer c LEFT JOIN (SELECT k.customer, count(*) AS tickets FROM ticket k WHERE k.status NOT"
		" IN " TICKET_RESOLVED " GROUP BY k.customer) g ON g.customer = c.id) n WHERE n.id = customer.id"
		" AND customer.open_tickets <> n.tickets");
}

int followups_recompute_all(crm_store *s)
{
	return run(s, "UPDATE customer SET next_followup = n.due FROM (SELECT c.id, g.due FROM customer c LEFT JOIN"
		      " (SELECT f.customer, min(" FOLLOWUP_DUE("f") ") AS due FROM followup f WHERE " FOLLOWUP_PENDING(
			      "f") " GROUP BY f.customer) g ON g.customer = c.id) n WHERE n.id = customer.id"
				   " AND customer.next_followup IS NOT n.due");
}

int orders_recompute_all(crm_store *s)
{
	return run(s,
		"UPDATE customer SET orders = n.orders, orders_total = n.total, orders_currency = n.currency,"
		" last_order_at = n.latest FROM (SELECT c.id, coalesce(g.orders, 0) AS orders, g.total, g.currency,"
		" g.latest FROM customer c LEFT JOIN (SELECT o.customer, " ORDERS_COUNT " AS orders, " ORDERS_TOTAL
		" AS total, " ORDERS_CURRENCY
		" AS currency, max(o.at) AS latest FROM sales_order o WHERE " ORDERS_COUNTED
		" GROUP BY o.customer) g ON g.customer = c.id) n WHERE n.id = customer.id AND (customer.orders <>"
		" n.orders OR customer.orders_total IS NOT n.total OR customer.orders_currency IS NOT n.currency"
		" OR customer.last_order_at IS NOT n.latest)");
}

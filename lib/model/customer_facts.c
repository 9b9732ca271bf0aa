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

/* First those who have none any more, then those who have some: few, often, of many customers. */
static int clear_and_fill(crm_store *s, const char *clear, const char *fill)
{
	int status = run(s, clear);

	return status == CRM_OK ? run(s, fill) : status;
}

#define OPEN_TICKETS "FROM ticket k WHERE k.status NOT IN " TICKET_RESOLVED

int tickets_recompute_all(crm_store *s)
{
	return clear_and_fill(s,
		"UPDATE customer SET open_tickets = 0 WHERE open_tickets <> 0 AND id NOT IN (SELECT "
		"k.customer " OPEN_TICKETS ")",
		"UPDATE customer SET open_tickets = n.tickets FROM (SELECT k.customer, count(*) AS "
		"tickets " OPEN_TICKETS
		" GROUP BY k.customer) n WHERE n.customer = customer.id AND open_tickets <> n.tickets");
}

#define PENDING "FROM followup f WHERE " FOLLOWUP_PENDING("f")

int followups_recompute_all(crm_store *s)
{
	return clear_and_fill(s,
		"UPDATE customer SET next_followup = NULL WHERE next_followup IS NOT NULL AND id NOT IN (SELECT "
		"f.customer " PENDING ")",
		"UPDATE customer SET next_followup = n.due FROM (SELECT f.customer, min(" FOLLOWUP_DUE(
			"f") ") AS due " PENDING
			     " GROUP BY f.customer) n WHERE n.customer = customer.id AND next_followup IS NOT n.due");
}

#define ORDERS "FROM sales_order o WHERE " ORDERS_COUNTED

int orders_recompute_all(crm_store *s)
{
	return clear_and_fill(s,
		"UPDATE customer SET orders = 0, orders_total = NULL, orders_currency = NULL, last_order_at = NULL"
		" WHERE (orders <> 0 OR orders_total IS NOT NULL OR orders_currency IS NOT NULL OR last_order_at IS NOT"
		" NULL) AND id NOT IN (SELECT o.customer " ORDERS ")",
		"UPDATE customer SET orders = n.orders, orders_total = n.total, orders_currency = n.currency,"
		" last_order_at = n.latest FROM (SELECT o.customer, " ORDERS_COUNT " AS orders, " ORDERS_TOTAL
		" AS total, " ORDERS_CURRENCY " AS currency, max(o.at) AS latest " ORDERS
		" GROUP BY o.customer) n WHERE n.customer = customer.id AND (customer.orders <> n.orders"
		" OR customer.orders_total IS NOT n.total OR customer.orders_currency IS NOT n.currency"
		" OR customer.last_order_at IS NOT n.latest)");
}

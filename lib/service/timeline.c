/* What happened with a ticket, or with a customer, as one list, newest first. */
#include <crm/customer.h>
#include <crm/ticket.h>

#include "base/cursor.h"
#include "store/store.h"

/* Rows of a statement about record $1, whose first columns are those. */
static int gather(crm_cursor **out, crm_store *s, const char *sql, const crm_column *columns, size_t n, int64_t id)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s, sql, DB_SCAN); /* sorts what belongs to one record */

	if (status < 0)
		return status;
	db_bind_int(st, 1, id);
	return db_gather(out, s, st, columns, n);
}

static const crm_column ticket_columns[] = {
	COLUMN("at", "Time", "when it took place", CRM_TIME),
	COLUMN("what", "What", "kind of event, or channel and direction of a communication", CRM_TEXT),
	COLUMN("actor", "Who", "agent or rule", CRM_TEXT),
	COLUMN("text", "Text", "what became of it, or what was said", CRM_TEXT),
};

static const char ticket_sql[] =
	"SELECT at, kind, actor, CASE WHEN kind IN ('created', 'reply') THEN NULL ELSE coalesce(old_value, '-') ||"
	" ' -> ' || coalesce(new_value, '-') END AS said, id, 0 AS place FROM ticket_event WHERE ticket = $1"
	" UNION ALL SELECT at, CASE WHEN internal THEN 'note' ELSE channel || coalesce(' ' || direction, '') END, "
	"agent,"
	" CASE WHEN subject IS NULL THEN content ELSE subject || coalesce(': ' || content, '') END, id, 1"
	" FROM log WHERE ticket = $1 ORDER BY 1 DESC, 6 DESC, 5 DESC";

int crm_ticket_timeline(crm_cursor **out, crm_store *s, int64_t ticket)
{
	return gather(out, s, ticket_sql, ticket_columns, ARRAY_SIZE(ticket_columns), ticket);
}

static const crm_column customer_columns[] = {
	COLUMN("type", "What", "log, ticket, order, followup or survey", CRM_TEXT),
	COLUMN("id", "Id", "number of the record", CRM_INTEGER),
	COLUMN("at", "Time", "when it took place", CRM_TIME),
	COLUMN("channel", "Channel", "of a communication or follow-up: how", CRM_TEXT),
	COLUMN("direction", "Direction", "of a communication: in or out", CRM_TEXT),
	COLUMN("agent", "Agent", "who did it", CRM_TEXT),
	COLUMN("duration", "Duration", "of a communication", CRM_DURATION),
	COLUMN("subject", "Subject", "what it was about", CRM_TEXT),
	COLUMN("content", "Content", "what was said, changed, bought or answered", CRM_TEXT),
};

static const char customer_sql[] =
	"SELECT 'log' AS type, id, at, channel, direction, agent, duration, subject, content, id AS place"
	" FROM log WHERE customer = $1"
	" UNION ALL SELECT 'ticket', k.id, v.at, NULL, NULL, v.actor, NULL, k.subject, CASE WHEN v.kind IN ('created',"
	" 'reply') THEN v.kind ELSE v.kind || ': ' || coalesce(v.old_value, '-') || ' -> ' || coalesce(v.new_value, "
	"'-')"
	" END, v.id FROM ticket k JOIN ticket_event v ON v.ticket = k.id WHERE k.customer = $1"
	" UNION ALL SELECT 'order', id, at, NULL, NULL, NULL, NULL, coalesce(number, product), coalesce(quantity || ' x"
	" ', '') || coalesce(product, model, '') || coalesce(', ' || money(amount, currency) || ' ' || currency, '')"
	" || coalesce(', ' || status, ''), id FROM sales_order WHERE customer = $1"
	" UNION ALL SELECT 'followup', id, done_at, due_action, NULL, owner, NULL, purpose, status || coalesce(': ' ||"
	" outcome, ''), id FROM followup WHERE customer = $1 AND done_at IS NOT NULL"
	" UNION ALL SELECT 'survey', id, answered_at, NULL, 'in', NULL, NULL, kind, remark, id FROM survey"
	" WHERE customer = $1 AND answered_at IS NOT NULL ORDER BY 3 DESC, 1 DESC, 10 DESC";

int crm_customer_timeline(crm_cursor **out, crm_store *s, int64_t customer)
{
	return gather(out, s, customer_sql, customer_columns, ARRAY_SIZE(customer_columns), customer);
}

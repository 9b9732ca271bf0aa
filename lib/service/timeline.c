/* A ticket's events and communications as one list. */
#include <crm/ticket.h>

#include "base/cursor.h"
#include "store/store.h"

enum {
	COL_AT,
	COL_WHAT,
	COL_ACTOR,
	COL_TEXT,
	COL_COUNT
};

static const crm_column columns[COL_COUNT] = {
	[COL_AT] = { "at", "Time", "when it took place", CRM_TIME },
	[COL_WHAT] = { "what", "What", "kind of event, or channel and direction of a communication", CRM_TEXT },
	[COL_ACTOR] = { "actor", "Who", "agent or rule", CRM_TEXT },
	[COL_TEXT] = { "text", "Text", "what became of it, or what was said", CRM_TEXT },
};

static const char timeline_sql[] =
	"SELECT at, kind, actor, CASE WHEN kind IN ('created', 'reply') THEN NULL ELSE coalesce(old_value, '-') ||"
	" ' -> ' || coalesce(new_value, '-') END AS said, id, 0 AS place FROM ticket_event WHERE ticket = $1"
	" UNION ALL SELECT at, CASE WHEN internal THEN 'note' ELSE channel || coalesce(' ' || direction, '') END, "
	"agent,"
	" CASE WHEN subject IS NULL THEN content ELSE subject || coalesce(': ' || content, '') END, id, 1"
	" FROM log WHERE ticket = $1 ORDER BY 1 DESC, 6 DESC, 5 DESC";

int crm_ticket_timeline(crm_cursor **out, crm_store *s, int64_t ticket)
{
	cleanup(rowset_freep) struct rowset *rows = NULL;
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s, timeline_sql, DB_SCAN); /* sorts one ticket's */

	if (status == CRM_OK && rowset_new(&rows, columns, COL_COUNT) < 0)
		status = err_nomem(&s->err);
	if (status == CRM_OK)
		db_bind_int(st, 1, ticket);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		rowset_begin(rows);
		for (int i = 0; i < COL_COUNT; i++) {
			crm_value v = db_value(st, i);

			rowset_value(rows, (size_t)i, &v);
		}
	}
	if (status < 0)
		return status;
	return rowset_cursor(out, TAKE_PTR(rows)) < 0 ? err_nomem(&s->err) : CRM_OK;
}

/*
 * Tickets as they were: a tracked field at a past time, from ticket_event. Only what is tracked can be asked for; all
 * else is stored as it is now, and shown beside the past it would lie.
 */
#include "query/filter.h"
#include <stdio.h>

/* Does not change, or says itself what it is about. */
static bool is_constant(const struct crm_field *f)
{
	return strcmp(f->name, "id") == 0 || strcmp(f->name, "created_at") == 0;
}

static bool is_state(const struct crm_field *f)
{
	return strcmp(f->name, "state") == 0;
}

int as_of_check(struct sql *q, const struct crm_entity *e, const struct crm_field *f)
{
	struct buf known = BUF_INIT;

	if (!q->as_of || f->flags & FIELD_TRACKED || is_constant(f) || is_state(f))
		return CRM_OK;
	for (size_t i = 0; i < e->nfields; i++)
		if (e->fields[i].flags & FIELD_TRACKED || is_constant(&e->fields[i]) || is_state(&e->fields[i]))
			buf_printf(&known, "%s%s", known.len ? ", " : "", e->fields[i].name);
	err_set(&q->s->err, CRM_INVALID, "%s: its past is not kept; --as-of knows %s", f->name, buf_str(&known));
	buf_free(&known);
	return CRM_INVALID;
}

/* What the first change after that time found, else what it is. */
static void put_tracked(struct sql *q, const char *field, const char *column, const char *alias)
{
	struct buf events = BUF_INIT;

	buf_printf(&events, "FROM ticket_event v WHERE v.ticket = %s.id AND v.kind = '%s' AND v.at > ", alias, field);
	if (!buf_str(&events)) {
		q->text.failed = true;
		return;
	}
	buf_printf(&q->text, "CASE WHEN EXISTS (SELECT 1 %s", events.s);
	sql_param_int(q, q->as_of);
	buf_printf(&q->text, ") THEN (SELECT v.old_value %s", events.s);
	sql_param_int(q, q->as_of);
	buf_printf(&q->text, " ORDER BY v.at, v.id LIMIT 1) ELSE %s.%s END", alias, column);
	buf_free(&events);
}

bool as_of_field(struct sql *q, const struct crm_field *f, const char *alias)
{
	if (!q->as_of || is_constant(f))
		return false;
	if (is_state(f)) {
		buf_puts(&q->text, "(SELECT s.category FROM ticket_status s WHERE s.name = ");
		put_tracked(q, "status", "status", alias);
		buf_putc(&q->text, ')');
	} else {
		put_tracked(q, f->name, field_column(f), alias);
	}
	return true;
}

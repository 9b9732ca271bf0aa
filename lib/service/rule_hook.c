/* Hooks: what they are told, and what becomes of their answers. The program that uses the library runs them. */
#include "service/rule.h"
#include <crm/query.h>

static void put_value(struct buf *out, crm_store *s, const crm_column *c, const crm_value *v)
{
	char time[32];

	if (v->kind == CRM_NULL) {
		buf_puts(out, "null");
	} else if (c->type == CRM_TIME && v->kind == CRM_INT) {
		crm_time_format(time, s, v->i, CRM_TIME_RFC3339);
		buf_json(out, time, strlen(time));
	} else if (c->type == CRM_BOOL && v->kind == CRM_INT) {
		buf_puts(out, v->i ? "true" : "false");
	} else if (v->kind == CRM_INT) {
		buf_printf(out, "%lld", (long long)v->i);
	} else if (v->kind == CRM_DOUBLE) {
		buf_printf(out, "%.15g", v->d);
	} else {
		buf_json(out, v->s, v->len);
	}
}

/* All fields of the ticket as they are now. */
static int put_ticket(struct buf *out, crm_store *s, int64_t ticket)
{
	crm_cursor *row = NULL;
	crm_query *q;
	int status = crm_query_new(&q, s, &entity_ticket);

	if (status < 0)
		return status;
	status = crm_query_fields_all(q);
	if (status == CRM_OK)
		status = crm_query_ids(q, &ticket, 1);
	if (status == CRM_OK)
		status = crm_query_open(&row, q);
	if (status == CRM_OK)
		status = crm_cursor_next(row);
	for (size_t i = 0; status == CRM_OK && i < crm_cursor_columns(row); i++) {
		const crm_column *c = crm_cursor_column(row, i);

		buf_putc(out, i ? ',' : '{');
		buf_json(out, c->name, strlen(c->name));
		buf_putc(out, ':');
		put_value(out, s, c, crm_cursor_value(row, i));
	}
	buf_puts(out, status == CRM_OK ? "}" : "null"); /* with a clock before its creation there is none to show */
	crm_cursor_close(row);
	crm_query_free(q);
	return status < 0 ? status : CRM_OK;
}

static void put_member(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "%c\"%s\":", out->len ? ',' : '{', name);
	buf_json(out, text, strlen(text));
}

static void put_head(struct buf *out, crm_store *s, const struct rule *r, const char *phase)
{
	char time[32];

	crm_time_format(time, s, crm_store_now(s), CRM_TIME_RFC3339);
	put_member(out, "rule", r->name);
	put_member(out, "event", r->event);
	put_member(out, "phase", phase);
	put_member(out, "at", time);
	put_member(out, "agent", crm_store_agent(s));
	buf_puts(out, ",\"ticket\":");
}

/* For the second phase, told with the same ticket. */
static int remember(struct rule_work *w, crm_store *s, const char *hook, struct buf *json)
{
	struct hook_call call = { .name = strdup(hook), .length = json->len };

	call.json = buf_take(json);
	if (!call.name || !call.json || !GROW(w->hooks, w->nhooks, w->hooks_cap)) {
		free(call.name);
		free(call.json);
		return err_nomem(&s->err);
	}
	w->hooks[w->nhooks++] = call;
	return CRM_OK;
}

static int ask(crm_store *s, const char *name, const struct buf *json)
{
	const crm_hook call = { .name = name, .json = json->s, .length = json->len };
	const char *refused;

	if (!s->hook)
		return err_set(&s->err, CRM_CONFLICT, "hook '%s': nothing here runs hooks", name);
	refused = s->hook(&call, s->hook_payload);
	return refused ? err_set(&s->err, CRM_CONFLICT, "hook '%s': %s", name, refused) : CRM_OK;
}

int rule_hook(struct rule_work *w, crm_store *s, const struct rule *r, const char *hook, int64_t ticket)
{
	cleanup(buf_free) struct buf body = BUF_INIT, before = BUF_INIT, after = BUF_INIT;
	int status;

	if (w->dry_run)
		return CRM_OK;
	status = op_settle(s);
	if (status == CRM_OK)
		status = put_ticket(&body, s, ticket);
	if (status < 0)
		return status;
	put_head(&before, s, r, "before");
	put_head(&after, s, r, "after");
	buf_printf(&before, "%s}\n", body.s ? body.s : "null");
	buf_printf(&after, "%s}\n", body.s ? body.s : "null");
	if (!buf_str(&body) || !buf_str(&before) || !buf_str(&after))
		return err_nomem(&s->err);
	status = ask(s, hook, &before);
	return status == CRM_OK ? remember(w, s, hook, &after) : status;
}

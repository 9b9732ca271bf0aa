/* The steps of a ticket's workflow. */
#include <crm/ticket.h>

#include "model/record.h"
#include "model/ticket.h"
#include "service/classify.h"
#include "service/ticket.h"
#include "text/text.h"
#include <stdio.h>

int step_check_time(crm_store *s, int64_t at)
{
	char time[32];

	if (at <= crm_store_now(s))
		return CRM_OK;
	crm_time_format(time, s, at, CRM_TIME_SHORT);
	return err_set(&s->err, CRM_INVALID, "%s lies ahead: only what has happened can be written down", time);
}

static void put_step(crm_record *r, const crm_step *step)
{
	if (step) {
		r->effective = step->at;
		r->actor = step->actor;
	}
}

static const char *text_of(crm_record *r, const char *field)
{
	crm_value v = crm_record_get(r, field);

	return v.kind == CRM_STRING ? v.s : "";
}

/* Begins a step on a stored ticket: the operation, and the record to change. */
static int begin(crm_record **r, crm_store *s, int64_t ticket, const char *verb, const crm_step *step)
{
	struct buf command = BUF_INIT;
	int status = step ? step_check_time(s, step->at) : CRM_OK;

	buf_printf(&command, "ticket %s %lld", verb, (long long)ticket);
	if (status == CRM_OK)
		status = buf_str(&command) ? op_require(s, command.s) : err_nomem(&s->err);
	buf_free(&command);
	if (status < 0)
		return status;
	status = crm_record_load(r, s, &entity_ticket, ticket);
	if (status == CRM_OK)
		put_step(*r, step);
	return status < 0 ? op_finish(s, status) : CRM_OK;
}

/* Ends it: saves what changed, unless `status` says that it failed. */
static int finish(crm_record *r, int status)
{
	crm_store *s = record_store(r);

	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	return op_finish(s, status);
}

int crm_ticket_add(crm_record *ticket, const crm_step *step)
{
	crm_store *s = record_store(ticket);
	int status = step ? step_check_time(s, step->at) : CRM_OK;

	if (status < 0)
		return status;
	put_step(ticket, step);
	status = classify_fill(ticket);
	if (status < 0)
		return status;
	if (crm_record_get(ticket, "type").kind == CRM_NULL)
		return err_set(&s->err, CRM_INVALID,
			"ticket: type is required (--type inquiry, complaint, after_sales, "
			"feedback, question, incident, problem or task)");
	return crm_record_save(ticket);
}

/* --- whose it is --- */

static int check_active(crm_store *s, const char *agent)
{
	int64_t active;
	int status = db_get_int(&active, s, "SELECT active FROM agent WHERE name_fold = fold($1)", "s", agent);

	if (status == CRM_OK && !active)
		return err_set(&s->err, CRM_CONFLICT, "%s is not active: crm agent edit %s --active yes", agent, agent);
	return status < 0 ? status : CRM_OK;
}

/* Somebody looks after it now: it is new no longer. */
int ticket_assign(crm_record *r, const char *agent)
{
	int status = crm_record_set(r, "assignee", agent ? agent : "");

	if (status == CRM_OK && agent)
		status = check_active(record_store(r), text_of(r, "assignee"));
	if (status == CRM_OK && agent && strcmp(text_of(r, "status"), "new") == 0)
		status = crm_record_set(r, "status", "open");
	return status;
}

int crm_ticket_assign(crm_store *s, int64_t ticket, const char *agent, const crm_step *step)
{
	crm_record *r;
	int status = begin(&r, s, ticket, agent ? "assign" : "unassign", step);

	return status < 0 ? status : finish(r, ticket_assign(r, agent));
}

/* The member whose turn it is, copied to `mem`. */
static int choose_member(const char **out, crm_store *s, struct arena *mem, const char *team, crm_assign_how how)
{
	static const char *const orders[] = {
		[CRM_ASSIGN_ROUND_ROBIN] = "last, a.id",
		[CRM_ASSIGN_LEAST_LOADED] = "load, last, a.id",
	};
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql,
		"SELECT a.name, t.members, coalesce((SELECT max(v.id) FROM ticket_event v JOIN ticket k ON k.id = "
		"v.ticket WHERE v.kind = 'assignee' AND v.new_value = a.name AND k.team = t.name), 0) AS last,"
		" (SELECT count(*) FROM ticket k WHERE k.assignee = a.name AND k.status NOT IN " TICKET_RESOLVED
		") AS load FROM team t JOIN agent a ON a.active = 1 WHERE t.name = $1 ORDER BY %s",
		orders[how]);
	status = buf_str(&sql) ? db_prepare(&st, s, sql.s, DB_SCAN) : err_nomem(&s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_str(st, 1, team);
	*out = NULL;
	while (!*out && (status = db_step(st)) == CRM_OK)
		if (!db_is_null(st, 1) && list_has(db_text(st, 1), db_bytes(st, 1), db_text(st, 0)))
			*out = arena_copy(mem, db_text(st, 0), db_bytes(st, 0));
	if (status == CRM_END)
		status = err_set(&s->err, CRM_CONFLICT,
			"the team %s has no active member: crm team edit %s --members …", team, team);
	return status < 0 ? status : CRM_OK;
}

int ticket_assign_member(crm_record *r, crm_assign_how how)
{
	const char *agent;
	int status = choose_member(&agent, r->s, &r->mem, text_of(r, "team"), how);

	return status == CRM_OK ? ticket_assign(r, agent) : status;
}

int crm_ticket_assign_team(crm_store *s, int64_t ticket, const char *team, crm_assign_how how, const crm_step *step)
{
	crm_record *r;
	int status = begin(&r, s, ticket, "assign", step);

	if (status < 0)
		return status;
	status = crm_record_set(r, "team", team);
	return finish(r, status == CRM_OK ? ticket_assign_member(r, how) : status);
}

/* --- what is said --- */

/* The way by which the customer wrote last, else that of the ticket, else e-mail. */
static int usual_channel(const char **out, crm_record *r)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, r->s,
		"SELECT channel FROM log WHERE ticket = $1 AND direction = 'in' AND internal = 0 ORDER BY at DESC, id"
		" DESC LIMIT 1",
		DB_SCAN); /* sorts a ticket's messages of one moment */

	if (status < 0)
		return status;
	db_bind_int(st, 1, r->id);
	status = db_step(st);
	*out = status == CRM_OK ? arena_copy(&r->mem, db_text(st, 0), db_bytes(st, 0)) : text_of(r, "channel");
	if (!**out)
		*out = "email";
	return status < 0 ? status : CRM_OK;
}

static int set_number(crm_record *r, const char *field, int64_t number)
{
	char text[24];

	return record_set_int(r, field, number, text);
}

/* A communication of the ticket. */
static int write_log(int64_t *out, crm_record *ticket, const char *channel, bool internal, const char *text)
{
	const crm_value at = { .kind = CRM_INT, .i = ticket->effective ? ticket->effective : crm_store_now(ticket->s) };
	const crm_value none = { .kind = CRM_NULL };
	crm_record *r;
	int status = crm_record_new(&r, ticket->s, &entity_log);

	if (status < 0)
		return status;
	status = set_number(r, "customer", crm_record_get(ticket, "customer").i);
	if (status == CRM_OK)
		status = set_number(r, "ticket", ticket->id);
	if (status == CRM_OK)
		status = crm_record_set(r, "channel", channel);
	if (status == CRM_OK)
		status = internal ? crm_record_set(r, "internal", "yes") : crm_record_set(r, "direction", "out");
	if (status == CRM_OK)
		status = crm_record_set(r, "content", text);
	if (status == CRM_OK && ticket->actor)
		status = crm_record_set(r, "agent", ticket->actor);
	if (status == CRM_OK) {
		record_put(r, field_find_static(&entity_log, "at"), &at, &none);
		status = crm_record_save(r);
	}
	if (status == CRM_OK && out)
		*out = r->id;
	crm_record_free(r);
	return status;
}

int crm_ticket_reply(
	int64_t *log, crm_store *s, int64_t ticket, const char *channel, const char *text, const crm_step *step)
{
	crm_record *r;
	int status = begin(&r, s, ticket, "reply", step);

	if (status < 0)
		return status;
	if (!channel)
		status = usual_channel(&channel, r);
	if (status == CRM_OK)
		status = write_log(log, r, channel, false, text);
	if (status == CRM_OK && strcmp(text_of(r, "status"), "new") == 0)
		status = crm_record_set(r, "status", "open");
	return finish(r, status);
}

int crm_ticket_note(int64_t *log, crm_store *s, int64_t ticket, const char *text, const crm_step *step)
{
	crm_record *r;
	int status = begin(&r, s, ticket, "note", step);

	return status < 0 ? status : finish(r, write_log(log, r, "other", true, text));
}

/* --- how far it is --- */

static int move(crm_record *r, const char *to, int64_t until)
{
	const crm_value v = { .kind = until ? CRM_INT : CRM_NULL, .i = until }, none = { .kind = CRM_NULL };
	crm_store *s = record_store(r);
	cleanup(freep) char *from = strdup(text_of(r, "status"));
	int status = from ? crm_record_set(r, "status", to) : err_nomem(&s->err);

	if (status == CRM_OK && strcmp(from, text_of(r, "status")) == 0 && !until)
		return err_set(&s->err, CRM_CONFLICT, "ticket %lld is %s already", (long long)r->id, from);
	if (status == CRM_OK)
		record_put(r, field_find_static(&entity_ticket, "pending_until"), &v, &none);
	return status;
}

int crm_ticket_move(crm_store *s, int64_t ticket, const char *to, int64_t until, const crm_step *step)
{
	crm_record *r;
	int status = begin(&r, s, ticket, to, step);

	return status < 0 ? status : finish(r, move(r, to, until));
}

int crm_ticket_solve(crm_store *s, int64_t ticket, const char *resolution, const crm_step *step)
{
	crm_record *r;
	int status = begin(&r, s, ticket, "solve", step);

	if (status < 0)
		return status;
	status = move(r, "solved", 0);
	if (status == CRM_OK && resolution)
		status = crm_record_set(r, "resolution", resolution);
	return finish(r, status);
}

/* --- several tickets --- */

/* The records of `e` that belong to one ticket become those of another. */
static int move_records(crm_store *s, const struct crm_entity *e, int64_t from, int64_t to)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(freep) int64_t *ids = NULL;
	size_t n = 0, cap = 0;
	char sql[64];
	int status;

	snprintf(sql, sizeof(sql), "SELECT id FROM %s WHERE ticket = $1", e->table);
	status = db_prepare(&st, s, sql, 0);
	if (status < 0)
		return status;
	db_bind_int(st, 1, from);
	while ((status = db_step(st)) == CRM_OK) {
		if (!GROW(ids, n, cap))
			return err_nomem(&s->err);
		ids[n++] = db_int(st, 0);
	}
	for (size_t i = 0; status >= 0 && i < n; i++) {
		crm_record *r;

		status = crm_record_load(&r, s, e, ids[i]);
		if (status < 0)
			return status;
		status = set_number(r, "ticket", to);
		if (status == CRM_OK)
			status = crm_record_save(r);
		crm_record_free(r);
	}
	return status < 0 ? status : CRM_OK;
}

static int take_tags(crm_record *keep, crm_record *other)
{
	crm_value tags = crm_record_get(other, "tags");
	struct buf item = BUF_INIT;
	size_t pos = 0;
	int status = CRM_OK;

	while (status == CRM_OK && tags.kind == CRM_STRING && list_next(&item, tags.s, tags.len, &pos))
		status = crm_record_add(keep, "tags", item.s);
	return list_end(&item, status, &keep->s->err);
}

static int merge_one(crm_record *keep, int64_t id)
{
	crm_store *s = keep->s;
	crm_record *r;
	int status;

	if (id == keep->id)
		return err_set(&s->err, CRM_INVALID, "ticket %lld cannot be merged into itself", (long long)id);
	status = crm_record_load(&r, s, &entity_ticket, id);
	if (status < 0)
		return status;
	r->effective = keep->effective;
	r->actor = keep->actor;
	if (crm_record_get(r, "customer").i != crm_record_get(keep, "customer").i)
		status = err_set(&s->err, CRM_CONFLICT, "tickets %lld and %lld are of different customers",
			(long long)keep->id, (long long)id);
	if (status == CRM_OK)
		status = take_tags(keep, r);
	if (status == CRM_OK)
		status = move_records(s, &entity_log, id, keep->id);
	if (status == CRM_OK)
		status = move_records(s, &entity_followup, id, keep->id);
	if (status == CRM_OK)
		status = crm_record_set(r, "status", "merged");
	if (status == CRM_OK)
		status = set_number(r, "merged_into", keep->id);
	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

int crm_ticket_merge(crm_store *s, int64_t keep, const int64_t *others, size_t n, const crm_step *step)
{
	crm_record *r;
	int status = begin(&r, s, keep, "merge", step);

	if (status < 0)
		return status;
	if (strcmp(text_of(r, "status"), "merged") == 0)
		status = err_set(&s->err, CRM_CONFLICT,
			"ticket %lld was merged into %lld: nothing can be merged into it", (long long)keep,
			(long long)crm_record_get(r, "merged_into").i);
	for (size_t i = 0; status == CRM_OK && i < n; i++)
		status = merge_one(r, others[i]);
	return finish(r, status);
}

/* Whether `from` leads to `to` by links of that kind. */
static int leads_to(bool *out, crm_store *s, int64_t from, const char *kind, int64_t to)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s,
		"WITH RECURSIVE chain (id) AS (SELECT $1 UNION SELECT l.other FROM ticket_link l JOIN chain c"
		" ON l.ticket = c.id WHERE l.kind = $2) SELECT 1 FROM chain WHERE id = $3",
		DB_SCAN); /* of the chain */

	if (status < 0)
		return status;
	db_bind_int(st, 1, from);
	db_bind_str(st, 2, kind);
	db_bind_int(st, 3, to);
	status = db_step(st);
	*out = status == CRM_OK;
	return status < 0 ? status : CRM_OK;
}

int crm_ticket_link(crm_store *s, int64_t ticket, const char *kind, int64_t other)
{
	bool circle = false;
	crm_record *r;
	int status = op_require(s, "ticket link");

	if (status < 0)
		return status;
	status = crm_record_new(&r, s, &entity_ticket_link);
	if (status < 0)
		return op_finish(s, status);
	status = set_number(r, "ticket", ticket);
	if (status == CRM_OK)
		status = crm_record_set(r, "kind", kind);
	if (status == CRM_OK)
		status = set_number(r, "other", other);
	if (status == CRM_OK && strcmp(kind, "relates") != 0 && ticket != other)
		status = leads_to(&circle, s, other, kind, ticket);
	if (status == CRM_OK && circle)
		status = err_set(&s->err, CRM_CONFLICT, "ticket %lld %s %lld already, perhaps through others: a circle",
			(long long)other, kind, (long long)ticket);
	return finish(r, status);
}

int crm_ticket_unlink(crm_store *s, int64_t ticket, const char *kind, int64_t other)
{
	int64_t id;
	int status = db_get_int(&id, s, "SELECT id FROM ticket_link WHERE ticket = $1 AND kind = $2 AND other = $3",
		"isi", ticket, kind, other);

	if (status == CRM_END)
		return err_set(&s->err, CRM_NOTFOUND, "ticket %lld has no link '%s' to %lld", (long long)ticket, kind,
			(long long)other);
	return status < 0 ? status : crm_record_remove(s, &entity_ticket_link, &id, 1, NULL);
}

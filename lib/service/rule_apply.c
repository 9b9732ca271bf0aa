/* Rules at work: which fit a ticket, and what they do with it. */
#include "model/record.h"
#include "query/filter.h"
#include "service/rule.h"
#include "service/ticket.h"
#include "text/text.h"

/* --- loading --- */

static int load_one(struct rules *out, struct rule *r, struct stmt *st, crm_store *s)
{
	struct arena *mem = &out->mem;
	int status;

	*r = (struct rule){ .id = db_int(st, 0) };
	r->name = arena_copy(mem, db_text(st, 1), db_bytes(st, 1));
	r->event = arena_copy(mem, db_text(st, 2), db_bytes(st, 2));
	r->condition = db_is_null(st, 3) ? "" : arena_copy(mem, db_text(st, 3), db_bytes(st, 3));
	if (!r->name || !r->event || !r->condition)
		return err_nomem(&s->err);
	r->news = rule_event(r->event);
	status = actions_parse(&r->actions, mem, db_text(st, 4), db_bytes(st, 4), &s->err);
	return status;
}

int rules_load(struct rules *out, crm_store *s, unsigned news)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s,
		"SELECT id, name, event, filter_terms, actions FROM rule WHERE active = 1 ORDER BY position, id",
		DB_SCAN); /* a handful of rows */

	*out = (struct rules){ 0 };
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		if (!(rule_event(db_text(st, 2)) & news))
			continue;
		status = GROW(out->v, out->n, out->cap) ? load_one(out, &out->v[out->n++], st, s) : err_nomem(&s->err);
	}
	if (status == CRM_END)
		return CRM_OK;
	rules_free(out);
	return status;
}

void rules_free(struct rules *r)
{
	for (size_t i = 0; i < r->n; i++) {
		actions_free(&r->v[i].actions);
		db_release(r->v[i].st);
	}
	free(r->v);
	arena_free(&r->mem);
	*r = (struct rules){ 0 };
}

/* --- conditions --- */

static int prepare_condition(crm_store *s, struct rule *r)
{
	cleanup(sql_release) struct sql q = { .s = s };
	int status;

	buf_puts(&q.text, "SELECT 1 FROM ticket t0 WHERE t0.id = ");
	sql_param_int(&q, 0);
	r->ticket = (int)q.n;
	buf_puts(&q.text, " AND ");
	status = filter_stored(&q, &entity_ticket, "t0", r->condition);
	if (status == CRM_OK)
		status = sql_prepare(&r->st, &q, DB_SCAN | DB_ONCE);
	return status;
}

/* Puts the names of rule and ticket before the message; what is nobody's mistake keeps its status. */
static int blame(crm_store *s, const struct rule *r, int64_t ticket, int status)
{
	static const int mistakes[] = { CRM_NOTFOUND, CRM_AMBIGUOUS, CRM_EXISTS, CRM_INVALID, CRM_CONFLICT };
	struct buf why = BUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(mistakes); i++) {
		if (status != mistakes[i])
			continue;
		buf_puts(&why, crm_errmsg(s));
		status = !buf_str(&why) ? err_nomem(&s->err)
			 : ticket       ? err_set(&s->err, CRM_CONFLICT, "rule '%s', ticket %lld: %s", r->name,
						  (long long)ticket, why.s)
					: err_set(&s->err, CRM_CONFLICT, "rule '%s': %s", r->name, why.s);
		break;
	}
	buf_free(&why);
	return status;
}

int rule_fits(bool *out, crm_store *s, struct rule *r, int64_t ticket)
{
	int status = r->st ? CRM_OK : prepare_condition(s, r);

	if (status < 0)
		return blame(s, r, 0, status);
	db_rewind(r->st);
	db_bind_int(r->st, r->ticket, ticket);
	status = db_step(r->st);
	*out = status == CRM_OK;
	db_rewind(r->st);
	return status < 0 ? blame(s, r, ticket, status) : CRM_OK;
}

/* --- actions on the record --- */

static bool is_member(crm_store *s, const char *team, const char *agent, int *status)
{
	cleanup(db_releasep) struct stmt *st = NULL;

	*status = db_prepare(&st, s, "SELECT members FROM team WHERE name_fold = fold($1)", 0);
	if (*status < 0)
		return false;
	db_bind_str(st, 1, team);
	*status = db_step(st);
	if (*status != CRM_OK)
		return false;
	return !db_is_null(st, 0) && list_has(db_text(st, 0), db_bytes(st, 0), agent);
}

/* A ticket that a member of the team has already stays with them. */
static int give_to_team(crm_record *t, const struct action *a)
{
	crm_value assignee;
	int status = crm_record_set(t, "team", a->value);

	if (status < 0 || !a->chooses)
		return status;
	assignee = crm_record_get(t, "assignee");
	if (assignee.kind == CRM_STRING && is_member(t->s, a->value, assignee.s, &status))
		return CRM_OK;
	return status < 0 ? status : ticket_assign_member(t, a->how);
}

/* Those that change the ticket itself, unsaved yet. */
static int change(crm_record *t, const struct action *a)
{
	switch (a->kind) {
	case ACTION_SET:
		return crm_record_set(t, a->field, a->value);
	case ACTION_ASSIGN:
		return ticket_assign(t, a->value);
	case ACTION_TEAM:
		return give_to_team(t, a);
	case ACTION_TAG:
		return crm_record_add(t, "tags", a->value);
	case ACTION_UNTAG:
		return crm_record_take(t, "tags", a->value);
	case ACTION_NOTE:
	case ACTION_FOLLOWUP:
	case ACTION_HOOK:
		break;
	}
	return CRM_OK;
}

int rule_would_change(bool *out, crm_store *s, const struct rule *r, int64_t ticket)
{
	crm_record *t;
	int status = crm_record_load(&t, s, &entity_ticket, ticket);

	if (status < 0)
		return status;
	for (size_t i = 0; status == CRM_OK && i < r->actions.n; i++)
		status = change(t, &r->actions.v[i]);
	*out = record_differs(t);
	crm_record_free(t);
	return status < 0 ? blame(s, r, ticket, status) : CRM_OK;
}

/* --- applying --- */

static int load(crm_record **out, crm_store *s, int64_t ticket, const char *actor)
{
	int status = crm_record_load(out, s, &entity_ticket, ticket);

	if (status == CRM_OK)
		(*out)->actor = actor;
	return status;
}

static int say(struct rule_work *w, crm_store *s, const struct rule *r, int64_t ticket, const struct action *a,
	const char *actor)
{
	const crm_step step = { .actor = actor };

	if (a->kind == ACTION_FOLLOWUP)
		return rule_followup(s, ticket, a, actor);
	return a->kind == ACTION_NOTE ? crm_ticket_note(NULL, s, ticket, a->value, &step)
				      : rule_hook(w, s, r, a->value, ticket);
}

static bool changes_ticket(const struct action *a)
{
	return a->kind != ACTION_NOTE && a->kind != ACTION_FOLLOWUP && a->kind != ACTION_HOOK;
}

/* The changes between two notes or hooks are saved together; what is said and asked then finds them done. */
static int act(struct rule_work *w, crm_store *s, const struct rule *r, int64_t ticket, const char *actor)
{
	crm_record *t = NULL;
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < r->actions.n; i++) {
		const struct action *a = &r->actions.v[i];
		bool says = !changes_ticket(a), last = i + 1 == r->actions.n;

		if (!says && !t)
			status = load(&t, s, ticket, actor);
		if (!says && status == CRM_OK)
			status = change(t, a);
		if (t && status == CRM_OK && (says || last))
			status = crm_record_save(t);
		if (t && (status < 0 || says || last)) {
			crm_record_free(t);
			t = NULL;
		}
		if (says && status == CRM_OK)
			status = say(w, s, r, ticket, a, actor);
	}
	return status;
}

int rule_seen(int64_t *out, crm_store *s, int64_t ticket)
{
	return db_get_int(out, s,
		"SELECT (SELECT count(*) FROM ticket_event v WHERE v.ticket = $1 AND coalesce(v.actor, '') NOT GLOB"
		" '" RULE_ACTOR "*') + (SELECT count(*) FROM log l WHERE l.ticket = $1 AND coalesce(l.agent, '') NOT"
		" GLOB '" RULE_ACTOR "*')",
		"i", ticket);
}

/* Written down so that it can be counted and taken back; while it stands the clock does not apply the rule again. */
static int put_run(crm_store *s, const struct rule *r, int64_t ticket, bool by_clock)
{
	int64_t op, seen;
	int status = op_id(&op, s);

	if (status == CRM_OK)
		status = rule_seen(&seen, s, ticket);
	if (status == CRM_OK)
		status = db_run(s,
			"INSERT INTO rule_run (rule, ticket, at, seen, over, op, row_sum) VALUES ($1, $2, $3, $4, $5, "
			"$6,"
			" row_sum('rule,ticket,at,seen,over,op', $1, $2, $3, $4, nullif($5, 0), $6))",
			"iiiiii", r->id, ticket, crm_store_now(s), seen, (int64_t)!by_clock, op);
	return status == CRM_OK ? op_created(s, entity_rule_run.name, db_last_id(s)) : status;
}

static bool named(const struct buf *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = list->s; p && *p; p += strcspn(p, "\n") + 1)
		if (strcspn(p, "\n") == n && memcmp(p, name, n) == 0)
			return true;
	return false;
}

int rule_apply(struct rule_work *w, crm_store *s, const struct rule *r, int64_t ticket, bool by_clock)
{
	struct buf actor = BUF_INIT;
	int status;

	buf_printf(&actor, "%s%s", RULE_ACTOR, r->name);
	status = buf_str(&actor) ? act(w, s, r, ticket, actor.s) : err_nomem(&s->err);
	buf_free(&actor);
	if (status == CRM_OK)
		status = op_settle(s);
	if (status == CRM_OK)
		status = put_run(s, r, ticket, by_clock);
	if (status < 0)
		return blame(s, r, ticket, status);
	if (!named(&w->applied, r->name))
		buf_printf(&w->applied, "%s\n", r->name);
	for (size_t i = 0; i < r->actions.n; i++)
		rule_tell(w, r->name, ticket, r->actions.v[i].text);
	return CRM_OK;
}

/* Rules of tickets: their actions, how they are checked, and what applies them. */
#ifndef SERVICE_RULE_H
#define SERVICE_RULE_H

#include "base/cursor.h"
#include "model/ticket.h"
#include <crm/rule.h>
#include <crm/ticket.h>

/* --- actions (rule_action.c) --- */

enum action_kind {
	ACTION_SET,
	ACTION_ASSIGN,
	ACTION_TEAM,
	ACTION_TAG,
	ACTION_UNTAG,
	ACTION_NOTE,
	ACTION_FOLLOWUP,
	ACTION_HOOK
};

struct action {
	enum action_kind kind;
	const char *field; /* of set; of a follow-up what is to be done, */
	const char *due;   /* and when */
	const char *value; /* what is set, or the name, tag, text */
	bool chooses;      /* team: a member of it, `how` */
	crm_assign_how how;
	const char *text; /* all of it, in canonical form */
};

struct actions {
	struct action *v;
	size_t n, cap;
};

/*
 * Reads actions, each on a line or ended by `;`. Texts go to `mem`. CRM_INVALID names the action, and what there is; what
 * the store knows (fields, agents) is not asked here.
 */
int actions_parse(struct actions *out, struct arena *mem, const char *text, size_t len, struct err *err);
void actions_free(struct actions *a);

/* The canonical text: one a line. Read again it gives the same actions. */
void actions_write(struct buf *out, const struct actions *a, const char *between);

/* CRM_INVALID: a field, agent or team that the store has not, a value that is refused, two that contradict (rule_check.c). */
int actions_check(crm_store *s, const struct actions *a);

/* --- rules as they are applied (rule_apply.c) --- */

struct rule {
	int64_t id;
	const char *name, *event;
	unsigned news; /* bit of enum ticket_news */
	const char *condition;
	struct actions actions;
	struct stmt *st; /* asks whether one ticket fits; prepared at first use */
	int ticket;      /* its parameter */
};

struct rules {
	struct arena mem;
	struct rule *v;
	size_t n, cap;
};

/* The active ones whose events are among `news`, in order. */
int rules_load(struct rules *out, crm_store *s, unsigned news);
void rules_free(struct rules *r);

/* Whether a ticket fits the condition now. */
int rule_fits(bool *out, crm_store *s, struct rule *r, int64_t ticket);

/* Whether applying it would change the ticket, leaving notes and hooks aside. */
int rule_would_change(bool *out, crm_store *s, const struct rule *r, int64_t ticket);

/* The bit of an event's name, 0: none. */
unsigned rule_event(const char *name);

struct happening {
	int64_t ticket;
	unsigned news;
};

struct hook_call {
	char *name, *json; /* json of the phase after */
	size_t length;
};

/* What the rules do in one operation: the reaction to what happened in it. */
struct rule_work {
	struct reaction reaction; /* first */
	struct happening *happened;
	size_t nhappened, cap;
	struct hook_call *hooks; /* to be told when all is committed */
	size_t nhooks, hooks_cap;
	struct rowset *rows; /* of crm_tick(): what was done; borrowed */
	struct buf applied;  /* names of the rules, for the journal */
	bool dry_run;        /* hooks are not asked */
};

/* That of the open operation, made when there is none yet; NULL: out of memory (rule_react.c). */
struct rule_work *rule_work_of(crm_store *s);

/*
 * Applies a rule to a ticket: its actions in order, by rule:NAME. CRM_CONFLICT, with the names of rule and ticket, when
 * an action or a hook refuses. `by_clock`: it stands until the ticket does not fit any more.
 */
int rule_apply(struct rule_work *w, crm_store *s, const struct rule *r, int64_t ticket, bool by_clock);

/*
 * Writes down a follow-up for the ticket and its customer. Its owner is who has the ticket, else who looks after the
 * customer. `check`: CRM_INVALID when it could not be (rule_followup.c).
 */
int rule_followup(crm_store *s, int64_t ticket, const struct action *a, const char *actor);
int rule_followup_check(crm_store *s, const struct action *a);

/* Runs a hook before the commit, and remembers it for after it (rule_hook.c). */
int rule_hook(struct rule_work *w, crm_store *s, const struct rule *r, const char *hook, int64_t ticket);

/* A row of what was done; `rule` NULL: by the clock alone. */
void rule_tell(struct rule_work *w, const char *rule, int64_t ticket, const char *action);

/* How many events and communications of the ticket no rule wrote. */
int rule_seen(int64_t *out, crm_store *s, int64_t ticket);

/* Changes by crm itself bear this before the rule's name. */
#define RULE_ACTOR "rule:"

/* CRM_INVALID with the circle, when the rule would set off itself again and again, alone or with others (rule_loop.c). */
int rule_check_loop(
	crm_store *s, int64_t id, const char *name, const char *event, const char *condition, const struct actions *a);

#endif

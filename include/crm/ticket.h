/*
 * Tickets: what people do with a request. Reading, listing and editing is the generic way of <crm/record.h> and
 * <crm/query.h>; here are the steps of the workflow. Each writes its events with the acting agent and the time at
 * which it took place, within the open operation or one of its own.
 *
 * All of them: CRM_NOTFOUND when there is no such ticket, CRM_CONFLICT with the allowed ones when the ticket's status
 * does not allow the step, or when `at` lies before what happened to the ticket last.
 */
#ifndef CRM_TICKET_H
#define CRM_TICKET_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a step is written down. A NULL pointer to it means all of it left out. */
typedef struct crm_step {
	int64_t at;        /* when it took place, in seconds; 0: now. Not after the store's clock: CRM_INVALID */
	const char *actor; /* who, where it is not the acting agent (the name of a rule); NULL: the acting agent */
} crm_step;

/* A new request, from a record of the entity `ticket`; *out is its number. CRM_INVALID names what is missing. */
CRM_API int crm_ticket_add(crm_record *ticket, const crm_step *step);

/*
 * Gives it to an agent (an active one of the store), or to nobody with NULL. A new ticket is open then.
 * CRM_NOTFOUND, CRM_CONFLICT: the agent is not active.
 */
CRM_API int crm_ticket_assign(crm_store *s, int64_t ticket, const char *agent, const crm_step *step);

typedef enum crm_assign_how {
	CRM_ASSIGN_ROUND_ROBIN, /* who got one of the team's tickets longest ago */
	CRM_ASSIGN_LEAST_LOADED /* who has the fewest tickets that are not resolved; of several, the former */
} crm_assign_how;

/* Gives it to a member of the team, and to the team. CRM_CONFLICT: the team has no active member. */
CRM_API int crm_ticket_assign_team(
	crm_store *s, int64_t ticket, const char *team, crm_assign_how how, const crm_step *step);

/*
 * Says something to the customer: an outbound communication of the ticket, by `channel` (NULL: that of the customer's
 * last message, else the ticket's, else e-mail); a new ticket is open then. Or writes a note among ourselves.
 * *log (may be NULL) is the number of the communication.
 */
CRM_API int crm_ticket_reply(
	int64_t *log, crm_store *s, int64_t ticket, const char *channel, const char *text, const crm_step *step);
CRM_API int crm_ticket_note(int64_t *log, crm_store *s, int64_t ticket, const char *text, const crm_step *step);

/* Moves it to a status, of ours or your own. `until` (0: none) is when a paused one comes back. */
CRM_API int crm_ticket_move(crm_store *s, int64_t ticket, const char *status, int64_t until, const crm_step *step);

/* Moves it to solved; `resolution` (NULL: as it is) says how. */
CRM_API int crm_ticket_solve(crm_store *s, int64_t ticket, const char *resolution, const crm_step *step);

/*
 * The others go on as `keep`: they become merged, their communications and tags become those of `keep`. CRM_INVALID:
 * one of them is `keep`; CRM_CONFLICT: they are of another customer, or resolved already.
 */
CRM_API int crm_ticket_merge(crm_store *s, int64_t keep, const int64_t *others, size_t n, const crm_step *step);

/* Links two: `kind` is blocks, relates or parent. CRM_EXISTS; CRM_CONFLICT: parent or blocks in a circle. */
CRM_API int crm_ticket_link(crm_store *s, int64_t ticket, const char *kind, int64_t other);
CRM_API int crm_ticket_unlink(crm_store *s, int64_t ticket, const char *kind, int64_t other);

/*
 * The open ticket that the agent should work on now: the most urgent of the agent's own and of those that nobody has
 * in the agent's teams or in none. CRM_NOTFOUND: there is none.
 */
CRM_API int crm_ticket_next(int64_t *out, crm_store *s, const char *agent);

/* The terms of a ticket's urgency (crm-ticket(1)): term, points, why; the last row is the sum, the field `urgency`. */
CRM_API int crm_ticket_urgency(crm_cursor **out, crm_store *s, int64_t ticket);

/*
 * All that happened to it and was said, newest first: at, what (the kind of event, or the channel), actor, text. For an
 * event the text is `new -> open` or what became of the field.
 */
CRM_API int crm_ticket_timeline(crm_cursor **out, crm_store *s, int64_t ticket);

#ifdef __cplusplus
}
#endif

#endif

/*
 * Tickets as records: what SQL and the rules of saving share. What people do with a ticket is lib/service/ticket.c.
 *
 * The truth about a ticket's course is ticket_event (its tracked fields) and log (what was said); the facts on the
 * ticket are recomputed from both.
 */
#ifndef MODEL_TICKET_H
#define MODEL_TICKET_H

#include "model/entity.h"

/* Names of statuses of which work is done; and those that count as a solution. */
#define TICKET_RESOLVED "(SELECT s.name FROM ticket_status s WHERE s.category = 'resolved')"
#define TICKET_SOLVED                                                                                                  \
	"(SELECT s.name FROM ticket_status s WHERE s.category = 'resolved' AND s.name NOT IN ('merged', 'spam'))"

/*
 * A tracked field of the row `t` at the time `at`, from the events: what the first change after it found, else what it
 * is.
 */
#define TICKET_AT(t, field, at)                                                                                        \
	"CASE WHEN EXISTS (SELECT 1 FROM ticket_event v WHERE v.ticket = " t ".id AND v.kind = '" field                \
	"' AND v.at > " at ") THEN (SELECT v.old_value FROM ticket_event v WHERE v.ticket = " t                        \
	".id AND v.kind = '" field "' AND v.at > " at " ORDER BY v.at, v.id LIMIT 1) ELSE " t "." field " END"

#define TICKET_WAS_RESOLVED(t) TICKET_AT(t, "status", "$now") " IN " TICKET_RESOLVED

/* What a ticket event tells. */
struct ticket_event {
	int64_t ticket, at;
	const char *actor; /* NULL: not known */
	const char *kind, *old_value, *new_value;
	bool imported;
};

/* Writes one, in the open operation. */
int ticket_event_put(crm_store *s, const struct ticket_event *ev);

/* Categories of statuses (workflow.c). */
enum {
	TICKET_STATES = 3
};
extern const struct word ticket_states[TICKET_STATES];

/* CRM_CONFLICT that names what is allowed, when a ticket of status `from` cannot become `to`. */
int workflow_check(crm_store *s, const char *from, const char *to);

/* open, paused or resolved, of a status that is there; "" of one that is not. */
int workflow_category(const char **out, crm_store *s, const char *status);

/* CRM_INVALID that names the categories there are, when there is a list and the ticket's is none of it. */
int ticket_category_check(crm_record *ticket);

/* CRM_INVALID when the value of the field, which was just set, does not go with the rest of a new ticket. */
int ticket_check_field(crm_record *ticket, const struct crm_field *f);

/* What happens to a ticket in an operation: the events of rules, as bits; RULE_TICK is asked by the clock. */
enum ticket_news {
	TICKET_CREATED = 1 << 0,
	TICKET_UPDATED = 1 << 1,
	TICKET_REPLIED = 1 << 2,
	TICKET_HEARD = 1 << 3,
	RULE_TICK = 1 << 4
};

/* Lets the rules of lib/service know, which act before the operation is committed. */
int ticket_happened(crm_store *s, int64_t ticket, enum ticket_news what);

/* Judgements about a ticket, made in lib/service. */
int warranty_judge(crm_value *out, crm_store *s, int64_t id);
int sla_state_judge(crm_value *out, crm_store *s, int64_t id);
int sla_due_judge(crm_value *out, crm_store *s, int64_t id);
int urgency_judge(crm_value *out, crm_store *s, int64_t id);
int sla_policy_judge(crm_value *out, crm_store *s, int64_t id);

/* Channels of log.c: a ticket comes by the same ways. */
enum {
	LOG_CHANNELS = 14
};
extern const struct word log_channels[LOG_CHANNELS];

#endif

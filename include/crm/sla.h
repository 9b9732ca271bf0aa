/*
 * Service levels: the judgement of a ticket explained, and past tickets judged by other promises. The policies are
 * records of the entity `sla`; what they say of a ticket are its fields sla, sla_due and sla_policy.
 *
 * The clocks: first_reply runs from the creation to the first public reply (to the solution where there was none);
 * next_reply from the oldest word of the customer that nobody answered, after the first reply, to the next public
 * reply; resolution from the creation to the last solution, without the time in resolved and pausing statuses. All
 * count the working time of the policy's calendar, or all hours. A promise is kept when the clock ends at the target
 * or before.
 */
#ifndef CRM_SLA_H
#define CRM_SLA_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What the clocks of a ticket did: target, from, to, counted_s, why; each stretch that was counted or skipped, and why.
 * The last row of a target says its state, used and promised time; there `to` is when it runs out. CRM_NOTFOUND;
 * CRM_CONFLICT when no policy fits the ticket.
 */
CRM_API int crm_sla_explain(crm_cursor **out, crm_store *s, int64_t ticket);

/* Other promises: NULL leaves what the policies say. */
typedef struct crm_sla_terms {
	const char *policy; /* the one that is changed; NULL: all of them, or one for all tickets where there is none */
	const char *first_reply, *next_reply, *resolution; /* as the entity has them */
	const char *calendar;                              /* "" : all hours */
	const char *pauses;                                /* "" : all paused statuses */
} crm_sla_terms;

/*
 * Judges the tickets that the filter chooses, created in the period (as in crm_report_options), as things are and under
 * other terms: policy, target, met, breached, running, met_percent, then the same with simulated_ in front.
 */
CRM_API int crm_sla_simulate(crm_cursor **out, crm_store *s, const crm_sla_terms *terms, size_t nfilter,
	const char *const *filter, const char *since, const char *until);

#ifdef __cplusplus
}
#endif

#endif

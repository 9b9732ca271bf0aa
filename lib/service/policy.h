/* Follow-up policies: who is owed a contact after how long. */
#ifndef SERVICE_POLICY_H
#define SERVICE_POLICY_H

#include "service/calendar_text.h"
#include "service/steps.h"

/* Working days up to today, seen from now; what was counted is kept, as many customers are asked about. */
struct workdays {
	struct calendar *calendar; /* NULL: Monday to Friday */
	const struct zone *zone;   /* whose days */
	int64_t today;
	int64_t *past; /* past[n]: working days among the last n */
	size_t n, cap;
};

struct policy {
	int64_t id;
	const char *filter; /* stored form, or NULL */
	struct steps steps;
	struct workdays workdays;
	struct calendar_hours quiet; /* none: nobody minds */
};

struct policies {
	struct arena mem;
	struct policy *v;
	size_t n, cap;
};

/* All of them in their order. */
int policies_load(struct policies *out, crm_store *s);
void policies_free(struct policies *p);

/* Working days after that of instant t, up to and including today. */
int64_t workdays_since(struct workdays *w, int64_t t);

/* The last contact, seen from now. */
struct silence {
	bool contacted;
	int64_t now, last;
	int64_t days; /* local days between them; -1: never contacted */
};

/*
 * How long the last contact lies back, in the unit of the step (days, working days; elapsed: seconds), and whether that
 * is more than it allows (strictly).
 */
bool step_owed(int64_t *passed, const struct step *st, struct workdays *w, const struct silence *silence);

/* The step that is owed, of several the longest; NULL: none. *passed is in its unit. */
const struct step *steps_owed(
	int64_t *passed, const struct steps *steps, struct workdays *w, const struct silence *silence);

/*
 * The last instant at which a next step agreed upon stands for what these steps ask: as far ahead as their longest
 * reaches back. Further off it would let the customer wait for longer than they allow.
 */
int64_t steps_horizon(const struct steps *steps, const struct workdays *w, const struct zone *zone, int64_t now);

#endif

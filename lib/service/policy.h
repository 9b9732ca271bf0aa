/* Follow-up policies: who is owed a contact after how long. */
#ifndef SERVICE_POLICY_H
#define SERVICE_POLICY_H

#include "service/steps.h"

struct policy {
	int64_t id;
	const char *filter; /* stored form, or NULL */
	struct steps steps;
};

struct policies {
	struct arena mem;
	struct policy *v;
	size_t n, cap;
};

/* All of them in their order. */
int policies_load(struct policies *out, crm_store *s);
void policies_free(struct policies *p);

/* Working days after day a up to and including day b (days since 1970-01-01): Monday to Friday. */
int64_t working_days(int64_t a, int64_t b);

/*
 * How long the last contact lies back, in the unit of the step (days, working days; elapsed: seconds), and whether that
 * is more than it allows (strictly).
 */
bool step_owed(
	const struct step *st, const struct zone *zone, int64_t now, bool contacted, int64_t last, int64_t *passed);

/* The step that is owed, of several the longest; NULL: none. *passed is in its unit. */
const struct step *steps_owed(
	const struct steps *steps, const struct zone *zone, int64_t now, bool contacted, int64_t last, int64_t *passed);

#endif

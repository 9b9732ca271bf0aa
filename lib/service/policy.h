/* Follow-up policies: who is owed a contact after how long. */
#ifndef SERVICE_POLICY_H
#define SERVICE_POLICY_H

#include "base/time.h"
#include "store/store.h"

enum policy_unit {
	POLICY_NEVER,   /* never contacted */
	POLICY_DAYS,    /* local calendar days, as people count */
	POLICY_WORKING, /* Monday to Friday */
	POLICY_ELAPSED  /* seconds */
};

struct policy {
	int64_t id;
	enum policy_unit unit;
	int64_t amount;
	char *after;  /* as written */
	char *filter; /* stored form, or NULL */
	char *action, *alternative;
};

/* Reads `7d`, `2w`, `3wd`, `72h`, `90min`, `never`. CRM_INVALID. */
int policy_after(struct policy *out, const char *text, struct err *err);

/* All policies in their order; *v is freed by policies_free. */
int policies_load(struct policy **v, size_t *n, crm_store *s);
void policies_free(struct policy *v, size_t n);

/*
 * How long the last contact lies back, in the unit of the policy (days, working days; elapsed: seconds), and whether
 * that is more than it allows (strictly).
 */
bool policy_owed(
	const struct policy *p, const struct zone *zone, int64_t now, bool contacted, int64_t last, int64_t *passed);

/* The latest instant at which somebody contacted then may be owed a contact now: a bound that misses nobody. */
int64_t policy_bound(const struct policy *p, const struct zone *zone, int64_t now);

/* Working days after day a up to and including day b (days since 1970-01-01). */
int64_t working_days(int64_t a, int64_t b);

#endif

/* Steps of a follow-up policy, and of a customer's own cadence: what is owed after how long without a contact. */
#ifndef SERVICE_STEPS_H
#define SERVICE_STEPS_H

#include "base/time.h"
#include "store/store.h"

enum step_unit {
	STEP_NEVER,   /* never contacted */
	STEP_DAYS,    /* local calendar days, as people count */
	STEP_WORKING, /* working days of the policy's calendar */
	STEP_ELAPSED  /* seconds */
};

struct step {
	enum step_unit unit;
	int64_t amount;          /* owed after more than that, strictly */
	const char *after;       /* as written */
	const char *action;      /* a word of followup_actions */
	const char *alternative; /* instead of a call to somebody who must not be called, or NULL */
};

struct steps {
	struct step *v;
	size_t n, cap;
};

/*
 * Reads `7d visit, 3d call or email, never call`: AFTER ACTION [or ALTERNATIVE], comma between them; AFTER is 7d, 2w
 * (local days), 3wd (working days), 72h or 90min (elapsed) or never. Texts live in `mem`. CRM_INVALID names the step,
 * one that is there twice too.
 */
int steps_parse(struct steps *out, struct arena *mem, const char *text, size_t len, struct err *err);
void steps_free(struct steps *s);

/* The same of stored text, where of two steps after the same time the first holds: lines of schema 1 could be so. */
int steps_read(struct steps *out, struct arena *mem, const char *text, size_t len, struct err *err);

/* The same, where `off` means none at all, and a step without action is a call: a customer's cadence. */
int cadence_parse(struct steps *out, struct arena *mem, const char *text, size_t len, struct err *err);

/* The canonical text: read again it gives the same steps. */
void steps_write(struct buf *out, const struct steps *s);

/* Seconds that the step allows, about: the longer ones come later. */
int64_t step_length(const struct step *s);

/* The latest instant at which somebody contacted then may be owed the step now: a bound that misses nobody. */
int64_t step_bound(const struct step *s, const struct zone *zone, int64_t now);

#endif

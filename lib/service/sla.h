/*
 * Service levels: what was promised for a ticket, and whether it was kept. Nothing of it is stored: a ticket is judged
 * by the policies and calendars as they are now, from its events and communications, at the store's clock.
 */
#ifndef SERVICE_SLA_H
#define SERVICE_SLA_H

#include "service/calendar_store.h"
#include "store/store.h"

enum sla_target {
	SLA_FIRST_REPLY, /* creation to the first public reply, or to the solution where there was none */
	SLA_NEXT_REPLY,  /* a customer's unanswered word, after the first reply, to the next public reply */
	SLA_RESOLUTION,  /* creation to the last solution, without the time in pausing and resolved statuses */
	SLA_TARGETS
};

enum {
	SLA_PRIORITIES = 4 /* low, normal, high, urgent */
};

extern const char *const sla_target_names[SLA_TARGETS];

struct sla_policy {
	int64_t id, since;
	char *name, *filter, *pauses;                 /* filter, pauses: or NULL */
	struct calendar *calendar;                    /* NULL: all hours */
	int64_t seconds[SLA_TARGETS][SLA_PRIORITIES]; /* -1: none */
};

/* All policies in their order, and the statement that says which fits a ticket. */
struct sla_set {
	struct sla_policy *v;
	size_t n;
	struct stmt *ticket; /* made by the first judgement; its last parameter is the ticket */
	int parameter;
	struct sla_status {
		char *name;
		enum sla_category {
			SLA_OPEN,
			SLA_PAUSING,
			SLA_RESOLVED
		} category;
	} * statuses;
	size_t nstatuses;
};

int sla_set_load(struct sla_set *out, crm_store *s);
void sla_set_free(struct sla_set *set);

/* The set that judgements of one query share, loaded with the first of them. */
int sla_set_shared(struct sla_set **out, crm_store *s);

/* Reads targets, `urgent 30min, high 1h, 4h` (one without a priority is for all others). CRM_INVALID names the field. */
int sla_targets_parse(int64_t seconds[SLA_PRIORITIES], const char *field, const char *text, struct err *err);

enum sla_state {
	SLA_NONE, /* nothing is promised */
	SLA_MET,
	SLA_RUNNING,
	SLA_PAUSED, /* a resolution whose clock stands still */
	SLA_BREACHED
};

extern const char *const sla_state_names[];

struct sla_clock {
	enum sla_state state;
	bool ended;           /* reply or solution came */
	int64_t target;       /* promised seconds of working time */
	int64_t used;         /* until the end, or now */
	int64_t due;          /* when it runs out; 0: it stands still, or ended */
	size_t met, breached; /* of next replies: how many of those that came */
};

struct sla_verdict {
	const struct sla_policy *policy; /* NULL: none fits */
	struct sla_clock clocks[SLA_TARGETS];
	enum sla_state state; /* the worst */
	int64_t due;          /* the earliest that did not end; 0: none */
};

/* What a clock did from one instant to another. */
struct sla_span {
	enum sla_target target;
	int64_t from, to;
	int64_t counted; /* seconds of working time */
	const char *why; /* "open", "pending", "outside hours" … */
};

typedef int (*sla_span_fn)(const struct sla_span *span, void *payload);

/* Judges a ticket. `fn`, if not NULL, is told what the clocks did. CRM_NOTFOUND. */
int sla_judge(
	struct sla_verdict *out, crm_store *s, struct sla_set *set, int64_t ticket, sla_span_fn fn, void *payload);

/* Working seconds between two instants, and the instant by which so many have passed; calendar NULL: all count. */
int64_t sla_between(struct calendar *c, int64_t from, int64_t to);
int sla_after(int64_t *out, struct calendar *c, int64_t from, int64_t seconds, struct err *err);

#endif

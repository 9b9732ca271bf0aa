/*
 * The courses of tickets: one pass over those that a filter chooses, each with all that happened to it and was said, in
 * order of time. Tickets, events and communications are read side by side in order of the ticket, so the memory is that
 * of one ticket, and tickets that are not chosen are passed over in the indexes.
 *
 * Everything is judged at the store's clock; what lies ahead of it is there, but has not happened.
 */
#ifndef SERVICE_COURSE_H
#define SERVICE_COURSE_H

#include "base/words.h"
#include "model/ticket.h"

enum moment_kind {
	MOMENT_STATUS,
	MOMENT_ASSIGNEE,
	MOMENT_TEAM,
	MOMENT_PRIORITY,
	MOMENT_TYPE,
	MOMENT_MESSAGE, /* the customer said something */
	MOMENT_REPLY    /* an agent said something to the customer; the word by which a ticket begins is none */
};

/* What a status means to the metrics. One of the user's own counts as open, hold or solved, by its category. */
enum stage {
	STAGE_OPEN, /* new, open */
	STAGE_PENDING,
	STAGE_HOLD,
	STAGE_SOLVED,
	STAGE_GONE,   /* merged, spam */
	STAGE_UNKNOWN /* a status that is not there */
};

static inline bool stage_is_active(enum stage s)
{
	return s <= STAGE_HOLD;
}

struct moment {
	int64_t at, id;
	enum moment_kind kind;
	int before, after; /* words */
	int who;           /* a word, where asked for */
};

/* A time in one status: from <= t < to. */
struct span {
	int64_t from, to;
	int status; /* a word */
	enum stage stage;
};

enum {
	COURSE_COLUMNS = 8
};

struct course {
	int64_t ticket, customer, created_at;
	int status;                /* as stored, a word */
	int words[COURSE_COLUMNS]; /* of the columns asked for */
	const struct moment *moments;
	size_t n;
	/* The statuses from the creation to the clock: without gaps, at least one; some may take no time. */
	const struct span *spans;
	size_t nspans;
	bool early; /* a status changed before the ticket was created, which cannot be */
};

struct course_options {
	size_t nfilter;
	const char *const *filter;
	int64_t as_of;              /* the time at which the filter looks at tickets; 0: as they are */
	int64_t since, until;       /* when the ticket was created, both included */
	const char *condition;      /* further SQL on the ticket t0; NULL: none */
	const char *const *columns; /* fields of the ticket, or of what it refers to: customer.city; as they are now */
	size_t ncolumns;
	unsigned kinds; /* bits of the moment_kinds that are wanted; statuses always are */
	bool who;       /* who acted or wrote: costs a look at every row */
};

#define COURSE_ALL ((struct course_options){ .since = INT64_MIN, .until = INT64_MAX })
#define WANT(kind) (1u << (kind))

struct courses;

/* CRM_INVALID for a filter that is none. */
int courses_open(struct courses **out, crm_store *s, const struct course_options *opt);
int courses_next(const struct course **out, struct courses *c); /* CRM_OK, CRM_END; valid until the next call */
void courses_close(struct courses *c);
static inline void courses_closep(struct courses **c)
{
	courses_close(*c);
}

struct words *courses_words(struct courses *c);
const struct crm_field *courses_field(const struct courses *c, size_t column);
enum stage courses_stage(const struct courses *c, int status);

/* A tracked field at a time: what the first change after it found, else `current`. As ticket list --as-of has it. */
int course_value_at(const struct course *c, enum moment_kind kind, int64_t at, int current);

/* A status change that is a solution, or that takes work up again after one. */
bool courses_solves(const struct courses *c, const struct moment *m);
bool courses_reopens(const struct courses *c, const struct moment *m);

#endif

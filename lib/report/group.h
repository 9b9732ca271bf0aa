/* What a row of a report on tickets stands for: a period, or the value of a field. Keys are numbers or words. */
#ifndef REPORT_GROUP_H
#define REPORT_GROUP_H

#include "report/period.h"
#include "report/report.h"
#include "service/course.h"

/* What a report keeps for a row begins with this. */
struct group {
	int64_t key;
};

struct groups {
	size_t size;      /* of what is kept */
	struct group **v; /* by key */
	size_t n, cap;
	size_t last; /* found last */
};

/* The group of a key, zeroed when it is new; NULL when out of memory. */
struct group *groups_get(struct groups *g, int64_t key);

/* The group of a key; NULL when there is none. */
struct group *groups_find(const struct groups *g, int64_t key);

/* By the field's own order of words, then as numbers or by the text (NULL: by the text alone); no value first. The groups cannot be looked up any more. */
void groups_sort_words(struct groups *g, const struct words *w, const struct crm_field *field);

/* Frees the groups, not what they point to. */
void groups_free(struct groups *g);

/* A word of --by as a period; false when it is none, or not one of the report's. */
bool period_of(enum period *out, const char *by);
bool report_period_of(enum period *out, const struct crm_report *r, const char *by);

/* --by itself, or the report's first word. */
const char *report_by(const struct crm_report *r, const crm_report_options *opt);

/* --top: how many rows of each period. CRM_INVALID when it is no number from 1. */
int report_top(int64_t *out, crm_store *s, const struct crm_report *r, const crm_report_options *opt, int64_t usual);

/* The period that is asked for, up to the clock; with --since also the equally long one before it. */
struct spans {
	bool since;
	struct stretch now, before;
};

/* CRM_INVALID when the period is empty. */
int report_spans(struct spans *out, crm_store *s, const crm_report_options *opt);

/* In neither of the two: there may be hours between them. */
static inline bool spans_between(const struct spans *s, int64_t at)
{
	return s->since && at > s->before.to && at < s->now.from;
}

/* The field's value, or the period's name. */
void group_put_word(struct rowset *rows, size_t column, const struct crm_field *f, const struct words *w, int64_t key);
void group_put_period(struct rowset *rows, size_t column, enum period period, int64_t key);

/* The tickets that the report's filter takes; the rest of *c is the report's. */
int report_courses(struct courses **out, crm_store *s, const crm_report_options *opt, struct course_options *c);

/* Tickets created in the period, those that are merged or spam now left out: what the metrics apply to. */
extern const struct report_source report_measured_tickets;

/* Tickets with times that cannot be: counted, and named in a warning. */
struct impossible {
	int64_t n, first[5], last;
};

void impossible_add(struct impossible *i, int64_t ticket); /* once or more, one ticket after the other */
int impossible_warn(const struct impossible *i, crm_store *s);

#endif

/*
 * The catalogue: one description a report.
 *
 * How to add a report: write its function and add its description to the table at the end of the file of its subject
 * (communications.c, followups.c …); a new file lists its table in catalogue.c.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/cursor.h"
#include "model/entity.h"
#include <crm/report.h>

/* What a report reads: rows of an entity that fulfil a condition on t0, by the time in the column `at`. */
struct report_source {
	const struct crm_entity *entity;
	const char *condition, *at;
	const char
		*terms; /* for --rows: a filter that holds too, as things were at the clock; stored form; NULL: none */
	bool wide; /* no index has all that is read: without a period the table is, in the order in which it lies */
};

/* What a report takes beside a filter; each is named by a line of the table in options.c. */
enum report_takes {
	REPORT_SINCE = 1 << 0,
	REPORT_UNTIL = 1 << 1,
	REPORT_VS = 1 << 2, /* the figures of a period compare with those of another */
	REPORT_PERIOD = REPORT_SINCE | REPORT_UNTIL | REPORT_VS,
	REPORT_AS_OF = 1 << 3,
	REPORT_BY = 1 << 4,       /* has words of --by */
	REPORT_BY_FIELD = 1 << 5, /* --by may also name a field of the entity, or of what it refers to: customer.city */
	REPORT_ROWS = 1 << 6,     /* has a source */
	REPORT_TOTAL = 1 << 7,
	REPORT_NORMALISE = 1 << 8,
	REPORT_FIT = 1 << 9,
	REPORT_FROM = 1 << 10,
	REPORT_TOP = 1 << 11,
	REPORT_MODEL = 1 << 12
};

struct crm_report {
	const char *name, *title, *help; /* title: what heads it, in a word or two; help: the question it answers */
	const char *entity;              /* what --since, --until and the filter are about */
	const crm_column *columns;
	size_t ncolumns;
	size_t keys; /* how many columns, from the first, say what a row stands for; the others are figures */
	crm_chart chart;
	const crm_report_part *parts; /* other reports that a page shows below */
	size_t nparts;
	unsigned takes;                   /* bits of enum report_takes that the next two do not imply */
	const char *const *by;            /* words of --by, the first is the default; NULL-ended; NULL: none */
	const struct report_source *rows; /* the records behind the figures, for --rows; or */
	const char *no_rows;              /* why there are none to show, or where they are */
	int (*run)(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt);
};

#define COLUMNS(table) .columns = (table), .ncolumns = ARRAY_SIZE(table)
#define PARTS(table)   .parts = (table), .nparts = ARRAY_SIZE(table)

struct report_table {
	const struct crm_report *v;
	size_t n;
};

extern const struct report_table reports_aftersales;
extern const struct report_table reports_agents;
extern const struct report_table reports_backlog;
extern const struct report_table reports_channels;
extern const struct report_table reports_churn;
extern const struct report_table reports_cohort;
extern const struct report_table reports_communications;
extern const struct report_table reports_followups;
extern const struct report_table reports_needs;
extern const struct report_table reports_rfm;
extern const struct report_table reports_sales;
extern const struct report_table reports_satisfaction;
extern const struct report_table reports_scores;
extern const struct report_table reports_sentiment;
extern const struct report_table reports_sla;
extern const struct report_table reports_stale;
extern const struct report_table reports_summary;
extern const struct report_table reports_terms;
extern const struct report_table reports_tickets;
extern const struct report_table reports_times;

/* The time that --as-of says. CRM_INVALID when it lies ahead. */
int report_as_of(int64_t *out, crm_store *s, const crm_report_options *opt);

/* The records that the report reads (--rows). */
int report_records(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt);

/* The report of the period beside that of another (--vs). */
int report_versus(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt);

/* CRM_INVALID when an option is given that the report does not take, or a word of --by that it does not know. */
int report_check_options(crm_store *s, const struct crm_report *r, const crm_report_options *opt);

/* The period of --since and --until; open ends are INT64_MIN and INT64_MAX. CRM_INVALID when it is empty. */
int report_period(int64_t *from, int64_t *to, crm_store *s, const crm_report_options *opt);

/*
 * `SELECT columns FROM … t0 WHERE` rows of the source in the period that the filter takes, none of them after the clock,
 * then `rest` (an ORDER BY or nothing): ready to step.
 */
int report_select(struct stmt **st, crm_store *s, const struct report_source *from, const char *columns,
	const char *rest, const crm_report_options *opt);

/*
 * The same with a last column: the word of the field that `by` names, by which rows are told apart; *field is its
 * description. NULL: no such column, and `field` is not used.
 */
int report_select_by(struct stmt **st, const struct crm_field **field, crm_store *s, const struct report_source *from,
	const char *columns, const char *by, const char *rest, const crm_report_options *opt);

/* Warns that figures of fewer than 30 values, as "answers", say little. */
void report_warn_few(crm_store *s, int64_t n, const char *of);

/* Public communications, and the same of them. */
extern const struct report_source report_public_log;
int report_communications(
	struct stmt **st, crm_store *s, const char *columns, const char *rest, const crm_report_options *opt);

#endif

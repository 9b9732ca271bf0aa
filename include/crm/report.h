/*
 * Judgements over the stored facts, computed when asked: who is owed a contact, and the catalogue of reports.
 */
#ifndef CRM_REPORT_H
#define CRM_REPORT_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- follow-ups --- */

/*
 * What is owed to customers at the store's clock: explicit follow-ups that are due, the longest late first, then the
 * contacts that the follow-up policies ask for, of those never contacted first, then of the longest silent. A customer
 * with a next step agreed upon within the time that the policy grants is left to it. Columns: customer, name, phone,
 * email, owner, action, last_contact_at, days, reason, followup, due, not_before; `fields` (NULL: those) may name any
 * customer field. Only reads.
 */
typedef struct crm_due_options {
	size_t nfilter;
	const char *const *filter; /* terms on customers */
	const char *owner;         /* only what this agent owes, "" what nobody does; NULL: all */
	int64_t until;  /* instead: explicit follow-ups that will be due after the clock, up to then; 0: what is due */
	bool reachable; /* leaves out whom it is too early or too late in the day to disturb */
	const char *fields;
	const char *group_by;  /* a column to be sorted by first, added at the end where it is not among the others */
	const char *sort;      /* NULL: the order above */
	int64_t limit, offset; /* limit negative: none */
} crm_due_options;

CRM_API int crm_followup_due(crm_cursor **out, crm_store *s, const crm_due_options *opt);

/* Columns that crm_followup_due has beside the customer's fields. */
CRM_API size_t crm_due_columns(const crm_column **out);

/* --- reports --- */

typedef struct crm_report crm_report;

/* How a report is drawn: the columns in `values`, as "created,solved", for each row, which its first columns name. */
typedef enum crm_chart_kind {
	CRM_CHART_NONE,
	CRM_CHART_BARS,
	CRM_CHART_LINE
} crm_chart_kind;

typedef struct crm_chart {
	crm_chart_kind kind;
	const char *values;
} crm_chart;

CRM_API size_t crm_report_count(void);
CRM_API const crm_report *crm_report_at(size_t i);
CRM_API const crm_report *crm_report_find(const char *name);
CRM_API const char *crm_report_name(const crm_report *r);
CRM_API const char *crm_report_title(const crm_report *r); /* what heads it */
CRM_API const char *crm_report_help(const crm_report *r);  /* the question it answers */
CRM_API crm_chart crm_report_chart(const crm_report *r);
CRM_API size_t crm_report_keys(const crm_report *r); /* how many columns, from the first, name a row */
CRM_API size_t crm_report_columns(const crm_report *r, const crm_column **out); /* its columns */
CRM_API const char *const *crm_report_by(const crm_report *r);                  /* words of --by, NULL-ended, or NULL */
CRM_API const crm_entity *crm_report_entity(const crm_report *r); /* what --since, --until and the filter are about */

/* Whether --by takes this field of the entity beside the words (NULL: any fields at all), also as customer.city. */
CRM_API bool crm_report_by_field(const crm_report *r, const crm_field *f);

/* All of them: name, title, question; in the language of people where they read what comes from the store. */
CRM_API int crm_report_list(crm_cursor **out, const crm_store *s);
CRM_API size_t crm_report_list_columns(const crm_column **out);

/* Whether `option`, as "as-of", means something to the report: true for all that hold for every report. */
CRM_API bool crm_report_takes(const crm_report *r, const char *option);

/*
 * A report may have parts: others that a page shows below its own rows, which are then single figures (label, value,
 * unit, previous, change_percent). What is shown of a part is a chart, a table, or both.
 */
typedef struct crm_report_part {
	const char *report; /* its name; NULL: the list of crm_followup_due() */
	const char *by, *since,
		*fields; /* as in crm_report_options; `since` from the beginning of the day, week or month */
	bool chart;
	size_t rows; /* of its table; 0: no table */
} crm_report_part;

CRM_API size_t crm_report_parts(const crm_report *r, const crm_report_part **out); /* how many; 0: none */

typedef struct crm_report_options {
	size_t nfilter;
	const char *const *filter; /* terms on the entity that the report counts */
	const char *since, *until; /* times as typed; NULL: open */
	/*
	 * "previous" or "year": compares the period, which begins at `since` and ends at `until` (NULL: the clock), with
	 * the one before it, or a year before. After the columns come for each figure NAME_previous, NAME_change and
	 * NAME_change_percent; what only the other period has comes last.
	 */
	const char *vs;
	const char *by;     /* NULL: the report's first word */
	const char *fields; /* NULL: all columns */
	const char *as_of;  /* a past time at which to look, as typed; NULL: the store's clock */
	bool rows; /* the records that the report reads instead of its figures; then `fields` are theirs (NULL: the usual) */
	const char *fit;  /* loyalty: what is observed of it, "nps" or a field of customer; NULL: no fit */
	bool total;       /* a row for all customers together */
	bool normalise;   /* weights that do not sum to 1 are divided by their sum */
	const char *from; /* the entity whose text is read; NULL: the report's own */
	const char *top;  /* how many rows of each period, as typed; NULL: what the report thinks fit */
	const char *
		model; /* the classifier that is asked (<crm/classify.h>); NULL: the one that is called as the report says */
} crm_report_options;

/* The name of an option that is given and that not every report takes, as "as-of"; NULL: none is. */
CRM_API const char *crm_report_option_given(const crm_report_options *opt);

/* CRM_INVALID for a filter, time, option or field that the report does not take. */
CRM_API int crm_report_run(crm_cursor **out, crm_store *s, const crm_report *r, const crm_report_options *opt);

#ifdef __cplusplus
}
#endif

#endif

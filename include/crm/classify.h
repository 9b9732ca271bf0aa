/*
 * What texts are about, by what was learnt from texts of which it is known (<crm/training.h>). Records of the entity
 * `classifier` are trainings; the last of a name is in use.
 *
 * All of them: CRM_NOTFOUND when there is no such classifier, CRM_AMBIGUOUS with the names when there are several and none
 * was named, CRM_FAILED when it was trained by another version of the library.
 */
#ifndef CRM_CLASSIFY_H
#define CRM_CLASSIFY_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A NULL pointer to it means all of it left out. */
typedef struct crm_classify_options {
	const char *model; /* NAME, or NAME@VERSION; NULL: the only one */
	const char
		*threshold; /* from 0 to 1: what is less probable is not known; NULL: as it was trained. CRM_INVALID */
	size_t top;         /* terms of an explanation; 0: all */
} crm_classify_options;

/* What was said of a text, borrowed until the store is closed. */
typedef struct crm_suggestion {
	const char *label;  /* NULL: the text has nothing to go by */
	double probability; /* from 0 to 1, to four digits; of a label that is not known too */
	bool known;         /* it is as probable as the threshold asks */
	const char *second; /* the next one */
	double second_probability;
} crm_suggestion;

/*
 * The texts of these records, in this order, as rows for crm_classify(): id, and the fields that the classifier reads.
 * CRM_INVALID when such records do not have them. Of no record (n 0) the entity does not matter.
 */
CRM_API int crm_classify_records(crm_cursor **out, crm_store *s, const crm_classify_options *opt, const crm_entity *e,
	const int64_t *ids, size_t n);

/* One text as such rows. */
CRM_API int crm_classify_text(crm_cursor **out, crm_store *s, const char *text);

/*
 * What each of the rows is about: id, label, probability, known, second, second_probability. The rows need a column
 * `text`, or some of the columns that the classifier reads; those without an `id` are counted from 1. One row is
 * read for each that is asked for. Takes over `rows` in any case. CRM_INVALID: none of these columns, the threshold.
 */
CRM_API int crm_classify(crm_cursor **out, crm_store *s, const crm_classify_options *opt, crm_cursor *rows);
CRM_API size_t crm_classify_columns(const crm_column **columns);

/*
 * Why the first of the rows got its label rather than the second most probable one: term, value (its weight in the text),
 * weight (what the classifier gives it; absent for trees), contribution. Contributions are logarithms of odds; of trees they
 * are how much less the difference of both probabilities were without the term. The greatest come first. Takes over `rows`
 * in any case. CRM_NOTFOUND also when there is no row.
 */
CRM_API int crm_classify_explain(
	crm_cursor **out, crm_suggestion *said, crm_store *s, const crm_classify_options *opt, crm_cursor *rows);
CRM_API size_t crm_classify_explain_columns(const crm_column **columns);

/* The entity whose records the classifier learnt from; NULL: from a file. */
CRM_API int crm_classify_entity(const crm_entity **out, crm_store *s, const crm_classify_options *opt);

/* The trainings that NAME or NAME@VERSION means, owned by the caller (free). */
CRM_API int crm_classifier_versions(int64_t **ids, size_t *n, crm_store *s, const char *name);

/*
 * The fields of a ticket that crm_ticket_add() fills in when they are empty and it knows what belongs there, as
 * "category,priority=MODEL"; without a name the classifier is called like the field. The field `suggested` of the ticket
 * says which were. NULL: none, the default. CRM_INVALID.
 */
CRM_API int crm_classify_set_auto(crm_store *s, const char *fields);

#ifdef __cplusplus
}
#endif

#endif

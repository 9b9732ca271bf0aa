/*
 * Surveys: what customers were asked and answered. Reading, listing and editing is the generic way of <crm/record.h>
 * and <crm/query.h>, and so is writing down that one was sent: a record with `sent_at`. Here is what answers need.
 */
#ifndef CRM_SURVEY_H
#define CRM_SURVEY_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Saves an answer, given as a new record of the entity `survey`; *id is the record that holds it then. It fills the
 * survey that was sent last to that customer, for that ticket (or none), and has no answer: one of the same kind, or
 * one of the two in general. With `replace` it takes the place of the last answer to the same, if there is no such.
 * CRM_INVALID (a score out of range), CRM_EXISTS: the ticket has an answer of that kind already.
 */
CRM_API int crm_survey_answer(int64_t *id, crm_record *answer, bool replace);

/*
 * How the scores of a survey become one satisfaction: "quality=0.4,speed=0.6", dimensions of the service, or with
 * `product.` before them of the product; NULL: the five of the service alike. That they sum to 1 is asked where they
 * are used. CRM_INVALID.
 */
CRM_API int crm_survey_set_weights(crm_store *s, const char *weights);

/* Coefficient i (0 to 2) of loyalty = b0 + b1 * satisfaction + b2 * days as a customer; NULL: not known. CRM_INVALID. */
CRM_API int crm_survey_set_loyalty(crm_store *s, size_t i, const char *number);

#ifdef __cplusplus
}
#endif

#endif

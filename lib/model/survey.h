/* Surveys as records: their scores, and what an answer says beside them. */
#ifndef MODEL_SURVEY_H
#define MODEL_SURVEY_H

#include "model/entity.h"

/* A score: its field, which is its column too, what it is called among those of its kind, and its bounds. */
struct survey_score {
	const char *field, *name, *kind;
	int64_t low, high;
};

enum {
	SURVEY_DIMENSIONS = 5, /* of service, which come first; those of the product are the next */
	SURVEY_OVERALL = 2 * SURVEY_DIMENSIONS,
	SURVEY_NPS,
	SURVEY_CES,
	SURVEY_SCORES
};

extern const struct survey_score survey_scores[SURVEY_SCORES];

enum {
	SURVEY_MOODS = 3 /* negative, neutral, positive */
};

extern const struct word survey_moods[SURVEY_MOODS];

/* Whether it holds anything that a customer said: a score, a comment. */
bool survey_is_answer(const crm_record *r);

/* Takes out all that a customer said. */
int survey_clear(crm_record *r);

/* What follows from the rest of it: the customer from ticket or order, the kind, the time of the answer. CRM_INVALID. */
int survey_settle(crm_record *r);

#endif

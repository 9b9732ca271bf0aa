/* Classifiers of the store, loaded, and what they say. */
#ifndef SERVICE_CLASSIFY_H
#define SERVICE_CLASSIFY_H

#include "analysis/classifier.h"
#include "base/cursor.h"
#include "model/record.h"
#include <crm/classify.h>

struct loaded {
	int64_t id, version;
	const char *name, *from, *fields, *label; /* as its record has them, in mem */
	int64_t threshold;                        /* percent */
	struct classifier classifier;
	double *probabilities; /* of the text at hand */
	struct buf text;       /* which is gathered here */
	struct arena mem;
	struct loaded *next; /* kept on the handle */
};

/*
 * The newest version of a name (or NAME@VERSION, or the only one there is: NULL). It is kept until the store is closed,
 * so another call costs a look into an index. Statuses as in <crm/classify.h>.
 */
int classifier_load(struct loaded **out, crm_store *s, const char *name);

/* The fields or columns that it reads: *pos starts at 0; false at the end. */
bool loaded_field(struct buf *out, const struct loaded *l, size_t *pos);

/* What the prepared text l->text is about; label and second are borrowed. `percent` below 0: its own threshold. */
int loaded_judge(crm_suggestion *out, struct loaded *l, double percent, struct err *err);

/* Fills in the fields of a new ticket that are to be (crm_classify_set_auto). Only CRM_NOMEM fails. */
int classify_fill(crm_record *ticket);

#endif

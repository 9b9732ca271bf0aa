/* Who is owed a contact now: the list behind `followup due` and `report followups`. */
#ifndef SERVICE_DUE_H
#define SERVICE_DUE_H

#include "service/policy.h"

struct due {
	int64_t customer;
	const struct step *step;
	int64_t passed; /* in the step's unit; unused when never contacted */
	int64_t days;   /* local days since the last contact; -1: never contacted */
	bool instead;   /* the alternative is owed: the customer must not be called */
};

/* Steps that customers have of their own, each text once. */
struct own_steps {
	const char *text;
	struct steps steps;
};

struct due_list {
	struct policies policies;
	struct workdays weekdays; /* of a cadence where no policy fits */
	struct own_steps *own;
	size_t nown, own_cap;
	struct due *v;
	size_t n, cap;
};

/* Never contacted first, then the longest overdue, then by id. Only reads. */
int due_list_make(struct due_list *out, crm_store *s, size_t nfilter, const char *const *filter);
void due_list_free(struct due_list *list);
const char *due_action(const struct due *d);

#endif

/* In which form a date is written, and whether day and month could be either way round. */
#ifndef LINT_DATES_H
#define LINT_DATES_H

#include "base/base.h"

enum {
	LINT_DATE_FORMS = 4 * 5 * 2 /* order of the parts, what stands between them, digits of the year */
};

/* How often each form stood in a column, and where first. */
struct date_forms {
	struct {
		uint64_t n;
		size_t line;
	} v[LINT_DATE_FORMS];
};

/*
 * The form of a date that is written in numbers, with a time of day or without; -1: it is none. `bare`: eight digits are
 * a date too. *ambiguous: day and month may be swapped, and that would be another day.
 */
int lint_date_form(const char *s, size_t len, bool bare, bool *ambiguous);

/*
 * Says which forms there are when these are several: `YYYY-MM-DD 3 times (first on line 2), …`. *line is where the second
 * one begins. False, and nothing said, when all dates have one form.
 */
bool lint_date_mixture(struct buf *out, const struct date_forms *forms, size_t *line);

#endif

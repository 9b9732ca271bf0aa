/*
 * Regular expressions as PCRE2 has them (crm-filter(7)): over UTF-8, without regard to case, \w and \d by Unicode.
 *
 * An expression that takes too many steps on a text is an error, never "no match".
 */
#ifndef TEXT_REGEX_H
#define TEXT_REGEX_H

#include "base/base.h"

/* What such an error says. */
#define REGEX_TIRED N_("the regular expression takes too many steps on this text: simplify it")

struct regex;

/* CRM_INVALID with what is wrong, and at which character. */
int regex_new(struct regex **out, const char *pattern, size_t len, struct err *err);
void regex_free(struct regex *re);
static inline void regex_freep(struct regex **re)
{
	regex_free(*re);
}

/*
 * The next match at or behind the byte `start` of a valid UTF-8 text: CRM_OK with the bytes from *from up to *to, which
 * are equal when it matches nothing between two characters; CRM_END: there is none. CRM_INVALID: too many steps.
 */
int regex_find(size_t *from, size_t *to, struct regex *re, const char *s, size_t len, size_t start, struct err *err);

#endif

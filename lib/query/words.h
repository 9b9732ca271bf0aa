/* What a WORD or "phrase" of a filter looks for (crm-filter(7)), and the condition that a record has it. */
#ifndef QUERY_WORDS_H
#define QUERY_WORDS_H

#include "query/filter.h"

/* Phrases, one of which is to be found: for the index and, the same, for texts that are not in it. */
struct sought {
	struct buf match; /* as FTS5 has them: "re fund" OR "refu" * */
	struct buf words; /* as has_words() has them: ` re fund | refu` */
};

/*
 * Reads what somebody typed. `*` at its end: the last word may go on; so may a number without quotes, of which a telephone
 * number is also looked for without its blanks and dashes. CRM_INVALID when there is no letter or digit in it.
 */
int sought_read(struct sought *out, const char *s, size_t len);
void sought_free(struct sought *w);

/* Writes the condition that a text of the row `alias` has it: by the index, as far as it goes; by the text itself. */
void sql_words(struct sql *q, const struct crm_entity *e, const char *alias, const struct sought *w);
void sql_has_words(struct sql *q, const struct crm_entity *e, const char *alias, const struct sought *w);

#endif

/*
 * What text is made of, for counting and for searching: stretches of Han, words, numbers, addresses.
 *
 * Han is written without blanks, so a stretch of it is all that can be told without a dictionary; what is a word in it
 * is another's question (analysis/han.h). Everything else is words as people write them.
 */
#ifndef TEXT_RUNS_H
#define TEXT_RUNS_H

#include "base/base.h"

enum run_kind {
	RUN_HAN,
	RUN_WORD,   /* letters, marks and digits that begin with a letter; ' and _ between two of them belong to it */
	RUN_NUMBER, /* the same beginning with a digit: 12, 3rd, 0x1f */
	RUN_ADDRESS /* an e-mail address, or a URL that begins with a scheme:// or www. */
};

struct run {
	enum run_kind kind;
	const char *s; /* within the text */
	size_t len;
};

/*
 * Takes the next one; *pos starts at 0. False at the end. Any bytes are taken: those that are no UTF-8 separate. Meant
 * for folded text (text_fold), but only the scheme and the www. of addresses must be in lower case.
 */
bool run_next(struct run *out, const char *s, size_t len, size_t *pos);

/*
 * Appends what somebody says in a message: its lines folded, each ended by a newline, without the quotations of earlier
 * ones (lines that begin with `>`). A line that is no UTF-8 is left out. CRM_NOMEM.
 */
int text_said(struct buf *out, const char *s, size_t len);

#endif

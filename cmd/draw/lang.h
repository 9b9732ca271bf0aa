/*
 * What charts and pages say, in the languages they speak. The key of a text is its English form: a report is described
 * in English only, and its translation stands in the table of lang_report.c.
 *
 * How to add a report: a line in lang_report.c for its title, its help and each label that is not there yet; a test
 * names those that are missing.
 */
#ifndef DRAW_LANG_H
#define DRAW_LANG_H

#include "cli/strbuf.h"

enum lang {
	LANG_EN,
	LANG_ZH
};

struct translation {
	const char *en, *zh;
};

extern const struct translation lang_reports[]; /* titles, questions and labels of reports; ends with NULL */
extern const char *const lang_names[];          /* as --lang has them, NULL-ended */

enum lang lang_find(const char *name); /* one of lang_names */

/* The text in that language; `en` itself where there is none, so that labels of a user's own pass. */
const char *lang_text(enum lang lang, const char *en);

/* Whether there is one. */
bool lang_knows(const char *en);

/* The same with what stands for {1} and {2} in it. */
void lang_put(struct strbuf *b, enum lang lang, const char *en, const char *first, const char *second);

/* A word of a vocabulary, as phone or first_reply, as people write it; another text as it is, escaped. */
void lang_word(struct strbuf *b, enum lang lang, const char *s, size_t len);

#endif

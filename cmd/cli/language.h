/* The language that people are spoken to in; what programs read has none. */
#ifndef CLI_LANGUAGE_H
#define CLI_LANGUAGE_H

#include <crm/language.h>
#include <stdbool.h>
#include <stddef.h>

/* Marks a text for translation where it stands; whoever shows it passes it through crm_tr(). */
#define N_(text) (text)

extern const char *const language_names[]; /* as ui.language has them: auto, en, zh; NULL-ended */

/*
 * Chooses it: `configured` (ui.language), else, for NULL and `auto`, what the environment says: LC_ALL=C ends all talk, then
 * the first of $LANGUAGE that there is, then LC_ALL, LC_MESSAGES, LANG. The locale need not be installed. What is started
 * later speaks it too.
 */
void language_start(const char *configured);

/* From now on: "en" or "zh". */
void language_use(const char *name);

bool language_is_chinese(void);

/* What stands before word `i` of those that a text ends with: a colon, then commas, as people write them. */
const char *list_mark(size_t i);

#endif

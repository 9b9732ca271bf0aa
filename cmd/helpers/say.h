/* What a helper says: lines on stderr, `PROGRAM: FILE: …`, which crm turns into messages of its own (cli/helper.h). */
#ifndef HELPERS_SAY_H
#define HELPERS_SAY_H

#include "cli/language.h"

#include <crm/types.h>

/* Both are borrowed; `file` is NULL as long as none is known. */
void say_about(const char *program, const char *file);

/* One line, escaped. */
void say(const char *fmt, ...) CRM_PRINTF(1, 2);

/* One line about another file. */
void say_of(const char *file, const char *fmt, ...) CRM_PRINTF(2, 3);

/* One line as the last word of a program: returns its exit status, 1. */
int say_failed(const char *fmt, ...) CRM_PRINTF(1, 2);

/* Wrong words on the command line: 2. */
int say_usage(const char *fmt, ...) CRM_PRINTF(1, 2);

/*
 * At the start of main(): a closed pipe ends the program, a file too large is an error like any other, and what is read of
 * customers ends in no core dump.
 */
void say_safety(void);

#endif

/*
 * The pager: long lists on a terminal go through less, or what the user prefers.
 *
 * $CRM_PAGER, else $PAGER, else less; its words are split at blanks and never seen by a shell; empty or `cat` means
 * none. Under sudo, or with changed privileges, it is less in its secure mode whatever the variables say. Less is never
 * started on a dumb terminal.
 */
#ifndef CLI_PAGER_H
#define CLI_PAGER_H

#include <stdbool.h>

/*
 * Puts a pager behind descriptor 1, when `allowed` (stdout is a terminal, --no-pager was not given). What is written
 * before out_close() reaches it; width and colour of the terminal must be asked for before. Returns 1 when it runs,
 * 0 when there is none and output goes on as it was, -1 when the one named by a variable cannot run (errno,
 * pager_name()): then too output goes on as it was.
 */
int pager_start(bool allowed);

/* After out_close(): tells the pager that this was all and waits until the user leaves it. Without a pager nothing. */
void pager_wait(void);

/* sudo runs us for another user: neither his choice of programs nor a shell out of one may run as root. */
bool privileged(void);

/* The value of the variable, or the default, that names the pager. */
const char *pager_name(void);

/* $TERM says that the terminal cannot move its cursor or show colour, or says nothing. */
bool terminal_is_dumb(void);

#endif

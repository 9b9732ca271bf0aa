/*
 * Programs that do for us what would be heavy to load: beside crm in libexec, or in PATH.
 *
 * They run without a shell and with three descriptors: one end of a pipe, what the caller gives or /dev/null, and
 * stderr, which is kept aside. What they say there, a line each, becomes messages of ours once they have ended: the last
 * line of one that failed is the reason, all others are warnings.
 */
#ifndef CLI_HELPER_H
#define CLI_HELPER_H

#include "cli/cli.h"

#include <sys/types.h>

enum helper_way {
	HELPER_READ, /* its stdout is read from `fd` */
	HELPER_WRITE /* its stdin is written to `fd` */
};

struct helper {
	pid_t pid;        /* 0: it does not run */
	int fd;           /* our end of the pipe, -1: closed */
	int said;         /* its stderr */
	const char *name; /* borrowed */
	struct strbuf reason;
};

/* Where the program that runs lies; owned by the caller, NULL when that cannot be told. */
char *own_directory(void);

/*
 * The program PROGRAM_NAME-SOMETHING in $CRM_LIBEXEC, else with the helpers of the build that we are from, else where
 * they are installed. Owned by the caller; NULL when there is none.
 */
char *helper_path(const char *program);

/* The folder of the example of that name, likewise: of the build, else where data are installed. */
char *example_path(const char *name);

/*
 * Runs `program` (without a slash: from PATH) with the words of `argv`, whose first is its name for messages. `other`: its
 * stdin (READ) or stdout (WRITE), -1: /dev/null. 0 or errno; ENOENT: there is no such program.
 */
int helper_start(struct helper *h, enum helper_way way, const char *program, const struct strings *argv, int other);

/*
 * Closes our end, waits, and prints the warnings; `file` names in messages what it was about. `all`: it was heard to the
 * end, or given everything; otherwise it is made to end, and that is no failure. NULL when it did its work, else why not,
 * borrowed from `h`. A second call has nothing to add.
 */
const char *helper_end(struct cli *cli, struct helper *h, const char *file, bool all);

/* After helper_end(), or without helper_start(). */
void helper_release(struct helper *h);

#endif

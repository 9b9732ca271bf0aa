/* Passphrases: from a file, a descriptor or the terminal; never from the command line or the environment. */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include "cli/cli.h"

enum {
	SECRET_MAX = 1024
};

/* In one place, so that no copy is left where it grew. */
struct secret {
	char s[SECRET_MAX];
	size_t len;
};

/* The first line of what can be read there. NULL, or why not. */
const char *secret_read(struct secret *out, int fd);

void secret_forget(struct secret *secret);

/* As options of a verb. */
struct secret_opts {
	const char *file;
	int64_t fd; /* -1: not given */
};

#define SECRET_OPTIONS(offset)                                                                                         \
	OPT(TEXT, 0, "passphrase-file", (offset) + offsetof(struct secret_opts, file), "FILE",                         \
		"its first line is the passphrase; nobody else may read it", .complete = "file"),                      \
		OPT(INTEGER, 0, "passphrase-fd", (offset) + offsetof(struct secret_opts, fd), "N",                     \
			"the passphrase is read from this descriptor")

/*
 * Gets it as the options say, or asks on the terminal, `twice` when a mistyped one would cost the data. `what` is what it
 * is for. Returns an exit status.
 */
int secret_get(struct cli *cli, struct secret *out, const struct secret_opts *o, const char *what, bool twice);

#endif

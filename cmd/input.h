/* Where the rows of an import come from: a file, stdin, or a program that turns another form into csv or JSON lines. */
#ifndef INPUT_H
#define INPUT_H

#include "cli/helper.h"

struct input_opts {
	const char *read, *encoding, *delimiter, *quote, *comment, *sheet, *table;
	struct strings own;
};

extern const char *const input_forms[]; /* of --read */

struct input {
	struct cli *cli;
	int file;         /* what was opened */
	int fd;           /* what rows are read from */
	const char *name; /* for messages */
	const char *rows; /* form of what is read from `fd`, as crm_import_options has it */
	const char *form; /* of the file, where it is none of these; else NULL */
	bool named;       /* another program can open it by its name */
	char *program;    /* that writes the rows */
	struct helper helper;
};

/*
 * Opens a file (`-`: stdin) of records of `e` (NULL: of no entity), after looking at its first bytes. Returns an exit
 * status.
 */
int input_open(struct cli *cli, struct input *in, const crm_entity *e, const char *file, const struct input_opts *o);

/* For crm_import_options: whether the program that writes the rows did all its work. */
const char *input_ended(void *input, bool all);

void input_close(struct input *in);

#endif

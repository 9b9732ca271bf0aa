/* What the files of crm import share. */
#ifndef IMPORT_H
#define IMPORT_H

#include "cli/cli.h"

/* What is said of single rows while an import runs: the first ones, then how many more. */
struct import_notes {
	struct cli *cli;
	const char *file;
	uint64_t rejected, notes;
};

void import_note(uint64_t line, const char *field, const char *reason, void *payload);
void import_note_rest(struct import_notes *n);

/* --check: says what is wrong with the file, without a store (import_check.c). Returns an exit status. */
int import_check(struct cli *cli, const crm_entity *e, int fd, const crm_import_options *options, bool all);

#endif

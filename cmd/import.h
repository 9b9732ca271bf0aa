/* What is said of single rows while an import runs: the first ones, then how many more. */
#ifndef IMPORT_H
#define IMPORT_H

#include "cli/cli.h"

struct import_notes {
	struct cli *cli;
	const char *file;
	uint64_t rejected, notes;
};

void import_note(uint64_t line, const char *field, const char *reason, void *payload);
void import_note_rest(struct import_notes *n);

#endif

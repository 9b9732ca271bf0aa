/* crm privacy erase: people are erased for good, and it is shown that they are gone. */
#ifndef PRIVACY_ERASE_H
#define PRIVACY_ERASE_H

#include "record.h"

struct privacy_erase_opts {
	bool yes, dry_run;
};

extern const struct cli_opt privacy_erase_options[];

int privacy_erase(struct cli *cli, const void *opts);

/*
 * What follows an erasure: the file without traces, or a warning that they are owed; of `e`, where it is not NULL, the
 * proof that nothing is left, and what was not reached. Exit status.
 */
int privacy_scrub(struct cli *cli, const crm_erased *e);

/* The line of the table. */
#define PRIVACY_ERASE_VERB                                                                                             \
	{                                                                                                              \
		.name = "erase",                                                                                       \
		.summary = N_("erase for good, with all that hangs on it and what the journal has; after asking"),     \
		.args = "CUSTOMER…", .complete = "customer", .min_args = 1, .max_args = -1, .flags = VERB_WRITE,       \
		.run = privacy_erase, .options = privacy_erase_options, .size = sizeof(struct privacy_erase_opts)      \
	}

#endif

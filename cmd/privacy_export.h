/* crm privacy export: all that is stored about a person. */
#ifndef PRIVACY_EXPORT_H
#define PRIVACY_EXPORT_H

#include "record.h"

struct privacy_export_opts {
	const char *file;
};

extern const struct cli_opt privacy_export_options[];

int privacy_export(struct cli *cli, const void *opts);

/* The line of the table. */
#define PRIVACY_EXPORT_VERB                                                                                            \
	{                                                                                                              \
		.name = "export", .summary = N_("write out all that is stored about a customer, with the journal"),    \
		.args = "CUSTOMER", .complete = "customer", .min_args = 1, .max_args = 1, .flags = VERB_READ,          \
		.run = privacy_export, .options = privacy_export_options, .size = sizeof(struct privacy_export_opts)   \
	}

#endif

/* crm privacy restrict, unrestrict. */
#ifndef PRIVACY_RESTRICT_H
#define PRIVACY_RESTRICT_H

#include "record.h"

int privacy_restrict(struct cli *cli, const void *opts);
int privacy_unrestrict(struct cli *cli, const void *opts);

#define PRIVACY_RESTRICT_VERB(verb, what)                                                                              \
	{                                                                                                              \
		.name = #verb, .summary = what, .entity = "customer", .args = "CUSTOMER…", .complete = "customer",     \
		.min_args = 1, .max_args = -1, .flags = VERB_WRITE, .run = privacy_##verb                              \
	}

/* The lines of the table. */
#define PRIVACY_RESTRICT_VERBS                                                                                         \
	PRIVACY_RESTRICT_VERB(restrict, N_("keep customers, and show them in no list, report, search or export")),     \
		PRIVACY_RESTRICT_VERB(unrestrict, N_("show them again"))

#endif

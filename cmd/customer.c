/* crm customer: people and companies. */
#include "record.h"

static const struct cli_opt show_options[] = {
	OPT(FLAG, 0, "history", offsetof(struct record_opts, history), NULL, "all that happened too, newest first"),
	OPT_END,
};

static const struct cli_verb verbs[] = {
	RECORD_ADD("write down a new customer; prints the number"),
	RECORD_SHOW("CUSTOMER", "customer", .options = show_options),
	RECORD_LIST("list customers"),
	RECORD_EDIT("CUSTOMER", "customer"),
	RECORD_RM("CUSTOMER", "customer", "remove with all that hangs on it, after asking"),
	RECORD_TAG("CUSTOMER", "customer"),
};

const struct cli_command command_customer = {
	.name = "customer",
	.summary = "people and companies: who they are and how to reach them",
	.entity = "customer",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

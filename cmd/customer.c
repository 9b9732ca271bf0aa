/* crm customer: people and companies. */
#include "customer_duplicates.h"
#include "customer_merge.h"
#include "record.h"

static const struct cli_opt show_options[] = {
	OPT(FLAG, 0, "history", offsetof(struct record_opts, history), NULL, "all that happened too, newest first"),
	OPT_END,
};

static const struct cli_verb verbs[] = {
	RECORD_ADD("write down a new customer; prints the number"),
	RECORD_SHOW("CUSTOMER", "customer", .options = show_options),
	RECORD_LIST("list customers",
		.none = "there is no customer yet: crm customer add --name NAME, or crm import customer FILE"),
	RECORD_EDIT("CUSTOMER", "customer"),
	RECORD_RM("CUSTOMER", "customer", "remove with all that hangs on it, after asking"),
	RECORD_TAG("CUSTOMER", "customer"),
	CUSTOMER_DUPLICATES_VERB,
	{ .name = "merge",
		.summary = N_("make several one; what is in them is united, and all that hangs on them moved"),
		.args = "KEEP OTHER…",
		.complete = "customer",
		.min_args = 2,
		.max_args = -1,
		.flags = VERB_WRITE,
		.run = customer_merge,
		.options = customer_merge_options,
		.size = sizeof(struct merge_opts) },
	{ .name = "unmerge",
		.summary = N_("take a merge back, and leave what was written since"),
		.args = "OPERATION",
		.complete = "operation",
		.min_args = 1,
		.max_args = 1,
		.flags = VERB_WRITE,
		.run = customer_unmerge },
	{ .name = "distinct",
		.summary = N_("say that customers who look alike are not the same"),
		.args = "CUSTOMER CUSTOMER…",
		.complete = "customer",
		.min_args = 2,
		.max_args = -1,
		.flags = VERB_WRITE,
		.run = customer_distinct,
		.options = customer_distinct_options,
		.size = sizeof(struct distinct_opts) },
	RECORD_LIST_AS("links", "list who was merged into whom, and who are not the same", .entity = "customer_link"),
};

const struct cli_command command_customer = {
	.name = "customer",
	.summary = N_("people and companies: who they are and how to reach them"),
	.entity = "customer",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

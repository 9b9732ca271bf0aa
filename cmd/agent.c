/* crm agent: the people who use the store. */
#include "record.h"

static const struct cli_verb verbs[] = {
	RECORD_ADD("let somebody act in this store"),
	RECORD_SHOW("AGENT", "agent"),
	RECORD_LIST("list agents", .none = "there is no agent yet: crm agent add --name NAME"),
	RECORD_EDIT("AGENT", "agent"),
	RECORD_RM("AGENT", "agent", "remove one that no record names; --active no suits the others"),
};

const struct cli_command command_agent = {
	.name = "agent",
	.summary = N_("the people who use this store"),
	.entity = "agent",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

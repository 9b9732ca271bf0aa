/* crm team: agents who share a queue of tickets. */
#include "record.h"

static const struct cli_verb verbs[] = {
	RECORD_ADD("put a team together"),
	RECORD_SHOW("TEAM", "team"),
	RECORD_LIST("list teams"),
	RECORD_EDIT("TEAM", "team"),
	RECORD_RM("TEAM", "team", "remove one that no ticket belongs to"),
};

const struct cli_command command_team = {
	.name = "team",
	.summary = N_("agents who share a queue of tickets"),
	.entity = "team",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

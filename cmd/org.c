/* crm org: companies and other bodies that customers belong to. */
#include "record.h"

static const struct cli_verb verbs[] = {
	RECORD_ADD("write down a new organisation; prints the number"),
	RECORD_SHOW("ORG", "org"),
	RECORD_LIST("list organisations",
		.none = "there is no organisation yet: crm org add --name NAME, or crm import org FILE"),
	RECORD_EDIT("ORG", "org"),
	RECORD_RM("ORG", "org", "remove, unless customers belong to it"),
	RECORD_TAG("ORG", "org"),
};

const struct cli_command command_org = {
	.name = "org",
	.summary = N_("companies and other bodies that customers belong to"),
	.entity = "org",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

/* crm privacy: what is known of a person, and erasing it for good. */
#include "commands.h"
#include "privacy_erase.h"
#include "privacy_export.h"
#include "privacy_restrict.h"
#include "privacy_retain.h"

static const struct cli_verb verbs[] = {
	PRIVACY_EXPORT_VERB,
	PRIVACY_ERASE_VERB,
	PRIVACY_RESTRICT_VERBS,
	PRIVACY_RETAIN_VERBS,
};

const struct cli_command command_privacy = {
	.name = "privacy",
	.summary = N_("what is known of a person: handed out, erased for good"),
	.entity = "customer",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

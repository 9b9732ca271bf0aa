/* crm version. */
#include "cli/cli.h"
#include "commands.h"

#include <config.h>

static int run_version(struct cli *cli, const void *opts)
{
	(void)opts;
	out_printf(cli->out, "%s %s\n", PROGRAM_NAME, crm_version());
	return EXIT_DONE;
}

static const struct cli_verb verb = { .summary = N_("print the version"), .flags = VERB_PLAIN, .run = run_version };

const struct cli_command command_version = {
	.name = "version", .summary = N_("print the version"), .verbs = &verb, .nverbs = 1
};

/* crm vacuum: the file without free pages, and without what still stands in them. */
#include "cli/cli.h"
#include "commands.h"

static int run_vacuum(struct cli *cli, const void *opts)
{
	crm_vacuumed v;
	int status = crm_vacuum(&v, cli->store, -1);

	(void)opts;
	if (status < 0)
		return cli_store_fail(cli, status);
	cli_note(cli, "the store has %.1f MB (%.1f MB before)", (double)v.after / 1e6, (double)v.before / 1e6);
	return EXIT_DONE;
}

static const struct cli_verb verb = {
	.summary = N_("write the file anew: smaller, and without traces of what was erased"),
	.flags = VERB_WRITE,
	.run = run_vacuum,
};

const struct cli_command command_vacuum = {
	.name = "vacuum", .summary = N_("write the store's file anew"), .verbs = &verb, .nverbs = 1
};

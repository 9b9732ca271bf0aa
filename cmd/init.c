/* crm init: a new store. */
#include "cli/cli.h"
#include "commands.h"
#include <stddef.h>

struct init_opts {
	const char *shared;
};

static const struct cli_opt options[] = {
	OPT(TEXT, 0, "shared", offsetof(struct init_opts, shared), "GROUP",
		"members of this group may use it: file 0660, directory 2770"),
	OPT_END,
};

static int run_init(struct cli *cli, const void *opts)
{
	const struct init_opts *o = opts;

	if (!cli->path)
		return cli_fail(
			cli, EXIT_STORE, "no place for the store: neither --store nor $CRM_STORE nor $HOME is given");
	int status = crm_store_init(cli->store, cli->path, o->shared);
	if (status < 0)
		return cli_store_fail(cli, status);
	cli_note(cli, "made the store %s", crm_store_path(cli->store));
	if (cli->global.store)
		cli_note(cli, "--store or $CRM_STORE names it; for always: crm config set store.path %s",
			crm_store_path(cli->store));
	cli_note(cli, "next: crm customer add --name NAME, crm import customer FILE, or crm help tutorial");
	return EXIT_DONE;
}

static const struct cli_verb verb = {
	.summary = N_("make a new, empty store"),
	.flags = VERB_PLACE | VERB_PLAIN,
	.run = run_init,
	.options = options,
	.size = sizeof(struct init_opts),
};

const struct cli_command command_init = {
	.name = "init", .summary = N_("make a new store"), .verbs = &verb, .nverbs = 1
};

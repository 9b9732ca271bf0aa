/* crm tick: what is due by the clock. */
#include "cli/cli.h"
#include "commands.h"
#include "privacy_retain.h"

#include <stddef.h>

struct tick_opts {
	bool dry_run;
};

static const struct cli_opt options[] = {
	OPT(FLAG, 0, "dry-run", offsetof(struct tick_opts, dry_run), NULL,
		"only show what would be done; no hook is run"),
	OPT_END,
};

static int run_tick(struct cli *cli, const void *opts)
{
	const struct tick_opts *o = opts;
	const crm_column *columns;
	crm_cursor *rows;

	if (cli_fields_asked(cli)) {
		size_t n = crm_tick_columns(&columns);
		return cli_fields_help(cli, NULL, columns, n);
	}
	int status = crm_tick(&rows, cli->store, cli->global.fields, o->dry_run);
	int exit_status = status < 0 ? cli_store_fail(cli, status) : cli_print(cli, rows, false);
	if (status < 0 && (exit_status == EXIT_FAILED || exit_status == EXIT_STORE))
		return exit_status; /* what is wrong is the disk or the store: all else would say the same */
	int retained = privacy_retain_tick(cli, o->dry_run); /* a rule that fails stops nothing else */
	return exit_status ? exit_status : retained;
}

static const struct cli_verb verb = {
	.summary = N_("apply the rules of the clock, open tickets again that waited, erase what is kept long enough"),
	.flags = VERB_WRITE | VERB_COLUMNS,
	.run = run_tick,
	.options = options,
	.size = sizeof(struct tick_opts),
};

const struct cli_command command_tick = {
	.name = "tick", .summary = N_("do what is due by the clock"), .verbs = &verb, .nverbs = 1
};

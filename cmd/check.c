/* crm check: is the store sound? */
#include "cli/cli.h"
#include "cli/sandbox.h"
#include "commands.h"
#include <libgen.h>
#include <stddef.h>
#include <stdlib.h>

struct check_opts {
	bool fix;
};

static const struct cli_opt options[] = {
	OPT(FLAG, 0, "fix", offsetof(struct check_opts, fix), NULL, "mend what can be computed anew"),
	OPT_END,
};

/* A store that is looked at may be one that somebody sent: what it could make of us reaches its own directory only. */
static void enter_sandbox(const char *store)
{
	if (!store)
		return;
	cleanup(freep) char *copy = need_copy(store);
	const struct sandbox_path paths[] = { { dirname(copy), true }, { "/dev/urandom", false } };

	sandbox_enter(paths, COUNT(paths));
}

static int run_check(struct cli *cli, const void *opts)
{
	const struct check_opts *o = opts;
	crm_cursor *rows;
	size_t problems = 0;

	enter_sandbox(cli->path);
	int exit_status = cli_open(cli, o->fix ? VERB_WRITE : VERB_READ);
	if (exit_status)
		return exit_status;
	int status = crm_check(&rows, cli->store,
		(o->fix ? CRM_CHECK_FIX : 0) | (cli->global.quiet ? CRM_CHECK_PROBLEMS : 0), &problems);
	if (status < 0)
		return cli_store_fail(cli, status);
	exit_status = cli_print_columns(cli, rows);
	if (exit_status || problems == 0)
		return exit_status;
	if (o->fix)
		return cli_fail(cli, EXIT_REJECTED,
			crm_tr_n("check: %zu problem remains", "check: %zu problems remain", problems), problems);
	return cli_fail(cli, EXIT_REJECTED,
		crm_tr_n("check: %zu problem (--fix mends what can be computed anew)",
			"check: %zu problems (--fix mends what can be computed anew)", problems),
		problems);
}

static const struct cli_verb verb = {
	.summary = N_("check the whole store: file, references, kept facts, journal"),
	.flags = VERB_PLACE | VERB_COLUMNS,
	.run = run_check,
	.options = options,
	.size = sizeof(struct check_opts),
};

const struct cli_command command_check = {
	.name = "check", .summary = N_("is the store sound?"), .verbs = &verb, .nverbs = 1
};

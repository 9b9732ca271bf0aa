/* crm sql: one SELECT over the store. */
#include "cli/cli.h"
#include "commands.h"

static int run_sql(struct cli *cli, const void *opts)
{
	crm_cursor *rows;

	(void)opts;
	int status = crm_sql(&rows, cli->store, cli->argv[0]);
	return status < 0 ? cli_store_fail(cli, status) : cli_print_columns(cli, rows);
}

static const struct cli_verb verb = {
	.summary = N_("answer one SELECT over the documented views (crm-schema(5)); only reads"),
	.args = "SELECT",
	.complete = "none",
	.min_args = 1,
	.max_args = 1,
	.flags = VERB_READ | VERB_COLUMNS | VERB_PAGER,
	.run = run_sql,
};

const struct cli_command command_sql = {
	.name = "sql", .summary = N_("ask the store in SQL"), .verbs = &verb, .nverbs = 1
};

/* crm: the table of commands, and the life of a run. */
#include "cli/cli.h"
#include "cli/hook.h"
#include "cli/pager.h"
#include "commands.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In the order of the usage: what is used daily first. */
static const struct cli_command *const commands[] = {
	&command_customer,
	&command_log,
	&command_ticket,
	&command_rule,
	&command_tick,
	&command_sla,
	&command_order,
	&command_survey,
	&command_followup,
	&command_search,
	&command_report,
	&command_classify,
	&command_org,
	&command_agent,
	&command_team,
	&command_calendar,
	&command_import,
	&command_apply,
	&command_export,
	&command_dump,
	&command_load,
	&command_view,
	&command_field,
	&command_history,
	&command_undo,
	&command_redo,
	&command_privacy,
	&command_sql,
	&command_check,
	&command_vacuum,
	&command_backup,
	&command_restore,
	&command_init,
	&command_whoami,
	&command_config,
	&command_alias,
	&command_completion,
	&command_help,
	&command_version,
};

static const struct cli_program program = { commands, COUNT(commands) };

/* What could not be written is an error, even when everything else went well. */
static int close_stdout(struct cli *cli, int exit_status)
{
	int error = out_close(cli->out);

	if (error) {
		cli_fail(cli, EXIT_FAILED, "stdout: %s", strerror(error));
		exit_status = exit_status ? exit_status : EXIT_FAILED;
	}
	pager_wait();
	return exit_status;
}

int main(int argc, char **argv)
{
	struct cli cli = { .program = &program };

	cli_safety();
	if (crm_store_new(&cli.store) < 0)
		need(NULL);
	cli.out = need(out_open(STDOUT_FILENO));
	cli.in_terminal = isatty(STDIN_FILENO);
	cli.out_terminal = isatty(STDOUT_FILENO);
	cli.err_terminal = isatty(STDERR_FILENO);
	progress_init(&cli.progress, cli.err_terminal, false);

	size_t n = argc > 0 ? (size_t)argc - 1 : 0;
	int exit_status = cli_run(&cli, (const char *const *)(argv + (argc > 0)), n);
	exit_status = close_stdout(&cli, exit_status);
	if (!exit_status && crm_store_out_of_memory(cli.store)) /* what was printed may lack something */
		exit_status = cli_fail(&cli, EXIT_FAILED, "out of memory");
	progress_end(&cli.progress);
	cli_catch_signals(NULL);
	crm_store_close(cli.store);
	config_free(&cli.config);
	hook_end();
	free(cli.path);
	free(cli.login);

	/* to whoever waits for us it must look interrupted, so that a shell's loop ends too */
	if (cli_caught_signal() && exit_status) {
		signal(cli_caught_signal(), SIG_DFL);
		raise(cli_caught_signal());
	}
	return exit_status;
}

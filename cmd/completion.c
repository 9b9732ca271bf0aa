/* crm completion: what a shell needs to complete crm's words. */
#include "cli/cli.h"
#include "commands.h"

#include <completions.h>
#include <string.h>

static const struct {
	const char *shell, *script;
} scripts[] = {
	{ "bash", COMPLETION_BASH },
	{ "zsh", COMPLETION_ZSH },
	{ "fish", COMPLETION_FISH },
};

static int run_completion(struct cli *cli, const void *opts)
{
	(void)opts;
	for (size_t i = 0; i < COUNT(scripts); i++)
		if (strcmp(scripts[i].shell, cli->argv[0]) == 0) {
			out_puts(cli->out, scripts[i].script);
			return EXIT_DONE;
		}
	return cli_fail(cli, EXIT_USAGE, "completion: '%s' is none of bash, zsh, fish", cli->argv[0]);
}

static const struct cli_verb verb = {
	.summary = N_("print the completion script of a shell, as: eval \"$(crm completion bash)\""),
	.args = "SHELL",
	.complete = "shell",
	.min_args = 1,
	.max_args = 1,
	.flags = VERB_PLAIN,
	.run = run_completion,
};

const struct cli_command command_completion = {
	.name = "completion", .summary = N_("completion for bash, zsh and fish"), .verbs = &verb, .nverbs = 1
};

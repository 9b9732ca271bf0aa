/* crm help: the manual page of a command, or its usage where no manual is installed. */
#include "cli/cli.h"
#include "cli/language.h"
#include "cli/pager.h"
#include "cli/usage.h"
#include "commands.h"

#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* True when it ends well; it says nothing. */
static bool succeeds(const char *const *argv)
{
	posix_spawn_file_actions_t files;
	int state = 0;
	pid_t pid;

	if (posix_spawn_file_actions_init(&files) != 0)
		return false;
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	int error = posix_spawnp(&pid, argv[0], &files, NULL, (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&files);
	if (error)
		return false;
	while (waitpid(pid, &state, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(state) && WEXITSTATUS(state) == 0;
}

/*
 * Becomes `man` for the page in that language (NULL: as man chooses), if it finds one. Where the locale is not installed man
 * listens to -L only, and then takes the characters from the surroundings.
 */
static void show_in(const char *language, const char *page)
{
	const char *ask[] = { "man", "-w", "-L", language, page, NULL },
		   *show[] = { "man", "-L", language, page, NULL };

	if (language) {
		setenv("LC_ALL", "C.UTF-8", 1);
	} else {
		ask[2] = show[1] = page;
		ask[3] = show[2] = NULL;
	}
	if (!succeeds(ask))
		return;
	cli_before_exec();
	execvp(show[0], (char *const *)(uintptr_t)show);
	cli_safety();
}

/* In English where it is not there in Chinese, or where man has no -L; its pager can start programs, which none does with
 * another user's rights. */
static void show_page(const char *topic)
{
	struct strbuf b = { 0 };

	strbuf_printf(&b, "%s%s%s", PROGRAM_NAME, topic ? "-" : "", topic ? topic : "");
	cleanup(freep) char *page = need_text(&b);
	if (privileged())
		return;
	if (language_is_chinese())
		show_in("zh_CN", page);
	show_in(NULL, page);
}

/* What the words behind the command name: a verb, or a report. */
static int find_verb(
	struct cli *cli, const struct cli_command *command, const struct cli_verb **verb, const crm_report **report)
{
	const char *const *words = cli->argv + 1;
	size_t n = cli->argc - 1, used = 0;

	*report = n == 1 ? opt_report(command->verbs, words[0]) : NULL;
	*verb = *report ? command->verbs : verb_find(command, words, n, &used);
	if (!*report && (!*verb || used != n))
		return cli_fail(cli, EXIT_USAGE, "%s: there is no '%s'", command->name, words[0]);
	return EXIT_DONE;
}

/* Pages that are about no command. */
static bool is_topic(const char *word)
{
	for (size_t i = 0; help_topics[i].name; i++)
		if (strcmp(help_topics[i].name, word) == 0)
			return true;
	return false;
}

static int run_help(struct cli *cli, const void *opts)
{
	const char *topic = cli->argc > 0 ? cli->argv[0] : NULL;
	const struct cli_command *command = topic ? command_find(cli->program, topic) : NULL;
	const struct cli_verb *verb = NULL;
	const crm_report *report = NULL;
	struct strbuf text = { 0 };

	(void)opts;
	int exit_status = command && cli->argc > 1 ? find_verb(cli, command, &verb, &report) : EXIT_DONE;
	if (exit_status)
		return exit_status;
	if (!report)
		show_page(topic);
	if (topic && is_topic(topic))
		return cli_fail(cli, EXIT_FAILED, "the manual page %s-%s, or man itself, is not installed",
			PROGRAM_NAME, topic);
	if (topic && !command)
		return cli_unknown_command(cli, topic, cli->argc > 1 ? cli->argv[1] : NULL);
	if (verb)
		usage_verb(&text, command, verb, report);
	else if (command)
		usage_command(&text, command);
	else
		usage_program(&text, cli->program);
	return cli_print_text(cli, &text);
}

static const struct cli_verb verb = {
	.summary = N_("open the manual of a command, or print its usage where no manual is installed"),
	.args = "[COMMAND [VERB…]]",
	.complete = "topic verb",
	.max_args = -1,
	.flags = VERB_PLAIN,
	.run = run_help,
};

const struct cli_command command_help = {
	.name = "help", .summary = N_("the manual of a command"), .verbs = &verb, .nverbs = 1
};

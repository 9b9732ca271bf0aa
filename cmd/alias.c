/* crm alias: commands of your own. */
#include "cli/cli.h"
#include "commands.h"

#include <errno.h>
#include <string.h>

static char *alias_key(const char *name)
{
	struct strbuf b = { 0 };

	strbuf_printf(&b, "alias.%s", name);
	return need_text(&b);
}

static int run_list(struct cli *cli, const void *opts)
{
	(void)opts;
	for (size_t i = 0; i < cli->config.n; i++) {
		const struct config_entry *e = &cli->config.v[i];
		if (strncmp(e->key, "alias.", 6) != 0 || config_set_value(&cli->config, e->key) != e->value)
			continue;
		out_text(cli->out, e->key + 6, strlen(e->key + 6));
		out_puts(cli->out, " = ");
		out_text(cli->out, e->value, strlen(e->value));
		out_puts(cli->out, "\n");
	}
	return EXIT_DONE;
}

static int write_alias(struct cli *cli, const char *key, const char *value)
{
	int error = config_write(&cli->config, key, value);

	if (error == EINVAL)
		return cli_fail(cli, EXIT_USAGE, "%s: a line of a configuration file cannot hold this", key);
	return error ? cli_fail(cli, EXIT_FAILED, "%s: %s", cli->config.path ? cli->config.path : "configuration",
			       strerror(error))
		     : EXIT_DONE;
}

static int run_add(struct cli *cli, const void *opts)
{
	const char *name = cli->argv[0];
	cleanup(freep) char *key = alias_key(name);
	cleanup(strings_freep) struct strings words = { 0 };
	cleanup(freep) char *text = NULL;

	(void)opts;
	if (command_find(cli->program, name))
		return cli_fail(cli, EXIT_USAGE, "alias '%s': there is a command of that name", name);
	if (!*name || strpbrk(name, " \t=:[]/") || strchr("-!#;", *name))
		return cli_fail(cli, EXIT_USAGE, "alias '%s': is not one plain word", name);
	if (config_set_value(&cli->config, key))
		return cli_fail(
			cli, EXIT_CONFLICT, "alias '%s': is there already (`crm alias rm %s` removes it)", name, name);
	if (!words_split(&words, &text, cli->argv[1]) || words.n == 0)
		return words.n ? cli_fail(cli, EXIT_USAGE, "alias '%s': a quote is not closed", name)
			       : cli_fail(cli, EXIT_USAGE, "alias '%s': says nothing", name);
	return write_alias(cli, key, cli->argv[1]);
}

static int run_rm(struct cli *cli, const void *opts)
{
	cleanup(freep) char *key = alias_key(cli->argv[0]);

	(void)opts;
	if (!config_set_value(&cli->config, key))
		return cli_fail(cli, EXIT_NOTFOUND, "there is no alias '%s'", cli->argv[0]);
	return write_alias(cli, key, NULL);
}

static const struct cli_verb verbs[] = {
	{ .name = "list", .summary = N_("list aliases"), .flags = VERB_PLAIN, .run = run_list },
	{ .name = "add",
		.summary = N_("let NAME stand for the words of one argument, or, after !, for a shell command"),
		.args = "NAME WORDS",
		.complete = "none command",
		.min_args = 2,
		.max_args = 2,
		.flags = VERB_PLAIN,
		.run = run_add },
	{ .name = "rm",
		.summary = N_("remove an alias"),
		.args = "NAME",
		.complete = "alias",
		.min_args = 1,
		.max_args = 1,
		.flags = VERB_PLAIN,
		.run = run_rm },
};

const struct cli_command command_alias = {
	.name = "alias", .summary = N_("commands of your own"), .verbs = verbs, .nverbs = COUNT(verbs)
};

/* crm rule: what happens to tickets by itself. */
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void note(uint64_t line, const char *field, const char *reason, void *payload)
{
	struct cli *cli = payload;
	const char *file = strcmp(cli->argv[0], "-") == 0 ? "stdin" : cli->argv[0];

	if (field)
		cli_warn(cli, "%s: line %llu: %s: %s", file, (unsigned long long)line, field, reason);
	else
		cli_warn(cli, "%s: line %llu: %s", file, (unsigned long long)line, reason);
}

static int run_import(struct cli *cli, const void *opts)
{
	bool in = strcmp(cli->argv[0], "-") == 0;
	const char *name = in ? "stdin" : cli->argv[0];
	cleanup(strbuf_freep) struct strbuf text = { 0 };
	crm_rules_result result;

	(void)opts;
	int fd = in ? STDIN_FILENO : open(cli->argv[0], O_RDONLY | O_CLOEXEC);
	int error = fd < 0 ? errno : read_all(&text, fd);
	if (fd >= 0 && !in)
		close(fd);
	if (error)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", name, strerror(error));
	int status = crm_rules_import(&result, cli->store, need_str(&text), text.len, note, cli);
	if (status < 0)
		return status == CRM_FAILED ? cli_fail(cli, EXIT_FAILED, "%s: %s", name, crm_errmsg(cli->store))
					    : cli_store_fail(cli, status);
	cli_note(cli, "%llu rules read: %llu created, %llu updated, %llu unchanged", (unsigned long long)result.read,
		(unsigned long long)result.created, (unsigned long long)result.updated,
		(unsigned long long)result.unchanged);
	return EXIT_DONE;
}

static int run_export(struct cli *cli, const void *opts)
{
	cleanup(ids_freep) struct ids ids = { 0 };
	struct strbuf text = { 0 };
	char *rules;
	int exit_status = record_named_ids(cli, &ids, cli->argc, CRM_NAME_READ);

	(void)opts;
	if (exit_status)
		return exit_status;
	int status = crm_rules_export(&rules, cli->store, ids.v, ids.n);
	if (status < 0)
		return cli_store_fail(cli, status);
	strbuf_puts(&text, rules);
	free(rules);
	return cli_print_text(cli, &text);
}

static const struct cli_verb verbs[] = {
	RECORD_ADD("make a rule; prints its number"),
	RECORD_SHOW("RULE", "rule"),
	RECORD_LIST("list rules, in the order in which they are applied"),
	RECORD_EDIT("RULE", "rule"),
	RECORD_RM("RULE", "rule", "remove with the list of its runs; --active no switches it off"),
	{ .name = "import",
		.summary = N_("make the rules of a text (-: stdin); those there are become what it says"),
		.args = "FILE",
		.complete = "file",
		.min_args = 1,
		.max_args = 1,
		.flags = VERB_WRITE | VERB_PLAIN,
		.run = run_import,
		.size = sizeof(struct record_opts) },
	{ .name = "export",
		.summary = N_("write rules as such a text"),
		.args = "[RULE…]",
		.complete = "rule",
		.max_args = -1,
		.flags = VERB_READ | VERB_PLAIN,
		.run = run_export,
		.size = sizeof(struct record_opts) },
	RECORD_LIST_AS("runs", "list when which rule was applied to which ticket", .entity = "rule_run"),
};

const struct cli_command command_rule = {
	.name = "rule",
	.summary = N_("what happens to tickets by itself"),
	.entity = "rule",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

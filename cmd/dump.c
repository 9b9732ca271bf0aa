/* crm dump: the whole store as text. */
#include "cli/cli.h"
#include "commands.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

struct dump_opts {
	const char *output;
	bool no_history;
};

#define AT(member) offsetof(struct dump_opts, member)

static const struct cli_opt options[] = {
	OPT(TEXT, 'o', "output", AT(output), "FILE", "write to a file, which appears whole or not at all",
		.complete = "file"),
	OPT(FLAG, 0, "no-history", AT(no_history), NULL, "leave out the journal and the list of imports"),
	OPT_END,
};

static int dump_to_file(struct cli *cli, const struct dump_opts *o)
{
	struct new_file file = { .fd = -1 };
	int error = new_file_open(&file, o->output);

	if (error)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", o->output, strerror(error));
	int status = crm_dump(cli->store, file.fd, !o->no_history);
	if (status < 0) {
		new_file_drop(&file);
		return cli_store_fail(cli, status);
	}
	error = new_file_keep(&file);
	return error ? cli_fail(cli, EXIT_FAILED, "%s: %s", o->output, strerror(error)) : EXIT_DONE;
}

static int run_dump(struct cli *cli, const void *opts)
{
	const struct dump_opts *o = opts;

	if (o->output)
		return dump_to_file(cli, o);
	int status = crm_dump(cli->store, STDOUT_FILENO, !o->no_history);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

static const struct cli_verb verb = {
	.summary = N_("write the whole store as text, for version control or a later version"),
	.flags = VERB_READ | VERB_PLAIN,
	.run = run_dump,
	.options = options,
	.size = sizeof(struct dump_opts),
};

const struct cli_command command_dump = {
	.name = "dump", .summary = N_("write the whole store as text"), .verbs = &verb, .nverbs = 1
};

/* crm load: a dump into an empty store. */
#include "cli/cli.h"
#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

struct load_opts {
	bool edited;
};

static const struct cli_opt options[] = {
	OPT(FLAG, 0, "edited", offsetof(struct load_opts, edited), NULL,
		"the dump was edited: its count and digest do not hold"),
	OPT_END,
};

static int run_load(struct cli *cli, const void *opts)
{
	const struct load_opts *o = opts;
	bool in = strcmp(cli->argv[0], "-") == 0;
	int fd = in ? STDIN_FILENO : open(cli->argv[0], O_RDONLY | O_CLOEXEC);
	uint64_t rows;

	if (fd < 0)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", cli->argv[0], strerror(errno));
	int status = crm_load(&rows, cli->store, fd, in ? "stdin" : cli->argv[0], o->edited);
	if (!in)
		close(fd);
	if (status < 0)
		return cli_store_fail(cli, status);
	cli_note(cli, "loaded %llu lines (`crm undo` cannot take that back)", (unsigned long long)rows);
	return cli_check_agent(cli);
}

static const struct cli_verb verb = {
	.summary = N_("read a dump (-: stdin) into an empty store"),
	.args = "FILE",
	.complete = "file",
	.min_args = 1,
	.max_args = 1,
	.flags = VERB_WRITE | VERB_PLAIN | VERB_AGENTS,
	.run = run_load,
	.options = options,
	.size = sizeof(struct load_opts),
};

const struct cli_command command_load = {
	.name = "load", .summary = N_("read a dump into an empty store"), .verbs = &verb, .nverbs = 1
};

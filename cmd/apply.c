/* crm apply: what a plan of an import says. */
#include "cli/cli.h"
#include "commands.h"
#include "import.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

struct apply_opts {
	bool dry_run;
};

static const struct cli_opt options[] = {
	OPT(FLAG, 0, "dry-run", offsetof(struct apply_opts, dry_run), NULL, "say what would happen and change nothing"),
	OPT_END,
};

static int run_apply(struct cli *cli, const void *opts)
{
	const struct apply_opts *o = opts;
	bool in = strcmp(cli->argv[0], "-") == 0;
	int fd = in ? STDIN_FILENO : open(cli->argv[0], O_RDONLY | O_CLOEXEC);
	struct import_notes notes = { .cli = cli, .file = in ? "stdin" : cli->argv[0] };
	crm_import_result result;

	if (fd < 0)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", cli->argv[0], strerror(errno));
	int status = crm_import_apply(&result, cli->store, fd, notes.file, o->dry_run, import_note, &notes);
	import_note_rest(&notes);
	if (!in)
		close(fd);
	if (status < 0)
		return cli_store_fail(cli, status);
	cli_note(cli, "%llu created, %llu updated; %llu rejected lines of the plan passed over",
		(unsigned long long)result.created, (unsigned long long)result.updated,
		(unsigned long long)result.rejected);
	if (result.import)
		cli_note(cli, "import %lld; `crm import revert %lld` takes it back", (long long)result.import,
			(long long)result.import);
	else
		cli_note(cli, "nothing was kept");
	return EXIT_DONE;
}

static const struct cli_verb verb = {
	.summary = N_("do what a plan of `import --plan` says (-: stdin), all of it or nothing"),
	.args = "PLAN",
	.complete = "file",
	.min_args = 1,
	.max_args = 1,
	.flags = VERB_WRITE | VERB_PLAIN,
	.run = run_apply,
	.options = options,
	.size = sizeof(struct apply_opts),
};

const struct cli_command command_apply = {
	.name = "apply", .summary = N_("do what a plan of an import says"), .verbs = &verb, .nverbs = 1
};

/* crm history, undo, redo: what was done, and taking it back. */
#include "cli/cli.h"
#include "commands.h"
#include <stddef.h>

struct history_opts {
	int64_t limit;
	bool digest;
	const char *verify;
};

static const struct cli_opt history_options[] = {
	OPT(INTEGER, 0, "limit", offsetof(struct history_opts, limit), "N", "only the last N operations"),
	OPT(FLAG, 0, "digest", offsetof(struct history_opts, digest), NULL,
		"print one line that stands for the whole journal, to be kept elsewhere"),
	OPT(TEXT, 0, "verify", offsetof(struct history_opts, verify), "LINE",
		"say whether the journal is what it was when that line was printed"),
	OPT_END,
};

static int print_digest(struct cli *cli)
{
	char line[CRM_DIGEST_LINE];
	int status = crm_history_digest(line, cli->store);

	if (status < 0)
		return cli_store_fail(cli, status);
	out_printf(cli->out, "%s\n", line);
	return EXIT_DONE;
}

static int verify(struct cli *cli, const char *line)
{
	int64_t later;
	int status = crm_history_verify(&later, cli->store, line);

	if (status < 0)
		return cli_store_fail(cli, status);
	cli_note(cli,
		crm_tr_n("the journal is unchanged up to there; %lld operation since",
			"the journal is unchanged up to there; %lld operations since", (uint64_t)later),
		(long long)later);
	return EXIT_DONE;
}

static int run_history(struct cli *cli, const void *opts)
{
	const struct history_opts *o = opts;
	const crm_entity *e;
	crm_cursor *rows;
	int64_t id;
	int status;

	if ((o->digest || o->verify) && (cli->argc > 0 || o->limit >= 0 || (o->digest && o->verify)))
		return cli_fail(
			cli, EXIT_USAGE, "history: --digest and --verify go alone: they are of the whole journal");
	if (o->digest)
		return print_digest(cli);
	if (o->verify)
		return verify(cli, o->verify);
	if (cli->argc == 0) {
		status = crm_history(&rows, cli->store, o->limit);
		return status < 0 ? cli_store_fail(cli, status) : cli_print_columns(cli, rows);
	}
	if (o->limit >= 0)
		return cli_fail(cli, EXIT_USAGE, "history: --limit is for operations, not for the changes of a record");
	status = crm_history_resolve(&e, &id, cli->store, cli->argv[0]);
	if (status == CRM_OK)
		status = crm_history_record(&rows, cli->store, e, id);
	return status < 0 ? cli_store_fail(cli, status) : cli_print_columns(cli, rows);
}

enum {
	KEPT_MAX = 20 /* that are named one by one */
};

void kept_say(const crm_entity *e, int64_t id, const char *why, void *payload)
{
	struct kept *kept = payload;

	if (kept->n++ < KEPT_MAX)
		cli_warn(kept->cli, kept->how, crm_tr(crm_entity_name(e)), (long long)id, why);
}

void kept_say_rest(const struct kept *kept)
{
	if (kept->n > KEPT_MAX)
		cli_warn(kept->cli, "%zu more records are kept", kept->n - KEPT_MAX);
}

int history_undo(struct cli *cli, int64_t operation, bool force, int64_t *undone)
{
	struct kept kept = { .cli = cli, .how = N_("%s %lld is kept: %s") };
	int status = force ? crm_undo_force(undone, cli->store, operation, kept_say, &kept)
			   : crm_undo(undone, cli->store, operation);

	if (status < 0)
		return cli_store_fail(cli, status);
	kept_say_rest(&kept);
	return EXIT_DONE;
}

struct undo_opts {
	bool force;
};

static const struct cli_opt undo_options[] = {
	OPT(FLAG, 0, "force", offsetof(struct undo_opts, force), NULL,
		"keep what was changed since, take back the rest"),
	OPT_END,
};

static int run_undo(struct cli *cli, const void *opts)
{
	const struct undo_opts *o = opts;
	int64_t operation = 0, undone;

	if (cli->argc > 0 && !cli_number(cli, N_("operation"), cli->argv[0], &operation))
		return EXIT_USAGE;
	int exit_status = history_undo(cli, operation, o->force, &undone);
	if (exit_status)
		return exit_status;
	cli_note(cli, "undid operation %lld (`crm redo` does it again)", (long long)undone);
	return EXIT_DONE;
}

static int run_redo(struct cli *cli, const void *opts)
{
	int64_t redone;

	(void)opts;
	int status = crm_redo(&redone, cli->store);
	if (status < 0)
		return cli_store_fail(cli, status);
	cli_note(cli, "did operation %lld again", (long long)redone);
	return EXIT_DONE;
}

static const struct cli_verb history_verb = {
	.summary = N_("list operations, newest first, or the changes of one record"),
	.args = "[TYPE:RECORD]",
	.complete = "record",
	.max_args = 1,
	.flags = VERB_READ | VERB_COLUMNS | VERB_PAGER,
	.run = run_history,
	.options = history_options,
	.size = sizeof(struct history_opts),
};

static const struct cli_verb undo_verb = {
	.summary = N_("take back the acting agent's last operation, or the one of that number"),
	.args = "[OPERATION]",
	.complete = "operation",
	.max_args = 1,
	.flags = VERB_WRITE,
	.run = run_undo,
	.options = undo_options,
	.size = sizeof(struct undo_opts),
};

static const struct cli_verb redo_verb = {
	.summary = N_("take back the acting agent's last undo"),
	.flags = VERB_WRITE,
	.run = run_redo,
};

const struct cli_command command_history = {
	.name = "history", .summary = N_("who changed what, and when"), .verbs = &history_verb, .nverbs = 1
};
const struct cli_command command_undo = {
	.name = "undo", .summary = N_("take an operation back"), .verbs = &undo_verb, .nverbs = 1
};
const struct cli_command command_redo = {
	.name = "redo", .summary = N_("take an undo back"), .verbs = &redo_verb, .nverbs = 1
};

/* crm init: a new store, empty or with the sample data of a trade. */
#include "cli/helper.h"
#include "commands.h"
#include "import.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct init_opts {
	const char *shared, *example;
};

static const char *const examples[] = { "shop", "travel", "finance", "telecom", "clinic", NULL };

static const struct cli_opt options[] = {
	OPT(TEXT, 0, "shared", offsetof(struct init_opts, shared), "GROUP",
		"members of this group may use it: file 0660, directory 2770"),
	OPT(CHOICE, 0, "example", offsetof(struct init_opts, example), "TRADE", "with the sample data of a trade",
		.words = examples),
	OPT_END,
};

/* The files of an example, as `crm import TYPE TYPE.csv` takes them: what others refer to comes first. */
static const char *const types[] = { "agent", "team", "calendar", "sla", "field", "ticket_category", "view",
	"followup_policy", "rule", "org", "customer", "order", "ticket", "ticket_event", "log", "survey", "followup" };

struct filling {
	struct cli *cli;
	const char *example;
	char *folder;
	int exit_status; /* after a message, else 0 */
	uint64_t created[COUNT(types)];
};

static int import_file(struct filling *f, crm_store *s, size_t at)
{
	cleanup(strbuf_freep) struct strbuf path = { 0 }, name = { 0 };
	crm_import_result result;

	strbuf_printf(&path, "%s/%s.csv", f->folder, types[at]);
	strbuf_printf(&name, "%s/%s.csv", f->example, types[at]);
	struct import_notes notes = { .cli = f->cli, .file = need_str(&name) };
	int fd = open(need_str(&path), O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		f->exit_status = cli_fail(f->cli, EXIT_FAILED, "%s: %s", path.s, strerror(errno));
		return CRM_FAILED;
	}
	const crm_import_options import = {
		.file = notes.file,
		.read = "csv",
		.encoding = "UTF-8",
		.delimiter = ",",
		.preset = "none",
		.match = "key", /* families share a line */
		.near = strcmp(types[at], "customer") == 0 ? "off" : NULL,
		.rejects = -1,
	};
	int status = crm_import(&result, s, crm_entity_find(types[at]), fd, &import, import_note, &notes);
	close(fd);
	import_note_rest(&notes);
	f->created[at] = result.created;
	return status;
}

static int fill(crm_store *s, void *payload)
{
	struct filling *f = payload;
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < COUNT(types); i++)
		status = import_file(f, s, i);
	return status;
}

static unsigned long long created(const struct filling *f, const char *type)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (strcmp(types[i], type) == 0)
			return f->created[i];
	return 0;
}

static void say_what_to_try(struct cli *cli, const struct filling *f)
{
	cli_note(cli,
		"it has %llu customers, %llu communications, %llu tickets, %llu orders, %llu surveys, %llu follow-ups",
		created(f, "customer"), created(f, "log"), created(f, "ticket"), created(f, "order"),
		created(f, "survey"), created(f, "followup"));
	cli_note(cli, "try `crm followup due`: who is owed a word");
	cli_note(cli, "try `crm ticket next --explain`: what to work on now, and why");
	cli_note(cli, "try `crm report summary`: how things stand this morning");
}

static int run_init(struct cli *cli, const void *opts)
{
	const struct init_opts *o = opts;
	struct filling f = { .cli = cli, .example = o->example };

	if (!cli->path)
		return cli_fail(
			cli, EXIT_STORE, "no place for the store: neither --store nor $CRM_STORE nor $HOME is given");
	if (o->example && !(f.folder = example_path(o->example)))
		return cli_fail(cli, EXIT_FAILED, "example %s: its files are not installed", o->example);
	int status = crm_store_init_filled(cli->store, cli->path, o->shared, o->example ? fill : NULL, &f);
	free(f.folder);
	if (status < 0)
		return f.exit_status ? f.exit_status : cli_store_fail(cli, status);
	cli_note(cli, "made the store %s", crm_store_path(cli->store));
	if (cli->global.store)
		cli_note(cli, "--store or $CRM_STORE names it; for always: crm config set store.path %s",
			crm_store_path(cli->store));
	if (o->example)
		say_what_to_try(cli, &f);
	else
		cli_note(cli, "next: crm customer add --name NAME, crm import customer FILE, or crm help tutorial");
	return EXIT_DONE;
}

static const struct cli_verb verb = {
	.summary = N_("make a new store, empty unless --example says otherwise"),
	.flags = VERB_PLACE | VERB_PLAIN,
	.run = run_init,
	.options = options,
	.size = sizeof(struct init_opts),
};

const struct cli_command command_init = {
	.name = "init", .summary = N_("make a new store"), .verbs = &verb, .nverbs = 1
};

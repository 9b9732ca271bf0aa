/* crm privacy: what is known of a person, and erasing it for good. */
#include "commands.h"
#include "privacy_restrict.h"
#include "privacy_retain.h"

#include <stddef.h>

struct erase_opts {
	bool yes, dry_run;
};

static const struct cli_opt erase_options[] = {
	OPT(FLAG, 0, "yes", offsetof(struct erase_opts, yes), NULL, "do not ask"),
	OPT(FLAG, 0, "dry-run", offsetof(struct erase_opts, dry_run), NULL, "say what would go, and change nothing"),
	OPT_END,
};

/* Customers that are there, and such as were removed and are in the journal still. */
static int named_customers(struct cli *cli, struct ids *ids)
{
	cleanup(strings_freep) struct strings names = { 0 };
	cleanup(strbuf_freep) struct strbuf text = { 0 };
	int exit_status = record_names(cli, &names, &text, cli->argc);

	for (size_t i = 0; !exit_status && i < names.n; i++) {
		int64_t id;
		int status = crm_privacy_resolve(&id, cli->store, cli->entity, names.v[i]);
		if (status < 0)
			return cli_store_fail(cli, status);
		ids_add(ids, id);
	}
	return exit_status;
}

static void erased_freep(crm_erased *e)
{
	crm_erased_free(e);
}

/* `2 customers, 27 communications, and 3 earlier states and 1 record removed before, which the journal has` */
static void say_what(struct strbuf *b, const crm_erased *e)
{
	strbuf_printf(b, "%s%s%zu earlier state%s that the journal has", e->text, *e->text ? ", and " : "", e->images,
		e->images == 1 ? "" : "s");
	if (e->removed > 0)
		strbuf_printf(b, " (also of %zu record%s removed before)", e->removed, e->removed == 1 ? "" : "s");
	need(b->s);
}

/* Asks, or says what a dry run is for; EXIT_DONE with *go false: nothing is to be done. */
static int ask(struct cli *cli, const struct ids *ids, const struct erase_opts *o, bool *go)
{
	cleanup(erased_freep) crm_erased e = { 0 };
	cleanup(strbuf_freep) struct strbuf what = { 0 };
	int status = crm_privacy_preview(cli->store, cli->entity, ids->v, ids->n, &e);

	*go = false;
	if (status < 0)
		return cli_store_fail(cli, status);
	say_what(&what, &e);
	if (o->dry_run) {
		cli_note(cli, "would erase %s; dry run: nothing was changed", what.s);
		return EXIT_DONE;
	}
	*go = cli_confirm(cli, "erase %s? It cannot be undone.", what.s);
	if (*go)
		return EXIT_DONE;
	if (cli->in_terminal && cli->err_terminal)
		return cli_fail(cli, EXIT_FAILED, "nothing was erased");
	return cli_fail(
		cli, EXIT_USAGE, "privacy erase: would erase %s, which cannot be undone: --yes says so", what.s);
}

static int erase(struct cli *cli, const struct ids *ids)
{
	cleanup(erased_freep) crm_erased e = { 0 };
	cleanup(strbuf_freep) struct strbuf what = { 0 };
	bool owed = false;
	int status = crm_privacy_erase(cli->store, cli->entity, ids->v, ids->n, &e);

	if (status < 0)
		return cli_store_fail(cli, status);
	say_what(&what, &e);
	cli_note(cli, "erased %s", what.s);
	status = crm_privacy_scrub(&owed, cli->store);
	if (status < 0)
		return cli_fail(cli, cli_exit_status(status), "erased, but %s", crm_errmsg(cli->store));
	if (owed)
		cli_warn(cli, "pages of the file may hold traces until `crm vacuum`: the store is beyond %d MB",
			CRM_SCRUB_MAX / 1000000);
	return EXIT_DONE;
}

static int privacy_erase(struct cli *cli, const void *opts)
{
	const struct erase_opts *o = opts;
	cleanup(ids_freep) struct ids ids = { 0 };
	bool go = o->yes && !o->dry_run;
	int exit_status = named_customers(cli, &ids);

	if (!exit_status && ids.n == 0) {
		cli_note(cli, "no customer is meant: nothing to do");
		return EXIT_DONE;
	}
	if (!exit_status && !go)
		exit_status = ask(cli, &ids, o, &go);
	return exit_status || !go ? exit_status : erase(cli, &ids);
}

static const struct cli_verb verbs[] = {
	{ .name = "erase",
		.summary = "erase for good, with all that hangs on it and what the journal has; after asking",
		.args = "CUSTOMER…",
		.complete = "customer",
		.min_args = 1,
		.max_args = -1,
		.flags = VERB_WRITE,
		.run = privacy_erase,
		.options = erase_options,
		.size = sizeof(struct erase_opts) },
	PRIVACY_RESTRICT_VERBS,
	PRIVACY_RETAIN_VERBS,
};

const struct cli_command command_privacy = {
	.name = "privacy",
	.summary = "what is known of a person: handed out, erased for good",
	.entity = "customer",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

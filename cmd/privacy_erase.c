/* crm privacy erase: people are erased for good, and it is shown that they are gone. */
#include "privacy_erase.h"

const struct cli_opt privacy_erase_options[] = {
	OPT(FLAG, 0, "yes", offsetof(struct privacy_erase_opts, yes), NULL, "do not ask"),
	OPT(FLAG, 0, "dry-run", offsetof(struct privacy_erase_opts, dry_run), NULL,
		"say what would go, and change nothing"),
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
		int status = crm_privacy_resolve(&id, cli->store, cli->entity, names.v[i], CRM_NAME_DESTROY);
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
	if (*e->text)
		strbuf_printf(b, crm_tr("%s, and "), e->text);
	strbuf_printf(b,
		crm_tr_n(
			"%zu earlier state that the journal has", "%zu earlier states that the journal has", e->images),
		e->images);
	if (e->removed > 0)
		strbuf_printf(b,
			crm_tr_n(" (also of %zu record removed before)", " (also of %zu records removed before)",
				e->removed),
			e->removed);
	need(b->s);
}

/* Asks, or says what a dry run is for; EXIT_DONE with *go false: nothing is to be done. */
static int ask(struct cli *cli, const struct ids *ids, const struct privacy_erase_opts *o, bool *go)
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

/* --- what is left, and where --- */

enum {
	TOLD_MAX = 20 /* records of others that are named one by one */
};

struct mentions {
	struct cli *cli;
	size_t n;
};

static void say_mention(const crm_entity *e, int64_t id, const char *field, bool journal, void *payload)
{
	struct mentions *m = payload;

	if (m->n++ < TOLD_MAX)
		cli_warn(m->cli,
			journal ? N_("%s %lld, in the journal, has a text of theirs still: %s")
				: N_("%s %lld has a text of theirs still: %s"),
			crm_tr(crm_entity_name(e)), (long long)id, crm_tr(field));
}

static void say_copy(const char *path, void *payload)
{
	cli_warn(payload, "%s is a copy of the store as it was: it has what was erased", path);
}

/* `looked through 12.3 MB of …: of 38 pieces of their texts none is left; 3 too short to tell` */
static void say_proof(struct cli *cli, const crm_proof *p)
{
	cleanup(strbuf_freep) struct strbuf b = { 0 };

	if (p->shared > 0)
		strbuf_printf(&b, crm_tr("; %zu also in records of others"), p->shared);
	if (p->skipped > 0)
		strbuf_printf(&b, crm_tr("; %zu too short to tell"), p->skipped);
	cli_note(cli, "looked through %.1f MB of %s: of %zu pieces of their texts none is left%s",
		(double)p->bytes / 1e6, crm_store_path(cli->store), p->pieces, b.s ? b.s : "");
}

static int prove(struct cli *cli, const crm_erased *e)
{
	struct mentions m = { .cli = cli };
	crm_proof proof;
	int status = crm_privacy_prove(&proof, cli->store, e, say_mention, &m);

	if (status < 0)
		return cli_store_fail(cli, status);
	if (proof.mentions > TOLD_MAX)
		cli_warn(cli, "%zu more records have texts of theirs", proof.mentions - TOLD_MAX);
	if (proof.left > 0)
		return cli_fail(cli, EXIT_FAILED,
			"erased, but pieces of %zu texts are in the file still: run `crm vacuum`", proof.left);
	say_proof(cli, &proof);
	return EXIT_DONE;
}

/* Words of many texts, not the texts; but a rare word may be somebody's name. */
static int say_classifiers(struct cli *cli)
{
	cleanup(query_freep) crm_query *q = NULL;
	int64_t n = 0;
	int status = crm_query_new(&q, cli->store, crm_entity_find("classifier"));

	if (status == CRM_OK)
		status = crm_query_count(&n, q);
	if (status < 0)
		return cli_store_fail(cli, status);
	if (n > 0)
		cli_warn(cli,
			"classifiers know words of the texts that they learnt from: train again (crm classify list)");
	return EXIT_DONE;
}

static int say_beyond(struct cli *cli)
{
	int status = crm_privacy_copies(cli->store, say_copy, cli);

	if (status < 0)
		return cli_store_fail(cli, status);
	cli_note(cli,
		"not reached: backups, exports and other copies; names of imported files; what a disk keeps of blocks "
		"that were overwritten");
	return say_classifiers(cli);
}

int privacy_scrub(struct cli *cli, const crm_erased *e)
{
	bool owed = false;
	int status = crm_privacy_scrub(&owed, cli->store), exit_status = EXIT_DONE;

	if (status < 0)
		return cli_fail(cli, cli_exit_status(status), "erased, but traces remain until `crm vacuum`: %s",
			crm_errmsg(cli->store));
	if (owed)
		cli_warn(cli, "pages of the file may hold traces until `crm vacuum`: the store is beyond %d MB",
			CRM_SCRUB_MAX / 1000000);
	else if (e)
		exit_status = prove(cli, e);
	return exit_status || !e ? exit_status : say_beyond(cli);
}

static int erase(struct cli *cli, const struct ids *ids)
{
	cleanup(erased_freep) crm_erased e = { 0 };
	cleanup(strbuf_freep) struct strbuf what = { 0 };
	int status = crm_privacy_erase(cli->store, cli->entity, ids->v, ids->n, &e);

	if (status < 0)
		return cli_store_fail(cli, status);
	say_what(&what, &e);
	cli_note(cli, "erased %s", what.s);
	return privacy_scrub(cli, &e);
}

int privacy_erase(struct cli *cli, const void *opts)
{
	const struct privacy_erase_opts *o = opts;
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

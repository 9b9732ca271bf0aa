/* crm customer merge, unmerge, distinct. */
#include "customer_merge.h"
#include "commands.h"
#include "record.h"

#include <stdlib.h>
#include <string.h>

const struct cli_opt customer_merge_options[] = {
	OPT(LIST, 0, "take", offsetof(struct merge_opts, take), "FIELD=CUSTOMER",
		"that customer's value, even over what KEEP has; may be repeated"),
	OPT(FLAG, 0, "force", offsetof(struct merge_opts, force), NULL, "even those marked as not the same"),
	OPT(FLAG, 0, "dry-run", offsetof(struct merge_opts, dry_run), NULL,
		"say what would be moved, and change nothing"),
	OPT_END,
};

const struct cli_opt customer_distinct_options[] = {
	OPT(FLAG, 0, "remove", offsetof(struct distinct_opts, remove), NULL, "forget that it was said"),
	OPT_END,
};

/* FIELD=CUSTOMER: the field's name is put into *name, which the caller frees. */
static int read_take(struct cli *cli, crm_take *take, char **name, const char *text)
{
	const char *equals = strchr(text, '=');

	if (!equals || equals == text || !equals[1])
		return cli_fail(cli, EXIT_USAGE, "--take '%s': is not FIELD=CUSTOMER", text);
	*name = need(strndup(text, (size_t)(equals - text)));
	take->field = *name;
	int status = crm_resolve(&take->from, cli->store, cli->entity, equals + 1, CRM_NAME_DESTROY);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

static void say_merged(struct cli *cli, const struct ids *ids, const crm_merged *merged)
{
	cleanup(strbuf_freep) struct strbuf others = { 0 }, moved = { 0 };

	for (size_t i = 1; i < ids->n; i++)
		strbuf_printf(&others, "%s%lld", i > 1 ? ", " : "", (long long)ids->v[i]);
	strbuf_puts(&moved, *merged->moved ? merged->moved : crm_tr("nothing hung on them"));
	if (merged->left > 0)
		strbuf_printf(&moved,
			crm_tr_n("; %zu value that differs is only in the journal now",
				"; %zu values that differ are only in the journal now", merged->left),
			merged->left);
	if (merged->operation)
		cli_note(cli, "merged %s into %lld: %s (`crm customer unmerge %lld` takes it back)", need_str(&others),
			(long long)ids->v[0], need_str(&moved), (long long)merged->operation);
	else
		cli_note(cli, "would merge %s into %lld: %s; dry run: nothing was changed", need_str(&others),
			(long long)ids->v[0], need_str(&moved));
}

static int merge_ids(struct cli *cli, const struct ids *ids, const crm_merge_options *options)
{
	crm_merged merged;
	int status = crm_customer_merge(&merged, cli->store, ids->v[0], ids->v + 1, ids->n - 1, options);

	if (status < 0)
		return cli_store_fail(cli, status);
	say_merged(cli, ids, &merged);
	free(merged.moved);
	return EXIT_DONE;
}

int customer_merge(struct cli *cli, const void *opts)
{
	const struct merge_opts *o = opts;
	cleanup(ids_freep) struct ids ids = { 0 };
	cleanup(freep) crm_take *takes = need(calloc(o->take.n + 1, sizeof(*takes)));
	cleanup(freep) char **names = need(calloc(o->take.n + 1, sizeof(*names)));
	int exit_status = record_named_ids(cli, &ids, cli->argc, CRM_NAME_DESTROY);

	if (!exit_status && ids.n < cli->argc)
		exit_status = cli_fail(cli, EXIT_USAGE, "customer merge: a customer is named twice");
	for (size_t i = 0; !exit_status && i < o->take.n; i++)
		exit_status = read_take(cli, &takes[i], &names[i], o->take.v[i]);
	if (!exit_status)
		exit_status = merge_ids(cli, &ids,
			&(crm_merge_options){
				.takes = takes, .ntakes = o->take.n, .force = o->force, .dry_run = o->dry_run });
	for (size_t i = 0; i < o->take.n; i++)
		free(names[i]);
	return exit_status;
}

int customer_unmerge(struct cli *cli, const void *opts)
{
	struct kept kept = { .cli = cli, .how = N_("%s %lld: %s") };
	int64_t operation;

	(void)opts;
	if (!cli_number(cli, N_("operation"), cli->argv[0], &operation))
		return EXIT_USAGE;
	int status = crm_customer_unmerge(cli->store, operation, kept_say, &kept);
	if (status < 0)
		return cli_store_fail(cli, status);
	kept_say_rest(&kept);
	cli_note(cli, "took merge %lld back (`crm undo` merges again)", (long long)operation);
	return EXIT_DONE;
}

int customer_distinct(struct cli *cli, const void *opts)
{
	const struct distinct_opts *o = opts;
	cleanup(ids_freep) struct ids ids = { 0 };
	size_t changed = 0;
	int exit_status = record_named_ids(cli, &ids, cli->argc, CRM_NAME_WRITE);

	if (exit_status)
		return exit_status;
	if (ids.n < cli->argc)
		return cli_fail(cli, EXIT_USAGE, "customer distinct: a customer is named twice");
	int status = crm_customer_distinct(cli->store, ids.v, ids.n, !o->remove, &changed);
	if (status < 0)
		return cli_store_fail(cli, status);
	if (changed == 0)
		cli_note(cli, "nothing to change");
	else
		cli_note(cli,
			o->remove ? crm_tr_n("no longer marked as not the same: %zu pair",
					    "no longer marked as not the same: %zu pairs", changed)
				  : crm_tr_n("marked as not the same: %zu pair", "marked as not the same: %zu pairs",
					    changed),
			changed);
	return EXIT_DONE;
}

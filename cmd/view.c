/* crm view: filters with a name, used as @NAME. */
#include "record.h"

#include <string.h>

struct view_opts {
	struct list_opts list;
	struct many_opts many; /* of one */
	const char *sort;
	bool yes;
};

#define AT(member) offsetof(struct view_opts, member)

static const struct cli_opt sort_options[] = {
	OPT(TEXT, 0, "sort", AT(sort), "FIELD", "the order of its lists", .complete = "sort"),
	OPT_END,
};

static const struct cli_opt rm_options[] = {
	OPT(FLAG, 0, "yes", AT(yes), NULL, "do not ask"),
	OPT_END,
};

/* Sets what the command line says and leaves the rest. */
static int set_view(struct cli *cli, crm_record *r, const struct view_opts *o)
{
	cleanup(strbuf_freep) struct strbuf filter = { 0 };
	int status = CRM_OK;

	for (size_t i = 2; i < cli->argc; i++)
		cli_add_term(&filter, cli->argv[i]);
	if (filter.failed)
		need(NULL);
	if (filter.s)
		status = crm_record_set(r, "filter", filter.s);
	if (status == CRM_OK && cli->global.fields)
		status = crm_record_set(r, "fields", cli->global.fields);
	if (status == CRM_OK && o->sort)
		status = crm_record_set(r, "sort", o->sort);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

static int run_add(struct cli *cli, const void *opts)
{
	const crm_entity *e = cli_entity(cli, cli->argv[0], false);
	cleanup(record_freep) crm_record *r = NULL;

	if (!e)
		return EXIT_USAGE;
	if (cli_fields_asked(cli))
		return cli_fields_help(cli, e, NULL, 0);
	int status = crm_record_new(&r, cli->store, cli->entity);
	if (status == CRM_OK)
		status = crm_record_set(r, "entity", cli->argv[0]);
	if (status == CRM_OK)
		status = crm_record_set(r, "name", cli->argv[1]);
	if (status < 0)
		return cli_store_fail(cli, status);
	int exit_status = set_view(cli, r, opts);
	cli->global.fields = NULL; /* those of the view, not of what is printed */
	return exit_status ? exit_status : record_create(cli, r);
}

static int run_edit(struct cli *cli, const void *opts)
{
	const struct view_opts *o = opts;
	cleanup(record_freep) crm_record *r = NULL;
	int64_t id;

	if (cli->argc == 2 && !cli->global.fields && !o->sort)
		return cli_fail(cli, EXIT_USAGE, "view edit: nothing to change: FILTER…, --fields or --sort says what");
	int exit_status = record_find_named(cli, &id, cli->entity, cli->argv[0], cli->argv[1]);
	if (exit_status)
		return exit_status;
	int status = crm_record_load(&r, cli->store, cli->entity, id);
	if (status < 0)
		return cli_store_fail(cli, status);
	exit_status = set_view(cli, r, o);
	if (exit_status)
		return exit_status;
	exit_status = record_begin(cli, &id, 1);
	if (exit_status)
		return exit_status;
	status = crm_record_save(r);
	if (status == CRM_OK)
		status = crm_commit(cli->store);
	if (status < 0) {
		exit_status = cli_store_fail(cli, status);
		crm_rollback(cli->store);
		return exit_status;
	}
	cli_note(cli, "changed view %s of %s", cli->argv[1], cli->argv[0]);
	return EXIT_DONE;
}

static int run_rm(struct cli *cli, const void *opts)
{
	const struct view_opts *o = opts;
	int64_t id;
	int exit_status = record_find_named(cli, &id, cli->entity, cli->argv[0], cli->argv[1]);

	return exit_status ? exit_status : record_remove(cli, &id, 1, o->yes);
}

static const struct cli_verb verbs[] = {
	{ .name = "add",
		.summary = N_("give a filter a name, perhaps with columns (--fields) and order"),
		.args = "ENTITY NAME [FILTER…]",
		.complete = "entity none filter",
		.min_args = 2,
		.max_args = -1,
		.flags = VERB_WRITE | VERB_COLUMNS,
		.run = run_add,
		.options = sort_options,
		.size = sizeof(struct view_opts) },
	RECORD_LIST("list views"),
	{ .name = "edit",
		.summary = N_("give a view another filter, columns (--fields) or order"),
		.args = "ENTITY NAME [FILTER…]",
		.complete = "entity view-name filter",
		.min_args = 2,
		.max_args = -1,
		.flags = VERB_WRITE | VERB_COLUMNS | VERB_VERSION,
		.run = run_edit,
		.options = sort_options,
		.size = sizeof(struct view_opts),
		.many = AT(many) },
	{ .name = "rm",
		.summary = N_("remove a view, after asking"),
		.args = "ENTITY NAME",
		.complete = "entity view-name",
		.min_args = 2,
		.max_args = 2,
		.flags = VERB_WRITE | VERB_VERSION,
		.run = run_rm,
		.options = rm_options,
		.size = sizeof(struct view_opts),
		.many = AT(many) },
};

const struct cli_command command_view = {
	.name = "view",
	.summary = N_("filters with a name, used as @NAME"),
	.entity = "view",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

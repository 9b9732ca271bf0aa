/* crm field: custom fields of customers, organisations and communications. */
#include "record.h"

struct field_opts {
	struct record_opts record; /* first: the generic verbs take it for theirs */
	const char *help;
	bool yes;
};

#define AT(member) offsetof(struct field_opts, member)

/* The field `help` of a field cannot be called --help. */
static const struct cli_opt help_options[] = {
	OPT(TEXT, 0, "help-text", AT(help), "TEXT", "what the field means"),
	OPT_END,
};

static const struct cli_opt rm_options[] = {
	OPT(FLAG, 0, "yes", AT(yes), NULL, "do not ask"),
	OPT_END,
};

static int set(struct cli *cli, crm_record *r, const char *field, const char *value)
{
	int status = value ? crm_record_set(r, field, value) : CRM_OK;

	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

static int run_add(struct cli *cli, const void *opts)
{
	const struct field_opts *o = opts;
	cleanup(record_freep) crm_record *r = NULL;
	int status = crm_record_new(&r, cli->store, cli->entity);

	if (status < 0)
		return cli_store_fail(cli, status);
	int exit_status = set(cli, r, "entity", cli->argv[0]);
	if (!exit_status)
		exit_status = set(cli, r, "name", cli->argv[1]);
	if (!exit_status)
		exit_status = set(cli, r, "help", o->help);
	if (!exit_status)
		exit_status = record_assign(cli, r, &o->record.fields);
	return exit_status ? exit_status : record_create(cli, r);
}

static int run_edit(struct cli *cli, const void *opts)
{
	const struct field_opts *o = opts;
	struct record_opts changed = o->record;
	struct assign *all = NULL;
	int64_t id;

	if (changed.fields.n == 0 && !o->help)
		return cli_fail(
			cli, EXIT_USAGE, "field edit: nothing to change: --label, --words or --help-text says what");
	int exit_status = record_find_named(cli, &id, cli->entity, cli->argv[0], cli->argv[1]);
	if (exit_status)
		return exit_status;
	all = need_zeroed(changed.fields.n + 1, sizeof(*all));
	for (size_t i = 0; i < changed.fields.n; i++)
		all[i] = o->record.fields.v[i];
	changed.fields.v = all;
	if (o->help)
		all[changed.fields.n++] = (struct assign){
			.field = crm_field_find(NULL, cli->entity, "help"), .name = "help", .value = o->help
		};
	exit_status = record_change(cli, &id, 1, &changed);
	freep(&all);
	return exit_status;
}

static int run_list(struct cli *cli, const void *opts)
{
	const struct field_opts *o = opts;
	cleanup(strbuf_freep) struct strbuf term = { 0 };
	crm_cursor *rows;

	if (cli_fields_asked(cli))
		return cli_fields_help(cli, cli->entity, NULL, 0);
	if (cli->argc > 0) {
		const crm_entity *e = cli_entity(cli, cli->argv[0], false);
		if (!e)
			return EXIT_USAGE;
		strbuf_printf(&term, "entity:%s", crm_entity_name(e));
	}
	const char *filter[] = { term.s };
	int exit_status = record_open_list(cli, &rows, cli->entity, filter, term.s != NULL, &o->record.list);
	return exit_status ? exit_status : cli_print(cli, rows, false);
}

static int run_rm(struct cli *cli, const void *opts)
{
	const struct field_opts *o = opts;
	int64_t id;
	int exit_status = record_find_named(cli, &id, cli->entity, cli->argv[0], cli->argv[1]);

	return exit_status ? exit_status : record_remove(cli, &id, 1, o->yes);
}

static const char *const without_add[] = { "entity", "name", "help", NULL };
static const char *const without_edit[] = { "entity", "type", "help", NULL };

#undef RECORD_OPTS
#define RECORD_OPTS                                                                                                    \
	.size = sizeof(struct field_opts), .fields = AT(record.fields), .list = AT(record.list), .many = AT(record.many)

static const struct cli_verb verbs[] = {
	{ .name = "add",
		.summary = N_("give all customers, organisations or communications a field"),
		.args = "ENTITY NAME",
		.complete = "custom-entity none",
		.min_args = 2,
		.max_args = 2,
		.flags = VERB_WRITE | VERB_FIELDS,
		.run = run_add,
		.options = help_options,
		.without = without_add,
		RECORD_OPTS },
	{ .name = "list",
		.summary = N_("list custom fields"),
		.args = "[ENTITY]",
		.complete = "custom-entity",
		.max_args = 1,
		.flags = VERB_READ | VERB_LIST | VERB_COLUMNS | VERB_PAGER,
		.run = run_list,
		RECORD_OPTS },
	{ .name = "edit",
		.summary = N_("change name, label, words or help of a custom field"),
		.args = "ENTITY NAME",
		.complete = "custom-entity custom-name",
		.min_args = 2,
		.max_args = 2,
		.flags = VERB_WRITE | VERB_FIELDS | VERB_VERSION,
		.run = run_edit,
		.options = help_options,
		.without = without_edit,
		RECORD_OPTS },
	{ .name = "rm",
		.summary = N_("remove a custom field with all its values, after asking"),
		.args = "ENTITY NAME",
		.complete = "custom-entity custom-name",
		.min_args = 2,
		.max_args = 2,
		.flags = VERB_WRITE | VERB_VERSION,
		.run = run_rm,
		.options = rm_options,
		RECORD_OPTS },
};

const struct cli_command command_field = {
	.name = "field",
	.summary = N_("custom fields of this store"),
	.entity = "field",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

/* crm export: what import takes, as a file. */
#include "record.h"

struct export_opts {
	struct list_opts list;
	const char *output;
	bool excel;
};

#define AT(member) offsetof(struct export_opts, member)

static const struct cli_opt options[] = {
	OPT(TEXT, 'o', "output", AT(output), "FILE", "write to a file, which appears whole or not at all",
		.complete = "file"),
	OPT(FLAG, 0, "excel", AT(excel), NULL, "csv that a spreadsheet opens without running what is in it"),
	OPT_END,
};

/* Forms that are about one kind of record, and have fields of their own: those they can hold. */
static const struct {
	enum out_format format;
	const char *entity, *what, *about;
	const char *(*fields)(void);
} cards[] = {
	{ OUT_VCARD, "customer", N_("a vCard"), N_("a customer"), crm_vcard_fields },
	{ OUT_ICS, "followup", N_("a calendar"), N_("follow-ups"), crm_ics_fields },
};

static int choose_card(struct cli *cli, const crm_entity *e, enum out_format format)
{
	for (size_t i = 0; i < COUNT(cards); i++) {
		if (cards[i].format != format)
			continue;
		if (e != crm_entity_find(cards[i].entity))
			return cli_fail(cli, EXIT_USAGE, "%s is about %s: %s cannot be written so",
				crm_tr(cards[i].what), crm_tr(cards[i].about), crm_tr(crm_entity_name(e)));
		if (cli->global.fields)
			return cli_fail(cli, EXIT_USAGE, "--fields: %s has fields of its own (crm help formats)",
				crm_tr(cards[i].what));
		cli->global.fields = cards[i].fields();
	}
	return EXIT_DONE;
}

static int run_export(struct cli *cli, const void *opts)
{
	const struct export_opts *o = opts;
	const crm_entity *e = cli_entity(cli, cli->argv[0], false);
	crm_cursor *rows;

	if (!e)
		return EXIT_USAGE;
	if (cli_fields_asked(cli))
		return cli_fields_help(cli, e, NULL, 0);
	int exit_status = choose_card(cli, e, cli_file_format(cli, o->output, OUT_CSV));
	if (exit_status == EXIT_DONE)
		exit_status = record_open_list(cli, &rows, e, cli->argv + 1, cli->argc - 1, &o->list);
	return exit_status ? exit_status : cli_print_file(cli, rows, o->output, OUT_CSV, o->excel);
}

static const struct cli_verb verb = {
	.summary = N_("write records as csv with all fields that import takes, or as --format says"),
	.args = "TYPE [FILTER…]",
	.complete = "entity filter",
	.min_args = 1,
	.max_args = -1,
	.flags = VERB_READ | VERB_LIST | VERB_COLUMNS | VERB_EXPORT | VERB_FILE,
	.run = run_export,
	.options = options,
	.size = sizeof(struct export_opts),
	.list = AT(list),
};

const struct cli_command command_export = {
	.name = "export", .summary = N_("write records to a file"), .verbs = &verb, .nverbs = 1
};

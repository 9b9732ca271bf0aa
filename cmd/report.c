/* crm report: the catalogue, and one of it. */
#include "cli/cli.h"
#include "cli/language.h"
#include "commands.h"
#include "report_draw.h"
#include <stddef.h>
#include <string.h>

struct report_opts {
	crm_report_options report;
	const char *output;
	struct draw_opts draw;
};

#define AT(member) offsetof(struct report_opts, member)

static const char *const periods[] = { "previous", "year", NULL };
static const char *const places[] = { "log", "ticket", "survey", NULL };

static const struct cli_opt options[] = {
	OPT(TEXT, 0, "since", AT(report.since), "TIME", "the period begins here; a day counts whole"),
	OPT(TEXT, 0, "until", AT(report.until), "TIME", "the period ends here; a day counts whole"),
	OPT(TEXT, 0, "by", AT(report.by), "GROUP", "what a row stands for, as day or channel", .complete = "by"),
	OPT(TEXT, 0, "as-of", AT(report.as_of), "TIME", "as things were then"),
	OPT(CHOICE, 0, "vs", AT(report.vs), "PERIOD", "compare with the period before, or with that of a year before",
		.words = periods),
	OPT(FLAG, 0, "rows", AT(report.rows), NULL, "list the records behind the figures"),
	OPT(FLAG, 0, "total", AT(report.total), NULL, "a row for all together"),
	OPT(FLAG, 0, "normalise", AT(report.normalise), NULL, "divide weights by their sum where that is not 1"),
	OPT(TEXT, 0, "fit", AT(report.fit), "FIELD",
		"estimate the coefficients from nps, orders or a customer's field"),
	OPT(CHOICE, 0, "from", AT(report.from), "TYPE", "what is read", .words = places),
	OPT(TEXT, 0, "top", AT(report.top), "N", "the first N rows of each period"),
	OPT(TEXT, 0, "model", AT(report.model), "MODEL", "the classifier that is asked", .complete = "classifier"),
	OPT(TEXT, 'o', "output", AT(output), "FILE", "write to a file, which appears whole or not at all",
		.complete = "file"),
	OPT(FLAG, 0, "chart", AT(draw.chart), NULL, "draw the figures in the terminal"),
	OPT(FLAG, 0, "ascii", AT(draw.ascii), NULL, "draw with ASCII characters only"),
	OPT(CHOICE, 0, "lang", AT(draw.lang), "LANGUAGE", "of charts and pages; else report.language",
		.words = language_names + 1),
	OPT_END,
};

static int print(struct cli *cli, crm_cursor *rows, const char *output)
{
	bool to_file = output || cli_file_format(cli, NULL, OUT_AUTO) == OUT_XLSX;

	return to_file ? cli_print_file(cli, rows, output, OUT_AUTO, false) : cli_print(cli, rows, false);
}

static int list_reports(struct cli *cli, const struct report_opts *o, enum out_format drawing)
{
	const char *option = crm_report_option_given(&o->report);
	const crm_column *columns;
	crm_cursor *rows;
	size_t n = crm_report_list_columns(&columns);

	if (drawing != OUT_AUTO)
		return cli_fail(cli, EXIT_USAGE, "report: draw which NAME? (`crm report` lists them)");
	if (option)
		return cli_fail(cli, EXIT_USAGE, "report: --%s of which NAME? (`crm report` lists them)", option);
	if (cli_fields_asked(cli))
		return cli_fields_help(cli, NULL, columns, n);
	int status = crm_report_list(&rows, cli->store);
	if (status == CRM_OK)
		status = crm_cursor_fields(&rows, cli->store, rows, cli->global.fields);
	return status < 0 ? cli_store_fail(cli, status) : print(cli, rows, o->output);
}

static int unknown_report(struct cli *cli, const char *name)
{
	cleanup(strings_freep) struct strings names = { 0 };

	for (size_t i = 0; i < crm_report_count(); i++)
		strings_add(&names, crm_report_name(crm_report_at(i)));
	cleanup(freep) char *hint = cli_nearest(name, names.v, names.n, crm_tr(" (`crm report` lists them)"));
	return cli_fail(cli, EXIT_USAGE, "there is no report '%s'%s", name, hint);
}

/* What --vs adds is known of the report at hand only. */
static int help_columns(struct cli *cli, crm_cursor *rows)
{
	int exit_status = cli_fields_help(cli, NULL, crm_cursor_column(rows, 0), crm_cursor_columns(rows));

	crm_cursor_close(rows);
	return exit_status;
}

static int run_report(struct cli *cli, const void *opts)
{
	const struct report_opts *o = opts;
	const crm_column *columns = NULL;
	crm_cursor *rows;
	enum out_format drawing;
	int exit_status = report_drawing(cli, &drawing, &o->draw, o->output);

	if (exit_status)
		return exit_status;
	if (cli->argc == 0)
		return list_reports(cli, o, drawing);
	const crm_report *r = crm_report_find(cli->argv[0]);
	if (!r)
		return unknown_report(cli, cli->argv[0]);
	const bool asked = cli_fields_asked(cli);
	if (asked && !o->report.vs) {
		size_t n = o->report.rows ? 0 : crm_report_columns(r, &columns);
		return cli_fields_help(cli, o->report.rows ? crm_report_entity(r) : NULL, columns, n);
	}
	exit_status = cli_open(cli, VERB_READ);
	if (exit_status)
		return exit_status;
	crm_report_options report = o->report;
	report.nfilter = cli->argc - 1;
	report.filter = cli->argv + 1;
	report.fields = asked ? NULL : cli->global.fields;
	if (drawing != OUT_AUTO && !asked)
		return report_draw(cli, r, &report, &o->draw, drawing, o->output);
	int status = crm_report_run(&rows, cli->store, r, &report);
	if (status == CRM_OK && asked)
		return help_columns(cli, rows);
	return status < 0 ? cli_store_fail(cli, status) : print(cli, rows, o->output);
}

static const struct cli_verb verb = {
	.summary = N_("answer a question over the store; without a name, list them (crm report NAME -h explains one)"),
	.args = "[NAME [FILTER…]]",
	.complete = "report filter",
	.max_args = -1,
	.flags = VERB_PLACE | VERB_COLUMNS | VERB_PAGER | VERB_FILE | VERB_DRAW,
	.run = run_report,
	.options = options,
	.size = sizeof(struct report_opts),
};

const struct cli_command command_report = { .name = "report",
	.summary = N_("activity, follow-ups, tickets and how fast they are, sales, customers"),
	.verbs = &verb,
	.nverbs = 1 };

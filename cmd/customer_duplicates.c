/* crm customer duplicates: who is there twice. */
#include "customer_duplicates.h"

#define AT(member) offsetof(struct duplicates_opts, member)

const struct cli_opt customer_duplicates_options[] = {
	OPT(TEXT, 0, "threshold", AT(threshold), "P", "from which score on, 0 to 1; else 0.8"),
	OPT(FLAG, 0, "explain", AT(explain), NULL, "what was learnt: the weight of each field and level"),
	OPT_END,
};

static int explain(struct cli *cli, const struct duplicates_opts *o)
{
	const crm_column *columns;
	crm_cursor *rows;

	if (cli->argc > 0 || o->threshold || o->list.sort || o->list.limit >= 0 || o->list.offset >= 0)
		return cli_fail(cli, EXIT_USAGE, "customer duplicates --explain: takes no filter and no other option");
	if (cli_fields_asked(cli)) {
		size_t n = crm_duplicates_explain_columns(&columns);
		return cli_fields_help(cli, NULL, columns, n);
	}
	int status = crm_duplicates_explain(&rows, cli->store);
	return status < 0 ? cli_store_fail(cli, status) : cli_print_columns(cli, rows);
}

/* People read what is to be done; for them the reasons come last, where they have room. */
static void say_what_next(struct cli *cli, size_t found)
{
	out_flush(cli->out);
	if (found > 0)
		cli_note(cli, "`crm customer merge A B` makes one of two, `crm customer distinct A B` says that they "
			      "are two");
}

int customer_duplicates(struct cli *cli, const void *opts)
{
	const struct duplicates_opts *o = opts;
	bool people = cli->out_terminal && !cli->global.format;
	size_t found = 0;
	crm_duplicates_options options = {
		.nfilter = cli->argc,
		.filter = cli->argv,
		.threshold = o->threshold,
		.fields = cli->global.fields || !people ? cli->global.fields : "a,b,score,name_a,name_b,reasons",
		.sort = o->list.sort,
		.limit = o->list.limit,
		.offset = o->list.offset > 0 ? o->list.offset : 0,
		.found = &found,
	};
	const crm_column *columns;
	crm_cursor *rows;

	if (o->explain)
		return explain(cli, o);
	if (cli_fields_asked(cli)) {
		size_t n = crm_duplicates_columns(&columns);
		return cli_fields_help(cli, NULL, columns, n);
	}
	int status = crm_duplicates(&rows, cli->store, &options);
	if (status < 0)
		return cli_store_fail(cli, status);
	int exit_status = cli_print(cli, rows, false);
	if (!exit_status && people)
		say_what_next(cli, found);
	return exit_status;
}

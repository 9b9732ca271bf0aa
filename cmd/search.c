/* crm search: words in all that is written down. */
#include "cli/cli.h"
#include "commands.h"
#include <stddef.h>
#include <string.h>

struct search_opts {
	const char *in, *since, *until, *customer;
	bool regex;
	struct list_opts list;
};

#define AT(member) offsetof(struct search_opts, member)

static const struct cli_opt options[] = {
	OPT(TEXT, 0, "in", AT(in), "TYPE,…", "only these: customer, org, log, ticket, followup, order, survey",
		.complete = "searched"),
	OPT(TEXT, 0, "customer", AT(customer), "CUSTOMER", "only what belongs to this customer",
		.complete = "customer"),
	OPT(TEXT, 0, "since", AT(since), "TIME", "the period begins here; a day counts whole"),
	OPT(TEXT, 0, "until", AT(until), "TIME", "the period ends here; a day counts whole"),
	OPT(FLAG, 0, "regex", AT(regex), NULL, "the arguments are regular expressions (PCRE)"),
	OPT_END,
};

enum {
	WIDE = 100,    /* columns of a terminal that has room for names */
	OTHERS = 56,   /* that the columns beside the snippet take */
	NAME = 12,     /* and names */
	NARROWEST = 20 /* a snippet */
};

/* On a terminal the snippet is fitted between the other columns, which must be few. */
static void fit_table(crm_search_options *opt, const struct out_settings *set, bool usual)
{
	const bool wide = set->width >= WIDE;
	const size_t others = OTHERS + (wide ? NAME : 0);

	if (set->format != OUT_TABLE || set->width == 0)
		return;
	opt->width = set->width > others + NARROWEST ? set->width - others : NARROWEST;
	if (usual)
		opt->fields = wide ? "type,id,customer,at,field,snippet,name" : "type,id,customer,at,field,snippet";
}

static int fields_help(struct cli *cli)
{
	const crm_column *columns;
	size_t n = crm_search_columns(&columns);

	return cli_fields_help(cli, NULL, columns, n);
}

static int find(struct cli *cli, const crm_search_options *opt, bool marked)
{
	crm_cursor *rows;
	int status = crm_search(&rows, cli->store, opt);

	if (status < 0)
		return cli_store_fail(cli, status);
	return marked ? cli_print_marked(cli, rows, "snippet") : cli_print(cli, rows, false);
}

static int run_search(struct cli *cli, const void *opts)
{
	const struct search_opts *o = opts;
	const struct out_settings set = cli_list_settings(cli);
	cleanup(strbuf_freep) struct strbuf fields = { 0 };
	crm_search_options opt = { .terms = cli->argv,
		.nterms = cli->argc,
		.regex = o->regex,
		.in = o->in,
		.since = o->since,
		.until = o->until,
		.sort = o->list.sort,
		.limit = o->list.limit,
		.offset = o->list.offset,
		.fields = cli->global.fields };

	if (cli_fields_asked(cli))
		return fields_help(cli);
	int status = o->customer ? crm_resolve(&opt.customer, cli->store, crm_entity_find("customer"), o->customer,
					   CRM_NAME_READ)
				 : CRM_OK;
	if (status < 0)
		return cli_store_fail(cli, status);
	fit_table(&opt, &set, !cli->global.fields);
	bool marked = set.format == OUT_TABLE && set.color;
	if (marked) {
		strbuf_printf(&fields, "%s%s", opt.fields ? opt.fields : "+", opt.fields ? ",marks" : "marks");
		opt.fields = need(fields.s);
	}
	return find(cli, &opt, marked);
}

static const struct cli_verb verb = {
	.summary = N_("find words in customers, communications, tickets, orders and all else that is written down"),
	.args = "TEXT…",
	.complete = "none",
	.none = "nothing is found",
	.min_args = 1,
	.max_args = -1,
	.flags = VERB_READ | VERB_LIST | VERB_COLUMNS | VERB_PAGER,
	.run = run_search,
	.options = options,
	.size = sizeof(struct search_opts),
	.list = AT(list),
};

const struct cli_command command_search = { .name = "search",
	.summary = N_("find words anywhere: customers, communications, tickets, orders"),
	.verbs = &verb,
	.nverbs = 1 };

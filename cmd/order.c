/* crm order: what customers bought. */
#include "record.h"

static int run_add(struct cli *cli, const void *opts)
{
	const struct record_opts *o = opts;
	cleanup(record_freep) crm_record *r = NULL;

	if (cli_fields_asked(cli))
		return cli_fields_help(cli, cli->entity, NULL, 0);
	int exit_status = record_new_of_customer(cli, &r, &o->fields);
	return exit_status ? exit_status : record_create(cli, r);
}

static const char *const without_customer[] = { "customer", NULL };

static const struct cli_verb verbs[] = {
	{ .name = "add",
		.summary = N_("write down an order, or a line of one; prints its number"),
		.args = "CUSTOMER",
		.complete = "customer",
		.min_args = 1,
		.max_args = 1,
		.flags = VERB_WRITE | VERB_FIELDS | VERB_COLUMNS,
		.run = run_add,
		.without = without_customer,
		RECORD_OPTS },
	RECORD_SHOW("ORDER", "order"),
	RECORD_LIST("list orders, newest first",
		.none = "there is no order yet: crm order add CUSTOMER --product NAME, or crm import order FILE"),
	RECORD_EDIT("ORDER", "order"),
	RECORD_RM("ORDER", "order", "remove, after asking"),
	RECORD_TAG("ORDER", "order"),
};

const struct cli_command command_order = {
	.name = "order",
	.summary = N_("what customers bought, and how far it is"),
	.entity = "order",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

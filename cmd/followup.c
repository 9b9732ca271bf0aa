/* crm followup: who is owed a contact, and by which policy. */
#include "record.h"

static int run_due(struct cli *cli, const void *opts)
{
	const struct record_opts *o = opts;
	crm_due_options due = {
		.nfilter = cli->argc,
		.filter = cli->argv,
		.fields = cli->global.fields,
		.sort = o->list.sort,
		.limit = o->list.limit,
		.offset = o->list.offset > 0 ? o->list.offset : 0,
	};
	const crm_column *columns;
	crm_cursor *rows;

	if (cli_fields_asked(cli)) {
		size_t n = crm_due_columns(&columns);
		return cli_fields_help(cli, cli->entity, columns, n);
	}
	int status = crm_followup_due(&rows, cli->store, &due);
	return status < 0 ? cli_store_fail(cli, status) : cli_print(cli, rows, false);
}

#define POLICY(verb) .name = "policy " verb, .entity = "followup_policy"

static const struct cli_verb verbs[] = {
	{ .name = "due",
		.summary = "list who is owed a contact now: only reads, for cron and pipes",
		.args = "[FILTER…]",
		.complete = "filter",
		.max_args = -1,
		.flags = VERB_READ | VERB_LIST | VERB_COLUMNS | VERB_PAGER,
		.run = run_due,
		RECORD_OPTS },
	{ POLICY("add"), .summary = "add a policy: who is owed what after how long",
		.flags = VERB_WRITE | VERB_FIELDS | VERB_COLUMNS, .run = record_add, RECORD_OPTS },
	{ POLICY("list"), .summary = "list the policies, in the order in which they are tried", .args = "[FILTER…]",
		.complete = "filter", .max_args = -1, .flags = VERB_READ | VERB_LIST | VERB_COLUMNS | VERB_PAGER,
		.run = record_list, RECORD_OPTS },
	{ POLICY("edit"), .summary = "change a policy; an empty value clears a field", .args = "POLICY…",
		.complete = "followup_policy", .min_args = 1, .max_args = -1,
		.flags = VERB_WRITE | VERB_FIELDS | VERB_WHERE, .run = record_edit, RECORD_OPTS },
	{ POLICY("rm"), .summary = "remove a policy, after asking", .args = "POLICY…", .complete = "followup_policy",
		.min_args = 1, .max_args = -1, .flags = VERB_WRITE | VERB_WHERE, .run = record_rm, RECORD_OPTS },
};

const struct cli_command command_followup = {
	.name = "followup",
	.summary = "who is owed a contact, and after how long",
	.entity = "customer",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

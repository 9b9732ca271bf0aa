/* crm sla: within how long replies and solutions are promised. */
#include "record.h"

#include <crm/sla.h>

struct sla_opts {
	struct record_opts record; /* first: the generic verbs take it for theirs */
	crm_sla_terms terms;
	const char *since, *until;
};

#define AT(member) offsetof(struct sla_opts, member)

static const struct cli_opt simulate_options[] = {
	OPT(TEXT, 0, "policy", AT(terms.policy), "SLA", "the policy that is changed; else all of them",
		.complete = "sla"),
	OPT(TEXT, 0, "first-reply", AT(terms.first_reply), "TEXT", "other targets: 'urgent 30min, high 1h, 4h'"),
	OPT(TEXT, 0, "next-reply", AT(terms.next_reply), "TEXT", "likewise for every further reply"),
	OPT(TEXT, 0, "resolution", AT(terms.resolution), "TEXT", "likewise for the solution"),
	OPT(TEXT, 0, "calendar", AT(terms.calendar), "CALENDAR", "another calendar; empty: all hours count",
		.complete = "calendar"),
	OPT(TEXT, 0, "pauses", AT(terms.pauses), "TEXT", "other statuses in which the resolution's clock stands still"),
	OPT(TEXT, 0, "since", AT(since), "TIME", "tickets created from here; a day counts whole"),
	OPT(TEXT, 0, "until", AT(until), "TIME", "tickets created up to here; a day counts whole"),
	OPT_END,
};

static int run_explain(struct cli *cli, const void *opts)
{
	crm_cursor *rows;
	int64_t id;
	int status = crm_resolve(&id, cli->store, crm_entity_find("ticket"), cli->argv[0], CRM_NAME_READ);

	(void)opts;
	if (status == CRM_OK)
		status = crm_sla_explain(&rows, cli->store, id);
	return status < 0 ? cli_store_fail(cli, status) : cli_print_columns(cli, rows);
}

static int run_simulate(struct cli *cli, const void *opts)
{
	const struct sla_opts *o = opts;
	const crm_sla_terms *t = &o->terms;
	crm_cursor *rows;

	if (!t->first_reply && !t->next_reply && !t->resolution && !t->calendar && !t->pauses)
		return cli_fail(cli, EXIT_USAGE,
			"sla simulate: under which other terms? (--first-reply, --next-reply, "
			"--resolution, --calendar, --pauses)");
	int status = crm_sla_simulate(&rows, cli->store, t, cli->argc, cli->argv, o->since, o->until);
	return status < 0 ? cli_store_fail(cli, status) : cli_print_columns(cli, rows);
}

#undef RECORD_OPTS
#define RECORD_OPTS                                                                                                    \
	.size = sizeof(struct sla_opts), .fields = AT(record.fields), .list = AT(record.list), .many = AT(record.many)

static const struct cli_verb verbs[] = {
	RECORD_ADD("add a policy: what is promised for which tickets"),
	RECORD_SHOW("SLA", "sla"),
	RECORD_LIST("list the policies, in the order in which they are tried"),
	RECORD_EDIT("SLA", "sla"),
	RECORD_RM("SLA", "sla", "remove a policy, after asking"),
	{ .name = "explain",
		.summary = N_("show what was counted of a ticket and what not, and why"),
		.args = "TICKET",
		.complete = "ticket",
		.min_args = 1,
		.max_args = 1,
		.flags = VERB_READ | VERB_COLUMNS | VERB_PAGER,
		.run = run_explain,
		RECORD_OPTS },
	{ .name = "simulate",
		.summary = N_("judge past tickets as they are and under other terms"),
		.args = "[FILTER…]",
		.complete = "filter",
		.entity = "ticket",
		.max_args = -1,
		.flags = VERB_READ | VERB_COLUMNS,
		.run = run_simulate,
		.options = simulate_options,
		RECORD_OPTS },
};

const struct cli_command command_sla = {
	.name = "sla",
	.summary = N_("within how long replies and solutions are promised"),
	.entity = "sla",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

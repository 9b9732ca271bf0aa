/* crm followup due: what is owed now. */
#include "followup_due.h"
#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct followup_due_opts, member)

const struct cli_opt followup_due_options[] = {
	OPT(TEXT, 0, "for", AT(agent), "AGENT", "only what this agent owes; empty: what is nobody's",
		.complete = "agent"),
	OPT(FLAG, 0, "reachable", AT(reachable), NULL, "leave out who has quiet hours now"),
	OPT(TEXT, 0, "group-by", AT(group_by), "FIELD", "in groups: owner, action, or any field of the customer",
		.complete = "field"),
	OPT_END,
};

int followup_agent(struct cli *cli, char **out, const char *name)
{
	const crm_entity *agent = crm_entity_find("agent");
	cleanup(record_freep) crm_record *r = NULL;
	int64_t id;

	if (!name || !*name) {
		*out = name ? need_copy("") : NULL;
		return EXIT_DONE;
	}
	if (strcmp(name, "me") == 0)
		name = crm_store_agent(cli->store);
	int status = crm_resolve(&id, cli->store, agent, name, CRM_NAME_WRITE);
	if (status == CRM_OK)
		status = crm_record_load(&r, cli->store, agent, id);
	if (status < 0)
		return cli_store_fail(cli, status);
	*out = need_copy(crm_record_get(r, "name").s);
	return EXIT_DONE;
}

int followup_due(struct cli *cli, const void *opts)
{
	const struct followup_due_opts *o = opts;
	cleanup(freep) char *agent = NULL;
	crm_due_options due = {
		.nfilter = cli->argc,
		.filter = cli->argv,
		.reachable = o->reachable,
		.fields = cli->global.fields,
		.group_by = o->group_by,
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
	int exit_status = followup_agent(cli, &agent, o->agent);
	if (exit_status)
		return exit_status;
	due.owner = agent;
	int status = crm_followup_due(&rows, cli->store, &due);
	if (status < 0)
		return cli_store_fail(cli, status);
	return o->group_by ? cli_print_groups(cli, rows, o->group_by) : cli_print(cli, rows, false);
}

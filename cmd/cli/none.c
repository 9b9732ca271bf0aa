/* An empty answer: people see that it is one, and what to type next; programs see nothing. */
#include "cli/cli.h"

#include <string.h>

int cli_any(bool *any, struct cli *cli, const crm_entity *e)
{
	crm_query *q = NULL;
	crm_cursor *rows = NULL;
	int status = crm_query_new(&q, cli->store, e);

	if (status == CRM_OK)
		status = crm_query_fields(q, "id");
	if (status == CRM_OK) {
		crm_query_limit(q, 1);
		status = crm_query_open(&rows, q);
	}
	if (status == CRM_OK)
		status = crm_cursor_next(rows);
	*any = status == CRM_OK;
	crm_cursor_close(rows);
	crm_query_free(q);
	return status < 0 ? status : CRM_OK;
}

/* True for `list` and `policy list`: the answer is records of the verb's kind. */
static bool lists_records(const struct cli *cli)
{
	const char *list = cli->entity && cli->verb->name ? strstr(cli->verb->name, "list") : NULL;

	return list && strcmp(list, "list") == 0;
}

void cli_say_none(struct cli *cli)
{
	const bool records = lists_records(cli);
	bool any = false;

	if (!cli->out_terminal || !cli->err_terminal || (records && cli_any(&any, cli, cli->entity) < 0))
		return;
	if (any)
		cli_note(cli, "no %s matches", crm_entity_name(cli->entity));
	else if (cli->verb->none)
		cli_note(cli, "%s", cli->verb->none);
	else if (records)
		cli_note(cli, "there is no %s yet (`crm %s -h` says how to make one)", crm_entity_name(cli->entity),
			cli->command->name);
	else
		cli_note(cli, "nothing to show");
}

/* crm whoami: what a run of crm goes by. */
#include "cli/cli.h"
#include "commands.h"
#include <string.h>

static void put(struct cli *cli, const char *name, const char *value, const char *remark)
{
	out_printf(cli->out, "%-9s ", name);
	if (!value)
		value = "none";
	out_text(cli->out, value, strlen(value));
	if (*remark)
		out_printf(cli->out, " (%s)", remark);
	out_puts(cli->out, "\n");
}

static int run_whoami(struct cli *cli, const void *opts)
{
	char now[32];
	const char *agent_remark = "", *store_remark = "";
	int status = cli->path ? crm_store_open(cli->store, cli->path, CRM_OPEN_READ) : CRM_NOSTORE;

	(void)opts;
	if (status == CRM_NOMEM)
		return cli_store_fail(cli, status);
	if (status < 0 && status != CRM_NOSTORE)
		cli_warn(cli, "%s", crm_errmsg(cli->store));
	if (status == CRM_OK)
		agent_remark = crm_store_agent_known(cli->store) == 1 ? "" : "not in the store";
	else
		store_remark = status == CRM_NOSTORE ? "not made yet" : "cannot be used";
	crm_time_format(now, cli->store, crm_store_now(cli->store), CRM_TIME_RFC3339);
	put(cli, "agent:", crm_store_agent(cli->store), agent_remark);
	put(cli, "login:", cli->login, "");
	put(cli, "store:", cli->path, store_remark);
	put(cli, "config:", cli->config.path, "");
	put(cli, "zone:", crm_store_zone(cli->store), "");
	put(cli, "now:", now, "");
	put(cli, "country:", config_get(&cli->config, "phone.country"), "");
	put(cli, "version:", crm_version(), "");
	if (status == CRM_OK)
		out_printf(cli->out, "%-9s %d of %d\n", "schema:", crm_store_schema(cli->store), crm_schema_version());
	return EXIT_DONE;
}

static const struct cli_verb verb = {
	.summary = N_("show agent, store, configuration, zone and versions"),
	.flags = VERB_PLACE | VERB_PLAIN,
	.run = run_whoami,
};

const struct cli_command command_whoami = {
	.name = "whoami", .summary = N_("agent, store, configuration, zone, versions"), .verbs = &verb, .nverbs = 1
};

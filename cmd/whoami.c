/* crm whoami: what a run of crm goes by. */
#include "cli/cli.h"
#include "commands.h"

#include <stdio.h>
#include <string.h>

static void put(struct cli *cli, const char *name, const char *value, const char *remark)
{
	const char *label = cli->out_terminal ? crm_tr(name) : name;

	out_puts(cli->out, label);
	for (size_t width = crm_text_width(label, strlen(label)); width < 10; width++)
		out_puts(cli->out, " ");
	if (!value)
		value = cli->out_terminal ? crm_tr("none") : "none";
	out_text(cli->out, value, strlen(value));
	if (*remark)
		out_printf(cli->out, " (%s)", cli->out_terminal ? crm_tr(remark) : remark);
	out_puts(cli->out, "\n");
}

static int run_whoami(struct cli *cli, const void *opts)
{
	char now[32], schema[32];
	const char *agent_remark = "", *store_remark = "";
	int status = cli->path ? crm_store_open(cli->store, cli->path, CRM_OPEN_READ) : CRM_NOSTORE;

	(void)opts;
	if (status == CRM_NOMEM)
		return cli_store_fail(cli, status);
	if (status < 0 && status != CRM_NOSTORE)
		cli_warn(cli, "%s", crm_errmsg(cli->store));
	if (status == CRM_OK)
		agent_remark = crm_store_agent_known(cli->store) == 1 ? "" : N_("not in the store");
	else
		store_remark = status == CRM_NOSTORE ? N_("not made yet") : N_("cannot be used");
	crm_time_format(now, cli->store, crm_store_now(cli->store), CRM_TIME_RFC3339);
	put(cli, N_("agent:"), crm_store_agent(cli->store), agent_remark);
	put(cli, N_("login:"), cli->login, "");
	put(cli, N_("store:"), cli->path, store_remark);
	put(cli, N_("config:"), cli->config.path, "");
	put(cli, N_("zone:"), crm_store_zone(cli->store), "");
	put(cli, N_("now:"), now, "");
	put(cli, N_("country:"), config_get(&cli->config, "phone.country"), "");
	put(cli, N_("version:"), crm_version(), "");
	if (status == CRM_OK)
		snprintf(schema, sizeof(schema), "%d of %d", crm_store_schema(cli->store), crm_schema_version());
	if (status == CRM_OK)
		put(cli, N_("schema:"), schema, "");
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

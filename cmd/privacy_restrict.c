/* crm privacy restrict, unrestrict: customers who are kept and not used. */
#include "privacy_restrict.h"

static int set_restricted(struct cli *cli, bool restricted)
{
	cleanup(ids_freep) struct ids ids = { 0 };
	int exit_status = record_named_ids(cli, &ids, cli->argc, CRM_NAME_WRITE);

	if (exit_status || ids.n == 0)
		return exit_status;
	int status = crm_customer_restrict(cli->store, ids.v, ids.n, restricted);
	if (status < 0)
		return cli_store_fail(cli, status);
	if (crm_last_operation(cli->store) == 0)
		cli_note(cli, "nothing to change");
	else if (ids.n == 1)
		cli_note(cli, restricted ? N_("restricted customer %lld") : N_("customer %lld is restricted no longer"),
			(long long)ids.v[0]);
	else
		cli_note(cli,
			restricted ? N_("restricted %zu customers") : N_("%zu customers are restricted no longer"),
			ids.n);
	return EXIT_DONE;
}

int privacy_restrict(struct cli *cli, const void *opts)
{
	(void)opts;
	return set_restricted(cli, true);
}

int privacy_unrestrict(struct cli *cli, const void *opts)
{
	(void)opts;
	return set_restricted(cli, false);
}

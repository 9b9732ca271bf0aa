/* crm without arguments: what it is, and what to type next in the store at hand. */
#include "cli/cli.h"

#include <string.h>

static const char what[] = "crm keeps customers, every conversation with them and the follow-ups owed to\n"
			   "them, in one file.";

static const char no_store[] = " You have none yet. What to type next:\n\n"
			       "  crm init                      make one; with --example shop, one to try out\n"
			       "  crm import customer FILE      or bring customers from another system\n"
			       "  crm help tutorial             the first hour, step by step\n\n";

static const char no_customers[] = " Yours has no customer yet. What to type next:\n\n"
				   "  crm customer add --name NAME  write down the first one\n"
				   "  crm import customer FILE      or bring them from another system\n"
				   "  crm help tutorial             the first hour, step by step\n\n";

static const char customers[] = " What to type next:\n\n"
				"  crm followup due              who is owed a contact now\n"
				"  crm search WORDS              what was ever written down about something\n"
				"  crm customer show NAME        all about one customer\n\n";

static const char further[] = "`crm -h` lists all commands, `crm COMMAND -h` explains one.\n";

/* What fits the store, which is only looked at. Returns an exit status. */
static int look(struct cli *cli, const char **next)
{
	int exit_status = cli_surroundings(cli);
	bool any = false;

	if (exit_status)
		return exit_status;
	*next = no_store;
	int status = cli->path ? crm_store_open(cli->store, cli->path, CRM_OPEN_READ) : CRM_NOSTORE;
	if (status == CRM_NOSTORE)
		return EXIT_DONE;
	if (status == CRM_OK)
		status = cli_any(&any, cli, crm_entity_find("customer"));
	*next = any ? customers : no_customers;
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

int cli_welcome(struct cli *cli)
{
	const char *next = NULL;
	struct strbuf text = { 0 };
	int exit_status = look(cli, &next);

	if (exit_status)
		return exit_status;
	strbuf_printf(&text, "%s%s%s", what, next, further);
	return cli_print_text(cli, &text);
}

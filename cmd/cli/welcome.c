/* crm without arguments: what it is, and what to type next in the store at hand. */
#include "cli/cli.h"

enum situation {
	NO_STORE,
	NO_CUSTOMER,
	CUSTOMERS
};

static const struct {
	const char *title;
	struct {
		const char *command, *help;
	} next[3];
} situations[] = {
	[NO_STORE] = { N_("You have no such file yet. What to type next:"),
		{ { "crm init", N_("make one; with --example shop, one to try out") },
			{ "crm import customer FILE", N_("or bring customers from another system") },
			{ "crm help tutorial", N_("the first hour, step by step") } } },
	[NO_CUSTOMER] = { N_("There is no customer in yours yet. What to type next:"),
		{ { "crm customer add --name NAME", N_("write down the first one") },
			{ "crm import customer FILE", N_("or bring them from another system") },
			{ "crm help tutorial", N_("the first hour, step by step") } } },
	[CUSTOMERS] = { N_("What to type next:"),
		{ { "crm followup due", N_("who is owed a contact now") },
			{ "crm search WORDS", N_("all that was written down with these words") },
			{ "crm customer show NAME", N_("all about one customer") } } },
};

/* Looks at the store, and makes none. Returns an exit status. */
static int find_situation(struct cli *cli, enum situation *found)
{
	int exit_status = cli_surroundings(cli);
	bool any = false;

	*found = NO_STORE;
	if (exit_status)
		return exit_status;
	int status = cli->path ? crm_store_open(cli->store, cli->path, CRM_OPEN_READ) : CRM_NOSTORE;
	if (status == CRM_NOSTORE)
		return EXIT_DONE;
	if (status == CRM_OK)
		status = cli_any(&any, cli, crm_entity_find("customer"));
	*found = any ? CUSTOMERS : NO_CUSTOMER;
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

int cli_welcome(struct cli *cli)
{
	struct strbuf text = { 0 };
	enum situation s;
	int exit_status = find_situation(cli, &s);

	if (exit_status)
		return exit_status;
	strbuf_printf(&text, "%s\n\n%s\n\n",
		crm_tr("crm keeps customers, every conversation with them and the follow-ups owed to\nthem, in one "
		       "file."),
		crm_tr(situations[s].title));
	for (size_t i = 0; i < sizeof(situations[s].next) / sizeof(situations[s].next[0]); i++)
		strbuf_printf(&text, "  %-30s%s\n", situations[s].next[i].command, crm_tr(situations[s].next[i].help));
	strbuf_printf(&text, "\n%s\n", crm_tr("`crm -h` lists all commands, `crm COMMAND -h` explains one."));
	return cli_print_text(cli, &text);
}

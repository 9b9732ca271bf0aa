/* crm privacy retain: rules that say how long what is kept, and erasing what is over. */
#include "privacy_retain.h"

#include "privacy_erase.h"

#define AT(member) offsetof(struct privacy_retain_opts, member)

const struct cli_opt privacy_retain_run_options[] = {
	OPT(FLAG, 0, "dry-run", AT(dry_run), NULL, "only list what would be erased"),
	OPT(FLAG, 0, "yes", AT(yes), NULL, "do not ask"),
	OPT_END,
};

const char *const privacy_retain_without_add[] = { "name", "filter", NULL };

int privacy_retain_add(struct cli *cli, const void *opts)
{
	const struct privacy_retain_opts *o = opts;
	cleanup(record_freep) crm_record *r = NULL;
	cleanup(strbuf_freep) struct strbuf filter = { 0 };

	if (cli_fields_asked(cli))
		return cli_fields_help(cli, cli->entity, NULL, 0);
	int status = crm_record_new(&r, cli->store, cli->entity);
	if (status < 0)
		return cli_store_fail(cli, status);
	for (size_t i = 1; i < cli->argc; i++)
		cli_add_term(&filter, cli->argv[i]);
	if (filter.failed)
		need(NULL);
	int exit_status = record_set(cli, r, "name", cli->argv[0]);
	if (!exit_status)
		exit_status = record_assign(cli, r, &o->record.fields);
	if (!exit_status)
		exit_status = record_set(cli, r, "filter", filter.s);
	return exit_status ? exit_status : record_create(cli, r);
}

/* --- erasing --- */

static int tell(struct cli *cli, const crm_retained *r, bool dry_run)
{
	const size_t n = r->records;

	if (n > 0)
		cli_note(cli,
			dry_run ? crm_tr_n("retention: would erase %zu record for good, with what hangs on it",
					  "retention: would erase %zu records for good, with what hangs on them", n)
				: crm_tr_n("retention: erased %zu record for good, with what hangs on it",
					  "retention: erased %zu records for good, with what hangs on them", n),
			n);
	int exit_status = r->records > 0 && !dry_run ? privacy_scrub(cli, NULL) : EXIT_DONE;
	if (r->failed > 0)
		return cli_fail(
			cli, EXIT_FAILED, "retention: %zu of %zu rules could not be applied", r->failed, r->rules);
	return exit_status;
}

int privacy_retain_tick(struct cli *cli, bool dry_run)
{
	const crm_retention_options options = { .daily = true, .dry_run = dry_run };
	crm_retained result;
	crm_cursor *rows;
	int status = crm_retention_run(&rows, &result, cli->store, &options);

	if (status < 0)
		return cli_store_fail(cli, status);
	crm_cursor_close(rows);
	return tell(cli, &result, dry_run);
}

/* Asks, having looked how many records it is about. */
static int confirm(struct cli *cli, crm_retention_options options)
{
	crm_retained result;
	crm_cursor *rows;

	options.dry_run = true;
	int status = crm_retention_run(&rows, &result, cli->store, &options);
	if (status < 0)
		return cli_store_fail(cli, status);
	crm_cursor_close(rows);
	if (result.records == 0 || cli_confirm(cli,
					   "erase %zu records for good, with what hangs on them? It cannot "
					   "be undone.",
					   result.records))
		return EXIT_DONE;
	if (cli->in_terminal && cli->err_terminal)
		return cli_fail(cli, EXIT_FAILED, "nothing was erased");
	return cli_fail(
		cli, EXIT_USAGE, "privacy retain run: would erase %zu records for good: --yes says so", result.records);
}

int privacy_retain_run(struct cli *cli, const void *opts)
{
	const struct privacy_retain_opts *o = opts;
	cleanup(ids_freep) struct ids ids = { 0 };
	crm_retained result;
	crm_cursor *rows;

	if (cli_fields_asked(cli)) {
		const crm_column *columns;
		size_t n = crm_retention_columns(&columns);
		return cli_fields_help(cli, NULL, columns, n);
	}
	int exit_status = record_named_ids(cli, &ids, cli->argc, CRM_NAME_WRITE);
	const crm_retention_options options = { .rules = ids.v, .n = ids.n, .dry_run = o->dry_run };
	if (!exit_status && !o->yes && !o->dry_run)
		exit_status = confirm(cli, options);
	if (exit_status)
		return exit_status;
	int status = crm_retention_run(&rows, &result, cli->store, &options);
	if (status < 0)
		return cli_store_fail(cli, status);
	exit_status = cli_print_columns(cli, rows);
	int told = tell(cli, &result, o->dry_run);
	return exit_status ? exit_status : told;
}

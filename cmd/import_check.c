/* crm import --check: what is wrong with a file, before anything is imported. */
#include "import.h"

/* `duplicate 3, spaces 41 (20 shown)`: the kinds that were found. */
static void add_kinds(struct strbuf *b, const crm_lint_result *r, bool *hidden)
{
	for (size_t i = 0; i < r->nkinds; i++) {
		const crm_lint_count *c = &r->kinds[i];
		uint64_t found = c->errors + c->warnings;

		strbuf_printf(b, "%s%s %llu", i ? ", " : "", c->kind, (unsigned long long)found);
		if (c->shown < found) {
			strbuf_printf(b, crm_tr(" (%llu shown)"), (unsigned long long)c->shown);
			*hidden = true;
		}
	}
}

static int say_summary(struct cli *cli, const char *file, const crm_lint_result *r, bool shown)
{
	cleanup(strbuf_freep) struct strbuf head = { 0 }, kinds = { 0 }, warnings = { 0 };
	bool hidden = false;

	strbuf_printf(&head, crm_tr_n("%llu row read", "%llu rows read", r->rows), (unsigned long long)r->rows);
	if (r->form[0])
		strbuf_printf(&head, crm_tr("; %s, %s"), r->form, r->encoding);
	if (r->preset[0])
		strbuf_printf(&head, crm_tr(", preset %s"), r->preset);
	cli_note(cli, "%s", need_str(&head));
	if (r->nkinds == 0) {
		cli_note(cli, "nothing found");
		return EXIT_DONE;
	}
	add_kinds(&kinds, r, &hidden);
	cli_note(cli, hidden && shown ? N_("%s; --all shows all") : "%s", need_str(&kinds));
	strbuf_printf(
		&warnings, crm_tr_n("%llu warning", "%llu warnings", r->warnings), (unsigned long long)r->warnings);
	if (r->errors == 0) {
		cli_note(cli, "no errors, %s", need_str(&warnings));
		return EXIT_DONE;
	}
	return cli_fail(cli, EXIT_REJECTED, crm_tr_n("%s: %llu error, %s", "%s: %llu errors, %s", r->errors), file,
		(unsigned long long)r->errors, need_str(&warnings));
}

int import_check(struct cli *cli, const crm_entity *e, int fd, const crm_import_options *options, bool all)
{
	crm_lint_result result;
	crm_cursor *rows;
	int status = crm_lint(&rows, &result, cli->store, e, fd, options, all);

	if (status < 0)
		return cli_store_fail(cli, status);
	int exit_status = cli_print_columns(cli, rows);
	if (exit_status || cli_fields_asked(cli))
		return exit_status;
	return say_summary(cli, options->file, &result, !all);
}

/* crm import --check: what is wrong with a file, before anything is imported. */
#include "import.h"

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* `duplicate 3, spaces 41 (20 shown)`: the kinds that were found. */
static void add_kinds(struct strbuf *b, const crm_lint_result *r, bool *hidden)
{
	for (size_t i = 0; i < r->nkinds; i++) {
		const crm_lint_count *c = &r->kinds[i];
		uint64_t found = c->errors + c->warnings;

		strbuf_printf(b, "%s%s %llu", i ? ", " : "", c->kind, (unsigned long long)found);
		if (c->shown < found) {
			strbuf_printf(b, " (%llu shown)", (unsigned long long)c->shown);
			*hidden = true;
		}
	}
}

static int say_summary(struct cli *cli, const char *file, const crm_lint_result *r, bool shown)
{
	cleanup(strbuf_freep) struct strbuf head = { 0 }, kinds = { 0 };
	bool hidden = false;

	strbuf_printf(&head, "%llu row%s read", (unsigned long long)r->rows, plural(r->rows));
	if (r->form[0])
		strbuf_printf(&head, "; %s, %s", r->form, r->encoding);
	if (r->preset[0])
		strbuf_printf(&head, ", preset %s", r->preset);
	cli_note(cli, "%s", need_str(&head));
	if (r->nkinds == 0) {
		cli_note(cli, "nothing found");
		return EXIT_DONE;
	}
	add_kinds(&kinds, r, &hidden);
	cli_note(cli, "%s%s", need_str(&kinds), hidden && shown ? "; --all shows all" : "");
	if (r->errors == 0) {
		cli_note(cli, "no errors, %llu warning%s", (unsigned long long)r->warnings, plural(r->warnings));
		return EXIT_DONE;
	}
	return cli_fail(cli, EXIT_REJECTED, "%s: %llu error%s, %llu warning%s", file, (unsigned long long)r->errors,
		plural(r->errors), (unsigned long long)r->warnings, plural(r->warnings));
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

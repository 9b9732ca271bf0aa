/* crm classify suggest, explain: what records and texts are about, and why. */
#include "classify.h"
#include "record.h"

#include <string.h>
#include <unistd.h>

#define AT(member) offsetof(struct classify_opts, member)
#define COMMON_OPTIONS                                                                                                 \
	OPT(TEXT, 0, "model", AT(model), "MODEL", "which classifier, MODEL@VERSION an older one; else the only one",   \
		.complete = "classifier"),                                                                             \
		OPT(TEXT, 'm', "message", AT(message), "TEXT", "a text instead of records")

const struct cli_opt classify_suggest_options[] = {
	COMMON_OPTIONS,
	OPT(TEXT, 0, "threshold", AT(threshold), "P",
		"from 0 to 1: what is less probable is not known; else as it was trained"),
	OPT_END,
};

const struct cli_opt classify_explain_options[] = {
	COMMON_OPTIONS,
	OPT(INTEGER, 0, "top", AT(top), "N", "how many terms (20); 0: all"),
	OPT_END,
};

/* --- which texts --- */

/* Records by name, all of one kind; those without a kind are of the one that was learnt from. */
struct named {
	const crm_entity *usual, *entity;
	struct ids ids;
};

static int add_name(struct cli *cli, struct named *to, const char *name)
{
	cleanup(freep) char *kind = need(strndup(name, strcspn(name, ":")));
	const crm_entity *e = name[strlen(kind)] ? crm_entity_find(kind) : NULL;
	int64_t id;

	if (!e && !to->usual)
		return cli_fail(cli, EXIT_USAGE,
			"'%s': say what it is, as ticket:%s: the classifier learnt from a file", name, name);
	int status = e ? crm_resolve_any(&e, &id, cli->store, name, CRM_NAME_READ)
		       : crm_resolve(&id, cli->store, e = to->usual, name, CRM_NAME_READ);
	if (status < 0)
		return cli_store_fail(cli, status);
	if (to->entity && to->entity != e)
		return cli_fail(cli, EXIT_USAGE, "'%s' is a %s, others are a %s: one kind of records at a time", name,
			crm_tr(crm_entity_name(e)), crm_tr(crm_entity_name(to->entity)));
	to->entity = e;
	ids_add(&to->ids, id);
	return EXIT_DONE;
}

static int add_names(struct cli *cli, struct named *to)
{
	cleanup(strings_freep) struct strings names = { 0 };
	cleanup(strbuf_freep) struct strbuf text = { 0 };
	int exit_status = record_names(cli, &names, &text, cli->argc);

	for (size_t i = 0; i < names.n && !exit_status; i++)
		exit_status = add_name(cli, to, names.v[i]);
	return exit_status;
}

static int open_records(struct cli *cli, crm_cursor **out, const crm_classify_options *opt)
{
	struct named named = { 0 };
	int status = crm_classify_entity(&named.usual, cli->store, opt);

	if (status < 0)
		return cli_store_fail(cli, status);
	int exit_status = add_names(cli, &named);
	if (!exit_status) {
		status = crm_classify_records(out, cli->store, opt, named.entity, named.ids.v, named.ids.n);
		exit_status = status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
	}
	ids_freep(&named.ids);
	return exit_status;
}

static int open_texts(struct cli *cli, crm_cursor **out, const struct classify_opts *o, const crm_classify_options *opt)
{
	const crm_import_options stdin_rows = { .file = "stdin" };

	if (o->message && cli->argc > 0)
		return cli_fail(cli, EXIT_USAGE, "classify %s: -m is a text instead of records", cli->verb->name);
	if (cli->argc > 0)
		return open_records(cli, out, opt);
	if (!o->message && cli->in_terminal)
		return cli_fail(cli, EXIT_USAGE, "classify %s: which RECORD? (or -m TEXT, or JSON lines on stdin)",
			cli->verb->name);
	int status = o->message ? crm_classify_text(out, cli->store, o->message)
				: crm_file_rows(out, cli->store, STDIN_FILENO, &stdin_rows);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

/* --- what is said --- */

int classify_suggest(struct cli *cli, const void *opts)
{
	const struct classify_opts *o = opts;
	const crm_classify_options opt = { .model = o->model, .threshold = o->threshold };
	const crm_column *columns;
	crm_cursor *rows;

	if (cli_fields_asked(cli)) {
		size_t n = crm_classify_columns(&columns);
		return cli_fields_help(cli, NULL, columns, n);
	}
	int exit_status = open_texts(cli, &rows, o, &opt);
	if (exit_status)
		return exit_status;
	int status = crm_classify(&rows, cli->store, &opt, rows);
	return status < 0 ? cli_store_fail(cli, status) : cli_print_columns(cli, rows);
}

int classify_explain(struct cli *cli, const void *opts)
{
	const struct classify_opts *o = opts;
	const crm_classify_options opt = { .model = o->model, .top = o->top < 0 ? 20 : (size_t)o->top };
	const crm_column *columns;
	crm_suggestion said;
	crm_cursor *rows;

	if (cli_fields_asked(cli)) {
		size_t n = crm_classify_explain_columns(&columns);
		return cli_fields_help(cli, NULL, columns, n);
	}
	int exit_status = open_texts(cli, &rows, o, &opt);
	if (exit_status)
		return exit_status;
	int status = crm_classify_explain(&rows, &said, cli->store, &opt, rows);
	if (status < 0)
		return cli_store_fail(cli, status);
	if (said.label)
		cli_note(cli,
			said.known ? N_("%s (%.2f) rather than %s (%.2f)")
				   : N_("%s (%.2f), which is not enough to be known, rather than %s (%.2f)"),
			said.label, said.probability, said.second, said.second_probability);
	else
		cli_note(cli, "the text has nothing to go by");
	return cli_print_columns(cli, rows);
}

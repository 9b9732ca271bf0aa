/* crm privacy export: all that is stored about a person. */
#include "privacy_export.h"

#include <string.h>

const struct cli_opt privacy_export_options[] = {
	OPT(TEXT, 'o', "output", offsetof(struct privacy_export_opts, file), "FILE",
		"into a file, which only its owner may read; - is stdout", .complete = "file"),
	OPT_END,
};

static void subject_freep(crm_subject **x)
{
	crm_subject_free(*x);
}

/* {"customer":[{…}],"log":[…],…} */
static int print_parts(struct cli *cli, const crm_subject *x)
{
	for (size_t i = 0; i < crm_subject_parts(x); i++) {
		struct print_part part = { .name = crm_subject_name(x, i) };
		int status = crm_subject_open(&part.rows, x, i);
		if (status < 0)
			return cli_store_fail(cli, status);
		out_puts(cli->out, i ? ",\n" : "{");
		int exit_status = cli_print_json_part(cli, &part);
		if (exit_status)
			return exit_status;
	}
	out_puts(cli->out, "}\n");
	return EXIT_DONE;
}

/* The file is there whole or not at all. */
static int print_to_file(struct cli *cli, const crm_subject *x, const char *path)
{
	struct out *terminal = cli->out;
	struct new_file file;
	int error = new_file_open(&file, path);

	if (error)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", path, strerror(error));
	cli->out = need(out_open(file.fd));
	cli->out_terminal = false;
	int exit_status = print_parts(cli, x);
	error = out_close(cli->out);
	cli->out = terminal;
	if (exit_status || error)
		new_file_drop(&file);
	else
		error = new_file_keep(&file);
	return error ? cli_fail(cli, EXIT_FAILED, "%s: %s", path, strerror(error)) : exit_status;
}

int privacy_export(struct cli *cli, const void *opts)
{
	const struct privacy_export_opts *o = opts;
	cleanup(subject_freep) crm_subject *x = NULL;
	int64_t id;

	if (cli->global.format && strcmp(cli->global.format, "json") != 0)
		return cli_fail(cli, EXIT_USAGE, "privacy export: writes json: its parts are not one table");
	int status = crm_privacy_resolve(&id, cli->store, cli->entity, cli->argv[0], CRM_NAME_WRITE);
	if (status == CRM_OK)
		status = crm_subject_new(&x, cli->store, id);
	if (status < 0)
		return cli_store_fail(cli, status);
	return o->file && strcmp(o->file, "-") != 0 ? print_to_file(cli, x, o->file) : print_parts(cli, x);
}

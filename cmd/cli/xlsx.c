#include "cli/xlsx.h"
#include "cli/helper.h"

#include <config.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define HELPER_NAME PROGRAM_NAME "-export-xlsx"

/* What the cells of each column are: `text,number,…`. */
static char *types_of(const crm_cursor *cursor)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < crm_cursor_columns(cursor); i++) {
		const char *name = "text";
		switch (crm_cursor_column(cursor, i)->type) {
		case CRM_INTEGER:
		case CRM_REAL:
		case CRM_DURATION:
		case CRM_MONEY:
			name = "number";
			break;
		case CRM_DATE:
			name = "date";
			break;
		case CRM_TIME:
			name = "time";
			break;
		default: /* digits of a phone number, a key or a name are text */
			break;
		}
		strbuf_printf(&b, "%s%s", i ? "," : "", name);
	}
	return need_text(&b);
}

static int start(struct cli *cli, struct helper *h, const crm_cursor *cursor, const char *file)
{
	cleanup(freep) char *program = helper_path(HELPER_NAME), *types = types_of(cursor);
	cleanup(strings_freep) struct strings argv = { 0 };
	struct strbuf b = { 0 };

	if (!program)
		return ENOENT;
	strbuf_printf(&b, "%lld", (long long)crm_store_now(cli->store));
	cleanup(freep) char *now = need_text(&b);
	strings_add(&argv, HELPER_NAME);
	strings_add(&argv, "--types");
	strings_add(&argv, types);
	strings_add(&argv, "--created");
	strings_add(&argv, now);
	strings_add(&argv, "--");
	strings_add(&argv, file);
	strings_add(&argv, NULL);
	return helper_start(h, HELPER_WRITE, program, &argv, -1);
}

/* Gives it the rows as csv. Returns an exit status; FAILED without a message: the helper knows why. */
static int feed(struct cli *cli, struct helper *h, crm_cursor *cursor, const char *path)
{
	struct out_settings set = { .format = OUT_XLSX, .header = 1, .local_times = true };
	struct out *o = need(out_open(h->fd));

	signal(SIGPIPE, SIG_IGN);
	int status = out_rows(o, cli->store, cursor, &set, NULL, NULL);
	bool wrote = !out_error(o);
	int error = out_close(o);
	signal(SIGPIPE, SIG_DFL);
	if (status < 0 && wrote)
		return cli_store_fail(cli, status);
	if (error && error != EPIPE)
		return cli_fail(cli, EXIT_FAILED, "%s: %s: %s", path, HELPER_NAME, strerror(error));
	return error ? EXIT_FAILED : EXIT_DONE;
}

static int write_file(struct cli *cli, crm_cursor *cursor, const char *path, const struct new_file *file)
{
	struct helper h;
	int error = start(cli, &h, cursor, file->temp);

	if (error == ENOENT)
		return cli_fail(cli, EXIT_FAILED,
			"%s: there is no program %s to write an xlsx file: install libxlsxwriter-dev and build %s with "
			"-Dxlsx=enabled",
			path, HELPER_NAME, PROGRAM_NAME);
	if (error)
		return cli_fail(cli, EXIT_FAILED, "%s: %s: %s", path, HELPER_NAME, strerror(error));
	int exit_status = feed(cli, &h, cursor, path);
	const char *why = helper_end(cli, &h, path, exit_status == EXIT_DONE);
	if (why)
		exit_status = cli_fail(cli, EXIT_FAILED, "%s: %s", path, why);
	helper_release(&h);
	return exit_status;
}

static int print(struct cli *cli, crm_cursor *cursor, const char *path)
{
	struct new_file file;

	if (!path)
		return cli_fail(cli, EXIT_USAGE, "--format xlsx: is written to a file only: -o FILE.xlsx");
	if (cli->global.no_header)
		return cli_fail(cli, EXIT_USAGE, "--no-header: an xlsx file always has its header");
	int error = new_file_open(&file, path);
	if (error)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", path, strerror(error));
	int exit_status = file.temp ? write_file(cli, cursor, path, &file)
				    : cli_fail(cli, EXIT_FAILED, "%s: an xlsx file can only be a plain file", path);
	if (exit_status)
		new_file_drop(&file);
	else
		error = new_file_keep(&file);
	return error ? cli_fail(cli, EXIT_FAILED, "%s: %s", path, strerror(error)) : exit_status;
}

int xlsx_print(struct cli *cli, crm_cursor *cursor, const char *path)
{
	int exit_status = print(cli, cursor, path);

	crm_cursor_close(cursor);
	return exit_status;
}

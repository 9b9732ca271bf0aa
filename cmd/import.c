/* crm import: files into the store; the list of imports; taking one back. */
#include "import.h"
#include "cli/writer.h"
#include "input.h"
#include "record.h"

#include <string.h>
#include <unistd.h>

struct import_opts {
	struct input_opts input;
	const char *preset, *mode, *match, *blank, *country, *source, *rejects, *plan;
	const char *date_format, *near;
	int64_t header_row, footer;
	bool excel;
	struct strings map, defaults;
	bool dry_run, partial, keep_unknown, create, check, all;
};

#define AT(member) offsetof(struct import_opts, member)

static const char *const modes[] = { "upsert", "insert", "update", NULL };
static const char *const nears[] = { "warn", "reject", "off", NULL };
static const char *const blanks[] = { "keep", "clear", NULL };

static const struct cli_opt options[] = {
	OPT(TEXT, 0, "preset", AT(preset), "NAME",
		"what the columns mean: auto, none, one that `presets` lists, or a file of your own",
		.complete = "preset"),
	OPT(CHOICE, 0, "read", AT(input.read), "FORM", "form of the file, where its content does not tell",
		.words = input_forms),
	OPT(TEXT, 0, "encoding", AT(input.encoding), "NAME", "its encoding; auto: by content"),
	OPT(TEXT, 0, "delimiter", AT(input.delimiter), "C", "what parts its columns: a character, tab or auto"),
	OPT(TEXT, 0, "sheet", AT(input.sheet), "NAME", "sheet of an xlsx file; else the first that is not hidden"),
	OPT(TEXT, 0, "table", AT(input.table), "NAME", "table of an SQLite file that has several"),
	OPT(LIST, 0, "own", AT(input.own), "ADDRESS",
		"mail from it, or with @DOMAIN from there, went out; may be repeated"),
	OPT(TEXT, 0, "quote", AT(input.quote), "C", "what surrounds cells: a character, or none"),
	OPT(TEXT, 0, "comment", AT(input.comment), "C", "skip lines that begin with this character"),
	OPT(INTEGER, 0, "header-row", AT(header_row), "N", "the line that names the columns; 0: found"),
	OPT(INTEGER, 0, "footer", AT(footer), "N", "leave out the last N rows: totals, notices"),
	OPT(FLAG, 0, "excel", AT(excel), NULL, "take the ' away that export --excel puts before cells"),
	OPT(TEXT, 0, "date-format", AT(date_format), "FORMAT", "how it writes dates: as %d/%m/%Y, excel, excel1904"),
	OPT(LIST, 0, "map", AT(map), "COLUMN=FIELD", "what a column means; COLUMN= ignores it; may be repeated"),
	OPT(CHOICE, 0, "mode", AT(mode), "MODE", "what may happen to a row", .words = modes),
	OPT(TEXT, 0, "match", AT(match), "A,B", "what tells that a row is in the store: key,email,phone"),
	OPT(CHOICE, 0, "near", AT(near), "WHAT", "what to do with new customers that resemble others", .words = nears),
	OPT(CHOICE, 0, "blank", AT(blank), "WHAT", "what a blank cell does to a stored value", .words = blanks),
	OPT(LIST, 0, "default", AT(defaults), "FIELD=VALUE", "value where a row has none; may be repeated"),
	OPT(TEXT, 0, "country", AT(country), "CN", "country of phone numbers without one"),
	OPT(TEXT, 0, "source", AT(source), "NAME", "the system that the keys come from"),
	OPT(FLAG, 0, "create", AT(create), NULL, "make customers that a row names and that are not there"),
	OPT(FLAG, 0, "keep-unknown", AT(keep_unknown), NULL, "unknown columns become custom fields"),
	OPT(FLAG, 0, "dry-run", AT(dry_run), NULL, "say what would happen and change nothing"),
	OPT(TEXT, 0, "plan", AT(plan), "FILE", "write what would be done to FILE (-: stdout), for `apply`",
		.complete = "file"),
	OPT(FLAG, 0, "partial", AT(partial), NULL, "keep the good rows when others are rejected"),
	OPT(TEXT, 0, "rejects", AT(rejects), "FILE", "write rejected rows to FILE, with line, field and reason",
		.complete = "file"),
	OPT(FLAG, 0, "check", AT(check), NULL,
		"say what is wrong with the file; no store is needed, nothing is imported"),
	OPT(FLAG, 0, "all", AT(all), NULL, "with --check: everything that was found, not 20 of each kind"),
	OPT_END,
};

/* --- what is said meanwhile --- */

enum {
	NOTES_MAX = 50
};

void import_note(uint64_t line, const char *field, const char *reason, void *payload)
{
	struct import_notes *n = payload;
	const char *name = field ? field : "", *colon = field ? ": " : "";
	uint64_t count = line ? ++n->rejected : ++n->notes;

	if (count > NOTES_MAX)
		return;
	if (line)
		cli_fail(n->cli, EXIT_REJECTED, "%s:%llu: %s%s%s", n->file, (unsigned long long)line, name, colon,
			reason);
	else
		cli_warn(n->cli, "%s: %s%s%s", n->file, name, colon, reason);
}

void import_note_rest(struct import_notes *n)
{
	if (n->rejected > NOTES_MAX)
		cli_fail(n->cli, EXIT_REJECTED, "%s: %llu more rejected rows (--rejects FILE lists all)", n->file,
			(unsigned long long)(n->rejected - NOTES_MAX));
	if (n->notes > NOTES_MAX)
		cli_warn(n->cli, "%s: %llu more notes", n->file, (unsigned long long)(n->notes - NOTES_MAX));
}

/* --- the summary --- */

static double rate(const crm_import_result *r)
{
	return r->seconds > 0 ? (double)r->read / r->seconds : 0;
}

static void say_summary(struct cli *cli, const crm_import_result *r, const char *form, bool dry_run)
{
	cleanup(strbuf_freep) struct strbuf b = { 0 };

	strbuf_printf(&b, "%llu rows read: %llu created, %llu updated, %llu unchanged, %llu rejected",
		(unsigned long long)r->read, (unsigned long long)r->created, (unsigned long long)r->updated,
		(unsigned long long)r->unchanged, (unsigned long long)r->rejected);
	if (r->conflicts)
		strbuf_printf(&b, " (%llu conflicts)", (unsigned long long)r->conflicts);
	if (r->near)
		strbuf_printf(&b, ", %llu resemble another", (unsigned long long)r->near);
	strbuf_printf(&b, "; %.2f s, %.0f rows/s; %s, %s", r->seconds, rate(r), form ? form : r->form, r->encoding);
	if (r->preset[0])
		strbuf_printf(&b, ", preset %s", r->preset);
	cli_note(cli, "%s", need_str(&b));
	if (dry_run)
		cli_note(cli, "dry run: nothing was kept");
	else if (!r->import && r->created + r->updated > 0)
		cli_note(cli, "nothing was kept");
	else if (r->import)
		cli_note(cli, "import %lld; `crm import revert %lld` takes it back", (long long)r->import,
			(long long)r->import);
}

static void put_number(struct out *out, const char *key, uint64_t n)
{
	out_printf(out, "\"%s\":%llu,", key, (unsigned long long)n);
}

/* A key with a short text, null when empty: names of encodings and the like, and a delimiter. */
static void put_text(struct out *out, const char *key, const char *s)
{
	if (!*s) {
		out_printf(out, "\"%s\":null,", key);
		return;
	}
	out_printf(out, "\"%s\":", key);
	json_string(out, s, strlen(s));
	out_putc(out, ',');
}

static void put_number_or_null(struct out *out, const char *key, int64_t n, const char *end)
{
	if (n)
		out_printf(out, "\"%s\":%lld%s", key, (long long)n, end);
	else
		out_printf(out, "\"%s\":null%s", key, end);
}

static void print_summary(struct cli *cli, const crm_import_result *r)
{
	const char delimiter[] = { r->delimiter, '\0' };
	struct out *out = cli->out;

	out_puts(out, "{");
	put_number(out, "read", r->read);
	put_number(out, "created", r->created);
	put_number(out, "updated", r->updated);
	put_number(out, "unchanged", r->unchanged);
	put_number(out, "conflicts", r->conflicts);
	put_number(out, "rejected", r->rejected);
	out_printf(out, "\"seconds\":%.3f,\"rows_per_second\":%.0f,", r->seconds, rate(r));
	put_text(out, "preset", r->preset);
	put_text(out, "encoding", r->encoding);
	put_text(out, "delimiter", delimiter);
	put_number_or_null(out, "operation", r->operation, ",");
	put_number_or_null(out, "import", r->import, ",");
	out_printf(out, "\"near\":%llu}\n", (unsigned long long)r->near);
}

/* --- the import --- */

/* A file appears under its name when it is wanted, and only then. */
static int close_file(struct cli *cli, struct new_file *file, const char *name, bool wanted)
{
	int error = 0;

	if (wanted)
		error = new_file_keep(file);
	else
		new_file_drop(file);
	return error ? cli_fail(cli, EXIT_FAILED, "%s: %s", name, strerror(error)) : EXIT_DONE;
}

static int import_from(struct cli *cli, const crm_entity *e, struct input *in, const struct import_opts *o)
{
	struct import_notes notes = { .cli = cli, .file = in->name };
	struct new_file rejects = { .fd = -1 }, plan = { .fd = -1 };
	crm_import_result result = { 0 };
	crm_import_options import = {
		.file = notes.file,
		.read = in->rows,
		.preset = o->preset,
		.encoding = in->form ? "UTF-8" : o->input.encoding,
		.delimiter = in->form ? "," : o->input.delimiter,
		.quote = o->input.quote,
		.excel = o->excel,
		.date_format = o->date_format,
		.comment = o->input.comment,
		.header_row = o->header_row > 0 ? (size_t)o->header_row : 0,
		.footer = o->footer > 0 ? (size_t)o->footer : 0,
		.country = o->country,
		.mode = o->mode,
		.match = o->match,
		.blank = o->blank,
		.near = o->near,
		.source = o->source,
		.map = o->map.v,
		.nmap = o->map.n,
		.defaults = o->defaults.v,
		.ndefaults = o->defaults.n,
		.dry_run = o->dry_run,
		.partial = o->partial,
		.keep_unknown = o->keep_unknown,
		.create = o->create,
		.discreet = !cli->err_terminal,
		.input_ended = input_ended,
		.input = in,
	};

	if (o->check)
		return import_check(cli, e, in->fd, &import, o->all);
	int error = o->rejects ? new_file_open(&rejects, o->rejects) : 0;

	if (error)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", o->rejects, strerror(error));
	import.rejects = rejects.fd;
	if (o->plan && strcmp(o->plan, "-") != 0 && (error = new_file_open(&plan, o->plan)) != 0)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", o->plan, strerror(error));
	if (o->plan)
		import.plan = plan.fd >= 0 ? plan.fd : STDOUT_FILENO;
	int status = crm_import(&result, cli->store, e, in->fd, &import, import_note, &notes);
	import_note_rest(&notes);
	int exit_status = status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
	if (o->rejects && close_file(cli, &rejects, o->rejects, result.rejected > 0))
		exit_status = exit_status ? exit_status : EXIT_FAILED;
	if (plan.fd >= 0 && close_file(cli, &plan, o->plan, status == CRM_OK || status == CRM_REJECTED))
		exit_status = exit_status ? exit_status : EXIT_FAILED;
	/* After an error of another kind than rejected rows it may be unknown what was kept: no counts then. */
	if (status < 0 && status != CRM_REJECTED && (o->partial || result.rejected == 0))
		return exit_status;
	say_summary(cli, &result, in->form, o->dry_run || o->plan);
	if (cli->global.format)
		print_summary(cli, &result);
	return exit_status;
}

/* Options that --check would ignore, or that only mean something to it. */
static int check_mode(struct cli *cli, const struct import_opts *o)
{
	const struct {
		bool given;
		const char *name;
	} writing[] = { { o->mode, "--mode" }, { o->match, "--match" }, { o->blank, "--blank" }, { o->near, "--near" },
		{ o->source, "--source" }, { o->dry_run, "--dry-run" }, { o->partial, "--partial" },
		{ o->rejects, "--rejects" }, { o->plan, "--plan" }, { o->create, "--create" } };

	for (size_t i = 0; o->check && i < COUNT(writing); i++)
		if (writing[i].given)
			return cli_fail(cli, EXIT_USAGE, "import --check: takes no %s, since nothing is imported",
				writing[i].name);
	if (!o->check && (o->all || cli->global.fields))
		return cli_fail(cli, EXIT_USAGE, "import: %s goes with --check", o->all ? "--all" : "--fields");
	return EXIT_DONE;
}

static int run_import(struct cli *cli, const void *opts)
{
	const crm_entity *e = cli_entity(cli, cli->argv[0], true);
	const struct import_opts *o = opts;
	struct input in;

	if (!e || check_mode(cli, o))
		return EXIT_USAGE;
	if (!o->check && cli->global.format && strcmp(cli->global.format, "json") != 0 &&
		strcmp(cli->global.format, "jsonl") != 0)
		return cli_fail(cli, EXIT_USAGE, "import: the summary is written as json only");
	int exit_status = o->check ? EXIT_DONE : cli_open(cli, VERB_WRITE);
	if (exit_status)
		return exit_status;
	exit_status = input_open(cli, &in, e, cli->argv[1], &o->input);
	if (!exit_status)
		exit_status = import_from(cli, e, &in, o);
	input_close(&in);
	return exit_status;
}

static int run_presets(struct cli *cli, const void *opts)
{
	crm_cursor *rows;

	(void)opts;
	int status = crm_import_presets(&rows);
	return status < 0 ? cli_fail(cli, EXIT_FAILED, "import: not enough memory") : cli_print_columns(cli, rows);
}

/* --- taking one back --- */

static int operation_of(struct cli *cli, int64_t import, int64_t *operation)
{
	cleanup(query_freep) crm_query *q = NULL;
	crm_cursor *rows = NULL;
	int status = crm_query_new(&q, cli->store, cli->entity);

	if (status == CRM_OK)
		status = crm_query_fields(q, "operation");
	if (status == CRM_OK)
		status = crm_query_ids(q, &import, 1);
	if (status == CRM_OK)
		status = crm_query_open(&rows, q);
	if (status == CRM_OK)
		status = crm_cursor_next(rows);
	if (status == CRM_OK)
		*operation = crm_cursor_value(rows, 0)->i;
	crm_cursor_close(rows);
	if (status == CRM_END)
		return cli_fail(cli, EXIT_NOTFOUND, "there is no import %lld", (long long)import);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

struct revert_opts {
	bool force;
};

static const struct cli_opt revert_options[] = {
	OPT(FLAG, 0, "force", offsetof(struct revert_opts, force), NULL,
		"keep what was changed or referred to since, take back the rest"),
	OPT_END,
};

static int run_revert(struct cli *cli, const void *opts)
{
	const struct revert_opts *o = opts;
	int64_t import, operation = 0, undone;

	int status = crm_resolve(&import, cli->store, cli->entity, cli->argv[0], CRM_NAME_DESTROY);
	if (status < 0)
		return cli_store_fail(cli, status);
	int exit_status = operation_of(cli, import, &operation);
	if (exit_status)
		return exit_status;
	exit_status = history_undo(cli, operation, o->force, &undone);
	if (exit_status)
		return exit_status;
	cli_note(cli, "took import %lld back (`crm redo` does it again)", (long long)import);
	return EXIT_DONE;
}

static const struct cli_verb verbs[] = {
	{ .summary = N_("read records of a type from a file (-: stdin): all rows or, unless --partial, none"),
		.args = "TYPE FILE",
		.complete = "importable file",
		.min_args = 2,
		.max_args = 2,
		.flags = VERB_PLACE | VERB_COLUMNS | VERB_PAGER,
		.run = run_import,
		.options = options,
		.size = sizeof(struct import_opts) },
	{ .name = "presets",
		.summary = N_("list what is known of other systems' exports"),
		.flags = VERB_COLUMNS | VERB_PAGER,
		.run = run_presets },
	RECORD_LIST("list imports, newest first", .none = "nothing was imported yet: crm import customer FILE"),
	RECORD_SHOW("IMPORT", "import"),
	{ .name = "revert",
		.summary = N_("take one import back, as one operation"),
		.args = "IMPORT",
		.complete = "import",
		.min_args = 1,
		.max_args = 1,
		.flags = VERB_WRITE,
		.run = run_revert,
		.options = revert_options,
		.size = sizeof(struct revert_opts) },
};

const struct cli_command command_import = {
	.name = "import",
	.summary = N_("read records from a file"),
	.entity = "import",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};

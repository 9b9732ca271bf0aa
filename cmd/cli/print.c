/* Results: which format, to where, through the pager or not. */
#include "cli/cli.h"
#include "cli/pager.h"
#include "cli/writer.h"
#include "cli/xlsx.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static size_t terminal_width(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static bool use_color(const struct cli *cli)
{
	const char *when = cli->global.color ? cli->global.color : config_get(&cli->config, "ui.color");
	const char *no_color = getenv("NO_COLOR");

	if (strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	return cli->out_terminal && !(no_color && *no_color) && !terminal_is_dumb();
}

struct out_settings cli_settings(struct cli *cli)
{
	struct out_settings set = {
		.header = cli->global.header      ? 1
			  : cli->global.no_header ? 0
						  : -1,
		.terminal = cli->out_terminal,
		.color = use_color(cli),
		.width = cli->out_terminal ? terminal_width() : 0,
	};

	if (cli->global.format)
		set.format = out_format_find(cli->global.format);
	return set;
}

struct out_settings cli_list_settings(struct cli *cli)
{
	struct out_settings set = cli_settings(cli);

	if (set.format == OUT_AUTO && set.terminal)
		set.format = out_format_find(config_get(&cli->config, "ui.format"));
	set.format = out_format_resolve(&set);
	return set;
}

bool cli_for_people(struct cli *cli)
{
	enum out_format format = cli_list_settings(cli).format;

	return out_is_for_people(format, cli->out_terminal) || cli->verb->flags & VERB_LETTER;
}

/* The pager has the terminal from now on, its keys too. */
static void start_pager(struct cli *cli)
{
	bool wanted = cli->verb->flags & VERB_PAGER && cli->out_terminal && !cli->global.no_pager &&
		      config_bool(&cli->config, "ui.pager");
	int started = pager_start(wanted);

	if (started < 0)
		cli_warn(cli, "the pager %s: %s", pager_name(), strerror(errno));
	if (started <= 0)
		return;
	progress_clear(&cli->progress);
	cli->progress.terminal = false;
	signal(SIGINT, SIG_IGN);
}

/* Rows to `o`, *n of them; closes the cursor. What went wrong with writing is told by whoever closes `o`. */
static int count_rows(struct cli *cli, size_t *n, struct out *o, crm_cursor *cursor, const struct out_settings *set)
{
	bool escaped = false;
	int status = out_rows(o, cli->store, cursor, set, n, &escaped);

	crm_cursor_close(cursor);
	if (status < 0 && out_error(o))
		return EXIT_FAILED;
	if (status < 0)
		return cli_store_fail(cli, status);
	if (escaped)
		cli_warn(
			cli, "control characters are shown as \\x1b and the like; a file or pipe gets the exact bytes");
	return EXIT_DONE;
}

static int print_rows(struct cli *cli, struct out *o, crm_cursor *cursor, const struct out_settings *set)
{
	size_t n;

	return count_rows(cli, &n, o, cursor, set);
}

static int print_answer(struct cli *cli, crm_cursor *cursor, const struct out_settings *set)
{
	size_t n = 0;

	start_pager(cli);
	int exit_status = count_rows(cli, &n, cli->out, cursor, set);
	if (!exit_status && n == 0)
		cli_say_none(cli);
	return exit_status;
}

int cli_print(struct cli *cli, crm_cursor *cursor, bool single)
{
	struct out_settings set = single ? cli_settings(cli) : cli_list_settings(cli);

	set.single = single;
	return print_answer(cli, cursor, &set);
}

int cli_print_marked(struct cli *cli, crm_cursor *cursor, const char *marked)
{
	struct out_settings set = cli_list_settings(cli);

	set.marked = marked;
	return print_answer(cli, cursor, &set);
}

/* `mei (12)` */
static void print_heading(struct cli *cli, const crm_groups *groups, size_t n, bool first)
{
	const crm_column *column = crm_groups_column(groups);
	const crm_value *value = crm_groups_value(groups);
	size_t len = out_cell_human(NULL, 0, cli->store, column, value);
	cleanup(freep) char *text = need_zeroed(len + 1, 1);

	out_cell_human(text, len + 1, cli->store, column, value);
	out_puts(cli->out, first ? "" : "\n");
	if (value->kind == CRM_NULL)
		out_printf(cli->out, "no %s", column->name);
	else
		out_text(cli->out, text, len);
	out_printf(cli->out, " (%zu)\n", n);
}

int cli_print_groups(struct cli *cli, crm_cursor *cursor, const char *by)
{
	struct out_settings set = cli_list_settings(cli);
	crm_groups *groups;
	crm_cursor *rows;
	size_t n;
	bool first = true;
	int exit_status = EXIT_DONE;

	if (set.format != OUT_TABLE && set.format != OUT_RECORD)
		return print_answer(cli, cursor, &set);
	start_pager(cli);
	int status = crm_groups_new(&groups, cli->store, cursor, by);
	if (status < 0)
		return cli_store_fail(cli, status);
	while (!exit_status && crm_groups_next(&rows, &n, groups) == CRM_OK) {
		print_heading(cli, groups, n, first);
		exit_status = print_rows(cli, cli->out, rows, &set);
		first = false;
	}
	crm_groups_free(groups);
	if (first)
		cli_say_none(cli);
	return exit_status;
}

int cli_print_text(struct cli *cli, struct strbuf *text)
{
	struct strbuf shown = { 0 };

	if (cli->out_terminal) /* a rule, a letter: what is stored may be in it */
		strbuf_escape(&shown, text->s ? text->s : "", text->len, CRM_ESCAPE_KEEP_LINES);
	const struct strbuf *final = cli->out_terminal ? &shown : text;
	if (text->failed || shown.failed)
		need(NULL);
	out_write(cli->out, final->s ? final->s : "", final->len);
	strbuf_free(&shown);
	strbuf_free(text);
	return EXIT_DONE;
}

int cli_page_text(struct cli *cli, struct strbuf *text)
{
	start_pager(cli);
	return cli_print_text(cli, text);
}

/* --- to a file --- */

/* The format that the name's ending says, as in list.csv, or AUTO. */
static enum out_format format_of_name(const char *path)
{
	const char *dot = strrchr(path, '.');

	if (!dot || strchr(dot, '/'))
		return OUT_AUTO;
	if (strcmp(dot, ".md") == 0)
		return OUT_MARKDOWN;
	return strcmp(dot, ".vcf") == 0 ? OUT_VCARD : out_format_find(dot + 1);
}

enum out_format cli_file_format(struct cli *cli, const char *path, enum out_format fallback)
{
	enum out_format format = cli->global.format ? out_format_find(cli->global.format) : OUT_AUTO;

	if (format == OUT_AUTO && path)
		format = format_of_name(path);
	return format == OUT_AUTO ? fallback : format;
}

int cli_print_file(struct cli *cli, crm_cursor *cursor, const char *path, enum out_format fallback, bool excel)
{
	struct out_settings set = cli_settings(cli);
	bool to_stdout = !path || strcmp(path, "-") == 0;
	struct new_file file;

	set.format = cli_file_format(cli, path, fallback);
	set.excel = excel;
	if (excel && set.format != OUT_CSV) {
		crm_cursor_close(cursor);
		return cli_fail(cli, EXIT_USAGE, "--excel is a way to write csv");
	}
	if (set.format == OUT_SVG || set.format == OUT_HTML) {
		crm_cursor_close(cursor);
		return cli_fail(cli, EXIT_USAGE, "%s: only `crm report` writes pages and pictures", path);
	}
	if (set.format == OUT_XLSX)
		return xlsx_print(cli, cursor, to_stdout ? NULL : path);
	if (to_stdout) {
		start_pager(cli);
		return print_rows(cli, cli->out, cursor, &set);
	}
	set.terminal = set.color = false;
	set.width = 0;
	int error = new_file_open(&file, path);
	if (error) {
		crm_cursor_close(cursor);
		return cli_fail(cli, EXIT_FAILED, "%s: %s", path, strerror(error));
	}
	struct out *o = need(out_open(file.fd));
	int exit_status = print_rows(cli, o, cursor, &set);
	error = out_close(o);
	if (exit_status || error)
		new_file_drop(&file);
	else
		error = new_file_keep(&file);
	return error ? cli_fail(cli, EXIT_FAILED, "%s: %s", path, strerror(error)) : exit_status;
}

/* --- one object with parts --- */

/* Rows as JSON lines into text, to be put together. */
static int gather_lines(struct cli *cli, struct strbuf *text, crm_cursor *cursor, struct out_settings set)
{
	struct out *o = need(out_open(-1));

	o->sink = text;
	set.format = OUT_JSONL;
	int exit_status = print_rows(cli, o, cursor, &set);
	if (out_close(o))
		need(NULL);
	return exit_status;
}

static int print_json_part(struct cli *cli, const struct print_part *part, const struct out_settings *set)
{
	cleanup(strbuf_freep) struct strbuf rows = { 0 };
	int exit_status = gather_lines(cli, &rows, part->rows, *set);

	if (exit_status)
		return exit_status;
	out_printf(cli->out, "\"%s\":[", part->name);
	for (const char *s = need_str(&rows); *s;) {
		size_t len = strcspn(s, "\n");
		out_write(cli->out, s, len);
		s += len + (s[len] == '\n');
		out_puts(cli->out, *s ? "," : "");
	}
	out_puts(cli->out, "]");
	return EXIT_DONE;
}

/* {record…, "history": [{…}, …], …} in one line. */
static int print_object(
	struct cli *cli, crm_cursor *record, struct print_part *parts, size_t n, const struct out_settings *set)
{
	cleanup(strbuf_freep) struct strbuf head = { 0 };
	int exit_status = gather_lines(cli, &head, record, *set);

	if (!exit_status)
		out_write(cli->out, head.s, head.len >= 2 ? head.len - 2 : 0); /* without }\n */
	for (size_t i = 0; i < n; i++) {
		if (exit_status) {
			crm_cursor_close(parts[i].rows);
			continue;
		}
		out_puts(cli->out, ",");
		exit_status = print_json_part(cli, &parts[i], set);
	}
	if (!exit_status)
		out_puts(cli->out, "}\n");
	return exit_status;
}

int cli_print_json_part(struct cli *cli, struct print_part *part)
{
	struct out_settings set = cli_settings(cli);

	return print_json_part(cli, part, &set);
}

bool cli_prints_json(const struct cli *cli)
{
	enum out_format format = cli->global.format ? out_format_find(cli->global.format) : OUT_AUTO;

	return format == OUT_JSON || format == OUT_JSONL;
}

static void close_parts(crm_cursor *record, struct print_part *parts, size_t n)
{
	crm_cursor_close(record);
	for (size_t i = 0; i < n; i++)
		crm_cursor_close(parts[i].rows);
}

int cli_print_parts(struct cli *cli, crm_cursor *record, struct print_part *parts, size_t n)
{
	struct out_settings set = cli_settings(cli);

	if (cli_prints_json(cli))
		return print_object(cli, record, parts, n, &set);
	if (set.format == OUT_TSV || set.format == OUT_CSV) {
		close_parts(record, parts, n);
		return cli_fail(cli, EXIT_USAGE,
			"--format %s: a record and its %s are not one table: use table, record or json",
			cli->global.format, n ? parts[0].name : "parts");
	}
	set.single = set.format == OUT_AUTO;
	start_pager(cli);
	int exit_status = print_rows(cli, cli->out, record, &set);
	set.single = false;
	if (set.format == OUT_AUTO)
		set.format = set.terminal ? OUT_TABLE : OUT_RECORD;
	for (size_t i = 0; i < n; i++) {
		if (exit_status) {
			crm_cursor_close(parts[i].rows);
			continue;
		}
		out_puts(cli->out, "\n");
		exit_status = print_rows(cli, cli->out, parts[i].rows, &set);
	}
	return exit_status;
}

/* --- --fields help --- */

bool cli_fields_asked(const struct cli *cli)
{
	return cli->global.fields && strcmp(cli->global.fields, "help") == 0;
}

struct field_line {
	const char *name, *type, *help;
	const crm_field *field;
};

static void print_field_line(struct cli *cli, const struct field_line *line, int name_width)
{
	int pad = name_width - (int)crm_text_width(line->name, strlen(line->name));

	out_text(cli->out, line->name, strlen(line->name));
	out_printf(cli->out, "%*s  %-8s  ", pad > 0 ? pad : 0, "", line->type);
	out_text(cli->out, line->help, strlen(line->help));
	for (size_t i = 0; line->field && i < crm_field_words(line->field); i++) {
		const char *word = crm_field_word(line->field, i);
		out_puts(cli->out, i ? ", " : ": ");
		out_text(cli->out, word, strlen(word));
	}
	out_puts(cli->out, "\n");
}

int cli_fields_help(struct cli *cli, const crm_entity *entity, const crm_column *columns, size_t n)
{
	size_t fields = entity ? crm_field_count(cli->store, entity) : 0, used = 0;
	struct field_line *lines = need_zeroed(n + fields, sizeof(*lines));
	int widest = 0;

	for (size_t i = 0; i < n; i++)
		lines[used++] = (struct field_line){ columns[i].name, crm_type_name(columns[i].type),
			crm_tr(columns[i].help), NULL };
	for (size_t i = 0; i < fields; i++) {
		const crm_field *f = crm_field_at(cli->store, entity, i);
		lines[used++] = (struct field_line){ crm_field_name(f), crm_type_name(crm_field_type(f)),
			crm_tr(crm_field_help(f)), f };
	}
	for (size_t i = 0; i < used; i++) {
		int width = (int)crm_text_width(lines[i].name, strlen(lines[i].name));
		widest = width > widest ? width : widest;
	}
	start_pager(cli);
	for (size_t i = 0; i < used; i++)
		print_field_line(cli, &lines[i], widest);
	free(lines);
	return EXIT_DONE;
}

int cli_print_columns(struct cli *cli, crm_cursor *cursor)
{
	if (cli_fields_asked(cli)) {
		size_t n = crm_cursor_columns(cursor);
		int exit_status = cli_fields_help(cli, NULL, n ? crm_cursor_column(cursor, 0) : NULL, n);
		crm_cursor_close(cursor);
		return exit_status;
	}
	int status = cli->global.fields ? crm_cursor_fields(&cursor, cli->store, cursor, cli->global.fields) : CRM_OK;
	return status < 0 ? cli_store_fail(cli, status) : cli_print(cli, cursor, false);
}

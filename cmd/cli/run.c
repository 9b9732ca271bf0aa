/* From the words of the command line to the function that does it: built-in, helper, program in PATH, or alias. */
#include "cli/cli.h"
#include "cli/helper.h"
#include "cli/hook.h"
#include "cli/language.h"
#include "cli/usage.h"

#include <config.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- programs beside us --- */

/* Becomes another program; returns only when it cannot: true when there is none of that name. */
static bool become(const char *program, const struct strings *words, bool in_path)
{
	char *const *argv = (char *const *)(uintptr_t)words->v;

	cli_before_exec();
	if (in_path)
		execvp(program, argv);
	else
		execv(program, argv);
	int error = errno;
	cli_safety();
	errno = error;
	return error == ENOENT || error == ENOTDIR || error == EACCES;
}

/* Runs PROGRAM-NAME from our own directory of helpers or from PATH, with all words but the name. */
static int run_external(struct cli *cli, const char *const *words, size_t n, size_t at)
{
	cleanup(strings_freep) struct strings argv = { 0 };
	struct strbuf name = { 0 };

	if (strchr(words[at], '/'))
		return EXIT_DONE;
	strbuf_printf(&name, "%s-%s", PROGRAM_NAME, words[at]);
	cleanup(freep) char *program = need_text(&name);
	strings_add(&argv, program);
	for (size_t i = 0; i < n; i++)
		if (i != at)
			strings_add(&argv, words[i]);
	strings_add(&argv, NULL);
	cleanup(freep) char *helper = helper_path(program);
	if (helper && !become(helper, &argv, false))
		return cli_fail(cli, EXIT_FAILED, "%s: %s", helper, strerror(errno));
	if (!become(program, &argv, true))
		return cli_fail(cli, EXIT_FAILED, "%s: %s", program, strerror(errno));
	return EXIT_DONE;
}

/* --- aliases --- */

/* One alias after another: words and texts stay until the command has run. */
struct expansion {
	struct strings words, names;
	char **texts;
	size_t ntexts, cap;
};

static void expansion_free(struct expansion *e)
{
	for (size_t i = 0; i < e->ntexts; i++)
		free(e->texts[i]);
	free(e->texts);
	strings_free(&e->words);
	strings_free(&e->names);
}

/* `!WORDS`: for the shell, with our further words as its arguments. */
static int run_shell(struct cli *cli, const char *command, const struct strings *words, size_t at)
{
	cleanup(strings_freep) struct strings argv = { 0 };
	struct strbuf b = { 0 };

	strbuf_printf(&b, "%s \"$@\"", command);
	cleanup(freep) char *line = need_text(&b);
	strings_add(&argv, "sh");
	strings_add(&argv, "-c");
	strings_add(&argv, line);
	for (size_t i = at; i < words->n; i++)
		strings_add(&argv, words->v[i]);
	strings_add(&argv, NULL);
	become("/bin/sh", &argv, false);
	return cli_fail(cli, EXIT_FAILED, "/bin/sh: %s", strerror(errno));
}

/* Puts the words of the alias in the place of its name. */
static int expand(struct cli *cli, struct expansion *e, size_t at, const char *alias)
{
	const char *name = e->words.v[at];
	cleanup(strings_freep) struct strings parts = { 0 };
	struct strings words = { 0 };

	for (size_t i = 0; i < e->names.n; i++)
		if (strcmp(e->names.v[i], name) == 0)
			return cli_fail(cli, EXIT_USAGE, "alias.%s: leads back to itself", name);
	strings_add(&e->names, name);
	if (*alias == '!')
		return run_shell(cli, alias + 1, &e->words, at);
	e->texts = need_room(e->texts, e->ntexts, &e->cap, sizeof(*e->texts));
	bool closed = words_split(&parts, &e->texts[e->ntexts++], alias);
	if (!closed || parts.n == 0)
		return closed ? cli_fail(cli, EXIT_USAGE, "alias.%s: is empty", name)
			      : cli_fail(cli, EXIT_USAGE, "alias.%s: a quote is not closed", name);
	for (size_t i = 0; i < at; i++)
		strings_add(&words, e->words.v[i]);
	for (size_t i = 0; i < parts.n; i++)
		strings_add(&words, parts.v[i]);
	for (size_t i = at + 1; i < e->words.n; i++)
		strings_add(&words, e->words.v[i]);
	strings_free(&e->words);
	e->words = words;
	return EXIT_DONE;
}

/* words[at] is no command of ours: another program, or an alias, which leaves new words. */
static int run_unknown(struct cli *cli, struct expansion *e, size_t at)
{
	struct strbuf b = { 0 };
	int exit_status = run_external(cli, e->words.v, e->words.n, at);

	if (exit_status)
		return exit_status;
	strbuf_printf(&b, "alias.%s", e->words.v[at]);
	cleanup(freep) char *key = need_text(&b);
	const char *alias = config_set_value(&cli->config, key);
	if (alias)
		return expand(cli, e, at, alias);
	return cli_unknown_command(cli, e->words.v[at], at + 1 < e->words.n ? e->words.v[at + 1] : NULL);
}

/* --- built-in commands --- */

static void load_config(struct cli *cli)
{
	if (cli->config_loaded)
		return;
	cli->config_loaded = true;
	language_start(NULL); /* what is wrong with the configuration is said while it is read */
	int error = config_load(&cli->config);
	language_start(config_get(&cli->config, "ui.language"));
	if (error)
		cli_warn(cli, "%s: %s", cli->config.path, strerror(error));
	for (size_t i = 0; i < cli->config.nwarnings; i++)
		cli_warn(cli, "%s", cli->config.warnings[i]);
}

static int print_help(struct cli *cli, const struct parse *p)
{
	struct strbuf text = { 0 };

	if (p->verb)
		usage_verb(&text, p->command, p->verb, opt_report(p->verb, p->args.n > 0 ? p->args.v[0] : NULL));
	else if (p->command)
		usage_command(&text, p->command);
	else
		usage_program(&text, p->program);
	return cli_print_text(cli, &text);
}

static int print_version(struct cli *cli)
{
	out_printf(cli->out, "%s %s\n", PROGRAM_NAME, crm_version());
	return EXIT_DONE;
}

/* Forms that only some verbs write. */
static int check_format(struct cli *cli)
{
	static const struct {
		enum out_format format;
		unsigned flags;
		const char *who;
	} some[] = {
		{ OUT_VCARD, VERB_EXPORT, N_("only `crm export customer` writes vCards") },
		{ OUT_ICS, VERB_EXPORT, N_("only `crm export followup` writes calendars") },
		{ OUT_XLSX, VERB_FILE, N_("only `crm export` and `crm report` write spreadsheets, with -o FILE") },
		{ OUT_TEXT, VERB_LETTER, N_("only `crm followup digest` writes letters") },
		{ OUT_HTML, VERB_LETTER | VERB_DRAW,
			N_("only `crm report NAME` and `crm followup digest` write pages") },
		{ OUT_SVG, VERB_DRAW, N_("only `crm report NAME` draws") },
	};
	const char *name = cli->global.format;
	enum out_format format = name ? out_format_find(name) : OUT_AUTO;
	bool letter = format == OUT_TEXT || format == OUT_HTML;

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		if (some[i].format == format && !(cli->verb->flags & some[i].flags))
			return cli_fail(cli, EXIT_USAGE, "--format %s: %s", name, crm_tr(some[i].who));
	if (name && cli->verb->flags & VERB_LETTER && !letter)
		return cli_fail(cli, EXIT_USAGE, "--format %s: a letter is text or html", name);
	return EXIT_DONE;
}

/* Options that mean nothing to this verb are refused rather than ignored. */
static int check_globals(struct cli *cli)
{
	const struct global_opts *g = &cli->global;
	const char *space = cli->verb->name ? " " : "", *verb = cli->verb->name ? cli->verb->name : "";
	const char *option = NULL;

	if (g->fields && !(cli->verb->flags & VERB_COLUMNS))
		option = "--fields";
	if (cli->verb->flags & VERB_PLAIN && g->format)
		option = "--format";
	if (cli->verb->flags & (VERB_PLAIN | VERB_LETTER) && (g->header || g->no_header))
		option = g->header ? "--header" : "--no-header";
	if (!option)
		return check_format(cli);
	return cli_fail(cli, EXIT_USAGE, "%s%s%s: takes no %s", cli->command->name, space, verb, option);
}

/* Which version the record must have: there is one of each record, none of many. */
static int take_version(struct cli *cli, const struct parse *p)
{
	const struct many_opts *many = (const struct many_opts *)(const void *)((const char *)p->opts + p->verb->many);

	cli->if_unchanged = p->verb->flags & VERB_VERSION ? many->if_unchanged : -1;
	if (cli->if_unchanged < 0 || !many->where)
		return EXIT_DONE;
	return cli_fail(cli, EXIT_USAGE, "%s %s: --if-unchanged is of one record, --where means many",
		cli->command->name, cli->verb->name);
}

static int run_parsed(struct cli *cli, const struct parse *p)
{
	int exit_status;

	cli->global = p->global;
	cli->command = p->command;
	cli->verb = p->verb;
	cli->entity = p->entity;
	cli->argv = p->args.v;
	cli->argc = p->args.n;
	progress_init(&cli->progress, cli->err_terminal, cli->global.quiet);
	exit_status = check_globals(cli);
	if (!exit_status)
		exit_status = take_version(cli, p);
	if (!exit_status && cli->verb->flags & (VERB_READ | VERB_WRITE | VERB_PLACE)) {
		exit_status = cli_surroundings(cli);
		crm_store_set_read_by_people(cli->store, cli_for_people(cli));
		crm_store_on_event(cli->store, progress_event, &cli->progress);
		crm_store_on_hook(cli->store, hook_run, cli);
		cli_catch_signals(cli->store);
	}
	if (!exit_status && cli->verb->flags & (VERB_READ | VERB_WRITE))
		exit_status = cli_open(cli, cli->verb->flags);
	return exit_status ? exit_status : cli->verb->run(cli, p->opts);
}

static int run_result(struct cli *cli, struct parse *p, enum parse_result result)
{
	switch (result) {
	case PARSE_DONE:
		return run_parsed(cli, p);
	case PARSE_HELP:
		return print_help(cli, p);
	case PARSE_VERSION:
		return print_version(cli);
	default:
		return cli_fail(cli, EXIT_USAGE, "%s", p->error);
	}
}

/* Requests of the completion scripts and of the build: their words are taken as they are. */
static bool run_hidden(struct cli *cli, const char *const *words, size_t n, int *exit_status)
{
	if (n == 0 || strncmp(words[0], "__", 2) != 0)
		return false;
	if (strcmp(words[0], "__complete") == 0) {
		cli->quiet_errors = true; /* nothing may speak into the command line */
		load_config(cli);
		*exit_status = cli_complete(cli, words + 1, n - 1);
	} else if (strcmp(words[0], "__man") == 0 && n == 3) {
		language_use(words[1]);
		*exit_status = cli_man(cli, words[2]);
	} else if (strcmp(words[0], "__check-tables") == 0 && n == 1) {
		*exit_status = cli_check_tables(cli);
	} else if (strcmp(words[0], "__tables") == 0 && n == 1) {
		*exit_status = cli_list_tables(cli);
	} else {
		return false;
	}
	return true;
}

int cli_run(struct cli *cli, const char *const *words, size_t n)
{
	struct expansion e = { 0 };
	struct parse p;
	int exit_status = EXIT_DONE;

	if (run_hidden(cli, words, n, &exit_status))
		return exit_status;
	load_config(cli);
	if (n == 0)
		return cli_welcome(cli);
	for (size_t i = 0; i < n; i++)
		strings_add(&e.words, words[i]);
	for (;;) {
		parse_init(&p, cli->program);
		enum parse_result result = parse_command(&p, e.words.v, e.words.n);
		if (result == PARSE_UNKNOWN) {
			size_t at = p.at;
			parse_release(&p);
			exit_status = run_unknown(cli, &e, at);
			if (exit_status)
				break;
			continue;
		}
		if (result == PARSE_DONE && p.command)
			result = parse_verb(&p, e.words.v, e.words.n);
		else if (result == PARSE_DONE)
			exit_status = cli_fail(cli, EXIT_USAGE, "which COMMAND? (`crm -h` lists them)");
		if (!exit_status)
			exit_status = run_result(cli, &p, result);
		parse_release(&p);
		break;
	}
	expansion_free(&e);
	return exit_status;
}

/*
 * `crm __man LANGUAGE FILE`: an scdoc source with its tables filled in, in that language. A line that is one of these becomes text from the
 * tables that the program itself reads:
 *
 *     @synopsis COMMAND@  @options COMMAND [VERB]@  @fields ENTITY@  @globals@  @config@  @reports@  @commands COMMAND…@  @topics@
 *     @file NAME@         a file beside the page, as it stands: between lines of ```
 */
#include "cli/cli.h"
#include "cli/language.h"
#include "cli/usage.h"

#include <config.h>
#include <string.h>

struct page {
	struct cli *cli;
	const char *file;
	size_t line;
	struct strbuf out;
};

/* Adds text that means nothing to scdoc. */
static void add_plain(struct strbuf *out, const char *s)
{
	const char *begin = s; /* where a dash would begin a list */

	for (; *s; s++) {
		if (strchr("\\*_~+", *s) || (s == begin && *s == '-'))
			strbuf_puts(out, "\\");
		strbuf_add(out, s, 1);
	}
}

/* `*--name* _ARG_` and its meaning, indented. */
static void add_option(struct strbuf *out, char letter, const char *name, const char *arg, const char *help)
{
	if (letter)
		strbuf_printf(out, "*-%c*, ", letter);
	strbuf_printf(out, "*--%s*", name);
	if (arg) {
		strbuf_puts(out, " _");
		add_plain(out, arg);
		strbuf_puts(out, "_");
	}
	strbuf_puts(out, "\n\t");
	add_plain(out, help);
	strbuf_puts(out, "\n\n");
}

static void add_group(struct strbuf *out, const struct cli_opt *options)
{
	for (const struct cli_opt *o = options; o->name; o++) {
		cleanup(strbuf_freep) struct strbuf help = { 0 };
		opt_help(&help, o);
		add_option(out, o->letter, o->name, o->arg, need_str(&help));
	}
}

static void add_verb_options(struct strbuf *out, const struct cli_command *command, const struct cli_verb *verb)
{
	const crm_entity *entity = opt_entity(command, verb);
	struct opt_group groups[OPT_GROUPS];
	size_t n = opt_groups(groups, verb, entity), at = 0;
	const crm_field *f;

	for (size_t i = 0; i + 1 < n; i++)
		add_group(out, groups[i].options);
	while ((f = opt_field_next(verb, entity, &at))) {
		cleanup(strbuf_freep) struct strbuf help = { 0 };
		opt_field_help(&help, f);
		add_option(out, 0, crm_field_option(f), opt_field_arg(f), need_str(&help));
	}
}

static bool put_options(struct page *page, const char *const *args, size_t n)
{
	const struct cli_command *command = n > 0 ? command_find(page->cli->program, args[0]) : NULL;
	const struct cli_verb *verb = NULL;
	size_t used = 0;

	if (!command)
		return false;
	for (size_t i = 0; n == 1 && i < command->nverbs; i++)
		if (!command->verbs[i].name)
			verb = &command->verbs[i];
	if (n > 1)
		verb = verb_find(command, args + 1, n - 1, &used);
	if (!verb || used + 1 != (n > 1 ? n : 1))
		return false;
	add_verb_options(&page->out, command, verb);
	return true;
}

static bool put_synopsis(struct page *page, const char *const *args, size_t n)
{
	const struct cli_command *command = n == 1 ? command_find(page->cli->program, args[0]) : NULL;

	for (size_t i = 0; command && i < command->nverbs; i++) {
		cleanup(strbuf_freep) struct strbuf line = { 0 };
		usage_synopsis(&line, command, &command->verbs[i]);
		add_plain(&page->out, need_str(&line));
		strbuf_puts(&page->out, i + 1 < command->nverbs ? "++\n" : "\n");
	}
	return command != NULL;
}

static bool put_fields(struct page *page, const char *const *args, size_t n)
{
	const crm_entity *e = n == 1 ? crm_entity_find(args[0]) : NULL;

	for (size_t i = 0; e && i < crm_field_count(NULL, e); i++) {
		const crm_field *f = crm_field_at(NULL, e, i);
		cleanup(strbuf_freep) struct strbuf help = { 0 };
		strbuf_puts(&page->out, "*");
		add_plain(&page->out, crm_field_name(f));
		strbuf_printf(&page->out, "* (%s)\n\t", crm_type_name(crm_field_type(f)));
		strbuf_puts(&help, crm_tr(crm_field_help(f)));
		for (size_t k = 0; k < crm_field_words(f); k++)
			strbuf_printf(&help, "%s%s", list_mark(k), crm_field_word(f, k));
		add_plain(&page->out, need_str(&help));
		strbuf_puts(&page->out, "\n\n");
	}
	return e != NULL;
}

static bool put_globals(struct page *page, const char *const *args, size_t n)
{
	(void)args;
	add_group(&page->out, global_options);
	return n == 0;
}

static bool put_config(struct page *page, const char *const *args, size_t n)
{
	(void)args;
	for (const struct config_key *k = config_keys; k->name; k++) {
		cleanup(strbuf_freep) struct strbuf help = { 0 };
		config_key_help(&help, k);
		strbuf_printf(&page->out, "*%s*\n\t", k->name);
		add_plain(&page->out, need_str(&help));
		strbuf_puts(&page->out, "\n\n");
	}
	return n == 0;
}

/* The words of --by. */
static void put_report_by(struct strbuf *out, const crm_report *r)
{
	const char *const *by = crm_report_by(r);

	for (size_t i = 0; by[i]; i++) {
		strbuf_printf(out, "%s_", i ? ", " : " (");
		add_plain(out, by[i]);
		strbuf_puts(out, "_");
	}
	if (crm_report_by_field(r, NULL))
		strbuf_printf(out, crm_tr(", or a field of %s"), crm_entity_name(crm_report_entity(r)));
	strbuf_puts(out, ")");
}

/* The options that the report takes and others do not. */
static void put_report_options(struct strbuf *out, const struct cli_verb *verb, const crm_report *r)
{
	bool first = true;

	for (const struct cli_opt *o = verb->options; o->name; o++) {
		if (!opt_report_differs(o) || !crm_report_takes(r, o->name))
			continue;
		strbuf_printf(out, "%s*--%s*", first ? "\t" : ", ", o->name);
		if (o->complete && strcmp(o->complete, "by") == 0)
			put_report_by(out, r);
		first = false;
	}
	strbuf_puts(out, first ? "" : "\n\n");
}

static void put_report(struct strbuf *out, const struct cli_verb *verb, const crm_report *r)
{
	const crm_column *columns;
	size_t n = crm_report_columns(r, &columns);

	strbuf_printf(out, "*%s*%s", crm_report_name(r), list_mark(0));
	add_plain(out, crm_tr(crm_report_help(r)));
	strbuf_printf(out, " (_%s_)\n\n", crm_entity_name(crm_report_entity(r)));
	put_report_options(out, verb, r);
	for (size_t i = 0; i < n; i++) {
		strbuf_puts(out, "\t_");
		add_plain(out, columns[i].name);
		strbuf_puts(out, "_\n\t\t");
		add_plain(out, crm_tr(columns[i].help));
		strbuf_puts(out, "\n\n");
	}
}

static bool put_reports(struct page *page, const char *const *args, size_t n)
{
	const struct cli_command *command = command_find(page->cli->program, "report");

	(void)args;
	for (size_t i = 0; command && i < crm_report_count(); i++)
		put_report(&page->out, command->verbs, crm_report_at(i));
	return command && n == 0;
}

static bool put_commands(struct page *page, const char *const *args, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct cli_command *c = command_find(page->cli->program, args[i]);
		if (!c)
			return false;
		strbuf_printf(&page->out, "*%s*\n\t", c->name);
		add_plain(&page->out, crm_tr(c->summary));
		strbuf_puts(&page->out, "\n\n");
	}
	return n > 0;
}

static bool put_topics(struct page *page, const char *const *args, size_t n)
{
	(void)args;
	for (const struct help_topic *t = help_topics; t->name; t++) {
		strbuf_printf(&page->out, "*%s*\n\t", t->name);
		add_plain(&page->out, crm_tr(t->help));
		strbuf_puts(&page->out, "\n\n");
	}
	return n == 0;
}

static bool put_file(struct page *page, const char *const *args, size_t n)
{
	cleanup(strbuf_freep) struct strbuf path = { 0 }, text = { 0 };
	const char *slash = strrchr(page->file, '/');
	int folder = slash ? (int)(slash + 1 - page->file) : 0;

	if (n != 1)
		return false;
	strbuf_printf(&path, "%.*s%s", folder, page->file, args[0]);
	if (cli_read_file(page->cli, &text, need_str(&path)) != EXIT_DONE)
		return false;
	for (const char *s = need_str(&text); *s; s++) {
		if (*s == '\\')
			strbuf_puts(&page->out, "\\");
		strbuf_add(&page->out, s, 1);
	}
	return true;
}

static const struct {
	const char *name;
	bool (*put)(struct page *page, const char *const *args, size_t n);
} placeholders[] = {
	{ "synopsis", put_synopsis },
	{ "options", put_options },
	{ "fields", put_fields },
	{ "globals", put_globals },
	{ "config", put_config },
	{ "reports", put_reports },
	{ "commands", put_commands },
	{ "topics", put_topics },
	{ "file", put_file },
};

/* `inside` is what stands between the @ of a line. */
static int put_placeholder(struct page *page, const char *inside)
{
	cleanup(strings_freep) struct strings words = { 0 };
	cleanup(freep) char *text = NULL;

	if (words_split(&words, &text, inside) && words.n > 0)
		for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++)
			if (strcmp(placeholders[i].name, words.v[0]) == 0 &&
				placeholders[i].put(page, words.v + 1, words.n - 1))
				return EXIT_DONE;
	return cli_fail(page->cli, EXIT_FAILED, "%s:%zu: @%s@ means nothing", page->file, page->line, inside);
}

static int put_line(struct page *page, const char *s, size_t len)
{
	if (len < 3 || s[0] != '@' || s[len - 1] != '@') {
		strbuf_add(&page->out, s, len);
		strbuf_puts(&page->out, "\n");
		return EXIT_DONE;
	}
	cleanup(freep) char *inside = need(strndup(s + 1, len - 2));
	return put_placeholder(page, inside);
}

int cli_man(struct cli *cli, const char *file)
{
	cleanup(strbuf_freep) struct strbuf source = { 0 };
	struct page page = { .cli = cli, .file = file };
	int exit_status = cli_check_tables(cli);

	if (!exit_status)
		exit_status = cli_read_file(cli, &source, file);
	for (const char *s = need_str(&source); *s && !exit_status;) {
		size_t len = strcspn(s, "\n");
		page.line++;
		exit_status = put_line(&page, s, len);
		s += len + (s[len] == '\n');
	}
	if (!exit_status)
		return cli_print_text(cli, &page.out);
	strbuf_free(&page.out);
	return exit_status;
}

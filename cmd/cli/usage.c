/* Usage texts from the option tables: at most 80 columns, no store needed. */
#include "cli/usage.h"
#include "cli/config.h"
#include "cli/language.h"
#include "cli/words.h"

#include <config.h>
#include <string.h>

enum {
	WIDTH = 79,
	INDENT = 2,
	HELP_COLUMN = 26
};

const struct help_topic help_topics[] = {
	{ "tutorial", N_("the first hour") },
	{ "cookbook", N_("recipes with cron, mail, git and other programs") },
	{ "filter", N_("the terms that choose records") },
	{ "formats", N_("how files and times are read and written") },
	{ "schema", N_("the tables and views of a store") },
	{ "security", N_("what crm guards against, and what it does not") },
	{ NULL, NULL },
};

static size_t width_of(const char *s, size_t len)
{
	return crm_text_width(s, len);
}

/* The bytes of the character at `s`. */
static size_t character(const char *s)
{
	size_t n = 1;

	while (((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static bool is_wide(const char *s)
{
	return width_of(s, character(s)) == 2;
}

/* Chinese has no blanks to break lines at: it breaks beside any character, but for signs that belong to the other one. */
static bool may_break(const char *before, const char *after)
{
	static const char closing[] = "，。；：、？！）》】”…,.;:?!)", opening[] = "（《【“(";

	return (is_wide(before) || is_wide(after)) && !memmem(closing, sizeof(closing) - 1, after, character(after)) &&
	       !memmem(opening, sizeof(opening) - 1, before, character(before));
}

/* How many bytes of `s` stand on one line, whatever its width. */
static size_t unbroken(const char *s)
{
	size_t len = strcspn(s, " "), n = character(s);

	for (const char *last = s; n < len && !may_break(last, s + n); n += character(last))
		last = s + n;
	return n < len ? n : len;
}

/* Adds the words of `text`, breaking lines; the current line has `used` columns, further ones begin at `column`. */
static void add_wrapped(struct strbuf *out, const char *text, size_t used, size_t column)
{
	for (bool first = true; text[strspn(text, " ")]; first = false) {
		bool blank = *text == ' ' && !first;

		text += strspn(text, " ");
		size_t len = unbroken(text), width = width_of(text, len);
		if (!first && used + blank + width > WIDTH) {
			strbuf_printf(out, "\n%*s", (int)column, "");
			used = column;
		} else if (blank) {
			strbuf_puts(out, " ");
			used++;
		}
		strbuf_add(out, text, len);
		used += width;
		text += len;
	}
	strbuf_puts(out, "\n");
}

/* `  left      what it means`. */
static void add_item(struct strbuf *out, const char *left, const char *help)
{
	size_t used = INDENT + width_of(left, strlen(left));

	strbuf_printf(out, "%*s%s", INDENT, "", left);
	if (used + 2 > HELP_COLUMN) {
		strbuf_puts(out, "\n");
		used = 0;
	}
	strbuf_printf(out, "%*s", (int)(HELP_COLUMN - used), "");
	add_wrapped(out, help, HELP_COLUMN, HELP_COLUMN);
}

void opt_title(struct strbuf *out, const struct cli_opt *o)
{
	if (o->letter)
		strbuf_printf(out, "-%c, ", o->letter);
	strbuf_printf(out, "--%s%s%s", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
}

void opt_help(struct strbuf *out, const struct cli_opt *o)
{
	strbuf_puts(out, crm_tr(o->help));
	for (size_t i = 0; o->words && o->words[i]; i++)
		strbuf_printf(out, "%s%s", list_mark(i), o->words[i]);
}

/* Of the report, or of any when it is NULL. */
void opt_report_help(struct strbuf *out, const struct cli_opt *o, const crm_report *report)
{
	const char *const *by = report && o->complete && strcmp(o->complete, "by") == 0 ? crm_report_by(report) : NULL;

	opt_help(out, o);
	for (size_t i = 0; by && by[i]; i++)
		strbuf_printf(out, "%s%s", list_mark(i), by[i]);
	if (by && crm_report_by_field(report, NULL))
		strbuf_printf(out, crm_tr(", or a field of %s"), crm_entity_name(crm_report_entity(report)));
}

void opt_field_title(struct strbuf *out, const crm_field *f)
{
	strbuf_printf(out, "--%s %s", crm_field_option(f), opt_field_arg(f));
}

void opt_field_help(struct strbuf *out, const crm_field *f)
{
	strbuf_puts(out, crm_tr(crm_field_help(f)));
	for (size_t i = 0; i < crm_field_words(f); i++)
		strbuf_printf(out, "%s%s", list_mark(i), crm_field_word(f, i));
	if (crm_field_flags(f) & CRM_FIELD_REPEATED)
		strbuf_puts(out, crm_tr("; may be repeated"));
}

void usage_synopsis(struct strbuf *out, const struct cli_command *command, const struct cli_verb *verb)
{
	strbuf_printf(out, "%s %s", PROGRAM_NAME, command->name);
	if (verb->name)
		strbuf_printf(out, " %s", verb->name);
	if (verb->options || verb->flags & (VERB_LIST | VERB_WHERE | VERB_VERSION))
		strbuf_puts(out, crm_tr(" [options]"));
	if (verb->args)
		strbuf_printf(out, " %s", verb->args);
	if (verb->flags & VERB_FIELDS)
		strbuf_puts(out, " [--FIELD VALUE]…");
}

static void add_options(struct strbuf *out, const struct opt_group *group, const crm_report *report)
{
	cleanup(strbuf_freep) struct strbuf title = { 0 }, help = { 0 };

	strbuf_printf(out, "\n%s\n", crm_tr(group->title));
	for (const struct cli_opt *o = group->options; o->name; o++) {
		if (report && !crm_report_takes(report, o->name))
			continue;
		strbuf_truncate(&title, 0);
		strbuf_truncate(&help, 0);
		opt_title(&title, o);
		opt_report_help(&help, o, report);
		add_item(out, need_str(&title), need_str(&help));
	}
}

static void add_fields(struct strbuf *out, const struct cli_verb *verb, const crm_entity *entity)
{
	cleanup(strbuf_freep) struct strbuf title = { 0 }, help = { 0 };
	const crm_field *f;
	size_t at = 0;

	if (!(verb->flags & VERB_FIELDS))
		return;
	bool clears = verb->name && strstr(verb->name, "edit");
	strbuf_printf(out, "\n%s\n", clears ? crm_tr("fields (an empty value clears):") : crm_tr("fields:"));
	while ((f = opt_field_next(verb, entity, &at))) {
		strbuf_truncate(&title, 0);
		strbuf_truncate(&help, 0);
		opt_field_title(&title, f);
		opt_field_help(&help, f);
		add_item(out, need_str(&title), need_str(&help));
	}
}

static void add_all_options(
	struct strbuf *out, const struct cli_command *command, const struct cli_verb *verb, const crm_report *report)
{
	const crm_entity *entity = opt_entity(command, verb);
	struct opt_group groups[OPT_GROUPS];
	size_t n = opt_groups(groups, verb, entity);

	for (size_t i = 0; i + 1 < n; i++)
		add_options(out, &groups[i], report);
	add_fields(out, verb, entity);
	add_options(out, &groups[n - 1], report);
}

static void add_columns(struct strbuf *out, const crm_report *report)
{
	const crm_column *columns;
	size_t n = crm_report_columns(report, &columns);

	strbuf_printf(out, "\n%s\n", crm_tr("columns:"));
	for (size_t i = 0; i < n; i++)
		add_item(out, columns[i].name, crm_tr(columns[i].help));
}

void usage_verb(
	struct strbuf *out, const struct cli_command *command, const struct cli_verb *verb, const crm_report *report)
{
	struct strbuf line = { 0 };

	strbuf_puts(&line, crm_tr("usage: "));
	usage_synopsis(&line, command, verb);
	add_wrapped(out, need_str(&line), 0, 7);
	strbuf_free(&line);
	strbuf_puts(out, "\n");
	add_wrapped(out, crm_tr(report ? crm_report_help(report) : verb->summary), 0, 0);
	if (report)
		add_columns(out, report);
	add_all_options(out, command, verb, report);
}

static void add_keys(struct strbuf *out, const struct config_key *keys)
{
	if (keys)
		strbuf_printf(out, "\n%s:\n", crm_tr("keys"));
	for (; keys && keys->name; keys++) {
		cleanup(strbuf_freep) struct strbuf help = { 0 };
		config_key_help(&help, keys);
		add_item(out, keys->name, need_str(&help));
	}
}

void usage_command(struct strbuf *out, const struct cli_command *command)
{
	const struct cli_verb *nameless = NULL;
	struct strbuf line = { 0 };

	if (command->nverbs == 1 && !command->verbs[0].name) {
		usage_verb(out, command, command->verbs, NULL);
		return;
	}
	strbuf_printf(out, "%s %s: ", PROGRAM_NAME, command->name);
	add_wrapped(out, crm_tr(command->summary), strlen(PROGRAM_NAME) + strlen(command->name) + 3, 0);
	strbuf_puts(out, "\n");
	for (size_t i = 0; i < command->nverbs; i++) {
		if (!command->verbs[i].name)
			nameless = &command->verbs[i];
		strbuf_truncate(&line, 0);
		usage_synopsis(&line, command, &command->verbs[i]);
		strbuf_printf(out, "%*s", INDENT, "");
		add_wrapped(out, need_str(&line), INDENT, 12);
		strbuf_printf(out, "%*s", INDENT + 8, "");
		add_wrapped(out, crm_tr(command->verbs[i].summary), INDENT + 8, INDENT + 8);
	}
	strbuf_free(&line);
	if (nameless)
		add_all_options(out, command, nameless, NULL);
	add_keys(out, command->keys);
	strbuf_puts(out, "\n");
	strbuf_printf(out,
		nameless ? crm_tr("%s %s VERB -h explains another, with its options.")
			 : crm_tr("%s %s VERB -h explains one, with its options."),
		PROGRAM_NAME, command->name);
	strbuf_puts(out, "\n");
}

void usage_program(struct strbuf *out, const struct cli_program *program)
{
	struct opt_group groups[OPT_GROUPS];
	size_t n = opt_groups(groups, NULL, NULL);

	strbuf_printf(out, crm_tr("usage: %s [options] COMMAND [VERB] [options] [arguments]"), PROGRAM_NAME);
	strbuf_printf(out, "\n\n%s\n", crm_tr("commands:"));
	for (size_t i = 0; i < program->n; i++)
		add_item(out, program->commands[i]->name, crm_tr(program->commands[i]->summary));
	add_options(out, &groups[n - 1], NULL);
	strbuf_puts(out, "\n");
	strbuf_printf(out, crm_tr("manual (%s help TOPIC):"), PROGRAM_NAME);
	strbuf_puts(out, "\n");
	for (const struct help_topic *t = help_topics; t->name; t++)
		add_item(out, t->name, crm_tr(t->help));
	strbuf_puts(out, "\n");
	strbuf_printf(out, crm_tr("%s COMMAND -h explains a command, %s help COMMAND shows its manual."), PROGRAM_NAME,
		PROGRAM_NAME);
	strbuf_puts(out, "\n");
}

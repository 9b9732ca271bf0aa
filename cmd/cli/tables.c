/*
 * Checks on the tables themselves, run by the tests and by the build before it makes the manual: a slip in a table
 * is found there and not by a user. And what the tests need to know of them, so that none of them forgets a command.
 */
#include "cli/cli.h"
#include "cli/usage.h"

#include <string.h>

struct table_check {
	struct cli *cli;
	const struct cli_command *command;
	const struct cli_verb *verb;
	size_t problems;
};

static void problem(struct table_check *c, const char *what, const char *name)
{
	c->problems++;
	cli_fail(c->cli, EXIT_FAILED, "table of %s%s%s: %s: %s", c->command->name, c->verb && c->verb->name ? " " : "",
		c->verb && c->verb->name ? c->verb->name : "", name, what);
}

static bool good_name(const char *s)
{
	for (const char *p = s; *p; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || (*p == '-' && p > s)))
			return false;
	return *s != '\0';
}

static bool good_help(const char *s)
{
	return s && *s && s[strlen(s) - 1] != '.' && s[strlen(s) - 1] != ' ';
}

static void check_option(struct table_check *c, const struct cli_opt *o)
{
	if (!good_name(o->name))
		problem(c, "a name is made of small letters, digits and -", o->name);
	if (!good_help(o->help))
		problem(c, "its help is missing or ends with a full stop", o->name);
	if (opt_takes_value(o) != (o->arg != NULL))
		problem(c, opt_takes_value(o) ? "its value has no name" : "a flag has no value", o->name);
	if ((o->kind == OPT_CHOICE) != (o->words && o->words[0]))
		problem(c, "words belong to a choice, and a choice needs them", o->name);
}

/* Names and letters are unique among all options and fields that hold for the verb. */
static void check_options(struct table_check *c, const crm_entity *entity)
{
	struct opt_group groups[OPT_GROUPS];
	size_t n = opt_groups(groups, c->verb, entity), at = 0;
	cleanup(strings_freep) struct strings names = { 0 };
	char letters[256] = { 0 };
	const crm_field *f;

	for (size_t i = 0; i < n; i++)
		for (const struct cli_opt *o = groups[i].options; o->name; o++) {
			check_option(c, o);
			strings_add(&names, o->name);
			if (o->letter && letters[(unsigned char)o->letter]++)
				problem(c, "its letter is taken", o->name);
			if (!groups[i].global && groups[i].offset + o->offset >= c->verb->size)
				problem(c, "lies outside the option struct", o->name);
		}
	while ((f = opt_field_next(c->verb, entity, &at))) {
		strings_add(&names, crm_field_option(f));
		if (!good_name(crm_field_option(f)))
			problem(c, "a field's option is made of small letters, digits and -", crm_field_option(f));
		if (!good_help(crm_field_help(f)))
			problem(c, "the field's help is missing or ends with a full stop", crm_field_name(f));
		if (crm_field_type(f) == CRM_ENUM && crm_field_words(f) == 0)
			problem(c, "an enum field has no words", crm_field_name(f));
	}
	for (size_t i = 0; i < names.n; i++)
		for (size_t k = i + 1; k < names.n; k++)
			if (strcmp(names.v[i], names.v[k]) == 0)
				problem(c, "stands for two things", names.v[i]);
}

static void check_without(struct table_check *c, const crm_entity *entity)
{
	for (const char *const *name = c->verb->without; name && *name; name++)
		if (!entity || !crm_field_find(NULL, entity, *name))
			problem(c, "is left out, but there is no such field", *name);
}

static int count_words(const char *s)
{
	int n = 0;

	for (s = s ? s : ""; *s; s += strcspn(s, " "), s += *s == ' ')
		n++;
	return n;
}

static void check_shape(struct table_check *c, const crm_entity *entity)
{
	const struct cli_verb *v = c->verb;
	int words = count_words(v->args);
	bool dots = v->args && strstr(v->args, "…");
	const char *entity_name = v->entity ? v->entity : c->command->entity;

	if (!good_help(v->summary))
		problem(c, "is missing or ends with a full stop", "summary");
	if (entity_name && !entity)
		problem(c, "there is no such entity", entity_name);
	if (v->max_args >= 0 && v->max_args < v->min_args)
		problem(c, "fewer arguments at most than at least", "max_args");
	if (dots != (v->max_args < 0) || (!dots && words != v->max_args) || words < v->min_args)
		problem(c, "does not fit the number of arguments", v->args ? v->args : "args");
	if ((words > 0) != (v->complete != NULL))
		problem(c, "arguments and their completion belong together", "complete");
	if (v->flags & VERB_FIELDS && (!entity || v->fields + sizeof(struct assigns) > v->size))
		problem(c, "fields need an entity and room", "VERB_FIELDS");
	if (v->flags & VERB_LIST && v->list + sizeof(struct list_opts) > v->size)
		problem(c, "has no room", "VERB_LIST");
	if (v->flags & VERB_WHERE && (v->many + sizeof(struct many_opts) > v->size || v->max_args >= 0))
		problem(c, "has no room, or takes no filter", "VERB_WHERE");
	if (v->flags & VERB_VERSION && v->many + sizeof(struct many_opts) > v->size)
		problem(c, "has no room", "VERB_VERSION");
	if (v->flags & VERB_READ && v->flags & VERB_WRITE)
		problem(c, "both are set", "VERB_READ and VERB_WRITE");
	if (!v->run)
		problem(c, "is missing", "run");
}

/* Usage fits an ordinary terminal. */
static void check_usage(struct table_check *c, struct strbuf *text)
{
	for (const char *s = text->s ? text->s : ""; *s;) {
		size_t len = strcspn(s, "\n");
		if (crm_text_width(s, len) > 80)
			problem(c, "a line of it is wider than 80 columns", "usage");
		s += len + (s[len] == '\n');
	}
	strbuf_free(text);
}

static void check_command(struct table_check *c)
{
	struct strbuf text = { 0 };

	c->verb = NULL;
	if (!good_name(c->command->name) || !good_help(c->command->summary))
		problem(c, "is missing or badly written", "name or summary");
	usage_command(&text, c->command);
	check_usage(c, &text);
	for (size_t i = 0; i < c->command->nverbs; i++) {
		c->verb = &c->command->verbs[i];
		const crm_entity *entity = opt_entity(c->command, c->verb);
		for (size_t k = 0; k < i; k++) {
			const char *a = c->command->verbs[k].name, *b = c->verb->name;
			if (a == b || (a && b && strcmp(a, b) == 0))
				problem(c, "stands twice", b ? b : "the verb without a name");
		}
		check_shape(c, entity);
		check_without(c, entity);
		check_options(c, entity);
		usage_verb(&text, c->command, c->verb, NULL);
		check_usage(c, &text);
	}
}

int cli_check_tables(struct cli *cli)
{
	struct table_check c = { .cli = cli };

	for (size_t i = 0; i < cli->program->n; i++) {
		c.command = cli->program->commands[i];
		for (size_t k = 0; k < i; k++)
			if (strcmp(cli->program->commands[k]->name, c.command->name) == 0)
				problem(&c, "stands twice", c.command->name);
		check_command(&c);
	}
	return c.problems ? EXIT_FAILED : EXIT_DONE;
}

int cli_list_tables(struct cli *cli)
{
	for (size_t i = 0; i < cli->program->n; i++) {
		const struct cli_command *command = cli->program->commands[i];

		for (size_t k = 0; k < command->nverbs; k++) {
			const struct cli_verb *v = &command->verbs[k];
			const char *store = v->flags & VERB_WRITE ? "write" : v->flags & VERB_READ ? "read" : "none";

			out_printf(cli->out, "%s%s%s\t%s\t%s\n", command->name, v->name ? " " : "",
				v->name ? v->name : "", store, v->args ? v->args : "");
		}
	}
	return EXIT_DONE;
}

/*
 * `crm __complete WORD…`: what the last word may become, a candidate a line: `value<TAB>description`. A line with an
 * empty value means that a file name can stand there. The shells' scripts only pass the words.
 */
#include "cli/complete.h"
#include "cli/usage.h"

#include <stdlib.h>
#include <string.h>

/* Where the last word stands, by the words before it. */
struct place {
	const struct cli_command *command;
	const struct cli_verb *verb;
	const crm_entity *entity;
	const char *group;             /* first word of verbs like "policy add", which is complete */
	const char *first;             /* first positional argument */
	size_t args;                   /* positional arguments before the last word */
	const struct cli_opt *pending; /* the last word is its value */
	const crm_field *pending_field;
	bool literal;         /* behind -- */
	bool where;           /* the arguments are a filter */
	bool unknown;         /* the command is none of ours */
	struct strings alias; /* the words of an alias, in place of its name */
	char *alias_text;
};

/* --- candidates --- */

void offer(struct completion *c, const char *value, const char *description)
{
	if (strncmp(value, c->word, strlen(c->word)) != 0 || !crm_text_is_plain(value, strlen(value), CRM_ESCAPE_LINE))
		return;
	out_write(c->cli->out, c->prefix ? c->prefix : "", c->prefix_len);
	out_puts(c->cli->out, value);
	if (description && *description) {
		out_puts(c->cli->out, "\t");
		out_text(c->cli->out, description, strlen(description));
	}
	out_puts(c->cli->out, "\n");
}

/* --- options --- */

static void offer_options(struct completion *c, const struct place *p)
{
	struct opt_group groups[OPT_GROUPS];
	size_t n = opt_groups(groups, p->verb, p->entity), at = 0;
	const crm_report *report = opt_report(p->verb, p->first);
	const crm_field *f;

	for (size_t i = 0; i < n; i++)
		for (const struct cli_opt *o = groups[i].options; o->name; o++) {
			cleanup(strbuf_freep) struct strbuf name = { 0 };
			if (report && !crm_report_takes(report, o->name))
				continue;
			strbuf_printf(&name, "--%s", o->name);
			offer(c, need(name.s), crm_tr(o->help));
		}
	while ((f = opt_field_next(p->verb, p->entity, &at))) {
		cleanup(strbuf_freep) struct strbuf name = { 0 };
		strbuf_printf(&name, "--%s", crm_field_option(f));
		offer(c, need(name.s), crm_tr(crm_field_help(f)));
	}
}

static struct completion_place place_of(const struct place *p)
{
	const crm_report *report = opt_report(p->verb, p->first);

	return (struct completion_place){ .command = p->command,
		.entity = report ? crm_report_entity(report) : p->entity,
		.report = report,
		.first = p->first };
}

static void offer_value(struct completion *c, const struct place *p)
{
	struct completion_place place = place_of(p);

	if (p->pending_field)
		offer_field_values(c, p->entity, p->pending_field);
	for (size_t i = 0; p->pending && p->pending->words && p->pending->words[i]; i++)
		offer(c, p->pending->words[i], NULL);
	if (p->pending && p->pending->complete)
		offer_kind(c, &place, p->pending->complete, strlen(p->pending->complete));
	else if (p->pending && p->pending->arg && strcmp(p->pending->arg, "TIME") == 0)
		offer_kind(c, &place, "time", strlen("time"));
}

/* `--opt=part`: the value is completed, the candidates keep the option. */
static void offer_joined_value(struct completion *c, struct place *p)
{
	const char *name = c->word + 2, *equals = strchr(name, '=');
	const struct opt_group *group;
	struct opt_group groups[OPT_GROUPS];
	size_t n = opt_groups(groups, p->verb, p->entity), len = (size_t)(equals - name);

	p->pending = opt_find(&group, groups, n, name, len);
	p->pending_field = p->pending ? NULL : opt_field_find(p->verb, p->entity, name, len);
	c->prefix = c->word;
	c->prefix_len = len + 3;
	c->word = equals + 1;
	offer_value(c, p);
}

/* --- commands, verbs, arguments --- */

static void offer_commands(struct completion *c)
{
	const struct config *config = &c->cli->config;

	for (size_t i = 0; i < c->cli->program->n; i++)
		offer(c, c->cli->program->commands[i]->name, crm_tr(c->cli->program->commands[i]->summary));
	for (size_t i = 0; i < config->n; i++)
		if (strncmp(config->v[i].key, "alias.", 6) == 0)
			offer(c, config->v[i].key + 6, config->v[i].value);
}

/* Verbs of the command; of those of two words the first, or the second when that is given. */
static void offer_verbs(struct completion *c, const struct place *p)
{
	size_t group = p->group ? strlen(p->group) : 0;

	for (size_t i = 0; i < p->command->nverbs; i++) {
		const struct cli_verb *v = &p->command->verbs[i];
		const char *space = v->name ? strchr(v->name, ' ') : NULL;
		if (!v->name ||
			(p->group && !(space && strncmp(v->name, p->group, group) == 0 && v->name[group] == ' ')))
			continue;
		if (p->group || !space) {
			offer(c, p->group ? space + 1 : v->name, crm_tr(v->summary));
			continue;
		}
		cleanup(freep) char *word = need(strndup(v->name, (size_t)(space - v->name)));
		if (strcmp(space + 1, "list") == 0) /* once for each group */
			offer(c, word, crm_tr(v->summary));
	}
}

/* What completes the i-th positional argument: the i-th word of the table's, or its last. */
static void offer_argument(struct completion *c, const struct place *p)
{
	struct completion_place place = place_of(p);
	const char *kind = p->verb ? p->verb->complete : NULL;

	if (p->where) {
		offer_kind(c, &place, "filter", strlen("filter"));
		return;
	}
	if (!kind || (p->verb->max_args >= 0 && p->args >= (size_t)p->verb->max_args))
		return;
	for (size_t i = 0; i < p->args && strchr(kind, ' '); i++)
		kind = strchr(kind, ' ') + 1;
	offer_kind(c, &place, kind, strcspn(kind, " "));
}

/* --- the words before --- */

/* Records are those of the store that is named. The values of other options do not matter here. */
static void read_value(struct completion *c, const char *option, size_t len, const char *value)
{
	if (len == strlen("store") && memcmp(option, "store", len) == 0)
		c->cli->global.store = value;
}

/* The command itself, where it has no verbs, or takes arguments beside them. */
static const struct cli_verb *nameless_verb(const struct cli_command *command)
{
	for (size_t i = 0; i < command->nverbs; i++)
		if (!command->verbs[i].name)
			return &command->verbs[i];
	return NULL;
}

static void read_option(struct place *p, struct completion *c, const char *word)
{
	const char *equals = strchr(word, '=');
	const struct cli_verb *verb = p->verb || !p->command ? p->verb : nameless_verb(p->command);
	struct opt_group groups[OPT_GROUPS];
	const struct opt_group *group;
	size_t n = opt_groups(groups, verb, p->entity);
	const struct cli_opt *o;

	if (word[1] != '-') {
		o = opt_find_letter(&group, groups, n, word[strlen(word) - 1]);
		if (o && opt_takes_value(o) && !word[2])
			p->pending = o;
		return;
	}
	if (p->verb && p->verb->flags & VERB_WHERE && strcmp(word, "--where") == 0)
		p->where = true;
	if (equals) {
		read_value(c, word + 2, (size_t)(equals - word) - 2, equals + 1);
		return;
	}
	o = opt_find(&group, groups, n, word + 2, strlen(word + 2));
	if (o && opt_takes_value(o))
		p->pending = o;
	if (!o)
		p->pending_field = opt_field_find(p->verb, p->entity, word + 2, strlen(word + 2));
}

/* Reads the words from `at` on that name the verb. Returns how many. */
static size_t read_verb(struct place *p, const char *const *words, size_t n)
{
	size_t used = 0;
	const struct cli_verb *v = verb_find(p->command, words, n, &used);

	p->verb = v ? v : nameless_verb(p->command);
	p->entity = opt_entity(p->command, p->verb);
	p->group = v && used == 1 && strchr(v->name, ' ') ? words[0] : NULL;
	return used;
}

static void read_words(struct place *p, struct completion *c, const char *const *words, size_t n);

/* The command, or what an alias says in its place. False when it is neither, or for the shell. */
static bool read_command(struct place *p, struct completion *c, const char *word)
{
	cleanup(strbuf_freep) struct strbuf key = { 0 };

	p->command = command_find(c->cli->program, word);
	if (p->command)
		return true;
	strbuf_printf(&key, "alias.%s", word);
	const char *text = p->alias_text ? NULL : config_set_value(&c->cli->config, need_str(&key));
	if (!text || *text == '!' || !words_split(&p->alias, &p->alias_text, text))
		return false;
	read_words(p, c, p->alias.v, p->alias.n);
	return !p->unknown;
}

static void read_words(struct place *p, struct completion *c, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *w = words[i];
		if (p->pending || p->pending_field) {
			if (p->pending)
				read_value(c, p->pending->name, strlen(p->pending->name), w);
			p->pending = NULL;
			p->pending_field = NULL;
		} else if (!p->literal && strcmp(w, "--") == 0) {
			p->literal = true;
		} else if (!p->literal && w[0] == '-' && w[1]) {
			read_option(p, c, w);
		} else if (!p->command) {
			p->unknown = !read_command(p, c, w);
			if (p->unknown)
				return;
		} else {
			size_t used = p->verb ? 0 : read_verb(p, words + i, n - i);
			if (used > 0) {
				i += used - 1;
				continue;
			}
			p->first = p->args++ == 0 ? w : p->first;
		}
	}
}

static void complete_word(struct completion *c, struct place *p)
{
	bool verb_open = p->command && !p->verb;

	if (verb_open) {
		p->verb = nameless_verb(p->command);
		p->entity = opt_entity(p->command, p->verb);
	}
	if (p->pending || p->pending_field) {
		offer_value(c, p);
	} else if (!p->literal && strncmp(c->word, "--", 2) == 0 && strchr(c->word, '=')) {
		offer_joined_value(c, p);
	} else if (!p->literal && c->word[0] == '-') {
		offer_options(c, p);
	} else if (!p->command) {
		offer_commands(c);
	} else {
		if (verb_open || p->group)
			offer_verbs(c, p);
		offer_argument(c, p);
	}
}

int cli_complete(struct cli *cli, const char *const *words, size_t n)
{
	struct completion c = { .cli = cli, .word = n > 0 ? words[n - 1] : "" };
	struct place p = { 0 };

	read_words(&p, &c, words, n > 0 ? n - 1 : 0);
	if (!p.unknown)
		complete_word(&c, &p);
	strings_free(&p.alias);
	free(p.alias_text);
	return EXIT_DONE;
}

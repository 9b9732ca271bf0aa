/* Reading the option tables: which options a verb takes, and the global ones. */
#include "cli/opt.h"
#include "cli/out.h"
#include "cli/words.h"

#include <stddef.h>
#include <string.h>

static const char *const colors[] = { "auto", "always", "never", NULL };

#define AT(member) offsetof(struct global_opts, member)

const struct cli_opt global_options[] = {
	OPT(TEXT, 0, "store", AT(store), "FILE", "the store; else $CRM_STORE, store.path, or the usual place",
		.complete = "file"),
	OPT(INTEGER, 0, "wait", AT(wait), "SECONDS", "how long to wait for a store in use; 0: not at all"),
	OPT(TEXT, 0, "as", AT(as), "AGENT", "who acts; else $CRM_AGENT, user.agent, or the login", .complete = "agent"),
	OPT(TEXT, 0, "now", AT(now), "TIME", "the clock of this run; else $CRM_NOW, or the real time"),
	OPT(TEXT, 0, "tz", AT(tz), "ZONE", "zone of times without one; else time.zone, TZ, or the system's"),
	OPT(CHOICE, 0, "format", AT(format), "FORMAT", "how results are written", .words = out_format_names),
	OPT(TEXT, 0, "fields", AT(fields), "A,B", "the columns, in this order; +C adds to the usual ones; `help` lists",
		.complete = "fields"),
	OPT(FLAG, 0, "header", AT(header), NULL, "write the header line of table, tsv and csv"),
	OPT(FLAG, 0, "no-header", AT(no_header), NULL, "leave the header line out"),
	OPT(CHOICE, 0, "color", AT(color), "WHEN", "when to use colour", .words = colors),
	OPT(FLAG, 0, "no-pager", AT(no_pager), NULL, "never use the pager"),
	OPT(FLAG, 'q', "quiet", AT(quiet), NULL, "no progress, no confirmations"),
	OPT(FLAG, 'h', "help", AT(help), NULL, "explain the command"),
	OPT(FLAG, 0, "version", AT(version), NULL, "print the version"),
	OPT_END,
};

static const struct cli_opt list_options[] = {
	OPT(TEXT, 0, "sort", offsetof(struct list_opts, sort), "FIELD", "the order; -FIELD: falling; A,-B: by several",
		.complete = "sort"),
	OPT(INTEGER, 0, "limit", offsetof(struct list_opts, limit), "N", "at most so many"),
	OPT(INTEGER, 0, "offset", offsetof(struct list_opts, offset), "N", "leave out the first N"),
	OPT_END,
};

static const struct cli_opt many_options[] = {
	OPT(FLAG, 0, "where", offsetof(struct many_opts, where), NULL, "the arguments are a filter, not records"),
	OPT(FLAG, 0, "yes", offsetof(struct many_opts, yes), NULL, "do not ask"),
	OPT_END,
};

static const struct cli_opt version_options[] = {
	OPT(INTEGER, 0, "if-unchanged", offsetof(struct many_opts, if_unchanged), "VERSION",
		"only if nobody changed it since: it still has this version"),
	OPT_END,
};

static const struct cli_opt set_options[] = {
	OPT(SET, 0, "set", 0, "NAME=VALUE", "a custom field", .complete = "custom"),
	OPT_END,
};

size_t opt_groups(struct opt_group groups[OPT_GROUPS], const struct cli_verb *verb, const crm_entity *entity)
{
	size_t n = 0;

	if (verb && verb->options)
		groups[n++] = (struct opt_group){ verb->options, N_("options:"), 0, false };
	if (verb && verb->flags & VERB_WHERE)
		groups[n++] = (struct opt_group){ many_options, N_("many records at once:"), verb->many, false };
	if (verb && verb->flags & VERB_VERSION)
		groups[n++] =
			(struct opt_group){ version_options, N_("one record as it was seen:"), verb->many, false };
	if (verb && verb->flags & VERB_LIST)
		groups[n++] = (struct opt_group){ list_options, N_("order and limits:"), verb->list, false };
	if (verb && verb->flags & VERB_FIELDS && entity && crm_entity_has_custom_fields(entity))
		groups[n++] = (struct opt_group){ set_options, N_("custom fields:"), verb->fields, false };
	groups[n++] = (struct opt_group){ global_options, N_("options of every command:"), 0, true };
	return n;
}

const struct cli_opt *opt_find(
	const struct opt_group **group, const struct opt_group *groups, size_t n, const char *name, size_t len)
{
	for (size_t i = 0; i < n; i++)
		for (const struct cli_opt *o = groups[i].options; o->name; o++)
			if (strlen(o->name) == len && memcmp(o->name, name, len) == 0) {
				*group = &groups[i];
				return o;
			}
	return NULL;
}

const struct cli_opt *opt_find_letter(
	const struct opt_group **group, const struct opt_group *groups, size_t n, char letter)
{
	for (size_t i = 0; i < n; i++)
		for (const struct cli_opt *o = groups[i].options; o->name; o++)
			if (o->letter == letter) {
				*group = &groups[i];
				return o;
			}
	return NULL;
}

bool opt_takes_value(const struct cli_opt *opt)
{
	return opt->kind != OPT_FLAG;
}

const crm_report *opt_report(const struct cli_verb *verb, const char *first)
{
	bool about = verb && verb->complete && strncmp(verb->complete, "report ", strlen("report ")) == 0;

	return about && first ? crm_report_find(first) : NULL;
}

bool opt_report_differs(const struct cli_opt *o)
{
	for (size_t i = 0; i < crm_report_count(); i++)
		if (!crm_report_takes(crm_report_at(i), o->name))
			return true;
	return false;
}

const crm_entity *opt_entity(const struct cli_command *command, const struct cli_verb *verb)
{
	const char *name = verb && verb->entity ? verb->entity : command ? command->entity : NULL;

	return name ? crm_entity_find(name) : NULL;
}

const crm_field *opt_field_next(const struct cli_verb *verb, const crm_entity *entity, size_t *at)
{
	size_t n = verb && verb->flags & VERB_FIELDS && entity ? crm_field_count(NULL, entity) : 0;

	while (*at < n) {
		const crm_field *f = crm_field_at(NULL, entity, (*at)++);
		if (crm_field_flags(f) & CRM_FIELD_EDITABLE && !words_have(verb->without, crm_field_name(f)))
			return f;
	}
	return NULL;
}

const crm_field *opt_field_find(const struct cli_verb *verb, const crm_entity *entity, const char *name, size_t len)
{
	const crm_field *f;
	size_t at = 0;

	while ((f = opt_field_next(verb, entity, &at)))
		if (strlen(crm_field_option(f)) == len && memcmp(crm_field_option(f), name, len) == 0)
			return f;
	return NULL;
}

const char *opt_field_arg(const crm_field *field)
{
	static const char *const names[] = {
		[CRM_TEXT] = "TEXT",
		[CRM_INTEGER] = "N",
		[CRM_REAL] = "N",
		[CRM_BOOL] = "YES|NO",
		[CRM_TIME] = "TIME",
		[CRM_DATE] = "DATE",
		[CRM_DURATION] = "LENGTH",
		[CRM_ENUM] = "WORD",
		[CRM_EMAIL] = "ADDRESS",
		[CRM_PHONE] = "NUMBER",
		[CRM_TAGS] = "TAG",
		[CRM_CONTACTS] = "LIST",
		[CRM_MONEY] = "AMOUNT",
	};
	static char target[32];
	crm_type type = crm_field_type(field);

	if (type != CRM_REF)
		return names[type];
	const char *name = crm_entity_name(crm_field_target(field));
	size_t n = 0;
	for (; name[n] && n < sizeof(target) - 1; n++)
		target[n] = name[n] >= 'a' && name[n] <= 'z' ? (char)(name[n] & ~0x20) : name[n];
	target[n] = '\0';
	return target;
}

const struct cli_command *command_find(const struct cli_program *program, const char *name)
{
	for (size_t i = 0; i < program->n; i++)
		if (strcmp(program->commands[i]->name, name) == 0)
			return program->commands[i];
	return NULL;
}

/* True when the verb's name is `noun verb`. */
static bool is_pair(const char *name, const char *noun, const char *verb)
{
	size_t len = strlen(noun);

	return strncmp(name, noun, len) == 0 && name[len] == ' ' && strcmp(name + len + 1, verb) == 0;
}

const struct cli_verb *verb_find(const struct cli_command *command, const char *const *words, size_t n, size_t *used)
{
	const struct cli_verb *list = NULL;

	for (size_t i = 0; n > 0 && i < command->nverbs; i++) {
		const struct cli_verb *v = &command->verbs[i];
		if (!v->name)
			continue;
		if (strcmp(v->name, words[0]) == 0) {
			*used = 1;
			return v;
		}
		if (n > 1 && is_pair(v->name, words[0], words[1])) {
			*used = 2;
			return v;
		}
		if (is_pair(v->name, words[0], "list"))
			list = v;
	}
	if (!list || (n > 1 && words[1][0] != '-'))
		return NULL;
	*used = 1;
	return list;
}

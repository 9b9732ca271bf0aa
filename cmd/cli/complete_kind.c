/* Candidates by kind: records, terms of a filter, columns, keys … */
#include "cli/complete.h"
#include "cli/usage.h"

#include <stdlib.h>
#include <string.h>

enum {
	RECORDS_MAX = 50
};

static void query_freep(crm_query **q)
{
	crm_query_free(*q);
}

/* Opens the store when a candidate is in it. Without one there are none. */
static bool open_store(struct completion *c)
{
	if (!c->opened) {
		c->opened = true;
		c->usable = cli_surroundings(c->cli) == EXIT_DONE && c->cli->path &&
			    crm_store_open(c->cli->store, c->cli->path, CRM_OPEN_READ) == CRM_OK;
	}
	return c->usable;
}

static void offer_names(struct completion *c, const crm_entity *entity,
	int (*find)(crm_cursor **, crm_store *, const crm_entity *, const char *, size_t))
{
	crm_cursor *rows;

	if (!open_store(c) || find(&rows, c->cli->store, entity, c->word, RECORDS_MAX) < 0)
		return;
	while (crm_cursor_next(rows) == CRM_OK) {
		const crm_value *name = crm_cursor_value(rows, 0), *text = crm_cursor_value(rows, 1);
		if (name->kind == CRM_STRING)
			offer(c, name->s, text->kind == CRM_STRING ? text->s : NULL);
	}
	crm_cursor_close(rows);
}

void offer_records(struct completion *c, const crm_entity *entity)
{
	if (*c->word && !strchr(c->word, ':') && open_store(c) && crm_field_find(c->cli->store, entity, "key"))
		offer(c, "key:", crm_tr("by its key in another system"));
	offer_names(c, entity, crm_complete_names);
}

static void offer_times(struct completion *c)
{
	static const struct help_topic times[] = {
		{ "today", N_("the whole day") },
		{ "now", NULL },
		{ "yesterday", NULL },
		{ "tomorrow", NULL },
		{ "monday", N_("the last or the next one, as it fits") },
		{ "tuesday", NULL },
		{ "wednesday", NULL },
		{ "thursday", NULL },
		{ "friday", NULL },
		{ "saturday", NULL },
		{ "sunday", NULL },
		{ "-1d", N_("a day ago") },
		{ "-1w", N_("a week ago") },
		{ "-1mo", N_("a month ago") },
		{ "-1y", N_("a year ago") },
		{ "+1d", N_("in a day") },
		{ "+1w", N_("in a week") },
		{ "+1mo", N_("in a month") },
		{ "+3wd", N_("in three working days") },
	};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		offer(c, times[i].name, times[i].help ? crm_tr(times[i].help) : NULL);
}

/* Goes on with what stands behind the first `len` bytes of the word; these come back with each candidate. */
static void skip(struct completion *c, size_t len)
{
	c->prefix = c->prefix ? c->prefix : c->word;
	c->prefix_len += len;
	c->word += len;
}

/* --- fields --- */

/* Where the command's entity is an argument, that argument says it. */
static const crm_entity *entity_of(const struct completion_place *place)
{
	const char *name = place->command ? place->command->name : "";
	bool argument = strcmp(name, "view") == 0 || strcmp(name, "export") == 0;

	return argument && place->first ? crm_entity_find(place->first) : place->entity;
}

/* Goes on with the last name of a list with commas; true when it is the first. */
static bool skip_names(struct completion *c)
{
	const char *comma = strrchr(c->word, ',');

	if (comma)
		skip(c, (size_t)(comma - c->word) + 1);
	return !comma;
}

static void offer_report_columns(struct completion *c, const crm_report *report)
{
	const crm_column *columns;
	size_t n = crm_report_columns(report, &columns);

	if (skip_names(c))
		offer(c, "help", crm_tr("list the columns"));
	for (size_t i = 0; i < n; i++)
		offer(c, columns[i].name, crm_tr(columns[i].help));
}

static void offer_search_columns(struct completion *c)
{
	const crm_column *columns;
	size_t n = crm_search_columns(&columns);

	for (size_t i = 0; i < n; i++)
		offer(c, columns[i].name, crm_tr(columns[i].help));
}

/* Column names; `-` before one where an order may fall. */
static void offer_columns(struct completion *c, const struct completion_place *place, bool sort)
{
	const crm_entity *entity = entity_of(place);
	bool first = skip_names(c);
	size_t n;

	if (*c->word == (sort ? '-' : '+'))
		skip(c, 1);
	if (!entity && place->command && strcmp(place->command->name, "search") == 0)
		offer_search_columns(c);
	if (!entity)
		return;
	open_store(c);
	n = crm_field_count(c->cli->store, entity);
	for (size_t i = 0; i < n; i++) {
		const crm_field *f = crm_field_at(c->cli->store, entity, i);
		offer(c, crm_field_name(f), crm_tr(crm_field_help(f)));
	}
	if (!sort && first)
		offer(c, "help", crm_tr("list the columns"));
}

static void offer_custom(struct completion *c, const crm_entity *entity, bool assign)
{
	size_t n = entity && open_store(c) ? crm_field_count(c->cli->store, entity) : 0;

	for (size_t i = 0; i < n; i++) {
		const crm_field *f = crm_field_at(c->cli->store, entity, i);
		cleanup(strbuf_freep) struct strbuf b = { 0 };
		if (!(crm_field_flags(f) & CRM_FIELD_CUSTOM))
			continue;
		strbuf_printf(&b, "%s%s", crm_field_name(f), assign ? "=" : "");
		offer(c, need(b.s), crm_tr(crm_field_help(f)));
	}
}

/* --- filters --- */

static void offer_views(struct completion *c, const crm_entity *entity, const char *begin)
{
	cleanup(query_freep) crm_query *q = NULL;
	crm_cursor *rows;

	if (!entity || !open_store(c) || crm_query_new(&q, c->cli->store, crm_entity_find("view")) < 0 ||
		crm_query_fields(q, "entity,name,filter") < 0 || crm_query_open(&rows, q) < 0)
		return;
	while (crm_cursor_next(rows) == CRM_OK) {
		cleanup(strbuf_freep) struct strbuf b = { 0 };
		const crm_value *filter = crm_cursor_value(rows, 2);
		if (strcmp(crm_cursor_value(rows, 0)->s, crm_entity_name(entity)) != 0)
			continue;
		strbuf_printf(&b, "%s%s", begin, crm_cursor_value(rows, 1)->s);
		offer(c, need(b.s), filter->kind == CRM_STRING ? filter->s : NULL);
	}
	crm_cursor_close(rows);
}

void offer_field_values(struct completion *c, const crm_entity *entity, const crm_field *f)
{
	for (size_t i = 0; i < crm_field_words(f); i++)
		offer(c, crm_field_word(f, i), NULL);
	if (crm_field_type(f) == CRM_BOOL) {
		offer(c, "yes", NULL);
		offer(c, "no", NULL);
	}
	if (crm_field_type(f) == CRM_TIME || crm_field_type(f) == CRM_DATE)
		offer_times(c);
	if (crm_field_type(f) == CRM_TAGS && entity)
		offer_names(c, entity, crm_complete_tags);
	if (crm_field_target(f))
		offer_records(c, crm_field_target(f));
}

/* Goes on with the last value of `FROM..TO`, `>=VALUE`. */
static void skip_comparison(struct completion *c)
{
	const char *dots = strstr(c->word, "..");

	skip(c, dots ? (size_t)(dots - c->word) + 2 : strspn(c->word, "<>="));
}

/* A term: `city:`, then its values; not: before any. */
static void offer_filter(struct completion *c, const crm_entity *entity)
{
	size_t n;

	if (!entity)
		return;
	offer(c, "not:", crm_tr("does not hold"));
	while (strncmp(c->word, "not:", 4) == 0)
		skip(c, 4);
	if (*c->word == '@') {
		offer_views(c, entity, "@");
		return;
	}
	open_store(c);
	const char *colon = strchr(c->word, ':');
	if (colon) {
		cleanup(freep) char *name = need(strndup(c->word, (size_t)(colon - c->word)));
		const crm_field *f = crm_field_find(c->cli->store, entity, name);
		const char *comma = strrchr(colon, ',');
		skip(c, (size_t)((comma ? comma : colon) - c->word) + 1);
		if (!f)
			return;
		if (crm_field_type(f) == CRM_REF && crm_field_target(f) == crm_entity_find("agent"))
			offer(c, "me", crm_tr("the acting agent"));
		skip_comparison(c);
		offer_field_values(c, entity, f);
		return;
	}
	n = crm_field_count(c->cli->store, entity);
	for (size_t i = 0; i < n; i++) {
		const crm_field *f = crm_field_at(c->cli->store, entity, i);
		cleanup(strbuf_freep) struct strbuf b = { 0 };
		strbuf_printf(&b, "%s:", crm_field_name(f));
		offer(c, need(b.s), crm_tr(crm_field_help(f)));
	}
}

/* --- names of our own --- */

static void offer_entities(struct completion *c, bool (*fits)(const crm_entity *))
{
	for (size_t i = 0; i < crm_entity_count(); i++) {
		const crm_entity *e = crm_entity_at(i);
		if (!fits || fits(e))
			offer(c, crm_entity_name(e), crm_tr(crm_entity_help(e)));
	}
}

/* A list of them with commas. */
static void offer_searched(struct completion *c)
{
	const crm_entity *e;

	skip_names(c);
	for (size_t i = 0; (e = crm_search_entity(i)); i++)
		offer(c, crm_entity_name(e), crm_tr(crm_entity_help(e)));
}

/* TYPE:NAME. */
static void offer_any_record(struct completion *c)
{
	const char *colon = strchr(c->word, ':');

	for (size_t i = 0; !colon && i < crm_entity_count(); i++) {
		cleanup(strbuf_freep) struct strbuf b = { 0 };
		strbuf_printf(&b, "%s:", crm_entity_name(crm_entity_at(i)));
		offer(c, need(b.s), crm_tr(crm_entity_help(crm_entity_at(i))));
	}
	if (!colon)
		return;
	cleanup(freep) char *type = need(strndup(c->word, (size_t)(colon - c->word)));
	const crm_entity *e = crm_entity_find(type);
	skip(c, strlen(type) + 1);
	if (e)
		offer_records(c, e);
}

static void offer_presets(struct completion *c)
{
	crm_cursor *rows;

	if (crm_import_presets(&rows) < 0)
		return;
	while (crm_cursor_next(rows) == CRM_OK)
		offer(c, crm_cursor_value(rows, 0)->s, crm_tr(crm_cursor_value(rows, 2)->s));
	crm_cursor_close(rows);
	offer(c, "auto", crm_tr("by the columns"));
	offer(c, "none", crm_tr("columns by their names only"));
}

static void offer_words(struct completion *c, const char *const *words)
{
	for (; words && *words; words++)
		offer(c, *words, NULL);
}

/* Words of --by, then the fields that it takes. */
static void offer_groups(struct completion *c, const crm_report *report)
{
	const crm_entity *e = crm_report_entity(report);
	size_t n =
		crm_report_by_field(report, NULL) && *c->word && open_store(c) ? crm_field_count(c->cli->store, e) : 0;

	offer_words(c, crm_report_by(report));
	for (size_t i = 0; i < n; i++) {
		const crm_field *f = crm_field_at(c->cli->store, e, i);
		if (crm_report_by_field(report, f) && !words_have(crm_report_by(report), crm_field_name(f)))
			offer(c, crm_field_name(f), crm_tr(crm_field_help(f)));
	}
}

static void offer_config(struct completion *c, const char *first)
{
	const struct config_key *key = first ? config_key_find(first) : NULL;

	if (key) {
		offer_words(c, key->words);
		return;
	}
	for (const struct config_key *k = config_keys; k->name; k++)
		if (strcmp(k->name, "alias.NAME") != 0)
			offer(c, k->name, crm_tr(k->help));
}

static void offer_aliases(struct completion *c)
{
	for (size_t i = 0; i < c->cli->config.n; i++)
		if (strncmp(c->cli->config.v[i].key, "alias.", 6) == 0)
			offer(c, c->cli->config.v[i].key + 6, c->cli->config.v[i].value);
}

static void offer_topics(struct completion *c)
{
	const struct cli_program *program = c->cli->program;

	for (size_t i = 0; i < program->n; i++)
		offer(c, program->commands[i]->name, crm_tr(program->commands[i]->summary));
	for (const struct help_topic *t = help_topics; t->name; t++)
		offer(c, t->name, crm_tr(t->help));
}

static void offer_verbs_of(struct completion *c, const struct cli_command *command)
{
	for (size_t i = 0; command && i < command->nverbs; i++)
		if (command->verbs[i].name && !strchr(command->verbs[i].name, ' '))
			offer(c, command->verbs[i].name, crm_tr(command->verbs[i].summary));
}

static void offer_reports(struct completion *c)
{
	for (size_t i = 0; i < crm_report_count(); i++)
		offer(c, crm_report_name(crm_report_at(i)), crm_tr(crm_report_help(crm_report_at(i))));
}

static bool is(const char *kind, size_t len, const char *name)
{
	return strlen(name) == len && strncmp(kind, name, len) == 0;
}

void offer_kind(struct completion *c, const struct completion_place *place, const char *kind, size_t len)
{
	static const char *const shells[] = { "bash", "zsh", "fish", NULL };
	cleanup(freep) char *name = need(strndup(kind, len));

	if (is(kind, len, "file"))
		out_puts(c->cli->out, "\tfile\n");
	else if (is(kind, len, "filter"))
		offer_filter(c, entity_of(place));
	else if (is(kind, len, "fields") && place->report)
		offer_report_columns(c, place->report);
	else if (is(kind, len, "fields") || is(kind, len, "sort"))
		offer_columns(c, place, is(kind, len, "sort"));
	else if (is(kind, len, "custom"))
		offer_custom(c, place->entity, true);
	else if (is(kind, len, "custom-name"))
		offer_custom(c, place->first ? crm_entity_find(place->first) : NULL, false);
	else if (is(kind, len, "view-name"))
		offer_views(c, place->first ? crm_entity_find(place->first) : NULL, "");
	else if (is(kind, len, "entity"))
		offer_entities(c, NULL);
	else if (is(kind, len, "searched"))
		offer_searched(c);
	else if (is(kind, len, "entity-or-file")) {
		offer_entities(c, NULL);
		out_puts(c->cli->out, "\tfile\n");
	} else if (is(kind, len, "importable"))
		offer_entities(c, crm_entity_importable);
	else if (is(kind, len, "custom-entity"))
		offer_entities(c, crm_entity_has_custom_fields);
	else if (is(kind, len, "record"))
		offer_any_record(c);
	else if (is(kind, len, "report"))
		offer_reports(c);
	else if (is(kind, len, "by") && place->report)
		offer_groups(c, place->report);
	else if (is(kind, len, "preset"))
		offer_presets(c);
	else if (is(kind, len, "config") || is(kind, len, "config-value"))
		offer_config(c, is(kind, len, "config") ? NULL : place->first);
	else if (is(kind, len, "alias"))
		offer_aliases(c);
	else if (is(kind, len, "time"))
		offer_times(c);
	else if (is(kind, len, "tag") && place->entity)
		offer_names(c, place->entity, crm_complete_tags);
	else if (is(kind, len, "topic"))
		offer_topics(c);
	else if (is(kind, len, "verb"))
		offer_verbs_of(c, place->first ? command_find(c->cli->program, place->first) : NULL);
	else if (is(kind, len, "shell"))
		offer_words(c, shells);
	else if (crm_entity_find(name))
		offer_records(c, crm_entity_find(name));
}

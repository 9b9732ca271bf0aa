/* The list of entities, and what may be asked of a description. */
#include "model/entity.h"
#include "model/custom.h"
#include "text/text.h"

static const struct crm_entity *const entities[] = {
	&entity_customer,
	&entity_customer_link,
	&entity_org,
	&entity_log,
	&entity_followup,
	&entity_survey,
	&entity_order,
	&entity_ticket,
	&entity_ticket_event,
	&entity_ticket_link,
	&entity_ticket_status,
	&entity_ticket_category,
	&entity_team,
	&entity_agent,
	&entity_sla,
	&entity_policy,
	&entity_rule,
	&entity_rule_run,
	&entity_retention,
	&entity_calendar,
	&entity_classifier,
	&entity_field,
	&entity_view,
	&entity_import,
};

size_t crm_entity_count(void)
{
	return ARRAY_SIZE(entities);
}

const crm_entity *crm_entity_at(size_t i)
{
	return i < ARRAY_SIZE(entities) ? entities[i] : NULL;
}

const crm_entity *crm_entity_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(entities); i++)
		if (strcmp(entities[i]->name, name) == 0)
			return entities[i];
	return NULL;
}

const char *crm_entity_name(const crm_entity *e)
{
	return e->name;
}

const char *crm_entity_help(const crm_entity *e)
{
	return e->help;
}

bool crm_entity_has_tags(const crm_entity *e)
{
	return e->flags & ENTITY_TAGS;
}

bool crm_entity_has_custom_fields(const crm_entity *e)
{
	return e->flags & ENTITY_CUSTOM;
}

bool crm_entity_importable(const crm_entity *e)
{
	return e->flags & ENTITY_IMPORT;
}

size_t crm_field_count(crm_store *s, const crm_entity *e)
{
	return e->nfields + custom_count(s, e);
}

const crm_field *crm_field_at(crm_store *s, const crm_entity *e, size_t i)
{
	return i < e->nfields ? &e->fields[i] : custom_at(s, e, i - e->nfields);
}

const struct crm_field *field_find_static(const struct crm_entity *e, const char *name)
{
	for (size_t i = 0; i < e->nfields; i++)
		if (strcmp(e->fields[i].name, name) == 0 ||
			(e->fields[i].alias && strcmp(e->fields[i].alias, name) == 0))
			return &e->fields[i];
	return NULL;
}

const crm_field *crm_field_find(crm_store *s, const crm_entity *e, const char *name)
{
	const crm_field *f = field_find_static(e, name);

	return f ? f : custom_find(s, e, name);
}

const struct crm_field *field_typed(crm_store *s, const struct crm_entity *e, const char *name)
{
	const crm_field *f = crm_field_find(s, e, name);

	/* English synonyms are headers of files alone: there `type` is a channel, and `date` when it was. */
	if (f || (unsigned char)*name < 0x80)
		return f;
	for (size_t i = 0; i < e->nfields; i++)
		if (synonym_match(e->fields[i].synonyms, name, strlen(name)))
			return &e->fields[i];
	for (size_t i = e->nfields; i < crm_field_count(s, e); i++)
		if (strcmp(crm_field_at(s, e, i)->label, name) == 0)
			return crm_field_at(s, e, i);
	return NULL;
}

int field_unknown(crm_store *s, const struct crm_entity *e, const char *name, size_t len)
{
	size_t n = crm_field_count(s, e);
	const char **names = calloc(n + 1, sizeof(*names));
	cleanup(freep) char *text = strndup(name, len);
	cleanup(buf_free) struct buf hint = BUF_INIT;
	const char *nearest = NULL;

	for (size_t i = 0; names && i < n; i++)
		names[i] = crm_field_at(s, e, i)->name;
	if (names && text)
		nearest = crm_text_nearest(text, names, n);
	if (nearest)
		err_set(&s->err, CRM_INVALID, "%s has no field '%s'%s", entity_word(e), text,
			buf_nearest(&hint, nearest));
	else
		err_set(&s->err, CRM_INVALID, "%s has no field '%s' (--fields help lists them)", entity_word(e),
			text ? text : "");
	free(names);
	return CRM_INVALID;
}

const struct crm_field *field_of_type(const struct crm_entity *e, crm_type type)
{
	for (size_t i = 0; i < e->nfields; i++)
		if (e->fields[i].type == type && e->fields[i].norm)
			return &e->fields[i];
	return NULL;
}

const struct crm_field *field_of_sound(const struct crm_entity *e, const struct crm_field *sound)
{
	for (size_t i = 0; sound->flags & FIELD_SOUND && i < e->nfields; i++)
		if (e->fields[i].sound && strcmp(e->fields[i].sound, sound->name) == 0)
			return &e->fields[i];
	return NULL;
}

const struct crm_field *field_sound(const struct crm_field *f)
{
	const struct crm_field *sound = f->sound ? f + 1 : NULL;

	while (sound && strcmp(sound->name, f->sound) != 0)
		sound++;
	return sound;
}

const struct crm_field *field_of_currency(const struct crm_entity *e)
{
	for (size_t i = 0; i < e->nfields; i++)
		if (e->fields[i].flags & FIELD_CURRENCY)
			return &e->fields[i];
	return NULL;
}

const char *field_column(const struct crm_field *f)
{
	if (f->flags & (CRM_FIELD_COMPUTED | CRM_FIELD_CUSTOM) || field_is_list(f))
		return NULL;
	return f->column ? f->column : f->name;
}

const char *crm_field_name(const crm_field *f)
{
	return f->name;
}

const char *crm_field_option(const crm_field *f)
{
	/* Options are written with dashes; the few fields with underscores say so as their alias. */
	return f->alias ? f->alias : f->name;
}

const char *crm_field_label(const crm_field *f)
{
	return f->label;
}

const char *crm_field_help(const crm_field *f)
{
	return f->help;
}

crm_type crm_field_type(const crm_field *f)
{
	return f->type;
}

unsigned crm_field_flags(const crm_field *f)
{
	return f->flags & 0xffff;
}

size_t crm_field_words(const crm_field *f)
{
	return f->nwords;
}

const char *crm_field_word(const crm_field *f, size_t i)
{
	return i < f->nwords ? f->words[i].name : NULL;
}

const char *crm_field_word_tr(const crm_field *f, const char *word)
{
	size_t i = 0;

	while (i < f->nwords && strcmp(f->words[i].name, word) != 0)
		i++;
	if (f->custom || (i == f->nwords && i > 0)) /* a word of the user's own */
		return word;
	if (i == f->nwords || !f->words[i].said)
		return crm_tr(word);
	const char *said = crm_tr(f->words[i].said);
	return said != f->words[i].said ? said : word;
}

const crm_entity *crm_field_target(const crm_field *f)
{
	return f->target ? crm_entity_find(f->target) : NULL;
}

const char *crm_type_name(crm_type t)
{
	static const char *const names[] = {
		[CRM_TEXT] = "text",
		[CRM_INTEGER] = "integer",
		[CRM_REAL] = "real",
		[CRM_BOOL] = "bool",
		[CRM_TIME] = "time",
		[CRM_DATE] = "date",
		[CRM_DURATION] = "duration",
		[CRM_ENUM] = "enum",
		[CRM_REF] = "ref",
		[CRM_EMAIL] = "email",
		[CRM_PHONE] = "phone",
		[CRM_TAGS] = "tags",
		[CRM_CONTACTS] = "contacts",
		[CRM_MONEY] = "money",
	};

	return names[t];
}

bool synonym_match(const char *synonyms, const char *name, size_t len)
{
	while (synonyms && *synonyms) {
		size_t n = strcspn(synonyms, "|");

		if (n == len && memcmp(synonyms, name, n) == 0)
			return true;
		synonyms += n + (synonyms[n] == '|');
	}
	return false;
}

const struct word *word_meant(const struct word *words, size_t n, const char *s, size_t len, struct err *err)
{
	struct buf folded = BUF_INIT;
	const struct word *w = NULL;

	if (text_fold(&folded, s, len) == CRM_OK)
		w = word_find(words, n, folded.s, folded.len);
	if (folded.failed)
		err_nomem(err);
	buf_free(&folded);
	return w;
}

const struct word *word_find(const struct word *words, size_t n, const char *folded, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if ((strlen(words[i].name) == len && memcmp(words[i].name, folded, len) == 0) ||
			synonym_match(words[i].synonyms, folded, len))
			return &words[i];
	return NULL;
}

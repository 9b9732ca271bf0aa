/*
 * Entities: what can be stored. One description each drives options, columns, filters, import and export.
 *
 * Descriptions are constants of the library; custom fields belong to a store and appear beside them.
 */
#ifndef CRM_ENTITY_H
#define CRM_ENTITY_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

CRM_API size_t crm_entity_count(void);
CRM_API const crm_entity *crm_entity_at(size_t i);

/* The entity of that name ("customer"), or NULL. */
CRM_API const crm_entity *crm_entity_find(const char *name);

CRM_API const char *crm_entity_name(const crm_entity *e);
CRM_API const char *crm_entity_help(const crm_entity *e); /* one line: what it holds */

/* True when records carry tags, custom fields; when records may be imported. */
CRM_API bool crm_entity_has_tags(const crm_entity *e);
CRM_API bool crm_entity_has_custom_fields(const crm_entity *e);
CRM_API bool crm_entity_importable(const crm_entity *e);

/* Fields, custom ones after the described ones. `s` may be NULL, or not open: no custom fields then. */
CRM_API size_t crm_field_count(crm_store *s, const crm_entity *e);
CRM_API const crm_field *crm_field_at(crm_store *s, const crm_entity *e, size_t i);

/* By name or alias (`tag` for `tags`); NULL when there is none. */
CRM_API const crm_field *crm_field_find(crm_store *s, const crm_entity *e, const char *name);

typedef enum crm_field_flag {
	CRM_FIELD_REQUIRED = 1 << 0,
	CRM_FIELD_UNIQUE = 1 << 1,
	CRM_FIELD_SEARCHED = 1 << 2, /* a bare word of a filter looks here */
	CRM_FIELD_LISTED = 1 << 3,   /* a column of `list` unless --fields says otherwise */
	CRM_FIELD_EDITABLE = 1 << 4, /* add and edit take it as an option */
	CRM_FIELD_IMPORTED = 1 << 5, /* import and export take it as a column */
	CRM_FIELD_COMPUTED = 1 << 6, /* not stored: computed when asked */
	CRM_FIELD_DERIVED = 1 << 7,  /* a fact kept from other records */
	CRM_FIELD_REPEATED = 1 << 8, /* the option may be given several times: further values */
	CRM_FIELD_CUSTOM = 1 << 9,   /* a custom field of this store, set by --set NAME=VALUE */
	CRM_FIELD_CARD = 1 << 10     /* shown by `show` even when another field says it too */
} crm_field_flag;

CRM_API const char *crm_field_name(const crm_field *f);
CRM_API const char *crm_field_option(const crm_field *f); /* without dashes: "do-not-call", "tag" */
CRM_API const char *crm_field_label(const crm_field *f);
CRM_API const char *crm_field_help(const crm_field *f);
CRM_API crm_type crm_field_type(const crm_field *f);
CRM_API const char *crm_type_name(crm_type t); /* "text", "time", … */
CRM_API unsigned crm_field_flags(const crm_field *f);

/* Words of an enum field (also of a text field with suggested words): count, the i-th, or NULL. */
CRM_API size_t crm_field_words(const crm_field *f);
CRM_API const char *crm_field_word(const crm_field *f, size_t i);

/* A value of the field as people say it, in their language (language.h): `in` of a warranty and of a call differ there. */
CRM_API const char *crm_field_word_tr(const crm_field *f, const char *word);

/* Entity that a reference names, or NULL. */
CRM_API const crm_entity *crm_field_target(const crm_field *f);

#ifdef __cplusplus
}
#endif

#endif

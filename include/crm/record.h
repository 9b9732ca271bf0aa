/*
 * Records: the values of one entity, set from text, checked, saved through the journal.
 */
#ifndef CRM_RECORD_H
#define CRM_RECORD_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A new, empty record. */
CRM_API int crm_record_new(crm_record **out, crm_store *s, const crm_entity *e);

/* The stored record of that id, with tags, contact points and custom values. CRM_NOTFOUND. */
CRM_API int crm_record_load(crm_record **out, crm_store *s, const crm_entity *e, int64_t id);

CRM_API void crm_record_free(crm_record *r);
CRM_API const crm_entity *crm_record_entity(const crm_record *r);
CRM_API int64_t crm_record_id(const crm_record *r); /* 0 until saved */

/* The operation that last wrote it: the version that --if-unchanged compares. */
CRM_API int64_t crm_record_version(const crm_record *r);

/* CRM_CONFLICT when its version is another one: by whom and when it was changed. CRM_NOTFOUND. */
CRM_API int crm_record_unchanged(crm_store *s, const crm_entity *e, int64_t id, int64_t version);

/*
 * Sets a field from text, by its type: validates and normalises. "" clears. For lists the text holds all items.
 * CRM_INVALID (unknown field, refused value), CRM_NOTFOUND or CRM_AMBIGUOUS (a reference).
 */
CRM_API int crm_record_set(crm_record *r, const char *field, const char *text);

/* Sets a custom field by its name only. CRM_INVALID. */
CRM_API int crm_record_set_custom(crm_record *r, const char *name, const char *text);

/* Adds one item to a list (tags, emails, phones), or takes it away. Adding twice, taking what is not there: no change. */
CRM_API int crm_record_add(crm_record *r, const char *field, const char *item);
CRM_API int crm_record_take(crm_record *r, const char *field, const char *item);

/* The value, as a cursor would give it (lists in text form); kind CRM_NULL when absent or unknown. */
CRM_API crm_value crm_record_get(crm_record *r, const char *field);

/*
 * Inserts or updates, within the open operation or one of its own. Required fields and rules of the entity are
 * checked here. A record in which nothing changed is not written. CRM_INVALID, CRM_EXISTS, CRM_CONFLICT.
 */
CRM_API int crm_record_save(crm_record *r);

/*
 * Removes records with all that hangs on them. *counts, if not NULL, receives how many records went in all.
 * CRM_CONFLICT when the entity does not allow it while others depend on the record.
 */
CRM_API int crm_record_remove(crm_store *s, const crm_entity *e, const int64_t *ids, size_t n, size_t *count);

/* What crm_record_remove() would take along, as text for a question: "3 customers, 27 logs". */
CRM_API int crm_record_dependants(char **out, crm_store *s, const crm_entity *e, const int64_t *ids, size_t n);

typedef enum crm_name_use {
	CRM_NAME_READ,   /* any form, a name also by its beginning */
	CRM_NAME_WRITE,  /* id, key, e-mail, phone or the full name */
	CRM_NAME_DESTROY /* id or key: only */
} crm_name_use;

/*
 * The record that `name` means (crm(1), NAMING A RECORD). CRM_NOTFOUND; CRM_AMBIGUOUS with the candidates in the
 * message; CRM_INVALID when the form is not allowed for that use.
 */
CRM_API int crm_resolve(int64_t *out, crm_store *s, const crm_entity *e, const char *name, crm_name_use use);

/* `TYPE:NAME`, as customer:12. */
CRM_API int crm_resolve_any(const crm_entity **e, int64_t *out, crm_store *s, const char *name, crm_name_use use);

/*
 * For completion, rows of (name, description), at most `limit`: names that begin with `prefix`; `key:` and keys that begin
 * so; numbers that begin with the digits, those of the newest records first where there are none.
 */
CRM_API int crm_complete_names(crm_cursor **out, crm_store *s, const crm_entity *e, const char *prefix, size_t limit);

/* The same of the tags that records of the entity bear. */
CRM_API int crm_complete_tags(crm_cursor **out, crm_store *s, const crm_entity *e, const char *prefix, size_t limit);

#ifdef __cplusplus
}
#endif

#endif

/*
 * Which words a record has, and how the index of words keeps up with records.
 *
 * The index (store/search.h) is fed at the end of an operation, never by triggers. Records that an operation made lie
 * above the mark of their entity and are looked through until the mark moves: with the operation itself where few lie
 * above it, a piece with each small operation after a large one, to the end with `crm tick`. A record below the mark is
 * in the index as it is: whoever changes or removes it, or one of its children, says so first.
 */
#ifndef MODEL_SEARCH_H
#define MODEL_SEARCH_H

#include "model/entity.h"

/* Whether records of the entity are in the index at all; the few of others are always looked through. */
bool search_indexed(const struct crm_entity *e);

/* The texts of the row `alias`, as arguments of words() and has_words(); false when it has none. */
bool search_texts(struct buf *sql, const struct crm_entity *e, const char *alias);

/* Whether the field is among them. */
static inline bool search_has_field(const struct crm_field *f)
{
	return f->flags & (CRM_FIELD_SEARCHED | FIELD_SOUND) || f->custom;
}

/*
 * Before the words of a stored record may change, or it goes or comes back under its number: its words in the index will
 * be replaced. To be called by all that writes rows or children other than through crm_record_save() and
 * crm_record_remove(), which do. Cheap above the mark.
 */
int search_touch(crm_store *s, const struct crm_entity *e, int64_t id);

/* The same for all records in a range of numbers. */
int search_touch_range(crm_store *s, const struct crm_entity *e, int64_t first, int64_t last);

/* A record was made: the index may take it up at the end of the operation. */
int search_created(crm_store *s, const struct crm_entity *e);

/* Moves every mark to the end, in operations of its own, with progress. */
int search_catch_up(crm_store *s);

/*
 * Within an operation that erases records: before, where search_touch() was called for each of them, what is to go is
 * written; after it nothing of removed words is left in the file.
 */
int search_erase(crm_store *s);

/* Calls fn with each record whose words in the index are not those of its texts, and what is wrong. */
typedef void (*search_wrong_fn)(const struct crm_entity *e, int64_t id, const char *what, void *payload);
int search_check(crm_store *s, search_wrong_fn fn, void *payload);

/* Makes the index anew within the open operation. */
int search_rebuild(crm_store *s);

#endif

/* Custom fields of a store: rows of the entity `field`, seen as descriptions beside the constant ones. */
#ifndef MODEL_CUSTOM_H
#define MODEL_CUSTOM_H

#include "model/entity.h"

size_t custom_count(crm_store *s, const struct crm_entity *e);
const struct crm_field *custom_at(crm_store *s, const struct crm_entity *e, size_t i);
const struct crm_field *custom_find(crm_store *s, const struct crm_entity *e, const char *name);

/* Reads them anew when next asked: after the entity `field` was written. */
void custom_forget(crm_store *s);

/* The text form in which a custom value is stored: integers without sign games, times as UTC seconds. */
crm_value custom_text(struct arena *mem, const crm_value *v);

/* Takes the values of a custom field out of all records, journaled as changes of those records. */
int custom_remove_values(crm_store *s, int64_t field);

int custom_prepare(crm_record *r, bool creating);

#endif

/*
 * Text to typed values, by a field's description. Pure: no store, so that an import can convert in a second thread.
 * References stay text here.
 */
#ifndef MODEL_CONVERT_H
#define MODEL_CONVERT_H

#include "base/time.h"
#include "model/entity.h"

struct convert {
	struct time_context time;
	const char *country;  /* of phone numbers without one, or NULL */
	const char *currency; /* of amounts without one, or NULL */
	struct arena *mem;    /* where texts go */
	struct err *err;

	bool foreign_dates;      /* times, dates and lengths as files have them: foreign_time.h */
	const char *date_format; /* of those, or NULL */
};

/*
 * Converts the text of one scalar field. *value gets the stored value, *norm the normal or folded form (CRM_NULL where
 * the field has none). Empty text is CRM_NULL. CRM_INVALID with a message that begins with the field's name.
 */
int convert_field(
	struct convert *c, const struct crm_field *f, const char *s, size_t len, crm_value *value, crm_value *norm);

/* Converts one item of a list field: `label:address`, or a tag. */
struct item;
int convert_item(struct convert *c, const struct crm_field *f, const char *s, size_t len, struct item *out);

/* A message of convert_field() without the field's name (NULL: as it is), for those who say it elsewhere. */
const char *convert_without_name(const char *message, const char *field);

/* Bytes of the label of `label:address`, 0 when there is none. */
size_t convert_label(const char *s, size_t len);

/* The context of a handle, with texts going to `mem`. */
struct convert convert_context(crm_store *s, struct arena *mem);

/* A text value in the arena. */
crm_value value_text(struct arena *mem, const char *s, size_t len);
bool value_equal(const crm_value *a, const crm_value *b);

#endif

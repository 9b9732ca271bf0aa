/*
 * What the columns of another system's export mean: data, a JSON file for each export.
 *
 *   {
 *     "name": "google",              how --preset calls it
 *     "title": "Google Contacts",    for people
 *     "entity": "customer",
 *     "origin": "https://…",         where the columns are documented
 *     "source": "google",            the source of its keys, where --source says nothing
 *     "fingerprint": ["…", "…|…"],   columns that only this export has; all must be there, one of those with | between
 *                                    them; an empty list: only when asked for by name
 *     "columns": {
 *       "First Name": "given_name",
 *       "E-mail # - Value": { "to": "email", "label_from": "E-mail # - Label", "split": " ::: " },
 *       "Home Street": { "to": "address", "block": "Home" }
 *     }
 *   }
 *
 * Columns are found by name, never by place; # in a name stands for a number. Several columns of one field are joined,
 * in the order of the file; of a phone or e-mail the first value is the primary one, the others are further ones with
 * their labels. Columns of a block (an address) belong together: the first block that has anything fills the fields,
 * the others become a line of the note. A column of "" is left out, and told. One that names another record says by
 * what: "customer.email"; of several the address, number or key decides, and a name stands back. What a column may say
 * beside "to":
 *
 *   label       label of these phone numbers or addresses
 *   label_from  the column that holds the label
 *   split       what parts several values in one cell
 *   join        what joins several columns of a text field; a blank unless said
 *   block       name of the block it belongs to
 *   as          what is written before the value in a field that several columns share: "Fax: 123"
 *   unit        what stands behind a bare number that is a length of time: "min"
 *   words       { "theirs": "ours" }: values that stand for others; "" for none
 */
#ifndef PRESET_PRESET_H
#define PRESET_PRESET_H

#include "model/entity.h"

struct preset_word {
	const char *theirs, *ours; /* theirs: comparable form */
};

struct preset_column {
	const char *name;              /* comparable form, see preset_header() */
	const struct crm_field *field; /* NULL: left out */
	const struct crm_field *by;    /* of a reference: the field of its target that the column has; or NULL */
	const char *label, *label_from, *split, *join, *block, *as, *unit;
	const struct preset_word *words;
	size_t nwords;
};

struct preset {
	struct arena mem;
	const char *name, *title, *origin, *source;
	const struct crm_entity *entity;
	const char **fingerprint; /* comparable forms */
	size_t nfingerprint;
	struct preset_column *columns;
	size_t n;
};

/* CRM_INVALID names the file, and what is wrong where. */
int preset_parse(struct preset **out, const char *json, size_t len, const char *file, struct err *err);
struct preset *preset_free(struct preset *p); /* returns NULL */

/* The presets of the library, by number: the JSON text, NULL behind the last. */
const char *preset_builtin(size_t i);

/* The reference that `customer.email` means, and in *by what of its target is said; or NULL. */
const struct crm_field *preset_reference(
	const struct crm_field **by, const struct crm_entity *e, const char *text, struct err *err);

/* Appends a column's name as it is compared: folded, without the marks that some exports add to it. */
int preset_header(struct buf *out, const char *name, size_t len);

/* The column of the preset for a header in comparable form, or NULL; *number is what stands for #, or 0. */
const struct preset_column *preset_find(const struct preset *p, const char *header, unsigned *number);

#endif

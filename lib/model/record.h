/* A record in memory: its values in both forms, what changed, and the steps of saving it. */
#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

#include "model/convert.h"
#include "model/entity.h"

struct slot {
	crm_value value;
	crm_value norm;  /* normal or folded form, for fields that have one */
	crm_value given; /* an amount, or its currency, as they were set: what they mean, both tell (money.c) */
	bool changed;
};

/* One item of a list field: a tag, or a further address with its label. */
struct item {
	const char *label; /* NULL: none */
	const char *value, *norm;
};

struct items {
	struct item *v;
	size_t n, cap;
	bool changed;
};

struct custom_value {
	const struct crm_field *field;
	crm_value value; /* text form; kind CRM_NULL: cleared */
	bool changed;
};

struct crm_record {
	crm_store *s;
	const struct crm_entity *e;
	int64_t id;
	int64_t op; /* operation that last wrote the row */
	struct arena mem;
	struct slot *slots;  /* one for each described field */
	struct items *lists; /* likewise; used by list fields */
	struct custom_value *custom;
	size_t ncustom, custom_cap;
	struct buf text;   /* of the list or amount that crm_record_get() was asked for last */
	bool imported;     /* says only what the file says: no time, no agent is assumed */
	int64_t effective; /* when what is written took place; 0: now */
	const char *actor; /* who did it, where it is not the acting agent; borrowed */
	bool unique;       /* whoever saves it knows that no other record has its unique values */

	const struct convert *reading; /* how its texts are read, if not as the handle has it */
};

/* An empty record with its fields' slots; for reuse, record_reset() forgets values and keeps the memory. */
int record_init(struct crm_record *r, crm_store *s, const struct crm_entity *e);
void record_reset(struct crm_record *r);
void record_release(struct crm_record *r);

crm_store *record_store(const crm_record *r);
bool record_changed(const crm_record *r, const char *field);
bool record_differs(const crm_record *r); /* anything changed since it was loaded */
int record_set_int(crm_record *r, const char *field, int64_t value, char text[24]);
size_t record_index(const crm_record *r, const struct crm_field *f);

/* Sets a described field from text (length given); references are resolved at once. */
int record_set_field(crm_record *r, const struct crm_field *f, const char *text, size_t len);

/* Puts an already converted value into its slot; false when it is what stood there. */
bool record_put(crm_record *r, const struct crm_field *f, const crm_value *value, const crm_value *norm);

/*
 * Amounts that were set become minor units, once all is set: the currency may come after. *field, if not NULL, receives
 * the field that is to blame. CRM_INVALID with a message that begins with a field's name.
 */
int record_settle_money(crm_record *r, const char **field);

/* An amount as text: `12.50`; with its currency beside it where `whole`. False when there is none. */
bool record_money_text(struct buf *out, const crm_record *r, const struct crm_field *f, bool whole);

/* How the record's texts are read: its own context, or the handle's. */
struct convert record_context(crm_record *r);

/* Items of a list field replaced by those of a text form. */
int record_set_list(crm_record *r, const struct crm_field *f, const char *text, size_t len);

/* The list that further values of a field go to: phones for phone; NULL when there is none. */
const struct crm_field *field_further(const struct crm_entity *e, const struct crm_field *f);

struct item *items_find(const struct items *list, const char *norm); /* NULL when it is not there */

/* Whether a list's first value, which stands in a field of its own, is this one; never of tags. */
bool record_is_primary(const crm_record *r, const struct crm_field *list, const char *norm);

/* The value of a custom field, CRM_NULL when there is none. */
const crm_value *record_custom(const crm_record *r, const struct crm_field *f);

/* CRM_CONFLICT `… while 3 customers refer to it` when others refer to the record. */
int record_forbid_dependants(crm_record *r, const char *what);

/* A field of an entity that refers to records of another; the next from *at on (which starts at 0). */
struct reference {
	const struct crm_entity *e;
	const struct crm_field *f;
};
bool next_reference(struct reference *ref, size_t *at, const struct crm_entity *target);

/*
 * What refers to record `from` by its number refers to `to` from now on, in the open operation: a few statements an
 * entity, whatever the number. *moved, one for each entity as crm_entity_at() has them, are added up. (move.c)
 */
int record_move_references(crm_store *s, const struct crm_entity *target, int64_t from, int64_t to, int64_t *moved);

/* --- rows and children in the store (rows.c) --- */

bool record_keeps(const struct crm_entity *e, const char *field); /* a time that saving writes by itself */
int rows_load(crm_record *r, int64_t id);                         /* CRM_NOTFOUND */
int rows_load_image(crm_record *r, int64_t id, int64_t op);       /* as it was before that operation changed it */
int rows_insert(crm_record *r);
int rows_update(crm_record *r);
int rows_write_children(crm_record *r, bool creating);

/* --- journal images (image.c): SQL made from the description, owned by the caller --- */

/* An expression that is the whole record (row and children) as JSON. */
int image_expression(struct buf *out, const struct crm_entity *e);

/* The same for this store as it is now: children that no record of the entity has are not looked for. */
int image_expression_of_many(struct buf *out, crm_store *s, const struct crm_entity *e);

/* Saves the image of a record before its first change in the open operation; marks owners of derived facts. */
int image_save(crm_store *s, const struct crm_entity *e, int64_t id, int64_t row_op);

/*
 * Appends a table in parentheses, of the same columns as that of the entity or of its children, made of the images of
 * operation `op` (SQL, as "$2").
 */
void image_put_table(struct buf *sql, const struct crm_entity *e, const char *op);
void image_put_children(struct buf *sql, const char *table, const char *op);

/* Puts back the records whose images an operation holds: rows, then children. `which`: " AND …" on change c, or "". */
int image_restore(crm_store *s, const struct crm_entity *e, int64_t op, const char *which);

/* Removes children of records: `which` is an SQL condition on the column `record`, with $1 the entity, $2 a number. */
int children_delete(crm_store *s, const struct crm_entity *e, const char *which, int64_t number);

/* Names and values, for row_sum(), of the children of a row of the entity's table. */
void image_put_sums(struct buf *names, struct buf *values, const struct crm_entity *e);

/* --- sums of rows (row_sums.c): see store/row_sum.h; of all that is stored but the number, facts and sounds --- */

/* The keys of a field's columns, for those who add many records. */
struct field_keys {
	uint64_t value, norm;
};
struct field_keys *row_sum_keys(
	const struct crm_entity *e); /* one for each field, owned by the caller; NULL: no memory */

/* The sum of a record that is being created, all of it set, by operation `op`; without `keys` they are computed. */
int64_t row_sum_new(const crm_record *r, int64_t op, const struct field_keys *keys);

/* What is written of a field into the row of a new record: its value, or what it is as long as nobody says. */
const crm_value *row_initial(const crm_record *r, size_t field);

/* An SQL expression: the sum of a row as it is, but with the values of columns that the statement has as parameters. */
typedef int (*row_parameter_fn)(const char *column, const void *payload); /* $n, or 0: as it is */
int row_sum_put(struct buf *sql, const struct crm_entity *e, row_parameter_fn parameter, const void *payload);

int row_sum_refresh(crm_store *s, const struct crm_entity *e, int64_t id); /* after a change of anything in it */
int row_sum_fill(crm_store *s, bool all); /* of rows that have none, or of all rows of all entities */

/* --- derived facts (facts.c) --- */

/* Marks the owner that a record of `e` leads to, for every fact that depends on e. */
int facts_touch(crm_store *s, const struct crm_entity *e, int64_t id);
int facts_touch_record(const crm_record *r);                   /* the same for a record at hand: no look-up */
int facts_touch_all(crm_store *s, const struct crm_entity *e); /* every owner: for ranges of records */
int facts_mark_owner(crm_store *s, const struct crm_entity *owner, int64_t id);

/* The same for records of these numbers, those that are there: the owners that they lead to, and they themselves. */
int facts_touch_run(crm_store *s, const struct crm_entity *e, int64_t first, int64_t last);

/* Marks an owner for the facts that depend on records of `e` by that field of theirs. */
int facts_touch_by(crm_store *s, const struct crm_entity *e, const struct crm_field *via, int64_t owner);

/* Calls fn with each owner whose kept facts differ from a recomputation. */
typedef void (*facts_wrong_fn)(const struct crm_entity *e, int64_t id, void *payload);
int facts_check(crm_store *s, const struct crm_entity *e, facts_wrong_fn fn, void *payload);
int facts_recompute_all(crm_store *s, const struct crm_entity *e);

/* --- naming (resolve.c) --- */

/*
 * The record that a reference names: as crm_resolve() does, but an order by its number is the first of its lines. `tell`:
 * a note says so where a survivor is meant.
 */
int resolve_reference(int64_t *out, crm_store *s, const crm_entity *e, const char *name, bool tell);

/* The name of an agent, a team, a status as the store has it; CRM_NOTFOUND. The text goes to `mem`. */
int resolve_handle(
	const char **out, crm_store *s, const struct crm_entity *e, struct arena *mem, const char *text, size_t len);

/* The same for what a field refers to, by the words of its vocabulary too: then CRM_INVALID names those known. */
int resolve_word(
	const char **out, crm_store *s, const struct crm_field *f, struct arena *mem, const char *text, size_t len);

/* --- names (names.c) --- */

/* The column that says who a record is, for lists of candidates. */
const char *title_column(const struct crm_entity *e);

/* The name nearest to one that nobody has, where few enough begin alike to be compared; nothing where none is near. */
int names_nearest(struct buf *out, crm_store *s, const struct crm_entity *e, const char *name);

#endif

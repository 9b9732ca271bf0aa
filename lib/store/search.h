/*
 * The index of words (FTS5) and how far it goes. Each entity has a part of it: record N is row base + N, and all records
 * up to `upto` are in it as they are. Which words a record has is the model's to say (model/search.h).
 */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "store/store.h"

struct search_part {
	int64_t base, upto; /* base 0: it has none yet */
};

int search_part_read(struct search_part *out, crm_store *s, const char *entity);
int search_part_write(crm_store *s, const char *entity, struct search_part *part); /* gives it a base */

/*
 * Gives up a part: from now on its records are looked through. What it was stays in the index, of no use, until
 * search_clear(): removing it would need each record's words.
 */
int search_part_drop(crm_store *s, const char *entity, struct search_part *part);

/* Records of parts that were given up, and of those that are in use. */
int search_sizes(int64_t *dropped, int64_t *used, crm_store *s);

/*
 * Words of a row, as words() made them; to remove them they must be given once more. Rows are best written in order: FTS5
 * writes what it has gathered whenever a number is less than the one before.
 */
int search_put(crm_store *s, int64_t row, const char *words, size_t len);
int search_remove(crm_store *s, int64_t row, const char *words, size_t len);

int search_clear(crm_store *s);    /* empties all parts */
int search_optimize(crm_store *s); /* nothing of what was removed is left in the file: slow */

/* The last number that the records of a table ever had. */
int search_last(int64_t *out, crm_store *s, const char *table);

#endif

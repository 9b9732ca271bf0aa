/*
 * Fields made of several columns of the file, as a preset says: names joined, numbers with their labels gathered, the
 * first address that has anything.
 */
#ifndef IMPORT_RECIPE_H
#define IMPORT_RECIPE_H

#include "exchange/preset/preset.h"
#include "exchange/reader.h"

#define NO_COLUMN SIZE_MAX

/* A column of the file, and what the preset says of it. */
struct ingredient {
	const struct preset_column *spec;
	const char *name; /* of the column, as it is written */
	size_t at, label_at;
};

struct recipe {
	const struct crm_field *field;
	const struct crm_field *by; /* of a reference, see struct column: then this is one of its columns */
	bool further; /* of its numbers or addresses all but the primary one, which another recipe takes */
	struct ingredient *v;
	size_t n, cap;
};

struct block {
	const char *name;
	size_t *at; /* its columns */
	size_t n, cap;
};

struct recipes {
	struct recipe *v;
	size_t n, cap;
	struct block *blocks;
	size_t nblocks, blocks_cap;
};

/* Takes a column: `label_at` is where its label stands, or NO_COLUMN. CRM_NOMEM. */
int recipes_add(struct recipes *r, const struct crm_entity *e, const struct ingredient *column);
void recipes_free(struct recipes *r);

/* The cells that the recipes make of a row, one for each; memory from `mem`, whose failure says that there was none. */
void recipes_make(const struct recipes *r, struct arena *mem, const struct cell *row, struct cell *out);

#endif

/*
 * A preset from any text, and a row through it. What is accepted must find its own columns; what is refused says why.
 */
#include "exchange/import/recipe.h"

#include <assert.h>

/* One column of each name, with a number for #, and a cell that has everything that is looked for. */
static void check_row(const struct preset *p)
{
	struct recipes recipes = { 0 };
	struct arena mem = { 0 };
	struct cell *row = calloc(p->n + 1, sizeof(*row)), *made;
	char text[] = "* a ::: b;c,d | * e \t";

	for (size_t i = 0; i < p->n; i++) {
		struct ingredient column = {
			.spec = &p->columns[i], .name = p->columns[i].name, .at = i, .label_at = i % 2 ? NO_COLUMN : 0
		};

		row[i] = (struct cell){ .s = text, .len = i % 3 ? sizeof(text) - 1 : 0 };
		if (!p->columns[i].field) /* left out by the preset */
			continue;
		assert(recipes_add(&recipes, p->entity, &column) == CRM_OK);
	}
	made = calloc(recipes.n + 1, sizeof(*made));
	recipes_make(&recipes, &mem, row, made);
	assert(!mem.failed);
	for (size_t i = 0; i < recipes.n; i++)
		assert(made[i].s && strlen(made[i].s) == made[i].len);
	free(made);
	free(row);
	recipes_free(&recipes);
	arena_free(&mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(err_free) struct err err = { 0 };
	struct preset *p = NULL;

	if (preset_parse(&p, (const char *)data, size, "file", &err) < 0) {
		assert(err.msg.len > 0);
		return 0;
	}
	for (size_t i = 0; i < p->n; i++) {
		unsigned number;

		assert(strchr(p->columns[i].name, '#') || preset_find(p, p->columns[i].name, &number));
	}
	check_row(p);
	preset_free(p);
	return 0;
}

#include "base/json.h"

#include <pthread.h>

static _Thread_local bool nomem;

static void *allocate(size_t size)
{
	void *p = malloc(size);

	nomem |= !p;
	return p;
}

/* A program that has given jansson functions of its own keeps them. */
static void watch(void)
{
	json_malloc_t allocates;
	json_free_t frees;

	json_get_alloc_funcs(&allocates, &frees);
	if (allocates == malloc && frees == free)
		json_set_alloc_funcs(allocate, free);
}

json_t *json_parse(const char *s, size_t len, size_t flags, json_error_t *why)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	json_t *root;

	pthread_once(&once, watch);
	nomem = false;
	root = json_loadb(s, len, flags, why);
	if (!nomem)
		return root;
	json_decref(root);
	why->line = -1;
	return NULL;
}

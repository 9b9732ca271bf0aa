/* Reading JSON by jansson, which passes over some failed allocations: a text would then lack a character. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/base.h"
#include <jansson.h>

/* json_loadb(). Where memory was short it is NULL with a line below 0: no fault of the text. */
json_t *json_parse(const char *s, size_t len, size_t flags, json_error_t *why);

#endif

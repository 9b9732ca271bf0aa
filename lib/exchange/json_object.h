/* One JSON object, parsed by jansson, and its values as the text of cells. */
#ifndef EXCHANGE_JSON_OBJECT_H
#define EXCHANGE_JSON_OBJECT_H

#include "base/json.h"

struct json_number {
	const char *s;
	size_t len;
};

struct json_object {
	json_t *root;      /* an object, NULL when the text is none */
	struct buf masked; /* the text with every number replaced by its place in `numbers` */
	struct json_number *numbers;
	size_t n, cap;
	struct buf list, item; /* for lists under construction */
};

/* What a function below found: JSON_FAULT is about the data, its reason appended to `fault`. */
enum {
	JSON_FAULT = 1
};

/* 0, JSON_FAULT or CRM_NOMEM. `s` must live as long as the values are asked for; the object is reused. */
int json_object_parse(struct json_object *o, const char *s, size_t len, struct buf *fault);

/* Appends the value as text; *quoted for texts and lists. 0, JSON_FAULT (the reason without the key) or CRM_NOMEM. */
int json_object_text(struct json_object *o, const json_t *value, struct buf *out, bool *quoted, struct buf *fault);

void json_object_free(struct json_object *o);

#endif

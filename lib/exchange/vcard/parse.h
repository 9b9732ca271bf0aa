/*
 * The properties of one card: lines put together again, each taken apart into group, name, parameters and raw value.
 *
 * Versions 2.1, 3.0 and 4.0, as programs write them. What the value means is for value.h and card.h.
 */
#ifndef VCARD_PARSE_H
#define VCARD_PARSE_H

#include "base/base.h"

/* One value of a parameter; one with several is there several times. */
struct vcard_param {
	const char *name;  /* capital letters; TYPE or ENCODING for the bare words of 2.1 */
	const char *value; /* without quotes */
	const struct vcard_param *next;
};

struct vcard_property {
	const char *group; /* capital letters, "" for none */
	const char *name;  /* capital letters */
	const struct vcard_param *params;
	const char *value; /* raw: still encoded and escaped; NUL-terminated */
	size_t len;
	size_t line;
};

struct vcard_parsed {
	struct arena mem;
	struct buf flat; /* logical lines, a NUL behind each */
	struct vcard_property *v;
	size_t n, cap;
	bool old; /* version 2.1 */
};

enum {
	VCARD_FAULT = 2, /* beside CRM_END and the negative codes */
	VCARD_NAME_MAX = 100,
	VCARD_PROPERTIES_MAX = 10000
};

/*
 * Parses the lines of a card, the first of which is line `line` of the file. VCARD_FAULT when one is no property:
 * *fault gets why. CRM_NOMEM. What is found lives until the next call.
 */
int vcard_parse(struct vcard_parsed *p, const char *s, size_t len, size_t line, struct buf *fault);
void vcard_parsed_free(struct vcard_parsed *p);

/* The first value of a parameter, or NULL. */
const char *vcard_param(const struct vcard_property *p, const char *name);

/* True when one of the values of a parameter is this word, without regard to case. */
bool vcard_param_is(const struct vcard_property *p, const char *name, const char *word);

#endif

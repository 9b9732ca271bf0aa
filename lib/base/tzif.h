/* Reads a TZif file (RFC 8536), version 1 and up. */
#ifndef BASE_TZIF_H
#define BASE_TZIF_H

#include "base/posix_tz.h"

struct tzif {
	size_t n;
	int64_t *at;      /* instants of the changes, ascending */
	int *offset;      /* offset[i] is in force from at[i] on */
	int first_offset; /* before at[0] */
	bool has_rule;
	struct posix_tz rule; /* from the last change on */
};

/* The arrays live in `mem`. False when the data is no TZif, damaged, or counts leap seconds. */
bool tzif_parse(struct tzif *out, struct arena *mem, const char *data, size_t len);

#endif

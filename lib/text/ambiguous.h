/* Characters that are one column wide on some terminals and two on others: Greek, Cyrillic, lines and boxes, signs. */
#ifndef TEXT_AMBIGUOUS_H
#define TEXT_AMBIGUOUS_H

#include <stddef.h>
#include <stdint.h>

struct code_range {
	uint32_t first, last;
};

extern const struct code_range ambiguous_ranges[]; /* ascending */
extern const size_t ambiguous_count;

#endif

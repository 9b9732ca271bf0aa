/* Addresses: street and number as people write them, taken apart for comparison. */
#ifndef DUPLICATES_ADDRESS_H
#define DUPLICATES_ADDRESS_H

#include "base/base.h"

/* Appends the folded address with usual abbreviations for usual words (st for street), one blank between words. */
void address_read(struct buf *out, const char *s, size_t len);

struct address_likeness {
	double words;               /* 0 to 1: letters of the words that both have, of all */
	double shorter;             /* the same of the one that has fewer */
	bool numbers, same_numbers; /* both have some; all of the one that has fewer are in the other */
};

/* Of two addresses as address_read() made them. */
void address_compare(struct address_likeness *out, const char *a, size_t na, const char *b, size_t nb);

/* A number under which addresses of about the same place are found: its first number and its longest word; 0: none. */
uint64_t address_key(const char *s, size_t len);

#endif

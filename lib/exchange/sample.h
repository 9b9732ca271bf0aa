/* The first rows of delimited text, without their values: how many cells they have, and which of them is the header. */
#ifndef EXCHANGE_SAMPLE_H
#define EXCHANGE_SAMPLE_H

#include "base/base.h"

struct sample_form {
	char delimiter;
	char quote;   /* 0: none */
	char comment; /* 0: none */
};

/* How well the form fits: rows that have as many cells as the header, which counts itself. */
struct sample {
	size_t columns, rows, alike;
	size_t offset, lines; /* bytes and lines before the header; 0 when it is the first row */
};

/*
 * The header is the first row, unless a later one of the first ten looks far more like one: two or more different
 * texts, none a mere number, as many cells as most rows behind it have, and in front nothing but what titles are: a
 * single cell, prose, or what a blank line sets apart. `header_first`: it is the first row in any case.
 */
struct sample sample_take(const char *s, size_t len, const struct sample_form *form, bool header_first);

#endif

/* The numbers of a spreadsheet as text: what the format of the cell makes of them. */
#ifndef HELPERS_XLSX_NUMBER_H
#define HELPERS_XLSX_NUMBER_H

#include "cli/strbuf.h"

struct number_format {
	enum {
		NUMBER_PLAIN,
		NUMBER_ZEROS,  /* 00000: at least `width` digits */
		NUMBER_DATE,   /* a day, a time of day, or both */
		NUMBER_ELAPSED /* [h]:mm */
	} kind;
	bool day; /* of a DATE: the format shows year, month or day */
	int width;
};

/* Of a format code as Excel writes it, and of the numbers below 164 that stand for one. */
struct number_format number_format_of(const char *code);
struct number_format number_format_built_in(unsigned id);

/*
 * Appends a number. Dates are 2026-01-02, with a time unless it is midnight, or the time alone where there is no day;
 * `from_1904`: days are counted from 1904-01-01, otherwise from 1900-01-01 with a 29th of February in that year. Other
 * numbers have up to 15 digits, as a spreadsheet shows them, whole ones as many as are stored.
 */
void number_add(struct strbuf *out, const struct number_format *f, bool from_1904, const char *value);

#endif

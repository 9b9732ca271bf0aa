/* How the countries of the world number their telephones (ITU-T E.164). */
#ifndef TEXT_COUNTRIES_H
#define TEXT_COUNTRIES_H

#include "base/base.h"

struct country {
	char iso[3]; /* ISO 3166, also AC, TA and XK, which have telephones but no code there */
	uint16_t code;
	/*
	 * What is dialled before a national number and is no part of it; several are separated by '/'. With `:11` only
	 * where the number has eleven digits with it, since others begin with the same digit.
	 */
	const char *trunk;
	const char *international; /* dialled before a calling code; 00 works everywhere besides */
};

const struct country *country_find(const char *iso); /* any case; NULL when there is none */

/*
 * The calling code with which the digits begin: its number of digits, 0 when no such code is assigned. *out is a
 * country of that code (all of a code share their trunk prefix), or NULL for a code of no country, as 800.
 */
size_t country_of_number(const char *digits, size_t len, const struct country **out);

#endif

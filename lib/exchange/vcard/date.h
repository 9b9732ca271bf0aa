/* Dates of birth as vCards write them, and as fields do. */
#ifndef VCARD_DATE_H
#define VCARD_DATE_H

#include "base/base.h"

/*
 * Appends `19900512`, `1990-05-12T00:00:00Z`, `--0512` … as `1990-05-12`, `--05-12`; what is no such form as it is, for
 * the field to judge. `no_year`: the year that stands for none (Apple writes 1604), or NULL.
 * False, with nothing appended, for a day or month of no year, which no field can hold: `---12`, `--05`.
 */
bool vcard_date_read(struct buf *out, const char *s, size_t len, const char *no_year);

/* Appends a field's date as vCard 4.0 has it. */
void vcard_date_write(struct buf *out, const char *s, size_t len);

#endif

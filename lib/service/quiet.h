/* Quiet hours of a policy: when nobody is disturbed, by the clock where the customer lives. */
#ifndef SERVICE_QUIET_H
#define SERVICE_QUIET_H

#include "service/calendar_text.h"

/*
 * Reads `21:00-09:00 12:00-13:30` (blanks, commas or semicolons between them); one that ends before it begins passes
 * midnight. CRM_INVALID for hours that overlap, and for those that leave no time at all. *out is followed by
 * quiet_free() when it was read.
 */
int quiet_parse(struct calendar_hours *out, const char *s, size_t len, struct err *err);
void quiet_free(struct calendar_hours *quiet);

/* The canonical text. */
void quiet_write(struct buf *out, const struct calendar_hours *quiet);

/* Whether it is quiet at t in that zone: then from *begin until *end, which hours that touch share. */
bool quiet_at(int64_t *begin, int64_t *end, const struct calendar_hours *quiet, const struct zone *zone, int64_t t);

#endif

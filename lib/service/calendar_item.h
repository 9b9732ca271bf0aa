/* What the readers of hours and of days share. */
#ifndef SERVICE_CALENDAR_ITEM_H
#define SERVICE_CALENDAR_ITEM_H

#include "base/time_scan.h"
#include "service/calendar_text.h"

/* CRM_INVALID with the message `NOUN: '…': …`. */
int calendar_fault(const struct time_text *t, const char *fmt, ...) CRM_PRINTF(2, 3);

/* Leaves out blanks at both ends, full-width ones too. */
void calendar_trim(const char **s, size_t *len);

/* The next item, trimmed, between `;`, full-width ones or ends of lines; blank ones do not count. False at the end. */
bool calendar_item_next(const char **item, size_t *len, const char *s, size_t n, size_t *pos);

/* `..`, `-`, `~`, 至 or the like, with blanks around; nothing is consumed when there is none. */
bool calendar_scan_range(struct time_text *t);

/* Reads 09:00-18:00. */
int calendar_scan_interval(struct time_text *t, struct calendar_interval *out);

/* Puts one among those of a day; overlaps are a fault of `t`. */
int calendar_hours_add(struct calendar_hours *h, const struct calendar_interval *i, const struct time_text *t);
bool calendar_hours_equal(const struct calendar_hours *a, const struct calendar_hours *b);

/* Each with a blank before it. */
void calendar_intervals_write(struct buf *out, const struct calendar_hours *h);

int calendar_hours_parse(struct calendar_rules *r, const char *s, struct err *err);

/*
 * Reads `mon-thu,sat`, 周一至周五: set[] says which days were named. How many items; -1 when the last day of a range is
 * missing.
 */
int calendar_scan_weekdays(struct time_text *t, bool set[7]);

#endif

/*
 * Dates and times as the files of other programs write them. Wider than what people type (time.h): 20260102,
 * 01 Jan 2024, Jan 2, 2024, times with AM and PM, and any form that a FORMAT names. What could be meant in two ways
 * is never guessed: 1/2/2026 is refused, with what to say.
 */
#ifndef BASE_FOREIGN_TIME_H
#define BASE_FOREIGN_TIME_H

#include "base/time.h"

/*
 * FORMAT is NULL; or `excel` or `excel1904`, by which numbers are the day numbers of spreadsheets; or a pattern of
 * %Y %y %m %d %H %M %S %b %B %p %z %% and literal text, to which every date must keep. Without %H a time of day in the
 * usual form may follow. %y is 1969 to 2068; with %p hours go from 1 to 12; %b and %B are English names, short or long.
 */

/* CRM_INVALID with what is wrong with it, as `%Q is not known …`. */
int date_format_check(const char *format, struct err *err);

/* As time_parse(): *from is the instant, or the beginning of the day. */
int foreign_time_parse(
	int64_t *from, const struct time_context *ctx, const char *format, const char *s, size_t len, struct err *err);

/* As date_parse(). */
int foreign_date_parse(struct buf *out, const struct time_context *ctx, const char *format, const char *s, size_t len,
	struct err *err);

/* As duration_parse(); also a bare number, which is seconds, and hours:minutes:seconds. */
int foreign_duration_parse(int64_t *out, const char *s, size_t len, struct err *err);

/* True of what programs write for no date: 0/0/00 (Outlook), 0000-00-00 and 0000-00-00 00:00:00 (MySQL). */
bool foreign_date_is_blank(const char *s, size_t len);

#endif

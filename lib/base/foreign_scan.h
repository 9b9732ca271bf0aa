/* The pieces of foreign dates: what foreign_time.c and date_format.c share. */
#ifndef BASE_FOREIGN_SCAN_H
#define BASE_FOREIGN_SCAN_H

#include "base/time_scan.h"

struct foreign {
	struct civil c;    /* parts of the date that were not named are 0; hours are those of the day */
	bool clock, zoned; /* a time of day, and an offset, were named */
	int east;          /* seconds */
};

/* Passes over blanks, the narrow no-break space before PM as well; false when there is none. */
bool scan_gap(struct time_text *t);

/* A month or weekday in English, from three letters on: its number from 0, or -1. */
int scan_month_name(struct time_text *t);
int scan_weekday_name(struct time_text *t);

/* AM, PM, a.m., p.m., 上午, 下午: 1 for the second half of the day, 0 for the first, -1 for neither. */
int scan_half(struct time_text *t);

/* Moves the hour, from 1 to 12, into its half; a fault when it is not one of those. */
int apply_half(struct time_text *t, struct foreign *f, int half);

/* .678 or ,678 after a second. */
void scan_fraction(struct time_text *t);

/* Z, UTC, GMT, +08:00, +0800, +08. A fault, or 1 when there was one. */
int scan_foreign_offset(struct time_text *t, struct foreign *f);

/* What may follow a date: [T] 15:04[:05[.678]] [PM] [+08:00], or 1504[05] after T; nothing is fine. A fault, or CRM_OK. */
int scan_time_of_day(struct time_text *t, struct foreign *f);

/* The text by FORMAT, which was checked, up to its end. A fault, or CRM_OK. */
int scan_by_format(struct time_text *t, const char *format, struct foreign *f);

#endif

/* The rules of a POSIX TZ string ("CET-1CEST,M3.5.0,M10.5.0/3"), as RFC 8536 and tzset(3) have them. */
#ifndef BASE_POSIX_TZ_H
#define BASE_POSIX_TZ_H

#include "base/base.h"

struct posix_tz_rule {
	enum {
		RULE_JULIAN,
		RULE_DAY,
		RULE_WEEKDAY
	} kind; /* Jn, n, Mm.w.d */
	int month, week, day;
	int time; /* seconds after midnight, -167 to 167 hours */
};

struct posix_tz {
	int std, dst; /* seconds east of UTC */
	bool has_dst;
	struct posix_tz_rule start, end;
};

bool posix_tz_parse(struct posix_tz *out, const char *s, size_t len);

/* Offset in force at t, and the first instant after t at which it may change (INT64_MAX: never). */
int posix_tz_segment(const struct posix_tz *tz, int64_t t, int64_t *end);

#endif

/*
 * Civil time: dates, time zones, and the words people use for times.
 *
 * Time zones are read from the TZif files of tzdata by ourselves (RFC 8536), because a process has only one TZ
 * and customers, calendars and --tz each have their own. Nothing here reads the environment or the clock.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/base.h"

/* --- the proleptic Gregorian calendar --- */

static inline int64_t floor_div(int64_t a, int64_t b) /* b > 0 */
{
	return a / b - (a % b < 0);
}

struct civil {
	int year, month, day; /* month and day from 1 */
	int hour, minute, second;
};

int64_t days_from_civil(int year, int month, int day); /* days since 1970-01-01 */
void civil_from_days(int64_t days, int *year, int *month, int *day);
int days_in_month(int year, int month);
int weekday_of(int64_t days); /* 0 Monday … 6 Sunday */

/* Date and clock of a count of seconds since 1970-01-01 00:00, without any zone. */
void civil_from_seconds(int64_t seconds, struct civil *out);

/* --- zones --- */

struct zone;

/*
 * Loads a zone: an IANA name (looked up in /usr/share/zoneinfo), "UTC", or a POSIX TZ string ("CST-8",
 * "EST5EDT,M3.2.0,M11.1.0"); a leading ':' is ignored. Names with "..", or absolute ones, are refused.
 * CRM_INVALID when there is no such zone.
 */
int zone_load(struct zone **out, const char *name, struct err *err);
struct zone *zone_free(struct zone *z); /* returns NULL */
const char *zone_name(const struct zone *z);

/* Seconds east of UTC in force at that instant. */
int zone_offset(const struct zone *z, int64_t t);

/* Local civil time of an instant. */
void zone_civil(const struct zone *z, int64_t t, struct civil *out);

/*
 * The instant of a local civil time. A time that occurs twice is the first; one that does not exist (a clock put
 * forward) is CRM_INVALID. Fields must be in range (day within its month).
 */
int zone_instant(const struct zone *z, const struct civil *c, int64_t *out, struct err *err);

/*
 * The first instant at which the clock shows a local time (seconds since 1970-01-01 00:00) or one after it: the first of
 * two, and the end of the gap for one that does not exist. A later local time is never an earlier instant.
 */
int64_t zone_first(const struct zone *z, int64_t local);

/* First instant of the local day (days since 1970-01-01), also where midnight does not exist. */
int64_t zone_day_start(const struct zone *z, int64_t day);

/* Local day (days since 1970-01-01) of an instant. */
int64_t zone_day(const struct zone *z, int64_t t);

/* --- texts --- */

struct time_context {
	int64_t now;
	const struct zone *zone;
	bool future; /* a bare weekday is the coming one instead of the past one */
};

/*
 * Reads a time in any form of crm-filter(7): RFC 3339, `2026-01-02 15:04[:05]`, `2026-01-02`, `2026/1/2`, `@epoch`,
 * now, today, yesterday, tomorrow, weekdays, next/last weekday, each with an optional time of day, and signed
 * offsets (-3d +2w +1mo -1y +90min +4h +3wd, +1w2d, +3d 9:00); in Chinese 今天 昨天 明天 现在 周一 下周一 上周一.
 * *from and *to are the first and the last second meant: equal for an instant, the whole local day for a day.
 * Years 1 to 9999. CRM_INVALID says what is wrong with the text.
 *
 * A bare weekday may be today; with a time of day it is the latest (or coming) such instant. `next` and `last` never
 * are today; 下周一 and 上周一 are in the week, from Monday, after and before this one.
 */
int time_parse(int64_t *from, int64_t *to, const struct time_context *ctx, const char *s, size_t len, struct err *err);

/*
 * A length of time: 90s, 5min, 1h30min, 2d, 1w, to seconds. `1mo` and `1y` count 30 and 365 days. A bare m is refused,
 * and so is wd.
 */
int duration_parse(int64_t *out, const char *s, size_t len, struct err *err);

/*
 * Reads a date, perhaps partial, and appends its normal form: 1990-05-12, 1990-05, 1990, --05-12.
 * Accepts 1990/5/12, 1990年5月12日, 5月12日, a full date with the time 00:00 (as spreadsheets write dates), and the
 * words and offsets of time_parse. An impossible day, and a date that does not begin with its year, is CRM_INVALID.
 */
int date_parse(struct buf *out, const struct time_context *ctx, const char *s, size_t len, struct err *err);

/* Appends 2026-01-02T15:04:05+08:00; time_parse() reads the same instant back (years 1 to 9999). */
void time_format_rfc3339(struct buf *out, const struct zone *z, int64_t t);

/* Appends 2026-01-02 15:04 for people. */
void time_format_short(struct buf *out, const struct zone *z, int64_t t);

/* Appends 1h30min, 2d4h, 45s: exact, duration_parse() reads the same length back. */
void duration_format(struct buf *out, int64_t seconds);

#endif

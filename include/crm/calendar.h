/*
 * Business time: calendars are records (the entity `calendar`) of hours, holidays and adjusted working days.
 */
#ifndef CRM_CALENDAR_H
#define CRM_CALENDAR_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct crm_calendar_days {
	size_t holidays, workdays; /* days that were not there; one of every year counts once */
} crm_calendar_days;

/*
 * Adds the holidays and adjusted working days of a file to a calendar, as one operation: text, a day or range a line, or
 * iCalendar (crm-calendar(1) has both). `replace`: in place of those it has. `file` is the name for messages.
 * CRM_FAILED: a line that does not read, or contradicts what is there; CRM_NOTFOUND: no such calendar.
 */
CRM_API int crm_calendar_read(
	crm_calendar_days *out, crm_store *s, int64_t calendar, int fd, const char *file, bool replace);

/*
 * The working time in a period: one row with from, to, working_s. Times are as typed; a day that ends the period counts
 * whole; `until` NULL: now. CRM_NOTFOUND; CRM_INVALID.
 */
CRM_API int crm_calendar_hours(crm_cursor **out, crm_store *s, int64_t calendar, const char *since, const char *until);

#ifdef __cplusplus
}
#endif

#endif

/* Calendars of a store. Business time in reports and SLA begins here. */
#ifndef SERVICE_CALENDAR_STORE_H
#define SERVICE_CALENDAR_STORE_H

#include "service/calendar_text.h"
#include "store/store.h"

/*
 * A stored calendar; one without a zone of its own borrows the store's, so it is freed before the zone changes or the
 * store is closed. CRM_NOTFOUND; CRM_INVALID when what is stored does not read (the message names the calendar).
 */
int calendar_load(struct calendar **out, crm_store *s, int64_t id);

/* By number or name, as people name records. */
int calendar_load_named(struct calendar **out, crm_store *s, const char *name);

/* The one that counts where nothing names another. CRM_NOTFOUND when there is none. */
int calendar_load_main(struct calendar **out, crm_store *s);

#endif

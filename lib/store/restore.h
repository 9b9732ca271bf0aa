/* The steps of crm_restore_swap() (service/restore.c). */
#ifndef STORE_RESTORE_H
#define STORE_RESTORE_H

#include "store/store.h"
#include <crm/backup.h>

/* Takes the lock of the present store, which crm_restore_close() gives back, and begins the journal of the new one. */
int restore_lock(crm_restore *r);

/* The new store, which may be changed once more between lock and put; afterwards its handle only knows its path. */
crm_store *restore_store(const crm_restore *r);

/* The present store, locked; NULL when there is none that can be read. */
crm_store *restore_previous(const crm_restore *r);

const char *restore_path(const crm_restore *r);

/* The swap itself. Gives back the lock. */
int restore_put(crm_restore *r);

#endif
